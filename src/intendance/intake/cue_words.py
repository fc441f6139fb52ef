"""Which words that could be cues are nouns, adjectives or unsaid: "tough questions", "reports"."""

from __future__ import annotations

from typing import Final

from intendance.intake.pack import (
    ADVERB,
    AUX,
    DET,
    DIGITS,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    Pack,
    Verb,
)
from intendance.intake.people import QUOTE, Matrix

_WRITTEN: Final = frozenset({"wrote", "written"})
_ASKED_BY: Final = frozenset({"sought", "requested", "demanded", "promised", "pledged", "urged"})
_ABLE: Final = frozenset({"could", "can", "cannot", "ca"})


class NounOrVerb:
    """Questions about one English word that may be a verb of saying."""

    pack: Pack
    unsaid: frozenset[str]
    crowds: frozenset[str]
    subordinators: frozenset[str]
    noun_cues: frozenset[str]
    that: frozenset[str]

    def in_writing(self, m: Matrix, at: int, readings: list[Verb]) -> bool:
        """Tell what a letter asks: "wrote to the president demanding that …"."""
        asks = any(each.frame == "request" for each in readings)
        near = m.lows[max(at - 9, 0) : at] if asks else ()
        return not _WRITTEN.isdisjoint(near) and "," not in near

    def _left_unsaid(self, m: Matrix, at: int, readings: list[Verb], aux: str) -> bool:
        """Tell "could not explain the delay", "did not confirm delivery": nothing is said."""
        if aux in _ABLE:
            return bool(m.kinds[min(at + 1, len(m) - 1)] & (DET | PRONOUN))
        return readings[0].lemma in self.unsaid

    def _led_noun(self, m: Matrix, at: int, readings: list[Verb]) -> bool:
        """Tell "tough questions", "a conference call": no plural, name or office before it."""
        before, tense = m.lows[at - 1], readings[0].tense
        upper = m.shown[m.starts[at - 1]].isupper()
        several = upper and ("and" in m.lows[max(at - 6, 0) : at - 1] or before[-1:] == "s")
        if tense == "inf" and not (several or before.endswith("s") or before in self.crowds):
            return True
        return tense == "pres" and not upper and all(each.frame == "noun" for each in readings)

    def _no_verb(self, m: Matrix, at: int, tense: str) -> bool:
        """Tell "354 confirmed cases", "if asked", "estimates are" from a verb with a subject."""
        if not at:
            return False
        before, low = m.lows[at - 1], m.lows[at]
        if before == "for" and tense == "ger" and "thanked" in m.lows[max(at - 6, 0) : at]:
            return True  # "thanked them for asking"
        if tense == "past" and low != "said":
            counted = m.kinds[at - 1] & (DIGITS | NUMBER) and before[-1:].isdigit()
            deadly = low == "claimed" and "lives" in m.lows[at + 1 : at + 6]
            led = before in {"to", "of", "by", "with", "amid"}  # "due to repeated attacks"
            if before.endswith("ly") and at > 1 and not m.kinds[at - 1] & (ADVERB | DET):
                led = bool(m.kinds[at - 2] & DET) or m.lows[at - 2] == "'s"  # "widely reported"
            if m.lows[at + 1 : at + 2] == ["by"] and low in _ASKED_BY:
                return True
            return bool(counted) or deadly or led or before in self.subordinators
        if low not in self.noun_cues or not low.endswith("s") or at + 1 >= len(m):
            return False
        told = self.pack.tenses.get(m.lows[at + 1]) == "past"  # "early estimates indicated"
        if self.pack.tenses.get(before) in ("past", "ger") and at > 1:
            told = told or not m.kinds[at - 2] & DET  # "denied reports that"
        return told or bool(m.kinds[at + 1] & AUX) or self._taken_for(m, at)

    def _taken_for(self, m: Matrix, at: int) -> bool:
        """Tell ", remarks his counterpart described as …" from ", remarks his counterpart."."""
        if m.lows[at - 1] != "," or not m.kinds[at + 1] & (DET | PRONOUN):
            return False
        near = m.lows[at + 2 : at + 7]
        return any(self.pack.tenses.get(low) == "past" for low in near)

    def _noun_use(self, before: str, after: str, flag: int) -> bool:
        """Tell "the report", "a call for" from "they report", "calls for"."""
        if before == "after" and after in self.that:
            return False  # "after saying that"
        if (flag & (PRONOUN | AUX | MODAL | ADVERB) and not flag & DET) or before in {"to", ","}:
            return before == "," and after in {"of", "from", "by"}
        if flag & (DET | PREP) or before in {"and", "'s", "u.s.", "u.n.", "u.k.", ""}:
            return True
        if after in self.that or after in {"to", "on", ":", QUOTE, "for"}:
            return False
        return after in {"of", "by", "from", ",", "."} or not before[:1].isalnum()
