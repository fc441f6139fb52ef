"""One inbox for several writers: turns, killed runs, other stores, duplicates, echoes."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from datetime import date

import pytest

from intendance.errors import InputError, StoreBusyError, StoreMovedError, UsageError
from intendance.intake import deciding, read
from intendance.intake.inbox import Inbox
from intendance.intake.inbox_log import FileLog
from intendance.ledger.ledger import Ledger

TEXT = (
    "OSLO, 21 avril (Delta) – La Finlande livrera 40 groupes électrogènes en mai, a annoncé "
    "la ministre Anna Korhonen.\n« Nous ne pouvons pas attendre l'hiver pour aider nos voisins », "
    "a déclaré la ministre Anna Korhonen.\nLa Norvège s'est engagée à verser 150 millions d'euros."
)
DAY = date(2023, 4, 21)
LATER = date(2023, 4, 24)


class Memory:
    """A log in memory: what a database does with a number that counts up."""

    name = "memory"

    def __init__(self):
        self.events = []

    def read(self, after):
        return self.events[after:], len(self.events)

    def append(self, events, after):
        if after != len(self.events):
            raise StoreMovedError("moved")
        self.events += [json.loads(json.dumps(each)) for each in events]
        return len(self.events)


def article(outlet="Delta", text=TEXT):
    return read(text, published=DAY, outlet=outlet, language="fr")


def money(box):
    return next(each for each in box.list("all") if each.fields.get("amount_low"))


@pytest.fixture
def box(tmp_path):
    inbox = Inbox(tmp_path / "inbox.jsonl")
    inbox.add(article())
    return inbox


def confirm(box, ledger, name, **kw):
    return deciding.confirm(box, ledger, name, person="Ada", reason="seen", recorded_on=LATER, **kw)


def test_an_inbox_lives_in_any_log_with_two_functions(box):
    other = Inbox(Memory())
    other.add(article())
    other.edit(money(other).id, {"currency": "NOK"}, "Ada")
    assert Inbox(other.log).list("all") == other.list("all")
    assert [each.id for each in other.list()] == [each.id for each in box.list()]


def test_two_hands_on_one_file_see_each_other(box):
    second = Inbox(box.path)
    name = money(box).id
    box.reject(name, "Ada", "no")
    with pytest.raises(UsageError, match="rejected already"):
        second.edit(name, {"currency": "NOK"}, "Ben")
    second.undo(name, "Ben", "yes")
    box.edit(name, {"currency": "NOK"}, "Ada")
    second.refresh()
    assert second.find(name) == box.find(name)


WRITER = """
import sys
from datetime import date
from pathlib import Path
from intendance.intake import read
from intendance.intake.inbox import Inbox
box, who = Inbox(Path(sys.argv[1])), sys.argv[2]
for number in range(15):
    text = f"La Finlande livrera {number + 2} {who} en mai."
    box.add(read(text, published=date(2023, 4, 21), language="fr"))
    box.edit(box.list()[0].id, {"place": f"{who}{number}"}, who)
