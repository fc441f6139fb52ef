"""Who speaks: offices taken up by other words, who serves whom, quotations over paragraphs."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

DAY = date(2025, 3, 12)


def speakers(text, language="fr"):
    reading = read(text, published=DAY, language=language)
    return [each.speaker_name for each in reading.statements]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("l'entourage du président Henri Valmont", "entourage du président Henri Valmont"),
        ("un porte-parole du président Henri Valmont", "porte-parole du président Henri Valmont"),
        ("une conseillère de Mme Roy", "conseillère de Mme Roy"),
        ("le porte-parole du ministère Henri Valmont", "Henri Valmont"),
        ("l'ambassadeur de France à Kiev, Paul Meyer", "Paul Meyer"),
        ("la coordinatrice humanitaire de l'ONU en Ukraine, Denise Black", "Denise Black"),
        ("l'association Mains ouvertes", "Mains ouvertes"),
        ("le syndicat agricole FNSEA", "FNSEA"),
        ("l'économiste Jan Pilch", "Jan Pilch"),
        ("le chef des secours, le colonel Ivan Petrov", "Ivan Petrov"),
        ("le maire de Lviv Andriï Sadovyi", "Andriï Sadovyi"),
    ],
)
def test_a_speaker_goes_by_the_fullest_name(words, name):
    text = f"« Nous manquons de temps », a déclaré mardi {words}, à l'issue de la réunion."
    assert speakers(text) == [name]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            (
                "Jean-Marc Oury, directeur de l'hôpital, a lancé un appel. "
                "« Il reste deux jours de carburant », explique ce médecin de 54 ans."
            ),
            "Jean-Marc Oury",
        ),
        (
            (
                "La cheffe de la diplomatie, Ingrid Solberg, a dit oui. "
                "La ministre a ajouté que des infirmiers partiraient."
            ),
            "Ingrid Solberg",
        ),
        (
            (
                "La ministre suédoise des Finances a confirmé que les crédits étaient débloqués. "
                "« Le budget est voté », a insisté Karin Ekdahl."
            ),
            "Karin Ekdahl",
        ),
        (
            (
                "Le Premier ministre tchèque Petr Sedlák et la présidente moldave Ana Rusu se sont "
                "entretenus lundi. Le premier a promis vingt transformateurs."
            ),
            "Petr Sedlák",
        ),
        (
            (
                "Avec son mari Luc, Marie Delcourt a rempli trois camions. "
                "« Le dernier est arrivé hier », se félicite celui-ci."
            ),
            "Luc",
        ),
        (
            (
                "Mette Holm, ministre danoise, a promis. Son homologue estonien, Rein Tamm, "
                "a dit non. Le ministre estonien a jugé que l'industrie ne suivrait pas."
            ),
            "Rein Tamm",
        ),
        (
            "L'opposition, par la voix de la sénatrice Giulia Moretti, a dénoncé « un jeu ».",
            "Giulia Moretti",
        ),
        ("Pour Dimitri Sava, l'aide arrivera trop tard.", "Dimitri Sava"),
    ],
)
def test_other_words_take_up_a_person(text, last):
    assert speakers(text)[-1] == last


def test_an_office_named_in_the_next_sentence_is_named_in_both():
    text = (
        "Le ministre suédois des Finances a confirmé que les crédits étaient prêts. "
        "« Le budget est voté », a insisté Karl Ekdahl."
    )
    assert speakers(text) == ["Karl Ekdahl", "Karl Ekdahl"]


def test_for_a_country_or_a_thing_is_no_source():
    assert speakers("Pour l'Ukraine, l'aide arrivera trop tard.") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Paul Roy, le préfet, a dit : « Nous tenons.\n\n« La route reste ouverte. »"),
        ("en", "The mayor, Ann Lee, said: “We hold.\n\n“The road stays open.”"),
    ],
)
def test_a_quotation_over_two_paragraphs_is_one_statement(language, text):
    (said,) = read(text, published=DAY, language=language).statements
    first, second = said.parts
    assert text[first[0] : first[1]].endswith(("tenons.", "hold."))
    assert text[second[0] : second[1]] == text[text.index("\n\n") + 2 :]
    assert (said.start, said.end) == (first[0], len(text))


def test_a_closed_quotation_is_not_joined_to_the_next():
    text = "Le préfet a dit : « Nous tenons. »\n\n« La route reste ouverte. »"
    assert len(read(text, published=DAY, language="fr").statements) == 2
