"""Donor: promises, what is due and late, what is asked; own stocks and caveats, kept private."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from intendance.app.web import desk, plans, twins
from intendance.app.web.asked import Asked, access_of
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters, Text
from intendance.app.web.forms import Form
from intendance.app.web.plan_files import XLSX, attached, donor_book
from intendance.app.web.plan_sheets import line_columns, line_row
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.app.web.views.meeting import spoken
from intendance.errors import UsageError
from intendance.ledger.coverage import coverage, late
from intendance.ledger.privacy import Viewer, joined
from intendance.ledger.snapshot import current
from intendance.model.catalogue import find_item, fold, items, party_name
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.plan.stated import BINDS
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.app.web.frames import Book
    from intendance.plan.accepting import Line, ReadPlan

ROLES: Final = ("donor", "coordinator", "admin")
OWN: Final = ("donor",)
NAV: Final = Nav("/donor", "Donor", 80, ROLES)
HELP: Final = (
    "A donor sees its own promises, stocks and caveats; its private lines are its own alone. "
    "Others see here only what is public. An answer to a planned line waits in the inbox until a "
    "person of the cell accepts it."
)
CODES: Final = {"accept": "accept it", "reduce": "reduce it", "condition": "add a condition"}
_KINDS: Final = {"accept": "allocation", "reduce": "allocation", "condition": "caveat"}
OUTLET: Final = "donor"


class DonorFilters(Filters):
    """``donor``: whose public part is shown (a donor sees its own); the two clocks."""

    donor: Text = ""
    as_of: Day = None
    known_at: Day = None
    said: Text = ""


def donor(asked: Asked) -> Sheet:
    """Show a donor's promises, what is due, late and asked, its stocks and its caveats."""
    words, chosen = asked.words, asked.filters
    own = asked.person.role == "donor"
    # Whoever is not the donor sees the public part only, also an admin.
    book = asked.ledger if own else asked.context.book(Viewer("reader"))
    party = asked.person.party if own else party_name(chosen.donor) if chosen.donor else ""
    as_of = chosen.as_of or asked.today
    entries = _entries(book, party, chosen.known_at)
    stocks = [each for each in entries if each.topic == "stock"]
    tables, planned = _tables(asked, book, party, entries, as_of, own=own)
    marks = [each.marking for each in entries]
    marks += [plans.MARKING] if planned else []
    return Sheet(
        f"{words('Donor')}: {words.party(party)}" if party else words("Donor"),
        figures=_figures(asked, tables) if party else (),
        tables=tables,
        choices=_choices(asked, book, own=own),
        definition={"donor": party, "as_of": as_of, "known_at": chosen.known_at},
        marking=joined(marks or ["public"]),
        help=words(HELP),
        parts={
            "own": own,
            "party": party,
            "may_write": own and not asked.read_only,
            "planned": planned,
            "items": [each.label(asked.language) for each in items().values()],
            "stocks": stocks,
            "files": [made.name for made, _, _ in planned],
        },
    )


def _entries(book: Book, party: str, known_at: date | None) -> list[Entry]:
    """Give what is known of a donor's lines, as the book shows them."""
    import polars as pl

    if not party:
        return []

    def find() -> list[Entry]:
        names = book.frame.filter(pl.col("donor").cast(pl.String) == party)
        lines = set(names.select(pl.col("line").cast(pl.String)).to_series().to_list())
        told = [
            each
            for each in book.on_lines(lines)
            if known_at is None or each.recorded_on <= known_at
        ]
        return [each for each in current(told).values() if each.donor == party]

    return book.remembered(("donor lines", party, known_at), find)


def _tables(
    asked: Asked, book: Book, party: str, entries: list[Entry], as_of: date, *, own: bool
) -> tuple[tuple[Table, ...], list[tuple[plans.Made, ReadPlan, list[Line]]]]:
    if not party:
        return (), []
    overdue = [
        each
        for each in late(book.due(), as_of=as_of, known_at=asked.filters.known_at)
        if each.entry.donor == party
    ]
    days_late = {each.entry.line: each.days_late for each in overdue}
    planned = _planned(asked, party) if own else []
    return (
        _promises(asked, [each for each in entries if each.topic == "aid"], days_late),
        _asked_table(asked, book, entries, as_of),
        _planned_table(asked, planned),
        _stock_table(asked, [each for each in entries if each.topic == "stock"]),
        _caveat_table(asked, [each for each in entries if each.topic == "caveat"]),
    ), planned


