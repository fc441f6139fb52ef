"""The command `check`: totals that a document quotes, weighed against the ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    day,
    open_ledger,
    print_json,
    say,
    table,
)
from intendance.errors import UsageError
from intendance.words import catalogue, language_of


def check(
    file: str = typer.Argument(..., help="A document; - is standard input."),
    published: str = typer.Option(..., "--published", help="The day of publication."),
    as_of: str = typer.Option("", "--as-of", help="What had happened by this day."),
    known_at: str = typer.Option("", "--known-at", help="What had been recorded by this day."),
    portfolio: str = typer.Option("", "--portfolio", help="Set this sample's claims beside it."),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Compare each total that a document quotes with the ledger."""
    from intendance.exchange.portfolio import load as load_portfolio
    from intendance.intake import documents, read
    from intendance.intake.check import check as weigh_all
    from intendance.intake.check_words import rate_in_words, scope_in_words
    from intendance.review.typography import Typography

    said_on = day(published, "--published")
    if said_on is None:
        raise UsageError("--published needs a day.", next_step="Write it as YYYY-MM-DD.")
    language = language_of(lang or None)
    source = sys.stdin.buffer.read() if file == "-" else Path(file)
    reading = read(documents.load(source).text, published=said_on)
    with open_ledger(ledger) as book:
        found = weigh_all(
            reading,
            book,
            published=said_on,
            as_of=day(as_of, "--as-of"),
            known_at=day(known_at, "--known-at"),
            others=load_portfolio(portfolio).claims if portfolio else (),
            language=language,
        )
        root = book.head().root
    if as_json:
        print_json({"claims": [each.as_record() for each in found], "root": root})
        return
    words = catalogue("check", language).gettext
    if not found:
        say("The document quotes no total.")
    typography = Typography(language)
    for each in found:
        typer.echo(f"{each.amount}  [{words(each.verdict)}]")
        typer.echo(f"  {each.explanation}")
        scoped = any(one.scope for one in each.readings)
        rows = [
            [
                words(one.known),
                *([scope_in_words(one, language)] if scoped else []),
                words(one.definition.stage),
                f"{typography.number(one.best, 2)} {one.currency}",
                "" if one.rate is None else rate_in_words(one, language),
                words("fits") if one.fits else "–",
            ]
            for one in each.readings
        ]
        if not rows:
            continue
        heads = ["known", *(["whose"] if scoped else []), "stage", "ledger", "rate", "fits"]
        right = [heads.index("ledger"), heads.index("rate")]
        table("", [words(head) for head in heads], rows, right=right)


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(check)
