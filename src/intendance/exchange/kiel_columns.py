"""How the tracker's releases head their columns, and the words that they use for "unknown".

Later releases (18) have two measures: the converted value of every row is a commitment, the
allocated total of the rows of type Allocation an allocation. The two are never added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from intendance.exchange.numbers import number_of

UNKNOWN: Final = frozenset(
    (
        "",
        ".",
        "nan",
        "null",
        "none",
        "not given",
        "undisclosed",
        "unspecified",
        "unclear",
        "unknown",
        "na",
        "n/a",
        "-",
    )
)

# Our name for each column, and how the releases head it (folded). Required ones first.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id",),
    "donor": ("countries", "country", "donor"),
    "announced": ("announcement date",),
    "category": ("type of aid general",),
    "eur": ("converted value in eur",),
    "kind": ("type of aid specific",),
    "currency": ("original currency",),
    "amount": ("total",),
    "item": ("items", "item", "unnamed 8"),
    "item_type": ("type of item",),
    "sub_type": ("sub type of item",),
    "units": ("no of units",),
    "delivered_units": ("no of units delivered in kind military aid",),
    "measure": ("type of donation", "measure", "type of measure"),
    "allocated_eur": ("allocated total in eur", "allocated total in eur redistributed"),
    "estimate_usd": ("value committed own estimate in usd",),
    "delivered_eur": ("total monetary value delivered in eur",),
    "source": ("source of aid 1",),
    "source_2": ("source of aid 2",),
    "source_3": ("source of aid 3",),
    "source_4": ("source of aid 4",),
    "delivery_source": ("source for delivery",),
}
REQUIRED: Final = ("id", "donor", "announced", "category", "eur")
LONGEST_ID: Final = 200
UNDATED: Final = frozenset(("not specified", "not yet specified", "tbd", "to be determined"))
CATEGORIES: Final = ("military", "financial", "humanitarian")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Row(dict[str, str]):
    """One row of the file by our column names; a column that it lacks is blank."""

    __slots__ = ("amount", "cells", "delivered", "eur", "number")

    number: int
    cells: tuple[str, ...]  # those that it has, in the order of the columns
    eur: Decimal | None
    amount: Decimal | None
    delivered: Decimal | None

    @classmethod
    def of(cls, number: int, cells: Sequence[str], places: Mapping[str, int]) -> Row:
        """Take a row's cells, trimmed; control characters that a cell holds become blanks."""
        width = len(cells)
        texts = {name: cells[at].strip() for name, at in places.items() if at < width}
        if not "".join(texts.values()).isprintable():
            texts = {name: _CONTROL.sub(" ", text) for name, text in texts.items()}
        row = cls(_BLANK)
        row.update(texts)
        row.number = number
        row.cells = tuple(texts.values())
        row.eur = number_of(row["eur"])
        row.amount = number_of(row["amount"])
        row.delivered = number_of(row["delivered_eur"])
        return row


_BLANK: Final = dict.fromkeys(COLUMNS, "")
