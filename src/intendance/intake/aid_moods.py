"""Whether the clause of an event asserts it: conditions, aims, indirect questions."""

from __future__ import annotations

from typing import Final

from intendance.intake.aid_nouns import NounReader
from intendance.intake.pack import CUE, ITEM, NOMINAL, ROLE
from intendance.intake.parties import Event
from intendance.intake.segment import Sentence

_MARKS: Final = frozenset({",", ";", ":", '"', "«"})
_BREAKS: Final = frozenset('.;:"«»“”()!?–—')
_PARTING: Final = frozenset({"'s", ",", ":", "de", "d'", "des", "du", "of", "from", "and", "et"})
_THAT: Final = frozenset({"que", "qu'"})
_AIMS: Final = frozenset({"pour", "afin", "condition", "pourvu", "moins", "avant", "sans"})
_UNTIL: Final = frozenset({"until", "till", "before"})
_NOW: Final = frozenset({"is", "are", "has", "have"})
_PROVIDED: Final = frozenset({"provided", "providing"})
_ASKED: Final = frozenset({"pledge", "consider"})


class MoodReader(NounReader):
    """Tells conditions, aims and indirect questions from what is asserted."""

    def _asks_how(self, event: Event, sentence: Sentence) -> bool:
        """Tell "did not say how much it would give", "ni qui les financerait": not asserted."""
        lows, status = self.seg.lows, event.status
        for place in range(event.first - 1, max(event.first - 7, sentence.first - 1), -1):
            low = lows[place]
            if low in _MARKS:
                return False
            if status not in _ASKED:
                if low == "where" and lows[event.last : event.last + 1] == ["from"]:
                    return True  # "Asked where the shells came from"
                continue
            if low in self.asking_how:
                return True
            if low in {"who", "qui"} and lows[place - 1] in {"say", "said", "ni", "dit"}:
                return True
        return False

    def _aimed_at(self, at: int, event: Event) -> bool:
        """Tell "pour qu'ils financent", "provided that Berlin agrees", "until it sends"."""
        lows = self.seg.lows
        if self.nouns.english:
            if lows[at] in _PROVIDED:
                return self._provided(at)
            now = event.rule.endswith(":pres") or not _NOW.isdisjoint(lows[at : event.last])
            return lows[at] in _UNTIL and now
        plain = event.rule.endswith(":pres") or event.rule.startswith("aid.phrase")
        return plain and lows[at] in _THAT and lows[at - 1] in _AIMS

    def _person_comes(self, first: int, sentence: Sentence) -> bool:
        """Tell "Le président, qui réclame des chars, est arrivé": a person, not what he asks."""
        lows, kinds = self.seg.lows, self.seg.kinds
        if lows[first - 1] != "," or first - 1 <= sentence.first:
            head = range(max(first - 5, sentence.first), first)
            if not any(kinds[k] & ROLE for k in head):
                return False
            return not any(kinds[k] & (ITEM | NOMINAL) or lows[k] in _PARTING for k in head)
        comma = next((k for k in range(first - 2, sentence.first, -1) if lows[k] == ","), 0)
        if not comma:
            return False
        head = range(max(comma - 6, sentence.first), comma)
        if any(kinds[k] & (ITEM | NOMINAL) or self._number_at(k) for k in head):
            return False
        return any(kinds[k] & ROLE for k in head) or lows[comma + 1] in {"who", "whose"}

    def _reported(self, at: int, sentence: Sentence) -> bool:
        """Tell the future in reported speech: "a promis que … fournirait", "said it would send"."""
        lows = self.seg.lows
        for back in range(at - 1, max(at - 22, sentence.first) - 1, -1):
            if lows[back] in _BREAKS:
                break
            tense = self.pack.tenses.get(lows[back])
            past = tense not in ("pres", "none") or lows[back - 1] in self.have  # "a dit que"
            if past and self.flags.get(lows[back], 0) & CUE:
                return True
        return self.nouns.english and self._told_after(at, sentence)

    def _told_after(self, at: int, sentence: Sentence) -> bool:
        """Tell "Brussels would make funds available, its president announced"."""
        lows, comma = self.seg.lows, False
        for place in range(at + 1, sentence.last):
            if comma and self.flags.get(lows[place], 0) & CUE and lows[place] in self.told:
                return True
            comma = comma or lows[place] == ","
        return False
