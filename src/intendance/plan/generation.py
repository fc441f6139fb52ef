"""Column generation: solve, add violated capacities, price, until the bound meets the value."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from intendance.plan.master import Master, Method
from intendance.plan.pricing import Column, Pricer
from intendance.plan.problem import Floats

SIMPLEX_ROWS: Final = 600  # below, the simplex method is quicker than interior points
VERTEX_ROWS: Final = 15_000  # beyond, walking to a vertex costs more than it brings
FEW: Final = 0.01  # share of new columns or rows that a warm start takes easily
EARLY: Final = -0.2  # rows come in when four fifths full: fewer rounds end in surprises
ROUGH: Final = 1e-6
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
    quantity_limit: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        problem = self.master.problem
        self.quantity_limit = problem.stocks.available[:, -1].copy()
        for pack in problem.packages:
            for s, q in zip(pack.stocks, pack.quantities, strict=True):
                self.quantity_limit[s] = min(self.quantity_limit[s], q)

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

        The bound is the value of the (repaired) duals less, for each stock, all that it can ship
        times the best margin of a unit: the Lagrangian bound with the stock's limit kept.
        """
        began = time.monotonic()
        duals, value = self.master.dual_value(fixed)
        columns, worst = self.pricer.price(self.master, duals)
        self.price_seconds += time.monotonic() - began
        return columns, value - float(np.maximum(worst, 0.0) @ self.quantity_limit)

    def run(self, goal: float, *, max_rounds: int = 10_000) -> None:
        """Generate columns until (value − bound) ≤ goal × value. Raises Stopped.

        Large programmes start with interior points: each costs a tenth of a warm simplex run
        while many columns are new, and their even duals need fewer rounds. The last rounds,
        with few new columns, walk along vertices.
        """
        master = self.master
        rough = master.rows > SIMPLEX_ROWS
        method: Method = "dual"
        for _ in range(max_rounds):
            if rough:
                master.solve("interior", tolerance=ROUGH)
                keys = master.violated(EARLY)
                master.add_capacity(keys)
            else:
                self.settle(method)
            columns, bound = self.price()
            self.rounds += 1
            self.bound = max(self.bound, bound)
            value = master.value
            if self.progress:
                self.progress(master.tier, value, self.bound, self.rounds)
            near = value - self.bound <= goal * max(abs(value), 1e-9)
            if near and (not rough or master.rows > VERTEX_ROWS):
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
