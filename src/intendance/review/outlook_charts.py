"""Drawings of what lies ahead: bands over days, ranges of dates, cost curves, pipeline maps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from intendance.review.palette import draw


@dataclass(frozen=True, slots=True)
class Fan:
    """A quantity by day: its mean, the band of eight in ten futures, what is required.

    ``marks``: what comes on which day, in words.
    """

    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    required: Sequence[float | None] = ()
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A day with its range; one of them may lie beyond the horizon (None)."""

    label: str
    low: int | None
    middle: int | None
    high: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A site of the map: its depth from the top (0), its row, its parent, units under way."""

    label: str
    depth: int
    row: float
    parent: int
    units: float
    words: str


def day_axis(ticks: Mapping[int, str], width: int) -> Any:
    """Give the axis of days with its own words; a narrow one shows fewer."""
    import altair as alt

    room = 3 if width < SLIM else 9
    shown = list(ticks)[:: max(1, -(-len(ticks) // room))]
    words = json.dumps({str(day): ticks[day] for day in shown}, ensure_ascii=False)
    return alt.Axis(
        values=shown, labelExpr=f"({words})[datum.value]", grid=False, ticks=True, labelAngle=0
    )


def fan_chart(
    name: str, fan: Fan, words: dict[str, str], ticks: Mapping[int, str], title: str
) -> Drawing:
    """Draw a band with its mean, and what is required; ``words``: band, mean, required, inbound."""
    days = range(len(fan.mean))
    band = [{"day": d, "low": fan.low[d], "high": fan.high[d], "kind": words["band"]} for d in days]
    mean = [{"day": d, "value": fan.mean[d], "kind": words["mean"]} for d in days]
    need = [
        {"day": day, "value": value, "kind": words["required"]}
        for day, value in enumerate(fan.required)
        if value is not None
    ]
    marks = [{"day": day, "kind": words["inbound"]} for day, _ in fan.marks]
    kinds = {words["band"]: "pale", words["mean"]: "deep"}
    if need:
        kinds[words["required"]] = "short"
    if marks:
        kinds[words["inbound"]] = "two"
    wanted = [value for value in fan.required if value is not None]
    top = max([*fan.high, *fan.mean, *wanted], default=1.0) or 1.0

    def make(width: int) -> Any:
        import altair as alt

        colour = alt.Color(
            "kind:N",
            sort=None,
            title=None,
            scale=alt.Scale(domain=list(kinds), range=[draw(role) for role in kinds.values()]),
            legend=_legend(width),
        )
        scale = alt.Scale(domain=[0, len(fan.mean) - 1], nice=False)
        x = alt.X("day:Q", title=None, scale=scale, axis=day_axis(ticks, width))
        high = alt.Scale(domain=[0, top * 1.05], nice=False)
        y = alt.Y("value:Q", title=None, scale=high, axis=numbers(words))
        low = alt.Y("low:Q", title=None, scale=high)
        layers = [
            alt.Chart(data(band)).mark_area().encode(x=x, y=low, y2="high:Q", color=colour),
            alt.Chart(data(marks))
            .mark_rule(strokeWidth=2, strokeDash=[2, 3])
            .encode(x=x, color=colour),
            alt.Chart(data(mean)).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour),
            alt.Chart(data(need))
            .mark_line(strokeWidth=2, strokeDash=[6, 3], interpolate="step-after")
            .encode(x=x, y=y, color=colour),
        ]
        return fitted(alt.layer(*layers), width).properties(height=170)

    return drawn(name, title, make)


def numbers(words: Mapping[str, str]) -> Any:
    """Give an axis of whole numbers, grouped as ``words["group"]`` does."""
    import altair as alt

    text = f"replace(format(datum.value, ',.0f'), /,/g, '{words['group']}')"
    return alt.Axis(tickCount=4, labelExpr=text)


def _legend(width: int) -> Any:
    found = legend()
    if width < SLIM:
        found.columns = 2
    return found


def range_chart(
    name: str, spans: Sequence[Span], days: int, ticks: Mapping[int, str], title: str
) -> Drawing:
    """Draw ranges of days, one row each, with the middle as a point and words at the right."""
    rows = [
        {
            "label": span.label,
            "low": span.low,
            "high": days if span.high is None else span.high,
            "middle": span.middle,
            "words": span.words,
        }
        for span in spans
    ]
    order = [span.label for span in spans]

    def make(width: int) -> Any:
        import altair as alt

        y = rows_of(order, width)
        scale = alt.Scale(domain=[0, days], nice=False)
        axis = day_axis(ticks, width)
        known = [row for row in rows if row["low"] is not None]
        point = [row for row in rows if row["middle"] is not None]
        bars = (
            alt.Chart(data(known))
            .mark_bar(height=9, color=draw("middle"))
            .encode(x=alt.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q", y=y)
        )
        dots = (
            alt.Chart(data(point))
            .mark_point(filled=True, size=90, color=draw("short"), opacity=1)
            .encode(x=alt.X("middle:Q", scale=scale), y=y)
        )
        slim = width < SLIM
        beside = {"dy": 15} if slim else {"dx": 8}
        note = alt.Chart(data(rows)).mark_text(align="left", color=draw("soft"), **beside)
        end = alt.value(0 if slim else "width")
        layers = [bars, dots, note.encode(x=end, y=y, text="words:N")]
        layers += names_above(rows, y, width)
        rows_tall = -(-4 * len(order) // 3) if slim else len(order)  # a line more in each
        return sized(alt.layer(*layers), width, rows_tall, right=0 if slim else 150)

    return drawn(name, title, make)


def cost_curve(
    name: str,
    points: Sequence[tuple[float, float]],
    today: tuple[float, float],
    words: dict[str, str],
    title: str,
) -> Drawing:
    """Draw availability (0 to 1) over cost in millions; ``words``: curve, today, unit, percent."""
    curve = [{"cost": cost, "share": share, "kind": words["curve"]} for cost, share in points]
    here = [{"cost": today[0], "share": today[1], "kind": words["today"]}]
    most = max([today[0] * 1.6, *(cost for cost, share in points if share < 0.995)], default=1.0)

    def make(width: int) -> Any:
        import altair as alt

        kinds = [words["curve"], words["today"]]
        colour = alt.Color(
            "kind:N",
            sort=None,
            title=None,
            scale=alt.Scale(domain=kinds, range=[draw("deep"), draw("short")]),
            legend=legend(),
        )
        scale = alt.Scale(domain=[0, most], nice=False, clamp=True)
        x = alt.X("cost:Q", title=words["unit"], scale=scale, axis=alt.Axis(tickCount=5))
        percent = alt.Axis(
            tickCount=5, labelExpr=f"round(datum.value * 100) + '{words['percent']}'"
        )
        y = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=percent)
        shown = [row for row in curve if float(row["cost"]) <= most]  # type: ignore[arg-type]
        layers = [
            alt.Chart(data(shown)).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour),
            alt.Chart(data(here))
            .mark_point(filled=True, size=130, opacity=1)
            .encode(x=x, y=y, color=colour),
        ]
        return fitted(alt.layer(*layers), width).properties(height=230)

    return drawn(name, title, make)


def pipeline_map(name: str, places: Sequence[Place], title: str) -> Drawing:
    """Draw sites from the top to the units, ways as thick as what is under way on them.

    A wide map runs from left to right; a narrow one is a tree of indented rows, in the order of
    ``places`` (parents first).
    """
    most = max((place.units for place in places), default=0.0) or 1.0
    deepest = max((place.depth for place in places), default=0)
    lowest = max((place.row for place in places), default=0.0)

    def make(width: int) -> Any:
        import altair as alt

        slim = width < SLIM
        spots = [(place.depth, -(at if slim else place.row)) for at, place in enumerate(places)]
        ways = [
            {
                "x": spots[place.parent][0],
                "y": spots[place.parent][1],
                "x2": spots[at][0],
                "y2": spots[at][1],
                "width": 1.5 + 12.0 * place.units / most,
            }
            for at, place in enumerate(places)
            if place.parent >= 0
        ]
        dots = [
            {"x": x, "y": y, "label": place.label, "words": place.words}
            for (x, y), place in zip(spots, places, strict=True)
        ]
        rows = float(len(places) - 1) if slim else lowest
        right = deepest + (4.5 if slim else 0.45)
        across = alt.X(
            "x:Q", axis=None, scale=alt.Scale(domain=[-0.1 if slim else -0.45, right], nice=False)
        )
        down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-rows - 0.7, 0.7], nice=False))
        lines = (
            alt.Chart(data(ways))
            .mark_rule(color=draw("pale"))
            .encode(
                x=across,
                y=down,
                x2="x2:Q",
                y2="y2:Q",
                strokeWidth=alt.StrokeWidth("width:Q", legend=None, scale=None),
            )
        )
        base = alt.Chart(data(dots))
        points = base.mark_point(filled=True, size=150, color=draw("deep"), opacity=1)
        place = {"align": "left", "dx": 14} if slim else {}
        above, below = (-7, 9) if slim else (-16, 19)
        names = base.mark_text(dy=above, color=draw("ink"), fontWeight=600, **place)
        notes = base.mark_text(dy=below, color=draw("soft"), **place)
        layers = [
            lines,
            points.encode(x=across, y=down),
            names.encode(x=across, y=down, text="label:N"),
            notes.encode(x=across, y=down, text="words:N"),
        ]
        height = (52 if slim else 80) * (rows + 1.4)
        return fitted(alt.layer(*layers), width).properties(height=height)

    return drawn(name, title, make)
