"""Around an aid event: items and causes; donor and recipient: ``givers``, ``receivers``."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from intendance.intake.givers import Event, GiverReader
from intendance.intake.matrix import Matrix, plain_matrix
from intendance.intake.pack import CAUSE, DET, ITEM, NOMINAL, NUMBER, ROLE, Pack
from intendance.intake.segment import Sentence

__all__ = ["IN_GROUP", "Event", "PartyReader"]

_SPOTS: Final = ITEM | CAUSE | NOMINAL
_WITH_CAUSE: Final = frozenset({"hesitate", "refuse", "consider", "dispute"})
IN_GROUP: Final = frozenset({"n'", "ne", "y", "lui", "leur", "en", "to", "not", "n't"})
_FIELD: Final = frozenset({"de", "d'", "du", "des", "l'", "la"})
_STOPS: Final = frozenset({".", ";", "!", "?"})


class PartyReader(GiverReader):
    """Tables of aid, and who, what and why around a trigger, under one language pack."""

    __slots__ = (
        "agreements", "ahead_aux", "aid_nouns", "alone", "asides", "asked_givers", "asking_how",
        "aspect", "be", "been", "before_nouns", "cond_aux", "crowd", "denials", "each", "elliptic",
        "events_after", "everything", "figures", "firsts", "flown", "for_words", "freed",
        "future_aux", "governor", "handovers", "have", "have_or_be", "helpers", "helping",
        "hypothetical", "in_group", "increasing", "inf_ok", "joining", "last_sentence",
        "last_words", "leaving", "moving", "negations", "no_subjects", "none_after",
        "not_after", "not_aid", "not_goods", "not_yet", "noun_heads", "offering", "only_tense",
        "only_with", "only_words", "opened", "persons", "plain", "planning", "proposals",
        "reaching", "receivers", "recent", "seeming", "soon", "spots", "subordinators", "told",
        "told_ahead", "told_lately", "trainees", "where", "wishes", "with_preposition",
    )  # fmt: skip

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        words = pack.raw.get("words", {})
        self.have = pack.words("have")
        self.be = pack.words("be")
        self.been = frozenset(words.get("been", ("été", "been", "being")))
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
        self.in_group = IN_GROUP.union({"yet"} if self.nouns.english else (), pack.words(
            "future_aux", "cond_aux", "negations", "be", "been", "have", "each", "reflexive"
        ))  # fmt: skip
        self._take_words(pack, words)

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
        self.denials = pack.words("denials")
        self.crowd = pack.words("public")
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
        self.receivers = pack.words("receivers")
        self.got = frozenset({"received", "receives", "got", "receive"})  # "received pledges"
        self.stoppings = pack.words("stoppings")
        self.where = self.relatives | {"où", "where"}
        self.subordinators = pack.words("subordinators")
        self.hypothetical = pack.words("hypothetical")
        self.everything = tuple(tuple(each.split()) for each in words.get("everything", ()))
        self.events_after = frozenset(pack.raw.get("that", ()))
        self.inf_ok = frozenset({"coordinate"})

    # ---- context -----------------------------------------------------------------------------

    def _items_between(self, first: int, last: int, limit: int = 8) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        lows, kinds, floor = self.seg.lows, self.seg.kinds, first
        for at in self._spots_between(first, last):
            if at >= floor and kinds[at] & ITEM:
                matched = self.pack.match(lows, at, "items", last)
                if matched and not self._of_an_office(at, at + matched[0]):
                    floor = at + matched[0]
                    found.append((at, floor))
                    if len(found) == limit:
                        break
        return found

    def _of_an_office(self, first: int, last: int) -> bool:
        """Tell the field of an office from goods: "ministre de l'Énergie", "energy minister"."""
        kinds, lows = self.seg.kinds, self.seg.lows
        if last < len(kinds) and kinds[last] & ROLE and self.nouns.english:
            return True
        before = first - 1
        while before > first - 3 and lows[before] in _FIELD:
            before -= 1
        return before < first - 1 and bool(kinds[before] & ROLE) and self.seg.upper(first)

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
                if quote.start < start < quote.end:  # "ne livrera « aucun » de ses chars" goes on
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

    def _fill(
        self, event: Event, sentence: Sentence, before: int, following: int, earlier: Event | None
    ) -> None:
        """Fill in what an event is about, why, who gives and who receives."""
        stop = self._clause_end(event.last, sentence)
        if following < stop:
            stop = self._next_subject(event.last, following)
        after_stop = self._object_end(event.last, stop)
        event.items = self._items_between(event.last, after_stop)
        event.clause_first, event.clause_last = event.last, self._figures_stop(event, after_stop)
        event.early = self._clause_begin(event.first, before)
        if not event.items or event.passive:
            early = max(event.early, before, event.first - 16)
            event.items = self._items_between(early, event.first) or event.items
            if not event.items and event.passive and early > sentence.first:
                event.items = self._items_taken_up(event, sentence, early, before)
        if not event.items and (event.status in _WITH_CAUSE or event.status == "pledge"):
            joints = [at for at in range(before, event.first) if self.seg.lows[at] in self.joiners]
            floor = max([before, *joints]) if event.status == "pledge" else sentence.first
            event.items = self._items_between(floor, event.first)[-3:]
        if event.status in _WITH_CAUSE:
            event.causes = self._causes(sentence.first, self._clause_end(event.last, sentence))
        if self.plain is None or self.plain.sentence is not sentence:
            self.plain = plain_matrix(self.seg, sentence, sentence.first, sentence.last)
        self._parties(event, self.plain, sentence.first, before, earlier)

    def _items_taken_up(
        self, event: Event, sentence: Sentence, early: int, before: int
    ) -> list[tuple[int, int]]:
        """Give the goods of "des tentes, qui ont été distribuées", "les chars promis sont là"."""
        relative = self.seg.lows[early - 1] in self.relatives
        if not relative and early != before:
            return []
        return self._items_between(sentence.first, event.first)[-1:]

    def _next_subject(self, last: int, following: int) -> int:
        """Give where the subject of the next event begins: "A gave tents, and two firms sent"."""
        lows, kinds = self.seg.lows, self.seg.kinds
        for at in range(following - 2, last, -1):
            if lows[at] in self.joiners:
                opens = kinds[at + 1] & (DET | NUMBER) or self.seg.upper(at + 1)
                goods = any(kind & ITEM for kind in kinds[at + 1 : min(at + 4, following)])
                return at if opens and not goods else following
        return following

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
