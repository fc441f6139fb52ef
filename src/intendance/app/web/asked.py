"""One request, as a page or an API call sees it: who asks, what they may see, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from fastapi import Request

from intendance.app.accounts import sessions, tokens, trail
from intendance.app.accounts.people import Person
from intendance.app.web.context import Context
from intendance.app.web.frames import Book
from intendance.app.web.refusals import (
    FormExpiredError,
    NotAllowedError,
    NotSignedInError,
    ReadOnlyError,
)
from intendance.app.web.speech import Speech, choose
from intendance.ledger.privacy import PRIVATE, Viewer

LANGUAGE_COOKIE = "intendance_lang"


def cookie_name(context: Context) -> str:
    """Give the name of the session's cookie; the prefix binds it to this host over HTTPS."""
    return "__Host-intendance" if context.settings.secure else "intendance_session"


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, and how they have shown it. ``csrf`` blank: by a token, which needs none."""

    person: Person
    csrf: str = ""
    scope: str = "write"
    secret: str = ""

    @property
    def by_token(self) -> bool:
        """Tell whether a program asks with its token."""
        return not self.csrf


def access_of(request: Request, context: Context) -> Access | None:
    """Give who asks by token or cookie; None when nobody is signed in."""
    header = request.headers.get("authorization", "")
    if header[:7].lower() == "bearer ":
        found = tokens.find(context.office, header[7:].strip()[:200])
        return Access(found[0], scope=found[1]) if found else None
    secret = request.cookies.get(cookie_name(context), "")[:200]
    session = sessions.find(context.office, secret) if secret else None
    return Access(session.person, session.csrf, secret=secret) if session else None


def address_of(request: Request) -> str:
    """Give the address that asks (behind a proxy: the one that the proxy names)."""
    return request.client.host if request.client else ""


class Asked:
    """One request. ``filters``: the page's own, checked; ``access`` None: nobody is signed in."""

    def __init__(
        self, request: Request, context: Context, access: Access | None, filters: Any = None
    ) -> None:
        self.request = request
        self.context = context
        self.access = access
        self.filters = filters
        self.noted = False

    @property
    def person(self) -> Person:
        """Give who asks; NotSignedInError when nobody is signed in."""
        if self.access is None:
            raise NotSignedInError
        return self.access.person

    @property
    def viewer(self) -> Viewer:
        """Give what the person may see."""
        return self.person.viewer

    @cached_property
    def ledger(self) -> Book:
        """Give the ledger as the person sees it."""
        return self.context.book(self.viewer)

    @cached_property
    def language(self) -> str:
        """Give the page's language: of the address, the cookie, the server, the browser."""
        wanted = (
            self.request.query_params.get("lang", ""),
            self.request.cookies.get(LANGUAGE_COOKIE, ""),
            self.context.settings.language,
        )
        return choose(wanted, self.request.headers.get("accept-language", ""))

    @cached_property
    def words(self) -> Speech:
        """Give the page's words."""
        return Speech(self.language)

    @property
    def today(self) -> date:
        """Give the day on which the question is asked."""
        return date.today()  # noqa: DTZ011 (people's own day)

    @property
    def read_only(self) -> bool:
        """Tell whether nothing can be changed: by the server, or by the token's scope."""
        scope = self.access.scope if self.access else "read"
        return self.context.settings.read_only or scope != "write"

    def require(self, *, allowed: bool) -> None:
        """Refuse with NotAllowedError unless something is allowed."""
        if not allowed:
            raise NotAllowedError

    def changing(self, csrf: str | None) -> None:
        """Refuse a change on a read-only server, by a reading token, or from a foreign form."""
        if self.context.settings.read_only:
            raise ReadOnlyError
        access = self.access
        if access is None:
            raise NotSignedInError
        if access.scope != "write":
            raise NotAllowedError("This token only reads.")
        if not access.by_token and not _same(csrf or "", access.csrf):
            raise FormExpiredError

    def note(self, action: str, detail: str = "") -> None:
        """Write a line into the audit trail, with the person and the address."""
        name = self.access.person.name if self.access else ""
        trail.note(self.context.office, name, address_of(self.request), action, detail)

    def note_reading(self, marking: str) -> None:
        """Write into the audit trail that private lines have been read, once a request."""
        if marking.startswith(PRIVATE) and not self.noted:
            self.noted = True
            query = self.request.url.query
            detail = f"{self.request.url.path}{'?' + query if query else ''} {marking}"
            self.note("read private", detail)

    def link(self, path: str = "", /, **changes: object) -> str:
        """Give an address with this page's filters and some of them changed (None: left out).

        With a path the link leads to another page and carries only what is given.
        """
        given: Mapping[str, object] = {} if path else dict(self.request.query_params)
        query = {**given, **changes}
        kept = "&".join(
            f"{_quoted(name)}={_quoted(str(value))}"
            for name, value in query.items()
            if value is not None and value != ""
        )
        target = path or self.request.url.path
        return f"{target}?{kept}" if kept else target


def asked_by_nobody(
    context: Context, path: str, filters: Any, viewer: Viewer, language: str
) -> Asked:
    """Give a request that nobody makes, to work a page out before somebody asks for it."""
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": f"lang={language}".encode(),
        "headers": [],
    }  # fmt: skip
    person = Person(0, "", viewer.role, viewer.party)
    return Asked(Request(scope), context, Access(person), filters)


# A page of the ledger holds fifty links: the names in them are always the same ones.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def _same(first: str, second: str) -> bool:
    import hmac

    return hmac.compare_digest(first.encode("utf-8", "replace"), second.encode())
