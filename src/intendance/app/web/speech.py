"""The pages' words in a language: the catalogues named web…, and the review's typography."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from intendance import words as catalogues
from intendance.review import labels
from intendance.review.typography import Typography
from intendance.words import LANGUAGES, catalogue

_FOLDER: Final = Path(catalogues.__file__).parent / "locale"


@cache
def _rooms(language: str) -> tuple[str, ...]:
    """Give the catalogues of the pages; each group of pages may have one of its own."""
    found = sorted(path.stem for path in (_FOLDER / language / "LC_MESSAGES").glob("web*.mo"))
    return (*found, "review", "exchange", "intake", "app")


@lru_cache(maxsize=8192)
def translated(message: str, language: str) -> str:
    """Give a message in a language; the first catalogue that knows it counts."""
    if language == "en" or not message:
        return message
    for room in _rooms(language):
        found = catalogue(room, language).gettext(message)
        if found != message:
            return found
    return message


class Speech:
    """How a page speaks: call it with an English message; ``ty`` writes numbers and days."""

    def __init__(self, language: str) -> None:
        assert language in LANGUAGES, language
        self.language = language
        self.ty = Typography(language)

    def __call__(self, message: str, **values: object) -> str:
        """Translate a message and fill in its values."""
        text = translated(message, self.language)
        return text.format(**values) if values else text

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Translate a message that counts: ``one`` for 1 (in French also for 0), else ``many``."""
        single = number in (0, 1) if self.language == "fr" else number == 1
        return self(one if single else many, n=self.ty.number(number), **values)

    def party(self, name: str) -> str:
        """Write a party's name."""
        return labels.party(name, self.language) if name else ""

    def moment(self, seconds: int | None) -> str:
        """Write a moment, in this machine's own time, as a day and an hour."""
        if seconds is None:
            return "\u2013"
        local = time.localtime(seconds)
        day = self.ty.day(date(local.tm_year, local.tm_mon, local.tm_mday))
        return f"{day}, {local.tm_hour:02d}:{local.tm_min:02d}"


def choose(wanted: Sequence[str], header: str) -> str:
    """Choose a language: the first wanted one that there is, else by Accept-Language.

    >>> choose(("", "fr"), "en"), choose((), "de, fr;q=0.8, en;q=0.5"), choose((), "")
    ('fr', 'fr', 'en')
    """
    for each in wanted:
        if each[:2].lower() in LANGUAGES:
            return each[:2].lower()
    ranked = []
    for place, part in enumerate(header[:400].split(",")):
        name, _, weight = part.strip().partition(";q=")
        if name[:2].lower() in LANGUAGES:
            try:
                ranked.append((-float(weight or 1), place, name[:2].lower()))
            except ValueError:
                continue
    return min(ranked)[2] if ranked else "en"
