"""Dates as trackers write them: exact, "until", "between", a month, or not at all."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from intendance.model.period import Period, day_of

# A tracker of today's aid: years outside are typing errors ("2922").
YEARS: Final = range(1990, 2051)

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?$")
_DAY: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
_MONTH: Final = re.compile(r"(?<![\d/.])(\d{1,2})[/.](\d{4}|\d{2})(?![\d/.])")
_YEAR_ONLY: Final = re.compile(r"(?:19|20)\d\d$")


class ImpossibleDateError(ValueError):
    """A date that no calendar has, or a year out of range; its text is the reason."""


def read_period(text: str, known_on: date) -> Period | None:
    """Read a tracker's date; None when none is given.

    ``known_on`` closes what has no end of its own ("after 12/21/2022"): it had happened by the
    day on which the release was known. Days before months are recognised when they must be.
    ImpossibleDateError gives the reason why a date cannot be used.

    >>> str(read_period("until 12/20/2022", date(2023, 3, 2)))
    '/2022-12-20'
    >>> str(read_period("between 3/20/2022 and 7/1/2022", date(2023, 3, 2)))
    '2022-03-20/2022-07-01'
    >>> str(read_period("not specified, 8/2022", date(2023, 3, 2)))
    '2022-08-01/2022-08-31'
    >>> str(read_period("until 06/31/2022", date(2023, 3, 2)))
    '/2022-06-30'
    """
    words = " ".join(text.split()).lower()
    if not any(each.isdigit() for each in words):
        return None
    iso = _ISO.match(words)
    if iso:
        return Period.on(_day(int(iso[1]), int(iso[2]), int(iso[3])))
    days = [_slashed(each) for each in _DAY.finditer(words)]
    if days:
        return _from_days(words, sorted(days), known_on)
    months = [_whole_month(each) for each in _MONTH.finditer(words)]
    if months:
        first, last = (
            min(months, key=lambda each: each.last),
            max(months, key=lambda each: each.last),
        )
        return Period(None if words.startswith("unti") else first.first, last.last)
    if _YEAR_ONLY.match(words):
        year = int(words)
        return Period(date(year, 1, 1), date(year, 12, 31))
    raise ImpossibleDateError("this date cannot be read")


def _from_days(words: str, days: list[date], known_on: date) -> Period:
    if words.startswith(("after", "since", "from")) and len(days) == 1:
        return Period(days[0], max(days[0], known_on))
    if words.startswith(("unti", "by ", "before")):
        return Period(None, days[-1])
    return Period(days[0], days[-1])


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise ImpossibleDateError(f"the year {year} is out of range")
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ImpossibleDateError("there is no such day")
    return day_of(year, month, day)


def _slashed(found: re.Match[str]) -> date:
    month, day = int(found[1]), int(found[2])
    if month > 12:
        month, day = day, month
    return _day(_full_year(found[3]), month, day)


def _whole_month(found: re.Match[str]) -> Period:
    year, month = _full_year(found[2]), int(found[1])
    _day(year, month, 1)
    return Period.month(year, month)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
