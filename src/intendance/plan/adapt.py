"""Keeps as much of a plan as a changed problem allows, then improves only what the change touches.

A search from nothing takes minutes; a question in a meeting should take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from intendance.plan.check import measure
from intendance.plan.generation import Search
from intendance.plan.master import Master
from intendance.plan.neighbourhood import improve_part
from intendance.plan.network import build_network
from intendance.plan.pool import Pool
from intendance.plan.pricing import Pricer
from intendance.plan.problem import Problem
from intendance.plan.repair import Found, fit, mend
from intendance.plan.result import Plan, Shipment
from intendance.plan.solve import peak_mb
from intendance.plan.stop import Stop

TOUCHED = 8


def translate(old: Problem, new: Problem, shipments: Sequence[Shipment]) -> list[Shipment]:
    """Give shipments of one problem in the positions of another; what is gone is left out."""
    stocks = {x: n for n, x in enumerate(new.stocks.ids)}
    needs = {x: n for n, x in enumerate(new.needs.ids)}
    links = {x: n for n, x in enumerate(new.links.ids)}
    found = []
    for x in shipments:
        s, r = stocks.get(old.stocks.ids[x.stock]), needs.get(old.needs.ids[x.need])
        path = [links.get(old.links.ids[k], -1) for k in x.links]
        in_time = x.arrive_week < new.horizon_weeks
        if s is not None and r is not None and -1 not in path and in_time:
            found.append(replace(x, stock=s, need=r, links=tuple(path)))
    return found


def adapt(
    old: Problem, new: Problem, shipments: Sequence[Shipment], *, stop: Stop, seed: int = 0
) -> Plan:
    """Give a checked plan of the changed problem, near the old one; its bound is not proven (0)."""
    network = build_network(new)
    start = fit(new, network, translate(old, new, shipments))
    found = mend(new, network, start)
    assert found is not None, "what fits and is mended keeps every rule"
    before = _missing(old, shipments)
    pool = Pool(new, network)
    if network.pairs and not stop.now():
        search = Search(Master(new, pool, stop, seed), Pricer(new, network))
        pool.of_shipments(found[0])
        search.master.add_columns(np.arange(len(pool)))
        search.master.pool.add(search.price_near())
        found = _improve_touched(search, new, found, before, stop)
    return Plan(
        shipments=tuple(found[0]),
        accepted=tuple(found[1]),
        objective=found[2],
        status="interrupted" if stop.interrupted else "feasible",
        columns=len(pool),
        seed=seed,
        peak_mb=peak_mb(),
    )


def _missing(problem: Problem, shipments: Sequence[Shipment]) -> dict[str, float]:
    missing = measure(problem, shipments)[1]
    return {name: float(x) for name, x in zip(problem.needs.ids, missing, strict=True)}


def _improve_touched(
    search: Search, problem: Problem, found: Found, before: dict[str, float], stop: Stop
) -> Found:
    """Solve again the needs whose lack changed, together with the needs sharing their stocks."""
    missing = measure(problem, found[0])[1]
    change = np.array(
        [
            abs(float(x) - before.get(n, 0.0))
            for n, x in zip(problem.needs.ids, missing, strict=True)
        ]
    )
    change *= problem.needs.priority / problem.needs.quantity
    touched = [int(n) for n in np.argsort(-change, kind="stable")[:TOUCHED] if change[n] > 1e-9]
    if not touched or stop.now():
        return found
    mine = {x.stock for x in found[0] if x.need in set(touched)}
    near = sorted({x.need for x in found[0] if x.stock in mine} - set(touched))[:TOUCHED]
    better = improve_part(search, found, sorted([*touched, *near]), "shortfall", {}, stop)
    return better or found
