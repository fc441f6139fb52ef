"""Coverage: what is needed against what stands at each stage, as intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from intendance.ledger.definition import Definition
from intendance.ledger.snapshot import current
from intendance.ledger.valued import counted
from intendance.model.catalogue import equivalences
from intendance.model.entry import Entry
from intendance.model.interval import Interval, Sum, add_up, plain
from intendance.model.stages import ENDINGS, rank

if TYPE_CHECKING:
    import polars as pl

STAGES: Final = ("pledge", "commitment", "allocation", "shipment", "delivery")


@dataclass(frozen=True, slots=True)
class Supply:
    """A summed quantity at one stage, with the ids of the entries behind it."""

    low: Decimal
    best: Decimal
    high: Decimal | None
    undisclosed: int
    entries: tuple[str, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Give the supply as a JSON object."""
        return {
            "low": plain(self.low),
            "best": plain(self.best),
            "high": None if self.high is None else plain(self.high),
            "undisclosed": self.undisclosed,
            "entries": len(self.entries),
        }


@dataclass(frozen=True, slots=True)
class Substitute:
    """What another capability delivered could do instead: its count times the effect."""

    capability: str
    effect: Decimal
    delivered: Supply

    @property
    def worth(self) -> Decimal:
        """Give what was delivered of it, in units of the capability that is needed."""
        return self.delivered.best * self.effect

    def as_record(self) -> dict[str, object]:
        """Give the substitute as a JSON object."""
        return {
            "capability": self.capability,
            "effect": plain(self.effect),
            "delivered": plain(self.delivered.best),
            "worth": plain(self.worth),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One capability at one place: needed, supplied per stage, and what is missing.

    ``gap`` is needed less delivered, ``open`` needed less all that is promised (what nobody has
    promised yet); both never below zero. With undisclosed supply the lower bound of both is
    zero: it may be there, nobody says.
    """

    capability: str
    place: str
    unit: str
    needed: Sum
    needs: tuple[Entry, ...]
    supply: dict[str, Supply]
    gap: Interval
    open: Interval
    priority: Decimal
    due: date | None
    substitutes: tuple[Substitute, ...] = ()

    @property
    def gap_after_substitutes(self) -> Decimal:
        """Give what is missing (best) when every substitute delivered is used for this need."""
        worth = sum((each.worth for each in self.substitutes), Decimal(0))
        return max(Decimal(0), (self.gap.best or Decimal(0)) - worth)

    @property
    def sourced(self) -> bool:
        """Tell whether every need of the row names who said it."""
        return all(need.term("basis") == "sourced" for need in self.needs)

    @property
    def covered_share(self) -> Decimal | None:
        """Give delivered over needed (best figures); None when nothing is needed."""
        if not self.needed.best:
            return None
        return self.supply["delivery"].best / self.needed.best

    def as_record(self) -> dict[str, object]:
        """Give the row as a JSON object."""
        share = self.covered_share
        return {
            "capability": self.capability,
            "place": self.place,
            "unit": self.unit,
            "needed": {
                "low": plain(self.needed.low),
                "best": plain(self.needed.best),
                "high": None if self.needed.high is None else plain(self.needed.high),
            },
            "needs": [need.id for need in self.needs],
            "basis": "sourced" if self.sourced else "assumed",
            "due": self.due.isoformat() if self.due else None,
            **{stage: supply.as_record() for stage, supply in self.supply.items()},
            "gap": self.gap.as_record(),
            "open": self.open.as_record(),
            "covered": None if share is None else f"{share:.4f}",
            "substitutes": [each.as_record() for each in self.substitutes],
            "gap_after_substitutes": plain(self.gap_after_substitutes),
        }


def needs_known(entries: Iterable[Entry], known_at: date | None) -> list[Entry]:
    """Give the needs that were known on a day, in the order of their lines."""
    told = (
        entry
        for entry in entries
        if entry.topic == "need" and (known_at is None or entry.recorded_on <= known_at)
    )
    return sorted(current(told).values(), key=lambda entry: entry.line)


def months_until(need: Entry, as_of: date) -> int:
    """Give for how many months a monthly need has run by a day (each begun month counts)."""
    assert need.valid is not None
    first = need.valid.first or need.valid.last
    last = min(need.valid.last, as_of)
    if last < first:
        return 0
    return (last.year - first.year) * 12 + last.month - first.month + 1


def quantity_needed(need: Entry, as_of: date) -> Interval:
    """Give what a need asks for by a day: a monthly need counts each month that has begun."""
    if need.quantity is None:
        return Interval.undisclosed()
    if need.term("per") == "month" and need.valid is not None:
        return need.quantity.amount.times(Decimal(months_until(need, as_of)))
    return need.quantity.amount


def coverage(
    frame: pl.DataFrame,
    entries: Iterable[Entry],
    *,
    as_of: date,
    known_at: date | None = None,
    where: tuple[tuple[str, str], ...] = (),
) -> list[Row]:
    """Compare every need known on a day with what stands at each stage, largest gap first.

    What is known to have been delivered before the need began (its ``valid.first``) is left out
    at every stage: 300 tanks asked for in December come on top of those given in spring, while
    what was promised in spring and has not come yet still counts. Capabilities with supply but
    no need are left out: there is nothing to cover.
    """
    needs: dict[tuple[str, str], list[Entry]] = {}
    for need in needs_known(entries, known_at):
        needs.setdefault((need.capability, need.place), []).append(need)
    begun = {key: _beginning(told) for key, told in needs.items()}
    definition = Definition(as_of=as_of, known_at=known_at, where=where)
    delivered = counted(frame, replace(definition, stage="delivery"))
    supplies = {
        stage: _supplies(counted(frame, replace(definition, stage=stage)), begun, delivered)
        for stage in STAGES
    }
    rows = [
        replace(
            _row(key, told, supplies, as_of), substitutes=_substitutes(key, begun[key], delivered)
        )
        for key, told in needs.items()
    ]
    return sorted(rows, key=_urgency, reverse=True)


def _beginning(needs: list[Entry]) -> date | None:
    """Give the day from which supply counts: a need asks for more than what was there before it."""
    firsts = [need.valid.first for need in needs if need.valid]
    return min((each for each in firsts if each), default=None) if all(firsts) else None


def _delivered_before(delivered: pl.DataFrame, first: date | None) -> dict[str, int]:
    """Give, by line, the thousandths that are known to have been delivered before a day."""
    import polars as pl

    if first is None:
        return {}
    earlier = delivered.filter(pl.col("has_quantity") & (pl.col("last") < pl.lit(first)))
    signed = (pl.col("quantity_best") * pl.col("sign")).fill_null(0)
    return dict(earlier.group_by("line").agg(signed.sum()).rows())


def _supplies(
    rows: pl.DataFrame,
    begun: dict[tuple[str, str], date | None],
    delivered: pl.DataFrame,
) -> dict[tuple[str, str], Supply]:
    import polars as pl

    rows = rows.filter(pl.col("has_quantity")).with_columns(
        pl.col("capability", "place").cast(pl.String)
    )
    found = {}
    for (capability, place), first in begun.items():
        mine = rows.filter(pl.col("capability") == capability)
        places = {key[1] for key in begun if key[0] == capability}
        if len(places) > 1 or place:
            # A line without a place serves the first place that needs it only when it is alone.
            fits = pl.col("place") == place
            mine = mine.filter(fits | (pl.col("place") == "") if len(places) == 1 else fits)
        found[capability, place] = _supply(mine, _delivered_before(delivered, first))
    return found


def _substitutes(
    key: tuple[str, str], first: date | None, delivered: pl.DataFrame
) -> tuple[Substitute, ...]:
    """Give the stated substitutes of which something was delivered."""
    found = []
    for each in equivalences():
        if each.capability == key[0]:
            other = (each.substitute, key[1])
            supply = _supplies(delivered, {other: first}, delivered)[other]
            if supply.best:
                found.append(Substitute(each.substitute, each.effect, supply))
    return tuple(found)


def _supply(rows: pl.DataFrame, gone: dict[str, int]) -> Supply:
    """Sum quantities, less what of each line was ``gone`` (delivered) before the need began."""
    left = dict(gone)
    cells: list[Any] = (
        rows.sort("last", "seq")
        .select("id", "line", "sign", "quantity_low", "quantity_best", "quantity_high")
        .rows()
    )
    low = best = 0
    high: int | None = 0
    undisclosed = 0
    counted_ids = []
    for entry, line, sign, at_least, middle, at_most in cells:
        if at_least is None and middle is None and at_most is None:
            if line not in gone:
                undisclosed += 1
                counted_ids.append(entry)
            continue
        taken = min(left.get(line, 0), middle or 0) if sign > 0 else 0
        left[line] = left.get(line, 0) - taken
        if taken and taken == middle:
            continue
        counted_ids.append(entry)
        bottom, rest = max((at_least or 0) - taken, 0), (middle or 0) - taken
        ceiling = None if at_most is None else at_most - taken
        low += bottom if sign > 0 else -(ceiling if ceiling is not None else rest)
        best += sign * rest
        top = ceiling if sign > 0 else -bottom
        high = None if high is None or top is None else high + top
    unit = Decimal(1000)
    return Supply(
        Decimal(max(low, 0)) / unit,
        Decimal(max(best, 0)) / unit,
        None if high is None else Decimal(max(high, 0)) / unit,
        undisclosed,
        tuple(counted_ids),
    )


def missing(needed: Sum, supply: Supply) -> Interval:
    """Give needed less supplied, as an interval that never goes below zero."""
    zero = Decimal(0)
    unsure = supply.undisclosed > 0 or supply.high is None
    low = zero if unsure else max(zero, needed.low - (supply.high or zero))
    best = max(zero, needed.best - supply.best)
    high = None if needed.high is None else max(zero, needed.high - supply.low)
    exact = low == best == high
    return Interval(low, best, high, "exact" if exact else "range")


def _row(
    key: tuple[str, str],
    needs: list[Entry],
    supplies: dict[str, dict[tuple[str, str], Supply]],
    as_of: date,
) -> Row:
    needed = add_up(quantity_needed(need, as_of) for need in needs)
    supply = {stage: found[key] for stage, found in supplies.items()}
    units = [need.quantity.unit for need in needs if need.quantity]
    due = [need.valid.last for need in needs if need.valid]
    return Row(
        capability=key[0],
        place=key[1],
        unit=units[0] if units else "piece",
        needed=needed,
        needs=tuple(needs),
        supply=supply,
        gap=missing(needed, supply["delivery"]),
        open=missing(needed, supply["pledge"]),
        priority=max(Decimal(need.term("priority", "1")) for need in needs),
        due=min(due) if due else None,
    )


def _urgency(row: Row) -> tuple[Decimal, Decimal]:
    """Order by priority times the share that is missing; then by what nobody has promised."""
    if not row.needed.best:
        return (Decimal(0), Decimal(0))
    share = (row.gap.best or Decimal(0)) / row.needed.best
    promised = (row.open.best or Decimal(0)) / row.needed.best
    return (row.priority * share, promised)


@dataclass(frozen=True, slots=True)
class Late:
    """A line that its own promised day has passed without a delivery."""

    entry: Entry
    due: date
    days_late: int

    def as_record(self) -> dict[str, object]:
        """Give the late line as a JSON object."""
        return {
            "entry": self.entry.id,
            "line": self.entry.line,
            "donor": self.entry.donor,
            "item": self.entry.item_text or self.entry.item,
            "stage": self.entry.stage,
            "due": self.due.isoformat(),
            "days_late": self.days_late,
        }


def late(entries: Iterable[Entry], *, as_of: date, known_at: date | None = None) -> list[Late]:
    """Give the lines that are late against their own date, the latest first.

    A line's date is the ``due`` that its source gives (a term of the entry). It is late when the
    day has passed and nothing on the line is known to have been handed over by then.
    """
    told = [
        entry
        for entry in entries
        if entry.topic == "aid" and (known_at is None or entry.recorded_on <= known_at)
    ]
    known = current(told).values()
    arrived = {
        entry.line
        for entry in known
        if rank("handover") <= rank(entry.stage) < rank(ENDINGS[0])
        and (entry.valid is None or entry.valid.last <= as_of)
    }
    ended = {entry.line for entry in known if entry.stage in ENDINGS}
    found = []
    for entry in known:
        due = entry.term("due")
        if due and entry.line not in arrived | ended and date.fromisoformat(due) < as_of:
            day = date.fromisoformat(due)
            found.append(Late(entry, day, (as_of - day).days))
    return sorted(found, key=lambda each: (-each.days_late, each.entry.line))
