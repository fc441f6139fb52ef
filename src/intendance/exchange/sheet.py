"""Spreadsheets that came back: needs, pledges, stocks or deliveries, as xlsx, ods or csv.

The heads say what a sheet is, in French or English and in any order. Each bad cell is reported
by its address (B7); its row is set aside.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from intendance.errors import InputError
from intendance.exchange.codes import place_name
from intendance.exchange.gathering import Gathering, clean
from intendance.exchange.imported import Drafts
from intendance.exchange.layout import KINDS, Field, fields, kind_named
from intendance.exchange.sheet_cells import Cells, read_cells
from intendance.exchange.spoken import spoken
from intendance.exchange.tables import Sheet, read_sheets
from intendance.exchange.template import address, template
from intendance.model.catalogue import capabilities, find_item, fold
from intendance.model.entry import Entry, Money, Quantity, Source
from intendance.model.finding import Finding, Where
from intendance.model.interval import QUALIFIERS, Interval
from intendance.model.period import Period

_SEARCHED_ROWS: Final = 20
HELD_BACK: Final = "not imported, because other cells are bad (--accept-good takes it)"
_STAGES: Final = {
    "needs": "need",
    "pledges": "pledge",
    "stocks": "pledge",
    "deliveries": "delivery",
}
_SPACES: Final = {"needs": "need", "stocks": "stock"}
_TOPICS: Final = {"needs": "need", "stocks": "stock"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet whose kind is known: where its columns stand, and the language of its heads."""

    sheet: Sheet
    kind: str
    header: int
    places: dict[str, int]
    language: str

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """Give a row's cells by our column names."""
        return {
            name: cells[at].strip() if at < len(cells) else "" for name, at in self.places.items()
        }

    def address(self, row: int, name: str) -> str:
        """Give a cell's address; a column that the sheet lacks has only its name."""
        return address(row, self.places[name]) if name in self.places else name


def read_drafts(path: Path, recorded_on: date, release: str = "") -> Drafts:
    """Read a filled-in sheet into drafts. InputError when it is none of the four kinds."""
    filled = recognise(read_sheets(path), path.name)
    gathering = Gathering(path.name)
    columns = fields(filled.kind)
    used = set(filled.places.values())
    heads = filled.sheet.rows[filled.header]
    for at, head in enumerate(heads):
        if head.strip() and at not in used:
            gathering.note(
                filled.header + 1,
                address(filled.header + 1, at),
                "this column is not used",
                head,
                code="column-unused",
                severity="note",
            )
    seen: Counter[str] = Counter()
    whole: dict[tuple[str, ...], int] = {}
    reader = _Reader(filled, recorded_on, release or path.stem, seen)
    for number, cells in filled.sheet.below(filled.header):
        gathering.rows += 1
        row = filled.row(cells)
        same = tuple(row.values())
        if same in whole:
            gathering.merged.add(number)
            gathering.note(number, "", f"the same words as row {whole[same]}: counted once")
            continue
        whole[same] = number
        found = read_cells(row, columns, recorded_on, filled.language)
        problems = [*found.problems, *_row_problems(filled.kind, found)]
        problems.sort(key=lambda problem: filled.places.get(problem[0], len(cells)))
        for name, reason in problems:
            gathering.put_aside(number, filled.address(number, name), reason, row.get(name, ""))
        for name, doubt in found.doubts:
            gathering.note(number, filled.address(number, name), doubt, row.get(name, ""))
        if problems:
            continue
        entry = reader.entry(found, number)
        if entry.slot in gathering.entries:
            earlier = gathering.rows_of[entry.slot][0]
            gathering.put_aside(
                number,
                filled.address(number, "reference"),
                f"this reference stands with other words in row {earlier}",
                row.get("reference", ""),
            )
        else:
            gathering.add(entry, number)
    if not gathering.rows:
        raise InputError(
            f"{path.name} has heads but no rows.", next_step="Fill in a row and save it."
        )
    return gathering.drafts()


