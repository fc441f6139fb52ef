"""Counted things: a number with its noun group, its unit and the item that it names."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
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
from intendance.intake.segment import Sentence

_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_MODEL: Final = re.compile(r"(?=[\w-]*\d)[\w-]{1,12}\Z")
_NO_NOUN: Final = AUX | DET | PRONOUN | PREP | REL | MODAL | NUMBER | ADVERB


_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}\Z")
_CLOSERS: Final = frozenset('"”»')
_NUMBER: Final = frozenset({"nombre", "number"})
_CALIBRES: Final = frozenset({"mm", "kva", "kw", "mva", "mw"})
_JOINTS: Final = frozenset({"and", "or"})
_MORE: Final = frozenset({"more", "additional", "other", "further"})
# What goods are made of or for: the noun behind it says what is counted ("food trucks").
_STUFF: Final = frozenset({
    "water", "food", "aid", "gas", "electricity", "medicine", "ammunition", "weapon", "equipment",
    "supplies", "blood",
})  # fmt: skip
_UNITS: Final = frozenset({"units", "sets", "pieces", "modules", "systems", "packages"})


class ThingReader(MoneyReader):
    """Reads the noun group behind a number under one language pack."""

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        words = pack.raw.get("words", {})
        self.not_before = frozenset(words.get("not_before", ()))
        self.pre_adjectives = frozenset(words.get("pre_adjectives", ()))
        self.invariable = frozenset(words.get("invariable", ()))
        self.not_nouns = frozenset(words.get("not_nouns", ()))
        self.plural = tuple(words.get("plural_endings", ("s",)))
        self.adjective_first = bool(pack.raw.get("adjective_first", False))
        self.size_words = frozenset({"forte", "grande", "haute", "faible", "petite", "moyenne"})
        self.not_tail = frozenset(words.get("not_tail", ()))
        self.whole_nouns = pack.words("whole_nouns")
        self.loads = pack.words("loads")
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

    def _french_noun(
        self, at: int, stop: int, number: Number | None
    ) -> tuple[int, str | None] | None:
        """Give (end, catalogue item) of a noun group whose noun comes first."""
        lows = self.seg.lows
        while at < stop and lows[at] in self.pre_adjectives:
            at += 1
        item = self._item_at(at, stop)
        if item:
            return self._tail(at + item[0], stop), item[1]
        if at >= stop or not self._noun_ok(at):
            return None
        one = number is None or (number.value is not None and number.value < 2)
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

    def _english_noun(
        self, at: int, stop: int, number: Number | None = None
    ) -> tuple[int, str | None] | None:
        """Give (end, catalogue item) of a noun group whose noun comes last."""
        lows = self.seg.lows
        end = at
        while end < stop and end - at < 6:
            item = self._item_at(end, stop)
            if item:
                return self._head(end, item, stop, number)
            word = lows[end]
            joined = lows[end + 1 : end + 2] == ["-"] and word.isdecimal() and end + 2 < stop
            if joined and lows[end + 2] in _CALIBRES:
                end += 3
                continue  # "250,000 155-mm shells"
            if not self._noun_ok(end) and not _MODEL.match(word) and not self._initials(end):
                if word in _JOINTS and at < end and self._joined(end + 1, stop):
                    end += 1
                    continue  # "60 small and medium transformers"
                break
            end += 1
            if self._plural(end - 1) and len(word) > 2:
                following = self._item_at(end, stop)
                if following:
                    return self._head(end, following, stop, number)
                if end < stop and not word.endswith("s") and word not in self.whole_nouns:
                    after = self._noun_ok(end) and lows[end].endswith("s")
                    if after and not self._verbal(lows[end]):
                        continue  # "40 police officers", "12 wounded soldiers"
                return end, None
        return None

    def _initials(self, at: int) -> bool:
        """Tell the "US" of "eight US helicopters" from a pronoun."""
        surface = self.seg.text[self.seg.starts[at] : self.seg.ends[at]]
        return len(surface) == 2 and surface.isalpha() and surface.isupper()

    def _joined(self, at: int, stop: int) -> bool:
        """Tell whether a noun in the plural follows within three words."""
        for place in range(at, min(at + 3, stop)):
            if self._item_at(place, stop):
                return True
            if not self._noun_ok(place):
                return False
            if self._plural(place):
                return not self._verbal(self.seg.lows[place])
        return False

    def _head(
        self, at: int, item: tuple[int, str], stop: int, number: Number | None
    ) -> tuple[int, str | None]:
        """Go on from an item to the noun that it belongs to: "10 water heaters", "20 aid workers".

        The first item tells more than the last ("Patriot batteries"), but for what goods are of.
        """
        lows = self.seg.lows
        end, name = at + item[0], item[1]
        while (after := self._item_at(end, stop)) is not None:
            end, name = end + after[0], after[1] if name in _STUFF else name
        if end > at + item[0] or number is None or number.value == 1 or self._plural(end - 1):
            return self._tail(end, stop), name
        for place in range(end, min(end + 3, stop)):
            word = lows[place]
            after = self._item_at(place, stop)
            if after is not None:
                return self._tail(place + after[0], stop), after[1]
            if not self._noun_ok(place) or (self.pack.tenses.get(word) not in (None, "ger")):
                break
            if self._plural(place):
                known = name if word in _UNITS or name not in _STUFF else None
                return place + 1, known
        return self._tail(end, stop), name

    def _counted(self, number: Number, sentence: Sentence, index: int) -> Counted | None:
        lows, stop = self.seg.lows, sentence.last
        at = number.last
        told = number.value is not None and at + 1 < stop
        if told and lows[at] in _CLOSERS and lows[at + 1] in _OF:
            at += 1  # « plus d'un millier » de victimes
        at = self._own(at, stop, number)
        number, at = self._calibre(number, at, stop)
        if at < stop and lows[at] in _OF and (
            number.scaled or number.approximate or number.rule in ("vague", "undisclosed")
            or number.low is None or number.high is None
        ):  # fmt: skip
            at += 1
        if at >= stop or lows[at] in {",", ".", "-"}:
            return None
        unit = self._unit_at(at, stop)
        if unit:
            if self._is_spec(number, at, unit, sentence):
                return None
            thing = self._measured(number, at, unit, stop, index)
            if thing is not None:
                return thing
        if self.adjective_first and at + 1 < stop:
            at += lows[at] in _MORE
        at = self._number_of(at, stop)
        group = self._group(at, stop, number)
        if group is None:
            return None
        end, item = group
        if lows[end : end + 1] == ["sur"] and self._is_number(end + 1, stop):
            return None  # "quatre Syriens sur cinq"
        rule = "quantity.item" if item else "quantity.noun"
        own = self._grouped(number, "")
        return Counted(
            number.first, end, own, item, (at, end), unit[1] if unit else None, rule, index
        )

    def _number_of(self, at: int, stop: int) -> int:
        """Step over "le nombre total de" in "porte à 7 500 le nombre total de morts"."""
        lows = self.seg.lows
        if at + 3 >= stop or lows[at] not in {"le", "the"} or lows[at + 1] not in _NUMBER:
            return at
        place = at + 2 + (lows[at + 2] in {"total", "totale"})
        return place + 1 if lows[place] in _OF else at

    def _own(self, at: int, stop: int, number: Number) -> int:
        """Step over "de ces" in "trois de ces systèmes", "of its" in "two of its ships"."""
        lows = self.seg.lows
        if at + 2 >= stop or lows[at] not in _OF:
            return at
        if lows[at + 1] in {"ces", "ses", "leurs", "nos", "mes", "vos"}:
            return at + 2
        ours = lows[at + 1] in {"its", "these", "those", "their", "our", "the"}
        several = number.value is not None and number.value >= 2
        return at + 2 if ours and several and not lows[at + 2][0].isdigit() else at

    def _calibre(self, number: Number, at: int, stop: int) -> tuple[Number, int]:
        """Part "20 120 mm mortars" into twenty and a calibre."""
        count, _, calibre = self.seg.lows[number.core].partition(" ")
        mark = at + (at < stop and self.seg.lows[at] == "-")
        if mark >= stop or self.seg.lows[mark] not in _CALIBRES or not 1 < len(calibre) < 4:
            return number, at
        low, high = (None if each is None else Decimal(count) for each in (number.low, number.high))
        return replace(number, low=low, high=high), mark + 1

    def _grouped(self, number: Number, unit: str) -> Number:
        """Read "1.700 generators" in an English text: nobody counts in thousandths."""
        word = self.seg.lows[number.core] if number.core < len(self.seg.lows) else ""
        if number.scaled or number.low is None or not _THOUSANDS.match(word):
            return number
        if (unit and not word.endswith("00")) or self.numbers.decimal != ".":
            return number
        low, high = (None if each is None else each * 1000 for each in (number.low, number.high))
        return replace(number, low=low, high=high)

    def _is_spec(self, number: Number, at: int, unit: tuple[int, str], sentence: Sentence) -> bool:
        """Tell what a thing weighs or yields: "un transformateur de 200 tonnes", "5 kW sets"."""
        lows, name, end = self.seg.lows, unit[1], at + unit[0]
        before = lows[number.core - 1] if number.core > sentence.first else ""
        if name in self.power:
            if self.adjective_first:
                group = self._english_noun(end, sentence.last)
                if group is not None and group[1] != "electricity":
                    return True  # "40-70 kW generators"
            follows = end + 1 < sentence.last and lows[end] in _OF
            if follows and (self._item_at(end + 1, sentence.last) or ("", ""))[1] == "electricity":
                return False  # "l'équivalent de 13 mégawatts d'électricité"
            if before == "à":
                return not lows[max(number.core - 2, 0)].endswith(("é", "ée", "és", "ées"))
            between = before in {"entre", "et", "between", "and"} and any(
                low in {"entre", "between"} for low in lows[max(number.core - 9, 0) : number.core]
            )
            return between or before in _OF or before in {"calibre", "-"}
        if name not in {"t", "kg", "l"} or before not in _OF or number.first - 2 < sentence.first:
            return False
        if end < sentence.last and lows[end] in _OF:
            return False
        head = number.first - 2
        if lows[head] in self.loads:
            return True
        return self._item_at(head, head + 1) is not None and not self._unit_at(head, head + 1)

    def _measured(
        self, number: Number, at: int, unit: tuple[int, str], stop: int, index: int
    ) -> Counted | None:
        """Count by a unit: "40 tonnes de médicaments", "two containers of switchgear"."""
        name, end = unit[1], at + unit[0]
        own, whole = self._grouped(number, name), self._item_at(at, stop)
        if end + 1 < stop and self.seg.lows[end] in _OF:
            inner = self._group(end + 1, stop, None)
            if inner is None and self._noun_ok(end + 1):
                inner = (end + 2, None)
            if inner:
                if whole and whole[0] >= inner[0] - at:
                    inner = (inner[0], whole[1])
                return Counted(
                    number.first, inner[0], own, inner[1], (end + 1, inner[0]), name,
                    "quantity.unit", index,
                )  # fmt: skip
        if whole or name in self.power or name in {"t", "dose", "kit", "l", "m3", "kg"}:
            end = self._tail(at + max(unit[0], whole[0] if whole else 0), stop)
            return Counted(
                number.first, end, own, whole[1] if whole else None, (at, end), name,
                "quantity.unit", index,
            )  # fmt: skip
        return None

    def _group(self, at: int, stop: int, number: Number | None) -> tuple[int, str | None] | None:
        if self.adjective_first:
            return self._english_noun(at, stop, number)
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
            if _YEAR.match(word) and not word.endswith("00"):
                return self._item_at(number.last, sentence.last) is not None
            if self._model_number(number, sentence):
                return False
            if _YEAR.match(word) and number.first > sentence.first:
                at = number.first - 1  # "Panzerhaubitze 2000 howitzers"
                return not (self.seg.upper(at) and before[0].isalpha())
            small = number.value is not None and number.value <= 3
            if small and not number.digits and before in self.pack.words("definite"):
                return False
        return True

    def _model_number(self, number: Number, sentence: Sentence) -> bool:
        """Tell the "2" of "German-made Leopard 2 tanks" from a count."""
        at = number.first - 1
        if at < sentence.first or not self.pack.flags.get(self.seg.lows[at], 0) & ITEM:
            return False
        found = self.pack.match(self.seg.lows, at, "items", sentence.last)
        return found is not None and found[0] > 1

    def _is_number(self, at: int, stop: int) -> bool:
        return at < stop and (self.seg.lows[at].isdecimal() or self.seg.lows[at] in
                              self.numbers.table)  # fmt: skip

    def _one_in(self, first: int, floor: int) -> bool:
        """Tell the share "one in four buildings", "un bâtiment sur quatre"."""
        lows = self.seg.lows
        if lows[max(first - 2, floor) : first] == ["out", "of"]:
            return True
        if first - 2 < floor or lows[first - 1] not in {"in", "sur"}:
            return False
        back = first - 2 if lows[first - 1] == "in" else max(first - 3, floor)
        return lows[back] in self.numbers.table or lows[back].isdecimal()
