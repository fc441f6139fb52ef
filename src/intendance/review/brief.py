"""Gathers the brief from a ledger and, when there is one, from an article that was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from intendance import __version__
from intendance.errors import InputError, UsageError
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import Ledger, read
from intendance.ledger.privacy import joined
from intendance.model.entry import Entry
from intendance.review.changed import turn_of
from intendance.review.covered import coverage_lines
from intendance.review.facts import (
    Brief,
    ClaimCheck,
    CoverageLine,
    Figure,
    OtherTotal,
    Section,
    Turn,
)
from intendance.review.heard import article_head, checks_of, voices_of
from intendance.review.tallied import (
    cells,
    donors_of,
    figure_of,
    kind_ids,
    kind_lines,
    money_ids,
    origins_of,
)
from intendance.words import catalogue

if TYPE_CHECKING:
    import polars as pl

    from intendance.intake.check import Checked
    from intendance.intake.reading import Reading
    from intendance.ledger.privacy import Viewer

# From open to closed; the brief carries the strictest of its entries (rule 12).
_MARKINGS: Final = ("public", "released", "internal", "restricted", "private")
# A page of more entries than this is too heavy to mail (about 3 MB) and to open on a phone.
MOST_ENTRIES: Final = 4000


@dataclass(frozen=True, slots=True)
class Request:
    """What a brief is asked to show.

    ``as_of`` None: the article's day, else the last day of knowledge. ``known_at`` None: all that
    is recorded. ``since`` None: the recording day before the last one.
    """

    language: str = "en"
    title: str = ""
    recipient: str = ""
    as_of: date | None = None
    known_at: date | None = None
    since: date | None = None
    currency: str = "EUR"
    rates: RateRule = field(default_factory=RateRule)
    note: str = ""
    citation: str = ""
    illustrative: bool = False
    ledger_name: str = ""
    others: tuple[OtherTotal, ...] = ()
    sections: tuple[Section, ...] = field(default=())


def _asked(
    frame: pl.DataFrame, request: Request, reading: Reading | None
) -> tuple[Definition, date | None]:
    """Give the brief's definition, and the day of knowledge with which it is compared."""
    days = _recording_days(frame)
    if not days:
        raise InputError(
            "The ledger is empty: there is nothing to review.",
            next_step="Fill it with `intendance import`, or run `intendance demo`.",
        )
    known_at, since = _clock(days, request)
    definition = Definition(
        as_of=request.as_of or _published(reading) or known_at,
        known_at=known_at,
        currency=request.currency,
        rates=request.rates,
    )
    return definition.checked(), since


def gather(
    ledger: Ledger,
    request: Request,
    *,
    reading: Reading | None = None,
    checked: Sequence[Checked] = (),
) -> Brief:
    """Gather everything that the brief shows, with the entries behind every number.

    ``checked`` is what ``intake.check`` found about the article's totals. InputError when nothing
    is known on the asked day; UsageError when the days stand in the wrong order.
    """
    head = ledger.seen_head()
    frame = ledger.frame
    definition, since = _asked(frame, request, reading)
    as_of, known_at = definition.as_of, definition.known_at
    assert as_of is not None
    assert known_at is not None
    whole = ledger.total(definition)
    delivery = replace(definition, stage="delivery")
    needs = _entries(ledger, set(_ids(frame, "need")))
    coverage = coverage_lines(frame, [entry for _, entry in needs.values()], as_of, known_at)
    by_donor = cells(frame, definition, "donor")
    turn = turn_of(ledger, definition, since, known_at) if since else None
    checks = checks_of(checked, reading, frame)
    committed = figure_of(whole.total, money_ids(frame, definition))
    delivered = figure_of(ledger.total(delivery).total, money_ids(frame, delivery))
    by_month = cells(frame, definition, "month")
    figures = [committed, delivered, *(cell.figure for cell in (*by_month, *reversed(by_donor)))]
    kinds = kind_ids(frame, definition)
    wanted = list(dict.fromkeys((*_behind(figures, coverage, checks, turn), *kinds)))
    entries = _entries(ledger, set(wanted[:MOST_ENTRIES]))
    recipient = request.recipient or _usual_recipient(frame)
    return Brief(
        title=request.title or recipient or catalogue("review", request.language).gettext("Aid"),
        recipient=recipient,
        language=request.language,
        as_of=as_of,
        known_at=known_at,
        currency=definition.currency,
        head=head,
        ledger_name=request.ledger_name,
        marking=joined_marking(entry.marking for _, entry in entries.values()),
        illustrative=request.illustrative,
        note=_note(request, ledger.viewer),
        citation=request.citation,
        committed=committed,
        delivered=delivered,
        donors=donors_of(frame, definition),
        coverage=coverage,
        voices=voices_of(reading),
        article=article_head(reading),
        claims=checks,
        # What somebody says later is not on the table of this meeting.
        others=tuple(each for each in request.others if each.said_on <= known_at),
        by_donor=by_donor,
        by_month=by_month,
        turn=_named(turn, entries),
        origins=origins_of(entries),
        definition=definition.as_record(),
        rate_table=whole.rate_table,
        rates=_rates(frame, known_at, whole.rates_used),
        versions=versions(),
        entries=entries,
        left_out=max(len(wanted) - MOST_ENTRIES, 0),
        in_kind=tuple(kind_lines(entries, kinds)),
        sections=request.sections,
    )


def _note(request: Request, viewer: Viewer) -> str:
    """Give the brief's note; a limited viewer's brief says that it is limited."""
    if viewer.sees_everything:
        return request.note
    said = catalogue("review", request.language).gettext(
        "Limited to the lines released to {viewer}; others may exist."
    )
    return f"{request.note} {said.format(viewer=viewer)}".strip()


