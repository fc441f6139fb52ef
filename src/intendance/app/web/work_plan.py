"""A plan, as a job: the problem is built from the ledger, changed as asked, and solved."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from intendance.app.accounts import papers, trail
from intendance.app.web import desk, plans
from intendance.errors import InputError
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import joined

if TYPE_CHECKING:
    from intendance.app.web.work import Work
    from intendance.plan.building import Built
    from intendance.plan.generation import Progress
    from intendance.plan.problem import Problem
    from intendance.plan.result import Plan
    from intendance.plan.stop import Stop
    from intendance.plan.whatif import Setting

_SHARE_AFTER: Final = 0.25  # of the time limit: for reasons and drawings, at most
_LOOK_SECONDS: Final = 0.3


def solve(work: Work) -> dict[str, Any]:
    """Build, solve, explain and keep a plan.

    Arguments: ``scenario``, ``as_of``, ``known_at``, ``horizon``, ``settings`` (what-if changes),
    ``without`` (ids of donors that give nothing), ``gap``, ``seconds``, ``seed``, ``title``,
    ``private`` (use donors' private stocks and caveats too: for who sees everything).
    A stop keeps the best plan so far: it keeps every rule.
    """
    from intendance.plan.explain import explain
    from intendance.plan.read import read_problem
    from intendance.plan.result import write_plan

    given = work.arguments
    with TemporaryDirectory(prefix="intendance-solve-") as name:
        folder = Path(name)
        work.progress(text="building", share=0.02)
        built, problem_folder = _problem(work, folder)
        problem, _ = read_problem(problem_folder)
        if not problem.needs.ids:
            raise InputError(
                "Nothing is open that this scenario could serve.",
                next_step="Choose another day or scenario, or bring needs in.",
            )
        with _watched(work, float(given["seconds"])) as stop:
            found = _solved(work, problem, stop)
            work.progress(text="explaining", share=0.85)
            after = max(3.0, _SHARE_AFTER * float(given["seconds"]))
            stop.deadline = time.monotonic() + after
            found = explain(problem, found, plans.LANGUAGES[0], stop=stop)
            plan_folder = folder / "plan"
            plan_folder.mkdir()
            write_plan(problem, found, plan_folder)
            sections = _sections(work, (problem_folder, plan_folder), stop)
        body = {
            **{key: given[key] for key in ("title", "settings", "without", "gap", "seed")},
            **_about(built, problem, found),
            "packed": papers.keep(work.office, plans.packed(problem_folder, plan_folder)),
            "sections": sections,
            "published": False,
        }
    name = f"{given['as_of']}-{uuid4().hex[:8]}"
    papers.put(work.office, plans.KIND, name, body, person=work.person, version=0)
    trail.note(work.office, work.person, "", "plan made", f"{name} {found.status}")
    return {"href": f"/plan/{name}", "plan": name}


def _problem(work: Work, folder: Path) -> tuple[Built, Path]:
    from intendance.plan.building import build
    from intendance.plan.scenario_tables import scenario_folder
    from intendance.plan.whatif import change_folder, parse_setting

    given = work.arguments
    private = bool(given.get("private")) and work.viewer.sees_everything
    with Ledger.open(work.ledger_name, work.viewer if private else desk.CELL) as book:
        built = build(
            book,
            scenario_folder(given["scenario"]),
            as_of=date.fromisoformat(given["as_of"]),
            known_at=date.fromisoformat(given["known_at"]) if given["known_at"] else None,
            horizon_weeks=given["horizon"],
            out=folder / "built",
        )
    settings = [parse_setting(each) for each in given["settings"]]
    settings += _without(folder / "built", given["without"])
    change_folder(folder / "built", settings, folder / "problem")
    return built, folder / "problem"


def _without(problem: Path, donors: list[str]) -> Iterator[Setting]:
    """Let nothing go of what some donors hold."""
    from intendance.plan.tables import read_table
    from intendance.plan.whatif import Setting

    table = read_table(problem / "stocks.csv", ("stock", "donor"), optional=("releasable",))
    for _, cells in table.rows:
        if cells["donor"] in donors:
            yield Setting("stocks", cells["stock"], "releasable", "0")
            yield Setting("stocks", cells["stock"], "release_week", "")


@contextmanager
def _watched(work: Work, seconds: float) -> Iterator[Stop]:
    """Give a stop with a deadline that also heeds the person who asks to stop."""
    from intendance.plan.stop import Stop

    stop = Stop(time.monotonic() + seconds)
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            if work.stopped():
                stop.interrupted = True
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield stop
    finally:
        ended.set()


def _solved(work: Work, problem: Problem, stop: Stop) -> Plan:
    from intendance.plan.solve import solve as find

    given = work.arguments
    began, whole = time.monotonic(), float(given["seconds"])
    found = find(
        problem,
        gap=float(given["gap"]),
        stop=stop,
        seed=int(given["seed"]),
        progress=_telling(work, began, whole),
    )
    work.progress(
        value=round(found.objective.shortfall, 4),
        bound=round(found.bound, 4),
        gap=f"{found.gap:.2%}",
        rounds=found.rounds,
    )
    return found


def _telling(work: Work, began: float, whole: float) -> Progress:
    def tell(tier: str, value: float, bound: float, rounds: int) -> None:
        share = min(0.8, 0.05 + 0.75 * (time.monotonic() - began) / max(whole, 1e-3))
        gap = max(0.0, value - bound) / max(bound, 1e-9)
        work.progress(
            text=tier,
            value=round(value, 4),
            bound=round(bound, 4),
            gap=f"{gap:.2%}" if tier == "shortfall" and gap < 10 else None,
            rounds=rounds,
            share=round(share, 3),
        )

    return tell


def _sections(work: Work, folders: tuple[Path, Path], stop: Stop) -> dict[str, str]:
    """Make the drawings and tables in both languages and keep them; give their digests."""
    from intendance.plan.check import read_accepted
    from intendance.plan.explain import explain
    from intendance.plan.result import Plan as Bare
    from intendance.review.planned import plan_section, read_planned

    first = read_planned(*folders, plans.LANGUAGES[0], stop=stop)
    accepted, _ = read_accepted(first.problem, folders[1])
    bare = Bare(first.shipments, tuple(accepted), first.figures)
    kept = {}
    for language in plans.LANGUAGES:
        unmet = (
            first.unmet
            if language == plans.LANGUAGES[0]
            else explain(first.problem, bare, language, stop=stop).unmet
        )
        section = plan_section(replace(first, unmet=unmet), language)
        kept[language] = papers.keep(work.office, plans.section_bytes(section))
    return kept


def _about(built: Built, problem: Problem, found: Plan) -> dict[str, Any]:
    """Give what the paper says of the problem and of the run."""
    return {
        "scenario": built.scenario,
        "as_of": built.as_of.isoformat(),
        "known_at": built.known_at.isoformat() if built.known_at else None,
        "horizon": built.horizon_weeks,
        "illustrative": built.illustrative,
        "root": built.ledger_root,
        "marking": joined([plans.MARKING, built.marking]),
        "notes": [[each.sentence, each.value] for each in built.findings][:100],
        "problem_sha256": problem.sha256,
        "status": found.status,
        "shipments": len(found.shipments),
        "rounds": found.rounds,
        "figures": {
            "shortfall": found.objective.shortfall,
            "burden": found.objective.burden,
            "cost": found.objective.cost,
            "bound": found.bound,
            "gap": found.gap if found.bound > 0 else None,
        },
        "bottlenecks": [
            [each.kind, each.id, each.from_week, each.to_week, each.gain_per_unit]
            for each in found.bottlenecks
        ],
        "priorities": [
            [name, problem.needs.capabilities[k], float(problem.needs.priority[k])]
            for k, name in enumerate(problem.needs.ids)
        ][:60],
        "donors": [
            [name, problem.donors.names[k] or name] for k, name in enumerate(problem.donors.ids)
        ],
    }
