"""A folder of variations of one problem gives a regret table.

A variation is a file ``NAME.txt`` with one change a line (see ``whatif``; ``#`` starts a remark).
Each is planned with full knowledge; the base plan, made without it, is adapted to it only by
leaving out what no longer fits. The regret is what not knowing costs in shortfall.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intendance import engine
from intendance.errors import InputError
from intendance.plan.adapt import translate
from intendance.plan.check import check_folder, read_shipments
from intendance.plan.network import build_network
from intendance.plan.read import read_problem
from intendance.plan.repair import fit, mend
from intendance.plan.solve import solve
from intendance.plan.stop import Stop
from intendance.plan.whatif import Setting, change_folder, parse_setting


@dataclass(frozen=True, slots=True)
class Task:
    """One scenario to work on: everything a process elsewhere needs."""

    name: str
    problem: str
    plan: str
    settings: tuple[Setting, ...]
    gap: float
    seconds: float
    seed: int


@dataclass(frozen=True, slots=True)
class Regret:
    """One row: shortfalls of the base plan as it stands, mended, and of a plan made knowing."""

    scenario: str
    kept: float
    mended: float
    knowing: float
    bound: float
    cost_eur: float

    @property
    def regret(self) -> float:
        """Give what the base plan, left as it stands, loses against knowing."""
        return max(0.0, self.kept - self.knowing)


def read_scenarios(folder: Path) -> list[tuple[str, tuple[Setting, ...]]]:
    """Read every NAME.txt of a folder, in the order of their names; the base comes first."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder.name or folder}")
    found: list[tuple[str, tuple[Setting, ...]]] = [("base", ())]
    for path in sorted(folder.glob("*.txt")):
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("the file cannot be read as UTF-8 text", where=path.name) from error
        bare = [line.split("#", 1)[0].strip() for line in lines]
        found.append((path.stem, tuple(parse_setting(line) for line in bare if line)))
    if len(found) == 1:
        message = f"{folder.name} holds no scenario"
        raise InputError(message, next_step="Add files NAME.txt with one change a line.")
    return found


def regret_table(
    problem: Path,
    plan: Path,
    scenarios: Sequence[tuple[str, tuple[Setting, ...]]],
    *,
    gap: float = 0.001,
    seconds: float = 60.0,
    seed: int = 0,
    workers: int = 1,
    cluster: str | None = None,
) -> list[Regret]:
    """Work through the scenarios inline, on processes or on a cluster: the same table each way.

    ``seconds`` limits each scenario; give it room, as a search cut short depends on the machine.
    """
    tasks = [
        Task(name, str(problem.resolve()), str(plan.resolve()), changes, gap, seconds, seed)
        for name, changes in scenarios
    ]
    return list(engine.run(work, tasks, workers=workers, cluster=cluster))


def work(task: Task) -> Regret:
    """Work on one scenario (a top-level function, so that processes can find it)."""
    base, _ = read_problem(Path(task.problem))
    check_folder(base, Path(task.plan))
    shipments, _ = read_shipments(base, Path(task.plan))
    with tempfile.TemporaryDirectory() as folder:
        change_folder(Path(task.problem), task.settings, Path(folder))
        changed, _ = read_problem(Path(folder))
    network = build_network(changed)
    start = fit(changed, network, translate(base, changed, shipments))
    kept = mend(changed, network, start, fill=False)
    mended = mend(changed, network, start)
    assert kept is not None
    assert mended is not None
    stop = Stop()
    stop.deadline = stop.started + task.seconds
    best = solve(changed, gap=task.gap, stop=stop, seed=task.seed)
    knowing = min(best.objective.shortfall, mended[2].shortfall)
    return Regret(
        task.name, kept[2].shortfall, mended[2].shortfall, knowing, best.bound,
        best.objective.cost,
    )  # fmt: skip
