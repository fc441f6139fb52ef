"""Reliability of the statements' confidence: stated against observed, on our gold."""

from __future__ import annotations

from pathlib import Path

from benchmarks.intake_gold import FOLDER, articles
from benchmarks.intake_scores import match


def table(folder: Path = FOLDER / "dev") -> list[tuple[float, int, float]]:
    """Give (stated confidence, statements, share that is in the gold at overlap 0.8)."""
    from intendance.intake import read

    counts: dict[float, list[int]] = {}
    for article in articles(folder):
        reading = read(article.text, published=article.published, language=article.language)
        found = [(each.start, each.end) for each in reading.statements]
        gold = [span for span, _ in article.labels.get("S", [])]
        right = {i for i, _ in match(found, gold, 0.8)}
        for at, each in enumerate(reading.statements):
            counts.setdefault(each.confidence, []).append(int(at in right))
    return [(level, len(seen), sum(seen) / len(seen)) for level, seen in sorted(counts.items())]


def run() -> None:
    """Print the table for both halves of the gold."""
    for name in ("dev", "heldout"):
        for level, count, share in table(FOLDER / name):
            print(f"calibration {name} stated {level:.2f} observed {share:.2f} of {count}")
