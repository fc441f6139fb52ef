"""From a point inside the relaxation to whole units: part by part, the rest kept as it stands.

Rounding everything down at once loses several per cent on large problems, and filling up again
greedily does not win them back. Here one part at a time becomes whole, as an integer programme,
while what is not yet decided keeps the share of stocks and ways that the relaxation gave it.
A part may take from those shares at the relaxation's prices: whole units seldom fit a share.
Stocks under packages and conditions go first, those that hang together in one part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intendance.plan.firstorder import FirstOrder, Linear, grown
from intendance.plan.master import INFINITE, Master, ready_quantity
from intendance.plan.neighbourhood import Model, frozen_stocks
from intendance.plan.pool import Pool
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.stop import Stop

PART_COLUMNS: Final = 800
NODES: Final = 10
GAP: Final = 1e-3
AGAIN: Final = 1e-3
AGAIN_STEPS: Final = 300
BEST_MARGINS: Final = 8  # columns of a need that stay whatever they carry
LEAST_UNITS: Final = 1e-7
SEEN: Final = 1e-3  # units from which a column counts as used
NOISE: Final = 0.01  # weeks that the whole of a need may seem to come later in a column
SHARPEN_STEPS, SHARPEN_ROUNDS = 600, 3
SHARP: Final = 3e-4  # relative error at which the sharpening ends
ROOMY: Final = -0.5  # ways get a row when half full: a vertex may fill what a face spread out
DEARER: Final = 4.0  # what a part pays for the shares of others, in the relaxation's prices
KEPT: Final = 0.7  # what a part pays for its own shares: what it leaves, others can use
TURNS: Final = 10  # how often the relaxation is solved again


@dataclass(slots=True)
class Relaxation:
    """The relaxation at hand: programme, duals, and where rows and columns stand in it."""

    lp: Linear
    x: Floats
    y: Floats
    shipped: Ints
    capacity_row: Ints
    step_row: Ints
    method: FirstOrder

    @classmethod
    def of(cls, master: Master) -> Relaxation:
        """Take the relaxation out of a master, with the point it last reached."""
        return cls(
            Linear.of(master.highs), grown(master.x, master.columns), grown(master.y, master.rows),
            master.shipped, master.capacity_row, master.step_row, FirstOrder(),
        )  # fmt: skip

    def again(self, decided: NDArray[np.bool_], steps: int, go_on: Callable[[], bool]) -> None:
        """Solve again near the point at hand, with some shipment columns fixed at their x."""
        fixed = np.zeros(len(self.x), bool)
        fixed[self.shipped[decided]] = True
        rest = self.lp.without(fixed, self.x)
        x, self.y = self.method.solve(
            rest, self.x[~fixed], self.y, tolerance=AGAIN, most=steps, go_on=go_on
        )
        self.x[~fixed] = x


@dataclass(slots=True)
class Rounding:
    """A plan in the making: units by column of the pool, and what they use up.

    ``price`` is what a unit of each capacity key is worth, ``stock_price`` a unit of each stock
    by week. ``used`` and ``out`` count every column, ``held`` and ``sent`` the decided ones.
    """

    problem: Problem
    pool: Pool
    relaxation: Relaxation
    units: Floats
    seed: int = 0
    price: Floats = field(default_factory=lambda: np.zeros(0))
    stock_price: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    decided: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    held: Floats = field(default_factory=lambda: np.zeros(0))
    sent: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    used: Floats = field(default_factory=lambda: np.zeros(0))
    out: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    got: Floats = field(default_factory=lambda: np.zeros(0))
    begin: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        pool, problem = self.pool, self.problem
        self.begin = np.searchsorted(pool.use_column, np.arange(len(pool) + 1))
        self.whole = problem.items.whole[problem.stocks.item[pool.stock]]
        self.held, self.sent = np.zeros(pool.resources), np.zeros(problem.stocks.available.shape)
        self.decided = np.zeros(len(pool), bool)
        self._take_shares()

    def rebalance(self, stop: Stop) -> None:
        """Solve the relaxation of what is undecided again, and take its shares and prices."""
        self.relaxation.x[self.relaxation.shipped] = self.units / self.pool.most
        self.relaxation.again(self.decided, AGAIN_STEPS, lambda: not stop.now())
        units = np.maximum(self.relaxation.x[self.relaxation.shipped], 0.0) * self.pool.most
        self.units = np.where(self.decided, self.units, units)
        self._take_shares()

    def _take_shares(self) -> None:
        pool, problem, at = self.pool, self.problem, self.relaxation
        self._scale_down()
        self.used = pool.usage(self.units)
        self.out = np.zeros(problem.stocks.available.shape)
        np.add.at(self.out, (pool.stock, pool.depart), self.units)
        rows = int(pool.network.row_count.sum())
        got = np.bincount(pool.row, weights=self.units * pool.gain, minlength=rows)
        self.got = np.asarray(got, np.float64)
        limit, total = pool.limits(), problem.stocks.available[:, -1]
        dual = np.maximum(-at.y, 0.0)
        scale = np.where((limit > 0) & np.isfinite(limit), limit, 1.0)
        self.price = np.where(at.capacity_row >= 0, dual[at.capacity_row], 0.0) / scale
        stocks = np.where(at.step_row >= 0, dual[at.step_row], 0.0)
        self.stock_price = stocks / np.where(total > 0, total, 1.0)[:, None]

    def _scale_down(self) -> None:
        """Bring what is undecided, and only nearly feasible, within every limit."""
        pool = self.pool
        loose = np.where(self.decided, 0.0, self.units)
        used, room = pool.usage(loose), np.maximum(pool.limits() - self.held, 0.0)
        fits = np.where(used > room, room / np.where(used > 0, used, 1.0), 1.0)
        factor = np.ones(len(pool))
        np.minimum.at(factor, pool.use_column, fits[pool.use_key])
        loose *= factor
        left = _left(self.problem.stocks.available, self.sent)
        out = np.zeros(left.shape)
        np.add.at(out, (pool.stock, pool.depart), loose)
        out = np.cumsum(out, axis=1)
        ratio = np.where(out > left, np.maximum(left, 0.0) / np.where(out > 0, out, 1.0), 1.0)
        # What leaves in a week counts in all later weeks, so the narrowest of them decides.
        ratio = np.minimum.accumulate(ratio[:, ::-1], axis=1)[:, ::-1]
        loose *= ratio[pool.stock, pool.depart]
        self.units = np.where(self.decided, self.units, loose)

    def change(self, columns: Ints, units: Floats) -> None:
        """Set the units of some columns and book the difference."""
        pool = self.pool
        more = units - self.units[columns]
        self.units[columns] = units
        np.add.at(self.out, (pool.stock[columns], pool.depart[columns]), more)
        np.add.at(self.got, pool.row[columns], more * pool.gain[columns])
        at, which = self.uses(columns)
        np.add.at(self.used, pool.use_key[at], pool.use_amount[at] * more[which])

    def decide(self, columns: Ints, units: Floats) -> None:
        """Set the units of some columns for good."""
        pool = self.pool
        self.change(columns, units)
        again = np.where(self.decided[columns], 0.0, 1.0) * units
        self.decided[columns] = True
        np.add.at(self.sent, (pool.stock[columns], pool.depart[columns]), again)
        at, which = self.uses(columns)
        np.add.at(self.held, pool.use_key[at], pool.use_amount[at] * again[which])

    def uses(self, columns: Ints) -> tuple[Ints, Ints]:
        """Give positions in the pool's uses, and which of the columns each belongs to."""
        counts = self.begin[columns + 1] - self.begin[columns]
        which = np.repeat(np.arange(len(columns)), counts)
        shift = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(columns) else counts
        at = np.arange(len(which)) - shift[which] + self.begin[columns][which]
        return at, which

    def settle(self, columns: Ints, stop: Stop, stocks: Ints | None = None) -> bool:
        """Make some columns whole; with ``stocks`` (all that hang together) decisions as well."""
        before = self.units[columns].copy()
        self.change(columns, np.zeros(len(columns)))
        model = Model()
        start = np.where(self.whole[columns], np.floor(before + 1e-6), before)
        if stocks is not None:
            start = np.zeros(len(columns))
        worth = (self.pool.late[columns] + KEPT * self._paid(columns)).tolist()
        for at, (c, q) in enumerate(zip(columns.tolist(), start.tolist(), strict=True)):
            whole = bool(self.whole[c])
            model.column(worth[at], float(self.pool.most[c]), whole=whole, start=q)
        self._add_needs(model, columns)
        self._add_limits(model, columns)
        if stocks is not None:
            add_decisions(model, self.problem, self.pool.stock[columns], stocks)
        point = model.solve(stop, self.seed, nodes=NODES, gap=GAP)
        if point is None:
            self.decide(columns, np.zeros(len(columns)))
            return False
        units = np.maximum(point[: len(columns)], 0.0)
        units = np.where(self.whole[columns], np.round(units), units)
        units[units < 1e-9] = 0.0
        self.decide(columns, units)
        return True

    def _paid(self, columns: Ints) -> Floats:
        """Give what a unit of each column uses up, at the relaxation's prices."""
        pool = self.pool
        paid = self.stock_price[pool.stock[columns], pool.depart[columns]].copy()
        at, which = self.uses(columns)
        np.add.at(paid, which, pool.use_amount[at] * self.price[pool.use_key[at]])
        return np.asarray(paid, np.float64)

    def _add_needs(self, model: Model, columns: Ints) -> None:
        """Add the backlog rows of the needs that the columns serve."""
        problem, net, pool = self.problem, self.pool.network, self.pool
        by_row: dict[int, list[tuple[int, float]]] = {}
        serving = pool.spare[columns] == 0
        for at in np.flatnonzero(serving).tolist():
            c = int(columns[at])
            by_row.setdefault(int(pool.row[c]), []).append((at, float(pool.gain[c])))
        for r in np.unique(pool.need[columns[serving]]).tolist():
            n, first = int(net.row_count[r]), int(net.row_first[r])
            weight = float(problem.needs.priority[r])
            carried = 0.0
            before: tuple[int, int] | None = None
            for k in range(n):
                last = problem.horizon_weeks - int(problem.needs.until_week[r]) if k == n - 1 else 1
                mine = by_row.get(first + k, [])
                due = 1.0 / n - float(self.got[first + k])
                carried += due - sum(model.start[at] * gain for at, gain in mine)
                back = model.column(weight * last, INFINITE, start=max(0.0, carried))
                over = model.column(0.0, INFINITE, start=max(0.0, -carried))
                names, values = [back, over], [1.0, -1.0]
                if before:
                    names += before
                    values += [-1.0, 1.0]
                names += [at for at, _ in mine]
                values += [gain for _, gain in mine]
                model.rows.append((due, due, names, values))
                before = (back, over)

    def _add_limits(self, model: Model, columns: Ints) -> None:
        """Add stocks, links and nodes: the own share is free, more costs its price."""
        pool, available = self.pool, self.problem.stocks.available
        for s in np.unique(pool.stock[columns]).tolist():
            shares = _left(available[s], self.out[s])
            left = _left(available[s], self.sent[s])
            mine = np.flatnonzero(pool.stock[columns] == s)
            departs = pool.depart[columns[mine]]
            steps = (np.diff(left) > 1e-9) | (np.diff(available[s]) > 1e-9)
            for week in [*np.flatnonzero(steps).tolist(), len(left) - 1]:
                some = mine[departs <= week].tolist()
                if some:
                    limits = (float(shares[week]), float(left[week]))
                    _limit(model, some, [1.0] * len(some), limits, float(self.stock_price[s, week]))
        at, which = self.uses(columns)
        order = np.argsort(pool.use_key[at], kind="stable")
        keys = pool.use_key[at][order]
        free = pool.limits()
        cuts = np.flatnonzero(np.diff(keys, prepend=-1))
        for a, b in zip(cuts.tolist(), [*cuts[1:].tolist(), len(keys)], strict=True):
            some, amounts = which[order[a:b]], pool.use_amount[at[order[a:b]]]
            key = int(keys[a])
            limits = (float(free[key] - self.used[key]), float(free[key] - self.held[key]))
            if float(amounts @ pool.most[columns[some]]) > limits[0]:
                price = float(self.price[key])
                _limit(model, some.tolist(), amounts.tolist(), limits, price)


