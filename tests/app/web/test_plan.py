"""Planning in the browser: a job that solves, its page, comparing, accepting, and files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from tests.app.web.conftest import need
from tests.app.web.test_imports import finished

from intendance.app.accounts import papers, people
from intendance.app.web import plans
from intendance.app.web.desk import CELL
from intendance.ledger.ledger import Ledger

ASKED = {
    "scenario": "winter-energy", "as_of": "2024-01-31", "seconds": "6", "gap": "1",
    "title": "Pumps <for> Moldova",
}  # fmt: skip


@pytest.fixture(autouse=True)
def open_need(ledger_path):
    """Add a need that the winter's scenario can serve, and a private one that no plan may show."""
    wanted = replace(need(), line="need:G", capability="generator", place="Moldova")
    secret = replace(wanted, line="need:S", marking="private:Poland", place="SECRET-PL town")
    with Ledger.open(str(ledger_path)) as ledger:
        ledger.post([wanted, secret])


def solved(browser, **fields):
    job, state = finished(browser, browser.submit("/plan/solve", **{**ASKED, **fields}))
    record = browser.get(f"/jobs/{job}.json").json()
    assert state == "done", record
    return record["figures"]["result"]["plan"]


def test_a_plan_is_solved_shown_compared_published_and_accepted(client, context, ledger_path):
    browser = client("coordinator")
    name = solved(browser)
    page = client("admin").get(f"/plan/{name}").text
    assert "SECRET" not in page
    assert "no part of this plan" in browser.get(f"/plan/{name}").text
    page = browser.get(f"/plan/{name}").text
    assert "<script>alert" not in page
    assert "Pumps &lt;for&gt; Moldova" in page
    assert page.count("<svg") >= 2
    assert " style=" not in page
    record = browser.get(f"/plan/{name}.json").json()
    assert record["marking"] == "restricted"
    lines = record["tables"]["lines"]["rows"]
    assert lines
    french = client("coordinator", "fr").get(f"/plan/{name}").text
    assert "Qui donne" in french or "Lignes" in french
    _files(client, name, lines)
    known = {full: own for own, full in plans.plan(context.office, name, CELL).body["donors"]}
    giver = lines[0]["donor"]
    problem = plans.read(context.office, plans.plan(context.office, name, CELL)).problem
    changes = {"way": [problem.links.ids[0], ""], "capacity": ["0", ""],
               "stock": [problem.stocks.ids[-1], ""], "kept": ["", ""]}  # fmt: skip
    again = solved(browser, without=[known[giver]], title="Without", **changes)
    body = plans.plan(context.office, again, CELL).body
    assert body["settings"] == [f"links.{problem.links.ids[0]}.capacity_per_week=0",
                                f"stocks.{problem.stocks.ids[-1]}.releasable=0"]  # fmt: skip
    changed = browser.get(f"/plan/{again}").text
    for said in ("closed: ", "held back: ", f"without {giver}"):
        assert said in changed
    rows = browser.get(f"/plan/{again}.json").json()["tables"]["lines"]["rows"]
    assert rows
    assert giver not in {row["donor"] for row in rows}
    found = browser.get(f"/plan/compare.json?one={name}&two={again}").json()
    assert found["tables"]["differences"]["rows"]
    _answered(client, context, browser, name, lines)
    _accepted(client, browser, name, lines, ledger_path)


def _files(client, name, lines):
    for file in ("movement.csv", "flows.geojson"):
        answer = client("clerk").get(f"/plan/{name}/files/{file}")
        assert answer.status_code == 200
        assert answer.headers["x-marking"] == "restricted"
    assert json.loads(answer.text)["type"] == "FeatureCollection"
    page = client("clerk").get(f"/plan/{name}").text
    book = page.partition(f"/plan/{name}/files/flows.geojson")[2].partition('href="')[2]
    answer = client("clerk").get(book.partition('"')[0])
    assert answer.content[:2] == b"PK"
    assert client("clerk").get(f"/plan/{name}/files/never.xlsx").status_code == 404
    assert 'action="/plan/accept"' not in page
    assert lines


def _answered(client, context, browser, name, lines):
    """The donor sees its own lines of a plan once it is published, and answers one."""
    own = [row for row in lines if row["donor"] == lines[0]["donor"]]
    others = {row["donor"] for row in lines} - {lines[0]["donor"]}
    people.add(context.office, "giver", "donor", party=lines[0]["donor"])
    giver = client("giver")
    assert not giver.get("/donor.json").json()["tables"]["planned"]["rows"]
    assert giver.get(f"/donor/plans/{name}").status_code == 404
    assert browser.submit("/plan/publish", plan=name, version="1", published="1").status_code == 303
    stale = browser.submit("/plan/publish", plan=name, version="1")
    assert stale.status_code == 412
    rows = giver.get("/donor.json").json()["tables"]["planned"]["rows"]
    assert [row["line"] for row in rows] == [row["line"] for row in own]
    page = giver.get("/donor").text
    assert not [each for each in others if each in page]
    assert giver.get(f"/donor/plans/{name}").content[:2] == b"PK"
    assert giver.get(f"/plan/{name}").status_code == 403
    line = f"{name} {own[0]['line']}"
    fields = {"answer": "reduce", "line": line}
    assert giver.submit("/donor/answer", **fields, quantity="999999").status_code == 400
    assert giver.submit("/donor/answer", **fields, quantity="0.5").status_code == 303
    assert giver.submit("/donor/answer", answer="condition", line=line, note="x").status_code == 303
    waiting = browser.get("/inbox.json?state=open").json()["tables"]["proposals"]["rows"]
    assert {row["kind"] for row in waiting} == {"allocation", "caveat"}


