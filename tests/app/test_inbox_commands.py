"""The inbox from end to end by its commands: with names, reasons, undo, and one file for two."""

from __future__ import annotations

import fcntl
import json

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import IntendanceError, StoreBusyError, UsageError
from intendance.intake import inbox_log

TEXT = (
    "OSLO, 21 avril (Delta) – La Finlande livrera 40 groupes électrogènes en mai.\n"
    "La Norvège s'est engagée à verser 150 millions d'euros.\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTENDANCE_LEDGER", str(tmp_path / "mine.db"))
    monkeypatch.setenv("INTENDANCE_PERSON", "Ada")
    runner = CliRunner()

    def call(*words, source=None, code=0):
        done = runner.invoke(app, list(words), input=source, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if "--json" in words else done.stdout

    call("init")
    return call


def test_a_proposal_goes_in_is_edited_confirmed_shown_undone_and_rejected(run):
    added = run("inbox", "add", "-", "--published", "2023-04-21", "--outlet", "Delta", "--json",
                source=TEXT)  # fmt: skip
    assert [each["state"] for each in run("inbox", "list", "--json")] == ["open"] * len(added)
    (name,) = [each["id"] for each in added if each["fields"].get("item") == "generator"]
    run("inbox", "edit", name, "quantity_low=45", "quantity_high=45")
    done = run("inbox", "confirm", name, "--reason", "communiqué", "--recorded-at", "2023-04-24",
               "--json")  # fmt: skip
    assert (done["state"], done["person"], done["reason"]) == ("confirmed", "Ada", "communiqué")
    entry = run("show", done["entry"], "--json")
    assert entry["sentence"] == TEXT.splitlines()[0]
    assert entry["entry"]["quantity"]["best"] == "45"
    assert (entry["entry"]["by"], entry["entry"]["reason"]) == ("Ada", "communiqué")
    assert "Delta" in entry["entry"]["source"]["origin"]
    run("inbox", "undo", name, "--by", "Ben", "--reason", "wrong", "--recorded-at", "2023-04-25")
    again = run("inbox", "reject", name, "--reason", "told twice", "--json")
    acts = [each["event"] for each in again["story"]]
    assert acts == ["propose", "edit", "begin", "confirm", "begin", "undo", "reject"]
    assert [each["id"] for each in run("inbox", "list", "--state", "rejected", "--json")] == [name]
    kinds = [each["kind"] for each in run("show", done["entry"], "--json")["history"]]
    assert kinds == ["post", "withdraw"]
    assert "150000000 EUR" in run("inbox", "list")


def test_what_no_field_can_hold_is_refused_and_nothing_changes(run):
    (added, *_) = run("inbox", "add", "-", "--published", "2023-04-21", "--json", source=TEXT)
    name = added["id"]
    for change, code in (
        ("quantity_low=abc", 3), ("quantity_low=900", 3), ("quantity_low=-1", 3),
        ("currency=euro", 3), ("said_on=soon", 3), ("kind=need", 2), ("nonsense=1", 2),
    ):  # fmt: skip
        with pytest.raises(IntendanceError) as caught:
            run("inbox", "edit", name, change)
        assert caught.value.exit_code == code, change
    assert run("inbox", "show", name, "--json")["fields"] == added["fields"]
    run("inbox", "edit", name, "items=groupes, câbles", "donor=", "quantity_approximate=no")
    shown = run("inbox", "show", name)
    assert "items: groupes, câbles" in shown
    assert "quantity_approximate: no" in shown
    assert "donor" not in shown


def test_a_decision_has_a_reason(run):
    (added, *_) = run("inbox", "add", "-", "--published", "2023-04-21", "--json", source=TEXT)
    with pytest.raises(UsageError, match="needs a reason"):
        run("inbox", "reject", added["id"])
    assert run("inbox", "confirm", added["id"], "--json")["reason"] == "accepted as read"


def test_a_folder_goes_in_and_echoes_are_rejected_with_the_first(run, tmp_path):
    folder = tmp_path / "press"
    folder.mkdir()
    for outlet in ("Lyon", "Nantes", "Lille"):
        own = f"Le journal paraît à {outlet} depuis longtemps."
        (folder / f"{outlet}.txt").write_text(TEXT + own, "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    added = run("inbox", "add", str(folder), "--published", "2023-04-21", "--json")
    firsts = [each for each in added if not each["duplicate_of"]]
    assert len(added) == 3 * len(firsts)
    run("inbox", "confirm", firsts[0]["id"], "--reject-duplicates")
    states = {
        each["id"]: each["state"] for each in run("inbox", "list", "--state", "all", "--json")
    }
    echoes = [each["id"] for each in added if each["duplicate_of"] == firsts[0]["id"]]
    assert [states[each] for each in echoes] == ["rejected", "rejected"]


def test_another_writer_that_does_not_let_go_is_exit_code_5(run, tmp_path, monkeypatch):
    (added, *_) = run("inbox", "add", "-", "--published", "2023-04-21", "--json", source=TEXT)
    monkeypatch.setattr(inbox_log.FileLog.__init__, "__kwdefaults__", {"wait_seconds": 0.05})
    with (tmp_path / "mine.db.inbox.jsonl").open("ab") as stream:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError) as caught:
            run("inbox", "reject", added["id"], "--reason", "told twice")
    assert caught.value.exit_code == 5
    run("inbox", "reject", added["id"], "--reason", "told twice")
