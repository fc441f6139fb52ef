"""Today: the five gaps that matter, what changed, what is late, and what waits for me."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter

from intendance.app.web import frozen, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.app.web.views.ledger import what_of
from intendance.ledger.coverage import Row, coverage, late
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import joined
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.ledger.changes import Changes

NAV: Final = Nav("/", "Today", 10)
HELP: Final = (
    "The gaps stand in the order of priority times the share that is missing. The changes are "
    "those since the last review, or since the last but one day of recording."
)
_GAPS: Final = 5
_SHOWN: Final = 20


class TodayFilters(Filters):
    """The two clocks, and since when changes are told."""

    as_of: Day = None
    known_at: Day = None
    since: Day = None


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for the person: a sentence in the page's language, and where to go."""

    sentence: str
    href: str
    count: int = 1


def today(asked: Asked) -> Sheet:
    """Show the five gaps that matter, what changed since the last review, and what is late."""
    words, book, chosen = asked.words, asked.ledger, asked.filters
    days = book.remembered(("days",), book.recording_days)
    if not days:
        return Sheet(
            words("Today"),
            lead=words("The ledger is empty: import something first."),
            head=book.revision,
            parts={"gaps": (), "waits": tuple(waiting(asked)), "changes": None},
        )
    as_of = chosen.as_of or (min(days[-1], asked.today))
    rows = book.remembered(("coverage", as_of, chosen.known_at), lambda: _covered(asked, as_of))
    gaps = tuple(row for row in rows if row.gap.best)[:_GAPS]
    since = chosen.since or last_review(asked) or (days[-2] if len(days) > 1 else days[-1])
    until = chosen.known_at or days[-1]
    definition = Definition(as_of=as_of)
    changes = book.remembered(
        ("changes", definition, min(since, until), until),
        lambda: _largest(book.changes(definition, min(since, until), until)),
    )
    overdue = book.remembered(
        ("late", as_of, chosen.known_at),
        lambda: late(book.due(), as_of=as_of, known_at=chosen.known_at),
    )
    markings = [need.marking for row in gaps for need in row.needs]
    markings += [each.entry.marking for each in overdue[:_SHOWN]]
    markings.append(changes.marking)
    return Sheet(
        words("Today"),
        figures=_figures(asked, changes, len(overdue)),
        tables=(
            _gap_table(asked, gaps),
            _change_table(asked, changes),
            _late_table(asked, overdue),
        ),
        choices=(
            Choice("as_of", words("as of"), chosen.as_of or as_of, "day"),
            Choice("known_at", words("known at"), chosen.known_at, "day"),
            Choice("since", words("changes since"), since, "day"),
        ),
        definition={"as_of": as_of, "known_at": until, "since": since},
        marking=joined(markings),
        head=book.revision,
        help=words(HELP),
        parts={"gaps": gaps, "waits": tuple(waiting(asked)), "changes": changes, "since": since},
    )


def _largest(changes: Changes) -> Changes:
    """Keep the largest lines of the changes: the sums stay those of all."""
    largest = sorted(changes.lines, key=lambda line: (-abs(line.difference), line.line))
    return replace(changes, lines=tuple(largest[:_SHOWN]))


def _covered(asked: Asked, as_of: date) -> list[Row]:
    book = asked.ledger
    needs = book.on_topic("need")
    return coverage(book.frame, needs, as_of=as_of, known_at=asked.filters.known_at)


def last_review(asked: Asked) -> date | None:
    """Give the day of knowledge of the last frozen review that the person may see, if any."""
    kept = frozen.reviews(asked.context.office, asked.viewer)
    return kept[0].known_at if kept else None


def waiting(asked: Asked) -> Iterator[Waits]:
    """Give what waits for the person: each page's module may say it with ``waits(asked)``."""
    for view in asked.context.views:
        if hasattr(view, "waits"):
            yield from view.waits(asked)


def _figures(asked: Asked, changes: Changes, overdue: int) -> tuple[Figure, ...]:
    words = asked.words
    return (
        Figure("committed", words("committed"), changes.total_after, "interval", "EUR", "/ledger"),
        Figure("difference", words("difference since then"), changes.difference, "money", "EUR"),
        Figure("late", words("lines are late"), overdue, "count", "", "#t-late"),
    )


def _gap_table(asked: Asked, gaps: tuple[Row, ...]) -> Table:
    words = asked.words
    columns = (
        Column("capability", words("capability")),
        Column("place", words("place")),
        Column("unit", words("unit"), "code"),
        Column("needed", words("needed"), "interval"),
        Column("pledge", words("pledged"), "interval"),
        Column("commitment", words("committed"), "interval"),
        Column("delivery", words("delivered"), "interval"),
        Column("gap", words("missing"), "interval"),
        Column("due", words("due"), "day"),
        Column("basis", words("basis"), "code"),
    )
    rows = tuple(
        (
            labels.capitalised(labels.capability(row.capability, asked.language)),
            row.place,
            row.unit,
            row.needed,
            *(row.supply[stage] for stage in ("pledge", "commitment", "delivery")),
            row.gap,
            row.due,
            "sourced" if row.sourced else "assumed",
        )
        for row in gaps
    )
    return Table(
        "gaps",
        words("The five gaps that matter"),
        columns,
        rows,
        link=lambda number: asked.link("/ledger", capability=gaps[number].capability),
        empty=words("Nothing that is needed is missing."),
    )


def _change_table(asked: Asked, changes: Changes) -> Table:
    words = asked.words
    largest = changes.lines
    book = asked.ledger
    told = book.remembered(
        ("told", tuple(each.line for each in largest)),
        lambda: {entry.line: entry for entry in book.on_lines(each.line for each in largest)},
    )
    columns = (
        Column("what", words("what")),
        Column("donor", words("donor")),
        Column("cause", words("cause"), "code"),
        Column("difference", words("difference"), "money", "EUR"),
        Column("line", words("line")),
    )
    rows = tuple(
        (
            what_of(asked, told[each.line]),
            words.party(each.donor),
            each.cause,
            each.difference,
            each.line,
        )
        for each in largest
    )
    caption = words(
        "The largest changes from {before} to {after}",
        before=words.ty.day(changes.before),
        after=words.ty.day(changes.after),
    )
    return Table(
        "changes",
        caption,
        columns,
        rows,
        link=lambda number: asked.link("/ledger/entry", id=largest[number].entry),
        empty=words("Nothing has changed since then."),
    )


def _late_table(asked: Asked, overdue: list[Any]) -> Table:
    words = asked.words
    shown = overdue[:_SHOWN]
    columns = (
        Column("what", words("what")),
        Column("donor", words("donor")),
        Column("stage", words("stage"), "code"),
        Column("due", words("due"), "day"),
        Column("days_late", words("days late"), "count"),
    )
    rows = tuple(
        (
            what_of(asked, each.entry),
            words.party(each.entry.donor),
            each.entry.stage,
            each.due,
            each.days_late,
        )
        for each in shown
    )
    return Table(
        "late",
        words("Late against their own date"),
        columns,
        rows,
        link=lambda number: asked.link("/ledger/entry", id=shown[number].entry.id),
        empty=words("Nothing is late against its own date."),
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of the first page."""
    routes = APIRouter(tags=["today"])
    twins.show(routes, context, "/", today, filters=TodayFilters, template="today.html.j2")
    return routes
