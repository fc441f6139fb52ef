"""Why a donor gives nothing, or not more: one problem for each reason, with its figures."""

from __future__ import annotations

import pytest

from intendance.plan.holdings import View
from intendance.plan.naming import Names
from intendance.plan.shares import carried
from intendance.plan.solve import solve
from intendance.plan.why import ask, ask_all

ROAD = "L,A,B,road,1,100,,t,\n"
BOTH = "S,X,tent,A,20,,,1\nT,Y,tent,A,10,,,1\n"
# What Y, the second donor, is asked about.
CASES = {
    "holds_none": ({"stocks": "S,X,tent,A,5,,,1\n"}, 0),
    "floor": ({"stocks": BOTH.replace("A,10,,", "A,10,10,"), "links": ROAD}, 10),
    "not_released": ({"stocks": BOTH.replace("A,10,,,1", "A,10,,,0")}, 10),
    "too_late": (
        {"stocks": "S,X,tent,B,5,,,1\nT,Y,tent,A,10,,,1\n", "links": "L,A,B,road,6,1,,t,\n"}, 10,
    ),
    "no_way": (
        {"stocks": "S,X,tent,B,5,,,1\nT,Y,tent,A,10,,,1\n", "links": "L,B,A,road,1,1,,t,\n"}, 10,
    ),
    "package_or_condition": (
        {
            "stocks": "S,X,tent,A,5,,,1\nT,Y,tent,A,10,,,1\n",
            "packages": "package,stock,quantity\nP,T,11\n",
            "links": ROAD,
        },
        10,
    ),
    "given_elsewhere": (
        {
            "stocks": "T,Y,tent,A,10,,,1\n",
            "needs": "N,shelter,B,20,2,,3\nM,shelter,B,10,2,,9\n",
            "links": ROAD,
        },
        10,
    ),
    "met_by_others": ({"stocks": "S,X,tent,B,20,,,1\nT,Y,tent,A,30,,,1\n", "links": ROAD}, 20),
    "ways_full": (
        {"stocks": "S,X,tent,B,5,,,1\nT,Y,tent,A,10,,,1\n", "links": "L,A,B,road,1,1,1,t,\n"}, 5,
    ),
    "gives_all": ({"stocks": "T,Y,tent,A,10,,,1\n", "links": ROAD}, 10),
}  # fmt: skip


@pytest.mark.parametrize("reason", CASES)
def test_each_reason_is_found_with_its_figure(make, reason) -> None:
    changes, amount = CASES[reason]
    problem = make(**changes)
    plan = solve(problem)
    view = View(problem, plan.shipments, plan.accepted)
    answer = ask(view, Names(problem, "en"), 0, 1)
    assert answer.reasons[0][0] == reason
    assert answer.reasons[0][1] == pytest.approx(amount)
    assert answer.sentence.startswith("Donor Y gives N ")
    assert ask(view, Names(problem, "fr"), 0, 1).sentence != answer.sentence


def test_what_is_held_is_given_or_has_a_reason(make) -> None:
    changes, _ = CASES["given_elsewhere"]
    problem = make(**changes)
    plan = solve(problem)
    for answer in ask_all(View(problem, plan.shipments, plan.accepted), Names(problem), 0):
        kept = sum(x for name, x in answer.reasons if name != "gives_all")
        assert answer.given + kept == pytest.approx(answer.held)


def test_parts_given_add_up_and_the_heaviest_comes_first(make) -> None:
    problem = make(stocks="S,X,tent,A,5,,,1\nT,Y,tent,A,10,,,1\n", links=ROAD)
    rows = carried(problem, solve(problem).shipments)
    assert [row.donor for row in rows] == ["Y", "X"]
    assert sum(row.part for row in rows) == pytest.approx(1)
    assert rows[0].ratio == pytest.approx(rows[0].part / 0.5)
    assert rows[0].value_eur == pytest.approx(10_000)
    assert carried(problem, [])[0].part == 0
