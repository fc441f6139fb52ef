"""Totals and their changes for programs and spreadsheets; each row opens into its lines."""

from __future__ import annotations

from typing import Any, Final, Literal

from fastapi import APIRouter

from intendance.app.web import twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context
from intendance.app.web.fields import Day
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.app.web.views.ledger import LedgerFilters, choices
from intendance.errors import UsageError
from intendance.ledger.definition import RateRule

HELP: Final = (
    "A total is a function of its definition: stage, the two clocks, currency, rates, filters. "
    "What is undisclosed is counted beside the sum, never as zero."
)
Dimension = Literal["donor", "category", "item", "instrument", "month", "capability"]


class TotalFilters(LedgerFilters):
    """What is added up, by what, and at which rates."""

    by: Dimension = "donor"
    rates: Literal["source", "ecb:decision-day", "ecb:as-of"] = "source"


class ChangeFilters(LedgerFilters):
    """Between which two days of knowledge a total is compared."""

    since: Day = None
    until: Day = None


def totals(asked: Asked) -> Sheet:
    """Add up what a definition counts, broken down by one field."""
    chosen: TotalFilters = asked.filters
    book, words = asked.ledger, asked.words
    definition = chosen.definition(by=(chosen.by,), rates=RateRule.parse(chosen.rates))
    found = book.remembered(("totals", definition), lambda: book.total(definition))
    names = [key[0] for key, _ in found.rows]
    table = Table(
        "totals",
        words("Totals by {field}", field=words(chosen.by)),
        (
            Column(chosen.by, words(chosen.by)),
            Column("amount", words("amount"), "interval", chosen.currency),
            Column("entries", words("entries"), "count"),
        ),
        tuple((_name(asked, key[0]), amount, amount.entries) for key, amount in found.rows),
        link=_link(asked, names),
        empty=words("Nothing that you may see fits these filters."),
    )
    fields = tuple((each, words(each)) for each in Dimension.__args__)  # type: ignore[attr-defined]
    return Sheet(
        words("Totals"),
        figures=(
            Figure("total", words("in total"), found.total, "interval", chosen.currency),
            Figure("entries", words("entries"), found.total.entries, "count"),
        ),
        tables=(table,),
        choices=(Choice("by", words("broken down by"), chosen.by, "list", fields), *choices(asked)),
        definition={**definition.as_record(), "rate_table": found.rate_table},
        marking=found.marking,
        head=book.revision,
        help=words(HELP),
    )


def _name(asked: Asked, value: str) -> str:
    if asked.filters.by == "donor":
        return asked.words.party(value)
    if asked.filters.by == "month":
        return asked.words.ty.month(value) if value else ""
    return value


def _link(asked: Asked, names: list[str]) -> Any:
    chosen: TotalFilters = asked.filters
    if chosen.by == "month":
        return None
    keep = chosen.model_dump(exclude={"by", "rates", "limit", "offset"}, exclude_defaults=True)

    def link(number: int) -> str:
        return asked.link("/ledger/entries", **{**keep, chosen.by: names[number]})

    return link


def changes(asked: Asked) -> Sheet:
    """Explain why a total as known on two days differs; causes and lines sum to the difference."""
    chosen: ChangeFilters = asked.filters
    book, words = asked.ledger, asked.words
    days = book.remembered(("days",), book.recording_days)
    if not days:
        raise UsageError("The ledger is empty: import something first.")
    until = chosen.until or days[-1]
    since = chosen.since or min(days[-2] if len(days) > 1 else days[-1], until)
    definition = chosen.definition(known_at=None)
    found = book.changes(definition, since, until)
    total = book.total(definition)
    causes = tuple(found.by_cause().items())
    lines = found.lines[chosen.offset : chosen.offset + chosen.limit]
    money = ("difference", words("difference"), "money", chosen.currency)
    return Sheet(
        words("Changes"),
        figures=(
            Figure("difference", words("difference"), found.difference, "money", chosen.currency),
            Figure("before", words("before"), found.total_before, "interval", chosen.currency),
            Figure("after", words("after"), found.total_after, "interval", chosen.currency),
        ),
        tables=(
            Table(
                "lines",
                words("Line by line"),
                (
                    Column("line", words("line")),
                    Column("donor", words("donor")),
                    Column("cause", words("cause"), "code"),
                    Column(*money),  # type: ignore[arg-type]
                    Column("id", words("entry")),
                ),
                tuple(
                    (each.line, words.party(each.donor), each.cause, each.difference, each.entry)
                    for each in lines
                ),
                link=lambda number: asked.link("/ledger/entry", id=lines[number].entry),
                whole=len(found.lines),
                empty=words("Nothing has changed since then."),
            ),
            Table(
                "causes",
                words("By cause"),
                (Column("cause", words("cause"), "code"), Column(*money)),  # type: ignore[arg-type]
                causes,
            ),
        ),
        choices=(
            Choice("since", words("changes since"), since, "day"),
            Choice("until", words("until"), until, "day"),
            *choices(asked),
        ),
        definition={**definition.as_record(), "since": since, "until": until},
        marking=total.marking,
        head=book.revision,
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of totals and changes."""
    routes = APIRouter(tags=["ledger"])
    twins.show(routes, context, "/ledger/totals", totals, filters=TotalFilters, api="/totals")
    twins.show(
        routes,
        context,
        "/ledger/changes",
        changes,
        filters=ChangeFilters,
        api="/changes",
        most=100_000,
    )
    return routes
