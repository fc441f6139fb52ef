"""Amounts of money and counted things, out of the numbers of a sentence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from intendance.intake.date_seasons import Found
from intendance.intake.figure_links import VERB_ENDS, Counted, Money
from intendance.intake.figure_things import ThingReader
from intendance.intake.numbers import Number
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DATEWORD,
    ITEM,
    MODAL,
    PARTOF,
    PREP,
    PRONOUN,
    REL,
    STOPNOUN,
    UNIT,
    WEEKDAY,
    Pack,
)  # fmt: skip
from intendance.intake.segment import Segmented, Sentence

_AFTER_BARE: Final = PREP | AUX | PRONOUN | REL | MODAL | PARTOF | DATEWORD | WEEKDAY | ADVERB
_SHARES: Final = {
    "half": Decimal("0.5"), "quarter": Decimal("0.25"), "three-quarters": Decimal("0.75"),
}  # fmt: skip

_ENDS: Final = PREP | AUX
_TOLD: Final = frozenset({"figure", "range"})
_OWED: Final = frozenset({"loan", "grant"})
_OWN: Final = frozenset({
    "plus", "more", "moins", "cette", "ce", "this", "that", "the", "them", "l'", "la", "son", "sa",
    "leur", "its", "their", "our", "ici", "après",
})  # fmt: skip
_OF_THEM: Final = frozenset({"of them", "of these", "of those", "of which"})
_AMONG_THEM: Final = frozenset({("d'", "entre", "eux"), ("d'", "entre", "elles")})


class FigureReader(ThingReader):
    """Finds amounts and quantities in a segmented text under one language pack."""

    def __init__(self, seg: Segmented, pack: Pack) -> None:
        super().__init__(seg, pack)
        self.before: Counted | None = None  # the last counted thing of the sentence before

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        self.money_nouns = pack.words("money_nouns")
        self.head_counts = pack.words("head_counts")

    def _is_bare(self, number: Number, sentence: Sentence) -> bool:
        """Tell whether "65 milliards" stands without a noun of its own."""
        if not number.scaled or (number.value is not None and number.value < 1_000_000):
            return False
        if number.last >= sentence.last:
            return True
        word = self.seg.lows[number.last]
        if word in self.of:
            after = self.seg.lows[number.last + 1] if number.last + 1 < sentence.last else ""
            owed = self._item_at(number.last + 1, sentence.last)
            if owed is not None and owed[1] in _OWED:
                return True  # "50 milliards de prêts et de subventions"
            if after in self.money_nouns or (
                self._purpose_word(after) and not self.pack.flags.get(after, 0) & ITEM
            ):
                return True  # "43 milliards d'aide militaire"
            return after in _OWN
        flags = self.pack.flags.get(word, 0)
        return (
            not word[0].isalpha()
            or not self.adjective_first  # no French noun follows "millions" without "de"
            or bool(flags & _AFTER_BARE)
            or self.pack.tenses.get(word) in {"part", "past"}  # "dont 200 millions débloqués"
            or (
                word
                in {
                    "et",
                    "and",
                    "dont",
                    "or",
                    "ou",
                    "more",
                    "supplémentaires",
                    "already",
                    "per",
                    "une",
                    "restants",
                    "remaining",
                    "que",
                    "qui",
                }
                or self._purpose_word(word)
            )
        )

    def _of_people(self, number: Number, sentence: Sentence) -> bool:
        """Tell "le nombre de déplacés a doublé à 4 millions", "a population of 45 million"."""
        for at in range(number.first - 1, max(number.first - 13, sentence.first - 1), -1):
            if self.seg.lows[at] == ",":
                break
            if self.seg.lows[at] in self.head_counts:
                return True
        return False

    def _purpose_word(self, word: str) -> bool:
        return any(kind == "purposes" for _, kind, _ in self.pack.phrases.get(word, ()))

    # ---- the whole -------------------------------------------------------------------------

    def find(
        self, sentence: Sentence, index: int, dates: list[Found]
    ) -> tuple[list[Money], list[Counted]]:
        """Give the amounts and the quantities of a sentence beside its dates."""
        numbers = self.numbers.find(sentence.first, sentence.last)
        if not numbers:
            self.before = None
            return [], []
        amounts: list[Money] = []
        counted: list[Counted] = []
        bare: list[Number] = []
        loose: list[Number] = []
        scales = self.numbers.scales
        busy = {token for each in dates for token in range(each.first, each.last)}
        rates = len(numbers) > 1 and "=" in self.seg.lows[sentence.first : sentence.last]
        for found in numbers:
            number = self._halves(found, sentence)
            if number.core in busy or number.last - 1 in busy:
                continue
            if rates and self._is_rate(number, sentence):
                continue
            if counted and number.first < counted[-1].last:
                continue  # "18 Leopard 2 tanks" counts once
            if amounts and number.core < amounts[-1].last:
                continue  # "15 USD 50"
            money = self._money(number, sentence, index)
            if money is not None:
                amounts.append(money)
            elif self._is_bare(number, sentence):
                bare.append(number)
            elif not self._countable(number, sentence):
                loose.append(number)
            else:
                thing = self._counted(number, sentence, index)
                part = self._part_of_sum(number, sentence, index, amounts) if not thing else None
                if part is not None:
                    amounts.append(part)
                    continue
                if thing is None:
                    thing = self._elliptic(number, sentence, index, counted)
                if thing is not None:
                    counted.append(thing)
                else:
                    loose.append(number)
        for number in bare:
            people = self._of_people(number, sentence)
            if (amounts and not people) or not self._bare_thing(number, sentence, index, counted):
                self._inherit(number, amounts, index, people)
        counted.sort(key=lambda each: each.first)
        if amounts and (loose or counted):
            self._take_shares(amounts, loose, counted, sentence)
        self.before = counted[-1] if counted else None
        self._link_counted(counted, sentence)
        if amounts:
            self._listed(amounts, [each for each in numbers if each.core not in busy], scales)
            amounts.sort(key=lambda each: each.first)
            self._join_ranges(amounts, sentence.first)
            self.last_money = self._own_words(amounts)[-1]
            self._link(amounts, sentence)
            for amount in amounts:
                amount.purpose = self._purpose(amount, sentence)
        return amounts, counted

    def _take_shares(
        self, amounts: list[Money], loose: list[Number], counted: list[Counted], sentence: Sentence
    ) -> None:
        """Take for sums the figures that are counted in another sum's millions."""
        index = amounts[0].sentence
        for number in loose:
            amounts.sort(key=lambda each: each.first)
            before = [each for each in amounts if each.first < number.first]
            share = self._part_of_sum(number, sentence, index, before)
            share = share or self._shared(number, amounts, sentence, index, counted=False)
            if share is not None:
                amounts.append(share)
        for thing in counted.copy():
            share = self._shared(thing.number, amounts, sentence, index, counted=True)
            if share is not None:
                counted.remove(thing)
                amounts.append(share)
        amounts.sort(key=lambda each: each.first)

    def _halves(self, number: Number, sentence: Sentence) -> Number:
        """Read "half a billion" and "un milliard et demi" with their half."""
        lows, value = self.seg.lows, number.value
        if value is None or not (number.scaled or number.approximate):
            return number
        share = _SHARES.get(lows[number.first - 1]) if number.first > sentence.first else None
        if share is not None:
            value, first, last = value * share, number.first - 1, number.last
            first, whole = self._and_a_half(first, sentence.first)
            value += whole * 2 * value
            bound = self.numbers._bound(first)  # noqa: SLF001 - the same reader
            if bound and number.low == number.high:
                low = None if bound[1] == "below" else value
                high = None if bound[1] == "above" else value
                return replace(number, first=bound[0], last=last, low=low, high=high,
                               approximate=bound[1] == "about")  # fmt: skip
        elif self._quarter_of_a(number, sentence.first):
            first = number.first - 2
            value, last = value * _SHARES[lows[first]], number.last
            first -= first > sentence.first and lows[first - 1] in {"a", "one"}
        elif lows[number.last : number.last + 3] == ["and", "a", "half"] and value >= 1000:
            scale = Decimal(self.numbers.scales.get(lows[number.last - 1], 0))
            value, first, last = value + scale / 2, number.first, number.last + 3
        elif lows[number.last : number.last + 2] == ["et", "demi"]:
            scale = Decimal(self.numbers.scales.get(lows[number.last - 1], 0))
            value, first, last = value + scale / 2, number.first, number.last + 2
        else:
            return number
        low = None if number.low is None else value
        high = None if number.high is None else value
        return replace(number, first=first, last=last, low=low, high=high, approximate=False)

    def _quarter_of_a(self, number: Number, floor: int) -> bool:
        """Tell "a quarter of a billion" from "half of the $310 million"."""
        lows, first = self.seg.lows, number.first
        if first - 2 < floor or lows[first - 1] != "of" or lows[first - 2] not in _SHARES:
            return False
        return lows[first] in {"a", "one"}

    def _and_a_half(self, first: int, floor: int) -> tuple[int, int]:
        """Give (first token, whole part) of "one and a half billion"; else the same and 0."""
        lows = self.seg.lows
        if first - 3 < floor or lows[first - 2 : first] != ["and", "a"]:
            return first, 0
        whole = self.numbers.table.get(lows[first - 3], 0)
        return (first - 3, whole) if whole else (first, 0)

    def _bare_thing(
        self, number: Number, sentence: Sentence, index: int, counted: list[Counted]
    ) -> bool:
        """Count "3 millions d'aides" where no currency stands near."""
        after = self.seg.lows[number.last] if number.last < sentence.last else ""
        named = self.adjective_first or after in self.of  # "6,5 milliards escomptés" has no noun
        thing = self._counted(number, sentence, index) if named else None
        if thing is not None and thing.item in _OWED:
            return False
        model = counted[-1] if counted else None
        if thing is None and model is not None and model.number.scaled:
            # "3.5 million doses; one has offered 50,000, another between 3 and 3.5 million"
            thing = Counted(number.first, number.last, number, model.item, model.noun, model.unit,
                            "quantity.ellipsis", index)  # fmt: skip
        if thing is not None:
            counted.append(thing)
        return thing is not None

    def _part_of_sum(
        self, number: Number, sentence: Sentence, index: int, amounts: list[Money]
    ) -> Money | None:
        """Read "12 millions de francs, dont 4 au CICR": the scale is the whole's."""
        if not amounts or number.scaled or not number.digits or number.rule not in _TOLD:
            return None
        whole, value = self._own_words(amounts)[-1], number.high
        again = whole.inherited and self._coordinated(number.first)
        if again:  # "50 milliards, dont 33 de prêts et 17 de dons"
            whole = next((each for each in reversed(amounts) if not each.inherited), whole)
        near = self.seg.lows[max(number.first - 6, sentence.first) : number.first]
        taken_up = "en" in near and any(
            low in self.fetchers for low in near
        )  # "n'en a reçu que 48"
        if self.adjective_first and near and near[-1] in self.fetchers:
            taken_up = True  # "asked for 20 million but got 8"
        part = taken_up or again or self._opens_part(number.first, sentence.first)
        if value is None or not part:
            return None
        scale = self._scale_of(whole)
        total, word = whole.number.value, self.seg.lows[number.last : number.last + 1]
        ends = not word or not word[0][0].isalnum() or self.pack.flags.get(word[0], 0) & _ENDS
        # "dont 30 provenant de", "dont 3 venaient à échéance"
        ends = ends or word[0].endswith(VERB_ENDS) or self.pack.tenses.get(word[0]) == "past"
        if scale < 1_000_000 or total is None or value * scale > total or not ends:
            return None
        low = value if number.low is None else number.low
        own = replace(number, low=low * scale, high=value * scale, scaled=True)
        return Money(
            number.first, number.last, own, whole.currency, "amount.inherited", index, True
        )

    def _elliptic(
        self, number: Number, sentence: Sentence, index: int, counted: list[Counted]
    ) -> Counted | None:
        """Read "30 000 obus, dont 10 000 de 155 mm", "40 tonnes … n'en a livré que 22"."""
        lows, at, stop = self.seg.lows, number.last, sentence.last
        model = counted[-1] if counted else self.before
        if model is None or number.value is None:
            return None
        before = lows[number.first - 1] if number.first > sentence.first else ""
        part = bool(counted) and self._opens_part(number.first, sentence.first)
        again = bool(counted) and counted[-1].rule == "quantity.ellipsis"
        part = part or (again and before in {"et", "and", ","})  # "dont 2 à Kiev et 3 à Lviv"
        tail = at
        if part and at + 2 < stop and lows[at] in self.of and lows[at + 1][0].isdigit():
            tail = at + 3  # "de 155 mm"
        if lows[tail : tail + 2] in (["de", "plus"], ["de", "moins"]):
            tail = at = tail + 2
        others = at < stop and lows[at] in {"autres", "others"} and bool(counted)
        others = others and before not in self.pack.words("definite")
        over = at >= stop or not lows[at][0].isalnum()
        if before == "another" and counted and (over or self.seg.kinds[at] & PREP):
            return self._like(model, number, at, index)  # "and will send another 25,000"
        if (
            counted
            and lows[at : at + 1] == ["more"]
            and not "".join(lows[at + 1 : at + 2]).isalnum()
        ):
            return self._like(model, number, at + 1, index)  # "has bought 9,000 more"
        of_them = before == "," and " ".join(lows[at : at + 2]) in _OF_THEM
        if others or of_them or (before == "," and tuple(lows[at : at + 3]) in _AMONG_THEM):
            tail = at + (1 if others else 2 if of_them else 3)
            return self._like(model, number, tail, index)
        told = lows[number.core][0].isdigit() or (number.approximate and number.value >= 10)
        if not part and not told:
            return None
        ends = tail >= stop or not lows[tail][0].isalnum() or lows[tail] in {"et", "and"}
        ends = ends or lows[tail : tail + 2] == ["d'", "ici"]
        there = part and bool(self.pack.flags.get(lows[tail], 0) & PREP) if tail < stop else False
        there = there and lows[tail] not in self.of and lows[tail : tail + 2] != ["pour", "cent"]
        ends = ends or there  # "dont deux pour Kharkiv"
        fetched = lows[max(number.first - 5, sentence.first) : number.first]
        if not part and not (ends and any(low in self.fetchers for low in fetched)):
            return None
        if not part and not self.adjective_first and "en" not in fetched:
            return None
        if at < stop and (
            lows[at] in {"%", "-"}
            or (not there and self.pack.flags.get(lows[at], 0) & (STOPNOUN | UNIT))
        ):
            return None
        thing = self._like(model, number, tail, index)
        if tail > at:
            thing.tail = self.seg.text[self.seg.starts[at] : self.seg.ends[tail - 1]]
        return thing

    def _like(self, model: Counted, number: Number, last: int, index: int) -> Counted:
        """Count again what has been counted before."""
        return Counted(number.first, last, number, model.item, model.noun, model.unit,
                       "quantity.ellipsis", index)  # fmt: skip
