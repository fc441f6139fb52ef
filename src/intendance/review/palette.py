"""Colours by role. Charts are drawn in stand-ins that the page replaces by its own variables.

The hues are those of Okabe and Ito (2008), told apart by people with any form of colour blindness,
moved in lightness so that text and bars keep their contrast on both grounds.
"""

from __future__ import annotations

import re
from typing import Final

# role: (stand-in that the chart is drawn in, on light paper, on dark paper)
ROLES: Final[dict[str, tuple[str, str, str]]] = {
    "ink": ("#010101", "#1c2126", "#ebe8e2"),
    "soft": ("#020202", "#4d5660", "#b4bac1"),
    "line": ("#030303", "#d8d5cd", "#3a4149"),
    "paper": ("#040404", "#ffffff", "#1d2228"),
    "one": ("#050505", "#0b5f94", "#58b0e3"),
    "two": ("#060606", "#d98a00", "#f0b13c"),
    "three": ("#070707", "#0a8a68", "#3cc29b"),
    "four": ("#080808", "#b5568c", "#d98ab6"),
    "five": ("#090909", "#7a7f87", "#8e959d"),
    "deep": ("#0a0a0a", "#0b4f6c", "#7cc4e0"),
    "middle": ("#0b0b0b", "#5fa3c4", "#3f86a8"),
    "pale": ("#0c0c0c", "#c4dde8", "#274c5e"),
    "short": ("#0d0d0d", "#b3401f", "#f08a62"),
    "gain": ("#0e0e0e", "#0b5f94", "#58b0e3"),
    "loss": ("#0f0f0f", "#c25a00", "#f2a154"),
}
SERIES: Final = ("one", "two", "three", "four", "five")
_STAND_IN: Final = re.compile("|".join(pair[0] for pair in ROLES.values()), re.IGNORECASE)
_NAME_OF: Final = {pair[0]: name for name, pair in ROLES.items()}


def draw(role: str) -> str:
    """Give the stand-in in which a chart draws a role."""
    return ROLES[role][0]


def themed(svg: str) -> str:
    """Exchange the stand-ins of a drawing for the page's colour variables.

    >>> themed('<path fill="#050505"/>')
    '<path fill="var(--one)"/>'
    """
    return _STAND_IN.sub(lambda found: f"var(--{_NAME_OF[found[0].lower()]})", svg)


def variables(*, dark: bool) -> str:
    """Give the declarations of one ground as CSS."""
    place = 2 if dark else 1
    return "".join(f"--{name}:{colours[place]};" for name, colours in ROLES.items())
