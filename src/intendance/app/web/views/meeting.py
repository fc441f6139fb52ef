"""Meeting mode: one capability after another, full screen; answers are recorded as proposals."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from intendance.app.accounts.people import CHANGING
from intendance.app.web import desk, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context
from intendance.app.web.fields import Day, Filters, Limit, Text
from intendance.app.web.forms import Form
from intendance.app.web.sheet import Column, Figure, Sheet, Table
from intendance.errors import UsageError
from intendance.ledger.coverage import Row, coverage
from intendance.ledger.privacy import joined
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.intake.reading import Reading

ROLES: Final = ("clerk", "coordinator", "auditor", "admin")
HELP: Final = (
    "One need fills the screen. The arrow keys lead on and back. What somebody promises is written "
    "down as it is said; it waits in the inbox until a person accepts it."
)
KINDS: Final = ("pledge", "commitment", "allocation", "delivery", "caveat")
OUTLET: Final = "meeting"


class MeetingFilters(Filters):
    """``at``: which need, counted from 1 in the order of urgency."""

    at: Limit = 1
    as_of: Day = None
    known_at: Day = None
    said: Text = ""


def meeting(asked: Asked) -> Sheet:
    """Show one need after the other, large, with what has been answered today."""
    words, chosen, book = asked.words, asked.filters, asked.ledger
    days = book.remembered(("days",), book.recording_days)
    as_of = chosen.as_of or (min(days[-1], asked.today) if days else asked.today)
    rows: list[Row] = book.remembered(
        ("coverage", as_of, chosen.known_at),
        lambda: coverage(book.frame, book.on_topic("need"), as_of=as_of, known_at=chosen.known_at),
    )
    at = min(chosen.at, max(len(rows), 1))
    row = rows[at - 1] if rows else None
    marks = [need.marking for need in row.needs] if row else []
    answers = _answers(asked)
    return Sheet(
        words("Meeting"),
        figures=_figures(asked, row) if row else (),
        tables=(_overview(asked, rows), _answer_table(asked, answers)),
        definition={"as_of": as_of, "known_at": chosen.known_at},
        marking=joined(marks or ["public"]),
        help=words(HELP),
        parts={
            "row": row,
            "name": labels.capitalised(labels.capability(row.capability, asked.language))
            if row
            else "",
            "at": at,
            "whole": len(rows),
            "kinds": KINDS,
            "answers": [each for each in answers if _about(each, row)],
            "shares": _shares(row) if row else {},
            "may_change": asked.person.role in CHANGING and not asked.read_only,
            "donors": _donors(asked),
        },
    )


def _shares(row: Row) -> dict[str, str]:
    """Give the widths of the bar's parts in percent of the need, at most all of it."""
    whole = row.needed.best
    return {
        stage: f"{min(row.supply[stage].best / whole, Decimal(1)) * 100:.1f}" if whole else "0"
        for stage in ("pledge", "commitment", "delivery")
    }


def _figures(asked: Asked, row: Row) -> tuple[Figure, ...]:
    words = asked.words
    stages = tuple(
        Figure(stage, labels.word(labels.STAGES, stage, words.ty), row.supply[stage], "interval")
        for stage in ("pledge", "commitment", "delivery")
    )
    return (
        Figure("needed", words("needed"), row.needed, "interval"),
        *stages,
        Figure("gap", words("missing"), row.gap, "interval"),
    )


def _overview(asked: Asked, rows: list[Row]) -> Table:
    words = asked.words
    columns = (
        Column("capability", words("capability")),
        Column("place", words("place")),
        Column("needed", words("needed"), "interval"),
        Column("delivery", words("delivered"), "interval"),
        Column("gap", words("missing"), "interval"),
        Column("due", words("due"), "day"),
    )
    cells = tuple(
        (
            labels.capitalised(labels.capability(row.capability, asked.language)),
            row.place,
            row.needed,
            row.supply["delivery"],
            row.gap,
            row.due,
        )
        for row in rows
    )
    return Table(
        "needs",
        words("The needs, the most urgent first"),
        columns,
        cells,
        link=lambda number: asked.link("/meeting", at=number + 1),
        empty=words("The ledger holds no needs: post some to see what is missing."),
    )


