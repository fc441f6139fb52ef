"""The command `inbox`: proposals from documents, confirmed into the ledger by a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
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
    say,
    table,
)
from intendance.errors import InputError, UsageError
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.intake.documents import Source
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


def _shown(value: Any) -> str:
    """Write a field as people write it; "" for what is not known."""
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return catalogue("intake", language_of(None)).gettext("yes" if value else "no")
    return "" if value is None else str(value)


def _tell(waiting: Waiting, *, as_json: bool) -> None:
    if as_json:
        print_json(waiting.as_record())
        return
    typer.echo(f"{waiting.id}  {waiting.kind}  {waiting.state}  {waiting.entry}")
    for name, value in waiting.fields.items():
        if _shown(value):
            typer.echo(f"  {name}: {_shown(value)}")
    typer.echo(f"  « {waiting.sentence} »")
    for event in waiting.story[1:]:
        typer.echo(
            f"  {event['at']} {event['event']} {event.get('person', '')} {event.get('reason', '')}"
        )


def add(
    file: str = typer.Argument(
        ..., help="A document, a folder or an archive; - is standard input."
    ),
    published: str = typer.Option("", "--published", help="The day of publication."),
    outlet: str = typer.Option("", "--outlet", help="Who published it."),
    lang: str = typer.Option("", "--lang", help="Language of the document: fr, en, de."),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Read documents and put their proposals into the inbox."""
    from intendance.intake import read
    from intendance.intake.deciding import take_in

    given = day(published, "--published")
    box = _inbox(inbox, ledger)
    added = []
    with ExitStack() as stack:
        book = stack.enter_context(open_ledger(ledger)) if _exists(ledger) else None
        for source in _sources(file):
            try:
                reading = read(
                    source.text,
                    published=given or source.published,
                    outlet=outlet or source.outlet,
                    language=lang or None,
                )
            except InputError as error:
                if source.name == Path(file).name or file == "-":
                    raise
                say(f"{source.name}: {error.sentence}")
                continue
            added += take_in(box, reading, book)
    if as_json:
        print_json([each.as_record() for each in added])
    else:
        words = catalogue("intake", language_of(None)).gettext
        typer.echo(words("Proposals added: {count}").format(count=len(added)))


def _sources(file: str) -> Iterator[Source]:
    """Give the documents; in a folder, one that cannot be read is told and left out."""
    from intendance.intake import batch, documents

    path = Path(file)
    several = file != "-" and path.is_dir()
    for each in batch.files_of(path) if several else [path]:
        try:
            found = sys.stdin.buffer.read() if file == "-" else each
            for source in documents.load_all(found):
                if source.skipped:
                    say(f"{source.name}: {source.skipped}")
                else:
                    yield source
        except InputError as error:
            if not several:
                raise
            say(f"{each.name}: {error.sentence}")


def _exists(ledger: str) -> bool:
    """Tell whether there is a ledger to compare with; an inbox may be filled before there is."""
    name = ledger_name(ledger)
    return "://" in name or Path(name).is_file()


def _figure(fields: Mapping[str, Any]) -> str:
    """Give the figure of a proposal with its bounds: "≈ 300", "≥ 150000000000 USD"."""
    from intendance.intake.reading import figure_in_short

    for name, unit in (("quantity_", "unit"), ("amount_", "currency"), ("", "currency")):
        low, high = fields.get(f"{name}low"), fields.get(f"{name}high")
        if low is None and high is None:
            continue
        about = bool(fields.get(f"{name}approximate"))
        shown = figure_in_short(low, high, approximate=about)
        return f"{shown} {fields.get(unit) or ''}".strip()
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
    words = catalogue("intake", language_of(None)).gettext
    rows = [
        [
            ("  " if each.duplicate_of else "") + each.id,
            words(each.kind),
            _shown(each.fields.get("donor")),
            _shown(each.fields.get("item_text") or each.fields.get("items")),
            _figure(each.fields),
            f"{each.confidence:.2f}",
            words(each.state),
            each.duplicate_of or "",
        ]
        for each in found
    ]
    heads = ("id", "kind", "donor", "what", "figure", "sure", "state", "duplicate of")
    table("", [words(head) for head in heads], rows, right=[4, 5])


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
    duplicates: bool = typer.Option(
        False, "--reject-duplicates", help="Reject the open proposals that repeat it."
    ),
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Post a proposal to the ledger with your name and reason."""
    from intendance.intake import deciding

    box = _inbox(inbox, ledger)
    recorded_on = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
    who, why = _who(by), reason.strip() or "accepted as read"
    with open_ledger(ledger) as book:
        done = deciding.confirm(
            box, book, name, person=who, reason=why, recorded_on=recorded_on, again=again
        )
    if duplicates:
        for each in box.duplicates(done.id):
            box.reject(each.id, who, f"repeats {done.id}")
    _tell(done, as_json=as_json)


def reject(
    name: str = NameArgument,
    by: str = ByOption,
    reason: str = ReasonOption,
    inbox: str = FileOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Reject a proposal; say why."""
    if not reason.strip():
        raise UsageError("A rejection needs a reason.", next_step="Say why, in a few words.")
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
    from intendance.intake import deciding

    recorded_on = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
    done = deciding.undo(
        _inbox(inbox, ledger),
        lambda: open_ledger(ledger),
        name,
        person=_who(by),
        reason=reason,
        recorded_on=recorded_on,
    )
    _tell(done, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    group = typer.Typer(help="Proposals that wait for a person.", no_args_is_help=True)
    group.command("list")(list_)
    for command in (add, show, edit, confirm, reject, undo):
        group.command()(command)
    app.add_typer(group, name="inbox")
