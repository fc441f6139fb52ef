"""Months with their days and years: "les 3 et 7 mai", "entre mars et mai 2023", "last March"."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from intendance.intake.date_seasons import Found, SeasonReader
from intendance.intake.pack import MONTH, WEEKDAY, Pack
from intendance.intake.reading import Granularity
from intendance.intake.segment import Sentence

_ORDINAL: Final = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|\.)?\Z")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_SINCE: Final = frozenset({"depuis", "since", "dès", "from"})
_AND: Final = frozenset({"et", "and"})
_PARTS: Final = ("mi-", "mid-", "end-", "early-", "late-")
_JOINED: Final = frozenset({"au", "et", "-", "–", "to", "and", "bis", "à"})
_BETWEEN: Final = frozenset({"entre", "between"})
_OF: Final = frozenset({"de", "of"})
_OPENED: Final = frozenset('"«“:')


def day_of(year: int, month: int, day: int) -> date | None:
    """Give a day, None when there is none such (31 April)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


class MonthReader(SeasonReader):
    """Reads a month with what stands around it, under one language pack."""

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        words = pack.raw.get("words", {})
        self.year_before = frozenset(words.get("year_before", ()))
        self.begin_words = frozenset(words.get("period_parts", ()))
        self.month_first = pack.language == "en"
        self.full_months = frozenset(group[0] for group in pack.raw.get("months", ()) if group)
        self.ambiguous = frozenset(words.get("ambiguous_months", ()))

    def _year_for(self, month: int, day: int | None, tense: str) -> int | None:
        if self.published is None:
            return None
        here = self.published
        before = (month, day or 1) <= (here.month, here.day)
        if tense == "future":
            same = (month, day or 31) >= (here.month, here.day)
            return here.year if same else here.year + 1
        return here.year if before or (day is None and month == here.month) else here.year - 1

    def _nearer_ahead(self, year: int, month: int, first: int, sentence: Sentence) -> bool:
        """Tell "en mars" of a January: nine months back would be written with its year."""
        here = self.published
        if here is None or (here.year - year) * 12 + here.month - month < 9:
            return False
        near = range(max(first - 3, sentence.first), first)
        if any(
            self._verb_tense(self.seg.lows[at]) == "past"
            and self.seg.lows[at] not in self.pack.cues
            for at in near
        ):
            return False  # "a totalisé en janvier"
        before = self.seg.lows[max(first - 12, sentence.first) : first]
        opened = [at + 1 for at, low in enumerate(before) if low in _OPENED]
        before = before[opened[-1] if opened else 0 :]
        return not any(low in self.gone_words or low in _SINCE for low in before)

    def _day_number(self, at: int) -> int | None:
        match = _ORDINAL.match(self.seg.lows[at])
        if match and 1 <= int(match.group(1)) <= 31:
            return int(match.group(1))
        value: int | None = self.pack.raw.get("ordinal_days", {}).get(self.seg.lows[at])
        return value

    def _year_after(self, at: int, stop: int) -> tuple[int, int] | None:
        lows = self.seg.lows
        if (at < stop and lows[at] in {",", "de", "of"} and at + 1 < stop) and (
            _YEAR.match(lows[at + 1]) and lows[at] != "de"
        ):
            return at + 2, int(lows[at + 1])
        if at < stop and _YEAR.match(lows[at]):
            return at + 1, int(lows[at])
        return None

    def _around_month(self, at: int, month: int, sentence: Sentence, floor: int) -> Found | None:
        lows, last = self.seg.lows, at + 1
        if lows[at] in self.ambiguous and not self.seg.upper(at):
            return None
        if (
            last < sentence.last
            and lows[last] == "."
            and lows[at] not in self.full_months
            and (len(lows[at]) <= 4)
        ):
            last += 1
        days, first, last, listed = self._days_around(at, last, sentence, floor)
        year_after = self._year_after(last, sentence.last)
        if year_after is None and last < sentence.last and lows[last] in _OF:
            named = self._named_year(last, sentence)  # "le 3 mai de l'an dernier"
            year_after = named and (named[1], named[0])
        year = None
        if year_after:
            last, year = year_after
        else:
            year = self._year_of_pair(last, month, sentence)
        middle = lows[at].startswith(_PARTS)  # "à la mi-novembre"
        short = not (lows[at] in self.full_months or middle or days) and year is None
        if short and not (at > floor and lows[at - 1] in self.year_before | self.begin_words):
            return None  # "Jan" is a person, "sept" a number
        if lows[at] == "sept" and not days and year is None and not self.month_first:
            return None  # the French number
        if (lows[at] in self.ambiguous and not days and year is None) and (
            not (
                at > floor and lows[at - 1] in self.year_before | self.last_words | self.next_words
            )
        ):
            return None
        part = first - 1 >= floor and lows[first - 1] in self.begin_words
        if part and not days:
            first -= 1
        weekday = first - 1
        if weekday >= floor and lows[weekday] in {",", "the", "den", "le"}:
            weekday -= 1
        flagged = weekday >= floor and self.pack.flags.get(lows[weekday], 0) & WEEKDAY
        if days and flagged:
            first = weekday
        found = self._month_value(first, last, year, month, days, sentence)
        if listed and found is not None and found.value and "/" in found.value:
            start, _, stop = found.value.partition("/")
            cut = first + 1 if first < at else at + 2
            found.before = Found(first, cut, start, "day", "day-month")
            found.first, found.value, found.granularity = cut + 1, stop, "day"
        return found

    def _year_of_pair(self, last: int, month: int, sentence: Sentence) -> int | None:
        """Give the year of "entre mars et mai 2023" to March."""
        lows, at = self.seg.lows, last + 1
        if at >= sentence.last or lows[last] not in _JOINED:
            return None
        at += lows[at] in {"le", "the", "early", "late", "mid", "fin", "début"}
        at += at < sentence.last and self._day_number(at) is not None
        if at >= sentence.last or not self.seg.kinds[at] & MONTH:
            return None
        matched = self.pack.match(lows, at, "months", sentence.last)
        after = self._year_after(at + matched[0], sentence.last) if matched else None
        if matched is None or after is None:
            return None
        year: int = after[1] - (month > matched[1])
        return year

    def _days_around(
        self, at: int, last: int, sentence: Sentence, floor: int
    ) -> tuple[list[int], int, int, bool]:
        """Give the days before or behind a month, their span, and whether they are no interval."""
        lows, first = self.seg.lows, at
        days: list[int] = []
        listed = False  # "les 3 et 7 mai": two days, no interval
        before = at - 1
        if before >= floor and lows[before] == "of":
            before -= 1
        number = self._day_number(before) if before >= floor else None
        if number is None and before >= floor + 1 and lows[before] == ".":
            number = self._day_number(before - 1)
            before -= 1 if number else 0
        if number is not None:
            days, first = [number], before
            joiner = before - 1
            if joiner - 3 >= floor and lows[joiner] == "le" and lows[joiner - 3] == "le":
                joiner -= 1  # "entre le 17 et le 30 novembre"
            if joiner - 1 >= floor and lows[joiner] in _JOINED:
                other = self._day_number(joiner - 1)
                if other is not None and other < number:
                    days, first = [other, number], joiner - 1
                    opened = first - 1 >= floor and lows[first - 1] in _BETWEEN
                    opened = opened or (first - 2 >= floor and lows[first - 2] in _BETWEEN)
                    listed = lows[joiner] in _AND and number - other > 1 and not opened
        elif self.month_first and last < sentence.last:
            number = self._day_number(last)
            if number is not None:
                days, last = [number], last + 1
                if last + 1 < sentence.last and lows[last] in {"-", "–", "to", "and"}:
                    other = self._day_number(last + 1)
                    if other is not None and other > number:
                        listed = lows[last] in _AND and other - number > 1
                        listed = listed and not (at > floor and lows[at - 1] in _BETWEEN)
                        days, last = [number, other], last + 2
        return days, first, last, listed

    def _month_value(
        self, first: int, last: int, year: int | None, month: int, days: list[int],
        sentence: Sentence,
    ) -> Found | None:  # fmt: skip
        rule = "day-month" if days else "month"
        if year is None:
            tense = self.tense(first, last, sentence)
            if self._is_due(first, sentence):
                tense = "future"
            if last < sentence.last and self.seg.lows[last] in self.next_words:
                tense, last = "future", last + 1
            elif last < sentence.last and self.seg.lows[last] in self.last_words:
                tense, last = "past", last + 1
            elif first > sentence.first and self.seg.lows[first - 1] in self.next_words:
                tense, first = "future", first - 1
            elif first > sentence.first and self.seg.lows[first - 1] in self.last_words:
                tense, first = "past", first - 1
            year = self._year_for(month, days[0] if days else None, tense)
            if year is not None and tense in ("past", "present") and self._nearer_ahead(
                year, month, first, sentence
            ):  # fmt: skip
                year += 1
        if year is None:
            kind: Granularity = "month" if not days else "day" if len(days) == 1 else "interval"
            return Found(first, last, None, kind, rule)
        if not days:
            return Found(first, last, f"{year:04d}-{month:02d}", "month", rule)
        found = [day_of(year, month, each) for each in days]
        if found[0] is None or found[-1] is None:
            return None
        if len(found) == 1:
            return Found(first, last, found[0].isoformat(), "day", rule)
        return Found(first, last, f"{found[0]}/{found[-1]}", "interval", "day-range")
