"""Fills what is still lacking with what is still free, greedily, from any valid partial plan.

Used for the first plan, for start columns, and to use up what rounding to whole units left over.
Stocks in packages and stocks under a condition ship nothing here unless already decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intendance.plan.network import Network
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.result import Shipment
from intendance.plan.stop import Stop

BATCH: Final = 20  # needs served between two looks at the clock


@dataclass(frozen=True, slots=True)
class Residual:
    """What shipments leave free: links, nodes, stocks by week; what each need still lacks."""

    free: Floats
    handle: Floats
    left: Floats
    lack: Floats


def residual(problem: Problem, network: Network, shipments: Sequence[Shipment]) -> Residual:
    """Give what is free beside the shipments; arrays of shape (weeks, links or nodes) etc."""
    horizon = problem.horizon_weeks
    # Not np.tile: without links it gives back the problem's own read-only array.
    free = np.repeat(problem.links.capacity[None, :], horizon, axis=0)
    handle = np.repeat(problem.nodes.handling_t[None, :], horizon, axis=0)
    left = problem.stocks.available.copy()
    lack = network.due.copy()
    transit, target, measure = (
        problem.links.transit_weeks, problem.links.target, problem.links.measure,
    )  # fmt: skip
    for x in shipments:
        item = int(problem.stocks.item[x.stock])
        size = problem.items.size[item]
        week = x.depart_week
        for k in x.links:
            free[week, k] -= x.quantity * size[measure[k]]
            week += int(transit[k])
            handle[week, target[k]] -= x.quantity * size[0]
        left[x.stock, x.depart_week :] -= x.quantity
        lack[x.need, x.arrive_week :] -= x.quantity * problem.effect(x.need, item)
    left = np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1].copy()
    return Residual(free, handle, left, lack)


def restricted_stocks(problem: Problem) -> set[int]:
    """Give the stocks that stand in a package or under a condition of their own."""
    return {*problem.package_of, *(x.stock for x in problem.conditions)}


def pair_arrays(network: Network) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Give the pair and link lists in the order the compiled loops take them."""
    node = network.need_node[network.pair_need]
    return (
        node, network.pair_item, network.pair_slot,
        network.slot_start, network.slot_zero, network.slot_links,
    )  # fmt: skip


def link_ends(network: Network) -> tuple[Ints, Ints, Ints, Ints]:
    """Give source, target, transit and measure of the links."""
    return network.source, network.target, network.transit, network.measure


def first_weeks(available: Floats) -> Ints:
    """Give the first week in which each stock has something (the horizon when never)."""
    any_week = available > 0
    if available.size == 0:
        return np.zeros(available.shape[0], np.int64)
    first = np.where(any_week.any(axis=1), any_week.argmax(axis=1), available.shape[1])
    return np.asarray(first, np.int64)


def fill_up(
    problem: Problem,
    network: Network,
    shipments: Sequence[Shipment],
    *,
    barred: set[int],
    order: Ints | None = None,
    stop: Stop | None = None,
    shares: Sequence[tuple[Ints, Floats]] | None = None,
) -> list[Shipment]:
    """Give further shipments that fit beside ``shipments``; ``barred`` stocks ship nothing more.

    Needs are served by priority, then by due week, or in the given order; when told to stop, those
    not reached yet are left as they are. With ``shares`` (stocks and units for each need) a need
    takes no more than its share.
    """
    from intendance.plan import kernels

    if network.pairs == 0:
        return []
    rest = residual(problem, network, shipments)
    limit = rest.left[:, -1].copy()
    limit[sorted(barred)] = 0.0
    if order is None:
        order = np.lexsort((problem.needs.due_week, -problem.needs.priority)).astype(np.int64)
    begin = np.searchsorted(network.pair_need, np.arange(len(problem.needs.ids) + 1))
    # Just below 1 for what can be split: exactly 1 tells the loops that only whole units travel.
    smallest = np.where(network.whole, 1.0, np.minimum(_smallest(problem, network), 0.999))
    capacity = 4 * (len(problem.stocks.ids) + len(problem.needs.ids)) + 1000
    found = np.empty((capacity, 6), np.int64)
    amounts = np.empty(capacity)
    paths = np.empty(capacity * 8, np.int64)
    # A tiny charge by cost breaks ties between equally early ways towards the cheaper one.
    scale = 1e-7 / max(1.0, float(network.cost.max(initial=0.0)))
    chosen: list[Shipment] = []
    batch = len(order) if stop is None else BATCH
    batch = 1 if shares is not None else max(1, batch)
    whole = network.whole[problem.stocks.item]
    for at in range(0, len(order), batch):
        if at and stop is not None and stop.now():
            break
        if shares is not None:
            limit[:] = _shared(len(limit), shares[int(order[at])], whole, barred)
        rows, _ = kernels.fill(
            order[at : at + batch],
            (begin.astype(np.int64), np.arange(network.pairs, dtype=np.int64)),
            pair_arrays(network), network.pair_effect, link_ends(network),
            (
                network.size, network.item_start, network.item_stocks, network.stock_node,
                first_weeks(network.available),
            ),
            network.cost * scale,
            (rest.free, rest.handle, rest.left, rest.lack, limit),
            smallest, found, amounts, paths,
        )  # fmt: skip
        chosen += [
            Shipment(
                int(found[k, 1]),
                int(network.pair_need[found[k, 0]]),
                float(amounts[k]),
                int(found[k, 2]),
                int(found[k, 3]),
                tuple(paths[found[k, 4] : found[k, 4] + found[k, 5]].tolist()),
            )
            for k in range(rows)
        ]
    return chosen


def _shared(
    size: int, share: tuple[Ints, Floats], whole: NDArray[np.bool_], barred: set[int]
) -> Floats:
    """Give the most that each stock may ship of a need's share; whole units are rounded."""
    stocks, units = share
    limit = np.zeros(size)
    np.add.at(limit, stocks, units)
    limit[stocks] = np.where(whole[stocks], np.round(limit[stocks]), limit[stocks])
    limit[sorted(barred)] = 0.0
    return limit


def _smallest(problem: Problem, network: Network) -> Floats:
    """Give the smallest quantity of each item worth a shipment: a millionth of what is held."""
    held = np.zeros(len(problem.items.ids))
    np.maximum.at(held, problem.stocks.item, problem.stocks.available[:, -1])
    return np.maximum(held * 1e-6, 1e-9) if network.pairs else held
