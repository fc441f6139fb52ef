"""kill -9 at random points: nothing acknowledged is lost, nothing is half there (200 in bench)."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import crashing

from intendance.ledger.ledger import Ledger
from intendance.ledger.store import Store

# Posts batches of three and prints each head as soon as it is acknowledged.
WRITER = """
import sys
from intendance.ledger.store import Record, Store
store = Store.open(sys.argv[1])
for n in range(100_000):
    ids = [f"{sys.argv[2]}-{n}-{k}" for k in range(3)]
    done = store.append([Record(each, "t:A", '{"a":1}') for each in ids])
    print(done.head.entries, done.head.root, flush=True)
"""


def test_an_import_killed_at_random_points_is_there_whole_or_not_at_all(tmp_path):
    trials = crashing.crash_imports(tmp_path, 4, rows=500, seed=3)
    assert trials.kills >= 4


def test_a_writer_killed_between_its_posts_loses_no_acknowledged_entry(tmp_path):
    name = tmp_path / "aid.db"
    Store.create(str(name)).close()
    chance = random.Random(5)
    for turn in range(4):
        call = [sys.executable, "-c", WRITER, str(name), f"w{turn}"]
        process = subprocess.Popen(call, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        rest, _ = process.communicate()
        acknowledged = [
            (int(line.split()[0]), line.split()[1])
            for line in (first + rest).splitlines(keepends=True)
            if line.endswith("\n")
        ]
        assert acknowledged
        store = Store.open(str(name))
        head = crashing.head_of(name)
        for entries, root in acknowledged:
            assert store.hash_at(entries) == root
        # At most one post more than was acknowledged can stand there, and a whole one.
        assert head.entries - acknowledged[-1][0] in (0, 3)
        store.close()


def test_a_program_killed_while_it_makes_a_ledger_leaves_none_or_a_whole_one(tmp_path):
    chance = random.Random(9)
    for turn in range(3):
        name = tmp_path / f"{turn}.db"
        process = crashing.quiet([crashing.COMMAND, "init", "--ledger", str(name)])
        while process.poll() is None and not name.exists():
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.01))
        process.kill()
        process.wait()
        with Ledger.create(str(name)) as book:
            assert book.verify().intact
            assert book.head().entries == 0


def test_a_killed_backup_leaves_no_file_under_its_name(tmp_path, make):
    name, copy = tmp_path / "aid.db", tmp_path / "copy.db"
    with Ledger.create(str(name)) as book:
        book.post([make(f"t:{n}") for n in range(2_000)])
    process = crashing.quiet([crashing.COMMAND, "backup", str(copy), "--ledger", str(name)])
    while process.poll() is None and not list(tmp_path.glob(".copy.db.*")):
        time.sleep(0.0005)
    process.kill()
    process.wait()
    if copy.exists():
        assert crashing.head_of(copy) == crashing.head_of(name)
    done = subprocess.run(
        [crashing.COMMAND, "backup", str(copy), "--ledger", str(name)], check=False
    )
    assert done.returncode == 0
    assert crashing.head_of(copy) == crashing.head_of(name)
