"""The Ukraine Support Tracker's files (Kiel Institute), releases 7 to 13: workbook and csv.

Layout and traps: the value of a package stands on one of its rows; the others hold items.
``Total`` is the amount in its own currency, ``Converted Value in EUR`` the tracker's conversion.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Final

from intendance.errors import InputError
from intendance.exchange.imported import Drafts
from intendance.exchange.kiel_columns import (
    CATEGORIES,
    COLUMNS,
    LONGEST_ID,
    REQUIRED,
    UNDATED,
    UNKNOWN,
    Row,
)
from intendance.exchange.numbers import number_of
from intendance.exchange.tables import Sheet, places_of, read_sheets
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.catalogue import Item, find_item, fold, party_name
from intendance.model.entry import (
    Entry,
    Money,
    Quantity,
    Source,
    Valuation,
    changed_entry,
    new_entry,
    new_source,
)
from intendance.model.finding import Finding, Where
from intendance.model.interval import Interval, plain

TRACKER: Final = "kiel"
TITLE: Final = "Ukraine Support Tracker"
_RECIPIENT: Final = "Ukraine"
_CENT: Final = Decimal("0.01")


@dataclass(slots=True)
class _Reading:
    """What gathers while the rows are read."""

    file: str
    recorded_on: date
    release: str
    entries: list[Entry] = field(default_factory=list)
    rows_of: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    merged: set[int] = field(default_factory=set)
    set_aside: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    rates: dict[str, list[Decimal]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    allocations: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, entry: Entry, row: int) -> None:
        self.entries.append(entry)
        self.rows_of.setdefault(entry.slot, []).append(row)

    def note(self, row: Row, column: str, code: str, sentence: str) -> None:
        where = Where(self.file, row.number, self.heads.get(column, column))
        self.notes.append(Finding(code, "warning", sentence, where, row[column]))

    def put_aside(self, row: Row, column: str, code: str, sentence: str) -> None:
        where = Where(self.file, row.number, self.heads.get(column, column))
        self.set_aside.append(Finding(code, "error", sentence, where, row[column]))
        if row["id"]:
            self.held.add(f"{TRACKER}:{row['id']}")  # not gone: it cannot be read


# The same few words stand in thousands of rows.
_donor = lru_cache(4096)(party_name)
_announced = lru_cache(4096)(read_period)


@lru_cache(4096)
def _item_of(text: str) -> tuple[Item | None, str]:
    """Give the catalogue's item for a text, and the text folded."""
    return find_item(text), fold(text)


def find_header(sheets: Iterable[Sheet]) -> tuple[Sheet, int, dict[str, int]]:
    """Find the table with the required columns, wherever its header row starts.

    InputError names the columns that the best candidate lacks.
    """
    best: tuple[int, list[str], str] = (0, list(REQUIRED), "")
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:40]):
            places = _places(row)
            missing = [name for name in REQUIRED if name not in places]
            if not missing:
                return sheet, index, places
            best = max(best, (len(REQUIRED) - len(missing), missing, sheet.name))
        file = sheet.file
    headed = ", ".join(COLUMNS[name][0] for name in best[1])
    raise InputError(
        f"{file} is not a table of the {TITLE}: it lacks the columns {headed}.",
        next_step="Give the main data, as csv or in the tracker's workbook.",
    )


def _places(row: Sequence[str]) -> dict[str, int]:
    places = places_of(row, COLUMNS)
    before_type = places.get("item_type", 0) - 1
    if "item" not in places and before_type >= 0 and not row[before_type].strip():
        places["item"] = before_type  # release 7's workbook leaves this head blank
    return places


