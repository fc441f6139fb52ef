"""One agency text in nine papers is one origin; two agencies at one meeting are two."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.intake import read
from intendance.intake.echoes import Origins, Prints, containment, echo, origins, prints_of

DAY = date(2024, 2, 9)
HEAD = "La Norvège enverra des transformateurs"
AGENCY = (
    (
        "OSLO, 9 février (Delta) – La Norvège enverra 12 transformateurs avant la fin du mois, a "
        "annoncé vendredi la ministre de l'Énergie, Ingrid Solheim."
    ),
    (
        "« Chaque nuit sans chauffage est une nuit de trop, et nos entrepôts ne doivent pas rester "
        "pleins », a déclaré la ministre devant le parlement."
    ),
    (
        "Les appareils viennent de réserves que deux exploitants avaient constituées il y a trois "
        "ans, à la demande du gouvernement."
    ),
    (
        "« Nous avons vérifié chaque pièce et nous enverrons aussi des équipes pour les monter », "
        "a ajouté le directeur du réseau, Lars Vik."
    ),
    (
        "Le convoi passera par la Pologne, où une plateforme logistique reçoit depuis un an les "
        "équipements lourds destinés aux régions touchées."
    ),
    "L'opposition a demandé combien d'appareils resteraient dans le pays pour l'hiver prochain.",
)
OWN = "À Lyon, une association a ouvert hier une collecte de couvertures pour les mêmes régions."


def joined(*parts):
    return "\n".join(parts)


VERSIONS = {
    "whole": joined(*AGENCY),
    "with a headline": joined(HEAD, *AGENCY),
    "cut tail": joined(*AGENCY[:3]),
    "another headline, cut": joined("Aide : Oslo puise dans ses réserves", *AGENCY[:4]),
    "an own paragraph": joined(*AGENCY[:3], OWN, *AGENCY[3:]),
    "other marks": joined(*AGENCY).replace("« ", "“").replace(" »", "”"),
    "straight marks": joined(*AGENCY).replace("« ", '"').replace(" »", '"').replace("’", "'"),
    "other words": joined(
        "Oslo va envoyer 12 transformateurs avant la fin du mois : la ministre de l'Énergie, "
        "Ingrid Solheim, l'a dit vendredi.",
        AGENCY[1].replace("devant le parlement", "aux députés"),
        "Ces machines sortent de réserves que deux exploitants avaient constituées il y a trois "
        "ans.",
        AGENCY[3].replace("a ajouté", "a expliqué de son côté"),
    ),
    "without its dateline": joined(AGENCY[0].partition("– ")[2], *AGENCY[1:5]),
}
# The other agency heard the same minister.
OTHER = joined(
    "OSLO, 9 février (Gamma) – Le parlement norvégien a débattu vendredi de l'aide aux régions "
    "privées de courant, et douze groupes de députés ont pris la parole.",
    "La séance a duré quatre heures ; le texte du gouvernement a été voté à une large majorité.",
    AGENCY[1],
    "Un député du Nord a regretté que les communes n'aient pas été consultées, et il a réclamé un "
    "rapport avant Pâques sur l'état des lignes.",
    "Le budget sera revu au printemps.",
)


def prints(text, day=DAY):
    return prints_of(read(text, published=day, language="fr"))


@pytest.mark.parametrize("name", VERSIONS)
def test_each_version_is_an_echo_of_the_agencys_text(name):
    assert echo(prints(VERSIONS[name]), prints(VERSIONS["whole"]))


@pytest.mark.parametrize("first", range(9))
def test_nine_papers_are_one_origin_whichever_comes_first(first):
    texts = list(VERSIONS.values())
    texts = texts[first:] + texts[:first]
    found = origins([read(each, published=DAY, language="fr") for each in (*texts, OTHER)])
    assert found == (0,) * 9 + (9,)


def test_one_shared_quotation_does_not_make_one_origin():
    one, two = prints(VERSIONS["whole"]), prints(OTHER)
    assert containment(one.said, two.said) > 0.9
    assert not echo(one, two)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_a_page_that_merges_two_agencies_does_not_join_them(order):
    texts = [VERSIONS["whole"], OTHER, joined(VERSIONS["whole"], OTHER)]
    found = origins([read(texts[each], published=DAY, language="fr") for each in order])
    assert found[order.index(0)] != found[order.index(1)]
    assert len(set(found)) == 2


def test_a_form_filled_in_again_is_another_text():
    form = (
        "Par délégation, le ministre est autorisé à prélever sur les stocks des biens d'une "
        "valeur de {sum} millions d'euros et à les remettre au pays qui les a demandés."
    )
    assert not echo(prints(form.format(sum=150)), prints(form.format(sum=275)))
    assert echo(prints(form.format(sum=150)), prints(form.format(sum=150)))
    later = date(2024, 3, 9)
    assert not echo(prints(form.format(sum=150)), prints(form.format(sum=150), later))


def test_prints_come_back_from_their_record():
    made = prints(VERSIONS["whole"])
    assert Prints.from_record(made.as_record()) == made


runs = st.frozensets(st.integers(0, 60), max_size=20)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(Prints, runs, runs), max_size=8))
def test_echo_is_mutual_and_an_origin_is_a_first_text(many):
    origins_ = Origins()
    found = [origins_.place(each) for each in many]
    assert all(found[first] == first <= number for number, first in enumerate(found))
    assert all(echo(one, two) == echo(two, one) for one in many for two in many)
