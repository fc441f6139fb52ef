"""Whether a form of an aid verb asserts anything: nouns, bare participles, other senses."""

from __future__ import annotations

from typing import Final

from intendance.intake.pack import (
    ADVERB,
    CURRENCY,
    DET,
    ITEM,
    MONTH,
    NUMBER,
    PREP,
    PRONOUN,
    UNIT,
    WEEKDAY,
    AidVerb,
)
from intendance.intake.parties import PartyReader
from intendance.intake.segment import Sentence

GIVES: Final = frozenset({"deliver", "ship", "allocate", "commit", "field"})
_MARKS: Final = frozenset({",", ";", ":", "«", "»", '"', "“", "”"})
_ASKED: Final = frozenset({"request", "requests", "demande", "demandes"})  # what is agreed to
_PLURALS: Final = frozenset(
    {"together", "jointly", "people", "and", "who", "children", "women", "men", "please", ""}
)
_THIS_DAY: Final = frozenset({"nuit", "matin", "soir", "soirée", "matinée"})
_THEN: Final = frozenset({"avant", "après", "before", "after"})
_NOUNS: Final = frozenset({"fund", "finance"})
_STOPS: Final = frozenset({".", ";", "!", "?"})
_ADVERBIAL: Final = frozenset({"abord", "d'", "plutôt", "longtemps"})


