"""One's own account: password, tokens for programs, sessions."""

from __future__ import annotations

from fastapi import APIRouter, Response

from intendance.app.accounts import people, sessions, tokens
from intendance.app.web import twins
from intendance.app.web.asked import Asked, address_of
from intendance.app.web.context import Context
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Column, Sheet, Table
from intendance.errors import UsageError


def account(asked: Asked) -> Sheet:
    """Show one's own account and tokens."""
    words = asked.words
    found = tokens.of(asked.context.office, asked.person)
    columns = (
        Column("label", words("token")),
        Column("scope", words("scope"), "code"),
        Column("made_at", words("made"), "moment"),
        Column("ends_at", words("ends"), "moment"),
        Column("state", words("state"), "code"),
    )
    rows = tuple(
        (each.label, each.scope, each.made_at, each.ends_at, "open" if each.usable else "ended")
        for each in found
    )
    table = Table(
        "tokens",
        words("Tokens with which programs do what you may do"),
        columns,
        rows,
        empty=words("You have no tokens."),
    )
    return Sheet(
        words("My account"), tables=(table,), parts={"tokens": found, "person": asked.person}
    )


def _make_token(asked: Asked, form: Form) -> Response:
    days = form.whole("days", low=1, high=tokens.LONGEST_DAYS)
    label = form.text("label", most=100)
    secret = tokens.make(asked.context.office, asked.person, label, form.text("scope"), days)
    asked.note("token made", label)
    return _shown(asked, secret=secret)


def _revoke_token(asked: Asked, form: Form) -> Response:
    number = form.whole("token", low=1, high=2**53)
    if not tokens.revoke(asked.context.office, asked.person, number):
        raise NotFoundError
    asked.note("token revoked", str(number))
    return twins.after(asked, "/account")


def _change_password(asked: Asked, form: Form) -> Response:
    office, person = asked.context.office, asked.person
    checked = sessions.login(office, person.name, form.secret("old"), address_of(asked.request))
    try:
        form.agree("password", "again")
        if checked is not None:
            people.set_password(office, person, form.secret("password"))
    except UsageError as error:
        return _shown(asked, error=error)
    if checked is None:
        return _shown(asked, error=UsageError("The present password is another one."))
    asked.note("password changed")
    from intendance.app.web.views.login import sign_in

    return sign_in(asked.context, asked.request, person, "/account")


def _end_sessions(asked: Asked, form: Form) -> Response:
    del form
    sessions.end_all(asked.context.office, asked.person)
    asked.note("sessions ended")
    return twins.after(asked, "/login")


def _shown(asked: Asked, *, secret: str = "", error: UsageError | None = None) -> Response:
    return asked.context.pages.sheet(
        "account.html.j2",
        asked,
        account(asked),
        status=422 if error else 200,
        secret=secret,
        error=error,
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of one's own account."""
    routes = APIRouter()
    twins.show(routes, context, "/account", account, template="account.html.j2", api="/me")
    twins.form(routes, context, "/account/tokens", _make_token)
    twins.form(routes, context, "/account/tokens/revoke", _revoke_token)
    twins.form(routes, context, "/account/password", _change_password)
    twins.form(routes, context, "/account/sessions/end", _end_sessions)
    return routes
