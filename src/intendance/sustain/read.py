"""Reads a model's folder: every file checked by itself, then the references between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from intendance.errors import InputError
from intendance.model.finding import Finding, Where
from intendance.sustain.columns import ALWAYS, OF_SPARES, TABLES, TOGETHER
from intendance.sustain.model import (
    CAUSES,
    Attrition,
    Consumption,
    Fleet,
    Model,
    Part,
    Phase,
    Repair,
    Requirement,
    Site,
    Stock,
    Subpart,
    Supply,
    System,
    Unit,
)
from intendance.sustain.tables import Row, error, read_table
from intendance.words import catalogue

Tables = Mapping[str, list[Row]]


class ModelError(InputError):
    """A model's files hold errors; each is a finding with its file, row, column and reason."""

    def __init__(self, findings: Iterable[Finding], language: str = "en") -> None:
        say = catalogue("sustain", language).gettext
        self.findings = tuple(findings)
        first, *others = self.findings
        shown = f" ({first.value})" if first.value else ""
        more = [
            f"{item.where}: {say(item.sentence)}" + (f" ({item.value})" if item.value else "")
            for item in others[:49]
        ]
        if len(others) > len(more):
            more.append(say("and {count} more").format(count=len(others) - len(more)))
        super().__init__(
            say(first.sentence) + shown,
            next_step="\n  ".join(more) if more else say("Correct the file and run again."),
            where=str(first.where),
        )


def read_model(folder: Path, *, language: str = "en", needs_parts: bool = False) -> Model:
    """Read and check a model; raise ``ModelError`` with every error found.

    ``needs_parts`` asks for lrus.csv and parts.csv even when nothing else speaks of spares.
    Notes and warnings travel in ``Model.findings``.
    """
    if not folder.is_dir():
        raise InputError(
            f"no such folder: {folder}", next_step="Give the folder that holds sites.csv."
        )
    findings: list[Finding] = []
    _check_presence(folder, findings, needs_parts=needs_parts)
    tables: dict[str, list[Row]] = {}
    for table in TABLES:
        path = folder / table.file
        tables[table.file] = read_table(path, table, findings) if path.exists() else []
    broken = {item.where.file for item in findings if item.severity == "error"}
    _check_references(tables, broken, findings)
    _check_trees(tables["sites.csv"], findings)
    _check_tops(tables["sites.csv"], findings)
    _check_repairs(tables["repair.csv"], findings)
    _check_spares(tables, findings)
    _check_indenture(tables["subparts.csv"], findings)
    _check_phases(tables["tempo.csv"], findings)
    _check_requirements(tables["requirement.csv"], findings)
    if not tables["sites.csv"] and "sites.csv" not in broken:
        findings.append(error("empty", "the file has no rows", Where("sites.csv")))
    _note_supplies(tables, findings)
    errors = [item for item in findings if item.severity == "error"]
    if errors:
        raise ModelError(errors, language)
    return _build(tables, tuple(findings))


def _check_presence(folder: Path, findings: list[Finding], *, needs_parts: bool) -> None:
    wanted = list(ALWAYS)
    if needs_parts or any((folder / name).exists() for name in OF_SPARES):
        wanted.extend(TOGETHER)
    findings.extend(
        error("file-missing", "the file is missing", Where(name))
        for name in wanted
        if not (folder / name).exists()
    )


def _check_references(tables: Tables, broken: set[str], findings: list[Finding]) -> None:
    home = {"site": "sites.csv", "system": "systems.csv", "lru": "lrus.csv"}
    known = {name: {row.text(name) for row in tables[file]} for name, file in home.items()}
    for table in TABLES:
        for column in table.columns:
            # When the home file itself is unreadable, its own finding says enough.
            if not column.known_in or home[column.known_in] in broken:
                continue
            for row in tables[table.file]:
                value = row.text(column.name)
                if value and value not in known[column.known_in]:
                    findings.append(
                        error(
                            "unknown-reference",
                            f"this is not in {home[column.known_in]}",
                            Where(table.file, row.number, column.name),
                            value,
                        )
                    )


def _check_trees(rows: list[Row], findings: list[Finding]) -> None:
    parent = {row.text("site"): row.text("parent") for row in rows}
    settled: set[str] = set()
    for row in rows:
        path: list[str] = []
        site = row.text("site")
        while site and site in parent and site not in settled:
            if site in path:
                findings.append(
                    error(
                        "cycle",
                        "the parents form a cycle",
                        Where("sites.csv", row.number, "parent"),
                        " > ".join([*path[path.index(site) :], site]),
                    )
                )
                break
            path.append(site)
            site = parent[site]
        settled.update(path)


def _check_tops(rows: list[Row], findings: list[Finding]) -> None:
    """One site alone has no parent: what it cannot repair it orders from an ample source."""
    tops = [row for row in rows if not row.text("parent")]
    findings.extend(
        error(
            "two-tops",
            "only one site may be without a parent",
            Where("sites.csv", row.number, "parent"),
            f"{tops[0].text('site')}, {row.text('site')}",
        )
        for row in tops[1:]
    )


def _check_repairs(rows: list[Row], findings: list[Finding]) -> None:
    findings.extend(
        error("blank", "a value is needed here", Where("repair.csv", row.number, "repair_days"))
        for row in rows
        if row.number_of("share") > 0 and row.cells["repair_days"] is None
    )


def _check_spares(tables: Tables, findings: list[Finding]) -> None:
    """Spares come as whole units; a consumable may come as a part of one."""
    units = {row.text("lru") for row in tables["lrus.csv"]}
    findings.extend(
        error(
            "not-whole",
            "the number must be whole",
            Where("supplies.csv", row.number, "quantity"),
            f"{row.number_of('quantity'):g}",
        )
        for row in tables["supplies.csv"]
        if row.text("item") in units and not row.number_of("quantity").is_integer()
    )


