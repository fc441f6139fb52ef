"""The review: coverage, changes, freezing to the byte, making it again, and the meeting."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from tests.app.web.conftest import aid
from tests.app.web.test_imports import finished

from intendance.app.web import frozen
from intendance.ledger.ledger import Ledger


def freeze(browser, **fields):
    answer = browser.submit("/review/freeze", title="Friday", audience="public", **fields)
    job, state = finished(browser, answer)
    assert state == "done", browser.get(f"/jobs/{job}.json").text
    return browser.get(f"/jobs/{job}.json").json()["figures"]["result"]["review"]


def test_the_review_shows_coverage_and_sums_that_add_up(client):
    found = client("admin").get("/review.json").json()
    (need,) = found["tables"]["coverage"]["rows"]
    assert need["needed"]["high"] == "100"
    by_donor = sum(float(row["total"]) for row in found["tables"]["donor"]["rows"])
    assert by_donor == pytest.approx(float(found["figures"]["committed"]["best"]))
    page = client("admin").get("/review").text
    assert page.count("<svg") >= 3
    assert "style=" not in page.replace("<style", "")


def test_each_sees_a_review_of_what_they_may_see(client):
    totals = {
        name: client(name).get("/review.json").json()["figures"]["committed"]["best"]
        for name in ("reader", "poland", "norway", "coordinator", "admin")
    }
    assert len(set(totals.values())) == 5
    for name in ("reader", "coordinator", "norway"):
        text = client(name).get("/review").text + client(name).get("/review.json").text
        assert "SECRET-PL" not in text


def test_a_frozen_review_is_kept_and_made_again_to_the_byte(client, context, ledger_path):
    browser = client("coordinator")
    name = freeze(browser)
    record = browser.get(f"/review/frozen/{name}.json").json()
    for row in record["tables"]["files"]["rows"]:
        answer = browser.get(f"/review/frozen/{name}/brief.{row['form']}")
        assert hashlib.sha256(answer.content).hexdigest() == row["digest"]
    html = browser.get(f"/review/frozen/{name}/brief.html").text
    assert record["definition"]["root"] in html
    assert "SECRET" not in html
    assert "RESTRICTED" not in html
    # The ledger goes on, even with an entry that claims to have been told before.
    with Ledger.open(str(ledger_path)) as ledger:
        ledger.post([aid("late", "99999", "Japan", recorded_on=date(2024, 3, 1))])
    job, state = finished(browser, browser.submit("/review/reproduce", review=name))
    assert state == "done"
    page = browser.get(f"/review/frozen/{name}?again={job}").text
    assert "identical to the byte" in page


def test_the_review_of_the_cell_stays_in_the_cell(client):
    browser = client("coordinator")
    name = _cell(browser)
    assert client("reader").get(f"/review/frozen/{name}").status_code == 404
    assert client("reader").get(f"/review/frozen/{name}/brief.html").status_code == 404
    assert name not in client("reader").get("/review").text
    assert client("clerk").get(f"/review/frozen/{name}/brief.html").status_code == 200


def _cell(browser):
    answer = browser.submit("/review/freeze", title="Cell", audience="cell")
    job, _ = finished(browser, answer)
    return browser.get(f"/jobs/{job}.json").json()["figures"]["result"]["review"]


@pytest.mark.parametrize("name", ["reader", "poland", "clerk", "auditor"])
def test_only_those_who_steer_freeze(client, name):
    answer = client(name).submit("/review/freeze", title="x", audience="public")
    assert answer.status_code == 403


def test_odd_days_and_audiences_are_refused(client):
    browser = client("coordinator")
    assert browser.submit("/review/freeze", title="x", audience="all").status_code == 400
    assert browser.get("/review?as_of=2024-99-01").status_code == 422
    assert browser.get("/review?since=2024-03-31&known_at=2024-01-31").status_code == 400
    assert browser.get("/review?known_at=1999-01-01").status_code == 400
    assert browser.get("/review/frozen/none").status_code == 404


def test_past_is_the_ledger_up_to_its_head(context, ledger_path):
    head = context.store.head()
    with Ledger.open(str(ledger_path)) as ledger:
        ledger.post([aid("late", "99999", "Japan")])
    past = frozen.Past(context.store, frozen.AUDIENCES["public"], head)
    assert past.head() == head
    assert "own:late" not in past.frame.get_column("line").cast(str).to_list()


def test_a_meeting_writes_answers_down_as_proposals(client):
    browser = client("coordinator")
    page = browser.get("/meeting").text
    assert "1 / 1" in page
    answer = browser.submit(
        "/meeting/record", donor="Japan", kind="pledge", quantity="30", item="pumps",
        capability="pump", at="1", due="2024-06-01", note="by summer",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    shown = browser.get(answer.headers["location"]).text
    assert "Japan" in shown
    rows = browser.get("/inbox.json?state=open").json()["tables"]["proposals"]["rows"]
    assert [(row["kind"], row["donor"], row["what"]) for row in rows] == [
        ("pledge", "Japan", "pumps")
    ]
    again = browser.submit("/meeting/record", donor="Japan", kind="pledge", quantity="30", at="1")
    assert again.status_code == 303
    assert len(browser.get("/inbox.json?state=open").json()["tables"]["proposals"]["rows"]) == 2


@pytest.mark.parametrize("name", ["reader", "poland"])
def test_the_meeting_is_the_cells(client, name):
    assert client(name).get("/meeting").status_code == 403
    answer = client(name).submit("/meeting/record", donor="Japan", kind="pledge", at="1")
    assert answer.status_code == 403


def test_an_answer_that_is_none_is_refused(client):
    browser = client("coordinator")
    assert browser.submit("/meeting/record", kind="pledge", at="1").status_code == 400
    assert browser.submit("/meeting/record", donor="Japan", kind="x", at="1").status_code == 400
    bad = browser.submit("/meeting/record", donor="Japan", kind="pledge", quantity="many", at="1")
    assert bad.status_code == 400
