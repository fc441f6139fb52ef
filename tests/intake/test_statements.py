"""Forms of statements, one sentence each: what is content, who speaks, which act."""

from __future__ import annotations

import pytest

from intendance.intake import read

CASES = [
    # text, language, [(content, speaker_name, type, act)]
    ("« Nous livrerons », a déclaré le ministre Paul Durand.", "fr",
     [("« Nous livrerons »", "Paul Durand", "direct", "declare")]),
    ("Le maire Jean Petit a affirmé que l'eau montait.", "fr",
     [("que l'eau montait", "Jean Petit", "indirect", "declare")]),
    ("Selon l'ONU, 300 familles ont fui.", "fr",
     [("300 familles ont fui", "ONU", "indirect", "declare")]),
    ("D'après le maire, l'eau monte.", "fr", [("l'eau monte", "maire", "indirect", "declare")]),
    ("L'eau monte, a indiqué la préfecture.", "fr",
     [("L'eau monte", "préfecture", "indirect", "declare")]),
    ("Anne Berg a promis de livrer 40 pompes.", "fr",
     [("de livrer 40 pompes", "Anne Berg", "indirect", "pledge")]),
    ("Oslo s'est engagé à verser 3 millions d'euros.", "fr",
     [("à verser 3 millions d'euros", "Oslo", "indirect", "pledge")]),
    ("Kiev demande des munitions, mais Berlin hésite.", "fr",
     [("des munitions", "Kiev", "indirect", "request")]),
    ("Le ministre a démenti tout retard.", "fr", [("tout retard", "ministre", "indirect", "deny")]),
    ("Pour le maire, Jean Petit, « c'est trop tard ».", "fr",
     [("« c'est trop tard »", "Jean Petit", "direct", "declare")]),
    ("L'eau monte, a fait savoir la préfecture.", "fr",
     [("L'eau monte", "préfecture", "indirect", "declare")]),
    ('"We will go," said Ann Lee, the mayor of Hull.', "en",
     [('"We will go,"', "Ann Lee", "direct", "declare")]),
    ("Germany will send tents, Defense Minister Boris Pistorius said Tuesday.", "en",
     [("Germany will send tents", "Boris Pistorius", "indirect", "declare")]),
    ("The mayor said the river was rising.", "en",
     [("the river was rising", "mayor", "indirect", "declare")]),
    ("The governor urged donors to send pumps.", "en",
     [("to send pumps", "governor", "indirect", "request")]),
    ("The ministry denied that aid was late.", "en",
     [("that aid was late", "ministry", "indirect", "deny")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "wanted"), CASES, ids=[case[0][:30] for case in CASES]
)
def test_form(text: str, language: str, wanted: list) -> None:
    """The sentence gives exactly these statements."""
    found = read(text, language=language).statements
    assert [(e.content, e.speaker_name, e.type, e.act) for e in found] == wanted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le tribunal l'a déclaré coupable.", "fr"),
        ("Ce résultat témoigne d'une belle solidarité.", "fr"),
        ("La « drôle de guerre » a pris fin.", "fr"),
        ("Le film « Un prophète » sort mercredi.", "fr"),
        ("L'annonce a surpris.", "fr"),
        ("The United States has 50 bases.", "en"),
        ('The so-called "dark fleet" sailed.', "en"),
    ],
)
def test_no_statement(text: str, language: str) -> None:
    """Scare quotes, titles, verdicts and things that testify are no statements."""
    assert read(text, language=language).statements == ()


def test_interrupted_quotation_is_one_statement() -> None:
    """The two parts replay and leave the cue out."""
    text = "« Nous livrerons, a assuré le ministre, quarante pompes. »"
    (said,) = read(text, language="fr").statements
    assert [text[a:b] for a, b in said.parts] == ["« Nous livrerons", "quarante pompes. »"]
    assert (said.speaker_name, said.type) == ("ministre", "direct")


def test_floating_quotation_has_no_speaker_but_a_name() -> None:
    """A quotation in a new sentence without a cue is its own statement."""
    first, second = read('"On manque de tout", dit Paul Roy. "Il faut de l\'eau."').statements
    assert second.speaker is None
    assert first.speaker_name == second.speaker_name == "Paul Roy"


def test_pronoun_without_antecedent_stays_open() -> None:
    """An unsure name is None."""
    (said,) = read("Il a estimé que la route était coupée.", language="fr").statements
    assert (said.speaker, said.speaker_name) == ("Il", None)


def test_feminine_pronoun_skips_a_man() -> None:
    """Gender decides between two people of a paragraph."""
    text = (
        "La ministre Anne Berg a salué cet effort. Le général Paul Roy a souri. "
        "« Nous irons plus loin », a-t-elle dit."
    )
    assert read(text, language="fr").statements[-1].speaker_name == "Anne Berg"


def test_dateline_is_outside_the_content() -> None:
    """Place, date and agency before the dash are no part of what was said."""
    text = "BRUXELLES, 21 avril (Agence) – L'eau monte, a indiqué la préfecture."
    reading = read(text, language="fr")
    assert reading.statements[0].content == "L'eau monte"
    assert reading.document.reported_by == "Agence"


@pytest.mark.parametrize("marks", ["«  »", "“”", "„“", '""', "„”"])
def test_all_quotation_marks(marks: str) -> None:
    """Every kind of marks bounds a direct statement."""
    text = f"{marks[0]}Nous tiendrons encore longtemps{marks[-1]}, a dit Paul Roy."
    (said,) = read(text, language="fr").statements
    assert said.type == "direct"
    assert said.content == text[: text.index(", a dit")]


def test_unclosed_quotation_ends_with_its_paragraph() -> None:
    """A mark that is never closed does not swallow the next paragraph."""
    reading = read("« Nous tiendrons, dit-il.\nLe maire Jean Petit a dit que l'eau monte.")
    assert reading.statements[-1].speaker_name == "Jean Petit"
