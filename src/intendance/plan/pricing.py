"""Pricing: the columns that would improve the master, and the bound that its duals prove."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from intendance.plan.greedy import first_weeks, link_ends, pair_arrays
from intendance.plan.master import Master
from intendance.plan.network import Network
from intendance.plan.problem import Floats, Ints, Problem

NEVER = -1e300
MAX_STEPS = 5000  # of the exact search for a way that passes no node twice
LEAST_SHARED: Final = 500  # pairs below which a second thread is not worth its start
Column = tuple[int, int, int, int, int, tuple[int, ...]]


@dataclass(slots=True)
class Prices:
    """Duals turned into prices a unit pays: on links, at nodes, per stock; gains per pair."""

    link: Floats
    node: Floats
    base: Floats
    gains: Floats
    stock: Floats
    own: Floats


@dataclass(frozen=True, slots=True)
class Margins:
    """The most that all units of each stock can earn: after and before the prices of its weeks.

    Both are after the prices of packages and conditions.
    """

    after: Floats
    before: Floats


@dataclass(slots=True)
class Pricer:
    """Holds what does not change between rounds."""

    problem: Problem
    network: Network
    first: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    limit: Floats = field(default_factory=lambda: np.zeros(0))
    pushed: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    spare_pairs: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        problem, net = self.problem, self.network
        self.first = first_weeks(problem.stocks.available)
        self.limit = problem.stocks.available[:, -1].copy()
        for pack in problem.packages:
            for s, q in zip(pack.stocks, pack.quantities, strict=True):
                self.limit[s] = min(self.limit[s], q)
        pushed = {s for pack in problem.packages for s in pack.stocks}
        pushed |= {o for x in problem.conditions for o in x.others}
        self.pushed = np.zeros(len(problem.stocks.ids), np.int64)
        self.pushed[sorted(pushed)] = 1
        items = {int(problem.stocks.item[s]) for s in pushed}
        seen: dict[tuple[int, int], int] = {}
        for pair in range(net.pairs):
            item, node = int(net.pair_item[pair]), int(net.need_node[net.pair_need[pair]])
            if item in items:
                seen.setdefault((item, node), pair)
        self.spare_pairs = np.array(list(seen.values()), np.int64)

    def prices(self, master: Master, duals: Floats) -> Prices:
        """Turn row duals into what a unit pays and earns."""
        problem, net = self.problem, self.network
        horizon = problem.horizon_weeks
        rows = master.capacity_row
        y = np.where(rows >= 0, np.minimum(duals[np.maximum(rows, 0)], 0.0), 0.0)
        limit = master.pool.limits()
        per_unit = -y / np.where((limit > 0) & np.isfinite(limit), limit, 1.0)
        per_unit = per_unit.reshape(-1, horizon)
        links = len(problem.links.ids)
        if master.tier == "shortfall":
            weight = 1.0
        else:
            weight = (
                max(0.0, -float(duals[master.shortfall_row])) if master.shortfall_row >= 0 else 0.0
            )
        r = net.pair_need
        need_dual = duals[net.row_first[r][:, None] + net.serve[r]]
        need_dual = need_dual - weight * problem.needs.priority[r][:, None] * net.late[r]
        gains = need_dual * (net.pair_effect / problem.needs.quantity[r])[:, None]
        total = problem.stocks.available[:, -1]
        live = total > 0
        stock = -duals[np.maximum(master.step_row, 0)] / np.where(live, total, 1.0)[:, None]
        own = np.zeros(len(total))
        for s, entries in master.extra.items():
            own[s] = -sum(value * float(duals[row]) for row, value in entries)
        stock += own[:, None]
        stock[~live] = -NEVER
        return Prices(
            np.ascontiguousarray(per_unit[:links].T),
            np.ascontiguousarray(per_unit[links:].T),
            net.cost * (_cost_weight(master, duals) * master.cost_scale),
            gains,
            np.ascontiguousarray(stock),
            own,
        )

    def price(
        self, master: Master, duals: Floats, *, barred: Ints | None = None
    ) -> tuple[list[Column], Margins]:
        """Give columns with a margin above zero, and what every stock could earn."""
        from intendance.plan import kernels

        prices = self.prices(master, duals)
        net, problem = self.network, self.problem
        total = problem.stocks.available[:, -1]
        scale = max(abs(master.value), 1e-3) if master.tier == "shortfall" else 1.0
        least = 1e-9 * scale / max(1, len(total))
        tolerance = np.maximum(least, 1e-9) / np.where(total > 0, total, 1.0)
        worst = np.zeros(len(total))
        reach = np.full((len(total), problem.horizon_weeks), NEVER)
        flags = np.asarray(total > 0, np.int64)
        if barred is not None:
            flags[barred] = 0
        columns: list[Column] = []
        jobs = [(np.arange(net.pairs, dtype=np.int64), prices.gains, flags, 0)]
        if len(self.spare_pairs):
            idle = np.zeros((len(self.spare_pairs), problem.horizon_weeks))
            jobs.append((self.spare_pairs, idle, flags * self.pushed, 1))
        for pairs, gains, use, spare in jobs:
            ways = self._ways(prices, (pairs, gains, use), tolerance, reach, worst)
            for position, s, depart, end, found in ways:
                pair, week, arrive = int(pairs[position]), depart, end
                if found is None:
                    way = self._exact(pair, s, prices, gains[position])
                    if way is None:
                        continue
                    margin, week, arrive, path = way
                    worst[s] = max(worst[s], margin)
                    if not path or margin <= tolerance[s]:
                        continue
                else:
                    path = found
                columns.append((s, int(net.pair_need[pair]), week, arrive, spare, path))
        earned = np.zeros(len(total))
        kernels.charges(reach, prices.own, problem.stocks.available, self.limit, earned)
        return columns, Margins(np.maximum(worst, 0.0) * self.limit, earned)

    def _ways(
        self,
        prices: Prices,
        job: tuple[Ints, Floats, Ints],
        tolerance: Floats,
        reach: Floats,
        worst: Floats,
    ) -> list[tuple[int, int, int, int, tuple[int, ...] | None]]:
        """Run the compiled loop over the pairs of a job, on two threads where there are many.

        Give position, stock, departure, arrival and way (None: a node twice); raises ``reach``
        and ``worst``. Whether one thread works or two, the answer is the same.
        """
        from intendance.plan import kernels

        net = self.network
        pairs, gains, use = job
        count = len(pairs)
        shared = count >= LEAST_SHARED and (os.cpu_count() or 1) > 1
        cuts = [0, count // 2, count] if shared else [0, count]
        spans = list(itertools.pairwise(cuts))

        def one(span: tuple[int, int]) -> tuple[Ints, Ints, Floats, Floats]:
            part = slice(*span)
            rows = int(np.diff(net.item_start)[net.pair_item[pairs[part]]].sum())
            found = np.empty((rows + 1, 6), np.int64)
            paths = np.empty(rows * 12 + 4 * len(self.problem.nodes.ids) + 16, np.int64)
            high, best = np.full(reach.shape, NEVER), np.zeros(len(worst))
            used, cells = kernels.price_pairs(
                pairs[part], pair_arrays(net), link_ends(net),
                (net.size, net.item_start, net.item_stocks, net.stock_node, self.first),
                (prices.link, prices.node, prices.base), gains[part], prices.stock, high, best,
                tolerance, use, found, paths,
            )  # fmt: skip
            return found[:used], paths[:cells], high, best

        if shared:
            with ThreadPoolExecutor(len(spans)) as threads:
                done = list(threads.map(one, spans))
        else:
            done = [one(span) for span in spans]
        ways: list[tuple[int, int, int, int, tuple[int, ...] | None]] = []
        for (first, _), (found, paths, high, best) in zip(spans, done, strict=True):
            np.maximum(reach, high, out=reach)
            np.maximum(worst, best, out=worst)
            steps = paths.tolist()
            for position, s, depart, end, start, length in found.tolist():
                way = tuple(steps[start : start + length]) if length >= 0 else None
                ways.append((first + position, s, depart, end, way))
        return ways

    def _exact(
        self, pair: int, stock: int, prices: Prices, gain: Floats
    ) -> tuple[float, int, int, tuple[int, ...]] | None:
        """Find the best way that passes no node twice; the programme's worth guides the search.

        Give margin, departure, arrival and path; when the search is cut short, the path is
        empty and the margin is a bound.
        """
        from intendance.plan import kernels

        net = self.network
        item, slot = int(net.pair_item[pair]), int(net.pair_slot[pair])
        node = int(net.need_node[net.pair_need[pair]])
        links = net.slot_links[net.slot_start[slot] : net.slot_start[slot + 1]]
        worth = np.empty((net.horizon, prices.node.shape[1]))
        choice = np.empty(worth.shape, np.int64)
        first = int(self.first[stock])
        kernels.best_ways(
            links, int(net.slot_zero[slot] - net.slot_start[slot]), link_ends(net),
            net.size[item], (prices.link, prices.node, prices.base), gain, node, first,
            worth, choice,
        )  # fmt: skip
        search = _Search(net, prices, net.size[item], worth, node, links.tolist())
        start = int(net.stock_node[stock])
        margins = worth[first:, start] - prices.stock[stock, first:]
        for offset in np.argsort(-margins, kind="stable").tolist():
            margin = float(margins[offset])
            if margin <= search.best or worth[first + offset, start] <= NEVER:
                break
            if search.steps >= MAX_STEPS:
                return margin, 0, 0, ()
            toll = float(prices.stock[stock, first + offset])
            search.depart = first + offset
            search.go(start, first + offset, -toll, (), frozenset([start]))
        if not search.way:
            return None
        return search.best, *search.way


def _cost_weight(master: Master, duals: Floats) -> float:
    if master.tier == "cost":
        return 1.0
    return max(0.0, -float(duals[master.cost_row])) if master.cost_row >= 0 else 0.0


@dataclass(slots=True)
class _Search:
    """Depth-first search over ways without repeated nodes, cut by the programme's worth."""

    net: Network
    prices: Prices
    size: Floats
    worth: Floats
    node: int
    links: list[int]
    best: float = 0.0
    steps: int = 0
    depart: int = 0
    way: tuple[int, int, tuple[int, ...]] | None = None
    out: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for k in self.links:
            self.out.setdefault(int(self.net.source[k]), []).append(k)

    def go(
        self, at: int, week: int, so_far: float, path: tuple[int, ...], seen: frozenset[int]
    ) -> None:
        self.steps += 1
        if at == self.node:
            margin = so_far + float(self.worth[week, at])
            if margin > self.best:
                self.best, self.way = margin, (self.depart, week, path)
            return
        if self.steps >= MAX_STEPS:
            return
        nexts = []
        for k in self.out.get(at, ()):
            to, arrive = int(self.net.target[k]), week + int(self.net.transit[k])
            if to in seen or arrive >= self.net.horizon or self.worth[arrive, to] <= NEVER:
                continue
            pay = float(self.prices.link[week, k] * self.size[self.net.measure[k]])
            pay += float((self.prices.node[arrive, to] + self.prices.base[k]) * self.size[0])
            value = so_far - pay
            nexts.append((value + float(self.worth[arrive, to]), k, to, arrive, value))
        for bound, k, to, arrive, value in sorted(nexts, reverse=True):
            if bound > self.best:
                self.go(to, arrive, value, (*path, k), seen | {to})
