"""The entry: one sourced line of the record, never edited, only replaced by a later one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Literal, get_args

from intendance.model.interval import Interval
from intendance.model.period import Period

Kind = Literal["post", "correct", "revalue", "reclassify", "withdraw", "merge", "move", "resolve"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
Topic = Literal["aid", "need", "stock", "caveat", "claim", "rates"]
TOPICS: Final[tuple[str, ...]] = get_args(Topic)
# Kinds after which a line's slot holds nothing any more.
CLOSING_KINDS: Final = ("withdraw", "merge", "move")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency in which it was said."""

    amount: Interval
    currency: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count in the item's own unit."""

    amount: Interval
    unit: str = "piece"


@dataclass(frozen=True, slots=True)
class Valuation:
    """A dated opinion of what a line is worth.

    ``method``: as reported, new price, replacement, net book value, estimate, or ``source``:
    the tracker's own conversion of the original amount.
    """

    method: str
    amount: Interval
    currency: str
    source: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line comes from; ten papers with one agency text are one ``origin``."""

    origin: str
    document: str = ""
    row: int | None = None
    url: str = ""
    sentence: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another line: out_of (a pooled fund), backfills, swaps, part_of, duplicate_of."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of one line at one stage.

    ``line`` names what the entry is about across its stages and corrections; ``part`` tells
    several events of one stage apart (two partial deliveries); ``rival`` tells contradicting
    sources apart until a person resolves them. (line, stage, part, rival) is the entry's slot:
    the latest recorded entry of a slot is what is known. ``valid`` is when it happened,
    ``recorded_on`` when we were told.
    """

    line: str
    stage: str
    recorded_on: date
    source: Source
    kind: Kind = "post"
    topic: Topic = "aid"
    part: str = ""
    rival: str = ""
    donor: str = ""
    recipient: str = ""
    category: str = ""
    capability: str = ""
    item: str = ""
    item_text: str = ""
    instrument: str = ""
    place: str = ""
    valid: Period | None = None
    decided_on: date | None = None
    reported_on: date | None = None
    quantity: Quantity | None = None
    money: Money | None = None
    valuations: tuple[Valuation, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    replaces: str = ""
    reason: str = ""
    by: str = ""
    marking: str = "public"
    client_id: str = ""
    id: str = field(default="", compare=False)

    @property
    def slot(self) -> tuple[str, str, str, str]:
        """Give the key under which later entries replace this one."""
        return (self.line, self.stage, self.part, self.rival)

    def term(self, name: str, default: str = "") -> str:
        """Give one of the entry's further terms (a need's priority, a caveat's date)."""
        return dict(self.terms).get(name, default)


_FIELDS: Final = tuple(each.name for each in fields(Entry) if each.name != "id")


def body_of(entry: Entry) -> dict[str, Any]:
    """Give the entry as a JSON object without what is empty and without its id."""
    record: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(entry, name)
        if value is None or value == "" or value == ():
            continue
        record[name] = value if type(value) is str else _plain_value(name, value)
    return record


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return {**value.amount.as_record(), "currency": value.currency}
    if isinstance(value, Quantity):
        return {**value.amount.as_record(), "unit": value.unit}
    if isinstance(value, Period):
        return str(value)
    if isinstance(value, Source):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        return {key: part for key, part in found.items() if part not in (None, "", ())}
    if name == "valuations":
        return [_valuation_record(each) for each in value]
    if name == "links":
        return [{"kind": each.kind, "line": each.line} for each in value]
    if name in ("roles", "terms"):
        return dict(value)
    return value


def _valuation_record(valuation: Valuation) -> dict[str, Any]:
    record: dict[str, Any] = {
        **valuation.amount.as_record(),
        "method": valuation.method,
        "currency": valuation.currency,
    }
    if valuation.source:
        record["source"] = valuation.source
    if valuation.on:
        record["on"] = valuation.on.isoformat()
    return record


def canonical(record: dict[str, Any]) -> bytes:
    """Give the bytes that are hashed: UTF-8 JSON, keys sorted, no blanks.

    Anyone can make them again with any language's JSON writer.

    >>> canonical({"b": "é", "a": 1}).decode()
    '{"a":1,"b":"é"}'
    """
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def identify(entry: Entry) -> Entry:
    """Give the entry its id: the client's own, else a digest of its canonical bytes.

    The same entry always has the same id, which is what makes a repeated import harmless.
    """
    if entry.id:
        return entry
    return replace(entry, id=entry.client_id or digest_id(canonical(body_of(entry))))


def digest_id(body: bytes) -> str:
    """Give the id that belongs to canonical bytes: 19 hexadecimal digits of their SHA-256."""
    return f"e{hashlib.sha256(body).hexdigest()[:19]}"


def entry_from(record: dict[str, Any], entry_id: str = "") -> Entry:
    """Read what ``body_of`` wrote."""
    values: dict[str, Any] = dict(record)
    for name in ("recorded_on", "decided_on", "reported_on"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    if "valid" in values:
        values["valid"] = Period.parse(values["valid"])
    if "money" in values:
        money = values["money"]
        values["money"] = Money(Interval.from_record(money), money["currency"])
    if "quantity" in values:
        quantity = values["quantity"]
        values["quantity"] = Quantity(Interval.from_record(quantity), quantity["unit"])
    source = dict(values["source"])
    values["source"] = Source(**{**source, "also": tuple(source.get("also", ()))})
    values["valuations"] = tuple(_valuation_from(each) for each in values.get("valuations", ()))
    values["links"] = tuple(Link(**each) for each in values.get("links", ()))
    for name in ("roles", "terms"):
        values[name] = tuple(sorted(values.get(name, {}).items()))
    return Entry(**values, id=entry_id)


def _valuation_from(record: dict[str, Any]) -> Valuation:
    on = record.get("on")
    return Valuation(
        record["method"],
        Interval.from_record(record),
        record["currency"],
        record.get("source", ""),
        date.fromisoformat(on) if on else None,
    )
