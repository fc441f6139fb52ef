"""Charts of the brief: Altair specifications drawn to SVG, in a wide and a narrow form each.

Nothing is measured in the browser and nothing is loaded: the page shows one of the two forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from intendance.review.palette import SERIES, draw, themed

FONT: Final = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDE: Final = 860
NARROW: Final = 330
SLIM: Final = 500
_LETTER: Final = 7.2  # the widest that a letter of an axis gets, on average
_LIFT: Final = 17  # from the middle of a bar to the name above it


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart as two SVG texts; ``label`` says in words what it shows.

    ``name`` is unique on the page. In a section, ``caption`` stands below the drawing, and the
    drawing stands above the section's table number ``above`` (from 0), which holds its figures.
    """

    name: str
    label: str
    wide: str
    narrow: str
    caption: str = ""
    above: int = 0


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """A capability's bar: shares of its need (1 is all), with the words that stand beside it."""

    label: str
    delivered: float
    committed: float
    pledged: float
    need_low: float
    need_high: float
    note: str
    short_note: str = ""  # where a phone has no room for words


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a stacked bar; ``amount`` in the chart's own scale, ``total`` as words."""

    row: str
    category: str
    place: int
    amount: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall, from ``start`` to ``end``; ``kind``: total, gain or loss."""

    label: str
    kind: str
    start: float
    end: float
    words: str


def coverage_chart(
    bars: Sequence[CoverageBar], words: dict[str, str], percent: str, title: str
) -> Drawing:
    """Draw delivered within committed within pledged as shares of the need, with its interval.

    ``words``: legend words of delivered, committed, pledged; ``percent``: the sign with its blank.
    """
    limit = 1.5
    roles = {"pledged": "pale", "committed": "middle", "delivered": "deep"}
    heights = {"pledged": 15, "committed": 15, "delivered": 7}
    rows = [
        {
            "label": bar.label,
            "stage": words[stage],
            "key": stage,
            "share": min(getattr(bar, stage), limit),
        }
        for bar in bars
        for stage in roles
    ]
    spans = [_span(bar, limit, percent) for bar in bars]

    def make(width: int) -> Any:
        import altair as alt

        y = rows_of([bar.label for bar in bars], width)
        ticks = alt.Axis(
            values=[0, 0.5, 1, 1.5],
            labelExpr=f"(datum.value * 100) + '{percent}'",
            orient="top",
        )
        scale = alt.Scale(domain=[0, limit])
        x = alt.X("share:Q", scale=scale, title=None, axis=ticks)
        reversed_roles = list(reversed(roles.items()))
        colour = alt.Color(
            "stage:N",
            sort=None,
            title=None,
            scale=alt.Scale(
                domain=[words[stage] for stage, _ in reversed_roles],
                range=[draw(role) for _, role in reversed_roles],
            ),
            legend=legend(),
        )
        layers = [
            alt.Chart(data([row for row in rows if row["key"] == stage]))
            .mark_bar(height=heights[stage])
            .encode(x=x, y=y, color=colour)
            for stage in roles
        ]
        all_of_it = alt.Chart(data([{"share": 1}]))
        layers.append(all_of_it.mark_rule(color=draw("ink"), strokeWidth=1.5).encode(x=x))
        need = alt.Chart(data(spans))
        low = alt.X("low:Q", scale=scale)
        layers.append(
            need.mark_rule(color=draw("ink"), strokeWidth=3).encode(x=low, x2="high:Q", y=y)
        )
        note = need.mark_text(align="left", dx=8, color=draw("short"))
        if width < SLIM:
            note = need.mark_text(align="right", dy=-_LIFT, color=draw("short"))
        shown = "short_note:N" if width < SLIM else "note:N"
        layers.append(note.encode(x=alt.value("width"), y=y, text=shown))
        layers += names_above(spans, y, width)
        return sized(alt.layer(*layers), width, len(bars), right=0 if width < SLIM else 150)

    return drawn("coverage", title, make)


def _span(bar: CoverageBar, limit: float, percent: str) -> dict[str, Any]:
    """Give a need's interval and its note; a bar that runs out of the chart says how far."""
    beyond = f"{bar.committed * 100:.0f}{percent} \u203a" if bar.committed > limit else ""
    return {
        "label": bar.label,
        "low": min(bar.need_low, limit),
        "high": min(bar.need_high, limit),
        "note": "  ".join(filter(None, (beyond, bar.note))),
        "short_note": "  ".join(filter(None, (beyond, bar.short_note))),
    }


