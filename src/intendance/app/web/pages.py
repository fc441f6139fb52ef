"""Pages: our own templates, escaped, with the frame that all of them share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from intendance.app.web.asked import Asked
from intendance.app.web.rows import RIGHT, options_of, rows_of
from intendance.app.web.sheet import Column, Figure, Sheet, Table, bounds
from intendance.app.web.speech import Speech
from intendance.ledger.privacy import PRIVATE, RESTRICTED
from intendance.model.interval import plain as plain_number
from intendance.model.stages import STAGES
from intendance.review import labels
from intendance.review.palette import variables

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
# Codes that cells show as words, besides those of the review's labels.
CODES: Final = (
    *("reader", "donor", "clerk", "coordinator", "auditor", "admin"),
    *("read", "write", "open", "ended", "sourced", "assumed", "yes", "no"),
    *("piece", "round", "kit", "l", "dose", "service"),
    *("waiting", "running", "done", "stopped", "failed", "lost"),
)


class Pages:
    """Renders templates. One for the process; it holds nothing of any request."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    @cached_property
    def version(self) -> str:
        """Give a mark of the static files, so that a new one is fetched at once."""
        found = hashlib.sha256(self.colours.encode())
        for path in sorted(STATIC.iterdir()):
            found.update(path.read_bytes())
        return found.hexdigest()[:10]

    @cached_property
    def colours(self) -> str:
        """Give the palette of both grounds as a style sheet."""
        light, dark = variables(dark=False), variables(dark=True)
        return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"

    def show(
        self, template: str, asked: Asked, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Give a page. Templates see the request as ``asked`` and its words as ``_``."""
        shown = {
            "asked": asked,
            "_": asked.words,
            "ty": asked.words.ty,
            "write": Writer(asked.words),
            "nav": self._nav(asked),
            "version": self.version,
            "marking": "",
            "sheet": None,
            **values,
        }
        text = self._environment.get_template(template).render(shown)
        return HTMLResponse(text, status, {"Content-Language": asked.language, "Vary": "Cookie"})

    def sheet(
        self, template: str, asked: Asked, sheet: Sheet, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Give the page of a sheet, with links to its twins."""
        return self.show(
            template, asked, status=status, sheet=sheet, marking=sheet.marking, **values
        )

    def _nav(self, asked: Asked) -> list[tuple[str, str, bool]]:
        if asked.access is None:
            return []
        role = asked.access.person.role
        here = asked.request.url.path
        found = []
        for each in asked.context.nav:
            if role in each.roles:
                inside = here == each.path or (each.path != "/" and here.startswith(each.path))
                found.append((each.path, asked.words(each.label), inside))
        return found


class Writer:
    """Writes cells and figures as a language does."""

    def __init__(self, words: Speech) -> None:
        self.words = words
        self.ty = words.ty

    def cell(self, column: Column | Figure, value: Any) -> str | Markup:
        """Write one cell by its column's kind; unknown is a dash."""
        if value is None or value == "":
            return "\u2013" if column.kind not in ("text", "code") else ""
        if column.kind == "interval":
            return self.interval(value, column.unit)
        if column.kind == "code":
            return self.code(str(value))
        if column.kind == "count":
            return self.ty.number(int(value))
        if column.kind == "number":
            return self.ty.quantity(Decimal(value))
        if column.kind == "money":
            return self.money(Decimal(value), column.unit)
        if column.kind == "share":
            return self.ty.percent(Decimal(value))
        if column.kind == "day":
            return self.day(value)
        if column.kind == "moment":
            return self.words.moment(int(value))
        return str(value)

    def rows(self, table: Table, shown: Sequence[int]) -> Markup:
        """Write the rows of a table."""
        return rows_of(self, table, shown)

    def right(self, column: Column) -> bool:
        """Tell whether a column's figures stand at the right."""
        return column.kind in RIGHT

    def options(self, known: tuple[str, ...]) -> Markup:
        """Write the values that a field offers."""
        return options_of(known)

    def money(self, amount: Decimal, currency: str) -> Markup:
        """Write money short, with the cents in the title."""
        short, full = self.ty.money(amount, currency), self.ty.cents(amount)
        title = escape(f"{full} {currency}")
        return Markup(f'<span class="n" title="{title}">{escape(short)}</span>')  # noqa: S704 (escaped)

    def interval(self, value: Any, unit: str) -> Markup:
        """Write an interval: its best figure, its bounds where they differ, what is undisclosed."""
        low, best, high, hidden = bounds(value)
        parts = [Markup('<span class="n">{}</span>').format(self._one(best, unit))]
        if best is not None and low != high:
            top = None if high is None else self._one(high, unit)
            written = self.ty.bounds(self._one(low, unit), top)
            parts.append(Markup('<span class="iv">{}</span>').format(written))
        if hidden and best is not None:
            said = self.words.count("+ {n} undisclosed", "+ {n} undisclosed", hidden)
            parts.append(Markup('<span class="u">{}</span>').format(said))
        return Markup(" ").join(parts)

    def _one(self, amount: Decimal | None, unit: str) -> str:
        if amount is None:
            return self.words("undisclosed")
        if len(unit) == 3 and unit.isupper():
            return self.ty.money(amount, unit)
        written = self.ty.quantity(amount)
        said = labels.word(labels.UNITS, unit, self.ty) if unit else ""
        return f"{written}\u00a0{said}" if said else written

    def code(self, code: str) -> str:
        """Write a code of the record (a stage, a kind, a category) as a word."""
        if code in CODES:
            return self.words(code)
        for table in (labels.STAGES, labels.KINDS, labels.CATEGORIES, labels.CAUSES_OF_CHANGE):
            if code in table:
                return labels.word(table, code, self.ty)
        return self.words(code)

    def party(self, name: str) -> str:
        """Write a party's name."""
        return labels.party(name, self.words.language)

    def marking(self, marking: str) -> str:
        """Write a marking; a private one names its owners."""
        level, _, owners = marking.partition(":")
        word = labels.word(labels.MARKINGS, level, self.ty)
        if level == PRIVATE and owners:
            named = ", ".join(self.party(each) for each in owners.split("+"))
            return f"{word}{self.ty.colon()}{named}"
        return word

    def level(self, marking: str) -> str:
        """Give a marking's level, for its colour."""
        level = marking.partition(":")[0]
        return level if level in (PRIVATE, RESTRICTED) else "public"

    def day(self, day: date) -> str:
        """Write a day for a table: the month short."""
        first = "1er" if self.ty.french and day.day == 1 else str(day.day)
        return f"{first}\u00a0{self.ty.month(f'{day.year:04d}-{day.month:02d}')}"

    def share(self, part: Decimal, whole: Decimal) -> str:
        """Write a part of a whole in percent; a dash when there is no whole."""
        return self.ty.percent(part / whole) if whole else "\u2013"

    def width(self, part: Decimal, whole: Decimal) -> str:
        """Give a bar's length in hundredths of its box, at most all of it."""
        share = min(part / whole, Decimal(1)) if whole else Decimal(0)
        return f"{share * 100:.1f}"

    def capital(self, text: str) -> str:
        """Put a capital letter first."""
        return labels.capitalised(text)

    def capability(self, name: str) -> str:
        """Write a capability's name."""
        return labels.capability(name, self.words.language)

    def qualifier(self, name: str) -> str:
        """Write how a number was said."""
        return labels.word(labels.QUALIFIERS, name, self.ty) or self.words("exact")

    def typed(self, number: Decimal | None) -> str:
        """Write a number as a person would type it into a form."""
        if number is None:
            return ""
        text = plain_number(number)
        return text.replace(".", ",") if self.ty.french and text[-4:-3] != "." else text

    def safe(self, address: str) -> bool:
        """Tell whether an address may be linked to: a source must not smuggle in a script."""
        return urlsplit(address).scheme in ("http", "https")

    def filled(self, table: Table) -> list[int]:
        """Give the places of the columns that hold anything."""
        return [
            place
            for place in range(len(table.columns))
            if any(row[place] not in (None, "") for row in table.rows)
        ]

    def neighbour(self, asked: Asked, path: str) -> str:
        """Give the address of a neighbouring page with the same filters."""
        kept = {
            name: value
            for name, value in asked.request.query_params.items()
            if name not in ("offset", "limit", "sort")
        }
        return asked.link(path, **kept)

    def stages(self) -> tuple[str, ...]:
        """Give all stages."""
        return STAGES


def wants_page(request: Request) -> bool:
    """Tell whether a page answers rather than a problem: not the API, not a twin, not a program."""
    path = request.url.path
    if path.startswith("/api/") or path.endswith((".json", ".csv", ".xlsx")):
        return False
    return "application/json" not in request.headers.get("accept", "")
