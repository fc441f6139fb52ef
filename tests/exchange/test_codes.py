"""Places and organisations by any spelling; points lie where they should."""

from __future__ import annotations

from collections import Counter
from math import cos, hypot, radians

import pytest

from intendance.errors import InputError
from intendance.exchange.codes import find_place, place_name, places
from intendance.exchange.organisations import THREE_LETTERS, organisation, recipient_of
from intendance.ledger.rates import table_from
from intendance.model.catalogue import find_party, fold, parties


def test_codes_are_unique_and_countries_known():
    found = list(places().values())
    assert len(found) >= 130
    assert max(Counter(each.code for each in found).values()) == 1
    for each in found:
        assert each.code[:2] == each.country
        assert len(each.code) == 5
        assert find_party(each.country), each


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Kyiv", 50.45, 30.52),
        ("Lviv", 49.84, 24.03),
        ("Rzeszow", 50.04, 22.00),
        ("Constanta", 44.18, 28.65),
        ("Dover", 39.16, -75.52),
        ("Ramstein", 49.44, 7.55),
        ("Sydney", -33.87, 151.21),
        ("Halifax", 44.65, -63.57),
        ("Vinnytsia", 49.23, 28.47),
        ("Alexandroupoli", 40.85, 25.87),
    ],
)
def test_a_point_lies_where_the_town_is(name, latitude, longitude):
    place = places()[name]
    north = place.latitude - latitude
    east = (place.longitude - longitude) * cos(radians(latitude))
    assert hypot(north, east) * 111 < 15  # kilometres


def test_no_point_is_far_from_its_neighbours():
    """A sign or a digit gone wrong puts a place far from all others of its country."""
    for place in places().values():
        party = find_party(place.country)
        if party.latitude is None or place.country in ("US", "CA", "AU"):
            continue
        assert abs(place.latitude - party.latitude) < 8, place
        assert abs(place.longitude - party.longitude) < 14, place


def test_spellings_of_places():
    assert find_place("Kiev") is find_place("UAIEV") is find_place("kyïv")
    assert (place_name("Anvers"), place_name("Deutschland"), place_name(" a  b ")) == (
        "Antwerp", "Germany", "a b",
    )  # fmt: skip
    spelled = Counter(fold(name) for name in places())
    assert max(spelled.values()) == 1


def test_organisations_of_states_become_the_states():
    assert organisation("Netherlands, Government of the") == "Netherlands"
    assert organisation("GOVERNMENT OF JAPAN") == "Japan"
    assert organisation("United States of America, Government of") == "United States"
    assert organisation("  Save   the Children ") == "Save the Children"


def test_three_letter_codes_name_the_party_of_the_two_letter_ones():
    assert recipient_of("UKR") == recipient_of("ua") == recipient_of("Ukraine") == "Ukraine"
    codes = {each.code for each in parties().values() if each.kind == "state"}
    assert {two for two in THREE_LETTERS.values() if two not in codes} == set()


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "x"])
def test_a_table_of_rates_holds_rates(rate):
    with pytest.raises(InputError):
        table_from([["Date", "USD"], ["2023-01-31", rate]], "rates.csv")
