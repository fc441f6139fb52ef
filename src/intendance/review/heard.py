"""What the article says, for the brief: voices with their causes, and the checked totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from intendance.review.facts import ArticleHead, ClaimCheck, Figure, ReadingLine, Voice
from intendance.review.tallied import money_ids

if TYPE_CHECKING:
    import polars as pl

    from intendance.intake.check import Checked, Weighed
    from intendance.intake.reading import AidEvent, Reading

# An aid event that no statement holds is told by the article itself; its status gives the act.
_ACT_OF: Final = {
    "need": "request",
    "request": "request",
    "pledge": "pledge",
    "commit": "pledge",
    "refuse": "hesitate",
    "hesitate": "hesitate",
    "dispute": "deny",
}


def article_head(reading: Reading | None) -> ArticleHead | None:
    """Give what is known about the article; None when there is none."""
    if reading is None:
        return None
    document = reading.document
    day = date.fromisoformat(document.published) if document.published else None
    outlet = document.reported_by or document.outlet or ""
    return ArticleHead(outlet, day, document.language, document.sha256)


def voices_of(reading: Reading | None) -> tuple[Voice, ...]:
    """Give who said what, in the order of the text; hesitations carry their causes."""
    if reading is None:
        return ()
    text = reading.document.text
    events: dict[str | None, list[AidEvent]] = {}
    for event in reading.aid:
        events.setdefault(event.statement, []).append(event)
    found: list[tuple[int, Voice]] = []
    for number, said in enumerate(reading.statements, start=1):
        mine = events.get(said.id, [])
        begin, stop = sentence_span(text, said.start, said.end)
        causes = tuple(dict.fromkeys(cause for event in mine for cause in event.causes))
        acts = {_ACT_OF.get(event.status, "declare") for event in mine}
        act = str(said.act)
        if act == "declare":
            act = next((each for each in ("hesitate", "request", "pledge") if each in acts), act)
        voice = Voice(
            anchor=f"s{number}",
            act=act,
            speaker=said.speaker_name or said.speaker or "",
            role=said.speaker_role or "",
            sentence=" ".join(text[said.start : said.end].split()) or said.content,
            direct=said.type == "direct",
            causes=causes,
            before=" ".join(text[begin : said.start].split()),
            after=" ".join(text[said.end : stop].split()),
        )
        found.append((said.start, voice))
    covered = [sentence_span(text, said.start, said.end) for said in reading.statements]
    for number, event in enumerate(events.get(None, []), start=1):
        if event.status not in _ACT_OF:
            continue
        begin, stop = sentence_span(text, event.start, event.end)
        # What a statement of the same sentence says already is not said twice.
        if any(first < stop and begin < last for first, last in covered):
            continue
        voice = Voice(
            anchor=f"a{number}",
            act=_ACT_OF[event.status],
            speaker=event.donor or event.recipient or "",
            role="",
            sentence=" ".join(text[begin:stop].split()),
            direct=False,
            causes=tuple(event.causes),
        )
        covered.append((begin, stop))
        found.append((event.start, voice))
    found = _once(found)
    return tuple(voice for _, voice in sorted(found, key=lambda pair: (pair[0], pair[1].anchor)))


def _once(found: list[tuple[int, Voice]]) -> list[tuple[int, Voice]]:
    """Leave out what the same sentence says within somebody's words already, as the same act."""
    kept: list[tuple[int, Voice]] = []
    for start, voice in found:
        twin = any(
            other.act == voice.act
            and other is not voice
            and voice.sentence in other.sentence
            and len(other.sentence) > len(voice.sentence)
            and abs(start - begin) <= len(other.sentence)
            for begin, other in found
        )
        if not twin:
            kept.append((start, voice))
    return kept


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the half-open span of the sentence that holds a span."""
    marks = (". ", ".\n", "! ", "? ", "\n\n", '." ', '."\n', ".» ", ".\u00a0» ")
    begins = [text.rfind(mark, 0, start) + len(mark) for mark in marks if mark in text[:start]]
    stops = [place for mark in marks if (place := text.find(mark, max(end - 1, start))) >= 0]
    return max(begins, default=0), min(stops) + 1 if stops else len(text)


def sentence_around(text: str, start: int, end: int) -> str:
    """Give the sentence that holds a span, on one line.

    >>> sentence_around("One day. Two donors wait. Three.", 13, 19)
    'Two donors wait.'
    """
    begin, stop = sentence_span(text, start, end)
    return " ".join(text[begin:stop].split())


def checks_of(
    checked: Sequence[Checked], reading: Reading | None, frame: pl.DataFrame
) -> tuple[ClaimCheck, ...]:
    """Turn what ``intake.check`` found into the brief's own form, with the entries behind."""
    return tuple(_check(each, reading, frame) for each in checked)


def _check(checked: Checked, reading: Reading | None, frame: pl.DataFrame) -> ClaimCheck:
    claim = checked.claim
    text = reading.document.text if reading else ""
    return ClaimCheck(
        amount=" ".join(checked.amount.split()),
        low=claim.low,
        high=claim.high,
        currency=claim.currency or "",
        sentence=sentence_around(text, claim.start, claim.end) if text else "",
        speaker=claim.speaker or "",
        verdict=checked.verdict,
        explanation=checked.explanation,
        readings=tuple(_reading(each, frame) for each in checked.readings),
    )


def _reading(line: Weighed, frame: pl.DataFrame) -> ReadingLine:
    ids = money_ids(frame, line.definition)
    return ReadingLine(
        stage=line.definition.stage,
        category=dict(line.definition.where).get("category", ""),
        donor="" if line.scope else dict(line.definition.where).get("donor", ""),
        scope=line.scope,
        basis=line.basis,
        known=line.known,
        known_at=line.definition.known_at,
        as_of=line.definition.as_of,
        figure=Figure(line.low, line.best, line.high, line.undisclosed, ids),
        currency=line.currency,
        rate=line.rate,
        rate_date=line.rate_date,
        difference=line.difference,
        fits=line.fits,
    )
