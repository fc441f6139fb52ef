"""A sentence with each quotation as one word, and the words that name a speaker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from intendance.intake.segment import Quote, Segmented, Sentence

QUOTE: Final = "\ue000"


@dataclass(slots=True)
class Matrix:
    """A sentence with each quotation as one word: parallel lists of words and spans."""

    lows: list[str]
    starts: list[int]
    ends: list[int]
    quotes: list[Quote | None]
    sentence: Sentence
    shown: str  # the whole text, for its capitals
    kinds: list[int]  # what each word can be; a quotation nothing
    named: dict[tuple[int, int], tuple[str | None, str | None, str | None]] = field(
        default_factory=dict
    )  # by words: name, role and gender, once they were read
    extents: dict[tuple[int, int, bool], int] = field(default_factory=dict)  # ends once found
    end: int = -1  # where the words before the closing marks end, once it is known

    def pieces(self, begin: int, stop: int) -> list[tuple[int, int]]:
        """Cut the words between two places at their commas."""
        found: list[tuple[int, int]] = []
        at = begin
        for place in range(begin, stop + 1):
            if place == stop or self.lows[place] == ",":
                if place > at:
                    found.append((at, place))
                at = place + 1
        return found

    def __len__(self) -> int:
        return len(self.lows)


def matrix_of(seg: Segmented, sentence: Sentence, first_offset: int) -> Matrix:
    """Fold the quotations of a sentence into single words."""
    first, last = sentence.first, sentence.last
    if first < last and seg.starts[first] < first_offset:  # a dateline is no part of it
        return _folded(seg, sentence, min(seg.token_at(first_offset), last))
    if sentence.quotes or "(" in seg.lows[first:last]:
        return _folded(seg, sentence, first)
    return plain_matrix(seg, sentence, first, last)


def _folded(seg: Segmented, sentence: Sentence, first: int) -> Matrix:
    """Fold quotations, and leave out the short brackets of "la santé (OMS)"."""
    at, stop, m = first, sentence.last, Matrix([], [], [], [], sentence, seg.text, [])
    for quote in sentence.quotes:
        here = _take(m, seg, at, max(at, seg.token_at(quote.start)), stop)
        if here >= stop:
            return m
        m.lows.append(QUOTE)
        m.starts.append(quote.start)
        m.ends.append(quote.end)
        m.quotes.append(quote)
        m.kinds.append(0)
        at = max(here + 1, seg.token_at(quote.end))
    _take(m, seg, at, max(at, stop), stop)
    return m


def _take(m: Matrix, seg: Segmented, at: int, end: int, stop: int) -> int:
    """Add the words ``[at, end)`` but for short brackets; give where the next ones begin."""
    lows, end = seg.lows, min(end, stop)
    while at < end:
        open_at = close = 0
        if "(" in lows[at:end]:
            open_at = lows.index("(", at, end)
            near = range(open_at + 2, min(open_at + 8, stop))
            close = next((k for k in near if lows[k] == ")"), 0)
            piece_end = open_at if close else open_at + 1
        else:
            piece_end = end
        m.lows += lows[at:piece_end]
        m.starts += seg.starts[at:piece_end]
        m.ends += seg.ends[at:piece_end]
        m.quotes += [None] * (piece_end - at)
        m.kinds += seg.kinds[at:piece_end]
        at = close + 1 if close else piece_end
    return max(at, end)


def plain_matrix(seg: Segmented, sentence: Sentence, first: int, last: int) -> Matrix:
    """Give the words ``[first, last)`` of a sentence with no quotation folded."""
    return Matrix(
        seg.lows[first:last], seg.starts[first:last], seg.ends[first:last],
        [None] * (last - first), sentence, seg.text, seg.kinds[first:last],
    )  # fmt: skip


@dataclass(slots=True)
class Speaker:
    """The words that name a speaker, and what stands in them."""

    start: int
    end: int
    surface: str
    name: str | None
    role: str | None
    gender: str | None = None
    pronoun: bool = False
