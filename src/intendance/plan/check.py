"""Checks a plan against every rule of the contract and recomputes its figures, with no solver.

It shares nothing with the search but the problem: rules are read again from the tables, so that
a slip in the model of the search shows here. Every limit holds to 1e-6 relative plus 1e-6.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intendance.errors import InputError
from intendance.model.finding import Finding, Where
from intendance.plan.problem import MEASURES, TOLERANCE, Floats, Problem, slack
from intendance.plan.result import Figures, Shipment
from intendance.plan.tables import positions, read_table


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker found: broken rules, the three figures, what each need lacks at the end."""

    broken: tuple[Finding, ...]
    objective: Figures
    missing: Floats
    burden_by_donor: Floats

    @property
    def accepted(self) -> bool:
        """Say whether no rule is broken."""
        return not any(x.severity == "error" for x in self.broken)


def check(problem: Problem, shipments: Sequence[Shipment], accepted: Sequence[bool]) -> Report:
    """Check shipments and package decisions; O(shipments × path length)."""
    broken: list[Finding] = []
    allowed = {
        i: problem.may_use(i) for i in {int(problem.stocks.item[x.stock]) for x in shipments}
    }
    for row, shipment in enumerate(shipments, start=2):
        broken += _check_shipment(problem, shipment, row, allowed)
    broken += _check_stocks(problem, shipments)
    broken += _check_capacity(problem, shipments)
    shipped = shipped_by_stock(problem, shipments)
    broken += _check_packages(problem, shipped, accepted)
    broken += _check_conditions(problem, shipped)
    figures, missing, burden = measure(problem, shipments)
    return Report(tuple(broken), figures, missing, burden)


def measure(problem: Problem, shipments: Sequence[Shipment]) -> tuple[Figures, Floats, Floats]:
    """Give the three objectives, what each need lacks at the end, the burden of each donor."""
    horizon = problem.horizon_weeks
    arrived: dict[int, Floats] = defaultdict(lambda: np.zeros(horizon))
    given = np.zeros(len(problem.donors.ids))
    cost = 0.0
    for x in shipments:
        item = int(problem.stocks.item[x.stock])
        if 0 <= x.arrive_week < horizon:
            gain = x.quantity * problem.effect(x.need, item)
            arrived[x.need][x.arrive_week] += gain
        given[problem.stocks.donor[x.stock]] += x.quantity * problem.items.value_eur[item]
        rate = sum(float(problem.links.cost_eur_per_t[k]) for k in x.links)
        cost += x.quantity * float(problem.items.size[item, 0]) * rate
    shortfall = 0.0
    missing = np.zeros(len(problem.needs.ids))
    for need in range(len(problem.needs.ids)):
        lack = np.maximum(0.0, problem.due_by(need) - np.cumsum(arrived[need]))
        quantity = float(problem.needs.quantity[need])
        shortfall += float(problem.needs.priority[need]) * float(lack.sum()) / quantity
        missing[need] = lack[-1] if lack[-1] > slack(quantity) else 0.0
    burden = given / problem.donors.share
    return Figures(shortfall, float(burden.max(initial=0.0)), cost), missing, burden


def shipped_by_stock(problem: Problem, shipments: Sequence[Shipment]) -> Floats:
    """Give what each stock ships over the horizon, in the item's unit."""
    shipped = np.zeros(len(problem.stocks.ids))
    for x in shipments:
        shipped[x.stock] += x.quantity
    return shipped


def _broken(code: str, sentence: str, row: int | None = None, column: str = "") -> Finding:
    return Finding(code, "error", sentence, Where("shipments.csv", row, column))


def _check_shipment(
    problem: Problem, x: Shipment, row: int, may_use: dict[int, NDArray[np.bool_]]
) -> list[Finding]:
    broken = []
    stocks, needs, links = problem.stocks, problem.needs, problem.links
    item = int(stocks.item[x.stock])
    if not math.isfinite(x.quantity) or x.quantity < 0:
        broken.append(_broken("quantity", "the quantity is not a number from zero up", row))
    elif problem.items.whole[item] and abs(x.quantity - round(x.quantity)) > TOLERANCE:
        broken.append(_broken("whole", "only whole units of this item travel", row, "quantity"))
    if problem.effect(x.need, item) <= 0:
        said = "the item has no effect on the need's capability"
        broken.append(_broken("effect", said, row, "need"))
    at, week = int(stocks.node[x.stock]), x.depart_week
    visited = {at}
    allowed = may_use[item]
    for k in x.links:
        if int(links.source[k]) != at:
            said = f"link {links.ids[k]} does not start at {problem.nodes.ids[at]}"
            broken.append(_broken("path", said, row, "links"))
        if not allowed[k]:
            said = f"link {links.ids[k]} does not take this item"
            broken.append(_broken("excluded", said, row, "links"))
        at = int(links.target[k])
        if at in visited:
            said = f"the route passes {problem.nodes.ids[at]} twice"
            broken.append(_broken("twice", said, row, "links"))
        visited.add(at)
        week += int(links.transit_weeks[k])
    if at != int(needs.node[x.need]):
        broken.append(_broken("path", "the route does not end at the need's node", row, "links"))
    if x.depart_week < 0 or week >= problem.horizon_weeks:
        said = "the shipment does not arrive within the horizon"
        broken.append(_broken("horizon", said, row, "arrive_week"))
    if week != x.arrive_week:
        said = f"the links take until week {week}"
        broken.append(_broken("arrival", said, row, "arrive_week"))
    return broken