def _named(turn: Turn | None, entries: dict[str, tuple[int, Entry]]) -> Turn | None:
    """Say in words what the changed lines are about; a closing entry says it of the line's past."""
    if turn is None:
        return None
    texts = {
        entry.line: (entry.item, entry.item_text)
        for _, entry in entries.values()
        if entry.item or entry.item_text
    }
    lines = tuple(
        replace(
            line, item=texts.get(line.line, ("", ""))[0], text=texts.get(line.line, ("", ""))[1]
        )
        for line in turn.lines
    )
    return replace(turn, lines=lines)


def _clock(days: Sequence[date], request: Request) -> tuple[date, date | None]:
    """Give the day of knowledge and the earlier one to compare with (None: there is none)."""
    known_at = request.known_at or days[-1]
    if known_at < days[0]:
        raise InputError(
            f"Nothing was known on {known_at}: the ledger begins on {days[0]}.",
            next_step="Give a later day to --known-at.",
        )
    if request.since is None:
        # The last day itself counts as known: what was known just before it is the other side.
        last = max((day for day in days if day <= known_at), default=known_at)
        earlier = [day for day in days if day < last]
        return known_at, earlier[-1] if earlier else None
    if request.since >= known_at:
        raise UsageError(
            f"The days stand in the wrong order: {request.since} is not before {known_at}.",
            next_step="Give an earlier day to --since.",
        )
    return known_at, request.since


def _recording_days(frame: Any) -> list[date]:
    """Give the days on which aid was recorded (else anything), in order."""
    import polars as pl

    # With needs alone there is still something to say: nobody has promised anything.
    aid = frame.filter(pl.col("topic").cast(pl.String) == "aid")
    rows = frame if aid.is_empty() else aid
    days: list[date] = sorted(set(rows.get_column("recorded").to_list()))
    return days


def _usual_recipient(frame: Any) -> str:
    """Give the recipient that most lines name; empty when none does."""
    import polars as pl

    named = frame.select(pl.col("recipient").cast(pl.String)).filter(pl.col("recipient") != "")
    counted = named.group_by("recipient").len().sort(["len", "recipient"], descending=[True, False])
    return str(counted["recipient"][0]) if counted.height else ""


def _published(reading: Reading | None) -> date | None:
    day = reading.document.published if reading else None
    return date.fromisoformat(day) if day else None


def _ids(frame: Any, topic: str) -> list[str]:
    import polars as pl

    found: list[str] = (
        frame.filter(pl.col("topic").cast(pl.String) == topic).get_column("id").to_list()
    )
    return found


def _entries(ledger: Ledger, wanted: set[str]) -> dict[str, tuple[int, Entry]]:
    """Read the wanted entries, in the chain's order, with their places in it.

    A limited viewer gets places among what they see: gaps would count what is hidden.
    """
    places: dict[str, int] = {}
    if not ledger.viewer.sees_everything:
        ids = ledger.frame.get_column("id").to_list()
        places = {entry: place for place, entry in enumerate(ids, start=1)}
        wanted = wanted & places.keys()
    return {
        link.id: (places.get(link.id, link.seq), read(link))
        for link in ledger.store.links()
        if link.id in wanted
    }


def _figures(line: CoverageLine) -> list[Figure]:
    names = ("needed", "pledge", "commitment", "allocation", "shipment", "delivery")
    return [getattr(line, name) for name in names]


def _behind(
    figures: list[Figure],
    coverage: Iterable[CoverageLine],
    checks: Iterable[ClaimCheck],
    turn: Turn | None,
) -> list[str]:
    """Give the ids of all entries that some number of the brief rests on.

    What the gaps and the changes rest on comes first: it is kept when a ledger is too large.
    """
    wanted = [entry for line in coverage for figure in _figures(line) for entry in figure.entries]
    if turn:
        wanted += [line.entry for line in turn.lines]
        wanted += [entry for _, _, ids in turn.causes for entry in ids]
    rest = [*reversed(figures), *(line.figure for check in checks for line in check.readings)]
    if turn:
        rest += [turn.total_before, turn.total_after]
    wanted += [entry for figure in rest for entry in figure.entries]
    return list(dict.fromkeys(wanted))


def _rates(frame: Any, known_at: date, used: dict[str, str]) -> dict[str, str]:
    """Give the rates that the figures rest on: those used, and each tracker's own."""
    from intendance.ledger.valued import tracker_rates

    trackers = frame.get_column("tracker").cast(str).unique().sort().to_list()
    found = {
        f"{tracker} {currency}": f"{float(rate):.6g}"
        for tracker in trackers
        for currency, rate in sorted(tracker_rates(frame, tracker, known_at).items())
    }
    return {**found, **used}


def joined_marking(markings: Iterable[str]) -> str:
    """Give the strictest marking; one that is not known counts as strictest.

    >>> joined_marking(["public", "restricted", "public"])
    'restricted'
    """
    found = set(markings)
    owned = [each for each in found if each.startswith("private:")]
    if owned:
        return joined(owned)
    strange = sorted(found - set(_MARKINGS))
    if strange:
        return strange[0]
    return max(found, key=_MARKINGS.index, default="public")


def versions() -> dict[str, str]:
    """Give the versions of what computed and drew the brief."""
    from importlib.metadata import version

    parts = ("polars", "altair", "vl-convert-python", "currencyconverter")
    return {"intendance": __version__, **{name: version(name) for name in parts}}
