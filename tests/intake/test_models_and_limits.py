"""A model names the item, and what follows a recipient is not part of it."""

from __future__ import annotations

import pytest

from intendance.intake import read

COUNTED = {
    ("La Pologne livrera 14 chars Leopard 2A6.", "fr"): "leopard-2a6",
    ("Germany has delivered 18 Leopard 2A6 tanks.", "en"): "leopard-2a6",
    ("La France a livré 18 canons Caesar.", "fr"): "caesar",
    ("Poland will send 40 tanks.", "en"): "tank",
}


@pytest.mark.parametrize(("text", "language"), COUNTED)
def test_a_model_names_the_item(text: str, language: str) -> None:
    (counted,) = read(text, language=language).quantities
    assert counted.item == COUNTED[text, language]


@pytest.mark.parametrize("until", ["d'ici à la fin du mois", "d'ici l'été", "d’ici mars"])
def test_a_recipient_ends_before_its_date(until: str) -> None:
    (aid,) = read(f"La Pologne livrera 14 chars à l'Ukraine {until}.", language="fr").aid
    assert aid.recipient == "l'Ukraine"
