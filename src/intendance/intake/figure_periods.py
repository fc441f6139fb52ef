"""Which time a sum covers: "depuis février 2022, … 60 milliards", "… until 2027"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from intendance.intake.date_seasons import Found
from intendance.intake.figure_links import Money
from intendance.intake.pack import load
from intendance.intake.records import Work
from intendance.intake.segment import Sentence, words_of

_REACH: Final = 25  # how many words behind a sum its period may stand
_BEFORE: Final = 15
_ORDINAL: Final = re.compile(r"\d+(?:st|nd|rd|th|er|e|ème)\Z")


def give_periods(work: Work) -> None:
    """Give amounts their period: "depuis …", "d'ici …"."""
    seg, pack = work.seg, work.pack
    since, until = pack.words("since_words"), pack.words("until_words")
    by_sentence: dict[int, list[Found]] = {}
    for index, found in work.dates:
        by_sentence.setdefault(index, []).append(found)
    edges = since | until
    following = {id(one): two for one, two in zip(work.amounts, work.amounts[1:], strict=False)}
    for amount in work.amounts:
        sentence = seg.sentences[amount.sentence]
        last = min(sentence.last, amount.last + _REACH)
        dates = by_sentence.get(amount.sentence, [])
        if not edges.isdisjoint(seg.lows[amount.last : last]):
            _behind(work, amount, last, dates, following.get(id(amount)))
        if amount.since is None and not since.isdisjoint(
            seg.lows[max(amount.first - 40, sentence.first) : amount.first]
        ):
            amount.since = _in_front(work, amount, sentence, dates)


def _behind(
    work: Work, amount: Money, last: int, dates: list[Found], following: Money | None
) -> None:
    """Read the period behind a sum; a comma parts it from what it is due by."""
    seg, pack = work.seg, work.pack
    since, until = pack.words("since_words"), pack.words("until_words")
    parted = False
    for at in range(amount.last, last):
        low = seg.lows[at]
        if low == ";":
            break
        if following is not None and at >= following.first and following.parent is None:
            break  # the period is the next sum's
        if low in since and amount.since is None:
            ranks = seg.lows[max(at - 3, amount.last) : at]
            if not any(_ORDINAL.match(each) for each in ranks):  # "the 40th shipment since May"
                amount.since = _period(work, dates, at, amount.sentence)
        elif low in until and amount.until is None and (not parted or seg.lows[at - 1] == ","):
            near = [each for each in dates if at < each.first <= at + 4]
            amount.until = near[0].value if near else None
        parted = parted or low == ","


def _in_front(work: Work, amount: Money, sentence: Sentence, dates: list[Found]) -> str | None:
    """Read "Since 2022 it has given $5bn" and "… since May, for a total of $40 billion"."""
    seg, since = work.seg, work.pack.words("since_words")
    opening = range(sentence.first, min(sentence.first + 4, amount.first))
    total = "total" in seg.lows[max(amount.first - 4, sentence.first) : amount.first]
    near = range(max(amount.first - _BEFORE, sentence.first), amount.first) if total else ()
    for at in (*opening, *near):
        if seg.lows[at] in since and ";" not in seg.lows[at : amount.first]:
            return _period(work, dates, at, amount.sentence)
    return None


@cache
def _anchors(language: str) -> tuple[tuple[str, list[str]], ...]:
    """Give the day and the words of each event that the press counts from."""
    return tuple(
        (str(day), words_of(phrase.replace("' ", "'")))
        for day, phrases in load(language).raw.get("anchors", {}).items()
        for phrase in phrases
    )


def _period(work: Work, dates: list[Found], at: int, index: int) -> str | None:
    near = [each for each in dates if at < each.first <= at + 10]
    if near:
        return near[0].value
    lows, stop = work.seg.lows, work.seg.sentences[index].last
    for day, words in _anchors(work.pack.language):
        for place in range(at + 1, min(at + 8, stop)):
            if lows[place : place + len(words)] == words:
                return day
    return None
