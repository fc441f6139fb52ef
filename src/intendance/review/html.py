"""The brief as one self-contained HTML page: no script, nothing loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from intendance.model.catalogue import capabilities
from intendance.model.entry import Entry
from intendance.review import labels, pictures
from intendance.review.charts import Drawing
from intendance.review.facts import (
    Brief,
    Cell,
    ChangeLine,
    ClaimCheck,
    CoverageLine,
    Figure,
    KindLine,
    ReadingLine,
    Section,
    Table,
    Value,
)
from intendance.review.linking import Links
from intendance.review.palette import SERIES, variables
from intendance.review.summary import bottom_line
from intendance.review.typography import Typography
from intendance.words import LANGUAGES

_TEMPLATES: Final = ("brief.html.j2", "appendix.html.j2", "brief.css")
_ADDRESS_LENGTH: Final = 60
_LONGEST_WORD: Final = 18
_MARK: Final = re.compile(r"[:_@/-]")


def render(brief: Brief) -> str:
    """Give the page as text; the same brief always gives the same bytes."""
    page = Page(brief)
    folder = files("intendance.review.template")
    texts = {name: folder.joinpath(name).read_text("utf-8") for name in _TEMPLATES}
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup(texts["brief.css"])  # noqa: S704 (our own file, nothing from outside)
    return environment.get_template("brief.html.j2").render(
        b=brief, p=page, t=page.typography.text, ty=page.typography, links=page.links, style=style
    )


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of the appendix, in words."""

    place: int
    id: str
    line: str
    what: str
    donor: str
    stage: str
    kind: str
    day: str
    amount: str
    source: str
    url: str
    sentence: str
    until: str


