"""The map of donors: circles by amount on recognised borders, drawn as plain SVG.

Projection: Equal Earth (Šavrič, Patterson and Jenny 2019, doi 10.1080/13658816.2018.1504949),
so that countries keep their true areas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
# Left, bottom, right, top in degrees: the inhabited world, and where donors crowd.
WORLD: Final = (-168.0, -56.0, 180.0, 78.0)
EUROPE: Final = (-11.0, 34.5, 43.0, 70.5)
_FEWEST_CROWDED: Final = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A donor's circle: its place in degrees, its amount, and the words that name it."""

    name: str
    code: str
    longitude: float
    latitude: float
    amount: float
    words: str
    link: str


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Project degrees onto the plane of the unit sphere (x right, y up).

    >>> x, y = equal_earth(180.0, 0.0)  # half the map's width, 2.70663 in the paper
    >>> round(x, 5), y
    (2.70663, 0.0)
    """
    a1, a2, a3, a4 = _A
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    t2 = t * t
    t6 = t2 * t2 * t2
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of the map, ``width`` user units wide."""

    west: float
    south: float
    east: float
    north: float
    width: float

    @classmethod
    def of(cls, window: tuple[float, float, float, float], width: float) -> Frame:
        """Frame a window given in degrees."""
        return cls(*window, width)

    def corners(self) -> tuple[float, float, float, float]:
        """Give left, top, right, bottom on the plane."""
        middle = (self.south + self.north) / 2
        rows = (self.south, middle if self.south * self.north > 0 else 0.0, self.north)
        lefts = [equal_earth(self.west, row)[0] for row in rows]
        rights = [equal_earth(self.east, row)[0] for row in rows]
        top, bottom = equal_earth(0, self.north)[1], equal_earth(0, self.south)[1]
        return min(lefts), top, max(rights), bottom

    @property
    def height(self) -> float:
        """Give the height in user units."""
        left, top, right, bottom = self.corners()
        return self.width * (top - bottom) / (right - left)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Give a point in user units, from the upper left corner."""
        left, top, right, _ = self.corners()
        scale = self.width / (right - left)
        x, y = equal_earth(longitude, latitude)
        return (x - left) * scale, (top - y) * scale


@cache
def shapes() -> dict[str, list[list[int]]]:
    """Give the country shapes: rings of hundredths of a degree by ISO 3166-1 code."""
    text = files("intendance.review.data").joinpath("world.json").read_text("utf-8")
    found: dict[str, list[list[int]]] = json.loads(text)["countries"]
    return found


def _points(ring: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Give a ring's points; one that jumps over the date line goes on beyond 180 degrees."""
    xs = ring[::2]
    jumps = any(abs(after - before) > 18000 for before, after in pairwise(xs))
    for place in range(0, len(ring), 2):
        longitude = ring[place] / 100
        yield longitude + 360 if jumps and longitude < 0 else longitude, ring[place + 1] / 100


def _touches(ring: Sequence[int], frame: Frame) -> bool:
    """Tell whether a ring's box meets the window."""
    xs, ys = ring[::2], ring[1::2]
    return (
        max(xs) / 100 >= frame.west - 12
        and min(xs) / 100 <= frame.east + 12
        and max(ys) / 100 >= frame.south - 8
        and min(ys) / 100 <= frame.north + 8
    )


def _path(rings: Sequence[Sequence[int]], frame: Frame) -> str:
    """Write the rings as one path, points closer than a user unit left out."""
    parts = []
    for ring in rings:
        if not _touches(ring, frame):
            continue
        drawn: list[tuple[int, int]] = []
        for longitude, latitude in _points(ring):
            x, y = frame.place(longitude, latitude)
            point = (round(x * 10), round(y * 10))
            near = drawn and abs(point[0] - drawn[-1][0]) + abs(point[1] - drawn[-1][1]) < 8
            if not near:
                drawn.append(point)
        if len(drawn) > 2:
            first, *rest = drawn
            moves = []
            before = first
            for point in rest:
                moves.append(f"{point[0] - before[0]} {point[1] - before[1]}")
                before = point
            parts.append(f"M{first[0]} {first[1]}l{' '.join(moves)}z")
    return "".join(parts)


