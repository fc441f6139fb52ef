"""Several servers on one PostgreSQL: people, sessions, papers and edits are shared."""

from __future__ import annotations

import threading

import pytest
from starlette.testclient import TestClient

from intendance.app.accounts import papers, people, sessions
from intendance.app.accounts.office import Office
from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings
from intendance.errors import StoreMovedError

pytestmark = pytest.mark.postgres


def at_once(work, count=6):
    """Run some work in threads; give what each gave or raised."""
    found: list[object] = []

    def one(number: int) -> None:
        try:
            found.append(work(number))
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            found.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_servers_that_start_at_once_make_one_office(ledger, address):
    def opening(_):
        Office.open(address).close()
        return "made"

    assert at_once(opening) == ["made"] * 6


def test_of_writers_of_one_paper_one_wins_and_no_event_is_lost(ledger, address):
    with Office.open(address) as office:
        papers.put(office, "review", "x", {"n": 0}, person="a", version=0)

        def put(number):
            return papers.put(office, "review", "x", {"n": number}, person="a", version=1)

        found = at_once(put)
        assert sum(isinstance(each, StoreMovedError) for each in found) == 5, found
        at_once(lambda number: papers.append(office, "s", [{"n": number}], person="a"))
        events = papers.events(office, "s")
        assert [each.number for each in events] == [1, 2, 3, 4, 5, 6]
        assert sorted(each.body["n"] for each in events) == list(range(6))


def test_two_servers_share_people_and_edits(ledger, address, make, tmp_path):
    ledger.post([make("t:A", "100")])
    apps = [create_app(Settings(ledger=address, data=tmp_path)) for _ in range(2)]
    office = apps[0].state.context.office
    clerk = people.add(office, "clerk", "clerk")
    secret = sessions.start(office, clerk, "x")
    browsers = []
    for app in apps:
        browser = TestClient(app, raise_server_exceptions=False)
        browser.cookies.set("intendance_session", secret)
        browsers.append(browser)
    first, second = (each.get("/api/v1/entry?id=t:A") for each in browsers)
    assert first.status_code == 200, first.text
    assert first.headers["etag"] == second.headers["etag"]
    headers = {"if-match": first.headers["etag"], "x-csrf-token": sessions.csrf_of(secret)}

    def correct(number):
        body = {"entry": "t:A", "reason": f"said {number}", "amount": {"number": str(number + 1)}}
        return browsers[number].post("/api/v1/corrections", json=body, headers=headers).status_code

    assert sorted(at_once(correct, 2)) == [201, 412]
    totals = {each.get("/ledger.json").json()["figures"]["total"]["best"] for each in browsers}
    assert len(totals) == 1
    assert totals <= {"1", "2"} or totals <= {"1.00", "2.00"}
    sessions.end(office, secret)
    assert browsers[1].get("/api/v1/entry?id=t:A").status_code == 401
    assert ledger.verify().intact
    for app in apps:
        app.state.context.close()
