"""The compiled run of a batch of futures: clocks race against each other, day by day.

Day d is the time from d - 1 to d; index d of every list is the state at its end, index 0 the
start. What comes "on day d" comes at the start of that day.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from intendance.sustain.books import (
    BLOCKS,
    MEASURES,
    READY,
    SUPPLY_BINS,
    WAITING,
    Rules,
    Tally,
)
from intendance.sustain.compiled import compiled, inner, lean
from intendance.sustain.network import Floats, Ints
from intendance.sustain.race import replay_all
from intendance.sustain.shop import (
    clear,
    close_books,
    happen,
    receive,
    set_clock,
    settle,
    with_room,
)
from intendance.sustain.streams import Words, exponential, gamma, open_streams, poisson, uniform
from intendance.sustain.yard import USED, Calendar, World


@inner
def draw_rates(w: World, calendar: Calendar, rules: Rules) -> Floats:
    """Draw how far the true rates lie from the stated ones in this future."""
    factor = np.ones(calendar.rate.size)
    if rules.shape > 0.0:
        for at in range(factor.size):
            factor[at] = gamma(w.streams, calendar.rate[at], rules.shape)
    for at in range(w.groups.size):
        group = w.groups[at]
        total = 0.0
        for number in range(3 * at, 3 * at + 3):
            loss = w.losses[number]
            loss["rate"] = loss["stated"] * factor[loss["rate_id"]] if loss["stated"] else 0.0
            total += loss["rate"]
        group["losses"] = total
        run = 0.0
        for number in range(group["first_part"], group["last_part"]):
            part = w.parts[number]
            run += part["stated"] * factor[part["rate_id"]]
            part["upto"] = run
        group["rate"] = total + run
    return factor


@lean
def scatter(w: World, group: Any) -> int:
    """Lay the holes of the open loop on systems at random; count the systems without one."""
    count = group["present"]
    whole = count
    for at in range(group["first_part"], group["last_part"]):
        each = w.parts[at]["count"]
        slots = count * each
        for taken in range(min(w.parts[at]["holes"], slots)):
            if whole <= 0:
                return 0
            if uniform(w.streams, group["place"]) * (slots - taken) < whole * each:
                whole -= 1
    return int(whole)


@lean
def note_day(w: World, rules: Rules, tally: Tally, day: int, seen: Ints) -> None:
    """Enter the state at the end of a day into the sums and histograms."""
    groups = w.groups.size
    for at in range(groups):
        group = w.groups[at]
        whole = group["present"] - group["waiting"]
        if not rules.closed and not rules.full:
            whole = scatter(w, group)
        seen[at] = whole
        width = tally.bin_width[at]
        cells = tally.bin_start[at + 1] - tally.bin_start[at]
        row = day * MEASURES * tally.bin_start[groups] + tally.bin_start[at]
        for measure in range(MEASURES):
            if measure == READY:
                value = whole
            elif measure == WAITING:
                value = group["present"] - whole
            else:
                value = w.losses[3 * at + measure - 1]["away"]
            tally.total[day, at, measure] += value
            tally.total_square[day, at, measure] += value * value
            cell = value if width == 1 else value // width
            tally.bins[row + measure * tally.bin_start[groups] + min(cells - 1, cell)] += 1
    for at in range(w.parts.size):
        tally.hole_total[day, at] += w.parts[at]["holes"]
    for need in range(rules.need_group.size):
        if rules.need_from[need] <= day < rules.need_to[need]:
            short = seen[rules.need_group[need]] < rules.need_count[need]
            if short and seen[groups + need] > day:
                seen[groups + need] = day


@inner
def note_stocks(
    w: World,
    calendar: Calendar,
    rules: Rules,
    tally: Tally,
    day: int,
    stock: Floats,
    used: Floats,
    rate: Floats,
) -> None:
    """Enter the stocks at the end of a day, and how long each lasts at the coming day's rate."""
    rate[:] = 0.0
    for use in range(used.size):
        at = calendar.use_group[use]
        group = w.groups[at]
        crew = group["present"] - (group["waiting"] if rules.closed else 0)
        rate[calendar.use_stock[use]] += used[use] * calendar.tempo[day + 1, at] * crew
    for at in range(stock.size):
        tally.stock_total[day, at] += stock[at]
        tally.stock_square[day, at] += stock[at] * stock[at]
        cell = min(SUPPLY_BINS - 1, int(stock[at] / tally.stock_width[at]))
        tally.stock_bins[day, at, cell] += 1
        if rate[at] > 0.0:
            days = stock[at] / rate[at]
            tally.days_total[day, at] += days
            tally.days_square[day, at] += days * days
            tally.days_count[day, at] += 1
            tally.days_bins[day, at, days_cell(days)] += 1


@lean
def days_cell(days: float) -> int:
    """Give the histogram cell of a number of days of supply: log steps from 0.02 to 20,000."""
    if days < 0.02:
        return 0
    return min(SUPPLY_BINS - 1, 1 + int((SUPPLY_BINS - 2) * math.log10(days / 0.02) / 6.0))


@lean
def reset(w: World) -> None:
    """Set the fleets to the start of a future: nothing there yet, every clock wound up."""
    for at in range(w.groups.size):
        group = w.groups[at]
        group["present"] = 0
        group["holes"] = 0
        group["waiting"] = 0
        group["left"] = exponential(w.streams, group["clock"])
        group["since"] = 0.0
        group["speed"] = 0.0
        group["pace"] = 0.0
        group["ready"] = 0.0
        group["exposure"] = 0.0


