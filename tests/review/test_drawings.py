"""Typography, charts and the map."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.review import pictures, worldmap
from intendance.review.facts import Brief
from intendance.review.palette import ROLES
from intendance.review.typography import Typography


@given(st.integers(-(10**15), 10**15), st.sampled_from(["en", "fr"]))
def test_numbers_can_be_read_back(number: int, language: str) -> None:
    written = Typography(language).number(number)
    plain = re.sub(r"[,\u202f]", "", written).replace("\u2212", "-")
    assert int(plain) == number


@given(st.decimals(0, 10**12, places=2), st.sampled_from(["en", "fr"]))
def test_short_money_is_near(amount: Decimal, language: str) -> None:
    written = Typography(language).money(amount, "EUR")
    scale = 10**9 if re.search("bn|Md", written) else 10**6 if re.search("m|M", written) else 1
    digits = re.sub(r"[^\d.,]", "", written)
    digits = digits.replace(",", "." if language == "fr" else "")
    assert abs(Decimal(digits) * scale - amount) <= Decimal(scale) / 100 * Decimal("0.51") + (
        Decimal("0.5") if scale == 1 else 0
    )


@pytest.mark.parametrize("draw", [pictures.coverage_drawing, pictures.donors_drawing])
def test_charts_are_themed_and_well_formed(brief: Brief, draw: object) -> None:
    drawn = draw(brief, Typography("fr"))  # type: ignore[operator]
    for svg in (drawn.wide, drawn.narrow):
        ET.fromstring(svg)  # noqa: S314 (our own drawing)
        assert "var(--" in svg
        assert not any(pair[0] in svg for pair in ROLES.values())
        assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_an_empty_brief_draws_nothing(brief: Brief) -> None:
    bare = replace(brief, coverage=(), by_donor=(), by_month=())
    english = Typography("en")
    assert pictures.coverage_drawing(bare, english) is None
    assert pictures.donors_drawing(bare, english) is None
    assert pictures.months_drawing(bare, english) is None
    assert pictures.donor_maps(bare, english, {}) is None


def test_waterfall_axis_begins_below_every_level(brief: Brief) -> None:
    turn = brief.turn
    assert turn is not None
    floor = pictures.floor_of(turn)
    levels = [turn.total_before.best]
    for _, amount, _ in turn.causes:
        levels.append(levels[-1] + amount)
    assert 0 <= floor <= min(levels)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_projection_stays_on_the_map(longitude: float, latitude: float) -> None:
    x, y = worldmap.equal_earth(longitude, latitude)
    assert abs(x) <= 2.70664
    assert abs(y) <= 1.31737


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=4))
def test_circle_areas_are_in_proportion(amounts: list[float]) -> None:
    spots = [
        worldmap.Spot(f"n{i}", "XX", 10.0 * i, 20.0, amount, "words", "d1")
        for i, amount in enumerate(amounts)
    ]
    svg = worldmap.draw_map(spots, "UA", {}, label="map", name="m", largest_radius=50)
    radii = sorted(float(each) for each in re.findall(r' r="([\d.]+)"', svg))
    top = max(amounts)
    expected = sorted(max(50 * (a / top) ** 0.5, 2) for a in amounts if a > 0)
    assert radii == pytest.approx(expected, abs=0.06)


def contains(rings: list[list[int]], longitude: float, latitude: float) -> bool:
    """Ray casting, even-odd."""
    hit = False
    for ring in rings:
        points = [(ring[i] / 100, ring[i + 1] / 100) for i in range(0, len(ring), 2)]
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
            if (y1 > latitude) != (y2 > latitude):
                cross = x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
                hit ^= longitude < cross
    return hit


@pytest.mark.parametrize(
    ("longitude", "latitude", "inside", "outside"),
    [
        (34.1, 45.2, "UA", "RU"),  # Simferopol's plain
        (34.5, 46.6, "UA", "RU"),  # the mainland north of the isthmus
        (35.75, 33.0, "SY", "IL"),  # the Golan
        (33.4, 35.3, "CY", "TR"),  # northern Cyprus
        (45.0, 10.0, "SO", "ET"),  # Somaliland
    ],
)
def test_borders_are_the_recognised_ones(
    longitude: float, latitude: float, inside: str, outside: str
) -> None:
    shapes = worldmap.shapes()
    assert contains(shapes[inside], longitude, latitude)
    assert not contains(shapes[outside], longitude, latitude)


def test_words_in_charts_are_the_tables_words(brief: Brief) -> None:
    """Shortening the drawing's coordinates must not touch what people read."""
    drawn = pictures.donors_drawing(brief, Typography("en"))
    assert drawn is not None
    for cell in brief.by_donor:
        assert f">{Typography('en').money(cell.figure.best, 'EUR')}<" in drawn.wide
