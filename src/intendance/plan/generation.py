"""Column generation: solve, add violated capacities, price, until the bound meets the value."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intendance.plan.master import Master, Method
from intendance.plan.pricing import Column, Pricer
from intendance.plan.problem import Floats

SIMPLEX_ROWS: Final = 600  # below, the simplex method is quicker than interior points
VERTEX_ROWS: Final = 8_000  # beyond, at the start, a vertex costs more than it brings
FEW: Final = 0.01  # share of new columns or rows that a warm start takes easily
EARLY: Final = -0.2  # rows come in when four fifths full: fewer rounds end in surprises
ROUGH: Final = 1e-3  # relative error at which the first-order method stops early
INTERIOR: Final = 1e-6
LARGE_GOAL: Final = 1e-3  # where no vertex follows: whole units lose more
FIRST_ROUNDS, FIRST_STEPS, LATER_STEPS = 8, 200, 400
STILL, STILL_GAIN = 6, 2e-4
Progress = Callable[[str, float, float, int], None]


@dataclass(slots=True)
class Search:
    """What column generation has reached: the value of the relaxation and a proven bound."""

    master: Master
    pricer: Pricer
    bound: float = 0.0
    rounds: int = 0
    price_seconds: float = 0.0
    progress: Progress | None = None
    latest: float = 0.0  # the bound that the last round proved, above or below the best
    large_goal: float = LARGE_GOAL
    likely: NDArray[np.bool_] | None = None  # the columns local improvement looks at (None: all)

    def in_play(self) -> NDArray[np.bool_]:
        """Say which columns of the pool local improvement looks at."""
        count = len(self.master.pool)
        if self.likely is None:
            return np.ones(count, bool)
        return np.concatenate([self.likely, np.ones(count - len(self.likely), bool)])

    def settle(self, method: Method, *, tolerance: float = 1e-9) -> None:
        """Solve, adding capacity rows until the solution breaks none."""
        master = self.master
        master.solve(method)
        while len(keys := master.violated(tolerance)):
            master.add_capacity(keys)
            few = len(keys) < FEW * master.rows or method == "primal"
            master.solve("dual" if few else method)

    def price(self, fixed: dict[int, float] | None = None) -> tuple[list[Column], float]:
        """Price with the master's duals; give the columns and the bound that they prove.

        The bound is the value of the (repaired) duals less what every stock could still earn:
        the Lagrangian bound, with the stocks' limits priced or kept, whichever proves more.
        """
        began = time.monotonic()
        duals, value = self.master.dual_value(fixed)
        columns, margins = self.pricer.price(self.master, duals)
        self.price_seconds += time.monotonic() - began
        first, last = self.master.stock_rows
        stocks = float(duals[first:last] @ self.master.highs_of_rows(first, last))
        kept = value - stocks - float(margins.before.sum())
        return columns, max(value - float(margins.after.sum()), kept)

    def run(self, goal: float, *, max_rounds: int = 10_000) -> None:
        """Generate columns until (value − bound) ≤ goal × value. Raises Stopped.

        Programmes with many rows come near by the first-order method and stay there. Others
        start with interior points: each costs a tenth of a warm simplex run while many columns
        are new, and their even duals need fewer rounds. The last rounds, with few new columns,
        walk along vertices.
        """
        master = self.master
        if master.rows > VERTEX_ROWS:
            self._approach(goal)
            return
        rough = master.rows > SIMPLEX_ROWS
        method: Method = "dual"
        for _ in range(max_rounds):
            keys = np.zeros(0, np.int64)
            if rough:
                master.solve("interior", tolerance=INTERIOR)
                keys = master.violated(EARLY)
                master.add_capacity(keys)
            else:
                self.settle(method)
            columns = self._round(master.value)
            near = master.value - self.bound <= goal * max(abs(master.value), 1e-9)
            if near and not rough:
                return
            new = master.pool.add(columns)
            master.add_columns(new)
            if rough:
                rough = not near and len(new) + len(keys) > FEW * master.columns
                method = "vertex"
                continue
            if not len(new):
                return
            method = "primal" if len(new) < FEW * master.columns else "vertex"

    def _round(self, value: float) -> list[Column]:
        """Price once: raise the bound, tell of it, and give the columns that would improve."""
        columns, bound = self.price()
        self.rounds += 1
        self.latest = bound
        self.bound = max(self.bound, bound)
        if self.progress:
            self.progress(self.master.tier, value, self.bound, self.rounds)
        return columns

    def price_near(self) -> list[Column]:
        """Give the quickest way of every stock to every need: prices of an empty network."""
        master = self.master
        net, weight = master.pool.network, master.problem.needs.priority
        duals = np.zeros(master.rows)
        duals[net.row_first + net.row_count - 1] = weight * master.problem.horizon_weeks
        return self.pricer.price(master, duals)[0]

    def begin(self, need: Floats, stock: Floats) -> None:
        """Start from prices: of the needs' week rows, and of a unit of each stock by week."""
        master = self.master
        y = np.zeros(master.rows)
        y[: len(need)] = need
        total = master.problem.stocks.available[:, -1:]
        known = (master.step_row >= 0) & (stock > 0)
        y[master.step_row[known]] = -(stock * total)[known]
        master.y = y
        columns, bound = self.price()
        self.bound = max(self.bound, bound)
        master.add_columns(master.pool.add(columns))

    def _approach(self, goal: float) -> None:
        """Come near the optimum: many cheap rounds, each a few hundred first-order steps.

        Ends at ``large_goal`` (or the goal, when that is wider), or when the bound stands still.
        """
        master = self.master
        reached: list[float] = []
        while True:
            steps = FIRST_STEPS if len(reached) < FIRST_ROUNDS else LATER_STEPS
            master.solve("first-order", tolerance=ROUGH, steps=steps)
            keys = master.violated(EARLY)
            master.add_capacity(keys)
            new = master.pool.add(self._round(master.value))
            # What the rounds prove themselves: the bound they began with may stand for long.
            reached.append(max(self.latest, reached[-1] if reached else 0.0))
            master.add_columns(new)
            value = max(abs(master.value), 1e-9)
            if master.value - self.bound <= max(goal, self.large_goal) * value or not len(new):
                return
            ago = reached[-STILL] if len(reached) > STILL else 0.0
            if len(reached) > STILL and reached[-1] - ago <= STILL_GAIN * value:
                return
