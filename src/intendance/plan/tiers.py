"""One tier after another: the next objective, with a limit on what the earlier ones may lose."""

from __future__ import annotations

from typing import Final

import numpy as np

from intendance.plan.master import INFINITE, WEIGHT, Master
from intendance.plan.problem import Tier
from intendance.plan.result import Figures

LOOSE: Final = 1e-9  # a burden met exactly leaves rounding no room


def start_tier(master: Master, tier: Tier, done: list[tuple[Tier, float]], now: Figures) -> None:
    """Make ``tier`` the objective of the master; hold each tier of ``done`` to its limit.

    ``now`` scales burden and cost, so that both are about 1000 where the search stands.
    """
    if master.cost_scale == 0.0:
        master.cost_scale = WEIGHT / max(now.cost, 1.0)
    if tier == "burden" or any(name == "burden" for name, _ in done):
        _add_burden(master, max(now.burden, 1.0))
    for name, limit in done:
        if name == "shortfall" and master.shortfall_row < 0:
            master.shortfall_row = _add_limit(master, _shortfall_costs(master), limit)
        elif name == "cost" and master.cost_row < 0:
            shipping = np.concatenate(
                [np.zeros(master.first), master.pool.cost * master.pool.most * master.cost_scale]
            )
            master.cost_row = _add_limit(master, shipping, limit * master.cost_scale)
        elif name == "burden":
            most = limit / max(now.burden, 1.0) * (1 + LOOSE) + LOOSE
            master.highs.changeColBounds(master.burden_column, 0.0, most)
    master.tier = tier
    costs = np.zeros(master.columns)
    if tier == "shortfall":
        costs = _shortfall_costs(master)
    elif tier == "burden":
        costs[master.burden_column] = WEIGHT
    else:
        shipped = np.arange(len(master.pool))
        costs[master.shipped] = master.shipping_cost(shipped) * master.pool.most
    master.highs.changeColsCost(master.columns, np.arange(master.columns, dtype=np.int32), costs)


def _shortfall_costs(master: Master) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    costs = np.zeros(master.columns)
    costs[: len(master.need_cost)] = master.need_cost
    costs[master.shipped] = master.pool.late * master.pool.most
    return costs


def _add_limit(
    master: Master, costs: np.ndarray[tuple[int], np.dtype[np.float64]], limit: float
) -> int:
    columns = np.flatnonzero(costs)
    # No room beyond the limit itself: where it is zero, a billionth would already be a gap.
    row = (-INFINITE, limit, columns.tolist(), costs[columns].tolist())
    return master.add_rows([row])


def _add_burden(master: Master, scale: float) -> None:
    """Add t ≥ what a donor gives / (its share × scale), one row a donor."""
    if master.burden_column >= 0:
        return
    problem, pool = master.problem, master.pool
    donors = len(problem.donors.ids)
    at = master.add_late_structure()
    master.burden_column = at
    per_unit = problem.items.value_eur[problem.stocks.item] / (
        problem.donors.share[problem.stocks.donor] * scale
    )
    columns: list[list[int]] = [[at] for _ in range(donors)]
    values: list[list[float]] = [[-1.0] for _ in range(donors)]
    for c in range(len(pool)):
        s = int(pool.stock[c])
        donor = int(problem.stocks.donor[s])
        columns[donor].append(int(master.shipped[c]))
        values[donor].append(float(per_unit[s] * pool.most[c]))
    first = master.add_rows([(-INFINITE, 0.0, c, v) for c, v in zip(columns, values, strict=True)])
    for s in range(len(problem.stocks.ids)):
        row = first + int(problem.stocks.donor[s])
        master.extra.setdefault(s, []).append((row, float(per_unit[s])))
