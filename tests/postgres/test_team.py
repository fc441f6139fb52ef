"""A team's ledger: writers serialise, crashes lose nothing, errors are sentences."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intendance.errors import InputError, StoreBusyError, StoreError
from intendance.ledger import store as store_module
from intendance.ledger.copying import back_up, bring_back
from intendance.ledger.ledger import Ledger
from intendance.ledger.store import Record, Store

pytestmark = pytest.mark.postgres

COMMAND = Path(sys.executable).with_name("intendance")
# Posts batches of two and prints each head as soon as it is acknowledged. Where asked, it waits
# for a line of its standard input before each batch.
WRITER = """
import sys
from intendance.ledger.store import Record, Store
store = Store.open(sys.argv[1])
for n in range(int(sys.argv[3])):
    if sys.argv[4] == "turns":
        sys.stdin.readline()
    ids = [f"{sys.argv[2]}-{n}-{k}" for k in (0, 1)]
    body = '{"line":"t:%s","of":"' + sys.argv[2] + '"}'
    done = store.append([Record(each, f"t:{each}", body % each) for each in ids])
    print(done.head.entries, done.head.root, *ids, flush=True)
"""


def writer(address: str, name: str, batches: int, pace: str = "free") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, address, name, str(batches), pace],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows_of(store: Store) -> dict[str, tuple[int, str]]:
    return {link.id: (link.seq, link.hash) for link in store.links()}


def acknowledged(said: str) -> list[tuple[int, str, list[str]]]:
    """Read what a writer printed: the head and the ids of each acknowledged batch."""
    whole = [line.split() for line in said.splitlines() if len(line.split()) == 4]
    return [(int(entries), root, ids) for entries, root, *ids in whole]


def test_several_writers_at_once_lose_nothing_and_keep_one_chain(address):
    Store.create(address).close()
    writers = [writer(address, name, 15, "turns") for name in ("ada", "bo", "cy")]
    heard = ["", "", ""]
    for _ in range(15):
        for each in writers:  # all three are let go before any of them is heard
            each.stdin.write("go\n")
            each.stdin.flush()
        heard = [said + each.stdout.readline() for said, each in zip(heard, writers, strict=True)]
    rest = [each.communicate(timeout=60) for each in writers]
    assert [each.returncode for each in writers] == [0, 0, 0], rest
    batches = [batch for said in heard for batch in acknowledged(said)]
    assert len(batches) == 45
    store = Store.open(address)
    assert store.verify().as_record() == {
        "entries": 90,
        "root": store.head().root,
        "intact": True,
        "first_bad": None,
    }
    rows = rows_of(store)
    for entries, root, ids in batches:
        # The head that a writer was told is the hash of its own last entry, at that very place.
        assert rows[ids[1]] == (entries, root)
        assert rows[ids[0]][0] == entries - 1
    # They really took turns: each round of six entries holds a batch of every writer.
    order = [entry.split("-")[0] for entry, _ in sorted(rows.items(), key=lambda row: row[1])]
    rounds = [order[first : first + 6] for first in range(0, 90, 6)]
    assert all(sorted(each) == ["ada", "ada", "bo", "bo", "cy", "cy"] for each in rounds), order


def test_one_identity_posted_by_two_writers_at_once_stands_once(address):
    Store.create(address).close()
    said: list[int] = []

    def post() -> None:
        own = Store.open(address)
        said.append(own.append([Record(f"id-{n}", "t:A", '{"a":1}') for n in range(500)]).new)
        own.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(said) == [0, 0, 0, 500]
    assert Store.open(address).verify().entries == 500


def test_two_people_who_make_the_same_ledger_get_one(address):
    made: list[str] = []

    def make() -> None:
        made.append(Store.create(address).fact("ledger"))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_writer_that_waits_too_long_is_told_in_a_sentence(ledger, address, make, monkeypatch):
    other = Store.open(address)
    with other.writing():
        monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.2)
        started = time.monotonic()
        with pytest.raises(StoreBusyError, match="Somebody else is writing") as caught:
            ledger.post([make()])
        assert 0.15 < time.monotonic() - started < 5
    assert caught.value.exit_code == 5
    assert caught.value.next_step
    assert ledger.post([make()]).new == 1


def test_readers_never_wait_and_verify_sees_one_state_while_others_write(ledger, address, make):
    ledger.post([make(f"t:{n}") for n in range(50)])
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        own = Store.open(address)
        n = 0
        while not stop.is_set():
            own.append([Record(f"more-{n}", "t:B", "{}")])
            begun.set()
            n += 1
        own.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(timeout=30)  # a busy machine connects slowly
        verdicts = [ledger.verify() for _ in range(25)]
        late = time.monotonic() + 30
        while verdicts[-1].entries == verdicts[0].entries and time.monotonic() < late:
            verdicts.append(ledger.verify())
    finally:
        stop.set()
        thread.join()
    assert all(each.intact for each in verdicts)
    assert verdicts[-1].entries > verdicts[0].entries > 50


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE entry SET body = replace(body, 'Poland', 'Norway') WHERE seq = 4", "4"),
        ("UPDATE entry SET id = 'forged' WHERE seq = 4", "forged"),
        ("UPDATE entry SET hash = repeat('0', 64) WHERE seq = 4", "4"),
        ("DELETE FROM entry WHERE seq = 6", "(end of the chain)"),
        ("UPDATE fact SET value = '5' WHERE name = 'entries'", "(end of the chain)"),
    ],
)
def test_what_somebody_changes_in_the_database_is_found(ledger, server, make, change, found):
    ledger.post([make(f"t:{n}") for n in range(1, 7)])
    ids = [entry.id for entry in ledger.entries()]
    schema = ledger.store.name.rpartition("search_path%3D")[2].rpartition("=")[2]
    server.sql(f"SET search_path = {schema}; {change}")
    verdict = ledger.verify()
    assert not verdict.intact
    assert verdict.first_bad == (ids[int(found) - 1] if found.isdecimal() else found)


def test_backup_to_a_file_and_back_to_a_server_keep_head_and_trail(ledger, server, make, tmp_path):
    head = ledger.post([make(f"t:é{n}", reason="« tel quel »\n\ttab\\") for n in range(30)]).head
    ledger.store.note("Ada", "read", "something")
    assert back_up(ledger, tmp_path / "copy.db") == head
    server.sql("CREATE SCHEMA again")
    other = server.address(schema="again")
    assert bring_back(tmp_path / "copy.db", other) == head
    with Ledger.open(other) as again:
        assert again.verify().intact
        assert list(again.store.links()) == list(ledger.store.links())
        assert "Ada" in {row["person"] for row in again.store.trail()}
        assert again.store.fact("ledger") != ledger.store.fact("ledger")


def test_the_same_entries_give_the_same_root_on_a_file_and_a_server(ledger, make, tmp_path):
    entries = [make(f"t:{n}", f"{n}.25", reason="«é» \U0001f600") for n in range(40)]
    with Ledger.create(str(tmp_path / "aid.db")) as book:
        assert book.post(entries).head == ledger.post(entries).head


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("kind", ["server", "file"])
def test_what_no_text_column_can_hold_is_refused_alike(address, tmp_path, text, kind):
    store = Store.create(address if kind == "server" else str(tmp_path / "aid.db"))
    for record in (
        Record(text, "t:A", "{}"),
        Record("good", text, "{}"),
        Record("good", "t:A", text),
    ):
        with pytest.raises(InputError, match="no text"):
            store.append([Record("before", "t:A", "{}"), record])
    with pytest.raises(InputError, match="characters"):
        store.append([Record("x" * 201, "t:A", "{}")])
    assert store.head().entries == 0


def test_a_server_killed_under_a_writer_loses_nothing_that_was_acknowledged(server, address):
    Store.create(address).close()
    for round_ in range(2):
        writing = writer(address, f"w{round_}", 100_000)
        assert writing.stdout is not None
        first = writing.stdout.readline()
        time.sleep(0.4)
        server.kill()
        rest, complaint = writing.communicate(timeout=30)
        server.start()
        batches = acknowledged(first + rest)
        assert len(batches) > 3, complaint
        assert "StoreError" in complaint
        assert "The ledger postgresql://" in complaint
        store = Store.open(address)
        verdict, rows = store.verify(), rows_of(store)
        store.close()
        assert verdict.intact
        for entries, root, ids in batches:
            assert rows[ids[1]] == (entries, root)


def test_a_backend_killed_in_the_middle_of_a_copy_leaves_nothing_half(
    ledger, server, make, monkeypatch
):
    ledger.post([make("t:before")])
    head = ledger.head()
    original = store_module._insert
    calls = []

    def insert_then_kill(connection, rows):
        original(connection, rows)
        calls.append(len(rows))
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        server.sql(f"SELECT pg_terminate_backend({pid}, 5000)")

    records = [Record(f"id-{n}", "t:A", '{"a":1}') for n in range(6_000)]
    monkeypatch.setattr(store_module, "_insert", insert_then_kill)
    with pytest.raises(StoreError) as caught:
        ledger.post_records(records)
    assert caught.value.exit_code == 5
    assert calls == [5_000]
    monkeypatch.undo()
    # The same object finds its way back to the server, and the retry is whole.
    assert ledger.head() == head
    posted = ledger.post_records(records)
    assert (posted.new, posted.repeated) == (6_000, 0)
    assert ledger.post_records(records).repeated == 6_000
    assert ledger.verify().intact


def test_a_stopped_server_is_one_sentence_and_the_password_is_never_shown(tmp_path):
    address = "postgresql://ada:s3cr%40t%2Fword@127.0.0.1:1/aid"
    for command in (["verify"], ["total"], ["init"], ["backup", str(tmp_path / "b.db")]):
        done = subprocess.run(
            [str(COMMAND), *command, "--ledger", address],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 5, done.stderr
        assert "cannot be reached" in done.stderr
        assert "Traceback" not in done.stderr
        for spelled in ("s3cr%40t%2Fword", "s3cr@t/word"):
            assert spelled not in done.stdout + done.stderr
    assert not (tmp_path / "b.db").exists()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:s3cret@127.0.0.1:port/aid",
        "mysql://ada:s3cret@127.0.0.1/aid",
        "postgres://[ada:s3cret",
        "postgresql://ada:x@y/s3cret@127.0.0.1/aid",
    ],
)
def test_an_address_that_cannot_be_read_is_named_without_its_password(address):
    for opening in (Store.open, Store.create):
        with pytest.raises(InputError) as caught:
            opening(address)
        error = caught.value
        assert "s3cret" not in f"{error} {error.next_step} {error.__cause__}"


def test_other_spellings_of_the_address_reach_the_same_ledger(ledger, address, make):
    ledger.post([make()])
    for start in ("postgres://", "postgresql+psycopg://"):
        with Ledger.open(address.replace("postgresql://", start)) as same:
            assert same.head() == ledger.head()


def test_a_database_without_a_ledger_and_one_of_another_program_say_so(address, server):
    with pytest.raises(InputError, match="is not a ledger"):
        Store.open(address)
    store = Store.create(address)
    store.close()
    server.sql("CREATE SCHEMA foreign_; CREATE TABLE foreign_.fact (name text, value text)")
    with pytest.raises(InputError, match="is not a ledger"):
        Store.open(server.address(schema="foreign_"))
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(server.address(database="nowhere"))


def test_an_account_without_rights_is_told_so(address, server, make):
    with Ledger.create(address) as book:
        book.post([make()])
    schema = address.rpartition("%3D")[2]
    server.sql("CREATE ROLE reader LOGIN")
    server.sql(f"GRANT USAGE ON SCHEMA {schema} TO reader")
    server.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    with Ledger.open(address.replace("tester@", "reader@")) as book:
        assert book.verify().intact
        with pytest.raises(StoreError, match="by this account") as caught:
            book.post([make("t:other")])
    assert caught.value.exit_code == 5


def test_the_commands_work_on_a_server(address, make):
    from intendance.app.main import app

    runner = CliRunner()
    assert runner.invoke(app, ["init", "--ledger", address]).exit_code == 0
    with Ledger.open(address) as book:
        book.post([make("t:1", "12.50")])
    done = runner.invoke(app, ["total", "--ledger", address, "--json"])
    assert '"best": "12.50"' in done.output
    done = runner.invoke(app, ["verify", "--ledger", address])
    assert done.exit_code == 0, done.output
    assert "intact" in done.output


def test_a_long_import_fits_through_the_servers_door(ledger):
    """20,000 rows in one transaction, through COPY, with the chain of a file's ledger."""
    records = [Record(f"id-{n:06}", f"t:{n % 100}", f'{{"n":"{n}"}}') for n in range(20_000)]
    assert ledger.post_records(records).new == 20_000
    assert ledger.verify().intact
    assert len(ledger.store.about("t:7", bool)) == 200
    assert ledger.store.about("id-0000", bool)[0].id == "id-000000"


def test_a_persons_strange_name_stops_nothing(ledger, make):
    ledger.post([make()], person="Ada\udce9\0" + "x" * 300)
    (row,) = ledger.store.trail()
    assert row["person"].startswith("Ada??x")
    assert len(row["person"]) == 200


def test_an_account_whose_name_says_busy_is_not_taken_for_a_busy_ledger(server):
    address = server.address().replace("tester@", "busy_locked@")
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        Store.open(address)
    assert not isinstance(caught.value, StoreBusyError)
