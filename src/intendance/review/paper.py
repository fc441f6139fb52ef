"""The brief on paper: A4 by typst, from the same tables and drawings as the page."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from intendance.errors import InputError
from intendance.review import charts, pictures
from intendance.review.facts import Brief, Section, Table, Value
from intendance.review.html import Page
from intendance.review.palette import ROLES
from intendance.review.summary import worth
from intendance.review.tables import coverage_short, gap_sentences, tables_of

_VARIABLE: Final = re.compile(r"var\(--([a-z]+)\)")
_GROUNDS: Final = {"land": "#dcd8cf", "giver": "#b9d3e2", "taker": "#e9b04a"}
_FONT: Final = "Libertinus Serif"
_LINE: Final = 96  # letters of a table's type that a line of the page holds
_SHORT: Final = 22  # letters that a column holds without asking for room


def render(brief: Brief) -> bytes:
    """Give the PDF's bytes; the same brief always gives the same bytes."""
    import typst

    page = Page(brief)
    parts: dict[str, bytes] = {
        "main.typ": files("intendance.review.template").joinpath("brief.typ").read_bytes()
    }
    record = _record(brief, page, parts)
    parts["brief.json"] = json.dumps(record, ensure_ascii=False).encode()
    # The wheel takes several files as a dict, which its type stubs do not say.
    compile_all: Any = typst.compile
    try:
        made: bytes = compile_all(
            parts, format="pdf", ignore_system_fonts=True, timestamp=0, sys_inputs={}
        )
    except typst.TypstError as error:
        raise InputError(
            f"The brief cannot be set on paper: {error.message}.",
            next_step="Write it as HTML and report this.",
        ) from error
    return made


def _record(brief: Brief, page: Page, parts: dict[str, bytes]) -> dict[str, Any]:
    t, day = page.typography.text, page.typography.day
    tidy = page.typography.tidy
    drawn: dict[str, str] = {}
    for name, drawing in (
        ("coverage", pictures.coverage_drawing(brief, page.typography)),
        ("donors", pictures.donors_drawing(brief, page.typography)),
        ("months", pictures.months_drawing(brief, page.typography)),
        ("turn", pictures.turn_drawing(brief, brief.turn, page.typography) if brief.turn else None),
    ):
        if isinstance(drawing, charts.Drawing):
            drawn[name] = f"{name}.svg"
            parts[f"{name}.svg"] = on_paper(drawing.wide).encode()
    maps = pictures.donor_maps(brief, page.typography, page.donor_anchor)
    windows = maps.windows if maps else ()
    for place, window in enumerate(windows):
        parts[f"map{place}.svg"] = on_paper(window).encode()
    return {
        "language": brief.language,
        "title": tidy(brief.title),
        "kicker": t("Brief for the donors' meeting"),
        "marking": page.word("MARKINGS", brief.marking),
        "illustration": t("illustration: invented figures") if brief.illustrative else "",
        "head": brief.head.root,
        "clocks": [
            *([[t("Recipient"), page.party(brief.recipient)]] if brief.recipient else []),
            [t("As of"), day(brief.as_of)],
            [t("Known at"), day(brief.known_at)],
            [t("Committed"), worth(brief)],
        ],
        "bottom_title": t("Bottom line"),
        "bottom": " ".join(page.bottom_line()),
        "gaps_title": t("The gaps that matter"),
        "gaps": gap_sentences(brief, page),
        "claims_title": t("Totals that were quoted"),
        "claims": [
            [
                page.typography.quote(claim.amount),
                page.word("VERDICTS", claim.verdict),
                tidy(claim.explanation),
            ]
            for claim in brief.claims
        ],
        "drawings": drawn,
        "tables": [
            _table(coverage_short(brief, page) if place == 0 and brief.coverage else table, page)
            for place, table in enumerate(tables_of(brief, page))
        ],
        "sections": [_section(section, page, parts) for section in brief.sections],
        "maps": [f"map{place}.svg" for place in range(len(windows))],
        "map_title": t("Where the donors are"),
        "map_note": t("Boundary view: internationally recognised borders."),
        "verify_title": t("How to verify this brief"),
        "verify": [
            t(
                "The ledger is a chain: each entry carries the hash of the one before. The head of "
                "the ledger behind this page, after {n} entries, is:",
                n=page.typography.number(brief.head.entries),
            ),
            brief.head.root,
            t("Run this on the ledger: it reads everything again and must print the same root."),
            f"{t('Made with')} "
            + ", ".join(f"{name} {value}" for name, value in brief.versions.items()),
        ],
        "note": tidy(brief.note),
        "citation": brief.citation,
    }


