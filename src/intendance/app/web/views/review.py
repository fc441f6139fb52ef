"""Review: coverage, what changed, donors and the map; freezing a dated review and its brief."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from intendance.app.accounts import papers
from intendance.app.web import desk, frozen, twins
from intendance.app.web.asked import Asked, access_of
from intendance.app.web.context import EVERYBODY, Context, Nav
from intendance.app.web.fields import Day, Filters, Text
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Choice, Column, Figure, Sheet, Table
from intendance.errors import UsageError
from intendance.ledger.privacy import joined
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.review.facts import Brief

NAV: Final = Nav("/review", "Review", 50)
FREEZERS: Final = ("coordinator", "admin")
HELP: Final = (
    "The review sets needs against what stands at each stage, says why the total has changed, and "
    "who gave what. Freezing keeps the brief to the byte, with the ledger's head: anybody can "
    "make it again and compare."
)
CODES: Final = {"public": "public", "cell": "the cell"}
_MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ReviewFilters(Filters):
    """The two clocks, with what to compare, and the currency."""

    as_of: Day = None
    known_at: Day = None
    since: Day = None
    currency: Literal["EUR", "USD", "GBP"] = "EUR"


def review(asked: Asked) -> Sheet:
    """Show coverage by capability, why the total changed, and who gave what."""
    words, book = asked.words, asked.ledger
    head = book.revision if asked.viewer.sees_everything else None
    kept = frozen.reviews(asked.context.office, asked.viewer)
    if not book.frame.height:
        lead = words("The ledger is empty: import something first.")
        parts = {"empty": True, "kept": kept, "may_freeze": False}
        return Sheet(words("Review"), lead=lead, head=head, parts=parts)
    brief = brief_of(asked)
    return Sheet(
        words("Review"),
        figures=_figures(asked, brief),
        tables=(
            _coverage(asked, brief),
            _changes(asked, brief),
            _cells(asked, brief, "donor"),
            _cells(asked, brief, "month"),
            _kept(asked, kept),
        ),
        choices=_choices(asked, brief),
        definition={**brief.definition, "since": brief.turn.before if brief.turn else None},
        marking=joined(entry.marking for _, entry in brief.entries.values()),
        head=head,
        help=words(HELP),
        parts={
            "empty": False,
            "brief": brief,
            "draw": lambda name: drawing(asked, brief, name),
            "maps": lambda: _maps(asked, brief),
            "kept": kept,
            "documents": desk.documents(asked.context.office, asked.viewer),
            "may_freeze": asked.person.role in FREEZERS and not asked.read_only,
            "audiences": frozen.AUDIENCES,
        },
    )


def brief_of(asked: Asked) -> Brief:
    """Gather what the asking person may see, once for a revision and a way of seeing it."""
    from intendance.review.brief import Request as BriefRequest
    from intendance.review.brief import gather

    chosen = asked.filters
    day = {name: getattr(chosen, name) for name in ("as_of", "known_at", "since")}
    request = BriefRequest(currency=chosen.currency, **day)

    def make() -> Brief:
        return gather(asked.ledger, request)

    found: Brief = asked.ledger.remembered(("brief", request), make)
    return replace(found, language=asked.language)


def _figures(asked: Asked, brief: Brief) -> tuple[Figure, ...]:
    words = asked.words
    link = asked.link("/ledger", **_clocks(brief), currency=brief.currency)
    delivered = asked.link("/ledger", stage="delivery", **_clocks(brief), currency=brief.currency)
    currency = brief.currency
    return (
        Figure("committed", words("committed"), brief.committed, "interval", currency, link),
        Figure("delivered", words("delivered, where a value is known"), brief.delivered,
               "interval", currency, delivered),
        Figure("donors", words("donors"), brief.donors, "count", "", "#t-donor"),
        Figure("needs", words("needs reviewed"), len(brief.coverage), "count", "", "#t-coverage"),
    )  # fmt: skip


def _clocks(brief: Brief) -> dict[str, date]:
    return {"as_of": brief.as_of, "known_at": brief.known_at}


def _coverage(asked: Asked, brief: Brief) -> Table:
    words = asked.words
    stages = ("pledge", "commitment", "allocation", "shipment", "delivery")
    columns = (
        Column("capability", words("capability")),
        Column("place", words("place")),
        Column("unit", words("unit"), "code"),
        Column("needed", words("needed"), "interval"),
        *(Column(stage, words(stage), "interval") for stage in stages),
        Column("gap", words("missing"), "interval"),
        Column("covered", words("covered"), "share"),
        Column("due", words("due"), "day"),
        Column("basis", words("basis"), "code"),
    )
    rows = tuple(
        (
            labels.capitalised(labels.capability(line.capability, asked.language)),
            line.place,
            line.unit,
            line.needed,
            *(getattr(line, stage) for stage in stages),
            line.gap,
            _share(line.delivery.best, line.needed.best),
            line.due,
            "sourced" if line.sourced else "assumed",
        )
        for line in brief.coverage
    )
    lines = brief.coverage
    return Table(
        "coverage",
        words("Needed and supplied by stage, as of {day}", day=words.ty.day(brief.as_of)),
        columns,
        rows,
        link=lambda number: asked.link(
            "/ledger", capability=lines[number].capability, **_clocks(brief)
        ),
        empty=words("The ledger holds no needs: post some to see what is missing."),
    )


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.001")) if whole else None


def _changes(asked: Asked, brief: Brief) -> Table:
    words, turn = asked.words, brief.turn
    columns = (
        Column("cause", words("cause"), "code"),
        Column("difference", words("difference"), "money", brief.currency),
        Column("entries", words("entries"), "count"),
    )
    rows = (
        tuple((cause, difference, len(ids)) for cause, difference, ids in turn.causes)
        if turn
        else ()
    )
    caption = words("Why the total has changed")
    if turn:
        caption = words(
            "Why the total changed from {before} to {after}",
            before=words.ty.day(turn.before),
            after=words.ty.day(turn.after),
        )
    return Table(
        "changes", caption, columns, rows, empty=words("There is no earlier day to compare with.")
    )


def _cells(asked: Asked, brief: Brief, by: Literal["donor", "month"]) -> Table:
    words = asked.words
    cells = brief.by_donor if by == "donor" else brief.by_month
    categories = list(dict.fromkeys(cell.category for cell in cells))
    found: dict[str, dict[str, Decimal]] = {}
    for cell in cells:
        found.setdefault(cell.row, {})[cell.category] = cell.figure.best
    currency = brief.currency
    columns = (
        Column(by, words(by)),
        *(
            Column(each or "other", words.ty.text(labels.CATEGORIES.get(each, each or "other")),
                   "money", currency)
            for each in categories
        ),
        Column("total", words("in total"), "money", currency),
    )  # fmt: skip
    names = list(found)
    rows = tuple(
        (
            words.party(name) if by == "donor" else words.ty.month(name),
            *(found[name].get(each) for each in categories),
            sum(found[name].values(), Decimal(0)),
        )
        for name in names
    )
    link: Callable[[int], str] | None = None
    if by == "donor":
        link = lambda number: asked.link("/ledger", donor=names[number], **_clocks(brief))  # noqa: E731
    caption = words("Committed by donor") if by == "donor" else words("Committed by month")
    return Table(by, caption, columns, rows, link=link)


def _kept(asked: Asked, kept: list[frozen.Review]) -> Table:
    words = asked.words
    columns = (
        Column("review", words("review")),
        Column("as_of", words("as of"), "day"),
        Column("known_at", words("known at"), "day"),
        Column("audience", words("for"), "code"),
        Column("root", words("ledger head")),
        Column("person", words("frozen by")),
        Column("at", words("at"), "moment"),
    )
    rows = tuple(
        (each.title or each.name, each.as_of, each.known_at, each.audience, each.head.root[:16],
         each.person, each.at)
        for each in kept
    )  # fmt: skip
    return Table(
        "reviews",
        words("Frozen reviews"),
        columns,
        rows,
        link=lambda number: f"/review/frozen/{kept[number].name}",
        empty=words("No review has been frozen yet."),
    )


def _choices(asked: Asked, brief: Brief) -> tuple[Choice, ...]:
    words, chosen = asked.words, asked.filters
    money = tuple((each, each) for each in ("EUR", "USD", "GBP"))
    return (
        Choice("as_of", words("as of"), chosen.as_of or brief.as_of, "day"),
        Choice("known_at", words("known at"), chosen.known_at or brief.known_at, "day"),
        Choice(
            "since", words("changes since"),
            chosen.since or (brief.turn.before if brief.turn else None), "day",
        ),
        Choice("currency", words("currency"), chosen.currency, "list", money),
    )  # fmt: skip


def drawing(asked: Asked, brief: Brief, name: str) -> Markup:
    """Give one of the brief's charts in its wide and narrow form; blank when nothing is drawn."""
    from intendance.review import pictures

    def draw() -> tuple[str, str] | None:
        ty = asked.words.ty
        made: Any = None
        if name == "coverage":
            made = pictures.coverage_drawing(brief, ty)
        elif name == "donors":
            made = pictures.donors_drawing(brief, ty)
        elif name == "months":
            made = pictures.months_drawing(brief, ty)
        elif name == "turn" and brief.turn:
            made = pictures.turn_drawing(brief, brief.turn, ty)
        return (made.wide, made.narrow) if made is not None else None

    key = ("drawing", name, asked.language, *_key(brief))
    found = asked.ledger.remembered(key, draw)
    if found is None:
        return Markup()
    frame = Markup('<div class="wide">{}</div><div class="narrow">{}</div>')
    return frame.format(Markup(found[0]), Markup(found[1]))  # noqa: S704 (our own drawings)


