"""Makes the map's country shapes from Natural Earth (through world-atlas), with borders corrected.

    .venv/bin/python tools/correct_borders.py ../shared/data/geo/countries-110m.json

It is not needed at run time: its result is committed. Natural Earth is in the public domain. Its
shapes follow who holds a place; the brief shows internationally recognised borders, so Crimea is
joined to Ukraine, the Golan to Syria, northern Cyprus to Cyprus and Somaliland to Somalia.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from intendance.model.catalogue import find_party

OUT = Path(__file__).parents[1] / "src/intendance/review/data/world.json"
# The atlas's short names that the catalogue of parties does not know.
NAMES = {
    "United States of America": "US",
    "W. Sahara": "EH",
    "Dem. Rep. Congo": "CD",
    "Dominican Rep.": "DO",
    "Falkland Is.": "FK",
    "Greenland": "GL",
    "Fr. S. Antarctic Lands": "TF",
    "Puerto Rico": "PR",
    "Central African Rep.": "CF",
    "Congo": "CG",
    "Eq. Guinea": "GQ",
    "Palestine": "PS",
    "New Caledonia": "NC",
    "Solomon Is.": "SB",
    "Taiwan": "TW",
    "Antarctica": "AQ",
    "Bosnia and Herz.": "BA",
    "Macedonia": "MK",
    "Kosovo": "XK",
    "S. Sudan": "SS",
    "Laos": "LA",
}
JOINED = {"N. Cyprus": "CY", "Somaliland": "SO"}
# The line of 4 June 1967 as a few rough points, north to south (typed for this scale).
GOLAN_LINE = [(35.63, 33.27), (35.61, 33.05), (35.66, 32.86), (35.65, 32.72)]

Ring = list[tuple[float, float]]


def decode(topology: dict[str, Any]) -> list[Ring]:
    """Give the arcs as longitudes and latitudes (TopoJSON: differences, scaled and moved)."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round(x * scale_x + move_x, 2), round(y * scale_y + move_y, 2)))
        arcs.append(points)
    return arcs


def ring_of(arcs: list[Ring], ids: list[int]) -> Ring:
    """Join arcs into one ring; a negative number is the arc backwards."""
    ring: Ring = []
    for each in ids:
        arc = arcs[each] if each >= 0 else arcs[~each][::-1]
        ring += arc[1:] if ring else arc
    return ring


def in_crimea(ring: Ring) -> bool:
    """Tell whether a ring is the peninsula."""
    return all(32 < x < 37 and 44 < y < 46.5 for x, y in ring)


def main(path: str) -> None:
    topology = json.loads(Path(path).read_text("utf-8"))
    arcs = decode(topology)
    shapes: dict[str, list[list[list[int]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        party = find_party(name)
        code = JOINED.get(name) or NAMES.get(name) or (party.code if party else "")
        assert code, name
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        if code == "RU":
            polygons = [each for each in polygons if not in_crimea(ring_of(arcs, each[0]))]
        shapes.setdefault(code, []).extend([[*each] for each in polygons])
    crimea = next(
        arc
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry["properties"]["name"] == "Russia"
        for polygon in geometry["arcs"]
        if in_crimea(ring_of(arcs, polygon[0]))
        for arc in polygon[0]
    )
    # The ring of the peninsula is two arcs: the isthmus, which Ukraine's ring runs along
    # backwards, and the coast, which starts where the isthmus ends.
    isthmus, coast = crimea, crimea + 1
    land = {}
    for code, polygons in sorted(shapes.items()):
        rings = []
        for polygon in polygons:
            for ids in polygon:
                whole = [coast if code == "UA" and each == ~isthmus else each for each in ids]
                rings.append(golan(code, ring_of(arcs, whole)))
        land[code] = [[round(part * 100) for point in ring for part in point] for ring in rings]
    document = {
        "origin": "Natural Earth 1:110m (public domain) through world-atlas",
        "corrections": "Crimea in Ukraine; Golan in Syria; northern Cyprus in Cyprus; "
        "Somaliland in Somalia",
        "unit": "hundredths of a degree: longitude, latitude, longitude, latitude",
        "countries": land,
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


def golan(code: str, ring: Ring) -> Ring:
    """Exchange the eastern edge of the Golan for its western one, for Israel and for Syria."""
    north, east, south = (35.82, 33.28), (35.84, 32.87), (35.7, 32.72)
    if east not in ring:
        return ring
    if code == "IL":
        place = ring.index(north)
        return [*ring[:place], *GOLAN_LINE, *ring[ring.index(south) + 1 :]]
    assert code == "SY", code
    first = ring.index(south)
    return [*ring[:first], *GOLAN_LINE[::-1], *ring[ring.index(north) :]]


if __name__ == "__main__":
    main(sys.argv[1])
