"""A scenario: tables of stocks, floors, caveats and network that open needs are planned with.

It is a folder with the tables of a problem except ``needs.csv`` and ``plan.toml``; in their place
stand ``scenario.toml`` (horizon, tiers, titles) and ``destinations.csv`` (place, capability, node,
share): where a need of the ledger is to be handed over.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intendance.errors import InputError
from intendance.ledger.coverage import needs_known
from intendance.model.catalogue import fold
from intendance.plan.problem import TIERS
from intendance.plan.read import COLUMNS, MAX_WEEKS, OPTIONAL, REQUIRED, ProblemError, read_problem
from intendance.plan.tables import Table, read_table

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

TABLES: Final = tuple(name for name in (*REQUIRED, *OPTIONAL) if name != "needs")
DEFAULT_HORIZON_WEEKS: Final = 26
NEED_COLUMNS: Final = (
    "need", "capability", "node", "quantity", "due_week", "until_week", "priority",
    "unit", "due", "place", "line", "basis",
)  # fmt: skip
_SETTINGS: Final = "scenario.toml"
_DESTINATIONS: Final = "destinations.csv"
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario's tables as rows of cells, in the order of their files."""

    name: str
    horizon_weeks: int
    tiers: tuple[str, ...]
    tier_tolerance: float
    illustrative: bool
    tables: dict[str, Rows]
    destinations: Rows
    sha256: str


def scenario_names() -> tuple[str, ...]:
    """Give the names of the scenarios that the package carries."""
    folders = files("intendance.plan").joinpath("scenarios").iterdir()
    return tuple(sorted(each.name for each in folders if each.joinpath(_SETTINGS).is_file()))


def scenario_folder(name: str) -> Path:
    """Find a scenario by the package's name for it, else as a folder. InputError: neither."""
    if name in scenario_names():
        return Path(str(files("intendance.plan").joinpath("scenarios", name)))
    folder = Path(name)
    if name and folder.is_dir():
        return folder
    raise InputError(
        f"There is no scenario {name!r}.",
        next_step=f"Use one of {', '.join(scenario_names())}, or a folder of tables.",
    )


def scenario_for(ledger: Ledger) -> Path:
    """Choose the package's scenario that has a destination for every need's place.

    InputError when the ledger has no needs, when no scenario does, or when several do.
    """
    places = {(need.place, need.capability) for need in needs_known(ledger.entries(), None)}
    if not places:
        raise InputError(
            "The ledger has no needs to plan for.",
            next_step="Bring needs in first: intendance import sheet FILE.",
        )
    fitting = [
        name
        for name in scenario_names()
        if all(targets_of(*each, read_scenario(scenario_folder(name))) for each in places)
    ]
    if len(fitting) != 1:
        raise InputError(
            "No scenario fits the places of this ledger's needs.",
            next_step=f"Say which: --scenario {' | '.join(scenario_names())} | FOLDER.",
        )
    return scenario_folder(fitting[0])


