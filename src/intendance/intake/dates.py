"""Dates as people write them, resolved against the day of publication by the tense around them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Final

from intendance.intake.date_seasons import Found, SeasonReader
from intendance.intake.pack import (
    AGO,
    DATEWORD,
    DET,
    DIGITS,
    MONTH,
    PRONOUN,
    WEEKDAY,
    Pack,
    load,
)
from intendance.intake.reading import Granularity
from intendance.intake.segment import Segmented, Sentence

_ORDINAL: Final = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|\.)?\Z")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_SINCE: Final = frozenset({"depuis", "since", "dès", "from"})


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def week_of(day: date) -> str:
    """Give the ISO week of a day.

    >>> week_of(date(2024, 7, 18))
    '2024-W29'
    """
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Give (year, month) a number of months away.

    >>> shift_month(date(2023, 1, 31), -1)
    (2022, 12)
    """
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


_AND: Final = frozenset({"et", "and"})
_PARTS: Final = ("mi-", "mid-", "end-", "early-", "late-")
_JOINED: Final = frozenset({"au", "et", "-", "–", "to", "and", "bis", "à"})
_BETWEEN: Final = frozenset({"entre", "between"})
_OF_EVENT: Final = frozenset({"de", "d'", "du", "des"})
_SPAN: Final = frozenset({"first", "worst", "strongest", "biggest", "largest", "most", "deadliest"})
_OPENED: Final = frozenset('"«“:')
_DATED: Final = MONTH | WEEKDAY | DATEWORD
_LEADS: Final = _DATED | AGO | DIGITS


@cache
def _ago_patterns(language: str) -> dict[str, list[tuple[list[str], int]]]:
    """Give the words and the sign of each expression of a distance in time, by its first word."""
    found: dict[str, list[tuple[list[str], int]]] = {}
    for each in load(language).raw.get("ago", ()):
        words = each["words"].split()
        found.setdefault(words[0], []).append((words, int(each["sign"])))
    return found


