"""A projection that is extended by what came since equals one that is made anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

sys.path.insert(0, str(Path(__file__).parent))
import ledger_oracle as oracle

from intendance.ledger import projection
from intendance.ledger.chain import Link
from intendance.ledger.ledger import Ledger, record_of
from intendance.ledger.projection import NEVER, project, relate, rows_of

thorough = settings(
    max_examples=int(os.environ.get("INTENDANCE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def links_of(history):
    records = {record.id: record for record in map(record_of, history)}
    return [Link(seq, each.id, each.body, "") for seq, each in enumerate(records.values(), 1)]


def plain(frame):
    texts = [name for name, kind in frame.schema.items() if kind == pl.Categorical]
    return frame.with_columns(pl.col(name).cast(pl.String) for name in texts)


@given(oracle.histories, st.data())
@thorough
def test_extending_equals_making_anew(history, data):
    links = links_of(history)
    cut = data.draw(st.integers(0, len(links)))
    known = projection._narrowed(relate(rows_of(links[:cut])))
    tail = projection._narrowed(rows_of(links[cut:]))
    whole = projection._narrowed(relate(rows_of(links)))
    assert_frame_equal(plain(projection._extended(known, tail)), plain(whole))


@given(oracle.histories)
@thorough
def test_what_is_derived_is_what_the_rules_say(history):
    """Row by row and by hand: until when, several stages, rival claims."""
    links = links_of(history)
    entries = list({record_of(each).id: each for each in history}.values())
    rows = plain(relate(rows_of(links))).to_dicts()
    assert [row["seq"] for row in rows] == [link.seq for link in links]
    for n, (row, entry) in enumerate(zip(rows, entries, strict=True)):
        later = [
            each.recorded_on
            for m, each in enumerate(entries)
            if each.slot == entry.slot and (each.recorded_on, m) > (entry.recorded_on, n)
        ]
        resolved = [
            each.recorded_on
            for m, each in enumerate(entries)
            if each.kind == "resolve"
            and each.slot[:3] == entry.slot[:3]
            and m > n
            and each.recorded_on >= entry.recorded_on
        ]
        assert row["until"] == min([NEVER, *later, *resolved])
        mine = [each for each in entries if each.line == entry.line]
        ranks = {oracle._place(each.stage) for each in mine if each.stage not in oracle.ENDS}
        if not any(each.stage in oracle.ENDS for each in mine):
            assert row["several"] == (len(ranks) > 1)
        rivals = {each.rival for each in mine if each.slot[:3] == entry.slot[:3]}
        assert row["contested"] == (len(rivals) > 1)
        assert row["tracker"] == entry.line.partition(":")[0]


@given(oracle.histories, st.data())
@thorough
def test_decoding_by_slices_gives_the_rows_of_all(history, data):
    links = links_of(history)
    size = data.draw(st.integers(1, 5))
    with projection.Decoding() as decoding:
        for start in range(0, len(links), size):
            decoding.add(links[start : start + size])
        rows = decoding.rows()
    assert_frame_equal(plain(rows), plain(projection._narrowed(rows_of(links))))


@given(st.lists(oracle.odd_entries(), max_size=12))
@settings(thorough, max_examples=60)
def test_rows_hold_what_the_entries_say(history):
    """Each column against the entry itself: odd texts, missing parts, huge numbers, markings."""
    links = links_of(history)
    entries = list({record_of(each).id: each for each in history}.values())
    for row, entry in zip(plain(rows_of(links)).to_dicts(), entries, strict=True):
        for name in projection._TEXTS:
            assert row[name] == getattr(entry, name), name
        assert row["recorded"] == entry.recorded_on
        assert row["first"] == (entry.valid.first if entry.valid else None)
        assert row["last"] == (entry.valid.last if entry.valid else entry.recorded_on)
        assert row["decided"] == entry.decided_on
        own = next((each for each in entry.valuations if each.method == "source"), None)
        for prefix, said, scale in (
            ("", entry.money, 100),
            ("source_", own, 100),
            ("quantity_", entry.quantity, 1000),
        ):
            for bound in ("low", "best", "high"):
                number = getattr(said.amount, bound) if said else None
                expected = None if number is None else int(number * scale)
                assert row[f"{prefix}{bound}"] == expected, (prefix, bound)
        assert row["has_money"] == (entry.money is not None)
        assert row["origin"] == entry.source.origin
        out_of = next((each.line for each in entry.links if each.kind == "out_of"), "")
        assert row["out_of"] == out_of


def test_loading_checks_and_makes_the_same_columns_in_one_reading(ledger, make, monkeypatch):
    monkeypatch.setattr("intendance.ledger.store._CHUNK", 7)
    ledger.post([make(f"t:{n}", str(n)) for n in range(30)])
    frame = plain(ledger.frame)
    with Ledger.open(ledger.store.name) as again:
        monkeypatch.setattr(again.store, "links", None)  # nothing is read a second time
        assert again.load() == ledger.verify()
        assert_frame_equal(plain(again.frame), frame)


def test_loading_a_changed_ledger_says_so_and_keeps_no_columns(tmp_path, make):
    import sqlite3

    name = tmp_path / "aid.db"
    with Ledger.create(str(name)) as book:
        book.post([make(f"t:{n}", str(n)) for n in range(5)])
    with sqlite3.connect(name) as connection:
        connection.execute("UPDATE entry SET body = 'no entry' WHERE seq = 3")
    with Ledger.open(str(name)) as book:
        verdict = book.load()
        assert not verdict.intact
        assert verdict.first_bad == book.verify().first_bad
        assert "frame" not in book.__dict__


@pytest.mark.parametrize("stale", [0, 10**6])
def test_only_the_tail_is_read_and_the_longest_kept_projection_serves(
    ledger, make, tmp_path, monkeypatch, stale
):
    monkeypatch.setattr(projection, "_STALE_ROWS", stale)
    monkeypatch.setattr(projection, "_STALE_SHARE", 0)
    monkeypatch.setattr(projection, "_CHUNK", 7)
    ledger.post([make(f"t:{n}") for n in range(30)])
    assert project(ledger.store).height == 30
    reads = []
    original = ledger.store.links

    def links(after=0, upto=None):
        reads.append((after, upto))
        return original(after, upto)

    monkeypatch.setattr(ledger.store, "links", links)
    assert project(ledger.store).height == 30
    assert reads == []
    for total in (31, 32):
        ledger.post([make("t:3", f"{total}", recorded="2023-04-01", kind="correct")])
        assert project(ledger.store).height == total
    # A fresh file is kept for each tail, or the first one goes on serving.
    assert reads == ([(30, 31), (31, 32)] if stale == 0 else [(30, 31), (30, 32)])
    assert ledger.total(_whole()).total.best == 29 * 100 + 32


def test_a_kept_projection_of_another_history_is_not_taken(tmp_path, make):
    """The same identity with other entries: a file brought back by hand from an older copy."""
    import shutil

    name, copy = tmp_path / "aid.db", tmp_path / "copy.db"
    with Ledger.create(str(name)) as book:
        book.post([make("t:1", "1")])
    shutil.copy(name, copy)
    with Ledger.open(str(name)) as book:
        book.post([make("t:2", "2")])
        assert book.total(_whole()).total.best == 3
    with Ledger.open(str(copy)) as book:
        book.post([make("t:2", "40")])
        assert book.total(_whole()).total.best == 41
        book.post([make("t:3", "500")])
        assert book.total(_whole()).total.best == 541


def test_a_projection_up_to_a_head_leaves_later_entries_out(ledger, make):
    head = ledger.post([make("t:1")]).head
    ledger.post([make("t:2")])
    assert project(ledger.store, head).height == 1
    assert project(ledger.store).height == 2


def test_a_chunks_border_changes_nothing(ledger, make, monkeypatch):
    ledger.post([make(f"t:{n % 9}", f"{n}", recorded=f"2023-04-{n + 1:02}") for n in range(20)])
    whole = plain(project(ledger.store))
    monkeypatch.setenv("INTENDANCE_CACHE", "")
    for chunk in (1, 3, 10, 20, 21):
        monkeypatch.setattr(projection, "_CHUNK", chunk)
        assert_frame_equal(plain(project(ledger.store)), whole)


def _whole():
    from intendance.ledger.definition import Definition

    return Definition()
