"""The ledger as flows in the form of FTS's API, so that its readers can take them in.

A flow has one status, a line of ours several steps: what is paid is no longer committed, so a
line gives its payments, and what is left of its commitment and of its pledge as flows beside.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any, Final

from intendance.exchange.gathering import cents
from intendance.exchange.standing import TAKEN, Line, disclosed, lines_of, standing
from intendance.ledger.ledger import Ledger
from intendance.ledger.rates import ecb
from intendance.model.entry import Entry
from intendance.model.interval import plain

_STATUS: Final = (("delivery", "paid"), ("commitment", "commitment"), ("pledge", "pledge"))
Sums = dict[str, Decimal]


def fts(ledger: Ledger, notes: list[str]) -> str:
    """Give the ledger's public money as FTS flows (JSON); what is left out is said in notes."""
    entries, withheld = standing(ledger)
    flows: list[dict[str, Any]] = []
    silent = 0
    for line in lines_of(entries):
        found = _flows(line)
        silent += not found
        flows += found
    by_line: dict[str, str] = {}
    for flow in flows:
        by_line.setdefault(str(flow.pop("_line")), str(flow["id"]))
    for flow in flows:
        flow["parentFlowId"] = by_line.get(flow.pop("_out_of"))
        flow["boundary"] = "incoming" if flow["parentFlowId"] is None else "internal"
        flow["newMoney"] = flow["parentFlowId"] is None
    if silent:
        notes.append(f"{silent} lines without a known amount are left out.")
    if withheld:
        notes.append(f"{withheld} entries that are not public are left out.")
    document = {"status": "ok", "data": {"flows": flows}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _flows(line: Line) -> list[dict[str, Any]]:
    """Give a line's flows: payments whole, then what exceeds them at each earlier step."""
    sums = {step: _sums(line, step) for step, _ in _STATUS}
    if len({currency for each in sums.values() for currency in each}) > 1:
        sums = {step: _in_dollars(line, step) for step, _ in _STATUS}
    flows: list[dict[str, Any]] = []
    before: Sums = {}
    for step, status in _STATUS:
        found = sums[step]
        for currency, amount in found.items():
            rest = amount - before.get(currency, Decimal(0))
            if rest > 0 or (rest == 0 and not before):
                flows.append(_flow(line, step, status, rest, currency, many=bool(flows)))
        for currency, amount in found.items():
            before[currency] = max(before.get(currency, Decimal(0)), amount)
    return flows


def _sums(line: Line, step: str) -> Sums:
    total: Counter[str] = Counter()
    for entry, sign in _signed(line, step):
        amount = disclosed(entry)
        if amount is not None and entry.money:
            total[entry.money.currency] += sign * amount  # type: ignore[assignment]
    return {currency: max(Decimal(amount), Decimal(0)) for currency, amount in total.items()}


def _in_dollars(line: Line, step: str) -> Sums:
    total: Decimal | None = None
    for entry, sign in _signed(line, step):
        amount = disclosed(entry)
        if amount is not None and entry.money:
            worth = _dollars(entry, amount, entry.money.currency)
            total = (total or Decimal(0)) + sign * (worth or Decimal(0))
    return {} if total is None else {"USD": max(total, Decimal(0))}


def _signed(line: Line, step: str) -> list[tuple[Entry, int]]:
    found = [(entry, 1) for entry in line.steps.get(step, ())]
    if found:
        taken = [
            e for e in line.endings if TAKEN.get(e.stage, "commitment") in (step, "commitment")
        ]
        found += [(entry, -1) for entry in taken]
    return found


def _dollars(entry: Entry, amount: Decimal, currency: str) -> Decimal | None:
    for valuation in entry.valuations:
        same = entry.money is not None and entry.money.amount.best == amount
        if valuation.method == "source" and valuation.currency == "USD" and same:
            return valuation.amount.best
    day = entry.valid.last if entry.valid else entry.recorded_on
    factor = ecb().factor(currency, "USD", day)
    if factor is None:
        return None
    return cents(amount * factor.numerator / factor.denominator)


def _flow(
    line: Line, step: str, status: str, amount: Decimal, currency: str, *, many: bool
) -> dict[str, Any]:
    entry = line.steps[step][0]
    day = (entry.valid.last if entry.valid else entry.recorded_on).isoformat()
    own = line.name.removeprefix("fts:")
    worth = _dollars(entry, amount, currency)
    terms = dict(entry.terms)
    receiver = dict(entry.roles).get("implementer", "") or entry.recipient
    return {
        "id": f"{own}#{status}" if many else own,
        "amountUSD": None if worth is None else _number(worth),
        "originalAmount": _number(amount),
        "originalCurrency": currency,
        "status": status,
        "flowType": terms.get("flow_type", "Standard"),
        "contributionType": "in-kind" if entry.instrument == "in kind" else "financial",
        "description": entry.item_text,
        "date": f"{day}T00:00:00Z",
        "decisionDate": f"{entry.decided_on}T00:00:00Z" if entry.decided_on else None,
        "firstReportedDate": f"{entry.reported_on or entry.recorded_on}T00:00:00Z",
        "refCode": terms.get("reference", entry.id),
        "sourceObjects": _objects(Organization=entry.donor),
        "destinationObjects": _objects(Organization=receiver, Location=entry.recipient),
        "_line": line.name,
        "_out_of": line.out_of,
    }


def _number(amount: Decimal) -> int | float:
    """Give a JSON number; hundredths below 10^13 keep their cents in a double."""
    text = plain(amount)
    return float(text) if "." in text else int(text)


def _objects(**named: str) -> list[dict[str, str]]:
    return [
        {"type": kind, "name": name, "behavior": "single"} for kind, name in named.items() if name
    ]
