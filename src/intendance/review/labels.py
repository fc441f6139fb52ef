"""Words for the codes of the record: stages, categories, acts, causes, verdicts, units."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from intendance.model.catalogue import DONOR_GROUPS, capabilities, find_party, items
from intendance.review.typography import Typography

STAGES: Final = {
    "pledge": "pledged",
    "commitment": "committed",
    "allocation": "allocated",
    "shipment": "shipped",
    "delivery": "delivered",
    "need": "need",
    "handover": "handed over",
    "receipt": "received",
    "contract": "under contract",
    "release": "released from stock",
    "hub": "at a hub",
    "fielded": "in service",
    "cancelled": "cancelled",
    "lapsed": "lapsed",
    "returned": "returned",
    "lost": "lost",
    "replaced": "replaced",
}
CATEGORIES: Final = {
    "military": "military",
    "financial": "financial",
    "humanitarian": "humanitarian",
    "": "not categorised",
}
CAUSES_OF_CHANGE: Final = {
    "new": "new",
    "corrected": "corrected",
    "withdrawn": "withdrawn",
    "revalued": "revalued",
    "reclassified": "reclassified",
}
ACTS: Final = {
    "declare": "declares",
    "request": "asks",
    "pledge": "promises",
    "deny": "denies",
    "hesitate": "hesitates",
}
HESITATION_CAUSES: Final = {
    "stock": "insufficient stocks",
    "escalation": "fear of escalation",
    "logistics": "logistics",
    "legal": "law",
    "finance": "money",
    "training": "training",
    "politics": "politics",
}
VERDICTS: Final = {
    "consistent": "consistent with the ledger",
    "consistent_with_bound": "consistent with the ledger as a bound",
    "contradicts": "contradicts the ledger",
    "incomparable": "cannot be compared",
    "no_reference": "nothing to compare with",
}
BASES: Final = {
    "tracker": "tracker's own rates",
    "ecb": "ECB rate of the day on the tracker's euros",
    "original": "original money at the ECB rate of the day",
}
SCOPES: Final = DONOR_GROUPS
MARKINGS: Final = {
    "public": "public",
    "released": "released",
    "internal": "internal",
    "restricted": "restricted",
    "private": "private",
}
UNITS: Final = {
    "piece": "",
    "round": "rounds",
    "t": "t",
    "kit": "kits",
    "l": "litres",
    "dose": "doses",
    "service": "services",
}
QUALIFIERS: Final = {
    "at least": "at least",
    "at most": "at most",
    "about": "about",
    "range": "range",
    "exact": "",
    "undisclosed": "undisclosed",
}
KINDS: Final = {
    "post": "new line",
    "correct": "correction",
    "revalue": "revaluation",
    "reclassify": "reclassification",
    "withdraw": "withdrawal",
    "merge": "merged into its package",
    "move": "moved",
    "resolve": "resolution",
}
MODES: Final = {"road": "road", "rail": "rail", "sea": "sea", "air": "air", "": "way"}
UNMET_CAUSES: Final = {
    "none_held": "nobody holds enough",
    "floor": "kept as a floor",
    "not_released": "not released",
    "lead_time": "too far to arrive",
    "package_or_condition": "package or condition",
    "transport": "ways full",
    "outbid": "given to other needs",
}
CAVEATS: Final = {
    "releasable": "may not leave",
    "release_week": "release date",
    "floor": "floor",
    "package": "package",
    "joint": "only together",
    "with": "only with another",
}
# What a portfolio writes of people and of lines that stand for several packages.
TEXTS: Final = {
    each: each
    for each in (
        "further packages",
        "Illustration",
        "V. Zaluzhnyi, commander-in-chief",
        "O. Reznikov, minister of defence",
        "German defence minister",
        "fund secretariat",
        "assistance",
        "equipment",
        "weapons",
        "weapons and equipment",
        "assistance and equipment",
        "equipment and assistance",
        "field equipment",
        "military equipment",
        "other field equipment",
        "other military equipment",
        "protective gear and equipment (including first aid)",
        "safety glasses",
        "grant",
        "loan",
        "guarantee",
        "tactical decoy",
        "unmanned ground system",
        "garbage truck",
        "detonator",
        "detonating cord",
        "camouflage vest",
        "winter camouflage net",
        "antenna",
        "fuse",
        "lifejacket",
        "police uniform",
        "field telephone",
        "missiles",
        "defensive missile",
        "laser-guided rocket system",
    )
}
_MORE: Final = re.compile(r"(\d+) more")
_PARTS: Final = re.compile(r", (?=\D|\d+[ .-])| and (?=\d+ more\b)")
_NUMBERED: Final = re.compile(r"(.+), (release|state) (\w+)")


def thing(item: str, text: str, typography: Typography) -> str:
    """Give what a line is about: the catalogue's name of the item, else the record's words."""
    known = items().get(item)
    if known and typography.french:
        return typography.tidy(known.french)
    if not text or not typography.french:
        return text or item
    parts = [_part(each, typography) for each in _PARTS.split(text)]
    more = parts.pop() if len(parts) > 1 and _MORE.fullmatch(_PARTS.split(text)[-1]) else ""
    return ", ".join(parts) + (f" {more}" if more else "")


def _part(text: str, typography: Typography) -> str:
    """Give one part of a record's words: the catalogue's, a known word, or the text itself."""
    more = _MORE.fullmatch(text)
    if more:
        return typography.count("and {n} more", "and {n} more", int(more[1]))
    known = _by_english().get(text.lower())
    if known:
        return typography.tidy(known)
    return word(TEXTS, text.lower(), typography) if text.lower() in TEXTS else text


@cache
def _by_english() -> dict[str, str]:
    return {each.english.lower(): each.french for each in items().values()}


def speaker(name: str, typography: Typography) -> str:
    """Give who said something, in the brief's language where it is known."""
    known = find_party(name)
    if known:
        return typography.tidy(known.label(typography.language))
    return word(TEXTS, name, typography)


def document(name: str, typography: Typography) -> str:
    """Give a document's name; the tracker's releases and states are said in the language.

    >>> document("Ukraine Support Tracker, release 9", Typography("en"))
    'Ukraine Support Tracker, release 9'
    """
    found = _NUMBERED.fullmatch(name)
    if not found:
        return speaker(name, typography)
    body, sort, number = found.groups()
    if sort == "release":
        return typography.text("{tracker}, release {number}", tracker=body, number=number)
    return typography.text(
        "{tracker}, state {number}", tracker=speaker(body, typography), number=number
    )


def word(table: dict[str, str], code: str, typography: Typography) -> str:
    """Give a code's word in a language; an unknown code stands for itself."""
    message = table.get(code, code)
    return typography.text(message) if message else ""


def capability(name: str, language: str) -> str:
    """Give a capability's name; one that the catalogue does not hold stands for itself."""
    known = capabilities().get(name)
    words = known.label(language) if known else name.replace("_", " ")
    return Typography(language).tidy(words)


def party(name: str, language: str) -> str:
    """Give a party's name in a language."""
    known = find_party(name)
    return Typography(language).tidy(known.label(language)) if known else name


def capitalised(text: str) -> str:
    """Put a capital letter first and leave the rest as it is."""
    return text[:1].upper() + text[1:]
