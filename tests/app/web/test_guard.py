"""What holds for every answer and every change: headers, forms, sizes, origins, read-only."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.app.web.conftest import PASSWORD

from intendance.app.web.serving import check, create_app
from intendance.app.web.settings import Settings
from intendance.errors import UsageError

POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


def posts(app) -> list[str]:
    """Give the paths that change something."""
    changing = {"POST", "PATCH", "PUT", "DELETE"}
    found: list[str] = []
    for route in app.routes:
        inner = getattr(getattr(route, "original_router", None), "routes", [route])
        found += [
            each.path for each in inner if (getattr(each, "methods", None) or set()) & changing
        ]
    return sorted({re.sub(r"{[^}]+}", "x1", path) for path in found})


def test_every_answer_carries_the_policy(client):
    for path in ("/login", "/", "/nowhere", "/static/pages.css", "/api/v1/ledger", "/health"):
        answer = client("reader").get(path)
        policy = answer.headers["content-security-policy"]
        assert all(part in policy for part in POLICY), path
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_hold_no_inline_script_or_style(client):
    for path in ("/", "/ledger", "/ledger/entry?id=own:A", "/account", "/admin", "/jobs"):
        text = client("admin").get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text.replace(
            "https://example.org/list", "")), path  # fmt: skip


def test_every_change_needs_the_sessions_token(app, client):
    """Whatever a signed-in browser is made to post from elsewhere changes nothing."""
    paths = [path for path in posts(app) if not path.startswith(("/login", "/welcome", "/oidc"))]
    assert len(paths) > 10
    admin = client("admin")
    for path in paths:
        if path == "/logout":
            admin.post(path)
            assert admin.get("/").status_code == 200  # still signed in
            continue
        answer = admin.post(path, data={"a": "b"})
        if path.startswith("/api/"):
            answer = admin.post(path, json={})
            if answer.status_code == 405:
                answer = admin.patch(path, json={})
            assert answer.status_code in (403, 422), path
        else:
            assert answer.status_code == 403, path


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_form_is_refused(client, headers):
    admin = client("admin")
    answer = admin.post("/account/tokens", headers=headers, data={
        "csrf": admin.csrf, "label": "x", "scope": "write", "days": "9"})  # fmt: skip
    assert answer.status_code == 403
    signing = client().post("/login", headers=headers, data={"name": "admin", "password": PASSWORD})
    assert signing.status_code == 403


def test_a_large_body_is_refused_before_it_is_read(client, settings):
    admin = client("admin")
    big = "x" * (settings.body_bytes + 1)
    assert admin.post("/account/tokens", data={"label": big}).status_code == 413

    def parts():
        yield from (b"x" * 100_000 for _ in range(12))

    sent = admin.post(
        "/account/tokens", content=parts(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert sent.status_code == 413


def test_a_foreign_host_is_not_answered(settings):
    made = create_app(replace(settings, hosts=("localhost",)))
    with TestClient(made, base_url="http://localhost:8000") as good:
        assert good.get("/login").status_code == 200
        assert good.get("/login", headers={"host": "evil.example"}).status_code == 421


def test_a_reading_server_refuses_every_change(settings, context):
    from intendance.app.accounts import people, sessions

    made = create_app(replace(settings, read_only=True))
    person = people.find(context.office, "admin")
    secret = sessions.start(context.office, person, "x")
    csrf = sessions.csrf_of(secret)
    browser = TestClient(made, raise_server_exceptions=False)
    browser.cookies.set("intendance_session", secret)
    assert "nothing can be changed" in browser.get("/").text
    for path in posts(made):
        if path in ("/login", "/logout"):
            continue
        answer = browser.post(path, data={"csrf": csrf}, headers={"x-csrf-token": csrf})
        assert answer.status_code == 403, path
    problem = browser.post("/api/v1/corrections", json={}).json()
    assert problem["type"] == "urn:intendance:problem:read-only"
    made.state.context.close()


@pytest.mark.parametrize("host", [".".join("0000"), "::", "192.168.1.7", "example.org"])
def test_no_listening_in_the_clear(tmp_path, host):
    plain = Settings(ledger="x", data=tmp_path, host=host)
    with pytest.raises(UsageError, match="in the clear"):
        check(plain)
    check(replace(plain, behind_proxy=True))
    with pytest.raises(UsageError, match="go together"):
        check(replace(plain, tls_cert=tmp_path))


NASTY = [
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%92%A9" * 50, "-1", "1e999", "9" * 400, "NaN",
    "2024-02-30", "0000-00-00", "9999-99-99", "20240101", "../../etc/passwd", "'%22%3E%3Cscript%3E",
    "%E2%80%AE", "Infinity", "1_000", "٣", "x" * 3000,
]  # fmt: skip
FIELDS = ["stage", "as_of", "known_at", "donor", "category", "currency", "limit", "offset", "sort",
          "id", "since", "person", "kind", "lang", "marking", "capability"]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/ledger", "/ledger/entries", "/ledger/entry", "/jobs",
                                  "/admin/trail", "/login", "/jobs/zz"])  # fmt: skip
def test_no_input_crashes_a_page(client, path):
    admin = client("admin")
    for value in NASTY:
        query = "&".join(f"{name}={value}" for name in FIELDS)
        for each in (*(f"{name}={value}" for name in FIELDS[1:9:3]), query):
            ending = "" if each == query else ".json"
            place = path if path in ("/", "/login") else path + ending
            answer = admin.get(f"{place}?{each}")
            assert answer.status_code < 500, (path, each)
            assert answer.status_code != 200 or "Traceback" not in answer.text


def test_no_body_crashes_the_api(client):
    admin = client("admin")
    headers = {"x-csrf-token": admin.csrf, "content-type": "application/json", "if-match": '"x"'}
    for body in (b"", b"{", b"[]", b"null", b'"\\ud800"', b'{"entry":"\\ud800","reason":"x"}',
                 b'{"entry":"own:A","reason":"\\u0000"}', b"\xff\xfe", b"1" * 5000, b"[" * 50_000,
                 b'{"entry":"own:A","reason":"x","amount":{"number":1e400}}',
                 b'{"entry":"own:A","reason":"x","amount":{"number":"NaN"}}',
                 b'{"entry":"own:A","reason":"x","valid":"9999-12-31"}',
                 b'{"name":"\\u0000","role":"admin"}', b'{"name":"a b","role":"x"}'):  # fmt: skip
        for path in ("/api/v1/corrections", "/api/v1/people"):
            answer = admin.post(path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (path, body, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


def test_errors_are_problem_details_for_programs_and_pages_for_people(client):
    reader = client("reader")
    for path, status in (("/api/v1/nothing", 404), ("/api/v1/ledger?as_of=x", 422)):
        problem = reader.get(path).json()
        assert problem["status"] == status
        assert problem["type"].startswith("urn:intendance:problem:")
    assert reader.post("/api/v1/ledger").status_code == 405
    page = client("reader", "fr").get("/nothing")
    assert page.status_code == 404
    assert '<html lang="fr">' in page.text
