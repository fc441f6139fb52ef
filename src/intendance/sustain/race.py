"""The race of the clocks: a tournament tree that knows which source of events is due first.

``due`` holds the time of each clock (infinity: nothing is due), ``win`` the winner of every
match: leaf k stands at ``win[size + k]``, the winner of all at ``win[1]``.
"""

from __future__ import annotations

import math

from intendance.sustain.compiled import woven
from intendance.sustain.network import Floats, Ints
from intendance.sustain.yard import CELL, USED, World


@woven
def replay(due: Floats, win: Ints, leaf: int) -> None:
    """Play the matches of a clock whose time has changed."""
    at = (due.size + leaf) >> 1
    while at > 0:
        winner = win[2 * at]
        other = win[2 * at + 1]
        if due[other] < due[winner]:
            winner = other
        if win[at] == winner and winner != leaf:
            return
        win[at] = winner
        at >>= 1


@woven
def replay_all(due: Floats, win: Ints) -> None:
    """Set every clock to never."""
    due[:] = math.inf
    for leaf in range(due.size):
        win[due.size + leaf] = leaf
    for at in range(due.size - 1, 0, -1):
        win[at] = win[2 * at]


@woven
def take_cell(w: World, code: int) -> int:
    """Take a free cell for the end of a queue."""
    cell = w.n[CELL]
    held = w.cells[cell]
    w.n[CELL] = held["next"]
    w.n[USED] += 1
    held["code"] = code
    held["next"] = -1
    return int(cell)


@woven
def free_cell(w: World, cell: int) -> None:
    """Give a cell back."""
    w.cells[cell]["next"] = w.n[CELL]
    w.n[CELL] = cell
    w.n[USED] -= 1


@woven
def begin_delay(w: World, leaf: int, time: float) -> None:
    """Let an event of a fixed delay be due; those of one source end as they began."""
    cell = take_cell(w, 0)
    w.cells[cell]["time"] = time
    line = w.leaves[leaf]
    if line["head"] < 0:
        line["head"] = cell
        w.due[leaf] = time
        replay(w.due, w.win, leaf)
    else:
        w.cells[line["tail"]]["next"] = cell
    line["tail"] = cell


@woven
def end_delay(w: World, leaf: int) -> None:
    """Take the first event of a fixed delay away."""
    line = w.leaves[leaf]
    cell = line["head"]
    after = w.cells[cell]["next"]
    free_cell(w, cell)
    line["head"] = after
    w.due[leaf] = w.cells[after]["time"] if after >= 0 else math.inf
    replay(w.due, w.win, leaf)
