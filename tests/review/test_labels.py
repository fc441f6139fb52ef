"""Words for what the record holds: French where it is known, the record's own words where not."""

from __future__ import annotations

import pytest

from intendance.review import labels
from intendance.review.typography import Typography

FRENCH = Typography("fr")
ENGLISH = Typography("en")


def test_a_packages_items_are_named_in_french() -> None:
    text = "Challenger 2 tank, armoured vehicle, AS-90 155 mm howitzer and 7 more"
    shown = labels.thing("", text, FRENCH)
    assert shown.startswith("char Challenger 2, ")
    assert shown.endswith((" et 7\u00a0autres", " et 7 autres"))
    assert labels.thing("", text, ENGLISH) == text


def test_what_nobody_has_translated_stays_as_it_was_recorded() -> None:
    assert labels.thing("", "an unheard-of thing, and more", FRENCH) == (
        "an unheard-of thing, and more"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ukraine Support Tracker, release 9", "Ukraine Support Tracker, version 9"),
        ("Illustration, state 2", "Illustration, état 2"),
        ("V. Zaluzhnyi, commander-in-chief", "V. Zaloujny, commandant en chef"),
        ("A paper, page 3", "A paper, page 3"),
    ],
)
def test_documents_and_speakers_are_french_where_they_are_known(name: str, shown: str) -> None:
    assert labels.document(name, FRENCH) == shown
    assert labels.document(name, ENGLISH) == name
