"""OCHA's Financial Tracking Service: flows as JSON of its API (v1, v2) and as the HDX csv.

A flow is money from a source to a destination. Its status is its stage: ``pledge``,
``commitment``, and ``paid`` for money that has been handed over. A flow that passes on money
of another one of the same file is tied to it (``out_of``), so that pooled money counts once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.exchange.fts_csv import rows_of_table
from intendance.exchange.gathering import Gathering, cents, clean
from intendance.exchange.imported import Drafts
from intendance.exchange.numbers import number_of
from intendance.exchange.organisations import organisation, recipient_of
from intendance.exchange.tables import decode, read_bytes
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.entry import Entry, Link, Money, Source, Valuation
from intendance.model.interval import Interval, decimal_of
from intendance.model.period import Period

ORIGIN: Final = "fts"
TITLE: Final = "OCHA Financial Tracking Service"
ADDRESS: Final = "https://fts.unocha.org/flows/{}"
STAGES: Final = {"pledge": "pledge", "commitment": "commitment", "paid": "delivery"}

Flow = Mapping[str, Any]


def read_drafts(path: Path, recorded_on: date, release: str = "") -> Drafts:
    """Read flows into drafts. InputError when the file is neither the API's nor HDX's."""
    data = read_bytes(path)
    gathering = Gathering(path.name)
    text = decode(data, path.name) if data[:4] != b"PK\x03\x04" else ""
    numbered = (
        enumerate(_flows(text, path.name, gathering), start=1)
        if text.lstrip()[:1] in ("{", "[")
        else rows_of_table(path)
    )
    flows: dict[str, tuple[int, Flow]] = {}
    for number, flow in numbered:
        gathering.rows += 1
        _take(flow, number, flows, gathering)
    if not gathering.rows:
        raise InputError(f"{path.name} holds no flows.", next_step="Ask for it again.")
    parents = _parents(flows)
    for name, (number, flow) in flows.items():
        entry = _entry(flow, number, recorded_on, release or path.stem, gathering)
        if entry:
            tied = _tied(entry, flow, parents.get(name, ""), flows, gathering, number)
            gathering.add(tied, number)
    return gathering.drafts()


def _flows(text: str, name: str, gathering: Gathering) -> list[Any]:
    """Give the flows of one answer, or of several: one after the other, or in one list."""
    found: list[Any] = []
    last: Any = None
    for value in _values(text, name):
        pages = value if isinstance(value, list) else [value]
        for page in pages:
            flows = _of_page(page)
            if flows is None and page is value:
                raise InputError(
                    f"{name} is JSON without flows.",
                    next_step="Give the answer of /fts/flow as it came.",
                )
            found += [page] if flows is None else flows
        last = pages[-1] if pages else last
    meta = last.get("meta") if isinstance(last, Mapping) else None
    following = str(meta.get("nextLink") or "") if isinstance(meta, Mapping) else ""
    if following and found:
        gathering.note(len(found), "nextLink", "the answer goes on: this is not all", following)
    return found


def _values(text: str, name: str) -> list[Any]:
    reader = json.JSONDecoder(parse_float=Decimal, parse_constant=str)
    values: list[Any] = []
    text, rest = text.strip(), 0
    try:
        while rest < len(text):
            value, rest = reader.raw_decode(text, rest)
            values.append(value)
            while text[rest : rest + 1].isspace():
                rest += 1
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name} is not whole JSON ({error}).", next_step="It may be cut off: ask for it again."
        ) from error
    return values


def _of_page(page: Any) -> list[Any] | None:
    """Give the flows of an answer of the API, or of a flow by itself; None for anything else."""
    found = page
    for _ in range(2):  # {"status", "data": {"flows": […]}}
        if isinstance(found, dict):
            found = found.get("data", found.get("flows", found))
    if isinstance(found, dict) and "id" in found:
        return [found]
    return found if isinstance(found, list) else None


def _take(flow: Any, number: int, flows: dict[str, tuple[int, Flow]], gathering: Gathering) -> None:
    """Keep a flow under its id; of two with one id the later version stands."""
    if not isinstance(flow, Mapping):
        gathering.put_aside(number, "", "this is no flow", flow)
        return
    name = clean(str(flow.get("id") or ""), 100)
    if not name:
        gathering.put_aside(number, "id", "the flow has no id")
        return
    if name not in flows:
        flows[name] = (number, flow)
        return
    before = flows[name]
    if _version(flow) > _version(before[1]):
        flows[name] = (number, flow)
        gathering.merged.add(before[0])
    else:
        gathering.merged.add(number)
    if _said(flow) != _said(before[1]):
        gathering.note(number, "id", "this flow stands twice: the later version counts", name)


def _version(flow: Flow) -> tuple[Decimal, str]:
    return decimal_of(str(flow.get("versionId") or "0")) or Decimal(0), _text(flow, "updatedAt")


def _said(flow: Flow) -> tuple[str, ...]:
    return tuple(_text(flow, name) for name in ("amountUSD", "originalAmount", "status", "date"))


def _text(flow: Flow, name: str) -> str:
    value = flow.get(name)
    return "" if value is None else clean(str(value))


def named(flow: Flow, side: str, kind: str) -> list[str]:
    """Give the names of one kind of object ("Organization", "Location") at one end of a flow."""
    objects = flow.get(f"{side}Objects")
    if not isinstance(objects, list):
        return []
    return [
        clean(str(each.get("name") or ""))
        for each in objects
        if isinstance(each, Mapping) and each.get("type") == kind and each.get("name")
    ]


def _day(flow: Flow, name: str, known_on: date) -> Period | None:
    # "2020-03-31T00:00:00Z": the moment is always midnight, the day is what is meant.
    return read_period(_text(flow, name).partition("T")[0], known_on)


def _money(flow: Flow, number: int, gathering: Gathering) -> tuple[Money, Decimal | None] | None:
    """Give the money in its own currency, and the dollars; None when the row is set aside."""
    figures: dict[str, Decimal | None] = {}
    for name in ("amountUSD", "originalAmount"):
        text = _text(flow, name)
        figures[name] = number_of(text)
        if text and figures[name] is None:
            gathering.put_aside(number, name, "this is not a number", text, "number")
            return None
        if (figures[name] or 0) < 0:
            gathering.put_aside(number, name, "aid cannot be below zero", text, "negative")
            return None
    dollars, own = figures["amountUSD"], figures["originalAmount"]
    currency = _text(flow, "originalCurrency").upper()
    if own is not None and (own or not dollars):
        if len(currency) == 3 and currency.isascii() and currency.isalpha():
            return Money(Interval.exact(cents(own)), currency), dollars
        if dollars is not None:
            gathering.note(number, "originalCurrency", "no currency: the dollars count", currency)
    if dollars is None:
        return Money(Interval.undisclosed(), "USD"), None
    return Money(Interval.exact(cents(dollars)), "USD"), dollars


def _entry(
    flow: Flow, number: int, recorded_on: date, release: str, gathering: Gathering
) -> Entry | None:
    name = _text(flow, "id")
    stage = STAGES.get(_text(flow, "status").lower())
    if stage is None:
        gathering.put_aside(
            number, "status", "this status is not known", flow.get("status"), "status"
        )
        return None
    days: dict[str, Period | None] = {}
    for column in ("date", "decisionDate", "firstReportedDate"):
        try:
            days[column] = _day(flow, column, recorded_on)
        except ImpossibleDateError as error:
            gathering.put_aside(number, column, str(error), flow.get(column), "date")
            return None
    givers = named(flow, "source", "Organization") or named(flow, "source", "Location")
    if not givers:
        gathering.put_aside(number, "sourceObjects", "the flow names no source", code="no-donor")
        return None
    priced = _money(flow, number, gathering)
    if priced is None:
        return None
    money, dollars = priced
    worth: tuple[Valuation, ...] = ()
    if dollars is not None:
        amount = Interval.exact(cents(dollars))
        worth = (Valuation("source", amount, "USD", f"fts:{release}"),)
    countries = named(flow, "destination", "Location")
    decided, reported = days["decisionDate"], days["firstReportedDate"]
    receivers = named(flow, "destination", "Organization")
    return Entry(
        line=f"{ORIGIN}:{name}",
        stage=stage,
        recorded_on=recorded_on,
        # Several givers of one flow share it; FTS does not say in which parts.
        donor=_together(organisation(each) for each in givers),
        recipient=_together(map(recipient_of, countries))
        or _together(map(organisation, receivers)),
        category="humanitarian",
        instrument="in kind" if _text(flow, "contributionType") == "in-kind" else "grant",
        item_text=_text(flow, "description")[:400],
        valid=days["date"] or decided or reported,
        decided_on=decided.last if decided else None,
        reported_on=reported.last if reported else None,
        money=money,
        valuations=worth,
        roles=_roles(givers, receivers),
        terms=_terms(flow),
        source=Source(ORIGIN, f"{TITLE}, {release}", number, ADDRESS.format(name)),
    )


def _together(names: Iterable[str]) -> str:
    return " + ".join(dict.fromkeys(filter(None, names)))[:300]


def _roles(givers: list[str], receivers: list[str]) -> tuple[tuple[str, str], ...]:
    roles = {"funder": "; ".join(givers), "implementer": "; ".join(receivers)}
    return tuple(sorted((role, names[:300]) for role, names in roles.items() if names))


def _terms(flow: Flow) -> tuple[tuple[str, str], ...]:
    found = {
        "boundary": _text(flow, "boundary"),
        "flow_type": _text(flow, "flowType"),
        "method": _text(flow, "method"),
        "reference": _text(flow, "refCode"),
        "parent_flow": _text(flow, "parentFlowId"),
        "plan": "; ".join(named(flow, "destination", "Plan")),
        "cluster": "; ".join(
            named(flow, "destination", "GlobalCluster") or named(flow, "destination", "Cluster")
        ),
        "usage_years": " ".join(sorted(set(named(flow, "destination", "UsageYear")))),
    }
    return tuple(sorted((name, text[:300]) for name, text in found.items() if text))


def _parents(flows: Mapping[str, tuple[int, Flow]]) -> dict[str, str]:
    """Give each flow's parent, from whichever of the two names the other."""
    found: dict[str, str] = {}
    for name, (_, flow) in flows.items():
        children = flow.get("childFlowIds")
        for child in children if isinstance(children, list) else ():
            found.setdefault(clean(str(child)), name)
    for name, (_, flow) in flows.items():
        own = _text(flow, "parentFlowId")
        if own:
            found[name] = own
    return found


