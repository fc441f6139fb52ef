"""Statements, speakers, dates and aid that the place of the words tells, on fresh sentences."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read
from intendance.intake.pack import load
from intendance.intake.reading import figure_in_short

FRIDAY = date(2024, 5, 17)

STATEMENTS = [
    # (language, text, speaker of the last statement, its content)
    ("fr", "« Nos dépôts sonnent creux », maugrée le colonel Alain Roche.",
     "Alain Roche", "« Nos dépôts sonnent creux »"),
    ("fr", "« C'est une honte », s'est étranglé le maire de Korça, Ilir Hoxha.",
     "Ilir Hoxha", "« C'est une honte »"),
    ("fr", "« Cela suffit », a-t-il pesté.", None, "« Cela suffit »"),
    ("fr", "« Rien n'est décidé », a-t-on souligné de source diplomatique.",
     "source diplomatique", "« Rien n'est décidé »"),
    ("fr", "Oslo dément avoir gelé ses livraisons.", "Oslo", "avoir gelé ses livraisons"),
    ("fr", "Le fabricant Voltura affirme pouvoir livrer, pourvu que Paris paie.",
     "Voltura", "pouvoir livrer, pourvu que Paris paie"),
    ("fr", "Il a remercié Oslo et prié ses hôtes d'accélérer les envois.",
     None, "d'accélérer les envois"),
    ("fr", "L'hôpital de Dnipro nous a réclamé douze respirateurs.",
     "hôpital de Dnipro", "douze respirateurs"),
    ("fr", "La panne serait, d'après le préfet, la plus longue depuis dix ans.",
     "préfet", "La panne serait, d'après le préfet, la plus longue depuis dix ans"),
    ("fr", "« La digue tient », a expliqué, la voix lasse, le maire, Paul Roy.",
     "Paul Roy", "« La digue tient »"),
    ("fr", "Interrogé sur les délais, M. Steiner a souri : « Pas de commentaire. »",
     "Steiner", "« Pas de commentaire. »"),
    ("fr", "La ministre a chiffré à 12 millions d'euros le coût du pont.",
     "ministre", "à 12 millions d'euros le coût du pont"),
    ("en", '"The depots are echoing," grumbled Colonel Alan Roach.',
     "Alan Roach", '"The depots are echoing,"'),
    ("en", '"It is a disgrace," the mayor of Korca, Ilir Hoxha, spluttered.',
     "Ilir Hoxha", '"It is a disgrace,"'),
    ("en", '"We wait," Mr. Clarke told some of the miners.', "Clarke", '"We wait,"'),
    ("en", '"We wait," Mitch Roe, R-Ky., said Tuesday.', "Mitch Roe", '"We wait,"'),
    ("en", '"No comment," he went on to say.', None, '"No comment,"'),
    ("en", "Norway denies freezing its deliveries.", "Norway", "freezing its deliveries"),
    ("en", "The bridge, Ann Lee conceded, would take a year to rebuild.",
     "Ann Lee", "The bridge, Ann Lee conceded, would take a year to rebuild"),
    ("en", "The port is shut, people familiar with the matter said.",
     "people familiar with the matter", "The port is shut"),
    ("en", "Sumy hospital has asked us for six generators.",
     "Sumy hospital", "for six generators"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "speaker", "content"), STATEMENTS)
def test_statement(language: str, text: str, speaker: str | None, content: str) -> None:
    """The last statement has this speaker and these words."""
    said = read(text, language=language).statements[-1]
    assert (said.speaker_name, said.content) == (speaker, content)


def test_unknown_verb_needs_a_quotation_and_somebody() -> None:
    """A word behind a quotation is no cue without a speaker behind it."""
    assert not read("« confiant » que la paix vienne, contre la guerre.").statements
    assert not read('The "long wait" lasted, experts aside.', language="en").statements


NAMES = [
    ("fr", "L'Office de secours nordique (OSN) a lancé un appel. L'OSN dit que rien ne vient.",
     "Office de secours nordique"),
    ("fr", "Le ministre a reçu le maire, Paul Roy. Ce dernier a dit que la digue tient.",
     "Paul Roy"),
    ("fr", "À Korça, Ilir, 36 ans, attend. « Il faut des grues, dit-il. Rien ne vient. »", "Ilir"),
    ("fr", "Un haut responsable du port a nié. « C'est faux », a insisté ce responsable.",
     "haut responsable du port"),
    ("en", "The World Food Programme runs short. It warned that stocks would not last.",
     "World Food Programme"),
    ("en", "The mayor, Ann Lee, spoke. The White Helmets said that no one came.", "White Helmets"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "name"), NAMES)
def test_who_is_meant(language: str, text: str, name: str) -> None:
    """Acronyms, "ce dernier", ages, offices taken up and "it" are given their name."""
    assert read(text, language=language).statements[-1].speaker_name == name


AID = [
    ("fr", "La Hongrie bloque toujours une tranche d'aide.", "refuse"),
    ("fr", "Des camions d'aide sont bloqués à la frontière.", None),
    ("fr", "La Belgique formera 200 soldats.", "train"),
    ("fr", "Le Danemark a donné son accord au transfert de 12 chars.", "commit"),
    ("fr", "La Lituanie n'a livré aucun des chars.", "hesitate"),
    ("fr", "Oslo ne peut pas, en revanche, financer les générateurs.", "refuse"),
    ("fr", "La France en a expédié cent.", "ship"),
    ("fr", "La Pologne ajoutera 50 millions d'euros.", "pledge"),
    ("fr", "Prague a renoncé à demander des renforts.", None),
    ("en", "Finland is to hand over 12 radars.", "pledge"),
    ("en", "Hungary blocked 50 million euros in aid.", "refuse"),
    ("en", "Austria cannot supply arms.", "refuse"),
    ("en", "Spain has yet to deliver the trucks.", "hesitate"),
    ("en", "Oslo will add 5 million euros.", "pledge"),
    ("en", "Eighteen nations have signed up for the aid.", None),
    ("en", "He declined to give a figure for the aid.", None),
]


@pytest.mark.parametrize(("language", "text", "status"), AID)
def test_aid_status(language: str, text: str, status: str | None) -> None:
    """One event of this status, or none."""
    found = [each.status for each in read(text, language=language).aid]
    assert found == ([status] if status else [])


DATES = [
    ("fr", "Israël enverra un hôpital dès mercredi, a fait savoir son armée.", "2024-05-22"),
    ("fr", "Confirmez vos besoins avant jeudi soir.", "2024-05-23"),
    ("fr", "Le blé viendra en mars, a confirmé le ministre.", "2025-03"),
    ("fr", "Il avait livré en juin.", "2023-06"),
    ("fr", "Il sera prêt à la fin de l'année.", "2024-12"),
    ("en", "The crossing will be closed until Sunday.", "2024-05-19"),
]


@pytest.mark.parametrize(("language", "text", "value"), DATES)
def test_date(language: str, text: str, value: str) -> None:
    """A date in a text of Friday 17 May 2024."""
    assert [each.value for each in read(text, language=language, published=FRIDAY).dates] == [value]


def test_currency_is_taken_up() -> None:
    """ "N'en ont perçu que 1,5 milliard" takes the currency of the sentence before."""
    text = "Ils demandent 39 milliards de dollars. Ils n'en ont perçu que 1,5 milliard."
    amounts = read(text, language="fr").amounts
    assert [(each.low, each.currency) for each in amounts] == [
        ("39000000000", "USD"), ("1500000000", "USD"),
    ]  # fmt: skip


def test_hand_over_is_no_bound() -> None:
    """ "To hand over 30 jets" hands over thirty, "over 30 jets" more than thirty."""
    first = read("Belgium is to hand over 30 jets.", language="en").quantities[0]
    other = read("Belgium flew for over 30 jets.", language="en").quantities[0]
    assert (first.low, first.high, other.low, other.high) == ("30", "30", "30", None)


def test_about_stays_about() -> None:
    """What the article gives roughly is shown as such; beds are beds."""
    lot = read("La France enverra environ 300 lits de camp.", language="fr").quantities[0]
    shown = figure_in_short(lot.low, lot.high, approximate=lot.approximate)
    assert (shown, lot.item) == ("≈ 300", "bed")


def test_longest_expression_wins() -> None:
    """The index of fixed expressions gives the longest one that fits."""
    pack = load("fr")
    words = ["doses", "de", "vaccin", "."]
    found = pack.match(words, 0, "items", 4)
    assert found is not None
    assert found == (3, "vaccine")


MONEY = [
    ("a $25 million loan", "25000000", "USD"),
    ("a 60-million-euro package", "60000000", "EUR"),
    ("a $25-million loan", "25000000", "USD"),
    ("A$7m for pumps", "7000000", "AUD"),
    ("about 40 billion naira", "40000000000", "NGN"),
]


@pytest.mark.parametrize(("text", "low", "currency"), MONEY)
def test_money_in_english(text: str, low: str, currency: str) -> None:
    """An article before a dollar sign is no Australian dollar; hyphens join no word."""
    assert [(each.low, each.currency) for each in read(text, language="en").amounts] == [
        (low, currency)
    ]


def test_range_with_two_signs() -> None:
    """ "Between $2 and $3 billion" is one interval in billions."""
    (amount,) = read("Between $2 and $3 billion is needed.", language="en").amounts
    assert (amount.low, amount.high, amount.currency) == ("2000000000", "3000000000", "USD")
