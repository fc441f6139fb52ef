"""What a verb of aid stands for in its sentence: requests, nouns, arrivals, fears."""

from __future__ import annotations

from typing import Final

from intendance.intake.aid_moods import MoodReader
from intendance.intake.pack import (
    ADVERB,
    AID,
    CUE,
    DET,
    MONTH,
    PREP,
    PRONOUN,
    WEEKDAY,
    AidVerb,
)
from intendance.intake.parties import Event
from intendance.intake.segment import Sentence

GIVES: Final = frozenset({"deliver", "ship", "allocate", "commit", "field"})
_MARKS: Final = frozenset({",", ";", ":", "«", "»", '"', "“", "”"})
_GIVEN_OR_TRAINED: Final = GIVES | {"train"}
_AS_MUCH: Final = frozenset({"twice", "double", "triple", "davantage", "autant"})
_ONESELF: Final = frozenset({"s'", "se"})
_ABSTRACT: Final = frozenset(
    {"guerre", "offensive", "contre-offensive", "situation", "crise", "war", "crisis"}
)
_NOT_ONE: Final = (["not", "one"], ["not", "a"], ["pas", "un"], ["pas", "une"])
_IN_NO_CASE: Final = frozenset({"under", "any", "no", "circumstances", "in", "case"})
_MAY: Final = frozenset({"pourrait", "pourraient", "could", "might", "may"})
_PERSONS: Final = frozenset({"he", "she", "i", "il", "elle", "je"})
_STOPS: Final = frozenset({".", ";", "!", "?"})
_CLOSING: Final = frozenset('"”»')


