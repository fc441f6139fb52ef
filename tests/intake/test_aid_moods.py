"""What a sentence of aid denies or only supposes: the opposite must never be read."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read


def statuses(text: str, language: str) -> list[str]:
    """Give the status of each event of a text."""
    return [e.status for e in read(text, language=language, published=date(2024, 3, 14)).aid]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("L'Autriche ne livrera « aucun char ».", "fr", ["refuse"]),
        ("Riga ne cédera « aucun » de ses radars, a dit le ministre.", "fr", ["refuse"]),
        ("Vienne ne livrera « plus une seule cartouche ».", "fr", ["refuse"]),
        ('Oslo ne fournira "jamais" de missiles à Kiev.', "fr", ["refuse"]),
        ("Kiev n'a reçu « aucun char ».", "fr", ["hesitate"]),
        ("Sofia ne livrera ni chars ni obus.", "fr", ["refuse"]),
        ("Oslo livrera « dix chars » à Kiev.", "fr", ["pledge"]),
        ("Austria will deliver “no tanks”, the minister said.", "en", ["refuse"]),
        ('Slovakia will send "not one more tank" to Kyiv.', "en", ["refuse"]),
        ('Oslo will "never" send missiles to Kyiv.', "en", ["refuse"]),
        ('Oslo would give Kyiv "nothing", the minister said of the tanks.', "en", ["refuse"]),
    ],
)
def test_negation_within_quotation_marks(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Oslo ne livrera pas moins de 300 chars.", "fr", ["pledge"]),
        ("Oslo n'a pas livré moins de 40 chars.", "fr", ["deliver"]),
        ("Oslo ne livrera pas seulement des chars.", "fr", ["pledge"]),
        ("Oslo ne livrera que dix chars à Kiev.", "fr", ["pledge"]),
        ("Oslo will send no fewer than 40 tanks to Kyiv.", "en", ["pledge"]),
        ("Oslo will send no less than $40 million in aid.", "en", ["pledge"]),
        ("The general wants no fewer than two million shells.", "en", ["need"]),
        ("Kyiv has received no fewer than 40 tanks.", "en", ["deliver"]),
    ],
)
def test_no_fewer_denies_nothing(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Riga ne rétablira le gaz qu'une fois la dette payée.", "fr", ["refuse"]),
        ("Vienne ne livrera les vaccins qu'après la fin des essais.", "fr", ["refuse"]),
        ("Vienna will not restore water until the guards are freed.", "en", ["refuse"]),
        ("Oslo cédera 900 doses, à condition que Berlin donne son accord.", "fr", ["pledge"]),
        ("Oslo livrera les chars, pourvu que Berlin livre les obus.", "fr", ["pledge"]),
        ("Oslo will send tanks, provided Berlin sends shells.", "en", ["pledge"]),
        ("Oslo will send the tanks provided that Berlin agreed.", "en", ["pledge"]),
        ("Norway provided that aid in May.", "en", ["deliver"]),
        ("Norway would give up 900 doses, it said.", "en", ["pledge"]),
        ("Whether that will speed up deliveries is unclear.", "en", []),
        ("Asked where the ammunition came from, he shrugged.", "en", []),
        ("Les livraisons de chars pourraient commencer en mai.", "fr", ["consider"]),
        ("Deliveries could begin in May.", "en", ["consider"]),
        ("The minister said deliveries would begin in May.", "en", ["pledge"]),
    ],
)
def test_conditions(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le roi, qui réclame des missiles, est arrivé mardi.", "fr", ["request"]),
        ("Les douze pompiers espagnols sont arrivés lundi.", "fr", ["deliver"]),
        ("The envoy, who has been pleading for missiles, arrived on Monday.", "en", ["request"]),
        ("President Otero, who spoke of aid, arrived on Tuesday.", "en", []),
        ("Le ministre a refusé de donner le nombre exact d'obus.", "fr", []),
        ("Le ministère n'a pas voulu donner de détails sur l'aide.", "fr", []),
        ("The office did not respond to a request for comment on the tanks.", "en", []),
        ("Paris, d'abord réservé, participera au fonds d'aide.", "fr", ["pledge"]),
        ("Greece, setting aside an old quarrel, sent 80 tons of flour.", "en", ["ship"]),
        ("Greece is setting aside 40 million euros for flour.", "en", ["allocate"]),
        ('"Where were you?" asked Omar Said, whose crews had asked for aid.', "en", ["request"]),
        ("Le maire appelle la population à économiser le courant.", "fr", []),
    ],
)
def test_what_is_no_aid(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected
