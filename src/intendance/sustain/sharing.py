"""Shares whole things among sites so that each has its share of all that has come so far."""

from __future__ import annotations

import math
from collections.abc import Mapping


class Sharing:
    """Sites with their shares, and what each has been given."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        total = sum(weights.values())
        assert weights, "nothing to share among"
        assert total > 0, weights
        self.shares = {site: weight / total for site, weight in weights.items()}
        self.given = dict.fromkeys(weights, 0)

    def give(self, count: int) -> dict[str, int]:
        """Share ``count`` more; sites that get nothing are left out.

        >>> sharing = Sharing({"east": 2.0, "south": 1.0})
        >>> [sharing.give(1) for _ in range(3)]
        [{'east': 1}, {'south': 1}, {'east': 1}]
        """
        whole = sum(self.given.values()) + count
        lack = {site: share * whole - self.given[site] for site, share in self.shares.items()}
        part = {site: max(0, math.floor(each)) for site, each in lack.items()}
        while (left := count - sum(part.values())) != 0:
            order = sorted(part, key=lambda site: part[site] - lack[site])
            if left > 0:
                part[order[0]] += 1
            else:
                part[next(site for site in reversed(order) if part[site])] -= 1
        for site, each in part.items():
            self.given[site] += each
        return {site: each for site, each in part.items() if each}


def largest_remainder(count: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Share whole things once, largest remainders first.

    >>> largest_remainder(10, {"a": 1.0, "b": 1.0, "c": 1.0})
    {'a': 4, 'b': 3, 'c': 3}
    """
    return Sharing(weights).give(count)
