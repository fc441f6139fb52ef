"""What goes on: a quotation over paragraphs, opened again in each, and "…, X said, adding …"."""

from __future__ import annotations

from intendance.intake.records import Work
from intendance.intake.statements import Draft

_MOST_PARAGRAPHS = 12  # longer ones are transcripts, where each paragraph stands for itself


def join_continued(work: Work) -> None:
    """Join « … over two paragraphs into one statement where the mark is left open and repeated.

    The drafts are in the order of the text; the speaker and the cue are of the part that has them.
    """
    text = work.seg.text
    open_at = {
        quote.end: quote.start
        for sentence in work.seg.sentences
        for quote in sentence.quotes
        if not quote.closed
    }
    if not open_at:
        return
    kept: list[Draft] = []
    pieces, last = 1, 0
    for draft in work.drafts:
        before = kept[-1] if kept else None
        if before is not None and pieces < _MOST_PARAGRAPHS:
            started = _left_open(before, open_at, last)
            gap = text[before.end : draft.start]
            if started is not None and _goes_on(text, started, gap, draft.start):
                last, pieces = draft.start, pieces + 1
                kept[-1] = _joined(before, draft)
                continue
        kept.append(draft)
        pieces, last = 1, draft.start
    work.drafts = kept


def carried(drafts: list[Draft], names: list[str | None], draft: Draft) -> str | None:
    """Give who spoke at the cue just before in the same sentence: "…, X said, adding …"."""
    own = draft.cue[0] if draft.cue else draft.start
    found, place = None, -1
    for each, name in zip(reversed(drafts), reversed(names), strict=True):
        if each.sentence != draft.sentence:
            break
        at = each.cue[0] if each.cue else each.start
        if name is not None and (place < at < own or place < 0):
            found, place = name, at
    return found


def _left_open(draft: Draft, open_at: dict[int, int], last: int) -> int | None:
    """Give where the quotation opens that a draft's last part leaves open."""
    for end in range(draft.end, draft.end + 3):
        started = open_at.get(end)
        if started is not None and started >= last:
            return started
    return None


def _goes_on(text: str, started: int, gap: str, start: int) -> bool:
    """Tell whether the next statement opens the next paragraph with the same mark."""
    return "\n" in gap and not gap.strip(" \n\t\r.") and text[start] == text[started]


def _joined(first: Draft, second: Draft) -> Draft:
    """Give one draft of two; the part with a cue says who speaks."""
    surer = second if first.cue is None and second.cue is not None else first
    whole = Draft(
        first.start,
        second.end,
        surer.rule,
        surer.act,
        surer.sentence,
        surer.cue,
        surer.speaker or first.speaker or second.speaker,
        [
            *(first.parts or [(first.start, first.end)]),
            *(second.parts or [(second.start, second.end)]),
        ],
        second.rest if second.cue is not None else first.rest,
    )
    whole.same_as_before = surer.same_as_before
    return whole
