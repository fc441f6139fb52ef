"""One way in for every format: read into drafts, meet the ledger, account for each row."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Final

from intendance.errors import UsageError
from intendance.exchange.imported import Drafts, Imported, account
from intendance.ledger.ledger import Ledger, record_of
from intendance.ledger.privacy import PUBLIC, told_to
from intendance.ledger.snapshot import MOVED, Slot, changed_kind, current
from intendance.model.entry import Entry, Kind, Source, identify
from intendance.model.stages import ENDINGS, rank

# Formats whose files are snapshots of a tracker: what they no longer hold is withdrawn.
SNAPSHOTS: Final = {"kiel": "kiel"}
# Formats whose lines are told whole each time: what a line no longer holds is withdrawn.
WHOLE_LINES: Final = ("iati",)
# Formats whose lines stand at one stage: one that stands earlier than was told has moved back.
ONE_STAGE: Final = ("fts",)
FORMATS: Final = ("kiel", "fts", "iati", "hxl", "sheet", "jsonl")


def import_file(
    ledger: Ledger,
    format_name: str,
    path: Path,
    *,
    recorded_on: date,
    release: str = "",
    dry_run: bool = False,
    person: str = "",
    accept_good: bool = False,
) -> Imported:
    """Import a file; all of it or nothing reaches the ledger.

    A spreadsheet with bad cells imports nothing, unless ``accept_good`` takes its good rows.

    UsageError for an unknown format; InputError when the file cannot be used at all. Rows that
    cannot be used are set aside in the account, with their reasons.
    """
    if format_name not in FORMATS:
        raise UsageError(
            f"There is no format {format_name!r}.", next_step=f"Use one of {', '.join(FORMATS)}."
        )
    with _no_collecting():
        return _imported(
            ledger, format_name, path, recorded_on, release, dry_run, person, accept_good
        )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let the collector of cycles rest: entries form none, and it would look at each many times."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _imported(
    ledger: Ledger,
    format_name: str,
    path: Path,
    recorded_on: date,
    release: str,
    dry_run: bool,
    person: str,
    accept_good: bool,
) -> Imported:
    if format_name == "jsonl":
        from intendance.exchange import jsonl

        return jsonl.import_jsonl(ledger, path, dry_run=dry_run, person=person)
    module = import_module(f"intendance.exchange.{format_name}")
    read: Callable[[Path, date, str], Drafts] = module.read_drafts
    drafts = read(path, recorded_on, release)
    if format_name == "sheet" and not accept_good:
        from intendance.exchange.sheet import held_back

        drafts = held_back(drafts)
    if format_name in SNAPSHOTS:
        document = Source(SNAPSHOTS[format_name], release or path.stem)
        found, posted = ledger.snapshot(
            SNAPSHOTS[format_name],
            drafts.entries,
            recorded_on,
            document,
            held=drafts.held,
            person=person,
            dry_run=dry_run,
        )
        changed = found.entries
    else:
        changed = additions(
            ledger,
            drafts,
            whole_lines=format_name in WHOLE_LINES,
            one_stage=format_name in ONE_STAGE,
        )
        posted = None
        if dry_run:
            for entry in changed:
                record_of(entry)
        else:
            posted = ledger.post(changed, person=person, action=f"import {format_name}")
    head = posted.head if posted else ledger.head()
    return account(
        path.name,
        drafts,
        changed,
        posted=0 if dry_run else len(changed),
        root=head.root,
        dry_run=dry_run,
    )


def additions(
    ledger: Ledger, drafts: Drafts, *, whole_lines: bool = False, one_stage: bool = False
) -> tuple[Entry, ...]:
    """Give the drafts that the ledger does not hold yet in the same words.

    A slot that is known with other words gets a correction that names what it replaces. With
    ``whole_lines`` an event that its line no longer holds is withdrawn. With ``one_stage`` a line
    that a file puts at an earlier stage than was told has moved there: a reclassification.
    """
    past = ledger.on_lines({entry.line for entry in drafts.entries})
    # Each draft meets what everybody knows who will see it: nothing of it tells of other lines.
    markings = {entry.marking for entry in drafts.entries} | {PUBLIC}
    views = {
        marking: current(each for each in past if told_to(marking)(each.marking))
        for marking in markings
    }
    known = views[PUBLIC]
    found = [
        correction
        for entry in drafts.entries
        if (correction := _against(views[entry.marking].get(entry.slot), entry)) is not None
    ]
    if whole_lines and drafts.entries:
        told = {entry.slot for entry in drafts.entries}
        gone = [entry for slot, entry in known.items() if slot not in told]
        found += [_withdrawn(entry, drafts.entries[0]) for entry in gone]
    if one_stage:
        found = _moved_back(found, drafts, known)
    return tuple(found)


def _moved_back(found: list[Entry], drafts: Drafts, known: Mapping[Slot, Entry]) -> list[Entry]:
    """Close what stood further along than its line is told to stand now."""
    stages = {entry.line: entry for entry in drafts.entries}
    gone = [
        entry
        for entry in known.values()
        if rank(stages[entry.line].stage) < rank(entry.stage) < rank(ENDINGS[0])
    ]
    lines = {entry.line for entry in gone}
    moved = [
        identify(replace(each, id="", kind="reclassify", reason=MOVED))
        if each.line in lines and each.kind == "post"
        else each
        for each in found
    ]
    return [*moved, *(_withdrawn(entry, stages[entry.line], "move", MOVED) for entry in gone)]


def _withdrawn(
    entry: Entry,
    draft: Entry,
    kind: Kind = "withdraw",
    reason: str = "the source no longer holds it",
) -> Entry:
    return identify(
        Entry(
            line=entry.line,
            stage=entry.stage,
            part=entry.part,
            rival=entry.rival,
            kind=kind,
            topic=entry.topic,
            donor=entry.donor,
            recipient=entry.recipient,
            category=entry.category,
            recorded_on=draft.recorded_on,
            source=Source(draft.source.origin, draft.source.document),
            replaces=entry.id,
            reason=reason,
            marking=entry.marking,
        )
    )


def _against(before: Entry | None, entry: Entry) -> Entry | None:
    if before is None:
        return identify(entry)
    kind = changed_kind(before, entry)
    if kind is None:
        return None
    return identify(
        replace(
            entry,
            kind=kind[0],
            reason=entry.reason or kind[1],
            replaces=before.id,
        )
    )
