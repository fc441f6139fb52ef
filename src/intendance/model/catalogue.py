"""Reference tables as data: parties, items, capabilities, with French and English names."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

_FOLDER: Final = "intendance.model.data"
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Give the form under which aliases are found: no case, accents, marks or double blanks.

    >>> fold(" D-30  Howitzer "), fold("Électricité")
    ('d 30 howitzer', 'electricite')
    """
    if text.isascii():  # no mark to take away: most names
        low = text.lower()
        return " ".join((low if low.isalnum() else _NO_WORD.sub(" ", low)).split())
    plain_text = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        " " if not each.isalnum() else each
        for each in plain_text
        if not unicodedata.combining(each)
    )
    return " ".join(kept.split())


# Groups of donors that people speak of, and what to call them (message ids).
DONOR_GROUPS: Final = {
    "eu": "EU members and institutions",
    "eu_states": "EU members alone",
    "eu_institutions": "EU institutions alone",
    "europe": "EU and the other European donors",
    "nato": "NATO members",
    "g7": "G7 members",
}


@dataclass(frozen=True, slots=True)
class Party:
    """A donor, recipient or carrier. ``groups``: EU, NATO … ``code``: ISO 3166-1 alpha-2."""

    name: str
    code: str
    kind: str
    french: str
    groups: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None

    def label(self, language: str) -> str:
        """Give the name in a language."""
        return self.french if language == "fr" and self.french else self.name


@dataclass(frozen=True, slots=True)
class Capability:
    """What is wanted, above the item; civil or military."""

    name: str
    english: str
    french: str
    domain: str
    unit: str

    def label(self, language: str) -> str:
        """Give the name in a language."""
        return self.french if language == "fr" and self.french else self.english


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is given, with the capability it gives."""

    name: str
    english: str
    french: str
    capability: str
    unit: str

    def label(self, language: str) -> str:
        """Give the name in a language."""
        return self.french if language == "fr" and self.french else self.english


def table(name: str) -> list[dict[str, str]]:
    """Read one reference table (UTF-8 CSV with a header row)."""
    text = files(_FOLDER).joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _aliases(row: dict[str, str], *columns: str) -> set[str]:
    names = [row[column] for column in columns] + row.get("aliases", "").split(";")
    return {fold(name) for name in names if fold(name)}


@cache
def parties() -> dict[str, Party]:
    """Give all parties by name."""
    found = {}
    for row in table("parties"):
        place = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None
        groups = tuple(filter(None, row["groups"].split(";")))
        latitude, longitude = place or (None, None)
        found[row["name"]] = Party(
            row["name"], row["code"], row["kind"], row["french"], groups, latitude, longitude
        )
    return found


@cache
def _party_aliases() -> dict[str, str]:
    return {
        alias: row["name"]
        for row in table("parties")
        for alias in _aliases(row, "name", "french", "code")
    }


def party_name(text: str) -> str:
    """Give the party's own name for any spelling; an unknown one stays as written, trimmed.

    >>> party_name("FInland "), party_name("Allemagne")
    ('Finland', 'Germany')
    """
    return _party_aliases().get(fold(text), " ".join(text.split()))


def find_party(text: str) -> Party | None:
    """Give the party for any spelling, or None."""
    return parties().get(party_name(text))


@cache
def capabilities() -> dict[str, Capability]:
    """Give all capabilities by name."""
    return {
        row["name"]: Capability(
            row["name"], row["english"], row["french"], row["domain"], row["unit"]
        )
        for row in table("capabilities")
    }


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A substitute, said openly: one unit of it does ``effect`` units of the capability."""

    capability: str
    substitute: str
    effect: Decimal
    basis: str
    note: str
    note_french: str


@cache
def equivalences() -> tuple[Equivalence, ...]:
    """Give all equivalences; none is ever added to a supply without being named."""
    return tuple(
        Equivalence(
            row["capability"],
            row["substitute"],
            Decimal(row["effect"]),
            row["basis"],
            row["note_en"],
            row["note_fr"],
        )
        for row in table("equivalences")
    )


@cache
def items() -> dict[str, Item]:
    """Give all items by name."""
    return {
        row["name"]: Item(
            row["name"], row["english"], row["french"], row["capability"], row["unit"]
        )
        for row in table("items")
    }


@cache
def _item_aliases() -> dict[str, str]:
    return {
        alias: row["name"]
        for row in table("items")
        for alias in _aliases(row, "name", "english", "french")
    }


def find_item(text: str) -> Item | None:
    """Give the catalogue's item for any spelling ("D-30 Howitzer", "d-30 howitzer"), or None."""
    name = _item_aliases().get(fold(text))
    return items()[name] if name else None
