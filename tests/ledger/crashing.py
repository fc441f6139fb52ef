"""Ends a program with kill -9 at random points and looks at what it left (tests, `make bench`)."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from intendance.ledger.chain import Head
from intendance.ledger.ledger import Ledger
from intendance.ledger.store import Store

COMMAND = str(Path(sys.executable).with_name("intendance"))
_HEADS = ("ID", "Countries", "Announcement Date", "Type of Aid General", "Original Currency",
          "Total", "Converted Value in EUR", "Item", "Source of Aid 1")  # fmt: skip
DAYS = ("2023-03-02", "2023-05-02", "2023-09-21")


def kiel_like(path: Path, rows: int, *, release: int = 0, seed: int = 7) -> Path:
    """Write a release in a tracker's layout; a later one changes, drops and adds lines."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADS)
        for n in range(rows + 40 * release):
            amount = chance.randrange(1, 10**7) * 100
            day = f"{1 + chance.randrange(12)}/{1 + chance.randrange(28)}/2022"
            donor = chance.choice(("Poland", "Norway", "Germany", "Japan"))
            category = chance.choice(("Military", "Financial", "Humanitarian"))
            if release and n % 50 == release:
                continue
            if release and n % 20 == release:
                amount += 1000
            writer.writerow((f"ZZ{n}", donor, day, category, "EUR", amount, amount,
                             "Generators", f"https://example.org/{n}"))  # fmt: skip
    return path


def import_call(ledger: Path, file: Path, day: str) -> list[str]:
    """Give the words of one import."""
    return [COMMAND, "import", "kiel", str(file), "--recorded-at", day, "--ledger", str(ledger)]


def quiet(call: list[str]) -> subprocess.Popen[bytes]:
    """Start a program whose figures nobody reads; what it complains of is kept for `finished`."""
    complaint = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process object
    process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=complaint)
    process.complaint = complaint  # type: ignore[attr-defined]
    return process


def finished(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program that nobody disturbs; AssertionError with its words when it fails."""
    code = process.wait()
    complaint = process.complaint  # type: ignore[attr-defined]
    complaint.seek(0)
    assert code == 0, complaint.read().decode(errors="replace")


def head_of(ledger: Path) -> Head:
    """Give the head of a ledger whose chain is intact; AssertionError when it is not."""
    store = Store.open(str(ledger))
    try:
        verdict = store.verify()
    finally:
        store.close()
    assert verdict.intact, verdict
    return Head(verdict.entries, verdict.root)


@dataclass(slots=True)
class Trials:
    """Kills by the moment that they met: before the write, in it, after it; or too late."""

    moments: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        return sum(count for moment, count in self.moments.items() if moment != "too late")


def crash_imports(folder: Path, kills: int, *, rows: int = 2_000, seed: int = 1) -> Trials:
    """Import three releases again and again, each killed at random points before it completes.

    After every kill the chain is intact and the head is the one before the import or, if the
    write was through, the one after: nothing acknowledged is lost, nothing is half there. Each
    release is then imported once more and gives the head of a ledger that was never disturbed.
    """
    chance = random.Random(seed)
    files = [kiel_like(folder / f"r{n}.csv", rows, release=n, seed=seed) for n in range(len(DAYS))]
    calm = folder / "calm.db"
    Ledger.create(str(calm)).close()
    heads = [head_of(calm)]
    spans = []
    for file, day in zip(files, DAYS, strict=True):
        started = time.monotonic()
        finished(quiet(import_call(calm, file, day)))
        spans.append(time.monotonic() - started)
        heads.append(head_of(calm))
    assert len({head.root for head in heads}) == len(heads)
    done, started, turn = Trials(), time.monotonic(), 0
    while done.kills < kills:
        ledger = folder / f"crash-{turn}.db"
        Ledger.create(str(ledger)).close()
        for step, (file, day) in enumerate(zip(files, DAYS, strict=True)):
            call = import_call(ledger, file, day)
            for _ in range(1 + (kills - done.kills > 6)):
                moment = _one_kill(ledger, call, heads[step : step + 2], spans[step], chance)
                done.moments[moment] += 1
            finished(quiet(call))
            assert head_of(ledger) == heads[step + 1]
            if done.kills >= kills:
                break
        turn += 1
        for each in folder.glob("crash-*"):
            each.unlink()
    done.seconds = time.monotonic() - started
    return done


def _one_kill(
    ledger: Path, call: list[str], heads: list[Head], span: float, chance: random.Random
) -> str:
    process = quiet(call)
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0, span))
    else:
        # Most of a short import is start-up: wait for its first written page, then a little.
        wal = Path(f"{ledger}-wal")
        while process.poll() is None and not (wal.exists() and wal.stat().st_size):
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.02))
    alive = process.poll() is None
    wrote = Path(f"{ledger}-wal").exists() and Path(f"{ledger}-wal").stat().st_size > 0
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    head = head_of(ledger)
    assert head in heads, (head, heads)
    if not alive:
        finished(process)
        assert head == heads[1]
        return "too late"
    if head == heads[1]:
        return "after the write"
    return "in the write" if wrote else "before the write"
