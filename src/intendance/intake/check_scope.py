"""Whose aid a quoted total counts: the donors that its words name, as a ledger can filter them.

A group that the catalogue knows ("l'Union européenne et ses États membres", "the G7") is weighed
by its members, never by the whole ledger; "the allies", "Western countries" leave all donors in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from intendance.intake.segment import words_of
from intendance.model.catalogue import find_party, fold, parties

# Members of no group of the catalogue that "European countries" may mean besides the EU's.
_OTHER_EUROPEANS: Final = (
    "United Kingdom", "Norway", "Switzerland", "Iceland", "Albania", "Montenegro",
    "North Macedonia",
)  # fmt: skip
_EVERYBODY: Final = frozenset({"partenaires", "partners", "allies", "others"})
_REGIONS: Final = frozenset(
    {
        "nordic", "nordiques", "baltic", "baltes", "gulf", "golfe", "asian", "asiatiques",
        "african", "africains", "arab", "arabes", "visegrad", "balkans",
    }
)  # fmt: skip
_MEMBERS: Final = frozenset(
    {"membres", "members", "member", "pays", "countries", "states", "nations", "gouvernements"}
)
_EUROPE: Final = frozenset({"europeens", "europeans", "europeennes", "europe"})
_AND: Final = re.compile(r",|\b(?:et|and|und)\b")
_ARTICLE: Final = re.compile(r"^(?:(?:the|les?|la)\s+|l['’])", re.IGNORECASE)
_JOINTS: Final = frozenset({"et", "and", "und", "with", "avec", "plus"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Donors that are counted, and what to call them (an English msgid); none: all donors.

    ``known`` is false for a group whose members nothing here tells.
    """

    donors: tuple[str, ...] = ()
    name: str = ""
    known: bool = True


def scopes_of(donor: str | None, donor_text: str | None) -> tuple[Scope, ...]:
    """Give the scopes that a claim's words leave open; all donors when they name no group.

    >>> [each.name for each in scopes_of(None, "EU institutions")]
    ['the EU institutions']
    >>> scopes_of(None, "Les Occidentaux")
    (Scope(donors=(), name='', known=True),)
    """
    if donor:
        return (Scope((donor,)),)
    said = set(words_of(fold(donor_text or "")))
    if said & _EVERYBODY:
        return (Scope(),)
    if said & _REGIONS:
        return (Scope(known=False),)
    parts = [each for each in _AND.split(donor_text or "") if each.strip()]
    if len(parts) > 1 and not said & _MEMBERS:
        named = [scopes_of(None, each)[-1] for each in parts]
        donors = tuple(dict.fromkeys(donor for each in named for donor in each.donors))
        return (Scope(donors, "these donors") if all(each.donors for each in named) else Scope(),)
    return _of_the_union(said) or _of_a_group(said) or (_of_a_party(donor_text or ""),)


def _of_the_union(said: set[str]) -> tuple[Scope, ...]:
    states = _members("EU", "state")
    bodies = _members("EU", "institution")
    institutions = Scope(bodies, "the EU institutions")
    together = Scope(bodies + states, "the EU institutions and member states")
    if said & {"ue", "eu", "union"} or {"commission", "institutions"} & said:
        if said & _MEMBERS and said & _JOINTS:
            return (together,)
        if said & _MEMBERS:
            return Scope(states, "the EU member states"), together
        if {"commission", "institutions"} & said:
            return (institutions,)
        return institutions, together
    if said & _EUROPE or (said & {"european", "europeen"} and said & _MEMBERS):
        wide = Scope(bodies + states + _OTHER_EUROPEANS, "all European donors")
        return together, wide
    return ()


def _of_a_group(said: set[str]) -> tuple[Scope, ...]:
    if "g7" in said:
        return (Scope(_members("G7", "state"), "the G7 countries"),)
    if said & {"otan", "nato"}:
        return (Scope(_members("NATO", "state"), "the NATO countries"),)
    return ()


def _of_a_party(text: str) -> Scope:
    """Give one institution that the words name; else all donors."""
    bare = _ARTICLE.sub("", text)
    known = find_party(text) or find_party(bare)
    return Scope((known.name,)) if known else Scope()


def _members(group: str, kind: str) -> tuple[str, ...]:
    return tuple(
        each.name for each in parties().values() if group in each.groups and each.kind == kind
    )
