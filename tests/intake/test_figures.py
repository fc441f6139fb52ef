"""Amounts, quantities and dates, one form each; and what is no figure."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

PUBLISHED = date(2024, 1, 17)  # a Wednesday

AMOUNTS = [
    ("plus de 150 milliards de dollars", "fr", ("150000000000", None, False, "USD")),
    ("150 M€", "fr", ("150000000", "150000000", False, "EUR")),
    ("1,2 Md€", "fr", ("1200000000", "1200000000", False, "EUR")),
    ("près de 3 millions de livres sterling", "fr", ("3000000", "3000000", True, "GBP")),
    ("entre 40 et 50 millions d'euros", "fr", ("40000000", "50000000", False, "EUR")),
    ("jusqu'à 500 millions de couronnes danoises", "fr", (None, "500000000", False, "DKK")),
    ("au moins 2 milliards de zlotys", "fr", ("2000000000", None, False, "PLN")),
    ("moins de 12.500 euros", "fr", (None, "12500", False, "EUR")),
    ("deux cent cinquante millions de yens", "fr", ("250000000", "250000000", False, "JPY")),
    ("$75 million", "en", ("75000000", "75000000", False, "USD")),
    ("more than $1.5 billion", "en", ("1500000000", None, False, "USD")),
    ("up to €40m", "en", (None, "40000000", False, "EUR")),
    ("£2.3bn", "en", ("2300000000", "2300000000", False, "GBP")),
    ("300 million Danish kroner", "en", ("300000000", "300000000", False, "DKK")),
    ("nearly 12,500 euros", "en", ("12500", "12500", True, "EUR")),
]


@pytest.mark.parametrize(("words", "language", "wanted"), AMOUNTS)
def test_amount(words: str, language: str, wanted: tuple) -> None:
    """The whole expression is the surface, and its interval is right."""
    text = f"Le fonds a versé {words} en mars." if language == "fr" else f"It paid {words} there."
    (amount,) = read(text, language=language).amounts
    assert amount.text == words
    assert (amount.low, amount.high, amount.approximate, amount.currency) == wanted


QUANTITIES = [
    ("14 chars Leopard 2A6", "fr", ("14", "14", False)),
    ("250 000 obus de 155 mm", "fr", ("250000", "250000", False)),
    ("40 groupes électrogènes de 500 kVA", "fr", ("40", "40", False)),
    ("une cinquantaine de pays", "fr", ("50", "50", True)),
    ("quelque 50 pays", "fr", ("50", "50", True)),
    ("un nombre non précisé de drones", "fr", (None, None, False)),
    ("12.000 bâtiments", "fr", ("12000", "12000", False)),
    ("quatre-vingt-dix-sept ambulances", "fr", ("97", "97", False)),
    ("jusqu'à 14 avions", "fr", (None, "14", False)),
    ("40 tonnes de médicaments", "fr", ("40", "40", False)),
    ("250,000 155mm shells", "en", ("250000", "250000", False)),
    ("an unspecified number of drones", "en", (None, None, False)),
    ("about 2,000 homes", "en", ("2000", "2000", True)),
    ("twenty-five diesel generators", "en", ("25", "25", False)),
]


@pytest.mark.parametrize(("words", "language", "wanted"), QUANTITIES)
def test_quantity(words: str, language: str, wanted: tuple) -> None:
    """The whole noun group is the surface, and its interval is right."""
    text = f"Ils ont reçu {words}." if language == "fr" else f"They received {words}."
    (quantity,) = read(text, language=language).quantities
    assert quantity.text == words
    assert (quantity.low, quantity.high, quantity.approximate) == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le Covid-19 a tué.", "fr"),
        ("Un canon de 155 mm tire.", "fr"),
        ("Les F-16 volent.", "fr"),
        ("L'article 5 du traité.", "fr"),
        ("En 2022, tout a changé.", "fr"),
        ("Ahmed, 45 ans, attend.", "fr"),
        ("Une hausse de 12 % est prévue.", "fr"),
        ("Un séisme de magnitude 7,8 a frappé la ville.", "fr"),
        ("COVID-19 and Article 5 matter.", "en"),
        ("In 2022, the 155 mm gun fired.", "en"),
        ("Ali, 45, waited 3 hours.", "en"),
    ],
)
def test_no_figure(text: str, language: str) -> None:
    """Names, calibres, articles, years, ages and shares are neither amounts nor quantities."""
    reading = read(text, language=language)
    assert reading.amounts == ()
    assert reading.quantities == ()


def test_a_part_never_exceeds_its_whole() -> None:
    """ "dont 90" of 65 is no part."""
    (first, second) = read("Il a reçu 65 millions d'euros, dont 90 millions hier.").amounts
    assert second.part_of is None
    (whole, part) = read("Elle a reçu 65 millions d'euros, dont 9 millions hier.").amounts
    assert part.part_of == whole.id
    assert first.low == whole.low


DATES = [
    ("Il est venu mercredi.", "fr", "2024-01-17"),
    ("Il est venu lundi.", "fr", "2024-01-15"),
    ("Il livrera vendredi.", "fr", "2024-01-19"),
    ("Il est venu hier.", "fr", "2024-01-16"),
    ("Il est venu le 24 février 2022.", "fr", "2022-02-24"),
    ("C'était en février 2022.", "fr", "2022-02"),
    ("Il viendra la semaine prochaine.", "fr", "2024-W04"),
    ("Il est venu en décembre.", "fr", "2023-12"),
    ("Il livrera en avril.", "fr", "2024-04"),
    ("Le matériel sera envoyé en avril.", "fr", "2024-04"),
    ("Il est venu du 3 au 5 mai 2023.", "fr", "2023-05-03/2023-05-05"),
    ("Il est venu il y a trois jours.", "fr", "2024-01-14"),
    ("Depuis 2014, il attend.", "fr", "2014"),
    ("He came on April 21, 2023.", "en", "2023-04-21"),
    ("He said so Tuesday.", "en", "2024-01-16"),
    ("He will go next month.", "en", "2024-02"),
    ("It came two weeks ago.", "en", "2024-W01"),
]


@pytest.mark.parametrize(("text", "language", "value"), DATES)
def test_date(text: str, language: str, value: str) -> None:
    """One date, resolved by the tense around it, granularity kept."""
    (found,) = read(text, language=language, published=PUBLISHED).dates
    assert found.value == value


def test_relative_date_without_publication_stays_open() -> None:
    """Unknown is None, the granularity stays."""
    (found,) = read("Il est venu vendredi.", language="fr").dates
    assert (found.value, found.granularity) == (None, "day")


@pytest.mark.parametrize(
    "text", ["Le 0,20,20.00/1/1 est passé.", "On 99999999999.1.1 it ended.", "a ²/3/2023"]
)
def test_what_only_looks_like_a_date_of_numbers_is_none(text: str):
    assert read(text, published=date(2023, 4, 21)).dates == ()


SUMS = [
    ("Repairs would cost $30m to $40m.", "en", [("30000000", "40000000", "USD")]),
    ("Several million dollars were spent.", "en", [(None, None, "USD")]),
    ("Oslo pledged a half-billion dollars.", "en", [("500000000", "500000000", "USD")]),
    ("La Suède a porté de 4 à 9 millions d'euros son aide.", "fr",
     [("4000000", "4000000", "EUR"), ("9000000", "9000000", "EUR")]),
    ("Berne a versé 14 millions d'euros, dont 3 à la Croix-Rouge.", "fr",
     [("14000000", "14000000", "EUR"), ("3000000", "3000000", "EUR")]),
    ("Oslo a promis 2 milliards d'euros, dont 200 millions débloqués lundi.", "fr",
     [("2000000000", "2000000000", "EUR"), ("200000000", "200000000", "EUR")]),
    ("L'agence a besoin de 90 millions de dollars ; elle n'en a reçu que 12.", "fr",
     [("90000000", "90000000", "USD"), ("12000000", "12000000", "USD")]),
    ("Le chantier coûtera 3 millions d'euros au maximum.", "fr", [(None, "3000000", "EUR")]),
    ("Paris a versé 4 milliards supplémentaires d'euros.", "fr",
     [("4000000000", "4000000000", "EUR")]),
    ("Beyrouth a reçu 5 milliards de livres libanaises.", "fr",
     [("5000000000", "5000000000", "LBP")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "sums"), SUMS)
def test_sums_as_the_press_writes_them(
    text: str, language: str, sums: list[tuple[str | None, str | None, str]]
) -> None:
    """Parts share the whole's scale, what moves is no interval, a bound may stand behind."""
    found = read(text, language=language, published=PUBLISHED).amounts
    assert [(each.low, each.high, each.currency) for each in found] == sums


def test_a_sum_that_moves_is_no_interval():
    amounts = read("The price rose from $30 to $40.", language="en").amounts
    assert [each.low for each in amounts] == ["30", "40"]


def test_a_share_counts_nothing():
    assert read("One in four buildings is beyond repair.", language="en").quantities == ()
