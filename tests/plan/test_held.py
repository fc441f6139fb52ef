"""The first bound, from what is held, and the first plan, by the shares that it gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.plan.conftest import Make

from intendance.plan.greedy import fill_up, restricted_stocks
from intendance.plan.held import offers_at_once, proven, solve_held
from intendance.plan.instances import SIZES, generate
from intendance.plan.network import build_network
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.repair import mend
from intendance.plan.result import write_files
from intendance.plan.solve import solve
from intendance.plan.stop import Stop

Duals = np.ndarray[tuple[int], np.dtype[np.float64]]


def _generated(folder: Path, seed: int) -> Problem:
    write_files(folder, generate(SIZES["tiny"], seed))
    return read_problem(folder)[0]


def test_the_bound_is_met_where_only_what_is_held_limits(make: Make) -> None:
    # 5 of 20 from the start, 5 more in week 3: they arrive in week 4, two weeks after the due week.
    problem = make(
        stocks="S,X,tent,A,5,,,1\n", lots="stock,week,quantity\nS,3,5\n", links="L,A,B,road,1,1,,t,"
    )
    held = solve_held(problem, build_network(problem), Stop())
    expected = 3 * (2 * 15 / 20 + 2 * 10 / 20)
    assert held.bound == pytest.approx(expected)
    assert solve(problem).objective.shortfall == pytest.approx(expected)


def test_a_narrow_link_leaves_the_bound_below_the_plan(make: Make) -> None:
    problem = make(links="L,A,B,road,1,1,4,t,")
    held = solve_held(problem, build_network(problem), Stop())
    assert held.bound == pytest.approx(0.0, abs=1e-9)
    assert solve(problem).objective.shortfall > 1.0


@pytest.mark.parametrize("seed", range(6))
def test_any_duals_prove_no_more_than_a_plan_reaches(tmp_path: Path, seed: int) -> None:
    problem = _generated(tmp_path, seed)
    network = build_network(problem)
    reached = solve(problem).objective.shortfall
    offers = offers_at_once(problem, network)
    rng = np.random.default_rng(seed)
    rows = int(network.row_count.sum())
    guesses: list[Duals] = [rng.uniform(-5.0, 60.0, rows) for _ in range(20)]
    for duals in guesses:
        assert proven(problem, network, offers, duals)[0] <= reached * (1 + 1e-9) + 1e-9
    best = solve_held(problem, network, Stop()).bound
    assert max(proven(problem, network, offers, x)[0] for x in guesses) <= best + 1e-9
    assert best <= reached * (1 + 1e-9) + 1e-9


def test_shares_bind_what_a_need_takes(make: Make) -> None:
    needs = "N,shelter,B,20,2,,9\nM,shelter,B,20,2,,1\n"
    problem = make(needs=needs, links="L,A,B,road,1,1,,t,")
    network = build_network(problem)
    stock = np.array([0])
    shares = [(stock, np.array([4.0])), (stock, np.array([7.0]))]
    barred = restricted_stocks(problem)
    filled = fill_up(problem, network, [], barred=barred, shares=shares)
    given = {x.need: x.quantity for x in filled}
    assert given == pytest.approx({0: 4.0, 1: 7.0})
    rest = mend(problem, network, filled)
    assert rest is not None
    assert sum(x.quantity for x in rest[0] if x.need == 0) == pytest.approx(13.0)
