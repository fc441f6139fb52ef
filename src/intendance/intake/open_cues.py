"""Cues that no list knows: any verb that stands between a quotation and who speaks.

« Les stocks sont vides », égrène-t-il. « … », s'est étranglé le maire. "…," fumed its head.
The place of the words tells, so the verb itself need not be known; the shape must be a verb's.
"""

from __future__ import annotations

from typing import Final

from intendance.intake.cues import CueFinder, CueGroup
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DET,
    ITEM,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    REL,
    ROLE,
    Verb,
)
from intendance.intake.people import QUOTE, Matrix, Nouns

_SAID: Final = [Verb("?", "pres", "incise", "declare", 1)]
_CLITICS: Final = frozenset({"s'", "se", "l'", "le", "la", "les", "lui", "leur", "nous", "m'"})
_PRESENT: Final = ("e", "ent", "it", "ît", "t", "d")
_PARTICIPLE: Final = ("é", "ée", "és", "ées", "i", "ie", "is", "it", "u", "ue", "us", "ert")
_NO_VERB: Final = AUX | DET | ITEM | MODAL | NUMBER | PREP | PRONOUN | REL | ROLE | ADVERB
_GOING: Final = frozenset({"went", "goes"})
_ON: Final = (["on", ","], ["on", "."], ["on", ":"], ["on"])
_INNER: Final = frozenset(".,!?…")


class OpenCues:
    """Finds the verb beside a quotation when the pack does not list it."""

    def __init__(self, finder: CueFinder, nouns: Nouns) -> None:
        self.finder, self.nouns = finder, nouns
        self.flags = finder.pack.flags
        self.that = finder.that

    def find(self, m: Matrix, known: list[CueGroup]) -> list[CueGroup]:
        """Give the groups of a sentence with quotations, beside the known ones."""
        if not m.sentence.quotes or not any(m.quotes):
            return known
        taken = {at for group in known for at in range(group.first, group.last)}
        found = list(known)
        for at, quote in enumerate(m.quotes):
            if quote is None:
                continue
            group = self._english(m, at) if self.finder.english else self._french(m, at)
            if group is not None and not taken & set(range(group.first, group.last)):
                found.append(group)
        return sorted(found, key=lambda each: each.first)

    def _shape(self, m: Matrix, at: int, endings: tuple[str, ...]) -> bool:
        low = m.lows[at]
        return (
            low.isalpha()
            and len(low) > 2
            and low not in self.that
            and low not in {"comme", "contre", "autre"}
            and low.endswith(endings)
            and not self.flags.get(low, 0) & _NO_VERB
            and not self.nouns.upper(m, at)
        )

    # ---- French ------------------------------------------------------------------------------

    def _french(self, m: Matrix, quote: int) -> CueGroup | None:
        """Read « … », [s'] VERB X / « … », a [adverb] PARTICIPLE X / « … », VERB-t-il."""
        lows, first = m.lows, quote + 1
        if first < len(m) and lows[first] == ",":
            first += 1
        if first + 1 >= len(m):
            return None
        verb, reflexive = first, False
        if first == quote + 1 and lows[first] in {"l'", "le", "la", "les"}:
            return None  # "« détruire » l'ensemble du pays"
        while verb < len(m) - 1 and lows[verb] in _CLITICS:
            reflexive = reflexive or lows[verb] in {"s'", "se"}
            verb += 1
        tense, pronoun = "pres", None
        if lows[verb] in self.finder.have_or_be:
            tense = "part"
            verb += 1
            if verb < len(m) and lows[verb][0] == "-" and len(lows[verb]) > 2:
                pronoun, verb = verb, verb + 1
            while verb < len(m) and self.flags.get(lows[verb], 0) & ADVERB:
                verb += 1
        endings = _PARTICIPLE if tense == "part" else _PRESENT
        if verb >= len(m) or not self._shape(m, verb, endings):
            return None
        if tense == "pres" and lows[verb].endswith(("ée", "ées")):
            return None  # "une « coalition » dirigée par la Norvège"
        last = verb + 1
        if tense == "pres" and last < len(m) and lows[last][0] == "-" and len(lows[last]) > 2:
            pronoun, last = last, last + 1
        closing = tense == "part" and first > quote + 1 and self._closing_group(m, last)
        if pronoun is None and not closing and not self._speaker_at(m, last):
            return None
        return CueGroup(first, verb, last, _SAID, tense, pronoun, reflexive)

    def _closing_group(self, m: Matrix, at: int) -> bool:
        """Tell « … », ont menacé ses agresseurs: any noun group that ends the sentence."""
        if at + 1 >= len(m) or not self.flags.get(m.lows[at], 0) & DET:
            return False
        stop = self.nouns.extent(m, at, len(m))
        return stop > at + 1 and (stop >= len(m) or m.lows[stop] in {".", ","})

    def _speaker_at(self, m: Matrix, at: int) -> bool:
        """Tell whether somebody follows: a name, an office, "le", "un" with either."""
        at = self.nouns.skip_fillers(m, at, len(m)) if at < len(m) else at
        if at >= len(m) or m.lows[at][0].isdigit():
            return False
        if self.finder.english and m.lows[at] in {"he", "she", "they"}:
            return True
        if m.lows[at : at + 2] in (["celui", "qui"], ["celle", "qui"]):
            return True
        if not self.nouns.np_start(m, at) and not self.nouns.modified(m, at):
            return False
        stop = self.nouns.extent(m, at, len(m))
        ends = stop >= len(m) or not self.flags.get(m.lows[stop], 0) & AUX
        return ends and any(
            self.flags.get(m.lows[k], 0) & ROLE or self.nouns.upper(m, k) for k in range(at, stop)
        )

    # ---- English -----------------------------------------------------------------------------

    def _english(self, m: Matrix, quote: int) -> CueGroup | None:
        """Read "…," VERBed X / "…," X VERBed."""
        own = m.quotes[quote]
        assert own is not None
        inner = m.shown[own.end - 2 : own.end - 1]
        first = quote + 1
        if first < len(m) and m.lows[first] == "," and inner not in _INNER:
            first += 1
        elif inner not in _INNER or inner == ".":
            return None
        if first + 1 >= len(m):
            return None
        if self._shape(m, first, ("ed",)) and self._speaker_at(m, first + 1):
            return CueGroup(first, first, first + 1, _SAID, "past")
        if not self.nouns.np_start(m, first) and not self.nouns.modified(m, first):
            return None
        for verb in range(first + 1, min(first + 14, len(m))):
            low = m.lows[verb]
            if low in {QUOTE, ":", ";", ".", "who", "which", "that"} or m.quotes[verb]:
                return None
            closing = verb + 1 >= len(m) or m.lows[verb + 1] in {".", ",", "!"} or (
                self.flags.get(m.lows[verb + 1], 0) & PREP
            )  # fmt: skip
            if low in _GOING and m.lows[verb + 1 : verb + 3] in _ON:
                return CueGroup(verb, verb, verb + 2, _SAID, "past")  # "she went on, "…""
            if self._shape(m, verb, ("ed",)) and closing and self._speaker_at(m, first):
                return CueGroup(verb, verb, verb + 1, _SAID, "past")
        return None
