"""Whether the clause of an event asserts it: conditions, aims, indirect questions."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from intendance.intake.aid_nouns import NounReader
from intendance.intake.pack import BOUND, CUE, DET, ITEM, NOMINAL, NUMBER, ROLE, AidVerb
from intendance.intake.parties import Event
from intendance.intake.segment import Sentence

_MARKS: Final = frozenset({",", ";", ":", '"', "«"})
_BREAKS: Final = frozenset('.;:"«»“”()!?–—')
_PARTING: Final = frozenset({"'s", ",", ":", "de", "d'", "des", "du", "of", "from", "and", "et"})
_WAYS: Final = (["the", "way"], ["façon", "dont"], ["manière", "dont"])
_TRAINING: Final = frozenset({"formation", "entraînement", "training"})
_OF: Final = frozenset({"de", "d'", "des", "du", "on", "of", "for", "sur"})
_NO_NOUN: Final = frozenset({"to", "more", ".", ",", "of"})
_THE_NUMBER: Final = frozenset(
    (article, noun)
    for article in ("le", "la", "les", "un", "the", "a", "any", "exact")
    for noun in ("nombre", "noms", "nom", "calendrier", "date", "number", "name", "names")
) - {("un", "nombre"), ("a", "number"), ("any", "number")}
_SUBJUNCTIVE: Final = frozenset({"soit", "soient", "ait", "aient"})
_JOINTS: Final = frozenset({"and", "but", "et", "mais"})
_NOT_YET: Final = frozenset({"request", "refuse"})  # "demande que", "exclut que"
_KNOWING: Final = frozenset({"know", "knows", "say", "sait", "savoir", "ignore", "dire", "clear"})
_THAT: Final = frozenset({"que", "qu'"})
_AIMS: Final = frozenset({"pour", "afin", "condition", "pourvu", "moins", "avant", "sans"})
_UNTIL: Final = frozenset({"until", "till", "before"})
_NOW: Final = frozenset({"is", "are", "has", "have"})
_PROVIDED: Final = frozenset({"provided", "providing"})
_FIRST: Final = frozenset({"premier", "première", "premiers", "premières", "first"})
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
            if low == "whether" and event.rule.startswith("aid.verb"):
                return True
            if status not in _ASKED:
                if low == "where" and lows[event.last : event.last + 1] == ["from"]:
                    return True  # "Asked where the shells came from"
                if lows[place - 1 : place + 1] in _WAYS:
                    return True  # "the way the fund is financed"
                continue
            if low in self.asking_how or self._asks_if(place, event):
                return True
            if low in {"who", "qui"} and lows[place - 1] in {"say", "said", "ni", "dit"}:
                return True
        return False

    def _asks_if(self, at: int, event: Event) -> bool:
        """Tell "ignore si Rome livrera", "unclear if it will send", "know when it will come"."""
        low, lows = self.seg.lows[at], self.seg.lows
        if low == "si":
            return event.rule.endswith(":fut") and lows[at - 1] != "même"
        if low == "if":
            ahead = lows[at : event.last]
            known = lows[at - 1] in _KNOWING  # "would not say if it would send"
            return known or ("will" in ahead and lows[at - 1] != "even")
        return low in {"when", "quand"} and lows[at - 1] in _KNOWING

    def _aimed_at(self, at: int, event: Event) -> bool:
        """Tell "pour qu'ils financent", "provided that Berlin agrees", "until it sends"."""
        lows = self.seg.lows
        if self.nouns.english:
            if lows[at] in _PROVIDED:
                return self._provided(at)
            if lows[at - 1 : at + 1] == ["question", "that"]:
                return True  # "out of the question that we send tanks"
            now = event.rule.endswith(":pres") or not _NOW.isdisjoint(lows[at : event.last])
            return now and (
                lows[at] in _UNTIL or (lows[at] == "as" and lows[at - 1] in {"soon", "long"})
            )
        if lows[at] not in _THAT:
            return False
        plain = event.rule.endswith(":pres") or event.rule.startswith("aid.phrase")
        plain = plain or not _SUBJUNCTIVE.isdisjoint(lows[at : event.last])
        asked = any(verb.status in _NOT_YET for verb in self.pack.aid.get(lows[at - 1], ()))
        return plain and (asked or lows[at - 1] in _AIMS)

    def _denied(self, first: int, floor: int) -> bool:
        """Tell "a démenti avoir livré", "denied that it had sent": nothing is asserted."""
        lows = self.seg.lows
        for place in range(first - 1, max(first - 7, floor - 1), -1):
            if lows[place] in self.denials:
                return True
            if lows[place] in _MARKS or lows[place] in _JOINTS:
                return False
        return False

    def _person_comes(self, first: int, sentence: Sentence) -> bool:
        """Tell "Le président, qui réclame des chars, est arrivé": a person, not what he asks."""
        lows, kinds = self.seg.lows, self.seg.kinds
        begin = self._clause_begin(first, max(sentence.first, first - 9))
        if begin == sentence.first and self.flags.get(lows[begin], 0) & DET and (
            self._role_at(begin + 1) and begin + 1 < first and not self._many(begin + 2, first)
        ):  # fmt: skip
            return True  # "The director of the aid fund arrived"
        if lows[first - 1] != "," or first - 1 <= sentence.first:
            head = range(max(first - 5, sentence.first), first)
            if not any(kinds[k] & ROLE and self._role_at(k) for k in head):
                return False
            return not any(kinds[k] & (ITEM | NOMINAL) or lows[k] in _PARTING for k in head)
        comma = next((k for k in range(first - 2, sentence.first, -1) if lows[k] == ","), 0)
        if not comma:
            return False
        head = range(max(comma - 6, sentence.first), comma)
        if any(kinds[k] & (ITEM | NOMINAL) or self._number_at(k) for k in head):
            return False
        return any(kinds[k] & ROLE for k in head) or lows[comma + 1] in {"who", "whose"}

    def _role_at(self, at: int) -> bool:
        """Tell the "premier" of "le premier ministre" from that of "le premier convoi"."""
        kinds = self.seg.kinds
        first = self.seg.lows[at] in _FIRST
        return bool(kinds[at] & ROLE) and not (first and not kinds[at + 1] & ROLE)

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

    def _training(self, at: int, sentence: Sentence) -> int | None:
        """Give the noun of "La formation des pilotes débutera", "training on tanks could begin"."""
        begin = self._clause_begin(at, max(sentence.first, at - 12))
        lows = self.seg.lows
        for place in range(begin, min(begin + 4, at)):
            if lows[place] in _TRAINING:
                after = lows[place + 1 : at]
                led = lows[place + 1] in _OF and not any(low in _BREAKS for low in after)
                trained = not self.trainees.isdisjoint(after) or self._context(place + 1, at)
                return place if led and trained else None
        return None

    def _needs_some(self, at: int, stop: int) -> bool:
        """Tell "need the same", "would need about ten": goods that were spoken of before."""
        lows, following = self.seg.lows, at + 1
        kind = self.flags.get(lows[following], 0) if following < stop else 0
        if self.told_lately and kind & (DET | NUMBER):
            return True
        following += bool(kind & BOUND) if following < stop else 0
        return self._number_at(following) and lows[following + 1] in _NO_NOUN

    def _is_begun(self, event: Event, stop: int) -> bool:
        """Tell "la formation des pilotes débutera": training that is told, not a cause."""
        ahead = self.seg.lows[event.last : min(event.last + 10, stop)]
        return event.rule == "aid.begin.train" or any(
            verb.role == "begin" for low in ahead for verb in self.pack.aid.get(low, ())
        )

    def _supposes(self, at: int) -> bool:
        """Tell the "s'" of "s'il" and "si" from "s'ajoute" and "même si"."""
        lows = self.seg.lows
        return lows[at - 1] != "même" and (lows[at] != "s'" or lows[at + 1] in {"il", "ils"})

    def _gives_words(self, at: int, stop: int) -> bool:
        """Tell "declined to give a figure", "a renoncé à demander des renforts"."""
        ahead = self.seg.lows[at + 1 : min(at + 6, stop)]
        if not _THE_NUMBER.isdisjoint(pairwise(ahead)):
            return True  # "refused to give the number of tanks"
        asks = any(
            verb.status == "request" and verb.tense == "inf"
            for low in ahead[:3] for verb in self.pack.aid.get(low, ())
        )  # fmt: skip
        return asks or bool(set(ahead) & self.only_words)

    def _many(self, first: int, last: int) -> bool:
        """Tell a number, a verb of saying, a comma or an owner's "'s" between two tokens."""
        lows, kinds = self.seg.lows, self.seg.kinds
        return any(
            self._number_at(k) or kinds[k] & CUE or lows[k] in {",", "'s", ":"}
            for k in range(first, last)
        )

    def _promises_not(self, at: int) -> bool:
        """Tell "a promis de ne pas livrer", "pledged not to send": the promise of a refusal."""
        ahead = self.seg.lows[at + 1 : at + 3]
        if self.nouns.english:
            return ahead[:1] in (["not"], ["never"]) and ahead[1:] == ["to"]
        return ahead[:1] in (["de"], ["à"]) and ahead[1:] in (["ne"], ["n'"])

    def _announced(self, at: int, verb: AidVerb) -> str | None:
        """Give the status of "les camions annoncés en février": a promise with its date."""
        if self.nouns.english or not (self._after_item(at) and self._told_of(at)):
            return None
        delivery = not self.handovers.isdisjoint(self.seg.lows[max(at - 6, 0) : at])
        return None if delivery else verb.status  # "une livraison de missiles annoncée lundi"
