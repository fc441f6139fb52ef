"""Totals that somebody quotes, weighed against the ledger under each definition left open.

It weighs; it never decides what the speaker meant: each definition that the words leave open is
one reading, and the sentence says which of them fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, Literal, Protocol

from intendance.intake.check_scope import UNKNOWN, Scope, scopes_of
from intendance.intake.reading import Reading
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import Ledger
from intendance.ledger.rates import RateTable, ecb
from intendance.ledger.totals import Amount

Verdict = Literal[
    "consistent", "consistent_with_bound", "contradicts", "incomparable", "no_reference"
]
Basis = Literal["tracker", "ecb", "original"]
_CENT: Final = Decimal("0.01")
# "65" may be anything that rounds to it; "150" said of 152 is no lie. Half a unit of the last
# digit that is not zero, and never more than this share of the figure.
LARGEST_ROUNDING: Final = Decimal("0.05")
LARGEST_CUT: Final = Decimal("0.01")
APPROXIMATION: Final = Decimal("0.10")


class QuotedTotal(Protocol):
    """What checking needs to know of a quoted total; ``intake.claims`` gives it."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def low(self) -> str | None: ...  # noqa: D102
    @property
    def high(self) -> str | None: ...  # noqa: D102
    @property
    def approximate(self) -> bool: ...  # noqa: D102
    @property
    def currency(self) -> str | None: ...  # noqa: D102
    @property
    def currency_inherited(self) -> bool: ...  # noqa: D102
    @property
    def category(self) -> str | None: ...  # noqa: D102
    @property
    def category_text(self) -> str | None: ...  # noqa: D102
    @property
    def per(self) -> str | None: ...  # noqa: D102
    @property
    def stage(self) -> str | None: ...  # noqa: D102
    @property
    def donor(self) -> str | None: ...  # noqa: D102
    @property
    def donor_text(self) -> str | None: ...  # noqa: D102
    @property
    def donor_group(self) -> str | None: ...  # noqa: D102
    @property
    def recipient(self) -> str | None: ...  # noqa: D102
    @property
    def speaker(self) -> str | None: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


