"""A sheet as csv and as a workbook: real numbers and days, frozen heads, its definition beside."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from intendance.app.web.sheet import Column, Sheet, Table, plain, spread

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: Final = {
    "count": "#,##0",
    "number": "#,##0.###",
    "money": "#,##0.00",
    "share": "0.0 %",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_MOST_CELL: Final = 32_000  # a cell of a workbook holds 32,767 characters


def heads_of(table: Table) -> list[str]:
    """Give a table's column names; an interval has four."""
    blank = [None] * len(table.columns)
    return [name for name, _, _ in spread(table.columns, blank)]


def csv_of(sheet: Sheet) -> str:
    """Give a sheet's first table as csv; further ones follow after a blank line.

    A text that a spreadsheet would take for a formula gets an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for place, table in enumerate(sheet.tables):
        if place:
            writer.writerow([])
        writer.writerow(heads_of(table))
        for row in table.rows:
            writer.writerow([_csv_cell(cell) for _, _, cell in spread(table.columns, row)])
    if not sheet.tables:
        writer.writerow(["name", "value"])
        writer.writerows([each.name, _csv_cell(plain(each.value))] for each in sheet.figures)
    return text.getvalue()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(plain(value))


def workbook_of(sheet: Sheet) -> bytes:
    """Give a sheet as a workbook: a sheet a table, then the figures and the definition."""
    import xlsxwriter

    content = io.BytesIO()
    # The constant moment keeps equal sheets equal files; a text is never taken for a formula.
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (the format has no zone)
    names: set[str] = set()
    for table in sheet.tables:
        _write_table(book, _sheet_name(table.name, names), table, sheet.marking)
    _write_definition(book, _sheet_name("definition", names), sheet)
    book.close()
    return content.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    short = "".join("_" if each in "[]:*?/\\'" else each for each in name)[:28] or "table"
    while short in taken:
        short += "_"
    taken.add(short)
    return short


def _write_table(book: Any, name: str, table: Table, marking: str) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    heads = heads_of(table)
    page.write_row(0, 0, heads, bold)
    page.freeze_panes(1, 0)
    page.set_footer(f"&L{marking.replace('&', '&&')[:200]}&RPage &P/&N")
    page.set_landscape()
    page.repeat_rows(0)
    for number, row in enumerate(table.rows, start=1):
        for place, (_, column, cell) in enumerate(spread(table.columns, row)):
            _write_cell(page, number, place, column, cell, formats)
    if heads:
        page.autofilter(0, 0, max(len(table.rows), 1), len(heads) - 1)
        page.set_column(0, len(heads) - 1, 18)


def _write_cell(
    page: Any, row: int, place: int, column: Column, cell: Any, formats: dict[str, Any]
) -> None:
    if cell is None:
        return
    shape = formats.get("number" if column.kind == "interval" else column.kind)
    if isinstance(cell, bool):
        page.write_boolean(row, place, cell)
    elif column.kind == "moment":
        when = datetime.fromtimestamp(int(cell), UTC).replace(tzinfo=None)
        page.write_datetime(row, place, when, shape)
    elif isinstance(cell, date):
        page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), shape)  # noqa: DTZ001
    elif isinstance(cell, int | Decimal):
        page.write_number(row, place, float(cell), shape)
    else:
        page.write_string(row, place, str(cell)[:_MOST_CELL])


def _write_definition(book: Any, name: str, sheet: Sheet) -> None:
    page = book.add_worksheet(name)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    rows: list[tuple[str, str]] = [("title", sheet.title), ("marking", sheet.marking)]
    if sheet.head is not None:
        rows += [("entries", str(sheet.head.entries)), ("root", sheet.head.root)]
    rows += [(key, str(plain(value))) for key, value in sheet.definition.items()]
    rows += [(each.name, str(plain(each.value))) for each in sheet.figures]
    for number, pair in enumerate(rows):
        for place, text in enumerate(pair):
            page.write_string(number, place, text[:_MOST_CELL])
