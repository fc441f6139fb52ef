"""Local improvement: free the shipments to some needs, solve that part exactly, keep the rest.

Parts are solved as mixed-integer programmes over the columns found so far, with a limit on nodes
(not on time), so that the same problem gives the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from intendance.plan.generation import Search
from intendance.plan.master import INFINITE, LARGEST
from intendance.plan.point import Point
from intendance.plan.pool import Pool
from intendance.plan.problem import Floats, Ints, Problem, Tier
from intendance.plan.repair import Found, better, mend, merge
from intendance.plan.result import Figures
from intendance.plan.stop import Stop

MAX_COLUMNS: Final = 1000
MAX_NODES: Final = 30
PART_GAP: Final = 1e-4
CHECKED: Final = 20  # parts between two looks of the checker
STILL: Final = 1e-5
NAMES: Final = ("shortfall", "burden", "cost")
LATER_GAP: Final = 1e-3  # of burden and cost, whose last per mille takes most of the time


@dataclass(slots=True)
class Model:
    """Rows and columns of a part, collected as lists and passed to HiGHS once."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)
    bound: float = 0.0

    def column(self, cost: float, high: float, *, whole: bool = False, start: float = 0.0) -> int:
        """Add a column from zero up to a limit."""
        self.cost.append(cost)
        self.low.append(0.0)
        self.high.append(high)
        self.whole.append(whole)
        self.start.append(start)
        return len(self.cost) - 1

    def solve(
        self,
        stop: Stop,
        seed: int,
        *,
        nodes: int = MAX_NODES,
        gap: float = PART_GAP,
        presolve: bool = True,
    ) -> Floats | None:
        """Give the best point found, or None; ``bound`` then holds what no point goes below.

        Without ``presolve`` where the bound counts: it has been seen to cut off the optimum.
        """
        import highspy

        highs: Any = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("parallel", "off"),
            ("random_seed", seed % 2**31), ("mip_max_nodes", nodes), ("mip_abs_gap", 1e-9),
            ("mip_allow_restart", False),
            ("presolve", "choose" if presolve else "off"),
            ("mip_rel_gap", gap), ("time_limit", max(0.1, min(1e6, stop.left_seconds()))),
        ):  # fmt: skip
            highs.setOptionValue(name, value)
        highs.cbSimplexInterrupt += stop.watch
        highs.cbMipInterrupt += stop.watch
        n = len(self.cost)
        nothing = np.zeros(0, np.int32)
        highs.addCols(
            n, np.array(self.cost), np.array(self.low), np.array(self.high), 0,
            np.zeros(n, np.int32), nothing, np.zeros(0),
        )  # fmt: skip
        whole = np.flatnonzero(self.whole).astype(np.int32)
        if len(whole):
            highs.changeColsIntegrality(len(whole), whole, np.ones(len(whole), np.uint8))
        starts = np.cumsum([0, *(len(x[2]) for x in self.rows)])
        values = np.array([v for x in self.rows for v in x[3]], np.float64)
        # The solver refuses rows with larger entries; divided by the largest, they say the same.
        scale = np.ones(len(self.rows))
        np.maximum.at(scale, np.repeat(np.arange(len(scale)), np.diff(starts)), np.abs(values))
        scale = np.where(scale > LARGEST, scale, 1.0)
        highs.addRows(
            len(self.rows),
            np.array([x[0] for x in self.rows]) / scale,
            np.array([x[1] for x in self.rows]) / scale,
            int(starts[-1]), starts[:-1].astype(np.int32),
            np.array([c for x in self.rows for c in x[2]], np.int32),
            values / np.repeat(scale, np.diff(starts)),
        )  # fmt: skip
        highs.setSolution(n, np.arange(n, dtype=np.int32), np.array(self.start))
        highs.run()
        done = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self.bound = float(highs.getInfo().mip_dual_bound)
        if done and not len(whole):
            self.bound = float(highs.getInfo().objective_function_value)
        if highs.getInfo().primal_solution_status != 2:
            return None
        return np.array(highs.getSolution().col_value)


