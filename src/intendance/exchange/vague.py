"""Dates as trackers write them: exact, "until", "between", a month, or not at all."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from intendance.model.period import Period, day_of, last_of_month

# A tracker of today's aid: years outside are typing errors ("2922").
YEARS: Final = range(1990, 2051)

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?$")
_YEAR_FIRST: Final = re.compile(r"(?<![\d/.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/.-])")
_DAY: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
_MONTH: Final = re.compile(r"(?<![\d/.])(\d{1,2})[/.](\d{4}|\d{2})(?![\d/.])")
_MONTH_LAST: Final = re.compile(r"(?<![\d/.-])(\d{4})[-/](\d{1,2})(?![\d/.-])")
_QUARTER: Final = re.compile(r"\b(?:q([1-4])[ /-]*(\d{4})|(\d{4})[ /-]*q([1-4]))\b")
_YEARS_ONLY: Final = re.compile(r"((?:19|20)\d\d)(?:\s*(?:-|–|/|and|to|&)\s*((?:19|20)\d\d))?$")
# "end of 2022", "summer 2022": some day of that year; a winter may end in the next one.
_OF_A_YEAR: Final = re.compile(
    r"(?:(?:until|by|before|in|the|early|mid|late|end|beginning|start|during|spring|summer|autumn|"
    r"fall|of)[ -]+)+((?:19|20)\d\d)$"
)
_NAMES: Final = {
    word: place
    for place, words in enumerate(
        (
            "january jan janvier",
            "february feb février fevrier",
            "march mar mars",
            "april apr avril",
            "may mai",
            "june jun juin",
            "july jul juillet",
            "august aug août aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec décembre decembre",
        ),
        start=1,
    )
    for word in words.split()
}
_NAMED: Final = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?(?=[, ]))?,? (\d{4})\b"
)
_OPEN_START: Final = ("unti", "by ", "before")


class ImpossibleDateError(ValueError):
    """A date that no calendar has, or a year out of range; its text is the reason."""


def read_period(text: str, known_on: date) -> Period | None:
    """Read a tracker's date; None when none is given.

    ``known_on`` closes what has no end of its own ("after 12/21/2022"): it had happened by the
    day on which the release was known. With slashes the month comes first unless it cannot be
    one, with dots the day. ImpossibleDateError gives the reason why a date cannot be used.

    >>> str(read_period("until 12/20/2022", date(2023, 3, 2)))
    '/2022-12-20'
    >>> str(read_period("between 3/20/2022 and 7/1/2022", date(2023, 3, 2)))
    '2022-03-20/2022-07-01'
    >>> str(read_period("not specified, 8/2022", date(2023, 3, 2)))
    '2022-08-01/2022-08-31'
    >>> str(read_period("until 06/31/2022", date(2023, 3, 2)))
    '/2022-06-30'
    >>> str(read_period("early March 2022", date(2023, 3, 2)))
    '2022-03-01/2022-03-31'
    """
    words = " ".join(text.split()).lower()
    if not any(each.isdigit() for each in words):
        return None
    iso = _ISO.match(words)
    if iso:
        return Period.on(_day(int(iso[1]), int(iso[2]), int(iso[3])))
    found = _parts(words)
    if found:
        return _joined(words, found, known_on)
    raise ImpossibleDateError("this date cannot be read")


def _parts(words: str) -> list[Period]:
    """Give every day, month, quarter or year that the words name, in any writing."""
    found: list[Period] = []

    def take(period: Period) -> str:
        found.append(period)
        return " "

    rest = _NAMED.sub(lambda each: take(_named(each)), words)
    rest = _YEAR_FIRST.sub(
        lambda each: take(Period.on(_day(int(each[1]), int(each[3]), int(each[4])))), rest
    )
    rest = _DAY.sub(lambda each: take(Period.on(_written(each))), rest)
    rest = _QUARTER.sub(lambda each: take(_quarter(each)), rest)
    rest = _MONTH.sub(lambda each: take(_month(_full_year(each[2]), int(each[1]))), rest)
    _MONTH_LAST.sub(lambda each: take(_month(int(each[1]), int(each[2]))), rest)
    if found:
        return found
    years = _YEARS_ONLY.match(words) or _OF_A_YEAR.match(words)
    return [_year(int(each)) for each in years.groups() if each] if years else []


def _joined(words: str, found: list[Period], known_on: date) -> Period:
    firsts = [each.first for each in found if each.first]
    first, last = min(firsts), max(each.last for each in found)
    if words.startswith(("after", "since", "from")) and len(found) == 1:
        return Period(first, max(last, known_on))
    return Period(None if words.startswith(_OPEN_START) else first, last)


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise ImpossibleDateError(f"the year {year} is out of range")
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ImpossibleDateError("there is no such day")
    return day_of(year, month, day)


def _written(found: re.Match[str]) -> date:
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    month, day = (second, first) if found[2] == "." else (first, second)
    if month > 12:
        month, day = day, month
    return _day(year, month, day)


def _named(found: re.Match[str]) -> Period:
    year, month = int(found[4]), _NAMES[found[2]]
    day = found[1] or found[3]
    return Period.on(_day(year, month, int(day))) if day else _month(year, month)


def _month(year: int, month: int) -> Period:
    _day(year, month, 1)
    return Period.month(year, month)


def _quarter(found: re.Match[str]) -> Period:
    year, quarter = int(found[2] or found[3]), int(found[1] or found[4])
    return Period(_day(year, 3 * quarter - 2, 1), last_of_month(year, 3 * quarter))


def _year(year: int) -> Period:
    return Period(_day(year, 1, 1), date(year, 12, 31))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
