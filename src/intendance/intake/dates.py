"""Dates as people write them, resolved against the day of publication by the tense around them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Final

from intendance.intake.date_months import MonthReader, day_of
from intendance.intake.date_seasons import Found
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

_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")


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


_OF_EVENT: Final = frozenset({"de", "d'", "du", "des"})
_SPAN: Final = frozenset({"first", "worst", "strongest", "biggest", "largest", "most", "deadliest"})
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


class DateReader(MonthReader):
    """Finds dates in a segmented text under one language pack."""

    __slots__ = (
        "ago", "ambiguous", "begin_words", "eves", "full_months", "month_first", "paragraph",
        "spoken_of", "told_in", "units", "year_before",
    )  # fmt: skip

    def __init__(self, seg: Segmented, pack: Pack, published: date | None) -> None:
        super().__init__(seg, pack, published)
        self.spoken_of: date | None = None  # the last day told, and its paragraph
        self.paragraph = self.told_in = -1

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
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

    # ---- forms -------------------------------------------------------------------------

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
        led = bool(self.pack.flags.get(following, 0) & (DET | PRONOUN)) or following == "a"
        return led and following != "that"

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
        found = day_of(year, month, day)
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
