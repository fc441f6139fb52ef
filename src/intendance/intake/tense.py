"""The tense around a date: what was, what is, and what lies ahead."""

from __future__ import annotations

from typing import Final

from intendance.intake.pack import DET, Pack
from intendance.intake.segment import Segmented, Sentence

_BARRIER: Final = frozenset('"«»“”„;:')
_REACH: Final = 25  # how many words away a verb still governs a date


class TenseReader:
    """Reads the verb that governs a date, under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        words = pack.raw.get("words", {})
        self.future_words = frozenset(words.get("future_words", ()))
        self.past_words = frozenset(words.get("past_words", ()))
        self.ahead = frozenset(words.get("ahead", ()))
        self.future_endings = tuple(words.get("future_endings", ()))
        self.cond_endings = tuple(words.get("cond_endings", ())) or ("\0",)
        self.past_endings = tuple(words.get("past_endings", ()))
        self.not_verbs = frozenset(words.get("not_verbs", ()))
        self.planned = frozenset(words.get("planned", ()))
        self.needed = frozenset(words.get("needed", ()))
        self.by_words = frozenset(words.get("by_words", ()))
        self.gone_words = frozenset(words.get("gone_words", ()))
        self.date_fillers = frozenset(words.get("date_fillers", ()))

    def _verb_tense(self, word: str) -> str | None:
        if word in self.future_words:
            return "future"
        if word in self.past_words:
            return "past"
        known = self.pack.tenses.get(word)
        if known in ("fut", "cond") or word.endswith(self.cond_endings):
            return "future"
        if known == "past" or known == "part":
            return "past"
        if known == "pres":
            # "dit vendredi": a verb of saying tells of what has been said.
            return "past" if word in self.pack.cues else "present"
        if len(word) > 4 and word not in self.not_verbs:
            if self.future_endings and word.endswith(self.future_endings):
                return "future"
            if self.past_endings and word.endswith(self.past_endings):
                return "past"
        return None

    def tense(self, first: int, last: int, sentence: Sentence) -> str:
        """Give the tense of the verb that is nearest to a date: past, present or future."""
        lows = self.seg.lows
        left, right = first - 1, last
        for _ in range(_REACH):
            if left >= sentence.first:
                if lows[left] in _BARRIER:
                    left = -1
                else:
                    found = None if self._noun(left) else self._verb_tense(lows[left])
                    if found == "past" and self._passive_ahead(left):
                        found = "future"
                    if found:
                        return found
                    left -= 1
            if 0 <= right < sentence.last:
                if lows[right] in _BARRIER or (lows[right] == "," and left >= sentence.first):
                    right = -1  # ", a confirmé le ministre" tells when it was said
                else:
                    found = self._verb_tense(lows[right])
                    if found:
                        return found
                    right += 1
        return "past"

    def _noun(self, at: int) -> bool:
        """Tell "l'annonce", "une offre" from the verb of the same form."""
        if not at or self.pack.tenses.get(self.seg.lows[at]) != "pres":
            return False
        return bool(self.pack.flags.get(self.seg.lows[at - 1], 0) & DET)

    def _passive_ahead(self, at: int) -> bool:
        """Tell "sera envoyé", "will be sent", "doit être livré": the participle lies ahead."""
        low = self.seg.lows[at]
        before = self.seg.lows[max(at - 3, 0) : at]
        done = self.pack.tenses.get(low) in {"part", "past"} or (
            self.past_endings and low.endswith(self.past_endings) and low not in self.past_words
        )
        return bool(done) and any(each in self.ahead for each in before)

    def _is_due(self, first: int, sentence: Sentence) -> bool:
        """Tell "before October", "d'ici à la fin de juin", "planned for May 25": still ahead."""
        lows = self.seg.lows
        at = first - 1
        while (
            at > sentence.first and lows[at] in self.date_fillers and lows[at] not in self.by_words
        ):
            at -= 1
        before = lows[max(at - 6, sentence.first) : at + 1]
        if any(low in self.planned for low in before) and not any(
            low in self.gone_words for low in before
        ):
            return True
        ahead = at >= sentence.first and (
            lows[at] in self.by_words - {"d'"} or lows[at : at + 2] == ["d'", "ici"]
        )
        near = lows[max(at - 12, sentence.first) : at]
        gone = any(low in self.gone_words for low in near)
        return ahead and (not gone or any(low in self.needed for low in near[-4:]))
