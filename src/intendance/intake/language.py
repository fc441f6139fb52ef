"""Guesses the language of a text from its commonest small words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import filterfalse
from typing import Final

from intendance.errors import InputError

_WORD: Final = re.compile(r"[^\W\d_]+")
_FOLDER: Final = "intendance.intake.packs"
# Kept here for the languages that everybody reads, so that no pack is opened to tell them apart;
# another pack names its own under ``[words] commonest``.
_SMALL: Final = {
    "fr": "le la les de des du et en un une est que qui dans pour sur pas au aux a ont par avec "
    "plus selon été son se ce",
    "en": "the of and to in a is that for on was with as it by at from has have his said were "
    "will be are an this not",
    "de": "der die das und in den von zu mit dem im des auf für ist nicht ein eine sich hat "
    "werden sind bei wie nach auch es",
}
# Languages that have no pack, so that they are not taken for one that has.
_FOREIGN: Final = {
    "es": "el la los las de del y en un una es que se a por con para su al lo como más pero "
    "según sus ha han fue este",
    "it": "il lo la gli di del della dei che e è in un una per non con da sono ha al alla "
    "nel più anche si dal hanno",
    "pt": "o os de do da dos das e em um uma que se a por com para não no na ao mais é "
    "são foi pelo pela seu",
    "nl": "de het een van en in is dat die op te voor met aan niet zijn ook door bij er naar "
    "worden wordt heeft om als",
    "pl": "w i z na się nie do że jest to o przez po od ale są dla jak oraz za ich tym",
    "cs": "v a se na je že to s z do o jako pro ve po ale jsou by podle bylo také které",
    "sv": "och att det i en som på är av för den till med de inte har om ett var från vid",
    "tr": "ve bir bu da de için ile olarak daha çok en gibi olan sonra kadar ne olduğu",
}
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LEAST: Final = 7  # small words that a language without a pack is told by


_READ: Final = 20_000  # characters that tell enough


@cache
def _tables() -> tuple[dict[str, frozenset[str]], frozenset[str], frozenset[str]]:
    """Give small words by language, all of them, and which languages have no pack."""
    tables = {name: frozenset(words.split()) for name, words in (_FOREIGN | _SMALL).items()}
    packs = {place.name[:-5]: place for place in files(_FOLDER).iterdir() if ".toml" in place.name}
    for code in packs.keys() - _SMALL.keys():
        words = tomllib.loads(packs[code].read_text("utf-8")).get("words", {})
        tables[code] = frozenset(words.get("commonest", ())) or tables.get(code, frozenset())
    foreign = frozenset(_FOREIGN) - packs.keys()
    return tables, frozenset[str]().union(*tables.values()), foreign


def guess(text: str, lows: list[str] | None = None) -> str:
    """Give the code of a language that has a pack; French when the text is too short to tell.

    InputError for a text that is plainly in a language without one.

    ``lows`` are the words of the text where it has been cut already.

    >>> guess("The minister said that the generators will be sent to the region.")
    'en'
    >>> guess("Der Minister hat gesagt, dass die Generatoren in den Osten kommen.")
    'de'
    """
    tables, known, foreign = _tables()
    if lows is None or len(text) > _READ or "n't" in lows or "ʼ" in text:
        every = "\n".join(_WORD.findall(text, 0, _READ)).lower().split("\n")
    else:
        mixed = "\n".join(filterfalse(str.isalpha, lows))  # "l'", "est-ce" and marks
        every = lows + _WORD.findall(mixed)
    words = list(filter(known.__contains__, every))
    if not words:
        _refuse_letters(every)
        return "fr"
    counts = {name: sum(map(small.__contains__, words)) for name, small in sorted(tables.items())}
    best = max(counts.keys() - foreign, key=lambda name: (counts[name], name == "fr", name))
    other = max(sorted(foreign), key=counts.__getitem__, default=best)
    if counts[other] >= max(_LEAST, 1.25 * counts[best] + 2):  # a quotation is no language
        raise InputError(
            f"the text is in a language without a pack ({other})",
            next_step="Give --lang when that is wrong, or add a language pack.",
        )
    return best if counts[best] else "fr"


def _refuse_letters(words: list[str]) -> None:
    """Refuse a text in letters that no pack is written in."""
    letters = "".join(filter(str.isalpha, words[:2000]))
    if len(letters) >= 20 and len(_LATIN.findall(letters)) < 0.4 * len(letters):
        raise InputError(
            "the text is in letters that no language pack has",
            next_step="Give --lang when that is wrong, or add a language pack.",
        )
