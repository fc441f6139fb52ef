"""The rows of a table as HTML, written without the template engine: half of a page's time.

What stands in a cell is escaped here, always; ``Writer.cell`` says how a kind is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from intendance.app.web.pages import Writer
    from intendance.app.web.sheet import Column, Table

RIGHT: Final = ("count", "number", "money", "share", "interval")
_DAYS: Final = ("day", "moment")
_DASH: Final = "\u2013"
_MONO: Final = ("line", "id")
_MOST_REMEMBERED: Final = 4096
_WriteCell = Callable[[Any], str]


def class_of(column: Column) -> str:
    """Give the class of a column's cells: figures right, days unbroken, ids in a fixed width."""
    if column.kind in RIGHT:
        return "r"
    if column.kind in _DAYS:
        return "day"
    return "mono" if column.name in _MONO else ""


def rows_of(write: Writer, table: Table, shown: Sequence[int]) -> Markup:
    """Give the rows of a table's body; ``shown`` are the places of the columns to write.

    >>> from intendance.app.web.pages import Writer
    >>> from intendance.app.web.sheet import Column, Table
    >>> from intendance.app.web.speech import Speech
    >>> table = Table("t", "", (Column("a", "a"), Column("b", "b", "count")), (("<i>", 1),))
    >>> print(rows_of(Writer(Speech("en")), table, (0, 1)))
    <tr><th scope="row">&lt;i&gt;</th><td class="r">1</td></tr>
    """
    return Markup("\n").join(Markup(each) for each in _rows(write, table, shown))  # noqa: S704 (escaped)


def _rows(write: Writer, table: Table, shown: Sequence[int]) -> Iterator[str]:
    parts = []
    for at, place in enumerate(shown):
        column = table.columns[place]
        kind = class_of(column)
        tag, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
        start = f'<{tag}{scope} class="{kind}">' if kind else f"<{tag}{scope}>"
        link = table.links.get(column.name) or (table.link if at == 0 else None)
        parts.append((place, start, f"</{tag}>", link, _writing(write, column)))
    for number, row in enumerate(table.rows):
        cells = ["<tr>"]
        for place, start, end, link, written in parts:
            text = written(row[place])
            href = link(number) if link else ""
            if href:
                text = f'<a href="{escape(href)}">{text or _DASH}</a>'
            cells += (start, text, end)
        cells.append("</tr>")
        yield "".join(cells)


def _writing(write: Writer, column: Column) -> _WriteCell:
    """Give what writes a column's cells: equal cells of one table are written once."""

    def written(value: Any) -> str:
        return str(escape(write.cell(column, value)))

    return written if column.kind == "interval" else lru_cache(_MOST_REMEMBERED)(written)


@lru_cache(maxsize=256)
def options_of(known: tuple[str, ...]) -> Markup:
    """Give the values that a field offers while somebody types."""
    return Markup("").join(Markup('<option value="{}"></option>').format(each) for each in known)
