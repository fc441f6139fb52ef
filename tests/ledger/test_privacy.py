"""Private lines are invisible to others: as rows, in totals, by differences, in exports."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import InputError
from intendance.exchange.jsonl import lines_of
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import ROLES, Viewer

OTHERS = [Viewer(role) for role in ROLES if role not in ("admin", "auditor", "donor")]
OTHERS += [Viewer("donor", "Norway")]


@pytest.fixture
def name(tmp_path, make):
    path = str(tmp_path / "aid.db")
    with Ledger.create(path) as book:
        book.post(
            [
                make("t:open", "10"),
                make("t:inside", "20", marking="restricted"),
                make("t:secret", "40", marking="private:Poland", reason="election"),
                make("t:fixed", "5", recorded="2023-01-01"),
                make("t:fixed", "7", kind="correct", marking="private:Poland"),
            ]
        )
    return path


def total(name, viewer, **words):
    with Ledger.open(name, viewer) as book:
        return book.total(Definition(**words))


def test_the_owner_and_the_auditor_see_all_and_the_marking_says_so(name):
    for viewer in (Viewer("admin"), Viewer("auditor"), Viewer("donor", "Poland")):
        found = total(name, viewer)
        assert found.total.best == 77
        assert found.marking == "private:Poland"


@pytest.mark.parametrize("viewer", OTHERS)
def test_no_total_of_others_contains_a_private_line(name, viewer):
    inside = 20 if viewer.role != "reader" else 0
    found = total(name, viewer)
    # The public entry under a private correction stays as it was for everybody else.
    assert found.total.best == 15 + inside
    assert found.marking == ("restricted" if inside else "public")


@pytest.mark.parametrize("viewer", OTHERS)
def test_no_difference_of_totals_reveals_it(tmp_path, make, viewer):
    """The same ledger without the private lines gives every viewer the same answers."""
    public = [make("t:1", "10"), make("t:2", "20", donor="Norway")]
    secret = make("t:3", "40", marking="private:Poland", recorded="2023-05-01")
    answers = []
    for place, entries in (("with", [*public, secret]), ("without", public)):
        with Ledger.create(str(tmp_path / place)) as book:
            book.post(entries)
            book.viewer = viewer
            found = [
                book.total(Definition(by=by, known_at=day)).as_record()
                for by in ((), ("donor",), ("category",), ("month",), ("donor", "category"))
                for day in (None, date(2023, 4, 1), date(2023, 6, 1))
            ]
            found.append(book.changes(Definition(), date(2023, 4, 1), date(2023, 6, 1)).as_record())
            answers.append(found)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("viewer", OTHERS)
def test_show_answers_as_if_there_were_no_such_line(name, viewer):
    with Ledger.open(name) as book:
        secret = next(entry.id for entry in book.entries() if entry.line == "t:secret")
    with Ledger.open(name, viewer) as book:
        with pytest.raises(InputError) as hidden:
            book.show(secret)
        with pytest.raises(InputError) as absent:
            book.show("e" + "0" * 19)
        assert hidden.value.sentence.replace(secret, "X") == absent.value.sentence.replace(
            "e" + "0" * 19, "X"
        )
        assert all("Poland" not in entry.marking for entry in book.entries())


def test_an_export_withholds_the_content_and_keeps_the_place_in_the_chain(name):
    with Ledger.open(name, Viewer("reader")) as book:
        lines = [json.loads(line) for line in lines_of(book)]
    assert [line.get("withheld", False) for line in lines] == [False, True, True, False, True]
    text = json.dumps(lines)
    assert "election" not in text
    assert "secret" not in text


def test_an_unknown_marking_is_refused(tmp_path, make):
    with Ledger.create(str(tmp_path / "aid.db")) as book, pytest.raises(InputError, match="mark"):
        book.post([make(marking="private")])


def test_values_are_decimals_to_the_cent(name):
    assert total(name, Viewer("reader")).total.best == Decimal("15.00")
