"""Asks: what to order, how much, by when, how sure it is that it will be needed, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from intendance.sustain.model import Requirement
from intendance.sustain.network import Network
from intendance.words import catalogue

Pair = tuple[str, str]
SLACK = 1e-6
"""Shortfalls below this are rounding, not need."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; days count from the start of the horizon, confidence is a probability.

    ``order_by_day`` below zero means that the order is already late by that many days.
    """

    item: str
    site: str
    quantity: float
    need_by_day: int
    order_by_day: int
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an engine expects: lists by day of systems, holes and stocks.

    ``short`` is the chance that a stock runs out, ``missed`` the chance that a requirement is
    not met (empty where the engine knows the mean only).
    """

    ready: Mapping[Pair, Sequence[float]]
    waiting: Mapping[Pair, Sequence[float]]
    lost: Mapping[Pair, Sequence[float]]
    """Destroyed, damaged or worn out by day."""
    holes: Mapping[tuple[str, str, str], Sequence[float]]
    on_hand: Mapping[Pair, Sequence[float]]
    unmet: Mapping[Pair, float]
    short: Mapping[Pair, float]
    out_day: Mapping[Pair, int]
    """The first day on which something of a stock is wanted and not there, where that happens."""
    missed: Mapping[Requirement, float]


def make_asks(
    network: Network, outlook: Outlook, days: int, language: str = "en"
) -> tuple[Ask, ...]:
    """Turn what runs out and what falls below its requirement into asks, most urgent first.

    There is one ask for an item at a site.
    """
    asks = [*_for_stocks(network, outlook, language)]
    for need in network.model.requirements:
        asks.extend(_for_requirement(network, outlook, need, days, language))
    return by_urgency(merged(asks))


def by_urgency(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Give the asks in the order in which they must be placed."""
    return tuple(
        sorted(asks, key=lambda ask: (ask.order_by_day, ask.need_by_day, ask.item, ask.site))
    )


def merged(asks: Iterable[Ask]) -> list[Ask]:
    """Give one ask per item and site: the largest quantity, the earliest days.

    Requirements that grow by steps each ask for all that is missing by then, so they do not add.
    """
    found: dict[Pair, Ask] = {}
    for ask in asks:
        before = found.get((ask.item, ask.site))
        if before is None:
            found[ask.item, ask.site] = ask
            continue
        larger = max(before, ask, key=lambda each: each.quantity)
        found[ask.item, ask.site] = replace(
            larger,
            need_by_day=min(before.need_by_day, ask.need_by_day),
            order_by_day=min(before.order_by_day, ask.order_by_day),
        )
    return list(found.values())


def _for_stocks(network: Network, outlook: Outlook, language: str) -> list[Ask]:
    say = catalogue("sustain", language).gettext
    asks = []
    for (site, item), missing in outlook.unmet.items():
        if missing <= SLACK:
            continue
        levels = outlook.on_hand[site, item]
        day = outlook.out_day[site, item]
        asks.append(
            Ask(
                item=item,
                site=site,
                quantity=float(math.ceil(missing - SLACK)),
                need_by_day=day,
                order_by_day=day - math.ceil(network.lead_days(site)),
                confidence=round(min(1.0, outlook.short[site, item]), 4),
                because=say(
                    "the stock is used up on day {day}; {missing} more would be used by day {end}"
                ).format(day=day, missing=math.ceil(missing - SLACK), end=len(levels) - 1),
            )
        )
    return asks


def _for_requirement(
    network: Network, outlook: Outlook, need: Requirement, days: int, language: str
) -> list[Ask]:
    say = catalogue("sustain", language).gettext
    pair = (need.site, need.system)
    ready = outlook.ready.get(pair, [0.0] * (days + 1))
    waiting = outlook.waiting.get(pair, [0.0] * (days + 1))
    short = [day for day in need.days(days) if ready[day] < need.quantity - SLACK]
    if not short:
        return []
    first, worst = short[0], min(short, key=lambda day: ready[day])
    gap = need.quantity - ready[worst]
    confidence = outlook.missed.get(need)
    if confidence is None:
        lost = outlook.lost[pair][worst] if pair in outlook.lost else 0.0
        confidence = chance_below(ready[worst], waiting[worst] + lost, need.quantity)
    because = say("{ready} ready of {required} required on day {day}; {waiting} wait for parts")
    because = because.format(
        ready=_comma(f"{ready[worst]:.1f}", language),
        required=_comma(f"{need.quantity:g}", language),
        day=worst,
        waiting=_comma(f"{waiting[worst]:.1f}", language),
    ).strip()
    holes = sorted(
        ((levels[worst], name[2]) for name, levels in outlook.holes.items() if name[:2] == pair),
        reverse=True,
    )
    asks, left = [], min(gap, waiting[worst])
    for hole, item in holes:
        if left <= SLACK or hole <= SLACK:
            break
        count = math.ceil(min(hole, left) - SLACK)
        left -= min(hole, left)
        lead = _lead_days(network, item, need.site)
        asks.append(
            Ask(item, need.site, float(count), first, first - lead, round(confidence, 4), because)
        )
    rest = gap - waiting[worst]
    if rest > SLACK:
        lead = math.ceil(network.lead_days(need.site))
        count = math.ceil(rest - SLACK)
        asks.append(
            Ask(
                need.system,
                need.site,
                float(count),
                first,
                first - lead,
                round(confidence, 4),
                because,
            )
        )
    return asks


def _comma(number: str, language: str) -> str:
    """Write the decimal comma where people do."""
    return number.replace(".", ",") if language == "fr" else number


def _lead_days(network: Network, item: str, site: str) -> int:
    """Count the days from order to shelf: procurement where known, then the way down."""
    lead = network.lead_days(site)
    procure = next((u.procure_days for u in network.model.units if u.lru == item), None)
    if procure is not None:
        top = site
        parents = {place.site: place for place in network.model.sites}
        while parents[top].parent:
            top = parents[top].parent
        lead += procure - parents[top].ship_days
    return math.ceil(lead)


def chance_below(ready: float, down: float, required: float) -> float:
    """Give the chance that fewer than required are ready; ``down`` wait for parts or are lost.

    The normal law with the spread of as many systems that are each up or down by themselves.

    >>> round(chance_below(10.0, 10.0, 10.0), 2)  # a coin of twenty: fewer than ten heads
    0.41
    """
    total = ready + down
    share = down / total if total > 0 else 0.0
    spread = math.sqrt(max(total * share * (1.0 - share), 0.05))
    return 0.5 * math.erfc((ready - math.ceil(required - SLACK) + 0.5) / (spread * math.sqrt(2.0)))
