"""From what a text calls a party to the party's own name."""

from __future__ import annotations

import re
from typing import Final

from intendance.model.catalogue import find_party

__all__ = ["find_party", "party_of"]

_ARTICLE: Final = re.compile(r"^(?:l['’]\s*|(?:la|le|les|the|der|die|das)\s+)", re.IGNORECASE)


def party_of(text: str) -> str:
    """Give the party's own name for a surface with its article; an unknown one stays as said.

    >>> party_of("La Finlande"), party_of("l'Allemagne"), party_of("les alliés")
    ('Finland', 'Germany', 'les alliés')
    """
    for each in (text, _ARTICLE.sub("", text.strip())):
        party = find_party(each)
        if party:
            return party.name
    return text.strip()
