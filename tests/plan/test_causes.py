"""Why a need ends short: one problem for each cause, and the parts add up."""

from __future__ import annotations

import pytest

from intendance.plan.check import measure
from intendance.plan.explain import explain
from intendance.plan.solve import solve

CASES = {
    "none_held": {"stocks": "S,X,tent,A,5,,,1\n"},
    "floor": {"stocks": "S,X,tent,A,20,15,,1\n"},
    "not_released": {"stocks": "S,X,tent,A,20,,,0\n"},
    "lead_time": {"links": "L,A,B,road,6,100,,t,\n"},
    "package_or_condition": {"packages": "package,stock,quantity\nP,S,21\n"},
    "transport": {"links": "L,A,B,road,1,100,1,t,\n"},
    "outbid": {
        "needs": "N,shelter,B,20,2,,3\nM,shelter,B,20,2,,9\n",
        "links": "L,A,B,road,1,100,,t,\n",
    },
}


@pytest.mark.parametrize("cause", CASES)
def test_each_cause_is_named(make, cause) -> None:
    problem = make(**CASES[cause])
    plan = explain(problem, solve(problem))
    causes = {x.cause: x.quantity for x in plan.unmet}
    assert max(causes, key=causes.__getitem__) == cause
    assert len(causes) == len(plan.unmet)
    missing = measure(problem, plan.shipments)[1]
    assert sum(causes.values()) == pytest.approx(float(missing[0] or missing[-1]))
    assert plan.unmet[0].explanation.endswith(".")


def test_released_too_late_is_not_released_and_says_what_would_help(make) -> None:
    problem = make(stocks="S,X,tent,A,20,,5,1\n")
    (unmet,) = explain(problem, solve(problem)).unmet
    assert unmet.cause == "not_released"
    assert "before 2026-02-09" in unmet.explanation
    assert (
        "an immediate release by Donor X, not on 2026-02-09, of 20 × tent closes 20"
        in unmet.explanation
    )


def test_a_need_that_ends_met_is_not_listed(make) -> None:
    problem = make(links="L,A,B,road,1,100,,t,\n")
    assert explain(problem, solve(problem)).unmet == ()


def test_bottlenecks_are_verified_gains(make) -> None:
    # 20 tents, 10 a week: the ninth of each week's ten. One more tonne a week brings one tent
    # of twenty one week earlier: 3 / 20 in the week it is missing.
    problem = make()
    plan = solve(problem)
    links = [x for x in plan.bottlenecks if x.kind == "link"]
    assert plan.objective.shortfall == pytest.approx(0.0)
    assert links == []
    problem = make(links="L,A,B,road,1,100,5,t,\n")
    (link,) = [x for x in solve(problem).bottlenecks if x.kind == "link"]
    more = solve(make(links="L,A,B,road,1,100,5.05,t,\n")).objective.shortfall
    gain = (solve(problem).objective.shortfall - more) / 0.05
    assert link.gain_per_unit == pytest.approx(gain, rel=0.05)
