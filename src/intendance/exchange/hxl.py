"""Tables with a row of HXL hashtags (#org+funder, #value+usd …), as csv, xlsx or ods.

The tags, not the heads above them, say what a column holds (HXL 1.1: a hashtag with
attributes in any order). One row is one event of aid: a giver, money or a quantity, a day.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from intendance.errors import InputError
from intendance.exchange.codes import place_name
from intendance.exchange.gathering import Gathering, cents, clean, thousandths
from intendance.exchange.imported import Drafts
from intendance.exchange.numbers import number_of
from intendance.exchange.organisations import organisation, recipient_of
from intendance.exchange.tables import Sheet, read_sheets
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.catalogue import capabilities, find_item, fold
from intendance.model.entry import Entry, Link, Money, Quantity, Source
from intendance.model.interval import QUALIFIERS, Interval
from intendance.model.period import Period
from intendance.model.stages import STAGES

_TAG: Final = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(?:\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*$")
_ATTRIBUTE_CURRENCY: Final = re.compile(r"[a-z]{3}$")
_SEARCHED_ROWS: Final = 25  # as in the HXL standard
_UNKNOWN: Final = frozenset(("", "undisclosed", "unknown", "n/a", "na", "-", "."))
# What other writers call our stages.
_STATUS: Final = {
    "paid": "delivery",
    "delivered": "delivery",
    "disbursed": "delivery",
    "disbursement": "delivery",
    "committed": "commitment",
    "contribution": "commitment",
    "pledged": "pledge",
    "allocated": "allocation",
    "shipped": "shipment",
    "received": "receipt",
}
_STAGE_ATTRIBUTES: Final = {
    "pledge": "pledge",
    "pledged": "pledge",
    "commitment": "commitment",
    "committed": "commitment",
    "allocation": "allocation",
    "allocated": "allocation",
    "paid": "delivery",
    "disbursed": "delivery",
    "delivered": "delivery",
}
# Currencies that a three-letter attribute may name; "+num" or "+max" are none.
_CURRENCIES: Final = frozenset(
    "usd eur gbp chf cad aud jpy sek nok dkk pln czk ron huf uah krw nzd bgn isk try".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its hashtag: ``value`` with the attributes ``funding``, ``usd``."""

    tag: str
    attributes: frozenset[str]
    at: int
    spelled: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A table below its tag row."""

    sheet: Sheet
    header: int
    columns: tuple[Column, ...]

    def find(self, tag: str, *wanted: str, without: Sequence[str] = ()) -> Column | None:
        """Give the first column of a hashtag that has all attributes wanted and none unwanted."""
        for column in self.columns:
            fits = column.tag == tag and column.attributes.issuperset(wanted)
            if fits and column.attributes.isdisjoint(without):
                return column
        return None


def find_tags(sheets: Sequence[Sheet], name: str) -> Tagged:
    """Find the row of hashtags within the first 25 rows. InputError when there is none."""
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
            cells = [cell.strip() for cell in row if cell.strip()]
            tagged = [cell for cell in cells if _TAG.match(cell)]
            if tagged and len(tagged) == len(cells):
                return Tagged(sheet, index, tuple(_columns(row)))
    raise InputError(
        f"{name} has no row of HXL hashtags.",
        next_step="Put #org+funder, #value+usd, #date … in a row above the data.",
    )


def _columns(row: Sequence[str]) -> list[Column]:
    columns = []
    for at, cell in enumerate(row):
        spelled = "".join(cell.split()).lower()
        if _TAG.match(spelled):
            tag, *attributes = spelled[1:].split("+")
            columns.append(Column(tag, frozenset(attributes), at, spelled))
    return columns


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column holds what; None where the file has no such column."""

    places: dict[str, Column | None]
    file: str
    recorded_on: date
    release: str

    def cell(self, row: Sequence[str], name: str) -> str:
        column = self.places.get(name)
        return clean(row[column.at]) if column and column.at < len(row) else ""

    def spelled(self, name: str) -> str:
        column = self.places.get(name)
        return column.spelled if column else ""


