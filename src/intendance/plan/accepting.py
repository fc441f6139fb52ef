"""Writes accepted shipments of a plan into the ledger as allocations whose source is the plan."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intendance import __version__
from intendance.errors import InputError, UsageError
from intendance.ledger.privacy import valid
from intendance.ledger.snapshot import current
from intendance.model.catalogue import capabilities, find_item, party_name
from intendance.model.entry import Entry, Link, Quantity, Source
from intendance.model.finding import Finding
from intendance.model.interval import Interval, plain
from intendance.model.period import Period
from intendance.model.stages import ENDINGS
from intendance.plan.check import check, check_folder, read_accepted, read_shipments
from intendance.plan.open_needs import PLAN_ORIGIN, SERVES, THOUSANDTH
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.result import Shipment
from intendance.plan.tables import read_table

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

MILITARY_DOMAINS: Final = frozenset(
    ("armour", "artillery", "ammunition", "air-defence", "aviation", "infantry", "sustainment")
)
CIVIL_DOMAINS: Final = frozenset(("energy", "medical", "shelter", "food", "water", "rescue"))


@dataclass(frozen=True, slots=True)
class Line:
    """One shipment of a plan, with the names that people know and the need's own row."""

    id: str
    shipment: Shipment
    stock: str
    donor: str
    item: str
    need: Mapping[str, str]
    depart: date | None
    arrive: date | None


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan that keeps every rule of its problem: ``sha256`` is over both."""

    problem: Problem
    lines: tuple[Line, ...]
    accepted_packages: tuple[bool, ...]
    sha256: str
    scenario_sha256: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the accepted lines; ``repeated`` stood in the ledger already."""

    entries: tuple[Entry, ...]
    repeated: int
    plan_sha256: str
    problem_sha256: str
    ledger_root: str
    findings: tuple[Finding, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Give it as a JSON object."""
        return {
            "posted": len(self.entries),
            "repeated": self.repeated,
            "plan_sha256": self.plan_sha256,
            "problem_sha256": self.problem_sha256,
            "ledger_root": self.ledger_root,
            "entries": [
                {
                    "id": entry.client_id,
                    "line": entry.line,
                    "donor": entry.donor,
                    "item": entry.item or entry.item_text,
                    "quantity": plain(entry.quantity.amount.best or Decimal(0)),
                    "unit": entry.quantity.unit,
                    "place": entry.place,
                    "due": entry.term("due"),
                }
                for entry in self.entries
                if entry.quantity
            ],
            "findings": [each.as_record() for each in self.findings],
        }


def read_plan(problem_folder: Path, plan_folder: Path) -> ReadPlan:
    """Read a plan and check it against its problem. InputError: it breaks a rule.

    A plan that says it was made for another state of the problem is refused as well.
    """
    problem, _ = read_problem(problem_folder)
    report, summary = check_folder(problem, plan_folder)
    broken = [each for each in report.broken if each.severity == "error"]
    stale = summary.get("problem_sha256") not in (None, problem.sha256)
    if broken or stale:
        first = broken[0] if broken else report.broken[0]
        raise InputError(
            f"The plan cannot be used: {first.sentence}.",
            where=str(first.where),
            next_step="Solve the problem again, or see `intendance plan check`.",
        )
    shipments, _ = read_shipments(problem, plan_folder)
    table = read_table(plan_folder / "shipments.csv", ("shipment", "stock"))
    names = table.keys("shipment")
    wrong = next((each for each in table.findings if each.severity == "error"), None)
    if wrong:
        raise InputError(f"{wrong.sentence}.", where=str(wrong.where))
    packages, _ = read_accepted(problem, plan_folder)
    needs = {
        cells["need"]: cells
        for _, cells in read_table(problem_folder / "needs.csv", ("need",)).rows
    }
    lines = tuple(
        _line(problem, needs, name, shipment)
        for name, shipment in zip(names, shipments, strict=True)
    )
    scenario = _scenario_of(problem_folder)
    digest = _digest(problem, lines)
    return ReadPlan(problem, lines, tuple(packages), digest, scenario, report.broken)


def _scenario_of(problem_folder: Path) -> str:
    """Give the digest of the tables that a problem was built from; blank for one made by hand."""
    text = (problem_folder / "plan.toml").read_bytes().decode("utf-8-sig")
    origin = tomllib.loads(text).get("origin")
    return str(origin.get("scenario_sha256", "")) if isinstance(origin, dict) else ""


def _line(
    problem: Problem, needs: Mapping[str, Mapping[str, str]], name: str, shipment: Shipment
) -> Line:
    stocks = problem.stocks
    donor = int(stocks.donor[shipment.stock])
    return Line(
        id=name,
        shipment=shipment,
        stock=stocks.ids[shipment.stock],
        donor=problem.donors.names[donor] or problem.donors.ids[donor],
        item=problem.items.ids[int(stocks.item[shipment.stock])],
        need=needs[problem.needs.ids[shipment.need]],
        depart=_day(problem, shipment.depart_week, last=False),
        arrive=_day(problem, shipment.arrive_week, last=True),
    )


def _day(problem: Problem, week: int, *, last: bool) -> date | None:
    """Give a week's first or last day; None when the problem has no start, or far too late."""
    if not problem.start:
        return None
    try:
        days = 6 if last else 0
        return date.fromisoformat(problem.start) + timedelta(weeks=week, days=days)
    except OverflowError:
        return None


def _digest(problem: Problem, lines: Iterable[Line]) -> str:
    """Hash the problem's hash and each shipment, so that a re-saved file is the same plan."""
    rows = [
        [
            each.id,
            each.stock,
            problem.needs.ids[each.shipment.need],
            repr(float(each.shipment.quantity)),
            each.shipment.depart_week,
            each.shipment.arrive_week,
            [problem.links.ids[k] for k in each.shipment.links],
        ]
        for each in lines
    ]
    return hashlib.sha256(json.dumps([problem.sha256, sorted(rows)]).encode()).hexdigest()


def accept(
    ledger: Ledger,
    problem_folder: Path,
    plan_folder: Path,
    *,
    recorded_on: date,
    shipments: Sequence[str] | None = None,
    person: str = "",
    reason: str = "",
    marking: str = "public",
) -> Accepted:
    """Post a plan's shipments (all, or those named) as allocations; repeated ones add nothing.

    The plan is checked again first; so are the chosen shipments by themselves together with what
    was accepted of it before, for a package goes whole and conditions hold for what really goes.
    Raises InputError when a rule is broken, or when another plan of the same problem has been
    accepted: the two together would give more than the stocks hold or the needs ask for.
    """
    if not valid(marking):
        raise UsageError(
            f"There is no marking {marking!r}.",
            next_step="Use public, restricted or private:NAME.",
        )
    plan = read_plan(problem_folder, plan_folder)
    chosen = _chosen(plan, shipments)
    posted_before = _accepted_before(ledger, plan)
    known = {entry.client_id for entry in posted_before}
    going = _in_force(ledger, posted_before)
    wanted = {line.id for line in chosen} | {entry.term("shipment") for entry in going}
    _check_together(plan, [line for line in plan.lines if line.id in wanted])
    recipients = _recipients(ledger, chosen)
    entries = [
        replace(
            _entry(plan, line, recorded_on, marking),
            recipient=recipients.get(line.need.get("line", ""), ""),
            reason=reason,
            by=person,
        )
        for line in chosen
        if _quantity(line) > 0
    ]
    fresh = [entry for entry in entries if entry.client_id not in known]
    done = ledger.post(fresh, person=person, action="accept plan")
    return Accepted(
        entries=tuple(fresh),
        repeated=len(entries) - len(fresh),
        plan_sha256=plan.sha256,
        problem_sha256=plan.problem.sha256,
        ledger_root=done.head.root,
        findings=tuple(each for each in plan.findings if each.severity != "error"),
    )


def _chosen(plan: ReadPlan, names: Sequence[str] | None) -> list[Line]:
    if names is None:
        return list(plan.lines)
    known = {line.id for line in plan.lines}
    for name in names:
        if name not in known:
            raise UsageError(
                f"The plan has no shipment {name!r}.",
                next_step="The names stand in the plan's shipments.csv.",
            )
    return [line for line in plan.lines if line.id in set(names)]


def _accepted_before(ledger: Ledger, plan: ReadPlan) -> list[Entry]:
    """Give the entries that this plan has in the ledger; refuse those of a rival plan in force."""
    same_problem = [
        entry
        for entry in ledger.entries()
        if entry.source.origin == PLAN_ORIGIN and entry.term("problem") == plan.problem.sha256
    ]
    rivals = [entry for entry in same_problem if entry.term("plan") != plan.sha256]
    standing = _in_force(ledger, rivals)
    if standing:
        raise InputError(
            f"Another plan of this problem has been accepted already ({len(standing)} lines).",
            next_step="Build the problem again (intendance plan build): it then counts them.",
        )
    return [entry for entry in same_problem if entry.term("plan") == plan.sha256]


def _in_force(ledger: Ledger, entries: list[Entry]) -> list[Entry]:
    """Keep the entries whose lines were neither withdrawn nor ended since."""
    if not entries:
        return []
    now = current(ledger.on_lines({entry.line for entry in entries})).values()
    ended = {entry.line for entry in now if entry.stage in ENDINGS}
    alive = {entry.line for entry in now} - ended
    return [entry for entry in entries if entry.line in alive]


def _check_together(plan: ReadPlan, lines: list[Line]) -> None:
    """Check the chosen shipments alone: packages whole, conditions met by what really goes."""
    stocks = {line.shipment.stock for line in lines}
    decisions = [bool(stocks & set(pack.stocks)) for pack in plan.problem.packages]
    report = check(plan.problem, [line.shipment for line in lines], decisions)
    broken = next((each for each in report.broken if each.severity == "error"), None)
    if broken:
        raise InputError(
            f"These shipments cannot be accepted by themselves: {broken.sentence}.",
            next_step="Accept what belongs to them as well, or the whole plan.",
        )


def _recipients(ledger: Ledger, lines: list[Line]) -> dict[str, str]:
    """Give the recipient of each need's line in the ledger."""
    names = {line.need.get("line", "") for line in lines} - {""}
    return {entry.line: entry.recipient for entry in ledger.on_lines(names)}


def _quantity(line: Line) -> Decimal:
    return Decimal(repr(float(line.shipment.quantity))).quantize(THOUSANDTH, ROUND_HALF_EVEN)


def _entry(plan: ReadPlan, line: Line, recorded_on: date, marking: str) -> Entry:
    problem, shipment = plan.problem, line.shipment
    known = find_item(line.item)
    position = int(problem.stocks.item[shipment.stock])
    served = problem.needs.capabilities[shipment.need]
    capability = known.capability if known else served
    node = int(problem.needs.node[shipment.need])
    terms = {
        "problem": problem.sha256,
        "plan": plan.sha256,
        "scenario": plan.scenario_sha256,
        "shipment": line.id,
        "stock": line.stock,
        "need": problem.needs.ids[shipment.need],
        "for_capability": served,
        "effect": plain(Decimal(repr(float(problem.effect(shipment.need, position))))),
        "node": problem.nodes.ids[node],
        "route": ";".join(problem.links.ids[k] for k in shipment.links),
        "depart": line.depart.isoformat() if line.depart else "",
        "due": line.arrive.isoformat() if line.arrive else "",
    }
    need_line = line.need.get("line", "")
    unit = problem.items.units[position] or (known.unit if known else "piece")
    short = plan.sha256[:16]
    name = line.id if len(line.id) <= 100 else hashlib.sha256(line.id.encode()).hexdigest()
    return Entry(
        line=f"plan:{short}:{name}",
        stage="allocation",
        recorded_on=recorded_on,
        source=Source(PLAN_ORIGIN, document=f"problem {problem.sha256}, intendance {__version__}"),
        donor=party_name(line.donor),
        category=_category(capability),
        capability=capability,
        item=known.name if known else "",
        item_text=known.english if known else problem.items.names[position] or line.item,
        instrument="in kind",
        # The ledger's own place, so that coverage sees it; without one, where it is handed over.
        place=line.need.get("place", problem.nodes.names[node] or problem.nodes.ids[node]),
        valid=Period.on(recorded_on),
        decided_on=recorded_on,
        quantity=Quantity(Interval.exact(_quantity(line)), unit),
        links=(Link(SERVES, need_line),) if need_line else (),
        terms=tuple(sorted((key, value) for key, value in terms.items() if value)),
        marking=marking,
        client_id=f"plan-{plan.sha256[:32]}-{name}",
    )


def _category(capability: str) -> str:
    found = capabilities().get(capability)
    if found is None:
        return ""
    if found.domain in MILITARY_DOMAINS:
        return "military"
    return "humanitarian" if found.domain in CIVIL_DOMAINS else ""
