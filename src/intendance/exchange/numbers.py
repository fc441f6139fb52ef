"""Numbers as people's programs write them: with a decimal comma, with thousands set apart."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from intendance.model.interval import decimal_of

_SPACES: Final = re.compile("[\u0020\u00a0\u202f\u2009']")
_ENGLISH: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?$")
_COMMA: Final = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+),\d+$")


@lru_cache(1 << 16)
def number_of(text: str) -> Decimal | None:
    """Read a number in English or continental writing; None for anything else.

    A single comma with three digits behind it ("1,234") is read as English thousands: trackers
    and exports write those, while amounts with three decimals do not occur.

    >>> [str(number_of(each)) for each in ("1,234.50", "1 234,5", "1.234,50", "12,5", "1,234")]
    ['1234.50', '1234.5', '1234.50', '12.5', '1234']
    >>> number_of("dozens"), number_of("1.000.00"), number_of("NaN")
    (None, None, None)
    """
    if not text or text == ".":
        return None
    plain = decimal_of(text)
    if plain is not None:
        return plain
    packed = _SPACES.sub("", text.strip())
    if _ENGLISH.match(packed):
        return decimal_of(packed.replace(",", ""))
    if _COMMA.match(packed):
        return decimal_of(packed.replace(".", "").replace(",", "."))
    return decimal_of(packed) if packed != text.strip() and re.match(r"-?\d", packed) else None