def _check_stocks(problem: Problem, shipments: Sequence[Shipment]) -> list[Finding]:
    horizon = problem.horizon_weeks
    left: dict[int, Floats] = defaultdict(lambda: np.zeros(horizon))
    for x in shipments:
        left[x.stock][min(max(x.depart_week, 0), horizon - 1)] += x.quantity
    broken = []
    stocks = problem.stocks
    for s, by_week in sorted(left.items()):
        out = np.cumsum(by_week)
        has = np.zeros(horizon)
        if stocks.releasable[s]:
            has[int(stocks.release_week[s]) :] += float(stocks.quantity[s] - stocks.floor[s])
            for week, quantity in stocks.lots[s]:
                has[week:] += quantity
        has = np.maximum(has, 0.0)
        over = np.flatnonzero(out > has + TOLERANCE * np.abs(has) + TOLERANCE)
        if len(over):
            w = int(over[0])
            said = (
                f"stock {stocks.ids[s]} ships {out[w]:.6g} by week {w}, "
                f"but only {has[w]:.6g} is available"
            )
            broken.append(_broken("available", said))
    return broken


def _check_capacity(problem: Problem, shipments: Sequence[Shipment]) -> list[Finding]:
    links, nodes = problem.links, problem.nodes
    on_link: dict[tuple[int, int], float] = defaultdict(float)
    at_node: dict[tuple[int, int], float] = defaultdict(float)
    for x in shipments:
        size = problem.items.size[problem.stocks.item[x.stock]]
        week = x.depart_week
        for k in x.links:
            amount = float(size[links.measure[k]])
            if not math.isnan(amount):
                on_link[k, week] += x.quantity * amount
            week += int(links.transit_weeks[k])
            at_node[int(links.target[k]), week] += x.quantity * float(size[0])
    broken = []
    for (k, week), used in sorted(on_link.items()):
        limit = float(links.capacity[k])
        if math.isfinite(limit) and used > limit + slack(limit):
            unit = MEASURES[links.measure[k]]
            said = f"link {links.ids[k]} takes {used:.6g} {unit} in week {week}, limit {limit:.6g}"
            broken.append(_broken("link-capacity", said))
    for (n, week), used in sorted(at_node.items()):
        limit = float(nodes.handling_t[n])
        if math.isfinite(limit) and used > limit + slack(limit):
            said = f"node {nodes.ids[n]} handles {used:.6g} t in week {week}, limit {limit:.6g}"
            broken.append(_broken("node-handling", said))
    return broken


def _check_packages(problem: Problem, shipped: Floats, accepted: Sequence[bool]) -> list[Finding]:
    broken = []
    for pack, yes in zip(problem.packages, accepted, strict=True):
        for s, quantity in zip(pack.stocks, pack.quantities, strict=True):
            wanted = quantity if yes else 0.0
            if abs(shipped[s] - wanted) > slack(wanted):
                said = (
                    f"package {pack.id} is {'accepted' if yes else 'refused'}, but stock "
                    f"{problem.stocks.ids[s]} ships {shipped[s]:.6g} instead of {wanted:.6g}"
                )
                broken.append(_broken("package", said))
    return broken


def _check_conditions(problem: Problem, shipped: Floats) -> list[Finding]:
    broken = []
    ids, ever = problem.stocks.ids, problem.stocks.ever
    for condition in problem.conditions:
        s = condition.stock
        if shipped[s] <= TOLERANCE:
            continue
        if condition.kind == "with":
            wanted = float(shipped[s]) * condition.share
            other = condition.others[0]
            if shipped[other] < wanted - slack(wanted):
                said = (
                    f"stock {ids[s]} needs {wanted:.6g} of {ids[other]} with it, "
                    f"but {shipped[other]:.6g} ships"
                )
                broken.append(_broken("with", said))
            continue
        ready = 0
        for o in condition.others:
            wanted = condition.share * float(ever[o])
            ready += bool(shipped[o] > TOLERANCE and shipped[o] >= wanted - slack(wanted))
        if ready < condition.count:
            said = (
                f"stock {ids[s]} may ship only when {condition.count} others do, "
                f"but {ready} are ready"
            )
            broken.append(_broken("joint", said))
    return broken


