"""Parties and items: names and aliases, units, equivalences, groups; the catalogue, to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from fastapi import APIRouter

from intendance.app.web import twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Filters, Limit, Offset, Text
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.model.catalogue import capabilities, equivalences, fold, items, parties, table
from intendance.review import labels

NAV: Final = Nav("/parties", "Parties and items", 90)
HELP: Final = (
    "The catalogue decides which spellings are one party or one item, in which unit it is counted, "
    "and what may stand in for what. It is part of the program and is only read here; a line's "
    "own spelling is changed by a correction."
)
CODES: Final = {"state": "state", "institution": "institution"}
_ALL: Final = 500


class PartiesFilters(Filters):
    """``q``: what is searched in names and aliases; ``show``: which of the four tables."""

    q: Text = ""
    show: Literal["", "parties", "items", "capabilities", "equivalences"] = ""
    limit: Limit = 50
    offset: Offset = 0


def known_names(asked: Asked) -> Sheet:
    """Show parties, items, capabilities and equivalences with their aliases and units."""
    words, chosen = asked.words, asked.filters
    made = {
        "parties": _parties(asked),
        "items": _items(asked),
        "capabilities": _capabilities(asked),
        "equivalences": _equivalences(asked),
    }
    shown = [made[chosen.show]] if chosen.show else list(made.values())
    figures = tuple(
        Figure(name, each.caption, each.whole, "count", "", asked.link(show=name, offset=None))
        for name, each in made.items()
    )
    tables = (
        ("", words("all")), ("parties", words("parties")), ("items", words("items")),
        ("capabilities", words("capabilities")), ("equivalences", words("equivalences")),
    )  # fmt: skip
    return Sheet(
        words("Parties and items"),
        lead=words("Only read here: the catalogue is part of the program."),
        figures=figures,
        tables=tuple(shown),
        choices=(
            Choice("q", words("search"), chosen.q),
            Choice("show", words("table"), chosen.show, "list", tables),
        ),
        definition={"search": chosen.q},
        help=words(HELP),
        parts={"show": chosen.show},
    )


def _cut(
    asked: Asked, name: str, caption: str, columns: tuple[Column, ...], rows: Iterable[Any]
) -> Table:
    """Keep the rows that the search finds, and of them one page."""
    chosen = asked.filters
    wanted = fold(chosen.q)
    found = [
        row for row in rows if not wanted or any(wanted in fold(str(cell)) for cell in row if cell)
    ]
    start = chosen.offset if chosen.show == name else 0
    return Table(
        name, caption, columns, tuple(found[start : start + chosen.limit]), whole=len(found),
        empty=asked.words("Nothing is found."),
    )  # fmt: skip


def _aliases(name: str) -> dict[str, str]:
    return {
        row["name"]: ", ".join(filter(None, (row.get("aliases") or "").split(";")))
        for row in table(name)
    }


def _parties(asked: Asked) -> Table:
    words, french = asked.words, asked.language == "fr"
    columns = (
        Column("name", words("name")),
        Column("other", words("in the other language")),
        Column("code", words("country code")),
        Column("kind", words("kind"), "code"),
        Column("groups", words("groups")),
        Column("aliases", words("aliases")),
    )
    aliases = _aliases("parties")
    rows = (
        (
            each.label(asked.language), each.name if french else each.french, each.code,
            each.kind, ", ".join(each.groups), aliases.get(each.name, ""),
        )
        for each in sorted(parties().values(), key=lambda x: fold(x.label(asked.language)))
    )  # fmt: skip
    return _cut(asked, "parties", words("Parties"), columns, rows)


def _items(asked: Asked) -> Table:
    words, language = asked.words, asked.language
    columns = (
        Column("item", words("item")),
        Column("id", words("name in the record")),
        Column("capability", words("capability")),
        Column("unit", words("unit"), "code"),
        Column("aliases", words("aliases")),
    )
    aliases = _aliases("items")
    rows = (
        (
            labels.capitalised(each.label(language)), each.name,
            labels.capability(each.capability, language), each.unit, aliases.get(each.name, ""),
        )
        for each in sorted(items().values(), key=lambda x: fold(x.label(language)))
    )  # fmt: skip
    return _cut(asked, "items", words("Items"), columns, rows)


def _capabilities(asked: Asked) -> Table:
    words, language = asked.words, asked.language
    columns = (
        Column("capability", words("capability")),
        Column("id", words("name in the record")),
        Column("domain", words("domain")),
        Column("unit", words("unit"), "code"),
    )
    rows = (
        (labels.capitalised(each.label(language)), each.name, each.domain, each.unit)
        for each in sorted(capabilities().values(), key=lambda x: fold(x.label(language)))
    )
    return _cut(asked, "capabilities", words("Capabilities"), columns, rows)


def _equivalences(asked: Asked) -> Table:
    words, language = asked.words, asked.language
    columns = (
        Column("capability", words("capability")),
        Column("substitute", words("what may stand in")),
        Column("effect", words("one does as much as"), "number"),
        Column("basis", words("basis"), "code"),
        Column("note", words("note")),
    )
    rows = (
        (
            labels.capability(each.capability, language),
            labels.capability(each.substitute, language),
            each.effect, each.basis, each.note_french if language == "fr" else each.note,
        )
        for each in equivalences()
    )  # fmt: skip
    return _cut(asked, "equivalences", words("Equivalences"), columns, rows)


def router(context: Context) -> APIRouter:
    """Give the addresses of the catalogue."""
    routes = APIRouter(tags=["parties"])
    twins.show(
        routes, context, "/parties", known_names,
        filters=PartiesFilters, template="parties.html.j2", most=_ALL,
    )  # fmt: skip
    return routes
