"""Amounts and counted things, and which is a part of which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from intendance.intake.numbers import Number
from intendance.intake.pack import AUX, PARTOF, PREP, Pack, Tabled
from intendance.intake.segment import Segmented, Sentence

_WIDE: Final = frozenset({"USD", "EUR"})  # what other countries' aid is told in, too
_HARD: Final = frozenset({"USD", "EUR", "GBP", "CHF", "CAD", "AUD"})
_AMONG: Final = frozenset({
    ("des",), ("sur", "les"), ("sur",), ("sur", "un", "total", "de"), ("of", "the"),
    ("out", "of", "the"),
})  # fmt: skip
VERB_ENDS: Final = ("ant", "aient", "ont")
_AND_THEN: Final = frozenset({",", "et", "puis", ";"})
_GOING: Final = frozenset({"à", "au", "aux", "pour"})
_TO: Final = (["to"], ["à"], ["-"], ["–"], ["—"])  # "$30 million to $40 million"
_MOVED: Final = frozenset({"from", "by", "de", "d'"})  # "rose from $3 to $4"


@dataclass(slots=True)
class Money:
    """An amount at tokens ``[first, last)``; ``parent`` is the amount that it is a part of."""

    first: int
    last: int
    number: Number
    currency: str | None
    rule: str
    sentence: int
    inherited: bool = False
    parent: Money | None = None
    purpose: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(slots=True)
class Counted:
    """A counted thing: the noun at tokens ``[noun, last)``, with unit and catalogue item."""

    first: int
    last: int
    number: Number
    item: str | None
    noun: tuple[int, int]
    unit: str | None
    rule: str
    sentence: int
    parent: Counted | None = None
    tail: str = ""  # what narrows an item that is not named again: "de 155 mm"


class LinkReader(Tabled):
    """Finds parents ("dont", "of which") and purposes of figures under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        self.seg, self.pack = seg, pack
        self.last_money: Money | None = None  # whose currency "n'en ont perçu que" takes
        self._share(pack)

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of figures."""
        self.fetchers = pack.words("fetchers")

    def _listed(self, amounts: list[Money], numbers: list[Number], scales: dict[str, int]) -> None:
        """Give "20, 15 et 10 millions d'euros" its first figures: scale and currency are shared."""
        if not amounts or len(numbers) < 2:
            return
        lows, ending = self.seg.lows, {each.last: each for each in numbers}
        for money in [each for each in amounts if each.number.rule == "figure"]:
            own = money.number
            scale = scales.get(lows[own.last - 1], 0)
            joint = own.first - 1
            if scale < 1_000_000 or money.first != own.first or lows[joint] not in {"et", "and"}:
                continue
            end = joint - (lows[joint - 1] == ",")
            while (each := ending.get(end)) is not None:
                if each.scaled or each.rule != "figure" or not each.value or each.value >= 1000:
                    break
                value = each.value * scale
                whole = replace(each, low=value, high=value, scaled=True)
                amounts.append(
                    Money(each.first, each.last, whole, money.currency, "amount.list",
                          money.sentence, inherited=True)
                )  # fmt: skip
                if lows[each.first - 1] != ",":
                    break
                end = each.first - 1

    def _scale_of(self, money: Money) -> int:
        """Give the scale that a sum is written with, 0 for none."""
        lows, scales = self.seg.lows, self.pack.raw.get("scales", {})
        written = [scales[each] for each in lows[money.first : money.last] if each in scales]
        return written[-1] if written else 0

    def _whole_of(
        self, number: Number, amounts: list[Money], sentence: Sentence, *, counted: bool
    ) -> Money | None:
        """Find the sum that lends its scale: "310 des 900 millions", "10 sur les 40 voulus"."""
        lows, first, last = self.seg.lows, number.first, number.last
        before = self._own_words([each for each in amounts if each.first < first])
        after = next((each for each in amounts if each.first > first), None)
        value, word = number.value or Decimal(0), self._word(last, sentence)
        if after is not None and tuple(lows[last : after.first]) in _AMONG:
            whole = after.number.value
            fits = whole is not None and value * self._scale_of(after) <= whole
            return after if fits and not counted else None
        if not before:
            return None
        near = before[-1]
        total, joint = near.number.value or Decimal(0), lows[near.last : first]
        ends = not word[:1].isalnum() or self.pack.tenses.get(word) in {"part", "past"}
        if ends and tuple(joint) in _AMONG:
            return near if value * self._scale_of(near) >= total else None
        if counted:
            return None
        opened = lows[max(near.first - 2, 0) : near.first] in (["sur", "les"], ["of", "the"])
        if opened and joint[-1:] == [","]:
            verb = self.pack.flags.get(word, 0) & AUX or word in self.pack.words("only")
            return near if verb and value * self._scale_of(near) <= total else None
        if not joint or joint[-1] not in _AND_THEN:
            return None
        if word == "autres":
            follows = self._word(last + 1, sentence)
            verb = follows in self.pack.tenses or self.pack.flags.get(follows, 0) & (AUX | PREP)
            verb = verb or follows.endswith(VERB_ENDS)
            return near if verb or not follows[:1].isalnum() else None
        if joint[-1] == "puis" and self._word(last, sentence) in {"début", "fin", "en"}:
            return near  # "300 millions en février, puis 450 début avril"
        return near if word in _GOING and word in joint else None  # "50 M€ à Kiev, 20 à Lviv"

    def _word(self, at: int, sentence: Sentence) -> str:
        return self.seg.lows[at] if at < sentence.last else ""

    def _shared(
        self, number: Number, amounts: list[Money], sentence: Sentence, index: int, *, counted: bool
    ) -> Money | None:
        """Read a figure that leaves its scale and its currency to another sum."""
        if number.scaled or not number.digits or number.rule != "figure" or not number.value:
            return None
        if number.value >= 1000 or any(each.first <= number.core < each.last for each in amounts):
            return None
        whole = self._whole_of(number, amounts, sentence, counted=counted)
        scale = self._scale_of(whole) if whole is not None else 0
        if whole is None or scale < 1_000_000:
            return None
        own = number.value * scale
        return Money(
            number.first, number.last, replace(number, low=own, high=own, scaled=True),
            whole.currency, "amount.shared", index, inherited=True,
        )  # fmt: skip

    def _opens_part(self, first: int, floor: int) -> bool:
        """Tell whether "dont", "of which", "including" stands right before a figure."""
        lows = self.seg.lows
        for back in range(1, 5):
            at = first - back
            if at < floor:
                break
            if self.pack.flags.get(lows[at], 0) & PARTOF:
                matched = self.pack.match(lows, at, "part_of", first)
                if matched and at + matched[0] >= first - 2:
                    return True
        return False

    def _closes_part(self, last: int, stop: int) -> bool:
        if last < stop and self.pack.flags.get(self.seg.lows[last], 0) & PARTOF:
            matched = self.pack.match(self.seg.lows, last, "part_of", stop)
            return bool(matched and self.seg.lows[last] not in {"dont", "including"})
        return False

    def _link(self, amounts: list[Money], sentence: Sentence) -> None:
        parent: Money | None = None
        used = Decimal(0)
        for at, amount in enumerate(amounts):
            opens = self._opens_part(amount.first, sentence.first) or self._closes_part(
                amount.last, sentence.last
            )
            if opens and at:
                tops = [each for each in amounts[:at] if each.parent is None]
                parent = next(reversed(self._own_words(tops)), None)
                used = Decimal(0)
            elif parent is not None and not self._coordinated(amount.first):
                parent = None
            value, whole = amount.number.value, parent.number.value if parent else None
            if parent is None or value is None:
                continue
            if amount.currency is None:
                amount.currency = parent.currency
            other = parent.currency != amount.currency and whole is not None
            fits = whole is None or used + value <= whole
            if other and whole is not None:  # in another currency: of the same size at most
                near = {parent.currency, amount.currency} <= _HARD
                fits = value <= 2 * whole or not near
            if fits:
                amount.parent = parent
                used += value

    def _own_words(self, amounts: list[Money]) -> list[Money]:
        """Leave out what only converts the sum before: "(3 M€)", "…, soit 3 millions d'euros"."""
        lows = self.seg.lows
        kept = [each for each in amounts[:1] if lows[each.first - 1] != "("]
        for before, each in pairwise(amounts):
            near = lows[max(before.last, each.first - 4) : each.first]
            soit = "soit" in near and before.currency != each.currency
            if not soit and "(" not in lows[each.first - 1 : each.first]:
                kept.append(each)
        return kept or amounts

    def _coordinated(self, first: int) -> bool:
        return self.seg.lows[first - 1] in {"et", "and", ",", "puis", "und"}

    def _link_counted(self, counted: list[Counted], sentence: Sentence) -> None:
        for at, thing in enumerate(counted[1:], start=1):
            opens = self._opens_part(thing.first, sentence.first)
            if thing.rule == "quantity.ellipsis":
                opens = opens or self._coordinated(thing.first)
            parent = counted[at - 1].parent or counted[at - 1]
            value, whole = thing.number.value, parent.number.value
            if opens and value is not None and (whole is None or value <= whole):
                thing.parent = parent

    def _purpose(self, amount: Money, sentence: Sentence) -> str | None:
        lows = self.seg.lows
        for at in range(amount.last, min(amount.last + 9, sentence.last)):
            word = lows[at]
            if word in {".", ";", ",", "dont"} or (word in {"et", "and"} and at > amount.last + 4):
                break
            for words, kind, value in self.pack.phrases.get(word, ()):
                if kind == "purposes" and tuple(lows[at : at + len(words)]) == words:
                    return str(value)
        return None

    def _join_ranges(self, amounts: list[Money], floor: int) -> None:
        """Make one interval of "between $2 and $3 billion"."""
        lows, scales = self.seg.lows, self.pack.raw.get("scales", {})
        for at in range(len(amounts) - 2, -1, -1):
            left, right = amounts[at], amounts[at + 1]
            between = left.first > floor and lows[left.first - 1] in {"between", "entre"}
            low, high = left.number.low, right.number.high
            joint = lows[left.last : right.first]
            shared = joint in _TO and right.number.scaled and not left.number.scaled
            before = lows[left.first - 1] if left.first > floor else ""
            both = joint in _TO and left.number.scaled == right.number.scaled
            both = both and before not in _MOVED
            if not (shared or both) and not (between and joint in (["and"], ["et"])):
                continue  # "$1.2 to $1.4 billion" shares its scale
            if low is None or high is None or left.currency != right.currency:
                continue
            if not left.number.scaled:
                named = [scales[each] for each in lows[right.first : right.last] if each in scales]
                low *= named[-1] if named else 1
            if low < high or (between and low == high):
                number = replace(right.number, first=left.first, low=low, high=high, rule="range")
                amounts[at : at + 2] = [replace(right, first=left.first, number=number)]

    def _inherit(self, number: Number, amounts: list[Money], index: int, people: bool) -> None:
        """Give a bare "65 milliards" the currency of its neighbour in the sentence."""
        if people:
            return
        before = [each for each in amounts if each.first < number.first]
        after = [each for each in amounts if each.first > number.first]
        before = self._own_words(
            before
        )  # "3,2 milliards de francs (3,4 milliards d'euros), dont 1,1"
        neighbour = before[-1] if before else after[0] if after else None
        if neighbour is None:
            last = self.last_money
            near = last is not None and index - last.sentence <= 2
            billions = number.value is not None and number.value >= 1_000_000_000
            fetched = self.seg.lows[max(number.first - 5, 0) : number.first]
            taken_up = (
                last is not None
                and index - last.sentence <= 1
                and any(low in self.fetchers for low in fetched)
            )
            if number.scaled and (self._given(number) or billions or near):
                code = last.currency if last is not None and taken_up else None
                rule = "amount.taken_up" if taken_up else "amount.bare"
                amounts.append(
                    Money(number.first, number.last, number, code, rule, index, taken_up)
                )
            return
        edges = sorted((neighbour.first, neighbour.last, number.first, number.last))
        between = self.seg.lows[edges[1] : edges[2]]
        apart = ";" in between and any(
            self.seg.upper(at) for at in range(edges[1] + between.index(";"), edges[2])
        )  # "; la Suède, 2,2 milliards"
        other = apart and neighbour.currency not in _WIDE  # Norway's crowns are not Sweden's
        money = Money(
            number.first, number.last, number, None if other else neighbour.currency,
            "amount.inherited", index, True,
        )  # fmt: skip
        amounts.append(money)
        amounts.sort(key=lambda each: each.first)

    def _given(self, number: Number) -> bool:
        """Tell whether a verb of giving stands close before "50 millions"."""
        near = self.seg.lows[max(number.first - 6, 0) : number.first]
        return any(
            verb.status in {"allocate", "pledge", "commit", "deliver"}
            for low in near
            for verb in self.pack.aid.get(low, ())
        )
