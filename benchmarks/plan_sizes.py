"""Measures the planning goals on generated instances: gap, time, memory, one size a process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import figure

GOALS = {"small": (60, 0.01), "medium": (60, 0.01), "large": (300, 0.01)}
MEASURE = """
import sys
from intendance.app.main import main
sys.argv[0] = "intendance"
main()
"""


def measure_sizes(sizes: tuple[str, ...] = tuple(GOALS), seed: int = 1) -> list[dict[str, object]]:
    """Give one row a size: time, gap, memory, whether the checker accepts, whether goals hold."""
    from intendance.plan.instances import write_instance

    rows = []
    for size in sizes:
        seconds, gap = GOALS[size]
        with tempfile.TemporaryDirectory() as name:
            problem, plan = Path(name) / "problem", Path(name) / "plan"
            write_instance(size, seed, problem)
            arguments = ["plan", "solve", str(problem), "--out", str(plan), "--time-limit"]
            began = time.monotonic()
            subprocess.run(
                [sys.executable, "-c", MEASURE, *arguments, str(seconds)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            took = time.monotonic() - began
            checked = subprocess.run(
                [sys.executable, "-c", MEASURE, "plan", "check", str(problem), str(plan)],
                check=False,
                stdout=subprocess.DEVNULL,
            )
            summary = json.loads((plan / "summary.json").read_text(encoding="utf-8"))
        rows.append(
            {
                "size": size,
                "seconds": round(took, 1),
                "gap": summary["gap"],
                "peak_mb": summary["peak_mb"],
                "accepted": checked.returncode == 0,
                "goal": summary["gap"] <= gap and took <= seconds,
            }
        )
    return rows


if __name__ == "__main__":
    for row in measure_sizes(tuple(sys.argv[1:]) or tuple(GOALS)):
        print(json.dumps(row))


def _figures(size: str) -> dict[str, object]:
    seconds, gap = GOALS[size]
    (row,) = measure_sizes((size,))
    found: dict[str, object] = dict(row)
    # The time limit is checked between steps: a tenth more is what the goal leaves to writing.
    found["gap"] = figure(float(str(row["gap"])), "fraction", at_most=gap)
    found["seconds"] = figure(float(str(row["seconds"])), "s", at_most=seconds * 1.1)
    return found


def bench_plan_small() -> dict[str, object]:
    """The small instance: gap and time against their goals."""
    return _figures("small")


def bench_plan_medium() -> dict[str, object]:
    """The medium instance: gap and time against their goals."""
    return _figures("medium")


def bench_plan_large() -> dict[str, object]:
    """The large, tight instance: gap and time against their goals."""
    return _figures("large")
