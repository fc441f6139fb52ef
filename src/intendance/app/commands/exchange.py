"""The command `template`: spreadsheets to fill in and hand back with `import sheet`."""

from __future__ import annotations

from pathlib import Path

import typer

from intendance.app.terminal import LangOption, say, write_out
from intendance.errors import UsageError
from intendance.words import catalogue, language_of


def template(
    kind: str = typer.Argument(..., help="needs, pledges, stocks or deliveries."),
    out: Path | None = typer.Option(None, "--out", help="The xlsx file to write."),
    lang: str = LangOption,
) -> None:
    """Write an xlsx to fill in: heads, drop-down lists and help, in French or English."""
    from intendance.exchange.template import template as made

    language = language_of(lang or None)
    content = made(kind, language)
    if out is None:
        raise UsageError("A workbook needs a file.", next_step=f"Add --out {kind}.xlsx.")
    if out.suffix.lower() != ".xlsx":
        raise UsageError(
            f"A template is an xlsx workbook; {out.name} ends otherwise.",
            next_step=f"Add --out {out.stem}.xlsx.",
        )
    write_out(content, out)
    words = catalogue("exchange", language).gettext
    say(words("{out}: fill it in, then: intendance import sheet {out}").format(out=out))


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(template)
