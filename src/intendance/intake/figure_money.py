"""Amounts of money: a number with its currency before or behind it, and small change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from intendance.intake.figure_links import LinkReader, Money
from intendance.intake.numbers import Number, NumberReader
from intendance.intake.pack import CURRENCY, Pack
from intendance.intake.segment import Segmented, Sentence

OF: Final = frozenset({"de", "d'", "of", "des", "von"})


class MoneyReader(LinkReader):
    """Reads one number as money under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        super().__init__(seg, pack)
        self.numbers = NumberReader(seg, pack)

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        self.minor = pack.words("minor_units")
        self.further = pack.words("further_sums")
        self.prefixed = pack.words("prefixed")
        self.named_money: tuple[list[str], str, int] = ([], "", -9)  # the last one behind a sum
        self.of = OF | pack.words("of_amounts")

    def _currency_before(self, at: int, floor: int) -> tuple[int, str] | None:
        lows, flags = self.seg.lows, self.pack.flags
        for back in (2, 1):
            start = at - back
            if start < floor or not flags.get(lows[start], 0) & CURRENCY:
                continue
            matched = self.pack.match(lows, start, "currencies", at)
            if back == 2 and self.seg.ends[start] < self.seg.starts[start + 1]:
                continue  # "a $25 million loan" is in no Australian dollars
            if matched and matched[0] == back:
                surface = self.seg.text[self.seg.starts[start] : self.seg.ends[at - 1]]
                symbol = surface[-1] in "$€£¥₹₦฿" or (surface.isupper() and len(surface) == 3)
                digits = lows[at][0].isdigit() and lows[start] in self.prefixed
                symbol = symbol or (digits and self._currency_after(at + 1, len(lows)) is None)
                if symbol:
                    return start, matched[1]
        return None

    def _currency_after(self, at: int, stop: int) -> tuple[int, str] | None:
        lows = self.seg.lows
        at += at + 1 < stop and lows[at] in self.further and lows[at + 1] in self.of
        if at < stop and (lows[at] in self.of or lows[at] == "-"):
            at += 1
        if at >= stop or not self.pack.flags.get(lows[at], 0) & CURRENCY:
            return None
        matched = self.pack.match(lows, at, "currencies", stop)
        if matched is None:
            return None
        if lows[at - 1] == "-" and not lows[at][0].isalpha():
            return None  # "$20-$30 million"
        surface = self.seg.text[self.seg.starts[at] : self.seg.ends[at]]
        code = lows[at] == matched[1].lower()
        if code and surface.islower():
            return None  # "try" and "ron" are words, TRY and RON are money
        return at + matched[0], matched[1]

    def _small_change(
        self, after: tuple[int, str], number: Number, stop: int
    ) -> tuple[tuple[int, str], Number]:
        """Add what stands behind the currency: "15 dollars et 15 cents", "75 USD million"."""
        lows = self.seg.lows
        at = after[0]
        scale = self.numbers.scales.get(lows[at], 0) if at < stop and not number.scaled else 0
        if scale >= 1_000_000 and len(lows[at]) > 2:
            times = Decimal(scale)
            low = None if number.low is None else number.low * times
            high = None if number.high is None else number.high * times
            return (at + 1, after[1]), replace(number, low=low, high=high, scaled=True)
        if number.scaled or number.rule != "figure" or number.value is None:
            return after, number
        at += at < stop and lows[at] in {"et", "and"}
        part = self.numbers.figure(at, stop) if at < stop else None
        if (
            part is not None
            and part[1] >= 100
            and part[1] % 100 == 0
            and (lows[part[0] - 1] in self.minor)
        ):
            part = (part[0] - 1, part[1] / 100, *part[2:])  # French "cents" is a hundred, too
        if part is None or not 0 < part[1] < 100 or part[1] % 1:
            return after, number
        end = part[0]
        minor = end < stop and lows[end] in self.minor
        if not minor and end < stop and lows[end][0].isalnum() and lows[end] != "more":
            return after, number
        value = number.value + part[1] / 100
        return (end + minor, after[1]), replace(number, low=value, high=value)

    def _money(self, number: Number, sentence: Sentence, index: int) -> Money | None:
        first, last = number.first, number.last
        before = self._currency_before(number.core, sentence.first)
        if before is not None and before[0] < first:
            first = before[0]
            bound = self.numbers._bound(first)  # noqa: SLF001 - the same reader
            if bound and number.rule in ("figure", "range"):
                low, high = number.low, number.high
                if number.rule == "figure":
                    low = None if bound[1] == "below" else low
                    high = None if bound[1] == "above" else high
                number = Number(
                    bound[0], last, low, high, bound[1] == "about", f"{number.rule}:{bound[1]}",
                    number.scaled, number.digits, number.core,
                )  # fmt: skip
                first = bound[0]
        after = self._currency_after(last, sentence.last)
        if after is not None:
            after, number = self._small_change(after, number, sentence.last)
            code = after[1]
            if before is not None and before[1] != "USD":
                code = before[1]
            after, number = self._bounded_after(after, number, sentence.last)
            names = self.seg.lows[last : after[0]]
            known = self._same_crowns(names, index) if code == "UNKNOWN" else code
            if known:
                self.named_money = (names, known, index)
            return Money(first, after[0], number, known, f"amount.{number.rule}", index)
        if before is not None:
            code = before[1]
            spelt = self.seg.lows[last : last + 1] == ["and"] and last + 1 < sentence.last
            if spelt and not self.seg.lows[last + 1][0].isdigit():  # "$100 and fifty"
                (last, _), number = self._small_change((last, code), number, sentence.last)
            start = before[0]
            if self._joined_million(start, sentence.first):  # "MAUD 60"
                low, high = (
                    None if each is None else each * 1_000_000 for each in (number.low, number.high)
                )
                first = min(first, start - 1)
                number = replace(number, low=low, high=high, scaled=True)
            return Money(
                first, last, number, None if code == "UNKNOWN" else code,
                f"amount.prefix.{number.rule}", index,
            )  # fmt: skip
        return None

    def _same_crowns(self, names: list[str], index: int) -> str | None:
        """Give the crowns or francs of the sum just before: "37 milliards de couronnes"."""
        before, currency, when = self.named_money
        same = bool(names) and names[-1] in before and index - when <= 2
        return currency if same else None

    def _is_rate(self, number: Number, sentence: Sentence) -> bool:
        """Tell "($1 = 0.7878 pounds)": what a currency costs is no sum."""
        lows = self.seg.lows
        near = (*lows[max(number.first - 2, sentence.first) : number.first],
                *lows[number.last : min(number.last + 3, sentence.last)])  # fmt: skip
        return "=" in near

    def _bounded_after(
        self, after: tuple[int, str], number: Number, stop: int
    ) -> tuple[tuple[int, str], Number]:
        """Read the bound behind the currency: "3 millions d'euros au maximum"."""
        words = self.seg.lows
        bound = self.pack.match(words, after[0], "after_bounds", stop) if after[0] < stop else None
        if bound is None or number.rule != "figure" or bound[1] == "about":
            return after, number
        low = None if bound[1] == "below" else number.low
        high = None if bound[1] == "above" else number.high
        rule = f"figure:{bound[1]}"
        return (after[0] + bound[0], after[1]), replace(number, low=low, high=high, rule=rule)

    def _joined_million(self, start: int, floor: int) -> bool:
        """Tell "MUSD", "MEUR": an M written onto a currency's code."""
        if start <= floor or self.seg.lows[start - 1] != "m":
            return False
        joined = self.seg.ends[start - 1] == self.seg.starts[start]
        return joined and self.seg.text[self.seg.starts[start] : self.seg.ends[start]].isupper()
