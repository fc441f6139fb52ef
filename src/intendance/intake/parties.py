"""Around an aid event: items, causes, donor and recipient."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from intendance.intake.matrix import plain_matrix
from intendance.intake.pack import (
    ADVERB,
    AID,
    BOUND,
    CAUSE,
    CUE,
    CURRENCY,
    DET,
    ITEM,
    NOMINAL,
    NUMBER,
    PREP,
    ROLE,
    UNIT,
    Pack,
)
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Segmented, Sentence

_SPOTS: Final = ITEM | CAUSE | NOMINAL
_WITH_CAUSE: Final = frozenset({"hesitate", "refuse", "consider", "dispute"})
_MARKS: Final = frozenset('.;:"«»“”()!?–—')
IN_GROUP: Final = frozenset({"n'", "ne", "y", "lui", "leur", "en", "to", "not", "n't"})
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
    early: int = 0  # where the clause of a passive begins
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
        self.have = pack.words("have")
        self.be = pack.words("be")
        self.been = frozenset(words.get("been", ("été", "been", "being")))
        self.reflexive = pack.words("reflexive")
        self.negations = pack.words("negations")
        self.future_aux = pack.words("future_aux")
        self.cond_aux = pack.words("cond_aux")
        self.with_preposition = pack.words("with_preposition")
        self.for_words = pack.words("for_words")
        self.only_tense = pack.raw.get("only_tense", {})
        self.leaving = pack.words("leaving")
        self.planning = pack.words("planning")
        self.trainees = pack.words("trainees")
        self.not_goods = pack.words("not_goods")
        self.aspect = pack.words("aspect")
        self.noun_heads = pack.words("noun_heads")
        self.opened = pack.words("opened")
        self.last_words = pack.words("last_words")
        self.agreements = pack.words("agreements")
        self.proposals = pack.words("proposals")
        self.aid_nouns = pack.words("aid_nouns")
        self.firsts = pack.words("firsts")
        self.none_after = pack.words("none_after")
        self.before_nouns = pack.words("not_nouns_before")
        self.recent = pack.words("recent")
        self.flown = pack.words("flown")
        self.reaching = pack.words("reaching")
        self.increasing = pack.words("increasing")
        self.elliptic = pack.words("elliptic")
        self.handovers = pack.words("handovers")
        self.alone = pack.words("alone")
        self.offering = pack.words("offering")
        self.each = pack.words("each")
        self.asides = pack.words("asides")
        self.joining = pack.words("joining")
        self.not_yet = pack.words("not_yet")
        self.have_or_be = pack.words("have", "be")
        self.ahead_aux = pack.words("future_aux", "cond_aux")
        self.helping = self.been | self.have | self.ahead_aux
        self.helpers = pack.words("future_aux", "cond_aux", "negations", "be", "have")
        self.in_group = IN_GROUP.union({"yet"} if nouns.english else (), pack.words(
            "future_aux", "cond_aux", "negations", "be", "been", "have", "each", "reflexive"
        ))  # fmt: skip
        self._take_words(pack, words)
        self._begin()

    def _begin(self) -> None:
        """Note where items, causes and nominals may stand, left to right; no sentence is read."""
        self.spots = [at for at, kind in enumerate(self.seg.kinds) if kind & _SPOTS]
        self.figures: set[int] = set()
        self.last_sentence: int | None = None  # where aid was last spoken of
        self.told_lately = False
        self.plain: Matrix | None = None  # the sentence at hand, its quotations not folded
        self.governor = 0  # the word that an infinitive hangs on

    def _take_words(self, pack: Pack, words: dict[str, frozenset[str]]) -> None:
        """Take the lists that tell senses, parties and clauses."""
        self.moving = frozenset({"will", "would", "'ll", "shall", "could", "can", "may", "might"})
        self.asked_givers = pack.words("asked_givers")
        self.told = frozenset({"said", "announced", "confirmed", "added"})
        self.seeming = pack.words("seeming")
        self.asking_how = pack.words("asking_how")
        self.not_aid, self.persons = pack.words("not_aid"), pack.words("persons")
        self.soon = pack.words("next_words", "soon")
        self.freed = pack.words("freed")
        self.only_words = pack.words("only_words")
        self.not_after = pack.raw["not_after"]
        self.only_with = pack.raw["only_with"]
        self.wishes = pack.words("wishes")
        self.no_subjects = pack.words("no_subjects")
        self.told_ahead = pack.words("told_ahead")
        self.nominals = pack.words("nominals")
        self.agents = frozenset(words.get("agents", ("par", "by", "von")))
        self.to_words = pack.words("to_words")
        self.receivers = pack.words("receivers")
        self.clause_starts = pack.words("clause_starts") | _MARKS
        self.relatives = pack.words("relatives") | {"who", "which", "that"}
        self.where = self.relatives | {"où", "where"}
        self.joiners = pack.words("joiners")
        self.subordinators = pack.words("subordinators")
        self.hypothetical = pack.words("hypothetical")
        self.everything = tuple(tuple(each.split()) for each in words.get("everything", ()))
        self.not_targets = pack.words("not_targets")
        self.events_after = frozenset(pack.raw.get("that", ()))
        self.inf_ok = frozenset({"coordinate"})

    # ---- context -----------------------------------------------------------------------------

    def _items_between(self, first: int, last: int, limit: int = 8) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        lows, kinds, floor = self.seg.lows, self.seg.kinds, first
        for at in self._spots_between(first, last):
            if at >= floor and kinds[at] & ITEM:
                matched = self.pack.match(lows, at, "items", last)
                if matched:
                    floor = at + matched[0]
                    found.append((at, floor))
                    if len(found) == limit:
                        break
        return found

    def _spots_between(self, first: int, last: int) -> list[int]:
        spots = self.spots
        begin = bisect_left(spots, first)
        return spots[begin : bisect_left(spots, last, begin)] if first < last else []

    def _context(self, first: int, last: int) -> bool:
        """Tell whether an item, a figure or a nominal of aid stands between two tokens."""
        if self.figures and not self.figures.isdisjoint(range(first, last)):
            return True
        lows, kinds = self.seg.lows, self.seg.kinds
        for at in self._spots_between(first, last):
            if kinds[at] & NOMINAL:
                return True
            if kinds[at] & ITEM and self.pack.match(lows, at, "items", last):
                return True
        return False

    def _clause_end(self, at: int, sentence: Sentence) -> int:
        """Give the end of the clause, or of the quotation that the token stands in."""
        lows, stop = self.seg.lows, sentence.last
        if at < stop:
            start = self.seg.starts[at]
            for quote in sentence.quotes:
                if quote.start <= start < quote.end:
                    stop = min(stop, self.seg.token_at(quote.end))
                    break
        while at < stop and lows[at] not in _STOPS:
            at += 1
        return at

    def _object_end(self, at: int, stop: int) -> int:
        """Give where the object ends: before "because", ", mais", "pour que", "if"."""
        lows = self.seg.lows
        ahead = lows[at + 1 : stop - 1]
        if "pour" not in ahead and self.subordinators.isdisjoint(ahead):
            return stop
        for place in range(at + 1, stop - 1):
            low = lows[place]
            if low in self.subordinators:
                return place
            if low == "pour" and lows[place + 1] in {"que", "qu'"}:
                return place
        return stop

    # ---- who, what, why ----------------------------------------------------------------------

    def _fill(self, event: Event, sentence: Sentence, before: int, following: int) -> None:
        stop = self._clause_end(event.last, sentence)
        after_stop = self._object_end(event.last, min(stop, following))
        event.items = self._items_between(event.last, after_stop)
        event.clause_first, event.clause_last = event.last, self._figures_stop(event, after_stop)
        event.early = self._clause_begin(event.first, before)
        if not event.items or event.passive:
            early = max(event.early, before, event.first - 16)
            earlier = self._items_between(early, event.first)
            if earlier:
                event.items = earlier
        if not event.items and (event.status in _WITH_CAUSE or event.status == "pledge"):
            joints = [at for at in range(before, event.first) if self.seg.lows[at] in self.joiners]
            floor = max([before, *joints]) if event.status == "pledge" else sentence.first
            event.items = self._items_between(floor, event.first)[-3:]
        if event.status in _WITH_CAUSE:
            event.causes = self._causes(sentence.first, self._clause_end(event.last, sentence))
        if self.plain is None or self.plain.sentence is not sentence:
            self.plain = plain_matrix(self.seg, sentence, sentence.first, sentence.last)
        self._parties(event, self.plain, sentence.first, before)

    def _figures_stop(self, event: Event, stop: int) -> int:
        """Give where the figures of an event end: before a relative clause."""
        ahead = self.seg.lows[event.last + 1 : stop]
        if self.where.isdisjoint(ahead):
            return stop
        return next(at for at, low in enumerate(ahead, event.last + 1) if low in self.where)

    def _clause_begin(self, at: int, floor: int) -> int:
        """Give where the clause of a passive verb begins: after "que", "pour que", ";"."""
        lows, starts = self.seg.lows, self.clause_starts
        while at > floor and lows[at - 1] not in starts:
            at -= 1
        return at

    def _causes(self, first: int, last: int) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        lows, kinds, floor = self.seg.lows, self.seg.kinds, first
        for at in self._spots_between(first, last):
            if at >= floor and kinds[at] & CAUSE:
                matched = self.pack.match(lows, at, "causes", last)
                if matched:
                    floor = at + matched[0]
                    if all(cause != matched[1] for cause, _, _ in found):
                        found.append((matched[1], at, floor))
        return found

    def _parties(self, event: Event, m: Matrix, base: int, before: int) -> None:
        first, last = event.first - base, event.last - base
        taken = event.status == "need" or event.subject_is_recipient
        if event.passive and not (taken or event.status == "request"):
            event.donor = self._after(m, last, self.agents, 6)
        else:
            subject = self._subject(m, first, max(before - base, 0))
            if taken:
                event.recipient, event.donor = subject, self._after(m, last, self.agents, 6)
            elif event.status == "request":
                event.recipient, event.donor = subject, self._object(m, last)
            else:
                event.donor = subject or self._after(m, last, self.agents, 6)
                event.recipient = self._given_to(m, last) if self.nouns.english else None
        if event.recipient is None and event.status != "need":
            event.recipient = self._after(m, last, self.to_words, 24)
        event.donor = self._party(m, event.donor)
        event.recipient = self._party(m, event.recipient)

    def _party(self, m: Matrix, speaker: Speaker | None) -> Speaker | None:
        """Keep a party, not a thing: "60 000 doses manquent", "les canons reçus"."""
        if speaker is None or speaker.pronoun:
            return speaker
        words = self.nouns.words_in(m, speaker)
        while words and (self.flags.get(words[0], 0) & (DET | NUMBER) or words[0][0].isdigit()):
            words = words[1:]
        thing = words and self.flags.get(words[0], 0) & (ITEM | UNIT) and (
            not self._body_word(words) and not self.nouns.role_of(m, speaker)
        )  # fmt: skip
        return None if thing else speaker

    def _body_word(self, words: list[str]) -> bool:
        return any(self.flags.get(word, 0) & ROLE for word in words[:3])

    def _subject(self, m: Matrix, first: int, floor: int = 0) -> Speaker | None:
        """Find the subject of a trigger: the noun group at the head of its own clause.

        ``floor`` is where the trigger before ended: "A pledged trucks and B promised flights".
        """
        begin = first
        while begin and (
            m.lows[begin - 1] not in self.clause_starts
            or (m.lows[begin - 1] == "who" and not self.nouns.relative(m, begin - 1))
        ):
            begin -= 1
        if (
            begin
            and (m.lows[begin - 1] in self.relatives or m.lows[begin - 1] == "dont")
            and self._belongs(m, begin, first)
        ):
            return self._antecedent(m, begin - 1)
        if floor > begin:
            joint = next(
                (k for k in range(first - 1, floor - 1, -1) if m.lows[k] in self.joiners), 0
            )
            if joint and joint + 1 < first and self.nouns.np_start(m, joint + 1):
                begin = joint + 1
        pieces: list[tuple[int, int]] = []
        at = begin
        for place in range(begin, first + 1):
            if place == first or m.lows[place] == ",":
                if place > at:
                    pieces.append((at, place))
                at = place + 1
        if len(pieces) > 1 and m.lows[first - 1] == ",":
            pieces.pop()
        fallback: Speaker | None = None
        for start, stop in reversed(pieces[-4:]):
            here = start
            if here < stop and m.lows[here] in self.joiners:
                here += 1
            if here < stop and not self.nouns.np_start(m, here):
                here = self.nouns.skip_fillers(m, here, stop)
            if here < stop and self.nouns.np_start(m, here):
                end = self._cut_verb(m, here, self.nouns.extent(m, here, stop, plural=True))
                found = self.nouns.speaker(m, here, end, named=False) if end > here else None
                if found is None:
                    continue
                doubled = found.pronoun and end == stop and start > 0 and m.lows[start - 1] == ","
                if not doubled:
                    return found if fallback is None or end == stop else fallback
                fallback = found  # "L'Autriche, elle, ne peut pas …"
        return fallback

    def _belongs(self, m: Matrix, begin: int, first: int) -> bool:
        """Tell whether the word before a relative is the subject: "X, qui a promis …, livre"."""
        place = first
        while place > begin and m.lows[place - 1] != ",":
            place -= 1
        return not any(
            self.nouns.np_start(m, at) and not self.flags.get(m.lows[at], 0) & ADVERB
            for at in range(place, first)
            if m.lows[at] not in {"en", "l'", "le", "la", "les", "lui", "leur", "y"}
        )

    def _cut_verb(self, m: Matrix, first: int, last: int) -> int:
        """End a noun group before its verb: "l'Allemagne | paraissant", "donors | reviewed"."""
        for at in range(first + 1, last):
            low, before = m.lows[at], m.lows[at - 1]
            flag = self.flags.get(low, 0)
            if self.nouns.upper(m, at) or flag & (ITEM | ROLE):
                continue
            if self.flags.get(before, 0) & (DET | PREP) or not before[0].isalpha():
                continue
            tense = self.pack.tenses.get(low)
            verb = bool(flag & (AID | CUE)) and tense in ("past", "fut", "cond", "ger")
            verb = verb or (bool(flag & CUE) and tense == "pres" and self.nouns.upper(m, at - 1))
            verb = verb or (low in self.reflexive and not self.nouns.english)
            if self.nouns.english:
                verb = verb or (low.endswith("ed") and len(low) > 4)
            else:
                verb = verb or (low.endswith("ant") and len(low) > 5)
            if verb:
                return at
        return last

    def _given_to(self, m: Matrix, last: int) -> Speaker | None:
        """Read the first object of "give Ukraine 31 tanks", "provided Kyiv with aid"."""
        if last >= len(m) or (not self.nouns.upper(m, last) and m.lows[last] != "the"):
            return None
        banned = ITEM | NUMBER | CURRENCY
        if self.flags.get(m.lows[last], 0) & banned or not m.lows[last].isalpha():
            return None
        end = last + 1
        while end < len(m) and self.nouns.upper(m, end) and m.lows[end][0].isalpha():
            end += 1
        if end >= len(m) or (m.lows[last] == "the" and end == last + 1):
            return None
        low = m.lows[end]
        opens = self.flags.get(low, 0) & (DET | BOUND | NUMBER | CURRENCY) or low == "with"
        return self.nouns.speaker(m, last, end, named=False) if opens or low[0].isdigit() else None

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
        return self.nouns.speaker(m, start, last, named=False) if start < last else None

    def _after(self, m: Matrix, last: int, words: frozenset[str], reach: int) -> Speaker | None:
        stop = min(last + reach, len(m) - 1)
        if words.isdisjoint(m.lows[last:stop]):
            return None
        for at in range(last, stop):
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
            figure = (at for at in range(place + 1, end) if m.lows[at][0].isdigit())
            end = next(figure, end)  # "à l'Ukraine | 3,5 milliards d'euros"
            if end > place:
                return self.nouns.speaker(m, place, end, named=False)
        return None

    def _object(self, m: Matrix, last: int) -> Speaker | None:
        place = last
        if place < len(m) and m.lows[place] in {"à", "aux", "on", "to"}:
            place += 1
        if place < len(m) and self.nouns.np_start(m, place) and m.lows[place][0].isalpha():
            end = self.nouns.extent(m, place, min(place + 8, len(m)))
            if end > place and not self.flags.get(m.lows[place], 0) & ITEM:
                found = self.nouns.speaker(m, place, end, named=False)
                addressed = end < len(m) and m.lows[end] in {"à", "de", "d'", "to", "for"}
                if found and (addressed or any(each.isupper() for each in found.surface)):
                    return found
        return None
