"""The law of backorders on random pipelines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.sustain.backorders import backorder_variance, expected_backorders
from intendance.sustain.knapsack import solve_exactly
from intendance.sustain.shapes import fit

MEANS = st.floats(0.01, 300.0)
RATIOS = st.floats(1.0, 6.0)
LEVELS = st.integers(0, 400)


@settings(max_examples=60, deadline=None)
@given(MEANS, RATIOS, LEVELS)
def test_each_unit_of_stock_gains_less(mean: float, ratio: float, level: int) -> None:
    """Expected backorders fall and are convex in the level, and never beat mean less level."""
    here, after, later = (
        expected_backorders(level + step, mean, ratio * mean) for step in (0, 1, 2)
    )
    assert here >= after >= later >= 0.0
    assert here - after >= after - later - 1e-9
    assert here >= max(0.0, mean - level) - 1e-9


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 40.0), RATIOS, st.integers(0, 80))
def test_both_moments_against_the_plain_sum(mean: float, ratio: float, level: int) -> None:
    """Both moments equal the sum over a negative binomial law written by its recurrence."""
    ratio = max(ratio, 1.001)
    shape = mean / (ratio - 1.0)
    weight = math.exp(-shape * math.log(ratio))
    first = second = 0.0
    for count in range(3000):
        gap = max(0, count - level)
        first += gap * weight
        second += gap * gap * weight
        weight *= (shape + count) / (count + 1.0) * (1.0 - 1.0 / ratio)
    found = expected_backorders(level, mean, ratio * mean)
    assert found == pytest.approx(first, rel=1e-7, abs=1e-9)
    spread = backorder_variance(level, mean, ratio * mean)
    assert spread == pytest.approx(second - first * first, rel=1e-6, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.floats(0.01, 0.95))
def test_without_spares_the_closed_loop_is_binomial(fleet: int, share: float) -> None:
    """Systems that fail and are repaired alone are independent: the fitted law is binomial."""
    mean = fleet * share
    sums = np.zeros(5)
    fit(mean, 0.0, 0.0, 1.0 / fleet, np.zeros(0), 1.0, 1.0, sums)
    assert sums[3] == pytest.approx(mean, rel=1e-4)
    variance = sums[4] - sums[3] ** 2
    assert variance == pytest.approx(mean * (1.0 - share), rel=1e-3, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 9), st.floats(0.0, 1.0)), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 25),
)
def test_the_exact_choice_beats_every_other(
    families: list[list[tuple[int, float]]], budget: int
) -> None:
    """The knapsack's choice is the best of all choices within the budget, found by trying all."""
    costs = [np.array([0.0, *(float(cost) for cost, _ in rows)]) for rows in families]
    values = [np.array([1.0, *(value for _, value in rows)]) for rows in families]
    best = math.inf
    for number in range(math.prod(cost.size for cost in costs)):
        spent = total = 0.0
        rest = number
        for cost, value in zip(costs, values, strict=True):
            rest, at = divmod(rest, cost.size)
            spent += float(cost[at])
            total += float(value[at])
        if spent <= budget:
            best = min(best, total)
    choice = solve_exactly(costs, values, float(budget), float(len(costs)), 10_000)
    assert choice is not None
    found = sum(float(value[at]) for value, at in zip(values, choice, strict=True))
    assert sum(float(cost[at]) for cost, at in zip(costs, choice, strict=True)) <= budget
    assert found == pytest.approx(best, abs=1e-9)
