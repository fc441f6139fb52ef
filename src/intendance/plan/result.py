"""The plan as a value, and its folder: written beside its place, then renamed."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from intendance.errors import InputError
from intendance.plan.problem import Problem

Cause = Literal[
    "none_held",
    "floor",
    "not_released",
    "lead_time",
    "package_or_condition",
    "transport",
    "outbid",
]
Status = Literal["optimal", "feasible", "interrupted"]


@dataclass(frozen=True, slots=True)
class Shipment:
    """One stock to one need: a quantity in the item's unit, a path of links, a departure."""

    stock: int
    need: int
    quantity: float
    depart_week: int
    arrive_week: int
    links: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The three objectives: priority-weighted need-weeks, EUR per share, EUR."""

    shortfall: float
    burden: float
    cost: float


@dataclass(frozen=True, slots=True)
class Unmet:
    """What is missing of a need when the horizon ends, for one cause."""

    need: int
    quantity: float
    cause: Cause
    explanation: str


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A limit that costs something: the fall of the shortfall per unit more of it."""

    kind: Literal["link", "node", "stock", "condition"]
    id: str
    from_week: int
    to_week: int
    gain_per_unit: float
    explanation: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Shipments, packages accepted, and the figures of the run that found them.

    ``cut``: the time ended before the search began, so that what stands idle may have had a way.
    """

    shipments: tuple[Shipment, ...]
    accepted: tuple[bool, ...]
    objective: Figures
    bound: float = 0.0
    status: Status = "feasible"
    rounds: int = 0
    columns: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    seed: int = 0
    unmet: tuple[Unmet, ...] = ()
    bottlenecks: tuple[Bottleneck, ...] = ()
    cut: bool = False

    @property
    def gap(self) -> float:
        """Give (shortfall − bound) / max(bound, 1e-9), the contract's gap."""
        return max(0.0, self.objective.shortfall - self.bound) / max(self.bound, 1e-9)

    def summary(self, problem: Problem) -> dict[str, Any]:
        """Give what stands in summary.json."""
        from intendance import __version__

        return {
            "status": self.status,
            "objective": {
                "shortfall": self.objective.shortfall,
                "burden": self.objective.burden,
                "cost": self.objective.cost,
            },
            "bound": {"shortfall": self.bound},
            "gap": self.gap,
            "rounds": self.rounds,
            "columns": self.columns,
            "seconds": {
                name: round(self.seconds.get(name, 0.0), 3)
                for name in ("build", "price", "solve", "integer")
            },
            "peak_mb": round(self.peak_mb, 1),
            "seed": self.seed,
            "version": __version__,
            "problem_sha256": problem.sha256,
        }


def number(value: float) -> str:
    """Write a figure so that it reads back exactly, whole numbers without a point.

    >>> number(3.0), number(0.1)
    ('3', '0.1')
    """
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give CSV text with a header row and plain line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def write_plan(problem: Problem, plan: Plan, folder: Path) -> None:
    """Write the plan's five files; each appears whole or not at all."""
    stocks, needs, links = problem.stocks.ids, problem.needs.ids, problem.links.ids
    shipments = [
        (
            f"S{position}", stocks[x.stock], needs[x.need], number(x.quantity),
            x.depart_week, x.arrive_week, ";".join(links[k] for k in x.links),
        )
        for position, x in enumerate(plan.shipments, start=1)
    ]  # fmt: skip
    packages = [
        (pack.id, int(yes)) for pack, yes in zip(problem.packages, plan.accepted, strict=True)
    ]
    unmet = [(needs[x.need], number(x.quantity), x.cause, x.explanation) for x in plan.unmet]
    bottlenecks = [
        (x.kind, x.id, x.from_week, x.to_week, number(x.gain_per_unit), x.explanation)
        for x in plan.bottlenecks
    ]
    files = {
        "shipments.csv": csv_text(
            ("shipment", "stock", "need", "quantity", "depart_week", "arrive_week", "links"),
            shipments,
        ),
        "packages.csv": csv_text(("package", "accepted"), packages),
        "unmet.csv": csv_text(("need", "quantity", "cause", "explanation"), unmet),
        "bottlenecks.csv": csv_text(
            ("kind", "id", "from_week", "to_week", "gain_per_unit", "explanation"), bottlenecks
        ),
        "summary.json": json.dumps(plan.summary(problem), indent=2) + "\n",
    }
    write_files(folder, files)


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write text files into a folder: all beside their place first, then renamed one by one.

    Raises InputError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            for name, text in files.items():
                (beside / name).write_text(text, encoding="utf-8", newline="")
            for name in files:
                (beside / name).replace(folder / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        message = f"the folder {folder.name} cannot be written: {error.strerror}"
        raise InputError(message, next_step="Choose another --out.") from error
