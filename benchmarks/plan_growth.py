"""How planning grows with items, weeks and nodes, in time and memory, as a table and a plot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from benchmarks import growth
from benchmarks.figures import Figures, figure

from intendance.plan.instances import Size, generate
from intendance.plan.result import write_files

PLOT: Final = growth.DOCS / "images/growth-plan.svg"
PAGE: Final = growth.DOCS / "reference/growth-plan.md"
BASE: Final = Size(donors=10, items=20, weeks=12, nodes=15, needs=25, stocks=60)
SIZES: Final = {
    "items": (20, 40, 80),
    "weeks": (12, 24, 48),
    "nodes": (15, 30, 60),
}
UNITS: Final = {"seconds": "s of processor time", "mb": "MB more than at the start"}
GAP: Final = 0.01
Row = dict[str, float | str]
# A process of its own for each: memory only ever grows. The tiny problem loads what is compiled.
MEASURE: Final = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from intendance.plan.read import read_problem
from intendance.plan.solve import peak_mb, solve
tiny, folder, gap = sys.argv[1:]
solve(read_problem(Path(tiny))[0])
start, before = time.process_time(), peak_mb()
problem = replace(read_problem(Path(folder))[0], tiers=("shortfall",))
plan = solve(problem, gap=float(gap))
value, bound = plan.objective.shortfall, plan.bound
print(json.dumps({"seconds": time.process_time() - start, "mb": peak_mb() - before,
    "gap": (value - bound) / max(bound, 1e-9), "rounds": plan.rounds, "columns": plan.columns}))
"""


def grown(what: str, value: int) -> Size:
    """Give the base with one size grown; needs and stocks follow the items."""
    size = replace(BASE, **{what: value})
    if what == "items":
        times = value // BASE.items
        size = replace(size, needs=BASE.needs * times, stocks=BASE.stocks * times)
    return size


def measured() -> list[Row]:
    """Solve to one per cent with one size growing at a time, the others as in ``BASE``."""
    rows: list[Row] = []
    known: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as name:
        tiny = Path(name) / "tiny"
        write_files(tiny, generate(replace(BASE, items=4, weeks=6, nodes=6, needs=4, stocks=6), 1))
        for what, values in SIZES.items():
            for value in values:
                size = grown(what, value)
                key = json.dumps(asdict(size))
                if key not in known:
                    folder = Path(name) / f"{what}-{value}"
                    write_files(folder, generate(size, 1))
                    done = subprocess.run(
                        [sys.executable, "-c", MEASURE, str(tiny), str(folder), str(GAP)],
                        check=True,
                        capture_output=True,
                        text=True,
                    )
                    known[key] = json.loads(done.stdout)
                rows.append({"what": what, "value": value, **known[key]})
    return rows


def draw(rows: list[Row], path: Path) -> None:
    """Draw time and memory over each size."""
    points = [
        {"what": row["what"], "value": row["value"], "cost": float(row[key]), "of": unit}
        for row in rows
        for key, unit in UNITS.items()
    ]
    growth.draw(points, path, sizes=list(SIZES), title="seconds, MB")


def write_page(rows: list[Row], path: Path, loads: tuple[float, float]) -> None:
    """Write the table that belongs to the plot, with the machine and the command."""
    lines = [
        "# How planning’s cost grows",
        "",
        "Processor time and memory of a plan asked to come within one per cent of its bound, whole",
        "units, packages and conditions included, for the shortfall (the first tier); the gap is",
        "what it reached. One size grows at a time from",
        f"{BASE.items} items, {BASE.weeks} weeks and {BASE.nodes} nodes; {BASE.needs} needs and",
        f"{BASE.stocks} stocks grow with the items.",
        "Measured by `python -m benchmarks plan_growth`, which writes this page.",
        "MACHINE",
        "",
        "| size | value | seconds | MB more | gap | rounds | columns |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['what']} | {row['value']:,} | {row['seconds']:.1f} | {row['mb']:.0f} "
        f"| {row['gap']:.2%} | {row['rounds']} | {row['columns']:,} |"
        for row in rows
    ]
    lines += ["", "![Cost over each size on logarithmic axes](../images/growth-plan.svg)", ""]
    growth.write_page(path, lines, loads)


def slope(rows: list[Row], what: str, key: str) -> float:
    """Give the exponent of growth over a whole range of sizes (1: in proportion)."""
    mine = [row for row in rows if row["what"] == what]
    first, last = mine[0], mine[-1]
    sizes = (float(first["value"]), float(last["value"]))
    return growth.exponent(sizes, (max(float(first[key]), 0.1), max(float(last[key]), 0.1)))


def bench_growth_of_planning() -> Figures:
    """Grow each size; the plot goes to docs/images/growth-plan.svg."""
    before = os.getloadavg()[0]
    rows = measured()
    draw(rows, PLOT)
    write_page(rows, PAGE, (before, os.getloadavg()[0]))
    found: Figures = {}
    for row in rows:
        found[f"{row['what']} {row['value']}, seconds"] = figure(float(row["seconds"]), "s")
        found[f"{row['what']} {row['value']}, memory"] = figure(float(row["mb"]), "MB")
        found[f"{row['what']} {row['value']}, gap"] = figure(float(row["gap"]), "fraction")
    for what in SIZES:
        found[f"{what}, exponent of time"] = figure(slope(rows, what, "seconds"))
    return found
