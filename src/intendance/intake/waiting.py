"""One proposal that waits for a person: its state is the replay of what was done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

State = Literal["open", "confirmed", "rejected"]
STATES: Final = ("open", "confirmed", "rejected")

_PROMISES: Final = frozenset({"pledge", "commitment", "allocation"})


def deed_of(kind: str) -> str:
    """Give what a kind says was done: a promise may be told as any of its stages.

    What was promised and later delivered or refused is not said twice.

    >>> deed_of("commitment"), deed_of("delivery")
    ('promise', 'delivery')
    """
    return "promise" if kind in _PROMISES else kind


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal with its document, its state and its story.

    ``begun`` is a confirmation or an undoing whose entry may have reached the ledger but whose
    end is not noted yet: a run that was killed in between leaves it, the next one finishes it.
    """

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
    begun: Mapping[str, Any] | None = None
    spans: tuple[tuple[int, int], ...] = ()
    story: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def as_record(self) -> dict[str, Any]:
        """Give the proposal as a JSON object."""
        return {
            "id": self.id,
            "kind": self.kind,
            "fields": dict(self.fields),
            "sentence": self.sentence,
            "spans": [list(each) for each in self.spans],
            "document": dict(self.document),
            "confidence": self.confidence,
            "duplicate_of": self.duplicate_of,
            "state": self.state,
            "begun": self.begun["act"] if self.begun else None,
            "person": self.person,
            "reason": self.reason,
            "entry": self.entry,
            "story": [dict(each) for each in self.story],
        }


def proposed(event: Mapping[str, Any]) -> Waiting:
    """Give the proposal that an event of the kind "propose" brings."""
    return Waiting(
        str(event["proposal"]),
        event["kind"],
        event["fields"],
        event["sentence"],
        event["document"],
        float(event["confidence"]),
        event.get("duplicate_of"),
        spans=tuple((int(start), int(end)) for start, end in event.get("spans", ())),
        story=(event,),
    )


def after_event(before: Waiting, event: Mapping[str, Any]) -> Waiting:
    """Give the proposal after an event; ValueError for one that there is not."""
    after = replace(before, story=(*before.story, event))
    who = {"person": event.get("person", ""), "reason": event.get("reason", "")}
    name = event["event"]
    if name == "edit":
        return replace(after, fields={**before.fields, **event["fields"]})
    if name == "begin":
        return replace(after, begun=event)
    if name == "abandon":
        return replace(after, begun=None)
    if name == "confirm":
        return replace(after, state="confirmed", entry=event["entry"], begun=None, **who)
    if name == "reject":
        return replace(after, state="rejected", **who)
    if name == "undo":
        return replace(after, state="open", entry="", person="", reason="", begun=None)
    raise ValueError(name)
