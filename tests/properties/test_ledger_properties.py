"""The ledger against a naive oracle, over random histories (10,000 of them in `make bench`)."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import ledger_oracle as oracle

from intendance.ledger.chain import Link
from intendance.ledger.changes import changes
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import record_of
from intendance.ledger.projection import relate, rows_of
from intendance.ledger.totals import total

EXAMPLES = int(os.environ.get("INTENDANCE_EXAMPLES", "150"))
thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def frame_of(history):
    """Project a history as the store would hold it, repeated entries left out."""
    records = {}
    for entry in history:
        record = record_of(entry)
        records.setdefault(record.id, record)
    links = [
        Link(seq, record.id, record.body, "") for seq, record in enumerate(records.values(), 1)
    ]
    return relate(rows_of(links))


def distinct(history):
    return list({record_of(entry).id: entry for entry in reversed(history)}.values())[::-1]


@given(oracle.histories, oracle.definitions())
@thorough
def test_totals_equal_the_naive_ledgers(history, definition):
    history = distinct(history)
    found = total(frame_of(history), definition).total
    high = None if found.high is None else int(found.high * 100)
    figures = (int(found.low * 100), int(found.best * 100), high, found.undisclosed)
    assert figures == oracle.total(history, definition)


@given(oracle.histories, oracle.definitions())
@thorough
def test_rows_add_up_to_the_total_under_any_breakdown(history, definition):
    from dataclasses import replace

    frame = frame_of(distinct(history))
    for by in (("donor",), ("donor", "category"), ("month",)):
        found = total(frame, replace(definition, by=by))
        assert sum((amount.best for _, amount in found.rows), Decimal(0)) == found.total.best
        assert sum(amount.undisclosed for _, amount in found.rows) == found.total.undisclosed


@given(oracle.histories, oracle.definitions(), st.sampled_from(oracle.DAYS))
@thorough
def test_changes_add_up_to_the_difference_exactly(history, definition, day):
    history = distinct(history)
    later = max(oracle.DAYS)
    found = changes(frame_of(history), definition, day, later)
    from dataclasses import replace

    first, second = (
        oracle.total(history, replace(definition, known_at=known)) for known in (day, later)
    )
    assert int(found.difference * 100) == second[1] - first[1]
    assert sum((line.difference for line in found.lines), Decimal(0)) == found.difference
    assert sum(found.by_cause().values()) == found.difference


@given(oracle.histories, st.randoms(use_true_random=False))
@thorough
def test_entries_of_different_slots_may_come_in_any_order(history, random):
    """Only the order within a slot (and of a resolution in its event) matters."""
    history = distinct(history)
    events = {}
    for entry in history:
        events.setdefault(entry.slot[:3], []).append(entry)
    queues = list(events.values())
    shuffled = []
    while queues:
        queue = random.choice(queues)
        shuffled.append(queue.pop(0))
        queues = [each for each in queues if each]
    definition = Definition(by=("donor", "category"))
    assert total(frame_of(history), definition).rows == total(frame_of(shuffled), definition).rows


@given(oracle.histories, st.sampled_from(oracle.DAYS))
@thorough
def test_the_past_as_known_then_never_changes(history, day):
    """Entries recorded after a day do not change what was known on it."""
    history = distinct(history)
    definition = Definition(known_at=day)
    past = [entry for entry in history if entry.recorded_on <= day]
    assert total(frame_of(history), definition).total == total(frame_of(past), definition).total


@given(oracle.histories)
@thorough
def test_bounds_stay_in_order(history):
    positive = [entry for entry in distinct(history) if entry.stage not in oracle.ENDS]
    found = total(frame_of(positive), Definition(stage="pledge")).total
    assert found.low <= found.best
    assert found.high is None or found.best <= found.high


@pytest.mark.parametrize("rows", [0, 1])
def test_a_projection_has_the_same_columns_however_few_rows(rows, make):
    frame = frame_of([make()] * rows)
    assert frame.height == rows
    assert frame.schema["value_best" if "value_best" in frame.columns else "best"] == pl.Int64
