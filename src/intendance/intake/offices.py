"""Offices in other words: whether two role phrases mean the same one."""

from __future__ import annotations

from typing import Final

_MINISTERS: Final = frozenset({"ministre", "minister"})
_PRIME: Final = frozenset({"premier", "première", "prime"})
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
    left_body, right_body = bodies[0] - small, bodies[1] - small
    if not left_body or not right_body:
        first, second = words[0] - small, words[1] - small
        if first <= second:
            return bool(first)
        # "le président ukrainien" may be the president; "le chef du bureau" is not the chief.
        linked = any(word in _LINKS for word in flat(one))
        return bool(second) and second <= first and not linked and len(first) <= len(second) + 1
    leads = bool(words[0] & leaders) and bool(words[1] & leaders)
    return leads and left_body == right_body


def flat(words: list[str]) -> list[str]:
    """Cut words at their clitics: "l'Otan" is "l" and "otan"."""
    out: list[str] = []
    for word in words:
        out.extend(word.replace("’", "'").split("'"))
    return out
