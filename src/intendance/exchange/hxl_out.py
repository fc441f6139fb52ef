"""The ledger as a table with HXL hashtags; what stands now, quantities and money as intervals."""

from __future__ import annotations

import csv
import io
from typing import Final

from intendance.exchange.standing import standing
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry

COLUMNS: Final = (
    ("line", "#activity+id"),
    ("part", "#activity+part"),
    ("stage", "#status"),
    ("donor", "#org+funder+name"),
    ("recipient", "#org+recipient+name"),
    ("implementer", "#org+impl+name"),
    ("category", "#sector"),
    ("capability", "#capability"),
    ("item", "#item+name"),
    ("quantity low", "#item+num+min"),
    ("quantity", "#item+num"),
    ("quantity high", "#item+num+max"),
    ("quantity qualifier", "#item+qualifier"),
    ("unit", "#item+unit"),
    ("amount low", "#value+min"),
    ("amount", "#value"),
    ("amount high", "#value+max"),
    ("amount qualifier", "#value+qualifier"),
    ("currency", "#value+currency"),
    ("date", "#date"),
    ("decided", "#date+decision"),
    ("reported", "#date+reported"),
    ("instrument", "#financial+instrument"),
    ("place", "#loc+name"),
    ("out of", "#activity+parent"),
    ("source", "#meta+url"),
)


def hxl(ledger: Ledger, notes: list[str]) -> str:
    """Give the ledger's public aid as HXL-tagged csv; what is left out is said in notes."""
    entries, withheld = standing(ledger)
    if withheld:
        notes.append(f"{withheld} entries that are not public are left out.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([head for head, _ in COLUMNS])
    writer.writerow([tag for _, tag in COLUMNS])
    writer.writerows(_row(entry) for entry in entries)
    return text.getvalue()


def _row(entry: Entry) -> list[str]:
    quantity = entry.quantity.amount.as_record() if entry.quantity else {}
    amount = entry.money.amount.as_record() if entry.money else {}
    parts = ("low", "best", "high", "qualifier")
    exact_quantity, exact_amount = (
        {**each, "low": "", "high": ""} if each.get("qualifier") == "exact" else each
        for each in (quantity, amount)
    )
    out_of = [link.line for link in entry.links if link.kind == "out_of"]
    return [
        entry.line,
        entry.part,
        entry.stage,
        entry.donor,
        entry.recipient,
        dict(entry.roles).get("implementer", ""),
        entry.category,
        entry.capability,
        entry.item_text or entry.item,
        *(exact_quantity.get(name, "") for name in parts),
        entry.quantity.unit if entry.quantity else "",
        *(exact_amount.get(name, "") for name in parts),
        entry.money.currency if entry.money else "",
        str(entry.valid or ""),
        str(entry.decided_on or ""),
        str(entry.reported_on or ""),
        entry.instrument,
        entry.place,
        out_of[0] if out_of else "",
        entry.source.url,
    ]