"""


def test_two_processes_write_one_file_and_nothing_is_lost(box):
    call = [sys.executable, "-c", WRITER, str(box.path)]
    running = [subprocess.Popen([*call, who]) for who in ("obus", "camions")]
    assert [each.wait(60) for each in running] == [0, 0]
    found = Inbox(box.path)
    first = found.list()[0]
    edited = {each["fields"]["place"] for each in first.story if each["event"] == "edit"}
    assert edited == {f"{who}{n}" for who in ("obus", "camions") for n in range(15)}
    texts = [each.sentence for each in found.list("all")]
    assert sum("obus" in each for each in texts) == 15
    assert sum("camions" in each for each in texts) == 15


def test_a_writer_that_does_not_let_go_is_told_with_exit_code_5(box):
    log = FileLog(box.path, wait_seconds=0.05)
    with box.path.open("ab") as stream:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError, match="does not let go") as caught:
            log.append([{"event": "x"}], box.path.stat().st_size)
    assert caught.value.exit_code == 5


def test_a_torn_last_line_never_counted_and_the_next_writer_removes_it(box):
    whole = box.path.read_bytes()
    box.path.write_bytes(whole + b'{"event": "reject", "proposal": "' + money(box).id[:5].encode())
    again = Inbox(box.path)
    assert again.list() == box.list()
    again.reject(money(again).id, "Ada", "no")
    assert Inbox(box.path).find(money(box).id).state == "rejected"
    assert box.path.read_bytes().startswith(whole)


def test_a_file_that_somebody_replaced_is_refused(box):
    box.path.write_bytes(b"")
    with pytest.raises(InputError, match="replaced"):
        box.reject(box.list()[0].id, "Ada", "")


class KilledError(BaseException):
    """The process ends here."""


def killed_after(thing, name, monkeypatch, times=1):
    """Let a function do its work and then end the run, as a kill would."""
    real = getattr(thing, name)
    calls = []

    def work(*args, **kw):
        done = real(*args, **kw)
        calls.append(done)
        if len(calls) == times:
            raise KilledError
        return done

    monkeypatch.setattr(thing, name, work)


@pytest.mark.parametrize("place", ["begun", "posted"])
@pytest.mark.parametrize("act", ["confirm", "undo"])
def test_a_killed_decision_is_finished_once_by_whoever_comes_next(
    box, ledger, monkeypatch, place, act
):
    name = money(box).id

    def work(who):
        inbox = Inbox(box.path)
        if act == "confirm":
            return deciding.confirm(inbox, ledger, name, person=who, reason=who, recorded_on=LATER)
        return deciding.undo(
            inbox, lambda: Ledger(ledger.store), name, person=who, reason=who, recorded_on=LATER
        )

    if act == "undo":
        confirm(box, ledger, name)
        monkeypatch.setattr(Ledger, "close", lambda self: None)
    before = len(list(ledger.entries()))
    with monkeypatch.context() as context:
        if place == "begun":
            killed_after(deciding, "_begin", context)
        else:
            killed_after(Ledger, "post_records", context)
        with pytest.raises(KilledError):
            work("Ada")
    half = Inbox(box.path)
    assert half.find(name).begun["act"] == act
    with pytest.raises(UsageError, match="Ada began"):
        half.reject(name, "Ben", "")
    done = work("Ben")
    assert (done.state, done.begun) == ("confirmed" if act == "confirm" else "open", None)
    entries = list(ledger.entries())
    assert len(entries) == before + 1
    assert act == "undo" or (entries[-1].by, done.person, done.entry) == (
        "Ada", "Ada", entries[-1].id,
    )  # fmt: skip
    with pytest.raises(UsageError):
        work("Cem")
    assert len(list(ledger.entries())) == before + 1


def test_what_the_ledger_refuses_leaves_the_proposal_open(box, ledger, monkeypatch):
    def busy(*_args, **_kw):
        raise StoreBusyError("busy")

    name = money(box).id
    with monkeypatch.context() as context:
        context.setattr(Ledger, "post_records", busy)
        with pytest.raises(StoreBusyError):
            confirm(box, ledger, name)
    assert (box.find(name).state, box.find(name).begun) == ("open", None)
    assert confirm(box, ledger, name).state == "confirmed"


def test_two_people_confirm_two_duplicates_at_once_and_one_is_told(box, ledger, monkeypatch):
    """The second looks again when the ledger has moved between looking and posting."""
    box.add(article("Gamma", TEXT + "\nRien de plus n'a été dit."))
    first, second = (each for each in box.list() if each.fields.get("amount_low"))
    real = Ledger.head

    def head(self):
        found = real(self)
        monkeypatch.setattr(Ledger, "head", real)
        confirm(Inbox(box.path), ledger, first.id)
        return found

    monkeypatch.setattr(Ledger, "head", head)
    monkeypatch.setattr(deciding, "twins", _blind_once(deciding.twins, 2))
    with pytest.raises(UsageError, match="says the same already"):
        confirm(box, ledger, second.id)
    box.refresh()
    assert [box.find(each.id).state for each in (first, second)] == ["confirmed", "open"]
    assert box.find(second.id).begun is None
    assert len(list(ledger.entries())) == 1


def _blind_once(real, times):
    calls = []

    def work(waiting, ledger):
        calls.append(waiting.id)
        return [] if len(calls) <= times else real(waiting, ledger)

    return work


def test_duplicates_name_the_ledgers_entry_the_other_paper_and_stand_together(box, ledger):
    name = money(box).id
    entry = confirm(box, ledger, name).entry
    later = "La Norvège a promis 150 millions d'euros, rapporte un autre journal."
    (added,) = deciding.take_in(
        Inbox(box.path.with_name("other.jsonl")), article("Gamma", later), ledger
    )
    assert added.duplicate_of == entry
    echo = TEXT.replace("«", "“").replace("»", "”").replace("La Norvège s'est", "Oslo s'est")
    box.add(article("Gamma", echo))
    found = box.list("all")
    generators = [each for each in found if "groupes" in each.sentence]
    assert [each.document["outlet"] for each in generators] == ["Delta", "Gamma"]
    assert generators[1].duplicate_of == generators[0].id
    assert found.index(generators[1]) == found.index(generators[0]) + 1
    assert [each.id for each in box.duplicates(generators[0].id)] == [generators[1].id]


def test_an_echo_has_the_origin_of_the_first_and_keeps_its_paper(box, ledger):
    echo = TEXT + "\nLe journal a son propre dernier paragraphe, sur tout autre chose."
    box.add(article("Gamma", echo))
    second = next(each for each in box.list() if each.document["outlet"] == "Gamma")
    first = box.find(second.duplicate_of)
    assert second.document["origin"] == first.document["origin"]
    done = confirm(box, ledger, second.id)
    (entry,) = ledger.entries()
    assert (entry.id, entry.source.origin) == (done.entry, first.document["origin"])
    assert entry.source.also == (() if first.document["origin"] == "Gamma" else ("Gamma",))
