"""Codes of places and countries: UN/LOCODE for towns and ports, ISO 3166 for countries.

The places are the hubs, ports and towns that aid goes through, typed from UN/LOCODE (UNECE);
each point was checked by eye, since the source has some wrong ones (it puts the air base at
Dover, Delaware, into New Hampshire). Coordinates are rounded to a hundredth of a degree.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from intendance.model.catalogue import find_party, fold


@dataclass(frozen=True, slots=True)
class Place:
    """A town or port: its UN/LOCODE, its country's ISO 3166 code, and where it lies (degrees)."""

    code: str
    name: str
    country: str
    latitude: float
    longitude: float


@cache
def places() -> dict[str, Place]:
    """Give all places by name."""
    return {place.name: place for place, _ in _rows()}


@cache
def _rows() -> tuple[tuple[Place, tuple[str, ...]], ...]:
    text = files("intendance.exchange.layouts").joinpath("places.csv").read_text("utf-8")
    return tuple(
        (
            Place(
                row["code"],
                row["name"],
                row["country"],
                float(row["latitude"]),
                float(row["longitude"]),
            ),
            tuple(filter(None, row["aliases"].split(";"))),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _spellings() -> dict[str, Place]:
    return {
        fold(word): place
        for place, aliases in _rows()
        for word in (place.name, place.code, f"{place.code[:2]} {place.code[2:]}", *aliases)
    }


def find_place(text: str) -> Place | None:
    """Give the place for any spelling or code, or None.

    >>> find_place("Varsovie").code, find_place("PL RZE").name, find_place("nowhere")
    ('PLWAW', 'Rzeszow', None)
    """
    return _spellings().get(fold(text))


def place_name(text: str) -> str:
    """Give a place's or a country's own name for any spelling; unknown ones stay as written.

    >>> place_name("Kiev"), place_name("Pologne"), place_name("Left bank")
    ('Kyiv', 'Poland', 'Left bank')
    """
    words = " ".join(text.split())
    found = find_place(words) or (find_party(words) if words else None)
    return found.name if found else words[:120]