class NounReader(PartyReader):
    """Tells nouns and mere descriptions from verbs of aid, under one language pack."""

    def _after_item(self, at: int) -> bool:
        """Tell whether a participle follows what was given: "the aid sent to Moldova"."""
        before = self.seg.lows[at - 1] if at else ""
        return bool(self.flags.get(before, 0) & ITEM) or before in self.nominals

    def _bare_participle(self, at: int, verb: AidVerb, group: list[str]) -> bool:
        """Tell a participle that only describes: "les F-16 promis", "the aid pledged"."""
        if verb.lemma in self.flown or verb.status not in GIVES | {"pledge"}:
            return False
        if group and (self.nouns.english or not _ADVERBIAL.issuperset(group)):
            return False
        if not self.nouns.english and self.seg.lows[at - 1 : at] == ["et"]:
            return False
        if not self.nouns.english:
            return verb.tense == "part" and not (verb.strong and verb.status == "deliver")
        before = self.seg.lows[at - 1] if at else ""
        counted = self._number_at(at - 2) and before.isalpha()
        currency = bool(self.flags.get(before, 0) & (CURRENCY | UNIT))
        following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else "."
        if self._number_at(at + 1) or self.flags.get(following, 0) & DET:
            return False  # "the hospital received twelve ambulances"
        return verb.tense == "past" and (self._after_item(at) or (currency and counted))

    def _told_of(self, at: int) -> bool:
        """Tell whether a bare participle names giver or date, beside what is given."""
        lows = self.seg.lows
        offered = any(each.lemma in self.offering for each in self.pack.aid.get(lows[at], ()))
        agreed = not self.agreements.isdisjoint(lows[max(at - 3, 0) : at])
        if offered and (lows[at + 1 : at + 2] != ["par"] or lows[at - 1] in _STOPS):
            return False
        if not (agreed or self._context(max(at - 7, 0), at) or self._number_at(at - 2)):
            return False
        for place in range(at + 1, min(at + 4, len(lows))):
            low = lows[place]
            if low in _STOPS or low in {",", ":"} or low in self.have_or_be:
                return False
            dated = self.flags.get(low, 0) & (MONTH | WEEKDAY) or (
                low[:2] in {"19", "20"} and len(low) == 4 and low.isdigit()
            )
            dated = dated or low in self.last_words
            if low in self.agents or dated or low in self.to_words:
                return True
            if low in _THIS_DAY and lows[place - 1] in {"la", "ce", "cette"}:
                return True  # "arrivée dans la nuit"
        return False

    def _load(self, begin: int, at: int) -> bool:
        """Tell a subject that is a count or a convoy: "50 pompiers", "Un convoi de vivres"."""
        lows = self.seg.lows
        if not self.nouns.english and not self.carriers.isdisjoint(lows[begin : begin + 3]):
            return True
        named = begin + 1 < at and self.flags.get(lows[begin + 1], 0) & ITEM
        some = bool(named) and lows[begin] == "des"
        return some or any(self._number_at(k) for k in range(begin, min(begin + 5, at)))

    def _number_at(self, at: int) -> bool:
        """Tell whether a number stands at a word: "en a expédié cent", "n'en a reçu que 12"."""
        lows = self.seg.lows
        if not 0 <= at < len(lows) - 1:
            return False
        at += lows[at] in {"que", "qu'"}
        return lows[at][0].isdigit() or bool(
            self.flags.get(lows[at], 0) & NUMBER and lows[at] not in {"un", "une", "one"}
        )

    def _stands_still(self, verb: AidVerb, group: list[str]) -> bool:
        """Tell "des camions bloqués à la frontière" from "la Hongrie bloque une tranche"."""
        if self.nouns.english:
            return verb.tense == "past" and bool(set(group) & (self.be | self.been))
        return verb.tense == "part" and not set(group) & self.have

    def _other_sense(self, at: int, verb: AidVerb, sentence: Sentence) -> bool:
        """Tell "signed up", "wants to", "received pledges", "Pressed on Taurus"."""
        following = self.seg.lows[at + 1] if at + 1 < sentence.last else ""
        if verb.tense not in self.only_tense.get(verb.lemma, (verb.tense,)):
            return True
        after = self.seg.lows[at + 2] if at + 2 < sentence.last else ""
        dated = following == "on" and self.flags.get(after, 0) & (WEEKDAY | MONTH)
        trained = verb.status == "train" and self.seg.lows[at - 1] in self.been
        if following in self.not_after.get(verb.lemma, ()) and not (dated or trained):
            return True
        if verb.lemma == "provide" and self._provided(at):
            return True
        agreed = verb.status == "commit" and not _ASKED.isdisjoint(self.seg.lows[at + 1 : at + 4])
        agreed = agreed or self.seg.lows[at - 1] in self.been  # "is being sent at the request of"
        if verb.status in GIVES and not agreed and self._meets(at, self.not_goods, 6, goods=True):
            return True  # "sent the Commission a list of its needs", "delivered a speech"
        if verb.status != "need" and self._meets(at, self.not_aid, 5):
            return True  # "have adopted new sanctions", "called for a truce"
        if verb.status == "deliver" and not self.persons.isdisjoint(
            self.seg.lows[max(at - 5, sentence.first) : at]
        ):
            return True  # "Three suspects were handed to the police"
        return (
            self.nouns.english and at == sentence.first and verb.status == "request"
            and verb.tense == "past"
        )  # fmt: skip

    def _meets(self, at: int, words: frozenset[str], reach: int, *, goods: bool = False) -> bool:
        """Tell whether one of some words follows within the clause; ``goods`` may not precede."""
        ahead = self.seg.lows[at + 1 : at + 1 + reach]
        if words.isdisjoint(ahead):
            return False
        for place, low in enumerate(ahead, at + 1):
            if low in _MARKS or low in _STOPS or low in _THEN:
                return False  # "ne sera versée avant les élections"
            if low in words:
                return True
            if goods and (place in self.figures or self.seg.kinds[place] & ITEM):
                return False
        return False

    def _plan_noun(self, at: int) -> bool:
        """Tell "backed plans to spend", "a Czech plan to buy" from "Britain plans to"."""
        low, before = self.seg.lows[at], self.seg.lows[at - 1] if at else ""
        if low not in {"plan", "plans", "offer", "offers"}:
            return False
        if before in self.negations:
            return False  # "does not plan to"
        if low in {"plan", "offer"}:
            plural = before.endswith("s") or self.flags.get(before, 0) & PRONOUN
            return not plural
        verb = self.pack.tenses.get(before) or before.endswith("ed")
        return bool(verb or self.flags.get(before, 0) & (DET | PREP))

    def _in_general(self, at: int, verb: AidVerb, group: list[str]) -> bool:
        """Tell "se commande un an à l'avance", "is ordered a year ahead", "les chars commandés"."""
        words = set(group)
        agreed = not self.agreements.isdisjoint(self.seg.lows[max(at - 3, 0) : at])
        if agreed and not group and self._told_of(at):
            return False  # "un accord signé mardi"
        if not self.nouns.english:
            bare = verb.tense == "part" and not words & (self.have | self.be | self.been)
            return bool(words & self.reflexive) or bare
        if verb.tense == "past" and not group and self._after_item(at):
            return True
        return bool(words & {"is", "are"}) and not words & self.been

    def _provided(self, at: int) -> bool:
        """Tell the conjunction of "provided that Berlin agrees" from "provided tents"."""
        lows = self.seg.lows
        if not 0 < at < len(lows) - 3:
            return False
        kind = self.flags.get(lows[at - 1], 0)
        if lows[at + 1] == "that":
            return not self.seg.upper(at - 1) and not (kind & PRONOUN and not kind & DET)
        return lows[at - 1] == "," and (
            self._finite(at + 2) or (lows[at + 1] == "the" and self._finite(at + 3))
        )

    def _finite(self, at: int) -> bool:
        """Tell whether a finite verb stands at a word."""
        low = self.seg.lows[at] if at < len(self.seg.lows) else "."
        if low in self.have_or_be or low in self.moving:
            return True
        return any(verb.tense in ("pres", "past") for verb in self.pack.aid.get(low, ()))

    def _second_of_two(self, at: int) -> bool:
        """Tell whether another gerund of aid with its "are" stands before "and"."""
        lows = self.seg.lows
        return any(
            lows[k - 1] in self.be and lows[k].endswith("ing") and lows[k] in self.pack.aid
            for k in range(max(at - 12, 1), at - 1)
        )

    def _english_noun(self, at: int, verb: AidVerb, before: str, group: list[str]) -> bool:
        """Tell "food trucks", "the Finance Ministry", "training could" from verbs."""
        if verb.tense == "ger" and not set(group) & self.be:
            if before in {"'s", "'re"} and self.flags.get(self.seg.lows[at - 2], 0) & PRONOUN:
                return False  # "it's sending"
            if before == "and" and self._second_of_two(at):
                return False  # "are sending medics and promising tents"
            return before not in {",", "by", "after", "before"}
        if verb.status == "train" and verb.tense == "past" and self.helpers.isdisjoint(group):
            kind = self.flags.get(before, 0)
            led = at == 0 or before == "and" or kind & (PREP | ADVERB | DET | NUMBER)
            led = led or self.seg.lows[at + 1 : at + 2] in (["in"], ["for"], ["to"], ["at"])
            if led or before.endswith("ly") or before in _MARKS or before in _STOPS:
                return True  # "specially trained dogs"
        following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else "."
        if verb.tense == "pres" and (following in self.have_or_be or following in self.moving):
            return True  # "the first supplies would arrive"
        if verb.tense not in ("pres", "inf") or group:
            return False
        if self.seg.lows[at] in _NOUNS:
            return True  # "the fund", "the Finance Ministry"
        flag = self.flags.get(before, 0)
        if before == "'s" or flag & (DET | PREP) or following.endswith("ing"):
            return True  # "a Turkish ship carrying two hospitals"
        if verb.tense == "inf" and not (
            flag & PRONOUN
            or before.endswith("s")
            or before in _PLURALS
            or (at and self.nouns.seg.upper(at - 1))
        ):
            return True
        return bool(self.flags.get(self.seg.lows[at], 0) & (ITEM | UNIT))
