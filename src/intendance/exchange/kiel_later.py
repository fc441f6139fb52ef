"""The tracker's later layouts (after release 13): activities, allocations and commitments.

Commitments are the activity's total on its first row; allocations are the redistributed
sub-activity values of rows whose measure is Allocation. The two are never added together:
they are two stages of one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from intendance.exchange.imported import Drafts
from intendance.exchange.numbers import number_of
from intendance.exchange.tables import Sheet, places_of
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.catalogue import find_item, fold, party_name
from intendance.model.entry import Entry, Money, Quantity, Source, Valuation
from intendance.model.finding import Finding, Where
from intendance.model.interval import Interval

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("activity id",),
    "donor": ("donor", "countries"),
    "announced": ("announcement date",),
    "category": ("aid type general", "type of aid general"),
    "measure": ("measure",),
    "committed": ("tot activity value eur",),
    "allocated": ("tot sub activity value eur redistr",),
    "sub": ("sub activity id",),
    "kind": ("aid type specific", "type of aid specific"),
    "currency": ("reporting currency",),
    "amount": ("source reported value",),
    "sub_value": ("tot sub activity value eur",),
    "delivered": ("tot value deliv eur",),
    "item": ("item",),
    "units": ("item numb", "item number", "item quantity", "no of units"),
    "source": ("source of aid 1", "source 1", "source"),
}
REQUIRED: Final = ("id", "donor", "announced", "category", "measure", "committed", "allocated")
_CENT: Final = Decimal("0.01")
Found = tuple[Sheet, int, dict[str, int]]
_UNKNOWN: Final = frozenset(("", ".", "na", "n/a", "-", "undisclosed", "not given", "unknown"))


def find_header(sheets: Iterable[Sheet]) -> Found | None:
    """Find the table with the later layout's required columns; None when there is none."""
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:40]):
            places = places_of(row, COLUMNS)
            if all(name in places for name in REQUIRED):
                return sheet, index, places
    return None


def read_drafts(found: Found, recorded_on: date, release: str) -> Drafts:
    """Read a later release into drafts; the first row of an activity carries its commitment.

    ``found`` is the table, the index of its header row and the places of its columns.
    """
    sheet, header, places = found
    entries: dict[tuple[str, str, str, str], Entry] = {}
    rows_of: dict[tuple[str, str, str, str], list[int]] = {}
    aside: list[Finding] = []
    merged: set[int] = set()
    held: set[str] = set()
    places_of_lines: Counter[str] = Counter()
    count = 0
    for number, cells in sheet.below(header):
        count += 1
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        problem = _problem(row, recorded_on)
        if problem:
            column, sentence = problem
            where = Where(sheet.file, number, column)
            aside.append(Finding("row", "error", sentence, where, row.get(column, "")))
            held.add(f"kiel:{row['id']}")
            continue
        # The place among its activity's rows, not in the file: rows move from release to release.
        places_of_lines[row["id"]] += 1
        place = str(places_of_lines[row["id"]])
        drafts = _entries(row, number, place, recorded_on, release)
        if not drafts:
            merged.add(number)
        for draft in drafts:
            slot = draft.slot
            entries[slot] = _joined(entries[slot], draft) if slot in entries else draft
            rows_of.setdefault(slot, []).append(number)
    return Drafts(
        tuple(entries.values()),
        count,
        {slot: tuple(rows) for slot, rows in rows_of.items()},
        frozenset(merged),
        tuple(aside),
        _unused(sheet, header, places),
        frozenset(held),
    )


def _unused(sheet: Sheet, header: int, places: dict[str, int]) -> tuple[Finding, ...]:
    used = set(places.values())
    return tuple(
        Finding(
            "column-unused",
            "note",
            "this column is not used",
            Where(sheet.file, header + 1, head.strip()),
        )
        for index, head in enumerate(sheet.rows[header])
        if index not in used and head.strip()
    )