def read_drafts(path: Path, recorded_on: date, release: str = "") -> Drafts:
    """Read a release into drafts of entries; nothing is posted.

    ``release`` names it in sources; without it the file's name does. InputError when the file
    cannot be read or is not the tracker's.
    """
    sheets = read_sheets(path)
    from intendance.exchange import kiel_later

    later = kiel_later.find_header(sheets)
    if later:
        return kiel_later.read_drafts(later, recorded_on, release or path.stem)
    sheet, header, places = find_header(sheets)
    reading = _Reading(path.name, recorded_on, release or path.stem)
    known = set(places.values())
    for index, head in enumerate(sheet.rows[header]):
        if index not in known and head.strip() and not fold(head).startswith("unnamed"):
            where = Where(path.name, header + 1, head.strip())
            sentence = "this column is not used"
            reading.notes.append(Finding("column-unused", "note", sentence, where))
    _refuse_cut_off(sheet, header)
    reading.heads = {name: sheet.rows[header][at].strip() or name for name, at in places.items()}
    packages: dict[str, list[Row]] = {}
    rows = [Row.of(number, cells, places) for number, cells in sheet.below(header)]
    for row in rows:
        if not _usable(row, reading):
            continue
        if _repeated(row, reading):
            reading.merged.add(row.number)
        else:
            packages.setdefault(row["id"], []).append(row)
    if not rows:
        raise InputError(f"{path.name} has a header but no rows.", next_step="Export it again.")
    for package in packages.values():
        _read_package(package, reading)
    _add_rates(reading)
    return Drafts(
        tuple(reading.entries),
        len(rows),
        {slot: tuple(rows) for slot, rows in reading.rows_of.items()},
        frozenset(reading.merged),
        tuple(reading.set_aside),
        tuple(reading.notes),
        frozenset(reading.held),
    )


def _refuse_cut_off(sheet: Sheet, header: int) -> None:
    """Refuse a csv whose last row ends before its header does: the rest of it is missing too.

    A release is a snapshot: what a cut-off file lacks would be taken for withdrawn.
    """
    last = next((row for row in reversed(sheet.rows) if any(cell.strip() for cell in row)), ())
    if not sheet.name and len(last) < len(sheet.rows[header]) and last is not sheet.rows[header]:
        raise InputError(
            f"{sheet.file} ends in the middle of a row: it is cut off.",
            next_step="Download or export it again.",
        )


def _repeated(row: Row, reading: _Reading) -> bool:
    """Tell whether a row with money stands in the file already, cell for cell."""
    if row.eur is None and row.amount is None:
        return False
    # Rows with as many cells have the same ones: the columns that a short row lacks are the last.
    if row.cells in reading.seen:
        return True
    reading.seen.add(row.cells)
    return False


def _usable(row: Row, reading: _Reading) -> bool:
    """Set a row aside when it names no package, no known category, or an impossible day."""
    if not row["id"]:
        reading.put_aside(row, "id", "no-id", "the row names no package")
        return False
    if len(row["id"]) > LONGEST_ID:
        reading.put_aside(row, "id", "long-id", "the id is longer than 200 characters")
        return False
    if not row["donor"]:
        reading.put_aside(row, "donor", "no-donor", "the row names no donor")
        return False
    if row["category"].lower() not in CATEGORIES:
        reading.put_aside(row, "category", "category", "this category is not known")
        return False
    try:
        _announced(row["announced"], reading.recorded_on)
    except ImpossibleDateError as error:
        reading.put_aside(row, "announced", "date", str(error))
        return False
    if _wordy(row["announced"]):
        reading.note(row, "announced", "date", "this date cannot be read: kept as undated")
    eur, amount, delivered = row.eur, row.amount, row.delivered
    for column, number in (("eur", eur), ("amount", amount), ("delivered_eur", delivered)):
        if number is None and row[column].lower() not in UNKNOWN:
            reading.put_aside(row, column, "number", "this is not a number")
            return False
    if (delivered or 0) < 0 or ((amount or 0) < 0) != ((eur or 0) < 0):
        reading.put_aside(row, "eur", "negative", "aid cannot be below zero")
        return False
    return True


@lru_cache(4096)
def _wordy(text: str) -> bool:
    """Tell whether a date is words that are neither a date nor a way to say that there is none."""
    words = text.lower()
    return not any(each.isdigit() for each in words) and words not in UNKNOWN | UNDATED


def _cents(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_EVEN)


