"""The spreadsheets that people fill in: their columns and word lists, in French and English."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from intendance.model.catalogue import capabilities, fold, items, parties

KINDS: Final = ("needs", "pledges", "stocks", "deliveries")
_SHEET_NAMES: Final = {
    "needs": ("needs", "besoins"),
    "pledges": ("pledges", "promesses"),
    "stocks": ("stocks", "stocks"),
    "deliveries": ("deliveries", "livraisons"),
}
# Currencies offered in the list; any other code of three letters is taken too.
CURRENCIES: Final = (
    "EUR", "USD", "GBP", "AUD", "CAD", "CHF", "CZK", "DKK", "HUF", "ISK", "JPY", "KRW", "NOK",
    "NZD", "PLN", "RON", "SEK", "TRY", "UAH",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its head in both languages, other heads that mean it, and what it may hold."""

    name: str
    english: str
    french: str
    aliases: tuple[str, ...]
    required: bool
    type: str
    help_english: str
    help_french: str

    def head(self, language: str) -> str:
        """Give the head in a language."""
        return self.french if language == "fr" else self.english

    def help(self, language: str) -> str:
        """Give the help text in a language."""
        return self.help_french if language == "fr" else self.help_english

    @property
    def heads(self) -> frozenset[str]:
        """Give every head that means this column, folded."""
        return frozenset(map(fold, (self.name, self.english, self.french, *self.aliases)))


def _table(name: str) -> list[dict[str, str]]:
    text = files("intendance.exchange.layouts").joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def fields(kind: str) -> tuple[Field, ...]:
    """Give the columns of a kind of spreadsheet."""
    assert kind in KINDS, kind
    return tuple(
        Field(
            row["field"],
            row["english"],
            row["french"],
            tuple(filter(None, row["aliases"].split(";"))),
            bool(row["required"]),
            row["type"],
            row["help_en"],
            row["help_fr"],
        )
        for row in _table("fields")
        if row["kind"] == kind
    )


def sheet_name(kind: str, language: str) -> str:
    """Give the name of the sheet to fill in."""
    return _SHEET_NAMES[kind][language == "fr"]


def kind_named(text: str) -> str:
    """Give the kind that a sheet's name means, nothing when it means none."""
    return next((kind for kind, names in _SHEET_NAMES.items() if fold(text) in names), "")


@cache
def _choices() -> dict[str, dict[str, str]]:
    """Give, for each list, the value behind every folded word."""
    found: dict[str, dict[str, str]] = {}
    for row in _table("choices"):
        words = (row["value"], row["english"], row["french"], *row["aliases"].split(";"))
        for word in filter(None, words):
            found.setdefault(row["list"], {}).setdefault(fold(word), row["value"])
    names: Iterable[tuple[str, Sequence[str]]] = (
        (name, (name, each.english, each.french)) for name, each in capabilities().items()
    )
    found["capability"] = {fold(word): name for name, words in names for word in words if word}
    # The catalogue's units mean themselves, before any word of the table.
    found["unit"] = found.get("unit", {}) | {fold(unit): unit for unit in units()}
    return found


def meaning(list_name: str, text: str) -> str | None:
    """Give the value that a word of a list means, in either language; None when it means none.

    >>> meaning("qualifier", "Au moins"), meaning("custody", "Remise"), meaning("stage", "loan")
    ('at least', 'handover', None)
    """
    if list_name == "stage" and fold(text) not in _choices()["stage"]:
        list_name = "custody"  # a promise may have moved on
    return _choices()[list_name].get(fold(text))


def near(list_name: str, text: str) -> str | None:
    """Give the word of a list that looks most like a text; None when none does.

    >>> near("unit", "doze"), near("stage", "zebra")
    ('dose', None)
    """
    words = [word for word in _choices()[list_name] if word]
    return next(iter(get_close_matches(fold(text), words, n=1, cutoff=0.7)), None)


@cache
def units() -> tuple[str, ...]:
    """Give the units that the catalogue knows."""
    found = {each.unit for each in capabilities().values()}
    found.update(each.unit for each in items().values())
    return tuple(sorted(found))


def offered(field: Field, language: str) -> list[str]:
    """Give the words of a column's drop-down list, none for a free column."""
    if field.type == "party":
        return sorted((each.label(language) for each in parties().values()), key=fold)
    if field.type == "capability":
        return sorted((each.label(language) for each in capabilities().values()), key=fold)
    if field.type == "unit":
        return list(units())
    if field.type == "currency":
        return list(CURRENCIES)
    column = "french" if language == "fr" else "english"
    return [row[column] for row in _table("choices") if row["list"] == field.type]
