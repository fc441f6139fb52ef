"""What the ledger still asks for: needs less what is firmly committed or delivered, by due week.

A plan serves what nobody has promised yet. Supply is what ``ledger.coverage`` counts as committed
(which holds what was delivered), except that a line which an accepted plan gave as a substitute
counts for the need it was given for, with the effect the plan stated, and not for its own kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from intendance.ledger.coverage import Row, coverage, needs_known
from intendance.ledger.snapshot import current
from intendance.model.entry import Entry
from intendance.model.finding import Finding
from intendance.model.interval import Interval, plain
from intendance.model.period import last_of_month
from intendance.model.stages import ENDINGS

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

PLAN_ORIGIN: Final = "plan"
SERVES: Final = "serves"
THOUSANDTH: Final = Decimal("0.001")
SMALLEST_PRIORITY: Final = Decimal("0.000001")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """What is missing of one need: ``quantity`` in units of the capability.

    ``until_week`` None: all of it is due in ``due_week``; else equal parts fall due in every week
    up to it. Weeks count from the plan's start. ``line`` is the need's line in the ledger.
    """

    id: str
    line: str
    capability: str
    place: str
    unit: str
    quantity: Decimal
    due_week: int
    until_week: int | None
    due: date
    priority: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One instalment of a need: a one-off need has one, a monthly need one a month."""

    need: Entry
    begins: date
    due: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class _Dedicated:
    """A plan's line that serves a need with another capability than its own."""

    entry: str
    key: Key
    count: Decimal
    worth: Decimal


def week_of(day: date, start: date) -> int:
    """Give the week a day falls in, counted from a plan's start; overdue days are week 0.

    >>> week_of(date(2023, 4, 30), date(2023, 4, 21)), week_of(date(2023, 1, 1), date(2023, 4, 21))
    (1, 0)
    """
    return max(0, (day - start).days // 7)


def open_needs(
    ledger: Ledger, *, as_of: date, known_at: date | None, horizon_weeks: int
) -> tuple[tuple[OpenNeed, ...], tuple[Finding, ...]]:
    """Give what is missing as of a day and falls due within the horizon, and what was left out.

    Needs of one capability and place share their supply; it serves the earliest due first.
    """
    entries = list(ledger.entries())
    rows = coverage(ledger.frame, entries, as_of=as_of, known_at=known_at)
    dedicated = _dedicated(entries, as_of, known_at)
    ids = _ids(needs_known(entries, known_at))
    found: list[OpenNeed] = []
    notes: list[Finding] = []
    for row in sorted(rows, key=lambda each: (each.capability, each.place)):
        undisclosed = row.supply["commitment"].undisclosed
        if undisclosed:
            notes.append(
                _note(
                    "undisclosed-supply",
                    "commitments without a published quantity are not counted as supply",
                    f"{row.capability}: {undisclosed}",
                )
            )
        parts = [part for need in row.needs for part in _parts(need, as_of, notes)]
        parts.sort(key=lambda part: (part.due, part.need.line))
        left = _consume(parts, _supplied(row, dedicated))
        if not left:
            notes.append(_note("covered", "nothing is missing of this capability", row.capability))
        for need in row.needs:
            mine = [part for part in left if part.need.line == need.line]
            found += _rows(ids[need.line], need, mine, as_of, horizon_weeks, notes)
    return tuple(sorted(found, key=lambda each: each.id)), tuple(notes)


def _note(code: str, sentence: str, value: str) -> Finding:
    return Finding(code, "note", sentence, value=value)


def _ids(needs: Iterable[Entry]) -> dict[str, str]:
    """Give each need's line a short identifier that no other need has."""
    found: dict[str, str] = {}
    for need in needs:
        short = need.line.removeprefix("need:").replace(";", ",").strip() or need.line
        taken = short in found.values()
        found[need.line] = f"{short}#{len(found)}" if taken else short
    return found


def best_of(amount: Interval) -> Decimal | None:
    """Give the figure to plan with: the best, else the nearest bound that is known."""
    return next((x for x in (amount.best, amount.low, amount.high) if x is not None), None)


def _parts(need: Entry, as_of: date, notes: list[Finding]) -> Iterator[_Part]:
    amount = best_of(need.quantity.amount) if need.quantity else None
    if amount is None:
        notes.append(_note("undisclosed-need", "the need's quantity is not known", need.line))
        return
    if need.valid is None:
        yield _Part(need, as_of, as_of, amount)
        return
    last = need.valid.last
    first = need.valid.first or last
    if need.term("per") != "month":
        yield _Part(need, first, last, amount)
        return
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        begins = date(month // 12, month % 12 + 1, 1)
        ends = last_of_month(begins.year, begins.month)
        yield _Part(need, max(begins, first), min(ends, last), amount)


def _consume(parts: list[_Part], supply: Decimal) -> list[_Part]:
    """Take the supply off the parts in their order; give what is left of them."""
    left = []
    for part in parts:
        used = min(part.quantity, supply)
        supply -= used
        rest = (part.quantity - used).quantize(THOUSANDTH, ROUND_HALF_EVEN)
        if rest > 0:
            left.append(_Part(part.need, part.begins, part.due, rest))
    return left


def _rows(
    name: str, need: Entry, parts: list[_Part], start: date, horizon: int, notes: list[Finding]
) -> Iterator[OpenNeed]:
    """Give one need's rows: what is overdue, due at once, and what falls due later."""
    late = [part for part in parts if part.due < start]
    later = [part for part in parts if start <= part.due]
    beyond = [part for part in later if week_of(part.due, start) >= horizon]
    if beyond:
        amount = sum((part.quantity for part in beyond), Decimal(0))
        said = "this falls due after the horizon and is left out"
        notes.append(Finding("after-horizon", "warning", said, value=f"{name}: {plain(amount)}"))
    later = [part for part in later if week_of(part.due, start) < horizon]
    total = sum((part.quantity for part in (*late, *later)), Decimal(0))
    if late:
        label = f"{name}-overdue" if later or beyond else name
        yield _row(label, need, late, total, (0, None))
    if later:
        monthly = need.term("per") == "month"
        until = week_of(later[-1].due, start)
        due = week_of(later[0].begins, start) if monthly else until
        yield _row(name, need, later, total, (due, until if monthly else None))


def _row(
    name: str, need: Entry, parts: list[_Part], total: Decimal, weeks: tuple[int, int | None]
) -> OpenNeed:
    quantity = sum((part.quantity for part in parts), Decimal(0))
    return OpenNeed(
        id=name,
        line=need.line,
        capability=need.capability,
        place=need.place,
        unit=need.quantity.unit if need.quantity else "piece",
        quantity=quantity,
        due_week=weeks[0],
        until_week=weeks[1],
        due=parts[-1].due,
        priority=shared_priority(_priority(need), quantity, total),
        basis=need.term("basis") or "stated",
    )


def shared_priority(priority: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Give a part of a need its share of the priority, so that the need weighs the same in all.

    A plan weighs what a row lacks relative to the row's quantity; two halves with the full
    priority each would count twice.

    >>> shared_priority(Decimal(9), Decimal(3), Decimal(12))
    Decimal('2.25')
    """
    if part == whole:
        return priority
    return max(SMALLEST_PRIORITY, (priority * part / whole).quantize(SMALLEST_PRIORITY).normalize())


def _priority(need: Entry) -> Decimal:
    """Give the need's priority; one that is no positive number counts as 1."""
    try:
        said = Decimal(need.term("priority") or "1")
    except InvalidOperation:
        return Decimal(1)
    return said if said.is_finite() and said > 0 else Decimal(1)


def accepted_lines(
    entries: Iterable[Entry], as_of: date, known_at: date | None
) -> Iterator[tuple[Entry, Decimal, Decimal]]:
    """Give the accepted lines of plans that stand: entry, count, effect on the need served."""
    told = [
        entry
        for entry in entries
        if entry.topic == "aid" and (known_at is None or entry.recorded_on <= known_at)
    ]
    known = list(current(told).values())
    ended = {entry.line for entry in known if entry.stage in ENDINGS}
    for entry in known:
        if entry.source.origin != PLAN_ORIGIN or entry.line in ended or entry.quantity is None:
            continue
        if entry.valid is not None and entry.valid.last > as_of:
            continue
        count = best_of(entry.quantity.amount) or Decimal(0)
        yield entry, count, Decimal(entry.term("effect", "1"))


def _dedicated(entries: list[Entry], as_of: date, known_at: date | None) -> tuple[_Dedicated, ...]:
    """Give the accepted lines of plans that serve a need as a substitute."""
    return tuple(
        _Dedicated(entry.id, (served, entry.place), count, count * effect)
        for entry, count, effect in accepted_lines(entries, as_of, known_at)
        if (served := entry.term("for_capability")) and served != entry.capability
    )


def _supplied(row: Row, dedicated: tuple[_Dedicated, ...]) -> Decimal:
    """Give what stands against a row's needs: committed or further, and what substitutes for it."""
    committed = row.supply["commitment"]
    mine = set(committed.entries)
    elsewhere = sum((each.count for each in dedicated if each.entry in mine), Decimal(0))
    key = (row.capability, row.place)
    worth = sum((each.worth for each in dedicated if each.key == key), Decimal(0))
    return max(Decimal(0), committed.best - elsewhere) + worth
