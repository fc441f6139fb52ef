"""Reads a problem folder: every cell checked, every problem with its file, row and column."""

from __future__ import annotations

import hashlib
import math
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast

from intendance.errors import InputError
from intendance.model.finding import Finding, Where
from intendance.plan.problem import (
    MEASURES,
    MODES,
    NODE_KINDS,
    TIERS,
    Condition,
    Donors,
    Items,
    Links,
    Needs,
    Nodes,
    Package,
    Problem,
    Stocks,
    Tier,
    available_by_week,
    frozen,
)
from intendance.plan.tables import Table, positions, read_table

MAX_WEEKS: Final = 5200  # a hundred years: beyond, it is a slip of the pen
SHARE_TOLERANCE: Final = 1e-3  # shares typed with three decimals may miss 1 by this
NAN: Final = math.nan
INF: Final = math.inf
REQUIRED: Final = ("donors", "nodes", "links", "items", "effects", "needs", "stocks")
OPTIONAL: Final = ("lots", "packages", "conditions")
COLUMNS: Final = {
    "donors": "donor share",
    "nodes": "node",
    "links": "link from to transit_weeks cost_eur_per_t measure",
    "items": "item transport_class weight_t value_eur",
    "effects": "capability item effect",
    "needs": "need capability node quantity due_week priority",
    "stocks": "stock donor item node quantity",
    "lots": "stock week quantity",
    "packages": "package stock quantity",
    "conditions": "stock kind others",
}


class ProblemError(InputError):
    """The problem folder has errors; ``findings`` holds all of them, the sentence the first."""

    code = "problem"

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        shown = f" ({first.value})" if first.value else ""
        more = f"; {len(findings) - 1} more" if len(findings) > 1 else ""
        super().__init__(
            f"{first.sentence}{shown}{more}",
            where=str(first.where),
            next_step="Correct the cell and run again.",
        )
        self.findings = findings

    def as_record(self) -> dict[str, Any]:
        """Give the error with every finding, each as a JSON object."""
        return {**super().as_record(), "findings": [x.as_record() for x in self.findings]}


@dataclass(slots=True)
class _Folder:
    tables: dict[str, Table]
    horizon_weeks: int = 1
    findings: list[Finding] = field(default_factory=list)


def read_problem(folder: Path) -> tuple[Problem, tuple[Finding, ...]]:
    """Read and check a problem folder; the second value holds the warnings.

    Raises ProblemError with every error found, InputError when a file cannot be read at all.
    """
    if not folder.is_dir():
        message = f"there is no folder {folder.name or folder}"
        raise InputError(message, next_step="Give the folder that holds plan.toml.")
    settings, findings = _read_settings(folder / "plan.toml")
    if findings:
        raise ProblemError(findings)  # every week of the tables is judged by the horizon
    tables: dict[str, Table] = {}
    digest = hashlib.sha256()
    for name in (*REQUIRED, *OPTIONAL):
        path = folder / f"{name}.csv"
        if name in OPTIONAL and not path.exists():
            tables[name] = Table(path.name, [])
            continue
        tables[name] = read_table(path, COLUMNS[name].split())
    for name in ("plan.toml", *(f"{x}.csv" for x in (*REQUIRED, *OPTIONAL))):
        path = folder / name
        body = path.read_bytes() if path.exists() else b""
        digest.update(f"{name} {len(body)}\n".encode() + body)
    problem = _assemble(settings, tables, digest.hexdigest())
    for table in tables.values():
        findings += table.findings
    errors = [x for x in findings if x.severity == "error"]
    if errors:
        raise ProblemError(errors)
    return problem, tuple(findings)


def _assemble(settings: dict[str, Any], tables: dict[str, Table], sha256: str) -> Problem:
    horizon = int(settings["horizon_weeks"])
    donors = _donors(tables["donors"])
    nodes = _nodes(tables["nodes"])
    links = _links(tables["links"], positions(nodes.ids), horizon)
    items = _items(tables["items"])
    item_at = positions(items.ids)
    effects = _effects(tables["effects"], item_at)
    needs = _needs(tables["needs"], positions(nodes.ids), {x for x, _ in effects}, horizon)
    references = (positions(donors.ids), item_at, positions(nodes.ids))
    lots = _lots(tables["lots"], positions(tables["stocks"].text("stock")), horizon)
    stocks = _stocks(tables["stocks"], references, lots, horizon)
    packages = _packages(tables["packages"], stocks, items)
    conditions = _conditions(tables["conditions"], positions(stocks.ids))
    return Problem(
        horizon, settings["start"], settings["tiers"], settings["tier_tolerance"],
        donors, nodes, links, items, effects, needs, stocks, packages, conditions, sha256,
    )  # fmt: skip


