"""Every page × every role × another donor's private lines: nothing reveals that they exist."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from tests.app.web.addresses import addresses
from tests.app.web.conftest import PEOPLE, SignedIn, entries

from intendance.app.accounts import office as office_module
from intendance.app.accounts import papers, people, sessions, tables
from intendance.app.web import desk, frozen
from intendance.app.web.context import Context
from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings
from intendance.ledger.ledger import Ledger

# Combinations that no route names by itself; every route and filter alone is found in the app.
COMBINED = [
    "/today.json?known_at=2024-02-10",
    "/today.json?since=2024-01-01",
    "/ledger.json?stage=pledge&donor=Poland",
    "/ledger/entries.csv?known_at=2024-02-01",
    "/ledger/changes.csv?since=2024-01-31&until=2024-12-31",
    "/inbox?state=all",
    "/claims?as_of=2024-02-29&known_at=2024-12-31",
    "/review?since=2024-01-31&currency=USD",
    "/meeting?at=1&as_of=2024-02-20",
    "/api/v1/openapi.json",
    "/donor",
    "/donor.json?donor=Poland",
    "/donor.json?donor=Norway&as_of=2024-03-01",
    "/donor.csv?donor=Poland&known_at=2024-02-10",
    "/donor.xlsx?donor=Norway",
    "/donor/plans/never",
    "/plan.json",
    "/plan/never.json",
    "/plan/compare.json?one=a&two=b",
    "/sustain.json?model=never",
    "/parties.json?q=SECRET",
]
LIMITED = ["reader", "poland", "norway", "clerk", "coordinator"]
ARTICLE = (
    "Donors count their aid\n\nGENEVA, 5 February (Agency) - Donors have committed 1.45 million "
    "euros to Moldova, the minister said. Poland will deliver 40 power generators to Moldova.\n"
)
CELL_ARTICLE = ARTICLE.replace("Donors count", "The cell counts RESTRICTED")
PUBLIC_SHA, CELL_SHA = (hashlib.sha256(each.encode()).hexdigest() for each in
                        (ARTICLE, CELL_ARTICLE))  # fmt: skip
# What somebody else's lines, papers and jobs are called; the same names for what never was.
MISSING = {
    "own:P": "own:X", "own:N": "own:X", "review-cell": "review-none", "jobofadmin": "jobofnobodyy",
    CELL_SHA: "0" * 64,
}  # fmt: skip
NAMES = (*MISSING, *dict.fromkeys(MISSING.values()), PUBLIC_SHA, "own:B", "review-open", "pledges",
         "Norway", "pump")  # fmt: skip


def hidden_from(name: str) -> set[str]:
    """Give what of MISSING a person may not know of."""
    own = {"poland": {"own:P"}, "norway": {"own:N"}}.get(name, set())
    cell = set() if name == "reader" else {"review-cell", CELL_SHA}
    return set(MISSING) - own - cell


def furnish(context: Context, name: str, *, everything: bool) -> None:
    """Put papers, articles and jobs beside the ledger: all of them, or those that a person sees."""
    office, cell = context.office, everything or name != "reader"
    for text, restricted in ((ARTICLE, False), (CELL_ARTICLE, True)):
        if cell or not restricted:
            desk.take(office, context.book(desk.CELL), text, published=date(2024, 2, 5),
                      outlet="Agency", language="en", restricted=restricted,
                      person="nobody")  # fmt: skip
    for title, marking in (("open", "public"), ("cell", "restricted")):
        if not cell and marking != "public":
            continue
        kept = papers.keep(office, b"a brief")
        body = {
            "title": title, "audience": "public" if title == "open" else "cell", "language": "en",
            "as_of": "2024-01-31", "known_at": "2024-01-31" if title == "open" else "2024-02-11",
            "since": None, "currency": "EUR", "document": "", "versions": {}, "marking": marking,
            "entries": context.store.head().entries, "seen": 5, "root": "0" * 64,
            "digests": dict.fromkeys(frozen.FORMS, kept),
        }  # fmt: skip
        papers.put(office, frozen.KIND, f"review-{title}", body, person="nobody", version=0)
    if everything:
        row = {
            "id": "jobofadmin", "kind": "import", "state": "done", "title": "SECRET-PL file",
            "run": "x:y", "arguments": "{}", "person": "admin", "viewer": "admin", "server": "s",
            "progress": "{}", "stop": False, "made_at": 1, "beat_at": 1, "ended_at": 1,
            "result": json.dumps(RESULT),
        }  # fmt: skip
        with office.writing() as connection:
            connection.execute(sa.insert(tables.job), [row])


RESULT = {
    "rows": 1, "entries": 1, "merged": 0, "set_aside_count": 0, "posted": 1, "withdrawn": 0,
    "dry_run": False, "set_aside": [], "notes": [], "format": "sheet",
}  # fmt: skip


def signed_in(folder: Path, kept: list, names: list[str]) -> dict[str, SignedIn]:
    """Give a client for some people on a ledger of some entries."""
    folder.mkdir()
    path = folder / "aid.db"
    with Ledger.create(str(path)) as ledger:
        ledger.post(kept)
    app = create_app(Settings(ledger=str(path), data=folder / "data"))
    office = app.state.context.office
    furnish(app.state.context, names[0], everything=len(names) > 1)
    found = {}
    for name in names:
        role, party, may_confirm = PEOPLE[name]
        person = people.add(office, name, role, party=party, may_confirm=may_confirm)
        browser = SignedIn(app, raise_server_exceptions=False)
        secret = sessions.start(office, person, "x")
        browser.cookies.set("intendance_session", secret)
        browser.csrf = sessions.csrf_of(secret)
        found[name] = browser
    return found


@pytest.fixture(scope="module", autouse=True)
def _still_clock() -> Iterator[None]:
    """Let all of this module happen in one second: moments tell nothing then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office_module, "time", SimpleNamespace(time=lambda: 1_720_000_000.0))
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, SignedIn]:
    """Everybody limited on the whole ledger."""
    return signed_in(tmp_path_factory.mktemp("leaks") / "with", entries(), LIMITED)


