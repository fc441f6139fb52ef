"""Small nouns under random input: what is split adds up, what is written reads back."""

from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import ledger_oracle as oracle

from intendance.model.entry import (
    Entry,
    Money,
    Quantity,
    Source,
    Valuation,
    body_of,
    body_text,
    canonical,
    changed_entry,
    entry_from,
    new_entry,
    new_source,
)
from intendance.model.interval import Interval, add_up, decimal_of, plain
from intendance.model.period import Period
from intendance.model.spread import by_year, shares

cents = st.integers(0, 10**14).map(lambda n: Decimal(n) / 100)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(cents, st.integers(1, 40))
def test_shares_add_up_to_the_amount(amount, parts):
    found = shares(amount, parts)
    assert sum(found) == amount
    assert max(found) - min(found) <= Decimal("0.01")


@given(cents, days, days)
def test_a_spread_promise_adds_up_and_stays_within_its_days(amount, first, last):
    first, last = sorted((first, last))
    entry = Entry(
        line="t:1",
        stage="pledge",
        recorded_on=first,
        valid=Period(first, last),
        money=Money(Interval.exact(amount), "EUR"),
        source=Source("test"),
    )
    parts = by_year(entry)
    assert len(parts) == last.year - first.year + 1
    assert sum(part.money.amount.best for part in parts) == amount
    assert len({part.slot for part in parts}) == len(parts)
    assert parts[0].valid.first == first
    assert parts[-1].valid.last == last


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), cents, days)
def test_an_entry_reads_back_as_it_was_written(text, amount, day):
    entry = Entry(
        line="t:1",
        stage="commitment",
        recorded_on=day,
        item_text=text,
        money=Money(Interval.of(amount, "about"), "EUR"),
        terms=(("a", text or "x"),),
        source=Source("test", sentence=text, also=("x", text or "y")),
    )
    again = entry_from(body_of(entry))
    assert again == entry
    assert canonical(body_of(again)) == canonical(body_of(entry))


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.text(max_size=12).map(str))
def test_decimals_are_read_or_refused_never_raised(value):
    found = decimal_of(str(value))
    assert found is None or (found.is_finite() and abs(found) <= Decimal(10) ** 16)
    if found is not None:
        assert Decimal(plain(found)) == found


@given(st.lists(st.tuples(cents, st.sampled_from(["exact", "at least", "at most", "about"]))))
def test_sums_of_intervals_do_not_depend_on_order(pairs):
    intervals = [Interval.of(amount, qualifier) for amount, qualifier in pairs]
    assert add_up(intervals) == add_up(reversed(intervals))
    found = add_up(intervals)
    assert found.high is None or found.low <= found.best <= found.high


@settings(deadline=None)
@given(oracle.entries(), st.data())
def test_the_quick_text_of_an_entry_is_its_canonical_bytes(entry, data):
    """Every field, with odd characters, empty parts and all qualifiers."""
    text = st.text(max_size=6) | st.sampled_from(['"', "\\", "\n", "é\u2028", "\ud83d\ude00"])
    days = st.none() | st.sampled_from(oracle.DAYS)
    pairs = st.lists(st.tuples(text, text), max_size=2).map(tuple)
    told = replace(
        entry,
        **{name: data.draw(text) for name in ("part", "item_text", "reason", "place", "client_id")},
        roles=data.draw(pairs),
        terms=data.draw(pairs),
        decided_on=data.draw(days),
        quantity=data.draw(st.none() | oracle.intervals().map(lambda each: Quantity(each, "t"))),
        valuations=(
            *entry.valuations,
            Valuation(data.draw(text), data.draw(oracle.intervals()), "USD", on=data.draw(days)),
        ),
        source=Source(
            data.draw(text),
            data.draw(text),
            data.draw(st.none() | st.integers(0, 9)),
            also=data.draw(st.lists(text, max_size=2).map(tuple)),
        ),
    )
    assert body_text(told).encode("utf-8", "surrogatepass") == canonical(body_of(told))


@given(oracle.entries(), oracle.entries())
def test_an_entry_made_quickly_is_the_entry_and_cannot_be_changed(entry, other):
    members = {each.name: getattr(entry, each.name) for each in fields(entry)}
    made = new_entry(**members)
    changed = changed_entry(entry, line=other.line, money=other.money, id="e1")
    assert made == entry
    assert hash(made) == hash(entry)
    assert type(made) is Entry
    assert changed == replace(entry, line=other.line, money=other.money, id="e1")
    assert changed.id == "e1"
    for each in (made, changed, made.source, new_source("a", "b", 1, "c", ())):
        with pytest.raises(FrozenInstanceError):
            setattr(each, fields(each)[0].name, "other")
    assert new_source("a", "b", 1, "c", ("d",)) == Source("a", "b", 1, "c", also=("d",))
