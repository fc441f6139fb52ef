"""Every page opens for every role in both languages, with its twins."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PEOPLE

from intendance.app.accounts import people

PAGES = [
    "/",
    "/ledger",
    "/ledger/entries",
    "/ledger/entry?id=own:A",
    "/ledger/totals",
    "/ledger/changes",
    "/account",
    "/jobs",
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(client, path, language):
    for name in PEOPLE:
        answer = client(name, language).get(path)
        assert answer.status_code == 200, answer.text
        assert f'<html lang="{language}">' in answer.text
        base, _, query = (path if path != "/" else "/today").partition("?")
        for ending in ("json", "csv", "xlsx"):
            twin = client(name, language).get(f"{base}.{ending}?{query}")
            assert twin.status_code == 200, twin.text


@pytest.mark.parametrize("path", ["/admin", "/admin/trail", "/admin/rates"])
def test_administration_is_for_those_who_see_everything(client, path):
    for name in PEOPLE:
        expected = 200 if name in ("admin", "auditor") else 403
        for ending in ("", ".json", ".csv", ".xlsx"):
            assert client(name).get(path + ending).status_code == expected
    assert client("admin", "fr").get(path).status_code == 200


def test_totals_add_up_to_the_ledgers_own(client, context):
    """The page, its twins and the ledger itself say the same, to the cent."""
    import csv
    import io
    from decimal import Decimal

    from intendance.ledger.definition import Definition

    browser = client("coordinator")
    viewer = people.find(context.office, "coordinator").viewer
    whole = context.book(viewer).total(Definition()).total
    told = browser.get("/api/v1/totals?by=category").json()
    assert Decimal(told["figures"]["total"]["best"]) == whole.best
    rows = told["tables"]["totals"]["rows"]
    assert sum(Decimal(row["amount"]["best"]) for row in rows) == whole.best
    text = browser.get("/ledger/entries.csv").content.decode("utf-8-sig")
    adds = [Decimal(row["adds"]) for row in csv.DictReader(io.StringIO(text)) if row["adds"]]
    assert sum(adds) == whole.best
    changed = browser.get("/api/v1/changes?since=2024-02-01&until=2024-04-01").json()
    lines = changed["tables"]["lines"]["rows"]
    assert sum(Decimal(row["difference"]) for row in lines) == Decimal("200000.00")
    assert changed["figures"]["difference"] == "200000.00"


def test_the_two_clocks_turn_back(client):
    browser = client("coordinator")
    now = browser.get("/ledger.json?donor=Japan").json()["figures"]["total"]["best"]
    then = browser.get("/ledger.json?donor=Japan&known_at=2024-02-01").json()
    assert then["figures"]["total"]["best"] != now
    before = browser.get("/ledger.json?as_of=2024-01-09").json()
    assert before["tables"]["lines"]["rows"] == []


def test_pages_of_a_list_are_linked(client):
    answer = client("admin").get("/api/v1/ledger?limit=2&offset=2")
    assert answer.json()["tables"]["lines"]["whole"] > 4
    assert len(answer.json()["tables"]["lines"]["rows"]) == 2
    assert 'rel="next"' in answer.headers["link"]
    assert 'rel="prev"' in answer.headers["link"]
    whole = client("admin").get("/ledger.csv?limit=2").text
    assert whole.count("\n") == answer.json()["tables"]["lines"]["whole"] + 1


def test_workbooks_hold_numbers_and_no_formula(client):
    import io

    from python_calamine import CalamineWorkbook

    content = client("admin").get("/ledger.xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("lines").to_python()
    assert {type(row[2]) for row in rows[1:]} <= {float, int, str}
    assert any(row[2] == 1200000.10 for row in rows[1:])
    assert "definition" in book.sheet_names
    assert b"<script>" not in client("admin").get("/ledger").content


def test_the_late_line_and_the_gap_are_on_the_first_page(client):
    told = client("coordinator").get("/today.json").json()["tables"]
    assert [row["days_late"] for row in told["late"]["rows"]] == [45]
    gap = told["gaps"]["rows"][0]
    assert gap["gap"]["best"] == "75"
    assert gap["delivery"]["best"] == "15"
    poland = client("poland").get("/today.json").json()["tables"]["gaps"]["rows"][0]
    assert poland["commitment"]["best"] == "47"  # with its own private pumps


def test_what_every_first_reader_waits_for_is_worked_out_before(context, client):
    """Once warm, a reader's first pages compute nothing; nobody is noted for it."""
    from intendance.app.accounts import trail

    context.warm()
    computed = []
    for role in ("coordinator", "reader"):
        browser = client(role)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("intendance.ledger.valued.value", lambda *_: computed.append(1))
            assert browser.get("/ledger").status_code == 200
    assert not computed
    assert trail.notes(context.office, limit=5, action="read private")[1] == 0
