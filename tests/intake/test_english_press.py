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
    # marks: a straight one closes what a curly one opened
    ('“We heard voices," said Ali Sorani, whose sister is missing. Snow fell.',
     [("Ali Sorani", "“We")]),
    # who is quoted, and by whom
    ('"The rains are here," the statement quoted Lara Castel, its envoy in Tar, as saying.',
     [("Lara Castel", '"The')]),
    ("The agency quoted the mayor as saying that roads were cut.", [("mayor", "that roads")]),
    ("Anna Roy was quoted as saying the road was cut.", [("Anna Roy", "the road")]),
    ("Trucks have come, Leni Kins, the head of the field office, told The Northern Herald.",
     [("Leni Kins", "Trucks")]),
    ("Refugees are still coming, said an official from the Relief Agency.",
     [("official from the Relief Agency", "Refugees")]),
    ('"The aim is the island," Delia Moran, spokeswoman for World Harvest said on the tarmac.',
     [("Delia Moran", '"The aim')]),
    # places beside the subject
    ("A group of elders in Hatra, southern Turkey said tents were short.",
     [("group of elders", "tents")]),
    # verbs joined by "and"; gerunds behind "after" and "with"
    ("The president, Mr Joao Chivas, visited the town and said the dam would hold.",
     [("Joao Chivas", "the dam")]),
    ("The army blocked the road after saying that rebels had used it.", [("army", "that rebels")]),
    ('It issued a warning, with budget director Una Wirth bluntly writing that it was "broke".',
     [("Una Wirth", 'that it was "broke')]),
    # the words of many
    ("Many said they had walked for days.", [("Many", "they had")]),
    ("The war has killed 40 people, according to the UN and local authorities.",
     [("UN and local authorities", "The war")]),
    # an outer source and an inner one
    ("According to the league, preliminary figures indicated that 40 people had died.",
     [("league", "prelim"), ("preliminary figures", "that 40")]),
    ("Rescuer Mehdi Eril said the woman, named Ela, asked what day it was.",
     [("Mehdi Eril", "the woman"), ("woman", "what day")]),
    # no verbs of saying, nobody
    ("No country had asked for permission to send tanks.", []),
    ("The war has claimed more than 20,000 lives.", []),
    ("The road was cut due to repeated raids by gunmen that hold the east.", []),
    # what stands around the subject
    ("On Thursday Arland said it approved the reopening of the crossing.",
     [("Arland", "it approved")]),
    ("The batch is here, the port said, weeks after the Fever Board declared cases an emergency.",
     [("port", "The batch"), ("Fever Board", "cases")]),
    ("Oslo, which last month declared a halt to its support, welcomed the news.",
     [("Oslo", "a halt"), ("Oslo", "the news")]),
    ("Anton Roy said there was a need for tents, and he appealed to donors for help.",
     [("Anton Roy", "there was"), ("Anton Roy", "to donors")]),
    ("Ten doses are due, Dr. Jean Kessy, head of the Centers for Control and Help, told The Post.",
     [("Jean Kessy", "Ten doses")]),
    ("The jets will come later, Holm said at a press conference with President Ivan Vala.",
     [("Holm", "The jets")]),
    ("However, according to a statement of the league, the roads are open.",
     [("statement of the league", "the roads")]),
    ("Interior Minister Fernando Grau-Marca told radio it was “reasonable” to wait.",
     [("Fernando Grau-Marca", "it was")]),
    ("The pact announced it has word that the crossing will open.", [("pact", "it has")]),
    ("Saudia denied it was blocking ships.", [("Saudia", "it was")]),
    ("He then thanked Mazur for asking for more troops before adding that all would be reviewed.",
     [(None, "that all")]),
    ("The fund did not confirm delivery of the aid.", []),
    ("Rebels would feel the army's “wrath” in spring.", []),
    ("Only half of the sum sought by the agency has come.", []),
    # who is not named, and who stands beside several people
    ("It came as a shock, said a nurse from the camp's east, who asked not to be named.",
     [("nurse from the camp's east", "It came")]),
    ("Doctors who treated Mona Idris said she was well. “I was lucky,” she said from her bed.",
     [("Doctors", "she was"), ("Mona Idris", "“I was")]),
    ("Holm told reporters in Oslo he expected more offers.", [("Holm", "he expected")]),
    ("Speaker Tilda Wren accused the cabinet of hiding costs.", [("Tilda Wren", "of hiding")]),
    ("The minister hinted that a second sum would follow.", [("minister", "that a second")]),
    ("Rescuers said they had found 17 bodies by dawn.", [("Rescuers", "they had")]),
    # what is told behind whom and when; what others promised
    ("Roy gave nothing, but Tom Kopec, the envoy, told Radio Vala on 16 April that it was larger.",
     [("Tom Kopec", "that it")]),
    ("Arland hoped for the shells promised by its neighbour.", []),
    ("Roy and other officials disputed the figure.", [("Roy and other officials", "the figure")]),
    ("As the minister admits, the plan could be faster.", [("minister", "the plan")]),
    ("Pavel Roy doesn't give numbers but emphasizes that it was needed.",
     [("Pavel Roy", "that it was")]),
    ("Anna Holm said it was late. Envoy Ilya Kulik spoke. Kulik plans to call today, he said.",
     [("Anna Holm", "it was"), ("Ilya Kulik", "Kulik plans")]),
    ("Food will run out, according to an appeal launched by the Harvest Fund this week.",
     [("Harvest Fund", "Food")]),
    ("Tea shop owner Win Lwin picked up bricks. “Seven people died here,” he told AFP.",
     [("Win Lwin", "“Seven")]),
    ("The ore is gone, the ministry said, fearing that more would go, Reuters reported.",
     [("ministry", "The ore"), ("ministry", "that more")]),
    # whose name it is not
    ("The head of the Arland air force said Veland had sent planes. He called it a threat.",
     [("head of the Arland air force", "Veland"), ("head of the Arland air force", "it")]),
    ("French rescuers pulled out a girl. Later rescuers said she was well.",
     [("rescuers", "she was")]),
    ('They met after "dangerous" efforts to split the land, Defense Secretary Chuck Hale said.',
     [("Chuck Hale", "They met")]),
    ("Ena Zizzi, 69, said she prayed. Doctors who met Zizzi said she was dry. “I slept,” she said.",
     [("Ena Zizzi", "she prayed"), ("Doctors", "she was"), ("Ena Zizzi", "“I slept")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_sentence_of_agency_style_is_read(
    text: str, wanted: list[tuple[str | None, str]]
) -> None:
    said = read(text, language="en").statements
    assert [each.speaker_name for each in said] == [name for name, _ in wanted]
    for each, (_, first) in zip(said, wanted, strict=True):
        assert each.content.startswith(first)
