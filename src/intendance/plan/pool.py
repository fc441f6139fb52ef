"""The columns found so far: (stock, need, departure, path), with what each uses where and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from intendance.plan.network import Network
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.result import Shipment


def _ints() -> Ints:
    return np.zeros(0, np.int64)


def _floats() -> Floats:
    return np.zeros(0, np.float64)


@dataclass(slots=True)
class Pool:
    """Columns as arrays; a unit is one unit of the item.

    ``spare`` columns ship without serving their need: packages and ``with`` partners may have to
    send more than any need can use, and over-supply earns nothing. ``gain`` is the share of the
    need that one unit covers, ``late`` the shortfall that one unit adds by coming after
    until_week, ``most`` the largest quantity that can make sense. Uses of capacity stand in flat
    arrays: ``use_key`` = resource × horizon + week (links first, then nodes).
    """

    problem: Problem
    network: Network
    keys: dict[tuple[object, ...], int] = field(default_factory=dict)
    paths: list[tuple[int, ...]] = field(default_factory=list)
    stock: Ints = field(default_factory=_ints)
    need: Ints = field(default_factory=_ints)
    depart: Ints = field(default_factory=_ints)
    arrive: Ints = field(default_factory=_ints)
    spare: Ints = field(default_factory=_ints)
    row: Ints = field(default_factory=_ints)
    gain: Floats = field(default_factory=_floats)
    late: Floats = field(default_factory=_floats)
    cost: Floats = field(default_factory=_floats)
    most: Floats = field(default_factory=_floats)
    use_key: Ints = field(default_factory=_ints)
    use_column: Ints = field(default_factory=_ints)
    use_amount: Floats = field(default_factory=_floats)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def resources(self) -> int:
        """Give the number of capacity keys: (links + nodes) × weeks."""
        problem = self.problem
        return (len(problem.links.ids) + len(problem.nodes.ids)) * problem.horizon_weeks

    def limits(self) -> Floats:
        """Give the capacity of every key."""
        both = np.concatenate([self.problem.links.capacity, self.problem.nodes.handling_t])
        return np.repeat(both, self.problem.horizon_weeks)

    def add(self, new: Sequence[tuple[int, int, int, int, int, tuple[int, ...]]]) -> Ints:
        """Add (stock, need, depart, arrive, spare, path); give the positions that are new."""
        fresh = []
        for column in new:
            key = (column[0], column[1], column[2], column[4], column[5])
            if key not in self.keys:
                self.keys[key] = len(self.keys)
                fresh.append(column)
        first = len(self.paths)
        if not fresh:
            return _ints()
        stock, need, depart, arrive, spare = np.array([x[:5] for x in fresh], np.int64).T
        paths = [x[5] for x in fresh]
        problem, net = self.problem, self.network
        item = problem.stocks.item[stock]
        effect = np.array([problem.effect(int(r), int(i)) for r, i in zip(need, item, strict=True)])
        quantity = problem.needs.quantity[need]
        useful = np.where(spare > 0, 0.0, 1.0)
        gain = effect / quantity
        late = useful * gain * problem.needs.priority[need] * net.late[need, arrive]
        rate = np.array([sum(net.cost[k] for k in x) for x in paths], np.float64)
        enough = np.where(net.whole[item], np.ceil(quantity / effect - 1e-9), quantity / effect)
        has = problem.stocks.available[stock, -1]
        most = np.where(spare > 0, has, np.minimum(has, enough))
        self.stock = np.concatenate([self.stock, stock])
        self.need = np.concatenate([self.need, need])
        self.depart = np.concatenate([self.depart, depart])
        self.arrive = np.concatenate([self.arrive, arrive])
        self.spare = np.concatenate([self.spare, spare])
        self.row = np.concatenate([self.row, net.row_first[need] + net.serve[need, arrive]])
        self.gain = np.concatenate([self.gain, gain * useful])
        self.late = np.concatenate([self.late, late])
        self.cost = np.concatenate([self.cost, rate * net.size[item, 0]])
        self.most = np.concatenate([self.most, most])
        self.paths += paths
        self._note_uses(first, item, depart, paths)
        return np.arange(first, len(self.paths))

    def _note_uses(
        self, first: int, item: Ints, depart: Ints, paths: list[tuple[int, ...]]
    ) -> None:
        net, horizon = self.network, self.problem.horizon_weeks
        links = len(self.problem.links.ids)
        keys: list[int] = []
        columns: list[int] = []
        amounts: list[float] = []
        transit, target = net.transit.tolist(), net.target.tolist()
        measure, size = net.measure.tolist(), net.size.tolist()
        for position, path in enumerate(paths):
            week, sizes = int(depart[position]), size[int(item[position])]
            for k in path:
                keys.append(k * horizon + week)
                amounts.append(sizes[measure[k]])
                week += transit[k]
                keys.append((links + target[k]) * horizon + week)
                amounts.append(sizes[0])
            columns += [first + position] * (2 * len(path))
        limits = np.concatenate([self.problem.links.capacity, self.problem.nodes.handling_t])
        key = np.array(keys, np.int64)
        amount = np.array(amounts, np.float64)
        keep = (amount > 0) & np.isfinite(limits[key // horizon]) if len(key) else key > 0
        self.use_key = np.concatenate([self.use_key, key[keep]])
        self.use_column = np.concatenate([self.use_column, np.array(columns, np.int64)[keep]])
        self.use_amount = np.concatenate([self.use_amount, amount[keep]])

    def usage(self, units: Floats) -> Floats:
        """Give what the columns use of every capacity key when they ship ``units``."""
        known = self.use_column < len(units)
        weights = self.use_amount[known] * units[self.use_column[known]]
        used = np.bincount(self.use_key[known], weights=weights, minlength=self.resources)
        return np.asarray(used, np.float64)

    def of_shipments(self, shipments: Sequence[Shipment]) -> tuple[Ints, Floats]:
        """Add shipments as columns; give each one's position and quantity."""
        rows = [(x.stock, x.need, x.depart_week, x.arrive_week, 0, x.links) for x in shipments]
        self.add(rows)
        at = [self.keys[(x.stock, x.need, x.depart_week, 0, x.links)] for x in shipments]
        return np.array(at, np.int64), np.array([x.quantity for x in shipments], np.float64)

    def shipments(self, units: Floats) -> list[Shipment]:
        """Give the shipments of quantities by column; what serves and what is spare together."""
        total: dict[tuple[int, int, int, tuple[int, ...]], tuple[float, int]] = {}
        for c in np.flatnonzero(units > 0):
            key = (int(self.stock[c]), int(self.need[c]), int(self.depart[c]), self.paths[c])
            before = total.get(key, (0.0, 0))[0]
            total[key] = (before + float(units[c]), int(self.arrive[c]))
        return [
            Shipment(s, r, quantity, week, arrive, path)
            for (s, r, week, path), (quantity, arrive) in sorted(total.items())
        ]
