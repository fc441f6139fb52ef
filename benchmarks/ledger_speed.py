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

from benchmarks.figures import Figures, SkippedError, best_seconds, figure
from benchmarks.ledger_data import records

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


def bench_import_postgresql() -> Figures:
    """Durable appends (fsync on) to a server on this machine."""
    sys.path.insert(0, str(ROOT / "tests" / "postgres"))
    import server

    if reason := server.missing():
        raise SkippedError(reason)
    made = server.Server()
    try:
        made.start()
        assert made.sql("SHOW fsync") == [("on",)]
        assert made.sql("SHOW synchronous_commit") == [("on",)]
        with private_folder():
            return _imports(made.address())
    finally:
        made.close()


def bench_import_kiel_like() -> Figures:
    """A tracker's file of 20,000 rows by the command: read, checked, compared, posted, durable."""
    sys.path.insert(0, str(ROOT / "tests" / "ledger"))
    import crashing

    with private_folder() as folder:
        file = crashing.kiel_like(folder / "release.csv", 20_000)
        ledger = folder / "aid.db"
        Ledger.create(str(ledger)).close()
        started = time.perf_counter()
        crashing.finished(crashing.quiet(crashing.import_call(ledger, file, "2023-03-02")))
        seconds = time.perf_counter() - started
        entries = crashing.head_of(ledger).entries
    return {
        "file_rows_per_s": figure(20_000 / seconds, "rows/s", at_least=10_000),
        "entries_per_s": figure(entries / seconds, "entries/s"),
        "entries": entries,
    }


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
