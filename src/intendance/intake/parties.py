"""Around an aid event: items, causes, donor and recipient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from intendance.intake.pack import (
    CAUSE,
    DET,
    ITEM,
    PREP,
    Pack,
)
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Segmented, Sentence

_WITH_CAUSE: Final = frozenset({"hesitate", "refuse", "consider", "dispute"})
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


class PartyReader:
    """Tables of aid, and who, what and why around a trigger, under one language pack."""

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
        self.with_preposition = frozenset(words.get("with_preposition", ()))
        self.for_words = frozenset(words.get("for_words", ()))
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
