"""The commands as a person runs them: output, exit codes, sentences, nothing half written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def run(tmp_path):
    """Run a command in a folder of its own; gives the finished process."""

    def call(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "intendance.app", *words],
            cwd=tmp_path,
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def release(path: Path, rows: list[str]) -> Path:
    heads = "ID,Countries,Announcement Date,Type of Aid General,Type of Aid Specific,"
    heads += "Original Currency,Items,No. of Units,Total ,Converted Value in EUR"
    path.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
    return path


def small(path: Path, value: str = "100") -> Path:
    return release(
        path,
        [
            f"PLM1,Poland,2023-01-05,Military,Weapons,EUR,T-72,10,{value},{value}",
            "PLM1,Poland,2023-01-05,Military,Weapons,EUR,D-30 howitzer,undisclosed,,",
            "FIH1,FInland,until 2/31/2023,Humanitarian ,Assistance,USD,.,.,105,100",
        ],
    )


def failed(done, code):
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("intendance: ")
    return done.stderr


def test_a_ledger_from_init_to_verify(run, tmp_path):
    small(tmp_path / "a.csv")
    assert run("init").returncode == 0
    first = json.loads(
        run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02", "--json").stdout
    )
    assert (first["rows"], first["entries"], first["merged"]) == (3, 3, 0)
    again = json.loads(
        run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02", "--json").stdout
    )
    assert (again["entries"], again["merged"], again["posted"]) == (0, 3, 0)
    found = json.loads(run("total", "--by", "donor", "--json").stdout)
    assert found["total"]["best"] == "200.00"
    assert {row["donor"]: row["best"] for row in found["rows"]} == {
        "Poland": "100.00",
        "Finland": "100.00",
    }
    small(tmp_path / "b.csv", "130")
    run("import", "kiel", "b.csv", "--recorded-at", "2023-09-21")
    told = json.loads(run("changes", "--from", "2023-03-02", "--to", "2023-09-21", "--json").stdout)
    assert told["difference"] == told["causes"]["corrected"] == "30.00"
    verdict = json.loads(run("verify", "--json").stdout)
    assert verdict["intact"] is True
    story = json.loads(run("show", "kiel:PLM1", "--json").stdout)
    assert [each.get("kind", "post") for each in story["history"]] == ["post", "correct"]
    shown = run("show", "kiel:PLM1")
    assert "correct" in shown.stdout


def test_coverage_without_needs_says_how_to_get_some(run, tmp_path):
    run("init")
    run("import", "kiel", small(tmp_path / "a.csv"))
    done = run("coverage")
    assert (done.returncode, done.stdout) == (0, "")
    assert "template needs" in done.stderr
    assert json.loads(run("coverage", "--json").stdout)["rows"] == []


def test_dry_run_writes_nothing(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    found = json.loads(run("import", "kiel", "a.csv", "--dry-run", "--json").stdout)
    assert (found["entries"], found["posted"], found["dry_run"]) == (3, 0, True)
    assert json.loads(run("verify", "--json").stdout)["entries"] == 0


def test_a_changed_byte_gives_exit_code_1(run, tmp_path):
    import sqlite3

    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    with sqlite3.connect(tmp_path / "intendance.db") as raw:
        raw.execute("UPDATE entry SET body = replace(body, 'Poland', 'Norway')")
    raw.close()
    done = run("verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["first_bad"]


def test_operating_errors_are_one_sentence_with_their_exit_code(run, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 cut off")
    assert "no ledger" in failed(run("total"), 3)
    run("init")
    assert "no file" in failed(run("import", "kiel", "none.csv"), 3)
    assert "is empty" in failed(run("import", "kiel", "empty.csv"), 3)
    assert "lacks the columns" in failed(run("import", "kiel", "other.csv"), 3)
    assert "workbook" in failed(run("import", "kiel", "cut.xlsx"), 3)
    assert "no format" in failed(run("import", "gold", "other.csv"), 2)
    assert "not a day" in failed(run("total", "--as-of", "2023-13-01"), 2)
    assert "wrong order" in failed(run("changes", "--from", "2023-09-01", "--to", "2023-03-01"), 2)
    assert "no stage" in failed(run("total", "--stage", "dreamt"), 2)
    assert "no entry" in failed(run("show", "nothing"), 3)
    assert "no rate rule" in failed(run("total", "--rates", "bank"), 2)
    assert run("total", "--nonsense").returncode == 2
    as_json = run("show", "nothing", "--json")
    assert json.loads(as_json.stderr)["code"] == "input"


def test_a_release_from_before_what_is_known_is_refused_whole(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-09-21")
    failed(run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02"), 3)


def test_export_and_import_are_byte_identical(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    run("export", "jsonl", "--out", "a.jsonl")
    run("init", "--ledger", "b.db")
    run("import", "jsonl", "a.jsonl", "--ledger", "b.db")
    assert run("export", "jsonl", "--ledger", "b.db").stdout == (tmp_path / "a.jsonl").read_text()


def test_signed_and_verified_by_somebody_with_only_the_export(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    run("export", "jsonl", "--out", "a.jsonl")
    public = json.loads(run("key", "new", "k", "--json").stdout)["public_key"]
    run("sign", "--key", "k", "--signer", "Ada", "--out", "head.json")
    root = json.loads(run("verify", "--json").stdout)["root"]
    words = ("verify-export", "a.jsonl", "--root", root, "--signature", "head.json")
    assert run(*words, "--public-key", public).returncode == 0
    text = (tmp_path / "a.jsonl").read_text().replace("Poland", "Norway", 1)
    (tmp_path / "a.jsonl").write_text(text)
    assert run(*words, "--public-key", public).returncode == 1


def test_help_starts_fast_and_every_command_has_a_sentence(run):
    """The 0.3 s of the design, taken as the best of five because machines are shared."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        done = run("--help")
        times.append(time.perf_counter() - start)
    assert done.returncode == 0
    assert min(times) < 0.3 * (3 if os.environ.get("CI") else 1)
    listed = done.stdout.split("Commands:")[1].strip().splitlines()
    assert all(len(line.split()) > 2 for line in listed if line.strip())


