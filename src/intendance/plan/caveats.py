"""The price of each caveat: what the shortfall falls by when one donor lifts one restriction.

A caveat is a floor, a release date, a stock that may not leave, a package, a condition. Those that
promise most are verified by solving again from the plan at hand, a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from intendance.plan.check import shipped_by_stock
from intendance.plan.holdings import FAR, View
from intendance.plan.problem import Floats, Problem, Stocks, available_by_week
from intendance.plan.resolving import Warm, lack_by_week

CaveatKind = Literal["releasable", "release_week", "floor", "package", "joint", "with"]
TRIED: Final = 40
LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Caveat:
    """One restriction of one donor. ``position`` counts packages or conditions, else the stock.

    ``stocks`` are those it holds back; ``extra`` is what each could give more by the end of each
    week, shape (stocks, weeks), in the item's unit.
    """

    kind: CaveatKind
    position: int
    stocks: tuple[int, ...]
    extra: Floats


@dataclass(frozen=True, slots=True)
class Priced:
    """A caveat whose lifting was tried: what the shortfall falls by, and who gets more."""

    caveat: Caveat
    gain: float
    closes: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """Verified prices, the dearest first. ``tried`` of ``standing`` caveats were solved again."""

    priced: tuple[Priced, ...]
    tried: int
    standing: int


def lift(problem: Problem, kind: CaveatKind, position: int) -> Problem:
    """Give the problem without one caveat; rows stay in their places."""
    if kind == "package":
        kept = problem.packages[:position] + problem.packages[position + 1 :]
        return replace(problem, packages=kept)
    if kind in ("joint", "with"):
        others = problem.conditions[:position] + problem.conditions[position + 1 :]
        return replace(problem, conditions=others)
    stocks = problem.stocks
    terms = _terms_without(stocks, kind, position)
    return replace(problem, stocks=_with_stock(problem, stocks, position, terms))


def _terms_without(stocks: Stocks, kind: CaveatKind, s: int) -> tuple[float, int, bool]:
    """Give floor, release week and whether it may leave, one of the three lifted."""
    floor, week = float(stocks.floor[s]), int(stocks.release_week[s])
    leaves = bool(stocks.releasable[s])
    if kind == "floor":
        floor = 0.0
    elif kind == "release_week":
        week = 0
    else:
        leaves = True
    return floor, week, leaves


def _lifted(problem: Problem, kind: CaveatKind, s: int) -> Floats:
    """Give what one stock may have sent by the end of each week, one of its caveats lifted."""
    stocks = problem.stocks
    floor, week, leaves = _terms_without(stocks, kind, s)
    free = float(stocks.quantity[s]) - floor
    return available_by_week(problem.horizon_weeks, free, week, stocks.lots[s], releasable=leaves)


def _with_stock(problem: Problem, stocks: Stocks, s: int, terms: tuple[float, int, bool]) -> Stocks:
    floor, week, leaves = terms
    horizon = problem.horizon_weeks
    free = float(stocks.quantity[s]) - floor
    floors, weeks = stocks.floor.copy(), stocks.release_week.copy()
    releasable, available = stocks.releasable.copy(), stocks.available.copy()
    ever = stocks.ever.copy()
    floors[s], weeks[s], releasable[s] = floor, week, leaves
    available[s] = available_by_week(horizon, free, week, stocks.lots[s], releasable=leaves)
    ever[s] = free + sum(q for w, q in stocks.lots[s] if w < horizon)
    return replace(
        stocks,
        floor=floors,
        release_week=weeks,
        releasable=releasable,
        available=available,
        ever=ever,
    )


def standing(view: View) -> list[Caveat]:
    """Give every caveat that holds something back, in the order of the tables."""
    problem, stocks = view.problem, view.problem.stocks
    shipped = shipped_by_stock(problem, view.shipments)
    found = []
    for s in range(len(stocks.ids)):
        kinds: list[CaveatKind] = []
        if not stocks.releasable[s]:
            kinds.append("releasable")
        elif stocks.release_week[s] > 0:
            kinds.append("release_week")
        if stocks.floor[s] > 0 and stocks.releasable[s]:
            kinds.append("floor")
        for kind in kinds:
            after = _lifted(problem, kind, s)
            extra = np.maximum(0.0, after - stocks.available[s])
            if extra.max(initial=0.0) > LEAST:
                found.append(Caveat(kind, s, (s,), extra[None, :]))
    for p, pack in enumerate(problem.packages):
        found.append(_held(problem, "package", p, pack.stocks, shipped))
    for c, condition in enumerate(problem.conditions):
        found.append(_held(problem, condition.kind, c, (condition.stock,), shipped))
    return [x for x in found if x.extra.max(initial=0.0) > LEAST]


def _held(
    problem: Problem, kind: CaveatKind, position: int, stocks: tuple[int, ...], shipped: Floats
) -> Caveat:
    extra = np.array([problem.stocks.available[s] - shipped[s] for s in stocks])
    return Caveat(kind, position, stocks, np.maximum(0.0, extra))


def promise(view: View, caveat: Caveat, lack: Floats) -> Floats:
    """Give for each need the most that lifting the caveat alone could take off its shortfall.

    Transport is taken as free, and other needs as out of the way; substitution is not seen.
    """
    problem = view.problem
    needs, horizon = problem.needs, problem.horizon_weeks
    best = np.zeros(len(needs.ids))
    for row, s in enumerate(caveat.stocks):
        item = int(problem.stocks.item[s])
        for r in np.flatnonzero(lack.max(axis=1, initial=0.0) > LEAST).tolist():
            effect = problem.effect(r, item)
            weeks = view.weeks_to(s, int(needs.node[r])) if effect > 0 else FAR
            if weeks >= horizon:
                continue
            comes = np.zeros(horizon)
            comes[weeks:] = effect * caveat.extra[row][: horizon - weeks]
            fallen = float(np.minimum(lack[r], comes).sum())
            best[r] += float(needs.priority[r]) * fallen / float(needs.quantity[r])
    return best


def price_caveats(view: View, warm: Warm, *, tried: int = TRIED) -> Prices:
    """Solve again without each of the most promising caveats, the most promising first."""
    lack = lack_by_week(view.problem, view.shipments)
    caveats = standing(view)
    promised = [float(promise(view, each, lack).max(initial=0.0)) for each in caveats]
    order = sorted(range(len(caveats)), key=lambda n: (-promised[n], n))
    chosen = [n for n in order if promised[n] > LEAST][:tried]
    priced: list[Priced] = []
    count = 0
    for n in chosen:
        if warm.stop.now():
            break
        priced.append(price(view.problem, warm, caveats[n]))
        count += 1
    kept = [x for x in priced if x.gain > 1e-6]
    kept.sort(key=lambda x: (-x.gain, x.caveat.kind, x.caveat.position))
    return Prices(tuple(kept), count, len(caveats))


def price(problem: Problem, warm: Warm, caveat: Caveat, first: Sequence[int] = ()) -> Priced:
    """Solve again without one caveat; the needs ``first`` are surely among those improved."""
    items = {int(problem.stocks.item[s]) for s in caveat.stocks}
    changed = lift(problem, caveat.kind, caveat.position)
    gain, closed = warm.gain(changed, warm.needs_near(items, first))
    order = sorted(range(len(closed)), key=lambda r: (-closed[r], r))
    least = 1e-6 * problem.needs.quantity
    closes = tuple((r, float(closed[r])) for r in order if closed[r] > least[r])
    return Priced(caveat, gain, closes)


def by_stock(caveats: Sequence[Caveat]) -> dict[int, list[int]]:
    """Give, for each stock, the positions of the caveats that hold it back."""
    found: dict[int, list[int]] = {}
    for position, caveat in enumerate(caveats):
        for s in set(caveat.stocks):
            found.setdefault(s, []).append(position)
    return found
