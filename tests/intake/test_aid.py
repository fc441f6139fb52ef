"""Aid events: status by verb, tense, mood and negation; causes; proposals."""

from __future__ import annotations

import pytest

from intendance.intake import read

CASES = [
    ("La Pologne a livré 14 chars.", "fr", "deliver"),
    ("La Pologne livrera 14 chars.", "fr", "pledge"),
    ("La Pologne pourrait livrer 14 chars.", "fr", "consider"),
    ("La Pologne ne livrera pas de chars.", "fr", "refuse"),
    ("La Pologne refuse de livrer des chars.", "fr", "refuse"),
    ("La Pologne hésite à livrer des chars.", "fr", "hesitate"),
    ("La Pologne envisage de livrer des chars.", "fr", "consider"),
    ("Le Japon a alloué 3 millions d'euros.", "fr", "allocate"),
    ("L'Espagne a expédié 40 pompes.", "fr", "ship"),
    ("Kiev réclame des munitions.", "fr", "request"),
    ("Les hôpitaux ont besoin de médicaments.", "fr", "need"),
    ("L'Estonie forme 200 soldats au pilotage de drones.", "fr", "train"),
    ("Poland delivered 14 tanks.", "en", "deliver"),
    ("Poland will deliver 14 tanks.", "en", "pledge"),
    ("Poland refused to send tanks.", "en", "refuse"),
    ("Spain is reluctant to send jets.", "en", "hesitate"),
    ("Kyiv urged allies to send ammunition.", "en", "request"),
    ("Hospitals need medicines.", "en", "need"),
]


@pytest.mark.parametrize(("text", "language", "status"), CASES)
def test_status(text: str, language: str, status: str) -> None:
    """The sentence gives one event with this status."""
    assert [each.status for each in read(text, language=language).aid] == [status]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("de stocks insuffisants", "stock"),
        ("d'un risque d'escalade", "escalation"),
        ("de problèmes logistiques", "logistics"),
        ("de contraintes budgétaires", "finance"),
        ("d'obstacles juridiques", "legal"),
        ("du manque de pilotes", "training"),
        ("des élections", "politics"),
    ],
)
def test_causes(reason: str, cause: str) -> None:
    """A hesitation carries its cause, and becomes a proposed caveat."""
    reading = read(f"Berlin hésite à livrer des avions en raison {reason}.", language="fr")
    assert reading.aid[0].causes == (cause,)
    assert [each.kind for each in reading.proposals] == ["caveat"]


def test_repeated_proposal_names_the_first() -> None:
    """The same promise told twice is one, and says so."""
    text = "La Pologne livrera 14 chars.\nLa Pologne livrera 14 chars."
    first, second = read(text, language="fr").proposals
    assert (first.duplicate_of, second.duplicate_of) == (None, first.id)


def test_proposal_has_fields_and_spans() -> None:
    """Item, quantity and donor are fields; spans replay."""
    text = "La Norvège a promis 40 groupes électrogènes."
    (proposal,) = read(text, language="fr").proposals
    assert proposal.kind == "pledge"
    assert proposal.fields["donor"] == "La Norvège"
    assert proposal.fields["quantity_low"] == "40"
    assert [text[a:b] for a, b in proposal.spans] == ["a promis", "40 groupes électrogènes"]
