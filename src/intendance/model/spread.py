"""A promise over several years, told year by year: its parts add up to it, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from intendance.model.entry import Entry
from intendance.model.interval import Interval
from intendance.model.period import Period

_CENT = Decimal("0.01")


def shares(amount: Decimal, parts: int) -> list[Decimal]:
    """Split an amount into equal parts in cents; the first ones carry the cents left over.

    >>> [str(each) for each in shares(Decimal("100"), 3)]
    ['33.34', '33.33', '33.33']
    """
    assert parts >= 1, parts
    each = (amount / parts).quantize(_CENT, ROUND_FLOOR)
    left = int((amount - each * parts) / _CENT)
    return [each + _CENT if place < left else each for place in range(parts)]


def _split(interval: Interval, parts: int) -> list[Interval]:
    if not interval.known:
        return [interval] * parts
    split = {
        name: shares(bound, parts) if bound is not None else [None] * parts
        for name, bound in (
            ("low", interval.low),
            ("best", interval.best),
            ("high", interval.high),
        )
    }
    return [
        Interval(split["low"][n], split["best"][n], split["high"][n], interval.qualifier)
        for n in range(parts)
    ]


def by_year(entry: Entry) -> tuple[Entry, ...]:
    """Split an entry whose days span several years into one part a year, equal in money.

    Each part counts from the last day of its year within the span. Quantities stay with the
    last part: things are not promised by halves. An entry within one year comes back alone.
    """
    if entry.valid is None or entry.valid.first is None:
        return (entry,)
    first, last = entry.valid.first, entry.valid.last
    years = range(first.year, last.year + 1)
    if len(years) == 1 or entry.money is None:
        return (entry,)
    moneys = _split(entry.money.amount, len(years))
    valued = [_split(each.amount, len(years)) for each in entry.valuations]
    return tuple(
        replace(
            entry,
            id="",
            part=f"{entry.part}{year}",
            valid=Period(max(first, date(year, 1, 1)), min(last, date(year, 12, 31))),
            money=replace(entry.money, amount=moneys[place]),
            valuations=tuple(
                replace(each, amount=parts[place])
                for each, parts in zip(entry.valuations, valued, strict=True)
            ),
            quantity=entry.quantity if year == last.year else None,
        )
        for place, year in enumerate(years)
    )
