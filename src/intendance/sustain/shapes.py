"""The law of a pipeline whose mean is known and whose demand falls as systems go down.

In the open loop a pipeline is Poisson or negative binomial. In the closed loop holes slow the
demand: with R systems left to fail when none of this item's holes is open, a hole takes one of
them. The stationary law of that birth-and-death process (ample repair; insensitive to the law
of the repair time, as in Engset's formula) is

    p(x) ~ A^x / x! * g(0) g(1) ... g(x - 1),   g(y) = share of the demand left at y units,

and A is set so that the mean is the one that the flows give. It is exact in the steady state of
one item, exact at every moment without spares, and Poisson as long as spares last.
"""

from __future__ import annotations

import math

from intendance.sustain.compiled import compiled, lean
from intendance.sustain.network import Floats

NEGLIGIBLE = 1e-11
ROUNDS = 30


@lean
def left_of_demand(count: float, level: float, slope: float, table: Floats, each: float) -> float:
    """Give the share of the demand that is left with ``count`` units in the pipeline."""
    holes = count - level
    if holes <= 0.0:
        return 1.0 if table.size == 0 else float(table[0])
    if table.size == 0:
        return max(0.0, 1.0 - slope * holes)
    at = math.ceil(holes / each)
    return float(table[at]) if at < table.size else 0.0


@lean
def weigh(
    mean: float,
    over: float,
    level: float,
    slope: float,
    table: Floats,
    each: float,
    tilt: float,
    sums: Floats,
) -> None:
    """Sum the weights of the law around its mean.

    ``sums``: weight, first and second moment about the mean, (x - s)+ and its square.
    """
    ratio = 1.0 + over
    start = float(math.floor(mean))
    while start > 0.0 and left_of_demand(start - 1.0, level, slope, table, each) <= 0.0:
        start = min(start - 1.0, max(level, float(math.floor(0.5 * (start + level)))))
    sums[:] = 0.0
    weight = 1.0
    x = start
    top = 0.0
    while True:
        d = x - mean
        sums[0] += weight
        sums[1] += weight * d
        sums[2] += weight * d * d
        if x > level:
            sums[3] += weight * (x - level)
            sums[4] += weight * (x - level) * (x - level)
        top = max(top, weight)
        if weight < NEGLIGIBLE * top and x > mean:
            break
        weight *= (
            tilt
            * (mean + x * over)
            / (ratio * (x + 1.0))
            * left_of_demand(x, level, slope, table, each)
        )
        x += 1.0
        if weight <= 0.0 or x > start + 1e6:
            break
    weight = 1.0
    x = start
    while x >= 1.0:
        share = left_of_demand(x - 1.0, level, slope, table, each)
        weight *= ratio * x / (tilt * (mean + (x - 1.0) * over) * share)
        x -= 1.0
        d = x - mean
        sums[0] += weight
        sums[1] += weight * d
        sums[2] += weight * d * d
        if x > level:
            sums[3] += weight * (x - level)
            sums[4] += weight * (x - level) * (x - level)
        top = max(top, weight)
        if weight < NEGLIGIBLE * top and x < mean:
            break


@compiled
def fit(
    mean: float,
    over: float,
    level: float,
    slope: float,
    table: Floats,
    each: float,
    tilt: float,
    sums: Floats,
) -> float:
    """Find the tilt A / mean of the law by Newton's rule in ln A; fill the normed ``sums``.

    ``over`` is the variance-to-mean ratio of the open loop less one. The derivative of the mean
    with respect to ln A is the variance.
    """
    most = (1.0 + over) / over if over > 0.0 else math.inf
    low, high = -60.0, 60.0
    log_tilt = math.log(tilt) if tilt > 0.0 else 0.0
    for _ in range(ROUNDS):
        used = min(math.exp(log_tilt), 0.999999 * most)
        weigh(mean, over, level, slope, table, each, used, sums)
        shift = sums[1] / sums[0]
        spread = sums[2] / sums[0] - shift * shift
        if abs(shift) <= 1e-6 * (1.0 + mean):
            break
        if shift < 0.0:
            low = max(low, log_tilt)
        else:
            high = min(high, log_tilt)
        step = log_tilt - shift / max(spread, 1e-9)
        if not low < step < high:
            step = 0.5 * (max(low, log_tilt - 2.0) + min(high, log_tilt + 2.0))
        if step > 30.0:
            break
        log_tilt = step
    for at in range(1, 5):
        sums[at] /= sums[0]
    return math.exp(log_tilt)


@lean
def spread(
    mean: float,
    over: float,
    level: float,
    slope: float,
    table: Floats,
    each: float,
    tilt: float,
    out: Floats,
) -> None:
    """Fill ``out[d]`` with the chance that the holes fit into d systems of ``each`` units."""
    ratio = 1.0 + over
    out[:] = 0.0
    if mean <= 0.0:
        out[:] = 1.0
        return
    x = float(math.floor(mean))
    while x > 0.0 and left_of_demand(x - 1.0, level, slope, table, each) <= 0.0:
        x -= 1.0
    weight = 1.0
    while x >= 1.0 and weight > NEGLIGIBLE:
        share = left_of_demand(x - 1.0, level, slope, table, each)
        weight *= ratio * x / (tilt * (mean + (x - 1.0) * over) * share)
        x -= 1.0
    total = 0.0
    top = 0.0
    last = out.size - 1
    while weight > 0.0:
        at = math.ceil(max(0.0, x - level) / each)
        out[min(at, last)] += weight
        total += weight
        top = max(top, weight)
        if x > mean and weight < NEGLIGIBLE * top:
            break
        share = left_of_demand(x, level, slope, table, each)
        weight *= tilt * (mean + x * over) / (ratio * (x + 1.0)) * share
        x += 1.0
    run = 0.0
    for at in range(out.size):
        run += out[at]
        out[at] = min(1.0, run / total)
