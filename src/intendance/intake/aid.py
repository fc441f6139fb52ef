"""Aid: who asks, promises, gives, refuses or hesitates, on the status ladder of the contract."""

from __future__ import annotations

from typing import Final

from intendance.intake.aid_phrases import MAY_BE_WITHIN, PLEDGES, PhraseReader
from intendance.intake.aid_verbs import GIVES
from intendance.intake.pack import (
    ADVERB,
    AID,
    DET,
    ITEM,
    NUMBER,
    PREP,
    PRONOUN,
    UNIT,
    AidVerb,
)
from intendance.intake.parties import Event
from intendance.intake.segment import Sentence

__all__ = ["AidReader", "Event"]

_HALTS: Final = frozenset({"bloquer", "block", "suspendre", "suspend", "geler", "halt", "veto"})

_PROMISED_OR_GIVEN: Final = GIVES | {"pledge"}
_GIVEN_OR_TRAINED: Final = GIVES | {"train"}
_SPOKEN: Final = GIVES | {"pledge", "need", "train"}  # whose thing may stand in a sentence before
_THEY: Final = frozenset({"they", "we", "you"})
_NEEDED: Final = frozenset({"needed", "nécessaires", "nécessaire"})  # "if guns were needed"
_MARKS: Final = frozenset('.;:"«»“”()!?–—')
_ENDINGS: Final = _MARKS | {",", "or", "and", "'"}
_OPENING: Final = frozenset('"«“')
_CLOSING: Final = frozenset('"»”')
_JOINTS: Final = frozenset({"and", "or"})


