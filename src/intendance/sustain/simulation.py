"""The simulation: many futures of the model, event by event, and what they have in common."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from intendance import engine
from intendance.errors import UsageError
from intendance.sustain.asks import Ask, Outlook, make_asks
from intendance.sustain.batch import (
    Batch,
    build_plant,
    cut,
    histogram_cells,
    merge_all,
    run_batch,
)
from intendance.sustain.books import MEASURES, SUPPLY_BINS, Rules, Tally, blocks_of
from intendance.sustain.horizon import Horizon, lay_out
from intendance.sustain.model import Model, Requirement
from intendance.sustain.network import NONE, Floats, Network, build_network

MEASURE_NAMES: Final = ("ready", "destroyed", "damaged", "worn_out", "waiting")
STATISTICS: Final = ("mean", "std_error", "q10", "q50", "q90")
QUANTILES: Final = {"q10": 0.1, "q50": 0.5, "q90": 0.9}
FEW_FUTURES: Final = 8
"""Below this many futures the spread of a long run is judged by blocks of time instead."""

DAYS_LIMIT: Final = 100_000
FUTURES_LIMIT: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How to run: horizon, futures, seed, loop, cannibalisation, gamma shape of the rates."""

    days: int
    futures: int
    seed: int = 0
    closed: bool = True
    full: bool = False
    rate_shape: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        if not 1 <= self.days <= DAYS_LIMIT:
            raise UsageError(f"days must be between 1 and {DAYS_LIMIT}")
        if not 1 <= self.futures <= FUTURES_LIMIT:
            raise UsageError(f"futures must be between 1 and {FUTURES_LIMIT}")
        if self.rate_shape is not None and not 0.01 <= self.rate_shape <= 1e9:
            raise UsageError("the shape of uncertain rates must be between 0.01 and 1e9")


@dataclass(frozen=True, slots=True)
class Bands:
    """Statistics by name (mean, std_error, q10, q50, q90), each a list by day."""

    by_statistic: Mapping[str, list[float | None]]


@dataclass(frozen=True, slots=True)
class SystemBands:
    """A system at a site: bands by measure (ready, destroyed, damaged, worn_out, waiting)."""

    site: str
    system: str
    measures: Mapping[str, Bands]


@dataclass(frozen=True, slots=True)
class StockBands:
    """A consumable at a site: what is on hand, and for how many days it lasts."""

    site: str
    item: str
    on_hand: Bands
    days_of_supply: Bands
    ran_out: list[float]
    """Share of the futures in which it has run out by the end of each day."""
    unmet: float
    """Mean quantity over the horizon that would have been used, had it been there."""


@dataclass(frozen=True, slots=True)
class LongRun:
    """Mean ready systems over the second half of the horizon."""

    site: str
    system: str
    mean_ready: float
    std_error: float


@dataclass(frozen=True, slots=True)
class LongRunItem:
    """Mean backorders of an item at a site over the second half of the horizon."""

    lru: str
    site: str
    expected_backorders: float
    std_error: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """How likely a requirement is met on every one of its days, and when it first is not."""

    requirement: Requirement
    probability: float
    std_error: float
    below_from_day: Mapping[str, int | None]
    """First day under the requirement by quantile of all futures; none: not within it."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the futures of a model have in common."""

    wish: Wish
    series: tuple[SystemBands, ...]
    stocks: tuple[StockBands, ...]
    long_run: tuple[LongRun, ...]
    long_run_items: tuple[LongRunItem, ...]
    meeting: tuple[Meeting, ...]
    events: int
    seconds: float
    holes: Mapping[tuple[str, str, str], list[float]]
    """Mean holes by day of (site, system, lru)."""
    asks: tuple[Ask, ...] = ()


