"""Cue groups: the verb forms that introduce a statement, checked against their surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from intendance.intake.cue_words import NounOrVerb
from intendance.intake.pack import (
    ADVERB,
    AUX,
    CUE,
    DET,
    MODAL,
    MONTH,
    PREP,
    PRONOUN,
    REL,
    WEEKDAY,
    Pack,
    Verb,
)
from intendance.intake.people import QUOTE, Matrix

_CLITICS: Final = frozenset(
    {"s'", "se", "m'", "me", "n'", "ne", "y", "l'", "le", "lui", "leur", "nous", "en", "les",
     "la", "not", "n't"}
)  # fmt: skip
_LEADS_VERB: Final = ADVERB | AUX | MODAL | PRONOUN | REL
_BEFORE_DEED: Final = frozenset({"en", "non", "not"})
_MAY_SPEAK: Final = frozenset({"this", "that", "some", "many", "all"})
_BEFORE_GERUND: Final = frozenset(
    {",", QUOTE, "and", "in", "–", "—", "but", "after", "for", "despite", "before", "by", "while"}
)


@dataclass(slots=True)
class CueGroup:
    """A verb group at matrix words ``[first, last)`` with its verb at ``verb``."""

    first: int
    verb: int
    last: int
    readings: list[Verb]
    tense: str
    pronoun: int | None = None  # the inverted clitic ("-t-il")
    reflexive: bool = False
    negated: bool = False
    joined: bool = False  # a second participle: "a promis … et annoncé"


class CueFinder(NounOrVerb):
    """Finds the cue groups of a matrix sentence under one language pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.have = frozenset(words.get("have", ()))
        self.be = frozenset(words.get("be", ()))
        self.have_or_be = pack.words("have", "be")
        self.reflexive = frozenset(words.get("reflexive", ()))
        self.governors = frozenset(words.get("governors", ()))
        self.causatives = frozenset(words.get("causatives", ()))
        self.causing = frozenset(words.get("causing", ()))
        self.unreal = frozenset(words.get("unreal", ()))
        self.asides = frozenset(words.get("asides", ()))
        self.noun_cues = frozenset(words.get("noun_cues", ()))
        self.that = frozenset(pack.raw.get("that", ()))
        self.deeds = pack.raw["deeds"]
        self.pre_adjectives = pack.words("pre_adjectives")
        self.negations = frozenset(words.get("negations", ()))
        self.unsaid = frozenset(words.get("unsaid", ()))
        self.subordinators = frozenset(words.get("if_words", ()))
        self.crowds = frozenset(words.get("crowds", ()))
        self.english = pack.raw.get("subject_order") == "first"
        self.by_tense: dict[str, tuple[list[Verb], list[Verb]]] = {}  # of the words met so far

    def find(self, m: Matrix) -> list[CueGroup]:
        """Give the cue groups of a sentence, left to right."""
        found: list[CueGroup] = []
        for at, kind in enumerate(m.kinds):
            if not kind & CUE:
                continue
            low = m.lows[at]
            group = self._english(m, at, found) if self.english else self._french(m, at, found)
            if group is None or self._performed(m, group):
                continue
            if found and found[-1].last > group.first:
                if low not in self.pack.compounds and low not in self.causatives:
                    continue
                found.pop()  # "a lancé un appel", "croit savoir": the whole says more
            found.append(group)
        return found

    def _performed(self, m: Matrix, group: CueGroup) -> bool:
        """Tell what is done by saying it: "s'est déclaré coupable", "declared war"."""
        lemma = group.readings[0].lemma
        deeds = self.deeds.get(f"se {lemma}" if group.reflexive else lemma)
        if deeds is None:
            return False
        for at in range(group.last, min(group.last + 4, len(m))):
            if m.lows[at] in deeds or m.lows[at] in self.that:
                return m.lows[at] in deeds
            if not m.kinds[at] & (DET | ADVERB | WEEKDAY) and m.lows[at] not in _BEFORE_DEED:
                return False
        return False

    # ---- French ------------------------------------------------------------------------------

    def _french(self, m: Matrix, at: int, found: list[CueGroup]) -> CueGroup | None:
        readings = self.pack.cues[m.lows[at]]
        if m.lows[at] in self.pack.compounds:
            return self._compound(m, at, readings, found)
        if m.lows[at] in self.causatives:
            return self._causative(m, at, readings, found)
        participles, finite = self._by_tense(m.lows[at], readings)
        if participles:
            group = self._participle(m, at, participles, found)
            if group is not None:
                return group
        if finite:
            return self._finite(m, at, finite, found)
        if readings[0].tense == "ger":
            return self._gerund(m, at, readings)
        if readings[0].tense == "inf":
            return self._infinitive(m, at, readings)
        return None

    def _by_tense(self, low: str, readings: list[Verb]) -> tuple[list[Verb], list[Verb]]:
        """Give the participles and the finite forms among the readings of a word."""
        known = self.by_tense.get(low)
        if known is None:
            known = self.by_tense[low] = (
                [each for each in readings if each.tense == "part"],
                [each for each in readings if each.tense in ("pres", "past", "fut", "cond")],
            )
        return known

    def _compound(
        self, m: Matrix, at: int, readings: list[Verb], found: list[CueGroup]
    ) -> CueGroup | None:
        """Read "a mis en garde": the noun carries the sense, the verb before it the tense."""
        heads = self.pack.compounds[m.lows[at]]
        near = range(at - 1, max(at - 5, -1), -1)
        head = next((back for back in near if m.lows[back] in heads), -1)
        if head < 0 or any(self.flags.get(low, 0) & CUE for low in m.lows[head + 1 : at]):
            return None
        group = self._participle(m, head, readings, found) or self._finite(m, head, readings, found)
        if group is not None:
            group.verb, group.last = at, at + 1
        return group

    def _causative(
        self, m: Matrix, at: int, readings: list[Verb], found: list[CueGroup]
    ) -> CueGroup | None:
        """Read "a fait savoir", "laisse entendre", "a-t-on fait valoir"."""
        head = at - 1
        head -= head > 0 and m.lows[head][0] == "-" and len(m.lows[head]) > 2  # "fait-on valoir"
        if not at or m.lows[head] not in self.causing:
            return None
        group = self._participle(m, head, readings, found) or self._finite(m, head, readings, found)
        if group is not None:
            group.verb, group.last = at, at + 1
        return group

    def _participle(
        self, m: Matrix, at: int, readings: list[Verb], found: list[CueGroup]
    ) -> CueGroup | None:
        lows, pronoun, negated = m.lows, None, False
        back = at - 1
        while back >= 0 and at - back < 10:
            low = lows[back]
            if low[0] == "-" and len(low) > 2:
                pronoun = back
            elif low in self.have_or_be:
                break
            elif low == "été":
                return None
            elif low in self.negations:
                negated = True
            elif (
                not self.flags.get(low, 0) & ADVERB
                and not (low.endswith("ment") and len(low) > 6)
                and low not in _CLITICS
                and low not in self.asides
                and low != ","
                and (low != "et" or lows[back - 1] != "ores")
            ):
                back = -1
                break
            back -= 1
        if back < 0 or lows[back] not in self.have_or_be:
            if at and lows[at - 1] in {"et", "mais"} and self._participle_before(m, at - 1, found):
                plain = [each for each in readings if not each.reflexive]
                return CueGroup(at, at, at + 1, plain, "part", joined=True) if plain else None
            return None
        first, reflexive = back, False
        while first and lows[first - 1] in _CLITICS:
            first -= 1
            reflexive = reflexive or lows[first] in self.reflexive
        reflexive = reflexive and lows[back] in self.be  # "nous a demandé" asks us
        if lows[back] in self.be and not reflexive:
            return None
        chosen = [each for each in readings if each.reflexive == reflexive]
        if not chosen:
            chosen = [
                each
                for each in readings
                if not each.reflexive
                and reflexive
                and each.frame in ("say", "request", "pledge")
                and each.lemma == "voir"
            ]
        if not chosen:
            return None
        return CueGroup(first, at, at + 1, chosen, "part", pronoun, reflexive, negated)

    def _participle_before(self, m: Matrix, at: int, found: list[CueGroup]) -> bool:
        """Tell whether "et" joins a participle: "a remercié la France et prié les députés"."""
        if found and found[-1].tense == "part":
            return True
        for back in range(at - 1, max(at - 12, -1), -1):
            if m.lows[back] in {",", ";", ":", QUOTE}:
                return False
            if m.lows[back] in self.have:
                following = m.lows[back + 1]
                return following.endswith(("é", "i", "u", "is", "it", "ert"))
        return False

    def _finite(
        self, m: Matrix, at: int, readings: list[Verb], found: list[CueGroup]
    ) -> CueGroup | None:
        lows = m.lows
        before = lows[at - 1] if at else ""
        after = lows[at + 1] if at + 1 < len(m) else ""
        pronoun = at + 1 if after[:1] == "-" and len(after) > 2 else None
        first, reflexive, negated = at, False, False
        while first and lows[first - 1] in _CLITICS:
            if lows[first - 1] in {"le", "la", "les", "l'"} and not (
                first >= 2 and self.flags.get(lows[first - 2], 0) & PRONOUN
            ):
                return None
            first -= 1
            own = lows[first] in self.reflexive
            if lows[first] in {"nous", "m'", "me"}:  # "Marek nous signale": he tells us
                own = bool(first) and lows[first - 1] in {"nous", "je"}
            reflexive = reflexive or own
            negated = negated or lows[first] in {"n'", "ne"}
        flag = self.flags.get(before, 0)
        determined = bool(flag & DET) and before not in _CLITICS
        if before in self.pre_adjectives and at > 1:  # "une nouvelle alerte"
            determined = determined or bool(self.flags.get(lows[at - 2], 0) & DET)
        if before == "en" and pronoun is None and not self._en_is_it(m, at, readings):
            return None
        if pronoun is None and (determined or before in {"de", "d'", "par", "sans"}):
            return None
        if (
            pronoun is None
            and flag & PREP
            and before not in {"en", "si", "comme", "lorsqu'", "mais"}
        ):
            return None
        chosen = [each for each in readings if each.reflexive == reflexive]
        if not chosen:
            return None
        last = at + 2 if pronoun else at + 1
        joined = pronoun is None and lows[first - 1] in {"et", "mais"} and bool(found and first)
        return CueGroup(
            first, at, last, chosen, chosen[0].tense, pronoun, reflexive, negated, joined
        )

    def _en_is_it(self, m: Matrix, at: int, readings: list[Verb]) -> bool:
        """Tell "en réclamait le double", "en appelle à" from "en demande", "en appel"."""
        back = m.lows[at - 2] if at > 1 else ""
        if back in {"n'", "ne", "s'"} or self.flags.get(back, 0) & PRONOUN:
            return True
        after = m.lows[at + 1] if at + 1 < len(m) else ""
        return after in {"à", "au", "aux"} or readings[0].tense in ("past", "fut", "cond")

    def _gerund(self, m: Matrix, at: int, readings: list[Verb]) -> CueGroup | None:
        lows = m.lows
        first = at
        while first and (lows[first - 1] in _CLITICS or lows[first - 1] == "tout"):
            first -= 1
        reflexive = any(low in self.reflexive for low in lows[first:at])
        before = lows[first - 1] if first else ""
        if before not in {",", "et", QUOTE} and lows[first] != "en" and first:
            return self._absolute(m, at, first, readings)
        chosen = [each for each in readings if each.reflexive == reflexive]
        return CueGroup(first, at, at + 1, chosen, "ger", reflexive=reflexive) if chosen else None

    def _absolute(self, m: Matrix, at: int, first: int, readings: list[Verb]) -> CueGroup | None:
        """Read "…, les secouristes affirmant que …": a gerund with its own subject."""
        said = [each for each in readings if each.frame == "say"]
        after = m.lows[at + 1] if at + 1 < len(m) else ""
        if not said or after not in self.that or first != at:
            return None
        for back in range(at - 1, max(at - 14, 0), -1):
            low = m.lows[back]
            if low == ",":
                led = self.flags.get(m.lows[back + 1], 0) & DET
                return CueGroup(at, at, at + 1, said, "pres") if led else None
            if self.flags.get(low, 0) & (AUX | MODAL | PRONOUN) or low in {QUOTE, ":", ";"}:
                return None
        return None

    def _infinitive(self, m: Matrix, at: int, readings: list[Verb]) -> CueGroup | None:
        lows = m.lows
        first, reflexive = at, False
        while first and (
            lows[first - 1] in _CLITICS or self.flags.get(lows[first - 1], 0) & ADVERB
        ):
            first -= 1
            reflexive = reflexive or lows[first] in self.reflexive
        place = first - 1
        if place >= 0 and lows[place] in {"de", "d'", "à"}:
            place -= 1
        while place >= 0 and self.flags.get(lows[place], 0) & ADVERB:
            place -= 1
        if place < 0:
            return None
        if lows[place] == "avant" and place < first - 1:
            own = [each for each in readings if each.reflexive == reflexive]
            return CueGroup(at, at, at + 1, own, "ger", reflexive=reflexive) if own else None
        governed = lows[place] in self.governors or self.flags.get(lows[place], 0) & MODAL
        if not governed:
            return None
        chosen = [each for each in readings if each.reflexive == reflexive]
        if not chosen:
            return None
        if place > 1 and lows[place - 1] == "," and m.quotes[place - 2]:
            # « … », veut croire l'ingénieur
            return CueGroup(place, at, at + 1, chosen, "pres", reflexive=reflexive)
        return CueGroup(at, at, at + 1, chosen, "inf", reflexive=reflexive)

    # ---- English -----------------------------------------------------------------------------

    def _english(self, m: Matrix, at: int, found: list[CueGroup]) -> CueGroup | None:
        lows = m.lows
        readings = self.pack.cues[lows[at]]
        whole = self._launched(m, at, readings)
        if whole is not None or lows[at] == "out":
            return whole  # "has launched an appeal", "has not ruled out"
        tense = readings[0].tense
        before = lows[at - 1] if at else ""
        flag = self.flags.get(before, 0)
        after = lows[at + 1] if at + 1 < len(m) else ""
        if lows[at] == "saying" and before == "as":
            return self._quoted_as(m, at, readings)
        capital = m.shown[m.starts[at]].isupper() and at and tense in ("pres", "inf", "ger")
        if capital and m.shown[m.starts[at - 1]].isupper():
            return None  # "the United States"
        if lows[at] in self.noun_cues and (
            self._noun_use(before, after, flag)
            or (before.isalpha() and not flag & _LEADS_VERB and self._led_noun(m, at, readings))
        ):
            return None
        if self._no_verb(m, at, tense):
            return None
        first, negated, aux = at, False, ""
        while first and (
            self.flags.get(lows[first - 1], 0) & (ADVERB | AUX | MODAL)
            or lows[first - 1] in self.negations
        ):
            first -= 1
            if lows[first] in self.negations:
                negated = True
            elif self.flags.get(lows[first], 0) & (AUX | MODAL):
                aux = lows[first]
        be = aux in self.be or any(low in self.be for low in lows[first:at])
        if be and tense in ("part", "past"):
            return None
        if tense == "ger":
            if be:
                tense = "pres"
            elif at and before not in _BEFORE_GERUND and "with" not in lows[max(at - 13, 0) : at]:
                tense = "ger" if self.in_writing(m, at, readings) else ""
        if not tense:
            return None
        if tense == "inf" and not aux:
            if before == "to" and at >= 2:
                back = at - 3 if lows[at - 2] == "on" else at - 2
                if lows[back] not in self.governors:
                    return None
                first = at
                if lows[back] in {"went", "goes"}:
                    first, tense = back, "past"  # "…," he went on to say
            elif flag & DET or flag & PREP:
                return None
        if tense == "past" and not aux and flag & DET and before not in _MAY_SPEAK:
            return None
        if aux and readings[0].lemma == "add" and tense == "inf":
            return None  # "Brussels will add 5 billion"
        if negated and after not in self.that and self._left_unsaid(m, at, readings, aux):
            return None
        if aux in self.unreal and all(
            each.frame in ("noun", "request", "pledge") for each in readings
        ):
            return None  # "would call for" is not said
        if tense == "inf" and not aux and before != "to":
            tense = "pres"  # "officials say"
        joined = self._is_joined(m, first, at, tense, found)
        return CueGroup(first, at, at + 1, readings, tense, None, False, negated, joined)

    def _is_joined(self, m: Matrix, first: int, at: int, tense: str, found: list[CueGroup]) -> bool:
        """Tell ", and has called for a vote": a further verb of the same subject."""
        before = m.lows[first - 1] if first else ""
        if before in {"and", "but"} and (found or tense == "past"):
            return True
        if before == "but" and tense == "pres" and first == at:
            return True
        return tense == "past" and first == at and self._after_and(m, at)

    def _quoted_as(self, m: Matrix, at: int, readings: list[Verb]) -> CueGroup | None:
        """Read "the statement quoted Ana Roy as saying", "Ana Roy was quoted as saying"."""
        for first in range(at - 2, max(at - 18, -1), -1):
            if m.lows[first] in {"quoted", "quotes", "quoting", "cited"}:
                passive = first > 0 and m.lows[first - 1] in self.be
                return CueGroup(first - passive, at, at + 1, readings, "past")
        return None

    def _launched(self, m: Matrix, at: int, readings: list[Verb]) -> CueGroup | None:
        """Read "has launched an urgent appeal": the noun carries the sense."""
        heads = self.pack.compounds.get(m.lows[at], frozenset())
        near = range(at - 1, max(at - 4, -1), -1)
        head = next((back for back in near if m.lows[back] in heads), -1)
        first = head
        while (
            m.lows[at] == "out"
            and first > 0
            and (m.kinds[first - 1] & (AUX | MODAL | ADVERB) or m.lows[first - 1] in self.negations)
        ):
            first -= 1  # "has not ruled out": only where it is denied
        if head < 0 or (m.lows[at] == "out" and self.negations.isdisjoint(m.lows[first:head])):
            return None
        return CueGroup(first, at, at + 1, readings, "past")

    def _after_and(self, m: Matrix, at: int) -> bool:
        """Tell ", and on Thursday promised": only a date stands between "and" and the verb."""
        back = at - 1
        while back > 1 and self.flags.get(m.lows[back], 0) & (WEEKDAY | MONTH | ADVERB):
            back -= 1
        if back < at - 1 and m.lows[back] == "on":
            back -= 1
        return back < at - 1 and m.lows[back] in {"and", "but"}
