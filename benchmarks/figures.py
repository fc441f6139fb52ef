"""What a benchmark gives back: figures, each with its unit and, where one is set, its goal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Figures = dict[str, Any]


class SkippedError(Exception):
    """A benchmark cannot run here; its text says why."""


def figure(
    value: float, unit: str = "", *, at_least: float | None = None, at_most: float | None = None
) -> dict[str, Any]:
    """Give one figure; ``at_least`` or ``at_most`` is its goal."""
    found: dict[str, Any] = {"value": value, "unit": unit}
    if at_least is not None:
        found |= {"goal": f">= {at_least:g}", "met": value >= at_least}
    if at_most is not None:
        found |= {"goal": f"<= {at_most:g}", "met": value <= at_most}
    return found


def best_seconds(
    work: Callable[[], object],
    times: int = 5,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Give the shortest time of several runs: what the work takes when nothing else disturbs.

    ``clock`` is the wall's; ``time.process_time`` counts what the processor spent on us instead.
    """
    found = []
    for _ in range(times):
        started = clock()
        work()
        found.append(clock() - started)
    return min(found)