class DateReader(SeasonReader):
    """Finds dates in a segmented text under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack, published: date | None) -> None:
        super().__init__(seg, pack, published)
        self.spoken_of: date | None = None  # the last day told, and its paragraph
        self.paragraph = self.told_in = -1

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        words = pack.raw.get("words", {})
        self.year_before = frozenset(words.get("year_before", ()))
        self.begin_words = frozenset(words.get("period_parts", ()))
        self.month_first = pack.language == "en"
        self.full_months = frozenset(group[0] for group in pack.raw.get("months", ()) if group)
        self.ambiguous = frozenset(words.get("ambiguous_months", ()))
        self.eves = pack.words("eves")
        self.units: dict[str, str] = pack.raw.get("date_units", {})
        self.ago = _ago_patterns(pack.language)

    # ---- resolution --------------------------------------------------------------------

    def _weekday(self, number: int, tense: str) -> str | None:
        if self.published is None:
            return None
        back = (self.published.isoweekday() - number) % 7
        forward = (number - self.published.isoweekday()) % 7
        days = {"past": -back, "future": forward, "next": forward or 7, "last": -(back or 7)}
        if tense == "present":
            return (self.published + timedelta(forward if forward <= 2 else -back)).isoformat()
        return (self.published + timedelta(days[tense])).isoformat()

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

    # ---- forms -------------------------------------------------------------------------

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
        year = None
        if year_after:
            last, year = year_after
        middle = lows[at].startswith(_PARTS)  # "à la mi-novembre"
        short = not (lows[at] in self.full_months or middle or days) and year is None
        if short and not (at > floor and lows[at - 1] in self.year_before | self.begin_words):
            return None  # "Jan" is a person, "sept" a number
        if lows[at] == "sept" and not days and year is None and not self.month_first:
            return None  # the French number
        if (lows[at] in self.ambiguous and not days and year is None) and (
            not (at > floor and lows[at - 1] in self.year_before)
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
        found = [_day(year, month, each) for each in days]
        if found[0] is None or found[-1] is None:
            return None
        if len(found) == 1:
            return Found(first, last, found[0].isoformat(), "day", rule)
        return Found(first, last, f"{found[0]}/{found[-1]}", "interval", "day-range")

    def _phrase(self, at: int, sentence: Sentence) -> Found | None:
        lows = self.seg.lows
        matched = self.pack.match(lows, at, "date_phrases", sentence.last)
        if matched is None:
            year = lows[at].rpartition("-")[2]
            return Found(at, at + 1, year, "year", "year") if _YEAR.match(year) else None
        size, value = matched
        following = lows[at + size] if at + size < sentence.last else ""
        eve = lows[at] in self.eves and value in ("day:-1", "day:1")
        if eve and (following in _OF_EVENT or self._event_after(at, following)):
            return None  # "à la veille du sommet", "the day before the vote"
        if value == "month:0" and following in {"de", "d'"}:
            return None  # "ce mois d'avril": the month itself follows
        if value == "day:0" and at > sentence.first and lows[at - 1] in {"à", "jusqu'"}:
            return None  # "à ce jour"
        kind, _, argument = value.partition(":")
        last = at + size
        if kind in ("quarter", "half", "season"):
            return self._part_of_year(at, last, kind, argument, sentence)
        step = int(argument)
        if kind == "weekend" and step == 0 and self.tense(at, last, sentence) == "past":
            step -= self.published is not None and self.published.isoweekday() < 6
        if eve:
            return self._eve(at, last, step)
        granularity: Granularity = {
            "day": "day", "week": "week", "month": "month", "year": "year", "yearend": "month",
        }.get(kind, "interval")  # type: ignore[assignment]  # fmt: skip
        return Found(at, last, self._relative(kind, step), granularity, f"relative:{kind}")

    def _event_after(self, at: int, following: str) -> bool:
        """Tell "the day before the vote", "the day before they left" from "the day before"."""
        if self.seg.lows[at + 2 : at + 3] != ["before"]:
            return False
        return bool(self.pack.flags.get(following, 0) & (DET | PRONOUN)) or following == "a"

    def _eve(self, at: int, last: int, step: int) -> Found | None:
        """Read "la veille", "the following day": from the day of which the text speaks."""
        gone = self.seg.lows[max(at - 4, 0) : at]
        same = self.told_in == self.paragraph or not self.gone_words.isdisjoint(gone)
        day = self.spoken_of if same else None  # "avaient manifesté la veille": of what is told
        if day is None and step > 0:
            return None
        value = (day + timedelta(step)).isoformat() if day else self._relative("day", step)
        return Found(at, last, value, "day", "eve")

    def _relative(self, kind: str, step: int) -> str | None:
        here = self.published
        if here is None:
            return None
        if kind == "day":
            return (here + timedelta(step)).isoformat()
        if kind == "week":
            return week_of(here + timedelta(7 * step))
        if kind == "month":
            year, month = shift_month(here, step)
            return f"{year:04d}-{month:02d}"
        if kind == "year":
            return f"{here.year + step:04d}"
        if kind == "yearend":
            return f"{here.year + step}-12"
        if kind == "weekend":
            saturday = here + timedelta(6 - here.isoweekday() + 7 * step)
            return f"{saturday}/{saturday + timedelta(1)}"
        return None

    def _year(self, at: int, sentence: Sentence, floor: int) -> Found | None:
        lows = self.seg.lows
        before = lows[at - 1] if at > floor else ""
        first = at
        if before not in self.year_before and before not in self.begin_words:
            return None
        if before in self.begin_words:
            first = at - 1
        if (
            at + 2 < sentence.last and lows[at + 1] in {"-", "–", "à", "et", "to", "and", "bis"}
        ) and (_YEAR.match(lows[at + 2]) and int(lows[at + 2]) > int(lows[at])):
            joined = lows[at + 1] not in {"et", "and"} or before in {"entre", "between"}
            if joined:
                value = f"{lows[at]}-01-01/{lows[at + 2]}-12-31"
                return Found(at, at + 3, value, "interval", "year-range")
        return Found(first, at + 1, lows[at], "year", "year")

    def _numeric(self, at: int) -> Found | None:
        word = self.seg.lows[at]
        pieces = re.split(r"[-/.]", word)
        if len(pieces) != 3 or len(word) > 10 or not all(map(str.isdecimal, pieces)):
            return None
        numbers = [int(each) for each in pieces]
        if len(pieces[0]) == 4:
            year, month, day = numbers
        else:
            day, month, year = numbers
            if (self.month_first and "/" in word and day <= 12) or month > 12:
                day, month = month, day
        found = _day(year, month, day)
        return Found(at, at + 1, found.isoformat(), "day", "numeric") if found else None

    def _ago(self, at: int, sentence: Sentence) -> Found | None:
        """Read "il y a deux semaines", "dans trois jours", "three weeks ago", "vor zwei Tagen"."""
        lows, raw = self.seg.lows, self.pack.raw
        low = lows[at]
        counts = low.isdecimal() or low in raw["numbers"]
        for words, sign in self.ago.get("N" if counts else low, ()):
            if at + len(words) > sentence.last:
                continue
            count, unit = 0, ""
            for offset, word in enumerate(words):
                here = lows[at + offset]
                if word == "N":
                    count = raw["numbers"].get(here, int(here) if here.isdecimal() else 0)
                    if not 0 < count < 1000:
                        break
                elif word == "UNIT":
                    unit = self.units.get(here, "")
                    if not unit:
                        break
                elif word != here:
                    break
            else:
                if words[0] == "in" and self._is_span(at, at + len(words), sentence):
                    return None
                step = count * sign
                value = self._relative(unit, step)
                kind: Granularity = unit  # type: ignore[assignment]
                return Found(at, at + len(words), value, kind, "ago")
        return None

    def _is_span(self, at: int, last: int, sentence: Sentence) -> bool:
        """Tell how long ("the worst quake in 40 years", "built in two days") from when."""
        near = self.seg.lows[max(at - 8, sentence.first) : at]
        if any(low in _SPAN or low.endswith("est") for low in near):
            return True
        return self.tense(at, last, sentence) == "past"

    def _weekday_at(self, at: int, number: int, sentence: Sentence, floor: int) -> Found | None:
        lows, last = self.seg.lows, at + 1
        first = at
        if last < sentence.last and lows[last] in self.next_words:
            return Found(at, last + 1, self._weekday(number, "next"), "day", "weekday-next")
        if last < sentence.last and lows[last] in self.last_words:
            return Found(at, last + 1, self._weekday(number, "last"), "day", "weekday-last")
        if at > floor and self.month_first and lows[at - 1] in self.next_words | self.last_words:
            tense = "next" if lows[at - 1] in self.next_words else "last"
            return Found(at - 1, last, self._weekday(number, tense), "day", f"weekday-{tense}")
        # "vendredi 21" without a month: the weekday and the number must agree.
        if last < sentence.last and lows[last].isdecimal() and len(lows[last]) <= 2:
            after = lows[last + 1] if last + 1 < sentence.last else ""
            value = self._weekday(number, "past")
            if value and int(value[-2:]) == int(lows[last]) and not after[:1].isalpha():
                return Found(first, last + 1, value, "day", "weekday-day")
        tense = self.tense(first, last, sentence)
        if self._is_due(first, sentence):
            tense = "future"  # "avant jeudi soir"
        return Found(first, last, self._weekday(number, tense), "day", f"weekday:{tense}")

    def find(self, sentence: Sentence) -> list[Found]:
        """Give the dates of a sentence, left to right, none overlapping."""
        lows = self.seg.lows
        found: list[Found] = []
        floor = sentence.first
        self.paragraph = sentence.paragraph
        for at, flag in enumerate(self.seg.kinds[sentence.first : sentence.last], sentence.first):
            if not flag & _LEADS or at < floor:
                continue
            word = lows[at]
            one: Found | None = None
            if flag & _DATED:
                one = self._flagged(at, flag, sentence, floor)
            if one is None and flag & DIGITS:
                if len(word) >= 8:
                    one = self._numeric(at)
                elif len(word) == 4 and _YEAR.match(word):
                    one = self._year(at, sentence, floor)
            if one is None and flag & (AGO | DIGITS):
                one = self._ago(at, sentence)
            if one is None:
                continue
            while found and found[-1].last > one.first:
                found.pop()
            if one.before is not None:
                found.append(one.before)
            found.append(one)
            floor = one.last
            if one.granularity == "day" and one.value and one.rule != "eve":
                self.spoken_of = date.fromisoformat(one.value)
                self.told_in = sentence.paragraph
        return found

    def _flagged(self, at: int, flag: int, sentence: Sentence, floor: int) -> Found | None:
        lows = self.seg.lows
        if flag & WEEKDAY:
            matched = self.pack.match(lows, at, "weekdays", sentence.last)
            following = lows[at + 1 : at + 4]
            # A weekday before "21 avril" is part of the longer date.
            dated = any(self.pack.flags.get(each, 0) & MONTH for each in following)
            numbered = any(each[:1].isdigit() for each in following[:2])
            if matched and not (dated and (numbered or (self.month_first and following[0] == ","))):
                return self._weekday_at(at, matched[1], sentence, floor)
            return None
        if flag & MONTH:
            matched = self.pack.match(lows, at, "months", sentence.last)
            if matched:
                return self._around_month(at, matched[1], sentence, floor)
        if flag & DATEWORD:
            return self._phrase(at, sentence)
        return None
