"""Next to us on the same problem: one full model over the K quickest paths, by PuLP and linopy.

Every stock, need, departure week and path is a column, as a modeller without column generation
would write it. Fewer paths than there are is a restriction, so their objective can only be worse
than the optimum. The libraries live in ``.venv-peer-plan``; without it the benchmark is skipped.
"""

from __future__ import annotations

import heapq
import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.figures import Figures, figure
from benchmarks.intake_peer import ROOT, peer_python

from intendance.plan.holdings import FAR, quickest
from intendance.plan.instances import write_instance
from intendance.plan.master import ready_quantity
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.solve import solve

PATHS = 3
SLOWER = 10
MEMORY_BYTES = 6 * 2**30
SCRIPT = Path(__file__).with_name("peer_plan.py")


@dataclass
class Full:
    """Columns, rows and entries as plain lists."""

    cost: list[float] = field(default_factory=list)
    high: list[float | None] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    sense: list[str] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add(self, cost: float, high: float | None = None, *, whole: bool = False) -> int:
        self.cost.append(cost)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def add_row(self, sense: str, limit: float, *entries: tuple[int, float]) -> int:
        self.sense.append(sense)
        self.limit.append(limit)
        for c, v in entries:
            self.enter(len(self.limit) - 1, c, v)
        return len(self.limit) - 1

    def enter(self, row: int, column: int, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)


def quick_paths(problem: Problem, item: int, start: int, end: int) -> list[tuple[int, ...]]:
    """Give the PATHS quickest paths without a node twice, by best-first search."""
    links = problem.links
    allowed = problem.may_use(item)
    ahead = quickest(problem, item, end)
    out: dict[int, list[int]] = {}
    for k in np.flatnonzero(allowed).tolist():
        out.setdefault(int(links.source[k]), []).append(k)
    found: list[tuple[int, ...]] = []
    heap: list[tuple[int, float, int, tuple[int, ...], frozenset[int]]]
    heap = [(ahead[start], 0.0, start, (), frozenset([start]))] if ahead[start] < FAR else []
    while heap and len(found) < PATHS:
        total, cost, at, path, seen = heapq.heappop(heap)
        if at == end:
            found.append(path)
            continue
        for k in out.get(at, ()):
            to = int(links.target[k])
            if to not in seen and ahead[to] < FAR:
                weeks = total - ahead[at] + int(links.transit_weeks[k]) + ahead[to]
                spent = cost + float(links.cost_eur_per_t[k])
                heapq.heappush(heap, (weeks, spent, to, (*path, k), seen | {to}))
    return found


def full_model(problem: Problem) -> Full:
    """Write the first tier down, every column listed."""
    full = Full()
    balance = _needs(full, problem)
    stock_rows = _stocks(full, problem)
    capacity: dict[tuple[str, int, int], int] = {}
    shipped: dict[int, list[int]] = {}
    ways: dict[tuple[int, int, int], list[tuple[int, ...]]] = {}
    stocks, links = problem.stocks, problem.links
    for (capability, item), effect in problem.effects.items():
        needs = [r for r, c in enumerate(problem.needs.capabilities) if c == capability]
        holders = np.flatnonzero((stocks.item == item) & (stocks.available[:, -1] > 0)).tolist()
        size, whole = problem.items.size[item], bool(problem.items.whole[item])
        for s in holders:
            for r in needs:
                key = (item, int(stocks.node[s]), int(problem.needs.node[r]))
                if key not in ways:
                    ways[key] = quick_paths(problem, *key)
                first = int(np.argmax(stocks.available[s] > 0))
                for path in ways[key]:
                    weeks = sum(int(links.transit_weeks[k]) for k in path)
                    for depart in range(first, problem.horizon_weeks - weeks):
                        x = full.add(0.0, float(stocks.available[s, -1]), whole=whole)
                        shipped.setdefault(s, []).append(x)
                        share = effect / float(problem.needs.quantity[r])
                        full.enter(balance[r, depart + weeks], x, share)
                        full.enter(stock_rows[s, depart], x, 1.0)
                        _use(full, problem, capacity, x, (path, depart), size)
    _decide(full, problem, shipped)
    return full


def _needs(full: Full, problem: Problem) -> dict[tuple[int, int], int]:
    """Backlog and surplus are carried from week to week; before the first due week all counts."""
    rows: dict[tuple[int, int], int] = {}
    for r in range(len(problem.needs.ids)):
        due = np.diff(problem.due_by(r), prepend=0.0) / float(problem.needs.quantity[r])
        before: tuple[int, int] | None = None
        for week in range(problem.horizon_weeks):
            back, over = full.add(float(problem.needs.priority[r])), full.add(0.0)
            rows[r, week] = full.add_row("=", float(due[week]), (back, 1.0), (over, -1.0))
            if before:
                full.enter(rows[r, week], before[0], -1.0)
                full.enter(rows[r, week], before[1], 1.0)
            before = (back, over)
    return rows


