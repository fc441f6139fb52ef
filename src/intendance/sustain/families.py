"""Families: items that can be stocked independently of all others, each with its own curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intendance.sustain.compiled import compiled, inner
from intendance.sustain.curves import item_curve, lay_levels, lower_hull
from intendance.sustain.network import NONE, Floats, Ints
from intendance.sustain.steady import Steadily, pipelines

NEGLIGIBLE_SHARE = 1e-7
"""A curve ends where this share of the holes without stock is left."""
GREEDY_UNITS_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Family:
    """One family: choices by rising cost and falling holes; ``hull`` are the convex corners.

    ``nodes`` are numbers of network nodes; ``best`` belongs to the two-echelon solution and
    ``levels`` (choices, nodes) to the greedy one, where ``units`` are row numbers.
    """

    nodes: Ints
    cost: Floats
    holes: Floats
    hull: Ints
    units: Ints
    best: Ints
    levels: Ints | None
    backorders: Floats | None

    def lay(self, steady: Steadily, rows: Ints) -> tuple[Ints, Floats]:
        """Give levels and backorders (rows, nodes) for some choices, in rising order."""
        if self.levels is not None and self.backorders is not None:
            at = self.units[rows]
            return self.levels[at], self.backorders[at]
        levels = np.zeros((rows.size, self.nodes.size), np.int64)
        holes = np.zeros((rows.size, self.nodes.size))
        own, upward, demand, weights = _of_item(steady, self.nodes)
        lay_levels(own, upward, demand, weights, self.units[rows], self.best, levels, holes)
        return levels, holes


def find_families(steady: Steadily) -> list[Family]:
    """Cut the network into families and work out the curve of each."""
    network = steady.network
    moments = steady.moments(np.zeros(network.size, np.int64))
    room = np.ceil(moments[:, 0] + 5.0 * np.sqrt(moments[:, 1]) + 4.0)
    families = []
    for nodes in _together(steady):
        with_demand = nodes[steady.flows.demand[nodes] > 0.0]
        if with_demand.size == 0:
            continue
        units = int(room[with_demand].sum()) + 1
        if _two_echelons(steady, with_demand):
            families.append(_by_levels(steady, with_demand, units))
        else:
            families.append(_by_greed(steady, with_demand, min(units, GREEDY_UNITS_LIMIT)))
    return families


def _together(steady: Steadily) -> list[Ints]:
    """Group nodes whose items hang together by subparts."""
    network = steady.network
    leader = np.arange(len(network.items))

    def find(item: int) -> int:
        while leader[item] != item:
            item = int(leader[item])
        return item

    for unit, sub in zip(network.need_unit, network.need_subpart, strict=True):
        leader[find(int(network.node_item[unit]))] = find(int(network.node_item[sub]))
    roots = np.array([find(item) for item in range(leader.size)], dtype=np.int64)
    of_node = roots[network.node_item]
    order = np.argsort(of_node, kind="stable")
    edges = np.flatnonzero(np.diff(of_node[order])) + 1
    return [np.asarray(part, dtype=np.int64) for part in np.split(order, edges) if part.size]


def _two_echelons(steady: Steadily, nodes: Ints) -> bool:
    """Tell whether the nodes are one parent and its children, without subparts."""
    network = steady.network
    if np.isin(nodes, network.need_unit).any() or np.isin(nodes, network.need_subpart).any():
        return False
    parents = network.node_parent[nodes]
    return bool(parents[0] == NONE and (parents[1:] == nodes[0]).all())


def _of_item(steady: Steadily, nodes: Ints) -> tuple[Floats, Floats, float, Floats]:
    weights = steady.holes_share[nodes]
    return (
        steady.own_mean[nodes],
        steady.upward[nodes],
        float(steady.flows.demand[nodes[0]]),
        weights,
    )


def _by_levels(steady: Steadily, nodes: Ints, units: int) -> Family:
    value = np.zeros(units)
    best = np.zeros(units, np.int64)
    count = item_curve(*_of_item(steady, nodes), value, best)
    cost = float(steady.network.cost_eur[nodes[0]])
    return _family(
        nodes, cost * np.arange(count, dtype=np.float64), value[:count], best, None, None
    )


def _family(
    nodes: Ints,
    cost: Floats,
    value: Floats,
    best: Ints,
    levels: Ints | None,
    backorders: Floats | None,
) -> Family:
    """Keep the choices that no other beats, and mark the convex corners among them."""
    order = np.lexsort((value, cost))
    lowest = np.minimum.accumulate(value[order])
    fresh = np.concatenate([[True], lowest[1:] < lowest[:-1]])
    kept = order[fresh & (np.concatenate([[np.inf], lowest[:-1]]) > NEGLIGIBLE_SHARE * value[0])]
    if kept[0] != 0:  # the choice of no stock always stands first
        kept = np.concatenate([[0], kept])
    corners = np.zeros(kept.size, np.int64)
    if cost[kept[-1]] <= 0.0:
        hull = np.array(sorted({0, kept.size - 1}), dtype=np.int64)
    else:
        hull = corners[: lower_hull(cost[kept], value[kept], corners)]
    return Family(
        nodes, cost[kept], value[kept], hull, kept.astype(np.int64), best, levels, backorders
    )


@inner
def holes_of(moments: Floats, weights: Floats) -> float:
    """Add up the backorders that are holes in systems."""
    total = 0.0
    for node in range(weights.size):
        total += moments[node, 2] * weights[node]
    return total


@compiled
def climb(
    parent: Ints,
    own: Floats,
    upward: Floats,
    demand: Floats,
    need_start: Ints,
    need_subpart: Ints,
    need_rate: Floats,
    weights: Floats,
    price: Floats,
    start: int,
    levels: Ints,
    backorders: Floats,
    value: Floats,
) -> int:
    """Add the unit that gains most per cost, again and again; row 0 holds ``start`` at node 0.

    Fills levels and backorders (rows, nodes) and the holes; gives the number of rows.
    """
    n = parent.size
    out = np.zeros((n, 4))
    level = np.zeros(n, np.int64)
    level[0] = start
    # Worked out, not set to True: numba would compile the pipelines once more for the constant.
    vari = n > 0
    for row in range(levels.shape[0]):
        pipelines(
            level, parent, own, upward, demand, need_start, need_subpart, need_rate, vari, out
        )
        value[row] = holes_of(out, weights)
        # Loops, not slices: numba compiles what it takes to refuse other shapes for seconds.
        for node in range(n):
            levels[row, node] = level[node]
            backorders[row, node] = out[node, 2]
        if row + 1 == levels.shape[0] or value[row] <= 1e-8 * value[0]:
            return row + 1
        best = -1
        most = 0.0
        for node in range(n):
            level[node] += 1
            pipelines(
                level, parent, own, upward, demand, need_start, need_subpart, need_rate, vari, out
            )
            gain = (value[row] - holes_of(out, weights)) / max(price[node], 1e-9)
            level[node] -= 1
            if gain > most:
                most = gain
                best = node
        if best < 0:
            return row + 1
        level[best] += 1
    return len(levels)


def _by_greed(steady: Steadily, nodes: Ints, units: int) -> Family:
    """Solve three echelons or subparts: greedy, once for every level at the first node.

    The first node is the top of the deepest item, whose level greed alone would judge worst.
    """
    network = steady.network
    inside = np.full(network.size, NONE)
    inside[nodes] = np.arange(nodes.size)
    starts, subs, rates = [0], [], []
    for node in nodes:
        for at in range(steady.need_start[node], steady.need_start[node + 1]):
            sub = inside[steady.need_subpart[at]]
            if sub != NONE:
                subs.append(int(sub))
                rates.append(float(steady.need_rate[at]))
        starts.append(len(subs))
    weights = steady.holes_share[nodes]
    price = network.cost_eur[nodes]
    parent = np.where(network.node_parent[nodes] == NONE, NONE, inside[network.node_parent[nodes]])
    tops = int(np.ceil(steady.own_mean[nodes[0]] + 4.0 * np.sqrt(steady.own_mean[nodes[0]]) + 3.0))
    work = units * nodes.size * nodes.size * 2e-7  # seconds of one climb, roughly
    stride = max(1, int(np.ceil(tops * work / 2.0)))
    found: list[tuple[Ints, Floats, Floats]] = []
    for start in range(0, tops + 1, stride):
        levels = np.zeros((units, nodes.size), np.int64)
        backorders = np.zeros((units, nodes.size))
        value = np.zeros(units)
        count = climb(
            parent.astype(np.int64),
            steady.own_mean[nodes],
            steady.upward[nodes],
            steady.flows.demand[nodes],
            np.array(starts, np.int64),
            np.array(subs, np.int64),
            np.array(rates, np.float64),
            weights,
            price,
            start,
            levels,
            backorders,
            value,
        )
        found.append((levels[:count], backorders[:count], value[:count]))
    levels = np.concatenate([part[0] for part in found])
    backorders = np.concatenate([part[1] for part in found])
    value = np.concatenate([part[2] for part in found])
    none = np.zeros(0, np.int64)
    return _family(nodes, levels @ price, value, none, levels, backorders)
