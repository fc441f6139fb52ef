"""Solves a plan again under a small change, warm from the shipments at hand.

Both sides of a comparison go through the same search: what it finds without the change is not
counted as the change's gain. A gain found here is real (a checked plan reaches it); a longer
search may find more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from intendance.plan.check import measure
from intendance.plan.generation import Search
from intendance.plan.master import Master
from intendance.plan.neighbourhood import frozen_stocks, improve_part
from intendance.plan.network import build_network
from intendance.plan.pool import Pool
from intendance.plan.pricing import Pricer
from intendance.plan.problem import Floats, Problem
from intendance.plan.repair import Found, mend
from intendance.plan.result import Shipment
from intendance.plan.stop import Stop

NEEDS: Final = 10  # solved again together; more take longer and rarely bring more


@dataclass(slots=True)
class Warm:
    """A plan and its problem, to be asked again and again what a change would bring."""

    problem: Problem
    shipments: Sequence[Shipment]
    stop: Stop = field(default_factory=Stop)
    seed: int = 0
    lack: Floats = field(default_factory=lambda: np.zeros(0))
    base: dict[tuple[int, ...], Found] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lack = weighted_lack(self.problem, self.shipments)

    def gain(self, changed: Problem, needs: Sequence[int]) -> tuple[float, Floats]:
        """Give what the shortfall falls by, and what each need gets more at the horizon's end.

        ``changed`` has the rows of the problem in the same places and allows at least as much.
        """
        key = tuple(sorted(needs))
        if key not in self.base:
            self.base[key] = self._again(self.problem, key)
        before, after = self.base[key], self._again(changed, key)
        missing = measure(self.problem, before[0])[1], measure(changed, after[0])[1]
        fallen = before[2].shortfall - after[2].shortfall
        return max(0.0, fallen), missing[0] - missing[1]

    def _again(self, problem: Problem, needs: tuple[int, ...]) -> Found:
        network = build_network(problem)
        found = mend(problem, network, self.shipments)
        assert found is not None, "a plan stays one when its limits are widened"
        if not network.pairs or self.stop.now():
            return found
        pool = Pool(problem, network)
        search = Search(Master(problem, pool, self.stop, self.seed), Pricer(problem, network))
        pool.of_shipments(found[0])
        # What the needs would get if they were served anew brings ways and weeks to choose from.
        frozen = frozen_stocks(problem)
        kept = [x for x in self.shipments if x.need not in needs or x.stock in frozen]
        anew = mend(problem, network, kept)
        if anew is not None:
            pool.of_shipments(anew[0])
            found = anew if anew[2].shortfall < found[2].shortfall else found
        search.master.pool.add(search.price_near())
        return improve_part(search, found, list(needs), "shortfall", {}, self.stop) or found

    def needs_near(self, items: Iterable[int], first: Sequence[int] = ()) -> list[int]:
        """Give the needs that the items can serve and that lack most, with those that share.

        Sharing: what serves the first could serve them, or does.
        """
        problem = self.problem
        wanted = {c for c, item in problem.effects if item in set(items)}
        capabilities = np.array(problem.needs.capabilities, dtype=object)
        lacking = [r for r in self._by_lack() if capabilities[r] in wanted and r not in first]
        direct = [*first, *lacking][: NEEDS * 2 // 3]
        chosen = set(direct)
        stocks = {x.stock for x in self.shipments if x.need in chosen}
        shared = {x.need for x in self.shipments if x.stock in stocks} - chosen
        more = sorted(shared, key=lambda r: (-self.lack[r], r))
        return [*direct, *more][:NEEDS]

    def _by_lack(self) -> list[int]:
        return [int(r) for r in np.argsort(-self.lack, kind="stable")]


def weighted_lack(problem: Problem, shipments: Sequence[Shipment]) -> Floats:
    """Give each need's part of the shortfall, in priority-weighted need-weeks."""
    lack = lack_by_week(problem, shipments)
    return np.asarray(
        problem.needs.priority * lack.sum(axis=1) / problem.needs.quantity, np.float64
    )


def lack_by_week(problem: Problem, shipments: Sequence[Shipment]) -> Floats:
    """Give what each need lacks at the end of each week, in units of its capability."""
    count = len(problem.needs.ids)
    due = np.array([problem.due_by(r) for r in range(count)]).reshape(count, -1)
    arrived = np.zeros_like(due)
    for x in shipments:
        effect = problem.effect(x.need, int(problem.stocks.item[x.stock]))
        arrived[x.need, x.arrive_week] += x.quantity * effect
    return np.asarray(np.maximum(0.0, due - np.cumsum(arrived, axis=1)), np.float64)
