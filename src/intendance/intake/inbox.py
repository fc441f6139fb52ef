"""The inbox: proposals that wait for a person, as a log of what was done with each.

The file is append-only JSON lines (propose, edit, confirm, reject, undo); the state of every
proposal is the replay of its events, so nothing that a person did is ever lost.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from intendance.errors import InputError, UsageError
from intendance.intake.naming import party_of
from intendance.intake.reading import Reading
from intendance.model.catalogue import find_item

State = Literal["open", "confirmed", "rejected"]
STATES: Final = ("open", "confirmed", "rejected")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal with its document, its state and its story."""

    id: str
    kind: str
    fields: Mapping[str, Any]
    sentence: str
    document: Mapping[str, Any]
    confidence: float
    duplicate_of: str | None = None
    state: State = "open"
    person: str = ""
    reason: str = ""
    entry: str = ""
    story: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def as_record(self) -> dict[str, Any]:
        """Give the proposal as a JSON object."""
        return {
            "id": self.id,
            "kind": self.kind,
            "fields": dict(self.fields),
            "sentence": self.sentence,
            "document": dict(self.document),
            "confidence": self.confidence,
            "duplicate_of": self.duplicate_of,
            "state": self.state,
            "person": self.person,
            "reason": self.reason,
            "entry": self.entry,
            "story": [dict(each) for each in self.story],
        }


class Inbox:
    """A file of proposals and of what people did with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events: list[dict[str, Any]] = []
        self._waiting: dict[str, Waiting] = {}
        if path.exists():
            self._replay()

    def _replay(self) -> None:
        try:
            text = self.path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path} is not an inbox.", next_step="Name another.") from error
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                event = json.loads(line)
                self._apply(event)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError(
                    "This line of the inbox cannot be read.", where=f"{self.path.name}:{number}"
                ) from error

    def _apply(self, event: dict[str, Any]) -> None:
        name = str(event["proposal"])
        if event["event"] == "propose":
            if name not in self._waiting:
                self._waiting[name] = Waiting(
                    name,
                    event["kind"],
                    event["fields"],
                    event["sentence"],
                    event["document"],
                    float(event["confidence"]),
                    event.get("duplicate_of"),
                    story=(event,),
                )
            return
        before = self._waiting[name]
        after = replace(before, story=(*before.story, event))
        who = {"person": event.get("person", ""), "reason": event.get("reason", "")}
        if event["event"] == "edit":
            after = replace(after, fields={**before.fields, **event["fields"]})
        elif event["event"] == "confirm":
            after = replace(after, state="confirmed", entry=event["entry"], **who)
        elif event["event"] == "reject":
            after = replace(after, state="rejected", **who)
        elif event["event"] == "undo":
            after = replace(after, state="open", entry="", person="", reason="")
        else:
            raise ValueError(event["event"])
        self._waiting[name] = after

    def _log(self, event: dict[str, Any]) -> None:
        """Apply an event and append its line; the line is on the disk before we go on."""
        event = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **event}
        self._apply(event)
        line = json.dumps(event, ensure_ascii=False, sort_keys=True) + "\n"
        try:
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be written.", next_step="Check the folder and its rights."
            ) from error

    def add(self, reading: Reading) -> list[Waiting]:
        """Take in a document's proposals; those that wait already are left as they are."""
        document = {
            "sha256": reading.document.sha256,
            "published": reading.document.published,
            "outlet": reading.document.outlet or reading.document.reported_by,
        }
        short = reading.document.sha256[:8]
        added = []
        for each in reading.proposals:
            name = f"{short}-{each.id}"
            if name in self._waiting:
                continue
            twin = f"{short}-{each.duplicate_of}" if each.duplicate_of else self._twin(each.fields)
            self._log(
                {
                    "event": "propose",
                    "proposal": name,
                    "kind": each.kind,
                    "fields": each.fields,
                    "sentence": _sentence(reading.document.text, each.spans),
                    "document": document,
                    "confidence": each.confidence,
                    "duplicate_of": twin,
                }
            )
            added.append(self._waiting[name])
        return added

    def _twin(self, fields: Mapping[str, Any]) -> str | None:
        """Find a waiting proposal of another document that says the same in figures."""
        wanted = _figures(fields)
        if not any(wanted[1:]):
            return None
        for other in self._waiting.values():
            if _figures(other.fields) == wanted:
                return other.id
        return None

    def list(self, state: str = "open") -> list[Waiting]:
        """Give the proposals of a state ("all" for every one), in the order of arrival."""
        if state not in (*STATES, "all"):
            raise UsageError(f"There is no state {state!r}.", next_step="open, confirmed, …, all.")
        return [each for each in self._waiting.values() if state in ("all", each.state)]

    def find(self, name: str) -> Waiting:
        """Give one proposal by its id or the beginning of it."""
        found = [each for each in self._waiting.values() if each.id.startswith(name)]
        exact = [each for each in found if each.id == name] or found
        if len(exact) != 1:
            many = "several proposals begin" if exact else "no proposal begins"
            raise UsageError(f"{many} with {name!r}.", next_step="intendance inbox list")
        return exact[0]

    def edit(self, name: str, fields: Mapping[str, Any], person: str) -> Waiting:
        """Change fields of an open proposal."""
        waiting = self._open(name)
        self._log(
            {"event": "edit", "proposal": waiting.id, "fields": dict(fields), "person": person}
        )
        return self._waiting[waiting.id]

    def confirm(self, name: str, entry: str, person: str, reason: str) -> Waiting:
        """Note that a person confirmed a proposal, and the entry that it became."""
        waiting = self._open(name)
        self._log(
            {
                "event": "confirm",
                "proposal": waiting.id,
                "entry": entry,
                "person": person,
                "reason": reason,
            }
        )
        return self._waiting[waiting.id]

    def reject(self, name: str, person: str, reason: str) -> Waiting:
        """Note that a person rejected a proposal, and why."""
        waiting = self._open(name)
        self._log({"event": "reject", "proposal": waiting.id, "person": person, "reason": reason})
        return self._waiting[waiting.id]

    def undo(self, name: str, person: str, reason: str) -> Waiting:
        """Take a confirmation or a rejection back; the proposal is open again."""
        waiting = self.find(name)
        if waiting.state == "open":
            raise UsageError(f"{waiting.id} is open: there is nothing to undo.")
        self._log({"event": "undo", "proposal": waiting.id, "person": person, "reason": reason})
        return self._waiting[waiting.id]

    def _open(self, name: str) -> Waiting:
        waiting = self.find(name)
        if waiting.state != "open":
            raise UsageError(
                f"{waiting.id} is {waiting.state} already.", next_step="Undo that first."
            )
        return waiting


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


_ENDS: Final = re.compile(r"[.!?…][»”\"’']*\s")


def _sentence(text: str, spans: Iterable[tuple[int, int]]) -> str:
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
