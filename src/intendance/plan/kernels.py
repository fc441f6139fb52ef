"""Compiled loops: the best way from every node and week to a need, and the greedy filling.

Both run the same time-expanded dynamic programme backwards from the need's node: what one unit
is worth at (week, node) is the best, over the links out of the node, of what it is worth where
the link ends, less the prices of the link and of handling there. Goods never wait on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

    def compiled(function: Function) -> Function:
        """Compile a function (its types stay visible to the type checker)."""

else:
    from numba import njit

    compiled = njit(cache=True, nogil=True)

from intendance.plan.problem import Floats, Ints

NEVER: Final = -1e300


@compiled
def best_ways(
    links: Ints,
    slow: int,
    ends: tuple[Ints, Ints, Ints, Ints],
    size: Floats,
    prices: tuple[Floats, Floats, Floats],
    gain: Floats,
    node: int,
    first_week: int,
    worth: Floats,
    choice: Ints,
) -> None:
    """Fill ``worth[week, node]`` and the link taken there, for one item and one destination.

    ``links[:slow]`` take at least one week, the rest none. ``ends`` = source, target, transit,
    measure; ``prices`` = per unit of measure [week, link], per tonne handled [week, node], per
    tonne on the link [link]. ``gain[week]`` is what one unit earns by arriving in a week.
    """
    source, target, transit, measure = ends
    price, toll, base = prices
    horizon = gain.shape[0]
    weight = size[0]
    for week in range(horizon - 1, first_week - 1, -1):
        for n in range(worth.shape[1]):
            worth[week, n] = NEVER
            choice[week, n] = -1
        worth[week, node] = gain[week]
        for position in range(slow):
            k = links[position]
            arrive = week + transit[k]
            if arrive >= horizon:
                continue
            to = target[k]
            ahead = worth[arrive, to]
            if ahead == NEVER:
                continue
            value = ahead - price[week, k] * size[measure[k]]
            value -= (toll[arrive, to] + base[k]) * weight
            at = source[k]
            if value > worth[week, at]:
                worth[week, at] = value
                choice[week, at] = k
        changed = links.shape[0] > slow
        rounds = 0
        while changed and rounds < worth.shape[1]:
            changed = False
            rounds += 1
            for position in range(slow, links.shape[0]):
                k = links[position]
                to = target[k]
                ahead = worth[week, to]
                if ahead == NEVER:
                    continue
                value = ahead - price[week, k] * size[measure[k]]
                value -= (toll[week, to] + base[k]) * weight
                at = source[k]
                if value > worth[week, at] + 1e-15 * abs(worth[week, at]):
                    worth[week, at] = value
                    choice[week, at] = k
                    changed = True


@compiled
def follow(
    start: int,
    week: int,
    node: int,
    ends: tuple[Ints, Ints, Ints, Ints],
    choice: Ints,
    path: Ints,
    seen: Ints,
    mark: int,
) -> tuple[int, int]:
    """Write the chosen path into ``path``; give its length (−1: a node twice) and arrival."""
    _, target, transit, _ = ends
    at, length = start, 0
    seen[at] = mark
    while at != node:
        k = choice[week, at]
        if k < 0 or length >= path.shape[0]:
            return -1, week
        path[length] = k
        length += 1
        week += transit[k]
        at = target[k]
        if seen[at] == mark:
            return -1, week
        seen[at] = mark
    return length, week


@compiled
def _earliest(stocks: Ints, flags: Ints, first_weeks: Ints, horizon: int) -> int:
    """Give the first week in which one of the flagged stocks has something."""
    first = horizon
    for s in stocks:
        if flags[s] and first_weeks[s] < first:
            first = first_weeks[s]
    return first


@compiled
def _best_week(worth: Floats, price: Floats, first_week: int) -> tuple[float, int]:
    """Give the best margin of one unit over the weeks of departure, and the week (−1: none)."""
    best, when = NEVER, -1
    for week in range(first_week, worth.shape[0]):
        if worth[week] == NEVER:
            continue
        value = worth[week] - price[week]
        if value > best:
            best, when = value, week
    return best, when


@compiled
def price_pairs(
    pairs: Ints,
    pair_arrays: tuple[Ints, Ints, Ints, Ints, Ints, Ints],
    ends: tuple[Ints, Ints, Ints, Ints],
    item_arrays: tuple[Floats, Ints, Ints, Ints, Ints],
    prices: tuple[Floats, Floats, Floats],
    gains: Floats,
    stock_price: Floats,
    reach: Floats,
    worst: Floats,
    tolerance: Floats,
    flags: Ints,
    found: Ints,
    paths: Ints,
) -> tuple[int, int]:
    """Find for every pair and stock the departure week whose unit earns most.

    ``gains[position, week]`` belongs to ``pairs[position]``; ``stock_price[stock, week]`` is what
    a unit leaving then costs. A stock whose best is above ``tolerance[stock]`` gives a row of
    ``found``: position, stock, departure, arrival, start in ``paths``, length (−1: the way
    passes a node twice, left to the caller), and ``worst[stock]`` rises to the best margin.
    ``reach[stock, week]`` rises to what a unit leaving then earns before the stock's own price.
    ``flags[stock]`` 0 leaves a stock out. Give the rows used and the path cells used.
    """
    pair_node, pair_item, pair_slot, slot_start, slot_zero, slot_links = pair_arrays
    size, item_start, item_stocks, stock_node, first_weeks = item_arrays
    horizon = gains.shape[1]
    nodes = prices[1].shape[1]
    worth = np.empty((horizon, nodes))
    choice = np.empty((horizon, nodes), np.int64)
    seen = np.full(nodes, -1, np.int64)
    path = np.empty(nodes, np.int64)
    rows, cells = 0, 0
    for position in range(pairs.shape[0]):
        pair = pairs[position]
        item = pair_item[pair]
        slot = pair_slot[pair]
        begin, end = slot_start[slot], slot_start[slot + 1]
        mine = item_stocks[item_start[item] : item_start[item + 1]]
        first = _earliest(mine, flags, first_weeks, horizon)
        if first >= horizon:
            continue
        node = pair_node[pair]
        slow = slot_zero[slot] - begin
        best_ways(
            slot_links[begin:end], slow, ends, size[item], prices, gains[position], node,
            first, worth, choice,
        )  # fmt: skip
        for s in mine:
            if not flags[s]:
                continue
            at = stock_node[s]
            for week in range(first_weeks[s], horizon):
                reach[s, week] = max(reach[s, week], worth[week, at])
            best, when = _best_week(worth[:, at], stock_price[s], first_weeks[s])
            if when < 0 or best <= tolerance[s]:
                continue
            if rows >= found.shape[0] or cells + nodes > paths.shape[0]:
                worst[s] = max(worst[s], best)
                continue
            length, arrive = follow(at, when, node, ends, choice, path, seen, rows)
            if length >= 0:
                worst[s] = max(worst[s], best)
            found[rows, :] = (position, s, when, arrive, cells, length)
            steps = max(length, 0)
            paths[cells : cells + steps] = path[:steps]
            cells += steps
            rows += 1
    return rows, cells


@compiled
def charges(reach: Floats, own: Floats, available: Floats, limit: Floats, total: Floats) -> None:
    """Put into ``total`` the most that each stock can earn, each unit leaving when it earns most.

    ``reach[stock, week]`` is what a unit leaving then earns, ``own[stock]`` what it pays whenever
    it leaves; what comes available in a week leaves in that week or later.
    """
    for s in range(reach.shape[0]):
        ahead, earned = 0.0, 0.0
        for week in range(reach.shape[1] - 1, -1, -1):
            ahead = max(ahead, reach[s, week] - own[s])
            before = available[s, week - 1] if week else 0.0
            earned += ahead * (available[s, week] - before)
        total[s] = min(earned, ahead * limit[s])


@compiled
def _open_ways(
    links: Ints,
    slow: int,
    ends: tuple[Ints, Ints, Ints, Ints],
    size: Floats,
    least: float,
    base: Floats,
    room: tuple[Floats, Floats],
    gain: Floats,
    node: int,
    weeks: tuple[int, int],
    worth: Floats,
    choice: Ints,
) -> None:
    """Do as ``best_ways`` for ways that still take ``least`` units, at prices by cost alone.

    Only the rows of ``weeks``, from the first up to the last, are filled anew: a row depends on
    itself and later ones, and a shipment changes nothing after its arrival.
    """
    source, target, transit, measure = ends
    free, handle = room
    horizon = gain.shape[0]
    weight = size[0]
    for week in range(weeks[1], weeks[0] - 1, -1):
        for n in range(worth.shape[1]):
            worth[week, n] = NEVER
            choice[week, n] = -1
        worth[week, node] = gain[week]
        changed = True
        rounds = 0
        begin = 0
        while changed and rounds <= worth.shape[1]:
            changed = False
            for position in range(begin, links.shape[0] if rounds else slow):
                k = links[position]
                arrive = week + transit[k]
                if arrive >= horizon:
                    continue
                to = target[k]
                ahead = worth[arrive, to]
                if ahead == NEVER:
                    continue
                value = ahead - base[k] * weight
                at = source[k]
                if value <= worth[week, at] + 1e-15 * abs(worth[week, at]):
                    continue
                if free[week, k] < least * size[measure[k]] - 1e-9:
                    continue
                if handle[arrive, to] < least * weight - 1e-9:
                    continue
                worth[week, at] = value
                choice[week, at] = k
                changed = True
            changed = (changed or rounds == 0) and links.shape[0] > slow
            begin = slow
            rounds += 1


@compiled
def _weeks_gained(lack: Floats, gain: Floats) -> tuple[float, int]:
    """Fill ``gain[week]`` with the weeks still lacking from then on; give the largest.

    The second value is the last week whose gain is another one than before (−1: none).
    """
    weeks, last = 0.0, -1
    for week in range(lack.shape[0] - 1, -1, -1):
        if lack[week] > 1e-9 * abs(lack[-1]) + 1e-12:
            weeks += 1.0
        if gain[week] != weeks:
            last = max(last, week)
        gain[week] = weeks
    return weeks, last


@compiled
def _narrowest(
    path: Ints,
    week: int,
    ends: tuple[Ints, Ints, Ints, Ints],
    size: Floats,
    room: tuple[Floats, Floats],
    most: float,
) -> float:
    """Give how many units fit through a path entered in a week, at most ``most``."""
    _, target, transit, measure = ends
    for k in path:
        unit = size[measure[k]]
        if unit > 0:
            most = min(most, room[0][week, k] / unit)
        week += transit[k]
        if size[0] > 0:
            most = min(most, room[1][week, target[k]] / size[0])
    return most


@compiled
def _take(
    path: Ints,
    weeks: tuple[int, int],
    ends: tuple[Ints, Ints, Ints, Ints],
    size: Floats,
    room: tuple[Floats, Floats],
    left: Floats,
    lack: Floats,
    amount: float,
    effect: float,
    least: float,
) -> bool:
    """Use up room, stock and lack for one shipment; say whether ways or gains have changed."""
    _, target, transit, measure = ends
    week = weeks[0]
    changed = False
    for k in path:
        unit = size[measure[k]]
        if unit > 0:
            room[0][week, k] -= amount * unit
            changed = changed or room[0][week, k] < least * unit - 1e-9
        week += transit[k]
        room[1][week, target[k]] -= amount * size[0]
        changed = changed or room[1][week, target[k]] < least * size[0] - 1e-9
    for w in range(weeks[0], left.shape[0]):
        left[w] -= amount
    for w in range(weeks[0] - 1, -1, -1):
        left[w] = min(left[w], left[w + 1])
    small = 1e-9 * abs(lack[-1]) + 1e-12
    for w in range(weeks[1], lack.shape[0]):
        open_before = lack[w] > small
        lack[w] -= amount * effect
        changed = changed or (open_before and lack[w] <= small)
    return changed


@compiled
def _best_stock(
    stocks: Ints,
    node: Ints,
    first_weeks: Ints,
    worth: Floats,
    left: Floats,
    limit: Floats,
    least: float,
) -> tuple[int, int]:
    """Give the stock and week whose unit earns most now; −1 when none earns anything."""
    best, who, when = 0.0, -1, -1
    for s in stocks:
        if limit[s] < least:
            continue
        for week in range(first_weeks[s], worth.shape[0]):
            value = worth[week, node[s]]
            if value > best and left[s, week] >= least * 0.999999:
                best, who, when = value, s, week
    return who, when


@compiled
def _amount(most: float, wanted: float, least: float) -> float:
    """Give what to ship: whole units (``least`` 1) may overshoot what is wanted by a part."""
    if least == 1.0:
        return float(min(np.floor(most + 1e-9), np.ceil(wanted - 1e-9)))
    return min(most, wanted)


@compiled
def _blank(horizon: int, nodes: int) -> tuple[Floats, Floats, Ints, Ints, Ints]:
    """Give gain, worth, choice, seen and path to work in."""
    return (
        np.empty(horizon),
        np.empty((horizon, nodes)),
        np.empty((horizon, nodes), np.int64),
        np.full(nodes, -1, np.int64),
        np.empty(nodes, np.int64),
    )


@compiled
def fill(
    order: Ints,
    need_pairs: tuple[Ints, Ints],
    pair_arrays: tuple[Ints, Ints, Ints, Ints, Ints, Ints],
    pair_effect: Floats,
    ends: tuple[Ints, Ints, Ints, Ints],
    item_arrays: tuple[Floats, Ints, Ints, Ints, Ints],
    base: Floats,
    state: tuple[Floats, Floats, Floats, Floats, Floats],
    least_units: Floats,
    found: Ints,
    amounts: Floats,
    paths: Ints,
) -> tuple[int, int]:
    """Serve the needs one after another, always by the shipment that earns most per unit.

    ``state`` = free on links [week, link], at nodes [week, node], ``left`` [stock, week],
    ``lack`` [need, week] (due less arrived), ``limit`` [stock] in all: used up in place.
    ``least_units[item]`` is 1 for whole units, else the smallest quantity worth a shipment.
    Rows go to ``found`` (pair, stock, departure, arrival, start, length) and ``amounts``.
    """
    _, pair_item, pair_slot, slot_start, slot_zero, slot_links = pair_arrays
    size, item_start, item_stocks, stock_node, first_weeks = item_arrays
    room, (left, lack, limit) = state[:2], state[2:]
    horizon, nodes = room[1].shape
    gain, worth, choice, seen, path = _blank(horizon, nodes)
    rows, cells, mark = 0, 0, 0
    for r in order:
        for pair in need_pairs[1][need_pairs[0][r] : need_pairs[0][r + 1]]:
            item, slot, node = pair_item[pair], pair_slot[pair], pair_arrays[0][pair]
            links = slot_links[slot_start[slot] : slot_start[slot + 1]]
            least = least_units[item]
            mine = item_stocks[item_start[item] : item_start[item + 1]]
            first = _earliest(mine, np.floor(limit / least).astype(np.int64), first_weeks, horizon)
            stale, last = True, horizon - 1
            for _ in range(400 if first < horizon else 0):
                if stale:
                    weeks, moved = _weeks_gained(lack[r], gain)
                    if weeks == 0.0:
                        break
                    _open_ways(
                        links, slot_zero[slot] - slot_start[slot], ends, size[item], least, base,
                        room, gain, node, (first, max(last, moved)), worth, choice,
                    )  # fmt: skip
                    stale = False
                who, when = _best_stock(mine, stock_node, first_weeks, worth, left, limit, least)
                if who < 0 or rows >= found.shape[0] or cells + nodes > paths.shape[0]:
                    break
                mark += 1
                length, arrive = follow(stock_node[who], when, node, ends, choice, path, seen, mark)
                amount = 0.0
                if length >= 0:
                    most = min(limit[who], left[who, when])
                    most = _narrowest(path[:length], when, ends, size[item], room, most)
                    amount = _amount(most, lack[r, horizon - 1] / pair_effect[pair], least)
                if amount < least * 0.5:
                    worth[when, stock_node[who]] = NEVER  # too narrow after all
                    continue
                stale = _take(
                    path[:length], (when, arrive), ends, size[item], room, left[who], lack[r],
                    amount, pair_effect[pair], least,
                )  # fmt: skip
                limit[who] -= amount
                last = arrive
                found[rows, :] = (pair, who, when, arrive, cells, length)
                paths[cells : cells + length] = path[:length]
                amounts[rows] = amount
                rows, cells = rows + 1, cells + length
    return rows, cells