@lean
def start_day(w: World, calendar: Calendar, rules: Rules, day: int, stock: Floats) -> None:
    """Let arrive what comes at the start of a day, and set the clocks to its tempo."""
    now = day - 1.0 if day > 0 else 0.0
    for at in range(w.groups.size):
        w.groups[at]["present"] += calendar.arrivals[day, at]
        w.groups[at]["tempo"] = calendar.tempo[day, at]
    for at in range(calendar.spare_day.size):
        if calendar.spare_day[at] == day:
            for _ in range(calendar.spare_count[at]):
                receive(w, calendar.spare_node[at], now)
    for at in range(stock.size):
        stock[at] += calendar.supply[day, at]
    for at in range(w.groups.size):
        set_clock(w, rules, at, now)


@lean
def start_half(w: World, now: float) -> None:
    """Forget what was counted before the second half of the horizon."""
    for at in range(w.groups.size):
        w.groups[at]["ready_days"] = 0.0
        w.groups[at]["block_days"] = 0.0
    for at in range(w.nodes.size):
        w.nodes[at]["owed"] = 0.0
        w.nodes[at]["owed_since"] = now


@lean
def run_day(w: World, rules: Rules, day: int, tally: Tally) -> bool:
    """Play the events of one day; false when it must go on after more room has been made."""
    end = float(day)
    count = 0
    room = w.cells.size - w.stack.size
    while True:
        if w.n[USED] >= room:
            tally.events[0] += count
            return False
        leaf = w.win[1]
        now = w.due[leaf]
        if now > end:
            break
        count += 1
        happen(w, rules, leaf, now)
    for at in range(w.groups.size):
        close_books(w.groups[at], end)
    tally.events[0] += count
    return True


@lean
def consume(
    w: World, calendar: Calendar, tally: Tally, stock: Floats, used: Floats, out: Ints
) -> None:
    """Take the day's consumption from the stocks; what is not there is noted as unmet."""
    for use in range(used.size):
        mean = used[use] * w.groups[calendar.use_group[use]]["exposure"]
        stream = calendar.use[use]
        if calendar.use_shape[use] > 0.0 and mean > 0.0:
            mean *= gamma(w.streams, stream, calendar.use_shape[use])
        amount = poisson(w.streams, stream, mean)
        at = calendar.use_stock[use]
        if amount > stock[at]:
            tally.unmet[at] += amount - stock[at]
            out[at] = 1
            stock[at] = 0.0
        else:
            stock[at] -= amount
    for at in range(w.groups.size):
        w.groups[at]["exposure"] = 0.0


@lean
def close_block(w: World, tally: Tally, days: int) -> None:
    """Add the mean ready systems of one block of the second half."""
    for at in range(w.groups.size):
        group = w.groups[at]
        mean = (group["ready_days"] - group["block_days"]) / days
        group["block_days"] = group["ready_days"]
        tally.long_run[2, at] += mean
        tally.long_run[3, at] += mean * mean


@lean
def close_future(w: World, rules: Rules, tally: Tally, seen: Ints) -> None:
    """Add what is known only at the end of a future."""
    length = rules.horizon_days - rules.horizon_days // 2
    groups = w.groups.size
    for at in range(groups):
        mean = w.groups[at]["ready_days"] / length
        tally.long_run[0, at] += mean
        tally.long_run[1, at] += mean * mean
    for at in range(w.nodes.size):
        node = w.nodes[at]
        settle(node, float(rules.horizon_days))
        mean = node["owed"] / length
        tally.owed[0, at] += mean
        tally.owed[1, at] += mean * mean
    for need in range(rules.need_group.size):
        day = seen[groups + need]
        tally.below[need, day] += 1
        if day > rules.horizon_days:
            tally.met[need] += 1


@compiled
def run_futures(
    w: World,
    calendar: Calendar,
    rules: Rules,
    keys: Words,
    seed: np.uint64,
    first: int,
    count: int,
    tally: Tally,
) -> None:
    """Play ``count`` futures from number ``first`` on and add them to the tally."""
    horizon = rules.horizon_days
    half = horizon // 2
    blocks = min(BLOCKS, horizon - half)
    stock = np.zeros(calendar.supply.shape[1])
    rate = np.zeros(stock.size)
    out = np.zeros(stock.size, np.int64)
    used = np.zeros(calendar.use_group.size)
    seen = np.zeros(w.groups.size + rules.need_group.size, np.int64)
    for future in range(first, first + count):
        open_streams(keys, seed, np.uint64(future), w.streams)
        replay_all(w.due, w.win)
        clear(w)
        reset(w)
        factor = draw_rates(w, calendar, rules)
        for use in range(used.size):
            used[use] = calendar.use_rate[use] * factor[calendar.use_rate_id[use]]
        stock[:] = 0.0
        out[:] = 0
        for need in range(w.groups.size, seen.size):
            seen[need] = horizon + 1
        block = 0
        begun = half
        for day in range(horizon + 1):
            start_day(w, calendar, rules, day, stock)
            if day == half + 1:
                start_half(w, float(half))
            if day > 0:
                while not run_day(w, rules, day, tally):
                    w = with_room(w)
                consume(w, calendar, tally, stock, used, out)
            if day > half and day == half + (block + 1) * (horizon - half) // blocks:
                close_block(w, tally, day - begun)
                begun = day
                block += 1
            note_day(w, rules, tally, day, seen)
            note_stocks(w, calendar, rules, tally, day, stock, used, rate)
            for at in range(stock.size):
                tally.short[day, at] += out[at]
        close_future(w, rules, tally, seen)