def stacked_rows(
    name: str, pieces: Sequence[Piece], totals: dict[str, str], unit: str, title: str
) -> Drawing:
    """Draw horizontal stacked bars, in the order of their places, each with its total in words."""
    categories = list(dict.fromkeys(piece.category for piece in pieces))
    rows = [_record(piece) for piece in pieces]
    ends: dict[str, float] = {}
    for piece in pieces:
        ends[piece.row] = ends.get(piece.row, 0.0) + max(piece.amount, 0.0)
    labels = [{"label": row, "end": ends[row], "words": words} for row, words in totals.items()]
    order = list(totals)

    def make(width: int) -> Any:
        import altair as alt

        y = rows_of(order, width)
        top = max(ends.values(), default=1.0) * (1.25 if width < SLIM else 1.13)
        scale = alt.Scale(domain=[0, top or 1], nice=False)
        bars = (
            alt.Chart(data(rows))
            .mark_bar(height=15)
            .encode(
                x=alt.X("amount:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=4)),
                y=y,
                color=_series(categories),
                order=alt.Order("place:Q"),
            )
        )
        words = (
            alt.Chart(data(labels))
            .mark_text(align="left", dx=5, color=draw("ink"))
            .encode(x=alt.X("end:Q", scale=scale), y=y, text="words:N")
        )
        layers = [bars, words, *names_above(labels, y, width)]
        return sized(alt.layer(*layers), width, len(order))

    return drawn(name, title, make)


def stacked_columns(
    name: str, pieces: Sequence[Piece], order: Sequence[str], unit: str, title: str
) -> Drawing:
    """Draw vertical stacked bars in the order given; labels thin out by themselves."""
    categories = list(dict.fromkeys(piece.category for piece in pieces))
    rows = [_record(piece) for piece in pieces]

    def make(width: int) -> Any:
        import altair as alt

        step = -(-len(order) // (5 if width < 500 else 12))
        shown = list(order)[::step] if step else []
        axis = alt.Axis(labelAngle=0, values=shown, labelOverlap=True, ticks=False)
        bars = (
            alt.Chart(data(rows))
            .mark_bar()
            .encode(
                x=alt.X("label:N", sort=list(order), title=None, axis=axis).scale(
                    domain=list(order), paddingInner=0.18
                ),
                y=alt.Y("amount:Q", title=unit, axis=alt.Axis(tickCount=5)),
                color=_series(categories),
                order=alt.Order("place:Q"),
            )
        )
        return fitted(bars, width).properties(height=260)

    return drawn(name, title, make)


def waterfall(name: str, steps: Sequence[Step], floor: float, unit: str, title: str) -> Drawing:
    """Draw a waterfall; ``floor`` is where the axis begins (the page says so)."""
    roles = {"total": "five", "gain": "gain", "loss": "loss"}
    rows = [
        {
            "label": step.label,
            "kind": step.kind,
            "from": max(min(step.start, step.end), floor),
            "to": max(step.start, step.end, floor),
            "words": step.words,
        }
        for step in steps
    ]
    order = [step.label for step in steps]

    def make(width: int) -> Any:
        import altair as alt

        ends = [max(step.start, step.end) for step in steps]
        top = max(ends, default=1.0)
        scale = alt.Scale(domain=[floor, top + (top - floor) * (0.34 if width < 500 else 0.14)])
        base = alt.Chart(data(rows))
        y = rows_of(order, width)
        colour = alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=list(roles), range=[draw(role) for role in roles.values()]),
        )
        bars = base.mark_bar(height=18).encode(
            x=alt.X("from:Q", scale=scale, title=unit, axis=alt.Axis(tickCount=5)),
            x2="to:Q",
            y=y,
            color=colour,
        )
        words = base.mark_text(align="left", dx=5, color=draw("ink")).encode(
            x=alt.X("to:Q", scale=scale), y=y, text="words:N"
        )
        return sized(alt.layer(bars, words, *names_above(rows, y, width)), width, len(order))

    return drawn(name, title, make)


def data(rows: Sequence[dict[str, Any]]) -> Any:
    """Give rows as a specification's data."""
    import altair as alt

    return alt.Data(values=list(rows))


def _record(piece: Piece) -> dict[str, Any]:
    return {
        "label": piece.row,
        "category": piece.category,
        "place": piece.place,
        "amount": piece.amount,
    }


