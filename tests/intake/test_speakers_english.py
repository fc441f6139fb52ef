"""English speakers: own sentences, each with whom the reader must name."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.intake import read

CASES = [
    ("Gen. Karel Hajek told reporters the first guns had left. “No ceremony,” the general added.",
     ["Karel Hajek", "Karel Hajek"]),
    (("Days after the flood, Nora Lindt still sleeps in her car. “They promised us tents,” the "
     "34-year-old nurse said."), ["Nora Lindt"]),
    ("According to a statement issued by the mayor's office, the bridge is closed.",
     ["mayor's office"]),
    (("The bank lent 40 million euros; Oslo gave 5 million, its envoy, Per Dahl, announced on X. "
     "Brussels said it would follow."), ["Per Dahl", "Brussels"]),
    ("The council backed the plan, with Poland's premier hailing “a turning point”.",
     ["Poland's premier"]),
    ("In London, Defence Secretary Ann Hale told the House of Commons Britain had signed.",
     ["Ann Hale"]),
    ("The 48-year-old engineer estimated the damage at $400 million.", ["48-year-old engineer"]),
    ("The minister, Jan Novak, asked why it had taken a year.", ["Jan Novak"]),
    ("Rescuers fear for dozens of people, said Lt. Col. Rosa Vidal of the brigade.",
     ["Rosa Vidal"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), CASES)
def test_an_english_sentence_names_who_speaks(text: str, names: list[str]) -> None:
    said = read(text, published=date(2025, 3, 12), language="en").statements
    assert [each.speaker_name for each in said] == names


@pytest.mark.parametrize(
    "text",
    ["Anna Berg ", "van der", "le général de", "selon X,", "a-t-on appris de", "asked", "M. de"],
)
def test_a_text_that_breaks_off_is_read_without_error(text: str) -> None:
    for language in ("en", "fr"):
        assert read(text, language=language).document.text == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Defence Minister Ana de Ruiz said all was ready.", [("Ana de Ruiz", "declare")]),
        ("Ana Ruiz denied reports that trucks had been sent.", [("Ana Ruiz", "deny")]),
        ("Ana Ruiz denied claims that trucks had been sent.", [("Ana Ruiz", "deny")]),
        ('Two lawmakers saw the port. "It is full," she said.', [(None, "declare")]),
    ],
)
def test_particles_nouns_behind_a_verb_and_several_people(text, wanted):
    found = read(text, language="en").statements
    assert [(each.speaker_name, each.act) for each in found] == wanted