def _accepted(client, browser, name, lines, ledger_path):
    ticked = [row["line"] for row in lines]
    answer = browser.submit("/plan/accept", plan=name, line=ticked, reason="agreed")
    assert answer.status_code == 303, answer.text
    rows = browser.get(f"/plan/{name}.json").json()["tables"]["lines"]["rows"]
    assert {row["state"] for row in rows} == {"accepted"}
    with Ledger.open(str(ledger_path)) as ledger:
        found = [each for each in ledger.entries() if each.source.origin == "plan"]
    assert len(found) == len(ticked)
    assert {each.marking for each in found} == {"restricted"}
    assert {each.stage for each in found} == {"allocation"}


@pytest.mark.parametrize("name", ["reader", "poland", ""])
def test_plans_are_the_cells(client, context, name):
    body = {"title": "x", "packed": "0" * 64}
    papers.put(context.office, plans.KIND, "p", body, person="ana", version=0)
    expected = {401, 303} if not name else {403}
    for path in ("/plan.json", "/plan/p.json", "/plan/never.json", "/plan/p/files/movement.csv",
                 "/plan/compare.json?one=p&two=p", "/api/v1/plan"):  # fmt: skip
        assert client(name).get(path, follow_redirects=False).status_code in expected, path
    for path in ("/plan/solve", "/plan/accept", "/plan/publish"):
        assert client(name).submit(path, plan="p", line="S1").status_code in {401, 403, 303}


def test_a_missing_plan_is_not_there(client):
    browser = client("coordinator")
    for path in ("/plan/never", "/plan/never.xlsx", "/plan/compare?one=a&two=b", "/plan/compare",
                 "/plan/never/files/movement.csv"):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    assert browser.submit("/plan/accept", plan="never", line="S1").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"scenario": "../x"},
        {"as_of": ""},
        {"as_of": "2024-13-01"},
        {"horizon": "-1"},
        {"seconds": "0"},
        {"gap": "nan"},
        {"gap": "101"},
        {"changes": "nothing"},
        {"changes": "passwords.x.y=1"},
        {"need": "N1", "before": "1", "priority": "inf"},
        {"way": "L1", "capacity": ""},
        {"way": "L1", "capacity": "-3"},
        {"way": "", "capacity": "3"},
        {"stock": "S1", "kept": "some"},
    ],
)
def test_what_cannot_be_planned_is_refused(client, fields):
    answer = client("coordinator").submit("/plan/solve", **{**ASKED, **fields})
    assert answer.status_code == 400, answer.text


def test_a_ledger_without_open_needs_says_so(client):
    browser = client("admin")
    answer = browser.submit("/plan/solve", **{**ASKED, "as_of": "1999-01-01"})
    job, state = finished(browser, answer)
    assert state == "failed"
    assert "Nothing is open" in browser.get(f"/jobs/{job}").text


def test_only_who_may_confirm_accepts_and_clerks_do_not_solve(client):
    assert client("clerk").submit("/plan/solve", **ASKED).status_code == 403
    assert client("auditor").submit("/plan/accept", plan="x", line="S1").status_code == 403


def test_a_section_is_kept_with_its_types():
    from decimal import Decimal

    from intendance.review.facts import Section, Table

    rows = ((Decimal("1.20"), date(2024, 1, 2), None, "x"),)
    table = Table("t", "T", ("a", "b", "c", "d"), ("fine", "day", "text", "text"), rows)
    content = plans.section_bytes(Section("a", "A", ("p",), (table,)))
    record = json.loads(content)
    assert record["tables"][0]["rows"] == [[{"number": "1.20"}, {"day": "2024-01-02"}, None, "x"]]


def test_a_bottleneck_is_told_in_a_sentence_of_both_languages(tmp_path):
    from intendance.app.web.plan_limits import sentence
    from intendance.plan.instances import write_instance
    from intendance.plan.naming import Names
    from intendance.plan.read import read_problem

    write_instance("small", 1, tmp_path / "problem")
    problem, _ = read_problem(tmp_path / "problem")
    said = {
        (kind, language): sentence(Names(problem, language), kind, ids[0], 0.01231)
        for kind, ids in (("link", problem.links.ids), ("node", problem.nodes.ids),
                          ("stock", problem.stocks.ids), ("condition", problem.stocks.ids))
        for language in ("en", "fr")
    }  # fmt: skip
    assert all("0.01231" in said[kind, "en"] for kind, _ in said)
    assert all("0,01231" in said[kind, "fr"] for kind, _ in said)
    assert len(set(said.values())) == 8
    assert sentence(Names(problem), "link", "never", 1.0) == ""
