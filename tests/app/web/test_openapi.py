"""What the description of the API promises: generated calls find no crash, and answers conform."""

from __future__ import annotations

import logging

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from intendance.app.web.security import HEADERS

HELD = [not_a_server_error, status_code_conformance, content_type_conformance,
        response_schema_conformance]  # fmt: skip


@pytest.mark.parametrize("name", ["coordinator", "poland"])
def test_generated_calls_find_no_crash(client, name):
    """Every operation of the description, called with what it takes and with what it does not."""
    browser = client(name)
    cookie = browser.cookies["intendance_session"]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", browser.app, headers={
        "cookie": f"intendance_session={cookie}"})  # fmt: skip
    headers = {"cookie": f"intendance_session={cookie}", "x-csrf-token": browser.csrf}
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=5, deadline=None, database=None, derandomize=True,
                  phases=[Phase.explicit, Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def one(case) -> None:
            nonlocal called
            called += 1
            case.call_and_validate(headers=headers, checks=HELD)

        given(case=operation.as_strategy())(one)()
    assert called > 100


def test_edits_say_that_they_name_their_version(client):
    paths = client("admin").get("/api/v1/openapi.json").json()["paths"]
    told = {
        f"{method} {path}"
        for path, methods in paths.items()
        for method, about in methods.items()
        if any(each["name"] == "If-Match" and each["required"]
               for each in about.get("parameters", ()))
    }  # fmt: skip
    assert told >= {"post /api/v1/corrections", "patch /api/v1/people/{name}"}


def test_a_crash_carries_the_headers_too(client, context, monkeypatch, caplog):
    """What went wrong is in the log, and the answer is as guarded as any other."""
    caplog.set_level(logging.CRITICAL)

    def crash(*_: object) -> None:
        raise RuntimeError("SECRET-PL in a message")

    monkeypatch.setattr(context, "book", crash)
    for path in ("/ledger", "/api/v1/ledger"):
        answer = client("reader").get(path)
        assert answer.status_code == 500
        assert "SECRET" not in answer.text
        for header, value in HEADERS:
            assert answer.headers.get(header.decode()) == value.decode(), header
        assert answer.headers["cache-control"] == "no-store"
