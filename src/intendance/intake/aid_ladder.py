"""Where an aid verb stands on the ladder: tense, mood, negation, what was spoken of before."""

from __future__ import annotations

from typing import Final

from intendance.intake.aid_verbs import GIVES, VerbReader
from intendance.intake.pack import AID, AidVerb
from intendance.intake.parties import Event
from intendance.intake.receivers import QUOTES
from intendance.intake.segment import Sentence

_MARKS: Final = frozenset('.;:"«»“”()!?–—')
_STOPS: Final = frozenset({".", ";", "!", "?"})
_AFTER_PROMISE: Final = _STOPS | {
    ",", "in", "last", "this", "at", "on", "me", "us", "them", "that",
}  # fmt: skip
_TAKEN_UP: Final = frozenset({"les", "l'", "en", "leur", "lui"})
_WORDS: Final = frozenset({"engagements", "promesses"})
_UNDER: Final = frozenset({"which", "though", "although", "before", "unless", "dont"})
_NE: Final = frozenset({"ne", "n'"})
_WHOM: Final = frozenset({"them", "us", "him", "her", "it", "me"})
_NOTHING: Final = frozenset({"aucun", "aucune", "ni", "nul", "nulle", "nullement", "aucunement"})
_CASES: Final = frozenset({"circumstances", "case", "account", "event", "way"})
_BREAKS: Final = frozenset('.;:,"«»“”()!?–—')
_SAID_NO: Final = frozenset({"commit", "deliver", "pledge"})  # denied, it is refused
_COULD: Final = frozenset({"could", "might"})
_UNSURE: Final = frozenset({"consider", "pledge"})
_ONE: Final = frozenset({"one", "a"})
_LESS: Final = frozenset({"moins", "fewer", "less"})
_ONLY: Final = frozenset({"seulement", "uniquement", "que", "only", "just", "merely", "simply"})
_WHEN: Final = frozenset({"lorsque", "lorsqu'", "quand", "si", "s'", "après"})
_THEN: Final = (["une", "fois"], ["en", "cas"], ["à", "condition"])
_HARDLY: Final = frozenset({"barely", "hardly", "scarcely"})
_FEWER: Final = frozenset({"fewer", "less", "more", "moins"})
_THAN: Final = frozenset({"than", "de", "d'"})
_HAVE: Final = frozenset({"a", "ont", "avons"})
_OWN: Final = frozenset({"son", "sa", "leur", "notre"})
_THEY: Final = frozenset({"they", "we", "you"})


