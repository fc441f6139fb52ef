"""Commands of the review: the brief of a ledger, and the demonstration."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    day,
    ledger_name,
    open_ledger,
    print_json,
    say,
    write_out,
)
from intendance.errors import InputError, UsageError
from intendance.words import language_of

if TYPE_CHECKING:
    from intendance.intake.check import Checked
    from intendance.ledger.ledger import Ledger
    from intendance.review.brief import Request
    from intendance.review.facts import Brief, Section

PLAN_SECONDS = 60.0
FORMATS = ("html", "pdf", "xlsx")
OutOption = typer.Option(None, "--out", help="Where to write it; default: brief.html here.")
FormatOption = typer.Option("", "--format", help="html, pdf or xlsx; default: by --out's ending.")


def _progress(sentence: str) -> None:
    """Say what is being done, to somebody who is watching."""
    if sys.stderr.isatty():
        say(sentence)


def _language(given: str) -> str:
    if given and given[:2].lower() not in ("en", "fr"):
        raise UsageError(f"There is no language {given!r}.", next_step="Use --lang en or fr.")
    return language_of(given or None)


def _form(form: str, out: Path | None) -> tuple[str, Path]:
    """Give the format and the file: each follows from the other."""
    ending = out.suffix.lstrip(".").lower() if out else ""
    chosen = form.lower() or (ending if ending in FORMATS else "html")
    if chosen not in FORMATS:
        raise UsageError(f"There is no format {form!r}.", next_step=f"Use {', '.join(FORMATS)}.")
    place = out or Path(f"brief.{chosen}")
    if place.is_dir():
        raise UsageError(f"{place} is a folder.", next_step="Give --out a file.")
    if not place.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {place.parent}.", next_step="Make it first.")
    return chosen, place


def _write(brief: Brief, form: str, out: Path) -> None:
    from intendance.review.forms import rendered

    write_out(rendered(brief, form), out)


def brief(
    ledger: str = LedgerOption,
    article: Path | None = typer.Option(None, "--article", help="A press article to read."),
    published: str = typer.Option("", "--published", help="The article's day."),
    outlet: str = typer.Option("", "--outlet", help="Who published the article."),
    as_of: str = typer.Option("", "--as-of", help="What had happened by this day."),
    known_at: str = typer.Option("", "--known-at", help="What had been recorded by this day."),
    since: str = typer.Option("", "--since", help="Compare with what was known on this day."),
    currency: str = typer.Option("EUR", "--currency", help="Currency of the brief."),
    title: str = typer.Option("", "--title", help="The brief's title."),
    sustain: list[Path] = typer.Option(
        [], "--sustain", help="Also what keeps working: a model's folder, or sample:NAME; again."
    ),
    days: int = typer.Option(180, "--days", min=1, max=20_000, help="Days looked ahead."),
    futures: int = typer.Option(1000, "--futures", min=50, max=1_000_000, help="Futures played."),
    seed: int = typer.Option(0, "--seed", help="Seed; the same seed gives the same figures."),
    plan: tuple[Path, Path] | None = typer.Option(
        None, "--plan", help="A problem's folder and its plan's: the brief shows the plan."
    ),
    last_plan: tuple[Path, Path] | None = typer.Option(
        None, "--last-plan", help="The same of the review before: the brief shows what differs."
    ),
    lang: str = LangOption,
    form: str = FormatOption,
    out: Path | None = OutOption,
    as_json: bool = JsonOption,
) -> None:
    """Write the brief of a ledger, with an article's claims and a plan when these are given."""
    from intendance.review.brief import Request, gather

    language = _language(lang)
    chosen, place = _form(form, out)
    known = day(known_at, "--known-at")
    request = Request(
        language=language,
        title=title,
        as_of=day(as_of, "--as-of"),
        known_at=known,
        since=day(since, "--since"),
        currency=currency,
        ledger_name="" if "://" in ledger else ledger_name(ledger),
        sections=_plan_sections(plan, last_plan, language),
    )
    told = day(published, "--published")
    with open_ledger(ledger) as book:
        reading = None
        checked: tuple[Checked, ...] = ()
        if article is not None:
            reading, told = _read(article, told, outlet)
        elif published:
            raise UsageError("--published needs --article.", next_step="Give both, or neither.")
        if reading is not None and book.head().entries:
            checked = _checked(reading, book, request, told or request.as_of or known)
        found = gather(book, request, reading=reading, checked=checked)
        found = _marked(found, book, plan, last_plan)
    if sustain:
        from intendance.app.commands.sustain_brief import with_models

        found = with_models(found, sustain, days, futures, seed)
    _write(found, chosen, place)
    if as_json:
        print_json(_summary(found, place, ledger_name(ledger)))
    else:
        _print_summary(found, place)


def _checked(
    reading: Any, book: Ledger, request: Request, when: date | None
) -> tuple[Checked, ...]:
    from intendance.intake.check import check

    if when is None:
        raise UsageError("The article's day is not known.", next_step="Give it to --published.")
    return check(reading, book, published=when, as_of=request.as_of, language=request.language)


def _marked(brief: Brief, book: Ledger, *folders: tuple[Path, Path] | None) -> Brief:
    """Mark a brief with what its plans rest on; UsageError when the viewer may not see that."""
    from intendance.plan.building import marking_of
    from intendance.review.brief import joined_marking

    markings = [marking_of(each[0]) for each in folders if each is not None]
    if not all(map(book.viewer.sees, markings)):
        raise UsageError(
            "The plan rests on lines that this viewer may not see.",
            next_step="Build and solve it again with the viewer of the brief.",
        )
    return replace(brief, marking=joined_marking([brief.marking, *markings]))


def _plan_sections(
    plan: tuple[Path, Path] | None, last: tuple[Path, Path] | None, language: str
) -> tuple[Section, ...]:
    """Give the plan's part; the caveats are priced for a minute at most."""
    if plan is None:
        if last is not None:
            raise UsageError("--last-plan needs --plan.", next_step="Give both, or neither.")
        return ()
    import time

    from intendance.plan.stop import Stop
    from intendance.review.planned import sections_of

    stop = Stop(time.monotonic() + PLAN_SECONDS)
    return tuple(sections_of(*plan, language, last=last, stop=stop))


def _read(article: Path, published: date | None, outlet: str) -> tuple[Any, date | None]:
    from intendance.intake import read
    from intendance.intake.documents import load

    if not article.exists():
        raise InputError(f"There is no article {article.name}.", next_step="Check the path.")
    source = load(article)
    told = published or source.published
    return read(source.text, published=told, outlet=outlet or source.outlet), told


def demo(
    name: str = typer.Argument("coalition-2023", help="The portfolio."),
    lang: str = LangOption,
    out: Path | None = OutOption,
    form: str = FormatOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Make the sample ledger, read its article, check the claims and write the brief."""
    from intendance.review.demo import demonstrate

    language = _language(lang)
    chosen, place = _form(form, out)
    made = demonstrate(name, language, ledger, progress=_progress)
    _write(made.brief, chosen, place)
    if as_json:
        print_json(_summary(made.brief, place, made.ledger_name))
    else:
        _print_summary(made.brief, place)


def _summary(found: Brief, place: Path, ledger: str) -> dict[str, object]:
    from intendance.review.summary import record

    return {**record(found), "ledger": ledger, "brief": str(place)}


def _print_summary(found: Brief, place: Path) -> None:
    from intendance.review.summary import lines

    for line in lines(found, str(place)):
        typer.echo(line)


def register(app: typer.Typer) -> None:
    """Add the commands of the review."""
    app.command("brief")(brief)
    app.command("demo")(demo)
