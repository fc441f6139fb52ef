"""A whole unit never travels where one alone is more than a week takes, not in the bound either."""

from __future__ import annotations

import pytest

from intendance.plan.explain import explain
from intendance.plan.generation import Search
from intendance.plan.master import Master
from intendance.plan.naming import Names
from intendance.plan.network import build_network, wide_enough
from intendance.plan.pool import Pool
from intendance.plan.pricing import Pricer
from intendance.plan.solve import solve
from intendance.plan.stop import Stop
from intendance.words import catalogue

TANK = "tent,Tent,tent,general,{weight},,,1000,1\n"


@pytest.mark.parametrize(
    ("weight", "takes"), [(10, True), (10.00001, True), (10.1, False), (25, False)]
)
def test_a_link_takes_a_whole_unit_up_to_its_week(make, weight, takes) -> None:
    problem = make(items=TANK.format(weight=weight))
    assert wide_enough(problem, 0).tolist() == [takes]


def test_what_is_divided_travels_on_any_link(make) -> None:
    problem = make(items="tent,Tent,tent,general,25,,,1000,0\n")
    assert wide_enough(problem, 0).tolist() == [True]


def test_a_node_that_cannot_handle_one_unit_bars_it(make) -> None:
    problem = make(nodes="A,Depot,depot,,,,\nB,End,destination,,,,4\n", items=TANK.format(weight=5))
    assert wide_enough(problem, 0).tolist() == [False]


def test_the_relaxation_sends_no_parts_of_a_unit_that_does_not_fit(make) -> None:
    problem = make(
        items=TANK.format(weight=25),
        links="L,A,B,road,1,100,10,t,\nM,A,B,rail,2,100,50,t,\n",
    )
    network = build_network(problem)
    search = Search(Master(problem, Pool(problem, network), Stop()), Pricer(problem, network))
    search.run(1e-9)
    pool, units = search.master.pool, search.master.units()
    assert {pool.paths[c] for c in range(len(units)) if units[c] > 0} == {(1,)}
    # Two a week by rail from week 0: 2 have come by week 2, 4 and so on; 20 are due in week 2.
    lack = sum(max(0, 20 - 2 * (week - 1)) / 20 * 3 for week in range(2, 6))
    assert search.bound == pytest.approx(lack)
    assert solve(problem).objective.shortfall == pytest.approx(lack)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reason_says_that_one_unit_is_too_large(make, language) -> None:
    problem = make(items=TANK.format(weight=25))
    (unmet,) = explain(problem, solve(problem), language).unmet
    assert unmet.cause == "transport"
    assert unmet.quantity == 20
    said = "{ready} stand ready, but one unit ({name}) is more than the ways there take in a week"
    name = Names(problem, language).item(0)
    wanted = catalogue("plan", language).gettext(said).format(ready=20, name=name)
    assert wanted in unmet.explanation
