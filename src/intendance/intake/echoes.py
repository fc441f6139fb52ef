"""Echoes: the same agency text printed by several outlets is one origin.

Measured by containment of word runs (A. Z. Broder, "On the resemblance and containment of
documents", 1997): a short text taken from a long one has a small Jaccard resemblance but a
containment near 1. What the text tells and what it quotes are measured apart, for two agencies
quote one speech in the same words and yet are two origins. Forms that are filled in again and
again (a memorandum with another sum) are kept apart by their days and their figures.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from intendance.intake.reading import Reading
from intendance.intake.segment import words_of

RUN_WORDS: Final = 4
# One run in this many is kept, the same ones in every text, so that containment can be measured.
SAMPLE: Final = 2
CONTAINED: Final = 0.5
# A reworded text shares fewer runs; then it must repeat the quotations, too.
REWORDED: Final = 0.15
QUOTED: Final = 0.6
FEWEST_RUNS: Final = 4
DAYS_APART: Final = 4
# A run that so many texts have finds no more of them: it is a turn of phrase.
MOST_TEXTS: Final = 500


@dataclass(frozen=True, slots=True)
class Prints:
    """What one text is recognised by: hashes of its word runs, its figures, its day."""

    told: frozenset[int]
    said: frozenset[int]
    figures: frozenset[str] = frozenset()
    day: date | None = None

    def as_record(self) -> dict[str, Any]:
        """Give the prints as a JSON object."""
        return {
            "told": sorted(self.told),
            "said": sorted(self.said),
            "figures": sorted(self.figures),
            "day": self.day.isoformat() if self.day else None,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Prints:
        """Read what ``as_record`` wrote."""
        return cls(
            frozenset(map(int, record["told"])),
            frozenset(map(int, record["said"])),
            frozenset(map(str, record["figures"])),
            date.fromisoformat(record["day"]) if record["day"] else None,
        )


def runs_of(text: str) -> frozenset[int]:
    """Give the sampled hashes of a text's word runs, in small letters, marks left out."""
    words = [word for word in words_of(text) if word[0].isalnum()]
    joined = (" ".join(words[at : at + RUN_WORDS]) for at in range(len(words) - RUN_WORDS + 1))
    hashes = (zlib.crc32(each.encode("utf-8", "replace")) for each in joined)
    return frozenset(each for each in hashes if each % SAMPLE == 0)


def prints_of(reading: Reading) -> Prints:
    """Give what a text is recognised by; its direct quotations count apart."""
    text = reading.document.text
    told: list[str] = []
    said: list[str] = []
    at = 0
    quoted = sorted((s.start, s.end) for s in reading.statements if s.type != "indirect")
    for start, end in quoted:
        if start >= at:
            told.append(text[at:start])
            said.append(text[start:end])
            at = end
    told.append(text[at:])
    published = reading.document.published
    return Prints(
        frozenset().union(*(runs_of(each) for each in told)),
        frozenset().union(*(runs_of(each) for each in said)),
        frozenset(
            [f"{a.low or ''}-{a.high or ''} {a.currency or ''}" for a in reading.amounts]
            + [f"{q.low or ''}-{q.high or ''}" for q in reading.quantities]
        ),
        date.fromisoformat(published) if published else None,
    )


def containment(one: frozenset[Any], two: frozenset[Any]) -> float:
    """Give |A ∩ B| / min(|A|, |B|), 0 for an empty set (Broder 1997, of the smaller set).

    >>> containment(frozenset("abcd"), frozenset("abxyz"))
    0.5
    """
    small = min(len(one), len(two))
    return len(one & two) / small if small else 0.0


def echo(one: Prints, two: Prints) -> bool:
    """Tell whether two texts have one origin.

    Half of the shorter one's telling stands in the other; or a smaller part of it does and most
    of its quotations, too. Texts of different days or with other figures never have one origin.
    """
    if one.day and two.day and abs((one.day - two.day).days) > DAYS_APART:
        return False
    if one.figures and two.figures and containment(one.figures, two.figures) < CONTAINED:
        return False
    if min(len(one.told), len(two.told)) < FEWEST_RUNS:
        # All quotation (a speech, a letter), or a few words: the whole must be the same.
        whole = containment(one.told | one.said, two.told | two.said)
        return whole > 1 - REWORDED and bool(containment(one.told, two.told) or not one.told)
    told = containment(one.told, two.told)
    if told >= CONTAINED:
        return True
    quotes = min(len(one.said), len(two.said)) >= FEWEST_RUNS
    return told >= REWORDED and quotes and containment(one.said, two.said) >= QUOTED


class Origins:
    """Groups texts by origin as they come; an earlier text never changes its group.

    A text joins the group of which it echoes at least half of the texts: a page that merges two
    agencies' texts does not make them one origin.
    """

    def __init__(self) -> None:
        self._prints: list[Prints] = []
        self._origin: list[int] = []
        self._size: Counter[int] = Counter()
        self._with: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._prints)

    def origin_of(self, new: Prints) -> int | None:
        """Give the number of the first text of the origin that a text would join, if any."""
        shared: Counter[int] = Counter()
        for run in new.told | new.said:
            shared.update(self._with.get(run, ()))
        echoed: Counter[int] = Counter()
        for number, count in shared.items():
            if count >= FEWEST_RUNS and echo(new, self._prints[number]):
                echoed[self._origin[number]] += 1
        fitting = [(-count / self._size[first], first) for first, count in echoed.items()]
        best = min(fitting, default=(0.0, -1))
        return best[1] if best[0] <= -0.5 else None

    def place(self, new: Prints) -> int:
        """Add a text and give the number of the first text of its origin (its own: a new one)."""
        number = len(self._prints)
        found = self.origin_of(new)
        first = number if found is None else found
        self._prints.append(new)
        self._origin.append(first)
        self._size[first] += 1
        for run in new.told | new.said:
            having = self._with.setdefault(run, [])
            if len(having) < MOST_TEXTS:
                having.append(number)
        return first


def group(prints: Iterable[Prints]) -> tuple[int, ...]:
    """Give for each text the number of the first text of its origin."""
    origins = Origins()
    return tuple(origins.place(each) for each in prints)


def origins(readings: Sequence[Reading]) -> tuple[int, ...]:
    """Give for each reading the number of the first reading of its origin."""
    return group(prints_of(each) for each in readings)
