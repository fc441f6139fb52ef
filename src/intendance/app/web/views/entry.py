"""One entry: the sentence it comes from, its source, its history, and the form to correct it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from intendance.app.web import correcting, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context
from intendance.app.web.correcting import Wanted
from intendance.app.web.fields import Body, Day, Filters, LongText, Text
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NoVersionError, RefusedError, status_of
from intendance.app.web.sheet import Column, Sheet, Table
from intendance.errors import IntendanceError
from intendance.ledger.ledger import History
from intendance.ledger.privacy import joined
from intendance.model.entry import CLOSING_KINDS, Entry, body_of
from intendance.model.interval import QUALIFIERS
from intendance.model.period import Period
from intendance.review import labels

HELP: Final = (
    "Nothing is ever edited: a correction is a new entry with a reason and your name, and the "
    "story keeps both. If somebody corrects the line while you look at it, your change is "
    "refused and you see theirs."
)


class EntryFilters(Filters):
    """Which entry: its id, the beginning of it, or its line."""

    id: Text = ""


def entry(asked: Asked) -> Sheet:
    """Show an entry with its sentence, its source and all that was recorded about its line."""
    story = correcting.story_of(asked.ledger, asked.filters.id)
    words = asked.words
    now = _entry_of(story)
    current = correcting.current_of(story, now)
    marking = joined(each.marking for each, _ in story.entries)
    may = correcting.may_correct(asked.person, current) and not asked.read_only
    return Sheet(
        labels.capitalised(_what(asked, now)),
        tables=(_history(asked, story),),
        definition={"entry": now.id, "line": now.line},
        marking=marking,
        head=asked.ledger.revision,
        help=words(HELP),
        etag=correcting.version_of(story),
        parts={
            "entry": now,
            "current": current,
            "story": story,
            "may_correct": may and current.kind not in CLOSING_KINDS,
            "version": correcting.version_of(story),
            "qualifiers": QUALIFIERS,
            "body": body_of(now),
        },
    )


def _entry_of(story: History) -> Entry:
    found = [each for each, _ in story.entries if each.id == story.asked]
    return found[0] if found else story.entries[-1][0]


def _what(asked: Asked, entry: Entry) -> str:
    if entry.topic == "need" and entry.capability:
        return labels.capability(entry.capability, asked.language)
    return labels.thing(entry.item, entry.item_text, asked.words.ty) or entry.line


def _day(entry: Entry) -> date | None:
    return entry.valid.last if entry.valid else None


def _history(asked: Asked, story: History) -> Table:
    words = asked.words
    columns = (
        Column("recorded_on", words("recorded"), "day"),
        Column("kind", words("what was done"), "code"),
        Column("stage", words("stage"), "code"),
        Column("valid", words("happened"), "day"),
        Column("quantity", words("quantity"), "interval"),
        Column("unit", words("unit"), "code"),
        Column("amount", words("amount"), "interval"),
        Column("currency", words("currency")),
        Column("donor", words("donor")),
        Column("category", words("category"), "code"),
        Column("reason", words("reason")),
        Column("by", words("by")),
        Column("source", words("source")),
        Column("id", words("entry")),
    )
    rows = tuple(
        (
            each.recorded_on,
            each.kind,
            each.stage,
            _day(each),
            each.quantity.amount if each.quantity else None,
            each.quantity.unit if each.quantity else "",
            each.money.amount if each.money else None,
            each.money.currency if each.money else "",
            words.party(each.donor),
            each.category,
            each.reason,
            each.by,
            ", ".join(filter(None, (each.source.origin, each.source.document))),
            each.id,
        )
        for each, _ in story.entries
    )
    ids = [each.id for each, _ in story.entries]
    return Table(
        "history",
        words("All that was recorded about this line, in order"),
        columns,
        rows,
        link=lambda number: asked.link("/ledger/entry", id=ids[number]),
    )


def _correct(asked: Asked, form: Form) -> Response:
    name = form.text("id")
    asked.filters = EntryFilters(id=name)
    version = form.text("version")
    try:
        made = correcting.correct(asked, name, wanted_of(form), version)
    except IntendanceError as error:
        status = status_of(error) if isinstance(error, RefusedError) else 422
        sheet = entry(asked)
        return asked.context.pages.sheet(
            "entry.html.j2", asked, sheet, status=status, error=error, typed=form
        )
    return twins.after(asked, "/ledger/entry", id=made.id)


def wanted_of(form: Form) -> Wanted:
    """Read the form of a correction."""
    day = form.day("valid")
    amount = correcting.interval(
        form.number("amount"), form.number("amount_to"), form.text("amount_qualifier") or "exact"
    )
    quantity = correcting.interval(
        form.number("quantity"),
        form.number("quantity_to"),
        form.text("quantity_qualifier") or "exact",
    )
    return Wanted(
        reason=form.text("reason", most=2000, lines=True),
        withdraw=form.flag("withdraw"),
        amount=amount,
        currency=form.text("currency") or None,
        quantity=quantity,
        unit=form.text("unit", most=40) or None,
        valid=Period.on(day) if day else None,
        donor=form.text("donor") or None,
        category=form.text("category", most=80) or None,
        item_text=form.text("item_text") or None,
        marking=form.text("marking") or None,
    )


class Figure(Body):
    """A figure as an interval: a number and how it was said; ``to`` is a range's other end."""

    number: Decimal | None = Field(None, ge=0, le=10**16, decimal_places=3)
    to: Decimal | None = Field(None, ge=0, le=10**16, decimal_places=3)
    qualifier: Literal["exact", "at least", "at most", "about", "range", "undisclosed"] = "exact"
    unit: Text = ""


