"""Dates as agencies write them: eves, seasons, quarters, weekends, and what is no date."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

DAY = date(2024, 11, 12)  # a Tuesday

CASES = [
    ("en", "It is sending two flights with tents on Saturday.", [("Saturday", "2024-11-16")]),
    ("en", "Rations may be cut at the end of August.", [("August", "2025-08")]),
    ("en", "Help may end in May unless money was found.", [("May", "2025-05")]),
    ("en", "It was the strongest quake in 40 years.", []),
    ("en", "The bridge was built in three days.", []),
    ("en", "They will arrive in three days.", [("in three days", "2024-11-15")]),
    ("en", "The buses leave Lublin on Friday.", [("Friday", "2024-11-15")]),
    ("en", "He said it over the weekend.", [("the weekend", "2024-11-09/2024-11-10")]),
    ("en", "They will meet this weekend.", [("this weekend", "2024-11-16/2024-11-17")]),
    ("en", "By mid-2025 all will be there.", [("mid-2025", "2025")]),
    ("en", "It had 90 clinics by end-May 2022.", [("end-May 2022", "2022-05")]),
    ("en", "Work will end in Q2 2026.", [("Q2 2026", "2026-04-01/2026-06-30")]),
    ("en", "It fell in the first quarter of this year.",
     [("first quarter of this year", "2024-01-01/2024-03-31")]),
    ("en", "It paid on 11 and 18 March.", [("11", "2024-03-11"), ("18 March", "2024-03-18")]),
    ("en", "Talks resume next spring.", [("spring", "2025-03-01/2025-05-31")]),
    ("en", "Oslo pledged it in the spring.", [("spring", "2024-03-01/2024-05-31")]),
    ("en", "The depot opened last summer.", [("summer", "2024-06-01/2024-08-31")]),
    ("en", "The winter of 2024-25 was hard.", [("winter of 2024-25", "2024-12-01/2025-02-28")]),
    ("en", "He came on Monday. He had called the day before.",
     [("Monday", "2024-11-11"), ("the day before", "2024-11-10")]),
    ("en", "He left the day before the vote.", []),
    ("en", "It made the choice in August and will pay for it.", [("August", "2024-08")]),
    ("en", "The pact was signed last March.", [("last March", "2024-03")]),
    ("en", "All must leave before the end of 2025.", [("2025", "2025")]),
    ("fr", "Tout sera livré avant fin 2025.", [("fin 2025", "2025")]),
    ("fr", "Entre mars et mai 2023, il a livré des grues.",
     [("mars", "2023-03"), ("mai 2023", "2023-05")]),
    ("fr", "Les cours pourraient débuter « dès le mois d'août » là-bas.", [("août", "2025-08")]),
    ("en", "It will pay over the years 2014-2017.", [("2014-2017", "2014-01-01/2017-12-31")]),
    ("fr", "Le plan vaut pour l'année en cours.", [("l'année en cours", "2024")]),
    ("fr", "En ce mois d'avril, il aide moins.", [("avril", "2024-04")]),
    ("fr", "La collecte a totalisé en janvier trois millions.", [("janvier", "2024-01")]),
    ("fr", "Des recrues vont arriver samedi pour être formées.", [("samedi", "2024-11-16")]),
    ("fr", "La première tranche a été versée, et ce mercredi la deuxième suivra.",
     [("mercredi", "2024-11-13")]),
    ("fr", "Il l'a annoncé ce week-end.", [("ce week-end", "2024-11-09/2024-11-10")]),
    ("fr", "Il a parlé lundi. La veille, il se taisait ; le lendemain, il partait.",
     [("lundi", "2024-11-11"), ("La veille", "2024-11-10"), ("le lendemain", "2024-11-12")]),
    ("fr", "Il a parlé à la veille du sommet.", []),
    ("fr", "C'est le plus gros lot à ce jour.", []),
    ("fr", "Les bus partent vendredi de Lublin.", [("vendredi", "2024-11-15")]),
    ("fr", "Au T3 2025, la banque paiera.", [("T3 2025", "2025-07-01/2025-09-30")]),
    ("fr", "Il paiera au premier semestre de l'année prochaine.",
     [("premier semestre de l'année prochaine", "2025-01-01/2025-06-30")]),
    ("fr", "Les livraisons reprendront au printemps prochain.",
     [("printemps prochain", "2025-03-01/2025-05-31")]),
    ("fr", "L'été dernier, il a plu.", [("L'été dernier", "2024-06-01/2024-08-31")]),
    ("fr", "L'avion volera « cet été » là-bas.", [("cet été", "2024-06-01/2024-08-31")]),
    ("fr", "L'UE aidera la ville, privée de gaz depuis le 5 novembre.",
     [("5 novembre", "2024-11-05")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wanted"), CASES)
def test_dates(language: str, text: str, wanted: list[tuple[str, str]]) -> None:
    """Each date of a text with its value, and none that is invented."""
    found = read(text, language=language, published=DAY).dates
    assert [(each.text, each.value) for each in found] == wanted
