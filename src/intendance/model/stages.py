"""The chain of custody: what has happened to a line, step by step."""

from __future__ import annotations

from typing import Final

# In the order of the chain; each includes what went further (what is delivered was committed).
CHAIN: Final = (
    "need",
    "pledge",
    "commitment",
    "allocation",
    "contract",
    "release",
    "shipment",
    "hub",
    "handover",
    "receipt",
    "fielded",
)
# Takes quantity and money out of the chain again.
ENDINGS: Final = ("cancelled", "lapsed", "returned", "lost", "replaced")
# "delivery" is said by sources that do not tell handover from receipt; it ranks as handover.
ALIASES: Final = {"delivery": "handover", "delivered": "handover", "disbursement": "handover"}
STAGES: Final = (*CHAIN, "delivery", *ENDINGS)
ASKED: Final = ("pledge", "commitment", "allocation", "shipment", "delivery")


def rank(stage: str) -> int:
    """Give the place of a stage in the chain; endings rank after everything.

    >>> rank("pledge") < rank("commitment") < rank("delivery") == rank("handover")
    True
    """
    name = ALIASES.get(stage, stage)
    return CHAIN.index(name) if name in CHAIN else len(CHAIN) + ENDINGS.index(name)


# What an ending takes away, and from which stage on: cancelled and lapsed promises never left,
# lost goods had left but not arrived, returned ones had arrived.
ENDING_REACH: Final = {
    "cancelled": ("pledge", "fielded"),
    "lapsed": ("pledge", "fielded"),
    "lost": ("handover", "fielded"),
    "returned": ("handover", "fielded"),
    "replaced": ("pledge", "fielded"),
}