class Correction(Body):
    """What replaces an entry. Fields that are left out stay as they are."""

    entry: Text = Field(description="The entry's id.")
    reason: LongText = Field(min_length=1, description="Why; it stays in the record.")
    kind: Literal["correct", "withdraw"] = "correct"
    amount: Figure | None = Field(None, description="Money; `unit` is the currency.")
    quantity: Figure | None = None
    valid: Day = None
    donor: Text = ""
    category: Text = ""
    item_text: Text = ""
    marking: Text = ""


def correction(asked: Asked, body: Correction) -> dict[str, Any]:
    """Post a correction or a withdrawal of an entry (If-Match: the entry's ETag)."""
    given = asked.request.headers.get("if-match", "").strip()
    if not given:
        raise NoVersionError
    amount, quantity = body.amount, body.quantity
    wanted = Wanted(
        reason=body.reason,
        withdraw=body.kind == "withdraw",
        amount=correcting.interval(amount.number, amount.to, amount.qualifier) if amount else None,
        currency=(amount.unit or None) if amount else None,
        quantity=(
            correcting.interval(quantity.number, quantity.to, quantity.qualifier)
            if quantity
            else None
        ),
        unit=(quantity.unit or None) if quantity else None,
        valid=Period.on(body.valid) if body.valid else None,
        donor=body.donor or None,
        category=body.category or None,
        item_text=body.item_text or None,
        marking=body.marking or None,
    )
    version = given.removeprefix("W/").strip('"')
    made = correcting.correct(asked, body.entry, wanted, version)
    return {"id": made.id, "kind": made.kind, "replaces": made.replaces, **body_of(made)}


def router(context: Context) -> APIRouter:
    """Give the addresses of an entry."""
    routes = APIRouter(tags=["ledger"])
    twins.show(
        routes,
        context,
        "/ledger/entry",
        entry,
        filters=EntryFilters,
        template="entry.html.j2",
        api="/entry",
    )
    roles = ("donor", "clerk", "coordinator", "admin")
    twins.form(routes, context, "/ledger/entry/correct", _correct, roles=roles)
    twins.call(
        routes,
        context,
        "POST",
        "/corrections",
        correction,
        body=Correction,
        roles=roles,
        status=201,
        matches=True,
    )
    return routes
