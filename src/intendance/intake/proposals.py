"""Proposals: what a person may confirm into the ledger. Nothing here posts anything."""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, Final

from intendance.intake.pack import load
from intendance.intake.reading import AidEvent, Amount, Proposal, QuantityMention, Reading
from intendance.intake.taken_up import speaks_for

_KINDS: Final = {
    "need": "need", "request": "need", "pledge": "pledge", "commit": "commitment",
    "allocate": "allocation", "ship": "delivery", "deliver": "delivery", "field": "delivery",
    "hesitate": "caveat", "refuse": "caveat", "consider": "caveat",
}  # fmt: skip
_AHEAD: Final = frozenset({"pledge", "commit", "allocate"})
_NEAR: Final = 250  # characters from what is promised to its day
_APART: Final = re.compile(r"[.!?;:]\s|\n")
_BY: Final = re.compile(
    r"\b(?:by|before|until|till|avant|au plus tard(?: en| le)?|d['\u2019]ici(?: à| au)?|"
    r"jusqu['\u2019](?:à|au|en))"
    r"\s+(?:(?:the|la|le|early|late|end of|fin(?: de| du)?|mois de)\s+|l['\u2019]|mid-|mi-)*$",
    re.IGNORECASE,
)
_END: Final = re.compile(r"\b(?:end|fin|late)\b")
_MIDDLE: Final = re.compile(r"\b(?:mid|mi|middle)\b")
_WITHOUT_FIGURE: Final = frozenset({"need", "caveat"})
# How sure a proposal of a kind is before its own fields are looked at (docs: reliability table).
_BASE: Final = {
    "need": 0.65, "pledge": 0.7, "commitment": 0.7, "allocation": 0.7, "delivery": 0.65,
    "caveat": 0.6,
}  # fmt: skip


def propose(reading: Reading) -> tuple[Proposal, ...]:
    """Give the proposals of a reading: one an aid event that tells enough, one a quoted total.

    A list gives one each ("40 blindés et 25 chars"). A delivery, pledge or allocation needs an
    item, a quantity or an amount; a need and a caveat need an item, a cause or somebody who has
    it. Repetitions name the first in ``duplicate_of``.
    """
    from intendance.intake.claims import claims_of

    claims = claims_of(reading)
    claimed = {each.amount for each in claims}
    quantities = {each.id: each for each in reading.quantities}
    amounts = {each.id: each for each in reading.amounts}
    offices = _offices(reading)
    found: list[Proposal] = []
    seen: dict[tuple[str, ...], str] = {}
    for event in reading.aid:
        kind = _KINDS.get(event.status)
        if kind is None or event.amount in claimed:
            continue
        quantity = quantities.get(event.quantity or "")
        amount = amounts.get(event.amount or "")
        if kind == "caveat" and event.status == "consider" and not event.causes:
            continue
        tells = event.items or quantity or amount
        if not tells and not (kind in _WITHOUT_FIGURE and (event.causes or event.donor)):
            continue
        others = [quantities[each] for each in event.more]
        own = [each for each in event.items if not any(each in other.text for other in others)]
        own = _of_the_whole(own, event, amount, reading)
        fields = _fields(event, quantity, amount, reading, own, offices)
        spans = tuple(
            (each.start, each.end) for each in (event, quantity, amount) if each is not None
        )
        _append(found, seen, kind, fields, spans, _confidence(kind, event, quantity, amount))
        for other in others:
            # A sum is the whole list's: it stays with the first, so that it counts once.
            own = [each for each in event.items if each in other.text]
            fields = _fields(event, other, None, reading, own, offices)
            spans = ((event.start, event.end), (other.start, other.end))
            _append(found, seen, kind, fields, spans, _confidence(kind, event, other, None))
    for claim in claims:
        fields = {key: value for key, value in claim.as_record().items() if value is not None}
        _append(found, seen, "claim", fields, ((claim.start, claim.end),), 0.85)
    return tuple(found)


def _of_the_whole(
    named: list[str], event: AidEvent, amount: Amount | None, reading: Reading
) -> list[str]:
    """Leave out what only a part is for: "1.7 billion crowns, of which 400 million for drones"."""
    parts = [] if amount is None else [e.start for e in reading.amounts if e.part_of == amount.id]
    if not parts:
        return named
    text, first = reading.document.text, min(parts)
    return [each for each in named if not text.find(each, event.end) > first]


def _due(event: AidEvent, reading: Reading) -> str | None:
    """Give the last day by which a donor will have given: "by the end of May", "d'ici à juin"."""
    text = reading.document.text
    if event.status not in _AHEAD:
        return None
    at = bisect_left(reading.aid, event.end, key=lambda each: each.start)
    following = reading.aid[at].start if at < len(reading.aid) else len(text)
    at = bisect_left(reading.dates, event.end, key=lambda each: each.start)
    for each in reading.dates[at : at + 3]:
        between = text[event.end : each.start]
        if each.start > event.end + _NEAR or _APART.search(between):
            break
        if each.start > following:
            break
        if each.value and (led := _BY.search(between)):
            return _by(each.value, f"{led.group()}{each.text}".casefold())
    return None


