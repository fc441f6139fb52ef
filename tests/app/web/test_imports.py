"""Imports by the pages: tried first, accounted for by row, taken in earnest, never by others."""

from __future__ import annotations

import io
import time

import pytest

KIEL_LIKE = "donor;amount\nJapan;12\n"


@pytest.fixture
def sheet():
    """A filled-in template of pledges: one good row and one with a bad amount."""
    from intendance.exchange.template import template

    good = {
        "donor": "Japan",
        "recipient": "Moldova",
        "item": "power generators",
        "quantity": "12",
        "date": "2024-02-01",
    }
    return template("pledges", "en", [good, {**good, "quantity": "many"}])


def finished(browser, answer, seconds=60):
    """Wait for the job that an answer leads to, and give its record."""
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        record = browser.get(f"{path}.json").json()
        if record["figures"]["state"] not in ("waiting", "running"):
            return path.rpartition("/")[2], record["figures"]["state"]
        time.sleep(0.2)
    raise AssertionError("the job does not end")


def send(browser, content, name, **fields):
    return browser.post(
        "/imports/upload",
        data={"csrf": browser.csrf, "format": "sheet", **fields},
        files={"file": (name, io.BytesIO(content))},
        follow_redirects=False,
    )


def test_a_sheet_is_tried_told_cell_by_cell_and_then_taken(client, sheet, context):
    browser = client("coordinator")
    before = context.store.head().entries
    job, state = finished(browser, send(browser, sheet, "pledges.xlsx"))
    assert state == "done"
    assert context.store.head().entries == before, "a try writes nothing"
    told = browser.get(f"/imports/{job}.json").json()
    # The bad cell is named; the good row waits because of it.
    assert told["figures"]["set_aside"] == 2
    bad = [row for row in told["tables"]["set_aside"]["rows"] if row["column"]]
    assert [(row["row"], row["column"], row["value"]) for row in bad] == [(3, "G3", "many")]
    marked = browser.get(f"/imports/{job}/corrected.xlsx")
    assert marked.content[:2] == b"PK"
    again, state = finished(browser, browser.submit("/imports/again", job=job, accept_good="1"))
    assert state == "done"
    assert browser.get(f"/imports/{again}.json").json()["figures"]["posted"] == 1
    assert context.store.head().entries == before + 1
    page = browser.get("/imports").text
    assert "pledges.xlsx" in page


def test_a_file_that_is_none_fails_in_a_sentence(client, context):
    browser = client("coordinator")
    before = context.store.head().entries
    job, state = finished(browser, send(browser, b"\x00\x01nothing", "odd.xlsx", now="1"))
    assert state == "failed"
    assert context.store.head().entries == before
    page = browser.get(f"/jobs/{job}").text
    assert "Traceback" not in page


@pytest.mark.parametrize("kind", ["needs", "pledges", "stocks", "deliveries"])
def test_templates_come_in_the_readers_language(client, kind):
    english = client("clerk").get(f"/imports/template/{kind}.xlsx")
    french = client("clerk", "fr").get(f"/imports/template/{kind}.xlsx")
    assert english.content[:2] == french.content[:2] == b"PK"
    assert english.content != french.content


@pytest.mark.parametrize("name", ["reader", "poland"])
def test_others_import_nothing(client, sheet, name):
    browser = client(name)
    assert browser.get("/imports").status_code == 403
    assert send(browser, sheet, "pledges.xlsx").status_code == 403
    assert browser.get("/imports/template/needs.xlsx").status_code == 403


def test_an_auditor_looks_and_changes_nothing(client, sheet):
    browser = client("auditor")
    assert browser.get("/imports").status_code == 200
    assert send(browser, sheet, "pledges.xlsx").status_code == 403


def test_nobody_sees_anothers_import(client, sheet):
    browser = client("coordinator")
    job, _ = finished(browser, send(browser, sheet, "pledges.xlsx"))
    assert client("clerk").get(f"/imports/{job}").status_code == 404
    assert client("admin").get(f"/imports/{job}").status_code == 200
    assert browser.get("/imports/nothing").status_code == 404


def test_an_unknown_format_and_no_file_are_refused(client, sheet):
    browser = client("coordinator")
    assert send(browser, sheet, "x.xlsx", format="word").status_code == 400
    assert send(browser, b"", "x.xlsx").status_code == 400
