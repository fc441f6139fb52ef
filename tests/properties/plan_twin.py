"""The contract of the plan written down naively, for tiny problems, as the search's judge."""

from __future__ import annotations

import itertools
import math

import highspy
import numpy as np

from intendance.plan.master import ready_quantity
from intendance.plan.problem import Problem


def every_path(problem: Problem, item: int, start: int, end: int) -> list[tuple[int, ...]]:
    allowed = problem.may_use(item)
    found: list[tuple[int, ...]] = []

    def go(at: int, path: tuple[int, ...], seen: set[int]) -> None:
        if at == end:
            found.append(path)
            return
        for k in range(len(problem.links.ids)):
            to = int(problem.links.target[k])
            if allowed[k] and int(problem.links.source[k]) == at and to not in seen:
                go(to, (*path, k), seen | {to})

    go(start, (), {start})
    return found


class Twin:
    """The contract written down naively: a variable per stock, need, path and week."""

    def __init__(self, problem: Problem, *, integers: bool) -> None:
        self.h = highspy.Highs()
        self.h.setOptionValue("output_flag", False)
        self.h.setOptionValue("mip_rel_gap", 1e-9)
        self.problem = problem
        self.integers = integers
        self.columns: list[tuple[int, int, int, int, tuple[int, ...], int]] = []
        self.build()

    def var(self, cost: float, high: float = math.inf, *, whole: bool = False) -> int:
        self.h.addCol(cost, 0.0, high, 0, np.zeros(0, np.int32), np.zeros(0))
        at = self.h.getNumCol() - 1
        if whole and self.integers:
            self.h.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        return at

    def row(self, low: float, high: float, entries: list[tuple[int, float]]) -> None:
        total: dict[int, float] = {}
        for c, v in entries:
            total[c] = total.get(c, 0.0) + v
        self.h.addRow(
            low, high, len(total), np.array(list(total), np.int32), np.array(list(total.values()))
        )

    def build(self) -> None:
        p = self.problem
        horizon = p.horizon_weeks
        for s, r in itertools.product(range(len(p.stocks.ids)), range(len(p.needs.ids))):
            item = int(p.stocks.item[s])
            if p.effect(r, item) <= 0:
                continue
            for path in every_path(p, item, int(p.stocks.node[s]), int(p.needs.node[r])):
                time = sum(int(p.links.transit_weeks[k]) for k in path)
                for week in range(horizon - time):
                    x = self.var(0.0, whole=bool(p.items.whole[item]))
                    self.columns.append((s, r, week, week + time, path, x))
        for r in range(len(p.needs.ids)):
            due = p.due_by(r)
            weight = float(p.needs.priority[r] / p.needs.quantity[r])
            for week in range(horizon):
                u = self.var(weight)
                got = [
                    (x, p.effect(r, int(p.stocks.item[s])))
                    for s, n, _, arrive, _, x in self.columns
                    if n == r and arrive <= week
                ]
                self.row(float(due[week]), math.inf, [(u, 1.0), *got])
        for s in range(len(p.stocks.ids)):
            for week in range(horizon):
                out = [(x, 1.0) for n, _, w, _, _, x in self.columns if n == s and w <= week]
                self.row(-math.inf, float(p.stocks.available[s, week]), out)
        self.capacities()
        self.decide()

    def capacities(self) -> None:
        p = self.problem
        use: dict[tuple[str, int, int], list[tuple[int, float]]] = {}
        for s, _, depart, _, path, x in self.columns:
            week = depart
            size = p.items.size[p.stocks.item[s]]
            for k in path:
                use.setdefault(("l", k, week), []).append((x, float(size[p.links.measure[k]])))
                week += int(p.links.transit_weeks[k])
                use.setdefault(("n", int(p.links.target[k]), week), []).append((x, float(size[0])))
        for (kind, thing, _), entries in use.items():
            limit = p.links.capacity[thing] if kind == "l" else p.nodes.handling_t[thing]
            if math.isfinite(limit):
                self.row(-math.inf, float(limit), entries)

    def of(self, s: int, factor: float = 1.0) -> list[tuple[int, float]]:
        return [(x, factor) for n, _, _, _, _, x in self.columns if n == s]

    def decide(self) -> None:
        p = self.problem
        for pack in p.packages:
            z = self.var(0.0, 1.0, whole=True)
            for s, q in zip(pack.stocks, pack.quantities, strict=True):
                self.row(0.0, 0.0, [*self.of(s), (z, -q)])
        for c in p.conditions:
            if c.kind == "with":
                self.row(-math.inf, 0.0, [*self.of(c.stock, c.share), *self.of(c.others[0], -1.0)])
                continue
            b = self.var(0.0, 1.0, whole=True)
            self.row(
                -math.inf, 0.0, [*self.of(c.stock), (b, -float(p.stocks.available[c.stock, -1]))]
            )
            ready = []
            for o in c.others:
                least = ready_quantity(p, o, c.share)
                y = self.var(0.0, 1.0, whole=True)
                self.row(-math.inf, 0.0, [(y, least), *self.of(o, -1.0)])
                if least <= 0 or p.stocks.ever[o] <= 0:
                    self.row(0.0, 0.0, [(y, 1.0)])
                ready.append((y, -1.0))
            self.row(-math.inf, 0.0, [(b, float(c.count)), *ready])

    def value(self) -> float:
        self.h.run()
        assert self.h.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self.h.getInfo().objective_function_value)
