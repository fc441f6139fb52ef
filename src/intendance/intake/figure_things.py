"""Counted things: a number with its noun group, its unit and the item that it names."""

from __future__ import annotations

import re
from typing import Final

from intendance.intake.figure_links import Counted
from intendance.intake.figure_money import OF as _OF
from intendance.intake.figure_money import MoneyReader
from intendance.intake.numbers import Number
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DET,
    ITEM,
    MODAL,
    NUMBER,
    PREP,
    PRONOUN,
    REL,
    STOPNOUN,
    UNIT,
    Pack,
)  # fmt: skip
from intendance.intake.segment import Segmented, Sentence

_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_MODEL: Final = re.compile(r"(?=[\w-]*\d)[\w-]{1,12}\Z")
_NO_NOUN: Final = AUX | DET | PRONOUN | PREP | REL | MODAL | NUMBER | ADVERB


class ThingReader(MoneyReader):
    """Reads the noun group behind a number under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        super().__init__(seg, pack)
        words = pack.raw.get("words", {})
        self.not_before = frozenset(words.get("not_before", ()))
        self.pre_adjectives = frozenset(words.get("pre_adjectives", ()))
        self.invariable = frozenset(words.get("invariable", ()))
        self.not_nouns = frozenset(words.get("not_nouns", ()))
        self.plural = tuple(words.get("plural_endings", ("s",)))
        self.adjective_first = bool(pack.raw.get("adjective_first", False))
        self.size_words = frozenset({"forte", "grande", "haute", "faible", "petite", "moyenne"})
        self.not_tail = frozenset(words.get("not_tail", ()))
        self.power = frozenset({"MW", "GW", "kW", "kVA", "MVA"})

    def _item_at(self, at: int, stop: int) -> tuple[int, str] | None:
        if at < stop and self.pack.flags.get(self.seg.lows[at], 0) & ITEM:
            return self.pack.match(self.seg.lows, at, "items", stop)
        return None

    def _unit_at(self, at: int, stop: int) -> tuple[int, str] | None:
        if at < stop and self.pack.flags.get(self.seg.lows[at], 0) & UNIT:
            return self.pack.match(self.seg.lows, at, "units", stop)
        return None

    def _noun_ok(self, at: int) -> bool:
        word = self.seg.lows[at]
        if not word[0].isalpha() or len(word) < 3 or word in self.not_nouns:
            return False
        return not self.pack.flags.get(word, 0) & (_NO_NOUN | STOPNOUN)

    def _plural(self, at: int) -> bool:
        word = self.seg.lows[at]
        return word.endswith(self.plural) or word in self.invariable

    def _tail(self, at: int, stop: int) -> int:
        """Extend an item over its adjectives, its model and its calibre: "de 155 mm"."""
        lows = self.seg.lows
        while at < stop:
            word = lows[at]
            if (_MODEL.match(word) and not word.isdecimal()) or (
                self.seg.upper(at) and word[0].isalpha() and len(word) > 2
                and self._item_at(at, stop)
            ):  # fmt: skip
                at += 1
                continue
            if word in _OF and at + 2 < stop and lows[at + 1][0].isdigit():
                unit = lows[at + 2]
                if unit in {"mm", "kva", "mva", "kw", "mw", "millimètres", "litres", "km"}:
                    at += 3
                    continue
            if self.adjective_first:
                item = self._item_at(at, stop)
                if item:
                    at += item[0]
                    continue
                break
            if word.islower() or word.isalpha():
                adjective = (
                    self._noun_ok(at) and word.endswith(("s", "x")) and not self.seg.upper(at)
                )
                adjective = adjective and not self.pack.cues.get(word)
                adjective = adjective and word not in self.not_tail
                if adjective and not self._item_at(at, stop) and not self._verbal(word):
                    at += 1
                    continue
            break
        return at

    def _verbal(self, word: str) -> bool:
        return self.pack.tenses.get(word) in {"pres", "past", "fut", "cond"} or word.endswith(
            ("ons", "ez")
        )

    def _french_noun(self, at: int, stop: int, number: Number) -> tuple[int, str | None] | None:
        """Give (end, catalogue item) of a noun group whose noun comes first."""
        lows = self.seg.lows
        while at < stop and lows[at] in self.pre_adjectives:
            at += 1
        item = self._item_at(at, stop)
        if item:
            return self._tail(at + item[0], stop), item[1]
        if at >= stop or not self._noun_ok(at):
            return None
        one = number.value is not None and number.value < 2
        if not (self._plural(at) or one):
            return None
        if self._verbal(lows[at]) and not self._plural(at):
            return None
        end = self._tail(at + 1, stop)
        if end + 1 < stop and lows[end] in {"de", "d'"} and self._noun_ok(end + 1):
            following = self.seg.upper(end + 1)
            if not following:
                big = lows[end + 1] in self.size_words and end + 2 < stop
                end = self._tail(end + (3 if big else 2), stop)
        return end, None

    def _english_noun(self, at: int, stop: int) -> tuple[int, str | None] | None:
        """Give (end, catalogue item) of a noun group whose noun comes last."""
        lows = self.seg.lows
        end, best_item = at, None
        while end < stop and end - at < 5:
            item = self._item_at(end, stop)
            if item:
                return self._tail(end + item[0], stop), item[1]
            word = lows[end]
            if not self._noun_ok(end) and not _MODEL.match(word):
                break
            end += 1
            if self._plural(end - 1):
                following = end < stop and self._item_at(end, stop)
                if following:
                    return self._tail(end + following[0], stop), following[1]
                # "rocket systems operators": go on while plain nouns follow directly
                return end, best_item
        return None

    def _counted(self, number: Number, sentence: Sentence, index: int) -> Counted | None:
        lows, stop = self.seg.lows, sentence.last
        at = number.last
        if (
            at + 2 < stop
            and lows[at] in _OF
            and lows[at + 1] in {"ces", "ses", "leurs"}
            and (number.last - number.first == 1)
        ):
            at += 2  # "trois de ces systèmes"
        if at < stop and lows[at] in _OF and (
            number.scaled or number.approximate or number.rule in ("vague", "undisclosed")
            or number.low is None or number.high is None
        ):  # fmt: skip
            at += 1
        if at < stop and lows[at] == "-":
            return None
        if at < stop and lows[at] == "of" and number.rule == "undisclosed":
            at += 1
        if at >= stop or lows[at] in {",", "."}:
            return None
        unit = self._unit_at(at, stop)
        name = None
        if unit:
            name = unit[1]
            spec = name in {"t", "kg", "l"} and number.first - 2 >= sentence.first
            if (
                spec
                and lows[number.first - 1] in _OF
                and (at + unit[0] >= stop or lows[at + unit[0]] not in _OF)
            ):
                head = number.first - 2
                if self._item_at(head, head + 1) and not self._unit_at(head, head + 1):
                    return None  # "un transformateur de 200 tonnes"
            if (name in self.power and number.first > sentence.first) and (
                lows[number.first - 1] in _OF | {"à", "calibre", "-"}
            ):
                return None
            end = at + unit[0]
            if end + 1 < stop and lows[end] in _OF:
                inner = self._group(end + 1, stop, number)
                if inner is None and self._noun_ok(end + 1):
                    inner = (end + 2, None)
                if inner:
                    if self._item_at(at, stop) and self._item_at(at, stop)[0] >= inner[0] - at:  # type: ignore[index]
                        inner = (inner[0], self._item_at(at, stop)[1])  # type: ignore[index]
                    return Counted(
                        number.first, inner[0], number, inner[1], (end + 1, inner[0]), name,
                        "quantity.unit", index,
                    )  # fmt: skip
            whole = self._item_at(at, stop)
            if whole or name in self.power or name in {"t", "dose", "kit", "l", "m3", "kg"}:
                size = max(unit[0], whole[0] if whole else 0)
                end = self._tail(at + size, stop)
                return Counted(
                    number.first, end, number, whole[1] if whole else None, (at, end), name,
                    "quantity.unit", index,
                )  # fmt: skip
        group = self._group(at, stop, number)
        if group is None:
            return None
        end, item = group
        rule = "quantity.item" if item else "quantity.noun"
        return Counted(number.first, end, number, item, (at, end), name, rule, index)

    def _group(self, at: int, stop: int, number: Number) -> tuple[int, str | None] | None:
        if self.adjective_first:
            if at + 1 < stop and self.seg.lows[at] in {"more", "additional", "other", "further"}:
                at += 1
            return self._english_noun(at, stop)
        return self._french_noun(at, stop, number)

    def _countable(self, number: Number, sentence: Sentence) -> bool:
        """Hold back articles, years, labels and small definite counts ("les deux hommes")."""
        lows = self.seg.lows
        before = lows[number.first - 1] if number.first > sentence.first else ""
        word = lows[number.core] if number.core < len(lows) else ""
        if before in self.not_before or self._one_in(number.first, sentence.first):
            return False
        if number.rule == "figure" and number.last - number.core == 1:
            if word in {"un", "une", "ein", "eine", "zéro"}:
                return False
            if _YEAR.match(word):
                return self._item_at(number.last, sentence.last) is not None
            small = number.value is not None and number.value <= 3
            if small and not number.digits and before in self.pack.words("definite"):
                return False
        return True

    def _one_in(self, first: int, floor: int) -> bool:
        """Tell the share "one in four buildings", "un bâtiment sur quatre"."""
        lows = self.seg.lows
        if first - 2 < floor or lows[first - 1] not in {"in", "sur"}:
            return False
        back = first - 2 if lows[first - 1] == "in" else max(first - 3, floor)
        return lows[back] in self.numbers.table or lows[back].isdecimal()
