"""Fixed expressions of aid: "donne son accord", "is running out of", with adverbs within."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

from intendance.intake.aid_ladder import LadderReader
from intendance.intake.aid_verbs import GIVES
from intendance.intake.pack import BOUND, DET, ITEM, PREP, WEEKDAY, WITHIN, Pack, load
from intendance.intake.parties import Event
from intendance.intake.segment import Sentence

_MARKS = frozenset('.;:"«»“”()!?–—')
MAY_BE_WITHIN: Final = WITHIN | WEEKDAY  # "a lancé jeudi un appel"
_ANY = "*"  # in a fixed expression: up to five words of any kind
_SPEAKING = frozenset({"request", "refuse", "hesitate"})
_GAVE = frozenset({"give", "gave", "given"})
_TAKEN_UP = frozenset({"hesitate", "consider", "refuse", "request", "commit", "dispute"})
_PROMISED = frozenset({"pledge", "commit"})
PLEDGES = frozenset({"pledges", "offers"})
_MOVED = frozenset({"deliver", "ship", "allocate", "pledge", "field"})
_DUE: Final = frozenset({"attendu", "attendus", "prévu", "prévus", "envisagé", "envisagés"})
_GOVERNING = frozenset(
    {"about", "against", "at", "into", "to", "on", "over", "à", "sur", "de", "d'", "of"}
)
_AFTER = frozenset(
    {"needed", "out", "low", "scarce", "dry", "lacking", "missing", "enormous", "immense", "huge"}
)
_MISSING = frozenset(
    {
        "encore", "défaut", "missing", "lacking", "nécessaires", "nécessaire", "indispensables",
        "requis", "requises", "épuisés", "épuisées", "épuisé", "épuisée", "insuffisants",
        "insuffisantes", "insuffisant", "insuffisante", "raréfient", "raréfie", "épuisent",
        "amenuisent", "sec", "posés", "posé", "rares", "rare",
    }
)  # fmt: skip


_Table: TypeAlias = dict[str, dict[str, list[tuple[tuple[str, ...], str]]]]


@cache
def _table(language: str) -> _Table:
    """Give the expressions of a pack by their first and second words; "" where there is none."""
    table: _Table = {}
    for first, group in load(language).phrases.items():
        for words, kind, status in group:
            if kind == "aid_phrases":
                second = words[1] if len(words) > 1 else ""
                rest = words[1:] if second == _ANY else words[2:]
                table.setdefault(first, {}).setdefault(second, []).append((rest, status))
    return table


class PhraseReader(LadderReader):
    """Reads the fixed expressions of one language pack."""

    __slots__ = ("adverb_ending", "not_need", "phrase_table", "wanting")

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        self.phrase_table = _table(pack.language)
        self.open_ended = frozenset(
            first for first, led in self.phrase_table.items() if "" in led or _ANY in led
        )
        self.wanting = pack.words("wanting")
        self.not_need = pack.words("not_need")
        self.adverb_ending = "ly" if self.nouns.english else "ment"

    def _match_phrase(self, at: int, stop: int) -> tuple[int, str] | None:
        """Give the end and status of the longest expression that a word opens.

        Adverbs may stand within.
        """
        lows, kinds, second = self.seg.lows, self.seg.kinds, at + 1
        table = self.phrase_table[lows[at]]
        while second < stop and lows[second] not in table and kinds[second] & MAY_BE_WITHIN:
            second += 1
        if "" not in table and _ANY not in table and (second >= stop or lows[second] not in table):
            return None  # most words that may open an expression open none
        best: tuple[int, str] | None = (at + 1, table[""][0][1]) if "" in table else None
        for key in (lows[second] if second < stop else "", _ANY):
            for rest, status in table.get(key, ()) if key else ():
                end = self._walk(rest, second + 1 if key != _ANY else second, stop)
                if end and (best is None or end > best[0]):
                    best = end, status
        return best

    def _walk(self, rest: tuple[str, ...], at: int, stop: int) -> int:
        """Give where the rest of an expression ends; 0 where it does not stand here."""
        lows, kinds, free = self.seg.lows, self.seg.kinds, 0
        for word in rest:
            if word == _ANY:
                free = 6
                continue
            skipped = 0
            while at < stop and lows[at] != word:
                if lows[at] in _MARKS or not (
                    free > skipped or (skipped < 2 and kinds[at] & MAY_BE_WITHIN)
                ):
                    return 0
                at += 1
                skipped += 1
            if at >= stop:
                return 0
            at, free = at + 1, 0
        return at

    def _phrase(self, at: int, sentence: Sentence, index: int) -> Event | None:
        if (matched := self._match_phrase(at, sentence.last)) is None:
            return None
        last, status = matched
        rule_status = status
        stop = self._clause_end(last - 1, sentence)
        before = self.seg.lows[at - 1] if at > sentence.first else ""
        noun = (
            self.flags.get(before, 0) & (DET | PREP)
            and before != "mais"
            and self.seg.lows[at].startswith("manqu")
            and self.seg.lows[last - 1] != "sentir"
        )
        if self.seg.lows[at] in self.noun_heads and not self.flags.get(before, 0) & DET:
            return None  # "the donation of 101 vehicles", not "flash appeal" in a list
        if before == "l'" and self.seg.lows[at - 2] == "à" and status == "request":
            return None  # "ont réagi à l'appel à la générosité"
        if self._says_else(at, last, stop, status):
            return None
        other = status == "need" and self._only_time(last, stop)
        self.governor = at
        if status == "refuse":
            status = self._refused(at)
        if status == "need" and (noun or other or self._everything_needed(at)):
            return None
        if status == "request" and self.negations & set(self.seg.lows[max(at - 3, 0) : at]):
            return None  # "n'a pas encore activé le mécanisme"
        waits = status == "need" and self.seg.lows[at].startswith("atten")
        if waits and not self._awaited(last, stop, before):
            return None
        leads = last < stop and self.seg.lows[last] in {"à", "to"}
        if self.nouns.english and status == "need" and not self._wanted(at, last, stop):
            return None
        said = self._reported(at, sentence)
        if rule_status in _PROMISED and self._not_done(at, sentence):
            return self._held_back(at, last, sentence, index)
        if status in GIVES and self._leads(at, last, status, said=said) is None:
            return None
        if rule_status not in {"refuse", "train", "need"}:  # "will stop sending" promises nothing
            status = self._leads(at, last, status, said=said) or status
        if not waits and self.seg.lows[last - 1] in _MISSING:
            begin = self._clause_begin(at, max(sentence.first, at - 16))
            if not self._context(begin, at) or self.seg.lows[at - 1] == "qui":
                return None
        follows = self.seg.lows[last - 1] in self.alone
        ahead = min(last + 8, stop)
        held = leads or self._verb_near(last, ahead) or self._help_near(last, ahead)
        first = self.seg.lows[at]
        future = not self.nouns.english and first.endswith(("ra", "ront", "rait"))
        if future or first in PLEDGES:  # "prendra en charge la réparation", "offers of help"
            held = held or self._context(last, ahead)
        if status == "pledge" and rule_status == status and not (
            held or (follows and (self.told_lately or self._context(sentence.first, stop)))
        ):  # fmt: skip
            return None
        weak = status not in {"need", "pledge", "coordinate", "deliver"}
        governs = self.seg.lows[last - 1] in _GOVERNING and not noun
        if weak and not (
            self._context(
                last if governs else sentence.first, min(ahead + 4, stop) if governs else stop
            )
            or self._causes(sentence.first, stop)
            or self._verb_near(last, min(last + 8, stop))
            or (
                self.told_lately
                and (status in _TAKEN_UP or (status == "ship" and self._number_at(at - 2)))
            )
        ):
            return None
        return self._event(min(at, self.governor), last, status, index, before)

    def _only_time(self, last: int, stop: int) -> bool:
        """Tell "il faut deux jours" from "il ne reste que deux jours de carburant"."""
        lows = self.seg.lows
        for at in range(last, min(last + 2, stop)):
            if lows[at] in self.not_need:
                goods = lows[at + 1 : at + 2] in (["de"], ["d'"], ["of"])
                return not (goods and self._context(at + 2, min(at + 4, stop)))
        return False

    def _refused(self, at: int) -> str:
        """Give what an expression of refusal says: "will not stop sending" is a promise."""
        lows = self.seg.lows
        if at and lows[at - 1] in self.negations:
            ahead = not self.ahead_aux.isdisjoint(lows[max(at - 3, 0) : at])
            return "pledge" if ahead else "consider"
        return "consider" if self._threatened(at) else "refuse"

    def _says_else(self, at: int, last: int, stop: int, status: str) -> bool:
        """Tell an expression whose object is no aid: "a request for comment", "gave up hope"."""
        lows = self.seg.lows
        if lows[at] == "faute":  # within a sentence it gives the cause of something else
            return bool(at and lows[at - 1] not in _MARKS) or not self._items_between(
                last, min(last + 3, stop)
            )
        if lows[at] in self.noun_heads and not _DUE.isdisjoint(lows[last : min(last + 9, stop)]):
            return True  # "un don de 200 tentes est attendu": not given yet
        if status == "need":
            nothing = lows[last - 1 : last + 1] == ["de", "rien"]  # "ne manquent de rien"
            that = lows[at] == "il" and lows[last : last + 1] in (["que"], ["qu'"])
            if that and not self._context(last, stop):
                return True  # "il faut que la guerre cesse"
            if nothing or lows[last : last + 2] == ["the", "question"]:
                return True
            return self._wished(at, last, stop) is False
        words = status in _SPEAKING and not self.only_words.isdisjoint(
            lows[last : min(last + 5, stop)]
        )
        if words:
            return True  # "n'a pas voulu donner de détails"
        if lows[last - 2 : last] == ["be", "no"]:
            return not self._items_between(last, min(last + 4, stop))
        if lows[last - 1] == "part":
            return status == "pledge" and lows[last : last + 1] == ["in"]
        if lows[last - 1] == "up":
            return status in GIVES and not self._hands_up(at, last)
        return lows[last - 1] == "aside" and not self._put_aside(at, last, stop)

    def _hands_up(self, at: int, last: int) -> bool:
        """Tell "gave up 40 pumps" from "gave up hope of aid"."""
        if self.seg.lows[at] not in _GAVE:
            return True
        near = self.seg.kinds[last : last + 2]
        return self._number_at(last) or any(kind & ITEM for kind in near)

    def _put_aside(self, at: int, last: int, stop: int) -> bool:
        """Tell "setting aside $2 million" from "setting aside an old quarrel"."""
        lows = self.seg.lows
        ahead = next((k for k in range(last, min(last + 8, stop)) if lows[k] == ","), last + 8)
        passive = not self.been.union(self.be).isdisjoint(lows[max(at - 2, 0) : at])
        return passive or self._context(at, min(ahead, stop))

    def _event(self, at: int, last: int, status: str, index: int, before: str) -> Event:
        """Give the event of an expression: who takes and what is given may be its subject."""
        lows = self.seg.lows
        taken = status == "need" or lows[last - 1] == "receive"
        taken = taken or (self.nouns.english and before in self.got)  # "received pledges of"
        passive = status in _MOVED and not self.been.union({"be"}).isdisjoint(
            lows[max(at - 2, 0) : at]
        )  # "have been handed over"
        return Event(at, last, status, "", f"aid.phrase.{status}", index, taken, passive)

    def _held_back(self, at: int, last: int, sentence: Sentence, index: int) -> Event | None:
        """Read an expression of promise that is denied, where aid is talked of."""
        late = not self.not_yet.isdisjoint(self.seg.lows[max(at - 3, 0) : at])
        status = "hesitate" if late else "refuse"
        stop = self._clause_end(last, sentence)
        if not (self.told_lately or self._context(sentence.first, stop)):
            return None
        return Event(at, last, status, "", f"aid.phrase.{status}", index)

    def _wanted(self, at: int, last: int, stop: int) -> bool:
        """Tell whether goods are what is lacking: "short of shells", "its stocks ran out"."""
        low = self.seg.lows[last - 1]
        if self._context(last, min(last + (2 if low == "no" else 8), stop)):
            return True
        if self._number_at(last) or (self.told_lately and low == "waiting"):
            return True
        return low in _AFTER and self._before(at)

    def _awaited(self, last: int, stop: int, before: str) -> bool:
        """Tell "attendent des bottes" from "attendent toujours l'ouverture du passage"."""
        goods = last < stop and self.seg.lows[last] in {"des", "du"}
        goods = goods or (self.told_lately and before in {"les", "l'"})
        return goods or self._context(last, min(last + 5, stop))

    def _not_done(self, at: int, sentence: Sentence) -> bool:
        """Tell "has not yet confirmed its share", "Neither has agreed to a corridor"."""
        lows = self.seg.lows
        if not self.negations.isdisjoint(lows[max(at - 3, sentence.first) : at]):
            return True
        begin = self._clause_begin(at, max(sentence.first, at - 12))
        return self._none_before(begin, at)

    def _wished(self, at: int, last: int, stop: int) -> bool | None:
        """Tell "cherche des chirurgiens" from "cherche à fuir"; None for other expressions."""
        lows = self.seg.lows
        if " ".join(lows[at:last]) not in self.wanting:
            return None
        low = lows[last] if last < stop else "."
        counted = self._number_at(last) or self.flags.get(low, 0) & (DET | BOUND)
        return bool(counted or low in {"davantage", "plus", "de", "d'"}) and self._context(
            last, min(last + 6, stop)
        )

    def _before(self, at: int) -> bool:
        """Tell whether goods or stocks stand before: "its stocks would run out"."""
        return self._context(max(at - 6, 0), at) or bool(self._causes(max(at - 6, 0), at))

    def _everything_needed(self, at: int) -> bool:
        """Tell "tout ce dont elle a besoin": the object of another verb, no need of its own."""
        before = self.seg.lows[max(at - 5, 0) : at]
        return any(
            tuple(before[k : k + len(words)]) == words
            for words in self.everything
            for k in range(len(before))
        )