def rows_of(order: Sequence[str], width: int) -> Any:
    """Give the rows' axis; on a narrow chart the names stand above their bars instead."""
    import altair as alt

    # The converter's own type is narrower than what a browser may fall back to.
    room = min(max(map(len, order), default=0) * _LETTER + 12, 300)
    axis = alt.Axis(labelLimit=255, minExtent=room, ticks=False, domain=False, grid=False)
    if width < SLIM:
        axis = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    return alt.Y("label:N", sort=list(order), title=None, axis=axis)


def names_above(rows: Sequence[dict[str, Any]], y: Any, width: int) -> list[Any]:
    """Give the layer of a narrow chart's names above its bars; none on a wide one."""
    import altair as alt

    if width >= SLIM:
        return []
    names = alt.Chart(data(rows)).mark_text(
        align="left", dy=-_LIFT, color=draw("ink"), limit=width - 60
    )
    return [names.encode(x=alt.value(0), y=y, text="label:N")]


def sized(chart: Any, width: int, count: int, *, right: int = 0, left: int = 0) -> Any:
    """Fit a chart of ``count`` rows into a width; its height follows from the rows."""
    room = 42 if width < SLIM else 29
    return fitted(chart, width, right=right, left=left).properties(height=room * max(count, 1))


def fitted(chart: Any, width: int, *, right: int = 0, left: int = 0) -> Any:
    """Fit a chart, axes and legend included, into a width, with room at its sides."""
    return chart.properties(
        width=width,
        autosize={"type": "fit-x", "contains": "padding"},
        padding={"left": left + 4, "top": 4, "bottom": 4, "right": right + 6},
    )


def legend(*, columns: int = 0) -> Any:
    """Give the legend above a chart, with room for wider fonts between its words."""
    import altair as alt

    more = {"columns": columns} if columns else {}
    return alt.Legend(
        orient="top",
        direction="horizontal",
        symbolType="square",
        offset=8,
        columnPadding=34,
        **more,
    )


def _series(categories: Sequence[str]) -> Any:
    import altair as alt

    colours = [draw(SERIES[min(place, len(SERIES) - 1)]) for place in range(len(categories))]
    return alt.Color(
        "category:N",
        title=None,
        scale=alt.Scale(domain=list(categories), range=colours),
        legend=legend(),
    )


_CONFIG: Final[dict[str, Any]] = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": draw("ink"),
        "titleColor": draw("soft"),
        "gridColor": draw("line"),
        "domainColor": draw("line"),
        "tickColor": draw("line"),
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 400,
        "labelPadding": 6,
    },
    "legend": {"labelColor": draw("ink"), "labelFontSize": 12, "symbolSize": 130},
    "text": {"fontSize": 12, "font": FONT},
    "bar": {"cornerRadiusEnd": 1},
}


def drawn(name: str, title: str, make: Callable[[int], Any], caption: str = "") -> Drawing:
    """Draw a chart that ``make`` specifies for a width in user units, in both forms.

    Colours are asked of ``palette.draw`` by role, so that they follow the page's ground.
    """
    wide, narrow = (make(width) for width in (WIDE, NARROW))
    return Drawing(name, title, _svg(name, title, wide), _svg(f"{name}-n", title, narrow), caption)


_SIZE: Final = re.compile(r'(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"')
_CHATTER: Final = re.compile(
    r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>"
    r'| (?:aria-[a-z]+|role|pointer-events|font-family|class|opacity|version)="[^"]*"'
)
_FRACTION: Final = re.compile(r"\d+\.\d{2,}")
_TAG: Final = re.compile(r"<[^>]*>")  # figures that people read stand between tags
_ID: Final = re.compile(r'id="([^"]+)"')


def _shortened(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _svg(name: str, title: str, chart: Any) -> str:
    """Draw a specification; ids are renamed, since the converter counts them across drawings."""
    import vl_convert

    spec = {**chart.to_dict(validate=False), "config": _CONFIG}
    svg: str = vl_convert.vegalite_to_svg(spec, show_warnings=False)
    for place, found in enumerate(dict.fromkeys(_ID.findall(svg))):
        mine = f"{name}-{place}"
        svg = svg.replace(f'id="{found}"', f'id="{mine}"').replace(f"#{found})", f"#{mine})")
    # The converter's own words are English; the drawing is labelled as a whole instead.
    svg = _CHATTER.sub("", svg)
    svg = _TAG.sub(lambda tag: _FRACTION.sub(_shortened, tag[0]), svg)
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    label = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    svg = _SIZE.sub(rf'\1 role="img" aria-label="{label}"', svg, count=1)
    return themed(svg).strip()
