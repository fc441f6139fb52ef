"""A first-order method for large masters: primal-dual steps with restarts, started warm.

A round of column generation changes the master a little, and the bound is valid at any duals:
so prices good to a thousandth, in seconds, are worth more than exact ones in minutes. Interior
points factorise anew each time and cannot start warm; this method only multiplies by the matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from intendance.plan.problem import Floats, Ints

CHUNK: Final = 200  # iterations between two looks at the error
SCALINGS: Final = 10


@dataclass(slots=True)
class FirstOrder:
    """What the method keeps from one programme to the next: its weight and its history."""

    weight: float = 1.0
    history: Floats = field(default_factory=lambda: np.zeros(2))
    iterations: int = 0

    def solve(
        self,
        lp: Linear,
        x: Floats,
        y: Floats,
        *,
        tolerance: float,
        most: int,
        go_on: Callable[[], bool],
    ) -> tuple[Floats, Floats]:
        """Give x and y near the optimum, from any start.

        Stops when what x lacks of being feasible (valued at y), what y lacks, and the difference
        of the two values together are within ``tolerance`` of the value; after ``most``
        iterations; or when ``go_on`` says no.
        """
        from intendance.plan import descent

        rows, columns = np.ones(len(lp.low)), np.ones(len(lp.cost))
        descent.balance(*lp.by_column, rows, columns, SCALINGS)
        limits = np.where(np.isfinite(lp.high), lp.high, lp.low) * rows
        of_rows = float(np.linalg.norm(limits)) or 1.0
        of_cost = float(np.linalg.norm(lp.cost * columns)) or 1.0
        scaled_x, scaled_y = x / (columns * of_rows), y / (rows * of_cost)
        scaled = (
            lp.cost * columns / of_cost, lp.low * rows / of_rows, lp.high * rows / of_rows,
            lp.top / (columns * of_rows),
        )  # fmt: skip
        start, index, value = lp.by_column
        column = np.repeat(np.arange(len(lp.cost)), np.diff(start))
        by_column = (start, index, value * rows[index] * columns[column])
        order = np.argsort(index, kind="stable")
        by_row = (
            np.searchsorted(index[order], np.arange(len(rows) + 1)).astype(np.int64),
            column[order].astype(np.int64), by_column[2][order],
        )  # fmt: skip
        self.history[1] = 0.0
        for done in range(0, most, CHUNK):
            if not go_on():
                break
            self.weight = descent.iterate(
                by_row, by_column, scaled, scaled_x, scaled_y, self.weight, CHUNK, self.history
            )
            self.iterations += CHUNK
            x, y = scaled_x * columns * of_rows, scaled_y * rows * of_cost
            if done + CHUNK < most and lp.error(x, y) <= tolerance:
                break
        return x, y


@dataclass(frozen=True, slots=True)
class Linear:
    """min cost·x with low ≤ A x ≤ high and 0 ≤ x ≤ top; A by columns (start, row, value)."""

    cost: Floats
    low: Floats
    high: Floats
    top: Floats
    by_column: tuple[Ints, Ints, Floats]

    @classmethod
    def of(cls, highs: Any) -> Linear:
        """Take the programme out of a solver."""
        import highspy

        lp = highs.getLp()
        matrix = lp.a_matrix_
        cost = np.array(lp.col_cost_, np.float64)
        start, index = np.array(matrix.start_, np.int64), np.array(matrix.index_, np.int64)
        value = np.array(matrix.value_, np.float64)
        if matrix.format_ != highspy.MatrixFormat.kColwise:
            row = np.repeat(np.arange(len(start) - 1), np.diff(start))
            order = np.argsort(index, kind="stable")
            start = np.searchsorted(index[order], np.arange(len(cost) + 1)).astype(np.int64)
            index, value = row[order].astype(np.int64), value[order]
        return cls(
            cost, np.array(lp.row_lower_, np.float64), np.array(lp.row_upper_, np.float64),
            np.array(lp.col_upper_, np.float64), (start, index, value),
        )  # fmt: skip

    def without(self, columns: NDArray[np.bool_], x: Floats) -> Linear:
        """Give the programme of the other columns, with these fixed at their x."""
        start, index, value = self.by_column
        used = self.activity(np.where(columns, x, 0.0))
        keep = ~columns
        count = np.diff(start)
        entries = np.repeat(keep, count)
        starts = np.concatenate([[0], np.cumsum(count[keep])]).astype(np.int64)
        return Linear(
            self.cost[keep], self.low - used, self.high - used, self.top[keep],
            (starts, index[entries], value[entries]),
        )  # fmt: skip

    def activity(self, x: Floats) -> Floats:
        """Give A x."""
        start, index, value = self.by_column
        spread = np.repeat(x, np.diff(start))
        used = np.bincount(index, weights=value * spread, minlength=len(self.low))
        return np.asarray(used, np.float64)

    def margins(self, y: Floats) -> Floats:
        """Give the reduced costs, cost − Aᵀy."""
        start, index, value = self.by_column
        sums = np.concatenate([[0.0], np.cumsum(value * y[index])])
        return np.asarray(self.cost - (sums[start[1:]] - sums[start[:-1]]), np.float64)

    def error(self, x: Floats, y: Floats) -> float:
        """Give the relative error of a pair of points, every column taken as at most one.

        (The master scales every column to its largest quantity.)
        """
        used = self.activity(x)
        beyond = np.maximum(0.0, np.maximum(self.low - used, used - self.high))
        limit = np.where(y > 0, self.low, self.high)
        y = np.where(np.isfinite(limit), y, 0.0)
        dual = float(y @ np.where(np.isfinite(limit), limit, 0.0))
        margins = self.margins(y)
        top = np.where(np.isfinite(self.top), self.top, 1.0)
        lost = float(np.maximum(0.0, -margins) @ top)
        # A bound that a column reaches is part of the dual value, not an error.
        held = float(np.maximum(0.0, -margins) @ np.where(np.isfinite(self.top), self.top, 0.0))
        value = float(self.cost @ x)
        apart = abs(value - (dual - held)) + float(np.abs(y) @ beyond) + (lost - held)
        return apart / max(abs(value), 1e-9)


def grown(values: Floats, length: int, fill: float = 0.0) -> NDArray[np.float64]:
    """Give the values extended to a length."""
    return np.concatenate([values, np.full(length - len(values), fill)])
