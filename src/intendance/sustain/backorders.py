"""Expected backorders: what a stock level leaves unfilled of a random pipeline.

With X units in the pipeline and stock level s there are (X - s)+ backorders. X is Poisson when
its variance equals its mean and negative binomial when it is larger, which is the two-moment
fit of Graves (1985, Management Science 31:1247) and Sherbrooke (1986, Operations Research
34:311).
"""

from __future__ import annotations

import math

from intendance.sustain.compiled import compiled

NEARLY_POISSON = 1e-7
"""Variance-to-mean ratios closer to one than this are taken as Poisson."""


@compiled
def log_weight(count: float, mean: float, ratio: float) -> float:
    """Give ln P(X = count) for mean > 0 and variance = ratio * mean (ratio >= 1)."""
    if ratio - 1.0 < NEARLY_POISSON:
        return count * math.log(mean) - mean - math.lgamma(count + 1.0)
    shape = mean / (ratio - 1.0)
    return (
        math.lgamma(shape + count)
        - math.lgamma(shape)
        - math.lgamma(count + 1.0)
        - shape * math.log(ratio)
        + count * math.log1p(-1.0 / ratio)
    )


@compiled
def partial_moments(level: float, mean: float, ratio: float) -> tuple[float, float]:
    """Give E[(X - s)+] and E[((X - s)+)^2]; the shorter tail is summed, so none cancels."""
    if mean <= 0.0:
        return 0.0, 0.0
    if ratio - 1.0 < NEARLY_POISSON:
        ratio = 1.0
    over = ratio - 1.0
    first = 0.0
    second = 0.0
    weight = math.exp(log_weight(level, mean, ratio))
    if level >= mean:
        x = level
        while True:
            weight *= (mean + x * over) / (ratio * (x + 1.0))
            x += 1.0
            gap = x - level
            first += gap * weight
            step = gap * gap * weight
            second += step
            if step <= 1e-17 * second or second == 0.0:
                return first, second
    x = level
    while x >= 1.0:
        weight *= ratio * x / (mean + (x - 1.0) * over)
        x -= 1.0
        gap = level - x
        first += gap * weight
        step = gap * gap * weight
        second += step
        if step <= 1e-17 * second:
            break
    short = mean - level
    return max(0.0, short + first), max(0.0, ratio * mean + short * short - second)


def expected_backorders(level: int, mean: float, variance: float | None = None) -> float:
    """Give E[(X - s)+] for a stock level s and a pipeline of this mean and variance.

    Level and mean are units; a variance below the mean (or none) is read as Poisson.
    Published values of the Poisson loss function (stockpyl's test suite):

    >>> round(expected_backorders(220, 200), 12)
    0.536005857158
    >>> round(expected_backorders(5, 7), 12)
    2.292600125697
    """
    return _moments(level, mean, variance)[0]


def backorder_variance(level: int, mean: float, variance: float | None = None) -> float:
    """Give Var[(X - s)+] in units squared; at level 0 it is the pipeline's own variance.

    >>> round(backorder_variance(0, 7.0), 9)
    7.0
    """
    first, second = _moments(level, mean, variance)
    return max(0.0, second - first * first)


def fill_rate(level: int, mean: float) -> float:
    """Give P(X < s): the share of demands met from the shelf, pipeline Poisson.

    Hopp and Spearman, *Factory Physics*, base-stock example: mean 10, reorder point 14, which
    is level 15.

    >>> round(fill_rate(15, 10.0), 9)
    0.916541527
    """
    if mean <= 0.0:
        return 1.0 if level > 0 else 0.0
    return sum(math.exp(log_weight(float(x), mean, 1.0)) for x in range(level))


def _moments(level: int, mean: float, variance: float | None) -> tuple[float, float]:
    assert level >= 0, level
    assert mean >= 0, mean
    ratio = 1.0 if variance is None or mean == 0 else max(1.0, variance / mean)
    return partial_moments(float(level), float(mean), ratio)
