"""The command `inbox`: proposals from documents, confirmed into the ledger by a person."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.terminal import (
    JsonOption,
    LedgerOption,
    day,
    ledger_name,
    open_ledger,
    person,
    print_json,
    table,
)
from intendance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intendance.intake.inbox import Inbox, Waiting

FileOption = typer.Option("", "--inbox", help="The inbox's file; default: beside the ledger.")
ByOption = typer.Option("", "--by", help="Who decides; default: INTENDANCE_PERSON.")
ReasonOption = typer.Option("", "--reason", help="Why.")
NameArgument = typer.Argument(..., metavar="PROPOSAL", help="A proposal's id.")


def _inbox(given: str, ledger: str) -> Inbox:
    from intendance.intake.inbox import Inbox

    name = ledger_name(ledger)
    if not given and "://" in name:
        raise UsageError("A ledger on a server needs --inbox FILE.")
    return Inbox(Path(given) if given else Path(f"{name}.inbox.jsonl"))


def _who(given: str) -> str:
    name = given or person()
    if not name:
        raise UsageError("Nobody is named.", next_step="Add --by NAME or set INTENDANCE_PERSON.")
    return name


def _tell(waiting: Waiting, *, as_json: bool) -> None:
    if as_json:
        print_json(waiting.as_record())
        return
    typer.echo(f"{waiting.id}  {waiting.kind}  {waiting.state}  {waiting.entry}")
    for name, value in waiting.fields.items():
        typer.echo(f"  {name}: {value}")
    typer.echo(f"  « {waiting.sentence} »")
    for event in waiting.story[1:]:
        typer.echo(
            f"  {event['at']} {event['event']} {event.get('person', '')} {event.get('reason', '')}"
        )


def add(
    file: str = typer.Argument(..., help="A document; - is standard input."),
    published: str = typer.Option("", "--published", help="The day of publication."),
    outlet: str = typer.Option("", "--outlet", help="Who published it."),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Read a document and put its proposals into the inbox."""
    from intendance.intake import documents, read

    source = sys.stdin.buffer.read() if file == "-" else Path(file)
    text = documents.load(source).text
    reading = read(text, published=day(published, "--published"), outlet=outlet or None)
    added = _inbox(inbox, ledger).add(reading)
    if as_json:
        print_json([each.as_record() for each in added])
    else:
        typer.echo(f"{len(added)} proposals added.")


def _figure(fields: Mapping[str, Any]) -> str:
    """Give the figure of a proposal with its bounds: "≈ 300", "≥ 150000000000 USD"."""
    from intendance.intake.reading import figure_in_short

    for name, unit in (("quantity_", ""), ("amount_", "currency"), ("", "currency")):
        low, high = fields.get(f"{name}low"), fields.get(f"{name}high")
        if low is None and high is None:
            continue
        about = bool(fields.get(f"{name}approximate"))
        shown = figure_in_short(low, high, approximate=about)
        return f"{shown} {fields.get(unit) or ''}".strip() if unit else shown
    return ""


def list_(
    state: str = typer.Option("open", "--state", help="open, confirmed, rejected or all."),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """List the proposals."""
    found = _inbox(inbox, ledger).list(state)
    if as_json:
        print_json([each.as_record() for each in found])
        return
    rows = [
        [
            each.id,
            each.kind,
            str(each.fields.get("donor", "")),
            str(each.fields.get("item_text") or ", ".join(each.fields.get("items", ()))),
            _figure(each.fields),
            f"{each.confidence:.2f}",
            each.state,
            each.duplicate_of or "",
        ]
        for each in found
    ]
    heads = ("id", "kind", "donor", "what", "figure", "sure", "state", "duplicate of")
    table("", heads, rows, right=[4, 5])


def show(
    name: str = NameArgument,
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Show a proposal, its sentence and what was done with it."""
    _tell(_inbox(inbox, ledger).find(name), as_json=as_json)


def edit(
    name: str = NameArgument,
    changes: list[str] = typer.Argument(..., help="field=value …"),
    by: str = ByOption,
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Change fields of an open proposal."""
    fields = {}
    for change in changes:
        field, equals, value = change.partition("=")
        if not equals:
            raise UsageError(f"{change!r} is no change.", next_step="Write field=value.")
        fields[field] = value or None
    _tell(_inbox(inbox, ledger).edit(name, fields, _who(by)), as_json=as_json)


def confirm(
    name: str = NameArgument,
    by: str = ByOption,
    reason: str = ReasonOption,
    recorded_at: str = typer.Option("", "--recorded-at", help="The day of the entry."),
    again: bool = typer.Option(False, "--again", help="Also when the ledger says the same."),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Post a proposal to the ledger with your name and reason."""
    from intendance.intake.confirming import entry_of, twins
    from intendance.model.entry import identify

    box = _inbox(inbox, ledger)
    waiting = box.find(name)
    recorded_on = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
    with open_ledger(ledger) as book:
        same = twins(waiting, book)
        if same and not again:
            raise UsageError(
                f"The ledger says the same already: {', '.join(same[:5])}.",
                next_step="Look with intendance show; add --again if it is another one.",
            )
        who = _who(by)
        entry = entry_of(waiting, recorded_on, who, reason)
        times = sum(each["event"] == "confirm" for each in waiting.story)
        if times:
            entry = replace(entry, terms=(*entry.terms, ("confirmed", str(times + 1))))
        entry = identify(entry)
        if waiting.state == "open":
            book.post([entry], person=who, action="confirm")
    _tell(box.confirm(waiting.id, entry.id, who, reason), as_json=as_json)


def reject(
    name: str = NameArgument,
    by: str = ByOption,
    reason: str = ReasonOption,
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Reject a proposal; say why."""
    _tell(_inbox(inbox, ledger).reject(name, _who(by), reason), as_json=as_json)


def undo(
    name: str = NameArgument,
    by: str = ByOption,
    reason: str = ReasonOption,
    recorded_at: str = typer.Option("", "--recorded-at", help="The day of the withdrawal."),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Take a confirmation or rejection back; a posted entry is withdrawn, not deleted."""
    from intendance.intake.confirming import withdrawal_of

    box = _inbox(inbox, ledger)
    waiting = box.find(name)
    if waiting.state == "confirmed":
        recorded_on = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
        with open_ledger(ledger) as book:
            taken = withdrawal_of(book, waiting.entry, recorded_on, reason or "confirmation undone")
            book.post([taken], person=_who(by), action="undo")
    _tell(box.undo(name, _who(by), reason), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(help="Proposals that wait for a person.", no_args_is_help=True)
    group.command("list")(list_)
    for command in (add, show, edit, confirm, reject, undo):
        group.command()(command)
    app.add_typer(group, name="inbox")
