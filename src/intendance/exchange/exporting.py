"""One way out for every format."""

from __future__ import annotations

import csv
import io
from typing import Final

from intendance.errors import UsageError
from intendance.exchange import jsonl
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry

FORMATS: Final = ("jsonl", "iati", "fts", "hxl", "csv", "xlsx")
COLUMNS: Final = (
    "id",
    "line",
    "stage",
    "kind",
    "donor",
    "recipient",
    "category",
    "capability",
    "item",
    "item_text",
    "quantity_low",
    "quantity_best",
    "quantity_high",
    "quantity_qualifier",
    "unit",
    "amount_low",
    "amount_best",
    "amount_high",
    "amount_qualifier",
    "currency",
    "valid",
    "recorded_on",
    "source_origin",
    "source_document",
    "source_url",
    "reason",
    "marking",
)


def export(ledger: Ledger, format_name: str, notes: list[str] | None = None) -> str | bytes:
    """Give the ledger in a format; UsageError names those that there are.

    jsonl, csv and xlsx hold every entry; iati, fts and hxl what stands now and is public. What
    a format has no place for is said in ``notes``.
    """
    said: list[str] = [] if notes is None else notes
    if format_name == "iati":
        from intendance.exchange.iati_out import iati

        return iati(ledger, said)
    if format_name == "fts":
        from intendance.exchange.fts_out import fts

        return fts(ledger, said)
    if format_name == "hxl":
        from intendance.exchange.hxl_out import hxl

        return hxl(ledger, said)
    if format_name == "jsonl":
        return "".join(jsonl.lines_of(ledger))
    if format_name == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row_of(entry) for entry in ledger.entries())
        return text.getvalue()
    if format_name == "xlsx":
        from intendance.exchange.workbook import entries_workbook

        return entries_workbook(COLUMNS, (row_of(entry) for entry in ledger.entries()))
    raise UsageError(
        f"There is no format {format_name!r}.", next_step=f"Use one of {', '.join(FORMATS)}."
    )


def row_of(entry: Entry) -> list[str]:
    """Give an entry as one row of text under ``COLUMNS``."""
    quantity = entry.quantity.amount.as_record() if entry.quantity else {}
    amount = entry.money.amount.as_record() if entry.money else {}
    parts = ("low", "best", "high", "qualifier")
    return [
        entry.id,
        entry.line,
        entry.stage,
        entry.kind,
        entry.donor,
        entry.recipient,
        entry.category,
        entry.capability,
        entry.item,
        entry.item_text,
        *(quantity.get(name, "") for name in parts),
        entry.quantity.unit if entry.quantity else "",
        *(amount.get(name, "") for name in parts),
        entry.money.currency if entry.money else "",
        str(entry.valid) if entry.valid else "",
        entry.recorded_on.isoformat(),
        entry.source.origin,
        entry.source.document,
        entry.source.url,
        entry.reason,
        entry.marking,
    ]
