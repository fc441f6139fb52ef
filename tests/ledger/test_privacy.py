"""Private lines are invisible to others: as rows, in totals, by differences, in exports."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import InputError, UsageError
from intendance.exchange.importing import import_file
from intendance.exchange.jsonl import lines_of
from intendance.ledger.copying import back_up
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import ROLES, Viewer
from intendance.ledger.signing import follow_export

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


def test_an_export_withholds_content_and_count_and_still_leads_to_the_root(name):
    with Ledger.open(name, Viewer("reader")) as book:
        text = list(lines_of(book))
        root = book.head().root
    lines = [json.loads(line) for line in text]
    assert [line.get("withheld", False) for line in lines] == [False, True, False, True]
    assert not any("seq" in line for line in lines)
    assert not any(word in "".join(text) for word in ("election", "secret", "Norway"))
    verdict = follow_export(text)
    assert (verdict.root, verdict.intact) == (root, True)
    text[2] = text[2].replace('"5"', '"6"')
    assert not follow_export(text).intact


@pytest.mark.parametrize("viewer", OTHERS)
def test_every_answer_says_that_it_is_limited_and_none_counts_hidden_entries(name, viewer):
    with Ledger.open(name, viewer) as book:
        seen = len(list(book.entries()))
        verdict = book.verify()
        days = date(2023, 1, 1), date(2023, 6, 1)
        answers = [
            book.total(Definition()).as_record(),
            book.changes(Definition(), *days).as_record(),
            book.compare(Definition(), Definition(stage="delivery")).as_record(),
            book.show("t:open").as_record(),
        ]
        assert (verdict.entries, book.seen_head().entries) == (seen, seen)
        assert verdict.root == book.seen_head().root == book.head().root
    for answer in answers:
        assert (answer["limited"], answer["viewer"]) == (True, str(viewer))
    with Ledger.open(name) as book:
        assert "limited" not in book.total(Definition()).as_record()
        assert (book.verify().entries, book.seen_head().entries) == (5, 5)


def test_changes_and_comparisons_carry_the_join_of_their_markings(name):
    with Ledger.open(name) as book:
        days = date(2023, 1, 1), date(2023, 6, 1)
        assert book.changes(Definition(), *days).marking == "private:Poland"
        found = book.compare(Definition(), Definition(stage="delivery"))
        assert found.marking == "private:Poland"


def test_a_damaged_hidden_entry_is_found_but_not_named(name):
    with sqlite3.connect(name) as file:
        hidden = file.execute("SELECT id FROM entry WHERE line = 't:secret'").fetchone()[0]
        file.execute("UPDATE entry SET body = replace(body, '40', '41') WHERE id = ?", (hidden,))
    with Ledger.open(name) as book:
        assert book.verify().first_bad == hidden
    with Ledger.open(name, Viewer("reader")) as book:
        verdict = book.verify()
        assert (verdict.intact, verdict.first_bad) == (False, "(withheld)")


def test_a_limited_viewer_makes_no_backup(name, tmp_path):
    with Ledger.open(name, Viewer("coordinator")) as book, pytest.raises(UsageError):
        back_up(book, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_hidden_entry_does_not_stand_in_the_way_of_a_visible_one(tmp_path, make):
    """An id that is a hidden entry's, and the beginning of a visible one's."""
    with Ledger.create(str(tmp_path / "aid.db")) as book:
        hidden = make("t:1", marking="private:Poland", client_id="abcde")
        book.post([hidden, make("t:2", client_id="abcdef")])
        assert book.show("abcde").entries[0][0].line == "t:1"
        book.viewer = Viewer("reader")
        assert book.show("abcde").entries[0][0].line == "t:2"


HEADS = "ID,Countries,Announcement Date,Type of Aid General,Original Currency,Total ,"
HEADS += "Converted Value in EUR"


def test_a_release_neither_sees_nor_names_nor_closes_private_lines(tmp_path, make):
    """A private correction of a tracker's line stays on it, and no public entry tells of it."""
    file = tmp_path / "a.csv"
    row = "{},Poland,2023-01-05,Military,EUR,{},{}"
    with Ledger.create(str(tmp_path / "aid.db")) as book:

        def take(day, *rows):
            file.write_text("\n".join([HEADS, *(row.format(*each) for each in rows)]))
            return import_file(book, "kiel", file, recorded_on=day)

        take(date(2023, 1, 6), ("P1", 100, 100), ("P2", 10, 10))
        secret = make("kiel:P1", "70", kind="correct", recorded="2023-02-01")
        mine = replace(secret, marking="private:Poland")
        book.post([mine, make("kiel:P9", "5", marking="private:Poland")])
        again = take(date(2023, 3, 1), ("P1", 100, 100), ("P2", 10, 10))
        assert again.posted == 0
        assert book.total(Definition()).total.best == 85
        take(date(2023, 4, 1), ("P1", 130, 130))
        hidden = {each.id for each in book.entries() if each.marking != "public"}
        assert len(hidden) == 2
        told = [each for each in book.entries() if each.marking == "public"]
        assert not hidden & {each.replaces for each in told}
        assert not [each for each in told if each.line == "kiel:P9"]
        book.viewer = Viewer("reader")
        book.__dict__.pop("frame", None)
        assert book.total(Definition()).total.best == 130


def test_a_sheet_of_public_promises_is_compared_with_public_ones_only(tmp_path, make):
    file = tmp_path / "p.csv"
    file.write_text("reference,donor,announced on,amount,currency\nA,Poland,2023-01-02,8,EUR\n")
    with Ledger.create(str(tmp_path / "aid.db")) as book:
        day = date(2023, 6, 1)
        book.post([make("sheet:A", "9", stage="pledge", marking="private:Poland")])
        assert import_file(book, "sheet", file, recorded_on=day).posted == 1
        assert import_file(book, "sheet", file, recorded_on=day).posted == 0
        (public,) = [each for each in book.entries() if each.marking == "public"]
        assert (public.kind, public.replaces) == ("post", "")


def test_an_unknown_marking_is_refused(tmp_path, make):
    with Ledger.create(str(tmp_path / "aid.db")) as book, pytest.raises(InputError, match="mark"):
        book.post([make(marking="private")])


def test_values_are_decimals_to_the_cent(name):
    assert total(name, Viewer("reader")).total.best == Decimal("15.00")
