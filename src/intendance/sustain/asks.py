"""Asks: what to order, how much, by when, how sure it is that it will be needed, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; days count from the start of the horizon, confidence is a probability."""

    item: str
    site: str
    quantity: float
    need_by_day: int
    order_by_day: int
    confidence: float
    because: str
