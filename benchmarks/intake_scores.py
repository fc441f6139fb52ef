"""Scores of reading: precision, recall and F1 of spans under an overlap, one to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(slots=True)
class Score:
    """Counts of one measure; ``merge`` adds another document's."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def merge(self, other: Score) -> None:
        self.right += other.right
        self.found += other.found
        self.wanted += other.wanted

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        total = self.found + self.wanted
        return 2 * self.right / total if total else 0.0

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
            f"  ({self.right}/{self.found}/{self.wanted})"
        )


def overlap(one: Span, two: Span) -> float:
    """Give intersection over union of two spans in characters."""
    common = max(0, min(one[1], two[1]) - max(one[0], two[0]))
    return common / ((one[1] - one[0]) + (two[1] - two[0]) - common) if common else 0.0


def match(found: Sequence[Span], wanted: Sequence[Span], least: float) -> list[tuple[int, int]]:
    """Pair found with wanted spans greedily by overlap, one to one."""
    pairs = sorted(
        (
            (overlap(a, b), i, j)
            for i, a in enumerate(found)
            for j, b in enumerate(wanted)
            if a[0] < b[1] and b[0] < a[1]
        ),
        reverse=True,
    )
    left, right, out = set(), set(), []
    for value, i, j in pairs:
        if value < least or i in left or j in right:
            continue
        left.add(i)
        right.add(j)
        out.append((i, j))
    return out


def score(found: Sequence[Span], wanted: Sequence[Span], least: float) -> Score:
    """Score found against wanted spans."""
    return Score(len(match(found, wanted, least)), len(found), len(wanted))