def _read_package(rows: list[Row], reading: _Reading) -> None:
    valued = [row for row in rows if row.eur is not None or row.amount is not None]
    lead = valued[0] if valued else rows[0]
    base = f"{TRACKER}:{rows[0]['id']}"
    common = _common(lead, reading, rows)
    _add_value(lead, base, reading, common)
    for place, row in enumerate(valued[1:], start=2):
        _add_value(row, f"{base}/{place}", reading, _common(row, reading, [row]))
    allocated = {
        row.number
        for row in rows
        if row["allocated_eur"] and _add_allocation(row, base, reading, common)
    }
    names: dict[str, int] = {}
    for row in rows:
        if row["item"].lower() in UNKNOWN:
            if row is not lead and row not in valued[1:] and row.number not in allocated:
                reading.merged.add(row.number)  # its date and links stand on the package
            continue
        own, folded = _item_of(row["item"])
        item = own or _item_of(row["sub_type"])[0]
        label = own.name if own else folded
        slug = _slug(folded)
        names[slug] = names.get(slug, 0) + 1
        suffix = f"~{names[slug]}" if names[slug] > 1 else ""
        own_words = common if len(rows) == 1 else _common(row, reading, [row])
        about = (label, item.capability if item else "")
        _add_item(row, f"{base}/{slug}{suffix}", about, reading, own_words)


def _add_allocation(row: Row, line: str, reading: _Reading, common: dict[str, object]) -> bool:
    """Post what a row allocates of its package, at the tracker's own euros; tell whether it does.

    The part is the place among the package's allocations: rows move from release to release.
    """
    euros = number_of(row["allocated_eur"])
    if euros is None or euros < 0 or not fold(row["measure"] or "allocation").startswith("alloc"):
        return False
    reading.allocations[line] += 1
    worth = Interval.exact(_cents(euros))
    entry = Entry(
        line=line,
        stage="allocation",
        part=str(reading.allocations[line]),
        money=Money(worth, "EUR"),
        valuations=(Valuation("source", worth, "EUR", f"{TRACKER}:{reading.release}"),),
        **common,  # type: ignore[arg-type]
    )
    reading.add(entry, row.number)
    return True


@lru_cache(4096)
def _slug(folded: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded)[:80]


def _common(row: Row, reading: _Reading, sources: Sequence[Row]) -> dict[str, object]:
    links = [
        link
        for row in sources
        for link in (row["source"], row["source_2"], row["source_3"], row["source_4"])
        if link and link.startswith("http")
    ]
    unique = list(dict.fromkeys(links)) if len(links) > 1 else links
    return {
        "recorded_on": reading.recorded_on,
        "donor": _donor(row["donor"]),
        "recipient": _RECIPIENT,
        "category": row["category"].lower(),
        "instrument": _instrument(row["kind"]),
        "valid": _announced(row["announced"], reading.recorded_on),
        "source": new_source(
            TRACKER,
            f"{TITLE}, {reading.release}",
            row.number,
            unique[0] if unique else "",
            tuple(unique[1:12]),
        ),
    }


@lru_cache(4096)
def _instrument(kind: str) -> str:
    words = _item_of(kind)[1]
    for name in ("loan", "guarantee", "swap", "grant"):
        if name in words:
            return name
    return "in kind" if re.search("weapon|equipment|assistance|material", words) else words


@lru_cache(4096)
def _is_code(text: str) -> bool:
    return bool(re.fullmatch("[A-Z]{3}", text))


def _add_value(row: Row, line: str, reading: _Reading, common: dict[str, object]) -> None:
    """Post the package's money as a commitment and, where some is delivered, as a delivery."""
    eur, amount = row.eur, row.amount
    currency = row["currency"].upper()
    tag = f"{TRACKER}:{reading.release}"
    if eur is not None and eur < 0:
        _add_decrease(row, line, reading, common)
        return
    priced: tuple[Valuation, ...] = ()
    if amount is None or not _is_code(currency):
        amount, currency = eur, "EUR"
    if amount is None:
        money = Money(Interval.undisclosed(), "EUR")
    else:
        exact = Interval.exact(_cents(amount))
        money = Money(exact, currency)
        # An amount that the tracker did not convert is not in its totals: its worth there is
        # undisclosed, while the amount itself stays for every other rate rule.
        if eur is None:
            exact = Interval.undisclosed()
        elif eur is not amount:
            exact = Interval.exact(_cents(eur))
        priced = (Valuation("source", exact, "EUR", tag),)
        if eur and amount and currency != "EUR":
            reading.rates.setdefault(currency, []).append(amount / eur)
    entry = new_entry(line=line, stage="commitment", money=money, valuations=priced, **common)
    reading.add(entry, row.number)
    delivered = row.delivered
    if not delivered:
        return
    share = money
    if eur and amount and delivered != eur:
        share = Money(Interval.exact(_cents(amount * delivered / eur)), currency)
    elif not eur:
        share = Money(Interval.exact(_cents(delivered)), "EUR")
    priced = (Valuation("source", Interval.exact(_cents(delivered)), "EUR", tag),)
    given = changed_entry(entry, stage="delivery", money=share, valuations=priced)
    reading.add(_sourced_delivery(given, row), row.number)


