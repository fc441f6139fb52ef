"""What reaches over a clause: a giver taken up by a pronoun or by its minister, a second source."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from intendance.intake.drafts import Draft
from intendance.intake.pack import Pack, load
from intendance.intake.people import Speaker

_OTHERS: Final = re.compile(r", (?:and|but|while|whereas|et|mais|tandis qu[e'’]) ?(?=\D)")
_TAKES_UP: Final = {"it": "", "il": "la ", "elle": "le "}  # and the article that it cannot take up


def still_gives(text: str, pronoun: Speaker, giver: Speaker, apart: int) -> str | None:
    """Take the body that gave just before for "It will disburse …", "Elle versera …"."""
    barred = _TAKES_UP.get(pronoun.surface.lower())
    if barred is None or apart > 1 or giver.role or not pronoun.start > giver.start:
        return None
    named = giver.surface.lower()
    many = named.startswith(("les ", "des ")) or not {"et", "and", "or", "ou"}.isdisjoint(
        named.split()
    )
    broken = "\n" in text[giver.start : pronoun.start]
    return None if broken or many or (barred and named.startswith(barred)) else giver.surface


def state_of(pack: Pack, office: str) -> str | None:
    """Give the state whose office it is: "ministre polonais de la Défense", "Chad's premier"."""
    owner, mark, rest = office.replace("’", "'").partition("'s ")
    if mark and owner[:1].isupper() and rest[:1].islower():
        return owner
    states = _by_adjective(pack.language)
    told = {states[word] for word in office.lower().split() if word in states}
    return told.pop() if len(told) == 1 else None


def speaks_for(pack: Pack, office: str) -> str | None:
    """Give the state that an office of state binds; None for a former one, a firm's, a doctor's.

    >>> from intendance.intake.pack import load
    >>> speaks_for(load("fr"), "ministre allemand de la Défense")
    'Allemagne'
    >>> speaks_for(load("fr"), "président du groupe allemand Kraft") is None
    True
    >>> speaks_for(load("en"), "Finnish foreign minister")
    'Finland'
    """
    offices = pack.words("state_offices")
    words = office.lower().removeprefix("the ").split()
    if offices.isdisjoint(words):
        return None
    adjectives = _by_adjective(pack.language)
    if pack.raw.get("subject_order") == "first":
        led = words[0] in adjectives or "'s " in office.replace("’", "'")
    else:
        led = any(one in offices and two in adjectives for one, two in pairwise(words))
        led = led and words[0] not in {"ancien", "ancienne", "ex"}
    return state_of(pack, office) if led else None


@lru_cache(maxsize=8)
def _by_adjective(language: str) -> dict[str, str]:
    """Give a pack's states by each of their adjectives."""
    states: dict[str, list[str]] = load(language).raw.get("states", {})
    return {word: name for name, own in states.items() for word in own}


def told_behind(outer: Draft, inner: Draft) -> bool:
    """Tell "Japan said it would give …, a diplomat said": the second source is no content."""
    cue = outer.cue
    return (
        outer.end < inner.end and outer.start <= inner.start < outer.end and cue is not None
        and outer.end <= cue[0] < inner.end and not inner.parts and not outer.parts
    )  # fmt: skip


def told_end(text: str, start: int, end: int) -> int:
    """Give where the inner statement ends: at a clause that the outer source tells by itself.

    >>> text = "it would give 12 pumps, and France is considering more"
    >>> text[: told_end(text, 0, len(text))]
    'it would give 12 pumps'
    """
    other = _OTHERS.search(text, start + 1, end)
    return other.start() if other else end
