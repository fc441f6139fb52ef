"""Do the engines agree? The same figures from two engines under assumptions that both hold.

Steady state, forecast and simulation coincide for constant tempo, whole fleets from day 0, no
attrition, ample repair, and the open loop. The model is set to these, and run long enough for
its slowest pipeline to settle. Forecast and simulation also coincide in the closed loop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from intendance.errors import InputError
from intendance.sustain.forecast import forecast
from intendance.sustain.model import Model
from intendance.sustain.network import build_network
from intendance.sustain.simulation import Wish, simulate
from intendance.sustain.steady import solve_steady

DAYS_MIN, DAYS_MAX = 60, 20_000
SLOWEST_TIMES = 12.0
"""So many times the slowest replenishment are played: the second half has settled."""
FLEET_SHARE = 0.01
"""Forecast and steady state may differ from the simulation by this share of the fleet."""
APPROXIMATE_SHARE = 0.05
"""VARI-METRIC is approximate below the top echelon: allowed share of an item's backorders."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure by two engines, and by how much they may differ."""

    figure: str
    site: str
    subject: str
    first: str
    first_value: float
    second: str
    second_value: float
    allowed: float

    @property
    def agrees(self) -> bool:
        """Tell whether the two values are as near as allowed."""
        return abs(self.first_value - self.second_value) <= self.allowed


def settled_model(model: Model) -> Model:
    """Set a model to the assumptions that all engines share."""
    return replace(
        model,
        fleets=tuple(replace(fleet, from_day=0) for fleet in model.fleets),
        repairs=tuple(replace(repair, servers=None) for repair in model.repairs),
        attrition=(),
        consumption=(),
        supplies=(),
        phases=(),
        requirements=(),
    )


def settling_days(model: Model) -> int:
    """Give a horizon whose second half is long after the slowest replenishment.

    InputError when no horizon is that long: figures that have not settled would differ.
    """
    network = build_network(model)
    slowest = max(
        [
            float(np.max(values, initial=0.0))
            for values in (network.repair_days, network.procure_days)
        ]
    )
    slowest += max((network.lead_days(site) for site in network.sites), default=0.0)
    days = int(max(DAYS_MIN, SLOWEST_TIMES * slowest))
    if days > DAYS_MAX:
        raise InputError(
            f"The engines cannot be compared: the slowest replenishment takes {slowest:.0f} days.",
            next_step=f"Keep repair, procurement and ways below {DAYS_MAX / SLOWEST_TIMES:.0f} "
            "days together.",
        )
    return days


def compare_engines(
    model: Model, *, futures: int = 400, seed: int = 0, workers: int = 1
) -> tuple[Agreement, ...]:
    """Compare backorders and ready systems between the engines.

    Allowed are three standard errors plus what the approximation is known to cost.
    """
    common = settled_model(model)
    days = settling_days(common)
    steady = solve_steady(common)
    played = simulate(common, Wish(days, futures, seed, closed=False), workers=workers)
    rows: list[Agreement] = []
    measured = {(row.lru, row.site): row for row in played.long_run_items}
    for row in steady.rows:
        found = measured[row.lru, row.site]
        allowed = 3.0 * found.std_error + APPROXIMATE_SHARE * row.expected_backorders + 1e-3
        rows.append(
            Agreement(
                "backorders",
                row.site,
                row.lru,
                "steady",
                row.expected_backorders,
                "simulation",
                found.expected_backorders,
                allowed,
            )
        )
    expected = forecast(common, days, closed=False)
    for fleet, run, course in zip(
        steady.availability, played.long_run, expected.series, strict=True
    ):
        allowed = 3.0 * run.std_error + FLEET_SHARE * fleet.quantity
        place = (fleet.site, fleet.system)
        rows.append(
            Agreement(
                "ready",
                *place,
                "steady",
                fleet.expected_ready,
                "simulation",
                run.mean_ready,
                allowed,
            )
        )
        rows.append(
            Agreement(
                "ready",
                *place,
                "steady",
                fleet.expected_ready,
                "forecast",
                course.ready[-1],
                FLEET_SHARE * fleet.quantity,
            )
        )
    return (*rows, *_closed_loop(common, days, futures, seed, workers))


def _closed_loop(model: Model, days: int, futures: int, seed: int, workers: int) -> list[Agreement]:
    played = simulate(model, Wish(days, futures, seed), workers=workers)
    expected = forecast(model, days)
    rows = []
    for run, course in zip(played.long_run, expected.series, strict=True):
        later = course.ready[days // 2 :]
        fleet = course.ready[0]
        rows.append(
            Agreement(
                "ready, closed loop",
                run.site,
                run.system,
                "forecast",
                sum(later) / len(later),
                "simulation",
                run.mean_ready,
                3.0 * run.std_error + FLEET_SHARE * fleet,
            )
        )
    return rows
