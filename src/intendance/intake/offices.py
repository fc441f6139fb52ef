"""Offices in other words: whether two role phrases mean the same one."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

_MINISTERS: Final = frozenset({"ministre", "minister"})
_PRIME: Final = frozenset({"premier", "première", "prime"})
_FEMININE: Final = (("ienne", "ien"), ("rice", "eur"), ("euse", "eur"), ("ère", "er"), ("fe", "f"))
_SMALL: Final = frozenset(
    {"de", "la", "le", "l", "du", "d", "des", "of", "the", "à", "générale", "général", "general"}
)
_LINKS: Final = frozenset({"de", "du", "des", "d", "of", "for", "à"})


def same_role(left: str, right: str, leaders: frozenset[str]) -> bool:
    """Tell whether two role phrases mean the same office ("chef de l'Otan", its secretary).

    Equal in small letters, or both lead the same body.
    """
    if left == right:
        return True
    one, two = _office(left, leaders), _office(right, leaders)
    if one.written == two.written:
        return True
    if one.words & two.words & _MINISTERS and one.prime != two.prime:
        return False  # "le ministre polonais" is not the Premier ministre polonais
    if not one.body or not two.body:
        first, second = one.telling, two.telling
        if first <= second:
            return bool(first)
        # "le président ukrainien" may be the president; "le chef du bureau" is not the chief.
        near = len(first) <= len(second) + 1
        return bool(second) and second <= first and not one.linked and near
    if one.leads and two.leads and one.body == two.body:
        return True
    # "le coordinateur médical" for the "coordinateur médical d'urgence" of a body.
    same_head = one.written[0] == two.written[0]
    return same_head and one.form <= two.form


class _Office(NamedTuple):
    """What the words of a role phrase tell."""

    written: list[str]
    words: frozenset[str]
    telling: frozenset[str]  # without articles and links
    form: frozenset[str]  # those in one form for both genders
    body: frozenset[str]  # without the words for who leads
    prime: bool
    leads: bool
    linked: bool


@lru_cache(maxsize=2048)
def _office(role: str, leaders: frozenset[str]) -> _Office:
    """Read a role phrase once, with however many others it is compared."""
    written = role.lower().split()
    pieces = flat(written)
    words = frozenset(word.strip(",.'’") for word in pieces)
    telling = words - _SMALL
    return _Office(
        written, words, telling, _folded(telling), _folded(telling - leaders),
        not words.isdisjoint(_PRIME), not words.isdisjoint(leaders),
        not _LINKS.isdisjoint(pieces),
    )  # fmt: skip


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(folded, words))


def folded(word: str) -> str:
    """Give one form for both genders: "ukrainienne" and "ukrainien", "directrice"."""
    for end, own in _FEMININE:
        if word.endswith(end):
            return word[: -len(end)] + own
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def flat(words: list[str]) -> list[str]:
    """Cut words at their clitics: "l'Otan" is "l" and "otan"."""
    out: list[str] = []
    for word in words:
        out.extend(word.replace("’", "'").split("'"))
    return out
