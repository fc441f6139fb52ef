"""Small problems exactly: every column listed, every week of every need, one integer programme.

Column generation proves its bound for the relaxation. Where a handful of whole units decides
everything, the relaxation is far off; but then listing all columns is cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from intendance.plan.master import INFINITE, ready_quantity
from intendance.plan.neighbourhood import Model
from intendance.plan.network import Network
from intendance.plan.problem import Problem, Tier
from intendance.plan.repair import Found, mend
from intendance.plan.result import Shipment
from intendance.plan.stop import Stop

MAX_LISTED: Final = 3000
MAX_CELLS: Final = 400_000
TIER_GAP: Final = 1e-4
EXACT_NODES: Final = 3000


@dataclass(frozen=True, slots=True)
class Listing:
    """Every (stock, need, departure, path) that can arrive; quantities are left open (0)."""

    columns: tuple[Shipment, ...]
    network: Network


def list_columns(problem: Problem, network: Network) -> Listing | None:
    """List every column, or None when there are too many to solve exactly."""
    columns: list[Shipment] = []
    transit, source, target = network.transit, network.source, network.target
    cells = 0
    for pair in range(network.pairs):
        need, item = int(network.pair_need[pair]), int(network.pair_item[pair])
        slot, node = int(network.pair_slot[pair]), int(problem.needs.node[need])
        out: dict[int, list[int]] = {}
        for k in network.slot_links[network.slot_start[slot] : network.slot_start[slot + 1]]:
            out.setdefault(int(source[k]), []).append(int(k))
        ways: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        span = slice(int(network.item_start[item]), int(network.item_start[item + 1]))
        for s in network.item_stocks[span].tolist():
            start = int(network.stock_node[s])
            if start not in ways:
                ways[start] = []
                stack: list[tuple[int, int, tuple[int, ...], frozenset[int]]]
                stack = [(start, 0, (), frozenset([start]))]
                while stack:
                    at, weeks, path, seen = stack.pop()
                    cells += 1
                    if cells > MAX_CELLS:
                        return None
                    if at == node:
                        ways[start].append((weeks, path))
                        continue
                    for k in out.get(at, ()):
                        to, later = int(target[k]), weeks + int(transit[k])
                        if to not in seen and later < problem.horizon_weeks:
                            stack.append((to, later, (*path, k), seen | {to}))
            first = int(np.argmax(problem.stocks.available[s] > 0))
            for weeks, path in ways[start]:
                columns.extend(
                    Shipment(s, need, 0.0, week, week + weeks, path)
                    for week in range(first, problem.horizon_weeks - weeks)
                )
                if len(columns) > MAX_LISTED:
                    return None
    return Listing(tuple(columns), network)


def solve_listed(
    problem: Problem,
    listing: Listing,
    now: Found,
    tier: Tier,
    limits: dict[str, float],
    *,
    stop: Stop,
    seed: int,
    nodes: int = EXACT_NODES,
) -> tuple[Found | None, float]:
    """Give the best plan for a tier within the limits of earlier tiers, and a proven bound.

    The bound holds for the listed columns; it ends after ``nodes`` nodes, whatever the clock says.
    """
    model = Model()
    columns = listing.columns
    have = {(x.stock, x.need, x.depart_week, x.links): x.quantity for x in now[0]}
    for x in columns:
        item = int(problem.stocks.item[x.stock])
        rate = float(problem.links.cost_eur_per_t[list(x.links)].sum()) if x.links else 0.0
        cost = rate * float(problem.items.size[item, 0]) if tier == "cost" else 0.0
        model.column(
            cost,
            float(problem.stocks.available[x.stock, -1]),
            whole=bool(problem.items.whole[item]),
            start=have.get((x.stock, x.need, x.depart_week, x.links), 0.0),
        )
    _add_shortfall(problem, columns, model, tier, limits)
    _add_limits(problem, columns, model)
    _add_decisions(problem, columns, model, now)
    _add_figures(problem, columns, model, (tier, limits), now)
    gap = 1e-7 if tier == "shortfall" else TIER_GAP
    point = model.solve(stop, seed, nodes=nodes, gap=gap, presolve=False)
    if point is None:
        return None, model.bound
    shipments = []
    for at, x in enumerate(columns):
        quantity = float(round(point[at])) if model.whole[at] else float(point[at])
        if quantity > 1e-9:
            week = (x.depart_week, x.arrive_week, x.links)
            shipments.append(Shipment(x.stock, x.need, quantity, *week))
    return mend(problem, listing.network, shipments, fill=False), model.bound


def _add_shortfall(
    problem: Problem,
    columns: tuple[Shipment, ...],
    model: Model,
    tier: Tier,
    limits: dict[str, float],
) -> None:
    """Add u ≥ due − arrived for every need and week from its due week on."""
    on = 1.0 if tier == "shortfall" else 0.0
    counted: list[tuple[int, float]] = []
    by_need: dict[int, list[tuple[int, int, float]]] = {}
    for at, x in enumerate(columns):
        effect = problem.effect(x.need, int(problem.stocks.item[x.stock]))
        share = effect / float(problem.needs.quantity[x.need])
        by_need.setdefault(x.need, []).append((x.arrive_week, at, share))
    for r in range(len(problem.needs.ids)):
        weight = float(problem.needs.priority[r])
        due = problem.due_by(r) / float(problem.needs.quantity[r])
        for week in range(int(problem.needs.due_week[r]), problem.horizon_weeks):
            mine = [(at, share) for arrive, at, share in by_need.get(r, []) if arrive <= week]
            got = sum(model.start[at] * share for at, share in mine)
            u = model.column(on * weight, INFINITE, start=max(0.0, float(due[week]) - got))
            counted.append((u, weight))
            model.rows.append(
                (
                    float(due[week]),
                    INFINITE,
                    [u, *(at for at, _ in mine)],
                    [1.0, *(share for _, share in mine)],
                )
            )
    if "shortfall" in limits:
        high = limits["shortfall"]
        model.rows.append((-INFINITE, high, [c for c, _ in counted], [v for _, v in counted]))


def _add_limits(problem: Problem, columns: tuple[Shipment, ...], model: Model) -> None:
    """Add stocks by week, links and nodes by week."""
    stocks: dict[int, list[int]] = {}
    uses: dict[tuple[int, int, int], tuple[list[int], list[float]]] = {}
    for at, x in enumerate(columns):
        stocks.setdefault(x.stock, []).append(at)
        size = problem.items.size[problem.stocks.item[x.stock]]
        week = x.depart_week
        for k in x.links:
            entry = uses.setdefault((0, k, week), ([], []))
            entry[0].append(at)
            entry[1].append(float(size[problem.links.measure[k]]))
            week += int(problem.links.transit_weeks[k])
            entry = uses.setdefault((1, int(problem.links.target[k]), week), ([], []))
            entry[0].append(at)
            entry[1].append(float(size[0]))
    for s, mine in stocks.items():
        left = problem.stocks.available[s]
        for week in [*np.flatnonzero(np.diff(left) > 0).tolist(), len(left) - 1]:
            some = [at for at in mine if columns[at].depart_week <= week]
            if some:
                model.rows.append((-INFINITE, float(left[week]), some, [1.0] * len(some)))
    for (kind, thing, _), (some, values) in sorted(uses.items()):
        limit = float((problem.nodes.handling_t if kind else problem.links.capacity)[thing])
        if np.isfinite(limit):
            model.rows.append((-INFINITE, limit, some, values))


def _add_decisions(
    problem: Problem, columns: tuple[Shipment, ...], model: Model, now: Found
) -> None:
    """Add packages, with and joint conditions, each with its yes-or-no column."""
    mine: dict[int, list[int]] = {}
    for at, x in enumerate(columns):
        mine.setdefault(x.stock, []).append(at)
    shipped = {s: sum(model.start[at] for at in some) for s, some in mine.items()}
    for pack, yes in zip(problem.packages, now[1], strict=True):
        z = model.column(0.0, 1.0, whole=True, start=float(yes))
        for s, q in zip(pack.stocks, pack.quantities, strict=True):
            some = mine.get(s, [])
            model.rows.append((0.0, 0.0, [*some, z], [1.0] * len(some) + [-q]))
    for c in problem.conditions:
        some = mine.get(c.stock, [])
        if c.kind == "with":
            if c.others[0] == c.stock:
                values = [c.share - 1.0] * len(some)
                model.rows.append((-INFINITE, 0.0, some, values))
                continue
            others = mine.get(c.others[0], [])
            values = [c.share] * len(some) + [-1.0] * len(others)
            model.rows.append((-INFINITE, 0.0, [*some, *others], values))
            continue
        total = float(problem.stocks.available[c.stock, -1])
        b = model.column(0.0, 1.0, whole=True, start=float(shipped.get(c.stock, 0.0) > 0))
        model.rows.append((-INFINITE, 0.0, [*some, b], [1.0] * len(some) + [-total]))
        ready = []
        for o in c.others:
            least = ready_quantity(problem, o, c.share)
            possible = float(0 < least <= problem.stocks.available[o, -1] * (1 + 1e-9))
            is_ready = float(possible > 0 and shipped.get(o, 0.0) >= least * (1 - 1e-9))
            y = model.column(0.0, possible, whole=True, start=is_ready)
            theirs = mine.get(o, [])
            model.rows.append((-INFINITE, 0.0, [y, *theirs], [least] + [-1.0] * len(theirs)))
            ready.append(y)
        model.rows.append((-INFINITE, 0.0, [b, *ready], [float(c.count)] + [-1.0] * len(ready)))


def _add_figures(
    problem: Problem,
    columns: tuple[Shipment, ...],
    model: Model,
    tier: tuple[Tier, dict[str, float]],
    now: Found,
) -> None:
    """Add the largest burden as an objective or a limit, and the cost as a limit."""
    wanted, limits = tier
    n = len(columns)
    if wanted == "burden" or "burden" in limits:
        scale = max(now[2].burden, 1.0)
        high = limits["burden"] / scale * (1 + 1e-9) + 1e-9 if "burden" in limits else INFINITE
        on = scale if wanted == "burden" else 0.0
        top = model.column(on, high, start=now[2].burden / scale)
        for d, share in enumerate(problem.donors.share.tolist()):
            some = [at for at in range(n) if problem.stocks.donor[columns[at].stock] == d]
            value = problem.items.value_eur[problem.stocks.item]
            values = [float(value[columns[at].stock]) / share / scale for at in some]
            model.rows.append((-INFINITE, 0.0, [*some, top], [*values, -1.0]))
    if "cost" in limits:
        rates = []
        for x in columns:
            rate = float(problem.links.cost_eur_per_t[list(x.links)].sum()) if x.links else 0.0
            rates.append(rate * float(problem.items.size[problem.stocks.item[x.stock], 0]))
        high = limits["cost"] * (1 + 1e-9) + 1e-9
        model.rows.append((-INFINITE, high, list(range(n)), rates))
