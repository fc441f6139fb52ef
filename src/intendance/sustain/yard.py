"""The state of one future as a few arrays of records, so that one event touches few cache lines.

Everything is counts. What waits for a unit stands in a first-come first-served queue as a code:
part p (a hole in a system) is p, an order of node c is P + c, a repair that waits for a subpart
is -(job + 1). Every source of events has a clock in one race (see ``race``): the failures of a
group, the exponential repairs of a node, and each fixed delay, whose events stand in a queue
because they end in the order in which they began.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from intendance.sustain.model import CAUSES
from intendance.sustain.network import NONE, Floats, Ints
from intendance.sustain.plant import Plant
from intendance.sustain.streams import Words

Records = NDArray[np.void]

FAIL, BACK, COME, MEND_FIXED, MEND_CLOCK = 0, 1, 2, 3, 4
"""Kinds of clocks: a group fails, a lost system returns, a unit arrives, a repair ends."""

CELL, JOB, USED, STACK = 0, 1, 2, 3
"""Entries of ``World.n``: the free cell, the free job, cells in use, height of the stack."""


def _record(whole: str, real: str) -> np.dtype[np.void]:
    return np.dtype([(name, "i8") for name in whole.split()] + [(n, "f8") for n in real.split()])


NODE: Final = _record(
    "parent level servers fixed need_first need_last alone route mend"
    " ship_leaf procure_leaf mend_leaf on_hand head tail backorders mending",
    "ship_days repaired repair_days condemned procure_days left since speed owed owed_since",
)
GROUP: Final = _record(
    "first_part last_part clock choice place present holes waiting",
    "rate losses left since speed pace ready exposure ready_days block_days tempo",
)
PART: Final = _record("group node count rate_id holes", "stated rate upto")
LOSS: Final = _record("group leaf rate_id away", "stated back rate")
NEED: Final = _record("subpart", "share")
LEAF: Final = _record("kind of head tail", "")
CELLS: Final = _record("code next", "time")
JOBS: Final = _record("node wait next", "")


class World(NamedTuple):
    """Plan and state of one future; ``due`` and ``win`` are the race of the clocks."""

    nodes: Any
    groups: Any
    parts: Any
    losses: Any
    """(3 g,): by group, destroyed, damaged, worn out."""
    needs: Any
    leaves: Any
    cells: Any
    jobs: Any
    due: Floats
    win: Ints
    stack: Ints
    n: Ints
    streams: Words


class Calendar(NamedTuple):
    """What comes on which day, and what is used up; see ``Plant``."""

    arrivals: Ints
    tempo: Floats
    spare_day: Ints
    spare_node: Ints
    spare_count: Ints
    supply: Floats
    use_group: Ints
    use_stock: Ints
    use_rate: Floats
    use_shape: Floats
    use_rate_id: Ints
    use: Ints
    rate: Ints


def build_calendar(plant: Plant) -> Calendar:
    """Take what ``Calendar`` needs out of a plant."""
    return Calendar(*(getattr(plant, name) for name in Calendar._fields))


def build_world(plant: Plant, streams: int) -> World:
    """Lay a plant out as records, with room for one future after another."""
    n, g = plant.parent.size, plant.clock.size
    leaves: list[tuple[int, int]] = [(FAIL, group) for group in range(g)]
    losses = _losses(plant, leaves)
    nodes = _nodes(plant, leaves)
    size = 1
    while size < len(leaves):
        size *= 2
    due = np.full(size, np.inf)
    table = np.zeros(size, LEAF)
    table["kind"][: len(leaves)] = [kind for kind, _ in leaves]
    table["of"][: len(leaves)] = [of for _, of in leaves]
    room = 4 * n + 64
    return World(
        nodes,
        _groups(plant),
        _parts(plant),
        losses,
        _needs(plant),
        table,
        np.zeros(room, CELLS),
        np.zeros(room, JOBS),
        due,
        np.zeros(2 * size, np.int64),
        np.zeros(2 * n + 8 + plant.need_share.size, np.int64),
        np.zeros(4, np.int64),
        np.zeros(streams, np.uint64),
    )


def _clocks(leaves: list[tuple[int, int]], wanted: NDArray[np.bool_], kinds: Ints) -> Ints:
    """Give each wanted place a clock of its kind; -1 for the others."""
    found = np.full(wanted.size, NONE, np.int64)
    for at in np.flatnonzero(wanted).tolist():
        found[at] = len(leaves)
        leaves.append((int(kinds[at]), at))
    return found


def _nodes(plant: Plant, leaves: list[tuple[int, int]]) -> Records:
    nodes = np.zeros(plant.parent.size, NODE)
    for name in ("parent", "level", "servers", "route", "mend"):
        nodes[name] = getattr(plant, name)
    for name in ("ship_days", "repaired", "repair_days", "condemned", "procure_days"):
        nodes[name] = getattr(plant, name)
    # No time at all is a fixed time: there is no clock of infinite speed.
    fixed = (plant.repair_fixed != 0) | (plant.repair_days <= 0.0)
    nodes["fixed"] = fixed
    nodes["need_first"] = plant.need_start[:-1]
    nodes["need_last"] = plant.need_start[1:]
    total = np.concatenate([[0.0], np.cumsum(plant.need_share)])
    # Shares that add up to one at most exclude each other; else each is drawn alone.
    nodes["alone"] = total[plant.need_start[1:]] - total[plant.need_start[:-1]] > 1.0 + 1e-12
    top = plant.parent < 0
    comes = np.full(nodes.size, COME, np.int64)
    passed = (plant.repaired < 1.0) | (plant.condemned > 0.0)
    nodes["ship_leaf"] = _clocks(leaves, passed, comes)
    nodes["procure_leaf"] = _clocks(leaves, top & (plant.condemned > 0.0), comes)
    kinds = np.where(fixed, MEND_FIXED, MEND_CLOCK)
    nodes["mend_leaf"] = _clocks(leaves, plant.repaired > 0.0, kinds)
    return nodes


def _groups(plant: Plant) -> Records:
    groups = np.zeros(plant.clock.size, GROUP)
    groups["first_part"] = plant.part_start[:-1]
    groups["last_part"] = plant.part_start[1:]
    for name in ("clock", "choice", "place"):
        groups[name] = getattr(plant, name)
    return groups


def _parts(plant: Plant) -> Records:
    parts = np.zeros(plant.part_node.size, PART)
    for name in ("group", "node", "count", "rate_id"):
        parts[name] = getattr(plant, f"part_{name}")
    parts["stated"] = plant.part_rate
    return parts


def _losses(plant: Plant, leaves: list[tuple[int, int]]) -> Records:
    losses = np.zeros(plant.loss_rate.size, LOSS)
    losses["group"] = np.arange(losses.size) // len(CAUSES)
    losses["rate_id"] = plant.loss_rate_id.ravel()
    losses["stated"] = plant.loss_rate.ravel()
    losses["back"] = plant.loss_back.ravel()
    returns = ~np.isnan(losses["back"]) & (losses["stated"] > 0.0)
    losses["leaf"] = _clocks(leaves, returns, np.full(losses.size, BACK, np.int64))
    return losses


def _needs(plant: Plant) -> Records:
    needs = np.zeros(plant.need_share.size, NEED)
    needs["subpart"] = plant.need_subpart
    needs["share"] = plant.need_share
    return needs
