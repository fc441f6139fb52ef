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
from typing import Any

import httpx
from benchmarks.figures import Figures, figure
from benchmarks.ledger_data import DONORS, records

from intendance.app.accounts import people, sessions
from intendance.app.accounts.office import Office
from intendance.app.web.work import NICE
from intendance.ledger.ledger import Ledger

ENTRIES = 200_000
PEOPLE = 50
SECONDS = 60
PAUSE_SECONDS = 2.0  # between two pages of one person
MOST_MS = 300.0
SIZE_SOLVED = "medium"
# Lines that the generator begins (the numbers between are corrections and deliveries).
_NEW = [int(each.line[7:]) for each in records(200) if each.line[7:].isdecimal()]
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
            f"/ledger/entry?id=bench:L{_NEW[turn % len(_NEW)]}",
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


def kind_of(path: str) -> str:
    """Give a page's kind: its address without what is asked of it."""
    place, asks, query = path.partition("?")
    return place + (f"?{query.partition('=')[0]}" if asks else "")


def times_by_kind(told: list[tuple[str, float, int]]) -> dict[str, list[int]]:
    """Give of each kind of page the median, the 95 % and the worst time in milliseconds."""
    found: dict[str, list[float]] = {}
    for path, ms, _ in told:
        found.setdefault(kind_of(path), []).append(ms)
    return {
        kind: [round(statistics.median(each)), round(_most(each)), round(max(each))]
        for kind, each in sorted(found.items())
    }


def _most(times: list[float]) -> float:
    """Give the time that 95 % of the pages keep."""
    return sorted(times)[int(len(times) * 0.95)]


def memory_mb(pid: int) -> float:
    """Give what a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def solving(*, really: bool) -> Iterator[None]:
    """Let one solve after the other run beside the pages, as a job of the server would."""
    if not really:
        yield
        return
    ended = threading.Event()
    process: list[subprocess.Popen[bytes]] = []

    def again(folder: str) -> None:
        while not ended.is_set():
            words = ("plan", "solve", f"{folder}/problem", "--out")
            place = f"{folder}/plan-{time.monotonic_ns()}"
            call = ["nice", "-n", str(NICE), sys.executable, "-m", "intendance.app", *words, place]
            process[:] = [subprocess.Popen(call, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)]  # fmt: skip
            process[0].wait()

    from intendance.plan.instances import write_instance

    with TemporaryDirectory() as folder:
        write_instance(SIZE_SOLVED, 1, Path(folder) / "problem")
        thread = threading.Thread(target=again, args=(folder,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            if process:
                process[0].terminate()
            thread.join()


def measure(
    entries: int = ENTRIES, seconds: float = SECONDS, *, solve: bool = True
) -> dict[str, Any]:
    """Let everybody work for a while; give the times in milliseconds."""
    with TemporaryDirectory() as folder:
        name, secrets = prepared(Path(folder), entries)
        with serving(name) as (base, pid):
            warm: list[tuple[str, float, int]] = []
            visit(base, secrets[0], 0, time.monotonic() + 5, warm)
            before = memory_mb(pid)
            told: list[tuple[str, float, int]] = []
            until = time.monotonic() + seconds
            used = cpu_seconds(pid)
            threads = [
                threading.Thread(target=visit, args=(base, secret, number, until, told))
                for number, secret in enumerate(secrets)
            ]
            with solving(really=solve):
                for each in threads:
                    each.start()
                for each in threads:
                    each.join()
            used = cpu_seconds(pid) - used
            after = memory_mb(pid)
    times = sorted(ms for _, ms, _ in told)
    return {
        "entries": entries,
        "people": PEOPLE,
        "pages": len(told),
        "failed": sum(status != 200 for _, _, status in told),
        "first_page_ms": round(warm[0][1]),
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(_most(times)),
        "worst_ms": round(times[-1]),
        "share_under_300_ms": round(sum(ms < MOST_MS for ms in times) / len(times), 4),
        "cpu_ms_a_page": round(used * 1000 / len(told), 1),
        "median_p95_worst_ms": times_by_kind(told),
        "memory_mb": [round(before), round(after)],
    }


def bench_web_load() -> Figures:
    """50 people for a minute on 200,000 entries while one solve runs."""
    found = measure()
    before, after = found["memory_mb"]
    return {
        **found,
        "share_under_300_ms": figure(found["share_under_300_ms"], at_least=0.95),
        "failed": figure(found["failed"], at_most=0),
        "memory_growth": figure(after / before, "times", at_most=2.0),
    }


if __name__ == "__main__":
    print(json.dumps(measure(seconds=float(sys.argv[1]) if sys.argv[1:] else SECONDS), indent=1))
