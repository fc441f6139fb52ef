"""What the ledger says has arrived, and what is still to come, of one capability."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from intendance.ledger.coverage import needs_known
from intendance.ledger.definition import Definition
from intendance.ledger.snapshot import current
from intendance.ledger.valued import counted
from intendance.model.entry import Entry
from intendance.model.stages import rank

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

ORIGIN = "sustainment"
"""The term ``origin`` of needs that a forecast has asked for."""


def spare_capability(lru: str) -> str:
    """Give the ledger's word for a spare: a generator's pump is no water pump of the catalogue."""
    return f"spare_{lru}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came, or will come, on a day; ``promised`` when it has not come yet."""

    day: date
    quantity: Decimal
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """Arrivals of a capability in the order of their days, and what could not be placed.

    ``undated``: promised and not delivered, without a day; ``undisclosed``: lines without a
    quantity; ``lines``: how many lines of the ledger the arrivals rest on.
    """

    arrivals: tuple[Arrival, ...] = ()
    undated: Decimal = Decimal(0)
    undisclosed: int = 0
    lines: int = 0

    def by(self, day: date) -> Decimal:
        """Give what has arrived by a day."""
        return sum((each.quantity for each in self.arrivals if each.day <= day), Decimal(0))

    @property
    def known(self) -> bool:
        """Tell whether the ledger speaks of the capability at all."""
        return bool(self.lines or self.undated or self.undisclosed)


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of a model: day 0, what had been recorded, the last day, how promises come.

    Dated promises come ``slip_days`` after their day; others ``lead_days`` after they were made,
    or not at all when that is None.
    """

    as_of: date
    known_at: date | None
    end: date
    slip_days: int = 0
    lead_days: int | None = None

    def coming(self, due: date | None, said: date) -> date | None:
        """Give the day on which a promise comes: never before day 1; None when nobody knows."""
        if due is None and self.lead_days is None:
            return None
        tomorrow = self.as_of + timedelta(days=1)
        if due is not None:
            return max(due, tomorrow) + timedelta(days=self.slip_days)
        return max(said + timedelta(days=self.lead_days or 0), tomorrow)


def holdings(ledger: Ledger, capabilities: Iterable[str], clock: Clock) -> dict[str, Holding]:
    """Give the holding of each capability, known deliveries and dated promises up to the end.

    A line's promise is what it was pledged, committed or allocated less what came of it; its day
    is the ``due`` that the source gives, moved by the slip; an overdue one is taken as due on
    day 1. One without a day comes ``lead_days`` after it was made, when that is given.
    Deliveries known to fall between day 0 and the end keep their day.
    """
    wanted = sorted(set(capabilities))
    given = Definition(as_of=clock.end, known_at=clock.known_at, stage="delivery")
    said = Definition(as_of=clock.as_of, known_at=clock.known_at, stage="pledge")
    delivered = _events(ledger, given, wanted)
    promised = _events(ledger, said, wanted)
    due = _due_days(ledger, {line for _, line, _, _ in promised}, clock.known_at)
    return {
        name: _holding(
            [each for each in delivered if each[0] == name],
            [each for each in promised if each[0] == name],
            due,
            clock,
        )
        for name in wanted
    }


Event = tuple[str, str, date, Decimal | None]


def _events(ledger: Ledger, definition: Definition, wanted: list[str]) -> list[Event]:
    """Give capability, line, day and signed quantity (None: undisclosed) of what counts."""
    import polars as pl

    rows = counted(ledger.frame, definition).filter(
        pl.col("has_quantity") & pl.col("capability").cast(pl.String).is_in(wanted)
    )
    best = pl.coalesce("quantity_best", "quantity_low", "quantity_high") * pl.col("sign")
    cells = (
        rows.sort("last", "seq")
        .select(pl.col("capability").cast(pl.String), "line", "last", best.alias("best"))
        .rows()
    )
    return [
        (capability, line, last, None if best is None else Decimal(best) / 1000)
        for capability, line, last, best in cells
    ]


def _due_days(ledger: Ledger, lines: set[str], known_at: date | None) -> dict[str, date]:
    """Give each line's promised day: the ``due`` of its furthest stage that names one."""
    if not lines:
        return {}
    told = [
        entry
        for entry in ledger.on_lines(sorted(lines))
        if entry.topic == "aid" and (known_at is None or entry.recorded_on <= known_at)
    ]
    found: dict[str, date] = {}
    for entry in sorted(current(told).values(), key=lambda each: rank(each.stage)):
        try:
            found[entry.line] = date.fromisoformat(entry.term("due"))
        except ValueError:
            continue
    return found


def _holding(
    delivered: list[Event], promised: list[Event], due: dict[str, date], clock: Clock
) -> Holding:
    arrivals: list[Arrival] = []
    came: dict[str, Decimal] = {}
    hidden = set()
    for _, line, day, quantity in delivered:
        if quantity is None:
            hidden.add(line)
            continue
        came[line] = came.get(line, Decimal(0)) + quantity
        arrivals.append(Arrival(day, quantity))
    left: dict[str, Decimal] = {}
    said: dict[str, date] = {}
    for _, line, when, quantity in promised:
        said.setdefault(line, when)
        if quantity is None:
            hidden.add(line)
        else:
            left[line] = left.get(line, Decimal(0)) + quantity
    undated = Decimal(0)
    lines = set(came)
    for line, quantity in left.items():
        rest = quantity - came.get(line, Decimal(0))
        # What was delivered without a quantity may be all of it: nothing more is expected.
        if rest <= 0 or (line in hidden and line not in came):
            continue
        coming = clock.coming(due.get(line), said[line])
        if coming is None:
            undated += rest
        elif coming <= clock.end:
            arrivals.append(Arrival(coming, rest, promised=True))
            lines.add(line)
    arrivals.sort(key=lambda each: (each.day, each.promised))
    return Holding(tuple(arrivals), undated, len(hidden), len(lines))


def stated_needs(ledger: Ledger, known_at: date | None) -> list[Entry]:
    """Give the needs that somebody stated: not those that a forecast has asked for."""
    needs = needs_known(ledger.entries(), known_at)
    return [need for need in needs if need.term("origin") != ORIGIN]


def places_of(
    ledger: Ledger, capabilities: Container[str], known_at: date | None
) -> dict[str, str]:
    """Give the ledger's place of each capability; under "" the one of everything else.

    It is the place of its needs, else the commonest place of any need, else the recipient.
    """
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for need in stated_needs(ledger, known_at):
        counts[need.place] = counts.get(need.place, 0) + 1
        if need.capability in capabilities:
            found.setdefault(need.capability, need.place)
    if counts:
        found[""] = max(sorted(counts), key=lambda place: counts[place])
        return found
    told = (
        entry.recipient
        for entry in ledger.entries()
        if entry.recipient and (known_at is None or entry.recorded_on <= known_at)
    )
    found[""] = next(told, "")
    return found
