"""English agency style: own sentences of classes that real articles showed, each with what is said.

A case gives its statements in the text's order: who speaks and the first words of the content.
"""

from __future__ import annotations

import pytest

from intendance.intake import read

CASES: list[tuple[str, list[tuple[str | None, str]]]] = [
    # who is described by age or trade
    ('"Time is what we lack," said 44-year-old teacher Idris al-Masri, whose sons were hurt.',
     [("Idris al-Masri", '"Time')]),
    ("Geophysicist Susan Palmer said people can feel aftershocks that register as little as 2.0.",
     [("Susan Palmer", "people can")]),
    ("A camp has taken in 500 people since shots were heard, said camp secretary Aime Mulume.",
     [("Aime Mulume", "A camp")]),
    # groups in small letters speak
    ("The true toll could be far higher, officials say.", [("officials", "The true")]),
    ("The fever has killed dozens of people, health authorities said.",
     [("health authorities", "The fever")]),
    ("But Etienne may have drunk from a pipe, and rescuers said she spoke of soda.",
     [("rescuers", "she spoke")]),
    ("However aid workers describe a chaotic scene at the port.",
     [("aid workers", "a chaotic")]),
    ("People in Port Lucie said the tremor was weaker than others.", [("People", "the tremor")]),
    ("While eastern states say a road map should be offered, Arland is wary.",
     [("eastern states", "a road map")]),
    # the "that" of a relative clause is no cue's
    ("Carter said the alliance has to accept the chance that the raid points to a campaign.",
     [("Carter", "the alliance")]),
    ("Germany has said it sees no signs that the choice is political.", [("Germany", "it sees")]),
    # relative clauses around the subject
    ("Ahmed Misrati, the envoy of an army that holds the east, said the dams had burst.",
     [("Ahmed Misrati", "the dams")]),
    ("The sacks came from a truck which local official Musa Hayani said had been sent by Rabat.",
     [("Musa Hayani", "had been")]),
    # names
    ("The NATO Secretary General Jens Holm came. The Secretary General stated that all was well.",
     [("Jens Holm", "that all")]),
    ('The load is here, the U.S. Embassy said on Saturday. "We will go on," it said on Facebook.',
     [("U.S. Embassy", "The load"), ("U.S. Embassy", '"We will')]),
    ('"We thought she was dead," her cousin, Jocelyn A. St. Clair, said in a call.',
     [("Jocelyn A. St. Clair", '"We')]),
    ("Ten people are missing, according to the International League of Red Doves and Kites.",
     [("International League of Red Doves and Kites", "Ten")]),
    ("Minister for Planning and Development Ahsan Rafiq said that 30 million people had fled.",
     [("Ahsan Rafiq", "that 30")]),
    ("The UN Resident and Humanitarian Coordinator in Tar, Lynn Harding, voiced concern over it.",
     [("Lynn Harding", "concern")]),
    ("The US last week announced it had sent munitions.", [("US", "it had")]),
    ("Mona al-Hakim, head of the ward, said beds were short. Hakim said help was near.",
     [("Mona al-Hakim", "beds"), ("Mona al-Hakim", "help")]),
    ('Veland\'s climate minister said the state drowned. "Enough," climate minister Ida Rahm said.',
     [("Ida Rahm", "the state"), ("Ida Rahm", '"Enough,"')]),
    # what a ministry goes on to say
    ("Help is here, the interior ministry said. It noted the teams were at work.",
     [("interior ministry", "Help"), ("interior ministry", "the teams")]),
    # marks: two curly apostrophes close a quotation
    ("“It’s a catastrophe,’’ said villager Salah Anchou, 28. “We don’t know what comes.”",
     [("Salah Anchou", "“It"), ("Salah Anchou", "“We")]),
    # told whom, then the clause
    ("Minister Elina Valta told Al Jazeera the alliance was “committed to staying in the north”.",
     [("Elina Valta", "the alliance")]),
    # no verbs of saying
    ("Spain said it sent 56 rescuers after a formal request for help.", [("Spain", "it sent")]),
    ("The minister said at least 354 confirmed cases had been found.",
     [("minister", "at least")]),
    ("Damage could cost $10 billion if early estimates are correct, the minister said.",
     [("minister", "Damage")]),
    ("The man heard her voice and saw a lock of hair in the rubble.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_sentence_of_agency_style_is_read(
    text: str, wanted: list[tuple[str | None, str]]
) -> None:
    said = read(text, language="en").statements
    assert [each.speaker_name for each in said] == [name for name, _ in wanted]
    for each, (_, first) in zip(said, wanted, strict=True):
        assert each.content.startswith(first)
