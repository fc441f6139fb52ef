"""What becomes of a delivery that is told by a noun, and amounts in a list."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

DAY = date(2025, 3, 12)


@pytest.mark.parametrize(
    ("language", "text", "statuses"),
    [
        ("fr", "L'envoi de douze obusiers a été confirmé par Oslo.", ["pledge"]),
        ("fr", "La livraison de douze obusiers est prévue en mai.", ["pledge"]),
        ("fr", "La livraison des chars est suspendue.", ["refuse"]),
        ("fr", "Douze obusiers doivent arriver en mai.", ["pledge"]),
        ("fr", "Trente camions d'aide ont quitté Varsovie lundi.", ["ship"]),
        ("fr", "Rome n'est pas prête à fournir des missiles.", ["refuse"]),
        ("fr", "L'Ukraine attend encore 20 transformateurs.", ["need"]),
        ("fr", "Le sommet est prévu en mai.", []),
        ("fr", "Des camions d'aide sont bloqués à la frontière.", []),
        ("en", "The hospital received twelve ambulances on Monday.", ["deliver"]),
        ("en", "The delivery of twelve howitzers is planned for May.", ["pledge"]),
        ("en", "The transfer of 20 jets was cancelled.", ["refuse"]),
        ("en", "France is training 600 Ukrainian soldiers.", ["train"]),
        ("en", "Hungary is blocking the payment of 6 billion euros.", ["refuse"]),
        ("en", "Italy will no longer send weapons.", ["refuse"]),
        ("en", "Of the 40 generators pledged by Sweden, 12 have arrived.", ["pledge", "deliver"]),
        ("en", "The meeting is planned for May.", []),
    ],
)
def test_a_delivery_told_by_a_noun(language, text, statuses):
    reading = read(text, published=DAY, language=language)
    assert [each.status for each in reading.aid] == statuses


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "fr",
            "Ils ont versé 20, 15 et 10 millions d'euros.",
            [("20000000", "EUR"), ("15000000", "EUR"), ("10000000", "EUR")],
        ),
        (
            "en",
            "They paid 20, 15 and 10 million euros.",
            [("20000000", "EUR"), ("15000000", "EUR"), ("10000000", "EUR")],
        ),
        ("en", "It costs a quarter million dollars.", [("250000", "USD")]),
        ("en", "It costs one and a half billion euros.", [("1500000000", "EUR")]),
        ("en", "It costs MEUR 60.", [("60000000", "EUR")]),
        ("en", "It costs twenty MUSD.", [("20000000", "USD")]),
        ("en", "It costs several hundred million dollars.", [(None, "USD")]),
        ("fr", "En 2024 et 2025, 10 millions d'euros.", [("10000000", "EUR")]),
    ],
)
def test_amounts_that_share_scale_or_halve_it(language, text, figures):
    reading = read(text, published=DAY, language=language)
    assert [(each.low, each.currency) for each in reading.amounts] == figures
