"""Two servers as processes on one PostgreSQL; one of them is killed while it takes edits."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from tests.app.web.conftest import PASSWORD, aid

from intendance.app.accounts import people
from intendance.app.accounts.office import Office
from intendance.ledger.ledger import Ledger

pytestmark = pytest.mark.postgres
LINES = 60


@contextmanager
def running(address: str, folder, count: int) -> Iterator[list[tuple[str, subprocess.Popen]]]:
    """Run servers that share a ledger and a folder; give their addresses and processes."""
    started = []
    try:
        for _ in range(count):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            call = [sys.executable, "-m", "intendance.app", "serve", "--ledger", address,
                    "--port", str(port), "--data", str(folder)]  # fmt: skip
            process = subprocess.Popen(call, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            started.append((f"http://127.0.0.1:{port}", process))
        for base, _ in started:
            _wait_for(base)
        yield started
    finally:
        for _, process in started:
            process.kill()
            process.wait()


def _wait_for(base: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{base}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def signed_in(base: str, name: str) -> httpx.Client:
    """Sign in as people do."""
    browser = httpx.Client(base_url=base, timeout=30)
    form = {"name": name, "password": PASSWORD}
    page = browser.get("/login").text
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    answer = browser.post("/login", data={**form, "csrf": found[1] if found else ""})
    assert answer.status_code == 303, answer.text
    return browser


def correct(browser: httpx.Client, csrf: str, line: str, amount: str) -> httpx.Response:
    """Correct a line by the API, made from the version that was just read."""
    shown = browser.get("/api/v1/entry", params={"id": line})
    etag = shown.headers["etag"]
    return browser.post(
        "/api/v1/corrections",
        json={"entry": line, "reason": "told", "amount": {"number": amount}},
        headers={"if-match": etag, "x-csrf-token": csrf},
    )


def csrf_of(browser: httpx.Client) -> str:
    """Give the session's token, from a page's form."""
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/account").text)
    assert found is not None
    return found[1]


def test_what_a_killed_server_acknowledged_is_seen_on_the_other(ledger, address, tmp_path):
    ledger.post([aid(f"L{number}", "1000", "Japan") for number in range(LINES)])
    with Office.open(address) as office:
        clerk = people.add(office, "clerk", "clerk")
        people.set_password(office, clerk, PASSWORD)
    with running(address, tmp_path, 2) as ((first, victim), (second, _)):
        one, two = signed_in(first, "clerk"), signed_in(second, "clerk")
        # One session is good on both servers; an edit on one is seen on the other at once.
        assert httpx.Client(base_url=second, cookies=one.cookies).get("/account").status_code == 200
        token = csrf_of(one)
        made = correct(one, token, "own:L0", "77")
        assert made.status_code in (200, 201), made.text
        shown = two.get("/api/v1/entry", params={"id": "own:L0"}).text
        assert made.json()["id"] in shown

        acknowledged: list[str] = [made.json()["id"]]

        def edit() -> None:
            for number in range(1, LINES):
                try:
                    answer = correct(one, token, f"own:L{number}", "77")
                except httpx.HTTPError:
                    return
                if answer.status_code in (200, 201):
                    acknowledged.append(answer.json()["id"])

        thread = threading.Thread(target=edit)
        thread.start()
        while len(acknowledged) < 6:
            time.sleep(0.01)
        os.kill(victim.pid, signal.SIGKILL)
        thread.join()
        assert 6 <= len(acknowledged) < LINES  # it was in the middle
        for each in acknowledged:
            answer = two.get("/api/v1/entry", params={"id": each})
            assert answer.status_code == 200, each
        # The other goes on, and the chain is whole: nothing half was written.
        after = correct(two, csrf_of(two), f"own:L{LINES - 1}", "78")
        assert after.status_code in (200, 201), after.text
    with Ledger.open(address) as book:
        assert book.verify().intact
        entries = book.head().entries
    # At most the one edit that was under way when the server died was written and not answered.
    assert LINES + len(acknowledged) + 1 <= entries <= LINES + len(acknowledged) + 2
