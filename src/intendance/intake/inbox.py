"""The inbox: proposals that wait for a person, as a log of what was done with each.

The log is append-only (document, propose, edit, begin, abandon, confirm, reject, undo); the state
of every proposal is the replay of its events, so nothing that a person did is ever lost. Two
processes may share it: who acts on what somebody else has changed meanwhile looks again first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError, StoreBusyError, StoreMovedError, UsageError
from intendance.intake.echoes import Origins, Prints, prints_of
from intendance.intake.editing import checked
from intendance.intake.inbox_log import Event, EventLog, FileLog
from intendance.intake.naming import party_of
from intendance.intake.reading import Proposal, Reading
from intendance.intake.waiting import STATES, State, Waiting, after_event, deed_of, proposed
from intendance.model.catalogue import find_item

__all__ = ["STATES", "Inbox", "State", "Waiting"]

TURNS: Final = 50


class Inbox:
    """Proposals and what people did with them, in a file or in another log."""

    def __init__(self, log: Path | EventLog) -> None:
        self.log: EventLog = FileLog(log) if isinstance(log, Path) else log
        self._at = 0
        self._count = 0
        self._waiting: dict[str, Waiting] = {}
        self._documents: dict[str, Event] = {}
        self._origins = Origins()
        self.refresh()

    @property
    def path(self) -> Path:
        """Give the file; only an inbox in a file has one."""
        assert isinstance(self.log, FileLog), self.log
        return self.log.path

    def refresh(self) -> None:
        """Take in what others have written since."""
        events, self._at = self.log.read(self._at)
        for event in events:
            self._count += 1
            try:
                self._apply(event)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError(
                    "This line of the inbox cannot be read.", where=f"{self.log.name}:{self._count}"
                ) from error

    def _apply(self, event: Event) -> None:
        if event["event"] == "document":
            if event["sha256"] not in self._documents:
                self._documents[event["sha256"]] = event
                self._origins.place(Prints.from_record(event["prints"]))
            return
        name = str(event["proposal"])
        if event["event"] == "propose":
            self._waiting.setdefault(name, proposed(event))
            return
        self._waiting[name] = after_event(self._waiting[name], event)

    def _append(self, make: Callable[[], list[Event]]) -> list[Event]:
        """Append what ``make`` gives for the state of now; made anew when others were faster."""
        for _ in range(TURNS):
            self.refresh()
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            events = [{"at": moment, **event} for event in make()]
            if not events:
                return []
            try:
                self._at = self.log.append(events, self._at)
            except StoreMovedError:
                continue
            for event in events:
                self._count += 1
                self._apply(event)
            return events
        raise StoreBusyError(
            f"Others are writing to {self.log.name} all the time.", next_step="Try again later."
        )

    def note(self, name: str, make: Callable[[Waiting], Event]) -> Waiting:
        """Append one event about a proposal, made from its state of now; UsageError from it."""
        found = self._append(
            lambda: [{"proposal": (waiting := self.find(name)).id, **make(waiting)}]
        )
        return self._waiting[found[0]["proposal"]]

    # -- in ---------------------------------------------------------------------------------

    def add(
        self, reading: Reading, known: Callable[[Waiting], str | None] | None = None
    ) -> list[Waiting]:
        """Take in a document's proposals; those that wait already are left as they are.

        ``known`` gives the entry that says the same as a proposal already, if there is one.
        """
        prints = prints_of(reading)
        events = self._append(lambda: self._arrivals(reading, prints, known))
        return [self._waiting[each["proposal"]] for each in events if each["event"] == "propose"]

    def _arrivals(
        self, reading: Reading, prints: Prints, known: Callable[[Waiting], str | None] | None
    ) -> list[Event]:
        read = reading.document
        outlet = read.outlet or read.reported_by
        document = {"sha256": read.sha256, "published": read.published, "outlet": outlet}
        events: list[Event] = []
        if read.sha256 not in self._documents:
            place = self._origins.origin_of(prints)
            first = list(self._documents.values())[place] if place is not None else None
            origin = first["origin"] if first else read.reported_by or read.outlet
            echo_of = (first["echo_of"] or first["sha256"]) if first else None
            known_as = {"origin": origin, "echo_of": echo_of}
            events.append(
                {"event": "document", **document, **known_as, "prints": prints.as_record()}
            )
        else:
            known_as = {key: self._documents[read.sha256][key] for key in ("origin", "echo_of")}
        arrived: dict[str, Waiting] = {}
        for each in reading.proposals:
            name = f"{read.sha256[:8]}-{each.id}"
            if name in self._waiting:
                continue
            event = _arrival(each, name, reading, {**document, **known_as})
            waiting = proposed(event)
            twin = f"{read.sha256[:8]}-{each.duplicate_of}" if each.duplicate_of else None
            twin = twin or self._twin(waiting, arrived) or (known(waiting) if known else None)
            event["duplicate_of"] = twin
            arrived[name] = waiting
            events.append(event)
        return events

    def _twin(self, new: Waiting, arrived: Mapping[str, Waiting]) -> str | None:
        """Find the first waiting proposal that says the same in figures, or in an echo at all."""
        figures, words, deed = _figures(new.fields), _words(new), deed_of(new.kind)
        for other in (*self._waiting.values(), *arrived.values()):
            same = (
                any(figures[1:])
                and deed_of(other.kind) == deed
                and _figures(other.fields) == figures
            )
            echo = _origin(other) == _origin(new) and other.document != new.document
            if same or (echo and _words(other) == words):
                return other.duplicate_of if other.duplicate_of in self._waiting else other.id
        return None

    # -- looking ----------------------------------------------------------------------------

    def duplicates(self, name: str) -> list[Waiting]:
        """Give the open proposals that repeat one."""
        chosen = self.find(name).id
        return [
            each
            for each in self._waiting.values()
            if each.duplicate_of == chosen and each.state == "open"
        ]

    def list(self, state: str = "open") -> list[Waiting]:
        """Give the proposals of a state ("all" for every one), in the order of arrival.

        A duplicate follows the proposal that it repeats.
        """
        if state not in (*STATES, "all"):
            raise UsageError(f"There is no state {state!r}.", next_step="open, confirmed, …, all.")
        place = {name: number for number, name in enumerate(self._waiting)}
        found = [each for each in self._waiting.values() if state in ("all", each.state)]
        return sorted(found, key=lambda each: (place.get(each.duplicate_of or "", place[each.id]),
                                               place[each.id]))  # fmt: skip

    def find(self, name: str) -> Waiting:
        """Give one proposal by its id or the beginning of it."""
        found = [each for each in self._waiting.values() if each.id.startswith(name)]
        exact = [each for each in found if each.id == name] or found
        if len(exact) != 1:
            many = "several proposals begin" if exact else "no proposal begins"
            raise UsageError(f"{many} with {name!r}.", next_step="intendance inbox list")
        return exact[0]

    # -- deciding ---------------------------------------------------------------------------

    def edit(self, name: str, fields: Mapping[str, Any], person: str) -> Waiting:
        """Change fields of an open proposal; what no field can hold is refused."""

        def make(waiting: Waiting) -> Event:
            must_be_open(waiting)
            changes = checked(waiting.fields, fields)
            return {"event": "edit", "fields": changes, "person": person}

        return self.note(name, make)

    def confirm(self, name: str, entry: str, person: str, reason: str) -> Waiting:
        """Note that a person confirmed a proposal, and the entry that it became."""
        event = {"event": "confirm", "entry": entry, "person": person, "reason": reason}
        return self._decide(name, must_be_open, event)

    def reject(self, name: str, person: str, reason: str) -> Waiting:
        """Note that a person rejected a proposal, and why."""
        event = {"event": "reject", "person": person, "reason": reason}
        return self._decide(name, must_be_open, event)

    def undo(self, name: str, person: str, reason: str) -> Waiting:
        """Take a confirmation or a rejection back; the proposal is open again."""
        event = {"event": "undo", "person": person, "reason": reason}
        return self._decide(name, must_be_closed, event)

    def _decide(self, name: str, check: Callable[[Waiting], None], event: Event) -> Waiting:
        def make(waiting: Waiting) -> Event:
            check(waiting)
            return event

        return self.note(name, make)


def must_be_open(waiting: Waiting) -> None:
    """UsageError for one that is decided, or half decided."""
    _must_be_at_rest(waiting)
    if waiting.state != "open":
        raise UsageError(f"{waiting.id} is {waiting.state} already.", next_step="Undo that first.")


def must_be_closed(waiting: Waiting) -> None:
    """UsageError for an open proposal, or one half decided."""
    _must_be_at_rest(waiting)
    if waiting.state == "open":
        raise UsageError(f"{waiting.id} is open: there is nothing to undo.")


def _must_be_at_rest(waiting: Waiting) -> None:
    if waiting.begun:
        act, person = waiting.begun["act"], waiting.begun.get("person", "")
        raise UsageError(
            f"{person} began to {act} {waiting.id}; that has not come to its end.",
            next_step=f"Finish it: intendance inbox {act} {waiting.id}",
        )


def _arrival(
    each: Proposal, name: str, reading: Reading, document: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "event": "propose",
        "proposal": name,
        "kind": each.kind,
        "fields": each.fields,
        "sentence": sentence_of(reading.document.text, each.spans),
        "spans": [list(span) for span in each.spans],
        "document": dict(document),
        "confidence": each.confidence,
    }


def _origin(waiting: Waiting) -> str:
    return str(waiting.document.get("echo_of") or waiting.document.get("sha256"))


def _figures(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Give who gives how much of what, in words that do not depend on the language."""
    names = ("quantity_low", "quantity_high", "amount_low", "low", "currency")
    thing = find_item(str(fields.get("item_text", "")))
    code = thing.capability if thing else str(fields.get("item", ""))
    figures = tuple(str(fields.get(name) or "") for name in names)
    has_figure = any(figures[:4])
    return (
        party_of(str(fields.get("donor") or "")),
        *(figures if has_figure else ()),
        *((code,) if has_figure and figures[0] + figures[1] else ()),
    )


def _words(waiting: Waiting) -> tuple[Any, ...]:
    """Give all that an echo repeats: kind, donor, figures, things and causes."""
    lists = (sorted(map(str, waiting.fields.get(name, ()))) for name in ("items", "causes"))
    return (waiting.kind, _figures(waiting.fields), *map(tuple, lists))


_ENDS: Final = re.compile(r"[.!?…][»”\"’']*\s")


def sentence_of(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Give the whole sentence around a proposal's spans, within its paragraph."""
    found = list(spans)
    start = min((each[0] for each in found), default=0)
    end = max((each[1] for each in found), default=0)
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = last if last >= 0 else len(text)
    before = [each.end() for each in _ENDS.finditer(text, first, start)]
    after = _ENDS.search(text, end, last)
    return text[before[-1] if before else first : after.end() if after else last].strip()
