"""The map of a plan's flows: one frame for each part of the horizon, lines as wide as the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from intendance.review.charts import Drawing
from intendance.review.palette import SERIES
from intendance.review.worldmap import EUROPE, Frame, land_of

_GAP: Final = 14.0
_HEAD: Final = 22.0
_WIDEST: Final = 8.0
_NARROWEST: Final = 0.7
_LEGEND: Final = 26.0
_MARGIN_DEGREES: Final = 3.0
_NAMED: Final = 5
_DASHES: Final = ("", "6 3", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Place:
    """A node with coordinates, in degrees; ``end`` when something is needed there."""

    name: str
    longitude: float
    latitude: float
    end: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Tonnes on one link within one part of the horizon; ends are positions of places."""

    start: int
    end: int
    mode: str
    tonnes: float


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the horizon: its words and what moves in it."""

    words: str
    flows: tuple[Flow, ...]


def window_of(places: Sequence[Place]) -> tuple[float, float, float, float]:
    """Give the window: Europe when most places lie there, else around all of them."""
    west, south, east, north = EUROPE
    inside = [p for p in places if west <= p.longitude <= east and south <= p.latitude <= north]
    shown = inside if 2 * len(inside) > len(places) else list(places)
    left = min(p.longitude for p in shown) - _MARGIN_DEGREES
    right = max(p.longitude for p in shown) + _MARGIN_DEGREES
    bottom = min(p.latitude for p in shown) - _MARGIN_DEGREES
    top = max(p.latitude for p in shown) + _MARGIN_DEGREES
    return max(left, -180.0), max(bottom, -84.0), min(right, 180.0), min(top, 84.0)


def flow_map(
    name: str,
    places: Sequence[Place],
    periods: Sequence[Period],
    modes: Mapping[str, str],
    words: tuple[str, str],
) -> Drawing:
    """Draw the frames in two columns (wide) and in one (narrow).

    ``modes``: mode to its word, in the order of their colours; ``words``: label and caption.
    """
    label, caption = words
    wide = _draw(name, places, periods, modes, label, columns=2, width=430.0)
    narrow = _draw(f"{name}-n", places, periods, modes, label, columns=1, width=330.0)
    return Drawing(name, label, wide, narrow, caption)


def _draw(
    name: str,
    places: Sequence[Place],
    periods: Sequence[Period],
    modes: Mapping[str, str],
    label: str,
    *,
    columns: int,
    width: float,
) -> str:
    frame = Frame.of(window_of(places), width - _GAP / 2 if columns > 1 else width)
    heaviest = max((flow.tonnes for period in periods for flow in period.flows), default=1.0)
    cell = frame.height + _HEAD
    rows = -(-len(periods) // columns)
    total_width = columns * frame.width + (columns - 1) * _GAP
    total_height = _LEGEND + rows * (cell + _GAP)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flows" role="img" '
        f'aria-label="{escape(label)}" viewBox="0 0 {total_width:.0f} {total_height:.0f}">'
        f'<defs><clipPath id="{name}-clip"><rect width="{frame.width:.0f}" '
        f'height="{frame.height:.0f}"/></clipPath>'
        f'<g id="{name}-land" class="ground" transform="scale(.1)">{land_of(frame)}</g></defs>'
    )
    parts = [head, _legend(modes)]
    for place, period in enumerate(periods):
        x = (place % columns) * (frame.width + _GAP)
        y = _LEGEND + (place // columns) * (cell + _GAP)
        parts.append(
            f'<g transform="translate({x:.0f} {y:.0f})">'
            f'<text fill="var(--ink)" font-size="{12.5 if columns > 1 else 11}" '
            f'font-weight="600" x="0" y="14">'
            f"{escape(period.words)}</text>"
            f'<g transform="translate(0 {_HEAD:.0f})" clip-path="url(#{name}-clip)">'
            f'<rect fill="none" stroke="var(--line)" width="{frame.width:.0f}" '
            f'height="{frame.height:.0f}"/>'
            f'<use href="#{name}-land"/>'
            f"{_flows(frame, places, period, modes, heaviest)}</g></g>"
        )
    return "".join(parts) + "</svg>"


def _legend(modes: Mapping[str, str]) -> str:
    parts = []
    x = 0.0
    for place, word in enumerate(modes.values()):
        parts.append(
            f'<line x1="{x:.0f}" x2="{x + 26:.0f}" y1="10" y2="10" stroke="{_colour(place)}" '
            f'stroke-width="4"{_dash(place)}/>'
            f'<text fill="var(--ink)" font-size="12" x="{x + 32:.0f}" y="14">{escape(word)}</text>'
        )
        x += 50 + 7.2 * len(word)
    return "".join(parts)


def _colour(place: int) -> str:
    return f"var(--{SERIES[min(place, len(SERIES) - 1)]})"


def _dash(place: int) -> str:
    dash = _DASHES[min(place, len(_DASHES) - 1)]
    return f' stroke-dasharray="{dash}"' if dash else ""


def _flows(
    frame: Frame,
    places: Sequence[Place],
    period: Period,
    modes: Mapping[str, str],
    heaviest: float,
) -> str:
    order = list(modes)
    points = [frame.place(p.longitude, p.latitude) for p in places]
    drawn = []
    through: dict[int, float] = {}
    for flow in sorted(period.flows, key=lambda x: -x.tonnes):
        (x1, y1), (x2, y2) = points[flow.start], points[flow.end]
        place = order.index(flow.mode) if flow.mode in order else len(order)
        width = max(_NARROWEST, _WIDEST * (flow.tonnes / heaviest) ** 0.5)
        title = f"{places[flow.start].name} – {places[flow.end].name}"
        drawn.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{_colour(place)}" stroke-width="{width:.1f}" stroke-opacity=".8" '
            f'stroke-linecap="round"{_dash(place)}><title>{escape(title)}, '
            f"{flow.tonnes:.0f} t</title></line>"
        )
        through[flow.end] = through.get(flow.end, 0.0) + flow.tonnes
    used = sorted({x for flow in period.flows for x in (flow.start, flow.end)})
    drawn += [_dot(points[n], end=places[n].end) for n in used]
    named = sorted(through, key=lambda n: (-through[n], n))[:_NAMED]
    taken: list[tuple[float, float, float]] = []
    drawn += [_name(frame, points[n], places[n].name, taken) for n in named]
    return "".join(drawn)


def _dot(point: tuple[float, float], *, end: bool) -> str:
    x, y = point
    size = 3.4 if end else 1.9
    fill = "var(--short)" if end else "var(--ink)"
    return (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{size}" ry="{size}" fill="{fill}" '
        f'stroke="var(--paper)" stroke-width=".8"/>'
    )


def _name(
    frame: Frame, point: tuple[float, float], name: str, taken: list[tuple[float, float, float]]
) -> str:
    """Write a place's name beside it, unless another name stands there already."""
    x, y = point
    room = 6.0 * len(name)
    left = x + 6 if x + 6 + room < frame.width else x - 6 - room
    clash = any(
        abs(y - other) < 12 and left < right and start < left + room
        for start, right, other in taken
    )
    if clash or not (left > 0 and left + room < frame.width + 4 and 8 < y < frame.height - 2):
        return ""
    taken.append((left, left + room, y))
    return (
        f'<text fill="var(--ink)" font-size="10.5" paint-order="stroke" stroke="var(--paper)" '
        f'stroke-width="2.4" stroke-linejoin="round" x="{left:.1f}" y="{y + 3.5:.1f}">'
        f"{escape(name)}</text>"
    )
