"""Figures of press reading: gold, PolNeAR, currency specs and speed, with their goals."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from benchmarks.figures import Figures, SkippedError, figure
from benchmarks.intake_scores import Score

_GOLD = Path(__file__).parent / "gold"
_TEXTS = Path(__file__).parents[1] / ".." / "shared" / "texts"
_GOALS = {
    "fr statements 0.3": 0.87, "fr statements 0.8": 0.80, "fr speaker": 0.90,
    "en statements 0.3": 0.80, "en statements 0.8": 0.70, "en speaker": 0.90,
    "amounts": 0.95, "quantities": 0.90, "dates": 0.95, "aid": 0.80,
}  # fmt: skip


def _scored(folder: Path) -> Figures:
    from benchmarks.intake_gold import articles, measure

    total: dict[str, Score] = {}
    for article in articles(folder):
        for name, value in measure(article).items():
            total.setdefault(f"{article.language} {name}", Score()).merge(value)
    out: Figures = {}
    for name, value in total.items():
        goal = _GOALS.get(name, _GOALS.get(name.partition(" ")[2]))
        out[name] = figure(round(value.f1, 4), "F1", at_least=goal)
    return out


def bench_gold_dev() -> Figures:
    """Our own gold that the rules were written with."""
    return _scored(_GOLD / "dev")


def bench_gold_heldout() -> Figures:
    """Our own gold that nobody looks at while rules are written."""
    return _scored(_GOLD / "heldout")


def bench_polnear() -> Figures:
    """PolNeAR's development part: all attributions, those with quotation marks, speakers."""
    from benchmarks.intake_polnear import measure

    folder = _TEXTS / "polnear-dev"
    if not folder.is_dir():
        raise SkippedError("the PolNeAR texts are not beside the checkout")
    goals = {"all 0.3": 0.65, "all 0.8": 0.50, "quoted 0.3": 0.85, "quoted 0.8": 0.65}
    return {
        name: figure(round(value.f1, 4), "F1", at_least=goals.get(name))
        for name, value in measure(folder).items()
    }


def bench_currency_specs() -> Figures:
    """Currency specifications in French and English."""
    from benchmarks.intake_recognizers import measure

    folder = _TEXTS / "recognizers"
    if not folder.is_dir():
        raise SkippedError("the specifications are not beside the checkout")
    out: Figures = {}
    for language, goal in (("fr", 0.95), ("en", 0.92)):
        right, total = measure(folder, language)
        out[language] = figure(round(right / total, 4), "of all", at_least=goal)
    return out


def bench_speed() -> Figures:
    """Words a second of one core for everything, and the slowest of a few hostile megabytes."""
    from benchmarks.intake_gold import articles

    from intendance.errors import IntendanceError
    from intendance.intake import read

    texts = [article.text for article in articles(_GOLD / "dev")]
    words = sum(len(text.split()) for text in texts)
    seconds = float("inf")
    for _ in range(6):  # the processor's time: the machine is shared
        started = time.process_time()
        for text in texts:
            read(text)
        seconds = min(seconds, time.process_time() - started)
    worst = 0.0
    for hostile in ('"' * 1_000_000, "«" * 200_000, "10 000 " * 20_000, "a dit que " * 24_000):
        started = time.process_time()
        with contextlib.suppress(IntendanceError):  # a clear refusal is an answer, too
            read(hostile, language="fr")
        worst = max(worst, time.process_time() - started)
    return {
        "words": figure(round(words / seconds), "words/s", at_least=40_000),
        "slowest hostile text": figure(round(worst, 3), "s", at_most=1.0),
    }
