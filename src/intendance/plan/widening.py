"""Wider ways: which full links and nodes stand between what is ready and the need it is for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from intendance.plan.greedy import Residual, residual
from intendance.plan.holdings import FAR, Holding, View, quickest
from intendance.plan.network import build_network
from intendance.plan.problem import Problem


@dataclass(frozen=True, slots=True)
class Widening:
    """The problem with more room on one way: (link, per week) and (node, tonnes per week)."""

    changed: Problem
    links: tuple[tuple[int, float], ...]
    nodes: tuple[tuple[int, float], ...]


def full_ways(
    view: View, need: int, missing: float, holdings: Sequence[Holding]
) -> Widening | None:
    """Give enough room for what is missing on the quickest way of the largest idle stock.

    None when nothing stands ready or when nothing on that way is full.
    """
    ready = [h for h in holdings if h.idle > 0 and h.weeks < view.problem.horizon_weeks]
    if not ready:
        return None
    best = max(ready, key=lambda h: (h.idle, -h.stock))
    problem = view.problem
    item = int(problem.stocks.item[best.stock])
    path = quickest_path(problem, best.stock, need)
    units = min(best.idle, missing) / problem.effect(need, item)
    first = int(np.argmax(problem.stocks.available[best.stock] > 0))
    weeks = max(1, problem.horizon_weeks - best.weeks - first)
    rest = residual(problem, build_network(problem), view.shipments)
    links, nodes = _full(problem, path, item, units / weeks, (rest, first))
    if not links and not nodes:
        return None
    capacity, handling = problem.links.capacity.copy(), problem.nodes.handling_t.copy()
    for k, amount in links:
        capacity[k] += amount
    for n, amount in nodes:
        handling[n] += amount
    changed = replace(
        problem,
        links=replace(problem.links, capacity=capacity),
        nodes=replace(problem.nodes, handling_t=handling),
    )
    return Widening(changed, tuple(links), tuple(nodes))


def _full(
    problem: Problem,
    path: Sequence[int],
    item: int,
    per_week: float,
    state: tuple[Residual, int],
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Give what must grow so that ``per_week`` units more pass every week."""
    rest, first = state
    size = problem.items.size[item]
    links, nodes = [], []
    week = first
    for k in path:
        unit = float(size[problem.links.measure[k]])
        if unit > 0 and rest.free[week:, k].mean() < per_week * unit:
            links.append((k, round_up(per_week * unit)))
        week = min(week + int(problem.links.transit_weeks[k]), problem.horizon_weeks - 1)
        node = int(problem.links.target[k])
        if rest.handle[week:, node].mean() < per_week * float(size[0]):
            nodes.append((node, round_up(per_week * float(size[0]))))
    return links, nodes


def round_up(value: float) -> float:
    """Give two figures, rounded up.

    >>> round_up(123.4), round_up(0.0411)
    (130.0, 0.042)
    """
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(value / step - 1e-9) * step, 12)


def quickest_path(problem: Problem, stock: int, need: int) -> list[int]:
    """Give the links of a quickest way from a stock to a need; empty when it is there or none."""
    links = problem.links
    item, node = int(problem.stocks.item[stock]), int(problem.needs.node[need])
    weeks = quickest(problem, item, node)
    at, path = int(problem.stocks.node[stock]), []
    allowed = problem.may_use(item) & (links.capacity > 0)
    passed = {at}
    while at != node and weeks[at] < FAR:
        steps = [
            int(k)
            for k in np.flatnonzero(allowed & (links.source == at))
            if weeks[int(links.target[k])] + int(links.transit_weeks[k]) == weeks[at]
            and int(links.target[k]) not in passed
            and problem.nodes.handling_t[int(links.target[k])] > 0
        ]
        if not steps:
            return []
        step = min(steps, key=lambda k: (float(links.cost_eur_per_t[k]), k))
        path.append(step)
        at = int(links.target[step])
        passed.add(at)
    return path
