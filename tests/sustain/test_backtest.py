"""The back-test: what it forecasts from, what it scores, and that a good forecast scores well."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError, UsageError
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period, last_of_month
from intendance.sustain.backtest import FACTS, backtest, dispersion, monthly, read_losses

run = CliRunner()
SHARED = Path(__file__).parents[2] / "../shared/data/facts/losses_by_month_category.csv"


def record(path: Path, counts: dict[str, list[int]]) -> Path:
    """Write a record of monthly losses from January 2022 on."""
    lines = ["month,category,lost_total"]
    for category, each in counts.items():
        total = 0
        for at, count in enumerate(each):
            total += count
            lines.append(f"{2022 + at // 12}-{at % 12 + 1:02},{category},{total}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_bands_hold_about_eight_of_ten_when_the_world_is_as_assumed(tmp_path: Path) -> None:
    """Poisson losses at a constant rate, 24 months of four categories: neither few nor all."""
    random = np.random.default_rng(1)
    counts = {name: random.poisson(20.0, 24).tolist() for name in "abcd"}
    found = backtest(None, months=1, futures=200, losses=record(tmp_path / "l.csv", counts))
    held, count = found.coverage("steady")
    assert count == 4 * 17
    assert 0.65 <= held / count <= 0.95
    error = found.error("steady")
    assert error is not None
    assert error < 0.3


def test_a_break_is_outside_the_band(tmp_path: Path) -> None:
    """Ten a month, then sixty: the first month after the break is scored as a miss."""
    counts = {"a": [10, 9, 11, 10, 9, 11, 10, 60, 60]}
    found = backtest(None, months=1, futures=200, losses=record(tmp_path / "l.csv", counts))
    first = found.scores[0]
    assert (first.known_on, first.until, first.actual) == ("2022-07-31", "2022-08-31", 60)
    assert not first.inside
    assert abs(first.mean - 10) < 2


def test_donated_losses_follow_what_was_known(tmp_path: Path) -> None:
    """A fleet that is promised to triple loses about three times as much once it has come."""
    losses = record(tmp_path / "l.csv", {"Tank": [10] * 20})
    with Ledger.create(str(tmp_path / "l.db")) as ledger:
        for line, stage, count, said, told in (
            ("a", "delivery", 3000, "2022-06-01", "2022-09-01"),
            ("b", "pledge", 6000, "2022-08-15", "2022-09-01"),
            ("c", "delivery", 90000, "2022-08-15", "2023-01-01"),
        ):
            entry = Entry(
                line,
                stage,
                date.fromisoformat(told),
                Source("t"),
                capability="tank",
                valid=Period.on(date.fromisoformat(said)),
                quantity=Quantity(Interval.exact(count)),
            )
            ledger.post([entry])
        asked = {"known_on": date(2022, 9, 2), "months": 1, "futures": 100, "losses": losses}
        soon = backtest(ledger, lead_days=0, **asked)
        late = backtest(ledger, lead_days=10_000, **asked)
    three, one = (
        next(x for x in each.scores if x.reading == "donated" and x.months == 10)
        for each in (soon, late)
    )
    assert 2.6 < three.mean / one.mean < 3.4
    assert three.known_on == "2022-08-31"


def test_the_same_seed_gives_the_same_scores(tmp_path: Path) -> None:
    """Twice the same, and another seed another band."""
    losses = record(tmp_path / "l.csv", {"a": [10, 4, 30, 8, 9, 20, 10, 12, 9]})
    first, again, other = (
        backtest(None, months=2, futures=100, seed=seed, losses=losses) for seed in (3, 3, 4)
    )
    assert first.scores == again.scores
    assert first.scores != other.scores


def test_monthly_and_dispersion() -> None:
    """Totals become months; a corrected count is no gain; no spread is Poisson."""
    ends = [last_of_month(2022, month) for month in (1, 2, 3)]
    assert monthly(dict(zip(ends, (3, 7, 5), strict=True)), ends[1]) == [4]
    assert monthly(dict(zip(ends, (3, 7, 5), strict=True)), ends[2]) == [4, 0]
    assert dispersion([]) == dispersion([[0, 0], [5]]) == 1.0


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("month,category,lost_total\n2022-13,a,1\n", "l.csv:2:month"),
        ("month,category,lost_total\n2022-01,a,x\n", "l.csv:2:lost_total"),
        ("month,category,lost_total\n2022-01,a,-1\n", "l.csv:2:lost_total"),
        ("month,category,lost_total\n2022-01,a,1\n2022-01,a,2\n", "l.csv:3:month"),
        ("category,lost_total\na,1\n", "l.csv:2:month"),
        ("", "l.csv"),
    ],
)
def test_slips_of_the_record_have_their_place(tmp_path: Path, text: str, where: str) -> None:
    """No month, no number, below zero, twice, no column, nothing at all."""
    path = tmp_path / "l.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_losses(path)
    assert caught.value.where == where


def test_a_record_that_is_too_short_is_refused(tmp_path: Path) -> None:
    """Six months cannot be a window and a future."""
    losses = record(tmp_path / "l.csv", {"a": [1] * 6})
    with pytest.raises(UsageError):
        backtest(None, months=1, futures=50, losses=losses)


def test_the_typed_facts_are_the_shared_ones() -> None:
    """Month, category and total of every row are as handed to the project."""
    if not SHARED.exists():
        pytest.skip("the shared facts are not beside the checkout")
    with SHARED.open(encoding="utf-8", newline="") as stream:
        said = [(r["month"], r["category"], r["lost_total"]) for r in csv.DictReader(stream)]
    with FACTS.open(encoding="utf-8", newline="") as stream:
        typed = [(r["month"], r["category"], r["lost_total"]) for r in csv.DictReader(stream)]
    assert sorted(typed) == sorted(said)


def test_the_command_prints_its_coverage(tmp_path: Path) -> None:
    """One JSON document, and a table that names the nominal share."""
    losses = record(tmp_path / "l.csv", {"a": [10, 9, 11, 10, 9, 11, 10, 12, 9]})
    words = ["sustain", "backtest", "--months", "1", "--futures", "50", "--losses", str(losses)]
    found = json.loads(run.invoke(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert found["summary"]["steady"]["forecasts"] == 2
    assert set(found["scores"][0]) >= {"low", "high", "actual", "inside"}
    assert "80 %" in run.invoke(app, words, catch_exceptions=False).stdout
