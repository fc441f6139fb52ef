"""IATI 2.03 activities: each transaction is one event of aid.

Incoming pledges (12) and outgoing ones (13) are pledges; commitments (11, 2) commitments;
disbursements (3) and expenditure (4) are deliveries. Where an activity reports the money both
as it came and as it was passed on at one stage, the outgoing side is tied to the incoming one
(``out_of``), so that it counts once. A negative transaction takes away from those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.exchange.gathering import Gathering, cents, clean
from intendance.exchange.imported import Drafts
from intendance.exchange.numbers import number_of
from intendance.exchange.organisations import organisation, recipient_of
from intendance.exchange.tables import read_bytes
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.entry import Entry, Link, Money, Source
from intendance.model.interval import Interval
from intendance.model.period import Period

ORIGIN: Final = "iati"
# Codelist TransactionType, as far as it is a step of aid from a giver to a receiver.
STAGES: Final = {
    "11": "commitment",
    "2": "commitment",
    "3": "delivery",
    "4": "delivery",
    "12": "pledge",
    "13": "pledge",
}
INCOMING: Final = frozenset(("11", "12"))
OTHER_TYPES: Final = {
    "1": "incoming funds",
    "5": "interest payment",
    "6": "loan repayment",
    "7": "reimbursement",
    "8": "purchase of equity",
    "9": "sale of equity",
    "10": "credit guarantee",
}
# Codelist FinanceType: 1xx grants, 4xx loans, 11xx guarantees.
_INSTRUMENTS: Final = (("110", "grant"), ("4", "loan"), ("11", "guarantee"))
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
OWN_VOCABULARY: Final = "99"
UNREAD: Final = ("budget", "planned-disbursement", "country-budget-items", "result")


@dataclass(slots=True)
class _Activity:
    """What the transactions of one activity have in common."""

    name: str
    reporter: str
    funders: tuple[str, ...]
    implementers: tuple[str, ...]
    recipient: str
    category: str
    instrument: str
    currency: str
    title: str
    part_of: str
    identifiers: frozenset[str] = frozenset()
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Transaction:
    """One transaction as it stands, with its number in the file."""

    number: int
    code: str
    element: Any
    amount: Decimal
    currency: str
    valid: Period | None


def read_drafts(path: Path, recorded_on: date, release: str = "") -> Drafts:
    """Read a file of activities into drafts; rows are transactions, counted through the file.

    InputError when it is not whole XML, declares entities, or holds no activities.
    """
    root = parse(read_bytes(path), path.name)
    gathering = Gathering(path.name)
    seen: dict[str, _Activity] = {}
    identifiers = frozenset(
        clean(each.findtext("iati-identifier") or "", 300) for each in root.iter("iati-activity")
    )
    for element in root.iter("iati-activity"):
        activity = _activity(element, root)
        activity.identifiers = identifiers - {activity.name}
        if activity.name in seen:
            gathering.note(
                None, "iati-identifier", "this activity stands twice: both are read", activity.name
            )
            activity.names = seen[activity.name].names
        seen[activity.name] = activity
        found = _transactions(element, activity, recorded_on, gathering)
        kept = _net(found, gathering)
        _post(kept, activity, recorded_on, release or path.stem, gathering)
    _name_unread(root, gathering)
    if not seen:
        raise InputError(
            f"{path.name} holds no IATI activities.", next_step="Give an iati-activities file."
        )
    return gathering.drafts()


def _name_unread(root: Any, gathering: Gathering) -> None:
    """Say how many figures of the file are no events: budgets are plans, results no aid."""
    for name in UNREAD:
        count = sum(1 for _ in root.iter(name))
        if count:
            sentence = "not read: it is no event of aid"
            gathering.note(None, name, sentence, count, severity="note")
    silent = [
        clean(each.findtext("iati-identifier") or "")
        for each in root.iter("iati-activity")
        if each.find("transaction") is None
    ]
    if silent:
        sentence = "activities without transactions make no entries"
        gathering.note(None, "iati-activity", sentence, f"{len(silent)}: {', '.join(silent)}")


def parse(data: bytes, name: str) -> Any:
    """Parse XML without entities, external files or network; InputError when it is not whole."""
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or ""
        raise InputError(
            f"{name} is not whole XML.",
            where=f"{name}:{line}".rstrip(":"),
            next_step="It may be cut off: download it again.",
        ) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None and any(document.internalDTD.iterentities()):
        raise InputError(
            f"{name} declares entities of its own, which are not read.",
            next_step="Ask for the file without a DOCTYPE.",
        )
    return _without_namespace(root)


def _without_namespace(root: Any) -> Any:
    """Take the root's own namespace off its elements: IATI has none, but some writers give one."""
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    if space:
        for each in root.iter(f"{space}*"):
            each.tag = each.tag.removeprefix(space)
    return root


