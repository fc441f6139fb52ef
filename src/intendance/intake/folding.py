"""Reads texts whose letters or lines are cut up: decomposed accents, soft hyphens, wrapped lines.

Such a text is read composed, each paragraph in one line; offsets are taken back to the text given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any, Final

from intendance.intake.reading import Proposal, Reading, Statement

# Soft hyphen, zero-width blanks and joiners, marks of direction, byte-order mark.
_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SOFT: Final = "\u00ad"


def folded(text: str) -> tuple[str, list[int]] | None:
    """Give the composed text and where each of its characters stands; None for a plain text.

    >>> folded("e\u0301te\u0301") == ("été", [0, 2, 3, 5])
    True
    >>> folded("livre\u00adrons") == ("livrerons", [0, 1, 2, 3, 4, 6, 7, 8, 9, 10])
    True
    >>> folded("été") is None
    True
    """
    if text.isascii():
        return None
    unseen = any(each in text for each in _UNSEEN)
    if not unseen and unicodedata.is_normalized("NFC", text):
        return None
    out: list[str] = []
    places: list[int] = []
    at, end = 0, len(text)
    while at < end:
        start = at
        at += 1
        if text[start] in _UNSEEN:
            while text[start] == _SOFT and at < end and text[at].isspace() and at - start < 4:
                at += 1  # a word that is cut at the end of its line
            continue
        while at < end and unicodedata.combining(text[at]):
            at += 1
        whole = unicodedata.normalize("NFC", text[start:at])[: at - start]
        out.append(whole)
        places.extend(range(start, start + len(whole)))
    places.append(end)
    return "".join(out), places


_BREAK: Final = re.compile(r"[ \t]*(?:\r\n|[\r\n])[ \t]*")


def unwrapped(
    text: str, paragraphs: list[tuple[int, int]], places: list[int] | None
) -> tuple[str, list[int]] | None:
    """Give the text with its paragraphs each in one line, and where its characters stood.

    ``places`` are those of the text itself if it was folded; None when nothing is wrapped.
    """
    breaks = [
        found.span()
        for start, end in paragraphs
        if "\n" in text[start:end] or "\r" in text[start:end]
        for found in _BREAK.finditer(text, start, end)
    ]
    if not breaks:
        return None
    before = places or list(range(len(text) + 1))
    out: list[str] = []
    after: list[int] = []
    at = 0
    for start, end in breaks:
        out += (text[at:start], " ")
        after += before[at : start + 1]
        at = end
    return "".join((*out, text[at:])), after + before[at:]


def unfolded(reading: Reading, text: str, places: list[int]) -> Reading:
    """Give the reading of a composed text with the offsets and surfaces of the text as given."""

    def span(start: int, end: int) -> tuple[int, int]:
        return places[start], places[end - 1] + _width(text, places, end)

    def spans(given: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple(span(*each) for each in given)

    def moved(thing: Any, surface: str) -> Any:
        start, end = span(thing.start, thing.end)
        return replace(thing, start=start, end=end, **{surface: text[start:end]})

    def said(each: Statement) -> Statement:
        own: Statement = replace(moved(each, "content"), parts=spans(each.parts))
        if each.speaker_span is not None:
            start, end = span(*each.speaker_span)
            own = replace(own, speaker_span=(start, end), speaker=text[start:end])
        if each.cue_span is not None:
            start, end = span(*each.cue_span)
            own = replace(own, cue_span=(start, end), cue=text[start:end])
        return own

    def proposed(each: Proposal) -> Proposal:
        fields = dict(each.fields)
        if {"start", "end", "text"} <= set(fields):
            start, end = span(fields["start"], fields["end"])
            fields |= {"start": start, "end": end, "text": text[start:end]}
        return replace(each, spans=spans(each.spans), fields=fields)

    return replace(
        reading,
        statements=tuple(said(each) for each in reading.statements),
        amounts=tuple(moved(each, "text") for each in reading.amounts),
        quantities=tuple(moved(each, "text") for each in reading.quantities),
        dates=tuple(moved(each, "text") for each in reading.dates),
        aid=tuple(
            replace(moved(each, "trigger"), cause_spans=spans(each.cause_spans))
            for each in reading.aid
        ),
        proposals=tuple(proposed(each) for each in reading.proposals),
    )


def _width(text: str, places: list[int], end: int) -> int:
    """Give how many characters of the text as given the last one before ``end`` stands for."""
    start, following = places[end - 1], places[end]
    width = 1
    while start + width < following and unicodedata.combining(text[start + width]):
        width += 1
    return width
