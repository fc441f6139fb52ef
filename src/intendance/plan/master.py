"""The restricted master problem in HiGHS: rows and columns go in as arrays, nothing between.

Everything is scaled to about one: a need's row counts shares of the need, a stock's row shares of
the stock, a capacity row shares of the capacity, a column shares of its largest quantity. Costs
of the first tier are priority-weighted need-weeks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from intendance.plan.firstorder import FirstOrder, Linear, grown
from intendance.plan.pool import Pool
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.stop import Stop, Stopped

INFINITE: Final = float("inf")
Method = Literal["first-order", "interior", "vertex", "primal", "dual"]
Row = tuple[float, float, list[int], list[float]]
LARGEST: Final = 1e9  # an entry of the matrix: the solver refuses rows with entries of 1e15
WEIGHT: Final = 1000.0  # what the optimum of a later tier is scaled to


@dataclass(slots=True)
class Master:
    """A linear programme that grows by columns (priced) and capacity rows (when violated)."""

    problem: Problem
    pool: Pool
    stop: Stop
    seed: int = 0
    seconds: float = 0.0
    solves: int = 0
    value: float = 0.0
    columns: int = 0  # structural columns come first, then shipment columns as in the pool
    x: Floats = field(default_factory=lambda: np.zeros(0))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    highs: Any = None
    first: int = 0
    step_row: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    extra: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    capacity_row: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    package_column: dict[int, int] = field(default_factory=dict)
    package_rows: dict[int, list[int]] = field(default_factory=dict)
    joint_column: dict[int, int] = field(default_factory=dict)
    ready_column: dict[tuple[int, float], int] = field(default_factory=dict)
    tier: str = "shortfall"
    shortfall_row: int = -1
    cost_row: int = -1
    gathering: tuple[list[tuple[float, float]], list[Row]] | None = None
    shipped: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    need_cost: list[float] = field(default_factory=list)
    burden_column: int = -1
    cost_scale: float = 0.0
    rows: int = 0
    high: list[Floats] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)
    decision_high: dict[int, float] = field(default_factory=dict)
    with_rows: list[tuple[int, int]] = field(default_factory=list)
    equal_rows: list[int] = field(default_factory=list)
    stock_rows: tuple[int, int] = (0, 0)
    steps: list[tuple[int, int]] = field(default_factory=list)
    exact: bool = True
    first_order: FirstOrder = field(default_factory=FirstOrder)

    def __post_init__(self) -> None:
        import highspy

        self.highs = highspy.Highs()
        option = self.highs.setOptionValue
        option("output_flag", False)
        option("threads", 1)
        option("parallel", "off")
        option("presolve", "off")
        option("random_seed", self.seed % 2**31)
        option("simplex_strategy", 1)
        self.highs.cbSimplexInterrupt += self._watch
        self.highs.cbIpmInterrupt += self._watch
        self.capacity_row = np.full(self.pool.resources, -1, np.int64)
        _build(self)

    def _watch(self, event: Any) -> None:
        # Asked anew each time: the stop of the step at hand may be a part of the whole one's.
        self.stop.watch(event)

    def add_rows(self, rows: list[Row]) -> int:
        """Add (low, high, columns, values) rows; give the position of the first."""
        first = self.rows
        if self.gathering is None:
            self.pass_rows(rows)
        else:
            self.gathering[1].extend(rows)
        self.rows += len(rows)
        self.high.append(np.array([x[1] for x in rows], np.float64))
        for position, (low, high, columns, values) in enumerate(rows):
            if low == high:
                self.equal_rows.append(first + position)
            for c, value in zip(columns, values, strict=True):
                self.entries.append((first + position, c, value))
        return first

    def pass_rows(self, rows: list[Row]) -> None:
        """Hand rows to the solver."""
        starts = np.cumsum([0, *(len(x[2]) for x in rows)])
        self.highs.addRows(
            len(rows),
            np.array([x[0] for x in rows], np.float64),
            np.array([x[1] for x in rows], np.float64),
            int(starts[-1]),
            starts[:-1].astype(np.int32),
            np.array([c for x in rows for c in x[2]], np.int32),
            np.array([v for x in rows for v in x[3]], np.float64),
        )

    def pass_structure(self, costs: list[float], highs: list[float]) -> None:
        """Hand columns without entries to the solver."""
        n = len(costs)
        self.highs.addCols(
            n, np.array(costs, np.float64), np.zeros(n), np.array(highs, np.float64), 0,
            np.zeros(n, np.int32), np.zeros(0, np.int32), np.zeros(0),
        )  # fmt: skip

    def add_structure(self, costs: list[float], highs: list[float]) -> int:
        """Add columns without entries; give the position of the first."""
        first = self.columns
        n = len(costs)
        if self.gathering is None:
            self.pass_structure(costs, highs)
        else:
            self.gathering[0].extend(zip(costs, highs, strict=True))
        self.columns += n
        return first

    def add_late_structure(self) -> int:
        """Add one structural column after shipment columns stand; give its position."""
        return self.add_structure([0.0], [INFINITE])

    def add_columns(self, new: Ints) -> None:
        """Add the pool's new columns (positions in a row up to the pool's end)."""
        if not len(new):
            return
        pool = self.pool
        most = pool.most[new]
        uses = pool.use_column >= new[0]
        keys = self.capacity_row[pool.use_key[uses]]
        held = keys >= 0
        column = [pool.use_column[uses][held]]
        row = [keys[held]]
        per_unit = [pool.use_amount[uses][held] * self._relative(pool.use_key[uses][held])]
        serves = pool.spare[new] == 0
        column.append(new[serves])
        row.append(pool.row[new][serves])
        per_unit.append(pool.gain[new][serves])
        column.append(new)
        row.append(self.step_row[pool.stock[new], pool.depart[new]])
        per_unit.append(1.0 / self.problem.stocks.available[pool.stock[new], -1])
        for c in new:
            for r, value in self.extra.get(int(pool.stock[c]), ()):
                column.append(np.array([c]))
                row.append(np.array([r]))
                per_unit.append(np.array([value]))
        for limit_row, amount in (
            (self.shortfall_row, pool.late[new]),
            (self.cost_row, pool.cost[new] * self.cost_scale),
        ):
            if limit_row >= 0:
                counted = amount > 0
                column.append(new[counted])
                row.append(np.full(int(counted.sum()), limit_row))
                per_unit.append(amount[counted])
        columns, rows = np.concatenate(column), np.concatenate(row)
        values = np.clip(np.concatenate(per_unit) * pool.most[columns], -LARGEST, LARGEST)
        order = np.lexsort((rows, columns))
        starts = np.searchsorted(columns[order], new)
        costs = self.shipping_cost(new) * most
        self.highs.addCols(
            len(new), costs, np.zeros(len(new)), np.full(len(new), INFINITE), len(values),
            starts.astype(np.int32), rows[order].astype(np.int32), values[order],
        )  # fmt: skip
        self.shipped = np.concatenate([self.shipped, self.columns + np.arange(len(new))])
        self.columns += len(new)

    def shipping_cost(self, columns: Ints) -> Floats:
        """Give the objective of one unit shipped in each column, for the tier at hand."""
        if self.tier == "shortfall":
            return self.pool.late[columns]
        if self.tier == "cost":
            return self.pool.cost[columns] * self.cost_scale
        return np.zeros(len(columns))

    def _relative(self, keys: Ints) -> Floats:
        limit = self.pool.limits()[keys]
        return 1.0 / np.where(limit > 0, limit, 1.0)

    def add_capacity(self, keys: Ints) -> None:
        """Add the capacity rows of keys that have none yet."""
        keys = keys[self.capacity_row[keys] < 0]
        if not len(keys):
            return
        pool = self.pool
        self.capacity_row[keys] = self.rows + np.arange(len(keys))
        mine = np.flatnonzero(self.capacity_row[pool.use_key] >= self.rows)
        rows = self.capacity_row[pool.use_key[mine]]
        order = np.lexsort((pool.use_column[mine], rows))
        mine, rows = mine[order], rows[order]
        values = pool.use_amount[mine] * self._relative(pool.use_key[mine])
        values = np.minimum(values * pool.most[pool.use_column[mine]], LARGEST)
        starts = np.searchsorted(rows, self.rows + np.arange(len(keys)))
        high = np.where(pool.limits()[keys] > 0, 1.0, 0.0)
        self.highs.addRows(
            len(keys), np.full(len(keys), -INFINITE), high, len(mine), starts.astype(np.int32),
            self.shipped[pool.use_column[mine]].astype(np.int32), values,
        )  # fmt: skip
        self.rows += len(keys)
        self.high.append(high)
        self.y = np.concatenate([self.y, np.zeros(len(keys))])

    def solve(self, method: Method, *, tolerance: float = 1e-8, steps: int = 2000) -> None:
        """Solve the programme. Raises Stopped when told to, ValueError when it has no point.

        ``first-order`` comes near the optimum from the point at hand, by so many steps at most.
        ``interior`` stops inside the feasible set (``tolerance`` relative), which is fast and
        gives even duals; ``vertex`` goes on to a vertex; ``primal`` and ``dual`` start the
        simplex method from the basis at hand, after new columns and new rows respectively.
        """
        self.stop.guard()
        if method == "first-order":
            self._approach(tolerance, steps)
            return
        began = time.monotonic()
        status = self._run(method, tolerance)
        if method == "interior" and status == "Unknown":
            status = "Optimal"  # near enough; the bound is repaired from whatever duals there are
        inside = method in {"interior", "vertex"}
        if status not in {"Optimal", "Infeasible", "Interrupted by user", "Empty"} or (
            inside and status == "Infeasible"
        ):
            # The method gave up or is at odds with itself: from scratch with the surest one.
            self.highs.clearSolver()
            status = self._run("dual", tolerance)
        self.seconds += time.monotonic() - began
        self.solves += 1
        if status == "Interrupted by user" or self.stop.now():
            raise Stopped
        if status not in {"Optimal", "Empty"}:
            raise ValueError(status)
        solution = self.highs.getSolution()
        self.x = np.array(solution.col_value)
        self.y = np.array(solution.row_dual)
        self.value = float(self.highs.getInfo().objective_function_value)
        self.exact = method != "interior"

    def _approach(self, tolerance: float, steps: int) -> None:
        """Come near the optimum from the point at hand; value is then that of the point."""
        began = time.monotonic()
        lp = Linear.of(self.highs)
        x, y = grown(self.x, self.columns), grown(self.y, self.rows)
        self.x, self.y = self.first_order.solve(
            lp, x, y, tolerance=tolerance, most=steps, go_on=lambda: not self.stop.now()
        )
        self.seconds += time.monotonic() - began
        self.solves += 1
        self.stop.guard()
        self.value = float(lp.cost @ self.x)
        self.exact = False

    def _run(self, method: Method, tolerance: float) -> str:
        option = self.highs.setOptionValue
        inside = method in {"interior", "vertex"}
        option("solver", "ipm" if inside else "simplex")
        option("run_crossover", "off" if method == "interior" else "on")
        option("ipm_optimality_tolerance", tolerance)
        option("simplex_strategy", 4 if method == "primal" else 1)
        self.highs.run()
        return str(self.highs.modelStatusToString(self.highs.getModelStatus()))

    def dual_value(self, fixed: dict[int, float] | None = None) -> tuple[Floats, float]:
        """Give duals made feasible for every column but the shipments, and what they prove.

        Backlog and surplus hold y_k between y_{k+1} and y_{k+1} + priority; stock duals never
        rise backwards; a decision column counts at its better bound. With the margins of the
        shipments (see ``generation``) this is a bound whatever state the solver left.
        ``fixed`` decisions count at their value.
        """
        y = self.y.copy()
        problem, net = self.problem, self.pool.network
        last = net.row_first + net.row_count - 1
        weight = problem.needs.priority
        y[last] = np.clip(y[last], 0.0, weight * (problem.horizon_weeks - problem.needs.until_week))
        for r in np.flatnonzero(net.row_count > 1):
            for k in range(int(last[r]) - 1, int(net.row_first[r]) - 1, -1):
                y[k] = min(max(y[k], y[k + 1]), y[k + 1] + weight[r])
        less = np.ones(len(y), bool)
        less[self.equal_rows] = False
        y[less] = np.minimum(y[less], 0.0)
        for first, count in self.steps:
            for k in range(first + count - 2, first - 1, -1):
                y[k] = min(y[k], y[k + 1])
        value = float(y @ np.concatenate(self.high)[: len(y)])
        margin = dict.fromkeys(self.decisions, 0.0)
        for row, column, entry in self.entries:
            if column in margin:
                margin[column] -= entry * float(y[row])
        for column, x in margin.items():
            if fixed and column in fixed:
                value += x * fixed[column]
            else:
                value += min(0.0, x) * self.decision_high[column]
        return y, value

    def highs_of_rows(self, first: int, last: int) -> Floats:
        """Give the highest activities of some of the rows that stood from the start."""
        return np.concatenate(self.high)[first:last]

    def units(self) -> Floats:
        """Give the units shipped by each column of the pool."""
        known = self.shipped[self.shipped < len(self.x)]
        return np.maximum(self.x[known], 0.0) * self.pool.most[: len(known)]

    def violated(self, tolerance: float) -> Ints:
        """Give the capacity keys without a row that the solution exceeds."""
        used = self.pool.usage(
            np.concatenate([self.units(), np.zeros(len(self.pool) - len(self.units()))])
        )
        limit = self.pool.limits()
        return np.flatnonzero((used > limit * (1 + tolerance) + 1e-9) & (self.capacity_row < 0))


def _build(master: Master) -> None:
    """Add needs, stocks, packages and conditions; shipment columns follow later."""
    gathered: tuple[list[tuple[float, float]], list[Row]] = ([], [])
    master.gathering = gathered  # thousands of small calls would each copy the matrix
    _add_needs(master)
    _add_stocks(master)
    _add_packages(master)
    _add_conditions(master)
    master.gathering = None
    master.pass_structure([x[0] for x in gathered[0]], [x[1] for x in gathered[0]])
    master.pass_rows(gathered[1])
    master.first = master.columns


def _add_needs(master: Master) -> None:
    """One row a due week; backlog B and early surplus I are carried from row to row.

    Σ gain·x + B_k − B_{k−1} − I_k + I_{k−1} = 1/n. A share still missing after row k costs the
    need's priority for each week until the next row (the last row: until the horizon's end).
    """
    problem, net = master.problem, master.pool.network
    horizon = problem.horizon_weeks
    costs: list[float] = []
    rows = []
    for r in range(len(problem.needs.ids)):
        n = int(net.row_count[r])
        weight = float(problem.needs.priority[r])
        last = horizon - int(problem.needs.until_week[r])
        at = len(costs)
        costs += [weight] * (n - 1) + [weight * last] + [0.0] * n
        for k in range(n):
            columns, values = [at + k, at + n + k], [1.0, -1.0]
            if k:
                columns += [at + k - 1, at + n + k - 1]
                values += [-1.0, 1.0]
            rows.append((1.0 / n, 1.0 / n, columns, values))
    master.need_cost = costs
    if costs:
        master.add_structure(costs, [INFINITE] * len(costs))
        master.add_rows(rows)


def _add_stocks(master: Master) -> None:
    """One row a week in which more becomes available; what is left is carried to the next."""
    available = master.problem.stocks.available
    begin = master.rows
    master.step_row = np.full(available.shape, -1, np.int64)
    for s in range(available.shape[0]):
        total = float(available[s, -1])
        if total <= 0:
            continue
        new = np.diff(available[s], prepend=0.0)
        steps = [int(w) for w in np.flatnonzero(new > 0)]
        carry = master.add_structure([0.0] * (len(steps) - 1), [INFINITE] * (len(steps) - 1))
        rows = []
        for j, week in enumerate(steps):
            columns, values = [], []
            if j < len(steps) - 1:
                columns.append(carry + j)
                values.append(1.0)
            if j:
                columns.append(carry + j - 1)
                values.append(-1.0)
            rows.append((-INFINITE, float(new[week]) / total, columns, values))
        first = master.add_rows(rows)
        if len(steps) > 1:
            master.steps.append((first, len(steps)))
        for j, week in enumerate(steps):
            master.step_row[s, week:] = first + j
    master.stock_rows = (begin, master.rows)


def _add_packages(master: Master) -> None:
    """Σ x / quantity = z for every line, 0 ≤ z ≤ 1."""
    available = master.problem.stocks.available
    for p, pack in enumerate(master.problem.packages):
        lines = list(zip(pack.stocks, pack.quantities, strict=True))
        whole = master.problem.items.whole[master.problem.stocks.item[list(pack.stocks)]]
        possible = all(q <= available[s, -1] * (1 + 1e-9) for s, q in lines) and all(
            abs(q - round(q)) < 1e-9 for (_, q), w in zip(lines, whole, strict=True) if w
        )
        z = master.add_structure([0.0], [1.0 if possible else 0.0])
        master.package_column[p] = z
        master.decisions.append(z)
        master.decision_high[z] = 1.0 if possible else 0.0
        first = master.add_rows([(0.0, 0.0, [z], [-1.0]) for _ in lines])
        master.package_rows[p] = list(range(first, first + len(lines)))
        for row, (s, q) in zip(master.package_rows[p], lines, strict=True):
            master.extra.setdefault(s, []).append((row, 1.0 / q))


def _add_conditions(master: Master) -> None:
    problem = master.problem
    available, ever = problem.stocks.available, problem.stocks.ever
    for c, condition in enumerate(problem.conditions):
        s = condition.stock
        if available[s, -1] <= 0 or (condition.kind == "joint" and condition.count == 0):
            continue
        if condition.kind == "with":
            row = master.add_rows([(-INFINITE, 0.0, [], [])])
            scale = 1.0 / float(available[s, -1])
            master.with_rows.append((s, row))
            master.extra.setdefault(s, []).append((row, condition.share * scale))
            master.extra.setdefault(condition.others[0], []).append((row, -scale))
            continue
        ready = []
        for o in condition.others:
            key = (o, condition.share)
            if key not in master.ready_column:
                least = ready_quantity(problem, o, condition.share)
                possible = 0 < least <= available[o, -1] * (1 + 1e-9) and ever[o] > 0
                y = master.add_structure([0.0], [1.0 if possible else 0.0])
                master.ready_column[key] = y
                master.decisions.append(y)
                master.decision_high[y] = 1.0 if possible else 0.0
                row = master.add_rows([(-INFINITE, 0.0, [y], [1.0])])
                master.extra.setdefault(o, []).append((row, -1.0 / max(least, 1e-9)))
            ready.append(master.ready_column[key])
        b = master.add_structure([0.0], [1.0])
        master.joint_column[c] = b
        master.decisions.append(b)
        master.decision_high[b] = 1.0
        columns, values = [b, *ready], [float(condition.count), *([-1.0] * len(ready))]
        row = master.add_rows([(-INFINITE, 0.0, [b], [-1.0]), (-INFINITE, 0.0, columns, values)])
        master.extra.setdefault(s, []).append((row, 1.0 / float(available[s, -1])))


def ready_quantity(problem: Problem, stock: int, share: float) -> float:
    """Give what a stock has to ship to count for a joint condition (nothing never counts)."""
    least = share * float(problem.stocks.ever[stock])
    if problem.items.whole[problem.stocks.item[stock]]:
        return max(1.0, float(np.ceil(least - 1e-9)))
    return max(least, 1e-4 * float(problem.stocks.available[stock, -1]))
