"""The nouns of press reading: what one document says, each with its span and its rule.

Offsets are Unicode code points into ``Document.text``, half-open: ``text[start:end]`` is always
the surface that is stored. Numbers are decimal strings; an unknown is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

Act = Literal["declare", "request", "pledge", "deny", "hesitate"]
StatementType = Literal["direct", "indirect", "mixed"]
Granularity = Literal["day", "week", "month", "year", "interval"]
STATUSES = (
    "need", "request", "consider", "pledge", "commit", "allocate", "ship", "deliver", "field",
    "train", "coordinate", "priority", "refuse", "hesitate", "dispute",
)  # fmt: skip
CAUSES = ("stock", "escalation", "logistics", "legal", "finance", "training", "politics")


@dataclass(frozen=True, slots=True)
class Document:
    """The text that was read, with its digest and what is known about where it comes from."""

    text: str
    sha256: str
    language: str
    published: str | None = None
    outlet: str | None = None
    reported_by: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what. ``parts`` is filled for an interrupted statement only."""

    id: str
    type: StatementType
    start: int
    end: int
    content: str
    speaker: str | None
    speaker_name: str | None
    speaker_role: str | None
    cue: str | None
    act: Act
    date: str | None
    place: str | None
    confidence: float
    rule: str
    parts: tuple[tuple[int, int], ...] = ()
    speaker_span: tuple[int, int] | None = None
    cue_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as an interval in the currency that is printed (or inherited from a neighbour)."""

    id: str
    start: int
    end: int
    text: str
    low: str | None
    high: str | None
    approximate: bool
    currency: str | None
    part_of: str | None
    statement: str | None
    purpose: str | None
    since: str | None
    until: str | None
    rule: str
    currency_inherited: bool = False


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A counted thing as an interval: ``item`` is the catalogue's name or the noun itself."""

    id: str
    start: int
    end: int
    text: str
    low: str | None
    high: str | None
    approximate: bool
    item: str | None
    item_text: str
    unit: str | None
    statement: str | None
    rule: str
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date with its granularity; ``value`` is None when it is relative to an unknown day."""

    id: str
    start: int
    end: int
    text: str
    value: str | None
    granularity: Granularity
    rule: str


@dataclass(frozen=True, slots=True)
class AidEvent:
    """Somebody asks for, promises, gives, refuses or hesitates to give something."""

    id: str
    start: int
    end: int
    trigger: str
    status: str
    donor: str | None
    recipient: str | None
    items: tuple[str, ...]
    quantity: str | None
    amount: str | None
    causes: tuple[str, ...]
    statement: str | None
    rule: str
    cause_spans: tuple[tuple[int, int], ...] = ()
    more: tuple[str, ...] = ()  # the other goods of a list: "40 blindés, 25 chars et 20 000 obus"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person may confirm into the ledger; nothing is posted by reading."""

    id: str
    kind: Literal["need", "pledge", "commitment", "allocation", "delivery", "caveat", "claim"]
    fields: dict[str, Any]
    spans: tuple[tuple[int, int], ...]
    confidence: float
    duplicate_of: str | None = None


def figure_in_short(low: str | None, high: str | None, *, approximate: bool = False) -> str:
    """Give an interval as a person reads it: what is about, at least or at most stays so.

    >>> figure_in_short("300", "300", approximate=True), figure_in_short("400", None)
    ('≈ 300', '≥ 400')
    >>> figure_in_short(None, "5"), figure_in_short("2", "3"), figure_in_short("14", "14")
    ('≤ 5', '2–3', '14')
    """
    if low is None and high is None:
        return "?"
    sign = "≈ " if approximate else ""
    if low is None or high is None:
        return f"{sign}{'≤' if low is None else '≥'} {high if low is None else low}"
    return sign + (low if low == high else f"{low}–{high}")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _record(thing: Any) -> dict[str, Any]:
    record = {each.name: _plain(getattr(thing, each.name)) for each in fields(thing)}
    if isinstance(thing, Statement) and not thing.parts:
        del record["parts"]
    return record


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one document says. ``as_record`` gives the JSON object of the contract."""

    document: Document
    statements: tuple[Statement, ...]
    amounts: tuple[Amount, ...]
    quantities: tuple[QuantityMention, ...]
    dates: tuple[DateMention, ...]
    aid: tuple[AidEvent, ...]
    proposals: tuple[Proposal, ...]

    def as_record(self) -> dict[str, Any]:
        """Give the reading as one JSON object."""
        lists = ("statements", "amounts", "quantities", "dates", "aid", "proposals")
        return {
            "document": _record(self.document),
            **{name: [_record(each) for each in getattr(self, name)] for name in lists},
        }