def _answers(asked: Asked) -> list[Any]:
    """Give what was written down in meetings today, the newest first."""
    today = asked.today.isoformat()
    with desk.inbox_of(asked.context) as box:
        found = [
            each
            for each in box.list("all")
            if each.document.get("outlet") == OUTLET and each.document.get("published") == today
        ]
    return list(reversed(found))


def _about(waiting: Any, row: Row | None) -> bool:
    return row is not None and waiting.fields.get("capability") == row.capability


def _answer_table(asked: Asked, answers: list[Any]) -> Table:
    words = asked.words
    columns = (
        Column("kind", words("kind"), "code"),
        Column("donor", words("donor")),
        Column("quantity", words("quantity")),
        Column("what", words("what")),
        Column("state", words("state"), "code"),
    )
    rows = tuple(
        (
            each.kind,
            str(each.fields.get("donor") or ""),
            str(each.fields.get("quantity_low") or ""),
            str(each.fields.get("item_text") or ""),
            each.state,
        )
        for each in answers
    )
    caption = words("Answered in today's meeting")
    return Table("answers", caption, columns, rows, empty=words("Nothing has been answered yet."))


def _donors(asked: Asked) -> tuple[str, ...]:
    def gather() -> tuple[str, ...]:
        import polars as pl

        column = asked.ledger.frame.select(pl.col("donor").cast(pl.String).unique()).to_series()
        return tuple(sorted(str(each) for each in column.drop_nulls().to_list() if each)[:300])

    return asked.ledger.remembered(("known", "donor"), gather)


def _record(asked: Asked, form: Form) -> Response:
    """Write an answer down as a proposal: who said what, in the words of the meeting."""
    kind = form.text("kind", most=20)
    if kind not in KINDS:
        raise UsageError("There is no such answer.", next_step="Choose one of the list.")
    donor = form.text("donor", most=120)
    if not donor:
        raise UsageError("An answer needs its donor.", next_step="Name who has spoken.")
    quantity = form.number("quantity")
    fields = {
        "donor": donor,
        "item_text": form.text("item", most=200),
        "capability": form.text("capability", most=60),
        "recipient": form.text("recipient", most=120),
        "quantity_low": str(quantity) if quantity is not None else None,
        "quantity_high": str(quantity) if quantity is not None else None,
        "due": due.isoformat() if (due := form.day("due")) else None,
        "said_on": asked.today.isoformat(),
    }
    note = form.text("note", most=400)
    kept = {name: value for name, value in fields.items() if value}
    reading = spoken(asked, kind, kept, note, OUTLET)
    desk.keep(
        asked.context.office,
        asked.context.book(desk.CELL),
        reading,
        restricted=True,
        person=asked.person.name,
    )
    asked.note("answer recorded", f"{kind} {donor}")
    return twins.after(
        asked, "/meeting", at=form.text("at", most=4), said=f"{donor}: {asked.words(kind)}"
    )


def spoken(asked: Asked, kind: str, fields: dict[str, Any], note: str, outlet: str) -> Reading:
    """Make the reading of one spoken answer; its text is what the minutes would say."""
    from intendance.intake.reading import Document, Proposal, Reading

    said = " · ".join(
        each
        for each in (
            fields["donor"],
            asked.words(kind),
            str(fields.get("quantity_low", "")),
            fields.get("item_text", ""),
            str(fields.get("due", "")),
            note,
        )
        if each
    )
    # Two people may say the same words: the moment and the writer keep the answers apart.
    stamp = f"{said}\n{asked.person.name} {asked.context.store.head().root[:8]} {_count(asked)}"
    digest = hashlib.sha256(stamp.encode("utf-8", "replace")).hexdigest()
    document = Document(said, digest, asked.language, asked.today.isoformat(), outlet, outlet)
    proposal = Proposal("p1", kind, fields, ((0, len(said)),), 1.0)  # type: ignore[arg-type]
    return Reading(document, (), (), (), (), (), (proposal,))


def _count(asked: Asked) -> int:
    with desk.inbox_of(asked.context) as box:
        return len(box.list("all"))


def router(context: Context) -> APIRouter:
    """Give the addresses of the meeting."""
    routes = APIRouter(tags=["review"])
    twins.show(
        routes,
        context,
        "/meeting",
        meeting,
        filters=MeetingFilters,
        template="meeting.html.j2",
        roles=ROLES,
    )
    twins.form(routes, context, "/meeting/record", _record, roles=CHANGING)
    return routes
