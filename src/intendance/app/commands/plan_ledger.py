"""Commands between plan and ledger: plan build, plan accept, plan export."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    ViewerOption,
    day,
    open_ledger,
    person,
    print_json,
    say,
    write_out,
)
from intendance.errors import UsageError
from intendance.ledger.privacy import PRIVATE
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.plan.building import Built

PROBLEM = typer.Argument(..., help="Folder of the problem.")
PLAN = typer.Argument(..., help="Folder of a plan made for it.")


def register(app: typer.Typer) -> None:
    """Add the commands to `intendance plan`, which the room's own module makes."""
    group = next((each for each in app.registered_groups if _name(each) == "plan"), None)
    plan = group.typer_instance if group else None
    if plan is None:
        plan = typer.Typer(name="plan", help="Plan who gives what, when, by which route.")
        app.add_typer(plan)
    plan.command("build")(build)
    plan.command("accept")(accept)
    plan.command("export")(export)


def _name(group: object) -> str:
    found = getattr(group, "name", None)
    if not isinstance(found, str):
        found = getattr(getattr(group, "typer_instance", None), "info", None)
        found = getattr(found, "name", "")
    return found if isinstance(found, str) else ""


def build(
    as_of: str = typer.Option(..., "--as-of", help="Week 0 begins on this day."),
    known_at: str = typer.Option("", "--known-at", help="What had been recorded by this day."),
    scenario: str = typer.Option(
        "", "--scenario", help="A scenario's name, or a folder of tables; default: the only fit."
    ),
    horizon_weeks: int | None = typer.Option(None, "--horizon-weeks", help="Weeks planned for."),
    out: Path = typer.Option(..., "--out", help="Folder the problem is written to."),
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Make the planning problem of what the ledger still asks for."""
    from intendance.plan.building import build as make
    from intendance.plan.scenario_tables import scenario_folder, scenario_for

    start = day(as_of, "--as-of")
    if start is None:
        raise UsageError("--as-of needs a day.", next_step="Write it as YYYY-MM-DD.")
    if horizon_weeks is not None and horizon_weeks < 1:
        raise UsageError("--horizon-weeks must be at least 1.", next_step="Leave it out.")
    with open_ledger(ledger, viewer) as book:
        chosen = scenario_folder(scenario) if scenario else scenario_for(book)
        built = make(
            book,
            chosen,
            as_of=start,
            known_at=day(known_at, "--known-at"),
            horizon_weeks=horizon_weeks,
            out=out,
        )
    if as_json:
        print_json(built.as_record())
        return
    _tell_built(built, language_of(lang or None))


def _tell_built(built: Built, language: str) -> None:
    words = catalogue("plan_ledger", language).gettext
    rows = [(words(name), str(count)) for name, count in built.rows.items()]
    rows += [(words("weeks"), str(built.horizon_weeks)), (words("scenario"), built.scenario)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        typer.echo(f"{name:<{width}}  {value:>16}")
    for finding in built.findings:
        shown = f" ({finding.value})" if finding.value else ""
        say(f"  {words(finding.sentence)}{shown}")
    if built.marking.startswith(PRIVATE):
        said = words(
            "This problem rests on private lines ({marking}): give its folder only to who may "
            "see them."
        )
        say(said.format(marking=built.marking))
    if built.illustrative:
        say(
            words(
                "The stocks of this scenario are illustrative: they do not say what anybody holds."
            )
        )


def accept(
    problem: Path = PROBLEM,
    plan: Path = PLAN,
    shipments: list[str] = typer.Option([], "--shipment", help="Only this one; again for more."),
    by: str = typer.Option("", "--by", help="Who accepts it; default: INTENDANCE_PERSON."),
    reason: str = typer.Option("", "--reason", help="Why."),
    recorded_at: str = typer.Option(
        "", "--recorded-at", help="The day of the decision; default: today."
    ),
    marking: str = typer.Option("public", "--marking", help="public, restricted, private:NAME."),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Write a plan's shipments to the ledger as allocations, after checking it once more."""
    from intendance.plan.accepting import accept as post

    decided = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
    with open_ledger(ledger) as book:
        done = post(
            book,
            problem,
            plan,
            recorded_on=decided,
            shipments=shipments or None,
            person=by or person(),
            reason=reason,
            marking=marking,
        )
    if as_json:
        print_json(done.as_record())
        return
    words = catalogue("plan_ledger", language_of(lang or None)).gettext
    typer.echo(
        words("{posted} allocations posted, {repeated} stood there already.").format(
            posted=len(done.entries), repeated=done.repeated
        )
    )
    say(f"{words('Ledger head')}: {done.ledger_root}")


def export(
    problem: Path = PROBLEM,
    plan: Path = PLAN,
    what: str = typer.Argument(..., help="movement, geojson or donors."),
    out: Path | None = typer.Option(
        None, "--out", help="File (donors: folder); movement and geojson: else standard output."
    ),
    lang: str = LangOption,
) -> None:
    """Write a plan for other tools: movements as CSV, flows as GeoJSON, an xlsx per donor."""
    from intendance.plan.accepting import read_plan
    from intendance.plan.exports import donor_workbooks, flows_geojson, movement_csv

    if what not in ("movement", "geojson", "donors"):
        raise UsageError(f"There is no export {what!r}.", next_step="movement, geojson or donors.")
    if what == "donors" and out is None:
        raise UsageError("The donors' workbooks need a folder.", next_step="Add --out FOLDER.")
    if out is not None and not out.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {out.parent.name}.", next_step="Make it first.")
    if out is not None and out.exists() and out.is_dir() != (what == "donors"):
        kind = "a folder" if out.is_dir() else "not a folder"
        raise UsageError(f"{out.name} is {kind}.", next_step="Choose another --out.")
    found = read_plan(problem, plan)
    if what == "movement":
        write_out(movement_csv(found), out)
    elif what == "geojson":
        write_out(flows_geojson(found), out)
    elif out is not None:
        language = language_of(lang or None)
        count = _write_books(donor_workbooks(found, language), out)
        say(f"{count} {catalogue('plan_ledger', language).gettext('workbooks')}")


def _write_books(books: dict[str, bytes], out: Path) -> int:
    """Write one file for each donor; a folder with other files is left alone."""
    if out.exists() and {each.name for each in out.iterdir()} - books.keys():
        raise UsageError(
            f"{out.name} holds other files: another donor's, or of another plan.",
            next_step="Choose a new folder.",
        )
    out.mkdir(exist_ok=True)
    for name, content in books.items():
        write_out(content, out / name)
    return len(books)
