"""The brief's tables without any form: what the spreadsheet and the paper print."""

from __future__ import annotations

from decimal import Decimal

from intendance.review.facts import Brief, Cell, CoverageLine, Figure, Table, Value
from intendance.review.html import Page


def tables_of(brief: Brief, page: Page) -> list[Table]:
    """Give the brief's tables in the order of the page; empty ones are left out."""
    found = [
        _coverage(brief, page),
        _voices(brief, page),
        _readings(brief, page),
        _others(brief, page),
        _breakdown(brief.by_donor, page, month=False),
        _breakdown(brief.by_month, page, month=True),
        _in_kind(brief, page),
        _causes(brief, page),
        _changes(brief, page),
        _sources(brief, page),
    ]
    return [table for table in found if table.rows]


def section_tables(brief: Brief) -> list[Table]:
    """Give the tables of the brief's further sections that hold rows."""
    blocks = (block for section in brief.sections for block in section.blocks)
    return [block for block in blocks if isinstance(block, Table) and block.rows]


def _bounds(figure: Figure) -> tuple[Value, ...]:
    return (figure.low, figure.best, figure.high)


def _coverage(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    ends = (t("at least"), t("best"), t("at most"))
    heads = [t("Capability"), t("Unit"), *(f"{t('Needed')}, {end}" for end in ends)]
    heads += [t("Pledged"), t("Committed"), t("Delivered"), t("undisclosed")]
    heads += [*(f"{t('Missing')}, {end}" for end in ends), t("Covered"), t("Due"), t("Basis")]
    kinds = ("text", "text", *["count"] * 10, "share", "day", "text")
    rows = tuple(_coverage_row(line, page) for line in brief.coverage)
    return Table(t("Coverage"), t("Coverage by capability"), tuple(heads), kinds, rows)


def _coverage_row(line: CoverageLine, page: Page) -> tuple[Value, ...]:
    covered = line.delivery.best / line.needed.best if line.needed.best else None
    return (
        page.capital(page.capability(line.capability)),
        page.unit(line),
        *_bounds(line.needed),
        line.pledge.best,
        line.commitment.best,
        line.delivery.best,
        line.delivery.undisclosed + line.commitment.undisclosed,
        line.gap.low,
        line.gap.best,
        line.gap.high,
        covered,
        line.due,
        page.typography.text("sourced" if line.sourced else "assumed"),
    )


def coverage_short(brief: Brief, page: Page) -> Table:
    """Give coverage as words, an interval a cell, for paper."""
    t, links = page.typography.text, page.links
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            page.capital(page.capability(line.capability)),
            _with_hidden(line.needed, page),
            _with_hidden(line.pledge, page),
            _with_hidden(line.commitment, page),
            _with_hidden(line.delivery, page),
            links.gap(line.gap, ()).striptags(),
            page.percent(line.delivery.best, line.needed.best),
            t("sourced") if line.sourced else t("assumed"),
        )
        for line in brief.coverage
    )
    heads = (
        *(t("Capability"), t("Needed"), t("Pledged"), t("Committed"), t("Delivered")),
        *(t("Missing"), t("Covered"), t("Basis")),
    )
    kinds = ("text", *["words"] * 6, "text")
    return Table(t("Coverage"), t("Coverage by capability"), heads, kinds, rows)


def _voices(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            page.word("ACTS", voice.act),
            page.party(voice.speaker) if voice.speaker else t("the article itself"),
            voice.role,
            page.said(voice.sentence),
            ", ".join(page.word("HESITATION_CAUSES", cause) for cause in voice.causes),
        )
        for voice in brief.voices
    )
    heads = (t("Act"), t("Speaker"), t("Role"), t("Words"), t("Cause"))
    return Table(t("Voices"), t("Who said what"), heads, ("text",) * 5, rows)


def _readings(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            claim.amount,
            line.known_at or brief.known_at,
            page.word("STAGES", line.stage),
            page.rates(line),
            line.figure.best,
            line.currency,
            line.rate,
            line.difference,
            t("fits") if line.fits else t("does not"),
        )
        for claim in brief.claims
        for line in claim.readings
    )
    heads = (
        *(t("Claim"), t("Known at"), t("Stage"), t("Rates"), t("Ledger's figure")),
        *(t("Currency"), t("Rate per euro"), t("Difference"), t("Fits?")),
    )
    kinds = ("text", "day", "text", "text", "money", "text", "rate", "money", "text")
    return Table(t("Claims"), t("Totals that were quoted"), heads, kinds, rows)


def _others(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            other.said_on,
            page.speaker(other.speaker),
            page.word("QUALIFIERS", other.amount.qualifier),
            other.amount.best or other.amount.low or other.amount.high,
            other.currency,
            page.word("CATEGORIES", other.category) if other.category else t("all aid"),
            page.typography.tidy(other.scopes.get(brief.language, "")),
            other.url,
        )
        for other in brief.others
    )
    heads = (
        *(t("Day"), t("Speaker"), t("Bound"), t("Total"), t("Currency")),
        *(t("Category"), t("Scope"), t("Source")),
    )
    kinds = ("day", "text", "text", "money", "text", "text", "text", "text")
    return Table(t("Other totals"), t("Totals that other people gave"), heads, kinds, rows)