def _tied(
    entry: Entry,
    flow: Flow,
    parent: str,
    flows: Mapping[str, tuple[int, Flow]],
    gathering: Gathering,
    number: int,
) -> Entry:
    """Tie a flow to the one whose money it passes on.

    A parked flow is not passed on but split: FTS takes the children off its amount, so that a
    child with the same giver counts by itself. A flow inside the boundary whose parent is not
    at hand is tied to the pool of its giver, since its money came in by another flow.
    """
    if parent in flows and parent != _text(flow, "id"):
        above = flows[parent][1]
        split = _text(above, "flowType").lower() == "parked" and _givers(above) == _givers(flow)
        if split:
            return entry
        return replace(entry, links=(Link("out_of", f"{ORIGIN}:{parent}"),))
    if _text(flow, "boundary").lower() == "internal":
        pool = clean(" + ".join(sorted(_givers(flow))), 200)
        return replace(entry, links=(Link("out_of", f"{ORIGIN}:pool of {pool}"),))
    if parent:
        sentence = "its parent flow is not in this file: it counts by itself"
        gathering.note(number, "parentFlowId", sentence, parent, severity="note")
    return entry


def _givers(flow: Flow) -> frozenset[str]:
    return frozenset(map(organisation, named(flow, "source", "Organization")))
