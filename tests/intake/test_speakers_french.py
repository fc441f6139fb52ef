"""French speakers: a set of own sentences, each with whom the reader must name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intendance.intake import read

_LINES = (Path(__file__).parent / "speakers_fr.txt").read_text("utf-8").splitlines()
CASES = [tuple(line.split(" => ")) for line in _LINES if line and not line.startswith("#")]


def _plain(name: str) -> str:
    return name.lower().replace("’", "'")


@pytest.mark.parametrize(("text", "names"), CASES)
def test_a_french_sentence_names_who_speaks(text: str, names: str) -> None:
    """Every statement has its speaker; "-" stands where nobody can tell."""
    said = read(text, published=date(2025, 3, 12), language="fr").statements
    assert [_plain(each.speaker_name or "-") for each in said] == [
        _plain(name) for name in names.split("; ")
    ]


def test_the_set_is_large_enough_to_say_something() -> None:
    assert len(CASES) >= 80
