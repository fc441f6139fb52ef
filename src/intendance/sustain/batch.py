"""One batch of futures as a task: built from a model, run anywhere, merged exactly.

The cut into batches depends on the number of futures alone, never on who runs them, and batches
are merged in their order: the figures are the same for any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np

from intendance.sustain.books import MEASURES, SUPPLY_BINS, Rules, Tally
from intendance.sustain.futures import run_futures
from intendance.sustain.horizon import Horizon
from intendance.sustain.model import CAUSES
from intendance.sustain.network import Floats, Ints, Network
from intendance.sustain.plant import Plant
from intendance.sustain.streams import Words, stream_key
from intendance.sustain.yard import build_calendar, build_world

CELLS_LIMIT = 4_000_000
"""Histogram cells of a batch; above it, neighbouring counts share a cell."""
BATCHES_MAX = 64
FUTURES_PER_BATCH_MIN = 25


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of futures with consecutive numbers."""

    plant: Plant
    rules: Rules
    keys: Words
    seed: int
    first: int
    count: int
    widths: Ints
    cells: Ints
    stock_widths: Floats


def cut(futures: int) -> list[tuple[int, int]]:
    """Cut futures into batches (first, count); the cut depends on nothing else.

    >>> cut(60)
    [(0, 30), (30, 30)]
    """
    batches = max(1, min(BATCHES_MAX, futures // FUTURES_PER_BATCH_MIN))
    edges = [futures * at // batches for at in range(batches + 1)]
    return [(low, high - low) for low, high in pairwise(edges)]


def run_batch(batch: Batch) -> Tally:
    """Play a batch and give its sums."""
    tally = _empty(batch)
    run_futures(
        build_world(batch.plant, batch.keys.size),
        build_calendar(batch.plant),
        batch.rules,
        batch.keys,
        np.uint64(batch.seed % 2**64),
        batch.first,
        batch.count,
        tally,
    )
    return tally


def merge(left: Tally, right: Tally) -> Tally:
    """Add the right tally into the left one; the cell widths are the same in both."""
    for name in Tally._fields:
        if name not in {"bin_start", "bin_width", "stock_width"}:
            whole = getattr(left, name)
            np.add(whole, getattr(right, name), out=whole)
    return left


def merge_all(tallies: Iterable[Tally]) -> Tally:
    """Add tallies in their order, each as it comes: only two are held at a time."""
    waiting = iter(tallies)
    # What came from another process may not be written to.
    whole = Tally._make(each if each.flags.writeable else each.copy() for each in next(waiting))
    return reduce(merge, waiting, whole)


def histogram_cells(horizon: Horizon) -> tuple[Ints, Ints]:
    """Give width and number of the histogram cells of each group, within the limit."""
    most = horizon.arrivals.sum(axis=0)
    rows = (horizon.days + 1) * MEASURES
    width = max(1, int(np.ceil(rows * float((most + 1).sum()) / CELLS_LIMIT)))
    widths = np.full(most.size, width, dtype=np.int64)
    return widths, (most // widths + 1).astype(np.int64)


def _empty(batch: Batch) -> Tally:
    days = batch.rules.horizon_days + 1
    groups = batch.plant.clock.size
    nodes = batch.plant.parent.size
    stocks = batch.plant.supply.shape[1]
    needs = batch.rules.need_group.size
    start = np.concatenate([[0], np.cumsum(batch.cells)]).astype(np.int64)
    return Tally(
        bins=np.zeros(days * MEASURES * int(start[-1]), np.int32),
        bin_start=start,
        bin_width=batch.widths,
        total=np.zeros((days, groups, MEASURES), np.int64),
        total_square=np.zeros((days, groups, MEASURES), np.int64),
        stock_bins=np.zeros((days, stocks, SUPPLY_BINS), np.int64),
        stock_width=batch.stock_widths,
        days_bins=np.zeros((days, stocks, SUPPLY_BINS), np.int64),
        stock_total=np.zeros((days, stocks)),
        stock_square=np.zeros((days, stocks)),
        days_total=np.zeros((days, stocks)),
        days_square=np.zeros((days, stocks)),
        days_count=np.zeros((days, stocks), np.int64),
        short=np.zeros((days, stocks), np.int64),
        unmet=np.zeros(stocks),
        met=np.zeros(needs, np.int64),
        below=np.zeros((needs, days + 1), np.int64),
        long_run=np.zeros((4, groups)),
        owed=np.zeros((2, nodes)),
        hole_total=np.zeros((days, batch.plant.part_node.size)),
        events=np.zeros(1, np.int64),
    )


@dataclass(slots=True)
class _Streams:
    """Numbers the streams and remembers their keys."""

    keys: list[int]

    def open(self, *names: str) -> int:
        self.keys.append(stream_key(*names))
        return len(self.keys) - 1


def build_plant(network: Network, horizon: Horizon) -> tuple[Plant, Words]:
    """Lay a network and its horizon out for the compiled loops, with the keys of its streams."""
    streams = _Streams([])
    named = [
        (network.items[item], network.sites[site])
        for item, site in zip(network.node_item, network.node_site, strict=True)
    ]
    rates: dict[tuple[str, ...], int] = {}

    def rate_id(*names: str) -> int:
        return rates.setdefault(names, len(rates))

    system = [name for _, name in network.groups]
    part_ids = [
        rate_id("removal", system[group], named[node][0])
        for group, node in zip(network.part_group, network.part_node, strict=True)
    ]
    loss_ids = [[rate_id("loss", name, cause) for cause in CAUSES] for name in system]
    uses = list(zip(horizon.use_group, horizon.use_item, strict=True))
    use_ids = [rate_id("use", system[group], item) for group, item in uses]
    order = np.argsort(network.need_unit, kind="stable")
    g = len(network.groups)
    spare_day, spare_node, spare_count = _whole([*map(list, horizon.spares)]).reshape(-1, 3).T
    plant = Plant(
        parent=network.node_parent,
        ship_days=network.ship_days,
        level=network.level,
        repaired=network.repaired,
        repair_days=network.repair_days,
        repair_fixed=network.repair_fixed.astype(np.int64),
        servers=network.servers,
        condemned=network.condemned,
        procure_days=network.procure_days,
        need_start=_starts(network.need_unit, network.size),
        need_subpart=network.need_subpart[order],
        need_share=network.need_share[order],
        part_start=_starts(network.part_group, g),
        part_group=network.part_group,
        part_node=network.part_node,
        part_count=network.part_count,
        part_rate=network.part_rate,
        part_rate_id=_whole(part_ids),
        loss_rate=network.loss_rate,
        loss_back=network.loss_return_days,
        loss_rate_id=_whole(loss_ids).reshape(g, len(CAUSES)),
        arrivals=horizon.arrivals,
        tempo=horizon.tempo,
        spare_day=spare_day.copy(),
        spare_node=spare_node.copy(),
        spare_count=spare_count.copy(),
        use_group=horizon.use_group,
        use_stock=horizon.use_stock,
        use_rate=horizon.use_rate,
        use_shape=horizon.use_shape,
        use_rate_id=_whole(use_ids),
        supply=horizon.supply,
        clock=_whole([streams.open("failure", *group) for group in network.groups]),
        choice=_whole([streams.open("choice", *group) for group in network.groups]),
        route=_whole([streams.open("route", *node) for node in named]),
        mend=_whole([streams.open("repair", *node) for node in named]),
        use=_whole([streams.open("use", *network.groups[at], item) for at, item in uses]),
        place=_whole([streams.open("place", *group) for group in network.groups]),
        rate=_whole([streams.open("rate", *names) for names in rates]),
    )
    return plant, np.array(streams.keys, dtype=np.uint64)


def _whole(values: list[int] | list[list[int]]) -> Ints:
    return np.array(values, dtype=np.int64)


def _starts(keys: Ints, size: int) -> Ints:
    return np.searchsorted(np.sort(keys), np.arange(size + 1)).astype(np.int64)
