"""Asks as needs of the ledger: what they add, once, and how coverage counts them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.ledger.coverage import Row, coverage
from intendance.ledger.ledger import Ledger
from intendance.sustain.asks import Ask, merged
from intendance.sustain.from_ledger import build

sys.path.insert(0, str(Path(__file__).parent))
import small_ledgers as entries

DAY = date(2023, 1, 1)
run = CliRunner()
Call = Callable[..., Any]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Make a ledger with 51 howitzers, few rounds, a need of 40 more, and its model."""
    with Ledger.create(str(tmp_path / "ledger.db")) as made:
        made.post(
            [*entries.GIVEN, entries.need("need:1", "40", "2022-12-15/2023-02-01", priority="7")]
        )
        build(made, "artillery", DAY, None, 90, tmp_path / "model")
        yield made


@pytest.fixture
def post(tmp_path: Path, ledger: Ledger) -> Call:
    """Post the model's asks through the command and give the document."""

    def call(*words: str, code: int = 0) -> Any:
        ledger.__dict__.pop("frame", None)
        names = ["sustain", "asks", str(tmp_path / "model"), "--ledger", ledger.store.name]
        result = run.invoke(
            app,
            [*names, "--post", "--by", "A. Keller", "--json", *words],
            catch_exceptions=False,
        )
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return call


def covered(ledger: Ledger) -> dict[str, Row]:
    with Ledger.open(ledger.store.name) as again:
        rows = coverage(again.frame, again.entries(), as_of=DAY)
    return {row.capability: row for row in rows}


def test_coverage_counts_what_the_asks_add(ledger: Ledger, post: Call) -> None:
    """The gap of howitzers grows by the losses of the forecast, not by the need once more."""
    before = covered(ledger)["howitzer_155"]
    done = post()
    after = covered(ledger)
    more = sum(Decimal(x["quantity"]) for x in done["needs"] if x["capability"] == "howitzer_155")
    asked = sum(Decimal(x["asked"]) for x in done["needs"] if x["capability"] == "howitzer_155")
    assert 0 < more < asked
    assert after["howitzer_155"].needed.best == before.needed.best + more
    assert after["howitzer_155"].gap.best == (before.gap.best or 0) + more
    rounds = sum(Decimal(x["quantity"]) for x in done["needs"] if x["capability"] == "round_155")
    assert rounds > 0
    assert after["round_155"].gap.best == rounds
    assert after["spare_barrel"].gap.best


def test_each_need_says_why_and_by_when(post: Call) -> None:
    """Origin, reason, latest order day, confidence and basis travel as terms."""
    for each in post()["needs"]:
        assert each["origin"] == "sustainment"
        assert each["basis"] == "computed"
        assert each["because"]
        assert date.fromisoformat(each["order_by"]) < date.fromisoformat(each["due"])
        assert 0 <= float(each["confidence"]) <= 1
        assert each["place"] == "Ukraine"
        share = 1.0 if each["capability"] in ("howitzer_155", "round_155") else 0.9
        assert 0 < float(each["priority"]) <= 7 * share


def test_posting_again_adds_nothing_on_any_day(ledger: Ledger, post: Call) -> None:
    """The ledger's head stays where it is, in either language."""
    first = post("--recorded-at", "2023-01-02")
    head = ledger.head()
    second = post("--recorded-at", "2023-01-05", "--lang", "fr")
    assert second["posted"] == second["withdrawn"] == 0
    assert second["unchanged"] == first["posted"]
    assert ledger.head() == head


def test_a_new_forecast_corrects_and_withdraws(ledger: Ledger, post: Call, tmp_path: Path) -> None:
    """Rounds that have come meanwhile are no longer asked for; no ask stands twice."""
    post("--recorded-at", "2023-01-02")
    more = entries.said(
        "r2", "delivery", "900000", "2022-12-20", "round_155", recorded="2023-01-03"
    )
    ledger.post([more])
    build(ledger, "artillery", DAY, None, 90, tmp_path / "model")
    done = post("--recorded-at", "2023-01-04")
    assert done["withdrawn"] == 2
    assert "round_155" not in covered(ledger)


def test_what_a_stated_need_leaves_open_is_not_asked_for_twice(
    ledger: Ledger, post: Call, tmp_path: Path
) -> None:
    """A monthly need of a million rounds holds the ask; --in-full writes it all the same."""
    stated = entries.need("need:r", "1000000", "2023-01-01/2023-12-31", "round_155", per="month")
    ledger.post([stated])
    build(ledger, "artillery", DAY, None, 90, tmp_path / "model")
    done = post()
    assert {each["item"] for each in done["already_asked"]} == {"round155"}
    assert "round_155" not in {each["capability"] for each in done["needs"]}
    full = post("--in-full")
    assert {"round_155", "howitzer_155"} <= {each["capability"] for each in full["needs"]}
    assert all(each["quantity"] == each["asked"] for each in full["needs"])


def test_a_sample_can_be_asked_from_a_day(ledger: Ledger) -> None:
    """A model that was not made from a ledger needs --as-of; then its asks stand in full."""
    words = ["sustain", "asks", "sample:artillery", "--post", "--by", "x", "--json"]
    words += ["--ledger", ledger.store.name]
    result = run.invoke(app, words)
    assert result.exit_code != 0
    done = json.loads(run.invoke(app, [*words, "--as-of", "2023-01-01"]).stdout)
    assert done["posted"] > 0
    assert {each["place"] for each in done["needs"]} == {"Ukraine"}


def test_an_origin_that_was_edited_by_hand_is_no_traceback(
    post: Call, tmp_path: Path, ledger: Ledger
) -> None:
    """Names that are no texts are left alone; the names of the folder count."""
    del ledger
    (tmp_path / "model/origin.json").write_text(
        '{"as_of": "2023-01-01", "horizon_days": "x", "capabilities": {"howitzer155": 3}}', "utf-8"
    )
    assert "howitzer_155" in {each["capability"] for each in post()["needs"]}


def test_merged_asks_are_not_added() -> None:
    """Two steps of a requirement ask for the larger, by the earlier day."""
    early, late = Ask("a", "b", 3.0, 10, 5, 0.5, "x"), Ask("a", "b", 8.0, 30, 25, 0.9, "y")
    assert merged([early, late]) == [Ask("a", "b", 8.0, 10, 5, 0.9, "y")]
    assert merged([]) == []
