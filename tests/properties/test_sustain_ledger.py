"""Sharing among sites and building from random ledgers: nothing is lost, nothing invented."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.errors import InputError
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.sustain.from_ledger import build
from intendance.sustain.read import read_model
from intendance.sustain.sharing import Sharing

START = date(2023, 1, 1)
HORIZON = 60


@given(
    st.lists(st.floats(0.01, 100.0), min_size=1, max_size=6),
    st.lists(st.integers(0, 500), max_size=20),
)
@settings(max_examples=200, deadline=None)
def test_shares_are_whole_and_near_their_quota(weights: list[float], counts: list[int]) -> None:
    """Every part is given once; each site stays within the number of sites of its share."""
    sharing = Sharing({str(at): weight for at, weight in enumerate(weights)})
    for count in counts:
        part = sharing.give(count)
        assert sum(part.values()) == count
        assert all(each > 0 for each in part.values())
    total = sum(counts)
    assert sum(sharing.given.values()) == total
    for site, share in sharing.shares.items():
        assert abs(sharing.given[site] - share * total) <= len(weights)


deliveries = st.lists(
    st.tuples(
        st.integers(-400, 120),
        st.decimals(Decimal(0), Decimal(90), places=1),
        st.sampled_from(["delivery", "pledge"]),
        st.one_of(st.none(), st.integers(-60, 120)),
    ),
    max_size=8,
)


@given(deliveries, st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_a_built_fleet_is_what_the_lines_say(
    lines: list[tuple[int, Decimal, str, int | None]], slip: int
) -> None:
    """Fleets by day equal the whole part of what a plain count of the lines gives."""
    expected: dict[int, Decimal] = {}
    with tempfile.TemporaryDirectory() as place:
        with Ledger.create(str(Path(place) / "l.db")) as ledger:
            for at, (day, count, stage, due) in enumerate(lines):
                when = START + timedelta(days=day)
                terms = () if due is None else (("due", str(START + timedelta(days=due))),)
                ledger.post(
                    [
                        Entry(
                            line=f"l{at}",
                            stage=stage,
                            recorded_on=START,
                            source=Source("t"),
                            capability="howitzer_155",
                            valid=Period.on(when),
                            quantity=Quantity(Interval.exact(count)),
                            terms=terms,
                        )
                    ]
                )
                comes: int | None = max(0, day)
                if stage == "pledge":
                    told = due is not None and day <= 0
                    comes = max(due or 0, 1) + slip if told else None
                if comes is not None and comes <= HORIZON:
                    expected[comes] = expected.get(comes, Decimal(0)) + count
            out = Path(place) / "m"
            try:
                build(ledger, "artillery", START, None, HORIZON, out, slip_days=slip)
            except InputError:
                assert sum(expected.values()) < 1
                return
        read_model(out, needs_parts=True)
        with (out / "fleets.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    for day in range(HORIZON + 1):
        there = sum(int(row["quantity"]) for row in rows if int(row["from_day"]) <= day)
        assert there == int(sum(count for at, count in expected.items() if at <= day))