def land_of(frame: Frame, recipient: str = "", donors: Mapping[str, str] | None = None) -> str:
    """Draw the countries that meet a window as paths of tenths of a user unit, by role."""
    groups: dict[str, list[str]] = {"land": [], "giver": [], "taker": []}
    for code, rings in sorted(shapes().items()):
        if code == "AQ":
            continue
        role = "taker" if code == recipient else "giver" if code in (donors or {}) else "land"
        path = _path(rings, frame)
        if path:
            groups[role].append(path)
    return "".join(
        f'<path class="{role}" d="{"".join(paths)}"/>' for role, paths in groups.items() if paths
    )


def draw_map(
    spots: Sequence[Spot],
    recipient: str,
    donors: Mapping[str, str],
    *,
    label: str,
    name: str,
    window: tuple[float, float, float, float] = WORLD,
    width: float = 860,
    largest_radius: float = 46,
    top: float | None = None,
) -> str:
    """Draw one window: land, donors' land, the recipient's land, and circles by amount.

    The circles' areas are proportional to the amounts; ``top`` is the amount of the largest
    radius. ``donors``: code to name. Circles link to the donor's row of the table.
    """
    frame = Frame.of(window, width)
    land = land_of(frame, recipient, donors)
    height = frame.height
    clip = f"{name}-frame"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="group" '
        f'aria-label="{escape(label)}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<clipPath id="{clip}"><rect width="{width:.0f}" height="{height:.0f}"/></clipPath>'
        f'<g clip-path="url(#{clip})"><g transform="scale(.1)">{land}</g>'
    )
    peak = top or max((spot.amount for spot in spots), default=1.0) or 1.0
    circles = [
        _circle(spot, frame, largest_radius * sqrt(spot.amount / peak))
        for spot in sorted(spots, key=lambda spot: (-spot.amount, spot.name))
        if spot.amount > 0 and inside(spot, window)
    ]
    return f"{head}{''.join(circles)}</g></svg>"


def _circle(spot: Spot, frame: Frame, radius: float) -> str:
    x, y = frame.place(spot.longitude, spot.latitude)
    words = escape(spot.words)
    shown = ""
    if radius > 13:
        shown = f'<text x="{x:.0f}" y="{y + 4:.0f}">{escape(spot.code)}</text>'
    return (
        f'<a href="#{escape(spot.link)}"><circle cx="{x:.1f}" cy="{y:.1f}" '
        f'r="{max(radius, 2):.1f}"><title>{words}</title></circle>{shown}</a>'
    )


def inside(spot: Spot, window: tuple[float, float, float, float]) -> bool:
    """Tell whether a donor's place lies in a window."""
    west, south, east, north = window
    return west <= spot.longitude <= east and south <= spot.latitude <= north


def crowded(spots: Sequence[Spot]) -> bool:
    """Tell whether enough donors stand in Europe to draw it apart."""
    return sum(1 for spot in spots if inside(spot, EUROPE)) >= _FEWEST_CROWDED


def spots_of(rows: Sequence[tuple[Any, float, str, str]]) -> tuple[list[Spot], list[str]]:
    """Give the circles of donors with a place, and the words of those without one.

    ``rows``: (party or None, amount, words, link). An institution has no land: it is listed.
    """
    spots, unplaced = [], []
    for party, amount, words, link in rows:
        if party is None or party.latitude is None or party.kind != "state":
            unplaced.append(words)
            continue
        spots.append(
            Spot(party.name, party.code, party.longitude, party.latitude, amount, words, link)
        )
    return spots, unplaced
