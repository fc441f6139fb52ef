"""French sums that share a scale, conversions, bounds by a verb, and dates within other dates."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

DAY = date(2025, 5, 14)  # a Wednesday

# a sentence, (low, high, currency) of its sums
SUMS = [
    ("Seuls 310 des 900 millions d'euros prévus ont été dépensés.",
     [("310000000", "310000000", "EUR"), ("900000000", "900000000", "EUR")]),
    ("Il a reçu 26 millions de dollars sur les 67 requis.",
     [("26000000", "26000000", "USD"), ("67000000", "67000000", "USD")]),
    ("Sur les 60 millions d'euros demandés, 14 seulement sont arrivés.",
     [("60000000", "60000000", "EUR"), ("14000000", "14000000", "EUR")]),
    ("Quelque 90 millions d'euros iront aux ports, 40 autres financeront les digues.",
     [("90000000", "90000000", "EUR"), ("40000000", "40000000", "EUR")]),
    ("Il donne 30 millions d'euros aux écoles, 20 aux hôpitaux.",
     [("30000000", "30000000", "EUR"), ("20000000", "20000000", "EUR")]),
    ("Le dépôt est de 5 milliards de dollars, dont 3 venaient à échéance.",
     [("5000000000", "5000000000", "USD"), ("3000000000", "3000000000", "USD")]),
    ("La facture est de 70 milliards de FCFA (106 millions d'euros), dont 40 pour les routes.",
     [("70000000000", "70000000000", "XOF"), ("106000000", "106000000", "EUR"),
      ("40000000000", "40000000000", "XOF")]),
    ("Il paie 10 M€, soit 6,5 milliards de FCFA, en deux fois : 7 millions et 3 millions.",
     [("10000000", "10000000", "EUR"), ("6500000000", "6500000000", "XOF"),
      ("7000000", "7000000", "EUR"), ("3000000", "3000000", "EUR")]),
    ("Il perd 9 Mds de zlotys, soit plus de 2 milliards d'euros. On n'en revoit que 1 milliard.",
     [("9000000000", "9000000000", "PLN"), ("2000000000", None, "EUR"),
      ("1000000000", "1000000000", "PLN")]),
    ("Le don est ramené de 34 à 21 millions de dollars.",
     [("34000000", "34000000", "USD"), ("21000000", "21000000", "USD")]),
    ("Le budget ne dépasse pas 40 millions d'euros.", [(None, "40000000", "EUR")]),
    ("Les pertes avoisinaient les 30 millions d'euros.", [("30000000", "30000000", "EUR")]),
    ("Les pertes frisent les 30 millions d'euros.", [("30000000", "30000000", "EUR")]),
    ("Il a doublé son aide, de 10 à 20 millions d'euros.",
     [("10000000", "10000000", "EUR"), ("20000000", "20000000", "EUR")]),
    ("Il veut 5 millions d'euros et aura 7 millions d'après un rapport.",
     [("5000000", "5000000", "EUR"), ("7000000", "7000000", "EUR")]),
    ("Les besoins vont excéder les 33 millions d'euros.", [("33000000", None, "EUR")]),
    ("Il prête 7 MdsUSD.", [("7000000000", "7000000000", "USD")]),
    ("Il donne 1 million d'euros. Le reste, une quarantaine de millions, viendra d'ailleurs.",
     [("1000000", "1000000", "EUR"), ("40000000", "40000000", None)]),
    ("Il verse 2 milliards de dollars, dont 800 millions d'urgence.",
     [("2000000000", "2000000000", "USD"), ("800000000", "800000000", "USD")]),
]  # fmt: skip

DATES = [
    ("Le pacte a été signé le 19 septembre de l'année dernière.", ["2024-09-19"]),
    ("Les vivres arrivent depuis le printemps.", ["2025-03-01/2025-05-31"]),
    ("Le second lot attendra 2027.", ["2027"]),
    ("Ils ont été soignés entre le 3 et le 9 mai.", ["2025-05-03/2025-05-09"]),
]


@pytest.mark.parametrize(("sentence", "wanted"), SUMS)
def test_sums_share_a_scale(
    sentence: str, wanted: list[tuple[str | None, str | None, str | None]]
) -> None:
    found = read(sentence, published=DAY, language="fr").amounts
    assert [(each.low, each.high, each.currency) for each in found] == wanted


@pytest.mark.parametrize(("sentence", "wanted"), DATES)
def test_dates_within_dates(sentence: str, wanted: list[str]) -> None:
    found = read(sentence, published=DAY, language="fr").dates
    assert [each.value for each in found] == wanted


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("Il a visité 12 villages et donné 3 millions d'euros à Kiev.", ["12"]),
        ("Le fonds a reçu 10 millions d'euros des 27 États membres.", ["27"]),
        ("Il verse 5 millions d'euros à 12 des 30 communes.", ["30"]),
        ("Il a donné 5 millions d'euros à 40 familles, 20 autres attendent.", ["40", "20"]),
    ],
)
def test_counts_stay_counts(sentence: str, counted: list[str]) -> None:
    reading = read(sentence, published=DAY, language="fr")
    assert [each.low for each in reading.quantities] == counted
    assert len(reading.amounts) == 1
