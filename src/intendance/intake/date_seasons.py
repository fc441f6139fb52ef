"""Quarters, halves and seasons: which year a part of a year belongs to."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from intendance.intake.pack import ITEM, Pack
from intendance.intake.reading import Granularity
from intendance.intake.segment import Segmented, Sentence
from intendance.intake.tense import TenseReader

_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_QUOTES: Final = frozenset('"«“')
_OF: Final = frozenset({"de", "d'", "of", "in", "en"})


@dataclass(slots=True)
class Found:
    """A date at tokens ``[first, last)`` with its value ("2024-W29", "2022-02", …)."""

    first: int
    last: int
    value: str | None
    granularity: Granularity
    rule: str
    before: Found | None = None  # the first of two: "les 3 et 7 mai"


class SeasonReader(TenseReader):
    """Reads parts of a year under one language pack."""

    __slots__ = (
        "last_words", "next_words", "published", "season_leads", "this_words",
    )  # fmt: skip

    def __init__(self, seg: Segmented, pack: Pack, published: date | None) -> None:
        super().__init__(seg, pack)
        self.published = published

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        self.next_words = pack.words("next_words")
        self.last_words = pack.words("last_words")
        self.this_words = pack.words("this_words")
        self.season_leads = pack.words("season_leads")

    def _part_of_year(
        self, at: int, last: int, kind: str, argument: str, sentence: Sentence
    ) -> Found | None:
        named = self._named_year(last, sentence)
        if named is not None:
            year, last = named
        elif self.published is None:
            return None
        elif kind == "season":
            return self._nearest_season(at, last, argument, sentence)
        else:
            near = {self._low(last, sentence), self._low(at - 1, sentence)}
            last += self._low(last, sentence) in self.next_words | self.last_words
            year = self.published.year
            year += bool(near & self.next_words) - bool(near & self.last_words)
        if kind == "season":
            return self._season(at, last, argument, year)
        size = 3 if kind == "quarter" else 6
        stop_month = int(argument) * size
        value = (
            f"{year}-{stop_month - size + 1:02d}-01/"
            f"{year}-{stop_month:02d}-{monthrange(year, stop_month)[1]:02d}"
        )
        return Found(at, last, value, "interval", kind)

    def _low(self, at: int, sentence: Sentence) -> str:
        return self.seg.lows[at] if sentence.first <= at < sentence.last else ""

    def _named_year(self, last: int, sentence: Sentence) -> tuple[int, int] | None:
        """Give (year, end) of "… of 2025", "… 2024-25", "… de cette année"."""
        lows, stop = self.seg.lows, last
        if stop < sentence.last and lows[stop] in _OF:
            stop += 1
        if stop >= sentence.last:
            return None
        if _YEAR.match(lows[stop]):
            year, stop = int(lows[stop]), stop + 1
            if stop + 1 < sentence.last and lows[stop] in {"-", "–", "/"}:
                stop += 2 * (lows[stop + 1] in {str(year + 1), str(year + 1)[2:]})
            return year, stop
        matched = self.pack.match(lows, stop, "date_phrases", sentence.last)
        if stop == last or matched is None or not matched[1].startswith("year:"):
            return None
        if self.published is None:
            return None
        return self.published.year + int(matched[1].removeprefix("year:")), stop + matched[0]

    def _nearest_season(self, at: int, last: int, season: str, sentence: Sentence) -> Found | None:
        """Give the season that "next", "last", "this" or the tense points at."""
        here = self.published
        assert here is not None
        start, stop = _SEASONS[season]
        begun = here.year - (here.month < start)  # the year in which it last began
        ended = begun - (here.month in (start, start % 12 + 1, stop))
        after, before = self._low(last, sentence), self._low(at - 1, sentence)
        near = {after, before, *self.seg.lows[at:last]}
        if near & self.next_words:
            last += after in self.next_words
            return self._season(at, last, season, begun + 1)
        if near & self.last_words:
            last += after in self.last_words
            return self._season(at, last, season, ended)
        if near & self.this_words:
            # The nearer one: "cet hiver" in April is the winter that has just ended.
            year = here.year - (season == "winter" and here.month <= 6)
            return self._season(at, last, season, year)
        if self._is_due(at, sentence):
            return self._season(at, last, season, begun + 1)
        if not self._led(at, last, sentence):
            return None
        tense = self.tense(at, last, sentence)
        quoted = _QUOTES.intersection(self.seg.lows[max(at - 3, sentence.first) : at])
        ahead = tense == "future" or bool(quoted)  # « au printemps »: said of what is to come
        return self._season(at, last, season, begun + ahead)

    def _led(self, at: int, last: int, sentence: Sentence) -> bool:
        """Tell "au printemps", "in the spring", "à l'automne" from "winter clothing"."""
        lows, lead = self.seg.lows, at - 1
        if last < sentence.last and self.pack.flags.get(lows[last], 0) & ITEM:
            return False
        if lead >= sentence.first and lows[lead] in {"the", "l'", "le"}:
            lead -= 1
        return lead >= sentence.first and lows[lead] in self.season_leads

    def _season(self, at: int, last: int, season: str, year: int) -> Found:
        start, stop = _SEASONS[season]
        until = year + 1 if start > stop else year
        end_day = monthrange(until, stop)[1]
        value = f"{year}-{start:02d}-01/{until}-{stop:02d}-{end_day:02d}"
        return Found(at, last, value, "interval", "season")
