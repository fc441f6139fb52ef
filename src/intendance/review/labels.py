"""Words for the codes of the record: stages, categories, acts, causes, verdicts, units."""

from __future__ import annotations

from typing import Final

from intendance.model.catalogue import capabilities, find_party, items
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
# What a portfolio writes on lines that stand for several packages.
TEXTS: Final = {"further packages": "further packages"}


def thing(item: str, text: str, typography: Typography) -> str:
    """Give what a line is about: the catalogue's name of the item, else the record's words."""
    known = items().get(item)
    if known and typography.french:
        return typography.tidy(known.french)
    return word(TEXTS, text, typography) if text else item


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
