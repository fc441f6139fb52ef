"""The command line: one thin command a file, errors turned into sentences and exit codes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Final

import typer

from intendance import __version__
from intendance.app.speaking import complaint, language_of_call, speak
from intendance.engine import LostWorkersError
from intendance.errors import InputError, IntendanceError
from intendance.words import translated

app = typer.Typer(
    name="intendance",
    help="Coordinate aid from many donors to one recipient.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

INTERRUPTED: Final = 130

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


# What runs once a document loads its own commands alone: a third of a second less.
_ALONE: Final = {"read": "intake", "explain": "intake"}


def _needed(call: list[str]) -> tuple[str, ...]:
    """Give the command modules that a call needs: all, but for calls known to need one."""
    ours = Path(call[0]).name in {"intendance", "__main__.py"} if call else False
    alone = _ALONE.get(call[1]) if ours and len(call) > 1 else None
    return (alone,) if alone else COMMAND_MODULES


for _name in _needed(sys.argv):
    importlib.import_module(f"intendance.app.commands.{_name}").register(app)


def report(error: IntendanceError, *, as_json: bool) -> None:
    """Write the error's sentence and next step to standard error, in the call's language."""
    language = language_of_call()
    if as_json:
        import json

        record = error.as_record()
        spoken = {name: translated(record[name], language) for name in ("error", "next_step")}
        typer.echo(json.dumps({**record, **spoken}, ensure_ascii=False), err=True)
        return
    place = f"{error.where}: " if error.where else ""
    typer.echo(f"intendance: {place}{translated(error.sentence, language)}", err=True)
    if error.next_step:
        typer.echo(f"  {translated(error.next_step, language)}", err=True)


def main() -> None:
    """Run the command line; every operating error ends in one sentence and its exit code."""
    as_json = "--json" in sys.argv
    try:
        _run()
    except IntendanceError as error:
        report(error, as_json=as_json)
        sys.exit(error.exit_code)
    except LostWorkersError as lost:
        told = InputError(str(lost), next_step="Check --cluster and --workers, then run it again.")
        report(told, as_json=as_json)
        sys.exit(told.exit_code)
    except KeyboardInterrupt:
        _say_interrupted()
        sys.exit(INTERRUPTED)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:  # the library has caught the interrupt
            _say_interrupted()
        raise
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to say, nothing lost.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A full disk, a right that is missing: no room saw it coming, and it is no defect.
        failed = refused(error)
        report(failed, as_json=as_json)
        sys.exit(failed.exit_code)


def _say_interrupted() -> None:
    typer.echo(f"intendance: {translated('interrupted', language_of_call())}", err=True)


def refused(error: OSError) -> InputError:
    """Tell what the operating system refused, as one sentence."""
    name = str(error.filename or "")
    why = error.strerror or str(error)
    sentence = f"{name} cannot be used: {why}." if name else f"The system refuses: {why}."
    return InputError(sentence, next_step="Check the path, its rights and the free disk space.")


def _run() -> None:
    """Run the commands in the call's language; English is left to the library itself."""
    language = language_of_call()
    if language == "en":
        app()
        return
    command = speak(typer.main.get_command(app), language)
    try:
        status = command.main(prog_name="intendance", standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(complaint(error, language), err=True)
        sys.exit(error.exit_code)
    sys.exit(status if isinstance(status, int) else 0)