@dataclass(slots=True)
class Part:
    """What one part may use: the columns freed and what everything else leaves over."""

    problem: Problem
    pool: Pool
    needs: list[int]
    columns: Ints
    kept: Point
    freed: Floats


def frozen_stocks(problem: Problem) -> set[int]:
    """Give the stocks that a part leaves alone: in packages, under or named by conditions."""
    named = {o for c in problem.conditions for o in c.others}
    return named | {c.stock for c in problem.conditions} | set(problem.package_of)


def cut_out(search: Search, now: Point, needs: list[int]) -> Part:
    """Free the shipments to some needs and say what is left for them."""
    problem, pool = now.problem, now.pool
    loose = np.ones(len(problem.stocks.ids), bool)
    loose[sorted(frozen_stocks(problem))] = False
    chosen = np.zeros(len(problem.needs.ids), bool)
    chosen[needs] = True
    free = chosen[pool.need] & loose[pool.stock] & (pool.spare == 0)
    columns = np.flatnonzero(free & (search.in_play() | (now.units > 0)))
    units = now.units.copy()
    units[columns] = 0.0
    return Part(problem, pool, needs, columns, Point(problem, pool, units), now.units[columns])


def improve_part(
    search: Search,
    now: Found,
    needs: list[int],
    tier: Tier,
    limits: dict[str, float],
    stop: Stop,
) -> Found | None:
    """Solve one part for a tier; ``limits`` holds the earlier tiers. None when nothing better."""
    problem, pool = search.master.problem, search.master.pool
    point = Point.of(problem, pool, now[0])
    found = solve_part(search, point, (point.figures(), now[2]), needs, tier, limits, stop)
    return checked(found, now, tier, limits) if found else None


def checked(point: Point, now: Found, tier: Tier, limits: dict[str, float]) -> Found | None:
    """Give the checker's word on a point: the plan when it holds and is better, else None."""
    found = mend(point.problem, point.pool.network, merge(point.shipments()), fill=False)
    if found is None or not _within(found[2], limits):
        return None
    return found if better(found[2], now[2], tier) else None


def _within(figures: Figures, limits: dict[str, float]) -> bool:
    return all(
        float(getattr(figures, name)) <= limit * (1 + 1e-9) + 1e-9 for name, limit in limits.items()
    )


def solve_part(
    search: Search,
    now: Point,
    figures: tuple[Figures, Figures],
    needs: list[int],
    tier: Tier,
    limits: dict[str, float],
    stop: Stop,
) -> Point | None:
    """Give a better point by solving one part; None when there is none.

    ``figures`` are the point's own and the checker's, which may be a little lower.
    """
    part = cut_out(search, now, needs)
    if not len(part.columns):
        return None
    model = Model()
    whole = part.problem.items.whole[part.problem.stocks.item[part.pool.stock]]
    x_at = {
        c: model.column(
            _cost(part, c, tier), float(part.pool.most[c]), whole=bool(whole[c]), start=start
        )
        for c, start in zip(part.columns.tolist(), part.freed.tolist(), strict=True)
    }
    shortfall = _add_needs(model, part, x_at, tier)
    _add_stocks(model, part, x_at)
    _add_room(model, part, x_at)
    own, said = figures
    if "shortfall" in limits:
        spare = max(0.0, limits["shortfall"] - said.shortfall)
        mine = sum(value * model.start[c] for c, value in shortfall)
        columns, values = [c for c, _ in shortfall], [v for _, v in shortfall]
        model.rows.append((-INFINITE, mine + spare, columns, values))
    if tier == "burden" or "burden" in limits:
        _add_burden(model, part, x_at, tier, limits, said)
    if "cost" in limits:
        spare = max(0.0, limits["cost"] - said.cost)
        mine = float(part.pool.cost[part.columns] @ part.freed)
        values = [float(part.pool.cost[c]) for c in x_at]
        model.rows.append((-INFINITE, mine + spare + 1e-9, list(x_at.values()), values))
    gap = PART_GAP if tier == "shortfall" else LATER_GAP
    point = model.solve(stop, search.master.seed, gap=gap)
    if point is None:
        return None
    units = np.maximum(point[: len(part.columns)], 0.0)
    units = np.where(whole[part.columns], np.round(units), units)
    units[units < 1e-9] = 0.0
    found = part.kept
    found.units[part.columns] = units
    return found if better(found.figures(), own, tier) else None


