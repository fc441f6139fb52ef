"""The compiled state of one future: shelves, queues, repair shops and the calendar of events.

Everything is counts. What waits for a unit stands in a first-come first-served queue as a code:
part p (a hole in a system) is p, an order of node c is P + c, a repair that waits for a subpart
is -(job + 1).
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from intendance.sustain.compiled import inner, lean
from intendance.sustain.network import Floats, Ints
from intendance.sustain.streams import Words, exponential, uniform

Array = TypeVar("Array", Ints, Floats)


class Plant(NamedTuple):
    """What does not change in a run; see ``Network`` for the meaning of the arrays."""

    parent: Ints
    ship_days: Floats
    level: Ints
    repaired: Floats
    repair_days: Floats
    repair_fixed: Ints
    servers: Ints
    condemned: Floats
    procure_days: Floats
    need_start: Ints
    need_subpart: Ints
    need_share: Floats
    part_start: Ints
    part_group: Ints
    part_node: Ints
    part_count: Ints
    part_rate: Floats
    part_rate_id: Ints
    loss_rate: Floats
    loss_back: Floats
    loss_rate_id: Ints
    arrivals: Ints
    """(N + 2, g): systems that come at the start of each day."""
    tempo: Floats
    """(N + 2, g): mean tempo of a group times the day's factor."""
    spare_day: Ints
    spare_node: Ints
    spare_count: Ints
    use_group: Ints
    use_stock: Ints
    use_rate: Floats
    use_shape: Floats
    use_rate_id: Ints
    supply: Floats
    """(N + 2, k): what comes at the start of each day by item stock."""
    clock: Ints
    """Stream numbers by purpose: failure clock and choice by group, ..."""
    choice: Ints
    route: Ints
    mend: Ints
    use: Ints
    place: Ints
    rate: Ints


class State(NamedTuple):
    """What changes; ``n_of`` counts events due, the free queue cell, the free job, cells used."""

    on_hand: Ints
    head: Ints
    tail: Ints
    backorders: Ints
    busy: Ints
    line: Ints
    holes: Ints
    due_time: Floats
    due_what: Ints
    cell_code: Ints
    cell_next: Ints
    job_node: Ints
    job_wait: Ints
    job_next: Ints
    stack: Ints
    n_of: Ints
    since: Floats
    owed: Floats
    """Backorder-days by node since the half of the horizon."""
    half: Floats
    streams: Words


HEAP, CELL, JOB, USED = 0, 1, 2, 3


@lean
def push(state: State, time: float, what: int) -> None:
    """Enter an event into the calendar (a binary heap)."""
    at = state.n_of[HEAP]
    state.n_of[HEAP] = at + 1
    times, whats = state.due_time, state.due_what
    while at > 0:
        above = (at - 1) >> 1
        if times[above] <= time:
            break
        times[at] = times[above]
        whats[at] = whats[above]
        at = above
    times[at] = time
    whats[at] = what


