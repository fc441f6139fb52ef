"""The commands as a user runs them: files, exit codes, interrupts, the same plan twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError, UsageError
from intendance.plan.instances import write_instance

PLAN_FILES = ("shipments.csv", "packages.csv", "unmet.csv", "bottlenecks.csv")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_instance("small", 7, folder)
    return folder


@pytest.fixture(scope="module")
def solved(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plan")
    result = CliRunner().invoke(
        app, ["plan", "solve", str(small), "--out", str(out), "--json", "--gap", "0.005"]
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == json.loads((out / "summary.json").read_text())
    return out


def test_the_summary_has_what_the_contract_lists(solved: Path) -> None:
    summary = json.loads((solved / "summary.json").read_text())
    assert set(summary) == {
        "status", "objective", "bound", "gap", "rounds", "columns", "seconds", "peak_mb", "seed",
        "version", "problem_sha256",
    }  # fmt: skip
    assert set(summary["seconds"]) == {"build", "price", "solve", "integer"}
    low, found = summary["bound"]["shortfall"], summary["objective"]["shortfall"]
    assert summary["gap"] == pytest.approx((found - low) / max(low, 1e-9))
    assert summary["gap"] < 0.01


def test_the_plan_is_accepted_by_the_checker(small: Path, solved: Path) -> None:
    result = CliRunner().invoke(app, ["plan", "check", str(small), str(solved), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["accepted"] is True


def test_a_plan_that_was_tampered_with_is_not_accepted(
    small: Path, solved: Path, tmp_path: Path
) -> None:
    for path in solved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (tmp_path / "shipments.csv").read_text().splitlines()
    cells = lines[1].split(",")
    cells[3] = "9999"
    (tmp_path / "shipments.csv").write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]))
    result = CliRunner().invoke(app, ["plan", "check", str(small), str(tmp_path), "--json"])
    assert result.exit_code == 3
    codes = {x["code"] for x in json.loads(result.stdout)["findings"]}
    assert {"available", "summary"} <= codes


def test_the_same_problem_gives_the_same_plan_byte_for_byte(
    small: Path, solved: Path, tmp_path: Path
) -> None:
    arguments = [
        "plan",
        "solve",
        str(small),
        "--out",
        str(tmp_path),
        "--time-limit",
        "200",
        "--gap",
        "0.005",
    ]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    for name in PLAN_FILES:
        assert (tmp_path / name).read_bytes() == (solved / name).read_bytes(), name


def test_bad_input_writes_nothing(small: Path, tmp_path: Path) -> None:
    for path in small.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "needs.csv").write_text("need\n")
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["plan", "solve", str(tmp_path), "--out", str(out)])
    assert isinstance(result.exception, InputError)
    assert not out.exists()


def test_no_time_at_all_still_gives_a_plan(small: Path, tmp_path: Path) -> None:
    arguments = ["plan", "solve", str(small), "--out", str(tmp_path), "--time-limit", "0"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert CliRunner().invoke(app, ["plan", "check", str(small), str(tmp_path)]).exit_code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_checked_plan(number: signal.Signals, tmp_path: Path) -> None:
    problem, out = tmp_path / "problem", tmp_path / "plan"
    write_instance("medium", 3, problem)
    run = subprocess.Popen(
        [sys.executable, "-m", "intendance", "plan", "solve", str(problem), "--out", str(out)]
        if (Path(__file__).parents[2] / "src/intendance/__main__.py").exists()
        else [
            sys.executable, "-c", "from intendance.app.main import main; main()",
            "plan", "solve", str(problem), "--out", str(out),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    time.sleep(4)
    run.send_signal(number)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert json.loads((out / "summary.json").read_text())["status"] == "interrupted"
    assert CliRunner().invoke(app, ["plan", "check", str(problem), str(out)]).exit_code == 0


def test_what_if_keeps_the_rest_and_says_the_difference(
    small: Path, solved: Path, tmp_path: Path
) -> None:
    arguments = ["plan", "whatif", str(small), str(solved), "--json", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, [*arguments, "--set", "stocks.*.quantity=-50%"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["after"]["shortfall"] > record["before"]["shortfall"]
    assert record["lines"]
    nothing = CliRunner().invoke(app, [*arguments, "--set", "stocks.S0.quantity=+0%"])
    record = json.loads(nothing.stdout)
    assert record["after"]["shortfall"] <= record["before"]["shortfall"] * (1 + 1e-9)


@pytest.mark.parametrize(
    ("change", "code"),
    [("stocks.S0", 2), ("moons.S0.quantity=1", 2), ("stocks.S999.quantity=1", 3)],
)
def test_a_change_that_cannot_be_read_is_refused(
    small: Path, solved: Path, change: str, code: int
) -> None:
    arguments = ["plan", "whatif", str(small), str(solved), "--set", change]
    result = CliRunner().invoke(app, arguments)
    assert getattr(result.exception, "exit_code", None) == code


def test_a_plan_does_not_differ_from_itself(small: Path, solved: Path) -> None:
    result = CliRunner().invoke(
        app, ["plan", "compare", str(small), str(solved), str(solved), "--json"]
    )
    assert json.loads(result.stdout)["lines"] == []


def test_scenarios_give_a_regret_table_the_same_on_processes(tmp_path: Path) -> None:
    small, solved = tmp_path / "problem", tmp_path / "plan"
    write_instance("tiny", 1, small)
    assert CliRunner().invoke(
        app, ["plan", "solve", str(small), "--out", str(solved)]
    ).exit_code == 0  # fmt: skip
    (tmp_path / "surge.txt").write_text("needs.*.quantity=+20%  # demand surges\n")
    arguments = ["plan", "scenarios", str(small), str(solved), str(tmp_path), "--json"]
    arguments += ["--gap", "0.05"]
    inline = CliRunner().invoke(app, arguments)
    assert inline.exit_code == 0, inline.output
    rows = json.loads(inline.stdout)
    assert [row["scenario"] for row in rows] == ["base", "surge"]
    assert all(row["regret"] >= 0 and row["knowing"] <= row["mended"] for row in rows)
    assert all(row["bound"] <= row["knowing"] * (1 + 1e-9) for row in rows)
    processes = CliRunner().invoke(app, [*arguments, "--workers", "2"])
    assert json.loads(processes.stdout) == rows
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        away = CliRunner().invoke(app, [*arguments, "--cluster", cluster.scheduler_address])
    assert json.loads(away.stdout) == rows


def test_prices_reasons_and_shares_are_one_document_each(small: Path, solved: Path) -> None:
    def asked(*arguments: str) -> object:
        result = CliRunner().invoke(app, ["plan", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    where = (str(small), str(solved))
    prices = asked("caveats", *where, "--most", "3")
    assert prices["tried"] == min(3, prices["standing"])
    gains = [x["gain"] for x in prices["caveats"]]
    assert gains == sorted(gains, reverse=True)
    assert all(x > 0 for x in gains)
    assert len((solved / "caveats.csv").read_text("utf-8").splitlines()) == 1 + len(gains)
    need = (small / "needs.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    for answer in asked("why", *where, "--need", need):
        assert answer["sentence"]
        assert answer["given"] <= answer["held"] + 1e-6
    assert sum(x["share"] for x in asked("shares", *where)) == pytest.approx(1, abs=1e-4)


def test_an_unknown_need_or_donor_is_refused(small: Path, solved: Path) -> None:
    where = ["plan", "why", str(small), str(solved)]
    for more in (["--need", "nowhere"], ["--need", "R0", "--donor", "nobody"]):
        result = CliRunner().invoke(app, [*where, *more])
        assert isinstance(result.exception, UsageError)
