"""Reads one CSV file of a model into checked cells; every problem is a finding with its place."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from intendance.model.finding import Finding, Where
from intendance.sustain.columns import Cell, Column, Table

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SIZE_LIMIT_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its place (the header is row 1) and its cells by column."""

    file: str
    number: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Give a cell as text."""
        return str(self.cells[column])

    def number_of(self, column: str) -> float:
        """Give a cell that is a number by now."""
        value = self.cells[column]
        assert isinstance(value, int | float), (self.file, self.number, column)
        return float(value)

    def whole(self, column: str) -> int:
        """Give a cell that is a whole number by now."""
        return int(self.number_of(column))

    def maybe(self, column: str) -> float | None:
        """Give a number, or nothing where the cell is blank."""
        return None if self.cells[column] is None else self.number_of(column)

    def maybe_whole(self, column: str) -> int | None:
        """Give a whole number, or nothing where the cell is blank."""
        return None if self.cells[column] is None else self.whole(column)


def error(code: str, sentence: str, where: Where, value: str = "") -> Finding:
    """Make an error finding; long values are cut."""
    return Finding(code, "error", sentence, where, value[:80])


def read_table(path: Path, table: Table, findings: list[Finding]) -> list[Row]:
    """Read the rows whose cells are all good; problems are added to ``findings``."""
    text = _text(path, table.file, findings)
    if text is None:
        return []
    records = _records(text, table.file, findings)
    header = next(records, None)
    if header is None:
        findings.append(error("empty", "the file has no header row", Where(table.file)))
        return []
    positions = _positions(header[1], table, findings)
    if positions is None:
        return []
    rows: list[Row] = []
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if any(cell.strip() for cell in record[len(header[1]) :]):
            findings.append(
                error(
                    "extra-cell",
                    "the row has more cells than the header",
                    Where(table.file, number),
                )
            )
            continue
        before = len(findings)
        cells = {
            column.name: _cell(
                _raw(record, positions.get(column.name)),
                column,
                Where(table.file, number, column.name),
                findings,
            )
            for column in table.columns
        }
        if len(findings) == before:
            rows.append(Row(table.file, number, cells))
    return _without_repeats(rows, table, findings)


def _text(path: Path, file: str, findings: list[Finding]) -> str | None:
    try:
        if path.stat().st_size > _SIZE_LIMIT_BYTES:
            findings.append(error("too-large", "the file is too large", Where(file)))
            return None
        raw = path.read_bytes()
    except OSError as problem:
        why = problem.strerror or "unknown"
        findings.append(error("unreadable", "the file cannot be read", Where(file), why))
        return None
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and (zero := raw.find(b"\0")) >= 0:
        # UTF-16 without its mark reads as UTF-8 with a zero byte beside each letter.
        row = raw[:zero].count(b"\n") + 1
        findings.append(error("encoding", "the file is not UTF-8", Where(file, row)))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = raw[: problem.start].count(b"\n") + 1
        findings.append(error("encoding", "the file is not UTF-8", Where(file, row)))
        return None


def _records(text: str, file: str, findings: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            findings.append(
                error("csv", "the row is not well-formed CSV", Where(file, number), str(problem))
            )
            return
        if number == 1 and not any(cell.strip() for cell in record):
            continue
        yield number, record


def _positions(header: list[str], table: Table, findings: list[Finding]) -> dict[str, int] | None:
    names = [cell.strip() for cell in header]
    before = len(findings)
    odd = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), "")
    if odd:
        said = "the columns must be separated by commas"
        findings.append(error("separator", said, Where(table.file, 1), odd.replace("\t", "tab")))
        return None
    for column in table.columns:
        if names.count(column.name) > 1:
            findings.append(
                error("column-twice", "the column stands twice", Where(table.file, 1, column.name))
            )
        if column.required and column.name not in names:
            findings.append(
                error("column-missing", "the column is missing", Where(table.file, 1, column.name))
            )
    if len(findings) > before:
        return None
    return {name: at for at, name in enumerate(names) if name}


def _raw(record: list[str], at: int | None) -> str:
    return record[at].strip() if at is not None and at < len(record) else ""


def _cell(raw: str, column: Column, where: Where, findings: list[Finding]) -> Cell:
    problem: tuple[str, str] | None = None
    value: Cell = column.blank
    if not raw:
        if column.required and column.filled:
            problem = ("blank", "a value is needed here")
    elif column.kind == "word":
        value = raw.lower()
        if value not in column.words:
            problem = ("unknown-word", "the word is not one of the allowed ones")
    elif column.kind in {"id", "text"}:
        value = raw
    else:
        value, problem = _number(raw, column)
    if problem:
        findings.append(error(problem[0], problem[1], where, raw))
    return value


def _number(raw: str, column: Column) -> tuple[float | int, tuple[str, str] | None]:
    if not _NUMBER.fullmatch(raw):
        odd = raw.lower().lstrip("+-")
        if odd in {"nan", "inf", "infinity"}:
            return 0.0, ("not-finite", "the number is not finite")
        return 0.0, ("not-a-number", "this is not a number")
    value = float(raw)
    if not math.isfinite(value):
        return 0.0, ("not-finite", "the number is not finite")
    if value < 0:
        return 0.0, ("negative", "the number is below zero")
    if column.kind == "whole" and value != int(value):
        return 0.0, ("not-whole", "the number must be whole")
    if value < column.low:
        return 0.0, ("too-small", "the number is too small")
    if value > column.high:
        share = column.high == 1.0
        return 0.0, (
            ("share-over-one", "the share is over 1")
            if share
            else ("too-large", "the number is too large")
        )
    return (int(value) if column.kind == "whole" else value), None


def _without_repeats(rows: list[Row], table: Table, findings: list[Finding]) -> list[Row]:
    if not table.key:
        return rows
    first: dict[tuple[Cell, ...], int] = {}
    kept: list[Row] = []
    for row in rows:
        key = tuple(row.cells[name] for name in table.key)
        if key in first:
            shown = ", ".join(str(part) for part in key)
            findings.append(
                error(
                    "repeated",
                    "this stands twice in the file",
                    Where(table.file, row.number, table.key[-1]),
                    shown,
                )
            )
        else:
            first[key] = row.number
            kept.append(row)
    return kept
