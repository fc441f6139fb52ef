"""Aid: who asks, promises, gives, refuses or hesitates, on the status ladder of the contract."""

from __future__ import annotations

from typing import Final

from intendance.intake.aid_verbs import GIVES, VerbReader
from intendance.intake.pack import (
    ADVERB,
    AID,
    CUE,
    DET,
    ITEM,
    PREP,
    PRONOUN,
    UNIT,
    AidVerb,
)
from intendance.intake.parties import IN_GROUP, Event
from intendance.intake.segment import Sentence

__all__ = ["AidReader", "Event"]

_HALTS: Final = frozenset({"bloquer", "block", "suspendre", "suspend", "geler", "halt", "veto"})

_MARKS: Final = frozenset('.;:"«»“”()!?–—')
_ENDINGS: Final = _MARKS | {",", "or", "and", "'"}
_STOPS: Final = frozenset({".", ";", "!", "?"})


class AidReader(VerbReader):
    """Finds the aid events of a sentence under one language pack."""

    def read(self, sentence: Sentence, index: int, figures: set[int]) -> list[Event]:
        """Give the aid events; ``figures`` are the first tokens of amounts and quantities."""
        self.figures = figures
        self.told_lately = self.last_sentence is not None and index - self.last_sentence <= 1
        events: list[Event] = []
        floor, lows = sentence.first, self.seg.lows
        verbs, match = self.pack.aid, self.pack.match
        for at, kind in enumerate(self.seg.kinds[floor : sentence.last], floor):
            if not kind & AID or at < floor:
                continue
            if lows[at] not in verbs and not match(lows, at, "aid_phrases", sentence.last):
                continue
            event = self._phrase(at, sentence, index) or self._verb(at, sentence, index, events)
            if event is None:
                continue
            if events and (events[-1].last > event.first or self._held(event, events[-1])):
                continue
            events.append(event)
            floor = event.last
        events = [each for each in events if self._real(each, sentence)]
        events = [
            each for number, each in enumerate(events)
            if not (each.rule.startswith("aid.word") and number + 1 < len(events)
                    and events[number + 1].status in ("refuse", "hesitate"))
        ]  # fmt: skip
        if events:
            self.last_sentence = index
        for number, event in enumerate(events):
            following = events[number + 1].first if number + 1 < len(events) else sentence.last
            before = events[number - 1].last if number else sentence.first
            self._fill(event, sentence, before, following)
        return events

    def _held(self, event: Event, last: Event) -> bool:
        """Tell "pledged to hand over": the phrase belongs to the promise before it."""
        governed = event.first and self.seg.lows[event.first - 1] in {"to", "à", "de", "d'"}
        phrase = event.rule.startswith("aid.phrase") and (
            event.status in GIVES or event.status == last.status
        )
        return bool(governed and phrase and event.first - last.last <= 3)

    def _real(self, event: Event, sentence: Sentence) -> bool:
        """Tell what happens from "faute d'équipages formés" and "si des avions étaient livrés"."""
        if event.status not in GIVES | {"train"}:
            return True
        lows = self.seg.lows
        for at in range(event.first - 1, max(event.first - 9, sentence.first) - 1, -1):
            if lows[at] in self.hypothetical:
                return False
            if lows[at] in {",", ";", ":", '"', "«", "“"}:
                break
        begin = max(sentence.first, event.first - 8)
        causes = self._causes(begin, min(event.last + 1, sentence.last))
        # "funding" and "training" alone are the verb, not its cause.
        return not any(a <= event.first and event.last <= b for _, a, b in causes if b - a > 1)

    # ---- phrases -----------------------------------------------------------------------------

    def _phrase(self, at: int, sentence: Sentence, index: int) -> Event | None:
        matched = self.pack.match(self.seg.lows, at, "aid_phrases", sentence.last)
        if matched is None:
            return None
        size, status = matched
        rule_status = status
        last = at + size
        stop = self._clause_end(last, sentence)
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        noun = self.flags.get(before, 0) & (DET | PREP) and self.seg.lows[at].startswith("manqu")
        if status == "need" and (noun or self._everything_needed(at)):
            return None
        waits = self.seg.lows[at].startswith("atten")
        if waits and not self._context(last, min(last + 5, stop)):
            return None  # "attendent toujours l'ouverture du passage"
        leads = last < stop and self.seg.lows[last] in {"à", "to"}
        if self.nouns.english and status == "need" and not self._context(last, min(last + 8, stop)):
            return None
        if status in GIVES and self._leads(at, last, status) is None:
            return None
        if status != "refuse":  # "will stop sending" promises nothing
            status = self._leads(at, last, status) or status
        if (
            not waits
            and (lows_of := self.seg.lows[at:last])
            and lows_of[-1]
            in {
                "encore",
                "défaut",
                "missing",
                "lacking",
            }
        ):
            begin = self._clause_begin(at, max(sentence.first, at - 16))
            if not self._context(begin, at) or self.seg.lows[at - 1] == "qui":
                return None
        follows = self.seg.lows[last - 1] in self.alone
        held = leads or self._verb_near(last, min(last + 8, stop))
        if status == "pledge" and rule_status == status and not (
            held or (follows and (self.told_lately or self._context(sentence.first, stop)))
        ):  # fmt: skip
            return None
        weak = status not in {"need", "pledge", "commit", "coordinate", "deliver"}
        if weak and not (
            self._context(sentence.first, stop)
            or self._causes(sentence.first, stop)
            or self._verb_near(last, min(last + 8, stop))
            or (self.told_lately and status in {"hesitate", "consider", "refuse"})
        ):
            return None
        return Event(at, last, status, "", f"aid.phrase.{status}", index, status == "need")

    def _everything_needed(self, at: int) -> bool:
        """Tell "tout ce dont elle a besoin": the object of another verb, no need of its own."""
        before = self.seg.lows[max(at - 5, 0) : at]
        return any(
            tuple(before[k : k + len(words)]) == words
            for words in self.everything
            for k in range(len(before))
        )

    # ---- verbs -------------------------------------------------------------------------------

    def _verb(self, at: int, sentence: Sentence, index: int, events: list[Event]) -> Event | None:
        for verb in self.pack.aid.get(self.seg.lows[at], ()):
            event = self._reading(at, verb, sentence, index, events)
            if event is not None:
                return event
        return None

    def _left(self, at: int, sentence: Sentence) -> tuple[int, list[str]]:
        """Give the start of the verb group before a verb, and its words, nearest first."""
        lows, first = self.seg.lows, at
        while first > sentence.first and at - first < 7:
            low = lows[first - 1]
            flag = self.flags.get(low, 0)
            if low == "," and (over := self._over_aside(first - 1, sentence.first)):
                first = over  # "ne peut pas, en revanche, financer"
                continue
            helper = low in self.verb_group or low in IN_GROUP or low in self.not_yet_adverbs
            helper = helper or bool(flag & ADVERB and not flag & DET)
            helper = helper or self._we_had(first - 1)
            helper = helper or (low in self.asides and self._aside_of(first - 1, sentence.first))
            if not (helper or low[0] == "-"):
                break
            first -= 1
        group = lows[first:at][::-1]
        return first, ["avons" if low == "avions" else low for low in group]

    def _reading(
        self, at: int, verb: AidVerb, sentence: Sentence, index: int, events: list[Event]
    ) -> Event | None:
        if verb.role == "word":
            stop = self._clause_end(at, sentence)
            meant = self._context(sentence.first, stop) or bool(self._causes(sentence.first, stop))
            lately = verb.status == "pledge" or not self._adverb_led(at)
            meant = meant or (self.told_lately and lately)
            if not (meant or self._verb_near(at + 1, min(at + 6, stop))):
                return None
            return Event(at, at + 1, verb.status, verb.lemma, f"aid.word.{verb.lemma}", index)
        led_by = self.only_with.get(verb.lemma)
        if led_by and led_by.isdisjoint(
            self.seg.lows[at + 1 : min(at + 14, self._clause_end(at, sentence))]
        ):
            return None
        if verb.role == "fate":
            return self._fate(at, verb, sentence, index)
        if verb.role == "begin":
            return self._begins(at, verb, sentence, index)
        if verb.role == "fear" and not self._fears(at, verb, sentence):
            return None
        if self._other_sense(at, verb, sentence):
            return None
        first, group = self._left(at, sentence)
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        if self._is_noun(at, verb, before, group):
            return None
        status = self._status(at, verb, group, sentence, events)
        if status is None:
            return None
        passive = verb.tense in ("part", "past") and self._is_passive(verb, group)
        if self.nouns.english and verb.tense == "past" and not set(group) & self.be:
            following = self.seg.lows[at + 1] if at + 1 < sentence.last else ""
            passive = not set(group) & self.have and (
                following in self.agents or (following == "to" and self._after_item(at))
            )
        if self.seg.lows[at] in {"prête", "prêtes"}:
            return None  # the adjective
        if verb.role == "arrival":
            if not self._arrives(at, verb, group, sentence):
                return None
            passive = True
        trigger = self._trigger_start(at, first, verb, group)
        rule = f"aid.{verb.role}.{verb.lemma}:{verb.tense}"
        event = Event(trigger, at + 1, status, verb.lemma, rule, index, passive=passive)
        event.subject_is_recipient = verb.lemma in self.receivers
        if verb.role == "nominal":
            event.last = self._nominal_end(at, sentence)
        return event

    def _trigger_start(self, at: int, first: int, verb: AidVerb, group: list[str]) -> int:
        lows = self.seg.lows
        if verb.role == "reflexive":
            for back, word in enumerate(group, start=1):
                if word in self.reflexive:
                    return at - back
        if verb.tense == "part" and group and group[0] in self.have:
            return at - 1
        del lows, first
        return at

    def _is_noun(self, at: int, verb: AidVerb, before: str, group: list[str]) -> bool:
        flag = self.flags.get(before, 0)
        if self.nouns.english and self._english_noun(at, verb, before, group):
            return True
        if verb.tense in ("pres", "none") and not group:
            if (flag & DET and before not in {"l'", "le", "la", "les"}) or before in {
                "de",
                "d'",
                "of",
                "par",
            }:
                return True
            if before in {"le", "la", "les", "l'", "the", "a", "an"}:
                return True
            if self.nouns.english and flag & PREP and before != "to":
                return True
        following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else "."
        if self.nouns.english and verb.tense == "pres" and at + 1 < len(self.seg.lows):
            plain = following in _ENDINGS or before in {"not", "or"}
            plain = plain and not (flag & PRONOUN and not flag & DET)  # "all it needs."
            if plain and verb.role != "governor":
                return True  # "promises or deliveries"
        if self.seg.lows[at + 1 : at + 3] == ["en", "état"]:
            return True
        if verb.tense in ("pres", "inf") and self.nouns.english and verb.role != "governor":
            following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else ""
            if following in {"of", "'s"}:
                return True
        if verb.status == "train" and verb.tense == "part" and not group:
            return True  # "des pilotes formés"
        if self.nouns.english and verb.tense == "past" and not group and verb.role == "verb":
            following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else "."
            named = self.flags.get(following, 0) & (ITEM | UNIT) or following in self.nominals
            if named and (flag & DET or before == "of"):
                return True  # "half of the pledged funds"
        if verb.tense == "ger" and flag & DET:
            return True  # "un participant"
        if verb.role == "verb" and self._bare_participle(at, verb, group):
            return not self._told_of(at)
        if verb.status == "commit" and self._in_general(at, verb, group):
            return True
        if not self.nouns.english and verb.tense == "pres" and not group and flag & PREP:
            return True  # "sous forme de"
        return verb.tense == "pres" and not self.nouns.english and before == "de"

    def _status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, events: list[Event]
    ) -> str | None:
        stop = self._clause_end(at, sentence)
        if self._commits_to(at, verb):
            return "pledge"
        after = self._context(at + 1, min(at + 22, stop))
        more = self.seg.lows[at + 2 : at + 3]
        after = after or (self.nouns.english and self._number_at(at + 1) and more == ["more"])
        near = after or self._context(max(sentence.first, at - 14), at)
        near = near or ("en" in group and self._number_at(at + 1))  # "en a expédié cent"
        negated = self._is_negated(at, verb, group, sentence, stop)
        if verb.role == "fear":
            return None if negated else verb.status
        if verb.role == "nominal":
            return self._nominal_status(at, verb, group, sentence)
        if verb.role == "reflexive":
            return self._reflexive_status(at, verb, group, sentence, near)
        if verb.role == "participle":
            ok = verb.tense in ("part", "pres", "past") and near
            return verb.status if ok else None
        if verb.role == "governor":
            ok = near or self._verb_near(at + 1, min(at + 9, stop))
            ok = ok or (self.told_lately and verb.status == "hesitate")
            if verb.status == "refuse" and self._gives_words(at, stop):
                return None
            bare = self.nouns.english and verb.tense == "inf" and self._plural_before(at, sentence)
            if not ok or (verb.tense in ("inf", "ger") and not group and not bare):
                return None
            if verb.status == "refuse" and negated:
                return "consider" if verb.strong else None
            still = verb.lemma in _HALTS and self._stands_still(verb, group)
            if still and not self._handing_over(at, sentence):
                return None  # "des camions bloqués à la frontière"
            return verb.status
        if verb.status == "request":
            return self._request_status(at, verb, group, stop)
        if verb.tense == "inf" and self._gives_words(at, stop):
            return None  # "to give a figure"
        if verb.role == "ahead" and not (verb.tense in ("fut", "cond") or (
            self.nouns.english and set(group) & (self.future_aux | self.told_ahead)
        )):  # fmt: skip
            return None
        if not (verb.strong and verb.tense != "ger") and not near:
            lately = self.told_lately and verb.lemma in self.joining
            if not lately:
                return None
        led = (after if self.nouns.english else near) or self._verb_near(at + 1, min(at + 10, stop))
        following = self.seg.lows[at + 1] if at + 1 < stop else ""
        told = following in self.agents and self._told_of(at)  # "the generators pledged by Sweden"
        if verb.status == "pledge" and self.nouns.english and not (led or told):
            return None
        if verb.status == "pledge" and self._only_considers(at, stop):
            return None  # "promet d'étudier l'offre"
        if verb.status == "train" and not negated:
            return "train" if verb.tense != "inf" or self._sent_to(at) or group else None
        return self._given(at, verb, group, negated, sentence, events)

    def _is_negated(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, stop: int
    ) -> bool:
        """Tell whether nothing is given: "none", "not", or "ne … pas" around the verb."""
        if self._none_given(at, group, sentence) or self._negated(group):
            return True
        return (
            at + 1 < stop
            and verb.tense in ("pres", "fut", "cond", "past")
            and any(low in self.negations for low in self.seg.lows[at + 1 : at + 2])
            and any(low in {"ne", "n'"} for low in group)
        )

    def _given(
        self, at: int, verb: AidVerb, group: list[str], negated: bool, sentence: Sentence,
        events: list[Event],
    ) -> str | None:  # fmt: skip
        """Give where a verb of giving stands; None where an earlier trigger holds it."""
        if self._governed(at, events, verb):
            return None
        if (
            self._none_given(at, group, sentence)
            and verb.status in GIVES
            and verb.tense in ("part", "past")
        ):
            return "hesitate"
        status = self._ladder(at, verb, group, negated, sentence)
        wished = set(group) & self.wishes or self.wishes & set(self.seg.lows[max(at - 2, 0) : at])
        return (
            "need" if status == "consider" and wished and verb.lemma in self.receivers else status
        )

    def _commits_to(self, at: int, verb: AidVerb) -> bool:
        """Tell "committed to hand over", a promise, from "committed $2 million"."""
        lows = self.seg.lows[at + 1 : at + 3]
        english = self.nouns.english and verb.lemma == "commit" and lows[:1] == ["to"]
        return english and bool(self.flags.get(lows[-1], 0) & AID)

    def _none_given(self, at: int, group: list[str], sentence: Sentence) -> bool:
        """Tell "Aucun char n'a été livré", "No tank has been delivered": a subject that is none."""
        if not self.nouns.english and not {"n'", "ne"} & set(group):
            return False
        begin = self._clause_begin(at, max(sentence.first, at - 12))
        return not self.no_subjects.isdisjoint(self.seg.lows[begin : begin + 2]) and bool(
            set(group) & (self.been | self.have)
        )

    def _governed(self, at: int, events: list[Event], verb: AidVerb) -> bool:
        """Tell whether an earlier trigger already holds this verb ("s'engage à livrer")."""
        if verb.tense != "inf" or not events:
            return False
        if verb.status in self.inf_ok:
            return False
        last = events[-1]
        if last.sentence != events[-1].sentence or at - last.last > 14:
            return False
        between = self.seg.lows[last.last : at]
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
            return self._open_infinitive(at, sentence)
        if ahead or maybe:
            if negated:
                return "refuse"
            if maybe and not (
                words & self.have and verb.tense == "part" and words & {"aurait", "auraient"}
            ):
                told = verb.tense == "cond" or words & self.told_ahead
                return "pledge" if told and self._reported(at, sentence) else "consider"
            if ahead and status in GIVES:
                return "pledge"
            return status
        if negated:
            if verb.tense not in ("part", "past"):
                return "refuse"
            late = self.not_yet & {*words, *self.seg.lows[at + 1 : at + 3]}
            return "hesitate" if late and status in GIVES else None
        return status

    def _headline(self, sentence: Sentence, at: int) -> bool:
        """Tell "Poland to spend 2 billion": a headline's infinitive is the future."""
        last = self.seg.lows[sentence.last - 1]
        return sentence.paragraph == 0 and last not in {".", "?"} and at - sentence.first <= 6

    def _reported(self, at: int, sentence: Sentence) -> bool:
        """Tell the future in reported speech: "a promis que … fournirait", "said it would send"."""
        lows = self.seg.lows
        for back in range(at - 1, max(at - 22, sentence.first) - 1, -1):
            if lows[back] in _MARKS:
                break
            tense = self.pack.tenses.get(lows[back])
            if self.flags.get(lows[back], 0) & CUE and tense not in ("pres", "none"):
                return True
        return False

    def _open_infinitive(self, at: int, sentence: Sentence) -> str | None:
        """Read "a décidé de livrer" and the like; a plain infinitive says nothing happened."""
        lows = self.seg.lows
        for back in range(at - 1, max(at - 7, sentence.first) - 1, -1):
            value = self.pack.raw.get("governed", {}).get(lows[back])
            if value and not (self.nouns.english and self._plan_noun(back)):
                return str(value)
            if lows[back] in {",", '"', "«"}:
                break
        return "train" if False else None
