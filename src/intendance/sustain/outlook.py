"""Everything that a review shows of a model: bands, losses by cause, problem parts, pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from intendance.errors import InputError
from intendance.sustain.asking import confirmed, forecast_with_asks
from intendance.sustain.forecast import Forecast, forecast
from intendance.sustain.frontier import Frontier, solve_frontier
from intendance.sustain.model import Model
from intendance.sustain.simulation import Simulation, Wish, simulate_with_asks
from intendance.sustain.steady import NodeRow, solve_steady

MOST_PROBLEMS: Final = 10
RATE_SHAPE: Final = 4.0
"""Gamma shape of the true rates in a review: stated rates are known to about a half."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Where the systems of one type are on the day when fewest are ready, in mean systems.

    ``transport``, ``repair`` and ``spares`` share those that wait for parts: what would be ready
    if nothing took time on the road between sites, or in repair, and what waits even then.
    """

    system: str
    day: int
    arrived: float
    destroyed: float
    worn_out: float
    damaged: float
    transport: float
    repair: float
    spares: float
    ready: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that keeps systems waiting: mean holes over the horizon, and its share of all."""

    site: str
    system: str
    lru: str
    holes: float
    share: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead of a model; ``frontier`` is None where costs are not given."""

    name: str
    model: Model
    result: Simulation
    losses: tuple[Losses, ...]
    problems: tuple[Problem, ...]
    pipelines: tuple[NodeRow, ...]
    frontier: Frontier | None
    capability_of: Mapping[str, str]


def look_ahead(
    name: str,
    model: Model,
    wish: Wish,
    *,
    capability_of: Mapping[str, str] | None = None,
    workers: int = 1,
    language: str = "en",
) -> Outlook:
    """Play the futures of a model and work out what a review shows beside them."""
    result = simulate_with_asks(model, wish, workers=workers, language=language)
    held = forecast_with_asks(model, wish.days, language=language).asks
    result = replace(result, asks=confirmed(held, result.asks))
    costs = None
    if model.parts:
        try:
            costs = solve_frontier(model)
        except InputError:  # some cost is not given: there is no curve
            costs = None
    return Outlook(
        name,
        model,
        result,
        losses_of(model, wish.days),
        _problems(result),
        solve_steady(model).rows if model.parts else (),
        costs,
        capability_of or {},
    )


def losses_of(model: Model, days: int) -> tuple[Losses, ...]:
    """Give the losses of each system, summed over its sites, by cause.

    What waits is shared between transport and repair by taking each away first and last, and
    halving (Shapley's value); the rest waits for spares that are bought or never come.
    """
    base = forecast(model, days)
    quick = replace(
        model, sites=tuple(replace(s, ship_days=0.0) if s.parent else s for s in model.sites)
    )
    free, both = _without_repair(model), _without_repair(quick)
    others = [forecast(each, days) for each in (quick, free, both)]
    found = []
    for system in dict.fromkeys(course.system for course in base.series):
        ready = _sum(base, system, "ready")
        day = min(range(days + 1), key=lambda at: (ready[at], at)) if max(ready) > 0 else 0
        waits, road, shop, none = (_sum(each, system, "waiting")[day] for each in (base, *others))
        transport = max(0.0, 0.5 * ((waits - road) + (shop - none)))
        repair = max(0.0, 0.5 * ((waits - shop) + (road - none)))
        scale = min(1.0, waits / (transport + repair)) if transport + repair > 0 else 0.0
        transport, repair = transport * scale, repair * scale
        lost = [_sum(base, system, key)[day] for key in ("destroyed", "worn_out", "damaged")]
        arrived = ready[day] + waits + sum(lost)
        spares = waits - transport - repair
        row = (*lost, transport, repair, spares, ready[day])
        found.append(Losses(system, day, arrived, *row))
    return tuple(found)


def _without_repair(model: Model) -> Model:
    return replace(
        model,
        repairs=tuple(replace(row, repair_days=0.0, servers=None) for row in model.repairs),
        subparts=tuple(replace(row, repair_days=0.0) for row in model.subparts),
    )


def _sum(result: Forecast, system: str, measure: str) -> list[float]:
    rows = [getattr(course, measure) for course in result.series if course.system == system]
    return [sum(values) for values in zip(*rows, strict=True)]


def _problems(result: Simulation) -> tuple[Problem, ...]:
    means = {key: sum(levels) / len(levels) for key, levels in result.holes.items()}
    total = sum(means.values())
    order = sorted(means, key=lambda key: (-means[key], key))
    return tuple(
        Problem(*key, means[key], means[key] / total)
        for key in order[:MOST_PROBLEMS]
        if means[key] > 0.005 and total > 0
    )
