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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La ministre dit que la formation des pilotes pourrait débuter en août.", ["train"]),
        ("Le chef de la ligue a exhorté les pays membres à vider leurs dépôts.", ["request"]),
        ("Le maire a plaidé pour un renforcement de la défense antiaérienne.", ["request"]),
        ("Le député plaide pour une réforme de la justice.", []),
        ("« Il nous en faudrait une dizaine pour passer l'hiver », dit-il.", ["need"]),
        ("Oslo a promis dix pompes. Deux sont en route depuis Riga.", ["pledge", "ship"]),
        ("Cela s'ajoute aux 430 millions d'euros déjà versés au Fonds.", ["deliver"]),
        ("Elle a évoqué un besoin de 25 groupes électrogènes.", ["need"]),
        ("Le Parlement conteste le mode de financement du fonds.", ["dispute"]),
        ("Nous ne pouvons pas augmenter nos livraisons de gaz.", ["refuse"]),
        ("Malte a réuni de quoi acheter 300 obus pour Kiev.", ["allocate"]),
        ("Les premières livraisons d'obus interviendront d'ici à juin.", ["pledge"]),
        ("Le parti réclame un débat sur l'aide.", []),
        ("La guerre demande des obus.", []),
    ],
)
def test_french_aid_once_missed(text: str, expected: list[str]) -> None:
    assert statuses(text, "fr") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Athens will not part with “a single one” of its tanks.", ["refuse"]),
        ("Training on F-16s could begin in August, she said.", ["train"]),
        ("She said training for the marathon would begin in May.", []),
        ("Berlin did agree to raise its military aid budget.", ["commit"]),
        ('"We would need about ten to get through the winter."', ["need"]),
        ("Turkey has set up an air bridge to the flooded valley.", ["field"]),
        ("Malta has lined up enough money to buy 300 shells.", ["allocate"]),
        ('Paris sent tanks. Rome will take part "within its means".', ["ship", "pledge"]),
        ("The minister urged allies to empty their depots.", ["request"]),
        ("Hungary disputes the way the fund is financed.", ["dispute"]),
        ("The envoy disputed the figures of the aid fund.", []),
        ("The premier called for a debate on the aid fund.", []),
        ("She wondered what would happen if the guns were needed at home.", []),
        ("The gift brings the total military aid to 37 million crowns.", []),
        ("The town gave up hope of aid.", []),
    ],
)
def test_english_aid_once_missed(text: str, expected: list[str]) -> None:
    assert statuses(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Pas un seul char ne sera livré à Kiev, a juré le ministre.", "fr", ["refuse"]),
        ("Pas une tente n'est arrivée dans la vallée.", "fr", ["hesitate"]),
        ("Le ministère a démenti avoir livré des obus.", "fr", []),
        ("Le maire demande que l'armée envoie des pompes.", "fr", ["request"]),
        ("La banque versera la tranche à condition que le prêt soit voté.", "fr", ["pledge"]),
        ("La directrice du fonds d'aide est arrivée à Genève.", "fr", []),
        ("Une délégation de 40 pompiers est arrivée à Rhodes.", "fr", ["deliver"]),
        ("Le député s'oppose à la réforme des retraites.", "fr", []),
        ("Les maires ont plaidé en faveur d'une aide d'urgence.", "fr", ["request"]),
        ("La distribution des vivres commencera demain.", "fr", ["pledge"]),
        ("Not a single tank will be sent to Kyiv, he vowed.", "en", ["refuse"]),
        ("Not one tent has arrived in the valley.", "en", ["hesitate"]),
        ("The ministry denied sending shells to the rebels.", "en", []),
        ("The envoy, who denied the rumour, delivered 40 tents.", "en", ["deliver"]),
        ("Oslo will send shells as soon as Riga delivers guns.", "en", ["pledge"]),
        ("The director of the aid fund arrived in Geneva.", "en", []),
        ("The nuns called for humanitarian corridors to be opened.", "en", ["request"]),
        ("Seoul is about to ship 300 tents.", "en", ["pledge"]),
    ],
)
def test_denied_and_supposed(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("L'Italie n'a nullement l'intention de livrer des chars.", "fr", ["refuse"]),
        ("Le ministre exclut que son pays livre des missiles.", "fr", ["refuse"]),
        ("Madrid ne livrera en aucun cas ses missiles.", "fr", ["refuse"]),
        ("Madrid ne livrera, sous aucun prétexte, ses missiles.", "fr", ["refuse"]),
        ("L'Italie ne livrera à Kiev ni chars ni obus.", "fr", ["refuse"]),
        ("Personne ne livrera de chars à ce pays.", "fr", ["refuse"]),
        ("Il n'y aura pas de chars pour Kiev, a dit le ministre.", "fr", ["refuse"]),
        ("L'Autriche n'hésitera pas à envoyer des pompes.", "fr", ["pledge"]),
        ("Personne ne sait si l'Italie livrera des chars.", "fr", []),
        ("It is out of the question that we send tanks, he said.", "en", ["refuse"]),
        ("Madrid will under no circumstances send its missiles.", "en", ["refuse"]),
        ("Madrid will not, under any circumstances, send its missiles.", "en", ["refuse"]),
        ("In no case will Greece send its launchers.", "en", ["refuse"]),
        ("Not until May will Oslo send shells.", "en", ["refuse"]),
        ("There will be no tanks for Kyiv, the minister said.", "en", ["refuse"]),
        ("There will be no winners in this war, the donor said.", "en", []),
        ("Austria will not hesitate to send pumps.", "en", ["pledge"]),
        ("Nobody knows whether Italy will send tanks.", "en", []),
        ("It is unclear if Italy will send tanks.", "en", []),
        ("The minister does not know when the tents will arrive.", "en", []),
        ("Spain could have sent tanks.", "en", []),
    ],
)
def test_opposites(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oslo won't send shells.", ["refuse"]),
        ("Oslo won’t be sending any shells.", ["refuse"]),
        ("The minister said Oslo wouldn't send shells to Kyiv.", ["refuse"]),
        ("The tents haven't arrived.", ["hesitate"]),
        ("Tokyo said it didn't need any help.", ["refuse"]),
        ('"We don\'t need words, we need ammunition."', ["need"]),
    ],
)
def test_contractions(text: str, expected: list[str]) -> None:
    """The "n't" of English is one word, no French "n'" before a "t"."""
    assert statuses(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Oslo a promis de ne pas livrer de missiles.", "fr", ["refuse"]),
        ("Oslo s'est engagée à ne livrer aucun missile.", "fr", ["refuse"]),
        ("Oslo a promis de livrer des missiles.", "fr", ["pledge"]),
        ("Budapest ne s'oppose plus à l'envoi de chars.", "fr", ["consider"]),
        ("Les hôpitaux ne manquent de rien.", "fr", []),
        ("Oslo promised not to send missiles.", "en", ["refuse"]),
        ("Oslo has pledged not to deliver any missiles.", "en", ["refuse"]),
        ("Rome will not stop sending shells, the minister said.", "en", ["pledge"]),
        ("Rome has stopped sending shells.", "en", ["refuse"]),
        ("Moscow demands that the allies stop sending arms.", "en", ["request"]),
        ("Moscow asked the allies to stop sending arms.", "en", ["request"]),
    ],
)
def test_promises_and_refusals_turned_round(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Jamais Rome ne livrera de chars.", "fr", ["refuse"]),
        ("Ni Rome ni Madrid ne livreront de chars.", "fr", ["refuse"]),
        ("Ni Rome ni Madrid n'ont livré de chars.", "fr", ["hesitate"]),
        ("Rome n'est plus disposée à livrer des chars.", "fr", ["refuse"]),
        ("Le ministère annonce ce jour la cession à l'Ukraine de 19 canons.", "fr", ["pledge"]),
        ("Never will Rome send tanks.", "en", ["refuse"]),
        ("Rome doesn't plan to send tanks.", "en", ["refuse"]),
        ("Rome doesn't intend to send any tanks.", "en", ["refuse"]),
        ("Rome hasn't delivered the tanks yet.", "en", ["hesitate"]),
        ("Rome would not say if it would send tanks.", "en", []),
        ("Budapest no longer opposes sending tanks.", "en", ["consider"]),
        ("Hungary lifted its veto on aid to Kyiv.", "en", ["commit"]),
        ("Canada is ending its food aid.", "en", ["refuse"]),
        ("Bern bans the re-export of its ammunition.", "en", ["refuse"]),
        ("Bern allowed the re-export of its ammunition.", "en", ["commit"]),
    ],
)
def test_never_and_no_longer(text: str, language: str, expected: list[str]) -> None:
    assert statuses(text, language) == expected
