"""Random needs and commitments: what a plan is asked for is what is missing, no more, no less."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.plan.open_needs import open_needs

START = date(2024, 6, 15)
FIRST = date(2024, 1, 10)
LONG = 200  # weeks: every due day below lies within
COUNTS = st.integers(0, 500)
NEEDS = st.lists(
    st.tuples(COUNTS, st.integers(0, 300), st.booleans(), st.integers(1, 10)),
    min_size=1,
    max_size=4,
)


def months(until: date) -> int:
    return (until.year - FIRST.year) * 12 + until.month - FIRST.month + 1


@given(NEEDS, st.lists(COUNTS, max_size=4))
@settings(max_examples=40, deadline=None)
def test_open_needs_are_needed_less_committed(tmp_path_factory, needs, supplies):
    entries = []
    asked = Decimal(0)
    for number, (count, days, monthly, priority) in enumerate(needs):
        until = FIRST + timedelta(days=days)
        terms = {"priority": str(priority), "per": "month" if monthly else ""}
        entries.append(
            Entry(
                line=f"need:{number}", stage="need", topic="need", recorded_on=FIRST,
                source=Source("t"), capability="tent", valid=Period(FIRST, until),
                quantity=Quantity(Interval.exact(count)), terms=tuple(sorted(terms.items())),
            )
        )  # fmt: skip
        asked += count * (months(until) if monthly else 1)
    for number, count in enumerate(supplies):
        entries.append(
            Entry(
                line=f"a{number}", stage="commitment", recorded_on=FIRST, source=Source("t"),
                donor="Poland", capability="tent", valid=Period.on(FIRST),
                quantity=Quantity(Interval.exact(count)),
            )
        )  # fmt: skip
    with Ledger.create(str(tmp_path_factory.mktemp("open") / "aid.db")) as ledger:
        ledger.post(entries)
        found, _ = open_needs(ledger, as_of=START, known_at=None, horizon_weeks=LONG)
    assert sum(each.quantity for each in found) == max(0, asked - sum(supplies))
    for each in found:
        assert each.quantity > 0
        assert each.due_week <= (each.until_week or LONG)
        assert each.due_week == 0 or each.due >= START
    for number, (_, _, _, priority) in enumerate(needs):
        mine = [each.priority for each in found if each.line == f"need:{number}"]
        assert not mine or abs(sum(mine) - priority) < Decimal("0.00001")
