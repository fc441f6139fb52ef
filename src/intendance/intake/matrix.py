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

    def __len__(self) -> int:
        return len(self.lows)


def matrix_of(seg: Segmented, sentence: Sentence, first_offset: int) -> Matrix:
    """Fold the quotations of a sentence into single words."""
    first, last = sentence.first, sentence.last
    if first < last and seg.starts[first] >= first_offset and "(" not in seg.lows[first:last]:
        return _folded(seg, sentence) if sentence.quotes else plain_matrix(
            seg, sentence, first, last
        )  # fmt: skip
    matrix = Matrix([], [], [], [], sentence, seg.text, [])
    at = first
    pending = list(sentence.quotes)
    while at < sentence.last:
        start = seg.starts[at]
        if start < first_offset:
            at += 1
            continue
        if pending and start >= pending[0].start:
            quote = pending.pop(0)
            matrix.lows.append(QUOTE)
            matrix.starts.append(quote.start)
            matrix.ends.append(quote.end)
            matrix.quotes.append(quote)
            matrix.kinds.append(0)
            at = max(at + 1, seg.token_at(quote.end))
            continue
        if seg.lows[at] == "(":
            close = next(
                (k for k in range(at + 2, min(at + 5, sentence.last)) if seg.lows[k] == ")"), 0
            )
            if close:
                at = close + 1  # "l'Organisation mondiale de la santé (OMS)"
                continue
        matrix.lows.append(seg.lows[at])
        matrix.starts.append(start)
        matrix.ends.append(seg.ends[at])
        matrix.quotes.append(None)
        matrix.kinds.append(seg.kinds[at])
        at += 1
    return matrix


def _folded(seg: Segmented, sentence: Sentence) -> Matrix:
    """Fold the quotations of a sentence without brackets."""
    at, m = sentence.first, Matrix([], [], [], [], sentence, seg.text, [])
    for quote in sentence.quotes:
        here = max(at, seg.token_at(quote.start))
        if here >= sentence.last:
            break
        m.lows += [*seg.lows[at:here], QUOTE]
        m.starts += [*seg.starts[at:here], quote.start]
        m.ends += [*seg.ends[at:here], quote.end]
        m.quotes += [*[None] * (here - at), quote]
        m.kinds += [*seg.kinds[at:here], 0]
        at = max(here + 1, seg.token_at(quote.end))
    last = max(at, sentence.last)
    m.lows += seg.lows[at:last]
    m.starts += seg.starts[at:last]
    m.ends += seg.ends[at:last]
    m.quotes += [None] * (last - at)
    m.kinds += seg.kinds[at:last]
    return m


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
