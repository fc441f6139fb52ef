"""What a run of futures keeps: the sums over all of them; and the rules of the run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from intendance.sustain.network import Floats, Ints

READY, DESTROYED, DAMAGED, WORN_OUT, WAITING = 0, 1, 2, 3, 4
MEASURES = 5
BLOCKS = 32
"""Stretches of time into which the second half is cut, at most."""
SUPPLY_BINS = 512


class Tally(NamedTuple):
    """Exact sums over futures; histograms are counts, so batches merge without rounding."""

    bins: NDArray[np.int32]
    """Counts by (day, group, measure, value), flat; see ``bin_start`` and ``bin_width``."""
    bin_start: Ints
    bin_width: Ints
    total: Ints
    total_square: Ints
    stock_bins: Ints
    stock_width: Floats
    days_bins: Ints
    stock_total: Floats
    stock_square: Floats
    days_total: Floats
    days_square: Floats
    days_count: Ints
    short: Ints
    """Futures in which a stock has run out by the end of the day."""
    unmet: Floats
    met: Ints
    below: Ints
    """(r, N + 2): first day under the requirement; N + 1 is never."""
    long_run: Floats
    """(4, g): sum and square of future means, sum and square of block means."""
    owed: Floats
    """(2, n): sum and square of mean backorders in the second half."""
    hole_total: Floats
    """(N + 1, p): holes by part and day."""
    events: Ints


class Rules(NamedTuple):
    """The horizon, the loops and the requirements."""

    horizon_days: int
    closed: bool
    full: bool
    shape: float
    need_group: Ints
    need_from: Ints
    need_to: Ints
    need_count: Floats


def half_of(days: int) -> int:
    """Give the day after which the second half of a horizon begins.

    >>> half_of(30), half_of(31)
    (15, 15)
    """
    return days // 2


def blocks_of(days: int) -> int:
    """Give the number of blocks of whole days in the second half of a horizon.

    >>> blocks_of(20), blocks_of(1000)
    (10, 32)
    """
    return min(BLOCKS, days - half_of(days))