class Page:
    """What the template asks for: words, links and drawings of one brief."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.typography = Typography(brief.language)
        self.links = Links(brief, self.typography)
        self.palette_light = Markup(variables(dark=False))  # noqa: S704 (our own constants)
        self.palette_dark = Markup(variables(dark=True))  # noqa: S704
        self.donor_anchor = {
            name: f"d{place}"
            for place, name in enumerate(dict.fromkeys(cell.row for cell in brief.by_donor), 1)
        }
        self.categories = pictures.categories_of(brief.by_donor)
        self.number = 0

    def next_number(self) -> int:
        """Count the sections: those without matter are left out and leave no hole."""
        self.number += 1
        return self.number

    def page_foot(self) -> Markup:
        """Give what stands at the foot of each printed page, for a CSS string."""
        words = f"Intendance \u00b7 {self.word('MARKINGS', self.brief.marking)}"
        words += f" \u00b7 {self.brief.head.root[:16]}"
        kept = "".join(each for each in words if each not in '"\\\n<>')
        return Markup(kept)  # noqa: S704 (whatever could end the string is left out)

    def rate_table(self) -> str:
        """Name the table of rates."""
        own, found, rest = self.brief.rate_table.partition("the tracker's own; else ")
        if not found or own:
            rest = self.brief.rate_table
        maker, known, version = rest.partition("ECB via ")
        if known and not maker:
            rest = self.typography.text("European Central Bank, by way of {made}", made=version)
        if not found or own:
            return rest
        return self.typography.text("the tracker's own; elsewhere {table}", table=rest)

    # -- words ------------------------------------------------------------------------------

    def capability(self, name: str) -> str:
        """Give a capability's name."""
        return labels.capability(name, self.brief.language)

    def party(self, name: str) -> str:
        """Give a party's name."""
        return labels.party(name, self.brief.language)

    def word(self, table: str, code: str) -> str:
        """Give a code's word from one of the tables of ``labels``."""
        return labels.word(getattr(labels, table), code, self.typography)

    def after(self, text: str) -> str:
        """Give what follows somebody's words: a mark at once, a word after a blank."""
        return f" {text}" if text[:1].isalnum() or text[:1] in "(«\u201c" else text

    def thing(self, line: ChangeLine) -> str:
        """Give what a changed line is about."""
        return labels.thing(line.item, line.text, self.typography)

    def capital(self, text: str) -> str:
        """Put a capital letter first."""
        return labels.capitalised(text)

    def unit(self, line: CoverageLine) -> str:
        """Give the unit when the capability's name does not tell it."""
        return self.word("UNITS", line.unit)

    def caption_of(self, claim: ClaimCheck) -> str:
        """Give the caption of a claim's readings, with the scope that its words give."""
        text = self.typography.text(
            "Readings of {claim}", claim=self.typography.quote(claim.amount)
        )
        scopes = []
        for line in claim.readings[:1]:
            scopes += [self.word("CATEGORIES", line.category)] if line.category else []
            scopes += [self.party(line.donor)] if line.donor else []
        return f"{text}{self.typography.colon()}{', '.join(scopes)}" if scopes else text

    def kind(self, line: KindLine) -> str:
        """Give what a line in kind is about."""
        if line.item or line.text not in capabilities():
            return self.capital(labels.thing(line.item, line.text, self.typography))
        return self.capital(self.capability(line.text))

    def rates(self, line: ReadingLine) -> str:
        """Name a reading's rates, and whose aid it counts when a group is meant."""
        scope = f"{self.word('SCOPES', line.scope)}, " if line.scope else ""
        return scope + self.word("BASES", line.basis)

    def groups(self, claim: ClaimCheck) -> list[list[ReadingLine]]:
        """Give a claim's readings by what was known, those that fit first."""
        found = []
        for known in ("then", "now"):
            mine = [line for line in claim.readings if line.known == known]
            found.append(sorted(mine, key=lambda line: not line.fits))
        return [group for group in found if group]

    def verdict_class(self, verdict: str) -> str:
        """Give how a verdict is coloured."""
        return {"consistent": "good", "consistent_with_bound": "good", "contradicts": "bad"}.get(
            verdict, "open"
        )

    def address(self, url: str) -> str:
        """Give the readable part of a link: its host."""
        return urlsplit(url).netloc.removeprefix("www.") or url[:_ADDRESS_LENGTH]

    def safe(self, url: str) -> bool:
        """Tell whether an address may be linked to: a source must not smuggle in a script."""
        return urlsplit(url).scheme in ("http", "https")

    def speaker(self, name: str) -> str:
        """Give who said something, in the page's language where it is known."""
        return labels.speaker(name, self.typography)

    def document(self, name: str) -> str:
        """Give a document's name in the page's language where it is known."""
        return labels.document(name, self.typography)

    def said(self, text: str) -> str:
        """Give the article's words with its language's marks and blanks."""
        spoken = self.brief.article.language if self.brief.article else self.brief.language
        known = spoken in LANGUAGES
        return Typography(spoken).typeset(text) if known else text

    def coded(self, text: str) -> Markup:
        """Set what stands between backticks as code."""
        parts = text.split("`")
        plain, code = Markup("{}"), Markup("<code>{}</code>")
        shown = [(code if place % 2 else plain).format(part) for place, part in enumerate(parts)]
        return Markup("").join(shown)

    def rate(self, name: str, rate: object) -> str:
        """Write a rate with the language's decimal mark."""
        number = str(rate).replace(".", ",") if self.typography.french else str(rate)
        return f"{name} {number}"

    def bottom_line(self) -> list[str]:
        """Give the brief in a few sentences."""
        return list(bottom_line(self.brief))

    # -- figures ----------------------------------------------------------------------------

    def percent(self, part: Decimal, whole: Decimal) -> str:
        """Give a share in percent; a dash when there is no whole."""
        return self.typography.percent(part / whole) if whole else "\u2013"

    def width(self, part: Decimal, whole: Decimal) -> str:
        """Give a bar's width in percent of its box, at most all of it."""
        share = min(part / whole, Decimal(1)) if whole else Decimal(0)
        return f"{share * 100:.1f}%"

    def gap_entries(self, line: CoverageLine) -> tuple[str, ...]:
        """Give the entries behind a gap: the need's and those of what was delivered."""
        return (*line.needed.entries, *line.delivery.entries)

    def open_entries(self, line: CoverageLine) -> tuple[str, ...]:
        """Give the entries behind what nobody has promised."""
        return (*line.needed.entries, *line.commitment.entries)

    def rows(self, cells: tuple[Cell, ...]) -> Iterator[tuple[str, dict[str, Figure], Figure]]:
        """Give a breakdown's rows: name, figure by category, and the row's sum."""
        table: dict[str, dict[str, Figure]] = {}
        for cell in cells:
            table.setdefault(cell.row, {})[cell.category] = cell.figure
        for name, found in table.items():
            yield name, found, sum_of(list(found.values()))

    def column(self, cells: tuple[Cell, ...], category: str = "") -> Figure:
        """Give a column's sum; blank: of all columns."""
        chosen = [cell.figure for cell in cells if not category or cell.category == category]
        return sum_of(chosen)

    def series(self, category: str) -> str:
        """Give a category's colour role."""
        place = self.categories.index(category) if category in self.categories else 99
        return SERIES[min(place, len(SERIES) - 1)]

    # -- drawings ---------------------------------------------------------------------------

    def drawing(self, name: str) -> Markup:
        """Give one chart in its wide and its narrow form; nothing when there is none to draw."""
        drawn: Any = None
        if name == "coverage":
            drawn = pictures.coverage_drawing(self.brief, self.typography)
        elif name == "donors":
            drawn = pictures.donors_drawing(self.brief, self.typography)
        elif name == "months":
            drawn = pictures.months_drawing(self.brief, self.typography)
        elif name == "turn" and self.brief.turn:
            drawn = pictures.turn_drawing(self.brief, self.brief.turn, self.typography)
        return self.framed(drawn) if drawn else Markup()

    def framed(self, drawn: Drawing) -> Markup:
        """Give a drawing in its wide and its narrow form."""
        wide, narrow = Markup(drawn.wide), Markup(drawn.narrow)  # noqa: S704 (our own drawings)
        frame = Markup('<div class="wide">{}</div><div class="narrow">{}</div>')
        return frame.format(wide, narrow)

    def maps(self) -> tuple[list[Markup], tuple[str, ...]]:
        """Give the map's windows and the donors that have no place on it."""
        drawn = pictures.donor_maps(self.brief, self.typography, self.donor_anchor)
        if drawn is None:
            return [], ()
        return [Markup(svg) for svg in drawn.windows], drawn.unplaced  # noqa: S704 (our own)

    def floor(self) -> str:
        """Give where the waterfall's axis begins, as words; blank at zero."""
        assert self.brief.turn is not None
        floor = pictures.floor_of(self.brief.turn)
        return self.typography.money(floor, self.brief.currency) if floor else ""

    # -- further sections -------------------------------------------------------------------

    def blocks(self, section: Section) -> Iterator[tuple[Drawing | None, Table | None]]:
        """Give what a section shows, in order: a drawing or a table that holds rows."""
        for block in section.blocks:
            if isinstance(block, Drawing):
                yield block, None
            elif block.rows:
                yield None, block

    def right(self, kind: str) -> bool:
        """Tell whether a column of this kind stands at the right."""
        return kind not in ("text", "day")

    def cell(self, value: Value, kind: str) -> str:
        """Give a cell as words."""
        write = self.typography
        if value is None:
            return "\u2013"
        if isinstance(value, date):
            return write.day(value)
        if isinstance(value, str):
            return write.tidy(value)
        digits = {"money": 0, "cents": 2, "fine": 2, "rate": 4}.get(kind)
        if digits is not None:
            return write.number(value, digits)
        if kind == "share":
            return write.percent(Decimal(value))
        if kind == "fineshare":
            return write.percent(Decimal(value), 2)
        return write.quantity(Decimal(value))

    def breakable(self, text: str) -> Markup:
        """Let a long name that has no blanks break after its marks, so that columns stay narrow."""
        words = []
        for word in text.split(" "):
            shown = escape(word)
            if len(word) > _LONGEST_WORD:
                shown = Markup(_MARK.sub(r"\g<0><wbr>", str(shown)))  # noqa: S704 (escaped above)
            words.append(shown)
        return Markup(" ").join(words)

    # -- appendix ---------------------------------------------------------------------------

    def cards(self) -> Iterator[Card]:
        """Give the entries of the appendix in the chain's order."""
        for name, (place, entry) in self.brief.entries.items():
            yield self._card(name, place, entry)

    def _card(self, name: str, place: int, entry: Entry) -> Card:
        what = labels.thing(entry.item, entry.item_text, self.typography)
        if entry.capability and entry.topic == "need":
            what = self.capability(entry.capability)
        kind = "" if entry.kind == "post" else self.word("KINDS", entry.kind)
        row = f", {self.typography.text('row {n}', n=entry.source.row)}" if entry.source.row else ""
        origin = entry.source.document or entry.source.origin
        return Card(
            place=place,
            id=name,
            line=entry.line,
            what=what,
            donor=self.party(entry.donor) if entry.donor else "",
            stage=self.word("STAGES", entry.stage),
            kind=kind,
            day=str(entry.valid) if entry.valid else "",
            amount=self._amount(entry),
            source=f"{self.origin(origin)}{row}",
            url=entry.source.url if self.safe(entry.source.url) else "",
            sentence=entry.source.sentence,
            until=entry.recorded_on.isoformat(),
        )

    def origin(self, name: str) -> str:
        """Give where an entry comes from."""
        return self.typography.text("assumed") if name == "assumed" else self.document(name)

    def _amount(self, entry: Entry) -> str:
        parts = []
        if entry.quantity:
            unit = self.word("UNITS", entry.quantity.unit)
            parts.append(self._interval(entry.quantity.amount, unit, 0))
        if entry.money:
            parts.append(self._interval(entry.money.amount, entry.money.currency, 2))
        for valuation in entry.valuations:
            own = entry.money and entry.money.currency == valuation.currency
            if valuation.method == "source" and not own and valuation.amount.known:
                parts.append(f"({self._interval(valuation.amount, valuation.currency, 2)})")
        return " ".join(parts)

    def _interval(self, amount: Any, unit: str, digits: int) -> str:
        if not amount.known:
            return self.typography.text("undisclosed")
        write = self.typography.cents if digits else self.typography.quantity
        low, high = amount.low, amount.high
        if low is not None and low == high:
            body = write(low)
        elif low is None and high is None:
            body = write(amount.best)
        elif high is None:
            body = self.typography.text("at least {low}", low=write(low))
        elif amount.qualifier == "at most" or low is None:
            body = self.typography.text("at most {high}", high=write(high))
        else:
            body = f"{write(low)}\u2013{write(high)}"
        if amount.qualifier == "about":
            body = self.typography.text("about {number}", number=body)
        return f"{body}\u00a0{unit}" if unit else body


def sum_of(figures: list[Figure]) -> Figure:
    """Add figures up, with all their entries."""
    high: Decimal | None = Decimal(0)
    for figure in figures:
        high = None if high is None or figure.high is None else high + figure.high
    entries = dict.fromkeys(entry for figure in figures for entry in figure.entries)
    return Figure(
        sum((figure.low for figure in figures), Decimal(0)),
        sum((figure.best for figure in figures), Decimal(0)),
        high,
        sum(figure.undisclosed for figure in figures),
        tuple(entries),
    )
