"""Entries of small ledgers for the tests of the room: howitzers, rounds and needs."""

from __future__ import annotations

from datetime import date

from intendance.model.entry import Entry, Quantity, Source, Topic
from intendance.model.interval import Interval
from intendance.model.period import Period


def said(
    line: str,
    stage: str,
    count: str | None,
    day: str,
    capability: str = "howitzer_155",
    *,
    topic: Topic = "aid",
    recorded: str = "2022-12-31",
    **terms: str,
) -> Entry:
    """Write one entry of a test's ledger; ``day`` may be a period."""
    amount = Interval.undisclosed() if count is None else Interval.exact(count)
    return Entry(
        line=line,
        stage=stage,
        topic=topic,
        recorded_on=date.fromisoformat(recorded),
        source=Source("test"),
        donor="" if topic == "need" else "Norway",
        recipient="Ukraine",
        capability=capability,
        place="Ukraine" if topic == "need" else "",
        valid=Period.parse(day),
        quantity=Quantity(amount),
        terms=tuple(sorted(terms.items())),
    )


def need(line: str, count: str, day: str, capability: str = "howitzer_155", **terms: str) -> Entry:
    return said(line, "need", count, day, capability, topic="need", **terms)


GIVEN = [
    said("a", "commitment", "50", "2022-06-01"),
    said("a", "delivery", "30", "2022-09-01"),
    said("b", "delivery", "21", "2022-10-01"),
    said("r", "delivery", "30000", "2022-12-01", "round_155"),
]
