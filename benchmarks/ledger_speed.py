"""The ledger's speed and size: durable imports, totals at 200,000 and 2,000,000 entries."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.figures import Figures, SkippedError, best_seconds, figure
from benchmarks.ledger_data import records

from intendance.exchange.importing import import_file
from intendance.ledger.chain import Link
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger, read

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).with_name("intendance"))
QUESTION = Definition(by=("donor", "category"), as_of=date(2023, 6, 1))
_BATCH = 100_000


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a folder of our own, with the cache of projections in it."""
    with tempfile.TemporaryDirectory(prefix="intendance-bench-") as name:
        os.environ["INTENDANCE_CACHE"] = str(Path(name) / "cache")
        yield Path(name)


def fill(name: str, count: int) -> tuple[Ledger, float]:
    """Make a ledger of some size; give it and the seconds that its appends took."""
    book = Ledger.create(name)
    coming = records(count)
    seconds = 0.0
    while batch := list(islice(coming, _BATCH)):
        started = time.perf_counter()
        book.post_records(batch)
        seconds += time.perf_counter() - started
    assert book.head().entries == count
    return book, seconds


def peak_gb() -> float:
    """Give the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _imports(name: str) -> Figures:
    book, seconds = fill(name, 100_000)
    entries = [read(Link(1, each.id, each.body, "")) for each in records(20_000, start=100_000)]
    # From entries: checked, made canonical, hashed, chained, compared with what stands there.
    started = time.perf_counter()
    posted = book.post(entries)
    whole = time.perf_counter() - started
    assert posted.new == 20_000
    again = best_seconds(lambda: book.post(entries), 1)
    assert book.verify().intact
    book.close()
    return {
        "rows_per_s_of_records": figure(100_000 / seconds, "rows/s", at_least=10_000),
        "rows_per_s_of_entries": figure(20_000 / whole, "rows/s", at_least=10_000),
        "rows_per_s_when_repeated": figure(20_000 / again, "rows/s"),
    }


def bench_import_sqlite() -> Figures:
    """Durable appends (WAL, synchronous=FULL) to a file."""
    with private_folder() as folder:
        return _imports(str(folder / "aid.db"))


@contextmanager
def _server() -> Iterator[Any]:
    """Give a durable server on this machine; SkippedError when none can be started."""
    sys.path.insert(0, str(ROOT / "tests" / "postgres"))
    import server

    if reason := server.missing():
        raise SkippedError(reason)
    made = server.Server()
    try:
        made.start()
        assert made.sql("SHOW fsync") == [("on",)]
        assert made.sql("SHOW synchronous_commit") == [("on",)]
        yield made
    finally:
        made.close()


def bench_import_postgresql() -> Figures:
    """Durable appends (fsync on) to a server on this machine."""
    with _server() as made, private_folder():
        return _imports(made.address())


def _tracker_rows(folder: Path, names: list[str], rows: int) -> Figures:
    """Import a tracker's file into each of some new ledgers; the best of them counts."""
    sys.path.insert(0, str(ROOT / "tests" / "ledger"))
    import crashing

    file = crashing.kiel_like(folder / "release.csv", rows)
    walls, cpus = [], []
    for name in names:
        with Ledger.create(name) as book:
            wall, cpu = time.perf_counter(), time.process_time()
            made = import_file(book, "kiel", file, recorded_on=date(2023, 3, 2))
            cpus.append(time.process_time() - cpu)
            walls.append(time.perf_counter() - wall)
            assert made.rows == made.entries == rows
            assert made.posted == 2 * rows
            assert book.verify().intact
    return {
        "file_rows_per_s": figure(rows / min(walls), "rows/s", at_least=10_000),
        "file_rows_per_cpu_s": figure(rows / min(cpus), "rows/s"),
        "entries_per_s": figure(2 * rows / min(walls), "entries/s"),
    }


def bench_import_kiel_like() -> Figures:
    """A tracker's file of 20,000 rows to a file: read, checked, compared, posted, durable."""
    with private_folder() as folder:
        found = _tracker_rows(folder, [str(folder / f"aid{n}.db") for n in range(3)], 20_000)
        sys.path.insert(0, str(ROOT / "tests" / "ledger"))
        import crashing

        ledger = folder / "command.db"
        Ledger.create(str(ledger)).close()
        call = crashing.import_call(ledger, folder / "release.csv", "2023-03-02")
        started = time.perf_counter()
        crashing.finished(crashing.quiet(call))
        seconds = time.perf_counter() - started
    return found | {"file_rows_per_s_of_the_command": figure(20_000 / seconds, "rows/s")}


def bench_import_kiel_like_large() -> Figures:
    """The same of 100,000 rows."""
    with private_folder() as folder:
        return _tracker_rows(folder, [str(folder / "aid.db")], 100_000)


def bench_import_kiel_like_postgresql() -> Figures:
    """The same of 20,000 rows to a server on this machine (its own processor time not counted)."""
    with _server() as made, private_folder() as folder:
        names = [f"bench{n}" for n in range(3)]
        for name in names:
            made.sql(f"CREATE SCHEMA {name}")
        return _tracker_rows(folder, [made.address(schema=name) for name in names], 20_000)


def _totals(count: int, most_ms: float) -> Figures:
    with private_folder() as folder:
        name = str(folder / "aid.db")
        book, _ = fill(name, count)
        started = time.perf_counter()
        book.frame  # noqa: B018 - made here, from the bodies
        made = time.perf_counter() - started
        found = book.total(QUESTION)
        assert sum(amount.best for _, amount in found.rows) == found.total.best
        spent = best_seconds(lambda: book.total(QUESTION), 9)
        book.post_records(list(records(1_000, start=count)))
        started = time.perf_counter()
        book.frame  # noqa: B018 - extended by a thousand entries
        extended = time.perf_counter() - started
        figures: Figures = {
            "total_ms": figure(spent * 1000, "ms", at_most=most_ms),
            "projection_made_s": figure(made, "s"),
            "projection_extended_by_1000_s": figure(extended, "s"),
            "file_mb": figure(Path(name).stat().st_size / 2**20, "MB"),
        }
        if count <= 200_000:
            figures |= _command(name)
        book.close()
    return figures | {"peak_memory_gb": figure(peak_gb(), "GB", at_most=3)}


def _command(name: str) -> Figures:
    words = [COMMAND, "total", "--by", "donor,category", "--as-of", "2023-06-01", "--json"]

    def run(call: list[str]) -> None:
        subprocess.run(call, check=True, capture_output=True)

    empty = f"{name}.empty"
    Ledger.create(empty).close()
    bare = best_seconds(lambda: run([COMMAND, "--version"]), 5)
    nothing = best_seconds(lambda: run([*words, "--ledger", empty]), 5)
    whole = best_seconds(lambda: run([*words, "--ledger", name]), 5)
    return {
        "command_s": figure(whole, "s"),
        "command_beyond_an_empty_ledger_s": figure(whole - nothing, "s", at_most=0.5),
        "command_beyond_version_s": figure(whole - bare, "s", at_most=0.5),
    }


def bench_total_200k() -> Figures:
    """200,000 entries: total by donor and category as of a date."""
    return _totals(200_000, 60)


def bench_total_2m() -> Figures:
    """2,000,000 entries: the same, and the whole process under 3 GB."""
    return _totals(2_000_000, 500)