def _text(element: Any) -> str:
    """Give an element's name: its first English narrative, else its first, else its text."""
    if element is None:
        return ""
    narratives = element.findall("narrative")
    english = [each for each in narratives if each.get(f"{_XML}lang") == "en"]
    for each in (*english, *narratives):
        if each.text and each.text.strip():
            return clean(each.text, 300)
    return clean(element.text or "", 300)


def _organisation(element: Any) -> str:
    if element is None:
        return ""
    return organisation(_text(element)) or clean(element.get("ref") or "", 100)


def _activity(element: Any, root: Any) -> _Activity:
    reporter = _organisation(element.find("reporting-org"))
    members = [
        (each.get("role"), _organisation(each)) for each in element.findall("participating-org")
    ]
    funders = tuple(dict.fromkeys(name for role, name in members if role == "1" and name))
    doers = tuple(dict.fromkeys(name for role, name in members if role == "4" and name))
    finance = element.find("default-finance-type")
    related = [
        each.get("ref") for each in element.findall("related-activity") if each.get("type") == "1"
    ]
    currency = element.get("default-currency") or root.get("default-currency") or ""
    return _Activity(
        name=clean(element.findtext("iati-identifier") or "", 300),
        reporter=reporter,
        funders=funders,
        implementers=doers,
        recipient=_recipient(element),
        category=_category(element),
        instrument=_instrument(finance),
        currency=currency.strip().upper(),
        title=_text(element.find("title")),
        part_of=clean(related[0] or "", 300) if related else "",
    )


def _recipient(element: Any) -> str:
    countries = element.findall("recipient-country")
    names = [recipient_of(each.get("code") or _text(each)) for each in countries]
    regions = [
        _text(each) or f"region {each.get('code')}" for each in element.findall("recipient-region")
    ]
    return " + ".join(dict.fromkeys(filter(None, names or regions)))[:300]


def _category_of(transaction: Any, activity: _Activity) -> str:
    """Give a transaction's own category where it says one, else its activity's."""
    own = transaction.find("sector") is not None or transaction.get("humanitarian") is not None
    return _category(transaction) if own else activity.category


def _category(element: Any) -> str:
    """Give humanitarian or financial by sector (DAC 72–74) and flag; our own export says itself."""
    for sector in element.findall("sector"):
        code, vocabulary = sector.get("code") or "", sector.get("vocabulary") or "1"
        if vocabulary == OWN_VOCABULARY and code in ("military", "financial", "humanitarian"):
            return code
    flagged = (element.get("humanitarian") or "").lower() in ("1", "true")
    codes = [
        each.get("code") or ""
        for each in element.findall("sector")
        if (each.get("vocabulary") or "1") in ("1", "2")
    ]
    humanitarian = flagged or any(code[:2] in ("72", "73", "74") for code in codes)
    return "humanitarian" if humanitarian else "financial"


def _instrument(element: Any) -> str:
    code = "" if element is None else element.get("code") or ""
    return next((name for start, name in _INSTRUMENTS if code.startswith(start)), "")


def _transactions(
    element: Any, activity: _Activity, recorded_on: date, gathering: Gathering
) -> Iterator[_Transaction]:
    for each in element.findall("transaction"):
        gathering.rows += 1
        number = gathering.rows
        problem = _problem(each, activity, recorded_on)
        if isinstance(problem, _Transaction):
            yield replace(problem, number=number)
        else:
            column, sentence, value = problem
            place = f"{column} (line {each.sourceline})"
            gathering.put_aside(number, place, sentence, value)


