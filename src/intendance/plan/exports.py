"""Plans for other tools: a movement table, flows as GeoJSON, one workbook for each donor."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from intendance.model.catalogue import capabilities, find_party, items
from intendance.plan.accepting import Line, ReadPlan
from intendance.plan.problem import MEASURES, Problem
from intendance.words import catalogue

MOVEMENT_COLUMNS: Final = (
    "shipment", "leg", "donor", "item", "quantity", "unit", "need", "link", "mode",
    "from", "to", "depart_week", "depart_date", "arrive_week", "arrive_date",
    "tonnes", "capacity_used", "measure", "cost_eur",
)  # fmt: skip
DONOR_COLUMNS: Final = (
    "shipment", "stock", "item", "quantity", "unit", "tonnes", "need", "capability",
    "from", "to", "leave", "arrive_by", "route",
)  # fmt: skip
Cell = str | int | float
Words = Callable[[str], str]


def movement_rows(plan: ReadPlan) -> Iterator[tuple[Cell, ...]]:
    """Give one row per leg of each shipment, in the plan's order.

    ``depart_date`` and ``arrive_date`` are the first days of the weeks; ``capacity_used`` is in
    the link's measure (t, m2 or pallets). What lies where it is needed has one row, leg 0.
    """
    problem = plan.problem
    links, nodes, goods = problem.links, problem.nodes, problem.items
    for line in plan.lines:
        shipment = line.shipment
        item = int(problem.stocks.item[shipment.stock])
        start = week = shipment.depart_week
        size = goods.size[item] * shipment.quantity
        head: tuple[Cell, ...] = (line.donor, line.item, _round(shipment.quantity))
        head = (*head, goods.units[item], problem.needs.ids[shipment.need])
        if not shipment.links:
            here = nodes.ids[int(problem.stocks.node[shipment.stock])]
            day = _first_day(problem, start)
            weeks: tuple[Cell, ...] = (start, day, start, day)
            yield (line.id, 0, *head, "", "", here, here, *weeks, _round(size[0]), "", "", 0.0)
        for leg, k in enumerate(shipment.links, start=1):
            arrive = week + int(links.transit_weeks[k])
            measure = int(links.measure[k])
            yield (
                line.id, leg, *head, links.ids[k], links.modes[k],
                nodes.ids[int(links.source[k])], nodes.ids[int(links.target[k])],
                week, _first_day(problem, week), arrive, _first_day(problem, arrive),
                _round(size[0]), _round(size[measure]), MEASURES[measure],
                _round(size[0] * links.cost_eur_per_t[k]),
            )  # fmt: skip
            week = arrive


def movement_csv(plan: ReadPlan) -> str:
    """Give the movement table as CSV text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MOVEMENT_COLUMNS)
    writer.writerows([_guarded(cell) for cell in row] for row in movement_rows(plan))
    return text.getvalue()


def _guarded(cell: Cell) -> Cell:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "@", "-") else cell


def _round(number: float) -> float:
    """Give a figure with three decimals; a sum of floats has no more that mean anything."""
    return round(float(number), 3)


def _first_day(problem: Problem, week: int) -> str:
    if not problem.start:
        return ""
    try:
        return (date.fromisoformat(problem.start) + timedelta(weeks=week)).isoformat()
    except OverflowError:
        return ""


# -- map --------------------------------------------------------------------------------------


def flows_geojson(plan: ReadPlan) -> str:
    """Give the flows as a GeoJSON FeatureCollection (RFC 7946: longitude first).

    Each link in use is a line with its tonnes in all and by the week in which they enter it;
    each node in use is a point with the tonnes that pass. A node without coordinates, and a link
    to it, has a null geometry.
    """
    problem = plan.problem
    by_link: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    through: dict[int, float] = defaultdict(float)
    for line in plan.lines:
        shipment = line.shipment
        item = int(problem.stocks.item[shipment.stock])
        tonnes = shipment.quantity * float(problem.items.size[item, 0])
        week = shipment.depart_week
        through[int(problem.stocks.node[shipment.stock])] += tonnes
        for k in shipment.links:
            by_link[k][week] += tonnes
            week += int(problem.links.transit_weeks[k])
            through[int(problem.links.target[k])] += tonnes
    features = [_node_feature(problem, n, through[n]) for n in sorted(through)]
    features += [_link_feature(problem, k, by_link[k]) for k in sorted(by_link)]
    record = {
        "type": "FeatureCollection",
        "properties": {
            "problem_sha256": problem.sha256,
            "plan_sha256": plan.sha256,
            "start": problem.start,
            "horizon_weeks": problem.horizon_weeks,
        },
        "features": features,
    }
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _point(problem: Problem, node: int) -> list[float] | None:
    longitude, latitude = (
        float(each[node]) for each in (problem.nodes.longitude, problem.nodes.latitude)
    )
    return None if math.isnan(longitude) or math.isnan(latitude) else [longitude, latitude]


def _node_feature(problem: Problem, node: int, tonnes: float) -> dict[str, Any]:
    point = _point(problem, node)
    return {
        "type": "Feature",
        "id": f"node:{problem.nodes.ids[node]}",
        "geometry": {"type": "Point", "coordinates": point} if point else None,
        "properties": {
            "kind": "node",
            "node": problem.nodes.ids[node],
            "name": problem.nodes.names[node],
            "node_kind": problem.nodes.kinds[node],
            "country": problem.nodes.countries[node],
            "tonnes": _round(tonnes),
        },
    }


