"""Signing in with a provider of identities, against a small one on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from intendance.app.accounts import people
from intendance.app.web.serving import create_app
from intendance.app.web.settings import Oidc


class Provider(ThreadingHTTPServer):
    """A provider that lets everybody in whose code verifier fits."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = ECKey.generate_key("P-256", {"kid": "k", "alg": "ES256", "use": "sig"})
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: dict[str, str] = {}
        self.changed: dict[str, object] = {}


class Handler(BaseHTTPRequestHandler):
    def _give(self, record, status=200):
        body = json.dumps(record).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        base = self.server.issuer
        if self.path.startswith("/.well-known"):
            self._give({"issuer": base, "authorization_endpoint": f"{base}/auth",
                        "token_endpoint": f"{base}/token", "jwks_uri": f"{base}/keys"})  # fmt: skip
        else:
            self._give({"keys": [self.server.key.as_dict(private=False)]})

    def do_POST(self):
        given = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        asked = self.server.asked
        proof = base64.urlsafe_b64encode(
            hashlib.sha256(given["code_verifier"][0].encode()).digest()
        ).decode().rstrip("=")  # fmt: skip
        if proof != asked["code_challenge"] or given["code"] != ["good"]:
            self._give({"error": "invalid_grant"}, 400)
            return
        claims = {"iss": self.server.issuer, "aud": "us", "sub": "42", "nonce": asked["nonce"],
                  "exp": int(time.time()) + 60, "preferred_username": "Ana",
                  **self.server.changed}  # fmt: skip
        token = jwt.encode({"alg": "ES256", "kid": "k"}, claims, self.server.key)
        self._give({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(provider, settings):
    app = create_app(replace(settings, oidc=Oidc(provider.issuer, "us")))
    yield TestClient(app, raise_server_exceptions=False)
    app.state.context.close()


def begun(browser, provider):
    answer = browser.get("/oidc/start?next=/ledger", follow_redirects=False)
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    provider.asked.update({key: value[0] for key, value in query.items()})
    assert query["code_challenge_method"] == ["S256"]
    return query["state"][0]


def finished(browser, state, code="good"):
    return browser.get(f"/oidc/callback?state={state}&code={code}", follow_redirects=False)


def test_somebody_new_comes_in_as_a_reader_and_is_known_again(browser, provider):
    assert "organisation" in browser.get("/login").text
    for _ in range(2):
        answer = finished(browser, begun(browser, provider))
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == "/ledger"
        me = browser.get("/ledger")
        assert ">ana<" in me.text
        browser.cookies.delete("intendance_session")
    office = browser.app.state.context.office
    assert people.find(office, "ana").role == "reader"
    assert len(people.everybody(office)) == 8


def test_a_name_that_is_taken_is_not_taken_over(browser, provider):
    provider.changed["preferred_username"] = "admin"
    assert finished(browser, begun(browser, provider)).status_code == 303
    assert browser.get("/admin").status_code == 403


@pytest.mark.parametrize(
    "changed",
    [{"nonce": "other"}, {"aud": "others"}, {"iss": "https://other.example"}, {"exp": 1000}],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(browser, provider, changed):
    provider.changed.update(changed)
    answer = finished(browser, begun(browser, provider))
    assert answer.status_code == 400
    assert browser.get("/ledger", follow_redirects=False).status_code == 303


def test_a_sign_in_is_finished_once_and_where_it_was_begun(browser, provider):
    state = begun(browser, provider)
    other = TestClient(browser.app)
    assert finished(other, state).status_code == 400
    assert finished(browser, state, "bad").status_code == 400
    assert finished(browser, state).status_code == 400  # used up by the failed try
