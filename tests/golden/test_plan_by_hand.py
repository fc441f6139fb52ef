"""Plans worked out by hand, figure by figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from intendance.plan.check import check
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.solve import solve

SETTINGS = 'horizon_weeks = 6\nstart = "2026-01-05"\ntiers = ["shortfall", "burden", "cost"]\n'
FILES = {
    "plan.toml": SETTINGS + "tier_tolerance = 0.0\n",
    "donors.csv": "donor,name,share\nX,,0.5\nY,,0.5\n",
    "nodes.csv": "node,name,kind,country,latitude,longitude,handling_t_per_week\n"
    "A,,,,,,\nB,,,,,,\n",
    "links.csv": "link,from,to,mode,transit_weeks,cost_eur_per_t,capacity_per_week,measure,"
    "excluded_classes\nL,A,B,road,1,100,10,t,\n",
    "items.csv": "item,name,unit,transport_class,weight_t,area_m2,pallets,value_eur,whole\n"
    "tent,,tent,general,2,,,1000,0\n",
    "effects.csv": "capability,item,effect\nshelter,tent,1\n",
    "needs.csv": "need,capability,node,quantity,due_week,until_week,priority\n",
    "stocks.csv": "stock,donor,item,node,quantity,floor,release_week,releasable\n",
}


def problem(folder: Path, **rows: str) -> Problem:
    for name, text in FILES.items():
        more = rows.get(name.split(".")[0], "")
        (folder / name).write_text(more if more.startswith("!") else text + more)
    for name in ("packages", "conditions", "lots"):
        if name in rows:
            (folder / f"{name}.csv").write_text(rows[name])
    return read_problem(folder)[0]


def test_a_narrow_road_delays_what_is_due(tmp_path: Path) -> None:
    # 20 tents of 2 t, 10 t a week: 5 tents a week, arriving in weeks 1 … 5. Due 20 in week 2:
    # 10 there by week 2, then 15, 20 (week 4). Missing 10 + 5 of 20, priority 3: 3 × 15 / 20.
    p = problem(tmp_path, needs="N,shelter,B,20,2,,3\n", stocks="S,X,tent,A,20,,,1\n")
    plan = solve(p)
    assert plan.objective.shortfall == pytest.approx(2.25, abs=1e-6)
    assert plan.bound == pytest.approx(2.25, abs=1e-6)
    assert plan.objective.burden == pytest.approx(20 * 1000 / 0.5)
    assert plan.objective.cost == pytest.approx(20 * 2 * 100)
    assert plan.status == "optimal"


def test_equal_parts_fall_due_each_week(tmp_path: Path) -> None:
    # 12 over weeks 1 … 3: 4 a week. 6 tents released in week 1 arrive in week 2: by week 1 none
    # of 4, by week 2 6 of 8, then 6 of 12 to the end: 4 + 2 + 6 + 6 + 6 = 24 of 12.
    p = problem(
        tmp_path,
        links="M,A,B,road,1,1,1000,t,\n",
        needs="N,shelter,B,12,1,3,1\n",
        stocks="S,X,tent,A,6,,1,1\n",
    )
    plan = solve(p)
    assert plan.objective.shortfall == pytest.approx(24 / 12, abs=1e-6)


def test_stock_at_the_needs_node_needs_no_link(tmp_path: Path) -> None:
    p = problem(tmp_path, needs="N,shelter,B,5,0,,1\n", stocks="S,X,tent,B,5,,,1\n")
    plan = solve(p)
    assert plan.objective.shortfall == pytest.approx(0.0, abs=1e-9)
    assert [x.links for x in plan.shipments] == [()]


def test_the_burden_is_shared_where_that_costs_nothing(tmp_path: Path) -> None:
    stocks = "S,X,tent,A,10,,,1\nT,Y,tent,A,10,,,1\n"
    p = problem(tmp_path, needs="N,shelter,B,10,5,,1\n", stocks=stocks)
    plan = solve(p)
    assert plan.objective.burden == pytest.approx(5 * 1000 / 0.5, rel=1e-6)


def test_a_package_ships_whole_or_not_at_all(tmp_path: Path) -> None:
    # The package wants 8 and 8; the road takes 5 a week for 5 weeks, the need 20.
    stocks = "S,X,tent,A,10,,,1\nT,Y,tent,A,10,,,1\n"
    package = "package,stock,quantity\nP,S,8\nP,T,30\n"
    p = problem(tmp_path, needs="N,shelter,B,20,2,,1\n", stocks=stocks, packages=package)
    plan = solve(p)
    assert plan.accepted == (False,)
    assert plan.shipments == ()
    package = "package,stock,quantity\nP,S,8\nP,T,10\n"
    p = problem(tmp_path, needs="N,shelter,B,20,2,,1\n", stocks=stocks, packages=package)
    plan = solve(p)
    assert plan.accepted == (True,)
    assert sum(x.quantity for x in plan.shipments) == pytest.approx(18)


def test_a_joint_condition_waits_for_another_donor(tmp_path: Path) -> None:
    stocks = "S,X,tent,A,10,,,1\nT,Y,tent,A,10,,,0\n"
    conditions = "stock,kind,others,count,share\nS,joint,T,1,0.5\n"
    p = problem(tmp_path, needs="N,shelter,B,9,2,,1\n", stocks=stocks, conditions=conditions)
    assert solve(p).shipments == ()
    stocks = "S,X,tent,A,10,,,1\nT,Y,tent,A,10,,,1\n"
    p = problem(tmp_path, needs="N,shelter,B,9,2,,1\n", stocks=stocks, conditions=conditions)
    plan = solve(p)
    assert check(p, plan.shipments, plan.accepted).accepted
    assert sum(x.quantity for x in plan.shipments) == pytest.approx(9, abs=1e-4)


def test_spares_travel_with_what_needs_them(tmp_path: Path) -> None:
    # Two kits for each tent; 6 kits are held, so 3 tents may go although 10 are wanted. Kits
    # serve a need of their own for 1 only: the other 5 are over-supply and earn nothing.
    p = problem(
        tmp_path,
        links="M,A,B,road,1,1,1000,t,\n",
        items="kit,,kit,general,1,,,10,0\n",
        effects="repair,kit,1\n",
        needs="N,shelter,B,10,2,,1\nR,repair,B,1,2,,1\n",
        stocks="S,X,tent,A,10,,,1\nK,Y,kit,A,6,,,1\n",
        conditions="stock,kind,others,count,share\nS,with,K,,2\n",
    )
    plan = solve(p)
    assert plan.objective.shortfall == pytest.approx(4 * 7 / 10, abs=1e-6)
    assert sum(x.quantity for x in plan.shipments if x.stock == 1) == pytest.approx(6)


def test_a_whole_unit_may_overshoot_a_late_need(tmp_path: Path) -> None:
    # One big tent gives 7 of the 10 wanted; two overshoot, but still close the need.
    p = problem(
        tmp_path,
        items="big,,tent,general,1,,,10,1\n",
        effects="shelter,big,7\n",
        needs="N,shelter,B,10,0,,1\n",
        stocks="S,X,big,A,5,,,1\n",
    )
    plan = solve(p)
    assert sum(x.quantity for x in plan.shipments) == 2
    assert plan.objective.shortfall == pytest.approx(1.0)
