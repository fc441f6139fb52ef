"""PolNeAR's development part: attributions of English press articles (evaluation only)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.intake_scores import Score, Span, match, score

from intendance.intake.reading import Statement


def attributions(path: Path) -> list[tuple[Span, Span | None]]:
    """Give (content, source) spans of a brat file; a split content is its hull."""
    spans: dict[str, Span] = {}
    out = []
    for line in path.read_text("utf-8").splitlines():
        pieces = line.split("\t")
        if line.startswith("T") and len(pieces) >= 2:
            numbers = [
                int(n) for part in pieces[1].split(" ", 1)[1].split(";") for n in part.split()
            ]
            spans[pieces[0]] = (min(numbers), max(numbers))
        elif line.startswith("E"):
            roles: dict[str, list[str]] = {}
            for each in pieces[1].split():
                name, _, target = each.partition(":")
                roles.setdefault(name.rstrip("0123456789"), []).append(target)
            parts = [spans[t] for t in roles.get("Content", []) if t in spans]
            if not parts:
                continue
            content = (min(a for a, _ in parts), max(b for _, b in parts))
            sources = [spans[t] for t in roles.get("Source", []) if t in spans]
            out.append((content, sources[0] if sources else None))
    return out


def merged(statements: Sequence[Statement], text: str) -> list[tuple[Span, Span | None]]:
    """Give (content, speaker) spans in PolNeAR's manner.

    There a quotation that goes on after the cue ("…," X said. "…") is one attribution, and its
    content is the hull; here it is a statement of its own, so it is joined to the one before.
    """
    out: list[tuple[Span, Span | None]] = []
    for each in statements:
        gap = text[out[-1][0][1] : each.start] if out else ""
        if each.rule == "floating" and out and "\n\n" not in gap and len(gap) < 200:
            out[-1] = ((out[-1][0][0], max(each.end, out[-1][0][1])), out[-1][1])
        else:
            out.append(((each.start, each.end), each.speaker_span))
    return out


def text_of(folder: Path, path: Path) -> str:
    """Give the text of a file of attributions (annotators' initials end some names)."""
    stem = path.stem
    text_path = folder / "text" / f"{stem}.txt"
    if not text_path.exists():
        text_path = folder / "text" / f"{stem.rpartition('_')[0]}.txt"
    return text_path.read_bytes().decode("utf-8")


def measure(folder: Path) -> dict[str, Score]:
    """Give scores over all articles: all attributions, those with quotation marks, sources."""
    from intendance.intake import read

    names = ("all 0.3", "all 0.5", "all 0.8", "quoted 0.3", "quoted 0.8", "speaker")
    out = {name: Score() for name in names}
    for path in sorted((folder / "attributions").glob("*.ann")):
        text = text_of(folder, path)
        wanted = attributions(path)
        reading = read(text, language="en")
        ours = merged(reading.statements, text)
        found = [span for span, _ in ours]
        gold = [content for content, _ in wanted]
        for least in (0.3, 0.5, 0.8):
            out[f"all {least}"].merge(score(found, gold, least))
        marks = '"“”'
        quoted = [span for span in gold if any(mark in text[span[0] : span[1]] for mark in marks)]
        quoted_found = [span for span in found if any(m in text[span[0] : span[1]] for m in marks)]
        for least in (0.3, 0.8):
            out[f"quoted {least}"].merge(score(quoted_found, quoted, least))
        right = total = 0
        for i, j in match(found, gold, 0.3):
            source, own = wanted[j][1], ours[i][1]
            if source is None:
                continue
            total += 1
            right += own is not None and own[0] < source[1] and source[0] < own[1]
        out["speaker"].merge(Score(right, total, total))
    return out


def run(folder: Path) -> None:
    for name, value in measure(folder).items():
        print(f"polnear {name:12} {value}")
