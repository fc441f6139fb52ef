"""Aid in the forms of the press: adverbs within expressions, ellipsis, arrivals, what it is not."""

from __future__ import annotations

import pytest

from intendance.intake import read

FORMS = [
    ("Il faut que la guerre cesse, a dit le maire.", "fr", ""),
    ("Les enquêteurs recherchent trois suspects.", "fr", ""),
    ("La production de gaz a repris.", "fr", ""),
    ("Le président a remis une médaille aux secouristes.", "fr", ""),
    ("Faute de munitions, la brigade recule.", "fr", "need"),
    ("Faute d'accord, la brigade recule.", "fr", ""),
    ("Le manque de médicaments se fait sentir à Nova.", "fr", "need"),
    ("La caserne a grand besoin de pompes.", "fr", "need"),
    ("L'hôpital n'a plus assez de sang pour opérer.", "fr", "need"),
    ("Le plus urgent, ce sont les tentes.", "fr", "need"),
    ("Les tentes arrivées dans la nuit serviront d'école.", "fr", "deliver"),
    ("Les deux ambulances offertes par la Norvège roulent déjà.", "fr", "pledge"),
    ("L'hôpital a reçu 40 pompes offertes par la Norvège.", "fr", "deliver"),
    ("Un convoi de vivres, lui, est attendu jeudi à Nova.", "fr", "pledge"),
    ("Des renforts sont attendus dans la soirée.", "fr", "pledge"),
    ("Un don de 200 tentes est attendu lundi.", "fr", "pledge"),
    ("L'opération est financée par l'Union européenne.", "fr", "allocate"),
    ("Seuls trois des dix chars promis ont été livrés.", "fr", "deliver"),
    ("La livraison de missiles divise les donateurs.", "fr", "dispute"),
    ("Le fonds a été doté de 20 millions d'euros par la Suède.", "fr", "allocate"),
    ("Un convoi humanitaire a atteint Nova mardi.", "fr", "deliver"),
    ("Aucun char ne sera livré avant les élections.", "fr", "refuse"),
    ("La Slovaquie a décidé de suspendre ses livraisons d'armes.", "fr", "refuse"),
    ("Le gouvernement a ordonné la suspension de l'aide.", "fr", "refuse"),
    ("Les distributions de vivres reprendront mardi.", "fr", "pledge"),
    ("Berlin fait traîner la livraison des missiles.", "fr", "hesitate"),
    ("Le contrat porte sur la fourniture de 40 véhicules.", "fr", "commit"),
    ("Les équipages achèvent leur formation en Norvège.", "fr", "train"),
    ("Le Portugal a enfin donné son feu vert à l'envoi de quatre hélicoptères.", "fr", "commit"),
    ("Une dizaine de citernes ont atterri à Beyrouth.", "fr", "deliver"),
    ("Riga vient de livrer six véhicules blindés.", "fr", "deliver"),
    ("La Lettonie se dit prête à aider les hôpitaux de Soumy.", "fr", "pledge"),
    ("Lisbonne triple son aide aux sinistrés.", "fr", "pledge"),
    ("La commune n'a encore reçu aucun groupe électrogène.", "fr", "hesitate"),
    ("Des pompes et des bâches sont nécessaires à Mopti.", "fr", "need"),
    ("L'Islande prendra en charge la réparation de deux transformateurs.", "fr", "pledge"),
    ("Athènes menace de suspendre ses livraisons de gaz.", "fr", "consider"),
    ("La maternité cherche des couveuses et deux médecins.", "fr", "need"),
    ("Qui livrera ces canons ?", "fr", ""),
    ("La coalition prend forme autour des drones.", "fr", ""),
    ("L'association a pu acheminer des vivres à Nova.", "fr", "deliver"),
    ("L'association n'a pu acheminer de vivres à Nova.", "fr", ""),
    ("La préfecture aurait pu acheminer des vivres à Nova.", "fr", ""),
    ("L'agence a été contrainte de suspendre ses distributions de riz.", "fr", "refuse"),
    ("La caserne ne compte que deux ambulances.", "fr", "need"),
    ("Il reste 9 millions d'euros à trouver pour les réfugiés.", "fr", "need"),
    ("Les livraisons de canons ont pris cinq mois de retard.", "fr", "hesitate"),
    ("L'Union est parvenue à un accord sur une aide de 9 millions d'euros.", "fr", "commit"),
    ("La Grèce se dit disponible pour envoyer des pompiers.", "fr", "pledge"),
    ("Le premier convoi d'aide est entré jeudi dans Nova.", "fr", "deliver"),
    ("Le premier ministre de l'aide est arrivé jeudi.", "fr", ""),
    ("Il ne reste que quatre jours de carburant à la clinique.", "fr", "need"),
    ("Il ne reste que quatre jours avant le vote sur les chars.", "fr", ""),
    ("La Grèce a diminué son aide au Malawi.", "fr", "refuse"),
    ("Le préfet de Nova a lancé un SOS pour obtenir des tentes.", "fr", "request"),
    ("Helsinki a donné son aval à la cession de canons.", "fr", "commit"),
    ("Huit camions de vivres sont bloqués depuis lundi à la frontière.", "fr", "hesitate"),
    ("L'association a monté deux cliniques mobiles à Nova.", "fr", "field"),
    ("Des discussions sont en cours sur la livraison de canons.", "fr", "consider"),
    ("Les besoins de la province d'Ijo s'élèvent à 200 tentes.", "fr", "need"),
    ("Deux dispensaires sont en attente de vaccins.", "fr", "need"),
    ("La pénurie de farine gagne la capitale.", "fr", "need"),
    ("La ministre est en attente de son procès.", "fr", ""),
    ("Lisbonne porte son aide à 12 millions d'euros.", "fr", "allocate"),
    ("Cette rallonge porte le total de l'aide à 12 millions d'euros.", "fr", ""),
    ("La commune d'Arlo a levé 40.000 euros pour les sinistrés.", "fr", "allocate"),
    ("L'agence a réduit les rations des réfugiés.", "fr", "refuse"),
    ("Trieste n'a rien proposé aux sinistrés, pas même une tente.", "fr", "refuse"),
    ("Belgrade a accepté l'ouverture du passage à l'aide alimentaire.", "fr", "commit"),
    ("Un hôpital de campagne a ouvert ses portes à Balti.", "fr", "field"),
    ("Les généraux suivent depuis mai un stage de pilotage de drones.", "fr", "train"),
    ("Le maire décrit les tentes annoncées en février.", "fr", "pledge"),
    ("La priorité, dit-il, doit aller aux tentes.", "fr", "priority"),
    ("Tunis et Malte se coordonnent pour l'envoi des secours.", "fr", "coordinate"),
    ("Iceland has begun distributing blankets.", "en", "deliver"),
    ("Sixty water pumps are to be delivered by June.", "en", "pledge"),
    ("Latvia agreed on Monday to lend four boats.", "en", "commit"),
    ("Ireland is stepping up its funding for field hospitals.", "en", "pledge"),
    ("Lithuania has been asked to provide six helicopters.", "en", "request"),
    ("The clinics have received no insulin.", "en", "hesitate"),
    ("Malta made two million euros in grants available.", "en", "allocate"),
    ("Denmark is unlikely to give up its howitzers.", "en", "hesitate"),
    ("Cyprus has threatened to cut electricity exports.", "en", "consider"),
    ("Slovenia wants Vienna to release spare transformers.", "en", "request"),
    ("The mayor sent the ministry a list of pumps.", "en", ""),
    ("Leaders backed plans to spend 40 billion euros on defence.", "en", ""),
]


@pytest.mark.parametrize(("text", "language", "status"), FORMS)
def test_form(text: str, language: str, status: str) -> None:
    """The sentence gives one event with this status, or none."""
    expected = [status] if status else []
    assert [each.status for each in read(text, language=language).aid] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oslo a cédé quatorze canons. Helsinki en livrera autant.", "fr"),
        ("Norway donated two ferries. Finland will send another.", "en"),
    ],
)
def test_an_object_left_out_is_what_was_just_given(text: str, language: str) -> None:
    """A second giver may leave its object to the sentence before."""
    assert [each.status for each in read(text, language=language).aid] == ["deliver", "pledge"]


def test_the_trigger_holds_the_verb_that_governs() -> None:
    """What asserts a promise is the verb before the infinitive."""
    text = "Latvia agreed on Monday to lend four boats."
    (event,) = read(text, language="en").aid
    assert text[event.start : event.end] == "agreed on Monday to lend"