def _key(brief: Brief) -> tuple[Any, ...]:
    return (brief.as_of, brief.known_at, brief.turn.before if brief.turn else None, brief.currency)


def _maps(asked: Asked, brief: Brief) -> list[Markup]:
    from intendance.review import pictures

    names = list(dict.fromkeys(cell.row for cell in brief.by_donor))
    anchors = {name: f"d{place}" for place, name in enumerate(names, 1)}

    def draw() -> tuple[str, ...]:
        made = pictures.donor_maps(brief, asked.words.ty, anchors)
        return tuple(made.windows) if made is not None else ()

    found = asked.ledger.remembered(("maps", asked.language, *_key(brief)), draw)
    return [Markup(each) for each in found]  # noqa: S704 (our own drawings)


# -- frozen reviews -------------------------------------------------------------------------


class FrozenFilters(Filters):
    """``again``: the job that made the review a second time."""

    again: Text = ""


def frozen_review(asked: Asked) -> Sheet:
    """Show a frozen review: its days, its head, its files and their digests."""
    words = asked.words
    found = _found(asked)
    job = (
        asked.context.jobs.find(asked.filters.again, asked.person) if asked.filters.again else None
    )
    compared = dict(job.result.get("same", {})) if job is not None else {}
    columns = (
        Column("form", words("form")),
        Column("digest", "SHA-256"),
        Column("again", words("made again"), "code"),
    )
    said = {True: "identical", False: "different"}
    rows = tuple(
        (form, found.digests[form], said[bool(compared[form])] if form in compared else "")
        for form in frozen.FORMS
    )
    # How many entries there are in all would tell how many of them are hidden.
    entries = found.head.entries if asked.viewer.sees_everything else found.seen
    figures = (
        Figure("as_of", words("as of"), found.as_of, "day"),
        Figure("known_at", words("known at"), found.known_at, "day"),
        Figure("audience", words("for"), found.audience, "code"),
        Figure("entries", words("entries"), entries, "count"),
    )
    table = Table(
        "files",
        words("The brief in three forms, kept to the byte"),
        columns,
        rows,
        link=lambda number: f"/review/frozen/{found.name}/brief.{frozen.FORMS[number]}",
    )
    return Sheet(
        found.title or words("Review"),
        figures=figures,
        tables=(table,),
        definition={"root": found.head.root, **found.versions},
        marking=found.marking,
        head=found.head,
        help=words(HELP),
        parts={
            "review": found,
            "compared": compared,
            "versions_changed": bool(job and job.result.get("versions_changed")),
            "may_freeze": asked.person.role in (*FREEZERS, "auditor") and not asked.read_only,
        },
    )


