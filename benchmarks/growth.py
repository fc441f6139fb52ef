"""What the pages of growth share: drawings on logarithmic axes, the machine's line, exponents."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import machine

DOCS: Final = Path(__file__).parents[1] / "docs"
_LEAST: Final = 0.1  # what a logarithmic axis can show of a cost that was too small to measure


def draw(
    points: Sequence[Mapping[str, Any]], path: Path, *, sizes: Sequence[str], title: str
) -> None:
    """Draw costs over each size on logarithmic axes, a panel a size.

    A point has "what" (the size's name), "value", "cost" and "of" (whose cost, its colour).
    """
    import altair as alt

    base = alt.Chart(width=210, height=170).encode(
        x=alt.X("value:Q", scale=alt.Scale(type="log"), title=None),
        y=alt.Y("cost:Q", scale=alt.Scale(type="log"), title=title),
        color=alt.Color("of:N", title=None, legend=alt.Legend(orient="top", labelLimit=0)),
    )
    chart = alt.FacetChart(
        data=alt.Data(values=[{**each, "cost": max(each["cost"], _LEAST)} for each in points]),
        spec=base.mark_line() + base.mark_point(filled=True, size=60),
        facet=alt.Facet("what:N", title=None, sort=list(sizes)),
        columns=min(len(sizes), 3) if len(sizes) != 4 else 2,
    ).resolve_scale(x="independent", y="shared")
    save(chart, path)


def save(chart: Any, path: Path) -> None:
    """Write a chart whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.svg")
    chart.save(str(draft))
    draft.replace(path)


def write_page(path: Path, lines: Sequence[str], loads: tuple[float, float]) -> None:
    """Write a page's lines whole or not at all; the line ``MACHINE`` becomes the machine's own."""
    on = machine()
    text = "\n".join(lines).replace(
        "MACHINE",
        f"{on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB, Python {on['python']};\n"
        f"load average {loads[0]:.1f} before and {loads[1]:.1f} after (above the number of\n"
        "cores, others were at work and figures are higher).",
    )
    draft = path.with_name(f".{path.name}")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def exponent(sizes: tuple[float, float], costs: tuple[float, float]) -> float:
    """Give the exponent of growth between two sizes (1: the cost grows as the size does)."""
    first, last = (max(cost, 1e-9) for cost in costs)
    return math.log(last / first) / math.log(sizes[1] / sizes[0])
