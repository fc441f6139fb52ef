"""Pages under load: 200,000 entries, many people at once, each page as they would ask for it."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from benchmarks.ledger_data import DONORS, records

from intendance.app.accounts import people, sessions
from intendance.app.accounts.office import Office
from intendance.ledger.ledger import Ledger

ENTRIES = 200_000
PEOPLE = 50
SECONDS = 60
PAUSE_SECONDS = 2.0  # between two pages of one person
MOST_MS = 300.0
ROLES = (("reader", ""), ("donor", DONORS[0]), ("clerk", ""), ("coordinator", ""), ("auditor", ""))


def prepared(folder: Path, entries: int) -> tuple[str, list[str]]:
    """Make the ledger and a session for everybody."""
    name = str(folder / "load.db")
    with Ledger.create(name) as ledger:
        ledger.post_records(list(records(entries)), person="bench")
        _ = ledger.frame
    secrets = []
    with Office.open(name) as office:
        for number in range(PEOPLE):
            role, party = ROLES[number % len(ROLES)]
            person = people.add(office, f"p{number}", role, party=party)
            secrets.append(sessions.start(office, person, "bench"))
    return name, secrets


@contextmanager
def serving(name: str) -> Iterator[tuple[str, int]]:
    """Run a server on loopback; give its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "intendance.app", "serve", "--ledger", name, "--port", str(port)],
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{base}/health", timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield base, process.pid
    finally:
        process.terminate()
        process.wait()


def paths(number: int) -> Iterator[str]:
    """Give the pages that one person asks for, without an end."""
    turn = number
    while True:
        donor = DONORS[turn % len(DONORS)]
        yield from (
            "/",
            "/ledger",
            f"/ledger?donor={donor}".replace(" ", "+"),
            f"/ledger/entry?id=bench:L{turn % 100}",
            f"/ledger/entries?donor={donor}&limit=100".replace(" ", "+"),
            f"/ledger.json?offset={turn % 20 * 50}",
        )
        turn += 7


def visit(
    base: str, secret: str, number: int, until: float, told: list[tuple[str, float, int]]
) -> None:
    """Be one person: ask for a page, read it, ask for the next."""
    with httpx.Client(base_url=base, cookies={"intendance_session": secret}, timeout=60) as browser:
        time.sleep(number / PEOPLE * PAUSE_SECONDS)
        for path in paths(number):
            if time.monotonic() > until:
                return
            start = time.perf_counter()
            answer = browser.get(path)
            told.append((path, (time.perf_counter() - start) * 1000, answer.status_code))
            time.sleep(PAUSE_SECONDS)


def memory_mb(pid: int) -> float:
    """Give what a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(entries: int = ENTRIES, seconds: float = SECONDS) -> dict[str, object]:
    """Let everybody work for a while; give the times in milliseconds."""
    with TemporaryDirectory() as folder:
        name, secrets = prepared(Path(folder), entries)
        with serving(name) as (base, pid):
            warm: list[tuple[str, float, int]] = []
            visit(base, secrets[0], 0, time.monotonic() + 5, warm)
            before = memory_mb(pid)
            told: list[tuple[str, float, int]] = []
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=visit, args=(base, secret, number, until, told))
                for number, secret in enumerate(secrets)
            ]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            after = memory_mb(pid)
    times = sorted(ms for _, ms, _ in told)
    return {
        "entries": entries,
        "people": PEOPLE,
        "pages": len(told),
        "failed": sum(status != 200 for _, _, status in told),
        "first_page_ms": round(warm[0][1]),
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(times[int(len(times) * 0.95)]),
        "worst_ms": round(times[-1]),
        "share_under_300_ms": round(sum(ms < MOST_MS for ms in times) / len(times), 4),
        "memory_mb": [round(before), round(after)],
    }


if __name__ == "__main__":
    print(json.dumps(measure(seconds=float(sys.argv[1]) if sys.argv[1:] else SECONDS), indent=1))
