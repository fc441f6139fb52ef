"""The entry: one sourced line of the record, never edited, only replaced by a later one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, make_dataclass, replace
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring as _string
from operator import attrgetter
from typing import Any, Final, Literal, get_args

from intendance.model.interval import Interval, plain
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


def _open_twin(kind: type) -> type:
    """Make a class of the same members that can still be filled.

    A frozen class sets each member through a call; an import makes tens of thousands of entries.
    A value is filled as the twin and becomes of the frozen class, once, before anybody sees it.
    """
    members = [
        (each.name, Any, field() if each.default is MISSING else field(default=each.default))
        for each in fields(kind)
    ]
    return make_dataclass(f"_Open{kind.__name__}", members, slots=True, eq=False)


_OPEN_ENTRY: Final[Any] = _open_twin(Entry)
_OPEN_SOURCE: Final[Any] = _open_twin(Source)
_ALL: Final = attrgetter(*(each.name for each in fields(Entry)))


def new_entry(**members: Any) -> Entry:
    """Give ``Entry(**members)``, three times as quickly."""
    made: Any = _OPEN_ENTRY(**members)
    made.__class__ = Entry
    return made  # type: ignore[no-any-return]


def new_source(origin: str, document: str, row: int, url: str, also: tuple[str, ...]) -> Source:
    """Give the ``Source`` of a row, twice as quickly."""
    made: Any = _OPEN_SOURCE(origin, document, row, url, "", also)
    made.__class__ = Source
    return made  # type: ignore[no-any-return]


def changed_entry(entry: Entry, **members: Any) -> Entry:
    """Give ``dataclasses.replace(entry, **members)``, four times as quickly."""
    made: Any = _OPEN_ENTRY(*_ALL(entry))
    for name, value in members.items():
        setattr(made, name, value)
    made.__class__ = Entry
    return made  # type: ignore[no-any-return]


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


def _bounds(amount: Interval) -> tuple[str, str, str]:
    """Write best, high and low as the beginnings of JSON members; nothing for unknown ones."""
    best = amount.best
    if best is not None and best is amount.low and best is amount.high:  # exact, as most are
        text = plain(best)
        return f'"best":"{text}",', f'"high":"{text}",', f'"low":"{text}",'
    named = (("best", best), ("high", amount.high), ("low", amount.low))
    first, second, third = (
        "" if bound is None else f'"{name}":"{plain(bound)}",' for name, bound in named
    )
    return first, second, third


def _money_text(money: Money) -> str:
    best, high, low = _bounds(money.amount)
    currency, said = _string(money.currency), money.amount.qualifier
    return f'{{{best}"currency":{currency},{high}{low}"qualifier":"{said}"}}'


def _quantity_text(quantity: Quantity) -> str:
    best, high, low = _bounds(quantity.amount)
    said, unit = quantity.amount.qualifier, _string(quantity.unit)
    return f'{{{best}{high}{low}"qualifier":"{said}","unit":{unit}}}'


def _valuation_text(valuation: Valuation) -> str:
    best, high, low = _bounds(valuation.amount)
    on = f'"on":"{valuation.on.isoformat()}",' if valuation.on else ""
    source = f',"source":{_string(valuation.source)}' if valuation.source else ""
    return (
        f'{{{best}"currency":{_string(valuation.currency)},{high}{low}'
        f'"method":{_string(valuation.method)},{on}"qualifier":"{valuation.amount.qualifier}"'
        f"{source}}}"
    )


def _source_text(source: Source) -> str:
    also = f'"also":{_plain_text(list(source.also))},' if source.also else ""
    row = f'"row":{source.row},' if source.row is not None else ""
    sentence = f'"sentence":{_string(source.sentence)},' if source.sentence else ""
    url = f'"url":{_string(source.url)},' if source.url else ""
    text = f"{also}{_paper_text(source.document, source.origin)}{row}{sentence}{url}"
    return f"{{{text[:-1]}}}"


@lru_cache(4096)
def _paper_text(document: str, origin: str) -> str:
    first = f'"document":{_string(document)},' if document else ""
    return f'{first}"origin":{_string(origin)},' if origin else first


@lru_cache(4096)
def _day_text(day: date) -> str:
    return f'"{day.isoformat()}"'


@lru_cache(4096)
def _period_text(period: Period) -> str:
    return f'"{period}"'


def _plain_text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _links_text(links: tuple[Link, ...]) -> str:
    return _plain_text([{"kind": each.kind, "line": each.line} for each in links])


def _pairs_text(pairs: tuple[tuple[str, str], ...]) -> str:
    return _plain_text(dict(pairs))


def _valuations_text(found: tuple[Valuation, ...]) -> str:
    return f"[{','.join(map(_valuation_text, found))}]"


_SPECIAL: Final[dict[str, Callable[[Any], str]]] = {
    **dict.fromkeys(("recorded_on", "decided_on", "reported_on"), _day_text),
    "valid": _period_text,
    "money": _money_text,
    "quantity": _quantity_text,
    "source": _source_text,
    "valuations": _valuations_text,
    "links": _links_text,
    "roles": _pairs_text,
    "terms": _pairs_text,
}


def _kept(*names: str) -> Callable[[Entry], str]:
    """Give what writes some members, each with a comma behind it, and keeps what it wrote.

    For members whose values come again and again in the entries of one file.
    """
    writers = tuple((f'"{name}":', _SPECIAL.get(name, _string)) for name in names)

    @lru_cache(4096)
    def text_of(values: tuple[Any, ...]) -> str:
        pairs = zip(writers, values, strict=True)
        return "".join(f"{head}{write(value)}," for (head, write), value in pairs if value)

    values_of = attrgetter(*names)
    return lambda entry: text_of(values_of(entry))


# In the order of their names; between them stand those that differ from entry to entry.
_KEPT: Final = (
    _kept("by", "capability", "category"),
    _kept("decided_on", "donor", "instrument", "item", "item_text", "kind"),
    _kept("links", "marking"),
    _kept("part", "place"),
    _kept("reason", "recipient", "recorded_on"),
    _kept("reported_on", "rival", "roles"),
    _kept("stage", "terms", "topic", "valid"),
)


def body_text(entry: Entry) -> str:
    """Give the text of ``canonical(body_of(entry))``, several times as quickly.

    An import writes every entry once; a property test holds that both ways give the same bytes.
    """
    first, second, links, place, told, rival, stage = _KEPT
    parts = [first(entry)]
    if entry.client_id:
        parts.append(f'"client_id":{_string(entry.client_id)},')
    parts.append(second(entry))
    if entry.line:
        parts.append(f'"line":{_string(entry.line)},')
    parts.append(links(entry))
    if entry.money:
        parts.append(f'"money":{_money_text(entry.money)},')
    parts.append(place(entry))
    if entry.quantity:
        parts.append(f'"quantity":{_quantity_text(entry.quantity)},')
    parts.append(told(entry))
    if entry.replaces:
        parts.append(f'"replaces":{_string(entry.replaces)},')
    parts += (rival(entry), f'"source":{_source_text(entry.source)},', stage(entry))
    if entry.valuations:
        parts.append(f'"valuations":{_valuations_text(entry.valuations)},')
    return f"{{{''.join(parts)[:-1]}}}"


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
