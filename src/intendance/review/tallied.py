"""Breakdowns for the brief: by donor and by month within category, and sources by origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from intendance.ledger.definition import Definition
from intendance.ledger.totals import Amount, summed
from intendance.ledger.valued import counted, value
from intendance.model.entry import Entry
from intendance.review.facts import Cell, Figure, Origin

if TYPE_CHECKING:
    import polars as pl


def figure_of(amount: Amount, entries: tuple[str, ...]) -> Figure:
    """Join a summed amount with the entries behind it."""
    return Figure(amount.low, amount.best, amount.high, amount.undisclosed, entries)


def money_ids(frame: pl.DataFrame, definition: Definition) -> tuple[str, ...]:
    """Give the ids of the counted entries that carry money, disclosed or not."""
    import polars as pl

    rows = counted(frame, definition.checked()).filter(pl.col("has_money")).sort("seq")
    return tuple(rows.get_column("id").to_list())


def cells(frame: pl.DataFrame, definition: Definition, by: str) -> tuple[Cell, ...]:
    """Break a total down by donor or month, then category; the cells sum to the total exactly.

    Donors come largest first, months in order; rows that carry no money are left out.
    """
    import polars as pl

    valued = value(frame, definition)
    money = valued.rows.filter(pl.col("has_money"))
    key = pl.col("last").dt.strftime("%Y-%m") if by == "month" else pl.col("donor").cast(pl.String)
    grouped = money.sort("seq").select(key.alias("key"), pl.col("category").cast(pl.String), "id")
    ids: dict[tuple[str, str], list[str]] = {}
    for name, category, entry in grouped.iter_rows():
        ids.setdefault((name or "", category or ""), []).append(entry)
    found = [
        Cell(key, category, figure_of(amount, tuple(ids[key, category])))
        for (key, category), amount in summed(valued, (by, "category"))
        if (key, category) in ids
    ]
    weight: Counter[str] = Counter()
    for cell in found:
        weight[cell.row] += int(cell.figure.best * 100)
    if by == "month":
        return tuple(sorted(found, key=lambda cell: (cell.row, cell.category)))
    return tuple(sorted(found, key=lambda cell: (-weight[cell.row], cell.row, cell.category)))


def origins_of(entries: Mapping[str, tuple[int, Entry]]) -> tuple[Origin, ...]:
    """Count the sources of the shown entries by origin: many papers may carry one agency text."""
    count: Counter[str] = Counter()
    links: dict[str, set[str]] = {}
    documents: dict[str, Counter[str]] = {}
    for _, entry in entries.values():
        origin = entry.source.origin
        count[origin] += 1
        urls = links.setdefault(origin, set())
        urls.update(filter(None, (entry.source.url, *entry.source.also)))
        if entry.source.document:
            documents.setdefault(origin, Counter())[entry.source.document] += 1
    return tuple(
        Origin(name, number, len(links[name]), tuple(sorted(documents.get(name, {}).items())))
        for name, number in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    )
