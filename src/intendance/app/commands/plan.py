"""The commands of the room `plan`: solve, check, whatif, compare, scenarios, generate."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import typer

from intendance.errors import InputError
from intendance.words import catalogue, language_of

PROBLEM = typer.Argument(..., help="Folder with plan.toml and the tables.")
LANGUAGE = typer.Option(None, "--lang", help="en or fr; the environment decides otherwise.")
AS_JSON = typer.Option(False, "--json", help="Print one JSON document.")


def register(app: typer.Typer) -> None:
    """Add `intendance plan …`."""
    plan = typer.Typer(
        name="plan",
        help="Plan who gives what, when, by which route.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    plan.command("solve")(solve)
    plan.command("check")(check)
    app.add_typer(plan)


def _progress() -> Any:
    """Give a function that tells value, bound and gap, at most twice a second, on a terminal."""
    if not sys.stderr.isatty():
        return None
    last = [0.0]

    def tell(tier: str, value: float, bound: float, rounds: int) -> None:
        if time.monotonic() - last[0] < 0.5:
            return
        last[0] = time.monotonic()
        gap = max(0.0, value - bound) / max(bound, 1e-9) if tier == "shortfall" else float("nan")
        shown = f"{gap:.2%}" if gap < 10 else "–"
        line = f"{tier} {value:.6g}, bound {bound:.6g}, gap {shown}, round {rounds}"
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    return tell


def _read(folder: Path) -> Any:
    from intendance.plan.read import ProblemError, read_problem

    try:
        problem, warnings = read_problem(folder)
    except ProblemError as error:
        for finding in error.findings[1:20]:
            typer.echo(f"intendance: {finding}", err=True)
        raise
    for finding in warnings[:20]:
        typer.echo(f"intendance: warning: {finding}", err=True)
    return problem


def solve(
    problem: Path = PROBLEM,
    out: Path = typer.Option(..., "--out", help="Folder the plan is written to."),
    gap: float = typer.Option(0.001, "--gap", min=0.0, help="Relative gap at which to stop."),
    time_limit: float = typer.Option(300.0, "--time-limit", min=0.0, help="Seconds."),
    seed: int = typer.Option(0, "--seed", help="Seed of every random choice."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Find a plan and write it; interrupted, write the best plan found so far."""
    began = time.monotonic()
    from intendance.plan.explain import explain
    from intendance.plan.result import write_plan
    from intendance.plan.solve import solve as find
    from intendance.plan.stop import Stop, signals

    what = _read(problem)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out.name} is not a folder", next_step="Choose another --out.")
    _ = catalogue("plan", language_of(language)).gettext
    # Explaining and writing come after the search: they get a tenth, at most ten seconds.
    reserve = min(10.0, 0.1 * time_limit)
    stop = Stop(began + time_limit - reserve)
    with signals(stop):
        plan = find(what, gap=gap, stop=stop, seed=seed, progress=_progress())
        stop.deadline = began + time_limit - 0.2 * reserve
        plan = explain(what, plan, stop, _)
        write_plan(what, plan, out)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    summary = plan.summary(what)
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
    else:
        _tell(summary, plan, _)
    if stop.interrupted:
        raise typer.Exit(130)


def _tell(summary: dict[str, Any], plan: Any, _: Any) -> None:
    figures = summary["objective"]
    rows = [
        (_("status"), _(str(summary["status"]))),
        (_("shortfall (priority-weighted need-weeks)"), f"{figures['shortfall']:,.3f}"),
        (_("proven lower bound"), f"{plan.bound:,.3f}"),
        (_("gap"), f"{summary['gap']:.4%}" if plan.bound > 1e-9 else "–"),
        (_("largest burden (EUR per share)"), f"{figures['burden']:,.0f}"),
        (_("transport cost (EUR)"), f"{figures['cost']:,.0f}"),
        (_("shipments"), f"{len(plan.shipments):,}"),
        (_("needs that end short"), f"{len({x.need for x in plan.unmet}):,}"),
    ]
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        typer.echo(f"{name:<{width}}  {value:>18}")


def check(
    problem: Path = PROBLEM,
    plan: Path = typer.Argument(..., help="Folder of the plan."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Check a plan against every rule, without a solver; exit 3 when a rule is broken."""
    from intendance.plan.check import check_folder

    what = _read(problem)
    report, summary = check_folder(what, plan)
    _ = catalogue("plan", language_of(language)).gettext
    broken = [x for x in report.broken if x.severity == "error"]
    figures = report.objective
    if as_json:
        record = {
            "accepted": report.accepted,
            "objective": {
                "shortfall": figures.shortfall,
                "burden": figures.burden,
                "cost": figures.cost,
            },
            "unmet": {what.needs.ids[n]: float(x) for n, x in enumerate(report.missing) if x > 0},
            "findings": [x.as_record() for x in report.broken],
            "bound": summary.get("bound"),
        }
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        for finding in report.broken:
            typer.echo(str(finding))
        typer.echo(_("accepted") if report.accepted else _("not accepted"))
        typer.echo(f"{_('shortfall (priority-weighted need-weeks)')}: {figures.shortfall:.9g}")
        typer.echo(f"{_('largest burden (EUR per share)')}: {figures.burden:.9g}")
        typer.echo(f"{_('transport cost (EUR)')}: {figures.cost:.9g}")
        missing = int((report.missing > 0).sum())
        typer.echo(f"{_('needs that end short')}: {missing}")
    if broken:
        raise typer.Exit(3)
