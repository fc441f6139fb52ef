"""The columns of a model's files as data: what each cell may hold and what a blank means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["id", "text", "number", "whole", "word"]
Cell = str | float | int | None

MANY: Final = 1e12
"""No quantity, rate or time above this is believed: it is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: whether it must be there, whether its cells must be filled, what a blank means.

    ``known_in`` names the id column of the file in which the value must stand.
    """

    name: str
    kind: Kind
    required: bool = True
    filled: bool = True
    blank: Cell = None
    low: float = 0.0
    high: float = MANY
    words: tuple[str, ...] = ()
    known_in: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its columns and the columns that together may occur only once."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()


def _id(name: str, known_in: str = "", *, filled: bool = True) -> Column:
    return Column(name, "id", filled=filled, blank="", known_in=known_in)


def _text(name: str) -> Column:
    return Column(name, "text", required=False, blank="")


def _rate(name: str) -> Column:
    return Column(name, "number", high=1e6)


def _share(name: str, *, required: bool = True) -> Column:
    return Column(name, "number", required=required, blank=0.0, high=1.0)


def _day(name: str, *, required: bool = True, blank: Cell = None) -> Column:
    return Column(name, "whole", required=required, blank=blank, high=1e6)


def _time(name: str, *, required: bool = False, blank: Cell = None) -> Column:
    return Column(name, "number", required=required, filled=False, blank=blank, high=1e6)


# A column that is not required may be absent; its cells may then be blank too.
TABLES: Final[tuple[Table, ...]] = (
    Table(
        "sites.csv",
        (
            _id("site"),
            _text("name"),
            _text("echelon"),
            _id("parent", "site", filled=False),
            _time("ship_days", required=True, blank=0.0),
        ),
        ("site",),
    ),
    Table("systems.csv", (_id("system"), _text("name")), ("system",)),
    Table(
        "lrus.csv",
        (
            _id("lru"),
            _text("name"),
            Column("cost_eur", "number", required=False),
            _share("condemned_share", required=False),
            _time("procure_days"),
        ),
        ("lru",),
    ),
    Table(
        "fleets.csv",
        (
            _id("site", "site"),
            _id("system", "system"),
            Column("quantity", "whole", high=1e6),
            Column("tempo", "number", required=False, blank=1.0, high=1e4),
            _day("from_day", required=False, blank=0),
        ),
    ),
    Table(
        "parts.csv",
        (
            _id("system", "system"),
            _id("lru", "lru"),
            Column("per_system", "whole", required=False, blank=1, low=1, high=1e4),
            _rate("removals_per_day"),
        ),
        ("system", "lru"),
    ),
    Table(
        "subparts.csv",
        (
            _id("lru", "lru"),
            _id("sru", "lru"),
            _share("share"),
            _time("repair_days", required=True, blank=0.0),
        ),
        ("lru", "sru"),
    ),
    Table(
        "repair.csv",
        (
            _id("lru", "lru"),
            _id("site", "site"),
            _share("share"),
            _time("repair_days", required=True),
            Column(
                "distribution",
                "word",
                required=False,
                blank="exponential",
                words=("exponential", "fixed"),
            ),
            Column("servers", "whole", required=False, low=1, high=1e6),
        ),
        ("lru", "site"),
    ),
    Table(
        "stock.csv",
        (_id("lru", "lru"), _id("site", "site"), Column("level", "whole", high=1e6)),
        ("lru", "site"),
    ),
    Table(
        "attrition.csv",
        (
            _id("system", "system"),
            Column("cause", "word", words=("destroyed", "damaged", "worn_out")),
            _rate("per_day"),
            _time("returns_after_days"),
        ),
        ("system", "cause"),
    ),
    Table(
        "consumption.csv",
        (
            _id("system", "system"),
            _id("item"),
            _rate("per_day"),
            Column("distribution_shape", "number", required=False, low=1e-6, high=1e9),
        ),
        ("system", "item"),
    ),
    Table(
        "supplies.csv",
        (_id("item"), _id("site", "site"), _day("day"), Column("quantity", "number")),
    ),
    Table(
        "tempo.csv",
        (
            _day("from_day"),
            _day("to_day", required=False),
            Column("factor", "number", high=1e4),
        ),
    ),
    Table(
        "requirement.csv",
        (
            _id("system", "system"),
            _id("site", "site"),
            _day("from_day", required=False, blank=0),
            _day("to_day", required=False),
            Column("quantity", "number"),
        ),
    ),
)

ALWAYS: Final = ("sites.csv", "systems.csv", "fleets.csv")
"""Files without which there is no model; the others may be absent when nothing needs them."""

TOGETHER: Final = ("lrus.csv", "parts.csv")
"""Both are needed as soon as one file that speaks of spares is there."""

OF_SPARES: Final = ("lrus.csv", "parts.csv", "subparts.csv", "repair.csv", "stock.csv")
