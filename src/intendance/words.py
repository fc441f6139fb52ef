"""French and English: message catalogues by room, found without loading Babel.

Each room writes its sentences in English as message ids and keeps its French in
``locale/fr/LC_MESSAGES/<room>.po``; the build compiles them.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "fr")
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
