"""A person's decision reaches the inbox and the ledger, or neither, also when a run is killed.

The inbox first notes that an act begins, with the very entry; then the ledger takes it; then the
inbox notes the end. An entry's id is a digest of its content, so posting it again adds nothing:
whoever comes after a killed run finishes it, and two processes never post one proposal twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from intendance.errors import InputError, StoreBusyError, StoreMovedError, UsageError
from intendance.intake.confirming import entry_of, twins, withdrawal_of
from intendance.intake.inbox import Inbox, must_be_closed, must_be_open
from intendance.intake.inbox_log import Event
from intendance.intake.reading import Reading
from intendance.intake.waiting import Waiting
from intendance.ledger.chain import Head
from intendance.ledger.ledger import Ledger, record_of
from intendance.ledger.store import Record
from intendance.model.entry import Entry, canonical

TURNS: Final = 20


def take_in(inbox: Inbox, reading: Reading, ledger: Ledger | None = None) -> list[Waiting]:
    """Put a document's proposals into the inbox; ``duplicate_of`` also names the ledger's entry."""
    if ledger is None:
        return inbox.add(reading)
    return inbox.add(reading, lambda waiting: next(iter(twins(waiting, ledger)), None))


def confirm(
    inbox: Inbox,
    ledger: Ledger,
    name: str,
    *,
    person: str,
    reason: str,
    recorded_on: date,
    again: bool = False,
) -> Waiting:
    """Post a proposal as an entry with a person's name and reason, and note it in the inbox.

    UsageError when it is decided already, or when the ledger says the same (unless ``again``).
    A confirmation that a killed run began is finished as it was begun.
    """
    inbox.refresh()
    waiting = inbox.find(name)
    if waiting.begun is None:
        must_be_open(waiting)
        head: Head | None = ledger.head()
        if not again:
            _refuse_twins(waiting, ledger)
        waiting = _begin(inbox, waiting, "confirm", person, reason, _entry(recorded_on))
    else:
        _must_have_begun(waiting, "confirm")
        head, again = None, True
    for _ in range(TURNS):
        try:
            _post(inbox, ledger, waiting, head)
            break
        except StoreMovedError:
            head = ledger.head()
            if not again:
                _refuse_twins(waiting, ledger, inbox)
    else:
        raise StoreBusyError("Others are writing to the ledger all the time.")
    return _end(inbox, waiting)


def undo(
    inbox: Inbox, ledger: Callable[[], Ledger], name: str, *, person: str, reason: str,
    recorded_on: date,
) -> Waiting:  # fmt: skip
    """Take a confirmation or rejection back; a posted entry is withdrawn by a new one.

    ``ledger`` opens it; only a confirmation needs it.
    """
    inbox.refresh()
    waiting = inbox.find(name)
    if waiting.begun is None:
        must_be_closed(waiting)
        if waiting.state == "rejected":
            return inbox.undo(waiting.id, person, reason)
    else:
        _must_have_begun(waiting, "undo")
    with ledger() as book:
        if waiting.begun is None:
            said = reason or "confirmation undone"

            def make(now: Waiting, who: str, why: str) -> Entry:
                del who
                return withdrawal_of(book, now.entry, recorded_on, why or said)

            waiting = _begin(inbox, waiting, "undo", person, reason, make)
        _post(inbox, book, waiting, None)
    return _end(inbox, waiting)


def _entry(recorded_on: date) -> Callable[[Waiting, str, str], Entry]:
    def make(waiting: Waiting, person: str, reason: str) -> Entry:
        entry = entry_of(waiting, recorded_on, person, reason)
        times = sum(each["event"] == "confirm" for each in waiting.story)
        if times:
            entry = replace(entry, terms=(*entry.terms, ("confirmed", str(times + 1))))
        return entry

    return make


def _begin(
    inbox: Inbox,
    waiting: Waiting,
    act: str,
    person: str,
    reason: str,
    entry: Callable[[Waiting, str, str], Entry],
) -> Waiting:
    """Note what will be posted; from here on anybody can finish it."""

    def make(now: Waiting) -> Event:
        (must_be_open if act == "confirm" else must_be_closed)(now)
        record = record_of(entry(now, person, reason))
        return {
            "event": "begin",
            "act": act,
            "person": person,
            "reason": reason,
            "entry": {"id": record.id, "line": record.line, "body": json.loads(record.body)},
        }

    return inbox.note(waiting.id, make)


def _post(inbox: Inbox, ledger: Ledger, waiting: Waiting, head: Head | None) -> None:
    assert waiting.begun is not None
    said = waiting.begun["entry"]
    record = Record(said["id"], said["line"], canonical(said["body"]).decode())
    person, act = waiting.begun["person"], waiting.begun["act"]
    try:
        ledger.post_records([record], person=person, action=act, after=head)
    except StoreMovedError:
        raise
    except (InputError, StoreBusyError):
        # Refused before anything was written: the proposal is as it was.
        _abandon(inbox, waiting)
        raise


def _end(inbox: Inbox, waiting: Waiting) -> Waiting:
    """Note the end, unless somebody else who finished the same act has noted it."""
    begun = waiting.begun
    assert begun is not None
    end = {"event": begun["act"], "person": begun["person"], "reason": begun["reason"]}
    if begun["act"] == "confirm":
        end["entry"] = begun["entry"]["id"]

    def make(now: Waiting) -> Event:
        # The ledger holds the entry: the inbox must say so, also when another run gave up.
        confirmed = now.state == "confirmed" and now.entry == begun["entry"]["id"]
        if now.begun is None and (confirmed if begun["act"] == "confirm" else now.state == "open"):
            raise _EndedError
        return end

    try:
        return inbox.note(waiting.id, make)
    except _EndedError:
        return inbox.find(waiting.id)


class _EndedError(Exception):
    """Somebody else has noted the end already."""


def _abandon(inbox: Inbox, waiting: Waiting) -> None:
    assert waiting.begun is not None
    event = {"event": "abandon", "person": waiting.begun["person"]}
    inbox.note(waiting.id, lambda _: event)


def _must_have_begun(waiting: Waiting, act: str) -> None:
    assert waiting.begun is not None
    if waiting.begun["act"] != act:
        other = waiting.begun["act"]
        raise UsageError(
            f"{waiting.begun['person']} began to {other} {waiting.id}; that has not ended.",
            next_step=f"Finish it: intendance inbox {other} {waiting.id}",
        )


def _refuse_twins(waiting: Waiting, ledger: Ledger, inbox: Inbox | None = None) -> None:
    """UsageError when another entry says the same; gives up what was begun in ``inbox``."""
    ledger.__dict__.pop("frame", None)  # others have written since it was made
    same = twins(waiting, ledger)
    if not same or (waiting.begun and waiting.begun["entry"]["id"] in same):
        return
    if inbox is not None:
        _abandon(inbox, waiting)
    raise UsageError(
        f"The ledger says the same already: {', '.join(same[:5])}.",
        next_step="Look with intendance show; add --again if it is another one.",
    )
