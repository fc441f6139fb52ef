"""The price of a caveat is what two solves from nothing differ by; lifting changes no more."""

from __future__ import annotations

import numpy as np
import pytest

from intendance.plan.caveats import lift, price_caveats, standing
from intendance.plan.check import check
from intendance.plan.explain import explain
from intendance.plan.holdings import View
from intendance.plan.naming import Names
from intendance.plan.resolving import Warm
from intendance.plan.saying import price_words
from intendance.plan.solve import solve

TWO = "S,X,tent,A,20,,,1\nT,Y,tent,A,10,,,1\n"
ROAD = "L,A,B,road,1,100,,t,\n"
CASES = {
    "floor": {"stocks": "S,X,tent,A,20,15,,1\n"},
    "release_week": {"stocks": "S,X,tent,A,20,,4,1\n"},
    "releasable": {"stocks": "S,X,tent,A,20,,,0\n"},
    "package": {"stocks": TWO, "packages": "package,stock,quantity\nP,S,25\n", "links": ROAD},
    "joint": {
        "stocks": TWO.replace("A,10,,,1", "A,10,,,0"),
        "conditions": "stock,kind,others,count,share\nS,joint,T,1,0.5\n",
    },
    "with": {
        "stocks": TWO,
        "conditions": "stock,kind,others,count,share\nS,with,T,,2\n",
    },
}


def priced(problem):
    plan = solve(problem)
    view = View(problem, plan.shipments, plan.accepted)
    return plan, price_caveats(view, Warm(problem, plan.shipments))


@pytest.mark.parametrize("kind", CASES)
def test_a_price_is_the_difference_of_two_solves(make, kind) -> None:
    problem = make(**CASES[kind])
    plan, prices = priced(problem)
    found = {x.caveat.kind: x for x in prices.priced}
    assert kind in found
    lifted = solve(lift(problem, kind, found[kind].caveat.position))
    expected = plan.objective.shortfall - lifted.objective.shortfall
    assert expected > 0
    assert found[kind].gain == pytest.approx(expected, rel=1e-6)
    assert prices.tried <= prices.standing


@pytest.mark.parametrize("kind", CASES)
def test_a_plan_stays_a_plan_when_a_caveat_is_lifted(make, kind) -> None:
    problem = make(**CASES[kind])
    plan = solve(problem)
    for caveat in standing(View(problem, plan.shipments, plan.accepted)):
        changed = lift(problem, caveat.kind, caveat.position)
        accepted = [True] * len(changed.packages)
        if len(changed.packages) == len(problem.packages):
            accepted = list(plan.accepted)
        assert check(changed, plan.shipments, accepted).accepted
        assert np.all(changed.stocks.available >= problem.stocks.available - 1e-12)


def test_nothing_is_held_back_and_nothing_has_a_price(make) -> None:
    _, prices = priced(make(links=ROAD))
    assert prices.priced == ()
    assert prices.standing == 0


def test_a_caveat_that_helps_nobody_has_no_price(make) -> None:
    problem = make(links=ROAD, stocks="S,X,tent,A,20,,,1\nT,Y,tent,A,9,9,,1\n")
    _, prices = priced(problem)
    assert prices.standing == 1
    assert prices.priced == ()


def test_the_sentence_says_who_and_how_much_in_both_languages(make) -> None:
    problem = make(**CASES["floor"])
    _, prices = priced(problem)
    assert price_words(Names(problem, "en"), prices.priced[0]) == (
        "Giving up the floor of Donor X (15 × tent) lowers the shortfall by 9 need-weeks: "
        "N gets 15 more."
    )
    french = price_words(Names(problem, "fr"), prices.priced[0])
    assert french.startswith("Renoncer au plancher de 15 × tente (Donor X)")
    assert "9 besoins-semaines" in french


def test_the_example_of_a_need_with_three_silent_donors(make) -> None:
    problem = make(
        donors="X,Donor X,0.4\nY,Donor Y,0.3\nZ,Donor Z,0.3\n",
        needs="N,shelter,B,40,2,,3\n",
        stocks="S,X,tent,A,9,,5,1\nT,Y,tent,A,2,,5,1\nU,Z,tent,A,1,,5,1\nV,Z,tent,A,28,,,1\n",
        links="L,A,B,road,1,100,,t,\n",
    )
    (unmet,) = explain(problem, solve(problem)).unmet
    assert unmet.quantity == pytest.approx(12)
    assert unmet.cause == "not_released"
    assert unmet.explanation == (
        "12 of 40 shelter: 3 donors hold it, but none of these may release it before 2026-02-09; "
        "an immediate release by Donor X, not on 2026-02-09, of 9 × tent closes 9."
    )


def test_wider_ways_are_said_to_close_only_what_they_close(make) -> None:
    problem = make(links="L,A,B,road,1,100,1,t,\n")
    (unmet,) = explain(problem, solve(problem)).unmet
    assert unmet.cause == "transport"
    assert "t a week more on Depot – End (road) closes 15" in unmet.explanation
