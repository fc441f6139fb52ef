"""The commands of the room `plan`: solve, check, whatif, compare, scenarios, generate."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import typer

from intendance.app.commands import plan_reasons as reasons
from intendance.app.terminal import say
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
    plan.command("whatif")(whatif)
    plan.command("compare")(compare)
    plan.command("scenarios")(scenarios)
    plan.command("generate")(generate)
    reasons.register(plan)
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


def read(folder: Path) -> Any:
    """Read a problem; what is wrong with it is told row by row on the error stream."""
    from intendance.plan.read import ProblemError, read_problem

    try:
        problem, warnings = read_problem(folder)
    except ProblemError as error:
        for finding in error.findings[1:20]:
            say(f"intendance: {finding}")
        raise
    for finding in warnings[:20]:
        say(f"intendance: warning: {finding}")
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

    what = read(problem)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out.name} is not a folder", next_step="Choose another --out.")
    _ = catalogue("plan", language_of(language)).gettext
    # A last check, explaining and writing come after the search: a tenth, at most 20 seconds,
    # but for many stocks and needs at least what these took when measured on a busy machine.
    lines = len(what.stocks.ids) + len(what.needs.ids)
    reserve = min(0.3 * time_limit, max(min(20.0, 0.1 * time_limit), 1.5e-3 * lines))
    stop = Stop(began + time_limit - reserve)
    with signals(stop):
        plan = find(what, gap=gap, stop=stop, seed=seed, progress=_progress(), words=_)
        stop.deadline = began + time_limit - 0.3 * reserve
        plan = explain(what, plan, language_of(language), stop=stop)
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

    what = read(problem)
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


def accepted_shipments(problem: Any, folder: Path) -> Any:
    """Read a plan's shipments; one that breaks a rule is not a base to start from."""
    from intendance.plan.check import check_folder, read_shipments

    report, _summary = check_folder(problem, folder)
    if not report.accepted:
        first = next(x for x in report.broken if x.severity == "error")
        raise InputError(
            f"the plan breaks a rule: {first.sentence}",
            where=str(first.where),
            next_step="Run `intendance plan check` to see all of them.",
        )
    return read_shipments(problem, folder)[0]


