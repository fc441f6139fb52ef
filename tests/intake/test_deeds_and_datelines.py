"""What is done by saying it is no statement; a dateline in small letters is no content."""

from __future__ import annotations

import pytest

from intendance.intake import read


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "Il s'est déclaré coupable devant le tribunal.", []),
        ("fr", "L'accusé s'est déclaré non coupable.", []),
        ("fr", "Deux hommes de 30 ans se sont déclarés coupables de vol lundi.", []),
        ("fr", "La société s'est déclarée en faillite.", []),
        ("fr", "Une épidémie s'est déclarée lundi dans le camp.", []),
        ("fr", "L'île a déclaré la guerre à sa voisine.", []),
        ("en", "The firm declared bankruptcy in May.", []),
        ("en", "The governor declared a state of emergency on Sunday.", []),
        ("fr", "Il s'est déclaré satisfait de l'accord.", ["satisfait de l'accord"]),
        ("fr", "Il s'est déclaré lundi prêt à partir.", ["prêt à partir"]),
        ("en", "Ana Ruiz declared that the war was over.", ["that the war was over"]),
        ("fr", "Gand, le 21 avril 2023 - Rien ne manque, a dit Ana Ruiz.", ["Rien ne manque"]),
        ("en", "Ghent, 21 April 2023 – Nothing is short, Ana Ruiz said.", ["Nothing is short"]),
        ("en", "Ghent, April 21, 2023 — Nothing is short, Ana Ruiz said.", ["Nothing is short"]),
    ],
)
def test_deeds_and_datelines(language, text, wanted):
    assert [each.content for each in read(text, language=language).statements] == wanted


def test_swiss_figures_are_read_whole():
    reading = read("Berne versera 12'500'000 francs suisses et 3’000 tentes.", language="fr")
    assert [(each.low, each.currency) for each in reading.amounts] == [("12500000", "CHF")]
    assert [each.low for each in reading.quantities] == ["3000"]
