"""The review cycle: one command from the ledger to the brief, with what the plan does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import IntendanceError
from intendance.ledger.coverage import needs_known
from intendance.ledger.ledger import Ledger
from intendance.review.demo import demonstrate

run = CliRunner()
WINTER = ["--as-of", "2025-01-31", "--portfolio", "winter-energy", "--time-limit", "20"]


def cycle(*words: str) -> Any:
    result = run.invoke(app, ["cycle", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_cycle_makes_everything_and_shows_what_the_plan_does(tmp_path: Path) -> None:
    """Model, forecast, asks, problem, plan, brief; the plan brings generators to their sites."""
    found = cycle(*WINTER, "--out", str(tmp_path / "r"), "--lang", "fr")
    held = {path.name for path in (tmp_path / "r").iterdir()}
    assert {"ledger.db", "model-winter", "asks-winter.json", "plan", "brief.html"} <= held
    rows = found["sustainment"][0]["readiness"]
    generators = [row for row in rows if row["system"] == "generator"]
    for row in generators:
        assert row["ready_end_with_plan"] > 2 * row["ready_end"]
        assert row["days_below"] == 181
        assert row["ready_lowest_with_plan"] >= row["ready_lowest"]
    said_of_the_plan(found["sustainment"][0], tmp_path / "r")
    with Ledger.open(str(tmp_path / "r/ledger.db")) as book:
        assert book.verify().intact
        assert book.head().root == found["review_root"]
        asked = [x for x in needs_known(book.entries(), None) if x.term("origin") == "sustainment"]
        assert not [x for x in book.entries() if x.source.origin == "plan"]
    assert len(asked) == found["sustainment"][0]["asks"]["posted"] > 0
    page = (tmp_path / "r/brief.html").read_text("utf-8")
    assert "Groupes électrogènes" in page
    assert "sustain-winter" in page
    assert "Ce que le plan change" in page
    assert "/tmp" not in page
    assert not list(tmp_path.glob(".cycle-*"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def said_of_the_plan(stage: dict[str, Any], folder: Path) -> None:
    """Stocks are set side by side; what is open is brought, substituted or missing for a cause."""
    fuel = [row for row in stage["supplies"] if row["item"] == "diesel_l"]
    assert len(fuel) == 2
    # More generators burn more: the plan makes that worse, and the record says so.
    assert all(row["missing_with_plan"] > row["missing"] >= 0 for row in fuel)
    assert all(row["out_day_with_plan"] > 0 for row in fuel)
    needs = stage["needs_and_plan"]
    sent = rows_of(folder / "plan/shipments.csv")
    wanted = {
        row["need"]
        for row in rows_of(folder / "problem/needs.csv")
        if row["capability"] == "generator"
    }
    units = sum(
        float(row["quantity"])
        for row in sent
        if row["need"] in wanted and "-generator" in row["stock"]
    )
    assert needs["generator"]["brought"] == pytest.approx(units, abs=1e-3)
    assert units > 100
    for each in needs.values():
        short = each["open"] - each["brought"] - each["substitutes"]
        assert sum(each["missing"].values()) == pytest.approx(max(0.0, short), abs=1.0)
    assert needs["pump"]["missing"] == {"none_held": needs["pump"]["open"]}


def test_the_given_ledger_changes_only_with_post(tmp_path: Path) -> None:
    """Without --post its head stays; with it the asks stand in it, once."""
    name = str(tmp_path / "w.db")
    demonstrate("winter-energy", "en", name, progress=lambda _: None)
    words = [*WINTER[:2], "--ledger", name, "--out", str(tmp_path / "r"), "--time-limit", "20"]
    with Ledger.open(name) as book:
        before = book.head()
    cycle(*words)
    with Ledger.open(name) as book:
        assert book.head() == before
    first = cycle(*words, "--post", "--by", "A. Keller")
    assert first["posted_to_ledger"] == first["sustainment"][0]["asks"]["posted"] > 0
    again = cycle(*words, "--post", "--by", "A. Keller")
    assert again["posted_to_ledger"] == 0


def test_other_folders_and_odd_words_are_refused(tmp_path: Path) -> None:
    """A folder with other things stays as it is; --post needs a ledger; a day must be a day."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/letter.txt").write_text("dear")
    for words in (
        [*WINTER, "--out", str(tmp_path / "papers")],
        [*WINTER, "--out", str(tmp_path / "r"), "--post"],
        ["--as-of", "tomorrow", "--out", str(tmp_path / "r")],
        [*WINTER, "--rates", "nothing", "--out", str(tmp_path / "r")],
        ["--as-of", "2000-01-01", "--portfolio", "winter-energy", "--out", str(tmp_path / "r")],
    ):
        with pytest.raises(IntendanceError):
            run.invoke(app, ["cycle", *words], catch_exceptions=False)
    assert {path.name for path in tmp_path.iterdir()} <= {"papers", "cache"}
    assert (tmp_path / "papers/letter.txt").read_text() == "dear"


def test_without_a_scenario_the_plan_is_left_out_and_said(tmp_path: Path) -> None:
    """Needs at a place that no scenario knows: readiness and asks stand, the plan does not."""
    import sys

    sys.path.insert(0, str(Path(__file__).parent))
    from dataclasses import replace

    import small_ledgers

    name = str(tmp_path / "l.db")
    with Ledger.create(name) as book:
        far = replace(small_ledgers.need("need:1", "60", "2022-12-15/2023-02-01"), place="Atlantis")
        book.post([*small_ledgers.GIVEN, far])
    found = cycle("--as-of", "2023-01-01", "--ledger", name, "--out", str(tmp_path / "r"))
    assert found["plan"] is None
    assert found["left_out"]
    assert found["sustainment"][0]["asks"]["posted"] > 0
