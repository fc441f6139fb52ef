"""A problem in data, as a value: it never stops the rest of the work."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: rows and columns as people count them (the header is row 1)."""

    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file, "" if self.row is None else str(self.row), self.column]
        return ":".join(parts).rstrip(":")


@dataclass(frozen=True, slots=True)
class Finding:
    """One data problem: a stable code, how grave it is, a sentence, and where it stands.

    >>> print(Finding("negative", "error", "quantity is below zero",
    ...               Where("stocks.csv", 4, "quantity"), "-3"))
    stocks.csv:4:quantity: quantity is below zero (-3)
    """

    code: str
    severity: Severity
    sentence: str
    where: Where = Where()
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        shown = f" ({self.value})" if self.value else ""
        return f"{place}{self.sentence}{shown}"

    def as_record(self) -> dict[str, object]:
        """Give the finding as a JSON object."""
        return asdict(self)
