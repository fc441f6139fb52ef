"""What a verb of aid asserts: other senses, what goes on, what was only announced or aimed at."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read


def statuses(text: str, language: str) -> list[str]:
    """Give the status of each event of a text."""
    return [e.status for e in read(text, language=language, published=date(2024, 3, 14)).aid]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Riga continue de bloquer la vente de radars à la Moldavie.", ["refuse"]),
        ("Malte s'est opposée, jeudi, à un envoi de bateaux.", ["refuse"]),
        ("Le fonds a dû supprimer l'aide alimentaire de 900 déplacés.", ["refuse"]),
        ("Ottawa a réduit sa contribution de moitié.", ["refuse"]),
        ("Oslo n'a plus l'intention de fournir des missiles.", ["refuse"]),
        ("Sofia allait envoyer des câbles, a dit le ministre.", ["pledge"]),
        ("Nous prévoyons de livrer 40 chaudières.", ["pledge"]),
        ("Quarante monteurs doivent partir pour Balti lundi.", ["pledge"]),
        ("L'aide commence à parvenir aux villages.", ["deliver"]),
        ("Le maire a lancé jeudi un appel de 12 millions d'euros.", ["request"]),
        ("Elle a maintenant besoin de farine.", ["need"]),
        ("Il faut de l'argent pour qu'ils financent les vols.", ["need"]),
        ("Nous disposons de 150 tonnes de vivres prêtes à être transportées.", []),
        ("Oslo a dit que des canons seraient de nouveau livrés en mai.", ["pledge"]),
        ("L'Algérie a décidé l'envoi de 40 tentes à la Libye.", ["commit"]),
        ("Il faut rappeler que les canons promis par Oslo sont vieux.", ["pledge"]),
        ("Le ministre a donné une conférence et fourni des réponses sur l'aide.", []),
    ],
)
def test_french_senses(text: str, expected: list[str]) -> None:
    assert statuses(text, "fr") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Denmark has put together a new package of mortars for Moldova.", ["pledge"]),
        ("The Finnish premier confirmed the transfer of ten howitzers.", ["pledge"]),
        ("The premier confirmed aid had arrived.", ["deliver"]),
        ("We will continue to provide ammunition.", ["pledge"]),
        ("Norway said it's sending a radar.", ["ship"]),
        ("Sweden is sending medics and promising two ambulances.", ["ship", "pledge"]),
        ("But only Oslo has decided to send a radar to Kyiv.", ["commit"]),
        ("The consignment of tents is being sent at the request of the premier.", ["ship"]),
        ("He arrived at the meeting on deliveries of shells.", []),
        ("Italy filled the gap left by Oslo's stalled $60 billion aid package.", []),
        ("He refused to give a direct answer on the tanks.", []),
        ("Funding for the army has been cut by Slovakia.", ["refuse"]),
        ("The ministry also received offers of turbines from 14 countries.", ["pledge"]),
        ("Italy has approved a request for pumps.", ["commit"]),
        ("Austria announced it was donating 12 boilers.", ["deliver"]),
        ("Aid groups would face a shortage of tents by October.", ["need"]),
        ("The envoy gave evidence on the aid and provided no details.", []),
        ("A unit with specially trained dogs searched the flooded houses.", []),
        ("The first group of 30 medics left for Adana late on Thursday.", ["ship"]),
    ],
)
def test_english_senses(text: str, expected: list[str]) -> None:
    assert statuses(text, "en") == expected
