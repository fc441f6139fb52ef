"""VARI-METRIC against first principles: the exact law of two echelons, stock level by level.

The depot's pipeline is Poisson; its backorders are thinned binomially to a base and added to the
Poisson units on the road. The smallest level that meets a target of backorders is chosen by the
exact law and by VARI-METRIC; counted is how often the choices differ. Cases are drawn as in
Graves (1985): 2 to 20 like bases, depots from no stock to plenty, targets from 0.01 to 0.5.
"""

from __future__ import annotations

import numpy as np
from benchmarks.figures import Figures, figure
from numpy.typing import NDArray

from intendance.sustain.backorders import backorder_variance, expected_backorders

SIZE = 220


def poisson(mean: float) -> NDArray[np.float64]:
    """Give the Poisson law up to SIZE."""
    law = np.zeros(SIZE)
    law[0] = np.exp(-mean)
    for count in range(1, SIZE):
        law[count] = law[count - 1] * mean / count
    return law


def thin(law: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Keep each unit of a count with a probability."""
    result = np.zeros(SIZE)
    row = np.zeros(SIZE)
    row[0] = 1.0
    for count in range(SIZE):
        result += law[count] * row
        row = row * (1.0 - share) + np.concatenate([[0.0], row[:-1]]) * share
    return result


def exact_backorders(depot: float, level: int, share: float, road: float) -> NDArray[np.float64]:
    """Give E[(X - s)+] at the base for s = 0, 1, ... by the exact law."""
    law = poisson(depot)
    back = np.concatenate([[law[: level + 1].sum()], law[level + 1 :], np.zeros(level)])
    whole = np.convolve(thin(back, share), poisson(road))[:SIZE]
    tail = 1.0 - np.cumsum(whole)
    mean = float(np.arange(SIZE) @ whole)
    return mean - np.concatenate([[0.0], np.cumsum(np.maximum(tail, 0.0))[:-1]])


def compare(cases: int, bases: tuple[int, int], seed: int = 1) -> tuple[int, int]:
    """Give in how many of the cases VARI-METRIC, and METRIC, choose another level."""
    luck = np.random.default_rng(seed)
    other = plain = 0
    for _ in range(cases):
        depot = float(luck.uniform(0.5, 25.0))
        level = int(luck.integers(0, 1 + round(depot + 2 * np.sqrt(depot))))
        share = 1.0 / int(luck.integers(bases[0], bases[1] + 1))
        road = float(luck.uniform(0.1, 3.0))
        target = float(np.exp(luck.uniform(np.log(0.01), np.log(0.5))))
        exact = int(np.argmax(exact_backorders(depot, level, share, road) <= target))
        first, spread = expected_backorders(level, depot), backorder_variance(level, depot)
        mean = road + share * first
        variance = road + share * (1 - share) * first + share * share * spread
        other += exact != lowest_level(target, mean, variance)
        plain += exact != lowest_level(target, mean, mean)
    return other, plain


def lowest_level(target: float, mean: float, variance: float) -> int:
    """Give the lowest level that leaves no more backorders than the target."""
    return next(s for s in range(SIZE) if expected_backorders(s, mean, variance) <= target)


def bench_vari_metric_against_the_exact_law(cases: int = 1000) -> Figures:
    """Count how often VARI-METRIC picks another stock level than the exact law."""
    found: Figures = {"cases": cases}
    for bases in ((2, 4), (5, 20)):
        other, plain = compare(cases, bases)
        name = f"{bases[0]} to {bases[1]} bases"
        found[f"VARI-METRIC, {name}"] = figure(100 * other / cases, "%", at_most=0.6)
        found[f"METRIC, {name}"] = figure(100 * plain / cases, "%")
    return found
