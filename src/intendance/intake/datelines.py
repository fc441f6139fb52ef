"""Datelines: place, day and agency before an article's first words are no part of what is said."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from intendance.intake.records import Work
from intendance.intake.segment import words_of

_JOINTS: Final = frozenset("(-–—")  # no dateline is without one of them
_DATELINE: Final = re.compile(
    r"(?:[^\W\d_][\w'’./ -]{1,40}(?:\([\w .'’-]{2,30}\))?(?:,[^()\n–—:«\"“]{1,40})?\s*"
    r"\((?P<agency>[^()\n]{2,40})\)\s*(?:[-–—:]+|,)\s*"
    r"|[A-ZÀ-Þ][\w'’.-]+(?:[ /-][A-ZÀ-Þ][\w'’.-]+){0,3}, (?:le )?(?:\d{1,2}(?:er)? [^\W\d_]{3,9}\.?"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2},?) \d{4}\s[–—-]{1,2}\s"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ'’.-]+(?:[ /-][A-ZÀ-Þ'’.-]+){0,3}(?:,[^()\n–—:«\"“]{1,40})?\s[–—-]{1,2}\s)"
)


def datelines(work: Work) -> None:
    """Note where each paragraph begins after its dateline, and which agency stands there."""
    for number, (start, end) in enumerate(work.seg.paragraphs[:8]):
        stop = min(end, start + 160)
        if _JOINTS.isdisjoint(work.seg.text[start:stop]):
            continue
        match = _DATELINE.match(work.seg.text, start, stop)
        if match is None:
            continue
        agency = match.group("agency")
        if agency is not None:
            known = (
                work.pack.match(words := phrase_words(agency), 0, "outlets", len(words))
                if agency
                else None
            )
            spelt_out = agency.count(" ") > 1 and match.group().rstrip().endswith(",")
            upper = agency.isupper() or known or (agency[:1].isupper() and not spelt_out)
            if not upper:
                continue
            work.reported_by = agency.strip()
        elif number > 5:
            continue
        index = work.seg.sentence_at(match.end())
        # A dateline's own abbreviations may have been cut off as sentences.
        work.datelines[index] = match.end()
        for early in range(work.seg.sentence_at(start), index):
            work.datelines[early] = work.seg.sentences[early].end


@lru_cache(maxsize=512)
def phrase_words(text: str) -> list[str]:
    """Give the words of a short text; one that has none gives an empty word."""
    return words_of(text) or [""]