def read_scenario(folder: Path) -> Scenario:
    """Read and check a scenario's tables. ProblemError names every cell that is off."""
    settings = _settings(folder)
    horizon = settings.get("horizon_weeks", DEFAULT_HORIZON_WEEKS)
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not 1 <= horizon <= MAX_WEEKS:
        raise InputError(
            f"horizon_weeks must be a whole number from 1 to {MAX_WEEKS}.",
            where=f"{_SETTINGS}:horizon_weeks",
        )
    digest = hashlib.sha256()
    name = folder.resolve().name
    with tempfile.TemporaryDirectory() as beside:
        # Under the scenario's own name, for errors name the folder.
        copy = Path(beside) / (name or "scenario")
        copy.mkdir()
        _copy(folder, copy)
        # Any week is in order here: what lies beyond the horizon is fitted to it later.
        text = f"horizon_weeks = {MAX_WEEKS}\ntiers = {json.dumps(_tiers(settings))}\n"
        (copy / "plan.toml").write_text(text, "utf-8")
        (copy / "needs.csv").write_text(",".join(NEED_COLUMNS[:7]) + "\n", "utf-8")
        read_problem(copy)
        tables = {
            each: _rows_of(read_table(path, COLUMNS[each].split()))
            for each in TABLES
            if (path := copy / f"{each}.csv").is_file()
        }
    nodes = {row["node"] for row in tables["nodes"]}
    destinations = _destinations(folder / _DESTINATIONS, nodes)
    for file in (_SETTINGS, _DESTINATIONS, *(f"{each}.csv" for each in TABLES)):
        path = folder / file
        body = path.read_bytes() if path.is_file() else b""
        digest.update(f"{file} {len(body)}\n".encode() + body)
    return Scenario(
        name,
        horizon,
        tuple(_tiers(settings)),
        _tolerance(settings),
        bool(settings.get("stocks_are_illustrative", False)),
        {each: tables.get(each, []) for each in TABLES},
        destinations,
        digest.hexdigest(),
    )


def _copy(folder: Path, copy: Path) -> None:
    for each in TABLES:
        path = folder / f"{each}.csv"
        try:
            if path.is_file():
                shutil.copyfile(path, copy / path.name)
        except OSError as error:
            said = f"the file cannot be read: {error.strerror}"
            raise InputError(said, where=path.name, next_step="Check the path.") from error


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / _SETTINGS
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the file is not TOML: {error}", where=_SETTINGS) from error


def _tiers(settings: dict[str, Any]) -> list[str]:
    tiers = settings.get("tiers", list(TIERS))
    fits = isinstance(tiers, list) and tiers and all(each in TIERS for each in tiers)
    if not fits or len(set(tiers)) < len(tiers):
        said = f"tiers must be a list out of {', '.join(TIERS)}."
        raise InputError(said, where=f"{_SETTINGS}:tiers")
    return [str(each) for each in tiers]


def _tolerance(settings: dict[str, Any]) -> float:
    found = settings.get("tier_tolerance", 0.0)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1e6:
        said = "tier_tolerance must be a number from zero up."
        raise InputError(said, where=f"{_SETTINGS}:tier_tolerance")
    return float(found)


def _rows_of(table: Table) -> Rows:
    return [cells for _, cells in table.rows]


def _destinations(path: Path, nodes: set[str]) -> Rows:
    """Read where needs are handed over; a scenario without the file names nodes as places."""
    if not path.is_file():
        return []
    table = read_table(path, ("place", "node"))
    table.references("node", dict.fromkeys(nodes, 0), "nodes.csv")
    table.numbers("share", blank=1.0, above=True)
    if any(each.severity == "error" for each in table.findings):
        raise ProblemError([each for each in table.findings if each.severity == "error"])
    return _rows_of(table)


def targets_of(place: str, capability: str, scenario: Scenario) -> list[tuple[str, Decimal]]:
    """Give the nodes at which a need is handed over, with their shares of it.

    The rows for its place and capability count, else those for its place alone, else those
    without a place; without ``destinations.csv`` the nodes that bear the place's name or code,
    else the scenario's only destination.
    """
    here, anywhere = fold(place), ""
    for wanted, what in ((here, capability), (here, ""), (anywhere, capability), (anywhere, "")):
        found = [
            (row["node"], Decimal(row.get("share") or "1"))
            for row in scenario.destinations
            if fold(row["place"]) == wanted and row.get("capability", "") == what
        ]
        if found:
            return found
    if scenario.destinations:
        return []
    ends = [row for row in scenario.tables["nodes"] if row.get("kind") == "destination"]
    named = [row for row in ends if here and here in (fold(row["node"]), fold(row.get("name", "")))]
    chosen = named or (ends if len(ends) == 1 else [])
    return [(row["node"], Decimal(1)) for row in chosen]
