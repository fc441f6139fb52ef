"""Figures far apart in size: nothing is lost between the tables and the solver."""

from __future__ import annotations

import pytest
from tests.plan.conftest import FILES, Make

from intendance.plan.check import check
from intendance.plan.problem import Problem
from intendance.plan.solve import solve

ALL_LATE = 3 * 4.0  # priority times the weeks from the due week to the horizon's end


def _heavy(make: Make, whole: int, capacity: str) -> Problem:
    link = FILES["links.csv"].split("\n")[1].replace(",10,t,", f",{capacity},t,")
    item = f"tent,Tent,tent,general,1e15,,,1000,{whole}"
    return make(links=link + "\n", items=item + "\n")


@pytest.mark.parametrize("whole", [0, 1])
def test_what_is_far_too_heavy_for_a_link_stays(make: Make, whole: int) -> None:
    problem = _heavy(make, whole, "10")
    plan = solve(problem)
    assert check(problem, plan.shipments, plan.accepted).accepted
    assert plan.objective.shortfall == pytest.approx(ALL_LATE, rel=1e-6)
    assert plan.bound == pytest.approx(ALL_LATE, rel=1e-6)


@pytest.mark.parametrize("whole", [0, 1])
def test_any_weight_travels_where_a_link_has_no_limit(make: Make, whole: int) -> None:
    problem = _heavy(make, whole, "")
    plan = solve(problem)
    assert check(problem, plan.shipments, plan.accepted).accepted
    assert plan.objective.shortfall == pytest.approx(0.0, abs=1e-9)
    assert plan.objective.cost == pytest.approx(20 * 1e15 * 100)


def test_a_light_item_shares_the_link_with_one_far_too_heavy(make: Make) -> None:
    items = "tent,Tent,tent,general,1e15,,,1000,1\nhut,Hut,hut,general,1,,,1000,1\n"
    stocks = "S,X,tent,A,20,,,1\nT,Y,hut,A,20,,,1\n"
    problem = make(items=items, stocks=stocks, effects="shelter,tent,1\nshelter,hut,1\n")
    plan = solve(problem)
    assert check(problem, plan.shipments, plan.accepted).accepted
    assert plan.objective.shortfall == pytest.approx(0.0, abs=1e-9)
    assert {problem.stocks.ids[x.stock] for x in plan.shipments} == {"T"}
