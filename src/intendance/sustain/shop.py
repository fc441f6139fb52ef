"""The compiled events of one future: units fail, wait, are mended, ordered, shipped and fitted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from intendance.sustain.books import Rules
from intendance.sustain.compiled import inner, woven
from intendance.sustain.race import begin_delay, end_delay, free_cell, replay, take_cell
from intendance.sustain.streams import exponential, uniform
from intendance.sustain.yard import (
    BACK,
    CELL,
    CELLS,
    FAIL,
    JOB,
    JOBS,
    MEND_CLOCK,
    MEND_FIXED,
    STACK,
    USED,
    World,
)


@woven
def close_books(group: Any, now: float) -> None:
    """Bring what a group has run up to now, before its state changes."""
    span = now - group["since"]
    group["left"] -= group["speed"] * span
    group["exposure"] += group["pace"] * span
    group["ready_days"] += group["ready"] * span
    group["since"] = now


@woven
def count_ready(w: World, group: Any) -> float:
    """Give the mean of the ready systems over where the holes lie, in the open loop."""
    count = group["present"]
    share = 1.0
    for at in range(group["first_part"], group["last_part"]):
        part = w.parts[at]
        slots = count * part["count"]
        for taken in range(part["count"]):
            if slots <= taken:
                return 0.0
            share *= max(0.0, (slots - part["holes"] - taken) / (slots - taken))
    return float(count * share)


@woven
def deepest(w: World, group: Any) -> int:
    """Give how many systems the holes of the worst item fill, when holes lie together."""
    most = 0
    for at in range(group["first_part"], group["last_part"]):
        part = w.parts[at]
        most = max(most, (part["holes"] + part["count"] - 1) // part["count"])
    return int(most)


@woven
def set_clock(w: World, rules: Rules, at: int, now: float) -> None:
    """Work out how many of a group wait, and when it fails next."""
    group = w.groups[at]
    present = group["present"]
    waiting = min(deepest(w, group) if rules.full else group["holes"], present)
    group["waiting"] = waiting
    whole = float(present - waiting)
    group["ready"] = whole
    if not rules.closed:
        if not rules.full:
            group["ready"] = count_ready(w, group)
        whole = float(present)
    group["pace"] = whole * group["tempo"]
    speed = group["pace"] * group["rate"]
    group["speed"] = speed
    w.due[at] = now + max(0.0, group["left"]) / speed if speed > 0.0 else math.inf
    replay(w.due, w.win, at)


@woven
def settle(node: Any, now: float) -> None:
    """Add the backorder-days since the last change of a node."""
    node["owed"] += node["backorders"] * (now - node["owed_since"])
    node["owed_since"] = now


@woven
def enqueue(w: World, at: int, code: int, now: float) -> None:
    """Let a code wait at a node."""
    node = w.nodes[at]
    settle(node, now)
    cell = take_cell(w, code)
    if node["head"] < 0:
        node["head"] = cell
    else:
        w.cells[node["tail"]]["next"] = cell
    node["tail"] = cell
    node["backorders"] += 1


@woven
def dequeue(w: World, at: int, now: float) -> int:
    """Take the first code that waits at a node."""
    node = w.nodes[at]
    settle(node, now)
    cell = node["head"]
    node["head"] = w.cells[cell]["next"]
    node["backorders"] -= 1
    code = w.cells[cell]["code"]
    free_cell(w, cell)
    return int(code)


@woven
def set_mending(w: World, at: int, now: float) -> None:
    """Set when the next exponential repair of a node ends: all in service share one clock."""
    node = w.nodes[at]
    busy = node["mending"]
    if node["servers"] >= 0:
        busy = min(busy, node["servers"])
    speed = busy / node["repair_days"]
    node["speed"] = speed
    leaf = node["mend_leaf"]
    w.due[leaf] = now + max(0.0, node["left"]) / speed if speed > 0.0 else math.inf
    replay(w.due, w.win, leaf)


@woven
def start_repair(w: World, at: int, now: float) -> None:
    """Begin a repair, or let it stand in line for a server."""
    node = w.nodes[at]
    node["mending"] += 1
    if node["fixed"] != 0:
        if node["servers"] < 0 or node["mending"] <= node["servers"]:
            begin_delay(w, node["mend_leaf"], now + node["repair_days"])
        return
    node["left"] -= node["speed"] * (now - node["since"])
    node["since"] = now
    set_mending(w, at, now)


@woven
def end_fixed_repair(w: World, at: int, now: float) -> None:
    """End a repair of fixed length; the next in line begins."""
    node = w.nodes[at]
    node["mending"] -= 1
    if node["servers"] >= 0 and node["mending"] >= node["servers"]:
        begin_delay(w, node["mend_leaf"], now + node["repair_days"])


@woven
def end_repair(w: World, at: int, now: float) -> None:
    """End an exponential repair and draw how much the next one takes."""
    node = w.nodes[at]
    node["mending"] -= 1
    node["left"] = exponential(w.streams, node["mend"])
    node["since"] = now
    set_mending(w, at, now)


@woven
def receive(w: World, at: int, now: float) -> int:
    """Put a good unit on the shelf of a node, or hand it to what has waited longest.

    Gives the group that has a hole less (its clock must be set), or -1.
    """
    if w.nodes[at]["head"] < 0:
        w.nodes[at]["on_hand"] += 1
        return -1
    code = dequeue(w, at, now)
    parts = w.parts.size
    if code >= parts:
        child = w.nodes[code - parts]
        begin_delay(w, child["ship_leaf"], now + child["ship_days"])
    elif code >= 0:
        part = w.parts[code]
        group = part["group"]
        close_books(w.groups[group], now)
        part["holes"] -= 1
        w.groups[group]["holes"] -= 1
        return int(group)
    else:
        number = -code - 1
        job = w.jobs[number]
        job["wait"] -= 1
        if job["wait"] == 0:
            job["next"] = w.n[JOB]
            w.n[JOB] = number
            start_repair(w, job["node"], now)
    return -1


@woven
def take_in(w: World, at: int, now: float) -> bool:
    """Open a unit for repair: draw the subparts that it needs; tell whether all are there."""
    node = w.nodes[at]
    if node["need_first"] == node["need_last"]:
        return True
    alone = node["alone"] != 0
    luck = uniform(w.streams, node["route"])
    number = -1
    for need in range(node["need_first"], node["need_last"]):
        share = w.needs[need]["share"]
        if luck >= share:
            luck = uniform(w.streams, node["route"]) if alone else luck - share
            continue
        luck = uniform(w.streams, node["route"]) if alone else 2.0
        subpart = w.needs[need]["subpart"]
        w.n[STACK] += 1
        w.stack[w.n[STACK]] = subpart
        if w.nodes[subpart]["on_hand"] > 0:
            w.nodes[subpart]["on_hand"] -= 1
            continue
        if number < 0:
            number = w.n[JOB]
            w.n[JOB] = w.jobs[number]["next"]
            w.jobs[number]["node"] = at
            w.jobs[number]["wait"] = 0
        w.jobs[number]["wait"] += 1
        enqueue(w, subpart, -number - 1, now)
    return bool(number < 0)


@woven
def send_failed(w: World, first: int, now: float) -> None:
    """Follow a failed unit, and the subparts taken out of it, to where each is dealt with."""
    parts = w.parts.size
    w.n[STACK] = 1
    w.stack[1] = first
    while w.n[STACK] > 0:
        at = w.stack[w.n[STACK]]
        w.n[STACK] -= 1
        node = w.nodes[at]
        lost = node["condemned"] > 0.0 and uniform(w.streams, node["route"]) < node["condemned"]
        while True:
            share = node["repaired"]
            here = not lost and share > 0.0
            if here and share < 1.0:
                here = uniform(w.streams, node["route"]) < share
            if here:
                if take_in(w, at, now):
                    start_repair(w, at, now)
                break
            above = node["parent"]
            if above >= 0 and w.nodes[above]["on_hand"] <= 0:
                enqueue(w, above, parts + at, now)
            else:
                procured = lost and above < 0
                leaf = node["procure_leaf"] if procured else node["ship_leaf"]
                days = node["procure_days"] if procured else node["ship_days"]
                begin_delay(w, leaf, now + days)
                if above < 0:
                    break
                w.nodes[above]["on_hand"] -= 1
            at = above
            node = w.nodes[at]


@woven
def lose_system(w: World, group: Any, at: int, luck: float, now: float) -> None:
    """Take a system out of a group: destroyed, damaged or worn out, as luck has it."""
    cause = 0
    while cause < 2:
        luck -= w.losses[3 * at + cause]["rate"]
        if luck < 0.0:
            break
        cause += 1
    loss = w.losses[3 * at + cause]
    group["present"] -= 1
    loss["away"] += 1
    if loss["leaf"] >= 0:
        begin_delay(w, loss["leaf"], now + loss["back"])


@woven
def fail(w: World, at: int, now: float) -> None:
    """Let the clock of a group strike: a part is removed, or a system is lost."""
    group = w.groups[at]
    close_books(group, now)
    group["left"] = exponential(w.streams, group["clock"])
    luck = uniform(w.streams, group["choice"]) * group["rate"]
    if luck < group["losses"]:
        lose_system(w, group, at, luck, now)
    else:
        luck -= group["losses"]
        low, high = group["first_part"], group["last_part"] - 1
        while low < high:
            middle = (low + high) >> 1
            if luck < w.parts[middle]["upto"]:
                high = middle
            else:
                low = middle + 1
        part = w.parts[low]
        node = part["node"]
        if w.nodes[node]["on_hand"] > 0:
            w.nodes[node]["on_hand"] -= 1
        else:
            part["holes"] += 1
            group["holes"] += 1
            enqueue(w, node, low, now)
        send_failed(w, node, now)


@woven
def happen(w: World, rules: Rules, leaf: int, now: float) -> None:
    """Carry out the event of the clock that strikes first."""
    kind = w.leaves[leaf]["kind"]
    of = w.leaves[leaf]["of"]
    changed = of
    if kind == FAIL:
        fail(w, of, now)
    elif kind == BACK:
        end_delay(w, leaf)
        loss = w.losses[of]
        changed = loss["group"]
        close_books(w.groups[changed], now)
        loss["away"] -= 1
        w.groups[changed]["present"] += 1
    else:
        if kind == MEND_CLOCK:
            end_repair(w, of, now)
        else:
            end_delay(w, leaf)
            if kind == MEND_FIXED:
                end_fixed_repair(w, of, now)
        changed = receive(w, of, now)
    if changed >= 0:  # the one place where this is woven in
        set_clock(w, rules, changed, now)


@inner
def with_room(w: World) -> World:
    """Give the same world with twice the room for events and for what waits."""
    size = w.cells.size
    cells = np.zeros(2 * size, CELLS)
    jobs = np.zeros(2 * size, JOBS)
    for at in range(size):  # a loop, not a slice: slices of records take seconds to compile
        cells[at] = w.cells[at]
        jobs[at] = w.jobs[at]
    for at in range(size, 2 * size):
        cells[at]["next"] = at + 1
        jobs[at]["next"] = at + 1
    # What is free hangs together: the last cell of the old room leads on to the new.
    return World(
        w.nodes,
        w.groups,
        w.parts,
        w.losses,
        w.needs,
        w.leaves,
        cells,
        jobs,
        w.due,
        w.win,
        w.stack,
        w.n,
        w.streams,
    )


@woven
def clear(w: World) -> None:
    """Set the world to the start of a future: full shelves, nothing under way."""
    for at in range(w.nodes.size):
        node = w.nodes[at]
        node["on_hand"] = node["level"]
        node["head"] = -1
        node["backorders"] = 0
        node["mending"] = 0
        if node["fixed"] == 0 and node["mend_leaf"] >= 0:
            node["left"] = exponential(w.streams, node["mend"])
        node["speed"] = 0.0
        node["since"] = 0.0
        node["owed"] = 0.0
        node["owed_since"] = 0.0
    for at in range(w.leaves.size):
        w.leaves[at]["head"] = -1
    for at in range(w.parts.size):
        w.parts[at]["holes"] = 0
    for at in range(w.losses.size):
        w.losses[at]["away"] = 0
    w.n[CELL] = 0
    w.n[JOB] = 0
    w.n[USED] = 0
    w.n[STACK] = 0
    for at in range(w.cells.size):
        w.cells[at]["next"] = at + 1
        w.jobs[at]["next"] = at + 1