def _section(section: Section, page: Page, parts: dict[str, bytes]) -> dict[str, Any]:
    """Give a further section; its drawings join the ``parts`` as files."""
    tidy = page.typography.tidy
    blocks: list[dict[str, Any]] = []
    for drawing, table in page.blocks(section):
        if drawing is not None:
            name = f"{section.anchor}-{drawing.name}.svg"
            parts[name] = on_paper(drawing.wide).encode()
            blocks.append({"drawing": name, "caption": tidy(drawing.caption)})
        elif table is not None:
            made = _table(table, page)
            # Columns of words have their share of the page already.
            blocks.append({"table": made if "words" in table.kinds else _spread(made)})
    return {
        "title": section.title,
        "paragraphs": [tidy(each) for each in section.paragraphs],
        "blocks": blocks,
    }


def _table(table: Table, page: Page) -> dict[str, Any]:
    """Give a table as text; columns that are blank throughout are left out."""
    kept = [
        place
        for place in range(len(table.heads))
        if any(row[place] not in (None, "") for row in table.rows)
    ]
    millions = "money" in table.kinds
    return {
        "caption": table.caption + (f", {page.typography.text('in millions')}" if millions else ""),
        "heads": [table.heads[place] for place in kept],
        "right": [page.right(table.kinds[place]) for place in kept],
        "weight": [_weight(table, place) for place in kept],
        "rows": [[_shown(row[i], table.kinds[i], page) for i in kept] for row in table.rows],
    }


def _spread(shown: dict[str, Any]) -> dict[str, Any]:
    """Share the page's width out when columns that take what they need would leave none."""
    columns = list(zip(shown["heads"], *shown["rows"], strict=True))
    longest = [max(len(cell) for cell in column) for column in columns]
    if sum(longest) > _LINE:
        words = [
            max(len(word) for cell in column for word in cell.split(" ")) for column in columns
        ]
        pairs = zip(longest, words, strict=True)
        shown["weight"] = [max(min(cell, 60), min(word, 16), 5) for cell, word in pairs]
    return shown


def _weight(table: Table, place: int) -> int:
    """Give how much room a column of long text asks for; others take what they need (0)."""
    if table.kinds[place] == "day":
        return 0
    longest = max(len(str(row[place] or "")) for row in table.rows)
    if place == 0 or table.kinds[place] == "words":
        return min(max(longest, 12), 40)  # the first column takes what the others leave
    return min(longest, 40) if table.kinds[place] == "text" and longest > _SHORT else 0


def _shown(value: Value, kind: str, page: Page) -> str:
    if isinstance(value, Decimal) and kind == "money":
        return page.typography.number(value / 10**6, 1)
    if isinstance(value, str) and page.safe(value):
        return page.address(value)
    return page.cell(value, kind)


def on_paper(svg: str) -> str:
    """Give a drawing in paper's colours and type: typst knows no variables of the page.

    >>> on_paper('<svg a="1"><path fill="var(--one)"/></svg>')
    '<svg font-family="Libertinus Serif" a="1"><path fill="#0b5f94"/></svg>'
    """
    svg = _VARIABLE.sub(lambda found: ROLES[found[1]][1], svg)
    for role, colour in _GROUNDS.items():
        svg = svg.replace(f'class="{role}"', f'fill="{colour}" stroke="#fff" stroke-width="6"')
    svg = svg.replace("<circle ", '<circle fill="#0b4f6c" fill-opacity="0.65" stroke="#fff" ')
    svg = re.sub(r"</?a\b[^>]*>|<title>.*?</title>", "", svg)
    svg = svg.replace('<text x="', '<text fill="#fff" font-size="12" text-anchor="middle" x="')
    return svg.replace("<svg ", f'<svg font-family="{_FONT}" ', 1)
