"""A giver that the next sentence takes up, and a source that stands behind a whole sentence."""

from __future__ import annotations

import pytest

from intendance.intake import read


@pytest.mark.parametrize(
    ("language", "text", "donor"),
    [
        ("en", "Oxfam approved $50 million. It will disburse $10 million soon.", "Oxfam"),
        ("fr", "La Norvège a livré 12 pompes. Elle enverra 30 tentes au Malawi.", "La Norvège"),
        ("fr", "Le Portugal a livré 12 pompes. Elle enverra 30 tentes au Malawi.", "Elle"),
        ("en", "Chad and Niger delivered 12 pumps. It will send 30 tents to Malawi.", "It"),
        ("en", "The World Bank approved $50 million.\nIt will disburse $10 million soon.", "It"),
    ],
)  # fmt: skip
def test_a_pronoun_takes_up_who_gave_just_before(language: str, text: str, donor: str) -> None:
    """The body of the sentence before gives again, unless number, gender or paragraph forbid."""
    assert read(text, language=language).aid[-1].donor == donor


def test_a_second_source_ends_the_statement_within() -> None:
    """Neither the outer source nor what it alone tells is a word of the inner speaker."""
    text = (
        "Japan said it would give $14.5 million, and the European Union is considering sending "
        "200 pumps, a spokeswoman told reporters."
    )
    inner = read(text, language="en").statements[-1]
    assert (inner.speaker_name, inner.content) == ("Japan", "it would give $14.5 million")
    assert read(text, language="en").aid[0].donor == "Japan"


@pytest.mark.parametrize(
    ("language", "text", "donor"),
    [
        ("fr", "Le ministre slovaque a dit que son pays donnerait 12 pompes.", "Slovaquie"),
        ("fr", "Le ministre a dit que son pays fournirait 12 pompes.", "son pays"),
        ("en", "Chad's defence minister said his country would send 12 tanks.", "Chad"),
        ("en", "The Finnish minister, Aino Laine, said her country would send tanks.", "Finland"),
    ],
)  # fmt: skip
def test_a_minister_speaks_for_a_state(language: str, text: str, donor: str) -> None:
    """The country of who speaks gives; where nobody says which, the words stand."""
    assert read(text, language=language).aid[0].donor == donor


@pytest.mark.parametrize(
    ("language", "text", "who", "state"),
    [
        ("fr", "« Nous livrerons 9 chars », dit le ministre letton, Kalns.", "donor", "Lettonie"),
        ("fr", "Le président ukrainien Oleh Hrynko a réclamé 25 camions.", "recipient", "Ukraine"),
        ("en", '"We will send 12 pumps," Japanese minister Ken Ito said.', "donor", "Japan"),
        ("en", '"We will send 12 pumps," said Ken Ito, a Japanese surgeon.', "donor", "Ken Ito"),
    ],
)  # fmt: skip
def test_a_proposal_names_the_state(language: str, text: str, who: str, state: str) -> None:
    """A ledger has parties: who holds an office of state binds it, a surgeon does not."""
    assert read(text, language=language).proposals[0].fields[who] == state


def test_an_office_names_no_goods_and_who_speaks_refuses() -> None:
    """ "Ministre de l'Énergie" is no energy; an impersonal refusal is the speaker's."""
    text = "Selon la ministre de l'Énergie, Anna Kalns, « il n'y aura pas de nouvel envoi »."
    (event,) = read(text, language="fr").aid
    assert (event.status, event.donor, event.items) == ("refuse", "Anna Kalns", ())


def test_goods_behind_a_quoted_denial_are_refused() -> None:
    """The quotation holds the denial alone."""
    (event,) = read("La Suède ne livrera « aucun » de ses transformateurs.", language="fr").aid
    assert (event.status, event.items) == ("refuse", ("transformateurs",))
