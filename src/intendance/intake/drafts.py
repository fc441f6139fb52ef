"""Statements while they are read: the draft, and what every frame shares."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from intendance.intake.cues import CueFinder, CueGroup
from intendance.intake.open_cues import OpenCues
from intendance.intake.pack import (
    ACCORDING,
    AUX,
    BOUND,
    DET,
    MODAL,
    NUMBER,
    PREP,
    ROLE,
    Pack,
    Tabled,
)
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Segmented

COUNTED: Final = "according:counted"  # a source that only was counted: nobody speaks
END_MARKS: Final = frozenset({".", "!", "?", "…", ";"})
# Fitted on the development gold by benchmarks/intake_calibration.py, less 0.04 for rules that
# were written with it; the docs' reliability table is measured on the other half.
_CONFIDENCE: Final = {
    "quote-incise": 0.93, "quote-after": 0.93, "clause-incise": 0.87, "that": 0.88, "colon": 0.62,
    "quote-in": 0.81, "request": 0.84, "pledge": 0.77, "deny": 0.86, "noun": 0.81,
    "adjective": 0.87, "according": 0.85, "floating": 0.86, "headline": 0.6, "bare": 0.77,
    "doubt": 0.7, "inside": 0.87, "name-after": 0.75, "gerund": 0.8,
}  # fmt: skip
_BRACKET: Final = re.compile(r" ?\([^()\n]{1,40}\)")
_DONE: Final = ("é", "i", "u", "is", "it", "fait", "ert")
_CLOSING: Final = frozenset(
    {
        ("tout", "comme"), ("as", "did"), ("as", "do"), ("so", "did"),
        ("sans", "autre"), ("sans", "plus"), ("without", "elaborating"),
    }
)  # fmt: skip
_AS_THEY: Final = tuple(("as", each) for each in ("he", "she", "it", "they"))


@dataclass(slots=True)
class Draft:
    """A statement while it is being read; offsets are characters."""

    start: int
    end: int
    rule: str
    act: str
    sentence: int
    cue: tuple[int, int] | None = None
    speaker: Speaker | None = None
    parts: list[tuple[int, int]] = field(default_factory=list)
    rest: tuple[int, int] | None = None  # the words of the frame after cue and speaker
    same_as_before: bool = False

    @property
    def confidence(self) -> float:
        """Give the rule's confidence (the docs' reliability table is measured on it)."""
        return _CONFIDENCE.get(self.rule.partition(":")[0], 0.7)


class FrameReader(Tabled):
    """Tables and small steps that all frames use, under one language pack."""

    __slots__ = (
        "afterthoughts", "agents", "as_they_say", "asked_what", "asking", "attitudes",
        "banners", "before_verb", "citing", "comparators", "counts_issued", "cue_prepositions",
        "cues", "de_words", "direct_object",
        "either_source", "english", "flags", "goes_on", "hesitant", "in_the_eyes_of",
        "indefinite", "infinitives", "not_according", "noun_only", "nouns", "one_is", "open_cues",
        "openers", "opening_source", "own_part", "pack", "promises", "ready", "relates", "seg",
        "strong_pasts", "that", "told_whom", "unnamed", "unnamed_sources", "verb_endings",
        "verbish", "with_clause", "words_said",
    )  # fmt: skip

    def __init__(self, seg: Segmented, pack: Pack, nouns: Nouns) -> None:
        self.seg, self.pack, self.nouns = seg, pack, nouns
        self.verbish: dict[str, bool] = {}  # by word of this document
        self._share(pack)
        self.open_cues = OpenCues(self.cues, nouns)

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of statements."""
        self.flags = pack.flags
        self.cues = CueFinder(pack)
        self.that = frozenset(pack.raw.get("that", ()))
        words = pack.raw.get("words", {})
        self.de_words = frozenset(words.get("request_of", ()))
        self.infinitives = tuple(words.get("infinitive_endings", ()))
        self.comparators = frozenset(words.get("comparators", ()))
        self.not_according = frozenset(words.get("not_according", ()))
        self.english = self.nouns.english
        self.verb_endings = tuple(words.get("future_endings", ())) + tuple(
            words.get("past_endings", ())
        ) or ("\0",)
        self.in_the_eyes_of = frozenset(words.get("in_the_eyes_of", ()))
        self.told_whom = frozenset(words.get("told_whom", ()))
        self.agents = frozenset(words.get("agents", ()))
        self.afterthoughts = frozenset(words.get("afterthoughts", ()))
        self.banners = frozenset(words.get("banners", ()))
        self.relates = frozenset(words.get("relates", ()))
        self.asked_what = frozenset(words.get("asked_what", ()))
        self.own_part = tuple(tuple(each.split()) for each in words.get("own_part", ()))
        self.words_said = frozenset(words.get("words_said", ()))
        self.openers = frozenset(words.get("openers", ()))
        self.indefinite = pack.words("indefinite")
        self.asking = frozenset(words.get("asking", ()))
        self.before_verb = frozenset(words.get("before_verb", ()))
        self.cue_prepositions = pack.raw.get("cue_prepositions", {})
        self.direct_object = frozenset(words.get("direct_object", ()))
        self.attitudes = frozenset(pack.raw.get("attitudes", ()))
        self.goes_on = frozenset(words.get("goes_on", ()))
        self.strong_pasts = frozenset(words.get("strong_pasts", ()))
        self.unnamed = frozenset(words.get("unnamed", ()))
        self.promises = frozenset(words.get("promises", ()))
        self.citing = frozenset(words.get("citing", ()))
        self.opening_source = frozenset(words.get("opening_source", ()))
        self.one_is = frozenset(words.get("one_is", ()))
        self.unnamed_sources = frozenset(words.get("unnamed_sources", ()))
        self.counts_issued = frozenset(words.get("counts_issued", ()))
        self.as_they_say = frozenset(words.get("as_they_say", ()))
        eyes = frozenset(words.get("in_the_eyes_of", ()))
        self.either_source = self.as_they_say | (frozenset() if self.english else eyes)
        self.hesitant = frozenset(pack.raw.get("hesitant", ()))
        self.ready = frozenset(pack.raw.get("ready", ()))
        self.with_clause = frozenset(words.get("with_clause", ()))
        self.noun_only = frozenset(words.get("bare_lemmas", ()))

    def _sentence_end(self, m: Matrix) -> int:
        if m.end < 0:
            lows = m.lows
            end = len(lows)
            while end and lows[end - 1] in END_MARKS:
                end -= 1
            m.end = end
        return m.end

    def _make(
        self, m: Matrix, index: int, first: int, last: int, rule: str, act: str
    ) -> Draft | None:
        while first < last and m.lows[first] in {",", ":", "–", "—"}:
            first += 1
        while last > first and m.lows[last - 1] in {",", ":", "–", "—", ";", "."}:
            last -= 1
        if first >= last:
            return None
        end = m.ends[last - 1]
        if self.seg.text.startswith(("(", " ("), end):
            bracket = _BRACKET.match(self.seg.text, end)
            if bracket is not None and any(each.isdigit() for each in bracket.group()):
                end = bracket.end()  # "le transport (environ 14 000 €)"
        return Draft(m.starts[first], end, rule, act, index)

    def _act(self, group: CueGroup, frames: tuple[str, ...] = ()) -> str:
        order = [each for each in group.readings if each.frame in frames] or group.readings
        return order[0].act

    def _clause_was_open(self, m: Matrix, draft: Draft, following: str) -> bool:
        """Tell whether the words before the incise lack a verb, which then follows."""
        if self.flags.get(following, 0) & AUX or following in self.pack.tenses:
            return True
        many = m.lows[bisect_left(m.starts, draft.start)] in {"les", "des", "ces", "ses"}
        if many and following.endswith("ent") and not following.endswith("ment"):
            return True  # "Les délais, a reconnu X, dépassent deux ans"
        if following in {"n'", "ne", "will", "would", "must", "y", "se", "s'", "has", "have"}:
            return True
        own = m.lows[bisect_left(m.starts, draft.start) : bisect_right(m.ends, draft.end)]
        if own and self.flags.get(own[-1], 0) & (AUX | MODAL) and not self.english:
            return True  # "La pénurie serait, d'après elles, la première cause"
        done = len(own) > 1 and own[-2] in self.cues.have and own[-1].endswith(_DONE)
        if done and not self.english and self._opens_object(following):
            return True  # "la crue a fait, d'après X, plus de 11 000 morts"
        if any(self._is_verb(low) for low in set(own)):
            return False
        return self._is_verb(following)

    def _is_infinitive(self, m: Matrix, at: int) -> bool:
        low = m.lows[at]
        tense = self.pack.tenses.get(low)
        if self.flags.get(low, 0) & (NUMBER | DET | ROLE | PREP):
            return False
        if tense:
            return tense == "inf" or low.endswith(("er", "oir"))
        return low.endswith(self.infinitives) and len(low) > 3 and not self.nouns.upper(m, at)

    def _opens_object(self, low: str) -> bool:
        return bool(self.flags.get(low, 0) & (DET | NUMBER | BOUND)) or low[:1].isdigit()

    def _is_verb(self, low: str) -> bool:
        known = self.verbish.get(low)
        if known is None:
            known = self.verbish[low] = self._looks_verbal(low)
        return known

    def _looks_verbal(self, low: str) -> bool:
        if self.flags.get(low, 0) & AUX or self.pack.tenses.get(low) in {
            "pres",
            "past",
            "fut",
            "cond",
        }:
            return True
        return len(low) > 4 and low.endswith(self.verb_endings)

    def _cut(self, m: Matrix, first: int, stop: int) -> int:
        """End a clause before ", selon X" and ", a-t-il ajouté"."""
        lows = m.lows
        for at in range(first + 1, stop) if m.sentence.quotes else ():
            if m.quotes[at - 1] and tuple(lows[at : at + 2]) in _AS_THEY:
                return at  # "not to be “cowards” as he threw his weight …"
        for at in range(first + 2, stop):
            if lows[at] == ";":
                return at
            if lows[at - 1] != ",":
                continue
            if (lows[at], lows[at + 1] if at + 1 < stop else "") in _CLOSING:
                return at - 1  # "prêt à « accélérer », sans autre précision"
            if at == first + 2 and lows[first] in self.that:
                continue  # "signalait que, selon un audit, un tiers …"
            if m.kinds[at] & ACCORDING and self.pack.match(lows, at, "according", stop):
                return at - 1
            led = at + 1 < stop and m.kinds[at] & DET and lows[at + 1] in self.afterthoughts
            if led and not self.relates.isdisjoint(lows[at + 2 : at + 4]):
                return at - 1  # ", des propos que son homologue a qualifiés de « honteux »"
        return stop
