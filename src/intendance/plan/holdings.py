"""One stock seen from one need: held, free, in time, let go by its conditions, still idle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from intendance.plan.check import shipped_by_stock
from intendance.plan.network import wide_enough
from intendance.plan.problem import Floats, Problem
from intendance.plan.result import Cause, Shipment

FAR = 10**9
ORDER: tuple[Cause, ...] = (
    "none_held", "floor", "not_released", "lead_time", "package_or_condition", "transport",
    "outbid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """One stock seen from one need, in units of the need's capability.

    ``held`` with the floor, ``free`` above it, ``timely`` what can leave early enough to arrive,
    ``decided`` what packages and conditions let go, ``idle`` of that, what no one was sent.
    ``blocked`` says what keeps ``free`` − ``timely``; ``weeks`` is the quickest way's length.
    """

    stock: int
    held: float
    free: float
    timely: float
    decided: float
    idle: float
    blocked: Cause
    weeks: int


@dataclass(slots=True)
class View:
    """What a plan leaves of every stock, with the quickest ways found so far."""

    problem: Problem
    shipments: Sequence[Shipment]
    accepted: Sequence[bool]
    shipped: Floats = field(default_factory=lambda: np.zeros(0))
    letting: Floats = field(default_factory=lambda: np.zeros(0))
    weeks: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    able: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        self.shipped = shipped_by_stock(problem, self.shipments)
        self.letting = _let_go(problem, self.shipped, self.accepted)
        holders: dict[int, list[int]] = {}
        for s, item in enumerate(problem.stocks.item.tolist()):
            holders.setdefault(item, []).append(s)
        for capability, item in problem.effects:
            self.able.setdefault(capability, []).extend(holders.get(item, []))

    def weeks_to(self, stock: int, node: int) -> int:
        """Give the fewest weeks from a stock to a node (``FAR``: no way takes its item)."""
        item = int(self.problem.stocks.item[stock])
        key = (item, node)
        if key not in self.weeks:
            self.weeks[key] = quickest(self.problem, item, node)
        return self.weeks[key][int(self.problem.stocks.node[stock])]

    def holdings(self, need: int) -> list[Holding]:
        """Give the stocks that could serve a need, in the order of stocks.csv."""
        capability = self.problem.needs.capabilities[need]
        return [self.holding(need, s) for s in sorted(self.able.get(capability, []))]

    def holding(self, need: int, s: int) -> Holding:
        """Give one stock as the need sees it."""
        problem, stocks, horizon = self.problem, self.problem.stocks, self.problem.horizon_weeks
        item = int(stocks.item[s])
        effect = problem.effect(need, item)
        weeks = self.weeks_to(s, int(problem.needs.node[need]))
        lots = sum(q for week, q in stocks.lots[s] if week < horizon)
        last = horizon - 1 - weeks
        timely = float(stocks.available[s, last]) if last >= 0 else 0.0
        blocked: Cause = "not_released"
        if weeks == FAR:
            blocked = "transport"
        elif last < 0 or (stocks.releasable[s] and stocks.release_week[s] <= last):
            blocked = "lead_time"
        decided = min(timely, float(self.letting[s]))
        idle = max(0.0, decided - float(self.shipped[s]))
        idle = 0.0 if problem.items.whole[item] and idle < 1 - 1e-9 else idle
        idle = 0.0 if idle < 1e-6 * (1 + decided) else idle
        return Holding(
            s,
            effect * (float(stocks.quantity[s]) + lots),
            effect * max(0.0, float(stocks.ever[s])),
            effect * timely,
            effect * decided,
            effect * idle,
            blocked,
            weeks,
        )


def split(
    problem: Problem, need: int, missing: float, holdings: Sequence[Holding]
) -> dict[Cause, float]:
    """Split what is missing by cause; the parts add up to ``missing``."""
    quantity = float(problem.needs.quantity[need])
    late = {"not_released": 0.0, "lead_time": 0.0, "transport": 0.0}
    for h in holdings:
        if h.blocked in late:
            late[h.blocked] += h.free - h.timely
    levels = [sum(h.held for h in holdings), sum(h.free for h in holdings)]
    levels.append(levels[-1] - late["not_released"])
    levels.append(levels[-1] - late["lead_time"])
    no_way = late["transport"]
    levels.append(levels[-1] - sum(h.timely - h.decided for h in holdings))
    capped = [quantity, *(min(quantity, max(0.0, x)) for x in levels)]
    parts: dict[Cause, float] = dict.fromkeys(ORDER, 0.0)
    left = missing
    for cause, before, after in zip(ORDER[:5], capped, capped[1:], strict=False):
        parts[cause] = min(left, before - after)
        left -= parts[cause]
    idle = sum(h.idle for h in holdings) + no_way
    parts["transport"] = min(left, idle)
    parts["outbid"] = left - parts["transport"]
    return parts


def quickest(problem: Problem, item: int, node: int, *, empty: bool = False) -> list[int]:
    """Give the fewest weeks from every node to ``node`` on links the item may use.

    With ``empty`` only on links that take a whole unit in a week when nothing else is on them.
    """
    links = problem.links
    allowed = wide_enough(problem, item) if empty else problem.may_use(item)
    allowed = allowed & (links.capacity > 0)
    allowed &= problem.nodes.handling_t[links.target] > 0
    source, target, transit = links.source[allowed], links.target[allowed], links.transit_weeks
    transit = transit[allowed]
    weeks = np.full(len(problem.nodes.ids), FAR)
    weeks[node] = 0
    for _ in range(len(weeks)):
        before = weeks.copy()
        np.minimum.at(weeks, source, np.minimum(before[target] + transit, FAR))
        if np.array_equal(weeks, before):
            break
    return [int(w) for w in weeks]


def too_large(problem: Problem, need: int, holdings: Sequence[Holding]) -> list[int]:
    """Give the items that stand idle because one unit is more than any way takes in a week."""
    node, found = int(problem.needs.node[need]), []
    idle = {int(problem.stocks.item[h.stock]) for h in holdings if h.idle > 0}
    for item in sorted(idle):
        weeks = quickest(problem, item, node, empty=True)
        starts = {
            int(problem.stocks.node[h.stock])
            for h in holdings
            if h.idle > 0 and problem.stocks.item[h.stock] == item
        }
        if all(weeks[at] >= FAR for at in starts):
            found.append(item)
    return found


def _let_go(problem: Problem, shipped: Floats, accepted: Sequence[bool]) -> Floats:
    """Give the most that packages and conditions let each stock ship in this plan."""
    most = np.full(len(problem.stocks.ids), np.inf)
    for pack, yes in zip(problem.packages, accepted, strict=True):
        for s, q in zip(pack.stocks, pack.quantities, strict=True):
            most[s] = q if yes else 0.0
    for c in problem.conditions:
        if c.kind == "with":
            if c.share > 0:
                most[c.stock] = min(most[c.stock], shipped[c.others[0]] / c.share)
            continue
        ready = sum(
            bool(shipped[o] > 1e-6 and shipped[o] >= c.share * problem.stocks.ever[o] - 1e-6)
            for o in c.others
        )
        if ready < c.count:
            most[c.stock] = 0.0
    return most
