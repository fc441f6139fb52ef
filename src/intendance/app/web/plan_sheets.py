"""What the pages show of a plan: its lines, its kept drawings, bottlenecks, a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from intendance.app.web import plans
from intendance.app.web.asked import Asked
from intendance.app.web.plan_changes import offered, told
from intendance.app.web.plan_limits import bottlenecks, day_of
from intendance.app.web.sheet import Choice, Column, Figure, Kind, Sheet, Table
from intendance.ledger.privacy import PRIVATE, joined
from intendance.model.catalogue import items
from intendance.review import labels
from intendance.words import catalogue

if TYPE_CHECKING:
    from intendance.plan.accepting import Line, ReadPlan
    from intendance.review.charts import Drawing
    from intendance.review.facts import Section
    from intendance.review.facts import Table as BriefTable

KINDS: Final[dict[str, Kind]] = {
    "day": "day", "count": "number", "share": "share", "fineshare": "share", "rate": "number",
    "money": "money", "cents": "money", "fine": "number",
}  # fmt: skip


def shown(asked: Asked, made: plans.Made) -> Sheet:
    """Give a plan's sheet; the parts hold what its template draws."""
    from intendance.plan.naming import Names

    words, body = asked.words, made.body
    read = plans.read(asked.context.office, made)
    section = plans.section_of(asked.context.office, body["sections"][asked.language])
    accepted = accepted_lines(asked, read)
    lines = [each for each in read.lines if _wanted(asked, each)]
    tables = [lines_table(asked, read, lines, accepted)]
    pieces = []
    for at, table in enumerate(section.tables):
        made_table = sheet_table(table, f"part{at}")
        tables.append(made_table)
        pieces.append((made_table, [each for each in section.drawings if each.above == at]))
    dear = bottlenecks(asked, made, read)
    names = Names(read.problem, asked.language)
    said = catalogue("plan_ledger", asked.language).gettext
    tables.append(dear)
    return Sheet(
        made.title or f"{words('Plan')} {made.as_of.isoformat()}",
        figures=_figures(asked, made),
        tables=tuple(tables),
        choices=_choices(asked, read),
        definition={
            "scenario": body["scenario"],
            "as_of": made.as_of,
            "known_at": body["known_at"] or "",
            "horizon_weeks": str(body["horizon"]),
            "problem": body["problem_sha256"],
            "plan": read.sha256,
            "settings": "; ".join(body["settings"]),
            "without": "; ".join(body["without"]),
            "seed": str(body["seed"]),
        },
        marking=made.marking,
        help=words(
            "Each line is a proposal. Tick lines to write them to the ledger as allocations; the "
            "plan is checked again first. The price of a caveat is what the shortfall falls by "
            "when one donor lifts it."
        ),
        parts={
            "plan": made,
            "lines": lines,
            "accepted": accepted,
            "section": section,
            "pieces": pieces,
            "dear": dear,
            "draw": drawing,
            "tail": _tail(section),
            "exports": _exports(read),
            "offered": offered(read.problem, names, words),
            "private": made.marking.startswith(PRIVATE),
            "donors": {key: words.party(name) for key, name in body["donors"]},
            "changed": told(body["settings"], names, words),
            "notes": [(said(each), value) for each, value in body["notes"]],
        },
    )


def _wanted(asked: Asked, line: Line) -> bool:
    chosen = asked.filters
    donor = chosen.donor.casefold()
    need = chosen.need.casefold()
    return donor in line.donor.casefold() and need in line.need["need"].casefold()


def _exports(read: ReadPlan) -> list[str]:
    from intendance.app.web.plan_files import donor_files

    return donor_files(read)


def _figures(asked: Asked, made: plans.Made) -> tuple[Figure, ...]:
    words = asked.words
    return (
        Figure("status", words("state"), made.body["status"], "code"),
        Figure("shipments", words("shipments"), made.body["shipments"], "count"),
        Figure("shortfall", words("shortfall (need-weeks)"), made.figure("shortfall"), "number"),
        Figure("bound", words("proven lower bound"), made.figure("bound"), "number"),
        Figure("gap", words("gap"), made.figure("gap"), "share"),
        Figure("burden", words("largest burden (EUR per share)"), made.figure("burden"),
               "money", "EUR"),
        Figure("cost", words("transport"), made.figure("cost"), "money", "EUR"),
    )  # fmt: skip


def _choices(asked: Asked, read: ReadPlan) -> tuple[Choice, ...]:
    donors = tuple(sorted({each.donor for each in read.lines}))
    needs = tuple(sorted({each.need["need"] for each in read.lines}))
    words, chosen = asked.words, asked.filters
    return (
        Choice("donor", words("donor"), chosen.donor, known=donors),
        Choice("need", words("need"), chosen.need, known=needs),
    )


def accepted_lines(asked: Asked, read: ReadPlan) -> frozenset[str]:
    """Give the shipments of a plan that stand in the ledger."""
    import polars as pl

    start = f"plan:{read.sha256[:16]}:"

    def find() -> frozenset[str]:
        line = pl.col("line").cast(pl.String)
        column = asked.ledger.frame.select(line).filter(line.str.starts_with(start)).to_series()
        return frozenset(str(each)[len(start) :] for each in column.to_list())

    return asked.ledger.remembered(("plan lines", read.sha256), find)


