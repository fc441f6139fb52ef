"""The commands as people call them: documents, tables, languages, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError, IntendanceError
from intendance.words import catalogue

Maker = Callable[..., Path]
run = CliRunner()


def document(*words: str) -> dict[str, Any]:
    """Call a command with --json; its standard output is one document."""
    result = run.invoke(app, ["sustain", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_steady_document(two_echelons: Maker) -> None:
    """rows, availability and totals have the keys of the contract."""
    found = document("steady", str(two_echelons()), "--method", "metric")
    keys = {"lru", "site", "level", "pipeline_mean", "pipeline_variance", "expected_backorders"}
    assert keys <= set(found["rows"][0])
    assert set(found["availability"][0]) >= {"site", "system", "available", "expected_ready"}
    assert found["totals"]["expected_backorders"] > 0


def test_forecast_document(two_echelons: Maker) -> None:
    """days run from 0 to N and every list has N + 1 entries."""
    found = document("forecast", str(two_echelons()), "--days", "30", "--loop", "open")
    assert found["days"] == list(range(31))
    for row in found["series"]:
        for name in ("ready", "destroyed", "damaged", "worn_out", "waiting"):
            assert len(row[name]) == 31
    assert {row["item"] for row in found["items"]} == {"r155"}
    assert all(len(row["on_hand"]) == len(row["days_of_supply"]) == 31 for row in found["items"])
    names = {"item", "site", "quantity", "need_by_day", "order_by_day", "confidence", "because"}
    assert found["asks"]
    assert all(set(ask) == names for ask in found["asks"])


def test_simulation_document(two_echelons: Maker) -> None:
    """The same lists stand under each statistic; the long run and speed are there."""
    folder = str(two_echelons())
    words = ["simulate", folder, "--days", "20", "--futures", "60", "--seed", "3"]
    found = document(*words, "--uncertain-rates", "4", "--cannibalise", "full")
    for name in ("mean", "std_error", "q10", "q50", "q90"):
        assert len(found[name]["series"][0]["ready"]) == 21
        assert len(found[name]["items"][0]["on_hand"]) == 21
        assert found["series"][0][name]["ready"] == found[name]["series"][0]["ready"]
    assert {"site", "system", "mean_ready", "std_error"} == set(found["long_run"][0])
    assert len(found["probability_of_meeting"]) == 2
    assert found["events"] > 0
    assert found["events_per_second"] > 0
    assert found["seed"] == 3


def test_frontier_document(two_echelons: Maker) -> None:
    """points, stock and bound_gap are there."""
    found = document("frontier", str(two_echelons()), "--budget", "500000")
    assert set(found["points"][0]) == {"cost_eur", "expected_backorders", "availability"}
    assert set(found["stock"][0]) == {"lru", "site", "level"}
    assert 0 <= found["bound_gap"] < 0.05


def test_check_agrees(one_site: Maker) -> None:
    """On a model that all engines can treat, they agree and the command ends well."""
    found = document("check", str(one_site()), "--futures", "100")
    assert found["agree"] is True
    assert {row["figure"] for row in found["rows"]} == {
        "backorders",
        "ready",
        "ready, closed loop",
    }


def test_a_horizon_shorter_than_the_ways_is_said(two_echelons: Maker) -> None:
    """What takes 80 days to procure and bring must be ordered before 30 days show it."""
    folder = str(two_echelons(requirement=["how,b1,0,90,24", "how,b2,10,60,36"]))
    for words in (["forecast", folder, "--days", "30"], ["asks", folder, "--days", "30"]):
        said = run.invoke(app, ["sustain", *words, "--json"], catch_exceptions=False)
        longest = max(
            ask["need_by_day"] - ask["order_by_day"] for ask in json.loads(said.stdout)["asks"]
        )
        assert longest == 66  # 60 to procure, then 6 from the depot; 20 come from the source
        assert "takes 66 days, the horizon is 30" in said.stderr
    said = run.invoke(app, ["sustain", "forecast", folder, "--days", "90", "--lang", "fr"])
    assert "regardez plus loin" not in said.stderr


def test_check_says_when_nothing_can_settle(one_site: Maker) -> None:
    """Engines that could not settle within any horizon are not said to differ."""
    folder = one_site(repair=["a,base,1,9000,exponential,"])
    result = run.invoke(app, ["sustain", "check", str(folder)])
    assert isinstance(result.exception, InputError)
    assert "9010 days" in str(result.exception)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["steady"], "expected ready"),
        (["forecast", "--days", "90"], "ask for"),
        (["simulate", "--days", "10", "--futures", "30"], "std error"),
        (["frontier", "--budget", "400000"], "expected backorders"),
    ],
)
def test_tables_in_both_languages(two_echelons: Maker, words: list[str], shown: str) -> None:
    """Without --json a table is printed, in English or in French."""
    call = ["sustain", words[0], str(two_echelons()), *words[1:]]
    english = run.invoke(app, [*call, "--lang", "en"], catch_exceptions=False)
    assert english.exit_code == 0
    assert shown in english.stdout
    french_word = catalogue("sustain", "fr").gettext(shown)
    if french_word == shown:
        pytest.skip("the French catalogue is not compiled here")
    french = run.invoke(app, [*call, "--lang", "fr"], catch_exceptions=False)
    assert french_word in french.stdout
    assert shown not in french.stdout


def test_bad_input_ends_with_three(one_site: Maker) -> None:
    """A negative rate raises the error that main turns into exit 3, with file, row, column."""
    folder = one_site(parts=["gen,a,1,-1"])
    result = run.invoke(app, ["sustain", "steady", str(folder)])
    assert isinstance(result.exception, IntendanceError)
    assert result.exception.exit_code == 3
    assert result.exception.where == "parts.csv:2:removals_per_day"


@pytest.mark.parametrize(
    "words",
    [
        ["forecast"],
        ["forecast", "--days", "0"],
        ["forecast", "--days", "ten"],
        ["forecast", "--days", "9", "--loop", "ajar"],
        ["simulate", "--days", "9"],
        ["simulate", "--days", "9", "--futures", "0"],
        ["simulate", "--days", "9", "--futures", "9", "--workers", "0"],
        ["simulate", "--days", "1000000000", "--futures", "9"],
        ["forecast", "--days", "1000000000"],
        ["frontier", "--budget", "nan"],
        ["frontier", "--budget", "-5"],
        ["steady", "--method", "guess"],
    ],
)
def test_bad_words_end_with_two(one_site: Maker, words: list[str]) -> None:
    """Options that are missing or off are usage errors."""
    result = run.invoke(app, ["sustain", words[0], str(one_site()), *words[1:]])
    assert result.exit_code == 2


def test_a_cluster_that_is_not_there(one_site: Maker) -> None:
    """An address that is none is a usage error with a next step."""
    words = ["--days", "5", "--futures", "60", "--cluster", "nowhere"]
    result = run.invoke(app, ["sustain", "simulate", str(one_site()), *words])
    assert isinstance(result.exception, IntendanceError)
    assert result.exception.exit_code == 2
    assert "tcp://" in result.exception.next_step