def recognise(sheets: Sequence[Sheet], name: str) -> Filled:
    """Find the sheet to read by its heads; InputError names what the nearest kind lacks."""
    best: tuple[int, int, Filled] | None = None
    nearest: tuple[int, str, list[str]] = (-99, "", [])
    fuller: tuple[int, str, list[str]] = (0, "", [])
    for sheet in sheets:
        for header, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
            heads = [fold(cell) for cell in row]
            for kind in KINDS:
                places, french = _places(heads, kind)
                required = [field for field in fields(kind) if field.required]
                missing = [field.english for field in required if field.name not in places]
                if len(places) - 3 * len(missing) > nearest[0] and len(places) > 1:
                    nearest = (len(places) - 3 * len(missing), kind, missing)
                if missing:
                    fuller = max(fuller, (len(places), kind, missing))
                    continue
                filled = Filled(sheet, kind, header, places, "fr" if french else "en")
                rank = (int(kind_named(sheet.name) == kind), len(places))
                if best is None or rank > best[:2]:
                    best = (*rank, filled)
    if best and best[1] < fuller[0] and not best[0]:
        # More of its heads are another kind's: booking pledges as needs would lose their donors.
        raise InputError(
            f"{name} looks like a sheet of {fuller[1]}, but lacks the columns "
            f"{', '.join(fuller[2])}.",
            next_step=f"Take its heads from: intendance template {fuller[1]} --out FILE.xlsx",
        )
    if best:
        return best[2]
    lacks = f": as {nearest[1]} it lacks the columns {', '.join(nearest[2])}" if nearest[1] else ""
    raise InputError(
        f"{name} is no sheet of needs, pledges, stocks or deliveries{lacks}.",
        next_step="Take its heads from: intendance template pledges --out pledges.xlsx",
    )


def _places(heads: Sequence[str], kind: str) -> tuple[dict[str, int], bool]:
    """Give where each column stands, and whether more heads are French than English.

    Proper heads go before aliases, so that "source url" does not take the place of "source".
    """
    places: dict[str, int] = {}
    balance = 0
    for field in fields(kind):
        proper = {fold(field.english): -1, fold(field.french): 1, fold(field.name): 0}
        if fold(field.english) == fold(field.french):
            proper[fold(field.english)] = 0
        for known in (tuple(proper), tuple(field.heads)):
            at = next((at for at, head in enumerate(heads) if head in known), None)
            if at is not None and at not in places.values():
                places[field.name] = at
                balance += proper.get(heads[at], 0)
                break
    return places, balance > 0


def _row_problems(kind: str, cells: Cells) -> list[tuple[str, str]]:
    """Say what is wrong with a row whose cells are good one by one."""
    bad = {name for name, _ in cells.problems}
    found = []
    disclosed = cells.words.get("qualifier") != "undisclosed"
    said = {"quantity", "amount"} & (set(cells.numbers) | cells.silent | bad)
    if not said and disclosed:
        what = "a quantity" if kind in ("needs", "stocks") else "a quantity or an amount"
        found.append(("quantity", f"the row says neither {what} nor that it is undisclosed"))
    if "amount" in cells.numbers and "currency" not in cells.words and "currency" not in bad:
        found.append(("currency", "an amount needs its currency"))
    thing = {"capability", "item"} & (set(cells.words) | bad)
    counted = "quantity" in cells.numbers or kind == "stocks"
    if counted and not thing:
        found.append(("item", "a quantity needs an item or a capability"))
    if "per" in cells.words and not {"from"} & (set(cells.periods) | bad):
        found.append(("from", "a need that comes anew each month needs its first day"))
    first, last = cells.periods.get("from"), cells.periods.get("date")
    if first and last and (first.first or first.last) > last.last:
        found.append(("from", "the beginning is after the end"))
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns good cells into entries."""

    filled: Filled
    recorded_on: date
    release: str
    seen: Counter[str]

    def entry(self, cells: Cells, number: int) -> Entry:
        kind, words = self.filled.kind, cells.words
        item = find_item(words.get("item", "")) if words.get("item") else None
        capability = words.get("capability", "") or (item.capability if item else "")
        stage = words.get("stage") or _STAGES[kind]
        valid = cells.periods.get("date")
        origin = words.get("source", "") or words.get("donor", "") or "sheet"
        entry = Entry(
            line=self._line(cells, stage),
            stage=stage,
            part=self._part(cells, stage),
            topic=_TOPICS.get(kind, "aid"),  # type: ignore[arg-type]
            recorded_on=self.recorded_on,
            donor=words.get("donor", ""),
            recipient=words.get("recipient", ""),
            category=words.get("category", ""),
            capability=capability,
            item=item.name if item else fold(words.get("item", ""))[:120],
            item_text=words.get("item", "")[:400],
            instrument=words.get("instrument", "").lower()[:80],
            place=place_name(words.get("place", "")),
            valid=valid,
            quantity=_quantity(cells, self._unit(words, capability)),
            money=_money(cells),
            terms=_terms(cells),
            marking=_marking(kind, words),
            source=Source(clean(origin, 120), self.release, number, words.get("url", "")),
        )
        if kind == "needs":
            first = cells.periods.get("from")
            assert valid is not None
            entry = replace(
                entry,
                valid=Period((first.first or first.last) if first else None, valid.last),
                roles=(("requester", words["source"]),) if "source" in words else (),
            )
        return entry

    def _unit(self, words: dict[str, str], capability: str) -> str:
        item = find_item(words.get("item", "")) if words.get("item") else None
        own = capabilities().get(capability)
        return words.get("unit") or (item.unit if item else own.unit if own else "piece")

    def _line(self, cells: Cells, stage: str) -> str:
        """Give the row's line: its reference, else a digest of what it is about, not how much."""
        words = cells.words
        space = _SPACES.get(self.filled.kind, "sheet")
        if words.get("reference"):
            return f"{space}:{words['reference']}"[:390]
        about = (
            *(words.get(each, "") for each in ("donor", "recipient", "category", "capability")),
            *(fold(words.get(each, "")) for each in ("item", "place", "instrument", "currency")),
            str(cells.periods.get("date", "")) if space == "sheet" else "",
            stage,
        )
        digest = hashlib.sha256("\x1f".join((self.filled.kind, *about)).encode()).hexdigest()[:16]
        self.seen[digest] += 1
        return f"{space}:{digest}" + (f"~{self.seen[digest]}" if self.seen[digest] > 1 else "")

    def _part(self, cells: Cells, stage: str) -> str:
        """Tell several deliveries of one promise apart by item and day."""
        if self.filled.kind != "deliveries" or not cells.words.get("reference"):
            return ""
        words = (cells.words.get("item", ""), str(cells.periods.get("date", "")))
        part = " ".join(filter(None, (fold(words[0])[:80], words[1])))
        key = f"{cells.words['reference']}\x1f{stage}\x1f{part}"
        self.seen[key] += 1
        return part + (f"~{self.seen[key]}" if self.seen[key] > 1 else "")


