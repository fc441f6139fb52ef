"""Signing in and out, the one-time link that sets a password, and the pages' language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from intendance.app.accounts import people, sessions, trail
from intendance.app.accounts.people import Person
from intendance.app.web.asked import (
    LANGUAGE_COOKIE,
    Asked,
    access_of,
    address_of,
    cookie_name,
)
from intendance.app.web.context import Context
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NotFoundError
from intendance.errors import UsageError
from intendance.words import LANGUAGES

_YEAR_SECONDS = 365 * 24 * 3600


def safe_path(text: str) -> str:
    """Give a path of this server to go on to; the first page for anything else.

    >>> safe_path("/ledger?donor=Poland"), safe_path("//elsewhere.example"), safe_path("")
    ('/ledger?donor=Poland', '/', '/')
    """
    odd = not text.startswith("/") or text[1:2] in ("/", "\\") or not text.isprintable()
    return "/" if odd or len(text) > 2000 else text


def sign_in(context: Context, request: Request, person: Person, path: str) -> Response:
    """Open a session for a person who has shown who they are, and lead on to a page."""
    asked = Asked(request, context, None)
    secret = sessions.start(context.office, person, address_of(request))
    context_note(asked, "login", person.name)
    answer = RedirectResponse(path, 303)
    answer.set_cookie(
        cookie_name(context),
        secret,
        max_age=sessions.WHOLE_SECONDS,
        path="/",
        secure=context.settings.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def context_note(asked: Asked, action: str, name: str) -> None:
    """Write a line about somebody who is not signed in yet."""
    trail.note(asked.context.office, name, address_of(asked.request), action)


async def form_of(request: Request) -> Form:
    """Give a posted form before anybody is signed in."""
    return Form(await request.form(max_files=0, max_fields=20))


def router(context: Context) -> APIRouter:
    """Give the addresses of signing in and out."""
    routes = APIRouter(include_in_schema=False)
    pages = context.pages

    @routes.get("/login")
    def login_page(
        request: Request, follow: Annotated[str, Query(alias="next", max_length=2000)] = ""
    ) -> Response:
        asked = Asked(request, context, access_of(request, context))
        if asked.access is not None:
            return RedirectResponse(safe_path(follow), 303)
        return pages.show("login.html.j2", asked, follow=safe_path(follow), failed=False)

    @routes.post("/login")
    async def login(request: Request) -> Response:
        form = await form_of(request)
        return await run_in_threadpool(_login, context, request, form)

    @routes.post("/logout")
    async def logout(request: Request) -> Response:
        form = await form_of(request)

        def leave() -> Response:
            asked = Asked(request, context, access_of(request, context))
            answer = RedirectResponse("/login", 303)
            if asked.access is not None and asked.access.csrf == form.text("csrf"):
                sessions.end(context.office, asked.access.secret)
                asked.note("logout")
                answer.delete_cookie(
                    cookie_name(context), path="/", secure=context.settings.secure, httponly=True
                )
            return answer

        return await run_in_threadpool(leave)

    @routes.get("/language")
    def language(
        to: Annotated[str, Query(max_length=10)] = "",
        follow: Annotated[str, Query(alias="next", max_length=2000)] = "",
    ) -> Response:
        answer = RedirectResponse(safe_path(follow), 303)
        if to in LANGUAGES:
            answer.set_cookie(
                LANGUAGE_COOKIE,
                to,
                max_age=_YEAR_SECONDS,
                path="/",
                secure=context.settings.secure,
                samesite="lax",
            )
        return answer

    @routes.get("/welcome/{secret}")
    def welcome_page(request: Request, secret: str) -> Response:
        person = people.invited(context.office, secret[:200])
        asked = Asked(request, context, None)
        if person is None:
            raise NotFoundError("This link has been used, or is too old.")
        return pages.show("welcome.html.j2", asked, person=person, secret=secret, error=None)

    @routes.post("/welcome/{secret}")
    async def welcome(request: Request, secret: str) -> Response:
        form = await form_of(request)
        return await run_in_threadpool(_welcome, context, request, secret[:200], form)

    return routes


def _login(context: Context, request: Request, form: Form) -> Response:
    asked = Asked(request, context, None)
    follow = safe_path(form.text("next", most=2000))
    name = form.text("name", most=1000)
    person = sessions.login(context.office, name, form.secret("password"), address_of(request))
    if person is None:
        context_note(asked, "login failed", name)
        return context.pages.show("login.html.j2", asked, status=401, follow=follow, failed=True)
    return sign_in(context, request, person, follow)


def _welcome(context: Context, request: Request, secret: str, form: Form) -> Response:
    asked = Asked(request, context, None)
    person = people.invited(context.office, secret)
    if person is None:
        raise NotFoundError("This link has been used, or is too old.")
    try:
        form.agree("password", "again")
        accepted = people.accept(context.office, secret, form.secret("password"))
    except UsageError as error:
        return context.pages.show(
            "welcome.html.j2", asked, status=422, person=person, secret=secret, error=error
        )
    if accepted is None:
        raise NotFoundError("This link has been used, or is too old.")
    context_note(asked, "password set by link", accepted.name)
    return sign_in(context, request, accepted, "/")