def told(answer, csrf: str) -> tuple:
    """Give all that an answer tells, without what differs by the session."""
    content = answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in sorted(packed.namelist()))
    headers = {key: value for key, value in answer.headers.items() if key != "content-length"}
    return answer.status_code, headers, content.replace(csrf.encode(), b"")


def paths_of(browser: SignedIn, name: str) -> list[str]:
    """Give every address of the application, and a person's share of what filters may ask.

    The filters are dealt out: all of them together are asked by all of those who are limited.
    """
    plain, filtered = addresses(browser.app, NAMES)
    named = [each for each in filtered if "id=" in each or "document=" in each]
    share = [each for each in filtered if each not in named][LIMITED.index(name) :: len(LIMITED)]
    return [*COMBINED, *plain, *(named if name in ("reader", "norway") else ()), *share]


@pytest.mark.parametrize("name", LIMITED)
def test_answers_are_those_of_a_ledger_without_the_hidden_lines(tmp_path, whole, name):
    """The same bytes at every address, whether or not there is something to hide.

    The very same answers must not hold a word of what is hidden, and what is hidden answers as
    what never was.
    """
    party = PEOPLE[name][1]
    own = f"private:{party}"
    seen = [
        each
        for each in entries()
        if each.marking == "public"
        or (each.marking == "restricted" and name != "reader")
        or each.marking == own
    ]
    assert len(seen) < len(entries())
    alone = signed_in(tmp_path / "without", seen, [name])
    paths = paths_of(whole[name], name)
    answers = {}
    for path in paths:
        first, second = (
            told(browser.get(path, follow_redirects=False), browser.csrf)
            for browser in (whole[name], alone[name])
        )
        assert first == second, path
        assert first[0] < 500, path
        answers[path] = first
        for owner, secret in (("Poland", b"SECRET-PL"), ("Norway", b"SECRET-NO")):
            assert party == owner or secret not in first[2], path
        assert name != "reader" or b"RESTRICTED" not in first[2], path
    print(len(paths))
    compared = _hidden_like_missing(answers, hidden_from(name))
    assert compared >= 10


def _hidden_like_missing(answers: dict[str, tuple], hidden: set[str]) -> int:
    """Hold the answers about each hidden name to those about a missing one; count them."""
    compared = 0
    for path, found in answers.items():
        for each in hidden:
            there = quote(each, safe=":") if f"/{each}" in path else quote(each, safe="")
            if there not in path:
                continue
            other = MISSING[each]
            twin = path.replace(there, other if f"/{each}" in path else quote(other, safe=""))
            if twin not in answers:
                continue
            as_if = answers[twin]
            blank = [_without(one[2], each, other) for one in (found, as_if)]
            assert (found[0], blank[0]) == (as_if[0], blank[1]), path
            compared += 1
    return compared


def _without(content: bytes, *names: str) -> bytes:
    """Take out the names that were asked for, in every way of writing them."""
    for each in names:
        for written in (each, quote(each, safe="")):
            content = content.replace(written.encode(), b"?")
    return content


def test_every_route_is_asked(whole):
    """The list comes from the application: a new page is in it, with all its twins."""
    paths = paths_of(whole["reader"], "reader")
    for nav in whole["reader"].app.state.context.nav:
        base = nav.path if nav.path != "/" else "/today"
        for path in (nav.path, *(f"{base}.{each}" for each in ("json", "csv", "xlsx"))):
            assert path in paths


def test_the_owner_and_the_auditor_see_them_and_it_is_noted(client, context):
    from intendance.app.accounts import trail

    for name in ("poland", "auditor", "admin"):
        text = client(name).get("/ledger?stage=pledge").text
        assert "SECRET-PL" in text
        assert 'class="marking private"' in text
        notes, count = trail.notes(context.office, limit=5, person=name, action="read private")
        assert count == 1
        assert "/ledger?stage=pledge private:" in notes[0].detail
    client("coordinator").get("/ledger")
    assert trail.notes(context.office, limit=5, person="coordinator")[1] == 0


def test_a_hidden_entry_answers_like_a_missing_one_to_corrections(client):
    clerk = client("clerk")
    headers = {"x-csrf-token": clerk.csrf, "if-match": '"abc"'}
    answers = [
        clerk.post("/api/v1/corrections", headers=headers, json={"entry": name, "reason": "x"})
        for name in ("own:P", "own:never")
    ]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    forms = [clerk.submit("/ledger/entry/correct", id=name, version="a", reason="x")
             for name in ("own:P", "own:never")]  # fmt: skip
    assert forms[0].status_code == forms[1].status_code == 404
    assert forms[0].text == forms[1].text


def test_a_hidden_entry_takes_the_way_of_a_missing_one(client, context, monkeypatch):
    """Neither is looked for in the store, so that the time tells nothing."""
    asked = []
    real = context.store.about
    monkeypatch.setattr(
        context.store, "about", lambda name, *rest: asked.append(name) or real(name, *rest)
    )
    reader = client("reader")
    for name in ("own:P", "own:C", "own:never", "e0000000000"):
        assert reader.get(f"/ledger/entry?id={name}").status_code == 404
    assert asked == []
    assert reader.get("/ledger/entry?id=own:A").status_code == 200
    assert asked == ["own:A"]
