"""The ledger: its lines with their stages, the total of what is shown, and what is behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from fastapi import APIRouter

from intendance.app.web import twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters, Limit, Offset, Text
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import joined
from intendance.model.stages import ASKED
from intendance.review import labels

if TYPE_CHECKING:
    import polars as pl

    from intendance.ledger.totals import Amount

NAV: Final = Nav("/ledger", "Ledger", 30)
HELP: Final = (
    "One row is one line of aid with the days on which it reached each stage. As of: what had "
    "happened by that day. Known at: what had been recorded by that day. A figure opens the "
    "entries behind it."
)
FIELDS: Final = ("donor", "category", "item", "capability", "instrument", "tracker", "place")
SHOWN_STAGES: Final = ("pledge", "commitment", "allocation", "shipment", "delivery")
_MOST_ROWS: Final = 100_000
_FOLDED: Final = ("item", "capability", "instrument", "tracker", "place", "marking")


class LedgerFilters(Filters):
    """What of the ledger is shown."""

    stage: Literal["pledge", "commitment", "allocation", "shipment", "delivery"] = "commitment"
    as_of: Day = None
    known_at: Day = None
    donor: Text = ""
    category: Text = ""
    item: Text = ""
    capability: Text = ""
    instrument: Text = ""
    tracker: Text = ""
    place: Text = ""
    marking: Text = ""
    currency: Literal["EUR", "USD", "GBP"] = "EUR"
    sort: Literal["amount", "day", "line", "donor"] = "amount"
    limit: Limit = 50
    offset: Offset = 0

    def where(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as a definition's; several values stand between bars."""
        return tuple(
            (name, each.strip())
            for name in (*FIELDS, "marking")
            for each in getattr(self, name).split("|")
            if each.strip()
        )

    def definition(self, **changes: Any) -> Definition:
        """Give what the total counts."""
        given = {
            "stage": self.stage,
            "as_of": self.as_of,
            "known_at": self.known_at,
            "currency": self.currency,
            "where": self.where(),
        }
        return Definition(**{**given, **changes}).checked()


def ledger(asked: Asked) -> Sheet:
    """Show the lines that a definition counts, each with its stages, and their total."""
    chosen: LedgerFilters = asked.filters
    book, words = asked.ledger, asked.words
    definition = chosen.definition()
    lines, total, marking = book.remembered(
        ("ledger lines", definition, chosen.sort), lambda: _lines(asked, definition, chosen.sort)
    )
    key = ("ledger rows", chosen, asked.language)
    names, rows = book.remembered(
        key, lambda: _rows(asked, lines.slice(chosen.offset, chosen.limit))
    )
    figures = (
        Figure("total", words("in total"), total, "interval", chosen.currency, _behind(asked)),
        Figure("lines", words("lines"), lines.height, "count"),
        Figure("entries", words("entries behind them"), total.entries, "count", "", _behind(asked)),
    )
    return Sheet(
        words("Ledger"),
        figures=figures,
        tables=(_table(asked, names, rows, lines.height),),
        choices=choices(asked),
        definition=definition.as_record(),
        marking=marking,
        head=book.revision,
        help=words(HELP),
    )


def _behind(asked: Asked) -> str:
    keep = asked.filters.model_dump(exclude={"sort", "limit", "offset"}, exclude_defaults=True)
    return asked.link("/ledger/entries", **keep)


def _lines(asked: Asked, definition: Definition, sort: str) -> tuple[pl.DataFrame, Amount, str]:
    """Group what a definition counts by line; give the total and its marking too."""
    import polars as pl

    from intendance.ledger.totals import settle, summed

    valued = asked.ledger.valued(definition)
    found = summed(valued, ())
    total = found[0][1] if found else nothing()
    rows = settle(valued.rows)
    text = pl.col(pl.Categorical).cast(pl.String)
    known = pl.col("has_money") & ~pl.col("hidden")
    worth = pl.when(known).then(pl.col("value_best") * pl.col("sign"))
    grouped = rows.group_by("line", maintain_order=True).agg(
        pl.col("donor", "category", "item", "capability", "marking").last(),
        pl.col("last").max().alias("day"),
        worth.sum().alias("worth"),
        known.any().alias("known"),
        pl.col("quantity_best").max().alias("quantity"),
        pl.col("unit").last(),
    )
    grouped = grouped.with_columns(text)
    order = {"amount": "worth", "day": "day"}.get(sort, sort)
    down = sort in ("amount", "day")
    grouped = grouped.sort([order, "line"], descending=[down, False])
    markings = [str(each) for each in grouped.get_column("marking").unique().to_list()]
    return grouped, total, joined(markings)


def nothing() -> Amount:
    """Give the sum of nothing."""
    from intendance.ledger.totals import Amount

    zero = Decimal(0)
    return Amount(zero, zero, zero, 0, 0)


