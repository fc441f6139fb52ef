"""Fresh agency texts: who gives what to whom, parts of figures, dates that lie ahead."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.errors import InputError
from intendance.intake import read
from intendance.intake.documents import load

DAY = date(2023, 4, 21)

EVENTS = [
    (
        "fr",
        "Les Occidentaux ont engagé près de 75 milliards de dollars, dont 43 milliards d'aide.",
        [("commit", "Les Occidentaux", None, ())],
    ),
    (
        "fr",
        "La Norvège a fourni à l'Ukraine 3,5 milliards d'euros d'aide.",
        [("deliver", "La Norvège", "l'Ukraine", ())],
    ),
    (
        "fr",
        "Certains pays hésitent, l'Allemagne paraissant réticente à livrer des chars.",
        [("hesitate", "Certains pays", None, ()), ("hesitate", "l'Allemagne", None, ())],
    ),
    (
        "en",
        "Western allies have provided Ukraine with more than $150 billion in aid.",
        [("deliver", "Western allies", "Ukraine", ())],
    ),
    (
        "en",
        "Some allies hesitate to send more tanks for lack of stocks.",
        [("hesitate", "Some allies", None, ("stock",))],
    ),
    (
        "fr",
        (
            "Plusieurs donateurs ne veulent pas céder de chars, faute de stocks suffisants. "
            "D'autres capitales redoutent une escalade si des avions étaient livrés."
        ),
        [
            ("refuse", "Plusieurs donateurs", None, ("stock",)),
            ("hesitate", "D'autres capitales", None, ("escalation",)),
        ],
    ),
    (
        "en",
        "Romania, which has already sent 60 generators, pledged to hand over 400 more tents.",
        [("ship", "Romania", None, ()), ("pledge", "Romania", None, ())],
    ),
    (
        "en",
        "Saudi Arabia pledged 100 trucks of food and the UAE promised 20 tents.",
        [("pledge", "Saudi Arabia", None, ()), ("pledge", "the UAE", None, ())],
    ),
    (
        "fr",
        "L'Autriche, elle, ne livrera pas d'hélicoptères.",
        [("refuse", "L'Autriche", None, ())],
    ),
    (
        "fr",
        "La Grèce, dont les réserves sont au plus bas, a refusé de céder ses missiles.",
        [("refuse", "La Grèce", None, ("stock",))],
    ),
    (
        "en",
        "OSLO, April 19 (Reuters) - The United States will send Ukraine $325 million in aid.",
        [("pledge", "The United States", "Ukraine", ())],
    ),
]


@pytest.mark.parametrize(("language", "text", "wanted"), EVENTS)
def test_who_gives_what_to_whom(
    language: str, text: str, wanted: list[tuple[str, str, str | None, tuple[str, ...]]]
) -> None:
    """Status, donor, recipient and causes of every aid event, and no further event."""
    found = read(text, language=language, published=DAY).aid
    assert [(each.status, each.donor, each.recipient, each.causes) for each in found] == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ils hésitent, faute d'équipages formés.", "fr"),
        ("Si des avions de combat étaient livrés, la guerre s'étendrait.", "fr"),
        ("Un transformateur se commande un an à l'avance.", "fr"),
        ("He did not say whether he meant promises or deliveries.", "en"),
        ("L'opposition demande d'où viendra l'argent.", "fr"),
    ],
)
def test_what_is_no_gift(text: str, language: str) -> None:
    """A cause, a condition, a general truth and a question give nothing."""
    given = {"deliver", "ship", "train", "commit", "pledge", "request"}
    assert not [each for each in read(text, language=language).aid if each.status in given]


def test_items_end_with_the_object() -> None:
    """What a later clause names is not what the priority is."""
    text = "L'Alliance est focalisée sur les munitions, pour que les systèmes livrés fonctionnent."
    first, second = read(text, language="fr").aid
    assert (first.items, second.items) == (("munitions",), ("systèmes",))


@pytest.mark.parametrize(
    ("text", "language", "child"),
    [
        ("Paris a livré 30 000 obus, dont 10 000 de 155 mm.", "fr", "10000"),
        ("Paris sent 60 shells, of which 11 were smoke rounds.", "en", "11"),
    ],
)
def test_part_of_a_count(text: str, language: str, child: str) -> None:
    """A figure without a noun behind "dont" is a part of the count before it."""
    parent, part = read(text, language=language).quantities
    assert (part.part_of, part.low, part.item_text) == (parent.id, child, parent.item_text)


def test_bare_part_of_an_amount_takes_currency() -> None:
    """A bare "dont 43 milliards d'aide" inherits dollars; its purpose is read."""
    text = "Ils ont engagé 75 milliards de dollars, dont 43 milliards d'aide militaire."
    whole, part = read(text, language="fr").amounts
    assert (part.currency, part.part_of, part.purpose) == ("USD", whole.id, "military")


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("Elle a demandé 300 chars avant octobre.", "fr", "2023-10"),
        ("La prochaine séance est prévue le 25 mai.", "fr", "2023-05-25"),
        ("Norway pledged two hospitals by the end of June.", "en", "2023-06"),
        ("The guns that reached us this winter are silent.", "en", "2022-12-01/2023-02-28"),
    ],
)
def test_dates_that_lie_ahead(text: str, language: str, value: str) -> None:
    """A term is in the future also beside a past verb; "this winter" is the nearer one."""
    assert [each.value for each in read(text, language=language, published=DAY).dates] == [value]


SPEAKERS = [
    (
        "fr",
        "Le général Paul Roy a pour sa part mis en garde contre l'usure : « Les rails cassent. »",
        "Paul Roy",
    ),
    ("fr", "Les eaux montent encore, selon l'agence Dniestr.", "Dniestr"),
    ("fr", "« Elle tiendra, a souligné la ministre, Mette Holm, et longtemps. »", "Mette Holm"),
    (
        "fr",
        (
            "Le Premier ministre, Jan Kos, est venu. « Nous livrerons », a promis le chef du "
            "gouvernement."
        ),
        "Jan Kos",
    ),
    (
        "en",
        "Prices have risen again, Jens Holm, the meeting's coordinator, said.",
        "Jens Holm",
    ),
    ("en", "Other capitals said they were ready.", "Other capitals"),
    ("en", "The WHO called on states to provide vaccines.", "WHO"),
    ("en", "''Roads are cut,'' said Ana Ruiz.", "Ana Ruiz"),
]


@pytest.mark.parametrize(("language", "text", "name"), SPEAKERS)
def test_speaker(language: str, text: str, name: str) -> None:
    """The last statement of the text has this speaker."""
    assert read(text, language=language).statements[-1].speaker_name == name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('Médicaments : "les stocks sont au plus bas"', "fr"),
        ("Officials reviewed what Kyiv needs most: ammunition, armour and fuel.", "en"),
        ("La France a répondu à l'appel : Paris enverra deux ponts.", "fr"),
    ],
)
def test_a_colon_alone_gives_no_voice(text: str, language: str) -> None:
    """A topic, a whole clause and an answered call are no speakers."""
    assert not read(text, language=language).statements


@pytest.mark.parametrize("data", [bytes([1, 2, 3, 5, 6]) * 40, b"\x7f" * 90, b"abc" + b"\x08" * 9])
def test_control_bytes_are_no_text(data: bytes) -> None:
    """A file of control bytes is refused with a sentence."""
    with pytest.raises(InputError, match="binary"):
        load(data)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("The bank lent half a billion euros.", "en", "500000000"),
        ("Il donne un milliard et demi d'euros.", "fr", "1500000000"),
        ("Il donne un demi-milliard de dollars.", "fr", "500000000"),
    ],
)
def test_halves(text: str, language: str, value: str) -> None:
    """A half counts as a half."""
    (amount,) = read(text, language=language).amounts
    assert (amount.low, amount.high) == (value, value)
