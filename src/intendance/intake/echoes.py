"""Echoes: the same agency text printed by several outlets is one origin.

Measured by containment of word shingles (A. Z. Broder, "On the resemblance and containment of
documents", 1997) and by shared quotations: a short text taken from a long one has a small Jaccard
resemblance but a containment near 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from intendance.intake.reading import Reading
from intendance.intake.segment import words_of

SHINGLE: Final = 5
CONTAINED: Final = 0.5
SHARED_QUOTES: Final = 2


def shingles(text: str, size: int = SHINGLE) -> frozenset[tuple[str, ...]]:
    """Give the runs of words of a text, in small letters, marks left out."""
    words = [word for word in words_of(text) if word[0].isalnum()]
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def containment(one: frozenset[Any], two: frozenset[Any]) -> float:
    """Give |A ∩ B| / min(|A|, |B|), 0 for an empty set (Broder 1997, of the smaller set).

    >>> containment(frozenset("abcd"), frozenset("abxyz"))
    0.5
    """
    small = min(len(one), len(two))
    return len(one & two) / small if small else 0.0


def quotations(reading: Reading) -> frozenset[str]:
    """Give the fingerprints of the direct quotations: their words, marks left out."""
    found = set()
    for each in reading.statements:
        if each.type == "direct":
            words = [word for word in words_of(each.content) if word[0].isalnum()]
            if len(words) >= 6:
                found.add(" ".join(words[:40]))
    return frozenset(found)


def origins(readings: Sequence[Reading]) -> tuple[int, ...]:
    """Give for each reading the number of the first reading of its origin.

    Two texts have one origin when half of the shorter one's five-word runs stand in the other,
    or when they share two long quotations. The relation is closed over chains.
    """
    runs = [shingles(each.document.text) for each in readings]
    quotes = [quotations(each) for each in readings]
    first = list(range(len(readings)))

    def root(at: int) -> int:
        while first[at] != at:
            at = first[at]
        return at

    for later in range(len(readings)):
        for earlier in range(later):
            shared = len(quotes[later] & quotes[earlier]) >= SHARED_QUOTES
            if shared or containment(runs[later], runs[earlier]) >= CONTAINED:
                one, two = sorted((root(later), root(earlier)))
                first[two] = one
    return tuple(root(at) for at in range(len(readings)))
