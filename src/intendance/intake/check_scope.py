"""Whose aid to whom a quoted total speaks of: groups of donors, a recipient, what a ledger holds.

"The EU" may mean its institutions, its members or both: each is a scope of its own, and the
sentence names it. Nothing is guessed beyond what the words and the catalogue say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intendance.intake.pack import Pack
from intendance.intake.segment import words_of
from intendance.model.catalogue import Party, find_party, parties

if TYPE_CHECKING:  # reading a document must not load the store
    from intendance.ledger.ledger import Ledger

# What the words of a language pack's table ``donor_groups`` may mean.
SCOPES: Final = {
    "eu": ("eu", "eu_states", "eu_institutions"),
    "eu_institutions": ("eu_institutions",),
    "europe": ("eu", "eu_states", "europe"),
    "nato": ("nato",),
    "g7": ("g7",),
}
UNKNOWN: Final = "unknown"  # a group whose members nothing here tells ("Nordic countries")
_BEYOND_EUROPE: Final = frozenset({"US", "CA", "TR"})
_BESIDE_ALLIANCES: Final = frozenset({"CH", "LI"})


@dataclass(frozen=True, slots=True)
class Scope:
    """One reading of whose aid is meant: its name (empty for all donors) and its filters."""

    name: str
    where: tuple[tuple[str, str], ...]


def group_of(text: str | None, pack: Pack) -> str | None:
    """Give the group that a donor's words name, None for one donor and for wider words.

    "EU member states" is a group of ``SCOPES``; "the West", "allies and the EU" are wider; the
    members of "Nordic countries" are ``UNKNOWN``.
    """
    if not text:
        return None
    joined = f" {' '.join(words_of(text))} "
    if set(joined.split()) & pack.words("unknown_groups"):
        return UNKNOWN
    found = [
        (len(phrase), name, phrase)
        for name, phrases in pack.raw.get("donor_groups", {}).items()
        for phrase in phrases
        if f" {phrase} " in joined
    ]
    if not found:
        return None
    _, name, phrase = max(found)
    rest = set(joined.replace(f" {phrase} ", " ").split())
    return None if rest & pack.words("wide_groups") else name


def recipient_of(text: str | None) -> str | None:
    """Give the state that a recipient's words name: "à l'Ukraine", "for Türkiye"."""
    for word in (text or "", *(part for part in (text or "").replace("’", "'").split("'"))):
        bare = word.strip().removeprefix("the ").removeprefix("la ").removeprefix("le ")
        known = find_party(bare) if bare else None
        if known is not None and known.kind == "state":
            return known.name
    return None


def institution_of(text: str | None) -> str | None:
    """Give the institution that a donor's words name: "the World Bank", "la Banque mondiale"."""
    bare = (text or "").strip()
    for article in ("the ", "la ", "le ", "les ", "l'", "l’"):
        if bare.lower().startswith(article):
            bare = bare[len(article) :]
            break
    known = find_party(bare) if bare else None
    return known.name if known is not None and known.kind == "institution" else None


def scopes_of(
    donor: str | None, group: str | None, recipient: str | None, ledger: Ledger
) -> list[Scope] | None:
    """Give the scopes that the words leave open; None when the ledger has no such recipient."""
    to: tuple[tuple[str, str], ...] = ()
    if recipient is not None:
        held = set(ledger.frame["recipient"].unique().to_list())
        if recipient not in held:
            return None
        if len(held) > 1:
            to = (("recipient", recipient),)
    if donor is not None:
        return [Scope("", (("donor", donor), *to))]
    if group is None:
        return [Scope("", to)]
    givers = set(ledger.frame["donor"].unique().to_list())
    found = []
    for name in SCOPES[group]:
        members = sorted(
            each.name for each in parties().values() if each.name in givers and _within(each, name)
        )
        if members:
            found.append(Scope(name, (*(("donor", each) for each in members), *to)))
    return found


def _within(party: Party, scope: str) -> bool:
    """Tell whether a party belongs to a scope."""
    union = "EU" in party.groups
    if scope == "eu":
        return union
    if scope == "eu_states":
        return union and party.kind == "state"
    if scope == "eu_institutions":
        return union and party.kind == "institution"
    if scope == "europe":
        near = "NATO" in party.groups and party.code not in _BEYOND_EUROPE
        return union or near or party.code in _BESIDE_ALLIANCES
    return scope.upper() in party.groups
