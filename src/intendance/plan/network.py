"""The problem as flat arrays for the compiled loops: links by item kind and destination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intendance.plan.problem import TOLERANCE, Floats, Ints, Problem


@dataclass(frozen=True, slots=True)
class Network:
    """Flat arrays, all read-only by convention.

    A *pair* is (need, item with an effect on it). ``pair_slot`` points into the link lists, one
    for every (kind of item, destination): the links that such an item may use and from which the
    destination can be reached; those that take no time come last. ``serve[r, w]`` is the week
    row of need r that an arrival in week w falls to, ``late[r, w]`` the weeks after until_week.
    """

    horizon: int
    source: Ints
    target: Ints
    transit: Ints
    measure: Ints
    cost: Floats
    pair_need: Ints
    pair_item: Ints
    pair_slot: Ints
    pair_effect: Floats
    slot_start: Ints
    slot_zero: Ints
    slot_links: Ints
    need_node: Ints
    size: Floats
    item_start: Ints
    item_stocks: Ints
    stock_node: Ints
    available: Floats
    whole: NDArray[np.bool_]
    row_first: Ints
    row_count: Ints
    serve: Ints
    late: Floats
    due: Floats

    @property
    def pairs(self) -> int:
        """Give the number of (need, item) pairs."""
        return len(self.pair_need)


def build_network(problem: Problem) -> Network:
    """Flatten a problem; stocks that can never ship anything are left out of the item lists."""
    stocks, needs, links, items = problem.stocks, problem.needs, problem.links, problem.items
    horizon = problem.horizon_weeks
    live = stocks.available[:, -1] > 0 if len(stocks.ids) else np.zeros(0, bool)
    by_item: list[list[int]] = [[] for _ in items.ids]
    for s in np.flatnonzero(live):
        by_item[int(stocks.item[s])].append(int(s))
    needing: dict[str, list[int]] = {}
    for r, capability in enumerate(needs.capabilities):
        needing.setdefault(capability, []).append(r)
    pairs = sorted(
        (r, item, effect)
        for (capability, item), effect in problem.effects.items()
        for r in needing.get(capability, [])
        if by_item[item]
    )
    slots: dict[tuple[object, ...], int] = {}
    lists: list[list[int]] = []
    zeros: list[int] = []
    chosen = []
    ways = {item: wide_enough(problem, item) for item in {item for _, item, _ in pairs}}
    for r, item, _ in pairs:
        allowed = ways[item]
        node = int(needs.node[r])
        key = (allowed.tobytes(), node)
        if key not in slots:
            slots[key] = len(lists)
            useful = _reaching(problem, allowed, node)
            slow = [k for k in useful if links.transit_weeks[k] > 0]
            quick = [k for k in useful if links.transit_weeks[k] == 0]
            zeros.append(len(slow))
            lists.append(slow + quick)
        chosen.append(slots[key])
    starts = np.cumsum([0, *(len(x) for x in lists)])
    weeks = np.arange(horizon)
    due, until = needs.due_week[:, None], needs.until_week[:, None]
    count = needs.until_week - needs.due_week + 1
    return Network(
        horizon=horizon,
        source=links.source,
        target=links.target,
        transit=links.transit_weeks,
        measure=links.measure,
        cost=links.cost_eur_per_t,
        pair_need=np.array([x[0] for x in pairs], np.int64),
        pair_item=np.array([x[1] for x in pairs], np.int64),
        pair_slot=np.array(chosen, np.int64),
        pair_effect=np.array([x[2] for x in pairs], np.float64),
        slot_start=starts.astype(np.int64),
        slot_zero=np.array([int(a) + z for a, z in zip(starts[:-1], zeros, strict=True)], np.int64),
        slot_links=np.array([k for x in lists for k in x], np.int64),
        need_node=needs.node,
        size=items.size,
        item_start=np.cumsum([0, *(len(x) for x in by_item)]).astype(np.int64),
        item_stocks=np.array([s for x in by_item for s in x], np.int64),
        stock_node=stocks.node,
        available=stocks.available,
        whole=items.whole,
        row_first=np.cumsum([0, *count])[:-1].astype(np.int64),
        row_count=count.astype(np.int64),
        serve=np.asarray(np.clip(weeks[None, :], due, until) - due, np.int64),
        late=np.asarray(np.maximum(0, weeks[None, :] - until), np.float64),
        due=np.array([problem.due_by(r) for r in range(len(needs.ids))]).reshape(-1, horizon),
    )


def wide_enough(problem: Problem, item: int) -> NDArray[np.bool_]:
    """Give the links that the item may use and that, empty, take at least one whole unit.

    The relaxation would send a tenth of a tank a week over a bridge that bears no tank.
    """
    links, size = problem.links, problem.items.size[item]
    allowed = problem.may_use(item)
    if not problem.items.whole[item]:
        return allowed
    room, handling = links.capacity, problem.nodes.handling_t[links.target]
    unit = np.where(allowed, size[links.measure], 0.0)
    fits = (unit <= room * (1 + TOLERANCE) + TOLERANCE) & (
        size[0] <= handling * (1 + TOLERANCE) + TOLERANCE
    )
    return np.asarray(allowed & fits, np.bool_)


def _reaching(problem: Problem, allowed: NDArray[np.bool_], node: int) -> list[int]:
    """Give the allowed links from which the node can be reached, nearest first."""
    links = problem.links
    into: dict[int, list[int]] = {}
    quick_enough = allowed & (links.transit_weeks < problem.horizon_weeks)
    for k in np.flatnonzero(quick_enough).tolist():
        into.setdefault(int(links.target[k]), []).append(k)
    found: list[int] = []
    reached, frontier = {node}, [node]
    while frontier:
        new = []
        for at in frontier:
            for k in into.get(at, []):
                start = int(links.source[k])
                if start in {node, at}:
                    continue
                found.append(k)
                if start not in reached:
                    reached.add(start)
                    new.append(start)
        frontier = new
    return found
