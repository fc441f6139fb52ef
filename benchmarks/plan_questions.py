"""Measures questions to a plan at medium size: what-if against a cold solve, prices of caveats."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import figure
from benchmarks.plan_sizes import MEASURE

CHANGES = ("links.*.capacity_per_week=+20%", "donors.D3.withdraws=1", "stocks.*.floor=0")
FASTER = 10
SECONDS = 60
SEED = 1


def _timed(*arguments: str) -> tuple[float, str]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "plan", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return time.monotonic() - began, done.stdout


def bench_plan_questions() -> dict[str, object]:
    """A change asked of a plan at hand is at least ten times quicker than solving from nothing.

    Both are whole commands, start of the interpreter included; the slowest change counts.
    """
    from intendance.plan.instances import write_instance

    with tempfile.TemporaryDirectory() as name:
        problem, plan = Path(name) / "problem", Path(name) / "plan"
        write_instance("medium", SEED, problem)
        cold, _ = _timed("solve", str(problem), "--out", str(plan), "--time-limit", str(SECONDS))
        asked = [_timed("whatif", str(problem), str(plan), "--set", x)[0] for x in CHANGES]
        priced, text = _timed("caveats", str(problem), str(plan), "--most", "20", "--json")
    record = json.loads(text)
    return {
        "size": "medium",
        "cold_seconds": round(cold, 1),
        "whatif_seconds": [round(x, 2) for x in asked],
        "times_faster": figure(cold / max(asked), "times", at_least=FASTER),
        "caveats_tried": record["tried"],
        "caveats_with_a_price": len(record["caveats"]),
        "seconds_a_caveat": round(priced / max(record["tried"], 1), 2),
    }