def _found(asked: Asked) -> frozen.Review:
    name = asked.request.path_params["review"]
    found = frozen.review(asked.context.office, name, asked.viewer)
    if found is None:
        raise NotFoundError
    return found


def _freeze(asked: Asked, form: Form) -> Response:
    audience = form.text("audience", most=20)
    if audience not in frozen.AUDIENCES:
        raise UsageError("There is no such audience.", next_step="public or cell.")
    document = form.text("document", most=64)
    currency = form.text("currency", most=3) or "EUR"
    days = {name: form.day(name) for name in ("as_of", "known_at", "since")}
    arguments = {
        "audience": audience,
        "document": document,
        "language": asked.language,
        "title": form.text("title", most=120),
        "currency": currency if currency in ("EUR", "USD", "GBP") else "EUR",
        **{name: each.isoformat() if each else None for name, each in days.items()},
    }
    asked.note("review asked", f"{arguments['title']} {audience}")
    job = asked.context.jobs.start(
        "brief", "intendance.app.web.frozen:freeze", arguments, asked.person,
        arguments["title"] or asked.words("Review"),
    )  # fmt: skip
    return twins.after(asked, f"/jobs/{job}")


def _reproduce(asked: Asked, form: Form) -> Response:
    name = form.text("review", most=60)
    found = frozen.review(asked.context.office, name, asked.viewer)
    if found is None:
        raise NotFoundError
    job = asked.context.jobs.start(
        "brief", "intendance.app.web.frozen:reproduce", {"review": name}, asked.person,
        asked.words("Make again: {title}", title=found.title),
    )  # fmt: skip
    return twins.after(asked, f"/jobs/{job}")


