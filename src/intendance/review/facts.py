"""The brief as data: every figure with the ids of the entries behind it; nothing of rendering."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from intendance.ledger.chain import Head
from intendance.model.entry import Entry
from intendance.model.interval import Interval
from intendance.review.charts import Drawing

Value = str | int | Decimal | date | None
TextTable = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``kinds``: what each column holds.

    text, words, day, count, share, rate, money and cents; fine and fineshare have two digits.

    ``name`` is short enough for a spreadsheet's tab; None is "not known"; ``words`` is a figure
    in words.
    """

    name: str
    caption: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the page shows, as an interval, with what it rests on.

    ``high`` None: no upper bound is known. ``undisclosed`` terms are counted, never added.
    ``entries``: ids in the ledger's order.
    """

    low: Decimal
    best: Decimal
    high: Decimal | None
    undisclosed: int = 0
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedBasis:
    """Who said a need and when; ``sourced`` False: assumed, with a note that says so."""

    entry: str
    sourced: bool
    said_by: str
    said_on: date | None
    url: str
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One capability at one place: needed against what stands at each stage.

    ``gap`` is needed less delivered, ``open`` needed less committed; units as ``unit`` says.
    """

    capability: str
    place: str
    unit: str
    needed: Figure
    pledge: Figure
    commitment: Figure
    allocation: Figure
    shipment: Figure
    delivery: Figure
    gap: Interval
    open: Interval
    due: date | None
    priority: Decimal
    needs: tuple[NeedBasis, ...]

    @property
    def sourced(self) -> bool:
        """Tell whether every need names who said it."""
        return bool(self.needs) and all(need.sourced for need in self.needs)


@dataclass(frozen=True, slots=True)
class Voice:
    """Something that the article has somebody say, or does.

    ``act``: declare, request, pledge, deny, hesitate. ``speaker`` blank: the article itself.
    ``before`` and ``after`` are what stands around the words in their sentence.
    """

    anchor: str
    act: str
    speaker: str
    role: str
    sentence: str
    direct: bool
    causes: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A claim under one definition. ``fits``: whether the ledger's figure lies where it says.

    ``basis``: whose rates (tracker, ecb, original); ``known``: then or now; ``rate``: units of
    ``currency`` per euro (None: each line's own, or none needed). ``scope``: whose aid, when
    the words name a group of donors (``labels.SCOPES``); ``donor`` is then empty.
    """

    stage: str
    category: str
    donor: str
    scope: str
    basis: str
    known: str
    known_at: date | None
    as_of: date | None
    figure: Figure
    currency: str
    rate: Decimal | None
    rate_date: date | None
    difference: Decimal
    fits: bool


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A total that the article quotes, with its verdict and its readings.

    ``low`` and ``high`` are decimal strings of ``currency``; None is an open end.
    """

    amount: str
    low: str | None
    high: str | None
    currency: str
    sentence: str
    speaker: str
    verdict: str
    explanation: str
    readings: tuple[ReadingLine, ...]


@dataclass(frozen=True, slots=True)
class OtherTotal:
    """A total that somebody else has quoted."""

    speaker: str
    said_on: date
    amount: Interval
    currency: str
    category: str
    scopes: dict[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a breakdown: a row (donor or month), a category, its figure."""

    row: str
    category: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class KindLine:
    """Something committed in kind to which nobody put an amount."""

    donor: str
    item: str
    text: str
    unit: str
    count: Figure


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line's share of the difference between two days of knowledge."""

    entry: str
    line: str
    donor: str
    category: str
    cause: str
    difference: Decimal
    item: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Why the total as known on two days differs; causes and lines sum to the difference."""

    before: date
    after: date
    total_before: Figure
    total_after: Figure
    causes: tuple[tuple[str, Decimal, tuple[str, ...]], ...]
    lines: tuple[ChangeLine, ...]
    line_count: int


@dataclass(frozen=True, slots=True)
class Origin:
    """A source counted by origin, with the documents that carry it."""

    name: str
    entries: int
    links: int
    documents: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A further part of the brief (a plan, sustainment) that its own room has prepared.

    ``tables``: a ``Table``, or (caption, heads, rows of text). Each drawing stands above the table
    that its ``above`` counts, with its caption; one that counts beyond them stands at the end.
    """

    anchor: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table | TextTable, ...] = ()
    drawings: tuple[Drawing, ...] = ()

    @property
    def blocks(self) -> tuple[Table | Drawing, ...]:
        """Give tables and drawings in the order in which they are shown."""
        found: list[Table | Drawing] = []
        for place, table in enumerate(self.tables):
            found += [drawing for drawing in self.drawings if drawing.above == place]
            found.append(_typed(table))
        found += [drawing for drawing in self.drawings if drawing.above >= len(self.tables)]
        return tuple(found)


def _typed(table: Table | TextTable) -> Table:
    if isinstance(table, Table):
        return table
    caption, heads, rows = table
    return Table(caption, caption, heads, ("text",) * len(heads), rows)


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """The article that was read."""

    outlet: str
    published: date | None
    language: str
    digest: str


@dataclass(frozen=True, slots=True)
class Brief:
    """All that the brief shows. Days: ``as_of`` is the world's clock, ``known_at`` the ledger's."""

    title: str
    recipient: str
    language: str
    as_of: date
    known_at: date
    currency: str
    head: Head
    ledger_name: str
    marking: str
    illustrative: bool
    note: str
    citation: str
    committed: Figure
    delivered: Figure
    donors: int
    coverage: tuple[CoverageLine, ...]
    voices: tuple[Voice, ...]
    article: ArticleHead | None
    claims: tuple[ClaimCheck, ...]
    others: tuple[OtherTotal, ...]
    by_donor: tuple[Cell, ...]
    by_month: tuple[Cell, ...]
    turn: Turn | None
    origins: tuple[Origin, ...]
    definition: dict[str, Any]
    rate_table: str
    rates: dict[str, str]
    versions: dict[str, str]
    entries: dict[str, tuple[int, Entry]] = field(repr=False)
    left_out: int = 0
    in_kind: tuple[KindLine, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def gaps(self) -> tuple[CoverageLine, ...]:
        """Give the five gaps that matter: the most urgent lines that miss something."""
        return tuple(line for line in self.coverage if line.gap.best)[:5]

    def worth_of(self, cells: tuple[Cell, ...], category: str = "") -> Decimal:
        """Add the best figures of a breakdown, of one category or of all."""
        return sum(
            (cell.figure.best for cell in cells if category in ("", cell.category)), Decimal(0)
        )
