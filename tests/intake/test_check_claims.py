"""Claims as the press writes them, from their words to the verdict and its sentence."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read
from intendance.intake.check import check
from intendance.intake.check_words import scope_in_words
from intendance.intake.claims import claims_of

DAY = date(2023, 4, 21)
BILLION = "000000000"


def checked(ledger, text, language="en", **more):
    reading = read(text, published=DAY, language=language)
    return check(reading, ledger, published=DAY, language=language, **more)


@pytest.fixture
def book(ledger, make):
    """90 bn EUR promised by Germany and France, 60 of them committed, 20 of those delivered."""
    ledger.post(
        [
            make("t:1", "50" + BILLION, donor="Germany"),
            make("t:2", "10" + BILLION, donor="France", category="humanitarian"),
            make("t:1", "20" + BILLION, donor="Germany", stage="delivery"),
            make("t:3", "30" + BILLION, donor="Germany", stage="pledge"),
        ]
    )
    return ledger


@pytest.mark.parametrize(
    ("language", "text", "verdict"),
    [
        ("en", "Allies have committed 60 billion euros in total.", "consistent"),
        ("en", "Allies have committed 64 billion euros in total.", "contradicts"),
        ("en", "Allies have committed between 55 and 62 billion euros in total.", "consistent"),
        ("en", "Allies have committed at least 55 billion euros.", "consistent_with_bound"),
        ("en", "Allies have committed up to 40 billion euros.", "contradicts"),
        ("en", "Allies have promised 90 billion euros in total.", "consistent"),
        ("en", "France has committed 10 billion euros in total.", "consistent"),
        ("en", "Spain has committed 10 billion euros in total.", "no_reference"),
        ("en", "Germany has delivered 20 billion euros.", "consistent"),
        ("en", "Allies have promised 100 billion in total.", "incomparable"),
        ("fr", "Les alliés ont promis au total 90 milliards d'euros.", "consistent"),
        ("fr", "Les alliés ont engagé entre 70 et 80 milliards d'euros au total.", "contradicts"),
        ("fr", "La France a fourni 10 milliards d'euros d'aide humanitaire.", "consistent"),
        ("fr", "Les alliés ont fourni jusqu'à 65 milliards d'euros.", "consistent_with_bound"),
    ],
)
def test_a_claim_meets_the_ledger(book, language, text, verdict):
    found = checked(book, text, language)
    assert [each.verdict for each in found] == [verdict]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("GBP", "£53 billion"),
        ("JPY", "9,000 billion yen"),
        ("CZK", "1,410 billion Czech crowns"),
        ("PLN", "277 billion zlotys"),
        ("DKK", "447 billion Danish kroner"),
    ],
)
def test_other_currencies_are_weighed_at_the_days_rate_and_in_euros(book, code, words):
    (found,) = checked(book, f"Allies have committed {words} in total.")
    assert found.claim.currency == code
    assert {each.currency for each in found.readings} == {code, "EUR"}
    assert any(each.basis == "ecb" and each.rate_date for each in found.readings)
    assert found.verdict == "consistent"
    assert f"fits in {code}" in found.explanation


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "The allies give 5 billion euros a month in total.", "for each month"),
        ("en", "In total, donors spend $10 billion per year on aid.", "for each year"),
        ("fr", "Les donateurs versent au total 5 milliards d'euros par mois.", "par mois"),
        ("fr", "Les alliés versent au total 60 milliards de dollars par an.", "par an"),
    ],
)
def test_a_sum_of_each_month_is_no_total(book, language, text, told):
    (found,) = checked(book, text, language)
    assert (found.verdict, found.readings) == ("incomparable", ())
    assert told in found.explanation


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        (
            "en",
            "EU countries have delivered 2 billion euros in energy equipment since 2022.",
            "aid for energy",
        ),
        (
            "fr",
            "L'aide énergétique occidentale a atteint au total 3 milliards d'euros.",
            "l’aide à l’énergie",
        ),
    ],
)
def test_what_the_ledger_does_not_count_apart_is_incomparable(book, language, text, told):
    (found,) = checked(book, text, language)
    assert found.verdict == "incomparable"
    assert told in found.explanation


def test_categories_are_weighed_apart(book):
    (found,) = checked(book, "Allies have committed 10 billion euros in humanitarian aid in total.")
    assert found.verdict == "consistent"
    assert all(("category", "humanitarian") in each.definition.where for each in found.readings)


def test_a_fit_of_another_stage_is_named(book):
    (found,) = checked(book, "Germany has delivered 20 billion euros.")
    assert "it fits what was delivered (EUR 20.00 bn)" in found.explanation
    assert "is only" not in found.explanation
    (found,) = checked(book, "L'Allemagne a livré 20 milliards d'euros.", "fr")
    assert "il s’accorde avec ce qui a été livré (20,00 Md EUR)" in found.explanation


def test_several_claims_of_one_text_are_told_apart(book):
    found = checked(
        book,
        "Les Vingt-Sept ont promis 90 milliards d'euros et en ont versé 70 milliards à ce jour.",
        "fr",
    )
    assert [each.verdict for each in found] == ["consistent", "contradicts"]


def test_a_day_before_the_first_line_has_no_reference(book):
    early = date(2022, 3, 1)
    (found,) = checked(
        book, "Allies have committed 60 billion euros in total.", as_of=early, known_at=early
    )
    assert found.verdict == "no_reference"
    assert "holds nothing to compare" in found.explanation


def test_what_was_not_yet_recorded_is_judged_by_what_is_known_today(book):
    (found,) = checked(
        book, "Allies have committed 60 billion euros in total.", known_at=date(2023, 2, 1)
    )
    assert {each.known for each in found.readings} == {"now"}
    assert found.verdict == "consistent"
    assert "nothing was recorded by" in found.explanation


def test_what_a_part_is_for_says_nothing_of_the_whole():
    """ "Of which 30 million in humanitarian aid" leaves the sum itself open."""

    text = (
        "Donors have granted more than 80 million euros since November, of which 30 million in "
        "humanitarian aid, the secretariat said."
    )
    whole, part = claims_of(read(text, published=date(2024, 11, 30)))
    assert (whole.category, part.category) == (None, "humanitarian")


@pytest.fixture
def union(ledger, make):
    """EU members 60 bn, its institutions 30 bn, Norway 5 bn, the United States 70 bn."""
    ledger.post(
        [
            make("t:1", "50" + BILLION, donor="Germany"),
            make("t:2", "10" + BILLION, donor="France"),
            make("t:3", "30" + BILLION, donor="EU (Commission and Council)"),
            make("t:4", "5" + BILLION, donor="Norway"),
            make("t:5", "70" + BILLION, donor="United States"),
        ]
    )
    return ledger


@pytest.mark.parametrize(
    ("language", "text", "verdict", "scopes"),
    [
        ("en", "The European Union has committed 90 billion euros in total.", "consistent",
         {"eu", "eu_states", "eu_institutions"}),
        ("en", "EU member states have committed 60 billion euros in total.", "consistent",
         {"eu", "eu_states", "eu_institutions"}),
        ("en", "EU institutions have committed 30 billion euros in total.", "consistent",
         {"eu_institutions"}),
        ("en", "European countries have committed 95 billion euros in total.", "consistent",
         {"eu", "eu_states", "europe"}),
        ("en", "EU institutions have committed 60 billion euros in total.", "contradicts",
         {"eu_institutions"}),
        ("en", "NATO members have committed 135 billion euros in total.", "consistent", {"nato"}),
        ("en", "The West and the European Union have committed 165 billion euros in total.",
         "consistent", {""}),
        ("fr", "L'Union européenne a engagé au total 90 milliards d'euros.", "consistent",
         {"eu", "eu_states", "eu_institutions"}),
        ("fr", "Les institutions européennes ont engagé 30 milliards d'euros.", "consistent",
         {"eu_institutions"}),
        ("fr", "Les pays européens ont engagé au total 95 milliards d'euros.", "consistent",
         {"eu", "eu_states", "europe"}),
        ("fr", "Les alliés et l'Union européenne ont engagé au total 165 milliards d'euros.",
         "consistent", {""}),
        ("fr", "Les membres du G7 ont engagé au total 130 milliards d'euros.", "consistent",
         {"g7"}),
    ],
)  # fmt: skip
def test_a_group_of_donors_is_weighed_as_itself(union, language, text, verdict, scopes):
    (found,) = checked(union, text, language)
    assert found.verdict == verdict, found.explanation
    assert {each.scope for each in found.readings} == scopes
    for each in found.readings:
        assert scope_in_words(each, language) in found.explanation
        assert ("donor" in each.definition.as_record()["where"]) == bool(each.scope)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Allies have committed 165 billion euros in total to Turkey."),
        ("fr", "Les alliés ont engagé au total 165 milliards d'euros pour la Turquie."),
    ],
)
def test_aid_to_somebody_else_is_not_contradicted(union, language, text):
    (found,) = checked(union, text, language)
    assert (found.verdict, found.readings) == ("no_reference", ())
    assert ("Turkey" if language == "en" else "Turquie") in found.explanation


def test_a_figure_that_was_cut_fits(ledger, make):
    ledger.post([make("t:1", "143633099640")])
    for said, verdict in (("143", "consistent"), ("144", "consistent"), ("142", "contradicts")):
        text = f"Allies have committed {said} billion euros in total."
        assert [each.verdict for each in checked(ledger, text)] == [verdict], said


def test_what_was_all_delivered_is_not_called_little(ledger, make):
    ledger.post([make("t:1", "10" + BILLION, stage="delivery")])
    (found,) = checked(ledger, "Allies have provided 30 billion euros in total.")
    assert "only" not in found.explanation


@pytest.fixture
def groups(ledger, make):
    """90 bn EUR: 40 of the United States, 30 of Germany, 15 of the Commission, 5 of Norway."""
    shares = {
        "United States": "40",
        "Germany": "30",
        "EU (Commission and Council)": "15",
        "Norway": "5",
    }
    ledger.post(
        make(f"t:{name}", share + BILLION, donor=name, category="military")
        for name, share in shares.items()
    )
    return ledger


@pytest.mark.parametrize(
    ("language", "text", "verdict", "told"),
    [
        ("en", "EU institutions have provided 15 billion euros in total.", "consistent", "alone"),
        ("en", "EU institutions have provided 90 billion euros in total.", "contradicts", "15.00"),
        ("en", "The G7 countries have committed 70 billion euros in total.", "consistent", "G7"),
        ("en", "NATO countries have given 75 billion euros in total.", "consistent", "NATO"),
        (
            "fr",
            "L'Union européenne et ses États membres ont fourni au total 45 milliards d'euros.",
            "consistent",
            "45,00 Md EUR (membres et institutions de l’UE",
        ),
        (
            "en",
            "European countries have given 50 billion euros in total.",
            "consistent",
            "fits for EU and the other European donors, not for EU members and institutions",
        ),
        (
            "fr",
            "Les pays nordiques ont fourni au total 5 milliards d'euros.",
            "incomparable",
            "qui en fait partie",
        ),
        ("en", "Western countries have given 90 billion euros in total.", "consistent", "90.00"),
    ],
)
def test_a_group_is_weighed_by_its_members(groups, language, text, verdict, told):
    (found,) = checked(groups, text, language)
    assert found.verdict == verdict
    assert told in found.explanation


def test_a_share_of_a_total_says_nothing_of_the_totals_kind():
    reading = read("Military aid makes up 45% of the total of 143 billion euros in aid.")
    assert [each.category for each in claims_of(reading)] == [None]
