"""Branch and price over packages and conditions: a better bound where decisions cost something.

Every node is column generation with some decisions fixed; the bound of the whole is the least
over the open nodes. Whole units are left to the dive: branching on single columns moves little.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Final

from intendance.plan.dive import free_all
from intendance.plan.generation import Search

MAX_NODES: Final = 80
MAX_ROWS: Final = 6000  # beyond, one node takes longer than it is worth
NODE_ROUNDS: Final = 30
FRACTION: Final = 1e-4


def branch(search: Search, goal: Callable[[], float], attempt: Callable[[], None]) -> None:
    """Raise ``search.bound`` over the decisions; ``attempt`` tries a plan at the state at hand.

    ``goal()`` is the best plan's value less what the wanted gap allows. Raises Stopped.
    """
    master = search.master
    if not master.decision_high or master.rows > MAX_ROWS:
        return
    root = search.bound
    closed = float("inf")
    heap: list[tuple[float, int, dict[int, float]]] = [(root, 0, {})]
    count = 0
    try:
        while heap and heap[0][0] < goal() and count < MAX_NODES:
            bound, _, fixed = heapq.heappop(heap)
            node = _node(search, fixed, goal)
            if node is None:
                continue  # no point: nothing below
            bound = max(bound, node)
            open_ones = [
                c for c, high in sorted(master.decision_high.items())
                if high > 0 and c not in fixed and FRACTION < master.x[c] < 1 - FRACTION
            ]  # fmt: skip
            if bound < goal():
                attempt()
            if not open_ones or bound >= goal():
                closed = min(closed, bound)
                continue
            pick = min(open_ones, key=lambda c: (abs(float(master.x[c]) - 0.5), c))
            for value in (1.0, 0.0):
                count += 1
                heapq.heappush(heap, (bound, count, {**fixed, pick: value}))
    finally:
        free_all(master)
    search.bound = max(root, min([closed, *(x[0] for x in heap)]))


def _node(search: Search, fixed: dict[int, float], goal: Callable[[], float]) -> float | None:
    """Run column generation with fixed decisions; give a bound, None when there is no point."""
    master = search.master
    free_all(master)
    for column, value in fixed.items():
        master.highs.changeColBounds(column, value, value)
    bound = 0.0
    for _ in range(NODE_ROUNDS):
        try:
            search.settle("dual")
        except ValueError:
            # More columns could help, but only where a package was forced to ship.
            return None if not _lacks_columns(search, fixed) else bound
        columns, proven = search.price(fixed)
        bound = max(bound, proven)
        if bound >= goal() or master.value - bound <= 1e-7 * max(1.0, master.value):
            break
        new = master.pool.add(columns)
        if not len(new):
            break
        master.add_columns(new)
    return bound


def _lacks_columns(search: Search, fixed: dict[int, float]) -> bool:
    return any(value > 0 for value in fixed.values()) and bool(search.pricer.pushed.any())
