"""Aid: who asks, promises, gives, refuses or hesitates, on the status ladder of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from intendance.intake.pack import ADVERB, AID, CAUSE, CUE, DET, ITEM, PREP, UNIT, AidVerb, Pack
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Segmented, Sentence

_WITH_CAUSE: Final = frozenset({"hesitate", "refuse", "consider", "dispute"})
_GIVES: Final = frozenset({"deliver", "ship", "allocate", "commit", "field"})
_MARKS: Final = frozenset('.;:"«»“”()!?–—')
_STOPS: Final = frozenset({".", ";", "!", "?"})


@dataclass(slots=True)
class Event:
    """One aid event; the trigger stands at tokens ``[first, last)`` of the text."""

    first: int
    last: int
    status: str
    lemma: str
    rule: str
    sentence: int
    subject_is_recipient: bool = False
    passive: bool = False
    clause_last: int = 0
    clause_first: int = 0
    donor: Speaker | None = None
    recipient: Speaker | None = None
    items: list[tuple[int, int]] = field(default_factory=list)
    causes: list[tuple[str, int, int]] = field(default_factory=list)


class AidReader:
    """Finds the aid events of a sentence under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack, nouns: Nouns) -> None:
        self.seg, self.pack, self.nouns = seg, pack, nouns
        self.flags = pack.flags
        words = pack.raw.get("words", {})
        self.have = frozenset(words.get("have", ()))
        self.be = frozenset(words.get("be", ()))
        self.been = frozenset(words.get("been", ("été", "been", "being")))
        self.reflexive = frozenset(words.get("reflexive", ()))
        self.negations = frozenset(words.get("negations", ()))
        self.future_aux = frozenset(words.get("future_aux", ()))
        self.cond_aux = frozenset(words.get("cond_aux", ()))
        self.told_ahead = frozenset(words.get("told_ahead", ()))
        self.nominals = frozenset(words.get("nominals", ()))
        self.agents = frozenset(words.get("agents", ("par", "by", "von")))
        self.to_words = frozenset(words.get("to_words", ()))
        self.receivers = frozenset(words.get("receivers", ()))
        self.clause_starts = frozenset(words.get("clause_starts", ())) | _MARKS
        self.everything = tuple(tuple(each.split()) for each in words.get("everything", ()))
        self.not_targets = frozenset(words.get("not_targets", ()))
        self.events_after = frozenset(pack.raw.get("that", ()))
        self.inf_ok = frozenset({"coordinate"})
        self.figures: set[int] = set()

    def read(self, sentence: Sentence, index: int, figures: set[int]) -> list[Event]:
        """Give the aid events; ``figures`` are the first tokens of amounts and quantities."""
        self.figures = figures
        events: list[Event] = []
        at = sentence.first
        lows = self.seg.lows
        while at < sentence.last:
            if not self.flags.get(lows[at], 0) & AID:
                at += 1
                continue
            event = self._phrase(at, sentence, index) or self._verb(at, sentence, index, events)
            if event is None:
                at += 1
                continue
            if events and events[-1].last > event.first:
                at += 1
                continue
            events.append(event)
            at = max(event.last, at + 1)
        for number, event in enumerate(events):
            following = events[number + 1].first if number + 1 < len(events) else sentence.last
            before = events[number - 1].last if number else sentence.first
            self._fill(event, sentence, before, following)
        return events

    # ---- context -----------------------------------------------------------------------------

    def _items_between(self, first: int, last: int, limit: int = 8) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        at, lows = first, self.seg.lows
        while at < last and len(found) < limit:
            if self.flags.get(lows[at], 0) & ITEM:
                matched = self.pack.match(lows, at, "items", last)
                if matched:
                    found.append((at, at + matched[0]))
                    at += matched[0]
                    continue
            at += 1
        return found

    def _context(self, first: int, last: int) -> bool:
        """Tell whether an item, a figure or a nominal of aid stands between two tokens."""
        lows = self.seg.lows
        for at in range(first, last):
            if at in self.figures or lows[at] in self.nominals:
                return True
            if self.flags.get(lows[at], 0) & ITEM and self.pack.match(lows, at, "items", last):
                return True
        return False

    def _clause_end(self, at: int, sentence: Sentence) -> int:
        lows = self.seg.lows
        while at < sentence.last and lows[at] not in _STOPS:
            at += 1
        return at

    # ---- phrases -----------------------------------------------------------------------------

    def _phrase(self, at: int, sentence: Sentence, index: int) -> Event | None:
        matched = self.pack.match(self.seg.lows, at, "aid_phrases", sentence.last)
        if matched is None:
            return None
        size, status = matched
        last = at + size
        stop = self._clause_end(last, sentence)
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        noun = self.flags.get(before, 0) & (DET | PREP) and self.seg.lows[at].startswith("manqu")
        if status == "need" and (noun or self._everything_needed(at)):
            return None
        leads = last < stop and self.seg.lows[last] in {"à", "to"}
        if status == "pledge" and not (leads or self._verb_near(last, min(last + 8, stop))):
            return None
        weak = status in {"hesitate", "priority", "ship", "field", "train", "dispute", "consider"}
        if weak and not (
            self._context(sentence.first, stop)
            or self._causes(sentence.first, stop)
            or self._verb_near(last, min(last + 8, stop))
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

    def _verb_near(self, first: int, last: int) -> bool:
        for at in range(first, last):
            for verb in self.pack.aid.get(self.seg.lows[at], ()):
                if verb.role == "verb" and verb.status in _GIVES | {"train"}:
                    return True
        return False

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
            helper = low in self.have or low in self.be or low in self.been or low in self.negations
            helper = (
                helper
                or low in self.reflexive
                or low in {"n'", "ne", "y", "lui", "leur", "en", "to", "not", "n't"}
            )
            helper = (
                helper
                or bool(flag & ADVERB and not flag & DET)
                or low in self.future_aux | self.cond_aux
            )
            if not (helper or low[0] == "-"):
                break
            first -= 1
        return first, lows[first:at][::-1]

    def _reading(
        self, at: int, verb: AidVerb, sentence: Sentence, index: int, events: list[Event]
    ) -> Event | None:
        if verb.role == "word":
            stop = self._clause_end(at, sentence)
            if not (self._context(sentence.first, stop) or self._causes(sentence.first, stop)):
                return None
            return Event(at, at + 1, verb.status, verb.lemma, f"aid.word.{verb.lemma}", index)
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
            passive = not set(group) & self.have and following in self.agents
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
        if verb.tense in ("pres", "inf") and self.nouns.english and verb.role != "governor":
            following = self.seg.lows[at + 1] if at + 1 < len(self.seg.lows) else ""
            if following in {"of", "'s"}:
                return True
        return verb.tense == "pres" and not self.nouns.english and before == "de"

    def _english_noun(self, at: int, verb: AidVerb, before: str, group: list[str]) -> bool:
        """Tell "food trucks", "the Finance Ministry", "training could" from verbs."""
        if verb.tense == "ger" and not set(group) & self.be:
            return before not in {",", "and", "by", "of", "for", "in", "after", "before", "from"}
        if verb.tense not in ("pres", "inf") or group:
            return False
        return bool(self.flags.get(self.seg.lows[at], 0) & (ITEM | UNIT))

    def _is_passive(self, verb: AidVerb, group: list[str]) -> bool:
        if any(word in self.been for word in group):
            return True
        if any(word in self.have for word in group):
            return False
        return not group or any(word in self.be for word in group) or verb.tense == "part"

    def _negated(self, group: list[str]) -> bool:
        return any(word in self.negations for word in group)

    def _status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence, events: list[Event]
    ) -> str | None:
        stop = self._clause_end(at, sentence)
        after = self._context(at + 1, min(at + 22, stop))
        near = after or self._context(max(sentence.first, at - 14), at)
        negated = self._negated(group) or (
            at + 1 < stop
            and verb.tense in ("pres", "fut", "cond", "past")
            and any(low in self.negations for low in self.seg.lows[at + 1 : at + 2])
            and any(low in {"ne", "n'"} for low in group)
        )
        if verb.role == "nominal":
            return self._nominal_status(at, verb, group, sentence)
        if verb.role == "reflexive":
            return self._reflexive_status(at, verb, group, sentence, near)
        if verb.role == "participle":
            ok = verb.tense in ("part", "pres", "past") and near
            return verb.status if ok else None
        if verb.role == "governor":
            ok = near or self._verb_near(at + 1, min(at + 9, stop))
            if not ok or (verb.tense in ("inf", "ger") and not group):
                return None
            if verb.status == "refuse" and negated:
                return "consider"
            return verb.status
        if verb.status == "request":
            return self._request_status(at, verb, group, stop)
        if not (verb.strong and verb.tense != "ger") and not near:
            return None
        if self._governed(at, events, verb):
            return None
        return self._ladder(at, verb, group, negated, sentence)

    def _request_status(self, at: int, verb: AidVerb, group: list[str], stop: int) -> str | None:
        passive = verb.tense == "part" and (
            any(word in self.be or word in self.been for word in group)
            and not any(word in self.reflexive for word in group)
        )
        bare = verb.tense == "part" and not any(word in self.have for word in group)
        if self.nouns.english:
            bare = verb.tense == "part" and not group and False
        if passive or bare:
            return None
        if at + 1 < stop and self.seg.lows[at + 1] in self.negations:
            return None  # "asked not to be named"
        if self.nouns.english and self._negated(group):
            return None
        near = self._context(at + 1, min(at + 18, stop)) or self._verb_near(
            at + 1, min(at + 14, stop)
        )
        return "request" if near else None

    def _nominal_status(
        self, at: int, verb: AidVerb, group: list[str], sentence: Sentence
    ) -> str | None:
        if (
            verb.tense == "part"
            and not any(word in self.have | self.be | self.been for word in group)
            and not (self.nouns.english and not group)
        ):
            return None
        lows = self.seg.lows
        for place in range(at + 1, min(at + 9, sentence.last)):
            low = lows[place]
            if low in self.events_after or low in _STOPS or low in {":", '"', "«", "“"}:
                return None
            if low in self.nominals or place in self.figures:
                return verb.status
        return None

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
            return "pledge" if status in _GIVES else status
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
            if ahead and status in _GIVES:
                return "pledge"
            return status
        if negated:
            return None if verb.tense in ("part", "past") else "refuse"
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
            if self.flags.get(lows[back], 0) & CUE and self.pack.tenses.get(lows[back]) != "pres":
                return True
        return False

    def _open_infinitive(self, at: int, sentence: Sentence) -> str | None:
        """Read "a décidé de livrer" and the like; a plain infinitive says nothing happened."""
        lows = self.seg.lows
        for back in range(at - 1, max(at - 7, sentence.first) - 1, -1):
            value = self.pack.raw.get("governed", {}).get(lows[back])
            if value:
                return str(value)
            if lows[back] in {",", '"', "«"}:
                break
        return "train" if False else None

    # ---- who, what, why ----------------------------------------------------------------------

    def _fill(self, event: Event, sentence: Sentence, before: int, following: int) -> None:
        stop = self._clause_end(event.last, sentence)
        after_stop = min(stop, following)
        event.items = self._items_between(event.last, after_stop)
        event.clause_first, event.clause_last = event.last, after_stop
        participle = event.passive or event.rule.endswith(":part")
        if not event.items or event.passive:
            earlier = self._items_between(max(before, event.first - 16), event.first)
            if earlier and (not event.items or event.passive):
                event.items = (
                    earlier if not event.items or (participle and event.passive) else event.items
                )
        if not event.items and event.status in _WITH_CAUSE | {"pledge"}:
            event.items = self._items_between(sentence.first, event.first)[-3:]
        if event.status in _WITH_CAUSE:
            event.causes = self._causes(sentence.first, self._clause_end(event.last, sentence))
        m = Matrix(
            self.seg.lows[sentence.first : sentence.last],
            self.seg.starts[sentence.first : sentence.last],
            self.seg.ends[sentence.first : sentence.last],
            [None] * (sentence.last - sentence.first),
            sentence,
            self.seg.text,
        )
        self._parties(event, m, sentence.first)

    def _causes(self, first: int, last: int) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        at, lows = first, self.seg.lows
        while at < last:
            if self.flags.get(lows[at], 0) & CAUSE:
                matched = self.pack.match(lows, at, "causes", last)
                if matched:
                    if all(cause != matched[1] for cause, _, _ in found):
                        found.append((matched[1], at, at + matched[0]))
                    at += matched[0]
                    continue
            at += 1
        return found

    def _parties(self, event: Event, m: Matrix, base: int) -> None:
        first, last = event.first - base, event.last - base
        subject = self._subject(m, first)
        agent = self._after(m, last, self.agents, 6)
        target = self._after(m, last, self.to_words, 24)
        if event.status == "need" or event.subject_is_recipient:
            event.recipient, event.donor = subject, agent
        elif event.status == "request":
            event.recipient = subject
            event.donor = self._object(m, last)
        elif event.passive:
            event.donor, event.recipient = agent, target
        else:
            event.donor, event.recipient = subject or agent, target
        if event.recipient is None and event.status != "need":
            event.recipient = target

    def _subject(self, m: Matrix, first: int) -> Speaker | None:
        """Find the subject of a trigger: the noun group at the head of its own clause."""
        begin = first
        while begin and m.lows[begin - 1] not in self.clause_starts:
            begin -= 1
        if begin and begin == first and m.lows[begin - 1] in {"qui", "who", "which", "that"}:
            return self._antecedent(m, begin - 1)
        pieces: list[tuple[int, int]] = []
        at = begin
        for place in range(begin, first + 1):
            if place == first or m.lows[place] == ",":
                if place > at:
                    pieces.append((at, place))
                at = place + 1
        if len(pieces) > 1 and m.lows[first - 1] == ",":
            pieces.pop()
        for start, stop in reversed(pieces[-3:]):
            here = start
            if here < stop and m.lows[here] in {"et", "mais", "and", "but", "car"}:
                here += 1
            if here < stop and not self.nouns.np_start(m, here):
                here = self.nouns.skip_fillers(m, here, stop)
            if here < stop and self.nouns.np_start(m, here):
                end = self.nouns.extent(m, here, stop, plural=True)
                if end > here:
                    return self.nouns.speaker(m, here, end)
        return None

    def _antecedent(self, m: Matrix, relative: int) -> Speaker | None:
        last = relative
        while last and m.lows[last - 1] == ",":
            last -= 1
        start = last
        while start and m.lows[start - 1][0].isalnum() and last - start < 10:
            low = m.lows[start - 1]
            if self.flags.get(low, 0) & PREP and low not in self.nouns.of_words:
                break
            start -= 1
        while start < last and not self.nouns.np_start(m, start):
            start += 1
        return self.nouns.speaker(m, start, last) if start < last else None

    def _after(self, m: Matrix, last: int, words: frozenset[str], reach: int) -> Speaker | None:
        for at in range(last, min(last + reach, len(m) - 1)):
            low = m.lows[at]
            if low in _MARKS:
                break
            if low not in words or m.lows[at - 1] == "according":
                continue
            place = at + 1
            if self.flags.get(m.lows[place], 0) & DET and place + 1 < len(m):
                named = self.nouns.upper(m, place + 1)
            else:
                named = self.nouns.upper(m, place)
            common = self.flags.get(m.lows[place], 0) & DET
            word = m.lows[min(place + 1, len(m) - 1)] if common else m.lows[place]
            if low not in self.agents and word in self.not_targets:
                continue
            if not (named or (low in self.agents and common)):
                continue
            end = self.nouns.extent(m, place, min(place + 6, len(m)))
            if end > place:
                return self.nouns.speaker(m, place, end)
        return None

    def _object(self, m: Matrix, last: int) -> Speaker | None:
        place = last
        if place < len(m) and m.lows[place] in {"à", "aux", "on", "to"}:
            place += 1
        if place < len(m) and self.nouns.np_start(m, place):
            end = self.nouns.extent(m, place, min(place + 8, len(m)))
            if end > place and not self.flags.get(m.lows[place], 0) & ITEM:
                found = self.nouns.speaker(m, place, end)
                addressed = end < len(m) and m.lows[end] in {"à", "de", "d'", "to", "for"}
                if found and (addressed or any(each.isupper() for each in found.surface)):
                    return found
        return None
