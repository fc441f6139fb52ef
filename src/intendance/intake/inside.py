"""Cues inside a quotation: « Nous livrerons, a déclaré le ministre, 40 groupes. »."""

from __future__ import annotations

from intendance.intake.matrix import plain_matrix
from intendance.intake.pack import CUE, ROLE
from intendance.intake.people import Matrix, Speaker
from intendance.intake.records import Work
from intendance.intake.statements import Draft, StatementReader


def inside_quotes(work: Work, statements: StatementReader) -> None:
    """Read a cue inside a quotation: « Nous livrerons, a déclaré le ministre, 40 groupes. »."""
    seg = work.seg
    for index, sentence in enumerate(seg.sentences if not statements.english else ()):
        for quote in sentence.quotes:
            if quote.end <= sentence.end and not sentence.seen & CUE:
                continue
            first, last = seg.token_at(quote.start + 1), seg.token_at(quote.end)
            if last - first > 400:
                continue
            if not any(kind & CUE for kind in seg.kinds[first + 2 : last]):
                continue
            m = plain_matrix(seg, sentence, first, last)
            _one_inside(work, statements, m, index, quote.start, quote.end)


def _one_inside(
    work: Work, statements: StatementReader, m: Matrix, index: int, start: int, end: int
) -> None:
    for group in statements.cues.find(m):
        at = group.first
        if at < 2 or m.lows[at - 1] not in {",", "!", "?", "–", "—"}:
            continue
        if not any(each.frame in ("say", "incise", "reflexive") for each in group.readings):
            continue
        if group.pronoun is not None:
            speaker: Speaker | None = statements._clitic(m, group.pronoun)  # noqa: SLF001
            stop = group.last
        elif group.tense in ("part", "pres", "past"):
            place = statements.nouns.skip_fillers(m, group.last, len(m))
            if place >= len(m) or not statements.nouns.np_start(m, place):
                continue
            stop = statements.nouns.extent(m, place, len(m))
            whole = statements._with_apposition(m, place, stop)  # noqa: SLF001
            if stop < len(m) and m.lows[stop] not in {",", "."}:
                stop = statements.nouns.skip_fillers(m, stop, len(m))
            if stop < len(m) and statements.nouns.relative(m, stop) and not statements.english:
                stop = next((k for k in range(stop, len(m)) if m.lows[k] in {".", ","}), len(m))
            if stop < len(m) and m.lows[stop] not in {",", ".", "!", "?", "»", '"', "”"}:
                continue
            speaker = whole
            if speaker is None or speaker.pronoun:
                continue
            while stop < len(m) and m.starts[stop] < speaker.end:
                stop += 1
            if speaker.name and stop < len(m) and m.lows[stop] == ",":
                stop = _after_apposition(statements, m, stop)
        else:
            continue
        parts = [(start, m.ends[at - 2])]
        rest = next(
            (k for k in range(stop, min(stop + 12, len(m))) if m.lows[k] in {",", ".", "!", "?"}),
            len(m),
        )
        if rest + 2 < len(m):
            parts.append((m.starts[rest + 1], end))
        work.drafts = [
            each
            for each in work.drafts
            if not (each.start <= start and end <= each.end and each.speaker is None)
        ]
        draft = Draft(start, parts[-1][1], "inside", group.readings[0].act, index)
        draft.parts = parts if len(parts) > 1 else []
        draft.cue = statements._cue_span(m, group)  # noqa: SLF001
        draft.speaker = speaker
        work.drafts.append(draft)
        return


def _after_apposition(statements: StatementReader, m: Matrix, comma: int) -> int:
    """Pass ", ministre de la Défense" between a speaker inside a quotation and its going on."""
    role = any(statements.flags.get(low, 0) & ROLE for low in m.lows[comma + 1 : comma + 5])
    if not role or not statements.nouns.np_start(m, min(comma + 1, len(m) - 1)):
        return comma
    end = statements.nouns.extent(m, comma + 1, len(m))
    return end if end < len(m) and m.lows[end] == "," else comma