def _read_settings(path: Path) -> tuple[dict[str, Any], list[Finding]]:
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        message = "there is no file plan.toml in the folder"
        raise InputError(message, where=path.name, next_step="Add the file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the file is not TOML: {error}", where=path.name) from error
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", where=path.name) from error
    findings: list[Finding] = []

    def blame(key: str, code: str, sentence: str) -> None:
        shown = "" if raw.get(key) is None else repr(raw[key])[:80]
        findings.append(Finding(code, "error", sentence, Where(path.name, None, key), shown))

    horizon = raw.get("horizon_weeks")
    if isinstance(horizon, bool) or not isinstance(horizon, int):
        blame("horizon_weeks", "not-whole", "horizon_weeks must be a whole number")
        horizon = 1
    elif not 1 <= horizon <= MAX_WEEKS:
        blame("horizon_weeks", "out-of-range", f"horizon_weeks must be 1 to {MAX_WEEKS}")
        horizon = 1
    start = raw.get("start", "")
    if isinstance(start, datetime):
        start = start.date()
    if isinstance(start, str) and start:
        try:
            start = date.fromisoformat(start)
        except ValueError:
            blame("start", "not-a-date", "start must be a date such as 2026-01-05")
    elif start != "" and not isinstance(start, date):
        blame("start", "not-a-date", "start must be a date such as 2026-01-05")
    tiers = raw.get("tiers", list(TIERS))
    if not isinstance(tiers, list) or not tiers or any(x not in TIERS for x in tiers):
        blame("tiers", "unknown-word", f"tiers must be a list out of {', '.join(TIERS)}")
        tiers = list(TIERS)
    elif len(set(tiers)) < len(tiers):
        blame("tiers", "duplicate", "a tier stands twice")
    tolerance = raw.get("tier_tolerance", 0.0)
    good = isinstance(tolerance, int | float) and not isinstance(tolerance, bool)
    if not good or not 0 <= tolerance <= 1e6:
        blame("tier_tolerance", "out-of-range", "tier_tolerance must be zero or more")
        tolerance = 0.0
    settings = {
        "horizon_weeks": horizon,
        "start": str(start),
        "tiers": tuple(cast("Tier", x) for x in tiers),
        "tier_tolerance": float(tolerance),
    }
    return settings, findings


def _donors(table: Table) -> Donors:
    share = table.numbers("share", above=True, high=1.0 + SHARE_TOLERANCE)
    if table.rows and not table.findings and abs(sum(share) - 1) > SHARE_TOLERANCE:
        said = "the shares do not sum to 1"
        table.blame("shares", said, table.rows[-1][0], "share", f"{sum(share):.6g}")
    return Donors(tuple(table.keys("donor")), tuple(table.text("name")), frozen(share, float))


def _nodes(table: Table) -> Nodes:
    if table.rows and "kind" in table.rows[0][1]:
        table.choices("kind", (*NODE_KINDS, ""))
    return Nodes(
        tuple(table.keys("node")),
        tuple(table.text("name")),
        tuple(table.text("kind")),
        tuple(table.text("country")),
        frozen(table.numbers("latitude", blank=NAN, low=-90, high=90), float),
        frozen(table.numbers("longitude", blank=NAN, low=-180, high=180), float),
        frozen(table.numbers("handling_t_per_week", blank=INF), float),
    )


def _links(table: Table, node_at: dict[str, int], horizon: int) -> Links:
    ids = tuple(table.keys("link"))
    source = [x[0] if x else 0 for x in table.references("from", node_at, "nodes.csv")]
    target = [x[0] if x else 0 for x in table.references("to", node_at, "nodes.csv")]
    for (row, cells), a, b in zip(table.rows, source, target, strict=True):
        if a == b and cells.get("from") == cells.get("to"):
            table.warn("loop", "the link leads back to where it starts", row, "to")
    if table.rows and "mode" in table.rows[0][1]:
        table.choices("mode", (*MODES, ""))
    measure = table.choices("measure", MEASURES)
    transit = table.whole_numbers("transit_weeks", high=MAX_WEEKS)
    excluded = [
        frozenset(y.strip() for y in x.split(";") if y.strip())
        for x in table.text("excluded_classes")
    ]
    return Links(
        ids,
        frozen(source, int),
        frozen(target, int),
        tuple(table.text("mode")),
        # A longer way can never arrive: the same for every plan, and no overflow later.
        frozen([min(x, horizon) for x in transit], int),
        frozen(table.numbers("cost_eur_per_t"), float),
        frozen(table.numbers("capacity_per_week", blank=INF), float),
        frozen([MEASURES.index(x) if x in MEASURES else 0 for x in measure], int),
        tuple(excluded),
    )


