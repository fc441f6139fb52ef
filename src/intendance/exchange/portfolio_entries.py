"""The lines of one recorded state of a portfolio, as the ledger's entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources.abc import Traversable
from statistics import median
from typing import Final

from intendance.exchange.portfolio_rows import Row, read_table
from intendance.model.catalogue import items, party_name
from intendance.model.entry import Entry, Link, Money, Quantity, Source, Valuation
from intendance.model.interval import Interval, plain
from intendance.model.period import Period

_CENT: Final = Decimal("0.01")
# Below this the cents of the converted figure blur the rate that it was made with.
_SMALLEST_FOR_RATE_EUR: Final = Decimal(100_000)
_RATE_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class State:
    """What is the same for all lines of one release."""

    prefix: str
    name: str
    document: str
    url: str
    recorded_on: date
    recipient: str


def read_lines(folder: Traversable, file: str) -> dict[str, Row]:
    """Read a release file by line. InputError on a line said twice or an unknown item."""
    found: dict[str, Row] = {}
    for row in read_table(folder, file):
        line = row["line"]
        if not line or line in found:
            raise row.error("line", "is blank or stands twice")
        if row["item"] and row["item"] not in items():
            raise row.error("item", "is not in the catalogue")
        found[line] = row
    return found


def entries_of(
    state: State, rows: Mapping[str, Row], before: Mapping[str, Row], last: date | None
) -> Iterator[Entry]:
    """Give a release's entries: the tracker's rates, then each line's commitment and deliveries."""
    yield from _rates(state, rows)
    for line, row in rows.items():
        package = rows.get(line.partition("/")[0])
        address = row["source_url"] or (package["source_url"] if package else "")
        commitment = _commitment(state, row, address)
        yield commitment
        yield from _deliveries(state, row, commitment, before.get(line), last)


def _commitment(state: State, row: Row, address: str) -> Entry:
    line, sort = row["line"], row["sort"]
    item = items().get(row["item"])
    money: Money | None = None
    valuations: tuple[Valuation, ...] = ()
    if sort != "item":
        money = _money(row)
        valuations = _valuations(state, row.number("eur"))
    quantity = row.interval("quantity", "quantity_qualifier")
    terms = {"sort": sort, "packages": row["packages"]}
    place = row.number("row")
    return Entry(
        line=f"{state.prefix}:{line}",
        stage="commitment",
        recorded_on=state.recorded_on,
        source=Source(
            state.prefix,
            document=state.document,
            row=None if place is None else int(place),
            url=address or state.url,
        ),
        donor=party_name(row["donor"]),
        recipient=state.recipient,
        category=row["category"],
        capability=item.capability if item else "",
        item=item.name if item else "",
        item_text=row["item_text"],
        instrument=row["instrument"],
        valid=row.period("valid"),
        quantity=None if quantity is None else Quantity(quantity, row["unit"]),
        money=money,
        valuations=valuations,
        links=_part_of(state, line),
        terms=tuple(sorted((key, value) for key, value in terms.items() if value)),
    )


def _part_of(state: State, line: str) -> tuple[Link, ...]:
    package, slash, _ = line.partition("/")
    return (Link("part_of", f"{state.prefix}:{package}"),) if slash else ()


def _money(row: Row) -> Money:
    amount = row.number("amount")
    said = Interval.undisclosed() if amount is None else Interval.exact(amount)
    return Money(said, row["currency"])


def _valuations(state: State, eur: Decimal | None) -> tuple[Valuation, ...]:
    """Give the tracker's own conversion into euros."""
    if eur is None:
        return ()
    source = f"{state.prefix}:{state.name}"
    return (Valuation("source", Interval.exact(eur), "EUR", source),)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a release says was delivered: in the line's own currency, in euros, in pieces."""

    amount: Decimal | None = None
    currency: str = "EUR"
    eur: Decimal | None = None
    count: Interval | None = None

    @property
    def anything(self) -> bool:
        """Tell whether something came; "0 delivered" is no event."""
        return bool(self.amount) or bool(self.count and self.count.best)

    @classmethod
    def of(cls, row: Row) -> _Given:
        count = row.interval("delivered_quantity", "delivered_qualifier")
        count = count if count and count.known else None
        delivered_eur = row.number("delivered_eur")
        amount, eur = row.number("amount"), row.number("eur")
        if delivered_eur is None:
            return cls(count=count)
        if amount is None or not eur:
            return cls(delivered_eur, "EUR", delivered_eur, count)
        own = (amount * delivered_eur / eur).quantize(_CENT, ROUND_HALF_EVEN)
        return cls(own, row["currency"], delivered_eur, count)

    def split(self, before: _Given) -> tuple[_Given, _Given] | None:
        """Part what an earlier release knew already from what came on top; None when nothing did.

        Either the amount or the count grows: a line carries only one of them.
        """
        if self.amount and before.amount and self.eur and self.currency == before.currency:
            if self.amount <= before.amount:
                return None
            old = (self.eur * before.amount / self.amount).quantize(_CENT, ROUND_HALF_EVEN)
            return (
                _Given(before.amount, self.currency, old),
                _Given(self.amount - before.amount, self.currency, self.eur - old),
            )
        if not (self.count and self.count.best and before.count and before.count.best):
            return None
        exact = self.count.qualifier == before.count.qualifier == "exact"
        more = self.count.best - before.count.best
        if not exact or more <= 0:
            return None
        return _Given(count=before.count), _Given(count=Interval.exact(more))


