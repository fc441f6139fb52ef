"""The reference tables: complete, unambiguous, French and English."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from babel import Locale

from intendance.model import catalogue
from intendance.model.catalogue import capabilities, find_item, find_party, fold, items, parties

RAW = Path(__file__).parents[2] / "../shared/data/kiel"
COLUMNS = {"parties": ("name", "french", "code"), "items": ("name", "english", "french")}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_no_spelling_means_two_things(name: str) -> None:
    """Each folded alias leads to exactly one row."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in catalogue.table(name):
        for alias in (*(row[each] for each in COLUMNS[name]), *row["aliases"].split(";")):
            meanings[fold(alias)].add(row["name"])
    meanings.pop("", None)
    assert {alias: names for alias, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", ["parties", "items", "capabilities"])
def test_every_row_is_named_once_and_in_both_languages(name: str) -> None:
    """No duplicate name, no blank French, no stray blanks."""
    rows = catalogue.table(name)
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert row["french"]
        for value in row.values():
            assert value == value.strip()


def test_items_and_capabilities_fit_each_other() -> None:
    """Each item has a capability of the table, and each capability has an item."""
    given = {item.capability for item in items().values()}
    assert given == set(capabilities())
    assert len(items()) >= 150


def test_states_carry_the_names_of_the_standard() -> None:
    """Codes are ISO 3166-1; the CLDR names of each code in both languages find the same state."""
    english, french = (Locale(language).territories for language in ("en", "fr"))
    for party in parties().values():
        if party.kind != "state":
            continue
        assert party.code in english, party
        assert find_party(english[party.code]) == party, english[party.code]
        if party.code not in {"CG", "CD", "MM", "PS", "VA"}:  # CLDR has other common names
            assert fold(party.french) == fold(french[party.code])


def test_all_members_of_the_united_nations_are_there() -> None:
    """193 members, and a rough centre within the globe for each."""
    states = [party for party in parties().values() if party.kind == "state"]
    beside = {"TW", "XK", "PS", "VA"}
    assert len({party.code for party in states} - beside) == 193
    for party in parties().values():
        assert party.latitude is not None
        assert party.longitude is not None
        assert abs(party.latitude) <= 90
        assert abs(party.longitude) <= 180


def test_groups_have_their_present_size() -> None:
    """27 in the Union; 32 in NATO with Finland (2023) and Sweden (2024); seven in the G7."""
    states = [party for party in parties().values() if party.kind == "state"]
    sizes = {name: sum(name in party.groups for party in states) for name in ("EU", "NATO", "G7")}
    assert sizes == {"EU": 27, "NATO": 32, "G7": 7}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FInland", "Finland"),
        ("Czechia", "Czech Republic"),
        ("Türkiye", "Turkey"),
        ("UK", "United Kingdom"),
        ("  États-Unis d’Amérique ", "United States"),
        ("Commission européenne", "EU (Commission and Council)"),
        ("Corée du Sud", "South Korea"),
    ],
)
def test_spellings_of_a_party(text: str, name: str) -> None:
    """Native, French and misspelt names lead to the tracker's name."""
    found = find_party(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D-30 Howitzer", "d-30"),
        ("d-30 howitzer", "d-30"),
        ("groupe électrogène", "generator"),
        ("Transformateurs", "transformer"),
        ("Armoured High Mobility Multipurpose Wheeled Vehicle", "humvee"),
        ("Armored High Mobility Multipurpose Wheeled Vehicle", "humvee"),
        ("round of ammunition for 155mm howitzer", "round-155"),
        ("hôpital de campagne", "field-hospital"),
    ],
)
def test_spellings_of_an_item(text: str, name: str) -> None:
    """One thing spelt in several ways is one item."""
    found = find_item(text)
    assert found is not None
    assert found.name == name
    assert find_item(text + " with wings") is None


@pytest.mark.skipif(not RAW.exists(), reason="the raw files stand beside the checkout")
@pytest.mark.parametrize("file", sorted(RAW.glob("*.csv")), ids=lambda path: path.name[:3])
def test_the_tracker_is_covered(file: Path) -> None:
    """Every donor of the tracker is known, and nine item rows in ten."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    donor_column = "Countries" if "Countries" in rows[0] else "countries"
    assert [row[donor_column] for row in rows if find_party(row[donor_column]) is None] == []
    texts = [row.get("Items") or row.get("Item") or "." for row in rows]
    named = [text for text in texts if text != "."]
    assert sum(find_item(text) is not None for text in named) >= 0.9 * len(named)
