"""The command line: one thin command a file, errors turned into sentences and exit codes."""

from __future__ import annotations

import importlib
import sys

import typer

from intendance import __version__
from intendance.errors import IntendanceError

app = typer.Typer(
    name="intendance",
    help="Coordinate aid from many donors to one recipient.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# Each module adds its commands to the app with a function `register(app)`.
COMMAND_MODULES = (
    "ledger",
    "exchange",
    "migrate",
    "trust",
    "intake",
    "check",
    "inbox",
    "review",
    "plan",
    "plan_ledger",
    "sustain",
    "serve",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"intendance {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Coordinate aid from many donors to one recipient."""
    del version


for _name in COMMAND_MODULES:
    importlib.import_module(f"intendance.app.commands.{_name}").register(app)


def report(error: IntendanceError, *, as_json: bool) -> None:
    """Write the error's sentence and next step to standard error."""
    if as_json:
        import json

        typer.echo(json.dumps(error.as_record(), ensure_ascii=False), err=True)
        return
    place = f"{error.where}: " if error.where else ""
    typer.echo(f"intendance: {place}{error.sentence}", err=True)
    if error.next_step:
        typer.echo(f"  {error.next_step}", err=True)


def main() -> None:
    """Run the command line; every operating error ends in one sentence and its exit code."""
    try:
        app()
    except IntendanceError as error:
        report(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("intendance: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to say, nothing lost.
        sys.stderr.close()
        sys.exit(0)
