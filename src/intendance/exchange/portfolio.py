"""Sample portfolios: a record of aid as known on several days, with needs, claims and articles.

A portfolio is a folder of plain files that the package carries (``docs/reference/portfolios.md``
describes them); ``load`` turns one into the ledger's entries.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from intendance.errors import InputError
from intendance.exchange.portfolio_entries import State, entries_of, read_lines
from intendance.exchange.portfolio_rows import Row, read_table, read_text
from intendance.model.catalogue import capabilities, party_name
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period

_FOLDER: Final = "intendance.exchange.portfolios"


@dataclass(frozen=True, slots=True)
class Release:
    """One recorded state of the record: all that was known on ``recorded_on``, as entries."""

    name: str
    recorded_on: date
    entries: tuple[Entry, ...]
    document: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A total that somebody quoted. ``category`` blank: all aid; ``part_of``: another claim."""

    name: str
    said_on: date
    speaker: str
    amount: Interval
    currency: str
    category: str
    scopes: Mapping[str, str]
    part_of: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Article:
    """A press text that the portfolio's review reads."""

    text: str
    published: date
    outlet: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A sample, ready for a ledger. ``titles`` and ``notes`` are by language (en, fr).

    ``illustrative``: wholly invented, and to be shown as such.
    """

    name: str
    titles: Mapping[str, str]
    recipient: str
    tracker: str
    tracker_url: str
    citation: str
    as_of: date
    illustrative: bool
    notes: Mapping[str, str]
    releases: tuple[Release, ...]
    needs: tuple[Entry, ...]
    claims: tuple[Claim, ...]
    articles: Mapping[str, Article]

    def title(self, language: str) -> str:
        """Give the title in a language, else in English."""
        return self.titles.get(language, self.titles["en"])


def names() -> tuple[str, ...]:
    """Give the names of the portfolios that the package carries."""
    folders = (each for each in files(_FOLDER).iterdir() if each.is_dir())
    return tuple(sorted(each.name for each in folders if each.joinpath("portfolio.toml").is_file()))


def load(name: str) -> Portfolio:
    """Read one of the package's portfolios. InputError when there is none of that name.

    >>> load("coalition-2023").recipient
    'Ukraine'
    """
    if name not in names():
        raise InputError(
            f"There is no portfolio {name!r}.", next_step=f"Use one of {', '.join(names())}."
        )
    return read_folder(name, files(_FOLDER).joinpath(name))


def read_folder(name: str, folder: Traversable) -> Portfolio:
    """Read a portfolio from a folder. InputError names the file, row and column that is off."""
    try:
        head = tomllib.loads(read_text(folder, "portfolio.toml"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"portfolio.toml cannot be read: {error}.", where="portfolio.toml"
        ) from None
    try:
        return _assemble(name, folder, head)
    except KeyError as error:
        raise InputError(
            f"portfolio.toml does not say {error.args[0]!r}.", where="portfolio.toml"
        ) from None


def _assemble(name: str, folder: Traversable, head: Mapping[str, Any]) -> Portfolio:
    prefix, recipient = head["prefix"], party_name(head["recipient"])
    tracker = head["tracker"]
    releases: list[Release] = []
    before: Mapping[str, Row] = {}
    for each in sorted(head["releases"], key=lambda release: release["recorded_on"]):
        state = State(
            prefix, each["name"], each["document"], tracker["url"], each["recorded_on"], recipient
        )
        rows = read_lines(folder, each["file"])
        last = releases[-1].recorded_on if releases else None
        entries = tuple(entries_of(state, rows, before, last))
        releases.append(Release(state.name, state.recorded_on, entries, state.document))
        before = rows
    return Portfolio(
        name=name,
        titles=head["title"],
        recipient=recipient,
        tracker=tracker["name"],
        tracker_url=tracker["url"],
        citation=tracker["citation"],
        as_of=head["as_of"],
        illustrative=head["illustrative"],
        notes=head["notes"],
        releases=tuple(releases),
        needs=tuple(
            _need(row, recipient, head["as_of"]) for row in read_table(folder, "needs.csv")
        ),
        claims=tuple(_claim(row) for row in read_table(folder, "claims.csv")),
        articles={
            each["language"]: Article(
                read_text(folder, each["file"]), each["published"], each["outlet"]
            )
            for each in head["articles"]
        },
    )


def _need(row: Row, recipient: str, as_of: date) -> Entry:
    low, best, high = (row.number(f"quantity_{each}") for each in ("low", "best", "high"))
    first, due = row.day("from"), row.day("due")
    said = row.qualifier("qualifier")
    terms = {name: row[name] for name in ("per", "priority", "basis", "note_en", "note_fr")}
    origin = row["said_by"] or row["basis"]
    sourced = row["basis"] == "sourced"
    if row["capability"] not in capabilities():
        raise row.error("capability", "is not in the catalogue")
    if row["basis"] not in ("sourced", "assumed") or (sourced and not row["source_url"]):
        raise row.error("basis", "is neither assumed nor sourced with a link")
    if due is None or (first and first > due):
        raise row.error("due", "is missing or before the beginning")
    if said == "about" and best is not None:
        low, high = low or best, high or best
    return Entry(
        line=f"need:{row['need']}",
        stage="need",
        topic="need",
        recorded_on=row.day("said_on") or as_of,
        source=Source(origin, url=row["source_url"]),
        recipient=recipient,
        capability=row["capability"],
        place=row["place"],
        valid=Period(first, due),
        reported_on=row.day("said_on"),
        quantity=Quantity(Interval(low, best, high, said), row["unit"]),  # type: ignore[arg-type]
        roles=(("requester", row["said_by"]),) if row["said_by"] else (),
        terms=tuple(sorted(terms.items())),
    )


def _claim(row: Row) -> Claim:
    said_on, amount = row.day("said_on"), row.interval("amount", "qualifier")
    if said_on is None or amount is None:
        raise row.error("claim", "has no day or no amount")
    return Claim(
        name=row["claim"],
        said_on=said_on,
        speaker=row["speaker"],
        amount=amount,
        currency=row["currency"],
        category=row["category"],
        scopes={"en": row["scope_en"], "fr": row["scope_fr"]},
        part_of=row["part_of"],
        source_url=row["source_url"],
    )
