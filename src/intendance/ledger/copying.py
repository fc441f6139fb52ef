"""Backup and restore: the same entries in the same order give the same head."""

from __future__ import annotations

import os
from pathlib import Path

from intendance.errors import InputError, UsageError
from intendance.ledger.chain import Head
from intendance.ledger.ledger import Ledger, read
from intendance.ledger.store import Record


def _copy(source: Ledger, target: Ledger) -> Head:
    if not source.viewer.sees_everything:
        raise UsageError(
            f"A backup holds every line, and {source.viewer} may not see every one.",
            next_step="Let an auditor or admin make it.",
        )
    verdict = source.verify()
    if not verdict.intact:
        raise InputError(
            f"{source.store.name} is not intact: first bad {verdict.first_bad}.",
            next_step="Restore it from an earlier backup; intendance verify says more.",
        )
    # What was verified is what is copied, whatever somebody else appends meanwhile.
    links = source.store.links(upto=verdict.entries)
    records = [Record(link.id, read(link).line, link.body) for link in links]
    posted = target.store.append(records, action="restore")
    assert posted.head == Head(verdict.entries, verdict.root), (posted.head, verdict)
    for row in source.store.trail():
        target.store.note(row["person"], row["action"], f"{row['at']}: {row['detail']}")
    return posted.head


def back_up(ledger: Ledger, file: Path) -> Head:
    """Write a ledger into a new file, whatever kind of store it stands in."""
    if not file.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {file.parent}.", next_step="Make it first.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with Ledger.create(str(draft)) as target:
            head = _copy(ledger, target)
        draft.replace(file)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)
    return head


def bring_back(file: Path, name: str) -> Head:
    """Make a ledger from a backup; StoreError when one with entries stands there."""
    with Ledger.open(str(file)) as source, Ledger.create(name) as target:
        return _copy(source, target)
