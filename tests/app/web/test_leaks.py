"""Every page × every role × another donor's private lines: nothing reveals that they exist."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.app.web.conftest import PEOPLE, SignedIn, entries

from intendance.app.accounts import people, sessions
from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings
from intendance.ledger.ledger import Ledger

PATHS = [
    "/",
    "/today.json?known_at=2024-02-10",
    "/today.json?since=2024-01-01",
    "/ledger",
    "/ledger.json?stage=pledge",
    "/ledger.json?donor=Poland",
    "/ledger.json?marking=private:Poland",
    "/ledger.csv",
    "/ledger.xlsx",
    "/ledger/entries.json",
    "/ledger/entries.csv?known_at=2024-02-01",
    "/ledger/entry.json?id=own:B",
    "/ledger/entry.json?id=own:P",
    "/ledger/entry.json?id=own:N",
    "/ledger/entry.json?id=own:never",
    "/api/v1/ledger",
    "/api/v1/entries",
    "/api/v1/today",
    "/api/v1/totals",
    "/api/v1/totals?by=month",
    "/ledger/totals.xlsx?by=category",
    "/api/v1/changes",
    "/ledger/changes.csv?since=2024-01-31&until=2024-12-31",
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


def signed_in(folder: Path, kept: list, names: list[str]) -> dict[str, SignedIn]:
    """Give a client for some people on a ledger of some entries."""
    folder.mkdir()
    path = folder / "aid.db"
    with Ledger.create(str(path)) as ledger:
        ledger.post(kept)
    app = create_app(Settings(ledger=str(path), data=folder / "data"))
    office = app.state.context.office
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


@pytest.mark.parametrize("name", LIMITED)
def test_answers_are_those_of_a_ledger_without_the_hidden_lines(tmp_path, whole, name):
    """The same bytes, whether or not there are lines that this person may not see."""
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
    answers = [
        [told(browser.get(path), browser.csrf) for path in PATHS]
        for browser in (whole[name], alone[name])
    ]
    for path, first, second in zip(PATHS, *answers, strict=True):
        assert first == second, path


@pytest.mark.parametrize("name", LIMITED)
def test_no_secret_word_reaches_anybody_else(client, name):
    party = PEOPLE[name][1]
    browser = client(name)
    for path in PATHS:
        content = browser.get(path).content
        for owner, secret in (("Poland", b"SECRET-PL"), ("Norway", b"SECRET-NO")):
            assert party == owner or secret not in content, path
        if name == "reader":
            assert b"RESTRICTED" not in content


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
