"""The sample portfolio from its files to its brief: ledger, article, check, coverage, changes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intendance.errors import UsageError
from intendance.exchange import portfolio as portfolios
from intendance.exchange.portfolio import Portfolio
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Source
from intendance.review.brief import Request, gather
from intendance.review.facts import Brief, OtherTotal
from intendance.review.typography import Typography

if TYPE_CHECKING:
    from intendance.intake.check import Checked

DEFAULT_NAME: Final = "coalition-2023"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a demonstration made: the ledger's name and the brief."""

    ledger_name: str
    brief: Brief


def demonstrate(
    name: str, language: str, ledger_name: str, *, progress: Callable[[str], None]
) -> Demonstration:
    """Make a fresh ledger from a portfolio and gather its brief.

    The ledger is made beside its place and renamed; one that holds anything else than this
    portfolio is never replaced (UsageError). InputError when there is no such portfolio.
    """
    from intendance.intake import read
    from intendance.intake.check import check

    say = Typography(language).text
    sample = portfolios.load(name)
    target = ledger_name or str(Path("out") / f"{name}.db")
    progress(say("Writing the ledger …"))
    _build(sample, target)
    article = sample.articles.get(language) or next(iter(sample.articles.values()), None)
    with Ledger.open(target) as ledger:
        reading = None
        checked: tuple[Checked, ...] = ()
        if article is not None:
            progress(say("Reading the article …"))
            spoken = next(key for key, each in sample.articles.items() if each is article)
            reading = read(
                article.text, published=article.published, outlet=article.outlet, language=spoken
            )
            checked = check(
                reading,
                ledger,
                published=article.published,
                as_of=sample.as_of,
                others=sample.claims,
                language=language,
            )
        progress(say("Computing coverage and changes …"))
        brief = gather(ledger, _request(sample, language, target), reading=reading, checked=checked)
    return Demonstration(target, brief)


def _request(sample: Portfolio, language: str, target: str) -> Request:
    citation = f"{sample.tracker}. {sample.citation}"
    return Request(
        language=language,
        title=sample.title(language),
        recipient=sample.recipient,
        as_of=sample.as_of,
        since=sample.releases[-2].recorded_on if len(sample.releases) > 1 else None,
        note=sample.notes.get(language, sample.notes.get("en", "")),
        citation=sample.citation if sample.illustrative else citation,
        illustrative=sample.illustrative,
        ledger_name=Path(target).as_posix() if "://" not in target else "",
        others=tuple(
            OtherTotal(
                claim.speaker,
                claim.said_on,
                claim.amount,
                claim.currency,
                claim.category,
                dict(claim.scopes),
                claim.source_url,
            )
            for claim in sample.claims
        ),
    )


def _build(sample: Portfolio, target: str) -> None:
    """Fill a ledger with the portfolio's releases and needs."""
    if "://" in target:
        with Ledger.create(target) as ledger:
            _fill(sample, ledger)
        return
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with Ledger.create(str(draft)) as ledger:
            _fill(sample, ledger)
            root = ledger.head().root
        if not _refuse_other(place, root):
            draft.replace(place)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _fill(sample: Portfolio, ledger: Ledger) -> None:
    for release in sample.releases:
        tracker = release.entries[0].line.partition(":")[0]
        document = Source(tracker, release.document or release.name, url=sample.tracker_url)
        ledger.snapshot(tracker, release.entries, release.recorded_on, document, person="demo")
    ledger.post(sample.needs, person="demo")


def _refuse_other(place: Path, root: str) -> bool:
    """Let only a ledger be replaced that holds nothing, or exactly this portfolio.

    Tell whether it stays as it is: exactly this portfolio, with accounts of people beside it.
    """
    peopled = _holds_accounts(place)
    if not place.exists() or (place.parent.name == "out" and not peopled):
        return False
    with Ledger.open(str(place)) as standing:
        head = standing.head()
    if head.entries and head.root != root:
        raise UsageError(
            f"{place.name} holds another ledger, which the demonstration would replace.",
            next_step="Give --ledger a new file.",
        )
    return peopled


def _holds_accounts(place: Path) -> bool:
    """Tell whether somebody has a password in a ledger's file: the pages keep them there."""
    if not place.is_file():
        return False
    with closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            query = "SELECT count(*) FROM office_person WHERE password != ''"
            return bool(connection.execute(query).fetchone()[0])
        except sqlite3.Error:
            return False  # no pages have been served from it, or it is no ledger
