"""Column generation: solve, add violated capacities, price, until the bound meets the value."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from intendance.plan.master import Master
from intendance.plan.pricing import Column, Pricer
from intendance.plan.problem import Floats

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

    def settle(self, *, primal: bool, tolerance: float = 1e-9) -> None:
        """Solve, adding capacity rows until the solution breaks none."""
        master = self.master
        master.solve(primal=primal)
        while len(keys := master.violated(tolerance)):
            master.add_capacity(keys)
            master.solve(primal=False)

    def price(self) -> tuple[list[Column], float]:
        """Price with the master's duals; give the columns and the bound that they prove.

        The bound is the master's value less, for each stock, all that it can ship times the best
        margin of a unit (the Lagrangian bound with the stock's limit kept in the subproblem).
        """
        began = time.monotonic()
        columns, worst = self.pricer.price(self.master, self.master.y)
        self.price_seconds += time.monotonic() - began
        bound = self.master.value - float(np.maximum(worst, 0.0) @ self.quantity_limit)
        return columns, bound

    def run(self, goal: float, *, max_rounds: int = 10_000) -> None:
        """Generate columns until (value − bound) ≤ goal × value. Raises Stopped."""
        primal = False
        for _ in range(max_rounds):
            self.settle(primal=primal)
            columns, bound = self.price()
            self.rounds += 1
            self.bound = max(self.bound, bound)
            value = self.master.value
            if self.progress:
                self.progress(self.master.tier, value, self.bound, self.rounds)
            if value - self.bound <= goal * max(abs(value), 1e-9):
                return
            new = self.master.pool.add(columns)
            if not len(new):
                return
            self.master.add_columns(new)
            primal = True
