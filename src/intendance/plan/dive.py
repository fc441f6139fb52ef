"""Diving: fix decisions and whole units step by step in the master, solving again in between."""

from __future__ import annotations

from typing import Final

import numpy as np

from intendance.plan.generation import Search
from intendance.plan.greedy import link_ends
from intendance.plan.master import INFINITE, Master, Method
from intendance.plan.problem import Floats, Problem

STEPS: Final = 14
SURE: Final = 0.999


def dive(search: Search) -> Floats:
    """Give units by column of the pool, whole where they must be, decisions all or nothing.

    Raises Stopped. The master's bounds are changed and set back at the end.
    """
    master = search.master
    try:
        fix_decisions(search)
        return _round_whole(search)
    finally:
        free_all(master)


def free_all(master: Master) -> None:
    """Set every bound back to the relaxation's."""
    n = len(master.shipped)
    master.highs.changeColsBounds(
        n, master.shipped.astype(np.int32), np.zeros(n), np.full(n, INFINITE)
    )
    for column, high in master.decision_high.items():
        master.highs.changeColBounds(column, 0.0, high)


def _bound(master: Master, column: int, value: float) -> None:
    master.highs.changeColBounds(column, value, value)


def _solve(search: Search, method: Method = "dual") -> bool:
    """Solve with capacities; False when the fixed values leave no point."""
    try:
        search.settle(method)
    except ValueError:
        return False
    return True


def fix_decisions(search: Search) -> None:
    """Decide packages and joint conditions: the surest first, always trying yes before no."""
    master = search.master
    open_ones = {c for c, high in master.decision_high.items() if high > 0}
    for column in master.decision_high.keys() - open_ones:
        _bound(master, column, 0.0)
    while open_ones:
        value = {c: float(master.x[c]) for c in sorted(open_ones)}
        sure = [c for c, x in value.items() if x >= SURE or x <= 1 - SURE]
        best = max(value, key=lambda c: (value[c], -c))
        before = master.value
        batch = [c for c in sure if value[c] >= SURE] or [best]
        for c in batch:
            _bound(master, c, 1.0)
        worth = _solve(search) and master.value <= before * (1 + 1e-3) + 1e-6
        if not worth:
            for c in batch:
                master.highs.changeColBounds(c, 0.0, master.decision_high[c])
            best = max(batch, key=lambda c: (value[c], -c))
            _bound(master, best, 1.0)
            tried = _solve(search)
            up = master.value if tried else INFINITE
            _bound(master, best, 0.0)
            if not _solve(search) or up < master.value:
                _bound(master, best, 1.0)
                _solve(search)
            batch = [best]
        open_ones -= set(batch)
        if all(master.x[c] <= 1 - SURE for c in open_ones):
            for c in open_ones:
                _bound(master, c, 0.0)
            _solve(search)
            return


def _round_whole(search: Search) -> Floats:
    """Raise lower bounds of whole columns round by round, those nearest above first."""
    master = search.master
    problem, pool = master.problem, master.pool
    low = np.zeros(0)
    for step in range(STEPS):
        if step < STEPS - 1:
            _enrich(search, step)
        units = master.units()
        low = np.concatenate([low, np.zeros(len(units) - len(low))])
        n = len(units)
        whole = problem.items.whole[problem.stocks.item[pool.stock[:n]]]
        floor = np.where(whole, np.floor(units + 1e-6), 0.0)
        part = np.where(whole, units - floor, 0.0)
        open_ones = np.flatnonzero(part > 1e-6)
        low = np.maximum(low, floor)
        if not len(open_ones):
            return np.where(whole, floor, units)
        last = step == STEPS - 1
        order = open_ones[np.argsort(-part[open_ones], kind="stable")]
        take = order[: max(1, len(order) // 3)]
        before = low.copy()
        if not last:
            room = Room(problem, search, low)
            for c in take.tolist():
                if part[c] > 0.3 and room.fits(c):
                    room.take(c, 1.0)
                    low[c] += 1.0
            shut = order[part[order] < 0.3][-max(1, len(order) // 6) :]
        else:
            shut = order
        _set_whole(master, np.flatnonzero(whole), low, shut)
        if not _solve(search):
            low = before
            _set_whole(master, np.flatnonzero(whole), low, order)
            if not _solve(search):
                return low
    units = master.units()
    whole = problem.items.whole[problem.stocks.item[pool.stock[: len(units)]]]
    return np.where(whole, np.floor(units + 1e-6), units)


def _enrich(search: Search, step: int) -> None:
    """Price at the fixed values now and then: what fits beside whole units needs new columns."""
    if step % 3:
        return
    columns, _ = search.price()
    new = search.master.pool.add(columns)
    if len(new):
        search.master.add_columns(new)
        _solve(search, "primal")


def _set_whole(
    master: Master,
    columns: np.ndarray[tuple[int], np.dtype[np.int64]],
    low: Floats,
    shut: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    most = master.pool.most
    high = np.full(len(low), INFINITE)
    high[shut] = low[shut]
    at = master.shipped[columns].astype(np.int32)
    master.highs.changeColsBounds(
        len(columns), at, low[columns] / most[columns], high[columns] / most[columns]
    )


class Room:
    """What lower bounds leave free: capacities and stocks; used to see whether one more fits."""

    def __init__(self, problem: Problem, search: Search, low: Floats) -> None:
        self.pool = search.master.pool
        self.problem = problem
        self.free = self.pool.limits() - self.pool.usage(low)
        self.left = problem.stocks.available.copy()
        for c in np.flatnonzero(low > 0).tolist():
            self.left[self.pool.stock[c], self.pool.depart[c] :] -= low[c]
        self.ends = link_ends(self.pool.network)

    def _uses(self, column: int) -> list[tuple[int, float]]:
        pool, net = self.pool, self.pool.network
        week = int(pool.depart[column])
        size = net.size[self.problem.stocks.item[pool.stock[column]]]
        links, horizon = len(self.problem.links.ids), self.problem.horizon_weeks
        found = []
        for k in pool.paths[column]:
            found.append((k * horizon + week, float(size[net.measure[k]])))
            week += int(net.transit[k])
            found.append(((links + int(net.target[k])) * horizon + week, float(size[0])))
        return found

    def fits(self, column: int) -> bool:
        """Say whether one more unit of a column fits."""
        s, week = int(self.pool.stock[column]), int(self.pool.depart[column])
        if self.left[s, week:].min() < 1 - 1e-9:
            return False
        return all(self.free[key] >= amount - 1e-9 for key, amount in self._uses(column))

    def take(self, column: int, units: float) -> None:
        """Use up room for some units of a column."""
        self.left[self.pool.stock[column], self.pool.depart[column] :] -= units
        for key, amount in self._uses(column):
            self.free[key] -= amount * units
