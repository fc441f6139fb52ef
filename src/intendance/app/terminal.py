"""What every command shares: which ledger, days, people, and how results are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.speaking import language_of_call
from intendance.errors import UsageError
from intendance.words import translated

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger
    from intendance.ledger.privacy import Viewer

LedgerOption = typer.Option(
    "", "--ledger", envvar="INTENDANCE_LEDGER", help="File or postgresql:// address."
)
ViewerOption = typer.Option(
    "", "--viewer", envvar="INTENDANCE_VIEWER", help="reader, coordinator … or donor:NAME."
)
JsonOption = typer.Option(False, "--json", help="Print one JSON document.")
LangOption = typer.Option("", "--lang", help="en or fr; default: the environment's.")


def ledger_name(given: str) -> str:
    """Give the ledger's name: the option, the environment, else the file of this folder."""
    return given or "intendance.db"


def open_ledger(given: str, viewer: str = "") -> Ledger:
    """Open the ledger that a command works on, for a viewer: the option, else the environment's.

    Without either one who sees all.
    """
    from intendance.ledger.ledger import Ledger
    from intendance.ledger.privacy import Viewer

    viewer = viewer or os.environ.get("INTENDANCE_VIEWER", "")
    return Ledger.open(ledger_name(given), Viewer.parse(viewer) if viewer else None)


def say_limits(viewer: Viewer, language: str) -> None:
    """Say that an answer is limited to what its viewer may see, whether or not more exists."""
    from intendance.words import catalogue

    if not viewer.sees_everything:
        words = catalogue("app", language).gettext
        say(
            words("Limited to the lines released to {viewer}; others may exist.").format(
                viewer=viewer
            )
        )


def day(text: str | None, option: str) -> date | None:
    """Read a day; UsageError names the option that holds something else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is not a day.", next_step="Write it as YYYY-MM-DD."
        ) from error


def person() -> str:
    """Give who is working: INTENDANCE_PERSON, else the account's name."""
    return os.environ.get("INTENDANCE_PERSON") or os.environ.get("USER") or ""


def say(sentence: str) -> None:
    """Write a message to standard error, in the call's language."""
    typer.echo(translated(sentence, language_of_call()), err=True)


def tell(sentence: str) -> None:
    """Write a result that is a sentence to standard output, in the call's language."""
    typer.echo(translated(sentence, language_of_call()))


@contextmanager
def working(sentence: str) -> Iterator[None]:
    """Show on a terminal that long work goes on; nothing when errors go to a file or pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{sentence} …"):
        yield


def print_json(record: Any) -> None:
    """Print one JSON document to standard output."""
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2))


def write_out(content: str | bytes, out: Path | None) -> None:
    """Write to a file, beside it first and then renamed; or to standard output."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    if not out.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", next_step="Make it first.")
    if out.is_dir():
        raise UsageError(f"{out} is a folder.", next_step="Name a file.")
    out = out.resolve()  # through a link, not over it
    if out.exists() and not out.is_file():
        # A pipe or a device such as /dev/null is written to: renaming over it would replace it.
        with out.open("wb") as stream:
            stream.write(data)
        return
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Print a table for people; plain text when the output is no terminal."""
    from rich.console import Console
    from rich.table import Table

    language = language_of_call()
    shown = Table(title=title or None, title_justify="left", pad_edge=False)
    for place, head in enumerate(heads):
        shown.add_column(translated(head, language), justify="right" if place in right else "left")
    for row in rows:
        shown.add_row(*row)
    width = None if sys.stdout.isatty() else 140
    plain = bool(os.environ.get("NO_COLOR"))
    Console(width=width, highlight=False, color_system=None if plain else "auto").print(shown)
