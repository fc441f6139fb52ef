"""Reliability of the statements' confidence: stated against observed, on our gold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.intake_gold import FOLDER, articles
from benchmarks.intake_scores import match


def _verdicts(folder: Path) -> Iterator[tuple[str, float, bool]]:
    """Give (rule, stated confidence, whether it is in the gold at overlap 0.8) a statement."""
    from intendance.intake import read

    for article in articles(folder):
        reading = read(article.text, published=article.published, language=article.language)
        found = [(each.start, each.end) for each in reading.statements]
        gold = [span for span, _ in article.labels.get("S", [])]
        right = {i for i, _ in match(found, gold, 0.8)}
        for at, each in enumerate(reading.statements):
            yield each.rule.partition(":")[0], each.confidence, at in right


def table(folder: Path = FOLDER / "dev") -> list[tuple[float, int, float]]:
    """Give (stated confidence, statements, observed share), by stated tenth of a unit."""
    counts: dict[float, list[tuple[float, bool]]] = {}
    for _, stated, right in _verdicts(folder):
        counts.setdefault(int(stated * 10) / 10, []).append((stated, right))
    return [
        (
            sum(each for each, _ in seen) / len(seen),
            len(seen),
            sum(ok for _, ok in seen) / len(seen),
        )
        for _, seen in sorted(counts.items())
    ]


def by_rule(folder: Path = FOLDER / "dev") -> list[tuple[str, int, float]]:
    """Give (rule, statements, fitted confidence): the share right, drawn to 0.85 by ten cases."""
    counts: dict[str, list[bool]] = {}
    for rule, _, right in _verdicts(folder):
        counts.setdefault(rule, []).append(right)
    return [
        (rule, len(seen), (sum(seen) + 8.5) / (len(seen) + 10))
        for rule, seen in sorted(counts.items())
    ]


def run() -> None:
    """Print the fit by rule on ``dev`` and the reliability table of both halves."""
    for rule, count, share in by_rule():
        print(f"calibration fit {rule:14} {share:.2f} of {count}")
    for name in ("dev", "heldout"):
        for level, count, share in table(FOLDER / name):
            print(f"calibration {name} stated {level:.2f} observed {share:.2f} of {count}")


if __name__ == "__main__":
    run()
