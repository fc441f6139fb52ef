"""What holds for every answer and every change: headers, hosts, sizes, origins, read-only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from intendance.app.web.refusals import (
    FormExpiredError,
    ReadOnlyError,
    RefusedError,
    TooLargeError,
)
from intendance.app.web.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse = Callable[[Scope, RefusedError], App]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
HTTPS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
# What a reader needs even on a server that only reads.
_ALWAYS: Final = ("/login", "/logout", "/language")


def headers_of_a_crash(settings: Settings) -> dict[str, str]:
    """Give the headers for an answer that is made outside of all layers, after a crash."""
    given = (*HEADERS, (b"cache-control", b"no-store"), *((HTTPS_ONLY,) if settings.secure else ()))
    return {name.decode(): value.decode() for name, value in given}


class Guard:
    """The outermost layer (plain ASGI: it costs nothing and cannot be forgotten by a route)."""

    def __init__(
        self, app: App, settings: Settings, uploads: tuple[str, ...], refuse: Refuse
    ) -> None:
        self._refuse = refuse
        self._app = app
        self._settings = settings
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        finish = self._with_headers(scope, send)
        limit = self._limit(scope["path"])
        refusal = self._refusal(scope, headers, limit)
        if refusal is not None:
            await self._refuse(scope, refusal)(scope, receive, finish)
            return
        await self._app(scope, _bounded(receive, limit), finish)

    def _limit(self, path: str) -> int:
        if path in self._uploads:
            return self._settings.upload_bytes
        return self._settings.body_bytes

    def _refusal(self, scope: Scope, headers: dict[str, str], limit: int) -> RefusedError | None:
        host = headers.get("host", "")
        if self._settings.hosts and _without_port(host) not in self._settings.hosts:
            return _wrong_host()
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15:
            return RefusedError("The length of the body is no number.")
        if int(length) > limit:
            return TooLargeError(limit)
        if scope["method"] in _SAFE:
            return None
        if self._settings.read_only and scope["path"] not in _ALWAYS:
            return ReadOnlyError()
        if not _from_here(headers, host):
            return FormExpiredError()
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        static = scope["path"].startswith("/static/")

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                names = {name.lower() for name, _ in given}
                given += [pair for pair in HEADERS if pair[0] not in names]
                if b"cache-control" not in names:
                    kept = b"public, max-age=86400" if static else b"no-store"
                    given.append((b"cache-control", kept))
                if self._settings.secure:
                    given.append(HTTPS_ONLY)
                message["headers"] = given
            await send(message)

        return finish


def _wrong_host() -> RefusedError:
    refusal = RefusedError(
        "This server is not called so.", next_step="Use the address it was given."
    )
    refusal.status = 421
    return refusal


def _without_port(host: str) -> str:
    """Give a host without its port.

    >>> _without_port("localhost:8000"), _without_port("[::1]:8000")
    ('localhost', '[::1]')
    """
    head, colon, tail = host.lower().rpartition(":")
    return head if colon and tail.isdecimal() else host.lower()


def _from_here(headers: dict[str, str], host: str) -> bool:
    """Tell whether a change comes from our own pages or from a program, not from another site.

    A browser names the origin of every form that changes something; programs name none.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == host.lower()


def _bounded(receive: Receive, limit: int) -> Receive:
    """Count what comes in: a body without a length must not be larger than one with it."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLargeError(limit)
        return message

    return bounded