def simulate(
    model: Model,
    wish: Wish,
    *,
    workers: int = 1,
    cluster: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """Play the futures; the same wish gives the same figures for any workers or cluster.

    ``progress`` hears how many futures have been played; what it raises ends the simulation.
    """
    network = build_network(model)
    horizon = lay_out(network, wish.days)
    plant, keys = build_plant(network, horizon)
    rules = _rules(model, network, wish)
    widths, cells = histogram_cells(horizon)
    stock_widths = np.maximum(1.0, np.ceil(horizon.supply.sum(axis=0) / (SUPPLY_BINS - 1)))
    batches = [
        Batch(plant, rules, keys, wish.seed, first, count, widths, cells, stock_widths)
        for first, count in cut(wish.futures)
    ]
    run_batch(replace(batches[0], count=0))  # compile outside the clock
    begin = time.perf_counter()
    tally = _play(batches, workers, cluster, progress or (lambda _: None))
    seconds = time.perf_counter() - begin
    return Simulation(
        wish=wish,
        series=_series(network, tally, wish.futures),
        stocks=_stocks(horizon, tally, wish.futures),
        long_run=_long_run(network, tally, wish),
        long_run_items=_long_run_items(network, tally, wish.futures),
        meeting=_meeting(model, network, tally, wish),
        events=int(tally.events[0]),
        seconds=seconds,
        holes=_holes(network, tally, wish.futures),
    )


def _play(
    batches: list[Batch], workers: int, cluster: str | None, progress: Callable[[int], None]
) -> Tally:
    """Run and merge the batches; a cluster that does not answer is the caller's slip."""

    def told() -> Iterator[Tally]:
        played = 0
        results = engine.run(run_batch, batches, workers=workers, cluster=cluster)
        for batch, result in zip(batches, results, strict=True):
            yield result
            played += batch.count
            progress(played)

    try:
        return merge_all(told())
    except engine.LostWorkersError as problem:
        if not cluster:
            raise
        raise UsageError(
            f"The cluster {cluster} does not answer.",
            next_step="Give --cluster the address of a running Dask scheduler (tcp://host:port).",
        ) from problem


def simulate_with_asks(
    model: Model,
    wish: Wish,
    *,
    workers: int = 1,
    cluster: str | None = None,
    language: str = "en",
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """Play the futures and turn what runs out or falls short into asks."""
    result = simulate(model, wish, workers=workers, cluster=cluster, progress=progress)

    def mean(bands: Bands) -> list[float]:
        return [value or 0.0 for value in bands.by_statistic["mean"]]

    outlook = Outlook(
        ready={(s.site, s.system): mean(s.measures["ready"]) for s in result.series},
        waiting={(s.site, s.system): mean(s.measures["waiting"]) for s in result.series},
        lost={},
        holes=result.holes,
        on_hand={(s.site, s.item): mean(s.on_hand) for s in result.stocks},
        unmet={(s.site, s.item): s.unmet for s in result.stocks},
        short={(s.site, s.item): s.ran_out[-1] for s in result.stocks},
        out_day={(s.site, s.item): _half_out(s.ran_out) for s in result.stocks},
        missed={row.requirement: 1.0 - row.probability for row in result.meeting},
    )
    asks = make_asks(build_network(model), outlook, wish.days, language)
    return replace(result, asks=asks)


def _half_out(ran_out: list[float]) -> int:
    """Give the day by which half of the futures that run out at all have done so."""
    return next(day for day, share in enumerate(ran_out) if share >= 0.5 * ran_out[-1])


def _rules(model: Model, network: Network, wish: Wish) -> Rules:
    at = {group: number for number, group in enumerate(network.groups)}
    needs = [need for need in model.requirements if (need.site, need.system) in at]
    spans = [need.days(wish.days) for need in needs]
    return Rules(
        horizon_days=wish.days,
        closed=wish.closed,
        full=wish.full,
        shape=wish.rate_shape or 0.0,
        need_group=np.array([at[need.site, need.system] for need in needs], dtype=np.int64),
        need_from=np.array([span.start for span in spans], dtype=np.int64),
        need_to=np.array([span.stop for span in spans], dtype=np.int64),
        need_count=np.array([need.quantity for need in needs], dtype=np.float64),
    )


def _std_error(total: Floats, square: Floats, count: int) -> Floats:
    """Give the standard error of a mean from sums; 0 when there is one value only."""
    if count < 2:
        return np.zeros_like(total)
    spread = np.maximum(0.0, square - total * total / count) / (count - 1)
    return np.sqrt(spread / count)


def _series(network: Network, tally: Tally, futures: int) -> tuple[SystemBands, ...]:
    days, groups = tally.total.shape[:2]
    mean = tally.total / futures
    error = _std_error(tally.total.astype(float), tally.total_square.astype(float), futures)
    bins = tally.bins.reshape(days, MEASURES, -1)
    found = []
    for group in range(groups):
        low, high = tally.bin_start[group], tally.bin_start[group + 1]
        below = np.cumsum(bins[:, :, low:high], axis=2, dtype=np.int32)
        measures = {}
        for measure, name in enumerate(MEASURE_NAMES):
            statistics: dict[str, list[float | None]] = {
                "mean": mean[:, group, measure].tolist(),
                "std_error": error[:, group, measure].tolist(),
            }
            for label, share in QUANTILES.items():
                at = (below[:, measure, :] < share * futures - 1e-9).sum(axis=1)
                statistics[label] = (at * tally.bin_width[group]).tolist()
            measures[name] = Bands(statistics)
        site, system = network.groups[group]
        found.append(SystemBands(site, system, measures))
    return tuple(found)


def _stocks(horizon: Horizon, tally: Tally, futures: int) -> tuple[StockBands, ...]:
    found = []
    for at, (site, item) in enumerate(horizon.stocks):
        total, square = tally.stock_total[:, at], tally.stock_square[:, at]
        on_hand: dict[str, list[float | None]] = {
            "mean": (total / futures).tolist(),
            "std_error": _std_error(total, square, futures).tolist(),
        }
        lasting: dict[str, list[float | None]] = {"mean": [], "std_error": []}
        for day, count in enumerate(tally.days_count[:, at].tolist()):
            days, days_square = tally.days_total[day, at], tally.days_square[day, at]
            lasting["mean"].append(float(days / count) if count else None)
            error = _std_error(np.array([days]), np.array([days_square]), count)[0]
            lasting["std_error"].append(float(error) if count else None)
        for label, share in QUANTILES.items():
            below = np.cumsum(tally.stock_bins[:, at], axis=1)
            cell = (below < share * futures - 1e-9).sum(axis=1)
            on_hand[label] = (cell * tally.stock_width[at]).tolist()
            lasting[label] = _days_quantile(tally, at, share)
        ran_out = (tally.short[:, at] / futures).tolist()
        unmet = float(tally.unmet[at]) / futures
        found.append(StockBands(site, item, Bands(on_hand), Bands(lasting), ran_out, unmet))
    return tuple(found)


def _days_quantile(tally: Tally, at: int, share: float) -> list[float | None]:
    result: list[float | None] = []
    for day in range(tally.days_bins.shape[0]):
        count = int(tally.days_count[day, at])
        if not count:
            result.append(None)
            continue
        below = np.cumsum(tally.days_bins[day, at])
        cell = int((below < share * count - 1e-9).sum())
        result.append(0.0 if cell == 0 else 0.02 * 10 ** (6.0 * (cell - 0.5) / (SUPPLY_BINS - 2)))
    return result


def _spread(four: Floats, wish: Wish, at: int) -> tuple[float, float]:
    """Give a long-run mean and its standard error, by futures or (when few) by blocks of time."""
    mean = float(four[0, at]) / wish.futures
    if wish.futures >= FEW_FUTURES:
        error = _std_error(four[0, at : at + 1], four[1, at : at + 1], wish.futures)
    else:
        count = wish.futures * blocks_of(wish.days)
        error = _std_error(four[2, at : at + 1], four[3, at : at + 1], count)
    return mean, float(error[0])


def _long_run(network: Network, tally: Tally, wish: Wish) -> tuple[LongRun, ...]:
    return tuple(
        LongRun(site, system, *_spread(tally.long_run, wish, at))
        for at, (site, system) in enumerate(network.groups)
    )


def _long_run_items(network: Network, tally: Tally, futures: int) -> tuple[LongRunItem, ...]:
    error = _std_error(tally.owed[0], tally.owed[1], futures)
    return tuple(
        LongRunItem(
            network.items[network.node_item[node]],
            network.sites[network.node_site[node]],
            float(tally.owed[0, node]) / futures,
            float(error[node]),
        )
        for node in range(network.size)
    )


def _meeting(model: Model, network: Network, tally: Tally, wish: Wish) -> tuple[Meeting, ...]:
    groups = set(network.groups)
    found = []
    at = 0
    for need in model.requirements:
        days = need.days(wish.days)
        if (need.site, need.system) not in groups:
            met = need.quantity <= 0 or not days
            first = None if met else days.start
            found.append(Meeting(need, float(met), 0.0, dict.fromkeys(QUANTILES, first)))
            continue
        share = int(tally.met[at]) / wish.futures
        below = np.cumsum(tally.below[at])
        first_day: dict[str, int | None] = {}
        for label, quantile in QUANTILES.items():
            day = int((below < quantile * wish.futures - 1e-9).sum())
            first_day[label] = day if day <= wish.days else None
        error = float(np.sqrt(share * (1 - share) / wish.futures))
        found.append(Meeting(need, share, error, first_day))
        at += 1
    return tuple(found)


def _holes(network: Network, tally: Tally, futures: int) -> dict[tuple[str, str, str], list[float]]:
    return {
        (*network.groups[group], network.items[network.node_item[node]]): (
            tally.hole_total[:, part] / futures
        ).tolist()
        for part, (group, node) in enumerate(
            zip(network.part_group, network.part_node, strict=True)
        )
        if node != NONE
    }