@lean
def pop(state: State) -> int:
    """Take the earliest event out of the calendar and give its code."""
    times, whats = state.due_time, state.due_what
    first = whats[0]
    size = state.n_of[HEAP] - 1
    state.n_of[HEAP] = size
    time, what = times[size], whats[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and times[below + 1] < times[below]:
            below += 1
        if times[below] >= time:
            break
        times[at] = times[below]
        whats[at] = whats[below]
        at = below
    times[at] = time
    whats[at] = what
    return int(first)


@lean
def settle(state: State, node: int, now: float) -> None:
    """Add the backorder-days since the last change of a node."""
    if now > state.half[0]:
        begin = max(state.since[node], state.half[0])
        state.owed[node] += state.backorders[node] * (now - begin)
    state.since[node] = now


@lean
def enqueue(state: State, node: int, code: int, now: float) -> None:
    """Let a code wait at a node."""
    settle(state, node, now)
    cell = state.n_of[CELL]
    state.n_of[CELL] = state.cell_next[cell]
    state.n_of[USED] += 1
    state.cell_code[cell] = code
    state.cell_next[cell] = -1
    if state.head[node] < 0:
        state.head[node] = cell
    else:
        state.cell_next[state.tail[node]] = cell
    state.tail[node] = cell
    state.backorders[node] += 1


@lean
def dequeue(state: State, node: int, now: float) -> int:
    """Take the first code that waits at a node."""
    settle(state, node, now)
    cell = state.head[node]
    state.head[node] = state.cell_next[cell]
    state.cell_next[cell] = state.n_of[CELL]
    state.n_of[CELL] = cell
    state.n_of[USED] -= 1
    state.backorders[node] -= 1
    return int(state.cell_code[cell])


@lean
def start_repair(plant: Plant, state: State, node: int, now: float) -> None:
    """Begin a repair, or let it stand in line for a server."""
    if plant.servers[node] >= 0 and state.busy[node] >= plant.servers[node]:
        state.line[node] += 1
        return
    state.busy[node] += 1
    days = plant.repair_days[node]
    if plant.repair_fixed[node] == 0:
        days *= exponential(state.streams, plant.mend[node])
    push(state, now + days, plant.parent.size + node)


@lean
def serve(plant: Plant, state: State, code: int, now: float) -> int:
    """Hand a unit to what waited for it; give the group whose hole was filled, or -1."""
    parts = plant.part_node.size
    if code < 0:
        job = -code - 1
        state.job_wait[job] -= 1
        if state.job_wait[job] == 0:
            state.job_next[job] = state.n_of[JOB]
            state.n_of[JOB] = job
            start_repair(plant, state, state.job_node[job], now)
        return -1
    if code < parts:
        state.holes[code] -= 1
        return int(plant.part_group[code])
    child = code - parts
    push(state, now + plant.ship_days[child], child)
    return -1


@lean
def receive(plant: Plant, state: State, node: int, now: float) -> int:
    """Put a good unit on the shelf of a node, or hand it on; give the group it readies, or -1."""
    if state.head[node] >= 0:
        return serve(plant, state, dequeue(state, node, now), now)
    state.on_hand[node] += 1
    return -1


@lean
def take_in(plant: Plant, state: State, node: int, now: float) -> None:
    """Open a unit for repair: draw the subparts that it needs, start when all are there."""
    first, last = plant.need_start[node], plant.need_start[node + 1]
    if first == last:
        start_repair(plant, state, node, now)
        return
    total = 0.0
    for at in range(first, last):
        total += plant.need_share[at]
    # Shares that add up to one at most exclude each other; else each is drawn alone.
    alone = total > 1.0 + 1e-12
    stream = plant.route[node]
    luck = uniform(state.streams, stream)
    job = -1
    for at in range(first, last):
        share = plant.need_share[at]
        if luck >= share:
            luck = uniform(state.streams, stream) if alone else luck - share
            continue
        luck = uniform(state.streams, stream) if alone else 2.0
        subpart = plant.need_subpart[at]
        state.stack[0] += 1
        state.stack[state.stack[0]] = subpart
        if state.on_hand[subpart] > 0:
            state.on_hand[subpart] -= 1
            continue
        if job < 0:
            job = state.n_of[JOB]
            state.n_of[JOB] = state.job_next[job]
            state.job_node[job] = node
            state.job_wait[job] = 0
        state.job_wait[job] += 1
        enqueue(state, subpart, -job - 1, now)
    if job < 0:
        start_repair(plant, state, node, now)


@lean
def send_failed(plant: Plant, state: State, first: int, now: float) -> None:
    """Follow a failed unit, and the subparts taken out of it, to where each is dealt with."""
    parts = plant.part_node.size
    state.stack[0] = 1
    state.stack[1] = first
    while state.stack[0] > 0:
        node = state.stack[state.stack[0]]
        state.stack[0] -= 1
        chance = plant.condemned[node]
        lost = chance > 0.0 and uniform(state.streams, plant.route[node]) < chance
        while True:
            share = plant.repaired[node]
            here = not lost and share > 0.0
            if here and share < 1.0:
                here = uniform(state.streams, plant.route[node]) < share
            if here:
                take_in(plant, state, node, now)
                break
            above = plant.parent[node]
            if above < 0:
                days = plant.procure_days[node] if lost else plant.ship_days[node]
                push(state, now + days, node)
                break
            if state.on_hand[above] > 0:
                state.on_hand[above] -= 1
                push(state, now + plant.ship_days[node], node)
            else:
                enqueue(state, above, parts + node, now)
            node = above


@inner
def new_state(plant: Plant, cells: int, streams: int) -> State:
    """Make room for one future after another."""
    n = plant.parent.size
    return State(
        np.zeros(n, np.int64),
        np.full(n, -1, np.int64),
        np.full(n, -1, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(plant.part_node.size, np.int64),
        np.zeros(cells, np.float64),
        np.zeros(cells, np.int64),
        np.zeros(cells, np.int64),
        np.zeros(cells, np.int64),
        np.zeros(cells, np.int64),
        np.zeros(cells, np.int64),
        np.zeros(cells, np.int64),
        np.zeros(2 * n + 8 + plant.need_share.size, np.int64),
        np.zeros(4, np.int64),
        np.zeros(n, np.float64),
        np.zeros(n, np.float64),
        np.zeros(1, np.float64),
        np.zeros(streams, np.uint64),
    )


@inner
def stretch(values: Array, size: int) -> Array:
    """Copy an array into a longer one."""
    longer = np.zeros(size, values.dtype)
    longer[: values.size] = values
    return longer


@inner
def with_room(state: State) -> State:
    """Give the same state with twice the room for events and for what waits."""
    size = state.cell_code.size
    cell_next = stretch(state.cell_next, 2 * size)
    job_next = stretch(state.job_next, 2 * size)
    for at in range(size, 2 * size):
        cell_next[at] = at + 1
        job_next[at] = at + 1
    return State(
        state.on_hand,
        state.head,
        state.tail,
        state.backorders,
        state.busy,
        state.line,
        state.holes,
        stretch(state.due_time, 2 * size),
        stretch(state.due_what, 2 * size),
        stretch(state.cell_code, 2 * size),
        cell_next,
        stretch(state.job_node, 2 * size),
        stretch(state.job_wait, 2 * size),
        job_next,
        state.stack,
        state.n_of,
        state.since,
        state.owed,
        state.half,
        state.streams,
    )


@inner
def clear(plant: Plant, state: State, half: float) -> None:
    """Set the state to the start of a future: full shelves, nothing under way."""
    state.on_hand[:] = plant.level
    state.head[:] = -1
    state.backorders[:] = 0
    state.busy[:] = 0
    state.line[:] = 0
    state.holes[:] = 0
    state.since[:] = 0.0
    state.owed[:] = 0.0
    state.half[0] = half
    state.n_of[HEAP] = 0
    state.n_of[CELL] = 0
    state.n_of[JOB] = 0
    state.n_of[USED] = 0
    cells = state.cell_next.size
    for at in range(cells):
        state.cell_next[at] = at + 1
        state.job_next[at] = at + 1
