"""The compiled run of a batch of futures: failures race against the calendar, day by day.

Day d is the time from d - 1 to d; index d of every list is the state at its end, index 0 the
start. What comes "on day d" comes at the start of that day.
"""

from __future__ import annotations

import math

import numpy as np

from intendance.sustain.books import (
    BLOCKS,
    MEASURES,
    READY,
    SUPPLY_BINS,
    WAITING,
    Fleet,
    Rules,
    Tally,
)
from intendance.sustain.compiled import compiled, inner, lean, woven
from intendance.sustain.network import Floats, Ints
from intendance.sustain.shop import (
    HEAP,
    USED,
    Plant,
    State,
    clear,
    enqueue,
    new_state,
    pop,
    push,
    receive,
    send_failed,
    settle,
    start_repair,
    with_room,
)
from intendance.sustain.streams import Words, exponential, gamma, open_streams, poisson, uniform


@woven
def ready_now(plant: Plant, state: State, fleet: Fleet, rules: Rules, group: int) -> float:
    """Give the ready systems of a group (the mean over where holes lie, in the open loop)."""
    count = fleet.present[group]
    if rules.closed or rules.full:
        return float(max(0, count - fleet.waiting[group]))
    share = 1.0
    for part in range(plant.part_start[group], plant.part_start[group + 1]):
        slots = count * plant.part_count[part]
        for taken in range(plant.part_count[part]):
            if slots <= taken:
                return 0.0
            share *= max(0.0, (slots - state.holes[part] - taken) / (slots - taken))
    return float(count * share)


@woven
def touch(
    plant: Plant, state: State, fleet: Fleet, rules: Rules, group: int, day: int, now: float
) -> None:
    """Close the books of a group up to now, before its state changes."""
    span = now - fleet.since[group]
    if span <= 0.0:
        return
    fleet.left[group] -= fleet.speed[group] * span
    if fleet.rate[group] > 0.0:
        fleet.exposure[group] += fleet.speed[group] * span / fleet.rate[group]
    else:
        crew = (
            ready_now(plant, state, fleet, rules, group) if rules.closed else fleet.present[group]
        )
        fleet.exposure[group] += crew * plant.tempo[day, group] * span
    half = state.half[0]
    if now > half:
        begin = max(fleet.since[group], half)
        gained = ready_now(plant, state, fleet, rules, group) * (now - begin)
        fleet.ready_days[group] += gained
        length = (rules.horizon_days - half) / BLOCKS
        at = min(BLOCKS - 1, int((0.5 * (now + begin) - half) / length))
        fleet.block[group, at] += gained
    fleet.since[group] = now