def _add_decrease(row: Row, line: str, reading: _Reading, common: dict[str, object]) -> None:
    """Post a value below zero as what it means: nothing promised here, so much taken back."""
    eur, amount = row.eur, row.amount
    currency = row["currency"].upper()
    assert eur is not None
    if amount is None or not _is_code(currency):
        amount, currency = eur, "EUR"
    tag = f"{TRACKER}:{reading.release}"
    for stage, size in (("commitment", Decimal(0)), ("cancelled", Decimal(1))):
        worth = Valuation("source", Interval.exact(_cents(-eur * size)), "EUR", tag)
        money = Money(Interval.exact(_cents(-amount * size)), currency)
        entry = Entry(line=line, stage=stage, money=money, valuations=(worth,), **common)  # type: ignore[arg-type]
        reading.add(entry, row.number)


def _sourced_delivery(entry: Entry, row: Row) -> Entry:
    url = row["delivery_source"]
    if not url.startswith("http"):
        return entry
    return changed_entry(entry, source=replace(entry.source, url=url, also=()))


def _add_item(
    row: Row, line: str, about: tuple[str, str], reading: _Reading, common: dict[str, object]
) -> None:
    """Post one item of a package: how many are promised, and how many are delivered."""
    item, capability = about
    units, delivered = (_quantity(row, name, reading) for name in ("units", "delivered_units"))
    estimate = number_of(row["estimate_usd"])
    priced: tuple[Valuation, ...] = ()
    if estimate is not None and estimate >= 0:
        figure = Interval.of(_cents(estimate), "about")
        priced = (Valuation("estimate", figure, "USD", f"{TRACKER}:{reading.release}"),)
    entry = new_entry(
        line=line,
        stage="commitment",
        item=item,
        item_text=row["item"].replace("\n", " "),
        capability=capability,
        quantity=units or _undisclosed(_unit(row["item"])),
        valuations=priced,
        **common,
    )
    reading.add(entry, row.number)
    if delivered is not None and delivered.amount.best:
        given = changed_entry(entry, stage="delivery", quantity=delivered, valuations=())
        reading.add(_sourced_delivery(given, row), row.number)


def _quantity(row: Row, column: str, reading: _Reading) -> Quantity | None:
    text = row[column]
    if not text:
        return None
    unit = _unit(row["item"])
    number = number_of(text)
    if number is not None and number >= 0:
        exact = number == number.to_integral_value()
        figure = number.quantize(Decimal("0.001"))
        return Quantity(Interval.of(figure, "exact" if exact else "about"), unit)
    if text.lower() not in UNKNOWN:
        reading.note(row, column, "quantity", "this quantity cannot be read: kept as undisclosed")
    return None


@lru_cache(64)
def _undisclosed(unit: str) -> Quantity:
    return Quantity(Interval.undisclosed(), unit)


@lru_cache(4096)
def _unit(item: str) -> str:
    known, folded = _item_of(item)
    words = folded.split()
    if words[:1] in (["ton"], ["tons"], ["tonne"], ["tonnes"]):
        return "t"
    if words[:1] in (["liter"], ["liters"], ["litre"], ["litres"]):
        return "l"
    return known.unit if known else "piece"


def _add_rates(reading: _Reading) -> None:
    """Post the units per euro that the release used: the median of amount over conversion."""
    terms = tuple(
        (currency, plain(median(found).quantize(Decimal("0.00001"))))
        for currency, found in sorted(reading.rates.items())
    )
    if terms:
        document = f"{TITLE}, {reading.release}"
        reading.entries.append(
            Entry(
                line=f"{TRACKER}:rates",
                stage="pledge",
                topic="rates",
                recorded_on=reading.recorded_on,
                terms=terms,
                source=Source(TRACKER, document),
            )
        )