def read_drafts(path: Path, recorded_on: date, release: str = "") -> Drafts:
    """Read a tagged table into drafts. InputError without tags, or without giver and figure."""
    tagged = find_tags(read_sheets(path), path.name)
    layout = _Layout(_places(tagged), path.name, recorded_on, release or path.stem)
    needed = {
        "#org+funder": "donor",
        "#value, #item+num or #indicator+num": "value",
    }
    if layout.places["value"] is None and layout.places["quantity"]:
        del needed["#value, #item+num or #indicator+num"]
    missing = [label for label, name in needed.items() if layout.places[name] is None]
    if missing:
        raise InputError(
            f"{path.name} lacks the hashtags {' and '.join(missing)}.",
            next_step="Tag the columns that hold who gives, and how much.",
        )
    gathering = Gathering(path.name)
    used = {column.at for column in layout.places.values() if column}
    for column in tagged.columns:
        if column.at not in used:
            gathering.note(
                tagged.header + 1, column.spelled, "this column is not used",
                code="column-unused", severity="note",
            )  # fmt: skip
    seen: Counter[str] = Counter()
    whole: dict[tuple[str, ...], int] = {}
    for number, row in tagged.sheet.below(tagged.header):
        gathering.rows += 1
        same = tuple(cell.strip() for cell in row)
        if same in whole:
            gathering.merged.add(number)
            gathering.note(number, "", f"the same words as row {whole[same]}: counted once")
            continue
        whole[same] = number
        entry = _entry(layout, row, number, gathering, seen)
        if entry and entry.slot in gathering.entries:
            sentence = f"the id stands with other words in row {gathering.rows_of[entry.slot][0]}"
            gathering.put_aside(number, layout.spelled("id"), sentence, entry.line, "duplicate")
        elif entry:
            gathering.add(entry, number)
    if not gathering.rows:
        raise InputError(f"{path.name} has tags but no rows.", next_step="Export it again.")
    return gathering.drafts()


def _places(tagged: Tagged) -> dict[str, Column | None]:
    find = tagged.find
    bounds = ("min", "max", "low", "high", "currency", "qualifier", "type", "unit", "code")
    return {
        "id": find("activity", "id") or find("activity", "code") or find("meta", "id")
        or find("activity", without=("name", "parent", "type")),
        "part": find("activity", "part"),
        "parent": find("activity", "parent"),
        "stage": find("status"),
        "donor": find("org", "funder", "name") or find("org", "funder", without=("type", "code"))
        or find("org", "funder") or find("org", "source") or find("org", "donor")
        or find("org", "prov"),
        "recipient": find("org", "recipient") or find("country", "recipient") or find("country")
        or find("org", "impl", "country"),
        "implementer": find("org", "impl", "name") or find("org", "impl"),
        "category": find("sector", without=("code",)) or find("sector"),
        "capability": find("capability") or find("item", "type") or find("item", "category"),
        "item": find("item", "name") or find("item", without=("num", "unit", "type", *bounds)),
        "quantity": find("item", "num", without=("min", "max")) or find("item", "quantity")
        or find("indicator", "num") or find("indicator", "value"),
        "quantity_low": find("item", "num", "min"),
        "quantity_high": find("item", "num", "max"),
        "quantity_qualifier": find("item", "qualifier"),
        "unit": find("item", "unit") or find("indicator", "unit"),
        "value": find("value", without=bounds),
        "value_low": find("value", "min"),
        "value_high": find("value", "max"),
        "value_qualifier": find("value", "qualifier"),
        "currency": find("value", "currency") or find("currency"),
        "date": find("date", without=("reported", "decision", "start", "end", "year"))
        or find("date", "decision") or find("date", "start"),
        "decided": find("date", "decision"),
        "reported": find("date", "reported"),
        "instrument": find("financial"),
        "place": find("loc", "name") or find("loc") or find("adm1", "name") or find("adm1"),
        "description": find("description") or find("activity", "name"),
        "url": find("meta", "url") or find("meta", "source") or find("contact", "url"),
    }  # fmt: skip


class _UnusableError(Exception):
    """A cell that makes its row unusable: the field and the reason."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name
        self.sentence = sentence


def _entry(
    layout: _Layout, row: Sequence[str], number: int, gathering: Gathering, seen: Counter[str]
) -> Entry | None:
    try:
        return _read(layout, row, number, seen)
    except _UnusableError as found:
        gathering.put_aside(
            number, layout.spelled(found.name), found.sentence, layout.cell(row, found.name)
        )
        return None


def _read(layout: _Layout, row: Sequence[str], number: int, seen: Counter[str]) -> Entry:
    donor = organisation(layout.cell(row, "donor"))
    if not donor:
        raise _UnusableError("donor", "the row names no giver")
    valid, decided, reported = (
        _period(layout, row, name) for name in ("date", "decided", "reported")
    )
    amount = _interval(layout, row, "value", cents)
    counted = _interval(layout, row, "quantity", thousandths)
    if amount is None and counted is None:
        raise _UnusableError("value", "the row says neither an amount nor a quantity")
    stage = _stage(layout, row)
    text = layout.cell(row, "item")
    item = find_item(text) if text else None
    category = layout.cell(row, "category").lower()
    words = (donor, layout.cell(row, "recipient"), str(valid or ""), text, category,
             layout.cell(row, "description"), layout.cell(row, "implementer"))  # fmt: skip
    line = _line(layout.cell(row, "id"), words, stage, seen)
    url = layout.cell(row, "url")
    unit = layout.cell(row, "unit") or (item.unit if item else "piece")
    entry = Entry(
        line=line,
        stage=stage,
        part=layout.cell(row, "part"),
        recorded_on=layout.recorded_on,
        donor=donor,
        recipient=recipient_of(layout.cell(row, "recipient")),
        category=category[:80],
        capability=_capability(layout.cell(row, "capability")) or (item.capability if item else ""),
        item=item.name if item else fold(text)[:120],
        item_text=(text or layout.cell(row, "description"))[:400],
        instrument=layout.cell(row, "instrument").lower()[:80],
        place=place_name(layout.cell(row, "place")),
        valid=valid,
        decided_on=decided.last if decided else None,
        reported_on=reported.last if reported else None,
        quantity=Quantity(counted, unit[:40]) if counted else None,
        money=Money(amount, _currency(layout, row, known=amount.known)) if amount else None,
        source=Source("hxl", layout.release, number, url if url.startswith("http") else ""),
    )
    implementer = layout.cell(row, "implementer")
    if implementer:
        entry = replace(entry, roles=(("implementer", implementer[:300]),))
    parent = layout.cell(row, "parent")
    if parent and _own(parent) != line:
        entry = replace(entry, links=(Link("out_of", _own(parent)[:390]),))
    return entry


def _own(name: str) -> str:
    """Give the line for an id; never another tracker's, whose next release would withdraw it."""
    return name[:390] if name.startswith("hxl:") else f"hxl:{name}"[:390]


