"""The ledger as IATI 2.03 activities: one activity a line, one transaction an event of money.

The elements stand in the order of the standard's schema; codes are of its codelists. What has
no amount of money has no place in a transaction and is left out (counted for the caller).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from intendance.exchange.gathering import clean
from intendance.exchange.iati import OWN_VOCABULARY
from intendance.exchange.standing import TAKEN, Line, disclosed, lines_of, standing
from intendance.ledger.ledger import Ledger
from intendance.model.catalogue import find_party, items
from intendance.model.entry import Entry
from intendance.model.interval import plain

VERSION: Final = "2.03"
REPORTER: Final = ("XI-INTENDANCE-LEDGER", "Intendance ledger")
# Codelist TransactionType: outgoing pledge, outgoing commitment, disbursement.
TYPES: Final = {"pledge": "13", "commitment": "2", "delivery": "3"}
# Codelist FinanceType.
_FINANCE: Final = {"grant": "110", "loan": "421", "guarantee": "1100"}
_UNSPECIFIED_SECTOR: Final = "99810"  # DAC 5-digit: sectors not specified
_GOVERNMENT, _MULTILATERAL, _OTHER = "10", "40", "90"  # codelist OrganisationType
_FUNDING, _IMPLEMENTING = "1", "4"  # codelist OrganisationRole


def iati(ledger: Ledger, notes: list[str], reporter: tuple[str, str] = REPORTER) -> bytes:
    """Give the ledger's public aid as an IATI file; ``reporter``: its identifier and name.

    What is left out is said in ``notes``. The same ledger gives the same bytes.
    """
    from lxml import etree  # type: ignore[import-untyped]

    entries, withheld = standing(ledger)
    lines = lines_of(entries)
    told = [line for line in lines if any(disclosed(each) is not None for each in line.entries)]
    last = max((each.recorded_on for each in entries), default=date(2000, 1, 1))
    root = etree.Element("iati-activities", version=VERSION)
    root.set("generated-datetime", f"{last}T00:00:00Z")
    names = _identifiers(told, reporter[0])
    for line in told:
        _activity(root, line, names, reporter, last)
    if len(lines) > len(told):
        notes.append(f"{len(lines) - len(told)} lines without a known amount are left out.")
    if withheld:
        notes.append(f"{withheld} entries that are not public are left out.")
    etree.indent(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data + b"\n"


def _identifiers(lines: Sequence[Line], prefix: str) -> dict[str, str]:
    """Give each line an identifier without the characters that the standard forbids."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for line in lines:
        name = f"{prefix}-{re.sub(r'[^A-Za-z0-9._-]+', '-', line.name)}"[:200]
        if name in taken:
            name += f"-{hashlib.sha256(line.name.encode()).hexdigest()[:8]}"
        taken.add(name)
        found[line.name] = name
    return found


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    from lxml import etree

    # XML has no place for control characters, wherever they come from.
    element = etree.SubElement(parent, name, {k: clean(v) for k, v in attributes.items() if v})
    if text:
        etree.SubElement(element, "narrative").text = clean(text)
    return element


def _organisation_type(name: str) -> str:
    party = find_party(name) if name else None
    if party is None:
        return _OTHER
    return _GOVERNMENT if party.kind == "state" else _MULTILATERAL


def _activity(
    root: Any, line: Line, names: dict[str, str], reporter: tuple[str, str], last: date
) -> None:
    first = line.first
    element = _add(root, "iati-activity")
    element.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    currency = next((each.money.currency for each in line.entries if each.money), "EUR")
    element.set("default-currency", currency)
    if first.category == "humanitarian":
        element.set("humanitarian", "1")
    _add(element, "iati-identifier").text = names[line.name]
    _add(
        element,
        "reporting-org",
        reporter[1],
        ref=reporter[0],
        type=_OTHER,
        **{"secondary-reporter": "1"},
    )
    _add(element, "title", _title(first))
    _add(element, "description", _description(first), type="1")
    _add(
        element,
        "participating-org",
        first.donor or "not named",
        role=_FUNDING,
        type=_organisation_type(first.donor),
    )
    implementer = dict(first.roles).get("implementer", "") or first.recipient
    if implementer:
        _add(
            element,
            "participating-org",
            implementer,
            role=_IMPLEMENTING,
            type=_organisation_type(implementer),
        )
    _add(element, "other-identifier", ref=line.name, type="A1")
    _add(element, "activity-status", code="2")
    start = min(_day(each) for each in line.entries)
    # Codelist ActivityDateType: a start that is still to come is planned (1), else actual (2).
    _add(
        element,
        "activity-date",
        **{"iso-date": start.isoformat(), "type": "1" if start > last else "2"},
    )
    party = find_party(first.recipient) if first.recipient else None
    if party and party.kind == "state":
        _add(element, "recipient-country", code=party.code)
    if first.category:
        _add(element, "sector", first.category, vocabulary=OWN_VOCABULARY, code=first.category)
    else:
        _add(element, "sector", vocabulary="1", code=_UNSPECIFIED_SECTOR)
    _add_finance(element, first)
    for step, entries in line.steps.items():
        for entry in entries:
            _transaction(element, entry, TYPES[step], names.get(line.out_of, ""))
    earliest = next(iter(line.steps), "commitment")
    for entry in line.endings:
        step = TAKEN.get(entry.stage, "commitment" if "commitment" in line.steps else earliest)
        _transaction(element, entry, TYPES[step], names.get(line.out_of, ""), sign="-")


def _add_finance(element: Any, first: Entry) -> None:
    code = next((code for word, code in _FINANCE.items() if word in first.instrument), "")
    if code:
        _add(element, "default-finance-type", code=code)


def _title(entry: Entry) -> str:
    item = items().get(entry.item)
    what = (item.english if item else "") or entry.item_text or entry.category or "aid"
    return f"{what} ({entry.donor})" if entry.donor else what


def _description(entry: Entry) -> str:
    parts = [entry.item_text or entry.category, f"line {entry.line} of {entry.source.document}"]
    return "; ".join(filter(None, parts))


def _day(entry: Entry) -> date:
    return entry.valid.last if entry.valid else entry.recorded_on


def _transaction(element: Any, entry: Entry, code: str, fed_by: str, sign: str = "") -> None:
    amount = disclosed(entry)
    if amount is None or entry.money is None:
        return
    made = _add(element, "transaction", ref=entry.id)
    day = _day(entry).isoformat()
    _add(made, "transaction-type", code=code)
    _add(made, "transaction-date", **{"iso-date": day})
    value = _add(made, "value", currency=entry.money.currency, **{"value-date": day})
    value.text = f"{sign if amount else ''}{plain(amount)}"
    said = [entry.stage, entry.money.amount.qualifier]
    _add(made, "description", ", ".join(each for each in said if each != "exact"))
    if entry.donor:
        _add(
            made,
            "provider-org",
            entry.donor,
            type=_organisation_type(entry.donor),
            **{"provider-activity-id": fed_by},
        )
    if entry.recipient:
        _add(made, "receiver-org", entry.recipient, type=_organisation_type(entry.recipient))
