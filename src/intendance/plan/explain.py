"""Why each need ends short, and which limits cost most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from intendance.plan.check import measure
from intendance.plan.problem import Problem
from intendance.plan.result import Plan, Unmet
from intendance.plan.stop import Stop


def explain(problem: Problem, plan: Plan, stop: Stop, _: Callable[[str], str]) -> Plan:
    """Give the plan with its unmet needs and bottlenecks."""
    missing = measure(problem, plan.shipments)[1]
    unmet = tuple(Unmet(n, float(x), "outbid", "") for n, x in enumerate(missing) if x > 0)
    return replace(plan, unmet=unmet)
