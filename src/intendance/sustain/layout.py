"""Plain aligned tables for the terminal: numbers to the right, words to the left."""

from __future__ import annotations

from collections.abc import Sequence

Value = str | int | float | None


def show(value: Value, digits: int = 2) -> str:
    """Write one cell; what is not known is a dash.

    >>> show(None), show(3), show(2.5), show(1234567.0)
    ('–', '3', '2.50', '1234567')
    """
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.{digits}f}"
    return str(value)


def table(headers: Sequence[str], rows: Sequence[Sequence[Value]], digits: int = 2) -> str:
    """Align a table; columns that hold numbers only stand to the right.

    >>> print(table(["site", "ready"], [["base", 3.0], ["top", None]], 1))
    site  ready
    base    3.0
    top       –
    """
    cells = [[show(value, digits) for value in row] for row in rows]
    widths = [
        max([len(header), *(len(row[at]) for row in cells)]) for at, header in enumerate(headers)
    ]
    right = [
        bool(rows) and all(not isinstance(row[at], str) for row in rows)
        for at in range(len(headers))
    ]
    lines = [
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in [list(headers), *cells]
    ]
    return "\n".join(lines)
