"""Commands on the ledger itself: init, import, total, changes, coverage, show, verify, files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from intendance.app.printing import give_changes, give_total, money, shape_of
from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    ViewerOption,
    day,
    ledger_name,
    open_ledger,
    person,
    print_json,
    say,
    say_limits,
    table,
    tell,
    working,
    write_out,
)
from intendance.errors import StoreError, UsageError
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.exchange.imported import Imported
    from intendance.ledger.definition import Definition
    from intendance.ledger.ledger import Ledger
    from intendance.ledger.rates import RateTable

ByOption = typer.Option("", "--by", help="Break down by: donor,category,stage,item,…")
StageOption = typer.Option("commitment", "--stage", help="pledge … delivery.")
AsOfOption = typer.Option("", "--as-of", help="What had happened by this day.")
KnownAtOption = typer.Option("", "--known-at", help="What had been recorded by this day.")
CurrencyOption = typer.Option("EUR", "--currency", help="Currency of the total.")
RatesOption = typer.Option(
    "source", "--rates", help="source, ecb:decision-day, ecb:as-of or ecb:constant:DATE."
)
RatesFileOption = typer.Option(
    None, "--rates-file", help="A csv of rates in the ECB's form (Date,USD,…) instead of the ECB's."
)
WhereOption = typer.Option([], "--where", help="field=value; again for more.")


def definition_of(
    by: str, stage: str, as_of: str, known_at: str, currency: str, rates: str, where: list[str]
) -> Definition:
    """Make a definition from the words of a command."""
    from intendance.ledger.definition import Definition, RateRule, parse_where

    return Definition(
        stage=stage,
        as_of=day(as_of, "--as-of"),
        known_at=day(known_at, "--known-at"),
        currency=currency,
        rates=RateRule.parse(rates),
        where=parse_where(where),
        by=tuple(filter(None, (name.strip() for name in by.split(",")))),
    ).checked()


def init(ledger: str = LedgerOption, as_json: bool = JsonOption) -> None:
    """Make an empty ledger."""
    from intendance.ledger.connecting import shown_name
    from intendance.ledger.ledger import Ledger

    name = ledger_name(ledger)
    with Ledger.create(name) as made:
        head = made.head()
    name = shown_name(name)
    if as_json:
        print_json({"ledger": name, "entries": head.entries, "root": head.root})
    else:
        say(f"An empty ledger stands at {name}.")


def import_(
    format_name: str = typer.Argument(..., metavar="FORMAT", help="kiel, fts, iati, hxl, …"),
    file: Path = typer.Argument(..., help="The file."),
    recorded_at: str = typer.Option("", "--recorded-at", help="The day on which it was told."),
    release: str = typer.Option("", "--release", help="The release's name."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would be done."),
    accept_good: bool = typer.Option(
        False, "--accept-good", help="sheet: take the good rows although others are bad."
    ),
    corrected: Path | None = typer.Option(
        None, "--corrected", help="sheet: write it back here, with its bad cells marked."
    ),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Import a file into the ledger; every row is accounted for."""
    from intendance.exchange.importing import import_file

    if (accept_good or corrected) and format_name != "sheet":
        raise UsageError(
            "--accept-good and --corrected are for spreadsheets.",
            next_step="Use them with: intendance import sheet FILE",
        )
    recorded_on = day(recorded_at, "--recorded-at") or date.today()  # noqa: DTZ011
    language = language_of(lang or None)
    said = catalogue("exchange", language).gettext("importing {file}").format(file=file.name)
    with open_ledger(ledger) as book, working(said):
        done = import_file(
            book,
            format_name,
            file,
            recorded_on=recorded_on,
            release=release,
            dry_run=dry_run,
            person=person(),
            accept_good=accept_good,
        )
        if done.posted:
            _ = book.frame  # the first total after an import shall not wait for the projection
    if corrected:
        from intendance.exchange.sheet import corrected as marked

        write_out(marked(file, done.set_aside, lang), corrected)
    _print_import(done, language, as_json=as_json)
    # Rows of a spreadsheet held back: its sender has to act before anything is taken.
    if format_name == "sheet" and done.set_aside and not accept_good:
        if not corrected:
            advice = "--corrected FILE.xlsx writes the spreadsheet back with its bad cells marked."
            say(catalogue("exchange", language).gettext(advice))
        raise typer.Exit(1)


