"""What gathers while a file is read: entries, and the rows that made none, each with a reason."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from intendance.exchange.imported import Drafts
from intendance.model.entry import Entry
from intendance.model.finding import Finding, Severity, Where

_CENT: Final = Decimal("0.01")
_THOUSANDTH: Final = Decimal("0.001")
Slot = tuple[str, str, str, str]


def clean(text: str, limit: int = 2000) -> str:
    r"""Give a text on one line without control characters, as the ledger takes it.

    >>> clean("two\nlines\x00 ")
    'two lines'
    """
    kept = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return " ".join(kept.split())[:limit]


def cents(number: Decimal) -> Decimal:
    """Round to hundredths, half to even."""
    return number.quantize(_CENT, ROUND_HALF_EVEN)


def thousandths(number: Decimal) -> Decimal:
    """Round to thousandths, half to even."""
    return number.quantize(_THOUSANDTH, ROUND_HALF_EVEN)


@dataclass(slots=True)
class Gathering:
    """A file on its way to drafts; ``rows`` counts what it holds, whatever becomes of it."""

    file: str
    rows: int = 0
    entries: dict[Slot, Entry] = field(default_factory=dict)
    rows_of: dict[Slot, list[int]] = field(default_factory=dict)
    merged: set[int] = field(default_factory=set)
    set_aside: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def add(self, entry: Entry, row: int) -> None:
        """Take an entry; a later one of the same slot stands beside it as one row more."""
        self.entries.setdefault(entry.slot, entry)
        self.rows_of.setdefault(entry.slot, []).append(row)

    def put_aside(
        self, row: int, column: str, sentence: str, value: object = "", code: str = "row"
    ) -> None:
        """Say why a row makes no entry."""
        shown = clean(str(value), 80)
        where = Where(self.file, row, column)
        self.set_aside.append(Finding(code, "error", sentence, where, shown))

    def note(
        self,
        row: int | None,
        column: str,
        sentence: str,
        value: object = "",
        *,
        code: str = "reserve",
        severity: Severity = "warning",
    ) -> None:
        """Say what was read with reserve."""
        where = Where(self.file, row, column)
        self.notes.append(Finding(code, severity, sentence, where, clean(str(value), 80)))

    def drafts(self) -> Drafts:
        """Give what has gathered."""
        return Drafts(
            tuple(self.entries.values()),
            self.rows,
            {slot: tuple(rows) for slot, rows in self.rows_of.items()},
            frozenset(self.merged),
            tuple(self.set_aside),
            tuple(self.notes),
        )