def _deliveries(
    state: State, row: Row, commitment: Entry, earlier: Row | None, last: date | None
) -> Iterator[Entry]:
    """Give what is known as delivered, dated between the announcement and the release's day.

    The tracker does not date deliveries. What the release before knew already had come by that
    release's day; what it says on top of it is a second event with its own, later window.
    """
    given = _Given.of(row)
    before = _Given.of(earlier) if earlier else _Given()
    if not given.anything:
        return
    parts = given.split(before)
    if parts:
        assert last is not None
        yield _delivery(state, row, commitment, parts[0], known_on=last)
        yield _delivery(
            state, row, commitment, parts[1], known_on=state.recorded_on, part=f"after-{last}"
        )
        return
    day = last if before.anything and last else state.recorded_on
    yield _delivery(state, row, commitment, given, known_on=day)


def _delivery(
    state: State, row: Row, commitment: Entry, given: _Given, *, known_on: date, part: str = ""
) -> Entry:
    valid = _window(commitment.valid, known_on, state.recorded_on)
    amount = None if given.amount is None else Money(Interval.exact(given.amount), given.currency)
    return Entry(
        line=commitment.line,
        stage="delivery",
        part=part,
        recorded_on=state.recorded_on,
        source=commitment.source,
        donor=commitment.donor,
        recipient=commitment.recipient,
        category=commitment.category,
        capability=commitment.capability,
        item=commitment.item,
        item_text=commitment.item_text,
        instrument=commitment.instrument,
        valid=valid,
        quantity=None if given.count is None else Quantity(given.count, row["unit"]),
        money=amount,
        valuations=_valuations(state, given.eur),
        links=commitment.links,
        terms=commitment.terms,
    )


def _window(announced: Period | None, known_on: date, recorded_on: date) -> Period:
    """Give the days between which a delivery fell; it never counts before its commitment does.

    >>> print(_window(Period.parse("2022-04-27"), date(2023, 3, 2), date(2023, 9, 21)))
    2022-04-27/2023-03-02
    """
    if announced is None:
        return Period(None, recorded_on)
    return Period(announced.first or announced.last, max(known_on, announced.last))


def _rates(state: State, rows: Mapping[str, Row]) -> Iterator[Entry]:
    """Give the units per euro that the release was converted with: the median of amount / eur."""
    found: dict[str, list[Decimal]] = {}
    for row in rows.values():
        amount, eur = row.number("amount"), row.number("eur")
        if amount and eur and row["currency"] != "EUR":
            precise = eur >= _SMALLEST_FOR_RATE_EUR
            found.setdefault(row["currency"], []).extend([amount / eur] if precise else [])
    terms = tuple(
        (currency, _rounded(median(quotients)))
        for currency, quotients in sorted(found.items())
        if quotients
    )
    if terms:
        yield Entry(
            line=f"{state.prefix}:rates",
            stage="pledge",
            topic="rates",
            recorded_on=state.recorded_on,
            source=Source(state.prefix, document=state.document, url=state.url),
            valid=Period.on(state.recorded_on),
            terms=terms,
            reason=" ".join(f"{currency}={rate}" for currency, rate in terms),
        )


def _rounded(rate: Decimal) -> str:
    """Round to the digits that the cents of the figures leave sure.

    >>> _rounded(Decimal("1.04999999917")), _rounded(Decimal("395.8500021"))
    ('1.05', '395.85')
    """
    step = Decimal(1).scaleb(rate.adjusted() - _RATE_DIGITS + 1)
    return plain(rate.quantize(step, ROUND_HALF_EVEN))
