"""A text is read in its own language, or refused when no pack is for it."""

from __future__ import annotations

import pytest

from intendance.errors import InputError
from intendance.intake import language, read

FOREIGN = [
    "Министр заявил, что танки будут отправлены в ближайшее время, и поблагодарил всех.",
    (
        "El ministro dijo que los tanques llegarán el viernes y que el gobierno enviará más ayuda "
        "a los refugiados del sur. Según su portavoz, las obras se han retrasado por la lluvia."
    ),
    (
        "Il ministro ha detto che i carri arriveranno venerdì e che il governo invierà altri aiuti "
        "alla popolazione. Non sono ancora partiti, e il sindaco della città chiede di più per gli "
        "sfollati che dormono nel palazzetto."
    ),
    (
        "O ministro disse que os tanques chegarão na sexta-feira e que o governo enviará mais "
        "ajuda. Os moradores não têm água e as estradas do sul foram fechadas pela chuva."
    ),
    (
        "De minister zei dat de tanks vrijdag aankomen en dat de regering meer hulp zal sturen. "
        "Het is niet genoeg voor de mensen die door het water zijn getroffen, zei ook de koning."
    ),
    (
        "Minister powiedział, że czołgi dotrą w piątek i że rząd wyśle więcej pomocy do regionu. "
        "Nie jest to jednak dużo dla ludzi, którzy po powodzi są bez prądu, a ich domy się palą."
    ),
    "قال الوزير إن الدبابات ستصل يوم الجمعة وإن الحكومة سترسل المزيد من المساعدات",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_language_without_a_pack_is_refused_unless_it_is_named(text):
    with pytest.raises(InputError, match="pack") as caught:
        read(text)
    assert caught.value.exit_code == 3
    assert read(text, language="fr").document.language == "fr"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("OTAN", "fr"),
        ("Ok.", "fr"),
        ("« El pueblo unido », chantait la foule dans les rues de Quito, selon la radio.", "fr"),
        ("The slogan « El pueblo unido » was on the walls of the town, she said.", "en"),
        ("Die Lage ist ernst, sagte der Minister für die Energie.", "de"),
    ],
)
def test_short_and_mixed_texts_are_never_refused(text, code):
    assert language.guess(text) == code
