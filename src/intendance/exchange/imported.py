"""What an import did with each row: none is dropped without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from intendance.model.entry import CLOSING_KINDS, Entry
from intendance.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Drafts:
    """A file as drafts of entries, before they meet the ledger.

    ``row_of``: for each entry's slot the rows that it stands for; ``merged``: rows that only
    repeat another row; ``set_aside``: rows that cannot be used, each with its reason; ``notes``:
    what was read with reserve; ``held``: packages with rows set aside, which are not gone.
    """

    entries: tuple[Entry, ...]
    rows: int
    rows_of: dict[tuple[str, str, str, str], tuple[int, ...]] = field(default_factory=dict)
    merged: frozenset[int] = frozenset()
    set_aside: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """The account of one import: rows = entries + merged + set aside.

    ``entries`` counts the rows that made entries, ``posted`` the entries that the ledger took
    (a row may give a commitment and a delivery), ``withdrawn`` those that close earlier ones.
    """

    file: str
    rows: int
    entries: int
    merged: int
    set_aside: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    posted: int
    withdrawn: int
    root: str
    dry_run: bool = False

    @property
    def rows_set_aside(self) -> int:
        """Give how many rows are set aside; one row may have several bad cells."""
        return len({finding.where.row for finding in self.set_aside})

    def as_record(self) -> dict[str, object]:
        """Give the account as the contract's JSON object."""
        return {
            "file": self.file,
            "rows": self.rows,
            "entries": self.entries,
            "merged": self.merged,
            "set_aside": _by_row(self.set_aside),
            "notes": [{**_short(each), "code": each.code} for each in self.notes],
            "posted": self.posted,
            "withdrawn": self.withdrawn,
            "root": self.root,
            "dry_run": self.dry_run,
        }


def _by_row(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Give one object a row, so that the counts add up; several bad cells stand under ``cells``."""
    rows: dict[int | None, list[Finding]] = {}
    for finding in findings:
        rows.setdefault(finding.where.row, []).append(finding)
    return [
        {**_short(found[0]), **({"cells": list(map(_short, found))} if len(found) > 1 else {})}
        for found in rows.values()
    ]


def _short(finding: Finding) -> dict[str, object]:
    return {
        "row": finding.where.row,
        "column": finding.where.column,
        "value": finding.value,
        "reason": finding.sentence,
    }


def account(
    file: str,
    drafts: Drafts,
    changed: Sequence[Entry],
    *,
    posted: int,
    root: str,
    dry_run: bool,
) -> Imported:
    """Count what became of each row, given the entries that the ledger took."""
    made: set[int] = set()
    for entry in changed:
        made.update(drafts.rows_of.get(entry.slot, ()))
    made -= drafts.merged
    aside = {finding.where.row for finding in drafts.set_aside}
    made -= {row for row in aside if row is not None}
    closing = sum(1 for entry in changed if entry.kind in CLOSING_KINDS)
    return Imported(
        file=file,
        rows=drafts.rows,
        entries=len(made),
        merged=drafts.rows - len(made) - len(aside),
        set_aside=drafts.set_aside,
        notes=drafts.notes,
        posted=posted,
        withdrawn=closing,
        root=root,
        dry_run=dry_run,
    )
