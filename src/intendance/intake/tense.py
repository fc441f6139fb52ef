"""The tense around a date: what was, what is, and what lies ahead."""

from __future__ import annotations

from typing import Final

from intendance.intake.pack import DET, PREP, Pack, Tabled
from intendance.intake.segment import Segmented, Sentence

_BARRIER: Final = frozenset('"«»“”„;:')
_QUOTES: Final = frozenset('"«»“”„')
_NONE: Final[frozenset[str]] = frozenset()
_CLAUSES: Final = frozenset({"et", "mais", "and", "but"})
_MOST_WORDS: Final = 20_000
_REACH: Final = 25  # how many words away a verb still governs a date


class TenseReader(Tabled):
    """Reads the verb that governs a date, under one language pack."""

    __slots__ = (
        "ahead", "by_words", "cond_endings", "date_fillers", "future_endings", "future_words",
        "gone_words", "needed", "not_verbs", "pack", "past_endings", "past_words", "planned",
        "progressive", "right_ends", "seg", "tensed", "timetable",
    )  # fmt: skip

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        self._share(pack)

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of tense."""
        words = pack.raw.get("words", {})
        self.future_words = frozenset(words.get("future_words", ()))
        self.past_words = frozenset(words.get("past_words", ()))
        self.conditions = pack.words("conditions")
        self.timetable = frozenset(words.get("timetable", ()))
        self.progressive = frozenset(words.get("progressive", ()))
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
        self.tensed: dict[str, str | None] = {}  # what words have told, for all texts

    def _verb_tense(self, word: str) -> str | None:
        if word not in self.tensed:
            if len(self.tensed) > _MOST_WORDS:
                self.tensed.clear()
            self.tensed[word] = self._tense_of(word)
        return self.tensed[word]

    def _tense_of(self, word: str) -> str | None:
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
        lead = first - 1 - (first - 2 >= sentence.first and lows[first - 1] in {"le", "the"})
        if lead >= sentence.first and lows[lead] in {"depuis", "since"}:
            return "past"
        found = self._nearest_tense(first, last, sentence, _CLAUSES, _BARRIER)
        found = found or self._nearest_tense(first, last, sentence, _NONE, _BARRIER)
        if found is None and not _QUOTES.isdisjoint(self.seg.lows[sentence.first : sentence.last]):
            # A few words in quotation marks have no verb of their own: "dès le mois d'août".
            found = self._nearest_tense(first, last, sentence, _NONE, _BARRIER - _QUOTES)
        return found or "past"

    def _nearest_tense(
        self, first: int, last: int, sentence: Sentence, joints: frozenset[str],
        bounds: frozenset[str],
    ) -> str | None:  # fmt: skip
        """Give the tense of the nearest verb; behind ``joints`` another clause begins."""
        lows = self.seg.lows
        left, right, floor = first - 1, last, sentence.first
        for _ in range(_REACH):
            if left >= floor:
                if lows[left] in bounds:
                    left = -1
                elif lows[left] in _CLAUSES and self._own_clause(left, first, last, sentence):
                    left = -1  # "…, et mardi la seconde tranche suivra"
                else:
                    found = self._left_tense(left, first)
                    if found:
                        return found
                    left -= 1
            if 0 <= right < sentence.last:
                low = lows[right]
                if (
                    low in bounds
                    or low in self.conditions
                    or (left >= floor and (low == "," or low in joints))
                ):
                    right = -1  # ", a confirmé le ministre" tells when it was said
                else:
                    found = None if self._noun(right) else self._verb_tense(low)
                    if found == "past" and self._passive_ahead(right):
                        found = "future"  # "vont arriver samedi pour être formés"
                    if found:
                        return found
                    right += 1
        return None

    def _left_tense(self, at: int, first: int) -> str | None:
        low = self.seg.lows[at]
        if self._noun(at):
            return None
        if low in self.timetable:
            led = self.seg.kinds[at - 1] & (DET | PREP) if at else 0
            return None if led else "future"  # "the buses leave on Friday", no "start of May"
        if low == "may" and not self.seg.upper(at):
            return "future"
        if low in self.progressive and any(
            each.endswith("ing") for each in self.seg.lows[at + 1 : min(at + 4, first)]
        ):
            return "future"  # "is sending two flights on Saturday"
        found = self._verb_tense(low)
        return "future" if found == "past" and self._passive_ahead(at) else found

    def _own_clause(self, at: int, first: int, last: int, sentence: Sentence) -> bool:
        """Tell whether ", et" before a date opens a clause whose verb follows the date."""
        lows = self.seg.lows
        if lows[at - 1] != "," or first - at > 3:
            return False
        for place in range(last, min(last + 12, sentence.last)):
            if lows[place] in _BARRIER or lows[place] == ",":
                return False
            if not self._noun(place) and self._verb_tense(lows[place]):
                return True
        return False

    def _noun(self, at: int) -> bool:
        """Tell "l'annonce", "une offre" from the verb of the same form."""
        if not at or self.pack.tenses.get(self.seg.lows[at]) != "pres":
            return False
        before = self.seg.lows[at - 1]
        return bool(self.pack.flags.get(before, 0) & DET) or before.endswith("ième")

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
