"""French and English: message catalogues by room, found without loading Babel.

Each room writes its sentences in English as message ids and keeps its French in
``locale/fr/LC_MESSAGES/<room>.po``; the build compiles them.
"""

from __future__ import annotations

import gettext
import os
import re
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "fr")
# Numbered or named, as {1} or {amount}; a doubled brace is none.
_FIELD: Final = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_COMPOSED: Final = re.compile(
    r"(?P<place>(?:[\w./:-]+: )*)(?P<said>.+?)(?P<value> \([^()]*\))?(?P<more>; \d+ more)?",
    re.DOTALL,
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_FOLDER: Final = Path(__file__).parent / "locale"


@cache
def catalogue(room: str, language: str) -> gettext.NullTranslations:
    """Give the catalogue of one room; English (or an unknown language) is the text itself."""
    if language not in LANGUAGES or language == "en":
        return gettext.NullTranslations()
    return gettext.translation(room, localedir=_FOLDER, languages=[language], fallback=True)


def language_of(choice: str | None = None) -> str:
    """Choose the language: the option, else the environment, else English.

    >>> language_of("fr_FR.UTF-8")
    'fr'
    >>> language_of("de")
    'en'
    """
    variables = ("INTENDANCE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = choice or next((os.environ[name] for name in variables if os.environ.get(name)), "en")
    short = wanted[:2].lower()
    return short if short in LANGUAGES else "en"


@cache
def _patterns(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Give a language's sentences: those without fields, and those with, the most telling first."""
    plain: dict[str, str] = {}
    shapes: list[tuple[int, re.Pattern[str], str]] = []
    rooms = sorted(path.stem for path in (_FOLDER / language / "LC_MESSAGES").glob("*.mo"))
    for room in sorted(rooms, key=lambda name: name == "sentences", reverse=True):
        messages: dict[object, str] = getattr(catalogue(room, language), "_catalog", {})
        for message, told in messages.items():
            if not isinstance(message, str) or not message or message in plain:
                continue
            pieces = _FIELD.split(message)
            literal = "".join(pieces[::2])
            if len(pieces) == 1:
                plain[message] = told
            elif re.search("[A-Za-z]{2}", literal):
                shapes.append((len(literal), _shape(pieces), told))
    shapes.sort(key=lambda each: -each[0])
    return plain, [(shape, told) for _, shape, told in shapes]


def _shape(pieces: list[str]) -> re.Pattern[str]:
    body, seen = "", set[str]()
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            body += re.escape(piece)
        else:
            body += f"(?P=f{piece})" if piece in seen else f"(?P<f{piece}>.*?)"
            seen.add(piece)
    return re.compile(body, re.DOTALL)


def translated(sentence: str, language: str) -> str:
    r"""Say an English sentence of the program in a language, whatever its fields hold.

    Errors and findings are made far from whoever reads them, so they are told in English and
    translated when they are shown: a sentence with fields is found by its shape, and a field that
    is a sentence itself is translated too. What no catalogue knows stays as it is.

    >>> translated("There is no folder 'x y'.", "fr")
    'Il n’y a pas de dossier «\xa0x y\xa0».'
    >>> translated("There is no folder 'x y'.", "en")
    "There is no folder 'x y'."
    """
    if language == "en" or language not in LANGUAGES or not sentence:
        return sentence
    plain, shapes = _patterns(language)
    if sentence in plain:
        return plain[sentence]
    for shape, told in shapes:
        found = shape.fullmatch(sentence)
        if found:
            fields = {name[1:]: _field(text, language) for name, text in found.groupdict().items()}
            return "".join(
                fields[piece] if place % 2 else piece
                for place, piece in enumerate(_FIELD.split(told))
            )
    return _composed(sentence, language)


def _composed(sentence: str, language: str) -> str:
    """Translate what stands between a place, a value in brackets and a count of more."""
    found = _COMPOSED.fullmatch(sentence)
    if not found or found["said"] == sentence:
        return sentence
    more = found["more"]
    if more and language == "fr":
        more = f" ; et {_digits(more)} de plus"
    said = translated(found["said"], language)
    place = found["place"].replace("warning: ", translated("warning: ", language))
    return f"{place}{said}{found['value'] or ''}{more or ''}"


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _field(text: str, language: str) -> str:
    """Give a field as it stands, in the language's marks when it is quoted."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return f"«\u00a0{text[1:-1]}\u00a0»"
    if _THOUSANDS.fullmatch(text) and language == "fr":
        return text.replace(",", "\u202f")
    return translated(text, language) if " " in text else text
