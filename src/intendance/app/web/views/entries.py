"""The entries behind a total: each with what it adds, so that anyone can add them up again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter

from intendance.app.web import twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context
from intendance.app.web.sheet import Column, Figure, Sheet, Table
from intendance.app.web.views.ledger import LedgerFilters, choices
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import joined

if TYPE_CHECKING:
    import polars as pl

    from intendance.app.web.frames import Book
    from intendance.ledger.totals import Amount

HELP: Final = (
    "Each entry adds what stands in its row; a cancelled or returned line takes away. What is "
    "undisclosed adds nothing and is counted beside the sum."
)
_MOST_ROWS: Final = 100_000


def entries(asked: Asked) -> Sheet:
    """Show the entries that a total counts, with what each adds to it."""
    chosen: LedgerFilters = asked.filters
    book, words = asked.ledger, asked.words
    definition = chosen.definition()
    rows, total, marking = book.remembered(
        ("entries behind", definition), lambda: _behind(book, definition)
    )
    page = rows.slice(chosen.offset, chosen.limit)
    shown = [_cells(asked, row) for row in page.iter_rows(named=True)]
    ids = page.get_column("id").to_list()
    columns = (
        Column("line", words("line")),
        Column("stage", words("stage"), "code"),
        Column("donor", words("donor")),
        Column("category", words("category"), "code"),
        Column("day", words("happened"), "day"),
        Column("recorded", words("recorded"), "day"),
        Column("adds", words("adds"), "money", chosen.currency),
        Column("undisclosed", words("undisclosed"), "code"),
        Column("source", words("source")),
        Column("id", words("entry")),
    )
    table = Table(
        "entries",
        words("The entries that this total counts"),
        columns,
        tuple(shown),
        link=lambda number: asked.link("/ledger/entry", id=ids[number]),
        whole=rows.height,
        empty=words("Nothing that you may see fits these filters."),
    )
    return Sheet(
        words("What is behind the total"),
        figures=(
            Figure("total", words("in total"), total, "interval", chosen.currency),
            Figure("entries", words("entries"), rows.height, "count"),
        ),
        tables=(table,),
        choices=choices(asked),
        definition=definition.as_record(),
        marking=marking,
        head=book.revision,
        help=words(HELP),
    )


def _behind(book: Book, definition: Definition) -> tuple[pl.DataFrame, Amount, str]:
    import polars as pl

    from intendance.app.web.views.ledger import nothing
    from intendance.ledger.totals import summed

    valued = book.valued(definition)
    found = summed(valued, ())
    known = pl.col("has_money") & ~pl.col("hidden")
    rows = valued.rows.select(
        "seq",
        "id",
        "line",
        pl.col("stage", "donor", "category", "origin", "marking").cast(pl.String),
        "last",
        "recorded",
        pl.when(known).then(pl.col("value_best") * pl.col("sign")).alias("adds"),
        (pl.col("has_money") & pl.col("hidden")).alias("secret"),
    ).sort(pl.col("adds").fill_null(0).abs(), "seq", descending=[True, False])
    markings = [str(each) for each in rows.get_column("marking").unique().to_list()]
    return rows, found[0][1] if found else nothing(), joined(markings)


def _cells(asked: Asked, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["line"],
        row["stage"],
        asked.words.party(row["donor"] or ""),
        row["category"],
        row["last"],
        row["recorded"],
        None if row["adds"] is None else Decimal(row["adds"]) / 100,
        "yes" if row["secret"] else "no",
        row["origin"],
        row["id"],
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of the entries behind a total."""
    routes = APIRouter(tags=["ledger"])
    twins.show(
        routes,
        context,
        "/ledger/entries",
        entries,
        filters=LedgerFilters,
        api="/entries",
        most=_MOST_ROWS,
    )
    return routes