def _table(
    asked: Asked, lines: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], whole: int
) -> Table:
    """Make the page's table: what, who, how much, and the day of each stage."""
    words = asked.words
    stages = {each: labels.word(labels.STAGES, each, words.ty) for each in SHOWN_STAGES}
    columns = (
        Column("what", words("what")),
        Column("donor", words("donor")),
        Column("amount", words("amount"), "money", asked.filters.currency),
        Column("quantity", words("quantity"), "number"),
        Column("category", words("category"), "code"),
        *(Column(stage, label, "day") for stage, label in stages.items()),
        Column("line", words("line")),
    )
    return Table(
        "lines",
        words("Lines of aid and the day on which each reached a stage"),
        columns,
        rows,
        link=lambda number: asked.link("/ledger/entry", id=lines[number]),
        whole=whole,
        empty=words("Nothing that you may see fits these filters."),
    )


def _rows(asked: Asked, page: pl.DataFrame) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """Write the rows of a page, with the lines that they are about."""
    lines = tuple(page.get_column("line").to_list())
    reached = _stages_of(asked, list(lines))
    told = {entry.line: entry for entry in asked.ledger.on_lines(lines)}
    rows = []
    for row in page.iter_rows(named=True):
        count = row["quantity"]
        rows.append(
            (
                what_of(asked, told[row["line"]]),
                asked.words.party(row["donor"] or ""),
                Decimal(row["worth"]) / 100 if row["known"] else None,
                None if count is None else Decimal(count) / 1000,
                row["category"],
                *(reached.get((row["line"], stage)) for stage in SHOWN_STAGES),
                row["line"],
            )
        )
    return lines, tuple(rows)


def what_of(asked: Asked, entry: Any) -> str:
    """Write what an entry is about: the item, the record's words, the capability, the line."""
    named = labels.thing(entry.item, entry.item_text, asked.words.ty)
    if named:
        return labels.capitalised(named)
    if entry.capability:
        return labels.capitalised(labels.capability(entry.capability, asked.language))
    return str(entry.line)


def _stages_of(asked: Asked, lines: list[str]) -> dict[tuple[str, str], date]:
    """Give the last day on which each line is known to have reached each stage."""
    import polars as pl

    from intendance.ledger.valued import visible

    chosen = asked.filters
    rows = visible(asked.ledger.frame.filter(pl.col("line").is_in(lines)), chosen.known_at)
    if chosen.as_of is not None:
        rows = rows.filter(pl.col("last") <= chosen.as_of)
    stage = pl.col("stage").cast(pl.String).replace({"handover": "delivery", "receipt": "delivery"})
    found = rows.group_by("line", stage.alias("at")).agg(pl.col("last").max())
    return {(line, at): day for line, at, day in found.iter_rows()}


def _known(asked: Asked, name: str) -> tuple[str, ...]:
    """Give the values of a field that the viewer's ledger holds, for the form to offer."""

    def gather() -> tuple[str, ...]:
        import polars as pl

        column = asked.ledger.frame.select(pl.col(name).cast(pl.String).unique()).to_series()
        return tuple(sorted(str(each) for each in column.drop_nulls().to_list() if each)[:300])

    return asked.ledger.remembered(("known", name), gather)


def spans(asked: Asked) -> dict[str, tuple[date, date]]:
    """Give the first and the last day of both clocks (``last``, ``recorded``), for sliders."""

    def gather() -> dict[str, tuple[date, date]]:
        frame = asked.ledger.frame
        found = {}
        for column in ("last", "recorded") if frame.height else ():
            first, last = frame.get_column(column).min(), frame.get_column(column).max()
            assert isinstance(first, date)
            assert isinstance(last, date)
            found[column] = (first, last)
        return found

    return asked.ledger.remembered(("spans",), gather)


def choices(asked: Asked) -> tuple[Choice, ...]:
    """Give the form's fields; a field of which the ledger holds nothing is left out."""
    words, chosen = asked.words, asked.filters
    stages = tuple((each, labels.word(labels.STAGES, each, words.ty)) for each in ASKED)
    orders = tuple(
        (each, words(label))
        for each, label in (
            ("amount", "largest first"),
            ("day", "latest first"),
            ("donor", "by donor"),
            ("line", "by line"),
        )
    )
    names = {
        "donor": words("donor"),
        "category": words("category"),
        "item": words("item"),
        "capability": words("capability"),
        "instrument": words("instrument"),
        "tracker": words("tracker"),
        "place": words("place"),
        "marking": words("marking"),
    }
    known = tuple(
        Choice(name, label, getattr(chosen, name), known=_known(asked, name), more=name in _FOLDED)
        for name, label in names.items()
        if _known(asked, name) or getattr(chosen, name)
    )
    span = spans(asked)
    money = tuple((each, each) for each in ("EUR", "USD", "GBP"))
    return (
        Choice("stage", words("stage reached"), chosen.stage, "list", stages),
        *known,
        Choice("currency", words("currency"), chosen.currency, "list", money, more=True),
        Choice("sort", words("order"), chosen.sort, "list", orders, more=True),
        Choice("as_of", words("as of"), chosen.as_of, "day", span=span.get("last")),
        Choice("known_at", words("known at"), chosen.known_at, "day", span=span.get("recorded")),
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of the ledger."""
    routes = APIRouter(tags=["ledger"])
    twins.show(
        routes,
        context,
        "/ledger",
        ledger,
        filters=LedgerFilters,
        template="ledger.html.j2",
        most=_MOST_ROWS,
    )
    return routes
