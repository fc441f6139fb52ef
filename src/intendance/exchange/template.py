"""Workbooks to fill in: heads, drop-down lists and help in French or English."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from intendance.errors import UsageError
from intendance.exchange.layout import KINDS, Field, fields, offered, sheet_name
from intendance.model.interval import decimal_of
from intendance.words import catalogue

_ROWS: Final = 1000  # rows that carry lists and help
_HELP_LIMIT: Final = 255  # Excel's for the text that appears beside a cell
_TITLE_LIMIT: Final = 32


def template(
    kind: str,
    language: str,
    rows: Sequence[Mapping[str, str]] = (),
    bad: Mapping[tuple[int, str], str] | None = None,
) -> bytes:
    """Give the workbook of a kind (needs, pledges, stocks, deliveries), empty or with rows.

    ``bad``: reasons by (index of the row, column's name); those cells are red and carry the
    reason as a comment. UsageError for another kind. The same call gives the same bytes.
    """
    if kind not in KINDS:
        raise UsageError(
            f"There is no template {kind!r}.", next_step=f"Use one of {', '.join(KINDS)}."
        )
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # The moment of writing would make equal templates unequal files.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    sheet = book.add_worksheet(sheet_name(kind, language))
    words = catalogue("exchange", language).gettext
    lists = book.add_worksheet(words("lists"))
    columns = fields(kind)
    for at, field in enumerate(columns):
        _head(book, sheet, lists, at, field, language)
    _fill(book, sheet, columns, rows, bad or {})
    sheet.freeze_panes(1, 0)
    _help(book, columns, language)
    lists.hide()
    book.close()
    return content.getvalue()


def _head(book: Any, sheet: Any, lists: Any, at: int, field: Field, language: str) -> None:
    """Write a column's head, and put its list and its help on the cells below."""
    style = {"bold": True, "bottom": 1, "bg_color": "#DCE6F1" if field.required else "#F2F2F2"}
    sheet.write_string(0, at, field.head(language), book.add_format(style))
    formats = {"date": "yyyy-mm-dd", "quantity": "#,##0.###", "amount": "#,##0.00"}
    shape = book.add_format({"num_format": formats[field.type]}) if field.type in formats else None
    sheet.set_column(at, at, 24 if field.type in ("party", "capability", "text") else 14, shape)
    options: dict[str, Any] = {
        "input_title": field.head(language)[:_TITLE_LIMIT],
        "input_message": field.help(language)[:_HELP_LIMIT],
        "ignore_blank": True,
    }
    choices = offered(field, language)
    if choices:
        lists.write_string(0, at, field.head(language))
        lists.write_column(1, at, choices)
        column = _letters(at)
        source = f"='{lists.get_name()}'!${column}$2:${column}${len(choices) + 1}"
        # A party may be missing in the list, and any currency code is taken: warn only.
        strict = field.type not in ("party", "currency", "unit")
        options |= {
            "validate": "list",
            "source": source,
            "error_type": "stop" if strict else "warning",
        }
    elif field.type in ("quantity", "amount"):
        options |= {"validate": "decimal", "criteria": ">=", "value": 0}
    elif field.type == "priority":
        options |= {"validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 10}
    elif field.type == "date":
        first, last = date(1990, 1, 1), date(2050, 12, 31)
        options |= {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        options["error_type"] = "warning"  # "until 2023-06-30" is a date to us
    else:
        options |= {"validate": "any"}
    sheet.data_validation(1, at, _ROWS, at, options)


def _letters(at: int) -> str:
    """Give a column's letters.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(row: int, at: int) -> str:
    """Give a cell's address as spreadsheets show it; rows count from 1, columns from 0.

    >>> address(7, 1)
    'B7'
    """
    return f"{_letters(at)}{row}"


def _fill(
    book: Any,
    sheet: Any,
    columns: Sequence[Field],
    rows: Sequence[Mapping[str, str]],
    bad: Mapping[tuple[int, str], str],
) -> None:
    red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for index, row in enumerate(rows):
        for at, field in enumerate(columns):
            text = row.get(field.name, "")
            reason = bad.get((index, field.name))
            if reason is not None:
                sheet.write_string(index + 1, at, text, red)
                sheet.write_comment(index + 1, at, reason)
            elif text:
                _write(sheet, index + 1, at, field, text, day)


def _write(sheet: Any, row: int, at: int, field: Field, text: str, day: Any) -> None:
    number = decimal_of(text) if field.type in ("quantity", "amount", "priority") else None
    if number is not None:
        sheet.write_number(row, at, float(number))
        return
    if field.type == "date":
        try:
            sheet.write_datetime(row, at, date.fromisoformat(text), day)
        except ValueError:
            pass
        else:
            return
    # write_string, not write: a text that starts with = is not a formula.
    sheet.write_string(row, at, text)


def _help(book: Any, columns: Sequence[Field], language: str) -> None:
    words = catalogue("exchange", language).gettext
    sheet = book.add_worksheet(words("help"))
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_row(0, 0, [words("column"), words("required"), words("what it holds")], bold)
    for at, field in enumerate(columns, start=1):
        must = words("yes") if field.required else ""
        sheet.write_row(at, 0, [field.head(language), must, field.help(language)])
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2, 100)
