"""Administration: people and rights, the audit trail, the rates, the boundary view."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import Field

from intendance.app.accounts import people, tokens, trail
from intendance.app.accounts.people import Person
from intendance.app.web import twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Body, Filters, Limit, Offset, Text
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.errors import InputError, IntendanceError
from intendance.ledger.privacy import ROLES

NAV: Final = Nav("/admin", "Admin", 110, ("admin", "auditor"))
HELP: Final = (
    "A new person gets a one-time link with which they set their own password; it ends after a "
    "day. Whoever is set inactive is signed out at once, and their tokens end."
)
_SEES: Final = ("admin", "auditor")
_CURRENCIES: Final = ("USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CAD")


class TrailFilters(Filters):
    """Which lines of the audit trail."""

    person: Text = ""
    action: Text = ""
    limit: Limit = 100
    offset: Offset = 0


def admin(asked: Asked) -> Sheet:
    """Show who may use the pages, and as what."""
    words = asked.words
    found = people.everybody(asked.context.office)
    columns = (
        Column("name", words("name")),
        Column("role", words("role"), "code"),
        Column("party", words("donor")),
        Column("may_confirm", words("may confirm"), "code"),
        Column("active", words("active"), "code"),
        Column("password", words("has a password"), "code"),
        Column("version", words("version"), "count"),
    )
    rows = tuple(
        (
            each.name,
            each.role,
            words.party(each.party),
            _yes(each.may_confirm),
            _yes(each.active),
            _yes(each.has_password),
            each.version,
        )
        for each in found
    )
    view = words(asked.context.settings.boundary_view)
    return Sheet(
        words("People and rights"),
        lead=words("Boundaries on maps: {view}.", view=view),
        tables=(Table("people", words("Who may use these pages"), columns, rows),),
        figures=(Figure("people", words("people"), len(found), "count"),),
        help=words(HELP),
        parts={
            "people": found,
            "roles": ROLES,
            "may_change": asked.person.role == "admin" and not asked.read_only,
        },
    )


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def audit(asked: Asked) -> Sheet:
    """Show the audit trail: logins, reads of private lines, changes; the newest first."""
    words, chosen = asked.words, asked.filters
    found, whole = trail.notes(
        asked.context.office,
        limit=chosen.limit,
        offset=chosen.offset,
        person=chosen.person,
        action=chosen.action,
    )
    columns = (
        Column("at", words("moment"), "moment"),
        Column("person", words("person")),
        Column("action", words("action")),
        Column("detail", words("detail")),
        Column("address", words("address")),
    )
    rows = tuple((each.at, each.person, each.action, each.detail, each.address) for each in found)
    return Sheet(
        words("Audit trail"),
        tables=(
            Table(
                "trail",
                words("What people did, the newest first"),
                columns,
                rows,
                whole=whole,
                empty=words("Nothing fits these filters."),
            ),
        ),
        choices=(
            Choice("person", words("person"), chosen.person),
            Choice("action", words("action"), chosen.action),
        ),
    )


def rates(asked: Asked) -> Sheet:
    """Show the rates with which money is converted, and how old they are."""
    from intendance.ledger.rates import ecb

    words, table = asked.words, ecb()
    rows: list[tuple[str, date, Any]] = []
    for currency in _CURRENCIES:
        days, values = table.series[currency]
        rows.append((currency, days[-1], values[-1]))
    columns = (
        Column("currency", words("currency")),
        Column("day", words("last day"), "day"),
        Column("rate", words("for one euro"), "text"),
    )
    return Sheet(
        words("Rates"),
        lead=words("Money is converted when it is asked for, with the rate of a named day."),
        tables=(Table("rates", table.name, columns, tuple(rows)),),
        definition={"table": table.name},
    )


# -- changes --------------------------------------------------------------------------------


def _add(asked: Asked, form: Form) -> Response:
    try:
        made = people.add(
            asked.context.office,
            form.text("name"),
            form.text("role"),
            party=form.text("party"),
            may_confirm=form.flag("may_confirm"),
        )
    except IntendanceError as error:
        return _shown(asked, error=error, status=422)
    asked.note("person added", f"{made.name} {made.role} {made.party}".strip())
    return _link(asked, made)


def _invite(asked: Asked, form: Form) -> Response:
    return _link(asked, _found(asked, form.text("name")))


def _link(asked: Asked, person: Person) -> Response:
    secret = people.invite(asked.context.office, person)
    asked.note("one-time link made", person.name)
    base = str(asked.request.base_url).rstrip("/")
    return _shown(asked, link=f"{base}/welcome/{secret}", invited=person)


def _alter(asked: Asked, form: Form) -> Response:
    person = _found(asked, form.text("name"))
    try:
        if form.text("version") != str(person.version):
            raise people.moved()
        changed = people.alter(
            asked.context.office,
            person,
            role=form.text("role"),
            party=form.text("party"),
            may_confirm=form.flag("may_confirm"),
            active=form.flag("active"),
        )
    except IntendanceError as error:
        return _shown(asked, error=error, status=422)
    asked.note("person changed", _told(changed))
    return twins.after(asked, "/admin")


def _told(person: Person) -> str:
    flags = f"confirm={_yes(person.may_confirm)} active={_yes(person.active)}"
    return f"{person.name} {person.role} {person.party} {flags}"


def _end_tokens(asked: Asked, form: Form) -> Response:
    person = _found(asked, form.text("name"))
    for each in tokens.of(asked.context.office, person):
        tokens.revoke(asked.context.office, person, each.id)
    asked.note("tokens revoked", person.name)
    return twins.after(asked, "/admin")


def _found(asked: Asked, name: str) -> Person:
    try:
        return people.find(asked.context.office, name)
    except InputError as error:
        raise NotFoundError("There is nobody of this name.") from error


def _shown(asked: Asked, *, status: int = 200, **values: Any) -> Response:
    return asked.context.pages.sheet("admin.html.j2", asked, admin(asked), status=status, **values)


class NewPerson(Body):
    """A person to add."""

    name: Text = Field(min_length=1)
    role: Text
    party: Text = ""
    may_confirm: bool = False


class PersonChange(Body):
    """What of a person changes; fields that are left out stay."""

    role: Text | None = None
    party: Text | None = None
    may_confirm: bool | None = None
    active: bool | None = None


def add_person(asked: Asked, body: NewPerson) -> dict[str, Any]:
    """Add a person; the answer holds the path of the one-time link that sets the password."""
    made = people.add(
        asked.context.office,
        body.name,
        body.role,
        party=body.party,
        may_confirm=body.may_confirm,
    )
    asked.note("person added", _told(made))
    secret = people.invite(asked.context.office, made)
    return {**made.as_record(), "welcome": f"/welcome/{secret}"}


def change_person(asked: Asked, body: PersonChange) -> dict[str, Any]:
    """Change a person's role or rights (If-Match: the version that the list gives)."""
    person = _found(asked, asked.request.path_params["name"])
    twins.matched(asked.request, str(person.version))
    changed = people.alter(
        asked.context.office,
        person,
        role=body.role,
        party=body.party,
        may_confirm=body.may_confirm,
        active=body.active,
    )
    asked.note("person changed", _told(changed))
    return changed.as_record()


def router(context: Context) -> APIRouter:
    """Give the addresses of administration."""
    routes = APIRouter(tags=["admin"])
    only = ("admin",)
    twins.show(
        routes, context, "/admin", admin, template="admin.html.j2", roles=_SEES, api="/people"
    )
    twins.show(
        routes, context, "/admin/trail", audit, filters=TrailFilters, roles=_SEES, api="/trail"
    )
    twins.show(routes, context, "/admin/rates", rates, roles=_SEES, api="/rates")
    twins.form(routes, context, "/admin/people", _add, roles=only)
    twins.form(routes, context, "/admin/people/change", _alter, roles=only)
    twins.form(routes, context, "/admin/people/invite", _invite, roles=only)
    twins.form(routes, context, "/admin/people/tokens/end", _end_tokens, roles=only)
    twins.call(
        routes, context, "POST", "/people", add_person, body=NewPerson, roles=only, status=201
    )
    twins.call(
        routes,
        context,
        "PATCH",
        "/people/{name}",
        change_person,
        body=PersonChange,
        roles=only,
        matches=True,
    )
    return routes