def _by(value: str, words: str) -> str:
    """Give the last day that the words leave for a date's value.

    >>> _by("2025-02", "by february"), _by("2025-02", "avant février")
    ('2025-02-28', '2025-01-31')
    >>> _by("2025-02", "before mid-february"), _by("2025-02", "before the end of february")
    ('2025-02-15', '2025-02-28')
    """
    if _MIDDLE.search(words) and len(value) == len("2025-02"):
        return f"{value}-15"
    if not words.startswith(("before", "avant")) or _END.search(words):
        return last_day(value)
    return (_first_day(value) - timedelta(days=1)).isoformat()


def _first_day(value: str) -> date:
    """Give the first day of a date's value."""
    value = value.partition("/")[0]
    if "W" in value:
        year, _, week = value.partition("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    return date.fromisoformat(value + "-01" * ((10 - len(value)) // 3))


def last_day(value: str) -> str:
    """Give the last day of a date's value.

    >>> last_day("2024-07-18"), last_day("2024-W29"), last_day("2024-02"), last_day("2024")
    ('2024-07-18', '2024-07-21', '2024-02-29', '2024-12-31')
    """
    value = value.rpartition("/")[2]
    if "W" in value:
        year, _, week = value.partition("-W")
        return date.fromisocalendar(int(year), int(week), 7).isoformat()
    if len(value) == 4:
        return f"{value}-12-31"
    if len(value) == 7:
        return f"{value}-{monthrange(int(value[:4]), int(value[5:]))[1]}"
    return value


def _fields(
    event: AidEvent, quantity: QuantityMention | None, amount: Amount | None, reading: Reading,
    named: list[str], offices: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    language = reading.document.language
    fields: dict[str, Any] = {
        "status": event.status,
        "donor": _party(event.donor, offices, language),
        "recipient": _party(event.recipient, offices, language),
        "items": named,
        "causes": list(event.causes),
        "event": event.id,
        "statement": event.statement,
        "said_on": reading.document.published,
        "due": _due(event, reading),
    }
    if quantity is not None:
        fields |= {
            "item": quantity.item, "item_text": quantity.item_text, "unit": quantity.unit,
            "quantity_low": quantity.low, "quantity_high": quantity.high,
            "quantity_approximate": quantity.approximate,
        }  # fmt: skip
    if amount is not None:
        fields |= {
            "amount_low": amount.low, "amount_high": amount.high, "currency": amount.currency,
            "amount_approximate": amount.approximate, "purpose": amount.purpose,
        }  # fmt: skip
    return {key: value for key, value in fields.items() if value is not None and value != []}


def _offices(reading: Reading) -> dict[str, str]:
    """Give the office of each person who speaks."""
    said = reading.statements
    return {e.speaker_name: e.speaker_role for e in said if e.speaker_name and e.speaker_role}


def _party(name: str | None, offices: dict[str, str], language: str) -> str | None:
    """Give the state that a minister speaks for: "« Nous livrerons … », a dit le ministre …"."""
    if name is None:
        return None
    pack = load(language)
    state = speaks_for(pack, offices[name]) if name in offices else None
    return state or speaks_for(pack, name) or name


def _confidence(
    kind: str, event: AidEvent, quantity: QuantityMention | None, amount: Amount | None
) -> float:
    score = _BASE[kind]
    score += 0.1 if quantity is not None or amount is not None else 0.0
    score += 0.1 if event.donor else 0.0
    score += 0.05 if event.causes or event.recipient else 0.0
    return round(min(score, 0.95), 2)


def _key(kind: str, fields: dict[str, Any]) -> tuple[str, ...]:
    """Give what makes two proposals the same: kind, donor, thing and figures."""
    names = ("donor", "item", "quantity_low", "quantity_high", "amount_low", "amount_high",
             "currency", "low", "high")  # fmt: skip
    values = [str(fields.get(name, "")).lower() for name in names]
    if not any(values[1:]):
        values.append(" ".join(sorted(str(each).lower() for each in fields.get("items", ()))))
        values.append(" ".join(fields.get("causes", ())))
    return (kind, *values)


def _append(
    found: list[Proposal], seen: dict[tuple[str, ...], str], kind: str, fields: dict[str, Any],
    spans: tuple[tuple[int, int], ...], confidence: float,
) -> None:  # fmt: skip
    name = f"p{len(found) + 1}"
    key = _key(kind, fields)
    earlier = seen.get(key)
    if earlier is None:
        seen[key] = name
    found.append(Proposal(name, kind, fields, spans, confidence, earlier))  # type: ignore[arg-type]
