"""Numbers as people write them, in digits and words, as intervals with their bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from intendance.intake.pack import BOUND, DIGITS, NUMBER, SPELT, Pack, Tabled
from intendance.intake.segment import Segmented

_SHARES: Final = frozenset({"half", "quarter"})  # "a quarter million"
_SEVERAL: Final = frozenset({"several", "many", "few", "plusieurs", "quelques", "mehrere"})
_FEW: Final = _SEVERAL | {"the", "les", "ces", "these", "those"}
_OF: Final = frozenset({"de", "of", "d'"})
_MORE: Final = frozenset({"nouveaux", "bons", "petits"})  # "4 nouveaux milliards d'euros"
_ALONE: Final = frozenset({"cent", "mille", "hundred", "thousand", "half-million", "half-billion"})
_CLOSERS: Final = frozenset('"”»')
_OPENERS: Final = frozenset('"“«')
_ONE: Final = frozenset({"une", "un", "a", "another", "la", "cette", "le", "ein", "eine"})
_LETTERS: Final = frozenset({"m", "b"})
_LONG_SCALES: Final = frozenset({"million", "billion", "trillion"})
_OVER_VERBS: Final = frozenset(
    {"hand", "hands", "handed", "handing", "turn", "turns", "turned", "turning", "passed", "flew"}
)
_DIGITS: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*\Z")
_COUNTS: Final = BOUND | NUMBER | DIGITS | SPELT
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f\u2009']")  # the last one in Switzerland
_MAX_DIGITS: Final = 24  # longer digit strings are account or telephone numbers
_FROM: Final = frozenset({"de", "from", "d'", "von"})
_RANGE_WORDS: Final = frozenset(
    {"à", "a", "et", "to", "and", "-", "–", "—", "bis", "und", "ou", "or"}
)


@dataclass(slots=True)
class Number:
    """A number in the text: tokens ``[first, last)``, an interval, and what was read."""

    first: int
    last: int
    low: Decimal | None
    high: Decimal | None
    approximate: bool
    rule: str
    scaled: bool = False
    digits: bool = True
    core: int = 0  # the token where the figure itself begins, after its bound words

    @property
    def value(self) -> Decimal | None:
        """Give the single figure that is printed, None for an unknown."""
        return self.high if self.low is None else self.low


def parse_digits(surface: str, decimal: str) -> Decimal | None:
    """Read one digit string with the language's decimal mark; None when it is no number.

    >>> parse_digits("1 234,5", ","), parse_digits("1,234.5", "."), parse_digits("1.200", ",")
    (Decimal('1234.5'), Decimal('1234.5'), Decimal('1200'))
    """
    figure = _BLANKS.sub("", surface)
    if len(figure) > _MAX_DIGITS or not _DIGITS.match(figure):
        return None
    group = "." if decimal == "," else ","
    if group in figure and decimal in figure:
        # The mark that comes last is the decimal one, whatever the language says.
        last = max(figure.rfind("."), figure.rfind(","))
        whole = re.sub("[.,]", "", figure[:last])
        return Decimal(f"{whole}.{figure[last + 1 :]}") if figure[last + 1 :].isdigit() else None
    mark = group if group in figure else decimal
    if mark in figure:
        pieces = figure.split(mark)
        grouped = len(pieces) > 1 and all(len(each) == 3 for each in pieces[1:])
        if len(pieces[0]) > 3 or pieces[0] == "0":
            grouped = False
        if grouped and (mark == group or len(pieces) > 2):
            return Decimal("".join(pieces))
        if len(pieces) != 2 or not pieces[1]:
            return None
        return Decimal(f"{pieces[0]}.{pieces[1]}")
    return Decimal(figure)


def _compound(word: str, table: dict[str, int], scales: dict[str, int]) -> tuple[int, ...] | None:
    """Split "quatre-vingt-dix-sept" or "twenty-five" into values; None for another word."""
    pieces = word.split("-")
    if len(pieces) < 2 or len(pieces) > 8:
        return None
    values = []
    for piece in pieces:
        if piece in {"et", "and"}:
            continue
        value = table.get(piece, scales.get(piece))
        if value is None:
            return None
        values.append(value)
    return tuple(values)


def _combine(values: list[int]) -> int:
    """Put number words together: 4 20 10 7 is 97; 2 100 1000 50 is 200 050."""
    total = chunk = 0
    for value in values:
        if value >= 1000:
            total += max(chunk, 1) * value
            chunk = 0
        elif value == 100:
            below = chunk % 100 or 1
            chunk = (chunk - chunk % 100) + below * 100 if chunk else 100
        elif value == 20 and chunk % 100 == 4:
            chunk += 76
        else:
            chunk += value
    return total + chunk


class NumberReader(Tabled):
    """Finds numbers in a segmented text under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        self._share(pack)

    def _take_tables(self, pack: Pack) -> None:
        """Take the words of numbers."""
        self.table: dict[str, int] = pack.raw.get("numbers", {})
        self.scales: dict[str, int] = pack.raw.get("scales", {})
        self.approximate: dict[str, int] = pack.raw.get("approximate", {})
        self.vague = frozenset(pack.raw.get("vague", ()))
        self.moving = pack.words("moving")
        self.passed_over = pack.words("passed_over")
        self.closing = pack.index["after_bounds"]
        self.untold = frozenset(
            first for first, group in pack.phrases.items()
            if any(kind == "bounds" and value == "unknown" for _, kind, value in group)
        )  # fmt: skip
        self.of = _OF | pack.words("of_amounts")
        self.decimal: str = pack.raw.get("decimal", ".")

    def figure(self, at: int, stop: int) -> tuple[int, Decimal, bool, bool] | None:
        """Read digits or number words with scales: (end, value, scaled, digits) or None."""
        lows = self.seg.lows
        word = lows[at]
        if word[0].isdigit():
            value = parse_digits(word, self.decimal)
            if value is None:
                return None
            end, scaled, scale = at + 1, False, 0
            while end < stop:
                if lows[end] == "-" and end + 1 < stop and lows[end + 1] in _LONG_SCALES:
                    end += 1  # "a 60-million-euro package"
                if lows[end] in _MORE and end + 1 < stop and lows[end + 1] in self.scales:
                    end += 1
                if lows[end] not in self.scales:
                    break
                scale = self.scales[lows[end]]
                if lows[end] in _LETTERS and not self._money_letter(at, end):
                    break
                value *= scale
                scaled = True
                end += 1
            if scaled and end < stop and lows[end][0].isdigit():
                rest = self.figure(end, stop)  # "1 milliard 300 millions"
                if rest is not None and rest[2] and rest[1] < scale:
                    return rest[0], value + rest[1], True, True
            return end, value, scaled, True
        return self._words(at, stop)

    def _money_letter(self, at: int, end: int) -> bool:
        """Tell a million ("150 M€", "$75m") from a metre ("6 m"), "$2B" from "flat 2b"."""
        lows = self.seg.lows
        after = lows[end + 1] if end + 1 < len(lows) else ""
        end += after == "-"  # "a 30m-euro road"
        before = lows[at - 1] if at else ""
        kinds = (
            self.pack.match(lows, end + 1, "currencies", len(lows)) if after else None,
            self.pack.match(lows, at - 1, "currencies", at) if before else None,
        )
        if any(kinds):
            return True
        return (self.seg.text[self.seg.starts[end]] == "M") or (
            len(before) > 1 and before.endswith("$")
        )

    def _words(self, at: int, stop: int) -> tuple[int, Decimal, bool, bool] | None:
        lows = self.seg.lows
        values: list[int] = []
        end = at
        while end < stop and end - at < 12:
            word = lows[end]
            value = self.table.get(word)
            if value is None:
                value = self.scales.get(word) if len(word) > 2 else None
            if value is not None:
                values.append(value)
            else:
                parts = _compound(word, self.table, self.scales) if "-" in word else None
                if parts:
                    values.extend(parts)
                elif word in {"et", "and"} and values and end + 1 < stop:
                    following = self.table.get(lows[end + 1])
                    small = following is not None and following < 100
                    big = values[-1] in (100, 1000) or (word == "et" and values[-1] % 10 == 0)
                    if not (small and big and (word == "and" or following in (1, 11))):
                        break
                else:
                    break
            end += 1
        if not values or end == at:
            return None
        if (
            not (at and lows[at - 1] in _SHARES)
            and lows[at] in self.scales
            and lows[at] not in _ALONE
        ) and (self.scales[lows[at]] > 1000 or lows[at] in ("cents", "hundreds", "milliers")):
            return None  # "milliards" alone is not a figure
        scaled = any(value >= 1000 for value in values)
        if end + 1 < stop and lows[end] == "m" and self._money_letter(at, end) and not scaled:
            return end + 1, Decimal(_combine(values)) * self.scales["m"], True, False  # "ten MUSD"
        return end, Decimal(_combine(values)), scaled, False

    def _approximate(self, at: int, stop: int) -> Number | None:
        """Read "une cinquantaine", "deux millions environ", "des centaines", "dozens"."""
        lows = self.seg.lows
        word = lows[at]
        first = at
        if word in self.approximate:
            unit = Decimal(self.approximate[word])
            one = at and lows[at - 1] in _ONE
            if not one:
                return None
            first = at - 1 if lows[at - 1] not in {"la", "cette", "le"} else at
            end = at + 1
            if end + 1 < stop and lows[end] in self.of and lows[end + 1] in self.scales:
                unit *= self.scales[lows[end + 1]]
                end += 2
            elif end < stop and self.scales.get(lows[end], 0) >= 1000:
                unit *= self.scales[lows[end]]  # "a hundred million dollars"
                end += 1
            scaled = unit >= 1_000_000
            return Number(first, end, unit, unit, True, "approximate", scaled, core=first)
        if word in self.vague:
            first = at
            if at and lows[at - 1] in {"des", "plusieurs", "several", "many", "mehrere"}:
                first = at - 1
            if word in {"plusieurs", "several", "mehrere"}:
                return None
            big = self.scales.get(word, 0) >= 1_000_000
            if big and (
                at + 1 >= stop or lows[at + 1] not in self.of or (at and lows[at - 1] in _FEW)
            ):
                return None  # "plusieurs millions", "millions more"
            end = at + 1
            if (
                end + 1 < stop
                and lows[end] in self.of
                and lows[end + 1] in (self.scales.keys() | self.vague)
            ):
                end += 2
            scaled = self.scales.get(lows[end - 1], 0) >= 1_000_000
            return Number(first, end, None, None, True, "vague", scaled, core=first)
        return None

    def _bound(self, first: int) -> tuple[int, str] | None:
        """Find a bound expression that ends right before a token: (its first token, kind)."""
        lows, kinds = self.seg.lows, self.seg.kinds
        if first > 1 and lows[first - 1] in _CLOSERS and not kinds[first - 2] & DIGITS:
            quoted = self._bound(first - 1)  # "at least" $10 billion
            opened = quoted and not _OPENERS.isdisjoint(lows[max(quoted[0] - 2, 0) : quoted[0]])
            return quoted if opened else None
        for back in range(min(5, first), 0, -1):
            at = first - back
            if not kinds[at] & BOUND:
                continue
            if lows[at] == "over" and at and lows[at - 1] in _OVER_VERBS:
                continue  # "to hand over 30 jets" hands over thirty
            found = self.pack.match(lows, at, "bounds", first)
            if found and found[0] == back:
                return at, str(found[1])
        return self._passed(first)

    def _passed(self, first: int) -> tuple[int, str] | None:
        """Find the verb of "dépasse désormais les 20 000", "topped the 5 billion"."""
        lows, at = self.seg.lows, first - 1
        floor = max(first - 4, 0)
        while at > floor and lows[at] in self.passed_over:
            at -= 1
        if at == first - 1 or at < 0 or not self.seg.kinds[at] & BOUND:
            return None
        found = self.pack.match(lows, at, "bounds", at + 1)
        verb = found is not None and lows[at] in self.pack.words("passing")
        if found is None or not verb:
            return None
        denied = found[1] == "above" and "pas" in lows[at + 1 : first]
        return at, "below" if denied else str(found[1])  # "ne dépasse pas 40 millions"

    def read(self, at: int, stop: int) -> Number | None:
        """Read the number that begins at a token, with its bounds and its range."""
        lows = self.seg.lows
        number = self._approximate(at, stop)
        if number is None:
            figure = self.figure(at, stop)
            if figure is None:
                return self._several(at)
            end, value, scaled, digits = figure
            number = self._dozens(at, end, value, stop) or self._range(
                at, end, value, scaled, digits, stop
            )
        if number is None or number.rule == "vague":
            return number
        told = lows[at] not in self.scales and number.value is not None and number.value >= 10
        if (at and number.rule == "figure" and not number.digits) and (
            lows[at - 1] in _SEVERAL and not told
        ):
            # "several hundred million dollars": how many hundreds is not told
            return Number(at - 1, number.last, None, None, True, "vague", number.scaled, False, at)
        return self._bounded(number, stop, lows)

    def _dozens(self, at: int, end: int, value: Decimal, stop: int) -> Number | None:
        """Read "two dozen", "trois douzaines"."""
        unit = self.approximate.get(self.seg.lows[end]) if end < stop else None
        if unit is None or self.seg.lows[end] in self.scales or not 2 <= value <= 20:
            return None
        value *= unit
        return Number(at, end + 1, value, value, True, "approximate", core=at)

    def _several(self, at: int) -> Number | None:
        """Read "several million", "quelques millions", "several dozen": how many is not told."""
        lows = self.seg.lows
        if not at or lows[at - 1] not in _SEVERAL:
            return None
        if self.scales.get(lows[at], 0) < 1000 and lows[at] not in self.approximate:
            return None
        first = at - 1 - (at > 1 and lows[at - 2] == "a")
        return Number(first, at + 1, None, None, True, "vague", True, False, at)

    def _range(
        self, at: int, end: int, value: Decimal, scaled: bool, digits: bool, stop: int
    ) -> Number:
        lows = self.seg.lows
        plain = Number(at, end, value, value, False, "figure", scaled, digits, at)
        if end + 1 >= stop or lows[end] not in _RANGE_WORDS:
            return plain
        second = self.figure(end + 1, stop)
        if second is None:
            return plain
        last, high, high_scaled, _ = second
        before = lows[at - 1] if at else ""
        opened = before in {"entre", "de", "between", "from", "zwischen", "von", "d'"}
        word = lows[end]
        closed = {"et": {"entre"}, "and": {"between"}, "und": {"zwischen"}}
        if word in closed and before not in closed[word]:
            return plain
        if word == "a":
            return plain
        moved = before in _FROM and self.moving & set(lows[max(at - 14, 0) : at - 1])
        low = value
        if high_scaled and not scaled:
            # "40 à 50 milliards": the scale belongs to both.
            for scale in self._scales_of(lows[last - 1]):
                if (scale >= 1000 and high % scale == 0) or high >= scale >= 1000:
                    if value < 1000 and (value * scale <= high or (moved and digits)):
                        low = value * scale
                    break
        if word in {"ou", "or"} and not low < high <= low * 2:
            return plain
        if moved:  # "a porté de 5 à 8 millions": two figures, no interval
            return replace(plain, low=low, high=low, scaled=scaled or low != value)
        if low >= high:
            return plain
        first = at - 1 if opened else at
        return Number(first, last, low, high, False, "range", high_scaled or scaled, digits, at)

    def _scales_of(self, word: str) -> list[int]:
        """Give the scales that may also belong to the figure before, greatest first.

        A crore or a lakh belongs to it only where it is written.
        """
        values = {each for each in self.scales.values() if each % 1000 == 0 or each < 1000}
        odd = {each for each in values if str(each).count("0") % 3}
        return sorted(values - odd | {self.scales.get(word, 1000)}, reverse=True)

    def _bounded(self, number: Number, stop: int, lows: list[str]) -> Number:
        if number.rule == "range":
            bound = self._bound(number.first)
            if bound and bound[1] == "about":
                return Number(
                    bound[0], number.last, number.low, number.high, True, "range",
                    number.scaled, number.digits, number.core,
                )  # fmt: skip
            return number
        first, last = number.first, number.last
        low, high, approximate, rule = number.low, number.high, number.approximate, number.rule
        bound = self._bound(first)
        if bound is None and last < stop and lows[last] in self.closing:
            after = self.pack.match(lows, last, "after_bounds", stop)
            if after:
                bound, last = (first, after[1]), last + after[0]
        if bound is None:
            return number
        first, kind = bound
        rule = f"{rule}:{kind}"
        if kind == "above":
            high = None
        elif kind == "below":
            low = None
        else:
            approximate = True
        again = self._bound(first)
        if again and again[1] == "about":
            first, approximate = again[0], True
        return Number(
            first, last, low, high, approximate, rule, number.scaled, number.digits, number.core
        )

    def unknown(self, at: int, stop: int) -> Number | None:
        """Read "un nombre non précisé de": a number that is not told."""
        if self.seg.lows[at] not in self.untold:
            return None
        found = self.pack.match(self.seg.lows, at, "bounds", stop)
        if found and found[1] == "unknown":
            return Number(at, at + found[0], None, None, False, "undisclosed", core=at)
        return None

    def find(self, first: int, last: int) -> list[Number]:
        """Give all numbers between two tokens, left to right, none overlapping."""
        found: list[Number] = []
        floor = first
        for at, kind in enumerate(self.seg.kinds[first:last], first):
            if not kind & _COUNTS or at < floor:
                continue
            number = self.unknown(at, last) if kind & BOUND else None
            if number is None and kind & (NUMBER | DIGITS | SPELT):
                number = self.read(at, last)
            if number is not None:
                found.append(number)
                floor = number.last
        return found
