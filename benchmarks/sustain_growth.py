"""How forecast and simulation grow with fleet, items, bases and horizon, as a table and a plot."""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time
from typing import Final

from benchmarks import growth
from benchmarks.figures import Figures, figure
from benchmarks.sustain_models import grid

from intendance.sustain.forecast import forecast
from intendance.sustain.simulation import Wish, simulate

PLOT: Final = growth.DOCS / "images/growth-sustain.svg"
PAGE: Final = growth.DOCS / "reference/growth-sustain.md"
BASE: Final = {"items": 5, "bases": 4, "fleet": 40}
DAYS: Final = 180
FUTURES: Final = 20
SIZES: Final = {
    "fleet": (40, 160, 640, 2560),
    "items": (5, 20, 80, 320),
    "bases": (4, 16, 64),
    "days": (90, 360, 1440),
}
COSTS: Final = {"forecast": "forecast", "simulation": f"{FUTURES} futures"}
Row = dict[str, float | str]


def best(work: object, times: int = 3) -> float:
    """Give the least processor time of several runs, in milliseconds."""
    assert callable(work)
    found = []
    for _ in range(times):
        begin = process_time()
        work()
        found.append(process_time() - begin)
    return 1000 * min(found)


def measured() -> list[Row]:
    """Grow one size at a time, the others as in ``BASE``."""
    rows: list[Row] = []
    for what, values in SIZES.items():
        for value in values:
            size = {**BASE, what: value}
            days = size.pop("days", DAYS)
            model = grid(**size)
            forecast(model, 2)
            simulate(model, Wish(2, 1))
            events = simulate(model, Wish(days, FUTURES)).events
            rows.append(
                {
                    "what": what,
                    "value": value,
                    "forecast": best(lambda m=model, d=days: forecast(m, d)),
                    "simulation": best(lambda m=model, d=days: simulate(m, Wish(d, FUTURES))),
                    "events": events,
                }
            )
    return rows


def draw(rows: list[Row], path: Path) -> None:
    """Draw the costs over each size."""
    points = [
        {"what": row["what"], "value": row["value"], "cost": float(row[key]), "of": label}
        for row in rows
        for key, label in COSTS.items()
    ]
    growth.draw(points, path, sizes=list(SIZES), title="milliseconds")


def write_page(rows: list[Row], path: Path, loads: tuple[float, float]) -> None:
    """Write the table that belongs to the plot, with the machine and the command."""
    lines = [
        "# How sustainment\u2019s cost grows",
        "",
        f"Milliseconds of processor time for a forecast of {DAYS} days and for {FUTURES} futures,",
        "one size growing at a time from 5 items, 4 bases and 40 systems a base, measured by",
        "`python -m benchmarks sustain_growth`, which writes this page.",
        "MACHINE",
        "",
        f"| size | value | forecast | {FUTURES} futures | events |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['what']} | {row['value']:,} | {row['forecast']:.1f} | {row['simulation']:.1f} "
        f"| {row['events']:,} |"
        for row in rows
    ]
    lines += [
        "",
        "The fleet makes more events and a wider law of each pipeline; items, bases and days add",
        "to both in proportion.",
        "",
        "![Cost over each size on logarithmic axes](../images/growth-sustain.svg)",
        "",
    ]
    growth.write_page(path, lines, loads)


def slope(rows: list[Row], what: str, key: str) -> float:
    """Give the exponent of growth over a whole range of sizes (1: in proportion)."""
    mine = [row for row in rows if row["what"] == what]
    first, last = mine[0], mine[-1]
    sizes = (float(first["value"]), float(last["value"]))
    return growth.exponent(sizes, (float(first[key]), float(last[key])))


def bench_growth_of_sustainment() -> Figures:
    """Grow each size; the plot goes to docs/images/growth-sustain.svg."""
    before = os.getloadavg()[0]
    rows = measured()
    draw(rows, PLOT)
    write_page(rows, PAGE, (before, os.getloadavg()[0]))
    found: Figures = {}
    for row in rows:
        for key in COSTS:
            found[f"{row['what']} {row['value']}, {key}"] = figure(float(row[key]), "ms")
    for what in SIZES:
        for key in COSTS:
            found[f"{what}, {key}, exponent"] = figure(slope(rows, what, key))
    return found
