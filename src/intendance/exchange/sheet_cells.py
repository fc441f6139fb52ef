"""Cells of a spreadsheet that somebody filled in: what each means, or why it means nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from intendance.exchange.gathering import cents, clean, thousandths
from intendance.exchange.layout import Field, meaning, near, offered
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.model.catalogue import find_party, parties, party_name
from intendance.model.interval import decimal_of
from intendance.model.period import Period

_UNDISCLOSED: Final = frozenset(("undisclosed", "unknown", "non divulgue", "inconnu", "?"))
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_FEW: Final = 12  # words of a list that a sentence can hold
_BLANKS: Final = str.maketrans("", "", " \u00a0\u202f\u2009'’")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row by our column names: words, numbers and periods that could be read.

    ``problems``: (column, reason); ``doubts``: (column, sentence) for what is kept all the same.
    ``silent``: columns that say "undisclosed".
    """

    words: dict[str, str]
    numbers: dict[str, Decimal]
    periods: dict[str, Period]
    silent: frozenset[str]
    problems: tuple[tuple[str, str], ...]
    doubts: tuple[tuple[str, str], ...]


class BadCellError(ValueError):
    """A cell that cannot be used; its text is the reason."""


def read_cells(row: dict[str, str], columns: tuple[Field, ...], on: date, language: str) -> Cells:
    """Read a row's cells; ``on`` closes dates without an end, ``language`` orders day and month."""
    words: dict[str, str] = {}
    numbers: dict[str, Decimal] = {}
    periods: dict[str, Period] = {}
    silent: set[str] = set()
    problems: list[tuple[str, str]] = []
    doubts: list[tuple[str, str]] = []
    for field in columns:
        text = clean(row.get(field.name, ""))
        try:
            if not text:
                _check_blank(field)
            elif field.type in ("quantity", "amount", "priority"):
                if text.lower() in _UNDISCLOSED:
                    silent.add(field.name)
                else:
                    numbers[field.name] = read_number(text, field.type)
            elif field.type == "date":
                periods[field.name] = _read_day(text, on, language)
            else:
                words[field.name] = _read_word(text, field, doubts, language)
        except BadCellError as error:
            problems.append((field.name, str(error)))
    return Cells(words, numbers, periods, frozenset(silent), tuple(problems), tuple(doubts))


def _check_blank(field: Field) -> None:
    if field.required and field.type != "quantity":  # a quantity may be undisclosed instead
        raise BadCellError("this cell must be filled in")


def read_number(text: str, kind: str = "amount") -> Decimal:
    """Read a number as people type it in either language; BadCellError says what is off.

    >>> read_number("1 234,5"), read_number("1,234,567"), read_number("1.250.000,00")
    (Decimal('1234.50'), Decimal('1234567.00'), Decimal('1250000.00'))
    """
    plain = text.translate(_BLANKS)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}(,\d+)?|-?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    number = decimal_of(plain) if re.fullmatch(r"-?[\d.]+([eE][+-]?\d+)?", plain) else None
    if number is None:
        raise BadCellError("this is not a number")
    if number < 0:
        raise BadCellError("it cannot be below zero")
    if kind == "priority":
        if not 1 <= number <= 10:
            raise BadCellError("a priority is between 1 and 10")
        return number
    return cents(number) if kind == "amount" else thousandths(number)


def _read_day(text: str, on: date, language: str) -> Period:
    if language == "fr":  # the day stands before the month
        text = _DAY_FIRST.sub(
            lambda found: f"{found[2]}/{found[1]}/{found[3]}" if int(found[2]) <= 12 else found[0],
            text,
        )
        text = re.sub(r"\bjusqu'?(?:au|à)?\b|\bavant\b", "until", text)
        text = re.sub(r"\bentre\b", "between", text)
    try:
        found = read_period(text.partition("T")[0], on)
    except ImpossibleDateError as error:
        raise BadCellError(str(error)) from error
    if found is None:
        raise BadCellError("this date cannot be read")
    return found


def _read_word(text: str, field: Field, doubts: list[tuple[str, str]], language: str) -> str:
    if field.type == "party":
        return _read_party(text, field, doubts)
    if field.type == "currency":
        if not re.fullmatch("[A-Za-z]{3}", text):
            raise BadCellError("this is no currency code: write EUR, USD, GBP …")
        return text.upper()
    if field.type == "text":
        if field.name == "url" and not re.match("https?://", text):
            raise BadCellError("a link begins with https://")
        return text
    found = meaning(field.type, text)
    if found is None:
        raise BadCellError(_not_listed(text, field, language))
    return found


def _not_listed(text: str, field: Field, language: str) -> str:
    """Say what the list holds: the word that is near, or all of a short list."""
    word = near(field.type, text)
    if word:
        return f"this is not in the list; is {word} meant?"
    words = offered(field, language)
    if len(words) > _FEW:
        return "this is not in the list"
    return f"this is not in the list: {', '.join(words)}"


def _read_party(text: str, field: Field, doubts: list[tuple[str, str]]) -> str:
    found = find_party(text)
    if found:
        return found.name
    like = get_close_matches(text, parties(), n=1, cutoff=0.8)
    if like:
        raise BadCellError(f"this party is not known; is {like[0]} meant?")
    doubts.append((field.name, "this party is not in the list: kept as written"))
    return party_name(text)