def _problem(
    element: Any, activity: _Activity, recorded_on: date
) -> _Transaction | tuple[str, str, str]:
    """Give the transaction, or where it is wrong, why, and the value."""
    if not activity.name:
        return "iati-identifier", "the activity has no identifier", ""
    kind = element.find("transaction-type")
    code = "" if kind is None else clean(kind.get("code") or "")
    if code in OTHER_TYPES:
        return "transaction-type", f"{OTHER_TYPES[code]}: no step from a giver to a receiver", code
    if code not in STAGES:
        return "transaction-type", "this transaction type is not known", code
    value = element.find("value")
    text = "" if value is None else clean(value.text or "")
    amount = None if " " in text else number_of(text)
    if amount is None:
        return "value", "this is not a number", text
    currency = clean(value.get("currency") or "").upper() or activity.currency
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        return "value/@currency", "the amount has no currency, nor has the activity", currency
    day = element.find("transaction-date")
    said = "" if day is None else clean(day.get("iso-date") or "")
    said = said or clean(value.get("value-date") or "")
    try:
        valid = read_period(said[:10] if said[:4].isdigit() else said, recorded_on)
    except ImpossibleDateError as error:
        return "transaction-date", str(error), said
    if valid is None:
        return "transaction-date", "the transaction has no date", said
    if not (_provider(element, code, activity)):
        return "provider-org", "nobody is named as the giver", ""
    return _Transaction(0, code, element, amount, currency, valid)


def _provider(element: Any, code: str, activity: _Activity) -> str:
    """Give who gave: who the transaction says, else by the standard's rule for its direction."""
    named = _organisation(element.find("provider-org"))
    if named or code not in INCOMING:
        return named or activity.reporter
    return activity.funders[0] if len(activity.funders) == 1 else " + ".join(activity.funders)[:300]


def _net(found: Iterator[_Transaction], gathering: Gathering) -> list[_Transaction]:
    """Take negative transactions off the positive ones of their kind, the latest first."""
    positive: list[_Transaction] = []
    negative: list[_Transaction] = []
    for each in found:
        (negative if each.amount < 0 else positive).append(each)
    for each in negative:
        left = -each.amount
        same = [one for one in positive if (one.code, one.currency) == (each.code, each.currency)]
        if sum(one.amount for one in same) < left:
            gathering.put_aside(
                each.number, "value", "it takes away more than was given before", each.amount
            )
            continue
        gathering.merged.add(each.number)
        for one in reversed(same):
            taken = min(left, one.amount)
            left -= taken
            positive[positive.index(one)] = replace(one, amount=one.amount - taken)
    return positive


def _post(
    found: list[_Transaction],
    activity: _Activity,
    recorded_on: date,
    release: str,
    gathering: Gathering,
) -> None:
    came_in = {STAGES[each.code] for each in found if each.code in INCOMING}
    fed = [_feeding(each.element, activity) for each in found if each.code in INCOMING]
    fed_by = fed[0] if fed and all(fed) else ""
    line = f"{ORIGIN}:{activity.name}"
    for each in found:
        stage = STAGES[each.code]
        element = each.element
        passed_on = each.code not in INCOMING and stage in came_in
        name = f"{each.code}-{clean(element.get('ref') or '', 80) or each.valid}"
        part, count = name, 1
        while part in activity.names:
            count += 1
            part = f"{name}~{count}"
        activity.names.add(part)
        receiver = _organisation(element.find("receiver-org"))
        roles = {
            "reporter": activity.reporter,
            "funder": "; ".join(activity.funders)[:300],
            "implementer": receiver or "; ".join(activity.implementers)[:300],
        }
        said = _text(element.find("description"))
        source = _feeding(element, activity) or fed_by
        links = (Link("out_of", f"{ORIGIN}:{source}"),) if source else _part_of(activity)
        entry = Entry(
            line=f"{line}/out" if passed_on else line,
            stage=stage,
            part=part,
            recorded_on=recorded_on,
            donor=_provider(element, each.code, activity),
            recipient=_recipient(element) or activity.recipient,
            category=_category_of(element, activity),
            instrument=_instrument(element.find("finance-type")) or activity.instrument,
            item_text=activity.title,
            valid=each.valid,
            money=Money(Interval.exact(cents(each.amount)), each.currency),
            roles=tuple(sorted((role, who) for role, who in roles.items() if who)),
            links=(Link("out_of", line),) if passed_on else links,
            source=Source(ORIGIN, f"{activity.name}, {release}"[:300], each.number, sentence=said),
        )
        gathering.add(entry, each.number)


def _feeding(element: Any, activity: _Activity) -> str:
    """Give the activity of this file out of which a transaction's money comes, if one is named."""
    provider = element.find("provider-org")
    name = "" if provider is None else clean(provider.get("provider-activity-id") or "", 300)
    return name if name in activity.identifiers else ""


def _part_of(activity: _Activity) -> tuple[Link, ...]:
    return (Link("part_of", f"{ORIGIN}:{activity.part_of}"),) if activity.part_of else ()
