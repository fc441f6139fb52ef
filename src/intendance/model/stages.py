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


# What an ending takes away: from totals at this stage or later, of lines whose counted events
# stand between these two stages. Cancelled and lapsed promises had not left yet, so what was
# delivered stays delivered; lost goods had left and not arrived; returned ones had arrived.
ENDING_REACH: Final = {
    "cancelled": ("pledge", "pledge", "release"),
    "lapsed": ("pledge", "pledge", "release"),
    "replaced": ("pledge", "pledge", "release"),
    "lost": ("shipment", "shipment", "hub"),
    "returned": ("handover", "handover", "fielded"),
}
