"""Charts of a plan: how full the corridors are, who carries what, what causes the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from intendance.review.charts import (
    SLIM,
    Drawing,
    data,
    drawn,
    fitted,
    legend,
    names_above,
    rows_of,
    sized,
)
from intendance.review.palette import SERIES, draw

FILLS: Final = ("pale", "middle", "deep", "short")
_CELL_ROOM: Final = 19
_CELL_ROOM_NARROW: Final = 36


def _left(width: int) -> int:
    """Give room for long names: browsers' fonts run wider than the one that measures them."""
    return 0 if width < SLIM else 46


@dataclass(frozen=True, slots=True)
class Cell:
    """How full a link is in one week: ``level`` counts FILLS."""

    row: str
    week: int
    level: int


def heat_map(
    name: str,
    cells: Sequence[Cell],
    rows: Sequence[str],
    weeks: int,
    texts: tuple[str, str, str, Sequence[str]],
) -> Drawing:
    """Draw links by weeks; ``texts``: label, caption, the axis's name, the levels' words."""
    label, caption, axis_name, levels = texts
    records = [
        {"label": c.row, "week": c.week, "to": c.week + 1, "level": levels[c.level]} for c in cells
    ]
    frame = [{"label": row} for row in rows]

    def make(width: int) -> Any:
        import altair as alt

        step = max(1, -(-weeks // (6 if width < SLIM else 15)))
        axis = alt.Axis(
            values=list(range(0, weeks, step)), grid=False, ticks=False, labelAngle=0, orient="top"
        )
        y = rows_of(rows, width)
        if width < SLIM:
            y = y.scale(domain=list(rows), paddingInner=0.6, paddingOuter=0.5)
        else:
            y = y.scale(domain=list(rows), paddingInner=0.12)
        colour = alt.Color(
            "level:N",
            sort=None,
            title=None,
            scale=alt.Scale(domain=list(levels), range=[draw(role) for role in FILLS]),
            legend=legend(padded=True, columns=2 if width < SLIM else 0),
        )
        ground = (
            alt.Chart(data([{"label": r["label"], "from": 0, "to": weeks} for r in frame]))
            .mark_bar(color=draw("line"), opacity=0.35)
            .encode(
                x=alt.X("from:Q", scale=alt.Scale(domain=[0, weeks], nice=False)), x2="to:Q", y=y
            )
        )
        filled = (
            alt.Chart(data(records))
            .mark_bar(stroke=draw("paper"), strokeWidth=0.7)
            .encode(
                x=alt.X(
                    "week:Q",
                    title=axis_name,
                    axis=axis,
                    scale=alt.Scale(domain=[0, weeks], nice=False),
                ),
                x2="to:Q",
                y=y,
                color=colour,
            )
        )
        room = _CELL_ROOM_NARROW if width < SLIM else _CELL_ROOM
        chart = alt.layer(ground, filled, *names_above(frame, y, width))
        return fitted(chart, width, left=_left(width)).properties(height=room * max(len(rows), 1))

    return drawn(name, label, make, caption)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with the words beside it, and a mark to compare it with (None: no mark)."""

    label: str
    value: float
    words: str
    mark: float | None = None


def marked_bars(
    name: str, bars: Sequence[Bar], unit: str, texts: tuple[str, str], *, percent: str = ""
) -> Drawing:
    """Draw bars, each with a mark across it; ``texts``: label and caption."""
    label, caption = texts
    rows = [
        {"label": b.label, "value": b.value, "words": b.words, "mark": b.mark, "zero": 0.0}
        for b in bars
    ]
    marks = [row for row in rows if row["mark"] is not None]
    top = max((max(b.value, b.mark or 0.0) for b in bars), default=1.0) or 1.0

    def make(width: int) -> Any:
        import altair as alt

        y = rows_of([b.label for b in bars], width)
        scale = alt.Scale(domain=[0, top * (1.32 if width < SLIM else 1.16)], nice=False)
        ticks = alt.Axis(tickCount=4)
        if percent:
            ticks = alt.Axis(
                tickCount=4, labelExpr=f"format(datum.value * 100, '.0f') + '{percent}'"
            )
        base = alt.Chart(data(rows))
        x = alt.X("value:Q", title=unit, scale=scale, axis=ticks)
        layers = [
            base.mark_bar(height=14, color=draw("middle")).encode(x=x, y=y),
            base.mark_text(align="left", dx=6, color=draw("ink"))
            .encode(x=alt.X("beside:Q", scale=scale), y=y, text="words:N")
            .transform_calculate(beside="max(datum.value, datum.mark || 0)"),
        ]
        if marks:
            layers.append(
                alt.Chart(data(marks))
                .mark_tick(color=draw("ink"), thickness=3, size=22)
                .encode(x=alt.X("mark:Q", scale=scale), y=y)
            )
        layers += names_above(rows, y, width)
        return sized(alt.layer(*layers), width, len(bars), left=_left(width))

    return drawn(name, label, make, caption)


@dataclass(frozen=True, slots=True)
class Part:
    """One cause's share of a need (1 is all of it); ``place`` orders the causes."""

    row: str
    cause: str
    place: int
    share: float


def cause_bars(
    name: str,
    parts: Sequence[Part],
    order: Sequence[str],
    causes: Sequence[str],
    texts: tuple[str, str, str],
) -> Drawing:
    """Draw the missing share of each need by cause; ``texts``: label, caption, percent sign."""
    label, caption, percent = texts
    records = [
        {"label": p.row, "cause": p.cause, "place": p.place, "share": p.share} for p in parts
    ]
    colours = [draw(each) for each in (*SERIES[:2], "short", *SERIES[2:], "pale")]

    def make(width: int) -> Any:
        import altair as alt

        y = rows_of(order, width)
        axis = alt.Axis(
            values=[0, 0.25, 0.5, 0.75, 1],
            labelExpr=f"(datum.value * 100) + '{percent}'",
            orient="top",
        )
        colour = alt.Color(
            "cause:N",
            sort=None,
            title=None,
            scale=alt.Scale(domain=list(causes), range=colours[: len(causes)]),
            legend=legend(padded=True, columns=1 if width < SLIM else 3),
        )
        bars = (
            alt.Chart(data(records))
            .mark_bar(height=15)
            .encode(
                x=alt.X("share:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1])),
                y=y,
                color=colour,
                order=alt.Order("place:Q"),
            )
        )
        names = [{"label": row} for row in order]
        shown = alt.layer(bars, *names_above(names, y, width))
        return sized(shown, width, len(order), left=_left(width))

    return drawn(name, label, make, caption)
