"""What single words and short groups of small words are: dates, plurals, trades before names."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from intendance.intake.matrix import Matrix
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DAYPART,
    DET,
    MODAL,
    MONTH,
    NUMBER,
    PREP,
    PRONOUN,
    REL,
    ROLE,
    WEEKDAY,
    Pack,
    Tabled,
)
from intendance.intake.segment import Segmented

_LAST: Final = frozenset({"last", "this"})
SPANS: Final = _LAST | {"week", "month", "year"}
_NO_NOUN: Final = AUX | DET | MODAL | NUMBER | PRONOUN | REL
DATED: Final = WEEKDAY | MONTH | DAYPART
_WHEN: Final = frozenset(
    (span, place) for span in ("day", "week", "month", "year", "night", "evening")
    for place in ("before", "earlier", "after", "later")
)  # fmt: skip


class WordKinds(Tabled):
    """Small questions about words of a matrix sentence, under one language pack."""

    seg: Segmented
    pack: Pack
    flags: dict[str, int]
    english: bool
    small_months: bool
    crowds: frozenset[str]
    today: frozenset[str]
    company: frozenset[str]

    def upper(self, m: Matrix, at: int) -> bool:
        """Tell whether a matrix word begins with a capital."""
        return m.shown[m.starts[at]].isupper()

    def is_date(self, m: Matrix, at: int) -> bool:
        """Tell whether a word is a weekday, month, day part or number of a date."""
        kind = m.kinds[at] & DATED
        if not kind:
            return False
        if kind != DAYPART and self.small_months and at and self.upper(m, at):
            return m.lows[at - 1][0].isdigit()  # Jan is no January
        return True

    def glued(self, m: Matrix, at: int) -> bool:
        """Tell the hyphen inside "48-year-old" from one between words."""
        inner = 0 < at < len(m) - 1
        return inner and m.ends[at - 1] == m.starts[at] and m.ends[at] == m.starts[at + 1]

    def al(self, m: Matrix, at: int) -> bool:
        """Tell "al-Ahmad" from a word that is small."""
        dash = m.lows[at].find("-")
        if not 1 < dash < 5 or dash + 1 >= len(m.lows[at]):
            return False
        return self.seg.text[m.starts[at] + dash + 1].isupper()

    def modified(self, m: Matrix, at: int) -> bool:
        """Tell "opposition leader Lee": small words before an office or a name."""
        if not self.english:
            return False
        for place in range(at, min(at + 4, len(m))):
            low = m.lows[place]
            flag = self.flags.get(low, 0)
            if place > at and (flag & ROLE or self.upper(m, place)):
                return True
            plain = low.replace("-", "").isalpha() and not flag & (PREP | AUX | DET | MODAL)
            if not plain or self.upper(m, place) or self.pack.cues.get(low):
                return False
        return False

    def bare_plural(self, m: Matrix, at: int, stop: int) -> bool:
        """Tell "aid workers", "eastern countries" before a verb: small words, the last plural."""
        last = ""
        for place in range(at, min(at + 4, stop)):
            low, flag = m.lows[place], m.kinds[place]
            if (
                flag & (PREP | ADVERB)
                or not low[0].isalnum()
                or low in self.today
                or self.is_date(m, place)
            ):
                break
            plain = low.replace("-", "").isalpha() and not flag & _NO_NOUN
            if not plain or self.upper(m, place):
                return False
            last = low
        else:
            if stop - at > 4:
                return False
        many = last.endswith("s") and not last.endswith(("ss", "us"))
        return many or last in self.crowds

    def past_span(self, m: Matrix, at: int) -> bool:
        """Tell the "last week" of "The US last week announced"."""
        if not self.english:
            return False
        near = m.lows[at - 1 : at + 2]
        return any(one in _LAST and other in SPANS for one, other in pairwise(near))

    def does(self, m: Matrix, at: int) -> bool:
        """Tell a gerund that hangs at a group of words from its noun ("the meeting")."""
        low, before = m.lows[at], m.kinds[at - 1]
        gerund = low.endswith("ing") and len(low) > 5 and not self.upper(m, at)
        return gerund and not m.kinds[at] & ROLE and not before & (DET | PREP) and (
            m.lows[at - 1].endswith("s") or self.upper(m, at - 1)
        )  # fmt: skip

    def before_verb(self, m: Matrix, start: int, stop: int) -> int:
        """End a group of words before its verb: "The envoy | visited"."""
        if not self.english:
            return stop
        tenses = self.pack.tenses
        for at in range(start + 1, stop):
            low = m.lows[at]
            past = tenses.get(low) == "past" or (low.endswith("ed") and low not in tenses)
            if past and not self.upper(m, at):
                return at
        return stop

    def past_agency(self, m: Matrix, at: int, stop: int) -> int:
        """Give the end of the agency's name that stands in the dateline: "à l'Atlas Presse | X"."""
        end = at
        while end < stop and self.upper(m, end) and m.lows[end][0].isalpha():
            end += 1
        for last in range(end, at + 1, -1):
            if f"({m.shown[m.starts[at] : m.ends[last - 1]]})" in m.shown:
                return last
        return 0

    def past_outlet(self, m: Matrix, at: int, stop: int) -> int:
        """Pass the rest of "à l'Agence Sud | Luciana Prado", "de Radio Nord | Ivan Kos"."""
        if self.english or m.lows[at - 1] not in self.company:
            return at
        run = at
        while run < stop and self.upper(m, run) and m.lows[run][0].isalpha():
            run += 1
        return max(at, run - 2)

    def day_told(self, m: Matrix, at: int) -> bool:
        """Tell "the day before", "a week earlier": when something was said."""
        return tuple(m.lows[at + 1 : at + 3]) in _WHEN

    def gathered(self, m: Matrix, at: int) -> bool:
        """Tell "leaders | gathered in Vilnius": what a plural did, with a place behind it."""
        if not m.lows[at].endswith("ed") or at + 1 >= len(m) or self.upper(m, at):
            return False
        if not m.kinds[at + 1] & PREP or m.kinds[at] & (ROLE | ADVERB):
            return False
        return m.lows[at - 1].endswith("s") or m.lows[at + 1] == "as"