def _cost(part: Part, column: int, tier: Tier) -> float:
    if tier == "shortfall":
        return float(part.pool.late[column])
    return float(part.pool.cost[column]) if tier == "cost" else 0.0


def _add_needs(
    model: Model, part: Part, x_at: dict[int, int], tier: Tier
) -> list[tuple[int, float]]:
    """Add the rows of the needs; give the columns that make up their shortfall with weights."""
    problem, net, pool = part.problem, part.pool.network, part.pool
    by_row: dict[int, list[tuple[int, float]]] = {}
    for c, at in x_at.items():
        by_row.setdefault(int(pool.row[c]), []).append((at, float(pool.gain[c])))
    got = part.kept.covered()
    counted = [(x_at[c], float(pool.late[c])) for c in x_at if pool.late[c] > 0]
    on = 1.0 if tier == "shortfall" else 0.0
    for r in part.needs:
        n, first = int(net.row_count[r]), int(net.row_first[r])
        weight = float(problem.needs.priority[r])
        carried = 0.0
        before: tuple[int, int] | None = None
        for k in range(n):
            last = problem.horizon_weeks - int(problem.needs.until_week[r]) if k == n - 1 else 1
            mine = by_row.get(first + k, [])
            due = 1.0 / n - got[first + k]
            carried += due - sum(model.start[at] * gain for at, gain in mine)
            back = model.column(on * weight * last, INFINITE, start=max(0.0, carried))
            over = model.column(0.0, INFINITE, start=max(0.0, -carried))
            counted.append((back, weight * last))
            columns, values = [back, over], [1.0, -1.0]
            if before:
                columns += before
                values += [-1.0, 1.0]
            columns += [at for at, _ in mine]
            values += [gain for _, gain in mine]
            model.rows.append((due, due, columns, values))
            before = (back, over)
    return counted


def _add_stocks(model: Model, part: Part, x_at: dict[int, int]) -> None:
    by_stock: dict[int, list[int]] = {}
    for c in x_at:
        by_stock.setdefault(int(part.pool.stock[c]), []).append(c)
    stocks = np.array(sorted(by_stock), np.int64)
    for s, left in zip(stocks.tolist(), part.kept.left(stocks), strict=True):
        weeks = [*np.flatnonzero(np.diff(left) > 1e-9).tolist(), len(left) - 1]
        for week in weeks:
            mine = [x_at[c] for c in by_stock[s] if part.pool.depart[c] <= week]
            if mine:
                model.rows.append((-INFINITE, max(0.0, left[week]), mine, [1.0] * len(mine)))


def _add_room(model: Model, part: Part, x_at: dict[int, int]) -> None:
    mine: NDArray[np.bool_] = np.zeros(len(part.pool), bool)
    mine[list(x_at)] = True
    uses = np.flatnonzero(mine[part.pool.use_column])
    rows: dict[int, tuple[list[int], list[float]]] = {}
    for u in uses.tolist():
        columns, values = rows.setdefault(int(part.pool.use_key[u]), ([], []))
        columns.append(x_at[int(part.pool.use_column[u])])
        values.append(float(part.pool.use_amount[u]))
    free = part.kept.free()
    for key, (columns, values) in sorted(rows.items()):
        model.rows.append((-INFINITE, float(free[key]), columns, values))