def read_shipments(problem: Problem, folder: Path) -> tuple[list[Shipment], list[Finding]]:
    """Read shipments.csv of a plan; rows that cannot be read are findings and are left out."""
    columns = ("shipment", "stock", "need", "quantity", "depart_week", "arrive_week", "links")
    table = read_table(folder / "shipments.csv", columns, optional=("shipment",))
    stock_at, need_at = positions(problem.stocks.ids), positions(problem.needs.ids)
    link_at = positions(problem.links.ids)
    stocks = table.references("stock", stock_at, "stocks.csv")
    needs = table.references("need", need_at, "needs.csv")
    quantities = table.numbers("quantity")
    departs = table.whole_numbers("depart_week")
    arrives = table.whole_numbers("arrive_week")
    shipments = []
    for position, (row, cells) in enumerate(table.rows):
        names = [x.strip() for x in cells.get("links", "").split(";") if x.strip()]
        for name in names:
            if name not in link_at:
                table.blame("unknown", "this does not stand in links.csv", row, "links", name)
        if not any(x.where.row == row for x in table.findings):
            path = tuple(link_at[name] for name in names)
            where = (stocks[position][0], needs[position][0])
            when = (departs[position], arrives[position])
            shipments.append(Shipment(*where, quantities[position], *when, path))
    return shipments, table.findings


def read_accepted(problem: Problem, folder: Path) -> tuple[list[bool], list[Finding]]:
    """Read packages.csv of a plan: one decision for every package of the problem."""
    table = read_table(folder / "packages.csv", ("package", "accepted"))
    package_at = positions(x.id for x in problem.packages)
    named = table.references("package", package_at, "packages.csv of the problem")
    table.keys("package")
    decisions = table.whole_numbers("accepted", high=1)
    accepted = [False] * len(problem.packages)
    seen = set()
    for package, yes in zip(named, decisions, strict=True):
        if package and not table.findings:
            accepted[package[0]] = bool(yes)
            seen.add(package[0])
    for p, pack in enumerate(problem.packages):
        if p not in seen and not table.findings:
            table.blame("missing-row", f"package {pack.id} has no row", None, "package")
    return accepted, table.findings


def check_folder(problem: Problem, folder: Path) -> tuple[Report, dict[str, Any]]:
    """Check a plan folder and what it says of itself; give the report and its summary.json.

    Raises InputError when a file is missing or is not what its name says.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder.name or folder}")
    shipments, findings = read_shipments(problem, folder)
    accepted, more = read_accepted(problem, folder)
    report = check(problem, shipments, accepted)
    findings += more
    summary = _read_summary(folder)
    if summary:
        findings += _check_summary(problem, report, summary)
    if (folder / "unmet.csv").exists():
        findings += _check_unmet(problem, report, folder)
    broken = (*findings, *report.broken)
    return Report(broken, report.objective, report.missing, report.burden_by_donor), summary


def _read_summary(folder: Path) -> dict[str, Any]:
    path = folder / "summary.json"
    if not path.exists():
        return {}
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"the file is not JSON: {error}", where=path.name) from error
    if not isinstance(summary, dict):
        raise InputError("the file does not hold one JSON object", where=path.name)
    return summary


def _check_summary(problem: Problem, report: Report, summary: dict[str, Any]) -> list[Finding]:
    broken = []
    stated = summary.get("objective")
    found = report.objective
    pairs = (("shortfall", found.shortfall), ("burden", found.burden), ("cost", found.cost))
    for name, value in pairs:
        said = stated.get(name) if isinstance(stated, dict) else None
        if not isinstance(said, int | float) or not abs(said - value) <= slack(value):
            text = f"the plan's {name} is {value:.9g}, the summary says {said}"
            broken.append(Finding("summary", "error", text, Where("summary.json", None, name)))
    if summary.get("problem_sha256") not in (None, problem.sha256):
        text = "the plan was made for another state of this problem"
        where = Where("summary.json", None, "problem_sha256")
        broken.append(Finding("summary", "warning", text, where))
    return broken


def _check_unmet(problem: Problem, report: Report, folder: Path) -> list[Finding]:
    table = read_table(folder / "unmet.csv", ("need", "quantity", "cause", "explanation"))
    needs = table.references("need", positions(problem.needs.ids), "needs.csv")
    stated = np.zeros(len(problem.needs.ids))
    for need, quantity in zip(needs, table.numbers("quantity"), strict=True):
        if need:
            stated[need[0]] += quantity
    if table.findings:
        return table.findings
    for n, name in enumerate(problem.needs.ids):
        limit = 2 * slack(float(problem.needs.quantity[n]))
        if abs(stated[n] - report.missing[n]) > limit:
            text = f"need {name} lacks {report.missing[n]:.6g}, the file says {stated[n]:.6g}"
            table.blame("unmet", text, None, "quantity")
    return table.findings