def _amount(entry: Entry) -> tuple[Any, str]:
    if entry.quantity:
        return entry.quantity.amount, entry.quantity.unit
    return (entry.money.amount, entry.money.currency) if entry.money else (None, "")


def _name(asked: Asked, entry: Entry) -> str:
    known = find_item(entry.item) if entry.item else None
    return entry.item_text or (known.label(asked.language) if known else entry.item) or entry.line


def _promises(asked: Asked, found: list[Entry], days_late: dict[str, int]) -> Table:
    words = asked.words
    columns = (
        Column("what", words("what")),
        Column("stage", words("stage"), "code"),
        Column("amount", words("amount"), "interval"),
        Column("unit", words("unit"), "code"),
        Column("recipient", words("recipient")),
        Column("happened", words("happened"), "day"),
        Column("due", words("due"), "day"),
        Column("late", words("days late"), "count"),
        Column("marking", words("marking"), "code"),
    )
    found = sorted(found, key=lambda x: (-days_late.get(x.line, 0), x.line, x.stage))[:500]
    rows = tuple(
        (
            _name(asked, each), each.stage, *_amount(each), words.party(each.recipient),
            each.valid.last if each.valid else None, _day(each.term("due")),
            days_late.get(each.line), each.marking.partition(":")[0],
        )
        for each in found
    )  # fmt: skip
    return Table(
        "promises", words("Promises by stage; what is late stands first"), columns, rows,
        link=lambda at: asked.link("/ledger/entry", id=found[at].line),
        empty=words("There are no promises."),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _asked_table(asked: Asked, book: Book, entries: list[Entry], as_of: date) -> Table:
    """Give the open needs that the donor's stocks could serve."""
    words, known_at = asked.words, asked.filters.known_at
    held = {each.capability for each in entries if each.topic == "stock" and each.capability}
    rows = book.remembered(
        ("coverage", as_of, known_at),
        lambda: coverage(book.frame, book.on_topic("need"), as_of=as_of, known_at=known_at),
    )
    columns = (
        Column("capability", words("capability")),
        Column("place", words("place")),
        Column("open", words("not yet promised"), "interval"),
        Column("unit", words("unit"), "code"),
        Column("due", words("due"), "day"),
    )
    cells = tuple(
        (
            labels.capitalised(labels.capability(each.capability, asked.language)),
            each.place, each.open, each.unit, each.due,
        )
        for each in rows
        if each.capability in held and (each.open.best is None or each.open.best > 0)
    )  # fmt: skip
    return Table(
        "asked", words("Open needs that these stocks could serve"), columns, cells,
        empty=words("No open need fits the stocks that are shown."),
    )  # fmt: skip


def _planned(asked: Asked, party: str) -> list[tuple[plans.Made, ReadPlan, list[Line]]]:
    """Give the donor's own lines of published plans."""
    found = []
    for made in plans.published(asked.context.office):
        read = plans.read(asked.context.office, made)
        lines = [each for each in read.lines if party_name(each.donor) == party]
        if lines:
            found.append((made, read, lines))
    return found


def _planned_table(asked: Asked, planned: list[tuple[plans.Made, ReadPlan, list[Line]]]) -> Table:
    columns = (Column("plan", asked.words("plan")), *line_columns(asked))
    rows = tuple(
        (made.name, *line_row(asked, read, each)) for made, read, lines in planned for each in lines
    )
    return Table(
        "planned", asked.words("Lines of plans that ask for something"), columns, rows,
        empty=asked.words("No published plan asks for anything."),
    )  # fmt: skip


def _stock_table(asked: Asked, found: list[Entry]) -> Table:
    words = asked.words
    columns = (
        Column("item", words("item")),
        Column("quantity", words("quantity"), "interval"),
        Column("unit", words("unit"), "code"),
        Column("floor", words("floor"), "text"),
        Column("release", words("released on"), "day"),
        Column("releasable", words("may be released"), "code"),
        Column("marking", words("marking"), "code"),
    )
    rows = tuple(
        (
            _name(asked, each), *_amount(each), each.term("floor"), _day(each.term("release_on")),
            each.term("releasable", "yes"), each.marking.partition(":")[0],
        )
        for each in found
    )  # fmt: skip
    return Table("stocks", words("Stocks and their floors"), columns, rows,
                 empty=words("No stock is shown."))  # fmt: skip


def _caveat_table(asked: Asked, found: list[Entry]) -> Table:
    words = asked.words
    columns = (
        Column("what", words("about")),
        Column("text", words("caveat")),
        Column("until", words("until"), "day"),
        Column("binds", words("holds stocks back"), "code"),
        Column("marking", words("marking"), "code"),
    )
    rows = tuple(
        (
            each.item_text or each.item, each.term("note") or each.source.sentence,
            _day(each.term("until")), each.term(BINDS, "no"), each.marking.partition(":")[0],
        )
        for each in found
    )  # fmt: skip
    return Table("caveats", words("Caveats"), columns, rows, empty=words("No caveat is shown."))


def _figures(asked: Asked, tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    words = asked.words
    overdue = sum(row[7] is not None for row in tables[0].rows)
    return (
        Figure("promises", words("promises"), len(tables[0].rows), "count", "", "#t-promises"),
        Figure("late", words("late"), overdue, "count", "", "#t-promises"),
        Figure("asked", words("asked"), len(tables[1].rows) + len(tables[2].rows), "count", "",
               "#t-asked"),
        Figure("stocks", words("stocks"), len(tables[3].rows), "count", "", "#t-stocks"),
    )  # fmt: skip


def _choices(asked: Asked, book: Book, *, own: bool) -> tuple[Choice, ...]:
    import polars as pl

    words, chosen = asked.words, asked.filters
    clocks = (
        Choice("as_of", words("as of"), chosen.as_of, "day"),
        Choice("known_at", words("known at"), chosen.known_at, "day"),
    )
    if own:
        return clocks

    def names() -> tuple[str, ...]:
        column = book.frame.select(pl.col("donor").cast(pl.String).unique()).to_series()
        return tuple(sorted(str(each) for each in column.to_list() if each)[:300])

    known = book.remembered(("known", "donor"), names)
    return (Choice("donor", words("donor"), chosen.donor, known=known), *clocks)


# -- changes: a donor writes private lines of its own, and answers ----------------------------


def _post(asked: Asked, entry: Entry, told: str) -> Response:
    book = asked.ledger
    standing = [each for each in book.on_lines({entry.line}) if each.slot == entry.slot]
    if standing:
        from dataclasses import replace

        entry = replace(entry, kind="correct", reason=entry.reason or "changed by its owner")
    book.post([entry], person=asked.person.name, action=told)
    book.moved()
    asked.note(told, entry.line)
    return twins.after(asked, "/donor")


def _base(asked: Asked, topic: str, about: str, since: date | None = None) -> dict[str, Any]:
    party = asked.person.party
    digest = hashlib.sha256(f"{topic}\x1f{party}\x1f{about}".encode()).hexdigest()[:16]
    return {
        "line": f"{topic}:{digest}",
        "stage": "pledge",
        "topic": topic,
        "recorded_on": asked.today,
        "valid": Period.on(since or asked.today),
        "donor": party,
        "by": asked.person.name,
        "marking": f"private:{party}",
        "source": Source(party),
    }


def _stock(asked: Asked, form: Form) -> Response:
    """Write a stock of the donor's own, or change it: its item names it."""
    name = form.text("item", most=120)
    quantity = form.number("quantity")
    if not name or quantity is None:
        raise UsageError("A stock needs its item and its quantity.", next_step="Fill in both.")
    floor, release = form.number("floor"), form.day("release_on")
    if floor is not None and floor > quantity:
        raise UsageError("A floor is at most what is held.", next_step="Lower the floor.")
    item = find_item(name)
    terms = {
        "floor": str(floor) if floor is not None else "",
        "release_on": release.isoformat() if release else "",
        "releasable": "yes" if form.flag("releasable") else "no",
    }
    entry = Entry(
        **_base(asked, "stock", item.name if item else fold(name), form.day("since")),
        item=item.name if item else fold(name)[:120],
        item_text=item.english if item else name,
        capability=item.capability if item else "",
        quantity=Quantity(Interval.exact(quantity), item.unit if item else "piece"),
        terms=tuple(sorted((key, value) for key, value in terms.items() if value)),
    )
    return _post(asked, entry, "stock written")


def _caveat(asked: Asked, form: Form) -> Response:
    """Write a caveat of the donor's own."""
    about, text = form.text("item", most=120), form.text("text", most=400)
    item = find_item(about) if about else None
    if not text:
        raise UsageError("A caveat needs its words.", next_step="Say what holds, and until when.")
    until = form.day("until")
    binds = form.flag("binds")
    if binds and about and item is None:
        raise UsageError(
            "A caveat that holds a stock back needs an item of the list.",
            next_step="Choose the item, or leave it blank for all that you hold.",
        )
    terms = {
        "note": text, "until": until.isoformat() if until else "", BINDS: "yes" if binds else "",
    }  # fmt: skip
    entry = Entry(
        **_base(asked, "caveat", f"{fold(about)}\x1f{fold(text)}", form.day("since")),
        item=item.name if item else "",
        item_text=about,
        terms=tuple(sorted((key, value) for key, value in terms.items() if value)),
    )
    return _post(asked, entry, "caveat written")


def _answer(asked: Asked, form: Form) -> Response:
    """Answer a planned line: the answer becomes a proposal in the inbox."""
    answer = form.text("answer", most=20)
    if answer not in _KINDS:
        raise UsageError("There is no such answer.", next_step="Choose one of the list.")
    name, _, wanted = form.text("line", most=120).partition(" ")
    planned = {
        made.name: (read, lines) for made, read, lines in _planned(asked, asked.person.party)
    }
    read, lines = planned.get(name, (None, []))
    line = next((each for each in lines if each.id == wanted), None)
    if line is None or read is None:
        raise NotFoundError
    quantity, note = form.number("quantity"), form.text("note", most=400)
    if answer == "reduce" and (quantity is None or float(quantity) >= line.shipment.quantity):
        raise UsageError("A reduced line needs a smaller quantity.", next_step="Type how many.")
    if answer == "condition" and not note:
        raise UsageError("A condition needs its words.", next_step="Say what holds.")
    row = line_row(asked, read, line)
    given = str(quantity) if answer == "reduce" else format(row[3], "f")
    fields = {
        "donor": asked.person.party, "item_text": row[2], "quantity_low": given,
        "quantity_high": given, "place": row[6], "text": note,
        "due": line.arrive.isoformat() if line.arrive else "",
        "said_on": asked.today.isoformat(),
    }  # fmt: skip
    kept = {key: value for key, value in fields.items() if value}
    reading = spoken(asked, _KINDS[answer], kept, f"{name} {wanted} {note}".strip(), OUTLET)
    desk.keep(
        asked.context.office, asked.context.book(desk.CELL), reading,
        restricted=True, person=asked.person.name,
    )  # fmt: skip
    asked.note("planned line answered", f"{answer} {name} {wanted}")
    return twins.after(asked, "/donor", said=asked.words(CODES[answer]))


def _book(context: Context) -> Callable[[Request], Response]:
    def book(request: Request) -> Response:
        access = access_of(request, context)
        asked = twins.asked_for(request, context, access, None, OWN)
        name = request.path_params["plan"]
        for made, read, lines in _planned(asked, asked.person.party):
            if made.name == name:
                content = donor_book(read, lines, asked.language)
                return attached(asked, content, f"{name}.xlsx", XLSX)
        raise NotFoundError

    return book


def router(context: Context) -> APIRouter:
    """Give the addresses of the donors."""
    routes = APIRouter(tags=["donor"])
    twins.show(
        routes, context, "/donor", donor,
        filters=DonorFilters, template="donor.html.j2", roles=ROLES,
    )  # fmt: skip
    routes.add_api_route(
        "/donor/plans/{plan}", _book(context), methods=["GET"], include_in_schema=False
    )
    twins.form(routes, context, "/donor/stock", _stock, roles=OWN)
    twins.form(routes, context, "/donor/caveat", _caveat, roles=OWN)
    twins.form(routes, context, "/donor/answer", _answer, roles=OWN)
    return routes
