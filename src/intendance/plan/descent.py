"""Compiled loops of the first-order method: see ``firstorder``."""

from __future__ import annotations

import math

import numpy as np

from intendance.plan.kernels import compiled
from intendance.plan.problem import Floats, Ints

SUFFICIENT = 0.2
NECESSARY = 0.8
ARTIFICIAL = 0.36


@compiled
def _times(start: Ints, index: Ints, value: Floats, x: Floats, out: Floats) -> None:
    """Put the product of a sparse matrix, stored by the rows of ``out``, with x into ``out``."""
    for i in range(out.shape[0]):
        total = 0.0
        for p in range(start[i], start[i + 1]):
            total += value[p] * x[index[p]]
        out[i] = total


@compiled
def _come_to(new: Floats, now: Floats, anchor: Floats) -> float:
    """Put the new point into both; give the squared distance from the old anchor."""
    far = 0.0
    for j in range(new.shape[0]):
        far += (new[j] - anchor[j]) ** 2
        now[j] = anchor[j] = new[j]
    return far


@compiled
def iterate(
    by_row: tuple[Ints, Ints, Floats],
    by_column: tuple[Ints, Ints, Floats],
    limits: tuple[Floats, Floats, Floats, Floats],
    x: Floats,
    y: Floats,
    weight: float,
    iterations: int,
    history: Floats,
) -> float:
    """Run the reflected Halpern iteration with restarts; x and y move in place; give the weight.

    ``limits`` = cost, lowest and highest activity of the rows, highest value of the columns. The
    matrix is scaled so that its norm is at most one. ``history`` keeps the integral of the weight
    control and the number of all iterations so far from call to call.
    """
    cost, low, high, top = limits
    n, m = x.shape[0], y.shape[0]
    anchor_x, anchor_y = x.copy(), y.copy()
    new_x, bent, pull = np.empty(n), np.empty(n), np.empty(n)
    new_y, activity = np.empty(m), np.empty(m)
    first, last = -1.0, 0.0
    k = 0
    for step in range(iterations):
        tau, sigma = 0.998 / weight, 0.998 * weight
        _times(by_column[0], by_column[1], by_column[2], y, pull)
        moved_x = 0.0
        for j in range(n):
            v = x[j] - tau * (cost[j] - pull[j])
            v = min(max(v, 0.0), top[j])
            new_x[j] = v
            bent[j] = 2.0 * v - x[j]
            moved_x += (v - x[j]) * (v - x[j])
        _times(by_row[0], by_row[1], by_row[2], bent, activity)
        moved_y = 0.0
        for i in range(m):
            v = y[i] / sigma - activity[i]
            if v < -high[i]:
                v += high[i]
            elif v > -low[i]:
                v += low[i]
            else:
                v = 0.0
            new_y[i] = v * sigma
            moved_y += (new_y[i] - y[i]) * (new_y[i] - y[i])
        moved = math.sqrt(moved_x / tau + moved_y / sigma)
        old, new = 1.0 / (k + 2.0), (k + 1.0) / (k + 2.0)
        for j in range(n):
            x[j] = new * (2.0 * new_x[j] - x[j]) + old * anchor_x[j]
        for i in range(m):
            y[i] = new * (2.0 * new_y[i] - y[i]) + old * anchor_y[i]
        first = moved if first < 0.0 else first
        k += 1
        history[1] += 1.0
        restart = k > 1 and (
            moved <= SUFFICIENT * first
            or (moved <= NECESSARY * first and moved > last)
            or k >= ARTIFICIAL * history[1]
        )
        last = moved
        if restart or step == iterations - 1:
            far_x, far_y = _come_to(new_x, x, anchor_x), _come_to(new_y, y, anchor_y)
            if restart and far_x > 1e-24 and far_y > 1e-24:
                error = math.log(weight) + 0.5 * (math.log(far_x) - math.log(far_y))
                history[0] = 0.3 * history[0] + error
                weight = math.exp(math.log(weight) - 0.5 * error - 0.01 * history[0])
            first, k = -1.0, 0
    return weight


@compiled
def balance(
    start: Ints, index: Ints, value: Floats, rows: Floats, columns: Floats, rounds: int
) -> None:
    """Scale rows and columns: rounds of largest entries to one, then sums; the norm is then ≤ 1.

    The matrix is stored by columns. ``rows`` and ``columns`` take the factors.
    """
    n, m = columns.shape[0], rows.shape[0]
    for turn in range(rounds + 1):
        by_row, by_column = np.zeros(m), np.zeros(n)
        for j in range(n):
            for p in range(start[j], start[j + 1]):
                i = index[p]
                v = abs(value[p]) * rows[i] * columns[j]
                if turn < rounds:
                    by_row[i] = max(by_row[i], v)
                    by_column[j] = max(by_column[j], v)
                else:
                    by_row[i] += v
                    by_column[j] += v
        for i in range(m):
            if by_row[i] > 0.0:
                rows[i] /= math.sqrt(by_row[i])
        for j in range(n):
            if by_column[j] > 0.0:
                columns[j] /= math.sqrt(by_column[j])