class OtherTotal(Protocol):
    """A total that somebody else gave, to set beside the claim (a portfolio's ``Claim``)."""

    @property
    def said_on(self) -> date: ...  # noqa: D102
    @property
    def speaker(self) -> str: ...  # noqa: D102
    @property
    def amount(self) -> Any: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def scopes(self) -> Any: ...  # noqa: D102
    @property
    def source_url(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reading of a claim: a definition, what the ledger gives under it, and whether it fits.

    ``rate`` is units of ``currency`` per euro on ``rate_date`` (None: each line's own).
    ``known``: ``then`` is what was recorded by the claim's day, ``now`` all that is recorded.
    ``scope``: whose aid, when the words name a group (``catalogue.DONOR_GROUPS``).
    """

    definition: Definition
    basis: Basis
    known: Literal["then", "now"]
    low: Decimal
    best: Decimal
    high: Decimal | None
    undisclosed: int
    entries: int
    currency: str
    rate_date: date | None
    rate: Decimal | None
    difference: Decimal
    fits: bool
    scope: str = ""

    def as_record(self) -> dict[str, object]:
        """Give the reading as the contract's JSON object."""
        return {
            "definition": {
                **self.definition.as_record(),
                "basis": self.basis,
                "known": self.known,
                "scope": self.scope,
            },
            "low": f"{self.low:.2f}",
            "best": f"{self.best:.2f}",
            "high": None if self.high is None else f"{self.high:.2f}",
            "undisclosed": self.undisclosed,
            "entries": self.entries,
            "currency": self.currency,
            "rate_date": self.rate_date.isoformat() if self.rate_date else None,
            "rate": None if self.rate is None else str(self.rate),
            "difference": f"{self.difference:.2f}",
            "fits": self.fits,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A quoted total with its verdict, its readings and a sentence for people."""

    amount: str
    claim: QuotedTotal
    verdict: Verdict
    readings: tuple[Weighed, ...]
    explanation: str
    others: tuple[OtherTotal, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Give the check as the contract's JSON object."""
        return {
            "amount": self.amount,
            "low": self.claim.low,
            "high": self.claim.high,
            "currency": self.claim.currency,
            "category": self.claim.category,
            "speaker": self.claim.speaker,
            "span": [self.claim.start, self.claim.end],
            "verdict": self.verdict,
            "readings": [each.as_record() for each in self.readings],
            "explanation": self.explanation,
            "others": [
                {
                    "said_on": each.said_on.isoformat(),
                    "speaker": each.speaker,
                    "amount": each.amount.as_record(),
                    "currency": each.currency,
                    "source_url": each.source_url,
                }
                for each in self.others
            ],
        }


def check(
    reading: Reading,
    ledger: Ledger,
    *,
    published: date,
    as_of: date | None = None,
    known_at: date | None = None,
    others: Iterable[OtherTotal] = (),
    language: str = "en",
    table: RateTable | None = None,
) -> tuple[Checked, ...]:
    """Weigh each total that a document quotes.

    ``as_of`` and ``known_at`` are the day of publication unless given. ``others`` are totals
    that other people gave; those of the same category are set beside the claim.
    """
    from intendance.intake.claims import claims_of

    told = tuple(others)
    return tuple(
        weigh(
            claim,
            ledger,
            as_of=as_of or published,
            known_at=known_at or published,
            others=told,
            language=language,
            table=table or ecb(),
        )
        for claim in claims_of(reading)
    )


def weigh(
    claim: QuotedTotal,
    ledger: Ledger,
    *,
    as_of: date,
    known_at: date,
    others: Sequence[OtherTotal] = (),
    language: str = "en",
    table: RateTable,
) -> Checked:
    """Weigh one claim under every definition that its words leave open."""
    from intendance.intake.check_words import explain

    beside = tuple(each for each in others if _same_subject(claim, each))
    unknown = (claim.low is None and claim.high is None) or not claim.currency
    strange = claim.donor_group == UNKNOWN
    if unknown or claim.per or (claim.category_text and not claim.category) or strange:
        words = explain(claim, "incomparable", (), beside, known_at, language)
        return Checked(claim.text, claim, "incomparable", (), words, beside)
    scopes = scopes_of(claim.donor, claim.donor_group, claim.recipient, ledger) or ()
    found = tuple(
        replace(weighed, scope=scope.name)
        for scope in scopes
        for definition, basis, known in definitions(claim, ledger, scope, as_of, known_at)
        if (weighed := _weighed(claim, ledger, definition, basis, known, as_of, table)) is not None
    )
    verdict = _verdict(claim, found)
    words = explain(claim, verdict, found, beside, known_at, language)
    return Checked(claim.text, claim, verdict, found, words, beside)


def _same_subject(claim: QuotedTotal, other: OtherTotal) -> bool:
    """Tell whether another total speaks of the same category, and is not the claim itself."""
    return (other.category or None) == claim.category and bool(other.source_url)


def definitions(
    claim: QuotedTotal, ledger: Ledger, scope: Scope, as_of: date, known_at: date
) -> list[tuple[Definition, Basis, Literal["then", "now"]]]:
    """Give the definitions that the words leave open: knowledge, stage, currency, rate basis."""
    promised = claim.stage in ("pledge", "commit", "allocate")
    stages = ("pledge", "commitment") if promised else ("commitment", "delivery")
    where = list(scope.where)
    if claim.category:
        where.append(("category", claim.category))
    found: list[tuple[Definition, Basis, Literal["then", "now"]]] = []
    currencies = [claim.currency or "EUR"]
    if "EUR" not in currencies:
        currencies.append("EUR")  # the trackers' own currency: a slip of the pen shows there
    later = _recorded_after(ledger, known_at)
    knowns: list[tuple[Literal["then", "now"], date | None]] = [("then", known_at)]
    if later:
        knowns.append(("now", None))
    for known, day in knowns:
        for stage in stages:
            for currency in currencies:
                base = Definition(
                    stage=stage,
                    as_of=as_of,
                    known_at=day,
                    currency=currency,
                    where=tuple(where),
                )
                found.append((base, "tracker", known))
                by_ecb = replace(base, rates=RateRule("ecb", "as-of"))
                if currency != "EUR":
                    found.append((by_ecb, "ecb", known))
                found.append((by_ecb, "original", known))
    return found


def _recorded_after(ledger: Ledger, day: date) -> bool:
    import polars as pl

    return bool(ledger.frame.select((pl.col("recorded") > pl.lit(day)).any()).item())


def _weighed(
    claim: QuotedTotal,
    ledger: Ledger,
    definition: Definition,
    basis: Basis,
    known: Literal["then", "now"],
    as_of: date,
    table: RateTable,
) -> Weighed | None:
    """Give the ledger's figure under one definition; None when there is nothing to count."""
    day: date | None = None
    rate: Decimal | None = None
    if basis == "ecb":
        # The tracker's euros at the ECB's rate of the day: how a desk would convert its total.
        total = ledger.total(replace(definition, currency="EUR", rates=RateRule()), table)
        quote = table.quote(definition.currency, as_of)
        if quote is None:
            return None
        day, rate = quote.on, quote.rate
        amount = _times(total.total, rate)
    else:
        total = ledger.total(definition, table)
        amount = total.total
        if basis == "tracker" and definition.currency != "EUR":
            rate = next((Decimal(each) for each in total.rates_used.values()), None)
        day = as_of if basis == "original" else None
    if not total.total.entries:
        return None
    said = Decimal(claim.low or claim.high or 0)
    return Weighed(
        definition=definition,
        basis=basis,
        known=known,
        low=amount.low,
        best=amount.best,
        high=amount.high,
        undisclosed=amount.undisclosed,
        entries=amount.entries,
        currency=definition.currency,
        rate_date=day,
        rate=rate,
        difference=amount.best - said,
        fits=fits(claim, amount),
    )


def _times(amount: Amount, rate: Decimal) -> Amount:
    def scaled(bound: Decimal) -> Decimal:
        return (bound * rate).quantize(_CENT, ROUND_HALF_EVEN)

    return Amount(
        scaled(amount.low),
        scaled(amount.best),
        None if amount.high is None else scaled(amount.high),
        amount.undisclosed,
        amount.entries,
    )


def rounding_of(figure: Decimal) -> Decimal:
    """Give by how much a quoted figure may be off because it is rounded.

    >>> rounding_of(Decimal("65000000000")) == Decimal("500000000")
    True
    >>> rounding_of(Decimal("5000000000")) == Decimal("250000000")  # five per cent
    True
    """
    return min(_unit_of(figure) / 2, figure * LARGEST_ROUNDING)


def cut_of(figure: Decimal) -> Decimal:
    """Give by how much the true figure may lie above a quoted one that was cut, not rounded.

    People say 143 of 143.63: a unit of the last digit, and never more than one per cent.

    >>> cut_of(Decimal("143000000000")) == Decimal("1000000000")
    True
    >>> cut_of(Decimal("65000000000")) == Decimal("650000000")
    True
    """
    return max(rounding_of(figure), min(_unit_of(figure), figure * LARGEST_CUT))


def _unit_of(figure: Decimal) -> Decimal:
    """Give the unit of a figure's last digit that is not zero: a billion of 65 billion."""
    exponent = figure.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(10) ** exponent


def fits(claim: QuotedTotal, amount: Amount) -> bool:
    """Tell whether the ledger's interval meets what was said, within the figure's own rounding."""
    top = amount.high if amount.high is not None else amount.best
    low = None if claim.low is None else Decimal(claim.low)
    high = None if claim.high is None else Decimal(claim.high)
    if low is not None and high is not None:
        below = rounding_of(low) if low == high else Decimal(0)
        above = cut_of(high) if low == high else Decimal(0)
        if claim.approximate:
            below, above = (max(each, high * APPROXIMATION) for each in (below, above))
        return top >= low - below and amount.low <= high + above
    if low is not None:
        return top >= low
    return high is not None and amount.low <= high


def _verdict(claim: QuotedTotal, found: Sequence[Weighed]) -> Verdict:
    """Judge by what was known then; by what is known now only where nothing was known then."""
    then = [each for each in found if each.known == "then"]
    judged = then or list(found)
    if not judged:
        return "no_reference"
    if not claim.currency_inherited:
        # The printed currency is not left open; that another one fits is said, not counted.
        judged = [each for each in judged if each.currency == claim.currency]
    if not any(each.fits for each in judged):
        return "contradicts"
    bound = claim.low is None or claim.high is None
    return "consistent_with_bound" if bound else "consistent"