def _stocks(full: Full, problem: Problem) -> dict[tuple[int, int], int]:
    """What is left is carried from week to week."""
    rows: dict[tuple[int, int], int] = {}
    for s, available in enumerate(problem.stocks.available):
        before = -1
        for week, new in enumerate(np.diff(available, prepend=0.0).tolist()):
            left = full.add(0.0)
            rows[s, week] = full.add_row("=", new, (left, 1.0))
            if before >= 0:
                full.enter(rows[s, week], before, -1.0)
            before = left
    return rows


def _use(
    full: Full,
    problem: Problem,
    capacity: dict[tuple[str, int, int], int],
    x: int,
    way: tuple[tuple[int, ...], int],
    size: Any,
) -> None:
    links, (path, week) = problem.links, way
    for k in path:
        uses = [("link", k, week, float(size[links.measure[k]]), float(links.capacity[k]))]
        week += int(links.transit_weeks[k])
        n = int(links.target[k])
        uses.append(("node", n, week, float(size[0]), float(problem.nodes.handling_t[n])))
        for kind, thing, when, amount, limit in uses:
            if amount > 0 and np.isfinite(limit):
                key = (kind, thing, when)
                if key not in capacity:
                    capacity[key] = full.add_row("<", limit)
                full.enter(capacity[key], x, amount)


def _decide(full: Full, problem: Problem, shipped: dict[int, list[int]]) -> None:
    available = problem.stocks.available
    for pack in problem.packages:
        z = full.add(0.0, 1.0, whole=True)
        for s, q in zip(pack.stocks, pack.quantities, strict=True):
            full.add_row("=", 0.0, (z, -q), *((x, 1.0) for x in shipped.get(s, ())))
    for c in problem.conditions:
        mine = shipped.get(c.stock, [])
        if c.kind == "with":
            others = [(x, -1.0) for x in shipped.get(c.others[0], ())]
            full.add_row("<", 0.0, *((x, c.share) for x in mine), *others)
            continue
        b = full.add(0.0, 1.0, whole=True)
        full.add_row("<", 0.0, (b, -float(available[c.stock, -1])), *((x, 1.0) for x in mine))
        ready = []
        for o in c.others:
            least = ready_quantity(problem, o, c.share)
            y = full.add(0.0, 1.0 if available[o, -1] >= least else 0.0, whole=True)
            full.add_row("<", 0.0, (y, least), *((x, -1.0) for x in shipped.get(o, ())))
            ready.append((y, -1.0))
        full.add_row("<", 0.0, (b, float(c.count)), *ready)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def run_peer(library: str, path: Path, seconds: float) -> dict[str, Any] | str:
    """Give what a peer found, or what became of it."""
    python = str(peer_python(ROOT / ".venv-peer-plan", "peer_plan.txt"))
    with subprocess.Popen(
        [python, str(SCRIPT), library, str(path), str(seconds)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_limited,  # noqa: PLW1509
        start_new_session=True,
    ) as peer:  # fmt: skip
        try:
            said, errors = peer.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(peer.pid, signal.SIGKILL)  # its solver is a process of its own
            return f"nothing after {seconds:.0f} s"
    if peer.returncode:
        return "out of memory" if "Memory" in errors else f"failed: {errors[-200:]}"
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def compare(size: str) -> Figures:
    """Solve one instance thrice and set time, memory and objective side by side."""
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name) / "problem", Path(name) / "columns.json"
        write_instance(size, 1, folder)
        # The full model knows the first tier alone; later ones may give up a little of it.
        problem = replace(read_problem(folder)[0], tiers=("shortfall",))
        solve(problem, gap=1.0)  # loads what is compiled; theirs is compiled ahead as well
        began = time.monotonic()
        ours = solve(problem, gap=1e-3)
        took = time.monotonic() - began
        began = time.monotonic()
        full = full_model(problem)
        listing = time.monotonic() - began
        path.write_text(json.dumps(vars(full)), "utf-8")
        found: Figures = {
            "ours, seconds": figure(took, "s"),
            "ours, shortfall": figure(ours.objective.shortfall),
            "columns of the full model": figure(len(full.cost)),
            "seconds to list them": figure(listing, "s"),
        }
        for library in ("pulp", "linopy"):
            theirs = run_peer(library, path, 2 * SLOWER * took)
            if isinstance(theirs, str):
                found[f"{library}, ended"] = theirs
                continue
            found[f"{library}, peak memory"] = figure(theirs["peak_mb"], "MB")
            times = theirs["seconds"] / took
            found[f"{library}, times our time"] = figure(
                times, "times", **({"at_least": SLOWER} if size == "medium" else {})
            )
            if theirs["objective"] is not None:
                # Each stops within 0.1 % of its own bound, so that either may be ahead by as much.
                ratio = theirs["objective"] / max(ours.objective.shortfall, 1e-9)
                found[f"{library}, shortfall over ours"] = figure(ratio, "", at_least=1 - 1e-3)
    return found


def bench_plan_beside_peers_small() -> Figures:
    """The small instance through the full model: a check that both solve the same problem."""
    return compare("small")


def bench_plan_beside_peers_medium() -> Figures:
    """The medium instance: at least ten times slower, or nothing at all, never better."""
    return compare("medium")
