"""The brief as a spreadsheet: a sheet per table, real numbers, frozen headers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from intendance.review.facts import Brief, Table, Value
from intendance.review.html import Page
from intendance.review.tables import entry_table, section_tables, tables_of

_FORMATS: Final = {
    "money": "#,##0",
    "cents": "#,##0.00",
    "count": "#,##0.###",
    "share": "0%",
    "fineshare": "0.00%",
    "fine": "#,##0.00",
    "rate": "0.0000",
    "day": "yyyy-mm-dd",
    "text": "@",
    "words": "@",
}
_WIDEST: Final = 60


def render(brief: Brief) -> bytes:
    """Give the workbook's bytes; the same brief always gives the same bytes."""
    import xlsxwriter

    page = Page(brief)
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # The moment of writing would make two equal briefs differ.
    made = datetime.combine(brief.known_at, time(0), UTC).replace(tzinfo=None)
    book.set_properties({"title": brief.title, "author": "Intendance", "created": made})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    formats["text"].set_text_wrap()
    formats["text"].set_align("top")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    _front(book, brief, page)
    taken = {page.typography.text("Brief").casefold()}
    for table in (*tables_of(brief, page), *section_tables(brief), entry_table(page)):
        _sheet(book, table, formats, head, _tab(table.name, taken))
    book.close()
    return stream.getvalue()


def _front(book: Any, brief: Brief, page: Page) -> None:
    t, day = page.typography.text, page.typography.day
    sheet = book.add_worksheet(t("Brief")[:31])
    title = book.add_format({"bold": True, "font_size": 16})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, brief.title, title)
    lines = [
        (t("Recipient"), page.party(brief.recipient)),
        (t("As of"), day(brief.as_of)),
        (t("Known at"), day(brief.known_at)),
        (t("Marking"), page.word("MARKINGS", brief.marking)),
        (t("Currency"), brief.currency),
        (t("Committed"), page.typography.cents(brief.committed.best)),
        (t("Rates"), page.rate_table()),
        (t("Ledger head:"), brief.head.root),
        (t("Entries"), page.typography.number(brief.head.entries)),
        (t("Made with"), ", ".join(f"{name} {value}" for name, value in brief.versions.items())),
        ("", brief.note),
        ("", brief.citation),
    ]
    for claim in brief.claims:
        words = f"{page.word('VERDICTS', claim.verdict)}. {claim.explanation}"
        lines.append((page.typography.quote(claim.amount), words))
    for row, (name, words) in enumerate(lines, start=2):
        sheet.write_string(row, 0, name, wrapped)
        sheet.write_string(row, 1, words, wrapped)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)


_NOT_IN_A_TAB: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _tab(name: str, taken: set[str]) -> str:
    """Give a tab's name: at most 31 letters, none that spreadsheets refuse, none twice."""
    plain = " ".join(name.translate(_NOT_IN_A_TAB).split())[:31].strip() or "–"
    found, number = plain, 1
    while found.casefold() in taken:
        number += 1
        found = f"{plain[: 30 - len(str(number))]} {number}"
    taken.add(found.casefold())
    return found


def _sheet(book: Any, table: Table, formats: dict[str, Any], head: Any, tab: str) -> None:
    sheet = book.add_worksheet(tab)
    for column, name in enumerate(table.heads):
        sheet.write_string(0, column, name, head)
        longest = max((len(_shown(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(name) // 2, 9) + 2, _WIDEST))
    for place, row in enumerate(table.rows, start=1):
        for column, (value, kind) in enumerate(zip(row, table.kinds, strict=True)):
            _write(sheet, place, column, value, formats[kind])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time(0)), look)
    elif isinstance(value, (int, Decimal)):
        sheet.write_number(row, column, float(value), look)
    else:
        sheet.write_string(row, column, value, look)


def _shown(value: Value) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value or "")
