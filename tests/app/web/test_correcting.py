"""Corrections: a new entry with a reason, never a lost update, and the total follows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intendance.app.web import correcting


def total(browser) -> Decimal:
    return Decimal(browser.get("/ledger.json").json()["figures"]["total"]["best"])


def story(browser, name="own:D"):
    answer = browser.get(f"/api/v1/entry?id={name}")
    return answer.json()["tables"]["history"]["rows"], answer.headers["etag"]


def send(browser, etag, **body):
    headers = {"x-csrf-token": browser.csrf, **({"if-match": etag} if etag else {})}
    given = {"entry": "own:D", "reason": "told by phone", **body}
    return browser.post("/api/v1/corrections", json=given, headers=headers)


def test_a_correction_is_a_new_entry_and_the_total_follows(client):
    clerk = client("clerk")
    before = total(clerk)
    rows, etag = story(clerk)
    made = send(clerk, etag, amount={"number": "7000"})
    assert made.status_code == 201, made.text
    assert made.json()["replaces"] == rows[-1]["id"]
    after, fresh = story(clerk)
    assert len(after) == len(rows) + 1
    assert (after[-1]["kind"], after[-1]["by"]) == ("correct", "clerk")
    assert fresh != etag
    assert total(clerk) - before == 2000


def test_a_lost_update_is_refused(client):
    clerk, other = client("clerk"), client("coordinator")
    _, etag = story(clerk)
    assert send(other, etag, amount={"number": "1"}).status_code == 201
    assert send(clerk, etag, amount={"number": "2"}).status_code == 412
    assert send(clerk, "", amount={"number": "2"}).status_code == 428
    assert story(clerk)[0][-1]["by"] == "coordinator"


def test_a_withdrawal_closes_the_line(client):
    clerk = client("clerk")
    before = total(clerk)
    _, etag = story(clerk)
    assert send(clerk, etag, kind="withdraw").status_code == 201
    assert before - total(clerk) == 5000
    _, etag = story(clerk)
    assert send(clerk, etag, amount={"number": "1"}).status_code == 400  # closed


def test_an_unknown_figure_is_not_zero(client):
    clerk = client("clerk")
    _, etag = story(clerk)
    send(clerk, etag, amount={"qualifier": "undisclosed"})
    figures = clerk.get("/ledger.json?donor=Japan").json()["figures"]["total"]
    assert figures["undisclosed"] == 1


def test_the_form_does_the_same_without_script(client):
    clerk = client("clerk", "fr")
    page = clerk.get("/ledger/entry?id=own:D")
    version = page.text.split('name="version" value="')[1].split('"')[0]
    fields = {"id": "own:D", "version": version, "amount": "1 234,5", "amount_qualifier": "exact",
              "currency": "EUR", "reason": "selon l’ambassade"}  # fmt: skip
    done = clerk.submit("/ledger/entry/correct", **fields)
    assert done.status_code == 303
    shown = clerk.get(done.headers["location"]).text
    assert "selon l’ambassade" in shown
    assert "rectification" in shown
    again = clerk.submit("/ledger/entry/correct", **fields)
    assert again.status_code == 412
    assert "selon l’ambassade" in again.text  # what was typed is not lost


@pytest.mark.parametrize("name", ["reader", "auditor"])
def test_readers_correct_nothing(client, name):
    browser = client(name)
    _, etag = story(browser)
    assert send(browser, etag, amount={"number": "1"}).status_code == 403
    assert (
        "correct"
        not in browser.get("/ledger/entry?id=own:D")
        .text.split("<footer>")[0]
        .split('id="correct"')[1:]
    )


def test_a_donor_corrects_its_own_private_lines_alone(client):
    poland = client("poland")
    _, etag = story(poland, "own:P")
    done = send(poland, etag, entry="own:P", amount={"number": "5"})
    assert done.status_code == 201
    _, etag = story(poland)
    assert send(poland, etag, amount={"number": "5"}).status_code == 403


def test_nobody_marks_a_line_as_anothers(client):
    clerk = client("clerk")
    _, etag = story(clerk)
    assert send(clerk, etag, marking="private:Norway").status_code == 400
    assert send(clerk, etag, marking="restricted").status_code == 201


def test_an_edit_meets_somebody_elses_writing_and_still_lands(client, context, monkeypatch, make):
    """Somebody posts elsewhere between reading and writing: the correction is tried again."""
    clerk = client("clerk")
    _, etag = story(clerk)
    real, done = correcting.story_of, []

    def meanwhile(book, name):
        found = real(book, name)
        if not done:
            done.append(1)
            book.post([make("t:other", "3")])
        return found

    monkeypatch.setattr(correcting, "story_of", meanwhile)
    assert send(clerk, etag, amount={"number": "8"}).status_code == 201
    assert context.store.verify().intact