@woven
def restart(
    plant: Plant, state: State, fleet: Fleet, rules: Rules, group: int, day: int, now: float
) -> None:
    """Work out how many wait, and set the group's clock again after a change of state."""
    most = 0
    total = 0
    for part in range(plant.part_start[group], plant.part_start[group + 1]):
        holes = state.holes[part]
        total += holes
        most = max(most, (holes + plant.part_count[part] - 1) // plant.part_count[part])
    fleet.waiting[group] = min(most if rules.full else total, fleet.present[group])
    crew = fleet.present[group] - (fleet.waiting[group] if rules.closed else 0)
    speed = crew * plant.tempo[day, group] * fleet.rate[group]
    fleet.speed[group] = speed
    fleet.due[group] = now + max(0.0, fleet.left[group]) / speed if speed > 0.0 else np.inf


@woven
def fail(plant: Plant, state: State, fleet: Fleet, group: int, now: float) -> None:
    """Let the clock of a group strike: a part is removed, or a system is lost."""
    fleet.left[group] = exponential(state.streams, plant.clock[group])
    luck = uniform(state.streams, plant.choice[group]) * fleet.rate[group]
    for cause in range(3):
        luck -= fleet.loss_rate[group, cause]
        if luck < 0.0:
            fleet.present[group] -= 1
            fleet.away[group, cause] += 1
            back = plant.loss_back[group, cause]
            if not math.isnan(back):
                push(state, now + back, 2 * plant.parent.size + 3 * group + cause)
            return
    last = plant.part_start[group + 1] - 1
    part = plant.part_start[group]
    while part < last:
        luck -= fleet.part_rate[part]
        if luck < 0.0:
            break
        part += 1
    if part > last:
        return
    node = plant.part_node[part]
    if state.on_hand[node] > 0:
        state.on_hand[node] -= 1
    else:
        state.holes[part] += 1
        enqueue(state, node, part, now)
    send_failed(plant, state, node, now)


@woven
def happen(plant: Plant, state: State, fleet: Fleet, what: int, now: float) -> int:
    """Carry out an event of the calendar; give the group whose systems it readies, or -1."""
    n = plant.parent.size
    if what < n:
        return receive(plant, state, what, now)
    if what < 2 * n:
        node = what - n
        state.busy[node] -= 1
        if state.line[node] > 0:
            state.line[node] -= 1
            start_repair(plant, state, node, now)
        return receive(plant, state, node, now)
    group, cause = (what - 2 * n) // 3, (what - 2 * n) % 3
    fleet.away[group, cause] -= 1
    fleet.present[group] += 1
    return group


@inner
def draw_rates(plant: Plant, state: State, fleet: Fleet, rules: Rules) -> Floats:
    """Draw how far the true rates lie from the stated ones in this future."""
    factor = np.ones(plant.rate.size)
    if rules.shape > 0.0:
        for at in range(plant.rate.size):
            factor[at] = gamma(state.streams, plant.rate[at], rules.shape)
    for group in range(plant.clock.size):
        rate = 0.0
        for cause in range(3):
            fleet.loss_rate[group, cause] = plant.loss_rate[group, cause]
            if plant.loss_rate[group, cause] > 0.0:
                fleet.loss_rate[group, cause] *= factor[plant.loss_rate_id[group, cause]]
            rate += fleet.loss_rate[group, cause]
        for part in range(plant.part_start[group], plant.part_start[group + 1]):
            fleet.part_rate[part] = plant.part_rate[part] * factor[plant.part_rate_id[part]]
            rate += fleet.part_rate[part]
        fleet.rate[group] = rate
    return factor


@lean
def scatter(plant: Plant, state: State, fleet: Fleet, group: int) -> int:
    """Lay the holes of the open loop on systems at random; count the systems without one."""
    count = fleet.present[group]
    whole = count
    for part in range(plant.part_start[group], plant.part_start[group + 1]):
        each = plant.part_count[part]
        slots = count * each
        for taken in range(min(state.holes[part], slots)):
            if whole <= 0:
                return 0
            if uniform(state.streams, plant.place[group]) * (slots - taken) < whole * each:
                whole -= 1
    return int(whole)


@lean
def note_day(
    plant: Plant, state: State, fleet: Fleet, rules: Rules, tally: Tally, day: int, seen: Ints
) -> None:
    """Enter the state at the end of a day into the sums and histograms."""
    groups = plant.clock.size
    for group in range(groups):
        whole = fleet.present[group] - fleet.waiting[group]
        if not rules.closed and not rules.full:
            whole = scatter(plant, state, fleet, group)
        seen[group] = whole
        for measure in range(MEASURES):
            if measure == READY:
                value = whole
            elif measure == WAITING:
                value = fleet.present[group] - whole
            else:
                value = fleet.away[group, measure - 1]
            tally.total[day, group, measure] += value
            tally.total_square[day, group, measure] += value * value
            width = tally.bin_width[group]
            cells = tally.bin_start[group + 1] - tally.bin_start[group]
            at = (day * MEASURES + measure) * tally.bin_start[groups] + tally.bin_start[group]
            tally.bins[at + min(cells - 1, value // width)] += 1
    for part in range(plant.part_node.size):
        tally.hole_total[day, part] += state.holes[part]
    for need in range(rules.need_group.size):
        if rules.need_from[need] <= day < rules.need_to[need]:
            group = rules.need_group[need]
            if seen[group] < rules.need_count[need] and seen[groups + need] > day:
                seen[groups + need] = day


@inner
def note_stocks(
    plant: Plant, fleet: Fleet, rules: Rules, tally: Tally, day: int, stock: Floats, used: Floats
) -> None:
    """Enter the stocks at the end of a day, and how long each lasts at the coming day's rate."""
    rate = np.zeros(stock.size)
    for use in range(plant.use_group.size):
        group = plant.use_group[use]
        crew = fleet.present[group] - (fleet.waiting[group] if rules.closed else 0)
        rate[plant.use_stock[use]] += used[use] * plant.tempo[day + 1, group] * crew
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


@inner
def new_fleet(plant: Plant) -> Fleet:
    """Make room for the fleets of one future."""
    g = plant.clock.size
    return Fleet(
        np.zeros(g, np.int64),
        np.zeros((g, 3), np.int64),
        np.zeros(g, np.int64),
        np.zeros(g, np.float64),
        np.zeros(plant.part_node.size, np.float64),
        np.zeros((g, 3), np.float64),
        np.zeros(g, np.float64),
        np.zeros(g, np.float64),
        np.zeros(g, np.float64),
        np.zeros(g, np.float64),
        np.zeros(g, np.float64),
        np.zeros(g, np.float64),
        np.zeros((g, BLOCKS), np.float64),
    )


@lean
def reset(plant: Plant, state: State, fleet: Fleet) -> None:
    """Set the fleets to the start: those of day 0 stand ready."""
    fleet.away[:] = 0
    fleet.waiting[:] = 0
    fleet.since[:] = 0.0
    fleet.exposure[:] = 0.0
    fleet.ready_days[:] = 0.0
    fleet.block[:] = 0.0
    for group in range(plant.clock.size):
        fleet.present[group] = plant.arrivals[0, group]
        fleet.left[group] = exponential(state.streams, plant.clock[group])


@lean
def start_day(
    plant: Plant, state: State, fleet: Fleet, rules: Rules, day: int, stock: Floats
) -> None:
    """Let arrive what comes at the start of a day, and set the clocks to its tempo."""
    now = day - 1.0 if day > 0 else 0.0
    for group in range(plant.clock.size):
        if day > 0:
            fleet.present[group] += plant.arrivals[day, group]
    for at in range(plant.spare_day.size):
        if plant.spare_day[at] == day:
            for _ in range(plant.spare_count[at]):
                receive(plant, state, plant.spare_node[at], now)
    for at in range(stock.size):
        stock[at] += plant.supply[day, at]
    for group in range(plant.clock.size):
        restart(plant, state, fleet, rules, group, day, now)


@woven
def group_to_ready(plant: Plant, state: State) -> int:
    """Give the group whose systems the next event of the calendar touches, or -1."""
    n = plant.parent.size
    what = state.due_what[0]
    if what >= 2 * n:
        return int((what - 2 * n) // 3)
    cell = state.head[what if what < n else what - n]
    if cell >= 0 and 0 <= state.cell_code[cell] < plant.part_node.size:
        return int(plant.part_group[state.cell_code[cell]])
    return -1


@lean
def run_day(plant: Plant, state: State, fleet: Fleet, rules: Rules, day: int, tally: Tally) -> bool:
    """Play the events of one day; false when it must go on after more room has been made."""
    groups = plant.clock.size
    end = float(day)
    count = 0
    room = state.cell_code.size - state.stack.size
    while True:
        if state.n_of[HEAP] >= room or state.n_of[USED] >= room:
            tally.events[0] += count
            return False
        group = -1
        now = end
        for at in range(groups):
            if fleet.due[at] < now:
                now = fleet.due[at]
                group = at
        if state.n_of[HEAP] > 0 and state.due_time[0] <= now:
            now = state.due_time[0]
            group = -2
        if group == -1:
            break
        count += 1
        changed = group if group >= 0 else group_to_ready(plant, state)
        # One call of each: they are woven in here.
        if changed >= 0:
            touch(plant, state, fleet, rules, changed, day, now)
        if group >= 0:
            fail(plant, state, fleet, group, now)
        else:
            happen(plant, state, fleet, pop(state), now)
        if changed >= 0:
            restart(plant, state, fleet, rules, changed, day, now)
    for at in range(groups):
        touch(plant, state, fleet, rules, at, day, end)
    tally.events[0] += count
    return True


@lean
def consume(
    plant: Plant, state: State, fleet: Fleet, tally: Tally, stock: Floats, used: Floats, out: Ints
) -> None:
    """Take the day's consumption from the stocks; what is not there is noted as unmet."""
    for use in range(plant.use_group.size):
        mean = used[use] * fleet.exposure[plant.use_group[use]]
        if plant.use_shape[use] > 0.0 and mean > 0.0:
            mean *= gamma(state.streams, plant.use[use], plant.use_shape[use])
        amount = poisson(state.streams, plant.use[use], mean)
        at = plant.use_stock[use]
        if amount > stock[at]:
            tally.unmet[at] += amount - stock[at]
            out[at] = 1
            stock[at] = 0.0
        else:
            stock[at] -= amount
    fleet.exposure[:] = 0.0


@lean
def close_future(
    plant: Plant, state: State, fleet: Fleet, rules: Rules, tally: Tally, seen: Ints
) -> None:
    """Add what is known only at the end of a future."""
    length = rules.horizon_days - state.half[0]
    groups = plant.clock.size
    for group in range(groups):
        if length > 0.0:
            mean = fleet.ready_days[group] / length
            tally.long_run[0, group] += mean
            tally.long_run[1, group] += mean * mean
            for at in range(BLOCKS):
                mean = fleet.block[group, at] * BLOCKS / length
                tally.long_run[2, group] += mean
                tally.long_run[3, group] += mean * mean
    for node in range(plant.parent.size):
        settle(state, node, float(rules.horizon_days))
        if length > 0.0:
            mean = state.owed[node] / length
            tally.owed[0, node] += mean
            tally.owed[1, node] += mean * mean
    for need in range(rules.need_group.size):
        day = seen[groups + need]
        tally.below[need, day] += 1
        if day > rules.horizon_days:
            tally.met[need] += 1


@compiled
def run_futures(
    plant: Plant, rules: Rules, keys: Words, seed: np.uint64, first: int, count: int, tally: Tally
) -> None:
    """Play ``count`` futures from number ``first`` on and add them to the tally."""
    groups = plant.clock.size
    horizon = rules.horizon_days
    state = new_state(plant, 4 * plant.parent.size + 1024, keys.size)
    fleet = new_fleet(plant)
    stock = np.zeros(plant.supply.shape[1])
    out = np.zeros(stock.size, np.int64)
    used = np.zeros(plant.use_group.size)
    seen = np.zeros(groups + rules.need_group.size, np.int64)
    for future in range(first, first + count):
        open_streams(keys, seed, np.uint64(future), state.streams)
        clear(plant, state, horizon / 2.0)
        factor = draw_rates(plant, state, fleet, rules)
        for use in range(used.size):
            used[use] = plant.use_rate[use] * factor[plant.use_rate_id[use]]
        reset(plant, state, fleet)
        stock[:] = 0.0
        out[:] = 0
        seen[groups:] = horizon + 1
        for day in range(horizon + 1):
            start_day(plant, state, fleet, rules, day, stock)
            if day > 0:
                while not run_day(plant, state, fleet, rules, day, tally):
                    state = with_room(state)
                consume(plant, state, fleet, tally, stock, used, out)
            note_day(plant, state, fleet, rules, tally, day, seen)
            note_stocks(plant, fleet, rules, tally, day, stock, used)
            for at in range(stock.size):
                tally.short[day, at] += out[at]
        close_future(plant, state, fleet, rules, tally, seen)