class AidReader(PhraseReader):
    """Finds the aid events of a sentence under one language pack."""

    def read(self, sentence: Sentence, index: int, figures: set[int]) -> list[Event]:
        """Give the aid events; ``figures`` are the first tokens of amounts and quantities."""
        self.figures = figures
        self.told_lately = self.last_sentence is not None and index - self.last_sentence <= 2
        events: list[Event] = []
        floor, lows = sentence.first, self.seg.lows
        verbs, opened = self.pack.aid, self.phrase_table
        kinds = self.seg.kinds
        for at, kind in enumerate(kinds[floor : sentence.last], floor):
            if not kind & AID or at < floor:
                continue
            event, led, after = None, opened.get(lows[at]), at + 1
            if led is not None and (  # the word behind lets most begin no expression
                lows[at] in self.open_ended or after >= len(lows)
                or lows[after] in led or kinds[after] & MAY_BE_WITHIN
            ):  # fmt: skip
                event = self._phrase(at, sentence, index)
            if event is None and lows[at] in verbs:
                event = self._verb(at, sentence, index, events)
            if event is None:
                continue
            if events and (events[-1].last > event.first or self._held(event, events[-1])):
                continue
            events.append(event)
            floor, self.told_lately = event.last, True
        if not events:
            return events
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
            earlier = events[number - 1] if number else None
            self._fill(event, sentence, before, following, earlier)
        return [each for each in events if not each.by_machine]

    def _held(self, event: Event, last: Event) -> bool:
        """Tell "pledged to hand over": the phrase belongs to the promise before it."""
        lows = self.seg.lows
        governed = event.first and self.seg.lows[event.first - 1] in {"to", "à", "de", "d'"}
        phrase = event.rule.startswith("aid.phrase") and (
            event.status in GIVES or event.status == last.status
        )
        if event.rule.startswith("aid.phrase") and lows[event.first] in self.noun_heads:
            return event.first - last.last <= 5  # "announced a donation of"
        asked = (
            last.status == "request" and event.status == "refuse" and event.first - last.last < 9
        )
        if asked and event.rule.startswith("aid.phrase") and (
            governed or "that" in lows[last.last : event.first]
        ):  # fmt: skip
            return True  # "demands that the allies stop sending"
        if lows[event.first] in PLEDGES and event.first - last.last <= 2:
            return True  # "declined offers of help"
        return bool(governed and phrase and event.first - last.last <= 3)

    def _real(self, event: Event, sentence: Sentence) -> bool:
        """Tell what happens from "faute d'équipages formés" and "si des avions étaient livrés"."""
        if event.status in _PROMISED_OR_GIVEN and self.seg.lows[sentence.last - 1] == "?":
            return False  # "Qui donnera les appareils ?"
        if self._asks_how(event, sentence):
            return False
        lows = self.seg.lows
        if event.status not in _GIVEN_OR_TRAINED and lows[event.first] not in _NEEDED:
            return True
        if self._denied(event.first, sentence.first):
            return False
        if event.status == "train" and self._is_begun(event, sentence.last):
            return True
        for at in range(event.first - 1, max(event.first - 9, sentence.first) - 1, -1):
            if (lows[at] in self.hypothetical and self._supposes(at)) or (
                self._aimed_at(at, event)
            ):  # fmt: skip
                return False
            if lows[at] in {",", ";", ":", '"', "«", "“"}:
                break
        begin = max(sentence.first, event.first - 8)
        causes = self._causes(begin, min(event.last + 1, sentence.last))
        # "funding" and "training" alone are the verb, not its cause.
        return not any(a <= event.first and event.last <= b for _, a, b in causes if b - a > 1)

    # ---- verbs -------------------------------------------------------------------------------

    def _verb(self, at: int, sentence: Sentence, index: int, events: list[Event]) -> Event | None:
        readings = self.pack.aid.get(self.seg.lows[at], ())
        done = self.nouns.english and len(readings) > 1 and self.seg.lows[at - 1] in self.have_or_be
        for verb in readings:
            if done and verb.tense in ("inf", "pres"):
                continue  # "has been cut"
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
            if low in _OPENING and first - 2 > sentence.first and (
                (lows[first - 2] in self.in_group or self.flags.get(lows[first - 2], 0) & ADVERB)
                and self._quote_at(first - 1, at, sentence)
            ):  # fmt: skip
                first -= 1  # a "rapidement débloqué"
                continue
            if low in _CLOSING and first - 3 > sentence.first and (
                lows[first - 2] in self.negations and lows[first - 3] in _OPENING
            ):  # fmt: skip
                first -= 3  # will "never" send
                continue
            helper = low in self.in_group or bool(flag & ADVERB and not flag & DET)
            helper = helper or (low == "avions" and self._we_had(first - 1))
            helper = helper or (low in self.asides and self._aside_of(first - 1, sentence.first))
            helper = helper or (
                low.endswith(self.adverb_ending) and len(low) > 5 and not flag & DET
            )
            if low in {"plan", "plans"} and self._plan_noun(first - 1):
                break
            if not (helper or low[0] == "-"):
                break
            first -= 1
        if self.nouns.english and first == at > sentence.first and lows[at - 1] in _JOINTS:
            first = self._joined(at, sentence.first)
        group = lows[first:at][::-1]
        return first, ["avons" if low == "avions" else low for low in group]

    def _quote_at(self, mark: int, at: int, sentence: Sentence) -> bool:
        """Tell whether a quotation that opens at a mark holds a verb."""
        opens, verb = self.seg.starts[mark], self.seg.starts[at]
        return any(each.start == opens and verb < each.end for each in sentence.quotes)

    def _joined(self, at: int, floor: int) -> int:
        """Give where the helper of "will dismantle and | ship" stands; the verb itself if none."""
        lows = self.seg.lows
        for back in range(at - 2, max(at - 5, floor), -1):
            if not lows[back].isalpha() or self.flags.get(lows[back], 0) & (DET | PREP | NUMBER):
                return at
            if lows[back - 1] in self.moving:
                return back - 1
        return at

    def _reading(
        self, at: int, verb: AidVerb, sentence: Sentence, index: int, events: list[Event]
    ) -> Event | None:
        if verb.role == "word":
            if self.seg.lows[max(at - 2, 0) : at] == ["d'", "abord"]:
                return None  # "Paris, d'abord réservé, participera"
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
        ) and led_by.isdisjoint(self._undergoing(at, sentence)):  # fmt: skip
            return None
        if verb.role == "fate":
            return self._fate(at, verb, sentence, index)
        if verb.role == "begin":
            return self._begins(at, verb, sentence, index)
        if verb.lemma == "bring" and "total" in self.seg.lows[at + 1 : at + 6]:
            return None  # "brings the total to 9 billion"
        if verb.lemma == "want" and self._wants_of(at, sentence):
            return Event(at, at + 1, "request", "want", "aid.verb.want:to", index)
        if verb.role == "fear" and not self._fears(at, verb, sentence):
            return None
        if self._other_sense(at, verb, sentence):
            return None
        first, group = self._left(at, sentence)
        if verb.tense == "ger" and self.seg.lows[at - 1] in self.aspect:
            first, group = self._left(at - 1, sentence)  # "has begun distributing"
            group.append("being")
        if not group and self._same_event(at, verb, events):
            return None
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        if self._is_noun(at, verb, before, group):
            return None
        self.governor = at
        status = self._status(at, verb, group, sentence, events)
        if status is None:
            return None
        passive = verb.tense in ("part", "past") and self._is_passive(verb, group)
        if self.nouns.english and verb.tense == "past" and not set(group) & self.be:
            following = self.seg.lows[at + 1] if at + 1 < sentence.last else ""
            passive = not set(group) & self.have and (
                following in self.agents or (following == "to" and self._after_item(at))
            )
        if self.seg.lows[at] in {"prête", "prêtes"} and not self._lends(at, sentence):
            return None  # the adjective
        if verb.role == "arrival":
            if not self._arrives(at, verb, group, sentence):
                return None
            begin = self._clause_begin(at, max(sentence.first, at - 16))
            none = self._none_before(begin, at)
            if none or status == "refuse":
                status = "hesitate"  # "l'argent n'arrive pas", "no help came"
            passive = True
        trigger = min(self._trigger_start(at, first, verb, group), self.governor)
        if events and trigger < events[-1].last:
            trigger = at
        rule = f"aid.{verb.role}.{verb.lemma}:{verb.tense}"
        event = Event(trigger, at + 1, status, verb.lemma, rule, index, passive=passive)
        event.subject_is_recipient = verb.lemma in self.receivers
        if verb.role == "nominal":
            event.last = self._nominal_end(at, sentence)
        return event

    def _same_event(self, at: int, verb: AidVerb, events: list[Event]) -> bool:
        """Tell "a envoyé un avion transportant …", "à bord d'un avion parti dimanche"."""
        if self.nouns.english and events and self.seg.lows[at - 1] in _THEY:
            return events[-1].lemma == verb.lemma  # "we need tents, we need water"
        if self.nouns.english or not events or events[-1].status not in _PROMISED_OR_GIVEN:
            return False
        told = verb.tense == "ger" or (verb.role == "arrival" and verb.tense == "part")
        between = self.seg.lows[events[-1].last : at]
        if verb.tense == "part" and verb.lemma in self.offering:
            return len(between) <= 12 and _MARKS.isdisjoint(between)  # "a reçu 40 pompes offertes"
        return told and len(between) <= 9 and _MARKS.isdisjoint(between) and "," not in between

    def _wants_of(self, at: int, sentence: Sentence) -> bool:
        """Tell "Warsaw wants Berlin to let it re-export tanks": a wish that others must meet."""
        stop = min(at + 5, sentence.last)
        first = at + 2 if self.seg.lows[at + 1 : at + 2] == ["the"] else at + 1
        named = first < stop and self.seg.upper(first)
        return named and "to" in self.seg.lows[at + 2 : stop] and self._context(at, sentence.last)

    def _lends(self, at: int, sentence: Sentence) -> bool:
        """Tell "prête ses pompes" from "prête à envoyer"."""
        low = self.seg.lows[at + 1] if at + 1 < sentence.last else "."
        return low[0].isdigit() or bool(self.flags.get(low, 0) & (DET | NUMBER))

    def _trigger_start(self, at: int, first: int, verb: AidVerb, group: list[str]) -> int:
        if verb.role == "reflexive":
            for back, word in enumerate(group, start=1):
                if word in self.reflexive:
                    return at - back
        if verb.tense == "part" and group and group[0] in self.have:
            return at - 1
        if self.nouns.english and group[:1] == ["to"] and self.future_aux & set(group[1:3]):
            return first  # "is expected to reach"
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
        counted = verb.tense == "pres" and not group and self._number_at(at - 1)
        if before in self.before_nouns or (counted and not self.nouns.english):
            return True  # "prend forme", "800 000 livres"
        bare = self.helpers.isdisjoint(group)
        if self.nouns.english and verb.tense == "past" and bare and verb.role == "verb":
            following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else "."
            named = self.flags.get(following, 0) & (ITEM | UNIT) or following in self.nominals
            described = flag & DET or before == "of" or before in self.got
            described = described or (bool(group) and before.endswith("ly"))
            if named and described:  # "the previously delivered missiles"
                return True  # "half of the pledged funds", "received allocated items"
        if verb.tense == "ger" and flag & DET:
            return True  # "un participant"
        if verb.role == "verb" and self._bare_participle(at, verb, group):
            return not self._told_of(at)
        if verb.status == "commit" and verb.tense != "ger" and self._in_general(at, verb, group):
            return True
        if not self.nouns.english and verb.tense == "pres" and not group and flag & PREP:
            return True  # "sous forme de"
        return verb.tense == "pres" and not self.nouns.english and before == "de"

    def _governs(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, *,
        near: bool, negated: bool,
    ) -> str | None:  # fmt: skip
        """Give the status of a verb that holds another: "hesitates to", "a exclu de"."""
        stop = self._clause_end(at, sentence)
        if self.nouns.english and not group and (
            verb.tense == "part" or (verb.tense == "past" and self.seg.lows[at - 1] == "'s")
        ):  # fmt: skip
            return None  # "frozen Russian assets", "Washington's stalled package"
        ok = near or self._verb_near(at + 1, min(at + 9, stop))
        if verb.lemma == "préparer" and set(group) & self.reflexive:
            return "pledge" if ok or self._help_near(at + 1, min(at + 5, stop)) else None
        ok = ok or (self.told_lately and self._taken_up(at, verb))
        if verb.status == "refuse" and self._gives_words(at, stop):
            return None
        bare = self.nouns.english and verb.tense == "inf" and self._plural_before(at, sentence)
        bare = bare or (verb.tense == "inf" and self._goes_on(at))
        if ok and verb.tense == "inf" and self._threatened(at):
            return "consider"
        if ok and verb.tense == "inf" and verb.status == "consider" and not self.nouns.english:
            bare = bare or self._said_to(at)
        if not ok or (verb.tense in ("inf", "ger") and not group and not bare):
            return None
        if verb.status == "refuse" and negated:
            return "consider" if verb.strong else None
        if verb.status == "hesitate" and negated:  # "n'hésitera pas à envoyer"
            ahead = verb.tense == "fut" or not self.future_aux.isdisjoint(group)
            return "pledge" if ahead else None
        still = verb.lemma in _HALTS and self._stands_still(verb, group)
        begin = self._clause_begin(at, max(sentence.first, at - 18))
        about = not self.been.isdisjoint(group) or not self.be.isdisjoint(group)
        about = about and self.carriers.isdisjoint(self.seg.lows[begin : begin + 3])
        about = about and not self.aid_nouns.isdisjoint(self.seg.lows[begin:at])
        if still and not about and not self._handing_over(at, sentence):
            return None  # "des camions bloqués à la frontière"
        return verb.status

    def _near_by(self, at: int, verb: AidVerb, group: list[str], stop: int) -> bool:
        """Tell aid at a verb without an item: "en a expédié cent", "will send another"."""
        if "en" in group and self._number_at(at + 1):
            return True
        if verb.status == "train" and not self.trainees.isdisjoint(
            self.seg.lows[at + 1 : min(at + 5, stop)]
        ):
            return True
        if verb.lemma == "financer" and self.seg.lows[at + 1 : at + 2] == ["par"]:
            return not self.be.isdisjoint(group) or not self.been.isdisjoint(group)
        if verb.status in _SPOKEN and self._spoken_of(at, group, stop):
            return True
        return verb.status == "pledge" and self._verb_near(at + 1, min(at + 5, stop))

    def _promises(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, stop: int
    ) -> bool:
        """Tell an English promise of aid that no item or figure follows."""
        if self._verb_near(at + 1, min(at + 10, stop)) or self._spoken_of(at, group, stop):
            return True
        following = self.seg.lows[at + 1] if at + 1 < stop else ""
        if following != "to" and self._told_of(at):
            return True  # "the generators pledged by Sweden"
        spoken = self.told_lately or self._context(sentence.first, at)
        return spoken and verb.strong and self._promised_before(at, sentence)

    def _moves_nothing(self, at: int, verb: AidVerb, sentence: Sentence, *, after: bool) -> bool:
        """Tell "prévoit des pluies", "Les combats ont repris", from verbs of giving."""
        if verb.lemma == "reprendre":
            return not (after or self._handing_over(at, sentence))
        return verb.lemma in self.planning and not self._sum_after(at)

    def _status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, events: list[Event]
    ) -> str | None:
        stop = self._clause_end(at, sentence)
        if self._commits_to(at, verb):
            return "pledge"
        after = self._context(at + 1, min(at + 22, stop))
        after = after or (self._number_at(at + 1) and self.seg.lows[at + 2] == "more")
        near = after or self._context(max(sentence.first, at - 14), at)
        near = near or self._near_by(at, verb, group, stop)
        negated = self._is_negated(at, verb, group, sentence, stop)
        if verb.role == "fear":
            return None if negated else verb.status
        if verb.status == "dispute" and not self.reflexive.isdisjoint(group) and (
            not self.to_words.isdisjoint(self.seg.lows[at + 1 : min(at + 5, stop)])
        ):  # fmt: skip
            return ("consider" if negated else "refuse") if near else None  # "s'oppose à un envoi"
        if verb.status == "pledge" and self._promises_not(at):
            return "refuse" if near else None
        if verb.role == "nominal":
            return self._nominal_status(at, verb, group, sentence)
        if verb.role == "reflexive":
            return self._reflexive_status(at, verb, group, sentence, near)
        if verb.role == "participle":
            return verb.status if near and verb.tense in ("part", "pres", "past") else None
        if verb.role == "governor":
            return self._governs(at, verb, group, sentence, near=near, negated=negated)
        if verb.status == "request":
            return self._request_status(at, verb, group, stop)
        if verb.tense == "inf" and self._gives_words(at, stop):
            return None  # "to give a figure"
        if verb.role == "ahead" and self._helps_train(at, stop):
            return "train"
        if verb.role == "ahead" and not (verb.tense in ("fut", "cond") or (
            set(group) & (self.future_aux | self.told_ahead)
        ) or {"is", "to"} <= set(group)):  # fmt: skip
            if negated and verb.lemma in self.increasing and self.cond_aux & set(group):
                return "refuse" if after else None  # "ne peut pas augmenter ses exportations"
            if verb.tense == "inf" and after and not self._governed(at, events, verb, group):
                led_by = self._open_infinitive(at, verb, sentence)
                if led_by in {"commit", "pledge"}:
                    return led_by  # "agreed to step up exports"
            return self._raises(at, verb, group, after)
        near = near or (verb.status == "commit" and self._by_accord(at, group))
        if verb.status == "need" and self.nouns.english:
            near = near or self._needs_some(at, stop)
        if verb.status == "dispute" and self._gives_words(at, stop):
            return None  # "conteste les chiffres"
        if verb.status == "need" and not self.nouns.english and not after:
            return None
        if self._moves_nothing(at, verb, sentence, after=after):
            return None
        if verb.lemma in self.planning and self.agreements & set(
            self.seg.lows[max(at - 12, 0) : at]
        ):
            return "commit"
        if not (verb.strong and verb.tense != "ger") and not near:
            lately = self.told_lately and verb.lemma in self.joining
            if not lately:
                return None
        if verb.status == "pledge":
            if self.nouns.english and not (
                after or self._promises(at, verb, group, sentence, stop)
            ):
                return None
            if self._only_considers(at, stop):
                return None  # "promet d'étudier l'offre"
        if verb.status == "train" and not negated:
            return "train" if verb.tense != "inf" or self._sent_to(at) or group else None
        return self._given(at, verb, group, negated, sentence, events)
