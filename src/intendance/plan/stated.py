"""Stocks, floors and holds that donors state in the ledger, in place of what a scenario assumes.

Only what the viewer may see is in the ledger that comes here: whoever sees everything plans with
all donors' private lines, a donor with its own, everybody else with none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Final

from intendance.ledger.privacy import PUBLIC, joined
from intendance.ledger.snapshot import current
from intendance.model.entry import Entry
from intendance.model.finding import Finding
from intendance.model.interval import plain
from intendance.plan.open_needs import THOUSANDTH, accepted_lines
from intendance.plan.scenario_tables import Rows

BINDS: Final = "binds"  # a caveat's term: "yes" keeps the donor's stock at home while it lasts
BASIS: Final = "stated"
_ZERO: Final = Decimal(0)
_DAYS_OF_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Stating:
    """What was known when the problem is built: the entries, both days, the scenario's digest."""

    entries: Sequence[Entry]
    as_of: date
    known_at: date | None
    scenario_sha256: str

    @property
    def marking(self) -> str:
        """Give the join of the markings of all that the problem may rest on."""
        return joined(each.marking for each in self.entries if self._known(each))

    def _known(self, entry: Entry) -> bool:
        return self.known_at is None or entry.recorded_on <= self.known_at

    def current(self, topic: str) -> list[Entry]:
        """Give what is known of a topic, in an order that does not depend on the chain's."""
        told = [each for each in self.entries if each.topic == topic and self._known(each)]
        found = current(told).values()
        return sorted(found, key=lambda each: (each.donor, each.item, each.line, each.part))

    def stands(self, entry: Entry) -> bool:
        """Tell whether what an entry says holds already as of the problem's first day."""
        valid = entry.valid
        return valid is None or (valid.first or valid.last) <= self.as_of

    def weeks_to(self, day: date) -> int:
        """Give the first week that begins on a day or after it."""
        return max(0, -((self.as_of - day).days // _DAYS_OF_WEEK))


def with_stated(
    tables: Mapping[str, Rows], stating: Stating, findings: list[Finding]
) -> dict[str, Rows]:
    """Give the tables with what donors state: quantities, floors, releases, and binding caveats.

    A stock that a donor states takes the place of the scenario's rows of that donor and item,
    shared among them as the scenario shares it. What nobody's row is gets a row of its own where
    the donor's other stocks lie. What the scenario cannot place is left out, with a finding.
    """
    rows = [dict(row) for row in tables["stocks"]]
    for entry in stating.current("stock"):
        if stating.stands(entry):
            _apply(rows, tables, entry, stating, findings)
        else:
            said = "a stock that its donor states for a later day is not used"
            value = f"{entry.donor}: {entry.item or entry.item_text}, {entry.valid}"
            findings.append(Finding("stock-of-later", "note", said, value=value))
    for entry in stating.current("caveat"):
        if entry.term(BINDS) == "yes" and stating.stands(entry):
            _hold(rows, tables, entry, stating)
    if any(row.get("marking") for row in rows):
        rows = [{**row, "marking": row.get("marking") or PUBLIC} for row in rows]
    return {**tables, "stocks": rows}


def _apply(
    rows: Rows,
    tables: Mapping[str, Rows],
    entry: Entry,
    stating: Stating,
    findings: list[Finding],
) -> None:
    donor = _donor_of(tables, entry.donor)
    item = _item_of(tables, entry)
    held = _held(entry)
    if not donor or item is None or held is None:
        _say_left_out(entry, findings)
        return
    mine = [row for row in rows if row["donor"] == donor and row["item"] == item["item"]]
    if not mine:
        node = next((row["node"] for row in rows if row["donor"] == donor), "")
        if not node:
            _say_left_out(entry, findings)
            return
        mine = [_fresh(rows, tables, f"{donor}-{item['item']}", donor, item["item"], node)]
        rows.append(mine[0])
    names = {row["stock"] for row in mine}
    held = max(_ZERO, held - _gone_since(names, entry, stating))
    floor = min(_number(entry.term("floor")) or _ZERO, held)
    release = _date(entry.term("release_on"))
    for row, quantity, kept in zip(mine, _shared(mine, held), _shared(mine, floor), strict=True):
        row["quantity"], row["floor"] = plain(quantity), plain(min(kept, quantity))
        row["release_week"] = str(stating.weeks_to(release)) if release else ""
        row["releasable"] = "0" if entry.term("releasable") == "no" else "1"
        row["basis"], row["note"] = BASIS, ""
        row["marking"] = joined([row.get("marking") or PUBLIC, entry.marking])


def _say_left_out(entry: Entry, findings: list[Finding]) -> None:
    said = "the scenario cannot place this stock that its donor states, so it is left out"
    what = entry.item or entry.item_text
    findings.append(Finding("stock-not-placed", "warning", said, value=f"{entry.donor}: {what}"))


def _hold(rows: Rows, tables: Mapping[str, Rows], entry: Entry, stating: Stating) -> None:
    """Keep a donor's stock at home while its binding caveat lasts: for good without an end."""
    donor = _donor_of(tables, entry.donor)
    item = _item_of(tables, entry)
    if entry.item and item is None:
        return
    until = _date(entry.term("until"))
    for row in rows:
        if row["donor"] != donor or (item is not None and row["item"] != item["item"]):
            continue
        if until is None:
            row["releasable"] = "0"
        elif until >= stating.as_of:
            # The caveat still holds on its last day.
            week = stating.weeks_to(date.fromordinal(until.toordinal() + 1))
            row["release_week"] = str(max(week, int(float(row.get("release_week") or 0))))
        else:
            continue
        row["marking"] = joined([row.get("marking") or PUBLIC, entry.marking])


def _donor_of(tables: Mapping[str, Rows], name: str) -> str:
    fitting = (row["donor"] for row in tables["donors"] if name in (row["donor"], row.get("name")))
    return next(fitting, "")


def _item_of(tables: Mapping[str, Rows], entry: Entry) -> dict[str, str] | None:
    wanted = _plain_name(entry.item)
    fitting = (
        row
        for row in tables["items"]
        if wanted and wanted in (_plain_name(row["item"]), _plain_name(row.get("name") or ""))
    )
    found = next(fitting, None)
    unit = entry.quantity.unit if entry.quantity else ""
    return found if found is None or not unit or unit == (found.get("unit") or "piece") else None


def _plain_name(text: str) -> str:
    return text.strip().casefold().replace("_", "-").replace(" ", "-")


def _held(entry: Entry) -> Decimal | None:
    """Give what is surely held; None when nobody says how much."""
    if entry.quantity is None or not entry.quantity.amount.known:
        return None
    low = entry.quantity.amount.low
    return low if low is not None else _ZERO


def _gone_since(stocks: set[str], entry: Entry, stating: Stating) -> Decimal:
    """Give what accepted plans have taken since the donor said what it holds."""
    lines = accepted_lines(stating.entries, stating.as_of, stating.known_at)
    return sum(
        (
            count
            for line, count, _ in lines
            if line.term("stock") in stocks
            and line.term("scenario") == stating.scenario_sha256
            and line.recorded_on >= entry.recorded_on
        ),
        _ZERO,
    )


def _fresh(
    rows: Rows, tables: Mapping[str, Rows], name: str, donor: str, item: str, node: str
) -> dict[str, str]:
    """Make a stock's row; its name must be nobody else's."""
    taken = {row["stock"] for row in (*rows, *tables["stocks"])}
    while name in taken:
        name += "-own"
    heads = dict.fromkeys(rows[0], "") if rows else {}
    return {**heads, "stock": name, "donor": donor, "item": item, "node": node, "quantity": "0"}


def _shared(rows: Rows, whole: Decimal) -> Iterator[Decimal]:
    """Share a quantity among rows as they share it now; the last one gets what is left over.

    >>> [str(each) for each in _shared([{"quantity": "1"}, {"quantity": "2"}], Decimal(10))]
    ['3', '7']
    """
    parts = [_number(row["quantity"]) or _ZERO for row in rows]
    total = sum(parts, _ZERO)
    step = Decimal(1) if whole == whole.to_integral_value() else THOUSANDTH
    left = whole
    for part in parts[:-1]:
        share = (whole * part / total).quantize(step, ROUND_FLOOR) if total else _ZERO
        left -= share
        yield share
    yield left


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