def _problem(row: dict[str, str], recorded_on: date) -> tuple[str, str] | None:
    if not row["id"]:
        return "id", "the row names no activity"
    if not row["donor"]:
        return "donor", "the row names no donor"
    try:
        read_period(row["announced"], recorded_on)
    except ImpossibleDateError as error:
        return "announced", str(error)
    if len(row["id"]) > 200:
        return "id", "the id is longer than 200 characters"
    for column in ("committed", "allocated", "delivered", "amount", "units"):
        text = row.get(column, "")
        number = number_of(text)
        if number is None and text.lower() not in _UNKNOWN:
            return column, "this is not a number"
        if number is not None and number < 0:
            return column, "aid cannot be below zero"
    return None


def _joined(first: Entry, second: Entry) -> Entry:
    """Add two rows of one sub-activity: the same slot is one event, its parts add up."""
    if first.money is None or second.money is None or not second.money.amount.known:
        return first
    if not first.money.amount.known:
        return second
    worth = _sum(first.valuations[0].amount, second.valuations[0].amount)
    money = Money(worth, "EUR")  # rows of several currencies have only their euros in common
    if first.money.currency == second.money.currency:
        money = Money(_sum(first.money.amount, second.money.amount), first.money.currency)
    valuation = replace(first.valuations[0], amount=worth)
    return replace(first, money=money, valuations=(valuation,))


def _sum(first: Interval, second: Interval) -> Interval:
    return Interval.exact((first.best or Decimal(0)) + (second.best or Decimal(0)))


def _entries(
    row: dict[str, str], number: int, place: str, recorded_on: date, release: str
) -> list[Entry]:
    line = f"kiel:{row['id']}"
    item = find_item(row.get("item", ""))
    url = row.get("source", "")
    base = Entry(
        line=line,
        stage="commitment",
        recorded_on=recorded_on,
        donor=party_name(row["donor"]),
        recipient="Ukraine",
        category=row["category"].lower(),
        instrument=fold(row.get("kind", "")),
        valid=read_period(row["announced"], recorded_on),
        source=Source(
            "kiel",
            f"Ukraine Support Tracker, {release}",
            number,
            url if url.startswith("http") else "",
        ),
    )
    committed = number_of(row["committed"])
    said = _said(row)
    allocated = number_of(row["allocated"]) if _measured(row) else None
    delivered = number_of(row.get("delivered", ""))
    found = []
    part = row.get("sub", "") or place
    if committed is not None:
        found.append(_valued(base, committed, committed, said, release))
    elif allocated is not None:
        # The line's commitment is somewhere else or unknown: without this undisclosed entry the
        # allocation would count as a commitment, which the tracker keeps apart.
        unknown = Money(Interval.undisclosed(), "EUR")
        found.append(replace(base, money=unknown))
    if allocated is not None:
        quantity = number_of(row.get("units", ""))
        allocation = replace(
            _valued(base, allocated, committed, said, release),
            stage="allocation",
            part=part,
            item=item.name if item else fold(row.get("item", "")),
            item_text=row.get("item", ""),
            capability=item.capability if item else "",
            quantity=None
            if quantity is None
            else Quantity(Interval.exact(quantity.quantize(Decimal("0.001")))),
        )
        found.append(allocation)
    if delivered:
        given = _valued(base, delivered, committed, said, release)
        found.append(replace(given, stage="delivery", part=part))
    return found


def _measured(row: dict[str, str]) -> bool:
    return row["measure"].strip().lower().startswith("allocation")


def _said(row: dict[str, str]) -> tuple[Decimal, str] | None:
    """Give the amount that the source reported, in its own currency."""
    amount, currency = number_of(row.get("amount", "")), row.get("currency", "").upper()
    if not amount or len(currency) != 3 or not currency.isalpha():
        return None
    return amount, currency


def _valued(
    base: Entry,
    eur: Decimal,
    committed: Decimal | None,
    said: tuple[Decimal, str] | None,
    release: str,
) -> Entry:
    """Value an entry: the tracker's euros, and its share of the amount that the source reported.

    Without a reported amount, or without the activity's total to take a share of, the euros are
    all there is.
    """
    worth = Interval.exact(eur.quantize(_CENT))
    money = Money(worth, "EUR")
    if said and committed:
        money = Money(Interval.exact((said[0] * eur / committed).quantize(_CENT)), said[1])
    valuation = Valuation("source", worth, "EUR", f"kiel:{release}")
    return replace(base, money=money, valuations=(valuation,))
