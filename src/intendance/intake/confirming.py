"""From a confirmed proposal to an entry: what a person vouches for, with the sentence."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from intendance.errors import InputError
from intendance.intake.naming import party_of
from intendance.intake.waiting import Waiting, deed_of
from intendance.ledger.ledger import Ledger
from intendance.ledger.valued import visible
from intendance.model.catalogue import capabilities, find_item, find_party, items
from intendance.model.entry import Entry, Money, Quantity, Source
from intendance.model.interval import Interval, Qualifier, decimal_of
from intendance.model.period import Period

_STAGE: Final = {
    "need": "need",
    "pledge": "pledge",
    "commitment": "commitment",
    "allocation": "allocation",
    "delivery": "delivery",
    "caveat": "pledge",
    "claim": "pledge",
}
_PROMISED: Final = ("pledge", "commitment", "allocation", "contract", "release")
_TOPIC: Final = {"need": "need", "caveat": "caveat", "claim": "claim"}


def _interval(fields: dict[str, Any], prefix: str) -> Interval | None:
    low, high = (decimal_of(str(fields.get(f"{prefix}{end}", ""))) for end in ("low", "high"))
    if low is None and high is None:
        return None
    if low is not None and high is not None and low != high:
        return Interval.between(low, high)
    qualifier: Qualifier = "exact"
    if low is None:
        qualifier = "at most"
    elif high is None:
        qualifier = "at least"
    elif fields.get(f"{prefix}approximate"):
        qualifier = "about"
    figure = low if low is not None else high
    assert figure is not None
    return Interval.of(figure.quantize(Decimal("0.01")), qualifier)


_MILITARY: Final = frozenset(
    ("armour", "artillery", "ammunition", "air-defence", "aviation", "maritime", "infantry")
)


def _category(capability: str) -> str:
    """Give the category that an item's domain belongs to, when the text names none."""
    known = capabilities().get(capability)
    if known is None:
        return ""
    if known.domain == "finance":
        return "financial"
    return "military" if known.domain in _MILITARY else "humanitarian"


def entry_of(waiting: Waiting, recorded_on: date, person: str, reason: str) -> Entry:
    """Make the entry that a confirmed proposal becomes; InputError when a field is off."""
    fields = dict(waiting.fields)
    published = str(waiting.document.get("published") or "")
    try:
        day = date.fromisoformat(str(fields.get("valid_on") or published))
    except ValueError:
        day = recorded_on
    said = (str(fields.get("item_text", "")), *map(str, fields.get("items", ())))
    named = next((thing for each in said if (thing := find_item(each))), None)
    item = items().get(str(fields.get("item", ""))) or named
    quantity = _interval(fields, "quantity_")
    amount = _interval(fields, "amount_" if waiting.kind != "claim" else "")
    currency = str(fields.get("currency") or "").upper()
    if amount is not None and not re.fullmatch("[A-Z]{3}", currency):
        raise InputError(
            f"{waiting.id}: the amount has no currency.",
            next_step=f"intendance inbox edit {waiting.id} currency=EUR",
        )
    if amount is None and waiting.kind in ("pledge", "commitment", "allocation", "delivery"):
        # Its worth is unknown, which is not zero: totals count it as undisclosed.
        amount, currency = Interval.undisclosed(), "EUR"
    recipient = party_of(str(fields.get("recipient", "")))
    capability = str(fields.get("capability") or (item.capability if item else ""))
    listed = ", ".join(str(each) for each in fields.get("items", ()))
    terms = {
        "causes": ";".join(str(each) for each in fields.get("causes", ())),
        "speaker": str(fields.get("speaker", "")),
        # Somebody who is no party in the catalogue is kept as the text calls them.
        "recipient_said": "" if find_party(recipient) else recipient,
        "due": str(fields.get("due", "")),
        "basis": "sourced" if waiting.kind == "need" else "",
    }
    outlet = str(waiting.document.get("outlet") or "press")
    # Nine papers with one agency text are one origin; who else printed it is kept beside.
    origin = str(waiting.document.get("origin") or outlet)
    return Entry(
        line=f"press:{waiting.id}",
        stage=_STAGE[waiting.kind],
        topic=_TOPIC.get(waiting.kind, "aid"),  # type: ignore[arg-type]
        recorded_on=recorded_on,
        valid=Period.on(day),
        reported_on=date.fromisoformat(published) if published else None,
        donor=party_of(str(fields.get("donor") or fields.get("donor_text") or "")),
        recipient=recipient if find_party(recipient) else "",
        category=str(fields.get("category") or fields.get("purpose") or _category(capability)),
        capability=capability,
        item=item.name if item else str(fields.get("item", "")),
        item_text=str(fields.get("item_text") or listed),
        # "300 tonnes of fuel" stay tonnes, although the catalogue counts fuel in litres.
        quantity=Quantity(quantity, str(fields.get("unit") or (item.unit if item else "piece")))
        if quantity
        else None,
        money=Money(amount, currency) if amount else None,
        terms=tuple(sorted((name, value) for name, value in terms.items() if value)),
        source=Source(
            origin=origin,
            document=str(waiting.document.get("sha256", ""))[:16],
            sentence=waiting.sentence,
            also=(outlet,) if outlet != origin else (),
        ),
        by=person,
        reason=reason,
    )


