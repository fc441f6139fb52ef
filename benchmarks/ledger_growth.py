"""How the ledger's cost grows from 20,000 to 2,000,000 entries, as a table and a plot."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from time import perf_counter

from benchmarks import growth
from benchmarks.figures import Figures, best_seconds, figure
from benchmarks.ledger_data import records
from benchmarks.ledger_speed import QUESTION, private_folder

from intendance.ledger.ledger import Ledger

SIZES = (20_000, 60_000, 200_000, 600_000, 2_000_000)
PLOT = growth.DOCS / "images/growth-ledger.svg"
PAGE = growth.DOCS / "reference/growth-ledger.md"
COSTS = {
    "append": "append all (durable)",
    "verify": "verify the chain",
    "project": "make the projection",
    "total": "total, donor × category",
}


def measured() -> list[dict[str, float]]:
    """Let one ledger grow and measure at each size; seconds."""
    found = []
    with private_folder() as folder, Ledger.create(str(folder / "aid.db")) as book:
        appended, size = 0.0, 0
        for count in SIZES:
            while size < count:
                batch = list(islice(records(min(100_000, count - size), start=size), 100_000))
                started = perf_counter()
                size = book.post_records(batch).head.entries
                appended += perf_counter() - started
            for kept in (folder / "cache").rglob("*.arrow"):
                kept.unlink()
            started = perf_counter()
            book.frame  # noqa: B018 - made here
            projected = perf_counter() - started
            total = best_seconds(lambda: book.total(QUESTION), 5)
            verified = best_seconds(book.verify, 1)
            found.append(
                {
                    "entries": count,
                    "append": appended,
                    "verify": verified,
                    "project": projected,
                    "total": total,
                }
            )
    return found


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Draw the costs on two logarithmic axes."""
    import altair as alt
    import polars as pl

    data = pl.DataFrame(
        [
            {"entries": row["entries"], "seconds": row[key], "cost": label}
            for row in rows
            for key, label in COSTS.items()
        ]
    )
    base = alt.Chart(data, width=520, height=320).encode(
        x=alt.X("entries:Q", scale=alt.Scale(type="log"), title="entries in the ledger",
                axis=alt.Axis(values=[row["entries"] for row in rows], format="~s")),
        y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds"),
        color=alt.Color("cost:N", title=None, sort=list(COSTS.values()),
                        legend=alt.Legend(orient="top", labelLimit=0)),
    )  # fmt: skip
    chart = base.mark_line() + base.mark_point(filled=True, size=60)
    growth.save(chart, path)


def write_page(rows: list[dict[str, float]], path: Path, loads: tuple[float, float]) -> None:
    """Write the table that belongs to the plot, with the machine and the command."""
    lines = [
        "# How the ledger's cost grows",
        "",
        "Seconds on one ledger in a file that grows, measured by `python -m benchmarks growth`,",
        "which writes this page.",
        "MACHINE",
        "",
        "| entries | " + " | ".join(COSTS.values()) + " |",
        "|---:|" + "---:|" * len(COSTS),
    ]
    lines += [
        f"| {int(row['entries']):,} | " + " | ".join(f"{row[key]:.3f}" for key in COSTS) + " |"
        for row in rows
    ]
    lines += [
        "| exponent | " + " | ".join(f"{slope(rows, key):.2f}" for key in COSTS) + " |",
        "",
        "The exponent is that of the last step (1: the cost grows as the ledger does).",
        "A projection is made once and kept; later entries are added to it.",
        "",
        "![Cost against entries on logarithmic axes](../images/growth-ledger.svg)",
        "",
    ]
    growth.write_page(path, lines, loads)


def slope(rows: list[dict[str, float]], key: str) -> float:
    """Give the exponent of growth between the last two sizes (1: cost grows as the ledger)."""
    first, last = rows[-2], rows[-1]
    return growth.exponent((first["entries"], last["entries"]), (first[key], last[key]))


def bench_growth() -> Figures:
    """From 20 k to 2 M entries; the plot goes to docs/images/growth-ledger.svg."""
    before = os.getloadavg()[0]
    rows = measured()
    draw(rows, PLOT)
    write_page(rows, PAGE, (before, os.getloadavg()[0]))
    figures: Figures = {}
    for row in rows:
        for key in COSTS:
            figures[f"{key}_s_at_{int(row['entries'] / 1000)}k"] = figure(row[key], "s")
    for key in COSTS:
        figures[f"{key}_exponent"] = figure(slope(rows, key))
    return figures