class LadderReader(VerbReader):
    """Moves the status of a verb along the ladder, under one language pack."""

    def _sum_after(self, at: int) -> bool:
        """Tell "le budget prévoit 3 milliards" from "prévoit d'envoyer", "prévoit un accord"."""
        if self.seg.lows[at + 1 : at + 2] in (["de"], ["d'"]):
            return False
        return any(place in self.figures for place in range(at + 1, at + 4))

    def _threatened(self, at: int) -> bool:
        """Tell "has threatened to cut supplies", "menace de suspendre son aide"."""
        governed, lows = self.pack.raw.get("governed", {}), self.seg.lows
        for back in range(at - 1, max(at - 4, -1), -1):
            if governed.get(lows[back]) == "consider":
                self.governor = back
                return True
        return False

    def _taken_up(self, at: int, verb: AidVerb) -> bool:
        """Tell "hésite encore", "rejected the idea", where aid was just spoken of."""
        if verb.status == "hesitate":
            return True
        ahead = self.seg.lows[at + 1 : at + 5]
        proposed = bool(self.proposals & set(ahead)) or ahead[:1] == ["."]  # "L'Italie a décliné."
        return verb.strong and (proposed if verb.status == "refuse" else True)

    def _raises(self, at: int, verb: AidVerb, group: list[str], after: bool) -> str | None:
        """Tell "is stepping up its funding", "triple son aide": a promise of more."""
        ahead = self.seg.lows[at + 1 : at + 9]
        own = verb.tense == "pres" and ahead[:1] and ahead[0] in _OWN  # "porte son aide à"
        done = own or set(group) & self.have
        if verb.lemma == "porter" and done:  # "a porté le fonds à un milliard"
            to = "à" in ahead and at + 2 + ahead.index("à") in self.figures
            return "allocate" if to and self.aid_nouns & set(ahead) else None
        if verb.lemma not in self.increasing or verb.tense == "inf":
            return None
        rising = verb.tense == "ger" and set(group) & self.be and after
        aided = self.aid_nouns & set(self.seg.lows[at + 1 : at + 4])
        told = verb.tense == "pres" or group or self.nouns.english
        return "pledge" if rising or (aided and told and verb.tense != "ger") else None

    def _promised_before(self, at: int, sentence: Sentence) -> bool:
        """Tell "half of the 100,000 it promised", "There will be more, the minister promised"."""
        following = self.seg.lows[at + 1] if at + 1 < sentence.last else "."
        return following in _AFTER_PROMISE

    def _spoken_of(self, at: int, group: list[str], stop: int) -> bool:
        """Tell "will send another", "a promis d'en livrer autant": aid was just spoken of."""
        ahead = self.seg.lows[at + 1 : min(at + 4, stop)]
        taken = any(low in self.elliptic for low in ahead)
        if not self.told_lately:
            return "en" in group and taken
        if taken or any(self._number_at(k) for k in range(at + 1, min(at + 4, stop))):
            return True
        if self._negated(group) and not self.not_yet.isdisjoint(ahead):
            return True  # "had not received a single sandbag"
        if not self.nouns.english and self.seg.lows[at - 1] in _TAKEN_UP:
            return True
        if "en" in group or (self._negated(group) and not self.ahead_aux.isdisjoint(group)):
            return True
        after = self.seg.lows[at + 1 : at + 3]
        denied = not {"ne", "n'"}.isdisjoint(group) and after[:1] and after[0] in self.negations
        return bool(denied) and after[1:] not in ([], ["."], ["à"], ["au"])  # "ne cédera pas."

    def _is_negated(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, stop: int
    ) -> bool:
        """Tell whether nothing is given: "none", "not", or "ne … pas" around the verb."""
        if self._none_given(at, group, sentence):
            return True
        if self._not_only(at, group):
            return False
        if self._negated(group) or self._none_after(at, group, stop):
            return True
        if self.nouns.english:
            if self._in_no_case(at, sentence.first):
                return True
        elif self._only_then(at, verb, group, stop) or self._nothing_ahead(at, group, stop):
            return True
        if self.nouns.english and "neither" in self.seg.lows[at + 1 : at + 3]:
            return True  # "would send “neither weapons nor soldiers”"
        place = self._behind(at, stop)
        return (
            place < stop
            and verb.tense in ("pres", "fut", "cond", "past")
            and self.seg.lows[place] in self.negations
            and any(low in {"ne", "n'"} for low in group)
            and not self._at_least(place)
        )

    def _given(
        self, at: int, verb: AidVerb, group: list[str], negated: bool, sentence: Sentence,
        events: list[Event],
    ) -> str | None:  # fmt: skip
        """Give where a verb of giving stands; None where an earlier trigger holds it."""
        if group == ["be", "to"] and events and events[-1].status == "request" and (
            "," not in self.seg.lows[events[-1].last : at]
        ):  # fmt: skip
            return None  # "called for corridors to be opened"
        if self._governed(at, events, verb, group):
            return None
        if (
            (self._none_given(at, group, sentence) or self._none_after(at, group, sentence.last))
            and verb.status in GIVES
            and verb.tense in ("part", "past")
        ):
            return "refuse" if set(group) & self.future_aux else "hesitate"
        if negated and verb.status == "need":
            offered = not self.aid_nouns.isdisjoint(self.seg.lows[at + 1 : at + 6])
            return "refuse" if offered else None  # "does not need any help"
        if verb.tense == "part" and group[-1:] == ["être"] and self._to_be_done(at, group):
            return None
        if verb.lemma in self.receivers and not _WORDS.isdisjoint(self.seg.lows[at + 1 : at + 5]):
            return "pledge"  # "a reçu suffisamment d'engagements"
        if verb.tense == "past" and verb.status in GIVES and not _HARDLY.isdisjoint(group):
            return "hesitate"  # "is barely funded"
        status = self._ladder(at, verb, group, negated, sentence)
        if status in _UNSURE and verb.status == "need":
            return "need"  # "would need about ten"
        if status != "consider" or verb.lemma not in self.receivers:
            return status
        wished = set(group) & self.wishes or self.wishes & set(self.seg.lows[max(at - 2, 0) : at])
        return "need" if wished else status

    def _to_be_done(self, at: int, group: list[str]) -> bool:
        """Tell "150 tonnes prêtes à être transportées" from "commencent à être livrées"."""
        first = at - len(group)
        return self.seg.lows[first - 1] == "à" and self.seg.lows[first - 2] not in self.aspect

    def _none_after(self, at: int, group: list[str], stop: int) -> bool:
        """Tell "n'ont reçu aucun secours", "ne livrera « plus un obus »", "gave Kyiv nothing"."""
        if not (self.nouns.english or _NE & set(group)):
            return False
        lows, place = self.seg.lows, self._behind(at, stop)
        whom = self.nouns.english and place < stop
        if whom and (lows[place] in _WHOM or self.seg.upper(place)):
            place = self._behind(place, stop)  # "will send Ukraine no tanks"
        if place >= stop or self._at_least(place):
            return False
        if lows[place] == "not":
            return not _ONE.isdisjoint(lows[place + 1 : place + 2])  # "not one more shell"
        quoted = not self.nouns.english and lows[place - 1] in QUOTES
        return lows[place] in self.none_after or (quoted and lows[place] in self.negations)

    def _not_only(self, at: int, group: list[str]) -> bool:
        """Tell "ne livrera pas moins de 40 chars", "will not only send": nothing is denied."""
        ahead = self.seg.lows[at + 1 : at + 3]
        if self._negated(group):
            return not _LESS.isdisjoint(ahead[:1]) or not _ONLY.isdisjoint(group)
        if not ahead or ahead[0] != "pas" or _NE.isdisjoint(group):
            return False
        return ahead[-1] in _LESS or ahead[-1] in _ONLY

    def _only_then(self, at: int, verb: AidVerb, group: list[str], stop: int) -> bool:
        """Tell "ne livrera les chars qu'une fois la paix signée": no, until then."""
        lows = self.seg.lows
        if verb.tense not in ("fut", "cond", "pres", "inf") or _NE.isdisjoint(group):
            return False
        return any(
            lows[place] in {"que", "qu'"} and self._then(place + 1)
            for place in range(at + 1, min(at + 14, stop - 1))
        )

    def _nothing_ahead(self, at: int, group: list[str], stop: int) -> bool:
        """Tell "ne livrera en aucun cas ses chars", "ne cédera à Kiev ni chars ni obus"."""
        if _NE.isdisjoint(group):
            return False
        lows = self.seg.lows
        for place in range(at + 1, min(at + 9, stop)):
            if lows[place] in _NOTHING:
                return True
            if lows[place] in {"que", "qu'"} or (lows[place] in _BREAKS and place > at + 1):
                return False
        return False

    def _in_no_case(self, at: int, floor: int) -> bool:
        """Tell "will under no circumstances send", "Not until May will Oslo send"."""
        lows = self.seg.lows
        for place in range(at - 2, max(at - 9, floor - 1), -1):
            if lows[place] == "no" and place > floor and lows[place - 1] in {"under", "in", "on"}:
                return lows[place + 1] in _CASES
            if lows[place] == "never" and lows[place + 1] in self.moving:
                return True
            if lows[place] == "until" and place > floor and lows[place - 1] == "not":
                return not self.moving.isdisjoint(lows[place + 1 : at])
            if lows[place] in _BREAKS:
                return False
        return False

    def _then(self, at: int) -> bool:
        """Tell "une fois", "lorsque", "en cas de", "à condition" from other words after "que"."""
        lows = self.seg.lows
        return lows[at] in _WHEN or lows[at : at + 2] in _THEN

    def _behind(self, at: int, stop: int) -> int:
        """Give the word behind a verb, also where a quotation begins with it."""
        place = at + 1
        return place + (place < stop and self.seg.lows[place] in QUOTES)

    def _at_least(self, at: int) -> bool:
        """Tell "no fewer than 40", "pas moins de 40", a bound, from a negation."""
        following = self.seg.lows[at + 1 : at + 3]
        return len(following) > 1 and following[0] in _FEWER and following[1] in _THAN

    def _commits_to(self, at: int, verb: AidVerb) -> bool:
        """Tell "committed to hand over", a promise, from "committed $2 million"."""
        lows = self.seg.lows[at + 1 : at + 3]
        english = self.nouns.english and verb.lemma == "commit" and lows[:1] == ["to"]
        return english and bool(self.flags.get(lows[-1], 0) & AID)

    def _none_given(self, at: int, group: list[str], sentence: Sentence) -> bool:
        """Tell "Aucun char n'a été livré", "No tank has been delivered": a subject that is none."""
        if not self.nouns.english and not {"n'", "ne"} & set(group):
            return False
        if self.nouns.english and self.helping.isdisjoint(group):
            return False
        return self._none_before(self._clause_begin(at, max(sentence.first, at - 12)), at)

    def _governed(self, at: int, events: list[Event], verb: AidVerb, group: list[str]) -> bool:
        """Tell whether an earlier trigger already holds this verb ("s'engage à livrer")."""
        if verb.tense != "inf" or not events:
            return False
        if verb.status in self.inf_ok:
            return False
        if self.nouns.english and self.seg.lows[at - 1] in _THEY:
            return False  # "We asked for cranes and they send tents"
        last = events[-1]
        if last.sentence != events[-1].sentence or at - last.last > 14:
            return False
        between = self.seg.lows[last.last : at]
        apart = "," in between and _UNDER.isdisjoint(between)
        apart = apart or not self.joiners.isdisjoint(between)
        led = self.seg.lows[at - 2] in self.pack.raw.get("governed", {}) and len(between) > 2
        if led and self.seg.lows[at - 1] in {"de", "d'", "à", "to"}:
            return False  # "…, et il a été décidé de déployer"
        if not self.ahead_aux.isdisjoint(group) and apart:
            return False  # "had resumed deliveries and planned to send"
        return not any(low in _STOPS for low in between)

    def _ladder(
        self, at: int, verb: AidVerb, group: list[str], negated: bool, sentence: Sentence
    ) -> str | None:
        """Move a status along the ladder by tense, mood and negation."""
        words = set(group)
        status = verb.status
        if verb.tense == "inf" and verb.status in self.inf_ok:
            return status
        ahead = bool(words & self.future_aux) or verb.tense == "fut"
        maybe = bool(words & self.cond_aux) or verb.tense == "cond"
        bare = self.nouns.english and "to" not in words
        if self.nouns.english and group[:2] == ["be", "to"] and not (ahead or maybe):
            told = words & {"is", "are"} or len(group) == 2
            return "pledge" if told and status in GIVES else status  # "are to be delivered"
        if (
            self.nouns.english
            and verb.tense == "inf"
            and group[:1] == ["to"]
            and (self._headline(sentence, at))
        ):
            return "pledge" if status in GIVES else status
        if (
            self.nouns.english
            and verb.tense == "inf"
            and group[:1] == ["to"]
            and (len(group) > 1 and group[1] in {"is", "are"})
        ):
            return "pledge" if status in GIVES else status  # "Britain is to supply"
        if verb.tense == "inf" and not (ahead or maybe or bare):
            return self._open_infinitive(at, verb, sentence)
        if ahead or maybe:
            if negated:
                return "refuse"
            if maybe and not (
                words & self.have and verb.tense == "part" and words & {"aurait", "auraient"}
            ):
                if self.have & words and not _COULD.isdisjoint(words) and verb.tense != "inf":
                    return None  # "could have sent tanks"
                told = verb.tense == "cond" or words & self.told_ahead
                agreed = self.agreements & set(self.seg.lows[max(at - 10, sentence.first) : at])
                said = agreed or self._reported(at, sentence)
                return "pledge" if told and said else "consider"
            if ahead and status in GIVES:
                return "pledge"
            return status
        if negated:
            if verb.tense not in ("part", "past"):
                return "refuse"
            if verb.role == "arrival":
                return "hesitate"  # "half of the shells have not arrived"
            after = self.seg.lows[at + 1 : at + 8]
            late = "yet" in after or self.not_yet & {*words, *after[:2]}
            return "hesitate" if late and status in GIVES else None
        return status

    def _headline(self, sentence: Sentence, at: int) -> bool:
        """Tell "Poland to spend 2 billion": a headline's infinitive is the future."""
        last = self.seg.lows[sentence.last - 1]
        return sentence.paragraph == 0 and last not in {".", "?"} and at - sentence.first <= 6

    def _open_infinitive(self, at: int, verb: AidVerb, sentence: Sentence) -> str | None:
        """Read "a décidé de livrer" and the like; a plain infinitive says nothing happened."""
        lows = self.seg.lows
        if lows[at - 1] in {"de", "d'"} and lows[max(at - 2, 0)] in self.recent:
            return verb.status  # "vient de livrer"
        if lows[at - 1] in {"fait", "font"}:
            return verb.status  # "a fait acheminer"
        if lows[at - 1] == "pu" and lows[at - 2] in _HAVE and lows[at - 3] not in _NE:
            return verb.status  # "a pu acheminer des vivres"
        governed = self.pack.raw.get("governed", {})
        if lows[at - 1] in {"à", "to"} and lows[at - 2] not in governed and (
            self.firsts & set(lows[max(at - 6, sentence.first) : at])
        ):  # fmt: skip
            return verb.status  # "a été le premier pays à livrer"
        for back in range(at - 1, max(at - 7, sentence.first) - 1, -1):
            value = governed.get(lows[back])
            if lows[back] == "about" and lows[back + 1] == "to":
                value = "pledge"
            if not value and lows[back - 1] == "did":
                value = governed.get(lows[back] + "d")  # "did agree to raise"
            if value == "consider" and lows[back + 1] == "à":
                continue  # "les pays qui le souhaitent à fournir"
            if value and not (self.nouns.english and self._plan_noun(back)):
                self.governor = back  # "agreed to lend": the promise stands in "agreed"
                if value in _SAID_NO and (
                    not self.negations.isdisjoint(lows[max(back - 3, sentence.first) : back])
                    or self._none_before(self._clause_begin(back, sentence.first), back)
                ):
                    return "refuse"  # "Aucun camp n'a accepté d'ouvrir …"
                begun = value == "deliver" and verb.status in GIVES
                if begun and lows[back - 1] in self.future_aux:
                    return "pledge"  # "will continue to provide"
                return verb.status if begun else str(value)
            if lows[back] in {",", '"', "«"}:
                break
        return None