def _breakdown(cells: tuple[Cell, ...], page: Page, *, month: bool) -> Table:
    t = page.typography.text
    rows: list[tuple[Value, ...]] = []
    for name, found, whole in page.rows(cells):
        shown = page.typography.month(name) if month else page.party(name) or t("unnamed")
        amounts = [found[each].best if each in found else None for each in page.categories]
        rows.append((shown, *amounts, whole.best, whole.undisclosed))
    categories = [page.capital(page.word("CATEGORIES", each)) for each in page.categories]
    heads = (t("Month") if month else t("Donor"), *categories, t("Total"), t("undisclosed"))
    kinds = ("text", *["money"] * (len(categories) + 1), "count")
    currency = page.brief.currency
    if month:
        caption = t("Commitments by month and category, {currency}", currency=currency)
        return Table(t("By month"), caption, heads, kinds, tuple(rows))
    caption = t("Commitments by donor and category, {currency}", currency=currency)
    return Table(t("By donor"), caption, heads, kinds, tuple(rows))


def _in_kind(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            page.party(line.donor) or t("unnamed"),
            page.kind(line),
            *((None,) * 3 if line.count.undisclosed else _bounds(line.count)),
            page.word("UNITS", line.unit) or line.unit,
        )
        for line in brief.in_kind
    )
    ends = (t("at least"), t("best"), t("at most"))
    heads = (t("Donor"), t("What"), *ends, t("Unit"))
    kinds = ("text", "text", "count", "count", "count", "text")
    return Table(t("In kind"), t("Committed in kind, without an amount"), heads, kinds, rows)


def _causes(brief: Brief, page: Page) -> Table:
    t, day = page.typography.text, page.typography.day
    rows: list[tuple[Value, ...]] = []
    if brief.turn:
        turn = brief.turn
        rows.append((t("Known on {day}", day=day(turn.before)), turn.total_before.best))
        for cause, amount, _ in turn.causes:
            rows.append((page.capital(page.word("CAUSES_OF_CHANGE", cause)), amount))
        rows.append((t("Known on {day}", day=day(turn.after)), turn.total_after.best))
    caption = t("Causes of the difference, {currency}, exact to the cent", currency=brief.currency)
    heads = (t("Cause"), t("Amount"))
    return Table(t("Causes"), caption, heads, ("text", "cents"), tuple(rows))


def _changes(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            page.thing(line),
            line.line,
            page.party(line.donor),
            page.word("CATEGORIES", line.category),
            page.word("CAUSES_OF_CHANGE", line.cause),
            line.difference,
        )
        for line in (brief.turn.lines if brief.turn else ())
    )
    heads = (t("Item"), t("Line"), t("Donor"), t("Category"), t("Cause"), t("Difference"))
    kinds = ("text", "text", "text", "text", "text", "cents")
    return Table(t("Changes"), t("Largest changes"), heads, kinds, rows)


def _sources(brief: Brief, page: Page) -> Table:
    t = page.typography.text
    rows = tuple(
        (
            page.origin(origin.name),
            origin.entries,
            origin.links,
            page.typography.listed(
                f"{page.document(name)} ({count})" for name, count in origin.documents
            ),
        )
        for origin in brief.origins
    )
    heads = (t("Origin"), t("Entries"), t("Primary links"), t("Documents"))
    kinds = ("text", "count", "count", "text")
    return Table(t("Sources"), t("Sources by origin"), heads, kinds, rows)


def entry_table(page: Page) -> Table:
    """Give the entries behind the numbers."""
    t = page.typography.text
    rows = tuple(
        (
            *(card.place, card.id, card.line, card.donor, card.what, card.stage, card.kind),
            *(card.day, card.until, card.amount, card.source, card.url, card.sentence),
        )
        for card in page.cards()
    )
    heads = (
        *(t("No."), t("Entry"), t("Line"), t("Donor"), t("Item"), t("Stage"), t("Kind")),
        *(t("When"), t("recorded"), t("Amount"), t("Source"), t("Link"), t("Words")),
    )
    return Table(t("Entries"), t("Entries in the chain's order"), heads, ("text",) * 13, rows)


def gap_sentences(brief: Brief, page: Page) -> list[tuple[str, str]]:
    """Give the gaps that matter: a name, and a sentence with its figures and its basis."""
    found = []
    for line in brief.gaps:
        words = page.typography.text(
            "{gap} still to be delivered of {needed}: committed {committed}, delivered {delivered} "
            "({basis})",
            gap=page.links.span(
                line.gap.low or Decimal(0), line.gap.best or Decimal(0), line.gap.high
            ).striptags(),
            needed=page.links.span(line.needed.low, line.needed.best, line.needed.high).striptags(),
            committed=_with_hidden(line.commitment, page),
            delivered=_with_hidden(line.delivery, page),
            basis=page.typography.text("sourced" if line.sourced else "assumed"),
        )
        found.append((page.capital(page.capability(line.capability)), words))
    return found


def _with_hidden(figure: Figure, page: Page) -> str:
    return (
        page.links.span(figure.low, figure.best, figure.high) + page.links.hidden(figure)
    ).striptags()
