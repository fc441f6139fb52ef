"""What a page shows, as data: figures and tables with typed columns. Its twins are made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from intendance.ledger.chain import Head
from intendance.ledger.privacy import PUBLIC
from intendance.model.interval import Interval

Kind = Literal["text", "code", "count", "number", "money", "share", "day", "moment", "interval"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``label`` is what people read; ``unit`` stands beside it (a currency, days).

    Cells by kind: text and code are strings; count is int; number, money and share are Decimal
    (money in the currency of ``unit``, share of 1); day is a date; moment is seconds since 1970;
    interval is what ``bounds`` takes. None is unknown, never zero.
    """

    name: str
    label: str
    kind: Kind = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``rows`` hold the columns' values in order; ``link`` gives a row's address.

    ``whole`` is how many rows there are when ``rows`` is one page of them.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    link: Callable[[int], str] | None = None
    links: dict[str, Callable[[int], str]] = field(default_factory=dict)
    whole: int | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A single figure with its label, of a column's kind; ``href`` opens what is behind it."""

    name: str
    label: str
    value: Any
    kind: Kind = "text"
    unit: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter in a page's form. ``options`` (value, label) make it a list to choose from.

    ``known`` values are offered while somebody types; ``span`` gives a day a slider.
    """

    name: str
    label: str
    value: Any = ""
    kind: Literal["text", "day", "list", "hidden"] = "text"
    options: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()
    span: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a view gives: the same for the page and for its json, csv and xlsx twins.

    ``definition`` says what the figures count; ``marking`` is the join of what is shown;
    ``parts`` is for the page's template alone (drawings, forms): no twin carries it.
    """

    title: str
    lead: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    choices: tuple[Choice, ...] = ()
    definition: dict[str, Any] = field(default_factory=dict)
    marking: str = PUBLIC
    head: Head | None = None
    help: str = ""
    parts: dict[str, Any] = field(default_factory=dict)
    etag: str = ""


class Bounds(NamedTuple):
    """An interval's cell: three bounds (None: not known) and the count of undisclosed terms."""

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    undisclosed: int


def bounds(value: Any) -> Bounds:
    """Give the bounds of an Interval, a Sum, a Supply, a Figure or an Amount; None is unknown."""
    if value is None:
        return Bounds(None, None, None, 0)
    if isinstance(value, Interval):
        return Bounds(value.low, value.best, value.high, 0 if value.known else 1)
    return Bounds(value.low, value.best, value.high, value.undisclosed)


def _interval_record(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    found = bounds(value)
    return {name: plain(cell) for name, cell in zip(Bounds._fields, found, strict=True)}


def plain(value: Any) -> Any:
    """Give a cell as JSON: decimals as strings, days in ISO form."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return "0" if text == "-0" else text
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "undisclosed"):
        return _interval_record(value)
    return value


def as_record(sheet: Sheet) -> dict[str, Any]:
    """Give a sheet as the JSON object of its twin."""
    record: dict[str, Any] = {"title": sheet.title, "marking": sheet.marking}
    if sheet.definition:
        record["definition"] = {name: plain(value) for name, value in sheet.definition.items()}
    if sheet.head is not None:
        record["head"] = {"entries": sheet.head.entries, "root": sheet.head.root}
    record["figures"] = {each.name: plain(each.value) for each in sheet.figures}
    record["tables"] = {each.name: table_record(each) for each in sheet.tables}
    return record


def table_record(table: Table) -> dict[str, Any]:
    """Give a table as a JSON object: its columns, and a row an object."""
    names = [column.name for column in table.columns]
    record: dict[str, Any] = {
        "columns": [
            {"name": each.name, "kind": each.kind, **({"unit": each.unit} if each.unit else {})}
            for each in table.columns
        ],
        "rows": [dict(zip(names, map(plain, row), strict=True)) for row in table.rows],
    }
    if table.whole is not None:
        record["whole"] = table.whole
    return record


def spread(columns: Sequence[Column], row: Sequence[Any]) -> list[tuple[str, Column, Any]]:
    """Give a row's cells for csv and xlsx: an interval becomes four of them."""
    found: list[tuple[str, Column, Any]] = []
    for column, value in zip(columns, row, strict=True):
        if column.kind != "interval":
            found.append((column.name, column, value))
            continue
        parts = zip(Bounds._fields, bounds(value), strict=True)
        found += [(f"{column.name}_{part}", column, cell) for part, cell in parts]
    return found
