"""What is proposed: a gift of a union is a gift, a sum told in two currencies counts once."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read
from intendance.intake.reading import Proposal

DAY = date(2024, 11, 12)


def proposed(text: str, language: str) -> tuple[Proposal, ...]:
    """Give the proposals of a text."""
    return read(text, language=language, published=DAY).proposals


GIFTS = [
    ("en", "The European Commission has today disbursed €600 million to Moldova.", "delivery"),
    ("en", "The EU has transferred the second tranche of €1.5 billion to Moldova.", "delivery"),
    ("en", "The European Union promised an additional 200 million euros to Moldova.", "pledge"),
    ("fr", "L'Union européenne a versé une nouvelle aide de 50 millions d'euros à la Moldavie.",
     "delivery"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "kind"), GIFTS)
def test_a_single_gift_of_a_group_is_no_claim(language: str, text: str, kind: str) -> None:
    """A tranche or a further sum may be confirmed as what it is."""
    assert [each.kind for each in proposed(text, language)] == [kind]


def test_totals_of_a_group_stay_claims() -> None:
    """What a group has given since a day is compared with the ledger."""
    (claim,) = proposed("Since March 2022 EU countries have given €68 billion to Ukraine.", "en")
    assert (claim.kind, claim.fields["since"]) == ("claim", "2022-03")


def test_a_sum_in_a_second_currency_is_not_claimed_twice() -> None:
    """What stands in brackets behind a sum tells it again."""
    text = "Since February 2022, Britain has pledged over £7 billion ($8.8 billion) to Ukraine."
    (claim,) = proposed(text, "en")
    assert claim.fields["currency"] == "GBP"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Paris a livré 18 canons Caesar à 5 millions d'euros l'unité."),
        ("en", "Paris delivered 18 Caesar howitzers at 5 million euros apiece."),
    ],
)
def test_the_price_of_one_is_no_sum_given(language: str, text: str) -> None:
    """What one of a thing costs is not what all are worth."""
    (gift,) = proposed(text, language)
    assert (gift.fields["quantity_low"], gift.fields.get("amount_low")) == ("18", None)


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("en", "Germany will deliver 12 pumps by the end of December.", "2024-12-31"),
        ("en", "Germany will deliver 12 pumps before Friday.", "2024-11-14"),
        ("en", "Germany will deliver 12 pumps before the end of December.", "2024-12-31"),
        ("en", "Germany will deliver 12 pumps before 2026.", "2025-12-31"),
        ("fr", "L'Allemagne livrera 12 pompes avant l'été.", "2025-05-31"),
        ("en", "Germany will deliver 12 pumps. Talks end by Friday.", None),
        ("en", "Germany delivered 12 pumps before Friday.", None),
        ("fr", "L'Allemagne livrera 12 pompes d'ici à juin 2025.", "2025-06-30"),
        ("fr", "L'Allemagne livrera 12 pompes avant la mi-février.", "2025-02-15"),
    ],
)
def test_a_promise_carries_its_last_day(language: str, text: str, due: str | None) -> None:
    """By when a donor will have given is the last day of the time told."""
    (gift,) = proposed(text, language)
    assert gift.fields.get("due") == due


def test_what_a_part_is_for_is_not_the_whole() -> None:
    """A purpose behind "of which" belongs to the part."""
    text = "Denmark pledged 1.7 billion Danish crowns, of which 400 million for drones."
    (gift,) = proposed(text, "en")
    assert (gift.fields["amount_low"], gift.fields.get("items")) == ("1700000000", None)
