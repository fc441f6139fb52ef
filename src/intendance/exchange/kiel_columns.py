"""How the tracker's releases head their columns, and the words that they use for "unknown".

Later releases (18) have two measures: the converted value of every row is a commitment, the
allocated total of the rows of type Allocation an allocation. The two are never added.
"""

from __future__ import annotations

from typing import Final

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