def test_the_table_form_needs_no_terminal_and_no_colour(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    shown = run("total", "--by", "donor", "--lang", "fr", NO_COLOR="1")
    assert "donateur" in shown.stdout
    assert "\x1b[" not in shown.stdout
    csv = run("total", "--by", "donor", "--format", "csv").stdout.splitlines()
    assert csv[0] == "donor,low,best,high,undisclosed"
    assert run("total", "--format", "xlsx", "--out", "t.xlsx").returncode == 0
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_backup_and_restore(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    saved = json.loads(run("backup", "copy.db", "--json").stdout)
    back = json.loads(run("restore", "copy.db", "--ledger", "new.db", "--json").stdout)
    assert saved["root"] == back["root"]
    failed(run("restore", "copy.db", "--ledger", "new.db"), 5)


def test_a_ledger_named_by_the_environment(run, tmp_path):
    assert run("init", INTENDANCE_LEDGER="other.db").returncode == 0
    assert (tmp_path / "other.db").is_file()


def test_words_that_are_off_are_said_before_anything_is_written(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    before = (tmp_path / "intendance.db").read_bytes()
    failed(run("export", "jsonl", "--out", "intendance.db"), 2)
    (tmp_path / "old.db").write_text("something else")
    failed(run("backup", "old.db"), 2)
    assert (tmp_path / "old.db").read_text() == "something else"
    assert (tmp_path / "intendance.db").read_bytes() == before
    failed(run("changes", "--from", "", "--to", ""), 2)
    failed(run("total", "--by", "donor,donor"), 2)
    strange = run("total", "--where", "donor=Nowhere", "--json")
    assert "donor=Nowhere" in strange.stderr
    assert json.loads(strange.stdout)["total"]["best"] == "0.00"


def test_every_shape_goes_to_a_file(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    assert run("total", "--json", "--out", "t.json").stdout == ""
    assert json.loads((tmp_path / "t.json").read_text())["total"]["best"] == "200.00"
    days = ("--from", "2023-03-01", "--to", "2023-03-02")
    run("changes", *days, "--format", "csv", "--out", "c.csv")
    assert "new" in (tmp_path / "c.csv").read_text()
    assert run("changes", *days, "--format", "xlsx", "--out", "c.xlsx").returncode == 0
    assert json.loads(run("export", "csv", "--out", "e.csv", "--json").stdout)["entries"] > 0


def test_a_pipe_is_written_to_and_stays_a_pipe_a_link_stays_a_link(tmp_path):
    """`--out /dev/null` as root must not replace the device by a file."""
    import threading

    from intendance.app.terminal import write_out

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_out("words", pipe)
    reader.join(10)
    assert got == [b"words"]
    assert pipe.is_fifo()
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_out("new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_errors_and_help_are_french_when_the_call_is(run, tmp_path):
    missing = failed(run("verify", INTENDANCE_LANG="fr"), 3)
    assert "Il n’y a pas de registre" in missing
    assert "Faites-en un avec" in missing
    told = json.loads(run("verify", "--json", INTENDANCE_LANG="fr").stderr)
    assert told["code"] == "input"
    assert told["error"].startswith("Il n’y a pas de registre")
    assert "no ledger" in failed(run("verify"), 3)
    french = run("total", "--help", INTENDANCE_LANG="fr").stdout
    assert "Emploi :" in french
    assert "Monnaie du total." in french
    assert "[environnement : INTENDANCE_LEDGER]" in " ".join(french.split())
    assert "Options:" in run("total", "--help").stdout
    slip = run("totl", INTENDANCE_LANG="fr")
    assert slip.returncode == 2
    assert "Erreur : Il n’y a pas de commande « totl »" in slip.stderr.replace("\u00a0", " ")


def test_what_the_system_refuses_is_one_sentence(run, tmp_path):
    """A device without room is neither a defect nor a traceback."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no full device here")
    run("init")
    with full.open("w") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "intendance.app", "export", "jsonl", "--out", "/dev/full"],
            cwd=tmp_path,
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr
    small(tmp_path / "a.csv")
    run("import", "kiel", "a.csv")
    refusal = failed(run("export", "jsonl", "--out", "/dev/full"), 3)
    assert "No space left on device" in refusal


@pytest.mark.parametrize("seconds", [0.05, 0.6])
def test_an_interrupt_is_one_sentence_and_leaves_nothing_half_written(tmp_path, seconds):
    """Also while the command line is still loading."""
    program = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
sys.argv = ["intendance", "demo", "--ledger", "d.db", "--out", "d.html"]
runpy.run_module("intendance.app", run_name="__main__")
"""
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout.readline() == "ready\n"
    time.sleep(seconds)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130, said
    assert "Traceback" not in said
    assert "interrupted" in said
    assert not list(tmp_path.iterdir())


def test_nothing_disclosed_is_printed_as_unknown_never_as_zero(run, tmp_path):
    small(tmp_path / "a.csv", value="undisclosed")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    shown = run("total", "--by", "donor").stdout
    (poland,) = [line for line in shown.splitlines() if "Poland" in line]
    assert poland.count("?") == 3
    found = json.loads(run("total", "--by", "donor", "--json").stdout)
    assert {row["donor"]: row["undisclosed"] for row in found["rows"]} == {
        "Poland": 1,
        "Finland": 0,
    }


def test_a_missing_rate_is_said_in_every_shape_and_a_value_may_hold_blanks(run, tmp_path):
    small(tmp_path / "a.csv")
    run("init")
    run("import", "kiel", "a.csv", "--recorded-at", "2023-03-02")
    words = ("--currency", "XYZ", "--rates", "ecb:as-of", "--format", "csv")
    done = run("total", *words)
    assert done.stdout.splitlines()[1].endswith(",2")
    assert "no rate for EUR" in done.stderr
    found = run("compare", "where=donor=United States", "where=donor=Poland stage=pledge", "--json")
    assert json.loads(found.stdout)["difference"] == "100.00"
