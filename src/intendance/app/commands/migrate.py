"""The command that brings an older ledger to this program's schema."""

from __future__ import annotations

import typer

from intendance.app.terminal import JsonOption, LangOption, LedgerOption, ledger_name, print_json
from intendance.words import catalogue, language_of


def migrate(lang: str = LangOption, ledger: str = LedgerOption, as_json: bool = JsonOption) -> None:
    """Bring an older ledger to this program's schema; its head stays the same."""
    from intendance.ledger.migrate import migrate as bring_up

    done = bring_up(ledger_name(ledger))
    if as_json:
        print_json(done.as_record())
        return
    words = catalogue("migrate", language_of(lang or None)).gettext
    if done.before == done.after:
        sentence = words("{ledger} has schema {after} already: nothing to do.")
    else:
        sentence = words("{ledger}: schema {before} became {after}.")
    typer.echo(sentence.format(ledger=done.ledger, before=done.before, after=done.after))
    typer.echo(words("{entries} entries, root {root}").format(entries=done.entries, root=done.root))


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(migrate)
