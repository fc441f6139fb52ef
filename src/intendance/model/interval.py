"""Unknown is a value: a number known as an interval, with how it was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, get_args

Qualifier = Literal["exact", "at least", "at most", "about", "range", "undisclosed"]
QUALIFIERS: Final[tuple[str, ...]] = get_args(Qualifier)

# Everything beyond is a typing error in the source; it also keeps hundredths within 64 bits.
LARGEST: Final = Decimal(10) ** 16


def decimal_of(text: str) -> Decimal | None:
    """Read a plain decimal number; None for anything else, for NaN, infinities and over 10^16.

    >>> decimal_of(" 35000000 "), decimal_of("undisclosed"), decimal_of("NaN")
    (Decimal('35000000'), None, None)
    """
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= LARGEST else None


def plain(number: Decimal) -> str:
    """Write a number without exponent or trailing zeros, so that equal numbers are equal bytes.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50")), plain(Decimal("-0.0"))
    ('1000', '2.5', '0')
    """
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Interval:
    """A non-negative number known as low, best and high.

    ``low`` and ``high`` are bounds; None is "no bound known". ``best`` is the figure to quote.
    An undisclosed number has neither and never becomes zero: sums count it beside themselves.
    """

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    qualifier: Qualifier = "exact"

    @classmethod
    def exact(cls, number: Decimal | int | str) -> Interval:
        """Give a number said without reserve."""
        value = Decimal(number)
        return cls(value, value, value)

    @classmethod
    def of(cls, number: Decimal | int | str, qualifier: Qualifier) -> Interval:
        """Give one number with the way it was said ("at least 40").

        >>> Interval.of(40, "at least").high is None, Interval.of(40, "at most").low
        (True, Decimal('0'))
        """
        value = Decimal(number)
        if qualifier == "undisclosed":
            return cls.undisclosed()
        if qualifier == "at least":
            return cls(value, value, None, qualifier)
        if qualifier == "at most":
            return cls(Decimal(0), value, value, qualifier)
        return cls(value, value, value, qualifier)

    @classmethod
    def between(cls, low: Decimal | int | str, high: Decimal | int | str) -> Interval:
        """Give a range; its best figure is the middle.

        >>> Interval.between(600, 700).best
        Decimal('650')
        """
        first, last = sorted((Decimal(low), Decimal(high)))
        return cls(first, (first + last) / 2, last, "range")

    @classmethod
    def undisclosed(cls) -> Interval:
        """Give the number that nobody has said."""
        return cls(None, None, None, "undisclosed")

    @property
    def known(self) -> bool:
        """Tell whether any bound is known."""
        return self.qualifier != "undisclosed"

    def times(self, factor: Decimal) -> Interval:
        """Scale by a factor that is not negative; what is unknown stays unknown."""
        assert factor >= 0, factor
        low, best, high = (
            None if bound is None else bound * factor for bound in (self.low, self.best, self.high)
        )
        return Interval(low, best, high, self.qualifier)

    def spanning(self, other: Interval) -> Interval:
        """Give the interval that holds two rival figures; its best is the smaller one.

        Rival claims stay side by side until a person resolves them (rule 9), so the sum
        may promise no more than the most careful of them.
        """
        if not self.known:
            return other
        if not other.known:
            return self
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        bests = [bound for bound in (self.best, other.best) if bound is not None]
        same = (self.low, self.high) == (other.low, other.high)
        return self if same else Interval(low, min(bests) if bests else None, high, "range")

    def as_record(self) -> dict[str, str]:
        """Give the interval as a JSON object; absent keys are unknown."""
        bounds = {"low": self.low, "best": self.best, "high": self.high}
        record = {name: plain(bound) for name, bound in bounds.items() if bound is not None}
        return {**record, "qualifier": self.qualifier}

    @classmethod
    def from_record(cls, record: dict[str, str]) -> Interval:
        """Read what ``as_record`` wrote."""
        low, best, high = (
            Decimal(record[name]) if record.get(name) is not None else None
            for name in ("low", "best", "high")
        )
        qualifier = record.get("qualifier", "exact")
        assert qualifier in QUALIFIERS, qualifier
        return cls(low, best, high, qualifier)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sum:
    """What a sum of intervals carries: bounds over the disclosed, and the count of the others."""

    low: Decimal
    best: Decimal
    high: Decimal | None
    undisclosed: int
    terms: int


def add_up(intervals: Iterable[Interval]) -> Sum:
    """Add intervals. The high is None as soon as one disclosed term has no upper bound.

    >>> add_up([Interval.exact(14), Interval.of(4, "at least"), Interval.undisclosed()])
    Sum(low=Decimal('18'), best=Decimal('18'), high=None, undisclosed=1, terms=3)
    """
    low = best = Decimal(0)
    high: Decimal | None = Decimal(0)
    undisclosed = terms = 0
    for interval in intervals:
        terms += 1
        if not interval.known:
            undisclosed += 1
            continue
        low += interval.low or 0
        best += interval.best or 0
        high = None if high is None or interval.high is None else high + interval.high
    return Sum(low, best, high, undisclosed, terms)
