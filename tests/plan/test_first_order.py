"""The first-order method against the simplex method on random programmes."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from intendance.plan.firstorder import FirstOrder, Linear


def _programme(seed: int) -> highspy.Highs:
    rng = np.random.default_rng(seed)
    rows, columns = 30, 60
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    for _ in range(columns):
        highs.addCol(-float(rng.random()), 0.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
    for _ in range(rows):
        some = np.sort(rng.choice(columns, 8, replace=False)).astype(np.int32)
        highs.addRow(-highspy.kHighsInf, 2.0 * float(rng.random()), 8, some, rng.random(8))
    return highs


@pytest.mark.parametrize("seed", range(4))
def test_it_comes_near_the_optimum_and_its_error_says_how_near(seed: int) -> None:
    highs = _programme(seed)
    lp = Linear.of(highs)
    start = np.zeros(len(lp.cost)), np.zeros(len(lp.low))
    method = FirstOrder()
    x, y = method.solve(lp, *start, tolerance=1e-6, most=20_000, go_on=lambda: True)
    highs.run()
    best = float(highs.getInfo().objective_function_value)
    assert lp.error(x, y) <= 1e-6
    assert float(lp.cost @ x) == pytest.approx(best, rel=1e-5)
    assert lp.error(*start) > 0.1


def test_a_fixed_column_leaves_the_programme_and_its_rows_keep_what_it_uses() -> None:
    lp = Linear.of(_programme(7))
    x = np.full(len(lp.cost), 0.01)
    fixed = np.zeros(len(x), bool)
    fixed[::2] = True
    rest = lp.without(fixed, x)
    assert rest.high - rest.activity(x[~fixed]) == pytest.approx(lp.high - lp.activity(x))


def test_it_stops_when_told() -> None:
    lp = Linear.of(_programme(1))
    x, y = np.zeros(len(lp.cost)), np.zeros(len(lp.low))
    method = FirstOrder()
    method.solve(lp, x, y, tolerance=0.0, most=10_000, go_on=lambda: False)
    assert method.iterations == 0
