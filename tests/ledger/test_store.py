"""The store appends in a chain, refuses what does not fit, and finds every change."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from intendance.errors import InputError, StoreBusyError, StoreError
from intendance.ledger import store as store_module
from intendance.ledger.chain import OPENING
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.model.entry import body_of, canonical


def test_an_empty_ledger_is_intact_and_has_the_opening_as_root(ledger):
    verdict = ledger.verify()
    assert (verdict.entries, verdict.root, verdict.intact) == (0, OPENING, True)


def test_the_same_entries_in_the_same_order_give_the_same_root(tmp_path, make):
    entries = [make(f"t:{n}") for n in range(20)]
    roots = set()
    for name in ("a", "b"):
        with Ledger.create(str(tmp_path / name)) as book:
            roots.add(book.post(entries).head.root)
    with Ledger.create(str(tmp_path / "c")) as book:
        for entry in entries:
            book.post([entry])
        roots.add(book.head().root)
    assert len(roots) == 1


def test_a_repeated_post_adds_nothing(ledger, make):
    entries = [make("t:1"), make("t:2")]
    first = ledger.post(entries)
    second = ledger.post(entries)
    assert (first.new, second.new, second.repeated) == (2, 0, 2)
    assert second.head == first.head


def test_a_clients_id_makes_a_retry_safe_and_a_conflict_loud(ledger, make):
    ledger.post([make("t:1", client_id="mine")])
    assert ledger.post([make("t:1", client_id="mine")]).new == 0
    with pytest.raises(StoreError, match="other content") as caught:
        ledger.post([make("t:1", "200", client_id="mine")])
    assert caught.value.exit_code == 5


def test_a_batch_with_one_bad_entry_posts_nothing(ledger, make):
    with pytest.raises(InputError, match="no stage"):
        ledger.post([make("t:1"), make("t:2", stage="dreamt")])
    assert ledger.head().entries == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", '{"line":"t:3","stage":"commitment"}'),
        ("id", "forged"),
        ("hash", "0" * 64),
        ("line", "t:other"),
    ],
)
def test_any_changed_column_is_found_at_its_entry(tmp_path, make, column, value):
    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        book.post([make(f"t:{n}") for n in range(6)])
        ids = [entry.id for entry in book.entries()]
    raw = sqlite3.connect(name)
    raw.execute(f"UPDATE entry SET {column} = ? WHERE seq = 4", (value,))
    raw.commit()
    raw.close()
    with Ledger.open(str(name)) as book:
        verdict = book.verify()
    assert not verdict.intact
    assert verdict.first_bad == (value if column == "id" else ids[3])


def test_a_cut_off_tail_and_a_swapped_pair_are_found(tmp_path, make):
    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        book.post([make(f"t:{n}") for n in range(6)])
    raw = sqlite3.connect(name)
    raw.execute("DELETE FROM entry WHERE seq = 6")
    raw.commit()
    with Ledger.open(str(name)) as book:
        assert not book.verify().intact
    raw.execute("UPDATE entry SET seq = 99 WHERE seq = 2")
    raw.execute("UPDATE entry SET seq = 2 WHERE seq = 3")
    raw.execute("UPDATE entry SET seq = 3 WHERE seq = 99")
    raw.commit()
    with Ledger.open(str(name)) as book:
        verdict = book.verify()
    assert not verdict.intact
    assert verdict.first_bad != "(end of the chain)"


@pytest.mark.parametrize("position", range(0, 400, 37))
def test_every_changed_byte_of_a_body_is_found(tmp_path, make, position):
    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        book.post([make("t:1", reason="x" * 400)])
    body = canonical(body_of(make("t:1", reason="x" * 400))).decode()
    place = position % len(body)
    changed = body[:place] + ("y" if body[place] != "y" else "z") + body[place + 1 :]
    raw = sqlite3.connect(name)
    raw.execute("UPDATE entry SET body = ?", (changed,))
    raw.commit()
    raw.close()
    with Ledger.open(str(name)) as book:
        assert not book.verify().intact


def test_a_missing_ledger_a_wrong_file_and_a_full_one_each_give_a_sentence(tmp_path, make):
    with pytest.raises(InputError, match="no ledger"):
        Ledger.open(str(tmp_path / "none.db"))
    wrong = tmp_path / "aid.csv"
    wrong.write_text("donor,amount\n" * 400)
    with pytest.raises(InputError, match="not a ledger"):
        Ledger.open(str(wrong))
    name = str(tmp_path / "aid.db")
    with Ledger.create(name) as book:
        book.post([make()])
    with pytest.raises(StoreError, match="entries already"):
        Ledger.create(name)


def test_a_second_writer_waits_and_is_then_told_in_a_sentence(tmp_path, make, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.2)
    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        raw = sqlite3.connect(name, isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="Somebody else") as caught:
            book.post([make()])
        assert caught.value.exit_code == 5
        raw.execute("ROLLBACK")
        assert book.post([make()]).new == 1


def test_backup_and_restore_give_the_same_head(tmp_path, make):
    from intendance.ledger.copying import back_up, bring_back

    with Ledger.create(str(tmp_path / "aid.db")) as book:
        head = book.post([make(f"t:{n}") for n in range(9)]).head
        assert back_up(book, tmp_path / "copy.db") == head
    assert bring_back(tmp_path / "copy.db", str(tmp_path / "again.db")) == head
    left = {path.name for path in tmp_path.iterdir()} - {"cache"}
    assert {name.removesuffix("-wal").removesuffix("-shm") for name in left} == {
        "aid.db",
        "copy.db",
        "again.db",
    }


def test_a_backup_of_a_changed_ledger_is_refused(tmp_path, make):
    from intendance.ledger.copying import back_up

    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        book.post([make()])
    raw = sqlite3.connect(name)
    raw.execute("UPDATE entry SET body = replace(body, 'Poland', 'Norway')")
    raw.commit()
    raw.close()
    with Ledger.open(str(name)) as book, pytest.raises(InputError, match="not intact"):
        back_up(book, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_the_audit_trail_names_the_person_and_stays_outside_the_chain(ledger, make):
    head = ledger.post([make()], person="Ada").head
    ledger.store.note("Ada", "read", "private lines")
    assert [row["person"] for row in ledger.store.trail()] == ["Ada", "Ada"]
    assert ledger.head() == head


def test_entries_come_back_as_they_went_in(ledger, make):
    entry = make("t:é", "12.34", count="3", reason="« parce que »", terms=(("per", "month"),))
    ledger.post([entry])
    (found,) = ledger.entries()
    assert found == entry
    assert found.id


def test_show_finds_an_entry_by_id_by_its_beginning_and_by_line(ledger, make):
    ledger.post([make("t:1"), make("t:1", "150", recorded="2023-04-01", kind="correct")])
    ids = [entry.id for entry in ledger.entries()]
    by_line = ledger.show("t:1").as_record()
    assert [each["id"] for each in by_line["history"]] == ids
    assert ledger.show(ids[0]).as_record()["entry"]["id"] == ids[0]
    assert ledger.show(ids[0][:9]).as_record()["entry"]["id"] == ids[0]
    with pytest.raises(InputError, match="no entry"):
        ledger.show("nothing")


def test_a_folder_that_is_missing_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="no folder"):
        Ledger.create(str(tmp_path / "a" / "b.db"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = x'ff00' WHERE seq = 3",
        "UPDATE entry SET body = CAST(x'7bff7d' AS TEXT) WHERE seq = 3",
        "UPDATE entry SET body = body || ' ' WHERE seq = 3",
        "UPDATE entry SET line = x'00' WHERE seq = 3",
        "UPDATE entry SET hash = x'00' WHERE seq = 3",
        "UPDATE entry SET id = 'x' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 5",
        "UPDATE entry SET seq = seq + 100 WHERE seq = 3",
    ],
)
def test_whatever_is_written_into_the_file_is_found_without_a_traceback(tmp_path, make, change):
    name = str(tmp_path / "aid.db")
    with Ledger.create(name) as book:
        book.post([make(f"t:{n}") for n in range(5)])
        assert book.verify().intact
    with sqlite3.connect(name) as file:
        file.execute(change)
    with Ledger.open(name) as book:
        verdict = book.verify()
    assert not verdict.intact
    assert verdict.first_bad


def test_a_damaged_entry_stops_an_answer_with_a_sentence(tmp_path, make):
    name = str(tmp_path / "aid.db")
    with Ledger.create(name) as book:
        book.post([make("t:1"), make("t:2")])
    with sqlite3.connect(name) as file:
        file.execute("UPDATE entry SET body = '{' WHERE seq = 2")
    for ask in (
        lambda book: book.total(Definition()),
        lambda book: list(book.entries()),
        lambda book: book.show("t:2"),
    ):
        with Ledger.open(name) as book, pytest.raises(StoreError, match="was changed"):
            ask(book)
