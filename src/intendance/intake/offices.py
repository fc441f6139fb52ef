"""Offices in other words: whether two role phrases mean the same one."""

from __future__ import annotations

from typing import Final

_MINISTERS: Final = frozenset({"ministre", "minister"})
_PRIME: Final = frozenset({"premier", "première", "prime"})
_FEMININE: Final = (("ienne", "ien"), ("rice", "eur"), ("euse", "eur"), ("ère", "er"), ("fe", "f"))
_LINKS: Final = frozenset({"de", "du", "des", "d", "of", "for", "à"})


def same_role(left: str, right: str, leaders: frozenset[str]) -> bool:
    """Tell whether two role phrases mean the same office ("chef de l'Otan", its secretary).

    Equal in small letters, or both lead the same body.
    """
    one, two = left.lower().split(), right.lower().split()
    if one == two:
        return True
    words = {word.strip(",.'’") for word in flat(one)}, {word.strip(",.'’") for word in flat(two)}
    ministers = words[0] & words[1] & _MINISTERS
    if ministers and bool(words[0] & _PRIME) != bool(words[1] & _PRIME):
        return False  # "le ministre polonais" is not the Premier ministre polonais
    bodies = words[0] - leaders, words[1] - leaders
    small = {
        "de",
        "la",
        "le",
        "l",
        "du",
        "d",
        "des",
        "of",
        "the",
        "à",
        "générale",
        "général",
        "general",
    }
    left_body, right_body = _folded(bodies[0] - small), _folded(bodies[1] - small)
    if not left_body or not right_body:
        first, second = words[0] - small, words[1] - small
        if first <= second:
            return bool(first)
        # "le président ukrainien" may be the president; "le chef du bureau" is not the chief.
        linked = any(word in _LINKS for word in flat(one))
        return bool(second) and second <= first and not linked and len(first) <= len(second) + 1
    leads = bool(words[0] & leaders) and bool(words[1] & leaders)
    if leads and left_body == right_body:
        return True
    # "le coordinateur médical" for the "coordinateur médical d'urgence" of a body.
    return (
        len(one) > 1 and one[0] == two[0] and _folded(words[0] - small) <= _folded(words[1] - small)
    )


def _folded(words: set[str]) -> set[str]:
    return {folded(word) for word in words}


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