def whatif(
    problem: Path = PROBLEM,
    plan: Path = typer.Argument(..., help="Folder of the plan made for it."),
    changes: list[str] = typer.Option(..., "--set", help="links.L7.capacity_per_week=+20%"),
    out: Path | None = typer.Option(None, "--out", help="Folder for the changed plan."),
    time_limit: float = typer.Option(30.0, "--time-limit", min=0.0, help="Seconds."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Say what a change would do, starting from the plan at hand."""
    import tempfile

    from intendance.plan.adapt import adapt
    from intendance.plan.explain import explain
    from intendance.plan.result import write_plan
    from intendance.plan.stop import Stop, signals
    from intendance.plan.whatif import change_folder, parse_setting
    from intendance.plan.whatif import compare as difference

    settings = [parse_setting(x) for x in changes]
    base = read(problem)
    shipments = accepted_shipments(base, plan)
    _ = catalogue("plan", language_of(language)).gettext
    with tempfile.TemporaryDirectory() as folder:
        change_folder(problem, settings, Path(folder))
        changed = read(Path(folder))
    stop = Stop(time.monotonic() + time_limit)
    with signals(stop):
        found = adapt(base, changed, shipments, stop=stop)
        if out is not None:
            found = explain(changed, found, language_of(language), stop=stop)
            write_plan(changed, found, out)
    lines = difference((base, shipments), (changed, found.shipments))
    _show_difference(base, shipments, (found.objective, lines), _, as_json=as_json)
    if stop.interrupted:
        raise typer.Exit(130)


def compare(
    problem: Path = PROBLEM,
    one: Path = typer.Argument(..., help="Folder of a plan."),
    two: Path = typer.Argument(..., help="Folder of another plan of the same problem."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Give the difference of two plans line by line."""
    from intendance.plan.check import measure
    from intendance.plan.whatif import compare as difference

    what = read(problem)
    first, second = accepted_shipments(what, one), accepted_shipments(what, two)
    lines = difference((what, first), (what, second))
    _ = catalogue("plan", language_of(language)).gettext
    after = measure(what, second)[0]
    _show_difference(what, first, (after, lines), _, as_json=as_json)


def _show_difference(
    problem: Any, shipments: Any, result: tuple[Any, Any], _: Any, *, as_json: bool
) -> None:
    from dataclasses import asdict

    from intendance.plan.check import measure

    before, (after, lines) = measure(problem, shipments)[0], result
    if as_json:
        record = {
            "before": asdict(before),
            "after": asdict(after),
            "lines": [asdict(line) for line in lines],
        }
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
        return
    for name, title in (
        ("shortfall", _("shortfall (priority-weighted need-weeks)")),
        ("burden", _("largest burden (EUR per share)")),
        ("cost", _("transport cost (EUR)")),
    ):
        a, b = getattr(before, name), getattr(after, name)
        typer.echo(f"{title}: {a:,.6g} → {b:,.6g} ({b - a:+,.6g})")
    for line in lines:
        weeks = f"{_('week')} {_week(line.before_week)} → {_week(line.after_week)}"
        amount = f"{line.before:,.6g} → {line.after:,.6g}"
        typer.echo(f"  {line.stock} → {line.need}: {amount} {line.item}, {weeks}")


def _week(week: int | None) -> str:
    return "–" if week is None else str(week)


def scenarios(
    problem: Path = PROBLEM,
    plan: Path = typer.Argument(..., help="Folder of the plan made for it."),
    folder: Path = typer.Argument(..., help="Folder of NAME.txt, one change a line."),
    gap: float = typer.Option(0.001, "--gap", min=0.0, help="Relative gap of each search."),
    time_limit: float = typer.Option(60.0, "--time-limit", min=0.0, help="Seconds a scenario."),
    seed: int = typer.Option(0, "--seed", help="Seed of every random choice."),
    workers: int = typer.Option(1, "--workers", min=1, help="Processes on this machine."),
    cluster: str | None = typer.Option(None, "--cluster", help="Address of a Dask scheduler."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Give the regret of a plan over a folder of variations."""
    from dataclasses import asdict

    from intendance.plan.scenarios import read_scenarios, regret_table

    found = read_scenarios(folder)
    what = read(problem)
    accepted_shipments(what, plan)
    rows = regret_table(
        problem, plan, found, gap=gap, seconds=time_limit, seed=seed,
        workers=workers, cluster=cluster,
    )  # fmt: skip
    if as_json:
        records = [{**asdict(row), "regret": row.regret} for row in rows]
        typer.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    _ = catalogue("plan", language_of(language)).gettext
    titles = (_("scenario"), _("plan kept"), _("plan mended"), _("knowing"), _("regret"))
    typer.echo(f"{titles[0]:<24}" + "".join(f"{x:>16}" for x in titles[1:]))
    for row in rows:
        figures = (row.kept, row.mended, row.knowing, row.regret)
        typer.echo(f"{row.scenario:<24}" + "".join(f"{x:>16,.3f}" for x in figures))


def generate(
    size: str = typer.Argument(..., help="tiny, small, medium or large."),
    out: Path = typer.Option(..., "--out", help="Folder the problem is written to."),
    seed: int = typer.Option(0, "--seed", min=0, help="Seed of the invented figures."),
) -> None:
    """Write an invented problem of a stated size, to try things on."""
    from intendance.errors import UsageError
    from intendance.plan.instances import SIZES, write_instance

    if size not in SIZES:
        raise UsageError(f"there is no size {size!r}", next_step=f"Choose {', '.join(SIZES)}.")
    write_instance(size, seed, out)
