"""Bottlenecks: limits with a price in the relaxation, each verified by solving once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from intendance.plan.generation import Search
from intendance.plan.problem import MEASURES
from intendance.plan.result import Bottleneck

SHOWN: Final = 12
STEP: Final = 0.01
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Limit:
    """Rows of one link, node, stock or condition over neighbouring weeks; one unit of ``size``."""

    kind: Literal["link", "node", "stock", "condition"]
    name: str
    first: int
    last: int
    rows: tuple[int, ...]
    size: float
    price: float
    unit: str


def priced_limits(search: Search) -> list[Limit]:
    """Give the limits with a dual, merged over neighbouring weeks, the dearest first.

    A price is what the shortfall falls by when all of the limit's weeks have one unit more.
    """
    master = search.master
    problem, pool = master.problem, master.pool
    horizon, links = problem.horizon_weeks, len(problem.links.ids)
    y = -master.y
    found = []
    run: list[int] = []
    limits = pool.limits()
    keys = [
        int(k) for k in np.flatnonzero(master.capacity_row >= 0)
        if master.capacity_row[k] < len(y) and y[master.capacity_row[k]] > 1e-7
    ]  # fmt: skip
    for position, key in enumerate(keys):
        run.append(key)
        following = keys[position + 1] if position + 1 < len(keys) else -1
        if following == key + 1 and following % horizon:
            continue
        thing, size = key // horizon, float(limits[key]) or 1.0
        rows = tuple(int(master.capacity_row[k]) for k in run)
        price = float(sum(y[r] for r in rows)) / size
        on_link = thing < links
        name = problem.links.ids[thing] if on_link else problem.nodes.ids[thing - links]
        unit = MEASURES[problem.links.measure[thing]] if on_link else "t"
        span = (run[0] % horizon, run[-1] % horizon)
        found.append(Limit("link" if on_link else "node", name, *span, rows, size, price, unit))
        run = []
    for s, name in enumerate(problem.stocks.ids):
        row = int(master.step_row[s, -1]) if len(master.step_row) else -1
        if 0 <= row < len(y) and y[row] > 1e-7:
            total = float(problem.stocks.available[s, -1])
            first = int(np.flatnonzero(master.step_row[s] == row)[0])
            unit = problem.items.units[problem.stocks.item[s]] or "unit"
            price = float(y[row]) / total
            found.append(Limit("stock", name, first, horizon - 1, (row,), total, price, unit))
    for s, row in master.with_rows:
        if row < len(y) and y[row] > 1e-7:
            total = float(problem.stocks.available[s, -1])
            name = problem.stocks.ids[s]
            price = float(y[row]) / total
            found.append(Limit("condition", name, 0, horizon - 1, (row,), total, price, "unit"))
    # Dearness is the gain from a hundredth more, so that tonnes and units can be compared.
    return sorted(found, key=lambda x: (-x.price * x.size, x.kind, x.name, x.first))


def verify(search: Search, limit: Limit) -> float:
    """Solve again with a little more of a limit; give the gain per unit. Raises Stopped."""
    master = search.master
    highs: Any = master.highs
    heights = np.concatenate(master.high)
    before = master.value
    step = STEP if heights[limit.rows[0]] != 0 or limit.kind == "condition" else 1.0
    try:
        for row in limit.rows:
            highs.changeRowBounds(row, -float("inf"), float(heights[row]) + step)
        master.solve("dual")
        return max(0.0, before - master.value) / (step * limit.size)
    finally:
        for row in limit.rows:
            highs.changeRowBounds(row, -float("inf"), float(heights[row]))
        master.value = before


def bottlenecks(search: Search, shown: int = SHOWN) -> list[tuple[Limit, float]]:
    """Give the dearest limits with their verified gain per unit; those with none are left out.

    The master's solution is put back. Raises Stopped only before the first one.
    """
    master = search.master
    x, y, value = master.x, master.y, master.value
    found: list[tuple[Limit, float]] = []
    for limit in priced_limits(search)[: 2 * shown]:
        if len(found) >= shown or master.stop.now():
            break
        gain = verify(search, limit)
        if gain > 1e-12:
            found.append((limit, gain))
    master.x, master.y, master.value = x, y, value
    return found


def tell(found: list[tuple[Limit, float]], _: Words) -> tuple[Bottleneck, ...]:
    """Put the verified limits into sentences, the dearest first."""
    told = []
    for limit, gain in found:
        said = {
            "link": _("one more {unit} a week on link {name} lowers the shortfall by {gain}"),
            "node": _("one more {unit} a week handled at {name} lowers the shortfall by {gain}"),
            "stock": _("one more {unit} in stock {name} lowers the shortfall by {gain}"),
            "condition": _("one {unit} of {name} free of its condition lowers it by {gain}"),
        }[limit.kind].format(unit=limit.unit, name=limit.name, gain=f"{gain:.4g}")
        told.append(Bottleneck(limit.kind, limit.name, limit.first, limit.last, gain, said))
    return tuple(told)