def line_row(asked: Asked, read: ReadPlan, line: Line) -> tuple[Any, ...]:
    """Give a line's cells: who gives what, to which need, from when to when."""
    from intendance.plan.naming import Names

    problem, names = read.problem, Names(read.problem, asked.language)
    shipment = line.shipment
    item = int(problem.stocks.item[shipment.stock])
    return (
        line.id,
        names.donor_of(shipment.stock),
        labels.capitalised(names.item(item)),
        Decimal(str(round(shipment.quantity, 3))).normalize(),
        problem.items.units[item] or "piece",
        names.capability(shipment.need),
        names.node(int(problem.needs.node[shipment.need])),
        line.depart,
        line.arrive,
    )


def line_columns(asked: Asked) -> tuple[Column, ...]:
    """Give the columns of ``line_row``."""
    words = asked.words
    return (
        Column("line", words("line")),
        Column("donor", words("donor")),
        Column("item", words("item")),
        Column("quantity", words("quantity"), "number"),
        Column("unit", words("unit"), "code"),
        Column("capability", words("for")),
        Column("place", words("to")),
        Column("depart", words("leaves"), "day"),
        Column("arrive", words("arrives by"), "day"),
    )


def lines_table(
    asked: Asked, read: ReadPlan, lines: Sequence[Line], accepted: frozenset[str]
) -> Table:
    """Give the table of a plan's lines with what has been accepted."""
    rows = tuple(
        (*line_row(asked, read, each), "accepted" if each.id in accepted else "") for each in lines
    )
    columns = (*line_columns(asked), Column("state", asked.words("state"), "code"))
    caption = asked.words("Lines: who gives what, to which need, by when")
    return Table("lines", caption, columns, rows, empty=asked.words("No line is shown."))


def sheet_table(table: BriefTable | Any, name: str) -> Table:
    """Give a table of the brief as one of a page; a column with words in it stays text."""
    columns = []
    for at, (head, kind) in enumerate(zip(table.heads, table.kinds, strict=True)):
        fits = all(not isinstance(row[at], str) for row in table.rows)
        found: Kind = KINDS.get(kind, "text") if fits else "text"
        unit = "EUR" if found == "money" else ""
        columns.append(Column(f"c{at + 1}", head, found, unit))
    return Table(name, table.caption, tuple(columns), tuple(tuple(row) for row in table.rows))


def drawing(made: Drawing) -> Markup:
    """Give a drawing in its wide and narrow form."""
    frame = Markup('<div class="wide">{}</div><div class="narrow">{}</div>')
    return frame.format(Markup(made.wide), Markup(made.narrow))  # noqa: S704 (our own drawings)


def _tail(section: Section) -> list[Drawing]:
    return [each for each in section.drawings if each.above >= len(section.tables)]


def compared(asked: Asked, one: plans.Made, two: plans.Made) -> Sheet:
    """Give what two plans give differently, the largest differences first."""
    from intendance.plan.whatif import compare

    words = asked.words
    first, second = (plans.read(asked.context.office, each) for each in (one, two))
    sides = [(each.problem, [line.shipment for line in each.lines]) for each in (first, second)]
    found = compare(sides[0], sides[1])
    known = items()
    found.sort(key=lambda x: (-abs(x.after - x.before), x.stock, x.need))
    rows = tuple(
        (
            each.stock,
            each.need,
            known[each.item].label(asked.language) if each.item in known else each.item,
            Decimal(str(round(each.before, 3))).normalize(),
            Decimal(str(round(each.after, 3))).normalize(),
            _arrives(one, each.before_week),
            _arrives(two, each.after_week),
        )
        for each in found
    )
    columns = (
        Column("stock", words("stock")),
        Column("need", words("need")),
        Column("item", words("item")),
        Column("before", words("first plan"), "number"),
        Column("after", words("second plan"), "number"),
        Column("before_by", words("arrives by (first)"), "day"),
        Column("after_by", words("arrives by (second)"), "day"),
    )
    table = Table(
        "differences", words("What the second plan gives differently"), columns, rows,
        empty=words("The two plans give the same."),
    )  # fmt: skip
    heads = (
        Column("figure", words("figure")),
        Column("one", one.title or one.name, "number"),
        Column("two", two.title or two.name, "number"),
    )
    named = (
        ("shortfall", words("shortfall (need-weeks)")),
        ("burden", words("largest burden (EUR per share)")),
        ("cost", words("transport (EUR)")),
    )
    both = tuple((label, one.figure(name), two.figure(name)) for name, label in named)
    figures = Table("figures", words("Both plans"), heads, both)
    return Sheet(
        words("Two plans compared"),
        tables=(figures, table),
        definition={"one": one.name, "two": two.name},
        marking=joined([one.marking, two.marking]),
        help=words("A line is a stock for a need; only what differs is shown."),
        parts={"one": one, "two": two},
    )


def _arrives(made: plans.Made, week: int | None) -> date | None:
    return None if week is None else day_of(made.as_of, week, 6)