def _items(table: Table) -> Items:
    size = zip(
        table.numbers("weight_t"),
        table.numbers("area_m2", blank=NAN),
        table.numbers("pallets", blank=NAN),
        strict=True,
    )
    whole = table.whole_numbers("whole", blank=0, high=1)
    return Items(
        tuple(table.keys("item")),
        tuple(table.text("name")),
        tuple(table.text("unit")),
        tuple(table.text("transport_class")),
        frozen([*size] or [[0.0] * 3][:0], float).reshape(-1, 3),
        frozen(table.numbers("value_eur"), float),
        frozen(whole, bool),
    )


def _effects(table: Table, item_at: dict[str, int]) -> dict[tuple[str, int], float]:
    items = table.references("item", item_at, "items.csv")
    amounts = table.numbers("effect", above=True)
    effects: dict[tuple[str, int], float] = {}
    for (row, cells), item, amount in zip(table.rows, items, amounts, strict=True):
        capability = cells.get("capability", "")
        if not capability:
            table.blame("blank", "a capability is needed here", row, "capability")
        key = (capability, item[0] if item else 0)
        if key in effects and cells.get("item") in item_at:
            said = "this item's effect on this capability already stands above"
            table.blame("duplicate", said, row, "item", cells.get("item", ""))
        effects[key] = amount
    return effects


def _needs(table: Table, node_at: dict[str, int], capabilities: set[str], horizon: int) -> Needs:
    last = horizon - 1
    nodes = [x[0] if x else 0 for x in table.references("node", node_at, "nodes.csv")]
    due = table.whole_numbers("due_week", high=last)
    until = table.whole_numbers("until_week", blank=-1, high=last)
    until = [d if u < 0 else u for d, u in zip(due, until, strict=True)]
    for (row, cells), first, end in zip(table.rows, due, until, strict=True):
        if end < first and cells.get("until_week"):
            said = "until_week comes before due_week"
            table.blame("order", said, row, "until_week", cells["until_week"])
        capability = cells.get("capability", "")
        if not capability:
            table.blame("blank", "a capability is needed here", row, "capability")
        elif capability not in capabilities:
            said = "no item has an effect on this capability, so the need stays unmet"
            table.warn("no-item", said, row, "capability", capability)
    return Needs(
        tuple(table.keys("need")),
        tuple(table.text("capability")),
        frozen(nodes, int),
        frozen(table.numbers("quantity", above=True), float),
        frozen(due, int),
        frozen([max(d, u) for d, u in zip(due, until, strict=True)], int),
        frozen(table.numbers("priority", above=True), float),
    )


def _lots(
    table: Table, stock_at: dict[str, int], horizon: int
) -> dict[int, list[tuple[int, float]]]:
    stocks = table.references("stock", stock_at, "stocks.csv")
    weeks = table.whole_numbers("week", high=MAX_WEEKS)
    quantities = table.numbers("quantity")
    lots: dict[int, list[tuple[int, float]]] = {}
    for (row, cells), stock, week, quantity in zip(
        table.rows, stocks, weeks, quantities, strict=True
    ):
        if week >= horizon:
            said = "the lot comes after the horizon's end and is not counted"
            table.warn("after-horizon", said, row, "week", cells.get("week", ""))
        lots.setdefault(stock[0] if stock else 0, []).append((week, quantity))
    return lots


