"""Claims: totals that documents quote, set against the ledger under every open definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from intendance.app.web import desk, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters, Text
from intendance.app.web.forms import Form
from intendance.app.web.refusals import NotFoundError
from intendance.app.web.sheet import Choice, Column, Sheet, Table
from intendance.errors import UsageError
from intendance.ledger.definition import alternatives
from intendance.ledger.privacy import joined
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.intake.check import Checked, Weighed
    from intendance.intake.reading import Reading

NAV: Final = Nav("/claims", "Claims", 40)
HELP: Final = (
    "A claim is a total that somebody quotes. Each definition that its words leave open is one "
    "reading: stage, currency, rates, and what was known then or is known now. The ledger weighs; "
    "it does not decide what a speaker meant."
)
_MOST_CHARACTERS: Final = 100_000
_MOST_DOCUMENTS: Final = 12


class ClaimFilters(Filters):
    """Whose claims, and on which days they are judged (blank: the document's own day)."""

    document: Text = ""
    as_of: Day = None
    known_at: Day = None


def claims(asked: Asked) -> Sheet:
    """Show each quoted total with its verdict, its readings, and a sentence that says why."""
    chosen: ClaimFilters = asked.filters
    office = asked.context.office
    kept = desk.documents(office, asked.viewer)
    if chosen.document:
        kept = [each for each in kept if each.name == chosen.document]
        if not kept:
            raise NotFoundError
    groups = []
    for each in kept[:_MOST_DOCUMENTS]:
        day = each.published or asked.today
        found = _weighed(asked, desk.reading_of(office, each), each.name, day)
        if found or chosen.document:
            groups.append((each, found))
    return _sheet(asked, groups, desk.documents(office, asked.viewer))


def _weighed(asked: Asked, reading: Reading, name: str, day: date) -> tuple[Checked, ...]:
    from intendance.intake.check import check

    chosen = asked.filters
    as_of, known_at = getattr(chosen, "as_of", None), getattr(chosen, "known_at", None)

    def weigh() -> tuple[Checked, ...]:
        if not asked.ledger.frame.height:
            return ()
        return check(
            reading,
            asked.ledger,
            published=day,
            as_of=as_of,
            known_at=known_at,
            language=asked.language,
        )

    key = ("claims", name, day, as_of, known_at, asked.language)
    found: tuple[Checked, ...] = asked.ledger.remembered(key, weigh)
    return found


def _sheet(
    asked: Asked,
    groups: list[tuple[desk.Document, tuple[Checked, ...]]],
    kept: list[desk.Document],
) -> Sheet:
    words = asked.words
    marks = [each.marking for each, _ in groups]
    frame = asked.ledger.frame
    if frame.height:
        marks += [str(each) for each in frame.get_column("marking").unique().to_list() if each]
    choices = (
        Choice(
            "document",
            words("document"),
            getattr(asked.filters, "document", ""),
            "list",
            (("", words("all documents")), *((each.name, each.title) for each in kept)),
        ),
        Choice("as_of", words("as of"), getattr(asked.filters, "as_of", None), "day"),
        Choice("known_at", words("known at"), getattr(asked.filters, "known_at", None), "day"),
    )
    return Sheet(
        words("Claims"),
        tables=(_verdicts(asked, groups), _readings(asked, groups)),
        choices=choices,
        marking=joined(marks),
        head=asked.ledger.revision if asked.viewer.sees_everything else None,
        help=words(HELP),
        parts={
            "groups": groups,
            "table_of": lambda checked: _of_claim(asked, checked),
            "verdict": lambda code: labels.word(labels.VERDICTS, code, words.ty),
        },
    )


def _verdicts(asked: Asked, groups: list[tuple[desk.Document, tuple[Checked, ...]]]) -> Table:
    words = asked.words
    columns = (
        Column("amount", words("claim")),
        Column("speaker", words("speaker")),
        Column("document", words("document")),
        Column("published", words("published"), "day"),
        Column("verdict", words("verdict")),
        Column("fitting", words("readings that fit"), "count"),
        Column("readings", words("readings"), "count"),
        Column("explanation", words("why")),
    )
    rows = tuple(
        (
            each.amount,
            each.claim.speaker or "",
            document.title,
            document.published,
            labels.word(labels.VERDICTS, each.verdict, words.ty),
            sum(one.fits for one in each.readings),
            len(each.readings),
            each.explanation,
        )
        for document, found in groups
        for each in found
    )
    return Table(
        "claims",
        words("Totals that were quoted"),
        columns,
        rows,
        empty=words("No document that was read quotes a total."),
    )


def _columns(asked: Asked, *, whole: bool) -> tuple[Column, ...]:
    words = asked.words
    return (
        *((Column("claim", words("claim")),) if whole else ()),
        Column("stage", words("stage"), "code"),
        Column("category", words("category"), "code"),
        Column("donor", words("donor")),
        Column("basis", words("rates")),
        Column("known", words("known"), "code"),
        Column("figure", words("ledger's figure"), "interval"),
        Column("currency", words("currency"), "code"),
        Column("rate", words("rate per euro"), "number"),
        Column("rate_date", words("rate of"), "day"),
        Column("difference", words("difference"), "money"),
        Column("fits", words("fits?"), "code"),
    )


def _row(asked: Asked, line: Weighed) -> tuple[Any, ...]:
    where = dict(line.definition.where)
    return (
        line.definition.stage,
        where.get("category", ""),
        _whose(asked, line),
        labels.word(labels.BASES, line.basis, asked.words.ty),
        line.known,
        line,
        line.currency,
        line.rate,
        line.rate_date,
        line.difference,
        "fits" if line.fits else "does not",
    )


def _whose(asked: Asked, line: Weighed) -> str:
    """Name the donor, or the group, whose aid a reading counts; empty for everybody's."""
    if line.scope:
        return labels.word(labels.SCOPES, line.scope, asked.words.ty)
    return asked.words.party(dict(line.definition.where).get("donor", ""))


def _readings(asked: Asked, groups: list[tuple[desk.Document, tuple[Checked, ...]]]) -> Table:
    rows = tuple(
        (each.amount, *_row(asked, line))
        for _, found in groups
        for each in found
        for line in each.readings
    )
    caption = asked.words("One reading for each definition that the words leave open")
    return Table("readings", caption, _columns(asked, whole=True), rows)


def _of_claim(asked: Asked, checked: Checked) -> Table:
    """Give one claim's readings, those that fit first, each in its own currency."""
    words = asked.words
    lines = sorted(checked.readings, key=lambda line: (line.known == "now", not line.fits))
    columns = (
        Column("stage", words("stage"), "code"),
        Column("scope", words("scope")),
        Column("basis", words("rates")),
        Column("known", words("known"), "code"),
        Column("figure", words("ledger's figure")),
        Column("rate", words("rate per euro")),
        Column("difference", words("difference")),
        Column("fits", words("fits?"), "code"),
    )
    rows = tuple(_shown(asked, line) for line in lines)

    def behind(number: int) -> str:
        definition = lines[number].definition
        return asked.link(
            "/ledger",
            stage=definition.stage,
            as_of=definition.as_of,
            known_at=definition.known_at,
            **alternatives(definition.where),
        )

    caption = words("Readings of {claim}", claim=words.ty.quote(checked.amount))
    return Table("readings", caption, columns, rows, links={"figure": behind})


def _shown(asked: Asked, line: Weighed) -> tuple[Any, ...]:
    words, where = asked.words, dict(line.definition.where)
    scope = []
    if "category" in where:
        scope.append(labels.word(labels.CATEGORIES, where["category"], words.ty))
    scope += [whose] if (whose := _whose(asked, line)) else []
    rate = "\u2013"
    if line.rate is not None:
        rate = words.ty.number(Decimal(line.rate), 4)
        rate += f" ({words.ty.day(line.rate_date)})" if line.rate_date else ""
    money = words.ty.money
    return (
        line.definition.stage,
        ", ".join(scope) or words("all aid"),
        labels.word(labels.BASES, line.basis, words.ty),
        line.known,
        money(line.best, line.currency),
        rate,
        words.ty.signed(money(line.difference, line.currency), line.difference),
        "fits" if line.fits else "does not",
    )


CODES: Final = {"then": "then", "now": "now", "fits": "fits", "does not": "does not"}


def _check_text(asked: Asked, form: Form) -> Response:
    """Check a text that is not kept: it is gone with the answer."""
    from intendance.intake import read

    text = form.text("text", most=_MOST_CHARACTERS, lines=True)
    day = form.day("published")
    if not text or day is None:
        raise UsageError("A check needs a text and its day.", next_step="Give both.")
    reading = read(text, published=day)
    found = _weighed(asked, reading, reading.document.sha256, day)
    unkept = desk.Document(
        "", desk.title_of(text), "", day, reading.document.language, "public", "", "", 0
    )
    sheet = _sheet(asked, [(unkept, found)], desk.documents(asked.context.office, asked.viewer))
    asked.note_reading(sheet.marking)
    return asked.context.pages.sheet("claims.html.j2", asked, sheet)


def router(context: Context) -> APIRouter:
    """Give the addresses of the claims."""
    routes = APIRouter(tags=["claims"])
    twins.show(routes, context, "/claims", claims, filters=ClaimFilters, template="claims.html.j2")
    twins.form(routes, context, "/claims/check", _check_text)
    return routes
