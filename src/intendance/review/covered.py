"""Coverage for the brief: the ledger's rows as figures with their entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from intendance.ledger.coverage import Row, Supply, coverage
from intendance.model.entry import Entry
from intendance.review.facts import CoverageLine, Figure, NeedBasis

if TYPE_CHECKING:
    import polars as pl


def coverage_lines(
    frame: pl.DataFrame, needs: Iterable[Entry], as_of: date, known_at: date
) -> tuple[CoverageLine, ...]:
    """Give every need known on a day against its supply per stage, most urgent first."""
    rows = coverage(frame, needs, as_of=as_of, known_at=known_at)
    return tuple(_line(row) for row in rows)


def _line(row: Row) -> CoverageLine:
    needed = Figure(
        row.needed.low,
        row.needed.best,
        row.needed.high,
        row.needed.undisclosed,
        tuple(need.id for need in row.needs),
    )
    return CoverageLine(
        capability=row.capability,
        place=row.place,
        unit=row.unit,
        needed=needed,
        pledge=_figure(row.supply["pledge"]),
        commitment=_figure(row.supply["commitment"]),
        allocation=_figure(row.supply["allocation"]),
        shipment=_figure(row.supply["shipment"]),
        delivery=_figure(row.supply["delivery"]),
        gap=row.gap,
        open=row.open,
        due=row.due,
        priority=row.priority,
        needs=tuple(_basis(need) for need in row.needs),
    )


def _figure(supply: Supply) -> Figure:
    return Figure(supply.low, supply.best, supply.high, supply.undisclosed, supply.entries)


def _basis(need: Entry) -> NeedBasis:
    sourced = need.term("basis") == "sourced"
    requester = dict(need.roles).get("requester", "")
    notes = {
        language: need.term(f"note_{language}") or need.term("note") for language in ("en", "fr")
    }
    return NeedBasis(
        entry=need.id,
        sourced=sourced,
        said_by=requester or (need.source.origin if sourced else ""),
        said_on=need.reported_on if sourced else None,
        url=need.source.url,
        notes=notes,
    )