def _line(name: str, words: tuple[str, ...], stage: str, seen: Counter[str]) -> str:
    """Give the row's line: its id, else a digest of what it is about without its figures.

    So a changed figure is a correction of the same line, not a new one.
    """
    if name:
        return _own(name)
    digest = hashlib.sha256("\x1f".join((*words, stage)).encode()).hexdigest()[:16]
    seen[digest] += 1
    return f"hxl:{digest}" + (f"~{seen[digest]}" if seen[digest] > 1 else "")


def _capability(text: str) -> str:
    words = fold(text)
    for name, each in capabilities().items():
        if words and words in (fold(name), fold(each.english), fold(each.french)):
            return name
    return ""


def _period(layout: _Layout, row: Sequence[str], name: str) -> Period | None:
    text = layout.cell(row, name)
    if "/" in text and re.fullmatch(r"(\d{4}-\d\d-\d\d)?/\d{4}-\d\d-\d\d", text):
        try:
            return Period.parse(text)
        except (ValueError, AssertionError) as error:
            raise _UnusableError(name, "there is no such time") from error
    try:
        return read_period(text.partition("T")[0], layout.recorded_on)
    except ImpossibleDateError as error:
        raise _UnusableError(name, str(error)) from error


def _number(layout: _Layout, row: Sequence[str], name: str) -> Decimal | None:
    text = layout.cell(row, name)
    if text.lower() in _UNKNOWN:
        return None
    number = number_of(text)
    if number is None:
        raise _UnusableError(name, "this is not a number")
    if number < 0:
        raise _UnusableError(name, "aid cannot be below zero")
    return number


def _interval(layout: _Layout, row: Sequence[str], name: str, rounded: object) -> Interval | None:
    assert callable(rounded)
    low, best, high = (
        None if found is None else rounded(found)
        for found in (_number(layout, row, each) for each in (f"{name}_low", name, f"{name}_high"))
    )
    said = layout.cell(row, f"{name}_qualifier").lower()
    text = layout.cell(row, name).lower()
    if said == "undisclosed" or (best is None and low is None and text == "undisclosed"):
        return Interval.undisclosed()
    if best is None and low is None and high is None:
        return None
    if said in QUALIFIERS and (low is not None or high is not None):
        bounds = [each for each in (low, best, high) if each is not None]
        if bounds != sorted(bounds):
            raise _UnusableError(name, "the bounds are in the wrong order")
        return Interval(low, best, high, said)  # type: ignore[arg-type]
    if best is not None:
        return Interval.of(best, said) if said in QUALIFIERS else Interval.exact(best)  # type: ignore[arg-type]
    if low is not None and high is not None:
        return Interval.between(low, high)
    return Interval.of(low, "at least") if low is not None else Interval.of(high or 0, "at most")


def _stage(layout: _Layout, row: Sequence[str]) -> str:
    said = layout.cell(row, "stage").lower()
    stage = _STATUS.get(said, said)
    if stage in STAGES and stage != "need":
        return stage
    if said:
        raise _UnusableError("stage", "this status is not known")
    column = layout.places["value"] or layout.places["quantity"]
    assert column is not None
    named = [_STAGE_ATTRIBUTES[each] for each in column.attributes if each in _STAGE_ATTRIBUTES]
    return min(named, default="commitment")


def _currency(layout: _Layout, row: Sequence[str], *, known: bool) -> str:
    said = layout.cell(row, "currency").upper()
    if re.fullmatch("[A-Z]{3}", said):
        return said
    if said:
        raise _UnusableError("currency", "this is no currency code")
    column = layout.places["value"]
    assert column is not None
    tagged = sorted(column.attributes & _CURRENCIES)
    if tagged:
        return tagged[0].upper()
    if known:
        raise _UnusableError("value", "the amount has no currency: tag it +usd, or add #currency")
    return "EUR"