def _check_indenture(rows: list[Row], findings: list[Finding]) -> None:
    inside: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        inside.setdefault(row.text("lru"), []).append((row.text("sru"), row))
    state: dict[str, int] = {}
    for start in inside:
        if state.get(start):
            continue
        stack = [(start, iter(inside.get(start, [])))]
        state[start] = 1
        while stack:
            unit, children = stack[-1]
            step = next(children, None)
            if step is None:
                state[unit] = 2
                stack.pop()
                continue
            child, row = step
            if state.get(child) == 1:
                findings.append(
                    error(
                        "cycle",
                        "the subparts form a cycle",
                        Where("subparts.csv", row.number, "sru"),
                        f"{unit} > {child}",
                    )
                )
            elif not state.get(child):
                state[child] = 1
                stack.append((child, iter(inside.get(child, []))))


def _check_phases(rows: list[Row], findings: list[Finding]) -> None:
    spans: list[tuple[int, float, Row]] = []
    for row in rows:
        start, end = row.whole("from_day"), row.maybe("to_day")
        if end is not None and end <= start:
            findings.append(
                error(
                    "order",
                    "the end is not after the start",
                    Where("tempo.csv", row.number, "to_day"),
                    str(int(end)),
                )
            )
        else:
            spans.append((start, float("inf") if end is None else end, row))
    spans.sort(key=lambda span: span[:2])
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            findings.append(
                error(
                    "overlap",
                    "the phase overlaps another one",
                    Where("tempo.csv", after[2].number, "from_day"),
                    str(after[0]),
                )
            )


def _check_requirements(rows: list[Row], findings: list[Finding]) -> None:
    findings.extend(
        error(
            "order",
            "the end is before the start",
            Where("requirement.csv", row.number, "to_day"),
            str(row.whole("to_day")),
        )
        for row in rows
        if row.cells["to_day"] is not None and row.whole("to_day") < row.whole("from_day")
    )


def _note_supplies(tables: Tables, findings: list[Finding]) -> None:
    uses = {(row.text("system"), row.text("item")) for row in tables["consumption.csv"]}
    fleets = {(row.text("site"), row.text("system")) for row in tables["fleets.csv"]}
    used = {(site, item) for site, system in fleets for name, item in uses if name == system}
    units = {row.text("lru") for row in tables["lrus.csv"]}
    findings.extend(
        Finding(
            "unused-supply",
            "warning",
            "nothing at this site uses the item",
            Where("supplies.csv", row.number, "item"),
            row.text("item"),
        )
        for row in tables["supplies.csv"]
        if row.text("item") not in units and (row.text("site"), row.text("item")) not in used
    )


def _build(tables: Tables, findings: tuple[Finding, ...]) -> Model:
    return Model(
        sites=tuple(
            Site(r.text("site"), r.text("name"), r.text("parent"), r.number_of("ship_days"))
            for r in tables["sites.csv"]
        ),
        systems=tuple(System(r.text("system"), r.text("name")) for r in tables["systems.csv"]),
        fleets=tuple(map(_fleet, tables["fleets.csv"])),
        parts=tuple(
            Part(
                r.text("system"),
                r.text("lru"),
                r.whole("per_system"),
                r.number_of("removals_per_day"),
            )
            for r in tables["parts.csv"]
        ),
        subparts=tuple(
            Subpart(r.text("lru"), r.text("sru"), r.number_of("share"), r.number_of("repair_days"))
            for r in tables["subparts.csv"]
        ),
        units=tuple(map(_unit, tables["lrus.csv"])),
        repairs=tuple(map(_repair, tables["repair.csv"])),
        stocks=tuple(
            Stock(r.text("lru"), r.text("site"), r.whole("level")) for r in tables["stock.csv"]
        ),
        attrition=tuple(map(_attrition, tables["attrition.csv"])),
        consumption=tuple(map(_consumption, tables["consumption.csv"])),
        supplies=tuple(
            Supply(r.text("item"), r.text("site"), r.whole("day"), r.number_of("quantity"))
            for r in tables["supplies.csv"]
        ),
        phases=tuple(
            Phase(r.whole("from_day"), r.maybe_whole("to_day"), r.number_of("factor"))
            for r in tables["tempo.csv"]
        ),
        requirements=tuple(map(_requirement, tables["requirement.csv"])),
        findings=findings,
    )


def _fleet(r: Row) -> Fleet:
    return Fleet(
        r.text("site"),
        r.text("system"),
        r.whole("quantity"),
        r.number_of("tempo"),
        r.whole("from_day"),
    )


def _unit(r: Row) -> Unit:
    return Unit(
        r.text("lru"),
        r.text("name"),
        r.maybe("cost_eur"),
        r.number_of("condemned_share"),
        r.maybe("procure_days"),
    )


def _repair(r: Row) -> Repair:
    return Repair(
        r.text("lru"),
        r.text("site"),
        r.number_of("share"),
        r.maybe("repair_days") or 0.0,
        r.text("distribution") == "fixed",
        r.maybe_whole("servers"),
    )


def _attrition(r: Row) -> Attrition:
    cause = next(cause for cause in CAUSES if cause == r.text("cause"))
    return Attrition(r.text("system"), cause, r.number_of("per_day"), r.maybe("returns_after_days"))


def _consumption(r: Row) -> Consumption:
    return Consumption(
        r.text("system"), r.text("item"), r.number_of("per_day"), r.maybe("distribution_shape")
    )


def _requirement(r: Row) -> Requirement:
    return Requirement(
        r.text("system"),
        r.text("site"),
        r.whole("from_day"),
        r.maybe_whole("to_day"),
        r.number_of("quantity"),
    )
