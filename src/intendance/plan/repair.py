"""From any point of the relaxation to a plan that keeps every rule: round down, mend, fill."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from intendance.plan.check import check, shipped_by_stock
from intendance.plan.greedy import fill_up, residual, restricted_stocks
from intendance.plan.network import Network
from intendance.plan.problem import Problem, slack
from intendance.plan.result import Figures, Shipment
from intendance.plan.stop import Stop

Found = tuple[list[Shipment], list[bool], Figures]


def mend(
    problem: Problem,
    network: Network,
    rough: Sequence[Shipment],
    *,
    fill: bool = True,
    stop: Stop | None = None,
) -> Found | None:
    """Give a checked plan near ``rough``: whole units down, broken decisions dropped, then filled.

    ``stop`` ends the filling early. None when even that breaks a rule (it should not).
    """
    shipments = [_rounded(problem, x) for x in rough]
    shipments = [x for x in shipments if x.quantity > 1e-9]
    shipments, accepted = _keep_packages(problem, shipments)
    shipments = _keep_conditions(problem, shipments, accepted)
    shipments, accepted = _keep_packages(problem, shipments)
    if fill:
        barred = restricted_stocks(problem)
        more = fill_up(problem, network, shipments, barred=barred, stop=stop)
        shipments = merge([*shipments, *more])
    report = check(problem, shipments, accepted)
    return (shipments, accepted, report.objective) if report.accepted else None


def fit(problem: Problem, network: Network, shipments: Sequence[Shipment]) -> list[Shipment]:
    """Cut shipments down to what still fits, the highest priority and earliest arrival first."""
    room = residual(problem, network, [])
    transit, target, measure_of = network.transit, network.target, network.measure
    order = sorted(
        shipments,
        key=lambda x: (-problem.needs.priority[x.need], x.arrive_week, x.stock, x.need, x.links),
    )
    kept = []
    ways: dict[int, NDArray[np.bool_]] = {}
    for x in order:
        item = int(problem.stocks.item[x.stock])
        size = problem.items.size[item]
        if item not in ways:
            ways[item] = problem.may_use(item)
        if problem.effect(x.need, item) <= 0 or not _way_open(problem, x, ways[item]):
            continue
        most = min(x.quantity, float(room.left[x.stock, x.depart_week :].min()))
        week = x.depart_week
        uses = []
        for k in x.links:
            uses.append((room.free, week, k, float(size[measure_of[k]])))
            week += int(transit[k])
            if week >= problem.horizon_weeks:
                most = 0.0
                break
            uses.append((room.handle, week, int(target[k]), float(size[0])))
        for table, w, thing, unit in uses:
            if unit > 0:
                most = min(most, float(table[w, thing]) / unit)
        if problem.items.whole[item]:
            most = math.floor(most + 1e-6)
        if most <= 1e-9:
            continue
        for table, w, thing, unit in uses:
            table[w, thing] -= most * unit
        room.left[x.stock, x.depart_week :] -= most
        kept.append(replace(x, quantity=float(most), arrive_week=week))
    return merge(kept)


def _way_open(problem: Problem, x: Shipment, allowed: NDArray[np.bool_]) -> bool:
    at = int(problem.stocks.node[x.stock])
    for k in x.links:
        if not allowed[k] or int(problem.links.source[k]) != at:
            return False
        at = int(problem.links.target[k])
    return at == int(problem.needs.node[x.need])


def merge(shipments: Sequence[Shipment]) -> list[Shipment]:
    """Put shipments of one stock, need, departure and path together, in a fixed order."""
    total: dict[tuple[int, int, int, int, tuple[int, ...]], float] = {}
    for x in shipments:
        key = (x.stock, x.need, x.depart_week, x.arrive_week, x.links)
        total[key] = total.get(key, 0.0) + x.quantity
    return [
        Shipment(s, r, quantity, week, arrive, path)
        for (s, r, week, arrive, path), quantity in sorted(total.items())
    ]


def _rounded(problem: Problem, x: Shipment) -> Shipment:
    if problem.items.whole[problem.stocks.item[x.stock]]:
        return replace(x, quantity=float(math.floor(x.quantity + 1e-6)))
    return x


def _keep_packages(
    problem: Problem, shipments: list[Shipment]
) -> tuple[list[Shipment], list[bool]]:
    """Accept the packages whose every line ships its quantity; drop what the others ship."""
    shipped = shipped_by_stock(problem, shipments)
    accepted = [
        all(
            abs(shipped[s] - q) <= 0.5 * slack(q)
            for s, q in zip(p.stocks, p.quantities, strict=True)
        )
        for p in problem.packages
    ]
    refused = {
        s for p, yes in zip(problem.packages, accepted, strict=True) if not yes for s in p.stocks
    }
    return [x for x in shipments if x.stock not in refused], accepted


def _keep_conditions(
    problem: Problem, shipments: list[Shipment], accepted: Sequence[bool]
) -> list[Shipment]:
    """Scale down or drop what ships against a condition, until all conditions hold."""
    fixed = {s for p, yes in zip(problem.packages, accepted, strict=True) if yes for s in p.stocks}
    for _ in range(2 * len(problem.conditions) + 2):
        shipped = shipped_by_stock(problem, shipments)
        factor: dict[int, float] = {}
        for c in problem.conditions:
            if shipped[c.stock] <= 0:
                continue
            if c.kind == "with":
                has = float(shipped[c.others[0]])
                want = float(shipped[c.stock]) * c.share
                if want > has + 0.5 * slack(want):
                    part = 0.0 if c.stock in fixed else has / want
                    factor[c.stock] = min(factor.get(c.stock, 1.0), part)
                continue
            ready = sum(
                bool(shipped[o] > 1e-6 and shipped[o] >= c.share * problem.stocks.ever[o] - 1e-7)
                for o in c.others
            )
            if ready < c.count:
                factor[c.stock] = 0.0
        if not factor:
            break
        shipments = [
            _rounded(problem, replace(x, quantity=x.quantity * factor.get(x.stock, 1.0)))
            for x in shipments
        ]
        shipments = [x for x in shipments if x.quantity > 1e-9]
    return shipments


def better(new: Figures, old: Figures, tier: str) -> bool:
    """Say whether one figure improves by more than rounding."""
    before, after = float(getattr(old, tier)), float(getattr(new, tier))
    return bool(np.isfinite(after)) and after < before - 1e-9 * max(1.0, abs(before))
