"""Commands that let others trust a ledger: keys, signatures, verification of an export."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from intendance.app.speaking import language_of_call
from intendance.app.terminal import (
    JsonOption,
    LedgerOption,
    open_ledger,
    person,
    print_json,
    say,
    tell,
    write_out,
)
from intendance.errors import InputError, UsageError
from intendance.words import translated


def new_key(
    file: Path = typer.Argument(..., help="The file for the private key."),
    as_json: bool = JsonOption,
) -> None:
    """Make a private key for signing heads; the public key is printed."""
    from intendance.ledger.signing import make_key

    public = make_key(file)
    if as_json:
        print_json({"file": str(file), "public_key": public})
    else:
        typer.echo(public)


def sign(
    key: Path = typer.Option(..., "--key", help="The private key's file."),
    signer: str = typer.Option("", "--signer", help="Who signs; default: the account's name."),
    out: Path | None = typer.Option(None, "--out", help="Write to this file."),
    ledger: str = LedgerOption,
) -> None:
    """Sign the ledger's head (Ed25519)."""
    from intendance.ledger.signing import sign as signed

    with open_ledger(ledger) as book:
        verdict = book.verify()
        if not verdict.intact:
            raise InputError(
                f"The ledger is not intact: first bad {verdict.first_bad}.",
                next_step="Nothing was signed; restore a backup.",
            )
        write_out(signed(book.head(), key, signer or person()).as_text(), out)


def verify_export(
    file: Path = typer.Argument(..., help="An export (jsonl)."),
    root: str | None = typer.Option(None, "--root", help="The root that a brief prints."),
    signature: Path | None = typer.Option(None, "--signature", help="A signature's file."),
    public_key: str = typer.Option("", "--public-key", help="The key that you expect."),
    as_json: bool = JsonOption,
) -> None:
    """Check an export against a brief's root and a signature, without any ledger."""
    from intendance.ledger.signing import Signature, follow_export, holds

    if root is not None and not re.fullmatch("[0-9a-f]{64}", root.strip().lower()):
        raise UsageError("--root needs all 64 digits.", next_step="Copy it from the brief.")
    try:
        with file.open(encoding="utf-8") as lines:
            verdict = follow_export(lines)
        vouched = Signature.from_text(signature.read_text("utf-8")) if signature else None
    except OSError as error:
        raise InputError(f"There is no file {error.filename}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name} is not UTF-8 text.") from error
    problems = []
    if not verdict.intact:
        problems.append(f"line {verdict.first_bad} does not fit the chain")
    if root and verdict.root != root.strip().lower():
        problems.append(f"the root is {verdict.root}, not {root}")
    if vouched:
        if not holds(vouched, public_key):
            problems.append("the signature does not hold")
        elif vouched.root != verdict.root or (
            vouched.entries != verdict.entries and not verdict.withheld
        ):
            problems.append("the signature is for another state of the ledger")
    if vouched:
        say(f"Signed by {vouched.signer} with the key {vouched.public_key}.")
    if vouched and not public_key:
        say("The key came with the signature: it vouches for nobody until you compare it.")
    if root is None and vouched is None:
        say("Without --root or --signature an end that was cut off cannot be seen.")
    if as_json:
        print_json({**verdict.as_record(), "problems": problems})
    else:
        language = language_of_call()
        state = "; ".join(translated(each, language) for each in problems)
        count, root = verdict.entries, verdict.root
        tell(f"{count} entries, root {root}: {state or translated('everything fits', language)}")
    if problems:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    keys = typer.Typer(help="Keys for signing heads.", no_args_is_help=True)
    keys.command("new")(new_key)
    app.add_typer(keys, name="key")
    app.command()(sign)
    app.command("verify-export")(verify_export)
