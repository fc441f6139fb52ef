"""Errors as answers: a page for people, RFC 9457 problem details for programs. Never a trace."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from intendance.app.web.asked import Access, Asked, access_of
from intendance.app.web.context import Context
from intendance.app.web.pages import wants_page
from intendance.app.web.refusals import NotFoundError, RefusedError, status_of
from intendance.app.web.security import headers_of_a_crash
from intendance.errors import IntendanceError, StoreBusyError

_LOG = logging.getLogger("intendance.web")
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take such a request.",
    415: "This kind of content is not taken.",
}


class UnreadableError(RefusedError):
    """Fields that cannot be read, each with its place and what is off."""

    status = 422
    code = "unreadable"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("A field of the request is off.", next_step="See which and what it takes.")
        self.errors = errors


def _error_list(error: RequestValidationError) -> list[dict[str, str]]:
    """Give what is off without repeating what came in: it may be anything."""
    found = []
    for each in error.errors()[:50]:
        place = ".".join(str(part) for part in each.get("loc", ()))
        message = str(each.get("msg", "")).removeprefix("Value error, ")
        found.append({"field": _printable(place), "problem": _printable(message)})
    return found


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)[:300]


def problem(error: IntendanceError, status: int, headers: dict[str, str]) -> JSONResponse:
    """Give an error as problem details."""
    record: dict[str, Any] = {
        "type": f"urn:intendance:problem:{error.code}",
        "title": _printable(error.sentence),
        "status": status,
    }
    if error.next_step:
        record["next_step"] = _printable(error.next_step)
    if isinstance(error, UnreadableError):
        record["errors"] = error.errors
    return JSONResponse(record, status, headers, media_type="application/problem+json")


def answer(request: Request, context: Context, error: IntendanceError) -> Response:
    """Give the answer to an error: where to sign in, a page, or problem details."""
    status = status_of(error)
    headers = dict(getattr(error, "headers", {}))
    if isinstance(error, StoreBusyError):
        headers["Retry-After"] = "2"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if not wants_page(request):
        return problem(error, status, headers)
    if status == 401:
        asked = Asked(request, context, None)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        follow = here if request.method == "GET" and here != "/" else ""
        return RedirectResponse(asked.link("/login", next=follow), 303)
    found: Access | None = None
    try:
        found = access_of(request, context)
    except IntendanceError:
        found = None  # the store itself is what failed: the page says so without a name
    asked = Asked(request, context, found)
    page = context.pages.show("problem.html.j2", asked, status=status, error=error, code=status)
    page.headers.update(headers)
    return page


def register(app: FastAPI, context: Context) -> None:
    """Turn every kind of error into one of ours."""

    def on_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, IntendanceError)
        return answer(request, context, error)

    def on_fields(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, context, UnreadableError(_error_list(error)))

    def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return answer(request, context, NotFoundError())
        sentence = _SENTENCES.get(error.status_code, "The request cannot be read.")
        refusal = RefusedError(sentence)
        refusal.status = error.status_code
        found = answer(request, context, refusal)
        found.headers.update(error.headers or {})
        return found

    def on_crash(request: Request, error: Exception) -> Response:
        _LOG.error("a request failed: %s", request.url.path, exc_info=error)
        refusal = RefusedError("Something went wrong here.", next_step="Try again later.")
        refusal.status = 500
        refusal.code = "crash"
        return problem(refusal, 500, headers_of_a_crash(context.settings))

    def on_leaving(request: Request, error: Exception) -> Response:
        """Whoever went away in the middle of a form reads no answer: that is no crash."""
        _LOG.info("somebody left while sending to %s: %s", request.url.path, type(error).__name__)
        return Response(status_code=400)

    app.add_exception_handler(ClientDisconnect, on_leaving)
    app.add_exception_handler(IntendanceError, on_error)
    app.add_exception_handler(RequestValidationError, on_fields)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_crash)
