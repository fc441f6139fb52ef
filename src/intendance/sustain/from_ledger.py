"""Makes a model's folder from the ledger: fleets, supplies and requirements of a day, given rates.

Deliveries and dated promises become fleets and supplies, needs become requirements; parts, repair,
attrition, consumption, stock and tempo come from a folder of rates (``rates.py``). Every row says
where it is from: ``ledger``, ``computed``, ``sourced`` or ``assumed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intendance import __version__
from intendance.errors import InputError, UsageError
from intendance.ledger.coverage import quantity_needed
from intendance.model.entry import Entry
from intendance.model.finding import Finding
from intendance.model.interval import plain
from intendance.sustain.folder import refuse_other_folders, write_folder
from intendance.sustain.forecast import DAYS_LIMIT
from intendance.sustain.holdings import (
    Arrival,
    Clock,
    Holding,
    holdings,
    places_of,
    spare_capability,
    stated_needs,
)
from intendance.sustain.rates import Rates, Rows, read_rates
from intendance.sustain.sharing import Sharing, largest_remainder

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

Row = dict[str, str]
MADE_HERE: Final = ("fleets.csv", "supplies.csv", "requirement.csv")


@dataclass(frozen=True, slots=True)
class Built:
    """A model that was made: its days, what it rests on, how large it is, what was left out."""

    folder: Path
    clock: Clock
    horizon_days: int
    rates: str
    rates_sha256: str
    ledger_root: str
    ledger_entries: int
    model_sha256: str
    rows: Mapping[str, int]
    capabilities: Mapping[str, str]
    places: Mapping[str, str]
    findings: tuple[Finding, ...]

    def origin(self) -> dict[str, object]:
        """Give what origin.json keeps: everything that the model was made of."""
        known = self.clock.known_at
        return {
            "made_by": f"intendance {__version__}",
            "as_of": self.clock.as_of.isoformat(),
            "known_at": known.isoformat() if known else None,
            "horizon_days": self.horizon_days,
            "slip_days": self.clock.slip_days,
            "lead_days": self.clock.lead_days,
            "ledger_root": self.ledger_root,
            "ledger_entries": self.ledger_entries,
            "rates": self.rates,
            "rates_sha256": self.rates_sha256,
            "capabilities": dict(self.capabilities),
            "places": dict(self.places),
        }

    def as_record(self) -> dict[str, object]:
        """Give it as a JSON object (the folder by its name)."""
        return {
            "model": self.folder.name,
            **self.origin(),
            "model_sha256": self.model_sha256,
            "rows": dict(self.rows),
            "findings": [each.as_record() for each in self.findings],
        }


def build(
    ledger: Ledger,
    rates: str,
    as_of: date,
    known_at: date | None,
    horizon_days: int,
    out: Path,
    *,
    slip_days: int = 0,
    lead_days: int | None = None,
    language: str = "en",
) -> Built:
    """Write the model of what the ledger's recipient had on a day and is to get.

    Day 0 is ``as_of``. ``rates`` is a sample's name or a folder. The folder is made beside its
    place, read back and renamed. InputError: the rates are off, or the ledger has none of their
    systems; UsageError: the days are out of range.
    """
    if not 1 <= horizon_days <= DAYS_LIMIT:
        raise UsageError(f"--horizon-days must be between 1 and {DAYS_LIMIT}.")
    for name, days in (("--slip-days", slip_days), ("--lead-days", lead_days or 0)):
        if not 0 <= days <= DAYS_LIMIT:
            raise UsageError(f"{name} must be between 0 and {DAYS_LIMIT}.")
    refuse_other_folders(out)
    read = read_rates(rates, language)
    try:
        end = as_of + timedelta(days=horizon_days)
        as_of + timedelta(days=1 + DAYS_LIMIT)
    except OverflowError:
        raise UsageError(f"The horizon ends after the calendar: {as_of}.") from None
    clock = Clock(as_of, known_at, end, slip_days, lead_days)
    head = ledger.head()
    spares = [spare_capability(unit.lru) for unit in read.model.units]
    held = holdings(ledger, [*read.name_of, *spares], clock)
    findings: list[Finding] = []
    needs = stated_needs(ledger, known_at)
    making = _Making(read, clock, held, findings)
    tables = {name: rows for name, rows in read.rows.items() if name not in MADE_HERE}
    tables["fleets.csv"] = making.fleets()
    tables["supplies.csv"] = making.supplies()
    tables["requirement.csv"] = making.requirements(needs)
    making.note_gaps()
    built = Built(
        folder=out,
        clock=clock,
        horizon_days=horizon_days,
        rates=read.name,
        rates_sha256=read.sha256,
        ledger_root=head.root,
        ledger_entries=head.entries,
        model_sha256="",
        rows={name.removesuffix(".csv"): len(rows) for name, rows in sorted(tables.items())},
        capabilities={name: capability for capability, name in sorted(read.name_of.items())},
        places=places_of(ledger, read.name_of, known_at),
        findings=(),
    )
    digest, warnings = write_folder(out, tables, built.origin())
    return replace(built, model_sha256=digest, findings=(*findings, *warnings))


class _Making:
    """The tables in the making: one model, one ledger, one day."""

    def __init__(
        self, rates: Rates, clock: Clock, held: Mapping[str, Holding], findings: list[Finding]
    ) -> None:
        self.rates = rates
        self.clock = clock
        self.held = held
        self.findings = findings

    def day(self, when: date) -> int:
        """Give the day of the model; what was before it is day 0."""
        return max(0, (when - self.clock.as_of).days)

    def holding(self, name: str) -> Holding:
        """Give what the ledger holds of a system or item."""
        return self.held.get(self.rates.capability_of(name), Holding())

    def note(self, code: str, sentence: str, value: str = "") -> None:
        """Keep what a reader must know of what was left out or assumed."""
        self.findings.append(Finding(code, "note", sentence, value=value))

    # -- fleets ------------------------------------------------------------------------------

    def fleets(self) -> Rows:
        """Give a row per system, site and day of arrival, whole systems by the sites' shares."""
        rows: Rows = []
        for system in self.rates.model.systems:
            holding = self.holding(system.system)
            sharing = Sharing(self.rates.shares(system.system))
            for day, count, promised in self._steps(holding):
                for site, part in sharing.give(count).items():
                    tempo = self.rates.tempo(system.system, site)
                    note = "promised" if promised else "delivered"
                    rows.append(_fleet_row(site, system.system, part, tempo, day, note))
        if not rows:
            raise InputError(
                f"By {self.clock.end} the ledger has none of the systems of these rates: "
                f"{', '.join(system.system for system in self.rates.model.systems)}.",
                next_step="Choose other --rates, another day, or tie names in names.csv.",
            )
        return rows

    def _steps(self, holding: Holding) -> list[tuple[int, int, bool]]:
        """Give arrivals as (day, whole systems, promised): day 0 in one, later ones by day."""
        days: dict[int, list[Arrival]] = {}
        for each in holding.arrivals:
            days.setdefault(self.day(each.day), []).append(each)
        total, counted, steps = Decimal(0), 0, []
        for day in sorted(days):
            total += sum((each.quantity for each in days[day]), Decimal(0))
            # A return that exceeds what came later is carried until something comes again.
            fresh = int(total) - counted
            if fresh > 0:
                steps.append((day, fresh, any(each.promised for each in days[day])))
                counted += fresh
        return steps

    # -- supplies ----------------------------------------------------------------------------

    def supplies(self) -> Rows:
        """Give what is on hand and comes of each consumable; spares as the rates have them."""
        kept = {row["item"] for row in self.rates.rows.get("supplies.csv", [])}
        items = dict.fromkeys(use.item for use in self.rates.model.consumption)
        rows: Rows = []
        for item in items:
            holding = self.holding(item)
            if holding.lines:
                rows += self._supply(item, holding)
            elif item in kept:
                self.note("supply-assumed", "the ledger has none of this: as in the rates", item)
                rows += self._from_rates(item)
            else:
                self.note("supply-none", "neither the ledger nor the rates have any of this", item)
        for name in sorted({unit.lru for unit in self.rates.model.units} - set(items)):
            spares = self._spares(name)
            rows += spares if spares or name not in kept else self._from_rates(name)
        return rows

    def _spares(self, name: str) -> Rows:
        """Give the spares that the ledger says came (they join the stock of day 0) or will come."""
        holding = self.held.get(spare_capability(name), Holding())
        sharing = Sharing(self.need_by_site(name))
        rows: Rows = []
        for day, count, promised in self._steps(holding):
            said = "promised" if promised else "delivered"
            for site, part in sharing.give(count).items():
                rows.append(_supply_row(name, site, day, part, "ledger", said))
        return rows

    def need_by_site(self, name: str) -> dict[str, float]:
        """Give each site's share of a spare's removals; what is in no system lies at the top."""
        parts = [part for part in self.rates.model.parts if part.lru == name]
        use: dict[str, float] = {}
        for part in parts:
            rate = part.per_system * part.removals_per_day
            size = float(self.holding(part.system).by(self.clock.end)) * rate
            for site, share in self.rates.shares(part.system).items():
                use[site] = use.get(site, 0.0) + size * share * self.rates.tempo(part.system, site)
        if sum(use.values()) > 0:
            return use
        return {next(site.site for site in self.rates.model.sites if not site.parent): 1.0}

    def _from_rates(self, item: str) -> Rows:
        return [row for row in self.rates.rows["supplies.csv"] if row["item"] == item]

    def _supply(self, item: str, holding: Holding) -> Rows:
        sharing = Sharing(self.use_by_site(item))
        on_hand = self.left_over(item, holding)
        said = "delivered less what the fleets of each day will have used (level of effort)"
        rows = [
            _supply_row(item, site, 0, part, "computed", said)
            for site, part in sharing.give(on_hand).items()
        ]
        coming: dict[tuple[int, bool], Decimal] = {}
        for each in holding.arrivals:
            if each.day > self.clock.as_of:
                key = (self.day(each.day), each.promised)
                coming[key] = coming.get(key, Decimal(0)) + each.quantity
        for (day, promised), quantity in sorted(coming.items()):
            said = "promised" if promised else "delivered"
            for site, part in sharing.give(max(0, int(quantity))).items():
                rows.append(_supply_row(item, site, day, part, "ledger", said))
        return rows

    def use_by_site(self, item: str) -> dict[str, float]:
        """Give the share of each site in an item's use, fleets of day 0 (else of the horizon)."""
        for until in (self.clock.as_of, self.clock.end):
            use: dict[str, float] = {}
            for row in self.rates.model.consumption:
                if row.item == item:
                    size = float(self.holding(row.system).by(until))
                    for site, share in self.rates.shares(row.system).items():
                        tempo = self.rates.tempo(row.system, site)
                        use[site] = use.get(site, 0.0) + size * share * tempo * row.per_day
            if sum(use.values()) > 0:
                return use
        return dict.fromkeys(use, 1.0)

    def left_over(self, item: str, holding: Holding) -> int:
        """Give what is left on day 0 of what was delivered, by the level of effort.

        Day by day: what came is added, what the systems delivered by then use is taken, never
        below zero. Losses of systems and phases of tempo before day 0 are not known here.
        """
        uses = [row for row in self.rates.model.consumption if row.item == item]
        came = [each for each in holding.arrivals if each.day <= self.clock.as_of]
        if not came:
            return 0
        per_system = {
            row.system: row.per_day
            * sum(
                share * self.rates.tempo(row.system, site)
                for site, share in self.rates.shares(row.system).items()
            )
            for row in uses
        }
        changes: dict[date, tuple[float, float]] = {}
        for each in came:
            stock, rate = changes.get(each.day, (0.0, 0.0))
            changes[each.day] = (stock + float(each.quantity), rate)
        for system, per_day in per_system.items():
            for each in self.holding(system).arrivals:
                if each.day <= self.clock.as_of:
                    stock, rate = changes.get(each.day, (0.0, 0.0))
                    changes[each.day] = (stock, rate + float(each.quantity) * per_day)
        stock = rate = 0.0
        before = min(changes)
        for when in sorted(changes):
            stock = max(0.0, stock - max(0.0, rate) * (when - before).days)
            stock, rate, before = stock + changes[when][0], rate + changes[when][1], when
        rest = stock - max(0.0, rate) * (self.clock.as_of - before).days
        return max(0, int(rest))

    # -- requirements ------------------------------------------------------------------------

    def requirements(self, needs: Iterable[Entry]) -> Rows:
        """Give how many must be ready: what stood before a need began, and what it asks for.

        That is coverage's reading: a need asks for more than was there before it. Needs of one
        capability add up as they fall due; one that is overdue stands from day 0.
        """
        rows: Rows = []
        for system in self.rates.model.systems:
            capability = self.rates.capability_of(system.system)
            mine = [need for need in needs if need.capability == capability]
            steps = self._due(mine)
            if not steps:
                self.note("no-need", "the ledger has no need of this system", system.system)
            shares = self.rates.shares(system.system)
            for place, (day, quantity, line) in enumerate(steps):
                to_day = steps[place + 1][0] if place + 1 < len(steps) else None
                for site, part in largest_remainder(quantity, shares).items():
                    rows.append(_requirement_row(system.system, site, day, to_day, part, line))
        return rows

    def _due(self, needs: list[Entry]) -> list[tuple[int, int, str]]:
        dated = sorted(
            (need for need in needs if need.quantity),
            key=lambda need: (need.valid.last if need.valid else self.clock.as_of, need.line),
        )
        firsts = [need.valid.first for need in dated if need.valid and need.valid.first]
        holding = self.holding(self.rates.name_of[dated[0].capability]) if dated else Holding()
        base = Decimal(0)
        if firsts and len(firsts) == len(dated):
            base = holding.by(min(firsts) - timedelta(days=1))
        steps: dict[int, tuple[int, int, str]] = {}
        for need in dated:
            due = need.valid.last if need.valid else self.clock.as_of
            asked = quantity_needed(need, max(due, self.clock.as_of))
            best = next((x for x in (asked.best, asked.low, asked.high) if x is not None), None)
            if best is None or due > self.clock.end:
                code = "undisclosed-need" if best is None else "after-horizon"
                self.note(code, "this need is left out of the requirements", need.line)
                continue
            base += best
            day = self.day(due)
            steps[day] = (day, int(base.to_integral_value()), need.line)
        return [steps[day] for day in sorted(steps)]

    def note_gaps(self) -> None:
        """Say which promises have no day and which lines no quantity."""
        for capability, holding in self.held.items():
            if holding.undated:
                self.note(
                    "undated",
                    "promised without a day: not counted on",
                    f"{capability}: {plain(holding.undated)}",
                )
            if holding.undisclosed:
                self.note(
                    "undisclosed",
                    "lines without a published quantity are not counted on",
                    f"{capability}: {holding.undisclosed}",
                )


def _fleet_row(site: str, system: str, count: int, tempo: float, day: int, note: str) -> Row:
    cells = (site, system, str(count), f"{tempo:g}", str(day), "ledger", "", note)
    heads = ("site", "system", "quantity", "tempo", "from_day", "basis", "source", "note")
    return dict(zip(heads, cells, strict=True))


def _supply_row(item: str, site: str, day: int, count: int, basis: str, note: str) -> Row:
    cells = (item, site, str(day), str(count), basis, "", note)
    heads = ("item", "site", "day", "quantity", "basis", "source", "note")
    return dict(zip(heads, cells, strict=True))


def _requirement_row(
    system: str, site: str, day: int, to_day: int | None, count: int, line: str
) -> Row:
    until = "" if to_day is None else str(to_day)
    cells = (system, site, str(day), until, str(count), "ledger", line, "")
    heads = ("system", "site", "from_day", "to_day", "quantity", "basis", "source", "note")
    return dict(zip(heads, cells, strict=True))