class VerbReader(MoodReader):
    """Checks of one verb against its words, under one language pack."""

    def _verb_near(self, first: int, last: int) -> bool:
        verbs, kinds = self.pack.aid, self.seg.kinds
        for at in range(first, min(last, len(kinds))):
            for verb in verbs.get(self.seg.lows[at], ()) if kinds[at] & AID else ():
                given = verb.role == "verb" and verb.status in _GIVEN_OR_TRAINED
                if given and verb.lemma not in self.only_with:
                    return True
        return False

    def _help_near(self, first: int, last: int) -> bool:
        """Tell whether help is named by a verb: "stands ready to help", "prêt à aider"."""
        return any(
            verb.role == "ahead"
            for low in self.seg.lows[first:last] for verb in self.pack.aid.get(low, ())
        )  # fmt: skip

    def _by_accord(self, at: int, group: list[str]) -> bool:
        """Tell "an accord signed on Tuesday", "signed a similar deal" where aid was spoken of."""
        before, ahead = self.seg.lows[max(at - 3, 0) : at], self.seg.lows[at + 1 : at + 6]
        if not group and not self.agreements.isdisjoint(before) and self._told_of(at):
            return True
        return self.told_lately and not self.agreements.isdisjoint(ahead)

    def _goes_on(self, at: int) -> bool:
        """Tell "continue de bloquer", "a dû supprimer": what an infinitive says is done."""
        lows = self.seg.lows
        if lows[at - 1] in {"de", "d'", "à"} and lows[at - 2] in self.aspect:
            self.governor = at - 2
            return True
        forced = lows[at - 1] in {"dû", "du"} and at > 1 and lows[at - 2] in self.have
        self.governor = at - 2 if forced else self.governor
        return forced

    def _undergoing(self, at: int, sentence: Sentence) -> list[str]:
        """Give the words of the subject of a passive: "funding has been cut", or none."""
        lows = self.seg.lows
        begin = max(at - 12, sentence.first)
        passive = lows[at - 1] in self.been or lows[at - 1] in self.be
        return lows[begin:at] if passive else []

    def _helps_train(self, at: int, stop: int) -> bool:
        """Tell "will help train nurses", "aideront à former des soignants"."""
        return any(
            verb.status == "train" and verb.tense == "inf"
            for low in self.seg.lows[at + 1 : min(at + 4, stop)]
            for verb in self.pack.aid.get(low, ())
        )

    def _adverb_led(self, at: int) -> bool:
        """Tell "un responsable prudent" from "ils ont été hésitants": a state, not a trait."""
        before = self.seg.lows[max(at - 2, 0) : at]
        return not any(low in self.be or low in self.been or low in self.seeming for low in before)

    def _arrives(self, at: int, verb: AidVerb, group: list[str], sentence: Sentence) -> bool:
        """Tell whether what arrives is aid: "40 tonnes de vivres sont arrivées"."""
        past = self.nouns.english and verb.tense == "past" and not set(group) & self.be
        ahead = verb.status == "ship" and verb.tense == "fut"
        due = verb.tense == "inf" and bool(set(group) & self.future_aux)
        due = due or (verb.tense == "inf" and {"to", "are"} <= set(group))
        past = past or (verb.tense == "inf" and self._goes_on(at))
        due = due or (verb.status == "ship" and bool(set(group) & self.told_ahead))
        just = not self.nouns.english and self.seg.lows[max(at - 2, 0)] in self.recent
        past = past or (verb.tense == "inf" and just)
        ahead = ahead or due or (verb.tense == "fut" and verb.status == "deliver")
        past = past or (verb.tense == "ger" and self.seg.lows[at - 1] in self.aspect)
        if verb.lemma in self.reaching and not (
            self._place_after(at, sentence)
            or self._none_before(self._clause_begin(at, max(sentence.first, at - 8)), at)
        ):
            return False  # "reached by phone", "has reached $5 billion"
        if self.seg.lows[at - 1 - len(group)] in _PERSONS:
            return False  # "he arrived at the meeting"
        if self._person_comes(at - len(group), sentence):
            return False
        if verb.lemma in self.flown and set(group) & self.have:
            past = True  # "Trois avions ont atterri"
        if verb.lemma in self.leaving and not due:
            if not self._leaves_then(at, sentence):
                return False  # "the trucks left", "quitté le pays"
            past = past or (verb.tense == "part" and bool(set(group) & self.have))
            past = past or (verb.tense == "inf" and not group and self.told_lately)
        if not (past or ahead) and (verb.tense != "part" or not set(group) & self.be):
            return self._came_on(at, verb, group)
        begin = self._clause_begin(at, max(sentence.first, at - 16))
        none = self._none_before(begin, at)
        if self.told_lately and (
            none or any(self._counted(k) for k in range(begin, min(begin + 3, at)))
        ):
            return True  # "huit sont arrivés", "une troisième viendra de Corée"
        if ahead and not past:
            return self._context(begin, at) or (verb.status == "ship" and self.told_lately)
        relative = begin > sentence.first and self.seg.lows[begin - 1] in {"who", "which", "qui"}
        begin = max(sentence.first, begin - 6) if relative else begin
        return self._context(begin, at)

    def _none_before(self, begin: int, at: int) -> bool:
        """Tell whether the subject of a verb is none: "By noon no aid had arrived"."""
        lows = self.seg.lows
        if not self.no_subjects.isdisjoint(lows[begin : begin + 2]):
            return True
        for place in range(at - 2, max(begin - 1, at - 8), -1):
            if lows[place] == ",":
                return False
            if lows[place : place + 2] in _NOT_ONE:
                return True  # "Not one tent has arrived"
            if lows[place] in self.no_subjects:
                before = lows[place - 1]
                return before == "mais" or (
                    before not in self.have_or_be and not self.flags.get(before, 0) & PREP
                )
        return False

    def _counted(self, at: int) -> bool:
        return self._number_at(at) or self.seg.lows[at] in self.elliptic

    def _place_after(self, at: int, sentence: Sentence) -> bool:
        low = self.seg.lows[at + 1] if at + 1 < sentence.last else "."
        return self.seg.upper(at + 1) or bool(self.flags.get(low, 0) & DET)

    def _leaves_then(self, at: int, sentence: Sentence) -> bool:
        """Tell "would leave on Tuesday", "left Ostend", from "left the country"."""
        if at + 1 >= sentence.last:
            return False
        dated = self.flags.get(self.seg.lows[at + 1], 0) & (WEEKDAY | MONTH)
        on = self.seg.lows[at + 1] == "on" and at + 2 < sentence.last
        if self.seg.lows[at + 1] == "for" and at + 2 < sentence.last:
            return self.seg.upper(at + 2)  # "left for Adana"
        dated = dated or (on and self.flags.get(self.seg.lows[at + 2], 0) & WEEKDAY)
        return bool(dated) or self.seg.upper(at + 1)

    def _handing_over(self, at: int, sentence: Sentence, *, helped: bool = False) -> bool:
        """Tell whether the clause before a verb is about a delivery: "La livraison des chars"."""
        begin = self._clause_begin(at, max(sentence.first, at - 18))
        spoken = self.seg.lows[begin:at]
        bare = self.nouns.english and not helped
        if bare and not any(low in self.be for low in spoken[-3:]):
            return False
        head = next(
            (k for k, low in enumerate(spoken[:5])
             if low in self.handovers and not (k and spoken[k - 1] in self.nouns.of_words)),
            -1,
        )  # fmt: skip
        if head < 0 or any(low in _MARKS for low in spoken[head:]):
            return False
        return self._context(begin, at)

    def _fate(self, at: int, verb: AidVerb, sentence: Sentence, index: int) -> Event | None:
        """Read "L'envoi de douze canons est prévu", "the transfer was confirmed"."""
        spoken = self.seg.lows[max(at - 3, sentence.first) : at]
        if self._due(at, verb, sentence):
            return Event(
                at, at + 1, "pledge", verb.lemma, f"aid.fate.{verb.lemma}", index, passive=True
            )
        is_so = any(low in self.be or low in self.been for low in spoken)
        if not is_so or set(spoken) & self.negations or not self._handing_over(at, sentence):
            return None
        return Event(
            at, at + 1, verb.status, verb.lemma, f"aid.fate.{verb.lemma}", index, passive=True
        )

    def _due(self, at: int, verb: AidVerb, sentence: Sentence) -> bool:
        """Tell "Une équipe de 50 pompiers est attendue mardi": counted help that is awaited."""
        lows = self.seg.lows
        if not verb.lemma.startswith(("attendu", "expected", "due")) or at < 2:
            return False
        if not set(lows[max(at - 2, sentence.first) : at]) & (self.be | self.been):
            return False
        begin = self._clause_begin(at, max(sentence.first, at - 14))
        if not self._load(begin, at) or not self._context(begin, at):
            return False
        low = lows[at + 1] if at + 1 < sentence.last else "."
        dated = low in self.soon or self.flags.get(low, 0) & (WEEKDAY | MONTH | PREP)
        return bool(dated) and low != "to"

    def _begins(self, at: int, verb: AidVerb, sentence: Sentence, index: int) -> Event | None:
        """Read "La livraison de 14 chars débutera en mars", "deliveries began on Monday"."""
        spoken = self.seg.lows[max(at - 3, sentence.first) : at]
        if set(spoken) & self.negations or verb.tense in ("ger", "pres"):
            return None
        if verb.tense not in self.only_tense.get(verb.lemma, (verb.tense,)):
            return None
        if (noun := self._training(at, sentence)) is not None:
            return Event(noun, noun + 1, "train", verb.lemma, "aid.begin.train", index)
        ahead = verb.tense in ("fut", "cond") or set(spoken) & (self.future_aux | self.cond_aux)
        helped = verb.tense == "past" or set(spoken) & self.have
        if not (ahead or helped) or not self._handing_over(at, sentence, helped=True):
            return None
        status = "pledge" if ahead else verb.status
        maybe = _MAY.intersection(spoken)
        if maybe and verb.tense == "inf" and not self._reported(at, sentence):
            status = "consider"  # "Les livraisons pourraient commencer en mai"
        return Event(at, at + 1, status, verb.lemma, f"aid.begin.{verb.lemma}", index, passive=True)

    def _came_on(self, at: int, verb: AidVerb, group: list[str]) -> bool:
        """Tell "Des équipes françaises, arrivées lundi": a participle with its day."""
        if verb.tense != "part" or group or self.nouns.english:
            return False
        return self._told_of(at) and bool(self._items_between(max(at - 6, 0), at))

    # ---- participles and their like ----------------------------------------------------------

    def _sent_to(self, at: int) -> bool:
        """Tell "partiront pour y former des pilotes"."""
        return bool({"pour", "to"} & set(self.seg.lows[max(at - 2, 0) : at]))

    def _said_to(self, at: int) -> bool:
        """Tell "dit examiner la demande", "promet d'étudier l'offre"."""
        lows = self.seg.lows
        back = at - 2 if lows[at - 1] in {"de", "d'"} else at - 1
        promised = any(verb.status == "pledge" for verb in self.pack.aid.get(lows[back], ()))
        said = back == at - 1 and bool(self.flags.get(lows[back], 0) & CUE)
        return promised if back == at - 2 else said

    def _only_considers(self, at: int, stop: int) -> bool:
        """Tell "promet d'étudier l'offre"."""
        for place in range(at + 1, min(at + 4, stop)):
            for verb in self.pack.aid.get(self.seg.lows[place], ()):
                if verb.status == "consider" and verb.tense == "inf":
                    return True
        return False

    def _leads(self, at: int, last: int, status: str, *, said: bool) -> str | None:
        """Move a phrase of giving by its helpers: "is to hand over", "will put up", "did not"."""
        first, group = at, []
        lows = self.seg.lows
        while first and at - first < 5:
            low = lows[first - 1]
            if not (low in self.helpers or low in {"to", "n'", "ne"}):
                break
            first -= 1
            group.append(low)
        words = set(group) - set(lows[at:last])
        if not self.nouns.english and lows[at] in {"faire", "prendre"}:
            return self._led_by(first, words, status)
        if words & self.negations:
            return "refuse" if words & self.ahead_aux else None
        if words & self.future_aux:
            return "pledge"
        if words & self.cond_aux:
            ahead = "pledge" if said and words & self.told_ahead else "consider"
            set_aside = "would" not in words or status == "allocate"
            return status if "be" in words and set_aside else ahead
        if "to" in words and "be" in words and words & {"is", "are"}:
            return "pledge"  # "are to be made available"
        if group[:1] == ["to"]:
            if words & {"is", "are"}:
                return "pledge"
            governor = self.pack.raw.get("governed", {}).get(lows[first - 1] if first else "")
            return str(governor) if governor else None
        return status

    def _led_by(self, at: int, words: set[str], status: str) -> str | None:
        """Give what leads an infinitive: "va faire entrer", "prévoit de prendre en charge"."""
        if words & self.future_aux:
            return "pledge"
        if words & self.cond_aux:
            return "consider"
        for back in range(at - 1, max(at - 5, -1), -1):
            low = self.seg.lows[back]
            value = self.pack.raw.get("governed", {}).get(low)
            if value:
                self.governor = back
                return str(value)
            if low == "pu":
                return status
            if low not in {"de", "d'", "à"} and not self.flags.get(low, 0) & ADVERB:
                break
        return None

    def _over_aside(self, comma: int, floor: int) -> int:
        """Give the word where ", en revanche," opens, before a closing comma; 0 if none."""
        for place in range(comma - 1, max(comma - 6, floor), -1):
            low = self.seg.lows[place]
            if low == ",":
                return place if place < comma - 1 else 0
            if low not in self.asides and low not in _IN_NO_CASE:
                return 0
        return 0

    def _aside_of(self, at: int, floor: int) -> bool:
        """Tell "a par ailleurs débloqué": only asides between a helper and its participle."""
        for place in range(at - 1, max(at - 6, floor - 1), -1):
            low = self.seg.lows[place]
            if low in self.helpers:
                return True
            if low not in self.asides:
                return False
        return False

    def _we_had(self, at: int) -> bool:
        """Tell the verb of "nous avions demandé" from aircraft."""
        return self.seg.lows[at] == "avions" and at > 0 and self.seg.lows[at - 1] == "nous"

    def _fears(self, at: int, verb: AidVerb, sentence: Sentence) -> bool:
        """Tell whether somebody fears a cause of hesitation where aid is talked of."""
        if verb.tense not in ("pres", "past", "part", "inf"):
            return False
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        if verb.tense == "part" and not any(
            low in self.have for low in self.seg.lows[max(at - 4, sentence.first) : at]
        ):
            return False
        if self.flags.get(before, 0) & DET or (verb.tense == "inf" and not before.endswith("s")):
            return False
        stop = self._clause_end(at, sentence)
        ahead = any(a - at <= 12 for _, a, _ in self._causes(at + 1, stop))
        return ahead and (
            bool(self._items_between(sentence.first, stop)) or self._verb_near(sentence.first, stop)
        )

    def _is_passive(self, verb: AidVerb, group: list[str]) -> bool:
        if verb.role == "reflexive":
            return False  # "s'est engagée"
        if not _ONESELF.isdisjoint(group):
            return False  # "s'est opposée"
        if any(word in self.been for word in group):
            return True
        if any(word in self.have for word in group):
            return False
        return not group or any(word in self.be for word in group) or verb.tense == "part"

    def _negated(self, group: list[str]) -> bool:
        return not self.negations.isdisjoint(group)

    def _plural_before(self, at: int, sentence: Sentence) -> bool:
        """Tell whether a plural stands before: "some allies hesitate"."""
        if at <= sentence.first:
            return False
        before = self.seg.lows[at - 1]
        return (before.endswith("s") and before[0].isalpha()) or before in {"they", "we", "people"}

    def _request_status(self, at: int, verb: AidVerb, group: list[str], stop: int) -> str | None:
        passive = verb.tense in ("part", "past") and (
            any(word in self.be or word in self.been for word in group)
            and not any(word in self.reflexive for word in group)
        )
        following = self.seg.lows[at + 1] if at + 1 < stop else ""
        if passive or (verb.tense == "part" and not group):
            led = following in {"to", "de", "d'", "à"} and self._verb_near(at + 2, at + 4)
            if led or (following in self.agents and self._context(max(at - 8, 0), at)):
                return "request"  # "has been urged to send", "les chars réclamés par Kiev"
        bare = verb.tense == "part" and not any(word in self.have for word in group)
        if bare and not self.nouns.english:
            bare = self.seg.lows[at - 1 : at] != ["et"]  # "a appelé … et réclamé …"
        if self.nouns.english:
            bare = verb.tense == "part" and not group and False
        if passive or bare:
            return None
        if at + 1 < stop and self.seg.lows[at + 1] in self.negations:
            return None  # "asked not to be named"
        ahead = self.seg.lows[at + 1 : min(at + 7, stop)]
        if any(ahead[k : k + 2] == ["ne", "pas"] for k in range(len(ahead))):
            return None  # "a appelé les Européens à ne pas s'habituer"
        if self._negated(group) or following in {"s'", "si"}:
            return None
        before = self.seg.lows[at - 1]
        if before in _ABSTRACT:
            return None  # "la guerre demande des obus"
        if before in _CLOSING and not group and following != "for":
            return None  # '"Where are the shells?" asked Mr Adams'
        if not self.crowd.isdisjoint(ahead[:3]) and not self._verb_near(at + 1, stop):
            return None  # "appelle la population à économiser le courant"
        given_up = any(
            each.status == "refuse" and each.role == "governor" and each.strong
            for low in self.seg.lows[max(at - 3, 0) : at] for each in self.pack.aid.get(low, ())
        )  # fmt: skip
        if given_up:
            return None  # "a renoncé à demander des renforts"
        if set(ahead[:3]) & {"où", "where", "how", "whether", "why", "who", "what", "comment"}:
            return None  # "asked where the money would come from"
        addressed = following == "to" and (
            self._verb_near(at + 2, min(at + 9, stop)) or "for" in self.seg.lows[at + 2 : at + 7]
        )
        if (
            verb.lemma in self.with_preposition
            and not (following in self.for_words or addressed)
            and (ahead[:2] != ["en", "faveur"])
        ):
            return None
        near = self._context(at + 1, min(at + 18, stop)) or self._verb_near(
            at + 1, min(at + 14, stop)
        )
        asked = following in self.for_words | _STOPS | {",", "by"} | self.be | self.have
        if self.seg.lows[at - 1] in self.hypothetical:
            return None  # "if asked"
        them = bool({"it", "them"} & set(ahead[:2])) and self.nouns.english
        near = near or not self.asked_givers.isdisjoint(self.seg.lows[at + 1 : min(at + 10, stop)])
        near = near or (self.told_lately and not _AS_MUCH.isdisjoint(ahead[:5]))
        goods = following == "for" and self.nouns.english
        near = near or (goods and self.told_lately and self.only_words.isdisjoint(ahead[:3]))
        near = near or (them and (self.told_lately or self._context(max(at - 14, 0), at)))
        near = near or (asked and self._context(max(at - 8, 0), at))  # "all the help we asked for"
        return "request" if near else None

    def _nominal_status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence
    ) -> str | None:
        if self.nouns.english and self._says_that(at, sentence):
            return None
        if (
            verb.tense == "part"
            and not any(word in self.have_or_be or word in self.been for word in group)
            and not (self.nouns.english and not group)
        ):
            return self._announced(at, verb)
        lows = self.seg.lows
        for place in range(at + 1, min(at + 9, sentence.last)):
            low = lows[place]
            if low in self.events_after or low in _STOPS or low in {":", '"', "«", "“"}:
                return None
            if low in self.freed:
                return "allocate"
            if low in self.stoppings:  # "announced a halt to all aid"
                aided = not self.aid_nouns.isdisjoint(lows[place + 1 : place + 6])
                return "refuse" if aided else None
            if verb.lemma == "confirm" and (verb.tense != "past" or low in self.proposals):
                return None  # "has yet to confirm its offer"
            if low in self.opened:
                return "field"
            if low in self.nominals or place in self.figures:
                return verb.status
        return None

    def _says_that(self, at: int, sentence: Sentence) -> bool:
        """Tell "announced it was sending", "confirmed aid had arrived" from an announcement."""
        lows = self.seg.lows
        following = lows[at + 1] if at + 1 < sentence.last else "."
        kind = self.flags.get(following, 0)
        if kind & PRONOUN and not kind & DET:
            return True
        for place in range(at + 1, min(at + 7, sentence.last)):
            low = lows[place]
            if low in self.have_or_be or low in self.moving:
                return True
            if self.flags.get(low, 0) & PREP or low in _MARKS:
                return False
        return False

    def _nominal_end(self, at: int, sentence: Sentence) -> int:
        for place in range(at + 1, min(at + 6, sentence.last)):
            if self.seg.lows[place] in self.nominals:
                return place + 1
            if place in self.figures:
                break
        return at + 1

    def _reflexive_status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, near: bool
    ) -> str | None:
        if not any(word in self.reflexive for word in group):
            return None
        following = self.seg.lows[at + 1] if at + 1 < sentence.last else ""
        if verb.lemma == "assurer":
            ahead = any(word in self.future_aux for word in group) or verb.tense == "fut"
            return verb.status if ahead and following in self.events_after else None
        stop = self._clause_end(at, sentence)
        ok = near or self._verb_near(at + 1, min(at + 9, stop))
        return verb.status if ok and following not in {"dans", "contre"} else None
