"""A quoted total is weighed under every definition its words leave open, and never decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from intendance.intake.check import fits, rounding_of, weigh
from intendance.ledger.rates import ecb
from intendance.ledger.totals import Amount
from intendance.model.entry import Source

DAY = date(2023, 4, 21)


@dataclass(frozen=True)
class Said:
    text: str = "150 bn"
    low: str | None = None
    high: str | None = None
    approximate: bool = False
    currency: str | None = "EUR"
    currency_inherited: bool = False
    category: str | None = None
    category_text: str | None = None
    per: str | None = None
    stage: str | None = None
    donor: str | None = None
    donor_text: str | None = None
    donor_group: str | None = None
    recipient: str | None = None
    speaker: str | None = None
    start: int = 0
    end: int = 0


def exactly(figure: str, **more) -> Said:
    return Said(figure, figure, figure, **more)


def weighed(ledger, claim, **more):
    return weigh(claim, ledger, as_of=DAY, known_at=DAY, table=ecb(), **more)


def amount(figure):
    return Amount(Decimal(figure), Decimal(figure), Decimal(figure), 0, 1)


def test_nothing_recorded_is_no_reference(ledger):
    assert weighed(ledger, exactly("150")).verdict == "no_reference"


def test_a_figure_without_currency_or_number_is_incomparable(ledger, make):
    ledger.post([make()])
    assert weighed(ledger, exactly("150", currency=None)).verdict == "incomparable"
    assert weighed(ledger, Said("billions")).verdict == "incomparable"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (exactly("100"), "consistent"),
        (exactly("103"), "contradicts"),
        (exactly("105", approximate=True), "consistent"),
        (Said(low="90"), "consistent_with_bound"),
        (Said(low="110"), "contradicts"),
        (Said(high="120"), "consistent_with_bound"),
        (Said(high="90"), "contradicts"),
        (Said(low="90", high="110"), "consistent"),
    ],
)
def test_bounds_and_rounding_decide_what_fits(ledger, make, claim, verdict):
    ledger.post([make("t:1", "100")])
    assert weighed(ledger, claim).verdict == verdict


def test_rounding_is_half_the_last_digit_and_at_most_five_per_cent():
    assert rounding_of(Decimal(65000000000)) == Decimal(500000000)
    assert rounding_of(Decimal(3000)) == Decimal(150)
    assert fits(exactly("65000000000"), amount("65342448369.17"))
    assert not fits(exactly("65000000000"), amount("68609570787.67"))


def test_a_printed_currency_is_not_left_open_an_inherited_one_is(ledger, make):
    ledger.post([make("t:1", "65", valid="2023-01-01")])
    printed = weighed(ledger, exactly("65", currency="USD"))
    inherited = weighed(ledger, exactly("65", currency="USD", currency_inherited=True))
    assert (printed.verdict, inherited.verdict) == ("contradicts", "consistent")
    assert {each.currency for each in printed.readings} == {"USD", "EUR"}


def test_filters_follow_the_claims_words(ledger, make):
    ledger.post([make("t:1", "10"), make("t:2", "90", category="financial", donor="Norway")])
    assert weighed(ledger, exactly("10", category="military")).verdict == "consistent"
    assert weighed(ledger, exactly("90", donor="Norway")).verdict == "consistent"
    assert weighed(ledger, exactly("90", donor="Spain")).verdict == "no_reference"


def test_what_is_known_since_is_shown_but_does_not_judge(ledger, make):
    ledger.post([make("t:1", "10"), make("t:2", "90", recorded="2023-09-01")])
    found = weighed(ledger, exactly("100"))
    assert found.verdict == "contradicts"
    assert {each.known for each in found.readings} == {"then", "now"}
    assert any(each.known == "now" and each.fits for each in found.readings)


def test_the_article_that_the_system_grew_out_of(ledger, shared):
    from intendance.exchange import kiel
    from intendance.exchange.portfolio import load
    from intendance.intake import read
    from intendance.intake.check import check

    for release, name, day in (
        ("R9", "R09_main_retrieved_2023-03-02.csv", date(2023, 3, 2)),
        ("R13", "R13_main_retrieved_2023-09-21.csv", date(2023, 9, 21)),
    ):
        drafts = kiel.read_drafts(shared / "data/kiel" / name, day, release)
        ledger.snapshot("kiel", drafts.entries, day, Source("kiel", release))
    text = (shared / "texts/press-2023-04-21.fr.txt").read_text("utf-8")
    found = check(
        read(text, published=DAY, language="fr"),
        ledger,
        published=DAY,
        others=load("coalition-2023").claims,
        language="en",
    )
    assert [each.verdict for each in found] == ["consistent_with_bound", "consistent"]
    whole, military = (
        {
            (each.currency, each.basis): (f"{each.best / 10**9:.2f}", each.fits)
            for each in claim.readings
            if each.known == "then" and each.definition.stage == "commitment"
        }
        for claim in found
    )
    assert whole["USD", "tracker"] == ("150.81", True)
    assert whole["USD", "ecb"] == ("157.68", True)
    assert whole["EUR", "tracker"] == ("143.63", False)
    assert military["USD", "tracker"] == ("68.61", False)
    assert military["USD", "ecb"] == ("71.73", False)
    assert military["EUR", "tracker"] == ("65.34", True)
    assert "fits in USD, not in EUR" in found[0].explanation
    assert "fits in EUR, not in USD" in found[1].explanation
    assert "L. Austin gave USD 65.00 bn" in found[1].explanation
    assert "may therefore hold under that scope" in found[1].explanation