def _file(context: Context) -> Callable[[Request], Response]:
    def file(request: Request) -> Response:
        access = access_of(request, context)
        asked = twins.asked_for(request, context, access, None, EVERYBODY)
        found, form = _found(asked), request.path_params["form"]
        if form not in found.digests:
            raise NotFoundError
        # Downloaded, not shown: the page's own style would meet this server's strict policy.
        name = f"brief-{found.known_at.isoformat()}.{form}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": f'"{found.digests[form]}"',
            "X-Marking": found.marking,
        }
        content = papers.kept(context.office, found.digests[form])
        return Response(content, media_type=_MEDIA[form], headers=headers)

    return file


def router(context: Context) -> APIRouter:
    """Give the addresses of the review."""
    routes = APIRouter(tags=["review"])
    routes.add_api_route(
        "/review/frozen/{review}/brief.{form}", _file(context), methods=["GET"],
        include_in_schema=False,
    )  # fmt: skip
    twins.show(routes, context, "/review", review, filters=ReviewFilters, template="review.html.j2")
    twins.show(
        routes,
        context,
        "/review/frozen/{review}",
        frozen_review,
        filters=FrozenFilters,
        template="frozen.html.j2",
    )
    twins.form(routes, context, "/review/freeze", _freeze, roles=FREEZERS)
    twins.form(routes, context, "/review/reproduce", _reproduce, roles=(*FREEZERS, "auditor"))
    return routes
