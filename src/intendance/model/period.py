"""Days known exactly or only as an interval."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100


def last_of_month(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def day_of(year: int, month: int, day: int) -> date:
    """Make a date; a day that the month does not have becomes its last ("06/31").

    >>> day_of(2022, 6, 31)
    datetime.date(2022, 6, 30)
    """
    assert 1 <= day <= 31, day
    return date(year, month, min(day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """An interval of days, ends included; ``first`` None means "some time until last".

    A record counts as of its last possible day, so that nothing counts before it is sure.
    """

    first: date | None
    last: date

    def __post_init__(self) -> None:
        assert self.first is None or self.first <= self.last, (self.first, self.last)

    @classmethod
    def on(cls, day: date) -> Period:
        """Give one day, known exactly."""
        return cls(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Give a whole month."""
        return cls(date(year, month, 1), last_of_month(year, month))

    @property
    def exact(self) -> bool:
        """Tell whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        if self.exact:
            return self.last.isoformat()
        first = self.first.isoformat() if self.first else ""
        return f"{first}/{self.last.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read what ``str`` wrote (ISO 8601; an open beginning is left blank).

        >>> Period.parse("/2022-12-20").last
        datetime.date(2022, 12, 20)
        """
        first, slash, last = text.partition("/")
        if not slash:
            return cls.on(date.fromisoformat(first))
        return cls(date.fromisoformat(first) if first else None, date.fromisoformat(last))
