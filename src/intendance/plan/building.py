"""Makes a planning problem from the ledger's open needs and a scenario's tables."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from intendance import __version__
from intendance.errors import InputError
from intendance.ledger.privacy import PUBLIC
from intendance.model.finding import Finding
from intendance.model.interval import plain
from intendance.plan.given import Given, given_by_plans, without_given
from intendance.plan.hesitations import caveats_known, caveats_on
from intendance.plan.open_needs import (
    THOUSANDTH,
    OpenNeed,
    open_needs,
    shared_priority,
)
from intendance.plan.read import COLUMNS, MAX_WEEKS, OPTIONAL, REQUIRED, read_problem
from intendance.plan.scenario_tables import NEED_COLUMNS, Rows, Scenario, read_scenario, targets_of
from intendance.plan.stated import Stating, with_stated

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Built:
    """A problem folder that was made: what it rests on, how large it is, what was left out."""

    folder: Path
    as_of: date
    known_at: date | None
    horizon_weeks: int
    scenario: str
    scenario_sha256: str
    illustrative: bool
    problem_sha256: str
    ledger_root: str
    ledger_entries: int
    rows: dict[str, int]
    findings: tuple[Finding, ...]
    marking: str = PUBLIC

    def as_record(self) -> dict[str, object]:
        """Give it as a JSON object (the folder by its name)."""
        return {
            "problem": self.folder.name,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "horizon_weeks": self.horizon_weeks,
            "scenario": self.scenario,
            "scenario_sha256": self.scenario_sha256,
            "illustrative": self.illustrative,
            "problem_sha256": self.problem_sha256,
            "ledger_root": self.ledger_root,
            "ledger_entries": self.ledger_entries,
            "rows": self.rows,
            "marking": self.marking,
            "findings": [each.as_record() for each in self.findings],
        }


def build(
    ledger: Ledger,
    scenario: Path,
    *,
    as_of: date,
    out: Path,
    known_at: date | None = None,
    horizon_weeks: int | None = None,
) -> Built:
    """Write the problem of what the ledger still asks for, as of a day.

    Week 0 begins on ``as_of``. The folder is made beside its place and renamed. Raises InputError
    when a table is off (the scenario's file, row and column) or the folder cannot be written.
    """
    _refuse_other_folders(out)
    read = read_scenario(scenario)
    horizon = horizon_weeks if horizon_weeks is not None else read.horizon_weeks
    if not 1 <= horizon <= MAX_WEEKS:
        raise InputError(f"A horizon has 1 to {MAX_WEEKS} weeks, not {horizon}.")
    head = ledger.seen_head()
    needs, notes = open_needs(ledger, as_of=as_of, known_at=known_at, horizon_weeks=horizon)
    findings = list(notes)
    given = given_by_plans(ledger, read, as_of=as_of, known_at=known_at)
    need_rows = place_needs(needs, read, given, findings)
    stating = Stating(tuple(ledger.entries()), as_of, known_at, read.sha256)
    present = without_given(read.tables, given, findings)
    present = with_stated(present, stating, findings)
    tables = keep_useful(present, need_rows, findings)
    caveats = caveats_known(stating.entries, as_of, known_at)
    findings += caveats_on(tables["stocks"], tables["donors"], tables["items"], caveats)
    tables = {**tables, "needs": need_rows}
    _fit_horizon(tables, horizon)
    origin: dict[str, str | int] = {
        "made_by": f"intendance {__version__}",
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else "",
        "ledger_root": head.root,
        "ledger_entries": head.entries,
        "scenario": read.name,
        "scenario_sha256": read.sha256,
        "marking": stating.marking,
    }
    contents = {f"{name}.csv": _csv(name, rows) for name, rows in tables.items()}
    contents["plan.toml"] = _plan_toml(read, horizon, as_of, origin)
    sha256, warnings = _write_folder(out, contents)
    return Built(
        folder=out,
        as_of=as_of,
        known_at=known_at,
        horizon_weeks=horizon,
        scenario=read.name,
        scenario_sha256=read.sha256,
        illustrative=read.illustrative,
        problem_sha256=sha256,
        ledger_root=head.root,
        ledger_entries=head.entries,
        rows={name: len(rows) for name, rows in sorted(tables.items())},
        findings=(*findings, *warnings),
        marking=stating.marking,
    )


def marking_of(problem: Path) -> str:
    """Give the marking of all that a built problem rests on; ``public`` for one made otherwise."""
    try:
        with (problem / "plan.toml").open("rb") as file:
            found = tomllib.load(file).get("origin", {}).get("marking", PUBLIC)
    except (OSError, ValueError) as error:
        raise InputError("plan.toml cannot be read.", where=problem.name) from error
    return found if isinstance(found, str) and found else PUBLIC


# -- needs at their places --------------------------------------------------------------------


def place_needs(
    needs: Sequence[OpenNeed],
    scenario: Scenario,
    given: Given,
    findings: list[Finding],
) -> Rows:
    """Give the rows of needs.csv: each open need at its destination node or nodes.

    ``given`` is what accepted plans bring to each node, so that the rest goes to the others.
    """
    known = {row["capability"] for row in scenario.tables["effects"]}
    rows: Rows = []
    for need in needs:
        targets = targets_of(need.place, need.capability, scenario)
        if not targets:
            said = "the scenario has no destination for this need's place, so it is left out"
            findings.append(
                Finding("no-destination", "warning", said, value=f"{need.id}: {need.place}")
            )
            continue
        if need.capability not in known:
            said = "no item of the scenario serves this need, so it will stay unmet"
            findings.append(
                Finding("no-item", "warning", said, value=f"{need.id}: {need.capability}")
            )
        open_now = sum((each.quantity for each in needs if each.line == need.line), Decimal(0))
        shares = remaining_shares(targets, given.by_node.get(need.line, {}), open_now)
        parts = split(need.quantity, shares)
        for (node, _), quantity in zip(targets, parts, strict=True):
            if quantity > 0:
                name = need.id if len(targets) == 1 else f"{need.id}@{node}"
                rows.append(_need_row(name, need, node, quantity))
    return rows


def remaining_shares(
    targets: list[tuple[str, Decimal]], given: Mapping[str, Decimal], open_now: Decimal
) -> list[Decimal]:
    """Give each destination's part of what is open: its share of the whole less what it gets.

    >>> third = Decimal(1)
    >>> [str(x) for x in remaining_shares([("B", third), ("C", third)], {"B": Decimal(6)}, third)]
    ['0', '3.5']
    """
    total = sum((share for _, share in targets), Decimal(0))
    whole = open_now + sum((given.get(node, Decimal(0)) for node, _ in targets), Decimal(0))
    left = [
        max(Decimal(0), whole * share / total - given.get(node, Decimal(0)))
        for node, share in targets
    ]
    return left if any(left) else [share for _, share in targets]


def _need_row(name: str, need: OpenNeed, node: str, quantity: Decimal) -> dict[str, str]:
    cells = (
        name, need.capability, node, plain(quantity), str(need.due_week),
        "" if need.until_week is None else str(need.until_week),
        plain(shared_priority(need.priority, quantity, need.quantity)),
        need.unit, need.due.isoformat(), need.place, need.line, need.basis,
    )  # fmt: skip
    return dict(zip(NEED_COLUMNS, cells, strict=True))


def split(quantity: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """Split a quantity by shares; a whole one into whole parts, the largest remainders first.

    >>> [str(part) for part in split(Decimal(10), [Decimal(1), Decimal(1), Decimal(1)])]
    ['4', '3', '3']
    """
    step = Decimal(1) if quantity == quantity.to_integral_value() else THOUSANDTH
    total = sum(shares, Decimal(0))
    exact = [quantity * share / total for share in shares]
    parts = [each.quantize(step, ROUND_FLOOR) for each in exact]
    left = int((quantity - sum(parts, Decimal(0))) / step)
    order = sorted(range(len(parts)), key=lambda k: (parts[k] - exact[k], k))
    for k in order[:left]:
        parts[k] += step
    return parts


# -- what the needs can use -------------------------------------------------------------------


def keep_useful(tables: dict[str, Rows], needs: Rows, findings: list[Finding]) -> dict[str, Rows]:
    """Keep the rows that may serve a need: its items, their stocks, and the ways between.

    Packages and conditions of a kept stock stay whole: the stocks they name are kept with it.
    Donors all stay, for the burden is shared among all of them.
    """
    wanted = {row["capability"] for row in needs}
    effects = [row for row in tables["effects"] if row["capability"] in wanted]
    useful = {row["item"] for row in effects}
    named = {row["stock"] for row in tables["stocks"] if row["item"] in useful}
    kept = _with_partners(named, tables)
    stocks = [row for row in tables["stocks"] if row["stock"] in kept]
    for row in stocks:
        if row["item"] not in useful:
            said = "nothing is open for this stock, so what ships only with it cannot ship"
            findings.append(Finding("idle-partner", "warning", said, value=row["stock"]))
    items = useful | {row["item"] for row in stocks}
    sources = {row["node"] for row in stocks}
    ends = {row["node"] for row in needs}
    nodes = _between(tables["links"], sources, ends)
    links = [row for row in tables["links"] if {row["from"], row["to"]} <= nodes]
    on_way = nodes | sources | ends
    return {
        "donors": tables["donors"],
        "nodes": [row for row in tables["nodes"] if row["node"] in on_way],
        "links": links,
        "items": [row for row in tables["items"] if row["item"] in items],
        "effects": effects,
        "stocks": stocks,
        **{name: [row for row in tables[name] if row["stock"] in kept] for name in OPTIONAL},
    }


def _with_partners(stocks: set[str], tables: dict[str, Rows]) -> set[str]:
    """Give the stocks with all that stand in a package or a condition with them."""
    kept = set(stocks)
    packages: dict[str, set[str]] = {}
    for row in tables["packages"]:
        packages.setdefault(row["package"], set()).add(row["stock"])
    while True:
        more = {each for members in packages.values() if members & kept for each in members}
        for row in tables["conditions"]:
            if row["stock"] in kept:
                more |= {each.strip() for each in row["others"].split(";") if each.strip()}
        if more <= kept:
            return kept
        kept |= more


def _between(links: Rows, sources: set[str], ends: set[str]) -> set[str]:
    """Give the nodes on some way from a source to an end."""

    def reached(start: set[str], one: str, other: str) -> set[str]:
        found, fresh = set(start), set(start)
        while fresh:
            fresh = {row[other] for row in links if row[one] in fresh} - found
            found |= fresh
        return found

    return reached(sources, "from", "to") & reached(ends, "to", "from")


def _fit_horizon(tables: dict[str, Rows], horizon: int) -> None:
    """Leave out what lies beyond the horizon: a later lot, a stock released only later."""
    tables["lots"] = [row for row in tables["lots"] if float(row["week"]) < horizon]
    tables["stocks"] = [
        {**row, "release_week": "", "releasable": "0"}
        if float(row.get("release_week") or 0) >= horizon
        else row
        for row in tables["stocks"]
    ]


# -- the folder -------------------------------------------------------------------------------


def _csv(name: str, rows: Rows) -> str:
    heads = list(rows[0]) if rows else (NEED_COLUMNS if name == "needs" else COLUMNS[name].split())
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _toml(value: str | int) -> str:
    """Write a TOML value; JSON's strings are TOML's but for the delete character."""
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return text.encode("utf-8", "replace").decode("utf-8")


def _plan_toml(scenario: Scenario, horizon: int, as_of: date, origin: dict[str, str | int]) -> str:
    lines = [
        f"horizon_weeks = {horizon}",
        f"start = {as_of.isoformat()}",
        f"tiers = {json.dumps(list(scenario.tiers))}",
        f"tier_tolerance = {scenario.tier_tolerance!r}",
        "",
        "[origin]",
        *(f"{key} = {_toml(value)}" for key, value in origin.items()),
    ]
    return "\n".join(lines) + "\n"


def _refuse_other_folders(out: Path) -> None:
    """Refuse to replace a folder that holds anything but a problem."""
    if not out.exists():
        if not out.absolute().parent.is_dir():
            raise InputError(f"There is no folder {out.parent.name}.", next_step="Make it first.")
        return
    known = {"plan.toml", *(f"{name}.csv" for name in (*REQUIRED, *OPTIONAL))}
    if not out.is_dir() or any(each.name not in known for each in out.iterdir()):
        raise InputError(
            f"{out.name} holds other things than a problem.",
            next_step="Choose another --out: a new folder, or one made by `plan build`.",
        )


def _write_folder(out: Path, contents: dict[str, str]) -> tuple[str, tuple[Finding, ...]]:
    """Write beside the place, read back, rename; give the problem's hash and its warnings."""

    def move(beside: Path) -> None:
        fresh, old = beside / "new", beside / "old"
        if out.exists():
            out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise

    return _beside(out, contents, move)


def _beside(
    out: Path, contents: dict[str, str], move: Callable[[Path], None]
) -> tuple[str, tuple[Finding, ...]]:
    try:
        beside = Path(tempfile.mkdtemp(prefix=".building-", dir=out.absolute().parent))
        try:
            (beside / "new").mkdir()
            for name, text in contents.items():
                (beside / "new" / name).write_text(text, encoding="utf-8", newline="")
            problem, warnings = read_problem(beside / "new")
            move(beside)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise InputError(
            f"the folder {out.name} cannot be written: {error.strerror}",
            next_step="Choose another --out.",
        ) from error
    return problem.sha256, warnings
