"""A first bound from what is held: nothing limits transport, every unit leaves at once.

Without limits on the way, what becomes available does best to leave in that week by the quickest
way, for what comes early is kept at no cost. That leaves one column a need and a week in which a
stock grows: a programme that falls apart by capability and takes a second where the whole takes a
minute. Its duals prove the bound, whatever state the solver stopped in.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from intendance.plan.network import Network
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.stop import Stop

FAR: Final = 10**9
Shares = tuple[Ints, Floats]


@dataclass(frozen=True, slots=True)
class Offers:
    """What each growth of a stock could give each need at once: one entry a column.

    ``growth`` points into ``new``, the units that a growth brings; ``row`` is the week row of the
    need; ``gain`` and ``late`` are shares of the need and weighted weeks, a unit each.
    """

    growth: Ints
    stock: Ints
    row: Ints
    gain: Floats
    late: Floats
    new: Floats


@dataclass(frozen=True, slots=True)
class Held:
    """What the programme says: a bound in priority-weighted need-weeks, duals and shares.

    ``need`` are the duals of the needs' week rows, ``stock[s, w]`` what a unit of a stock is worth
    in the week in which it becomes available; ``shares`` holds for each need the stocks that would
    serve it, and their units.
    """

    bound: float
    need: Floats
    stock: Floats
    shares: list[Shares]


def solve_held(problem: Problem, network: Network, stop: Stop) -> Held:
    """Solve for what is held as if nothing limited transport."""
    offers = offers_at_once(problem, network)
    duals, units = _solve(problem, network, offers, stop)
    bound, best = proven(problem, network, offers, duals)
    worth = np.zeros(network.available.shape)
    worth[np.diff(network.available, axis=1, prepend=0.0) > 0] = best
    shares = []
    order = np.argsort(offers.row, kind="stable")
    ends = np.searchsorted(offers.row[order], [*network.row_first, network.row_count.sum()])
    for first, last in itertools.pairwise(ends.tolist()):
        mine = order[first:last]
        mine = mine[units[mine] > 0]
        shares.append((offers.stock[mine], units[mine]))
    return Held(max(0.0, bound), duals, worth, shares)


def proven(
    problem: Problem, network: Network, offers: Offers, duals: Floats
) -> tuple[float, Floats]:
    """Give what any duals of the needs' rows prove, once made to fit backlog and surplus.

    The second value is what a unit of each growth is worth at these duals.
    """
    y = duals.copy()
    weight = problem.needs.priority
    last = network.row_first + network.row_count - 1
    y[last] = np.clip(y[last], 0.0, weight * (problem.horizon_weeks - problem.needs.until_week))
    for r in np.flatnonzero(network.row_count > 1):
        for k in range(int(last[r]) - 1, int(network.row_first[r]) - 1, -1):
            y[k] = min(max(y[k], y[k + 1]), y[k + 1] + weight[r])
    best = np.zeros(len(offers.new))
    np.maximum.at(best, offers.growth, offers.gain * y[offers.row] - offers.late)
    due = np.repeat(1.0 / network.row_count, network.row_count)
    return float(y @ due - best @ offers.new), best


def offers_at_once(problem: Problem, network: Network) -> Offers:
    """List what each growth of a stock could give each need by the quickest way."""
    weeks = _quickest(network, len(problem.nodes.ids))
    grown = np.diff(network.available, axis=1, prepend=0.0)
    first = np.concatenate([[0], np.cumsum((grown > 0).sum(axis=1))])
    when, new = np.nonzero(grown > 0)[1], grown[grown > 0]
    growths, stocks, pairs, arrivals = [], [], [], []
    for pair in range(network.pairs):
        item, slot = int(network.pair_item[pair]), int(network.pair_slot[pair])
        span = slice(int(network.item_start[item]), int(network.item_start[item + 1]))
        for s in network.item_stocks[span].tolist():
            mine = np.arange(first[s], first[s + 1])
            arrive = when[mine] + weeks[slot, network.stock_node[s]]
            mine, arrive = mine[arrive < network.horizon], arrive[arrive < network.horizon]
            growths.append(mine)
            arrivals.append(arrive)
            pairs.append(np.full(len(mine), pair))
            stocks.append(np.full(len(mine), s))
    growth, arrive = np.concatenate(growths), np.concatenate(arrivals)
    pair_of = np.concatenate(pairs)
    need = network.pair_need[pair_of]
    gain = network.pair_effect[pair_of] / problem.needs.quantity[need]
    row = network.row_first[need] + network.serve[need, arrive]
    late = gain * problem.needs.priority[need] * network.late[need, arrive]
    return Offers(growth, np.concatenate(stocks), row, gain, late, new)


def _quickest(network: Network, nodes: int) -> Ints:
    """Give the fewest weeks to each slot's destination, shape (slots, nodes); ``FAR``: no way."""
    weeks = np.full((len(network.slot_start) - 1, nodes), FAR)
    weeks[network.pair_slot, network.need_node[network.pair_need]] = 0
    for slot, reached in enumerate(weeks):
        links = network.slot_links[network.slot_start[slot] : network.slot_start[slot + 1]]
        source, target, transit = network.source[links], network.target[links], network.transit
        for _ in range(nodes):
            before = reached.copy()
            np.minimum.at(reached, source, np.minimum(before[target] + transit[links], FAR))
            if np.array_equal(reached, before):
                break
    return weeks


