"""What becomes of aid: begun, made available, awaited, wished for, none given; shared scales."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.errors import InputError
from intendance.intake import read

DAY = date(2025, 1, 15)


@pytest.mark.parametrize(
    ("language", "text", "statuses"),
    [
        ("fr", "La livraison de 14 chars Leopard débutera en mars.", ["pledge"]),
        ("fr", "La livraison de 14 chars Leopard a commencé lundi.", ["deliver"]),
        ("fr", "Vingt pompes seront mises à la disposition du Pakistan.", ["pledge"]),
        ("fr", "La Suède fera don de 10 canons Archer.", ["pledge"]),
        ("fr", "Aucun char n'a encore été livré.", ["hesitate"]),
        ("fr", "Rien n'a été livré depuis mars.", ["hesitate"]),
        ("fr", "Kiev souhaite recevoir des F-16.", ["need"]),
        ("fr", "Une équipe de 50 pompiers roumains est attendue mardi.", ["pledge"]),
        ("fr", "Le premier des 60 groupes promis est arrivé vendredi.", ["deliver"]),
        ("fr", "La décision sur les chars est attendue mardi.", []),
        ("en", "Delivery of 14 Leopard tanks will begin in March.", ["pledge"]),
        ("en", "A further 20 pumps are to be made available by Italy.", ["pledge"]),
        ("en", "Norway made 12 ambulances available to Kyiv.", ["allocate"]),
        ("en", "Norway made 12 promises.", []),
        ("en", "Lithuania committed to hand over 2,500 drones.", ["pledge"]),
        ("en", "No tank has been delivered yet.", ["hesitate"]),
        ("en", "Half of the pledged funds have been disbursed.", ["deliver"]),
        ("en", "Poland will stop sending weapons.", ["refuse"]),
        ("en", "It has 12% of the $310 million it needs.", ["need"]),
    ],
)
def test_the_ladder_follows_what_becomes_of_aid(language, text, statuses):
    reading = read(text, published=DAY, language=language)
    assert [each.status for each in reading.aid] == statuses


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("It gave $1.2 to $1.4 billion.", "1200000000", "1400000000"),
        ("A quarter of a billion dollars was raised.", "250000000", "250000000"),
        ("He gave a million and a half euros.", "1500000", "1500000"),
        ("The bill will exceed $40 billion.", "40000000000", None),
        ("Tens of millions of dollars are missing.", None, None),
        ("About half of the $310 million came.", "310000000", "310000000"),
    ],
)
def test_an_english_amount_takes_its_scale_and_its_share(text, low, high):
    [amount] = read(text, published=DAY, language="en").amounts
    assert (amount.low, amount.high) == (low, high)


def test_cues_alone_are_refused_before_they_cost_time():
    """More verbs of saying than any article of that length holds."""
    with pytest.raises(InputError, match="verbs of saying"):
        read("Yuri Petrenko n'a rien. Le commandant a dit que non. " * 4500, language="fr")


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "La Suède ne livrera « aucun char », a dit Ana Ruiz.", "refuse"),
        ("fr", "La Suède ne livrera « plus une seule cartouche » à l'Ukraine.", "refuse"),
        ("fr", "La Suède ne livrera « jamais » de missiles à l'Ukraine.", "refuse"),
        ("fr", "La Suède ne livrera « que des chars » à l'Ukraine.", "pledge"),
        ("fr", "La Suède ne livrera pas moins de 40 chars à l'Ukraine.", "pledge"),
        ("en", 'Sweden will send "no tanks", Ana Ruiz said.', "refuse"),
        ("en", "Sweden will send Ukraine no tanks.", "refuse"),
        ("en", 'Sweden will send Ukraine "not a single tank".', "refuse"),
        ("en", "Sweden will deliver no fewer than 40 tanks.", "pledge"),
        ("en", "Sweden will deliver no less than $40 million to Ukraine.", "pledge"),
        ("en", "Ukraine needs no fewer than 40 tanks.", "need"),
    ],
)
def test_a_negation_in_marks_refuses_and_a_bound_does_not(language, text, wanted):
    assert [each.status for each in read(text, language=language).aid] == [wanted]
