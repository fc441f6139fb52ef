"""The checker finds each broken rule, one at a time, and recomputes the figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intendance.plan.check import check
from intendance.plan.result import Shipment

GOOD = Shipment(0, 0, 5.0, 1, 2, (0,))


def codes(problem, shipments, accepted=()):
    return {x.code for x in check(problem, shipments, accepted).broken}


def test_a_good_plan_breaks_nothing_and_its_figures_are_right(make) -> None:
    problem = make()
    report = check(problem, [GOOD], [])
    assert report.accepted
    # Due 20 in week 2, 5 there from week 2 on: 15 missing in weeks 2 … 5, priority 3.
    assert report.objective.shortfall == pytest.approx(3 * 4 * 15 / 20)
    assert report.objective.burden == pytest.approx(5 * 1000 / 0.5)
    assert report.objective.cost == pytest.approx(5 * 1 * 100)
    assert report.missing.tolist() == [15]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": -1.0}, "quantity"),
        ({"quantity": float("nan")}, "quantity"),
        ({"quantity": 21.0}, "available"),
        ({"quantity": 11.0}, "link-capacity"),
        ({"arrive_week": 3}, "arrival"),
        ({"depart_week": 5, "arrive_week": 6}, "horizon"),
        ({"depart_week": -1, "arrive_week": 0}, "horizon"),
        ({"links": ()}, "path"),
        ({"links": (0, 0)}, "path"),
    ],
)
def test_each_broken_rule_is_found(make, change, code) -> None:
    assert code in codes(make(), [replace(GOOD, **change)])


def test_limits_hold_to_a_millionth(make) -> None:
    problem = make()
    assert not codes(problem, [replace(GOOD, quantity=10 * (1 + 9e-7))])
    assert codes(problem, [replace(GOOD, quantity=10 * (1 + 3e-6))]) == {"link-capacity"}


def test_whole_units(make) -> None:
    problem = make(items="tent,Tent,tent,general,1,,,1000,1\n")
    assert not codes(problem, [GOOD])
    assert codes(problem, [replace(GOOD, quantity=4.5)]) == {"whole"}


def test_excluded_classes_and_missing_measures(make) -> None:
    assert codes(make(links="L,A,B,road,1,100,10,t,cold;general\n"), [GOOD]) == {"excluded"}
    assert codes(make(links="L,A,B,sea,1,100,10,m2,\n"), [GOOD]) == {"excluded"}


def test_handling_counts_in_the_week_of_arrival(make) -> None:
    problem = make(nodes="A,,,,,,\nB,,,,,,4\n")
    assert codes(problem, [GOOD]) == {"node-handling"}
    assert not codes(problem, [replace(GOOD, quantity=4.0)])


def test_stock_released_later_or_never(make) -> None:
    assert codes(make(stocks="S,X,tent,A,20,,2,1\n"), [GOOD]) == {"available"}
    assert codes(make(stocks="S,X,tent,A,20,,0,0\n"), [GOOD]) == {"available"}
    assert codes(make(stocks="S,X,tent,A,20,16,,1\n"), [GOOD]) == {"available"}


def test_a_lot_counts_from_its_own_week_on(make) -> None:
    stocks = "S,X,tent,A,0,,,1\n"
    assert not codes(make(stocks=stocks, lots="stock,week,quantity\nS,1,5\n"), [GOOD])
    assert codes(make(stocks=stocks, lots="stock,week,quantity\nS,2,5\n"), [GOOD]) == {"available"}


def test_packages_ship_exactly_or_nothing(make) -> None:
    problem = make(packages="package,stock,quantity\nP,S,5\n")
    assert not codes(problem, [GOOD], [True])
    assert codes(problem, [GOOD], [False]) == {"package"}
    assert codes(problem, [], [True]) == {"package"}
    assert codes(problem, [replace(GOOD, quantity=4.0)], [True]) == {"package"}


def test_conditions_are_judged_on_totals(make) -> None:
    stocks = "S,X,tent,A,20,,,1\nT,Y,tent,A,10,,,1\n"
    joint = make(stocks=stocks, conditions="stock,kind,others,count,share\nS,joint,T,1,0.5\n")
    other = Shipment(1, 0, 5.0, 3, 4, (0,))
    assert not codes(joint, [GOOD, other])
    assert codes(joint, [GOOD, replace(other, quantity=4.9)]) == {"joint"}
    together = make(stocks=stocks, conditions="stock,kind,others,count,share\nS,with,T,,0.5\n")
    assert not codes(together, [GOOD, replace(other, quantity=2.5)])
    assert codes(together, [GOOD, replace(other, quantity=2.4)]) == {"with"}


def test_a_route_passes_no_node_twice(make) -> None:
    links = "L,A,B,road,1,1,,t,\nM,B,A,road,1,1,,t,\n"
    problem = make(links=links)
    round_trip = replace(GOOD, arrive_week=4, links=(0, 1, 0))
    assert codes(problem, [round_trip]) == {"twice"}
