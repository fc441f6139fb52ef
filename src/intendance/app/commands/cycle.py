"""The review cycle in one command: ledger, forecast, needs, plan, brief, and what the plan does."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.commands.cycle_sections import Stage, readiness_section
from intendance.app.commands.sustain_ledger import DEFAULT_DAYS, forecast_of, needed_day
from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    day,
    open_ledger,
    person,
    print_json,
    say,
    working,
)
from intendance.errors import InputError, InterruptedRunError, UsageError
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.app.commands.cycle_effect import Brought
    from intendance.ledger.ledger import Ledger
    from intendance.review.facts import Section

RECORD = "cycle.json"
FORMS = ("html", "pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Wish:
    """What one cycle is asked to do."""

    as_of: date
    known_at: date | None
    rates: tuple[str, ...]
    scenario: str
    horizon_days: int
    slip_days: int
    lead_days: int | None
    time_limit_s: float
    language: str
    person: str

    @property
    def recorded_on(self) -> date:
        """Give the day under which asks and allocations are written: known on the asked day."""
        return min(self.as_of, self.known_at or self.as_of)


@dataclass(slots=True)
class Run:
    """A cycle under way: the folder that is filled and the stages so far."""

    wish: Wish
    folder: Path
    stages: list[Stage] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    left_out: list[str] = field(default_factory=list)
    before: Path | None = None
    brought: dict[str, Brought] = field(default_factory=dict)


def register(app: typer.Typer) -> None:
    """Add `intendance cycle`."""
    app.command("cycle")(cycle)


def cycle(
    as_of: str = typer.Option(..., "--as-of", help="The day of the review."),
    known_at: str = typer.Option("", "--known-at", help="What had been recorded by this day."),
    portfolio: str = typer.Option("", "--portfolio", help="A sample instead of a ledger."),
    rates: list[str] = typer.Option(
        [], "--rates", help="artillery, winter or a folder, again for more; default: what fits."
    ),
    scenario: str = typer.Option("", "--scenario", help="Stocks and ways; default: the only fit."),
    horizon_days: int = typer.Option(DEFAULT_DAYS, "--horizon-days", help="Days looked ahead."),
    slip_days: int = typer.Option(0, "--slip-days", help="Dated promises come later by so much."),
    lead_days: int | None = typer.Option(
        None, "--lead-days", help="Undated promises come so long after they were made."
    ),
    time_limit: float = typer.Option(60.0, "--time-limit", min=1.0, help="Seconds for the plan."),
    post: bool = typer.Option(False, "--post", help="Write the asks to the ledger itself, too."),
    by: str = typer.Option("", "--by", help="Who asks; default: INTENDANCE_PERSON."),
    out: Path = typer.Option(..., "--out", help="Folder everything is written to."),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Review once: forecast, ask, plan, write the brief, show what the plan does to readiness."""
    wish = Wish(
        needed_day(as_of),
        day(known_at, "--known-at"),
        tuple(rates),
        scenario,
        horizon_days,
        slip_days,
        lead_days,
        time_limit,
        language_of(lang or None),
        by or person() or "review",
    )
    if post and (portfolio or not (by or person())):
        raise UsageError("--post writes to a ledger.", next_step="Give --ledger and --by NAME.")
    with beside(out) as folder:
        run = Run(wish, folder, before=out if (out / "plan" / "shipments.csv").is_file() else None)
        with working("Review"):
            record = _run(run, portfolio, ledger)
        (folder / RECORD).write_text(
            json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
        if post:
            with open_ledger(ledger) as book:
                record["posted_to_ledger"] = sum(
                    post_stage(book, stage, wish, folder) for stage in run.stages
                )
    if as_json:
        print_json(record)
        return
    _tell(run, out)


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """Give a folder beside the wanted one, and put it in its place when all went well."""
    if out.exists() and not (out.is_dir() and (out / RECORD).is_file()):
        raise InputError(
            f"{out.name} holds other things than a review.",
            next_step="Choose another --out: a new folder, or one made by `cycle`.",
        )
    if not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {out.parent.name}.", next_step="Make it first.")
    try:
        draft = Path(tempfile.mkdtemp(prefix=".cycle-", dir=out.absolute().parent))
    except OSError as error:
        raise InputError(f"{out.name} cannot be written: {error.strerror}.") from error
    try:
        fresh = draft / "new"
        fresh.mkdir()
        yield fresh
        if out.exists():
            out.rename(draft / "old")
        fresh.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run(run: Run, portfolio: str, ledger: str) -> dict[str, Any]:
    began = time.monotonic()
    _copy(run, portfolio, ledger)
    name = str(run.folder / "ledger.db")
    with open_ledger(name) as book:
        root = book.head().root
        for each in run.wish.rates or fitting_rates(book, run.wish):
            run.stages.append(forecast_stage(book, each, run.wish, run.folder))
        for stage in run.stages:
            post_stage(book, stage, run.wish, run.folder)
        _plan(run, book)
    if run.plan is not None and run.plan["shipments"]:
        _after(run, name)
    with open_ledger(name) as book:
        brief = _brief(run, book, portfolio)
    for path in run.folder.glob("ledger.db-*"):
        path.unlink()
    shutil.rmtree(run.folder / "cache", ignore_errors=True)
    return {
        "as_of": run.wish.as_of.isoformat(),
        "known_at": run.wish.known_at.isoformat() if run.wish.known_at else None,
        "ledger_root": root,
        "review_root": brief,
        "sustainment": [stage.as_record(run.brought) for stage in run.stages],
        "plan": run.plan,
        "left_out": run.left_out,
        "brief": "brief.html",
        "seconds": round(time.monotonic() - began, 2),
    }


def _copy(run: Run, portfolio: str, ledger: str) -> None:
    """Make the review's own ledger: a copy of the given one, or a sample's."""
    from intendance.ledger.copying import back_up
    from intendance.ledger.ledger import Ledger

    target = run.folder / "ledger.db"
    if not portfolio:
        with open_ledger(ledger) as book:
            back_up(book, target)
        return
    from intendance.exchange.portfolio import load
    from intendance.model.entry import Source

    sample = load(portfolio)
    with Ledger.create(str(target)) as book:
        for release in sample.releases:
            tracker = release.entries[0].line.partition(":")[0]
            document = Source(tracker, release.document or release.name, url=sample.tracker_url)
            book.snapshot(tracker, release.entries, release.recorded_on, document)
        book.post(sample.needs)


def fitting_rates(book: Ledger, wish: Wish) -> list[str]:
    """Give the samples' rates for which something was delivered. InputError: for none."""
    from intendance.ledger.definition import Definition
    from intendance.ledger.valued import counted
    from intendance.sustain.rates import read_rates
    from intendance.sustain.samples import names

    given = counted(
        book.frame, Definition(stage="delivery", as_of=wish.as_of, known_at=wish.known_at)
    )
    there = set(given.get_column("capability").cast(str).unique().to_list())
    found = []
    for name in names():
        rates = read_rates(name, wish.language)
        systems = {system.system for system in rates.model.systems}
        wanted = {key for key, value in rates.name_of.items() if value in systems}
        if wanted & there:
            found.append(name)
    if not found:
        raise InputError(
            f"By {wish.as_of} nothing was delivered that the samples' rates know.",
            next_step="Give --rates a folder with your own.",
        )
    return found


def forecast_stage(book: Ledger, rates: str, wish: Wish, folder: Path, after: str = "") -> Stage:
    """Build a model, forecast it, and keep the forecast beside it."""
    from intendance.sustain.from_ledger import build
    from intendance.sustain.records import of_forecast

    name = Path(rates).name
    place = folder / f"model-{name}{after}"
    built = build(
        book,
        rates,
        wish.as_of,
        wish.known_at,
        wish.horizon_days,
        place,
        slip_days=wish.slip_days,
        lead_days=wish.lead_days,
        language=wish.language,
    )
    model, result, basis = forecast_of(place, "", None, wish.language)
    assert basis is not None, "a built model says its day 0"
    record = of_forecast(result, model, {"loop": "closed", "cannibalise": "none"})
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    (folder / f"forecast-{name}{after}.json").write_text(text + "\n", "utf-8")
    return Stage(name, rates, built, model, result, basis)


def post_stage(book: Ledger, stage: Stage, wish: Wish, folder: Path) -> int:
    """Write a stage's asks as needs; give how many are new or changed."""
    from intendance.sustain.asking import forecast_with_asks
    from intendance.sustain.posting import post_asks

    days = wish.horizon_days
    done = post_asks(
        book,
        forecast_with_asks(stage.model, days, language="en"),
        stage.model,
        stage.basis,
        recorded_on=wish.recorded_on,
        person=wish.person,
        french=forecast_with_asks(stage.model, days, language="fr"),
    )
    text = json.dumps(done.as_record(), ensure_ascii=False, indent=2)
    (folder / f"asks-{stage.name}.json").write_text(text + "\n", "utf-8")
    stage.posted = done.as_record()
    return len(done.entries)


def _plan(run: Run, book: Ledger) -> None:
    """Build and solve the plan of what is open; a missing scenario leaves it out, and says so."""
    from intendance.app.commands.cycle_effect import what_is_brought
    from intendance.plan.building import build
    from intendance.plan.explain import explain
    from intendance.plan.read import read_problem
    from intendance.plan.result import write_plan
    from intendance.plan.scenario_tables import scenario_folder, scenario_for
    from intendance.plan.solve import solve
    from intendance.plan.stop import Stop, signals

    wish = run.wish
    words = catalogue("plan", wish.language).gettext
    try:
        chosen = scenario_folder(wish.scenario) if wish.scenario else scenario_for(book)
    except InputError as error:
        if wish.scenario:
            raise
        run.left_out.append(f"{error.sentence} {error.next_step}")
        return
    problem_folder, plan_folder = run.folder / "problem", run.folder / "plan"
    built = build(book, chosen, as_of=wish.as_of, known_at=wish.known_at, out=problem_folder)
    problem, _ = read_problem(problem_folder)
    stop = Stop(time.monotonic() + 0.9 * wish.time_limit_s)
    with signals(stop):
        plan = solve(problem, gap=0.01, stop=stop, seed=0, progress=None, words=words)
        plan = explain(problem, plan, wish.language)
        write_plan(problem, plan, plan_folder)
    if stop.interrupted:
        raise InterruptedRunError("The review was stopped; nothing was written.")
    run.brought = what_is_brought(problem, plan)
    run.plan = {
        **plan.summary(problem),
        "shipments": len(plan.shipments),
        "illustrative": built.illustrative,
        "scenario": built.scenario,
    }


def _after(run: Run, name: str) -> None:
    """Forecast again with the plan's shipments, in a ledger of its own that is not kept."""
    from intendance.ledger.copying import back_up
    from intendance.ledger.ledger import Ledger
    from intendance.plan.accepting import accept

    with tempfile.TemporaryDirectory(prefix=".after-", dir=run.folder) as trial:
        copy = Path(trial) / "ledger.db"
        with open_ledger(name) as book:
            back_up(book, copy)
        with Ledger.open(str(copy)) as book:
            accept(
                book,
                run.folder / "problem",
                run.folder / "plan",
                recorded_on=run.wish.recorded_on,
                person=run.wish.person,
                reason="trial of the plan",
            )
            for stage in run.stages:
                later = forecast_stage(book, stage.rates, run.wish, run.folder, "-with-plan")
                stage.with_plan = later.result


def _brief(run: Run, book: Ledger, portfolio: str) -> str:
    """Write the brief of the review's ledger with readiness, asks and plan; give its head."""
    from intendance.app.commands.cycle_effect import effect_section
    from intendance.review.brief import Request, gather
    from intendance.review.forms import rendered

    wish = run.wish
    language = wish.language
    sections = [section for stage in run.stages for section in readiness_section(stage, language)]
    if run.plan is not None:
        sections += [effect_section(stage, run.brought, language) for stage in run.stages]
        sections += _plan_part(run)
    request = Request(
        language=language,
        as_of=wish.as_of,
        known_at=wish.known_at,
        ledger_name="ledger.db",
        sections=tuple(sections),
    )
    if portfolio:
        from dataclasses import replace

        from intendance.exchange.portfolio import load

        sample = load(portfolio)
        request = replace(
            request,
            title=sample.title(language),
            note=sample.notes.get(language, ""),
            citation=sample.citation,
            illustrative=sample.illustrative,
        )
    found = gather(book, request)
    for form in FORMS:
        (run.folder / f"brief.{form}").write_bytes(rendered(found, form))
    return book.head().root


def _plan_part(run: Run) -> list[Section]:
    """Give the plan's part of the brief, beside the plan of the review that stood here before."""
    from intendance.plan.stop import Stop
    from intendance.review.planned import sections_of

    before = (run.before / "problem", run.before / "plan") if run.before else None
    stop = Stop(time.monotonic() + run.wish.time_limit_s)
    folders = (run.folder / "problem", run.folder / "plan")
    try:
        return list(sections_of(*folders, run.wish.language, last=before, stop=stop))
    except InputError:
        if before is None:
            raise
        # What stood here before may be cut short or of an older version: it is not needed.
        return list(sections_of(*folders, run.wish.language, stop=stop))


def _tell(run: Run, out: Path) -> None:
    from intendance.app.commands.cycle_effect import effect_lines
    from intendance.app.commands.cycle_sections import readiness_table
    from intendance.review.typography import Typography

    language = run.wish.language
    words = catalogue("sustain", language).gettext
    typography = Typography(language)
    for stage in run.stages:
        typer.echo(f"{stage.name}\n{readiness_table(stage, language)}\n")
        if run.plan is not None:
            typer.echo(effect_lines(stage, run.brought, language) + "\n")
        typer.echo(
            words("{posted} needs written, {withdrawn} withdrawn, {unchanged} as before.").format(
                **{name: stage.posted[name] for name in ("posted", "withdrawn", "unchanged")}
            )
            + "\n"
        )
        for finding in stage.built.findings:
            shown = f" ({finding.value})" if finding.value else ""
            say(f"  {words(finding.sentence)}{shown}")
    if run.plan is not None:
        typer.echo(
            words("Plan: {shipments} shipments, gap {gap}.").format(
                shipments=run.plan["shipments"],
                gap=typography.percent(Decimal(str(run.plan["gap"])), 2),
            )
        )
    for sentence in run.left_out:
        say(words("No plan was made:") + f" {sentence}")
    typer.echo(f"{words('Brief')}: {out / 'brief.html'}")
