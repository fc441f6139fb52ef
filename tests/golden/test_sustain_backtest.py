"""The figures that the page on the back-test prints are those of the command."""

from __future__ import annotations

import re
from pathlib import Path

from intendance.sustain.backtest import backtest

PAGE = Path(__file__).parents[2] / "docs/explanation/sustain-backtest.md"


def test_the_page_prints_what_the_steady_reading_gives() -> None:
    """Forecasts, bands that held, and the error: computed anew from the typed record."""
    found = backtest(None, months=3, futures=400, seed=0)
    held, count = found.coverage("steady")
    text = PAGE.read_text("utf-8")
    said = re.search(r"\*\*all\*\* \| \*\*(\d+)\*\* \| \*\*(\d+) \((\d+) %\)", text)
    assert said is not None
    assert (held, count, round(100 * held / count)) == tuple(map(int, said.groups()))
    for category in ("Tank", "Infantry Fighting Vehicle", "Warplane"):
        inside, made = found.coverage("steady", category)
        assert f"| {category} | {inside} | {made} |" in text
    error = found.error("steady")
    assert error is not None
    assert f"{round(100 * error)} % (steady)" in text