def _left(available: Floats, out: Floats) -> Floats:
    left = available - np.cumsum(out, axis=-1)
    return np.asarray(np.minimum.accumulate(left[..., ::-1], axis=-1)[..., ::-1], np.float64)


def _limit(
    model: Model,
    columns: list[int],
    values: list[float],
    limits: tuple[float, float],
    price: float,
) -> None:
    """Add Σ value·x ≤ share + more, where ``more`` costs its price; limits = share, all left."""
    share, left = max(0.0, limits[0]), max(0.0, limits[1])
    share = min(share, left)
    if left > share + 1e-9:
        more = model.column(DEARER * price, left - share)
        columns, values = [*columns, more], [*values, -1.0]
    model.rows.append((-INFINITE, share, columns, values))


def round_master(
    master: Master, stop: Stop, done: Callable[[int, int], None]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Give whole units by column of the pool, from a point inside the master's relaxation.

    Only the columns that carry something at a vertex, and those of the best margins of each
    need, stay in the game; the second value says which. When told to stop, what is undecided stays
    as it is.
    """
    pool, problem = master.pool, master.problem
    _sharpen(master)
    relaxation = Relaxation.of(master)
    at = relaxation.shipped
    units = np.maximum(relaxation.x[at], 0.0) * pool.most
    margin = -relaxation.lp.margins(relaxation.y)[at] / pool.most
    likely = (units > LEAST_UNITS) | (_rank(pool, margin) < BEST_MARGINS)
    rounding = Rounding(problem, pool, relaxation, units, master.seed)
    round_parts(rounding, likely, stop, done)
    return rounding.units, likely


def units_within_limits(master: Master) -> Floats:
    """Give the units of a point that is only nearly feasible, brought within every limit."""
    relaxation = Relaxation.of(master)
    units = np.maximum(relaxation.x[relaxation.shipped], 0.0) * master.pool.most
    units = grown(units, len(master.pool))  # what came last may not stand in the master yet
    return Rounding(master.problem, master.pool, relaxation, units, master.seed).units


def _sharpen(master: Master) -> None:
    """Move the master's point near a vertex: whole units come of few large shares.

    A little noise on the costs leaves one best point instead of a whole face. Raises Stopped.
    """
    pool, priority = master.pool, master.problem.needs.priority
    noise = np.random.default_rng(master.seed).random(len(pool))
    noise *= NOISE * priority[pool.need] * pool.gain * pool.most
    cost = master.shipping_cost(np.arange(len(pool))) * pool.most
    at = master.shipped.astype(np.int32)
    try:
        master.highs.changeColsCost(len(at), at, cost + noise)
        for _ in range(SHARPEN_ROUNDS):
            master.solve("first-order", tolerance=SHARP, steps=SHARPEN_STEPS)
            master.add_capacity(master.violated(ROOMY))
        master.solve("first-order", tolerance=SHARP, steps=SHARPEN_STEPS)
    finally:
        master.highs.changeColsCost(len(at), at, cost)


def _rank(pool: Pool, worth: Floats) -> Ints:
    """Give each column's place among those of its need, 0 for the largest worth."""
    order = np.lexsort((-worth, pool.need))
    needs = pool.need[order]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - np.searchsorted(needs, needs)
    return place


def add_decisions(model: Model, problem: Problem, stock_of: Ints, stocks: Ints) -> None:
    """Add the packages and conditions of some stocks, each with its yes-or-no column.

    ``stock_of`` names the stock of each of the model's first columns.
    """
    mine = {s: np.flatnonzero(stock_of == s).tolist() for s in stocks.tolist()}
    available = problem.stocks.available
    for pack in problem.packages:
        if pack.stocks[0] not in mine:
            continue
        z = model.column(0.0, 1.0, whole=True)
        for s, q in zip(pack.stocks, pack.quantities, strict=True):
            model.rows.append((0.0, 0.0, [*mine[s], z], [*([1.0] * len(mine[s])), -q]))
    for c in problem.conditions:
        if c.stock not in mine or not mine[c.stock]:
            continue
        some = mine[c.stock]
        if c.kind == "with":
            rates: dict[int, float] = dict.fromkeys(some, c.share)
            for at in mine[c.others[0]]:
                rates[at] = rates.get(at, 0.0) - 1.0
            model.rows.append((-INFINITE, 0.0, list(rates), list(rates.values())))
            continue
        b = model.column(0.0, 1.0, whole=True)
        total = float(available[c.stock, -1])
        model.rows.append((-INFINITE, 0.0, [*some, b], [*([1.0] * len(some)), -total]))
        ready = []
        for o in c.others:
            least = ready_quantity(problem, o, c.share)
            possible = float(0 < least <= available[o, -1] * (1 + 1e-9))
            y = model.column(0.0, possible, whole=True)
            theirs = mine[o]
            model.rows.append((-INFINITE, 0.0, [y, *theirs], [least, *([-1.0] * len(theirs))]))
            ready.append(y)
        values = [float(c.count), *([-1.0] * len(ready))]
        model.rows.append((-INFINITE, 0.0, [b, *ready], values))


def hanging_together(problem: Problem) -> list[Ints]:
    """Give the groups of stocks that packages and conditions tie to each other."""
    leader: dict[int, int] = {}

    def find(s: int) -> int:
        while leader.setdefault(s, s) != s:
            s = leader[s]
        return s

    ties = [pack.stocks for pack in problem.packages]
    ties += [(c.stock, *c.others) for c in problem.conditions]
    for stocks in ties:
        for s in stocks[1:]:
            a, b = find(stocks[0]), find(s)
            leader[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for s in sorted(frozen_stocks(problem)):
        groups.setdefault(find(s), []).append(s)
    return [np.array(x, np.int64) for x in groups.values()]


def round_parts(
    rounding: Rounding,
    likely: NDArray[np.bool_],
    stop: Stop,
    done: Callable[[int, int], None],
) -> None:
    """Make all units whole in place, part by part, the relaxation solved again now and then.

    In each part play the ``likely`` columns and those that the relaxation has come to use.
    """
    problem, pool = rounding.problem, rounding.pool
    frozen = np.zeros(len(problem.stocks.ids), bool)
    frozen[sorted(frozen_stocks(problem))] = True
    count = np.bincount(pool.stock[likely], minlength=len(frozen))
    tied = _dealt([(int(count[x].sum()), x) for x in hanging_together(problem)])
    order = _heaviest_first(rounding)
    count = np.bincount(pool.need[likely & ~frozen[pool.stock]], minlength=len(order))
    needs = _dealt([(int(count[r]), np.array([r])) for r in order.tolist()])
    spell = max(1, (len(tied) + len(needs)) // TURNS)
    for position, part in enumerate([*tied, *needs]):
        if stop.now():
            return
        if position and position % spell == 0:
            rounding.rebalance(stop)
        if position < len(tied):
            mine = np.isin(pool.stock, part)
        else:
            mine = np.isin(pool.need, part) & ~frozen[pool.stock]
        plays = mine & (likely | (rounding.units > LEAST_UNITS))
        if position >= len(tied):
            plays &= pool.spare == 0
        idle = np.flatnonzero(mine & ~plays)
        rounding.decide(idle, np.zeros(len(idle)))
        if plays.any():
            rounding.settle(np.flatnonzero(plays), stop, part if position < len(tied) else None)
        done(position + 1, len(tied) + len(needs))


def _heaviest_first(rounding: Rounding) -> Ints:
    """Give the needs by capability, those of the heaviest whole units first.

    What is small, or divisible, fits into the room that large units leave.
    """
    problem, pool = rounding.problem, rounding.pool
    names = np.unique(np.array(problem.needs.capabilities), return_inverse=True)[1]
    unit = np.where(rounding.whole, problem.items.size[problem.stocks.item[pool.stock], 0], 0.0)
    heaviest = np.zeros(len(names))
    np.maximum.at(heaviest, names[pool.need], np.where(rounding.units > SEEN, unit, 0.0))
    return np.lexsort((problem.needs.node, names, -heaviest[names])).astype(np.int64)


def _dealt(sized: list[tuple[int, Ints]]) -> list[Ints]:
    """Put neighbours together into parts of about PART_COLUMNS columns."""
    parts: list[Ints] = []
    gathered: list[Ints] = []
    size = 0
    for columns, members in sized:
        if gathered and size + columns > PART_COLUMNS:
            parts.append(np.concatenate(gathered))
            gathered, size = [], 0
        gathered.append(members)
        size += columns
    if gathered:
        parts.append(np.concatenate(gathered))
    return parts