def _solve(problem: Problem, network: Network, offers: Offers, stop: Stop) -> tuple[Floats, Floats]:
    """Give the duals of the needs' rows and the units of each offer; zeros when interrupted."""
    import highspy

    count = int(network.row_count.sum())
    highs: Any = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("parallel", "off")):
        highs.setOptionValue(name, setting)
    highs.cbSimplexInterrupt += stop.watch
    due = np.repeat(1.0 / network.row_count, network.row_count)
    no_entries = (0, np.zeros(count, np.int32), np.zeros(0, np.int32), np.zeros(0))
    highs.addRows(count, due, due, *no_entries)
    used = len(offers.new)
    highs.addRows(
        used, np.full(used, -np.inf), np.ones(used), 0, np.zeros(used, np.int32), *no_entries[2:]
    )
    weeks = np.ones(count)
    last = network.row_first + network.row_count - 1
    weeks[last] = problem.horizon_weeks - problem.needs.until_week
    weight = np.repeat(problem.needs.priority, network.row_count) * weeks
    for cost, sign in ((weight, 1.0), (np.zeros(count), -1.0)):
        _add_carried(highs, cost, sign, last)
    most = np.minimum(offers.new[offers.growth], 1.0 / offers.gain)
    index = np.stack([offers.row, count + offers.growth], axis=1).astype(np.int32).ravel()
    value = np.stack([offers.gain * most, most / offers.new[offers.growth]], axis=1).ravel()
    highs.addCols(
        len(most), offers.late * most, np.zeros(len(most)), np.full(len(most), np.inf),
        len(value), (2 * np.arange(len(most))).astype(np.int32), index, value,
    )  # fmt: skip
    highs.run()
    solution = highs.getSolution()
    x = np.array(solution.col_value, np.float64)[2 * count :]
    if len(x) != len(most):
        return np.zeros(count), np.zeros(len(most))
    return np.array(solution.row_dual, np.float64)[:count], np.maximum(x, 0.0) * most


def _add_carried(highs: Any, cost: Floats, sign: float, last: Ints) -> None:
    """Add backlog (1) or surplus (−1) of every row, carried to the need's next row."""
    count = len(cost)
    ends = np.zeros(count, bool)
    ends[last] = True
    starts = np.concatenate([[0], np.cumsum(np.where(ends, 1, 2))])
    index = np.repeat(np.arange(count), np.diff(starts))
    value = np.full(len(index), sign)
    following = np.flatnonzero(np.diff(index, prepend=-1) == 0)
    index[following] += 1
    value[following] = -sign
    highs.addCols(
        count, cost, np.zeros(count), np.full(count, np.inf), len(index),
        starts[:-1].astype(np.int32), index.astype(np.int32), value,
    )  # fmt: skip
