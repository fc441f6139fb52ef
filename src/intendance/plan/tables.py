"""Reads UTF-8 CSV files into typed cells; whatever is off becomes a finding with its place."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from intendance.errors import InputError
from intendance.model.finding import Finding, Where

MAX_QUANTITY = 1e15


@dataclass(slots=True)
class Table:
    """One file: its rows as cells by column, with the row number people see (header is 1)."""

    file: str
    rows: list[tuple[int, dict[str, str]]]
    findings: list[Finding] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    def blame(
        self, code: str, sentence: str, row: int | None, column: str, value: str = ""
    ) -> None:
        """Note an error at a place of this file; a missing column was blamed once already."""
        if column in self.missing and row != 1:
            return
        where = Where(self.file, row, column)
        self.findings.append(Finding(code, "error", sentence, where, value))

    def warn(self, code: str, sentence: str, row: int | None, column: str, value: str = "") -> None:
        """Note something that is allowed but probably not meant."""
        where = Where(self.file, row, column)
        self.findings.append(Finding(code, "warning", sentence, where, value))

    def text(self, column: str) -> list[str]:
        """Give a column as text; blank where not given."""
        return [cells.get(column, "") for _, cells in self.rows]

    def keys(self, column: str) -> list[str]:
        """Give a column of identifiers: each given, each once."""
        seen: dict[str, int] = {}
        values = []
        for row, cells in self.rows:
            value = cells.get(column, "")
            if not value:
                self.blame("blank", "an identifier is needed here", row, column)
            elif ";" in value:
                self.blame("separator", "an identifier may not contain ';'", row, column, value)
            elif value in seen:
                said = f"this identifier already stands in row {seen[value]}"
                self.blame("duplicate", said, row, column, value)
            seen.setdefault(value, row)
            values.append(value)
        return values

    def numbers(
        self,
        column: str,
        *,
        blank: float | None = None,
        low: float = 0.0,
        high: float = MAX_QUANTITY,
        above: bool = False,
    ) -> list[float]:
        """Give a column of finite numbers in low … high (``above``: strictly above low).

        ``blank`` stands for a blank cell; None makes a blank cell an error. A cell that cannot
        be used gives a finding and the value ``max(low, 1)`` so that the rest can be checked.
        """
        values = []
        for row, cells in self.rows:
            raw = cells.get(column, "")
            if not raw:
                if blank is None:
                    self.blame("blank", "a number is needed here", row, column)
                values.append(max(low, 1.0) if blank is None else blank)
                continue
            value, problem = _number(raw, low, high, above=above)
            if problem:
                self.blame(problem[0], problem[1], row, column, raw)
                value = max(low, 1.0)
            values.append(value)
        return values

    def whole_numbers(
        self, column: str, *, blank: int | None = None, low: int = 0, high: int = 10**6
    ) -> list[int]:
        """Give a column of whole numbers in low … high; as ``numbers`` otherwise."""
        values = self.numbers(
            column, blank=None if blank is None else float(blank), low=float(low), high=float(high)
        )
        whole = []
        for (row, cells), value in zip(self.rows, values, strict=True):
            if value != math.floor(value):
                said = "a whole number is needed here"
                self.blame("not-whole", said, row, column, cells.get(column, ""))
            whole.append(math.floor(value))
        return whole

    def references(
        self, column: str, known: dict[str, int], of: str, *, separator: str = ""
    ) -> list[tuple[int, ...]]:
        """Give the positions of the rows named in a column (several with a separator)."""
        found = []
        for row, cells in self.rows:
            raw = cells.get(column, "")
            names = [x.strip() for x in raw.split(separator)] if separator else [raw]
            names = [x for x in names if x] if separator else names
            if not names or names == [""]:
                self.blame("blank", f"a name out of {of} is needed here", row, column)
                names = []
            for name in names:
                if name not in known:
                    self.blame("unknown", f"this does not stand in {of}", row, column, name)
            found.append(tuple(known.get(name, 0) for name in names))
        return found

    def choices(self, column: str, allowed: Iterable[str]) -> list[str]:
        """Give a column whose cells are words out of a list."""
        words = tuple(allowed)
        for row, cells in self.rows:
            value = cells.get(column, "")
            if value not in words:
                said = f"must be one of {', '.join(words)}"
                self.blame("unknown-word" if value else "blank", said, row, column, value)
        return self.text(column)


def _number(
    raw: str, low: float, high: float, *, above: bool
) -> tuple[float, tuple[str, str] | None]:
    try:
        # Python also reads 1_000; no spreadsheet writes that, so it is a slip of the pen.
        value = math.nan if "_" in raw else float(raw)
    except ValueError:
        return 0.0, ("not-a-number", "this is not a number")
    if math.isnan(value) or math.isinf(value):
        return 0.0, ("not-finite", "a finite number is needed here")
    if value < low or (above and value <= low):
        if low == 0:
            code, word = ("not-positive", "above zero") if above else ("negative", "zero or more")
        else:
            code, word = "too-small", f"{'above' if above else 'at least'} {low:g}"
        return 0.0, (code, f"must be {word}")
    if value > high:
        return 0.0, ("too-large", f"must be at most {high:g}")
    return value, None


def read_table(path: Path, columns: Iterable[str], *, optional: Iterable[str] = ()) -> Table:
    """Read one CSV file (UTF-8, with or without a byte order mark, any line ends).

    Missing columns out of ``columns`` are findings. Blank lines are passed over.
    Raises InputError when the file is missing or is not CSV text.
    """
    table = Table(path.name, [])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        message = f"there is no file {path.name} in {path.parent.name or 'the folder'}"
        raise InputError(message, where=path.name, next_step="Add the file.") from error
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte {error.start})"
        raise InputError(message, where=path.name, next_step="Save it as UTF-8.") from error
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise InputError(message, where=path.name, next_step="Check the path.") from error
    if "\0" in text:
        raise InputError("the file holds zero bytes, so it is not text", where=path.name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    try:
        for row, record in enumerate(reader, start=1):
            cells = [cell.strip() for cell in record]
            if not any(cells):
                continue
            if header is None:
                header = cells
                _check_header(table, header, [*columns], {*optional})
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                table.blame("extra-cells", "the row has more cells than the header", row, "")
            filled = cells + [""] * (len(header) - len(cells))
            table.rows.append((row, dict(zip(header, filled, strict=False))))
    except csv.Error as error:
        message = f"line {reader.line_num} is not CSV: {error}"
        raise InputError(message, where=f"{path.name}:{reader.line_num}") from error
    if header is None:
        table.blame("empty", "the file has no header row", 1, "")
    return table


def _check_header(table: Table, header: list[str], columns: list[str], optional: set[str]) -> None:
    for column in columns:
        if column not in header and column not in optional:
            table.blame("missing-column", f"the column {column} is missing", 1, column)
            table.missing.add(column)
    for column in sorted({x for x in header if x and header.count(x) > 1}):
        table.blame("duplicate-column", f"the column {column} stands twice", 1, column)


def positions(keys: Iterable[str]) -> dict[str, int]:
    """Give each identifier's position; the first one wins when it stands twice."""
    found: dict[str, int] = {}
    for position, key in enumerate(keys):
        found.setdefault(key, position)
    return found