def _link_feature(problem: Problem, link: int, weeks: dict[int, float]) -> dict[str, Any]:
    links = problem.links
    ends = [int(links.source[link]), int(links.target[link])]
    points = [_point(problem, node) for node in ends]
    shape = {"type": "LineString", "coordinates": points} if all(points) else None
    return {
        "type": "Feature",
        "id": f"link:{links.ids[link]}",
        "geometry": shape,
        "properties": {
            "kind": "link",
            "link": links.ids[link],
            "mode": links.modes[link],
            "from": problem.nodes.ids[ends[0]],
            "to": problem.nodes.ids[ends[1]],
            "tonnes": _round(sum(weeks.values())),
            "tonnes_by_week": {str(week): _round(weeks[week]) for week in sorted(weeks)},
        },
    }


# -- donors -----------------------------------------------------------------------------------


def donor_workbooks(plan: ReadPlan, language: str) -> dict[str, bytes]:
    """Give one workbook for each donor that ships: file name → content.

    A donor sees its own lines and nothing of another's: no share of the burden, no totals over
    donors, no figures of needs that others serve too.
    """
    by_donor: dict[int, list[Line]] = defaultdict(list)
    for line in plan.lines:
        by_donor[int(plan.problem.stocks.donor[line.shipment.stock])].append(line)
    names = file_names([plan.problem.donors.ids[donor] for donor in sorted(by_donor)])
    return {
        name: donor_workbook(plan, by_donor[donor], language)
        for name, donor in zip(names, sorted(by_donor), strict=True)
    }


def file_names(ids: Iterable[str]) -> list[str]:
    """Give file names that any system takes, each once.

    >>> file_names(["PL", "a/b", "a?b"])
    ['PL.xlsx', 'a_b.xlsx', 'a_b-2.xlsx']
    """
    found: list[str] = []
    for each in ids:
        base = re.sub(r"[^\w-]+", "_", each)[:60].strip("_") or "donor"
        name, number = base, 1
        while name.casefold() in {x.casefold() for x in found}:
            number += 1
            name = f"{base}-{number}"
        found.append(name)
    return [f"{name}.xlsx" for name in found]


def _donor_rows(plan: ReadPlan, lines: Sequence[Line], language: str) -> Iterator[tuple[Cell, ...]]:
    problem = plan.problem
    words = catalogue("plan_ledger", language).gettext
    named, wanted = items(), capabilities()
    ordered = sorted(lines, key=lambda x: (x.shipment.depart_week, x.item, x.id))
    for line in ordered:
        shipment = line.shipment
        item = int(problem.stocks.item[shipment.stock])
        served = problem.needs.capabilities[shipment.need]
        start = problem.nodes.names[int(problem.stocks.node[shipment.stock])]
        end = problem.nodes.names[int(problem.needs.node[shipment.need])]
        yield (
            line.id, line.stock,
            named[line.item].label(language) if line.item in named else problem.items.names[item],
            _round(shipment.quantity), problem.items.units[item],
            _round(shipment.quantity * float(problem.items.size[item, 0])),
            problem.needs.ids[shipment.need],
            wanted[served].label(language) if served in wanted else served,
            start, end,
            line.depart.isoformat() if line.depart else str(shipment.depart_week),
            line.arrive.isoformat() if line.arrive else str(shipment.arrive_week),
            " → ".join(_stops(problem, line, words)),
        )  # fmt: skip


def _stops(problem: Problem, line: Line, words: Words) -> Iterator[str]:
    names, links = problem.nodes.names, problem.links
    yield names[int(problem.stocks.node[line.shipment.stock])]
    for k in line.shipment.links:
        yield f"{names[int(links.target[k])]} ({words(links.modes[k])})"


def donor_workbook(plan: ReadPlan, lines: Sequence[Line], language: str) -> bytes:
    """Give the workbook of one donor: its own lines, and what plan they are of."""
    import xlsxwriter

    words = catalogue("plan_ledger", language).gettext
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # The moment of writing would make equal plans unequal files.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    sheet = book.add_worksheet(words("shipments"))
    bold = book.add_format({"bold": True, "bottom": 1})
    number = book.add_format({"num_format": "#,##0.###"})
    for column, head in enumerate(DONOR_COLUMNS):
        sheet.write_string(0, column, words(head), bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(_donor_rows(plan, lines, language), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                # write_string, not write: a text that starts with = is not a formula.
                sheet.write_string(last, column, cell)
            else:
                sheet.write_number(last, column, cell, number)
    sheet.autofilter(0, 0, last, len(DONOR_COLUMNS) - 1)
    sheet.set_column(0, len(DONOR_COLUMNS) - 1, 18)
    about = book.add_worksheet(words("about"))
    party = find_party(lines[0].donor)
    facts = (
        ("donor", party.label(language) if party else lines[0].donor),
        ("plan", plan.sha256),
        ("problem", plan.problem.sha256),
        ("start of week 0", plan.problem.start),
    )
    for row_number, (name, value) in enumerate(facts):
        about.write_string(row_number, 0, words(name), bold)
        about.write_string(row_number, 1, value)
    about.set_column(0, 1, 24)
    book.close()
    return content.getvalue()
