"""English turns of phrase that a stranger's articles showed: who speaks, as what, and how far.

A case gives its statements in the text's order: the act, who speaks, the first and last words.
"""

from __future__ import annotations

import pytest

from intendance.intake import read

CASES: list[tuple[str, list[tuple[str, str | None, str, str]]]] = [
    # particles inside a name
    ("Dutch Foreign Minister Sanne de Boer said on Monday that the boats had left.",
     [("declare", "Sanne de Boer", "that", "left")]),
    ('"The boats are gone," said Marie-Eve d\'Orval.',
     [("declare", "Marie-Eve d'Orval", '"The', 'gone,"')]),
    # a verb is no part of a name, and what is denied no verb
    ("Ines Roth denied reports that the boats had been sold.",
     [("deny", "Ines Roth", "that", "sold")]),
    ("Ines Roth dismissed claims that the boats had been sold.",
     [("declare", "Ines Roth", "claims", "sold")]),
    ("EU ministers gathered in Riga on Friday pledged lasting support for Veland.",
     [("pledge", "EU ministers", "lasting", "Veland")]),
    ("Donors meeting in Riga pledged nearly $6 billion for Veland, including loans.",
     [("pledge", "Donors", "nearly", "loans")]),
    ("Arland sought permission to enter the port.", [("request", "Arland", "permission", "port")]),
    # not said at all
    ("Roth declined to say how many boats had been lost.", []),
    ("Roth refused to say when the boats would leave.", []),
    # said before, said on
    ("The sums were wrong, its auditor, Piet Holm, had conceded the day before.",
     [("declare", "Piet Holm", "The sums", "wrong")]),
    ('Ines Roth runs the port. "Our friends ask," she went on, "whether we can pay."',
     [("declare", "Ines Roth", '"Our', 'pay."')]),
    ("Ana Roth, whose White Gulls have pleaded for cranes, left.",
     [("request", "White Gulls", "for", "cranes")]),
    # for whom
    ('Klara Wirth of the group Port Watch, for whom "the counting of boats is an art", left.',
     [("declare", "Klara Wirth", '"the', 'art"')]),
    ('"Where are the cranes?" asked Idris Hamo, whose White Gulls pleaded for them. "We got none."',
     [("declare", "Idris Hamo", '"Where', '?"'), ("request", "White Gulls", "for them", "them"),
      ("declare", "Idris Hamo", '"We', 'none."')]),
    ("The port lacks cranes, Hamo was quoted as saying by the Riga News.",
     [("declare", "Hamo", "The port", "cranes")]),
    # a sum is pledged for a deed; "the organization" is the body just named
    ("Donors pledged $60 billion to rebuild Veland.",
     [("pledge", "Donors", "$60", "Veland")]),
    ("The Red Cross opened a depot in Riga. Fuel is short, said the organization.",
     [("declare", "Red Cross", "Fuel", "short")]),
    ("The head of the Northern Committee of the Red Cross came. Fuel is short, said the agency.",
     [("declare", "Northern Committee of the Red Cross", "Fuel", "short")]),
    ("NATO and the Red Cross opened a depot in Riga. Fuel is short, said the organization.",
     [("declare", "organization", "Fuel", "short")]),
    # a second verb behind "and has"
    ("Arland's parliament disputes the loan and has called for a vote.",
     [("deny", "Arland's parliament", "the loan", "loan"),
      ("request", "Arland's parliament", "for a", "vote")]),
    # where what is promised or asked ends
    ("Arland undertook to deliver five boats, while Veland is thinking of sending pumps.",
     [("pledge", "Arland", "to deliver", "boats")]),
    ("The mayor, who has been pleading for pumps for weeks, arrived on Tuesday in Riga.",
     [("request", "mayor", "for pumps", "weeks")]),
    # a letter asks
    ('Ten deputies wrote to the president demanding that he name a "tsar".',
     [("request", "Ten deputies", "that he", '"tsar"')]),
    # an appositive of what was said
    ('Arland\'s premier accused Riga of "needless delay", remarks her peer described as "foolish".',
     [("declare", "Arland's premier", 'of "', 'delay"'),
      ("declare", "peer", "as", '"foolish"')]),
    ('Arland cut its share by half, a decision critics described as "reckless".',
     [("declare", "critics", "as", '"reckless"')]),
    # asked something, somebody answers
    ('Ines Roth came late. Asked where the boats were, she was evasive: "With old friends."',
     [("declare", "Ines Roth", '"With', 'friends."')]),
    # a headline without a verb
    ('Dock union chief "hopeful" strike will end soon\n\nThe port is shut.',
     [("declare", "Dock union chief", '"hopeful"', "soon")]),
    # a ruling
    ('Arland will not part with "a single one" of its boats, Defence Minister Nils Aho ruled.',
     [("declare", "Nils Aho", "Arland", "boats")]),
    ("Arland ruled out sending boats.", []),
    ("King Olav ruled the island for years.", []),
    # the denial inside a report
    ("The Riga Council has not ruled out blocking the funds, the daily Der Nord reported.",
     [("declare", "Der Nord", "The Riga", "funds"), ("deny", "Riga Council", "blocking", "funds")]),
    # a name of war speaks
    ('The unit is new. "Badger" said it had two boats.',
     [("declare", "Badger", "it had", "boats")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_turn_of_phrase_is_read(
    text: str, wanted: list[tuple[str, str | None, str, str]]
) -> None:
    said = read(text, language="en").statements
    assert [(each.act, each.speaker_name) for each in said] == [case[:2] for case in wanted]
    for each, (_, _, first, last) in zip(said, wanted, strict=True):
        assert each.content.startswith(first)
        assert each.content.endswith(last)


def test_a_preposition_before_a_quotation_makes_it_mixed() -> None:
    said = read('Arland\'s premier accused the allies of "needless delay".', language="en")
    assert [each.type for each in said.statements] == ["mixed"]
