"""French speakers: a set of own sentences, each with whom the reader must name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intendance.intake import read

_LINES = (Path(__file__).parent / "speakers_fr.txt").read_text("utf-8").splitlines()
CASES = [tuple(line.split(" => ")) for line in _LINES if line and not line.startswith("#")]


def _plain(name: str) -> str:
    return name.lower().replace("’", "'")


@pytest.mark.parametrize(("text", "names"), CASES)
def test_a_french_sentence_names_who_speaks(text: str, names: str) -> None:
    """Every statement has its speaker; "-" stands where nobody can tell."""
    said = read(text, published=date(2025, 3, 12), language="fr").statements
    assert [_plain(each.speaker_name or "-") for each in said] == [
        _plain(name) for name in names.split("; ")
    ]


def test_the_set_is_large_enough_to_say_something() -> None:
    assert len(CASES) >= 80


CONTENTS = [
    ("Le maire réclame au minimum dix camions pour 2024.", "au minimum dix camions pour 2024"),
    ("Le maire demande au bas mot dix camions.", "au bas mot dix camions"),
    ("Le maire, Paul Roux, demande pas moins de dix camions.", "pas moins de dix camions"),
    ("Le maire demande au gouvernement dix camions.", "dix camions"),
    ("L'ONU implore les parties de « réduire les souffrances ».", "de « réduire les souffrances »"),
    ("Le maire a demandé aux pays voisins de « ne pas fermer » un seul pont.",
     "de « ne pas fermer » un seul pont"),
    ("Riga demande l'ouverture de « tous les ponts ».", "l'ouverture de « tous les ponts »"),
    ("Le maire accuse l'État de « cacher » des morts.", "de « cacher » des morts"),
    ("Le maire promet dix camions, une offre jugée « dérisoire » par l'opposition.", "dix camions"),
    ("Riga annonce l'envoi de 50 soldats, ce qui porte leur nombre à 90.", "l'envoi de 50 soldats"),
    ("Riga annonce un don de dix canons, soit 90 obus.", "un don de dix canons, soit 90 obus"),
    ("L'ONU a appelé à une trêve, un appel que Berlin a refusé.", "à une trêve"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "content"), CONTENTS)
def test_what_is_asked_or_blamed_begins_and_ends_where_it_should(text: str, content: str) -> None:
    """Figures keep their bound; whom it is asked of and what others think of it stay outside."""
    assert read(text, language="fr").statements[0].content == content


def test_a_banner_says_nothing() -> None:
    """What is read on a wall or a banner is no statement; what a report says is one."""
    assert not read("« Rendez-nous l'eau », pouvait-on lire sur une banderole.").statements
    (said,) = read("« Les stocks sont bas », peut-on lire dans le rapport.").statements
    assert said.speaker_name == "rapport"
