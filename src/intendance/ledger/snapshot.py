"""A tracker's release is a snapshot: what it holds is compared with what was known of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from intendance.errors import InputError
from intendance.model.entry import CLOSING_KINDS, Entry, Kind, Source

Slot = tuple[str, str, str, str]
MOVED: Final = "stage changed in the source"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The entries that turn what was known into the snapshot, and which drafts changed nothing."""

    entries: tuple[Entry, ...]
    unchanged: frozenset[Slot]


def current(history: Iterable[Entry]) -> dict[Slot, Entry]:
    """Give what is known now of each slot: its latest recorded entry, closed ones left out."""
    latest: dict[Slot, Entry] = {}
    for entry in history:
        before = latest.get(entry.slot)
        if before is None or entry.recorded_on >= before.recorded_on:
            latest[entry.slot] = entry
    return {slot: entry for slot, entry in latest.items() if entry.kind not in CLOSING_KINDS}


def package_of(line: str) -> str:
    """Give the package that a line belongs to (``kiel:UKM4/javelin`` belongs to ``kiel:UKM4``)."""
    return line.partition("/")[0]


def reconcile(
    history: Iterable[Entry],
    drafts: Iterable[Entry],
    recorded_on: date,
    document: Source,
    held: Collection[str] = (),
) -> Reconciled:
    """Compare a snapshot with a tracker's history and give the entries that it adds.

    New slots are posted; a changed donor, category or stage is a reclassification, a changed
    amount, quantity, date or item a correction, a changed conversion alone a revaluation; a
    package that is gone is withdrawn; a line that is gone from a package that stays is merged.
    Packages that are ``held`` (their rows could not be used) stay as they are known.
    InputError when the tracker is known from a later day already: snapshots go in order.
    """
    past = list(history)
    if not past:
        return _first(drafts, recorded_on)
    _refuse_backwards(past, recorded_on)
    known = current(past)
    found: list[Entry] = []
    unchanged: set[Slot] = set()
    seen: set[Slot] = set()
    kept_packages: set[str] = set()
    stages: dict[str, set[str]] = {}
    for draft in drafts:
        slot = draft.slot
        assert slot not in seen, slot
        seen.add(slot)
        kept_packages.add(package_of(draft.line))
        stages.setdefault(draft.line, set()).add(draft.stage)
        before = known.get(slot)
        if before is not None and _same(before, draft):
            unchanged.add(slot)
        else:
            found.append(_changed(before, draft, recorded_on))
    moved = _moved(known, stages)
    found = [
        replace(entry, kind="reclassify", reason=MOVED)
        if entry.kind == "post" and entry.line in moved
        else entry
        for entry in found
    ]
    gone = [
        entry
        for slot, entry in known.items()
        if slot not in seen and package_of(entry.line) not in held
    ]
    for entry in gone:
        found.append(_closing(entry, kept_packages, moved, recorded_on, document))
    return Reconciled(tuple(found), frozenset(unchanged))


def _first(drafts: Iterable[Entry], recorded_on: date) -> Reconciled:
    """Take a tracker's first release: there is nothing to compare it with."""
    found = tuple(_changed(None, draft, recorded_on) for draft in drafts)
    assert len({draft.slot for draft in found}) == len(found)
    return Reconciled(found, frozenset())


def _refuse_backwards(past: list[Entry], recorded_on: date) -> None:
    latest = max((entry.recorded_on for entry in past), default=recorded_on)
    if latest > recorded_on:
        raise InputError(
            f"This tracker is known from {latest} already; a release recorded on {recorded_on} "
            "would come before it.",
            next_step="Import releases in the order of their days, into a new ledger if need be.",
        )


def _content(entry: Entry) -> tuple[object, ...]:
    """Give what counts as the same fact: not when, from which row or under which release."""
    return (
        entry.topic,
        entry.donor,
        entry.recipient,
        entry.category,
        entry.capability,
        entry.item,
        entry.item_text,
        entry.instrument,
        entry.place,
        entry.quantity,
        entry.money,
        tuple(replace(each, source="") for each in entry.valuations),
        entry.roles,
        entry.links,
        entry.terms,
    )


def _same_days(before: Entry, draft: Entry) -> bool:
    """Tell whether two versions mean the same days.

    An end that is only "by when we were told" is no fact of its own: "after 21 December" ends on
    the day of each import, and the same words told again say the same.
    """
    first, second = before.valid, draft.valid
    if first == second or first is None or second is None:
        return first == second
    told = first.last == before.recorded_on and not first.exact
    return told and first.first == second.first and second.last == draft.recorded_on


def _same(before: Entry, draft: Entry) -> bool:
    return _content(before) == _content(draft) and _same_days(before, draft)


def changed_kind(before: Entry, draft: Entry) -> tuple[Kind, str] | None:
    """Say what a new version of a slot is, with the reason; None when it says the same."""
    if _same(before, draft):
        return None
    if (before.donor, before.category) != (draft.donor, draft.category):
        return "reclassify", "donor or category changed in the source"
    if _same(replace(before, valuations=()), replace(draft, valuations=())):
        return "revalue", "conversion changed in the source"
    return "correct", "changed in the source"


def _changed(before: Entry | None, draft: Entry, recorded_on: date) -> Entry:
    same = draft.recorded_on == recorded_on
    entry = draft if same else replace(draft, recorded_on=recorded_on)
    found = changed_kind(before, draft) if before else None
    if before is None or found is None:
        return entry
    kind, reason = found
    if entry.topic == "rates":
        reason = entry.reason
    return replace(entry, kind=kind, replaces=before.id, reason=reason)


def _moved(known: Mapping[Slot, Entry], stages: Mapping[str, set[str]]) -> frozenset[str]:
    """Give the lines whose one stage was exchanged for another."""
    old: dict[str, set[str]] = {}
    for entry in known.values():
        old.setdefault(entry.line, set()).add(entry.stage)
    return frozenset(
        line for line, before in old.items() if line in stages and not (before & stages[line])
    )


def _closing(
    entry: Entry,
    kept_packages: set[str],
    moved: frozenset[str],
    recorded_on: date,
    document: Source,
) -> Entry:
    if entry.line in moved:
        kind: Kind = "move"
        reason = MOVED
    elif package_of(entry.line) in kept_packages:
        kind, reason = "merge", "the package stays, this line of it does not"
    else:
        kind, reason = "withdraw", "the release no longer holds it"
    return Entry(
        line=entry.line,
        stage=entry.stage,
        part=entry.part,
        rival=entry.rival,
        kind=kind,
        topic=entry.topic,
        donor=entry.donor,
        recipient=entry.recipient,
        category=entry.category,
        recorded_on=recorded_on,
        source=document,
        replaces=entry.id,
        reason=reason,
        marking=entry.marking,
    )
