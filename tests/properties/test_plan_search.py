"""Random tiny problems: the search against a twin that lists every column and every week."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import highspy
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intendance.plan.check import check
from intendance.plan.instances import Size, generate
from intendance.plan.master import ready_quantity
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.result import csv_text, write_files
from intendance.plan.solve import solve

FEW = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
seeds = st.integers(0, 100_000)


def _size(seed: int) -> Size:
    rng = np.random.default_rng(seed)
    return Size(
        donors=int(rng.integers(1, 4)),
        items=int(rng.integers(1, 5)),
        weeks=int(rng.integers(3, 8)),
        nodes=int(rng.integers(5, 8)),
        needs=int(rng.integers(1, 5)),
        stocks=int(rng.integers(2, 9)),
        integers=False,
    )


def make(seed: int, *, integers: bool, change: dict[str, str] | None = None) -> Problem:
    rng = np.random.default_rng(seed)
    size = replace(_size(seed), integers=integers)
    files = generate(size, seed)
    if integers:
        files |= decisions(files, rng)
    with TemporaryDirectory() as folder:
        write_files(Path(folder), files | (change or {}))
        return read_problem(Path(folder))[0]


def decisions(files: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    """One package of one or two stocks, one joint, one with condition, all small enough to ship."""
    rows = [line.split(",") for line in files["stocks.csv"].splitlines()[1:]]
    order = [int(x) for x in rng.permutation(len(rows))]
    packages = [
        ("P0", rows[s][0], max(1, (int(rows[s][4]) - int(rows[s][5])) // 2))
        for s in order[: int(rng.integers(1, 3))]
    ]
    conditions = []
    rest = order[-4:]
    if len(rest) >= 3:
        conditions.append(
            (rows[rest[0]][0], "joint", f"{rows[rest[1]][0]};{rows[rest[2]][0]}", 1, 0.5)
        )
        conditions.append((rows[rest[2]][0], "with", rows[rest[1]][0], "", 0.5))
    return {
        "packages.csv": csv_text(("package", "stock", "quantity"), packages),
        "conditions.csv": csv_text(("stock", "kind", "others", "count", "share"), conditions),
    }


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


@FEW
@given(seeds)
def test_without_integers_the_plan_equals_the_twin(seed: int) -> None:
    problem = make(seed, integers=False)
    plan = solve(problem)
    best = Twin(problem, integers=False).value()
    report = check(problem, plan.shipments, plan.accepted)
    assert report.accepted, report.broken
    allowed = (1 + problem.tier_tolerance) ** 2
    assert plan.bound <= best * (1 + 1e-6) + 1e-6
    assert (
        best * (1 - 1e-6) - 1e-6 <= plan.objective.shortfall <= best * allowed * (1 + 1e-6) + 1e-6
    )
    assert plan.bound >= best * (1 - 1e-6) - 1e-6


@FEW
@given(seeds)
def test_with_integers_bound_and_plan_enclose_the_optimum(seed: int) -> None:
    problem = make(seed, integers=True)
    plan = solve(problem)
    best = Twin(problem, integers=True).value()
    report = check(problem, plan.shipments, plan.accepted)
    assert report.accepted, report.broken
    assert plan.bound <= best * (1 + 1e-6) + 1e-6
    assert plan.objective.shortfall >= best * (1 - 1e-6) - 1e-6
    assert plan.status != "optimal" or plan.gap <= 0.001 + 2.1 * problem.tier_tolerance
    # Problems this small are solved with every column listed, so only tiers may cost something.
    allowed = (1 + problem.tier_tolerance) ** 2
    assert plan.objective.shortfall <= best * allowed * (1 + 1e-6) + 1e-6
    assert plan.bound >= best * (1 - 1e-3) - 1e-6


@FEW
@given(seeds, st.sampled_from(["stock", "capacity", "time"]))
def test_more_never_makes_the_shortfall_worse(seed: int, more: str) -> None:
    problem = make(seed, integers=False)
    with TemporaryDirectory() as name:
        folder = Path(name)
        size_files = generate(_size(seed), seed)
        if more == "stock":
            size_files["stocks.csv"] = _scaled(size_files["stocks.csv"], 4)
        elif more == "capacity":
            size_files["links.csv"] = _scaled(size_files["links.csv"], 6)
            size_files["nodes.csv"] = _scaled(size_files["nodes.csv"], 6)
        else:
            size_files["links.csv"] = _scaled(size_files["links.csv"], 4, 0)
        write_files(folder, size_files)
        eased, _ = read_problem(folder)
    assert solve(eased).bound <= solve(problem).bound * (1 + 1e-6) + 1e-6


def _scaled(text: str, column: int, factor: int = 2) -> str:
    header, *rows = [line.split(",") for line in text.splitlines()]
    for row in rows:
        if row[column]:
            row[column] = str(float(row[column]) * factor).removesuffix(".0")
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"