def _add_burden(
    model: Model,
    part: Part,
    x_at: dict[int, int],
    tier: Tier,
    limits: dict[str, float],
    now: Figures,
) -> None:
    problem = part.problem
    scale = max(now.burden, 1.0)
    per_unit = problem.items.value_eur[problem.stocks.item]
    per_unit = per_unit / problem.donors.share[problem.stocks.donor] / scale
    given = part.kept.given() / scale
    top = -1
    if tier == "burden":
        top = model.column(1000.0, INFINITE, start=now.burden / scale)
    for d in range(len(given)):
        mine = [c for c in x_at if problem.stocks.donor[part.pool.stock[c]] == d]
        columns = [x_at[c] for c in mine]
        values = [float(per_unit[part.pool.stock[c]]) for c in mine]
        if tier == "burden":
            model.rows.append((-INFINITE, -float(given[d]), [*columns, top], [*values, -1.0]))
        elif columns:
            most = limits["burden"] / scale * (1 + 1e-9) + 1e-9
            model.rows.append((-INFINITE, most - float(given[d]), columns, values))


def parts(search: Search, turn: int) -> list[list[int]]:
    """Deal the needs into parts that share stocks (even turns) or destinations (odd turns)."""
    problem, pool = search.master.problem, search.master.pool
    needs = problem.needs
    count = np.bincount(pool.need[search.in_play()], minlength=len(needs.ids))
    if int(count.sum()) <= MAX_COLUMNS:
        return [list(range(len(needs.ids)))]
    if turn % 2 == 0:
        names = np.unique(np.array(needs.capabilities), return_inverse=True)[1]
        order = np.lexsort((needs.node, names))
    else:
        order = np.lexsort((needs.due_week, needs.node))
    shift = (turn // 2) * len(order) // 7
    order = np.roll(order, -shift)
    groups: list[list[int]] = [[]]
    size = 0
    for r in order.tolist():
        if size and size + int(count[r]) > MAX_COLUMNS:
            groups.append([])
            size = 0
        groups[-1].append(r)
        size += int(count[r])
    return groups


def improve(
    search: Search,
    now: Found,
    tier: Tier,
    limits: dict[str, float],
    goal: float,
    stop: Stop,
    *,
    turns: int = 6,
) -> Found:
    """Go through the parts until the tier's figure reaches ``goal`` or nothing moves any more."""
    for turn in range(turns):
        start = float(getattr(now[2], tier))
        dealt = parts(search, turn)
        if turn and len(dealt) == 1:
            break  # the same programme once more would say the same
        for first in range(0, len(dealt), CHECKED):
            now = _improve_some(
                search, now, dealt[first : first + CHECKED], tier, limits, goal, stop
            )
            if stop.now() or float(getattr(now[2], tier)) <= goal:
                return now
        if turn % 2 and float(getattr(now[2], tier)) >= start * (1 - STILL):
            break
    return now


def _improve_some(
    search: Search,
    now: Found,
    dealt: list[list[int]],
    tier: Tier,
    limits: dict[str, float],
    goal: float,
    stop: Stop,
) -> Found:
    """Solve some parts one after another; the checker judges the sum."""
    point = Point.of(search.master.problem, search.master.pool, now[0])
    own = begun = point.figures()
    said = now[2]
    for needs in dealt:
        if stop.now() or float(getattr(said, tier)) <= goal:
            break
        found = solve_part(search, point, (own, said), needs, tier, limits, stop)
        if found is None:
            continue
        point, own = found, found.figures()
        moved = (getattr(now[2], x) + getattr(own, x) - getattr(begun, x) for x in NAMES)
        said = Figures(*(float(x) for x in moved))
        if search.progress:
            search.progress(tier, float(getattr(said, tier)), search.bound, search.rounds)
    if own is begun:
        return now
    return checked(point, now, tier, limits) or now
