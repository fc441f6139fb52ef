"""The forecast: expected readiness, losses, stocks and asks by day, without random numbers.

A time-dependent pipeline model of the Dyna-METRIC family (Hillestad 1982, RAND R-2785-AF), with
one change: in the closed loop only systems that are up fail, are lost and consume.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from intendance.errors import UsageError
from intendance.sustain.asks import Ask, Outlook, make_asks
from intendance.sustain.batch import build_plant
from intendance.sustain.flow import Course, Steps
from intendance.sustain.horizon import Horizon, lay_out
from intendance.sustain.march import march
from intendance.sustain.model import Model
from intendance.sustain.network import Floats, build_network
from intendance.sustain.plant import Plant

DAYS_LIMIT: Final = 20_000
MEMORY_LIMIT_CELLS: Final = 60_000_000
STEPS_MIN, STEPS_MAX = 4, 64
NOTHING: Final = 1e-6
"""Quantities below this are rounding."""


@dataclass(frozen=True, slots=True)
class SystemCourse:
    """Expected systems by day at a site; the five lists add up to what has arrived."""

    site: str
    system: str
    ready: list[float]
    destroyed: list[float]
    damaged: list[float]
    worn_out: list[float]
    waiting: list[float]


@dataclass(frozen=True, slots=True)
class StockCourse:
    """Expected stock of a consumable by day; days of supply at the coming day's rate of use.

    ``unmet`` is what would have been used beyond it by the horizon, ``used_up_on_day`` the day
    at whose end nothing is left for what is wanted next (None: it lasts).
    """

    site: str
    item: str
    on_hand: list[float]
    days_of_supply: list[float | None]
    unmet: float
    used_up_on_day: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected, by day from 0 (the start) to the horizon."""

    days: list[int]
    series: tuple[SystemCourse, ...]
    stocks: tuple[StockCourse, ...]
    asks: tuple[Ask, ...]
    holes: Mapping[tuple[str, str, str], list[float]]
    """Mean holes by day of (site, system, lru)."""


@dataclass(frozen=True, slots=True)
class Run:
    """The raw arrays of a forecast."""

    series: Floats
    holes: Floats
    stocks: Floats
    rate: Floats
    unmet: Floats


def forecast(
    model: Model, days: int, *, closed: bool = True, full: bool = False, language: str = "en"
) -> Forecast:
    """Forecast a model over ``days`` days; ``full`` moves holes together on few systems."""
    if not 1 <= days <= DAYS_LIMIT:
        raise UsageError(f"days must be between 1 and {DAYS_LIMIT}")
    network = build_network(model)
    horizon = lay_out(network, days)
    plant, _ = build_plant(network, horizon)
    run = run_forecast(plant, horizon, closed=closed, full=full)
    holes = {
        (*network.groups[group], network.items[network.node_item[node]]): run.holes[
            :, part
        ].tolist()
        for part, (group, node) in enumerate(
            zip(network.part_group, network.part_node, strict=True)
        )
    }
    series = tuple(
        SystemCourse(site, system, *(run.series[:, at, measure].tolist() for measure in range(5)))
        for at, (site, system) in enumerate(network.groups)
    )
    stocks = tuple(
        StockCourse(
            site,
            item,
            run.stocks[:, at].tolist(),
            _lasting(run, at),
            float(run.unmet[:, at].sum()),
            used_up_on(run.stocks[:, at].tolist(), run.unmet[:, at].tolist()),
        )
        for at, (site, item) in enumerate(horizon.stocks)
    )
    outlook = Outlook(
        ready={(s.site, s.system): s.ready for s in series},
        waiting={(s.site, s.system): s.waiting for s in series},
        lost={(s.site, s.system): lost_by_day(s) for s in series},
        holes=holes,
        on_hand={(s.site, s.item): s.on_hand for s in stocks},
        unmet={(s.site, s.item): s.unmet for s in stocks},
        short={pair: _chance_short(horizon, run, at) for at, pair in enumerate(horizon.stocks)},
        out_day={(s.site, s.item): s.used_up_on_day or days for s in stocks},
        missed={},
    )
    asks = make_asks(network, outlook, days, language)
    return Forecast(list(range(days + 1)), series, stocks, asks, holes)


def lost_by_day(course: SystemCourse) -> list[float]:
    """Add up the systems that are destroyed, damaged or worn out."""
    return [
        sum(each) for each in zip(course.destroyed, course.damaged, course.worn_out, strict=True)
    ]


