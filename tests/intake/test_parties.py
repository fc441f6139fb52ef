"""Who gives and who receives in an aid event."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read


def parties(text: str, language: str) -> list[tuple[str, str | None, str | None]]:
    """Give (trigger, donor, recipient) of each event."""
    reading = read(text, language=language, published=date(2024, 3, 14))
    return [(each.trigger, each.donor, each.recipient) for each in reading.aid]


@pytest.mark.parametrize(
    ("text", "donor", "recipient"),
    [
        ("La Norvège a livré 40 tentes aux hôpitaux de Kherson.", "La Norvège",
         "hôpitaux de Kherson"),
        ("Oslo envoie 100 générateurs en Moldavie.", "Oslo", "Moldavie"),
        ("Oslo a distribué des rations à 320 familles.", "Oslo", "320 familles"),
        ("Le Secours alpin a versé 40 000 euros au profit des sinistrés.", "Le Secours alpin",
         "sinistrés"),
        ("La Suède va fournir deux millions d'euros à la Grèce et à la Turquie.", "La Suède",
         "la Grèce et à la Turquie"),
        ("Plusieurs pays comme le Danemark, la Suède et la Norvège ont offert leur aide.",
         "le Danemark, la Suède et la Norvège", None),
        ("Des tentes ont été livrées à Kiev par Vilnius pour passer l'hiver.", "Vilnius", "Kiev"),
        ('La Grèce a "immédiatement mobilisé 12 drones" pour Chypre.', "La Grèce", "Chypre"),
        ("Le Fonds boréal (FB) fait un don de 500 000 euros à la population.", "Le Fonds boréal",
         "la population"),
        ("Kiev a reçu 40 chars du Danemark.", "Danemark", "Kiev"),
        ("Un second lot de médicaments a été offert par plusieurs hôpitaux finlandais.",
         "plusieurs hôpitaux finlandais", None),
    ],
)  # fmt: skip
def test_french_parties(text: str, donor: str | None, recipient: str | None) -> None:
    assert [each[1:] for each in parties(text, "fr")] == [(donor, recipient)]


def test_a_subject_is_shared_by_the_verbs_of_a_sentence() -> None:
    found = parties("La Finlande envoie 148 experts, expédie 60 tonnes de vivres et livre 3 grues.",
                    "fr")  # fmt: skip
    assert [each[1] for each in found] == ["La Finlande"] * 3


@pytest.mark.parametrize(
    ("text", "donor", "recipient"),
    [
        ("The ministry received 40 transformers from the Danish operator Norlys.",
         "the Danish operator Norlys", "The ministry"),
        ("Norway, Sweden and Finland donated 40 generators.", "Norway, Sweden and Finland", None),
        ("The bank approved a $2 billion loan to Moldova for roads.", "The bank", "Moldova"),
        ("A Danish rescue team of 56 people arrived in Morocco on Sunday.", None, "Morocco"),
        ("Norway has given 30 tents to families displaced by the storm.", "Norway", "families"),
        ("Finland sent 40 pumps from a depot in Poland.", "Finland", None),
    ],
)  # fmt: skip
def test_english_parties(text: str, donor: str | None, recipient: str | None) -> None:
    assert [each[1:] for each in parties(text, "en")] == [(donor, recipient)]


@pytest.mark.parametrize(
    ("text", "language", "donor", "recipient"),
    [
        ("Un avion affrété par l'Union alpine porte des vivres.", "fr", "l'Union alpine", None),
        ("Seuls quatre pays ont contribué au fonds.", "fr", "quatre pays", "fonds"),
        ("Riga appelle désormais les alliés à livrer des obus.", "fr", "les alliés", "Riga"),
        ("Le Maroc a demandé dimanche à quatre pays d'envoyer des vivres.", "fr", "quatre pays",
         "Le Maroc"),
        ("Elles ont aidé Sfax, Jan Poel, et ont annoncé le versement de 4 millions d'euros.", "fr",
         "Elles", None),
        ("According to the UN, thirty million people need aid.", "en", None,
         "thirty million people"),
        ("Last year, humanitarian agencies in Chad needed $2 million.", "en", None,
         "humanitarian agencies"),
        ("All the battle tanks Canada is donating to Kyiv are old.", "en", "Canada", "Kyiv"),
        ("Millions of people have yet to receive a single dose.", "en", None, "Millions of people"),
        ("The tents were requested by the Chadian government.", "en", None,
         "the Chadian government"),
        ('La France "soutient" le plan letton et pourrait y contribuer à hauteur de 3 millions.',
         "fr", "La France", None),
        ("La livraison de douze canons par la Lettonie a été repoussée faute de camions.", "fr",
         "la Lettonie", None),
        ("Dix avions ont été remis par la Lettonie et la Suède.", "fr", "la Lettonie et la Suède",
         None),
        ("Malte s'est opposée, jeudi, à un envoi de bateaux.", "fr", "Malte", None),
        ("Spain, under pressure to give Patriots, remained hesitant.", "en", "Spain", None),
        ("Funding for the army has been cut by Slovakia.", "en", "Slovakia", None),
        ("Greece refused to give Ukraine F-16 fighter jets.", "en", "Greece", "Ukraine"),
        ("The tents were sent to the flood areas.", "en", None, "the flood areas"),
        ("Oslo va fournir des missiles ainsi que des canons à Kiev.", "fr", "Oslo", "Kiev"),
        ("Two field hospitals are on their way to Chad.", "en", None, "Chad"),
    ],
)  # fmt: skip
def test_parties_in_other_places(
    text: str, language: str, donor: str | None, recipient: str | None
) -> None:
    assert parties(text, language)[0][1:] == (donor, recipient)


def test_the_figure_of_a_passive_stands_before_it() -> None:
    text = "12 canons seront livrés à Kiev et 150 militaires seront envoyés en Pologne."
    reading = read(text, language="fr")
    figures = {each.id: each.text for each in reading.quantities}
    assert [figures[each.quantity or ""] for each in reading.aid] == [
        "12 canons", "150 militaires",
    ]  # fmt: skip


def test_families_are_not_what_is_given() -> None:
    event = read("Oslo a distribué des rations à 320 familles.", language="fr").aid[0]
    assert event.quantity is None
    assert event.recipient == "320 familles"


def test_a_machine_gives_nothing() -> None:
    assert parties("This generator can provide power to a hospital.", "en") == []
    assert parties("Ce transformateur a fourni de la lumière à la ville.", "fr") == []
