"""What a person may write into the fields of a waiting proposal, checked as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from intendance.errors import InputError, UsageError
from intendance.model.interval import decimal_of

_TEXTS: Final = (
    "donor", "recipient", "item", "item_text", "unit", "capability", "category", "purpose",
    "status", "stage", "speaker", "place", "donor_text", "text",
)  # fmt: skip
_LISTS: Final = ("items", "causes")
_FIGURES: Final = ("quantity_low", "quantity_high", "amount_low", "amount_high", "low", "high")
_FLAGS: Final = ("quantity_approximate", "amount_approximate", "approximate")
_DAYS: Final = ("said_on", "valid_on", "due")
FIELDS: Final = (*_TEXTS, *_LISTS, *_FIGURES, *_FLAGS, *_DAYS, "currency")
_BOUNDS: Final = (("quantity_low", "quantity_high"), ("amount_low", "amount_high"), ("low", "high"))
_YES: Final = frozenset({"yes", "true", "oui", "1"})
_NO: Final = frozenset({"no", "false", "non", "0"})


def checked(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give the changes as the fields hold them: figures plain, lists as lists; None empties one.

    UsageError for a field that there is not, InputError for a value that it cannot hold.

    >>> checked({}, {"quantity_low": "1e3", "items": "chars, obus", "donor": ""})
    {'quantity_low': '1000', 'items': ['chars', 'obus'], 'donor': None}
    """
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise UsageError("There is no such field.", next_step=f"Use some of: {', '.join(FIELDS)}.")
    out = {name: _value(name, value) for name, value in changes.items()}
    after = {**before, **out}
    for low, high in _BOUNDS:
        least, most = (decimal_of(str(after.get(name) or "")) for name in (low, high))
        if least is not None and most is not None and least > most and {low, high} & set(out):
            raise InputError(f"{low} {least} is above {high} {most}.", next_step="Give both.")
    return out


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [str(each) for each in value] or None
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    if name in _FIGURES:
        return _figure(name, text)
    if name in _LISTS:
        return [each.strip() for each in text.split(",") if each.strip()]
    if name in _FLAGS:
        if text.lower() not in _YES | _NO:
            raise InputError(
                f"{name}: {text!r} is neither yes nor no.", next_step="Write yes or no."
            )
        return text.lower() in _YES
    if name in _DAYS:
        return _day(name, text)
    if name == "currency":
        if not re.fullmatch("[A-Za-z]{3}", text):
            raise InputError(
                f"currency: {text!r} is no currency.", next_step="Write its code, such as EUR."
            )
        return text.upper()
    return text


def _figure(name: str, text: str) -> str:
    number = decimal_of(text)
    if number is None or number < 0:
        raise InputError(
            f"{name}: {text!r} is no figure.", next_step="Write digits, such as 1200 or 2.5."
        )
    return format(number.normalize(), "f")


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(
            f"{name}: {text!r} is not a day.", next_step="Write it as YYYY-MM-DD."
        ) from None
