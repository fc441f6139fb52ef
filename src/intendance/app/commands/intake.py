"""The commands `read` and `explain`: a document becomes statements, figures, dates and aid."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.terminal import JsonOption, day, print_json, say, table
from intendance.errors import InputError, UsageError
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.intake.batch import Options
    from intendance.intake.second_opinion import SecondOpinion


def _reading(file: str, published: str, outlet: str, lang: str) -> Any:
    from intendance.intake import documents, read

    source, more = documents.load_first(sys.stdin.buffer.read() if file == "-" else Path(file))
    if more:
        say("This is the first document of several; read --batch reads them all.")
    return read(
        source.text,
        published=day(published or None, "--published") or source.published,
        outlet=outlet or source.outlet,
        language=lang or None,
    )


def read_command(
    files: list[str] = typer.Argument(
        None, metavar="[FILE]...", help="A document; - is standard input. Several with --batch."
    ),
    published: str = typer.Option("", "--published", help="The day of publication, YYYY-MM-DD."),
    outlet: str = typer.Option("", "--outlet", help="Who published it."),
    lang: str = typer.Option("", "--lang", help="Language of the document: fr, en, de."),
    batch: bool = typer.Option(
        False, "--batch", help="One JSON line a document of files, folders and archives."
    ),
    prefilter: bool = typer.Option(
        False, "--prefilter", help="With --batch: leave texts without words of aid unread."
    ),
    out: str = typer.Option("", "--out", help="With --batch: a folder for shards and manifest."),
    workers: int = typer.Option(1, "--workers", min=1, help="With --batch --out: processes."),
    cluster: str = typer.Option("", "--cluster", help="With --batch --out: a Dask scheduler."),
    second: str = typer.Option(
        "", "--second-opinion", metavar="MODEL", help="Ask an installed spaCy model who spoke."
    ),
    as_json: bool = JsonOption,
) -> None:
    """Read a document: who said what, figures, dates, promises and hesitations."""
    given = files or ["-"]
    if batch:
        from intendance.intake.batch import Options

        options = Options(
            published=day(published or None, "--published"), outlet=outlet or None,
            language=lang or None, topics=prefilter,
        )  # fmt: skip
        _batch(given, options, out, workers, cluster)
        return
    if out or cluster or prefilter or workers > 1:
        raise UsageError("--out, --workers, --cluster and --prefilter belong to --batch.")
    if len(given) > 1:
        raise UsageError("Several files are a batch.", next_step="Add --batch.")
    reading = _reading(given[0], published, outlet, lang)
    asked = None
    if second:
        from intendance.intake.second_opinion import second_opinion

        asked = second_opinion(reading, second)
    if as_json:
        extra = {"second_opinion": asked.as_record()} if asked else {}
        print_json({**reading.as_record(), **extra})
        return
    _show(reading, language_of(None))
    if asked:
        _show_opinions(asked, language_of(None))


def _show_opinions(asked: SecondOpinion, language: str) -> None:
    words = catalogue("intake", language).gettext
    table(
        f"{words('Second opinion')}: {asked.model.name} {asked.model.version}",
        [words(head) for head in ("id", "verdict", "speaker")],
        [[each.statement, words(each.verdict), each.speaker or ""] for each in asked.opinions],
    )


def _batch(files: list[str], options: Options, out: str, workers: int, cluster: str) -> None:
    from intendance.intake import batch

    stdin = files == ["-"]
    if "-" in files and (out or not stdin):
        raise InputError(
            "standard input is one document or archive", next_step="Give paths, or leave --out out."
        )
    paths = [Path(each) for each in files]
    if out:
        from intendance.intake.shards import run_shards

        print_json(
            run_shards(
                batch.named_files(paths), Path(out), options, workers=workers,
                cluster=cluster or None, progress=say,
            )
        )  # fmt: skip
        return
    if cluster or workers > 1:
        raise UsageError(
            "--workers and --cluster write shards into a folder.", next_step="Add --out FOLDER."
        )
    given = sys.stdin.buffer.read() if stdin else paths
    count = 0
    for count, line in enumerate(batch.lines(given, options, report=say), start=1):
        typer.echo(line)
        if count % 100 == 0:
            say(f"{count} documents")
    say(f"{count} documents")


_AID_HEADS = ("id", "status", "trigger", "donor", "recipient", "items", "causes")


def _shorten(text: str, size: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= size else flat[: size - 1] + "…"


def _bounds(figure: Any) -> tuple[str, str]:
    """Give both bounds; ≈ marks what the article only gives roughly."""
    sign = "≈ " if figure.approximate else ""
    return tuple(f"{sign}{each}" if each else "–" for each in (figure.low, figure.high))  # type: ignore[return-value]


def _show(reading: Any, language: str) -> None:
    words = catalogue("intake", language).gettext
    table(
        words("Statements"),
        [words(head) for head in ("id", "speaker", "act", "type", "content")],
        [
            [each.id, each.speaker_name or each.speaker or "?", words(each.act), words(each.type),
             _shorten(each.content)]
            for each in reading.statements
        ],
    )  # fmt: skip
    figures = [
        [each.id, _shorten(each.text, 40), *_bounds(each), each.currency or "–",
         each.part_of or ""]
        for each in reading.amounts
    ] + [
        [each.id, _shorten(each.text, 40), *_bounds(each), each.item or "–", each.part_of or ""]
        for each in reading.quantities
    ]  # fmt: skip
    heads = ("id", "text", "low", "high", "of", "part of")
    table(words("Figures"), [words(head) for head in heads], figures, right=[2, 3])
    table(
        words("Aid"),
        [words(head) for head in _AID_HEADS],
        [
            [each.id, words(each.status), each.trigger, each.donor or "", each.recipient or "",
             _shorten(", ".join(each.items), 40), ", ".join(words(cause) for cause in each.causes)]
            for each in reading.aid
        ],
    )  # fmt: skip
    table(
        words("Dates"),
        [words(head) for head in ("id", "text", "value")],
        [[each.id, each.text, each.value or "?"] for each in reading.dates],
    )


def explain_command(
    file: str = typer.Argument("-", help="A document; - is standard input."),
    only: str = typer.Option("", "--id", help="Only this one, such as s3 or a1."),
    published: str = typer.Option("", "--published", help="The day of publication, YYYY-MM-DD."),
    lang: str = typer.Option("", "--lang", help="Language of the document: fr, en, de."),
    as_json: bool = JsonOption,
) -> None:
    """Show why each thing was read: its words, the words around, and the rule that fired."""
    from intendance.intake.explain import explain

    reading = _reading(file, published, "", lang)
    found = explain(reading, only or None)
    if only and not found:
        raise InputError(f"the reading has no {only!r}", next_step="Run read to see the ids.")
    if as_json:
        print_json({"explanations": [each.as_record() for each in found]})
        return
    words = catalogue("intake", language_of(None)).gettext
    for each in found:
        typer.echo(f"{each.id}  {each.start}–{each.end}  {words('rule')}: {each.rule}")
        typer.echo(f"    {each.before}[{_shorten(each.surface, 200)}]{each.after}")
        for name, surface in each.fields:
            typer.echo(f"    {words(name)}: {surface}")


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("read")(read_command)
    app.command("explain")(explain_command)
