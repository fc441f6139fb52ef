"""Tables as people send them: csv in any usual encoding, xlsx, ods; cells as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.model.catalogue import fold

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LARGEST_MB: Final = 200
_CELL_LIMIT: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its file, its name in a workbook, and rows of text; row 1 is the first one."""

    file: str
    name: str
    rows: Sequence[Sequence[str]]

    def below(self, header: int) -> Iterator[tuple[int, Sequence[str]]]:
        """Give the rows below a header's index with their row numbers, blank ones left out."""
        for number, row in enumerate(self.rows[header + 1 :], start=header + 2):
            if any(cell.strip() for cell in row):
                yield number, row


def read_bytes(path: Path) -> bytes:
    """Read a file; InputError when it is missing, empty, too large or no file."""
    if path.is_dir():
        raise InputError(f"{path} is a folder, not a file.", next_step="Name one file.")
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise InputError(f"There is no file {path}.", next_step="Check the path.") from error
    if size == 0:
        raise InputError(f"{path.name} is empty.", next_step="Ask its sender for it again.")
    if size > LARGEST_MB * 1_000_000:
        raise InputError(f"{path.name} is over {LARGEST_MB} MB.", next_step="Split it.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read.", next_step="Check its rights.") from error


def places_of(row: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Give where a header row has each of our columns, known by any of its heads (folded).

    >>> places_of(["ID", "Countries"], {"id": ["id"], "donor": ["donor", "countries"]})
    {'id': 0, 'donor': 1}
    """
    heads: dict[str, int] = {}
    for index, cell in enumerate(row):
        heads.setdefault(fold(cell), index)
    return {
        name: next(heads[head] for head in known if head in heads)
        for name, known in columns.items()
        if any(head in heads for head in known)
    }


def read_sheets(path: Path) -> list[Sheet]:
    """Read a file's tables; InputError when it is missing, empty, too large or no table."""
    data = read_bytes(path)
    if path.suffix.lower() in WORKBOOKS or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return _workbook(path.name, data)
    return [Sheet(path.name, "", _csv_rows(path.name, decode(data, path.name)))]


def decode(data: bytes, name: str) -> str:
    """Give a text file's text: UTF-8 or UTF-16 (with or without mark), else Windows-1252.

    >>> decode("é".encode("utf-16"), "x"), decode("é".encode("latin-1"), "x")
    ('é', 'é')
    """
    if data[:3] == b"\xef\xbb\xbf":
        return data.decode("utf-8-sig", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    head = data[:4000]
    if head.count(0) * 3 > len(head):
        small_end = head[1::2].count(0) > head[::2].count(0)
        return data.decode("utf-16-le" if small_end else "utf-16-be", "replace")
    if 0 in head:
        raise InputError(f"{name} is not a text file.", next_step="Give a csv, xlsx or ods file.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _csv_rows(name: str, text: str) -> list[list[str]]:
    # A title above the table has few separators or none: the table's own rows decide.
    lines = text[:60_000].split("\n")[:40]
    separator = max(
        (sum(line.count(each) > 2 for line in lines), sum(line.count(each) for line in lines),
         each == ",", each)
        for each in ",;\t|"
    )[3]  # fmt: skip
    csv.field_size_limit(_CELL_LIMIT)
    try:
        # strict: a quotation left open at the end means that the file was cut off.
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError(
            f"{name} cannot be read as csv ({error}).",
            next_step="It may be cut off or saved by halves: export it again.",
        ) from error


def _workbook(name: str, data: bytes) -> list[Sheet]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        return [
            Sheet(name, each, _cells(book.get_sheet_by_name(each).to_python(skip_empty_area=False)))
            for each in names
        ]
    except Exception as error:  # calamine's errors share no base, and a cut-off zip has its own
        raise InputError(
            f"{name} cannot be read as a workbook.",
            next_step="It may be cut off: download it again, or save the sheet as csv.",
        ) from error


def _cells(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in rows]


def cell_text(cell: Any) -> str:
    """Give a workbook's cell as the text that a csv export would hold.

    >>> cell_text(35000000.0), cell_text(26.67), cell_text(date(2022, 3, 1)), cell_text(None)
    ('35000000', '26.67', '2022-03-01', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time, timedelta)):
        return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
    return str(cell)