def _print_import(done: Imported, language: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done.as_record())
        return
    from intendance.exchange.spoken import spoken

    words = catalogue("exchange", language).gettext
    verb = words("would make") if done.dry_run else words("made")
    typer.echo(
        words(
            "{file}: {rows} rows; {entries} {verb} entries, {merged} merged, {aside} set aside; "
            "{posted} entries posted, {withdrawn} of them close earlier lines."
        ).format(
            file=done.file,
            rows=done.rows,
            entries=done.entries,
            verb=verb,
            merged=done.merged,
            aside=done.rows_set_aside,
            posted=done.posted,
            withdrawn=done.withdrawn,
        )
    )
    for finding in (*done.set_aside, *(n for n in done.notes if n.severity == "warning")):
        shown = f" ({finding.value})" if finding.value else ""
        say(f"  {finding.where}: {spoken(finding.sentence, language)}{shown}")


def _rates_from(path: Path | None) -> RateTable | None:
    """Read the table of rates that an option names."""
    if path is None:
        return None
    from intendance.exchange.tables import decode, read_bytes
    from intendance.ledger.rates import table_from

    text = decode(read_bytes(path), path.name)
    return table_from((line.split(",") for line in text.splitlines() if line.strip()), path.name)


def total(
    by: str = ByOption,
    stage: str = StageOption,
    as_of: str = AsOfOption,
    known_at: str = KnownAtOption,
    currency: str = CurrencyOption,
    rates: str = RatesOption,
    rates_file: Path | None = RatesFileOption,
    where: list[str] = WhereOption,
    shape: str = typer.Option("table", "--format", help="table, json, csv or xlsx."),
    checked: bool = typer.Option(
        False, "--checked", help="Re-read every entry, follow the chain and total those bytes."
    ),
    out: Path | None = typer.Option(None, "--out", help="Write to this file."),
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Add up what a definition counts; the definition is printed with the figure."""
    shape = shape_of(shape, as_json=as_json)
    definition = definition_of(by, stage, as_of, known_at, currency, rates, where)
    with open_ledger(ledger, viewer) as book:
        if checked and not book.load().intact:
            raise StoreError(
                "The ledger is not intact: nothing is totalled.",
                next_step="intendance verify names the first entry that does not fit.",
            )
        if not book.frame.height:
            say("The ledger is empty: import something first (intendance import).")
        found = book.total(definition, _rates_from(rates_file))
        _name_strangers(book, definition)
    give_total(found, shape, out, language_of(lang or None))


def _name_strangers(book: Ledger, definition: Definition) -> None:
    """Say which filters nothing in the ledger fits: a misspelt name must not look like a zero."""
    for name, value in definition.where:
        alone = replace(definition, where=((name, value),), by=())
        if not book.behind(alone):
            say(f"Nothing that this definition counts has {name}={value}.")


def changes(
    from_: str = typer.Option(..., "--from", help="The earlier day of knowledge."),
    to: str = typer.Option(..., "--to", help="The later day of knowledge."),
    by: str = ByOption,
    stage: str = StageOption,
    as_of: str = AsOfOption,
    currency: str = CurrencyOption,
    rates: str = RatesOption,
    where: list[str] = WhereOption,
    most: int = typer.Option(20, "--most", help="Lines to print (all of them with --json)."),
    shape: str = typer.Option("table", "--format", help="table, json, csv or xlsx."),
    out: Path | None = typer.Option(None, "--out", help="Write to this file."),
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Explain why a total differs between two days on which it was known."""
    shape = shape_of(shape, as_json=as_json)
    definition = definition_of(by, stage, as_of, "", currency, rates, where)
    before, after = day(from_, "--from"), day(to, "--to")
    if before is None or after is None:
        raise UsageError("--from and --to each need a day.", next_step="Write it as YYYY-MM-DD.")
    with open_ledger(ledger, viewer) as book:
        found = book.changes(definition, before, after)
    give_changes(found, shape, out, language_of(lang or None), most)


def compare(
    first: str = typer.Argument(..., help='"stage=commitment rates=source where=donor=Poland …"'),
    second: str = typer.Argument(..., help="The other definition, in the same words."),
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Explain why two definitions give two figures, field by field."""
    with open_ledger(ledger, viewer) as book:
        found = book.compare(_spoken(first), _spoken(second))
    if as_json:
        print_json(found.as_record())
        return
    language = language_of(lang or None)
    say_limits(found.viewer, language)
    words = catalogue("app", language).gettext
    rows = [[name, money(amount, language)] for name, amount in found.by_field().items()]
    rows.append([words("difference"), money(found.difference, language)])
    totals = (money(each.best, language) for each in (found.total_first, found.total_second))
    table(" → ".join(totals), [words("cause"), found.first.currency], rows, right=[1])


def _spoken(text: str) -> Definition:
    """Read a definition from words such as ``stage=delivery as-of=2023-04-21``."""
    known = {"by", "stage", "as-of", "known-at", "currency", "rates"}
    options = {"stage": "commitment", "currency": "EUR", "rates": "source"}
    where = []
    for word in _words_of(text):
        name, _, value = word.partition("=")
        if name == "where":
            where.append(value)
        elif name in known:
            options[name] = value
        else:
            raise UsageError(
                f"{word!r} is no part of a definition.",
                next_step=f"Use {', '.join(sorted(known))} and where=field=value.",
            )
    return definition_of(
        "",
        options["stage"],
        options.get("as-of", ""),
        options.get("known-at", ""),
        options["currency"],
        options["rates"],
        where,
    )


def _words_of(text: str) -> list[str]:
    """Part a definition into its words: a blank within a value needs no quotes.

    >>> _words_of("where=donor=United States stage=delivery")
    ['where=donor=United States', 'stage=delivery']
    """
    return re.split(r"\s+(?=[a-z-]+=)", text.strip()) if text.strip() else []


def coverage(
    as_of: str = AsOfOption,
    known_at: str = KnownAtOption,
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Set every need against what stands at each stage; the largest gap first."""
    from intendance.ledger.coverage import coverage as cover
    from intendance.ledger.coverage import late
    from intendance.model.catalogue import capabilities
    from intendance.model.interval import plain

    with open_ledger(ledger, viewer) as book:
        when = day(as_of, "--as-of") or date.today()  # noqa: DTZ011
        known = day(known_at, "--known-at")
        entries = list(book.entries())
        rows = cover(book.frame, entries, as_of=when, known_at=known)
        overdue = late(entries, as_of=when, known_at=known)
    if as_json:
        definition = {"as_of": when.isoformat(), "known_at": known_at or None}
        shown = [row.as_record() for row in rows]
        print_json(
            {
                "definition": definition,
                "rows": shown,
                "late": [each.as_record() for each in overdue],
                **book.viewer.limits(),
            }
        )
        return
    language = language_of(lang or None)
    say_limits(book.viewer, language)
    words = catalogue("app", language).gettext
    if not rows:
        say(words("No needs are known: without them nothing is missing."))
        say(words("  Ask for them with: intendance template needs"))
        return
    named = capabilities()
    cells = [
        [
            named[row.capability].label(language) if row.capability in named else row.capability,
            plain(row.needed.best),
            *(plain(row.supply[stage].best) for stage in ("pledge", "commitment", "delivery")),
            plain(row.gap.best or Decimal(0)),
            f"{row.supply['pledge'].undisclosed} / {row.supply['delivery'].undisclosed}",
        ]
        for row in rows
    ]
    heads = ("capability", "needed", "pledge", "commitment", "delivery", "gap", "undisclosed")
    table("", [words(each) for each in heads], cells, right=range(1, 7))
    say(words("undisclosed: promised lines without a figure / delivered ones"))


def show(
    entry: str = typer.Argument(..., help="An entry's id, the beginning of it, or a line."),
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Give an entry, its sources, its history and the sentence it came from."""
    with open_ledger(ledger, viewer) as book:
        story = book.show(entry).as_record()
    if as_json:
        print_json(story)
        return
    say_limits(book.viewer, language_of(None))
    history = story["history"]
    assert isinstance(history, list)
    for each in history:
        money = each.get("money", {})
        worth = f"{money.get('best', '?')} {money.get('currency', '')}" if money else ""
        count = each.get("quantity", {}).get("best", "")
        typer.echo(
            f"{each['recorded_on']}  {each.get('kind', 'post'):<11} {each['stage']:<11} "
            f"{each.get('donor', '')}  {count} {each.get('item_text', '')}  {worth}  {each['id']}"
        )
        source = each["source"]
        detail = [source.get("document", ""), source.get("url", ""), each.get("reason", "")]
        typer.echo("            " + "  ".join(filter(None, detail)))
    if story["sentence"]:
        typer.echo(f"  « {story['sentence']} »")


def verify(
    viewer: str = ViewerOption, ledger: str = LedgerOption, as_json: bool = JsonOption
) -> None:
    """Re-read every entry and follow the chain; exit code 1 when a byte does not fit."""
    with open_ledger(ledger, viewer) as book:
        verdict = book.verify()
    if as_json:
        print_json({**verdict.as_record(), **book.viewer.limits()})
    else:
        count, root = verdict.entries, verdict.root
        if verdict.intact:
            tell(f"{count} entries, root {root}: intact")
        else:
            tell(f"{count} entries, root {root}: NOT intact: first bad {verdict.first_bad}")
        say_limits(book.viewer, language_of(None))
    if not verdict.intact:
        raise typer.Exit(1)


def export(
    format_name: str = typer.Argument(..., metavar="FORMAT", help="jsonl, iati, fts, hxl, …"),
    out: Path | None = typer.Option(None, "--out", help="Write to this file."),
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = typer.Option(False, "--json", help="With --out: say what was written."),
) -> None:
    """Write the ledger in a format, to standard output or a file."""
    from intendance.exchange.exporting import export as written

    if as_json and out is None:
        raise UsageError("--json needs --out FILE.", next_step="The export itself goes there.")
    if out is not None and out.absolute() == Path(ledger_name(ledger)).absolute():
        raise UsageError("--out names the ledger itself.", next_step="Name another file.")
    notes: list[str] = []
    with open_ledger(ledger, viewer) as book:
        head = book.seen_head()
        write_out(written(book, format_name, notes), out)
        limits = book.viewer.limits()
        say_limits(book.viewer, language_of(None))
    for note in notes:
        say(note)
    if as_json:
        told = {"file": str(out), "entries": head.entries, "root": head.root, "left_out": notes}
        print_json({**told, **limits})


def backup(
    file: Path = typer.Argument(..., help="The file to write."),
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Write the whole ledger, chain and audit trail, into one file."""
    from intendance.ledger.copying import back_up

    if file.exists():
        raise UsageError(f"{file} stands there already.", next_step="Name another file.")
    with open_ledger(ledger) as book:
        head = back_up(book, file)
    _copied(as_json, str(file), head.entries, head.root)


def restore(
    file: Path = typer.Argument(..., help="A backup."),
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Make a ledger from a backup; its head is the same."""
    from intendance.ledger.connecting import shown_name
    from intendance.ledger.copying import bring_back

    head = bring_back(file, ledger_name(ledger))
    _copied(as_json, shown_name(ledger_name(ledger)), head.entries, head.root)


def _copied(as_json: bool, name: str, entries: int, root: str) -> None:
    if as_json:
        print_json({"file": name, "entries": entries, "root": root})
    else:
        tell(f"{name}: {entries} entries, root {root}")


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(init)
    app.command("import")(import_)
    for command in (total, changes, compare, coverage, show, verify, export, backup, restore):
        app.command()(command)
