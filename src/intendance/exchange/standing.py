"""What stands in a ledger now, for the formats that carry events and not their history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from intendance.ledger.ledger import Ledger
from intendance.ledger.snapshot import current
from intendance.model.entry import Entry
from intendance.model.stages import ENDINGS, rank

# The steps that IATI and FTS tell apart, with the stages of ours that are one of them. Of
# several stages of one step only the first counts: what was allocated had been committed.
STEPS: Final = {
    "pledge": ("pledge",),
    "commitment": ("commitment", "allocation", "contract", "release", "shipment", "hub"),
    "delivery": ("delivery", "handover", "receipt", "fielded"),
}
# Which step an ending takes away from.
TAKEN: Final = {"returned": "delivery", "lost": "delivery"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of aid: its entries by step, and the line whose money it passes on."""

    name: str
    steps: dict[str, tuple[Entry, ...]]
    endings: tuple[Entry, ...]
    out_of: str

    @property
    def first(self) -> Entry:
        """Give the entry that speaks for the line: of its earliest step."""
        return next(iter(self.entries))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, the earliest step first."""
        return (*(each for step in self.steps.values() for each in step), *self.endings)


def standing(ledger: Ledger) -> tuple[list[Entry], int]:
    """Give the public entries of aid that are known now, and how many others are withheld.

    Of rival claims about one event the most careful stands, as in totals (rule 9).
    """
    events: dict[tuple[str, str, str], Entry] = {}
    withheld = 0
    for entry in current(ledger.entries()).values():
        if entry.topic != "aid":
            continue
        if entry.marking != "public":
            withheld += 1
            continue
        event = (entry.line, entry.stage, entry.part)
        if event not in events or _best(entry) < _best(events[event]):
            events[event] = entry
    return sorted(events.values(), key=lambda each: each.slot), withheld


def _best(entry: Entry) -> Decimal:
    best = entry.money.amount.best if entry.money else None
    return Decimal("Infinity") if best is None else best


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Group entries by line and step."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.line, []).append(entry)
    return [_line(name, found) for name, found in sorted(grouped.items())]


def _line(name: str, found: list[Entry]) -> Line:
    steps: dict[str, tuple[Entry, ...]] = {}
    for step, stages in STEPS.items():
        fitting = [each for each in found if each.stage in stages]
        if fitting:
            earliest = min(rank(each.stage) for each in fitting)
            steps[step] = tuple(each for each in fitting if rank(each.stage) == earliest)
    out_of = [link.line for each in found for link in each.links if link.kind == "out_of"]
    endings = tuple(each for each in found if each.stage in ENDINGS)
    return Line(name, steps, endings, out_of[0] if out_of else "")


def disclosed(entry: Entry) -> Decimal | None:
    """Give an entry's amount of money, None when nobody has said it."""
    return entry.money.amount.best if entry.money else None