def _stocks(
    table: Table,
    references: tuple[dict[str, int], dict[str, int], dict[str, int]],
    lots: dict[int, list[tuple[int, float]]],
    horizon: int,
) -> Stocks:
    donor_at, item_at, node_at = references
    donors = [x[0] if x else 0 for x in table.references("donor", donor_at, "donors.csv")]
    items = [x[0] if x else 0 for x in table.references("item", item_at, "items.csv")]
    nodes = [x[0] if x else 0 for x in table.references("node", node_at, "nodes.csv")]
    quantity = table.numbers("quantity")
    floor = table.numbers("floor", blank=0.0)
    release = table.whole_numbers("release_week", blank=0, high=horizon - 1)
    releasable = table.whole_numbers("releasable", blank=1, high=1)
    every = [tuple(sorted(lots.get(s, []))) for s in range(len(quantity))]
    for (row, cells), q, f in zip(table.rows, quantity, floor, strict=True):
        if f > q:
            said = "the floor is above the quantity, so nothing is free"
            table.warn("floor", said, row, "floor", cells.get("floor", ""))
    available = [
        available_by_week(horizon, q - f, w, lot, releasable=bool(r))
        for q, f, w, lot, r in zip(quantity, floor, release, every, releasable, strict=True)
    ]
    ever = [
        q - f + sum(x for week, x in lot if week < horizon)
        for q, f, lot in zip(quantity, floor, every, strict=True)
    ]
    return Stocks(
        tuple(table.keys("stock")), frozen(donors, int), frozen(items, int), frozen(nodes, int),
        frozen(quantity, float), frozen(floor, float), frozen(release, int),
        frozen(releasable, bool), tuple(every),
        frozen(available, float).reshape(-1, horizon), frozen(ever, float),
    )  # fmt: skip


def _packages(table: Table, stocks: Stocks, items: Items) -> tuple[Package, ...]:
    named = table.references("stock", positions(stocks.ids), "stocks.csv")
    quantities = table.numbers("quantity", above=True)
    lines: dict[str, list[tuple[int, float]]] = {}
    taken: dict[int, int] = {}
    for (row, cells), stock, quantity in zip(table.rows, named, quantities, strict=True):
        package = cells.get("package", "")
        if not package:
            table.blame("blank", "an identifier is needed here", row, "package")
        if not stock or cells["stock"] not in stocks.ids:
            continue
        s = stock[0]
        if s in taken:
            said = f"this stock already stands in a package (row {taken[s]})"
            table.blame("duplicate", said, row, "stock", cells["stock"])
        taken.setdefault(s, row)
        if quantity > stocks.available[s, -1]:
            said = "the stock never has that much to give, so the package cannot ship"
            table.warn("impossible", said, row, "quantity", cells["quantity"])
        elif items.ids and items.whole[stocks.item[s]] and quantity != math.floor(quantity):
            said = "only whole units of this item travel, so the package cannot ship"
            table.warn("impossible", said, row, "quantity", cells["quantity"])
        lines.setdefault(package, []).append((s, quantity))
    return tuple(
        Package(name, tuple(s for s, _ in rows), tuple(q for _, q in rows))
        for name, rows in lines.items()
    )


def _conditions(table: Table, stock_at: dict[str, int]) -> tuple[Condition, ...]:
    kinds = table.choices("kind", ("joint", "with"))
    stocks = table.references("stock", stock_at, "stocks.csv")
    others = table.references("others", stock_at, "stocks.csv", separator=";")
    joint = [kind == "joint" for kind in kinds]
    counts = table.whole_numbers("count", blank=-1)
    shares = table.numbers("share", blank=-1.0)
    found = []
    for position, (row, cells) in enumerate(table.rows):
        kind, count, share = kinds[position], counts[position], shares[position]
        if joint[position]:
            if count < 0:
                table.blame("blank", "a joint condition needs a count", row, "count")
            if not 0 <= share <= 1:
                said = "a joint condition needs a share from 0 to 1"
                table.blame("out-of-range", said, row, "share", cells.get("share", ""))
            if count > len(set(others[position])):
                said = "the count is above the number of others, so the stock can never ship"
                table.warn("impossible", said, row, "count", cells.get("count", ""))
        elif kind == "with":
            if len(others[position]) > 1:
                said = "a with condition names exactly one stock"
                table.blame("too-many", said, row, "others", cells.get("others", ""))
            if others[position][:1] == stocks[position][:1] and cells["others"] == cells["stock"]:
                table.blame("self", "the condition names its own stock", row, "others")
            if share < 0:
                table.blame("blank", "a with condition needs a share", row, "share")
        unique = tuple(dict.fromkeys(others[position]))
        stock = stocks[position][0] if stocks[position] else 0
        if kind in ("joint", "with"):
            found.append(
                Condition(stock, "joint" if kind == "joint" else "with", unique, count, share)
            )
    return tuple(found)
