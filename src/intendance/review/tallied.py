"""Breakdowns for the brief: by donor and by month within category, and sources by origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from intendance.ledger.definition import Definition
from intendance.ledger.totals import Amount, summed
from intendance.ledger.valued import counted, value
from intendance.model.entry import Entry
from intendance.review.facts import Cell, Figure, KindLine, Origin

if TYPE_CHECKING:
    import polars as pl


MOST_KINDS: Final = 40  # lines without an amount that a table beside the amounts holds


def figure_of(amount: Amount, entries: tuple[str, ...]) -> Figure:
    """Join a summed amount with the entries behind it."""
    return Figure(amount.low, amount.best, amount.high, amount.undisclosed, entries)


def money_ids(frame: pl.DataFrame, definition: Definition) -> tuple[str, ...]:
    """Give the ids of the counted entries that carry money, disclosed or not."""
    import polars as pl

    rows = counted(frame, definition.checked()).filter(pl.col("has_money")).sort("seq")
    return tuple(rows.get_column("id").to_list())


def donors_of(frame: pl.DataFrame, definition: Definition) -> int:
    """Count the donors of the lines that a definition counts, with or without an amount."""
    return int(counted(frame, definition.checked()).get_column("donor").n_unique())


def kind_ids(frame: pl.DataFrame, definition: Definition) -> tuple[str, ...]:
    """Give the counted entries without an amount, where the amounts would not tell what is given.

    That is a ledger without any amount, or one with so few such lines that a table holds them.
    """
    import polars as pl

    rows = counted(frame, definition.checked()).sort("seq")
    bare = rows.filter(~pl.col("has_money"))
    if bare.height > (MOST_KINDS if bare.height < rows.height else 10 * MOST_KINDS):
        return ()
    return tuple(bare.get_column("id").to_list())


def kind_lines(entries: Mapping[str, tuple[int, Entry]], ids: Sequence[str]) -> list[KindLine]:
    """Give what the entries promise in kind, by donor."""
    found = []
    for name in ids:
        if name not in entries:
            continue
        entry = entries[name][1]
        said = entry.quantity.amount if entry.quantity else None
        if said is None or said.low is None or said.best is None:
            count = Figure(Decimal(0), Decimal(0), None, 1, (name,))
        else:
            count = Figure(said.low, said.best, said.high, 0, (name,))
        unit = entry.quantity.unit if entry.quantity else ""
        what = entry.item_text or entry.capability
        found.append(KindLine(entry.donor, entry.item, what, unit, count))
    return sorted(found, key=lambda line: line.donor)


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