def withdrawal_of(ledger: Ledger, entry_id: str, recorded_on: date, reason: str) -> Entry:
    """Make the entry that takes a confirmed one back (nothing is ever deleted)."""
    story = ledger.show(entry_id)
    entry = next(each for each, _ in story.entries if each.id == entry_id)
    return Entry(
        line=entry.line,
        stage=entry.stage,
        part=entry.part,
        kind="withdraw",
        topic=entry.topic,
        donor=entry.donor,
        category=entry.category,
        recorded_on=max(recorded_on, entry.recorded_on),
        source=entry.source,
        replaces=entry.id,
        reason=reason,
        # An undone confirmation may be confirmed and undone again on the same day.
        terms=(("undoes", str(len(story.entries))),),
    )


def twins(waiting: Waiting, ledger: Ledger) -> list[str]:
    """Give the ids of entries that say the same already: the donor, with the figure or the sum.

    What was promised says nothing of what arrived, nor the other way round.
    """
    import polars as pl

    fields = waiting.fields
    donor = party_of(str(fields.get("donor") or ""))
    if not donor or waiting.kind in ("claim", "caveat"):
        return []
    rows = visible(ledger.frame, None).filter(pl.col("donor").cast(pl.String) == donor)
    promised = pl.col("stage").cast(pl.String).is_in(_PROMISED)
    rows = rows.filter(promised if deed_of(waiting.kind) == "promise" else ~promised)
    figure = decimal_of(str(fields.get("quantity_low") or fields.get("quantity_high") or ""))
    amount = decimal_of(str(fields.get("amount_low") or fields.get("amount_high") or ""))
    same = pl.lit(False)
    if figure is not None and (fields.get("item") or fields.get("item_text")):
        item = items().get(str(fields.get("item"))) or find_item(str(fields.get("item_text")))
        name = item.name if item else str(fields.get("item"))
        capability = item.capability if item else str(fields.get("capability") or name)
        thing = (pl.col("item").cast(pl.String) == name) | (
            pl.col("capability").cast(pl.String) == capability
        )
        same = same | (thing & (pl.col("quantity_best") == int(figure * 1000)))
    if amount is not None:
        currency = str(fields.get("currency") or "").upper()
        same = same | (
            (pl.col("currency").cast(pl.String) == currency) & (pl.col("best") == int(amount * 100))
        )
    found: list[str] = rows.filter(same).sort("seq").get_column("id").to_list()
    return found
