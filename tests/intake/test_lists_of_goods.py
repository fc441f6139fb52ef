"""A list of goods is a proposal for each: nothing that was promised is lost on its way."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "fr",
            "La Norvège livrera 40 blindés Marder, 25 chars Leopard 1A5 et 20 000 obus à Kiev.",
            [("marder", "40"), ("leopard-1", "25"), ("round-artillery", "20000")],
        ),
        (
            "en",
            "Norway will deliver 12 ambulances, 30 generators and 2,000 tents to Turkey.",
            [("ambulance", "12"), ("generator", "30"), ("tent", "2000")],
        ),
        (
            "fr",
            "Kiev a besoin de 300 transformateurs, de 40 groupes électrogènes et de 9 tentes.",
            [("transformer", "300"), ("generator", "40"), ("tent", "9")],
        ),
        ("fr", "La Suède a livré 12 tentes, dont 4 chauffées, à 3 hôpitaux.", [("tent", "12")]),
        ("en", "Oslo promised 10 trucks and Paris 20 boats.", [("truck", "10")]),
    ],
)
def test_each_thing_of_a_list_is_proposed(language, text, wanted):
    reading = read(text, published=date(2024, 7, 19), language=language)
    found = [(p.fields["item"], p.fields["quantity_low"]) for p in reading.proposals]
    assert found == wanted


def test_the_sum_of_a_list_counts_once():
    text = "L'Espagne a annoncé un paquet de 70 millions d'euros, comprenant 40 chars et 25 canons."
    reading = read(text, published=date(2024, 7, 19), language="fr")
    first, second = reading.proposals
    assert (first.fields["amount_low"], first.fields["items"]) == ("70000000", ["chars"])
    assert "amount_low" not in second.fields
    assert second.fields["items"] == ["canons"]
    assert all(reading.document.text[a:b] for a, b in second.spans)
