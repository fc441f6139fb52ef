"""Figures as agencies write them: dozens, bounds by a verb, parts, models, what is no count."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

DAY = date(2024, 1, 17)  # a Wednesday

# language, sentence, (words, low, high, approximate, item) of its counted things
COUNTED = [
    ("en", "It sent two dozen buses.", [("two dozen buses", "24", "24", True, "vehicle")]),
    ("en", "Several dozen trucks left.", [("Several dozen trucks", None, None, True, "truck")]),
    ("en", "Millions of people fled.", [("Millions of people", None, None, True, "people")]),
    ("fr", "Des millions de gens ont fui.", [("Des millions de gens", None, None, True, "gens")]),
    ("fr", "Il a une demi-douzaine de grues.",
     [("une demi-douzaine de grues", "6", "6", True, "machinery")]),
    ("fr", "Il veut une centaine de milliers d'obus.",
     [("une centaine de milliers d'obus", "100000", "100000", True, "round-artillery")]),
    ("fr", "Près d'1,5 million de foyers sont sans courant.",
     [("Près d'1,5 million de foyers", "1500000", "1500000", True, "foyers")]),
    ("fr", "Le bilan dépasse désormais les 300 morts.",
     [("dépasse désormais les 300 morts", "300", None, False, "morts")]),
    ("en", "They count more than 1.200 generators.",
     [("more than 1.200 generators", "1200", None, False, "generator")]),
    ("en", "Eight US army helicopters landed.",
     [("Eight US army helicopters", "8", "8", False, "helicopter")]),
    ("en", "It has 30 small and medium pumps.",
     [("30 small and medium pumps", "30", "30", False, "water-pump")]),
    ("en", "It gave 12 water heaters.",
     [("12 water heaters", "12", "12", False, "heating-system")]),
    ("en", "It shipped 90 battery units.",
     [("90 battery units", "90", "90", False, "battery")]),
    ("en", "It hired 20 aid workers.", [("20 aid workers", "20", "20", False, "aid workers")]),
    ("en", "It lent 60 police officers.",
     [("60 police officers", "60", "60", False, "police officers")]),
    ("en", "It sent 900,000 155-mm shells.",
     [("900,000 155-mm shells", "900000", "900000", False, "round-155")]),
    ("en", "It sent 20 120 mm mortars.", [("20 120 mm mortars", "20", "20", False, "mortar")]),
    ("en", "It pledged 12 F-16s.", [("12 F-16s", "12", "12", False, "f-16")]),
    ("en", "It sent 40 Patriot missiles.",
     [("40 Patriot missiles", "40", "40", False, "patriot-missile")]),
    ("fr", "Il recherche plus de 60 de ses soldats.",
     [("plus de 60 de ses soldats", "60", None, False, "soldats")]),
    ("fr", "Il faut sept grues, dont deux pour Odessa.",
     [("sept grues", "7", "7", False, "machinery"), ("deux", "2", "2", False, "machinery")]),
    ("fr", "On compte 900 morts, dont une centaine à Ordu et 20 à Rize.",
     [("900 morts", "900", "900", False, "morts"), ("une centaine", "100", "100", True, "morts"),
      ("20", "20", "20", False, "morts")]),
    ("en", "It wants seven cranes, two of them for Odesa.",
     [("seven cranes", "7", "7", False, "machinery"),
      ("two of them", "2", "2", False, "machinery")]),
    ("en", "It killed 12 people and hurt 30 others.",
     [("12 people", "12", "12", False, "people"), ("30 others", "30", "30", False, "people")]),
    ("en", "Chad took in a quarter of a million Sudanese.",
     [("a quarter of a million Sudanese", "250000", "250000", False, "sudanese")]),
    ("fr", "Le camp abrite 700'000 réfugiés.",
     [("700'000 réfugiés", "700000", "700000", False, "réfugiés")]),
    ("fr", "Il reçoit quelques soixante-dix pays.",
     [("quelques soixante-dix pays", "70", "70", True, "pays")]),
    ("en", "Oslo has bought 2,000 tents; Rome has bought 900 more.",
     [("2,000 tents", "2000", "2000", False, "tent"), ("900 more", "900", "900", False, "tent")]),
    ("en", "A dozen trucks will not do, we need four dozen.",
     [("A dozen trucks", "12", "12", True, "truck"), ("four dozen", "48", "48", True, "truck")]),
    ("en", "It sent 3,000 tents and will send another 25,000.",
     [("3,000 tents", "3000", "3000", False, "tent"),
      ("25,000", "25000", "25000", False, "tent")]),
    ("fr", "Le bilan a franchi la barre des 20 300 morts.",
     [("franchi la barre des 20 300 morts", "20300", None, False, "morts")]),
    ("fr", "Trois avions sont arrivés.", [("Trois avions", "3", "3", False, "aircraft")]),
    ("fr", "Ce renfort porte à 7 500 le nombre de soldats.",
     [("7 500 le nombre de soldats", "7500", "7500", False, "soldats")]),
    ("fr", "Deux douzaines de bus ont suivi.",
     [("Deux douzaines de bus", "24", "24", True, "bus")]),
    ("fr", "Il manque 20 t de farine.", [("20 t de farine", "20", "20", False, "food")]),
    ("fr", "Il faut 40 km de câbles.", [("40 km de câbles", "40", "40", False, "cable")]),
    ("fr", "On parle de « plus d'un millier » de victimes.",
     [("plus d'un millier » de victimes", "1000", None, True, "victimes")]),
    ("fr", "La France fournit 13 mégawatts d'électricité.",
     [("13 mégawatts d'électricité", "13", "13", False, "electricity")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "wanted"), COUNTED)
def test_counted(language: str, sentence: str, wanted: list[tuple]) -> None:
    """What is counted, how exactly, and of which item."""
    found = read(sentence, language=language, published=DAY).quantities
    assert [(q.text, q.low, q.high, q.approximate, q.item) for q in found] == wanted


UNCOUNTED = [
    ("en", "A company of German-made Leopard 2 tanks came."),
    ("en", "It needs 40-70 kW generators."),
    ("en", "Rates were fixed ($1 = 0.79 pounds)."),
    ("fr", "Les groupes ont une puissance comprise entre 12,5 kVA et 1 000 kVA."),
    ("fr", "Environ deux tiers des habitants ont fui."),
    ("en", "Panzerhaubitze 2000 howitzers are on show."),
    ("fr", "Quatre habitants sur cinq ont fui."),
    ("en", "Four out of five families fled."),
    ("en", "The total number of pledges rose to over 4.1 million."),
    ("fr", "Le nombre de déplacés pourrait dépasser les 10 millions."),
    ("fr", "Aucun pont ne porte un convoi de 180 tonnes."),
]


@pytest.mark.parametrize(("language", "sentence"), UNCOUNTED)
def test_uncounted(language: str, sentence: str) -> None:
    """Models, ratings, shares, weights and rates of exchange count nothing."""
    reading = read(sentence, language=language, published=DAY)
    assert (reading.quantities, reading.amounts) == ((), ())


SUMS = [
    ("en", "It gave $3.5B.", [("$3.5B", "3500000000", "3500000000", "USD")]),
    ("en", "It gave €4.4 bln.", [("€4.4 bln", "4400000000", "4400000000", "EUR")]),
    ("en", "It will cost $20-$30 million.",
     [("$20-$30 million", "20000000", "30000000", "USD")]),
    ("en", "Pledges topped 1.1 billion dollars.",
     [("topped 1.1 billion dollars", "1100000000", None, "USD")]),
    ("fr", "Il a donné 250 millions F CFA.",
     [("250 millions F CFA", "250000000", "250000000", "XOF")]),
    ("fr", "L'accord prévoit 50 milliards de subventions et de prêts.",
     [("50 milliards", "50000000000", "50000000000", None)]),
    ("en", "The flood caused billions of dollars-worth of damage.",
     [("billions of dollars-worth", None, None, "USD")]),
    ("en", 'They put the damage at "at least" $10 billion.',
     [('at least" $10 billion', "10000000000", None, "USD")]),
    ("en", "Oslo gave 2 billion Danish crowns. The total is 37 billion crowns.",
     [("2 billion Danish crowns", "2000000000", "2000000000", "DKK"),
      ("37 billion crowns", "37000000000", "37000000000", "DKK")]),
    ("fr", "Oslo a versé 4 milliards de couronnes norvégiennes ; Stockholm, 2 milliards.",
     [("4 milliards de couronnes norvégiennes", "4000000000", "4000000000", "NOK"),
      ("2 milliards", "2000000000", "2000000000", None)]),
    ("en", "It costs $1.5 million-plus.", [("$1.5 million-plus", "1500000", None, "USD")]),
    ("fr", "Berne portera l'aide à la remise en état du réseau de 40 à 65 millions d'euros.",
     [("40", "40000000", "40000000", "EUR"),
      ("65 millions d'euros", "65000000", "65000000", "EUR")]),
    ("fr", "Elle a versé 3 milliards de roubles (30 millions d'euros), dont 1 milliard en dons.",
     [("3 milliards de roubles", "3000000000", "3000000000", "RUB"),
      ("30 millions d'euros", "30000000", "30000000", "EUR"),
      ("1 milliard", "1000000000", "1000000000", "RUB")]),
    ("en", "It cost $400 million (Dh1.45 billion).",
     [("$400 million", "400000000", "400000000", "USD"),
      ("Dh1.45 billion", "1450000000", "1450000000", "AED")]),
    ("en", "Chad received hundreds of millions in aid.",
     [("hundreds of millions", None, None, None)]),
    ("en", "It asked for 20 million Swiss francs but got 8.",
     [("20 million Swiss francs", "20000000", "20000000", "CHF"),
      ("8", "8000000", "8000000", "CHF")]),
    ("en", "It spent another billion dollars.",
     [("another billion dollars", "1000000000", "1000000000", "USD")]),
    ("fr", "L'UE promet 700 millions d'euros, dont 300 à 400 en prêts.",
     [("700 millions d'euros", "700000000", "700000000", "EUR"),
      ("300 à 400", "300000000", "400000000", "EUR")]),
    ("fr", "Il a versé 1 milliard 300 millions d'euros.",
     [("1 milliard 300 millions d'euros", "1300000000", "1300000000", "EUR")]),
    ("en", "It seeks SFr77 million.", [("SFr77 million", "77000000", "77000000", "CHF")]),
    ("fr", "L'appel a recueilli 2 milliards d'euros sur un total de 3 milliards de l'appel.",
     [("2 milliards d'euros", "2000000000", "2000000000", "EUR"),
      ("3 milliards", "3000000000", "3000000000", "EUR")]),
    ("fr", "C'est loin des 6,5 milliards escomptés.",
     [("6,5 milliards", "6500000000", "6500000000", None)]),
    ("fr", "L'aide avoisine les 3 milliards d'euros.",
     [("avoisine les 3 milliards d'euros", "3000000000", "3000000000", "EUR")]),
    ("fr", "Le fonds a 50 milliards d'euros, dont 33 de prêts et 17 de dons.",
     [("50 milliards d'euros", "50000000000", "50000000000", "EUR"),
      ("33", "33000000000", "33000000000", "EUR"),
      ("17", "17000000000", "17000000000", "EUR")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "wanted"), SUMS)
def test_sums(language: str, sentence: str, wanted: list[tuple]) -> None:
    """Sums with short scales, shared scales and verbs that bound them."""
    found = read(sentence, language=language, published=DAY).amounts
    assert [(a.text, a.low, a.high, a.currency) for a in found] == wanted


PERIODS = [
    ("en", "Since February 2022, Britain has pledged over £7 billion.", "2022-02", None),
    ("en", "It is the 41st lot since June 2023, for a total of $40 billion.", "2023-06", None),
    ("en", "The £5m lot, the 40th lot since August 2021, left.", None, None),
    ("en", "Donors gave $98 billion since the beginning of the full-scale invasion.",
     "2022-02-24", None),
    ("en", "Oslo gave $2 billion, and jets will follow by 2028.", None, None),
    ("en", "Oslo will give $2 billion until 2028.", None, "2028"),
    ("fr", "Depuis l'invasion russe, l'UE a versé 68 milliards d'euros.", "2022-02-24", None),
    ("fr", "L'UE a versé 68 milliards d'euros depuis mars 2022.", "2022-03", None),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "since", "until"), PERIODS)
def test_periods(language: str, sentence: str, since: str | None, until: str | None) -> None:
    """A sum takes the period of its own clause, before or behind it."""
    (amount,) = read(sentence, language=language, published=DAY).amounts
    assert (amount.since, amount.until) == (since, until)
