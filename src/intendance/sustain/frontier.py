"""The frontier: what each euro of spares buys in fewer holes and more availability.

Marginal analysis over the convex hulls of independent families (Fox 1966, Management Science
13:210; Sherbrooke 1968). At a budget the corner below it is filled up, or solved exactly, and
its distance to the Lagrangian bound is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from intendance.errors import InputError, UsageError
from intendance.sustain.compiled import compiled
from intendance.sustain.families import Family, find_families
from intendance.sustain.knapsack import solve_exactly
from intendance.sustain.model import Model
from intendance.sustain.network import Floats, Ints, Network, build_network
from intendance.sustain.steady import Steadily, availability_by_group, final_fleet, prepare

POINTS_LIMIT: Final = 5000
FEW_FAMILIES: Final = 60
GAP_WANTED: Final = 1e-4
STATES_LIMIT: Final = 200_000
STATES_LIMIT_MANY: Final = 5_000


@dataclass(frozen=True, slots=True)
class Point:
    """A stock worth its cost: no cheaper one has as few holes (up to the hull)."""

    cost_eur: float
    expected_backorders: float
    availability: float


@dataclass(frozen=True, slots=True)
class StockRow:
    """The level of an item at a site."""

    lru: str
    site: str
    level: int


@dataclass(frozen=True, slots=True)
class Frontier:
    """The curve, the stock at the budget (without one: at its end), and how near the optimum."""

    points: tuple[Point, ...]
    budget_eur: float | None
    at_budget: Point
    stock: tuple[StockRow, ...]
    bound: float
    bound_gap: float
    method: str
    today: Point


@dataclass(frozen=True, slots=True)
class Steps:
    """All hull steps in the order of what they gain per euro; the arrays are by step."""

    family: Ints
    row: Ints
    """Hull row that the step leads to."""
    cost: Floats
    gain: Floats


def solve_frontier(model: Model, budget: float | None = None) -> Frontier:
    """Work out the curve of a model and the best stock at a budget in EUR."""
    if budget is not None and not (np.isfinite(budget) and budget >= 0):
        raise UsageError("the budget must be a number of euros, zero or more")
    network = build_network(model)
    counts, tempo = final_fleet(network)
    operating = counts * tempo
    steady = prepare(network, operating)
    families = find_families(steady)
    _check_costs(network, families)
    steps = _order_steps(families)
    costs = np.concatenate([[0.0], np.cumsum(steps.cost)])
    start = sum(float(family.holes[0]) for family in families)
    holes = np.maximum(0.0, start - np.concatenate([[0.0], np.cumsum(steps.gain)]))
    shown = _walk(steady, families, steps, operating, counts)
    total = max(1, int(counts.sum()))
    points = [
        Point(float(cost), float(hole), _share(float(ready), total))
        for cost, hole, ready in zip(costs, holes, shown, strict=True)
    ]
    limit = float(costs[-1]) if budget is None else budget
    choice, method = _choose(families, steps, limit)
    bound = _bound(costs, holes, limit)
    levels = _levels(steady, families, choice)
    here = _judge(steady, operating, counts, levels)
    value = sum(float(family.holes[row]) for family, row in zip(families, choice, strict=True))
    gap = max(0.0, value - bound) / bound if bound > 1e-12 else 0.0
    return Frontier(
        points=tuple(_thin(points)),
        budget_eur=budget,
        at_budget=here,
        stock=_stock_rows(network, levels),
        bound=bound,
        bound_gap=gap,
        method=method,
        today=_judge(steady, operating, counts, network.level),
    )


def _check_costs(network: Network, families: list[Family]) -> None:
    for family in families:
        unknown = family.nodes[np.isnan(network.cost_eur[family.nodes])]
        if unknown.size:
            name = network.items[network.node_item[unknown[0]]]
            row = next(i for i, unit in enumerate(network.model.units, 2) if unit.lru == name)
            raise InputError(
                f"the frontier needs the cost of every item ({name})",
                where=f"lrus.csv:{row}:cost_eur",
                next_step="Fill in cost_eur.",
            )


def _order_steps(families: list[Family]) -> Steps:
    sizes = [max(0, family.hull.size - 1) for family in families]
    family_of = np.repeat(np.arange(len(families)), sizes)
    empty = [np.zeros(0)]
    row = np.concatenate([np.arange(1.0, size + 1.0) for size in sizes] or empty)
    cost = np.concatenate([np.diff(f.cost[f.hull]) for f in families] or empty)
    gain = np.concatenate([-np.diff(f.holes[f.hull]) for f in families] or empty)
    worth = np.divide(gain, cost, out=np.full(gain.size, np.inf), where=cost > 0)
    order = np.lexsort((row, family_of, -worth))
    return Steps(
        family_of[order].astype(np.int64), row[order].astype(np.int64), cost[order], gain[order]
    )


@compiled
def walk_steps(
    family: Ints,
    row: Ints,
    first_cell: Ints,
    width: Ints,
    nodes: Ints,
    holes: Floats,
    part_first: Ints,
    part_group: Ints,
    part_each: Floats,
    part_slots: Floats,
    counts: Floats,
    ready: Floats,
) -> None:
    """Fill the expected ready systems after each step, changing only what the step changes.

    ``holes`` are backorders by (family, hull row, node), flat; ``part_slots`` turns backorders of
    a node into the share of a group's installed units that are missing.
    """
    log_share = np.zeros(counts.size)
    for at in range(first_cell.size):
        for k in range(width[at]):
            node = nodes[at, k]
            for part in range(part_first[node], part_first[node + 1]):
                left = 1.0 - holes[first_cell[at] + k] * part_slots[part]
                log_share[part_group[part]] += part_each[part] * np.log(max(1e-300, left))
    total = 0.0
    for group in range(counts.size):
        total += counts[group] * np.exp(log_share[group])
    ready[0] = total
    for step in range(family.size):
        at = family[step]
        cell = first_cell[at] + row[step] * width[at]
        for k in range(width[at]):
            before = holes[cell - width[at] + k]
            after = holes[cell + k]
            if before == after:
                continue
            node = nodes[at, k]
            for part in range(part_first[node], part_first[node + 1]):
                group = part_group[part]
                total -= counts[group] * np.exp(log_share[group])
                slots = part_slots[part]
                log_share[group] += part_each[part] * (
                    np.log(max(1e-300, 1.0 - after * slots))
                    - np.log(max(1e-300, 1.0 - before * slots))
                )
                total += counts[group] * np.exp(log_share[group])
        ready[step + 1] = max(0.0, total)


def _walk(
    steady: Steadily, families: list[Family], steps: Steps, operating: Floats, counts: Ints
) -> Floats:
    network = steady.network
    widest = max((family.nodes.size for family in families), default=0)
    nodes = np.zeros((len(families), widest), np.int64)
    width = np.zeros(len(families), np.int64)
    cells: list[Floats] = []
    for at, family in enumerate(families):
        width[at] = family.nodes.size
        nodes[at, : width[at]] = family.nodes
        cells.append(family.lay(steady, family.hull)[1].ravel())
    first = np.concatenate([[0], np.cumsum([cell.size for cell in cells])])[:-1].astype(np.int64)
    order = np.argsort(network.part_node, kind="stable")
    group, node = network.part_group[order], network.part_node[order]
    each = network.part_count[order].astype(np.float64)
    demand = np.maximum(steady.flows.demand[node], 1e-300)
    share = network.part_rate[order] * operating[group] / demand
    slots = share / np.maximum(counts[group] * each, 1e-300)
    ready = np.zeros(steps.family.size + 1)
    walk_steps(
        steps.family,
        steps.row,
        first,
        width,
        nodes,
        np.concatenate(cells) if cells else np.zeros(0),
        np.searchsorted(node, np.arange(network.size + 1)).astype(np.int64),
        group,
        each,
        slots,
        counts.astype(np.float64),
        ready,
    )
    return ready


def _choose(families: list[Family], steps: Steps, budget: float) -> tuple[list[int], str]:
    """Give the choice of each family at a budget: greedy and filled up, or exact."""
    slack = 1e-9 * max(1.0, budget)
    taken = np.zeros(len(families), np.int64)
    left = budget
    for family, row, cost in zip(
        steps.family.tolist(), steps.row.tolist(), steps.cost.tolist(), strict=True
    ):
        if cost <= left + slack and taken[family] == row - 1:
            taken[family] = row
            left -= cost
    choice = [int(family.hull[row]) for family, row in zip(families, taken, strict=True)]
    value = sum(float(f.holes[row]) for f, row in zip(families, choice, strict=True))
    costs = np.concatenate([[0.0], np.cumsum(steps.cost)])
    start = sum(float(family.holes[0]) for family in families)
    bound = _bound(costs, start - np.concatenate([[0.0], np.cumsum(steps.gain)]), budget)
    near = value <= bound * (1.0 + GAP_WANTED)
    few = len(families) <= FEW_FAMILIES
    if budget >= costs[-1] or (near and not few):
        return choice, "marginal"
    exact = solve_exactly(
        [family.cost for family in families],
        [family.holes for family in families],
        budget,
        value,
        STATES_LIMIT if few else STATES_LIMIT_MANY,
    )
    return (choice, "marginal") if exact is None else (exact, "exact")


def _bound(costs: Floats, holes: Floats, budget: float) -> float:
    """Give the Lagrangian bound: the hull at the budget, on the line between its corners."""
    return max(0.0, float(np.interp(budget, costs, holes)))


def _levels(steady: Steadily, families: list[Family], choice: list[int]) -> Ints:
    levels = np.zeros(steady.network.size, np.int64)
    for family, row in zip(families, choice, strict=True):
        levels[family.nodes] = family.lay(steady, np.array([row]))[0][0]
    return levels


def _judge(steady: Steadily, operating: Floats, counts: Ints, levels: Ints) -> Point:
    """Give cost, holes and availability of a stock table by VARI-METRIC."""
    network = steady.network
    out = steady.moments(levels)
    rates = steady.flows
    ready = availability_by_group(network, rates, operating, out[:, 2], counts) * counts
    return Point(
        float(np.nansum(network.cost_eur * levels)),
        float(np.sum(out[:, 2] * steady.holes_share)),
        _share(float(ready.sum()), max(1, int(counts.sum()))),
    )


def _share(ready: float, total: int) -> float:
    share = ready / total
    return share if share > 1e-12 else 0.0


def _stock_rows(network: Network, levels: Ints) -> tuple[StockRow, ...]:
    return tuple(
        StockRow(
            network.items[network.node_item[node]],
            network.sites[network.node_site[node]],
            int(levels[node]),
        )
        for node in range(network.size)
        if levels[node] > 0
    )


def _thin(points: list[Point]) -> list[Point]:
    """Keep at most ``POINTS_LIMIT`` points, evenly by number, with both ends."""
    if len(points) <= POINTS_LIMIT:
        return points
    rows = np.unique(np.linspace(0, len(points) - 1, POINTS_LIMIT).astype(int))
    return [points[row] for row in rows]
