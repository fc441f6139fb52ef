"""What an import says of its rows, in French or English."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from intendance.words import catalogue

# Sentences that carry a value; the others are message ids as they stand.
_WITH_VALUES: Final = (
    "the year {year} is out of range",
    "this party is not known; is {party} meant?",
    "this is not in the list; is {word} meant?",
    "this is not in the list: {words}",
    "the same words as row {row}: counted once",
    "this reference stands with other words in row {row}",
    "the id stands with other words in row {row}",
    "{name}: no step from a giver to a receiver",
    "{count} lines without a known amount are left out.",
    "{count} entries that are not public are left out.",
)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for sentence in _WITH_VALUES:
        before, name, after = re.split(r"\{(\w+)\}", sentence)
        pattern = f"{re.escape(before)}(?P<{name}>.+?){re.escape(after)}"
        found.append((re.compile(pattern), sentence))
    return tuple(found)


def spoken(sentence: str, language: str) -> str:
    """Give a finding's sentence in a language; one without a translation stays English.

    >>> spoken("the year 2922 is out of range", "en")
    'the year 2922 is out of range'
    """
    words = catalogue("exchange", language).gettext
    for pattern, template in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            return words(template).format(**found.groupdict())
    return words(sentence)
