"""Workbooks out: real numbers and formats, frozen headers, a sheet per table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from intendance.ledger.totals import Total

_NUMBERS: Final = frozenset(["undisclosed"]) | frozenset(
    f"{prefix}{name}" for prefix in ("", "quantity_", "amount_") for name in ("low", "best", "high")
)


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    number = book.add_format({"num_format": "#,##0.##"})
    sheet.write_row(0, 0, heads, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, (head, cell) in enumerate(zip(heads, row, strict=True)):
            text = "" if cell is None else str(cell)
            if head in _NUMBERS and text:
                sheet.write_number(last, column, float(text), number)
            elif text:
                # write_string, not write: a text that starts with = is not a formula.
                sheet.write_string(last, column, text)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    sheet.set_column(0, len(heads) - 1, 18)


def _book() -> tuple[Any, io.BytesIO]:
    from datetime import datetime

    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # The moment of writing would make equal tables unequal files.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    return book, content


def total_workbook(found: Total) -> bytes:
    """Give a total as a workbook: its rows, and its definition on a sheet of its own."""
    book, content = _book()
    record = found.as_record()
    heads = [*found.definition.by, "low", "best", "high", "undisclosed"]
    rows = record["rows"] if found.definition.by else [record["total"]]
    assert isinstance(rows, list)
    _sheet(book, "total", heads, ([row[head] for head in heads] for row in rows))
    definition = record["definition"]
    assert isinstance(definition, dict)
    _sheet(book, "definition", ["name", "value"], [(k, str(v)) for k, v in definition.items()])
    book.close()
    return content.getvalue()


def entries_workbook(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Give entries as a workbook of one sheet."""
    book, content = _book()
    _sheet(book, "entries", heads, rows)
    book.close()
    return content.getvalue()