def _interval(cells: Cells, name: str) -> Interval | None:
    said = cells.words.get("qualifier", "exact")
    assert said in QUALIFIERS
    number = cells.numbers.get(name)
    if number is not None:
        return Interval.of(number, said)  # type: ignore[arg-type]
    return Interval.undisclosed() if name in cells.silent else None


def _quantity(cells: Cells, unit: str) -> Quantity | None:
    found = _interval(cells, "quantity")
    said = {"quantity", "amount"} & (set(cells.numbers) | cells.silent)
    if found is None and (not said or "item" in cells.words or "capability" in cells.words):
        found = Interval.undisclosed()
    return Quantity(found, unit) if found else None


def _money(cells: Cells) -> Money | None:
    found = _interval(cells, "amount")
    return Money(found, cells.words.get("currency", "EUR")) if found else None


def _terms(cells: Cells) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    found.update({name: cells.words[name] for name in ("per", "note") if name in cells.words})
    for name in ("priority", "floor"):
        if name in cells.numbers:
            found[name] = str(cells.numbers[name].normalize() + 0)
    if "due" in cells.periods:
        found["due"] = str(cells.periods["due"].last)
    if "per" in found or "priority" in found:
        found["basis"] = "sourced" if cells.words.get("url") else "assumed"
    return tuple(sorted(found.items()))


def _marking(kind: str, words: dict[str, str]) -> str:
    """Give who may see the row: a stock is its owner's alone unless the sheet says otherwise."""
    if kind != "stocks":
        return "public"
    level = words.get("marking", "private")
    return f"private:{words['donor']}" if level == "private" else level


def held_back(drafts: Drafts) -> Drafts:
    """Give drafts that import nothing: the good rows are set aside beside the bad ones."""
    if not drafts.set_aside:
        return drafts
    file = drafts.set_aside[0].where.file
    bad = {finding.where.row for finding in drafts.set_aside}
    good = sorted({row for rows in drafts.rows_of.values() for row in rows} - bad)
    held = [Finding("held-back", "note", HELD_BACK, Where(file, row)) for row in good]
    return Drafts((), drafts.rows, {}, drafts.merged, (*drafts.set_aside, *held), drafts.notes)


def corrected(path: Path, set_aside: Sequence[Finding], language: str = "") -> bytes:
    """Give the sheet as a template again, its bad cells red with the reason as a comment."""
    filled = recognise(read_sheets(path), path.name)
    language = language or filled.language
    rows: list[dict[str, str]] = []
    index_of: dict[int, int] = {}
    for number, cells in filled.sheet.below(filled.header):
        index_of[number] = len(rows)
        rows.append(filled.row(cells))
    columns: tuple[Field, ...] = fields(filled.kind)
    bad: dict[tuple[int, str], str] = {}
    for finding in set_aside:
        row = finding.where.row
        for field in columns:
            if row in index_of and finding.where.column == filled.address(row, field.name):
                bad[index_of[row], field.name] = spoken(finding.sentence, language)
    return template(filled.kind, language, rows, bad)