def run_forecast(plant: Plant, horizon: Horizon, *, closed: bool, full: bool) -> Run:
    """March the compiled forecast and give its arrays."""
    days, groups, parts = horizon.days, plant.clock.size, plant.part_node.size
    per_day = _steps_per_day(plant, horizon)
    course = _new_course(plant, days * per_day, int(horizon.arrivals.sum(axis=0).max(initial=0)))
    run = Run(
        series=np.zeros((days + 1, groups, 5)),
        holes=np.zeros((days + 1, parts)),
        stocks=np.zeros((days + 1, len(horizon.stocks))),
        rate=np.zeros((days + 1, len(horizon.stocks))),
        unmet=np.zeros((days + 1, len(horizon.stocks))),
    )
    steps = Steps(per_day, closed, full)
    march(plant, course, steps, days, run.series, run.holes, run.stocks, run.rate, run.unmet)
    return run


def _steps_per_day(plant: Plant, horizon: Horizon) -> int:
    """Choose steps short against the fastest thing that happens, within the memory."""
    hazard = np.zeros(plant.clock.size)
    np.add.at(hazard, plant.part_group, plant.part_rate)
    hazard += plant.loss_rate.sum(axis=1)
    fastest = float((hazard * horizon.tempo.max(axis=0, initial=0.0)).max(initial=0.0))
    wanted = max(STEPS_MIN, min(STEPS_MAX, math.ceil(5.0 * fastest)))
    cells = 10 * plant.parent.size * (horizon.days + 1)
    return max(1, min(wanted, MEMORY_LIMIT_CELLS // max(1, cells)))


def _new_course(plant: Plant, steps: int, most: int) -> Course:
    n, g, p = plant.parent.size, plant.clock.size, plant.part_node.size
    order = np.argsort(plant.part_node, kind="stable").astype(np.int64)
    first = np.searchsorted(plant.part_node[order], np.arange(n + 1)).astype(np.int64)

    def totals() -> Floats:
        return np.zeros((n, steps + 1))

    return Course(
        ordered=totals(),
        lost=totals(),
        shipped=totals(),
        mending=totals(),
        started=totals(),
        backlog=totals(),
        backlog_square=totals(),
        taken=totals(),
        shop=np.zeros(n),
        shop_variance=np.zeros(n),
        pipeline=np.zeros(n),
        over=np.zeros(n),
        tilt=np.ones(n),
        asked=totals(),
        claimed=np.zeros((p, steps + 1)),
        front=np.zeros(n),
        level=plant.level.astype(np.float64),
        lost_total=np.zeros((g, 3, steps + 1)),
        present=np.zeros(g),
        waiting=np.zeros(g),
        crew=np.zeros(g),
        crew_before=np.zeros(g),
        hole=np.zeros(p),
        part_share=np.zeros(p),
        reach=np.ones((p, most + 2)),
        table=np.ones((p, most + 2)),
        part_at=order,
        part_first=first,
        none=np.zeros(0),
        good=np.zeros(n),
        gone=np.zeros(n),
        gain=np.zeros(n),
        sums=np.zeros(5),
    )


def used_up_on(on_hand: Sequence[float], unmet: Sequence[float]) -> int | None:
    """Give the day at whose end nothing is left for what is wanted next; None: it lasts.

    A stock that is used up in the evening before more comes misses nothing.
    """
    first = next((day for day, each in enumerate(unmet) if each > NOTHING), None)
    if first is None:
        return None
    return first - 1 if first > 1 and on_hand[first - 1] <= NOTHING else first


def _lasting(run: Run, at: int) -> list[float | None]:
    return [
        float(stock / rate) if rate > 0 else None
        for stock, rate in zip(run.stocks[:, at], run.rate[:, at], strict=True)
    ]


def _chance_short(horizon: Horizon, run: Run, at: int) -> float:
    """Give the chance that a stock runs out, by the normal law of what is used by each day.

    It is that of the worst day: what comes after a day does not help on it.
    """
    supplied = np.cumsum(horizon.supply[: horizon.days + 1, at])
    used = supplied - run.stocks[:, at] + np.cumsum(run.unmet[:, at])
    shapes = horizon.use_shape[horizon.use_stock == at]
    rough = float(np.mean(1.0 / shapes)) if shapes.size and shapes.min() > 0 else 0.0
    chances = [
        0.5 * math.erfc((came - gone) / math.sqrt(2.0 * (gone + gone * gone * rough / max(1, day))))
        for day, (came, gone) in enumerate(zip(supplied.tolist(), used.tolist(), strict=True))
        if gone > NOTHING
    ]
    return max(chances, default=0.0)
