"""The closed-loop forecast against the simulation over stress patterns, as shares of the fleet."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.figures import Figures, figure
from benchmarks.sustain_models import grid, one_item

from intendance.sustain.forecast import forecast
from intendance.sustain.model import Attrition, Fleet, Model, Phase
from intendance.sustain.simulation import Wish, simulate


def patterns() -> dict[str, Model]:
    """Name the patterns."""
    plain, network = one_item(40), grid(6, 3, 25)
    losses = (
        Attrition("s", "destroyed", 0.002, None),
        Attrition("s", "damaged", 0.006, 21.0),
        Attrition("s", "worn_out", 0.001, None),
    )
    surge = (Phase(30, 60, 4.0),)
    return {
        "one item": plain,
        "one item, surge": replace(plain, phases=surge),
        "one item, no stock, surge": replace(plain, stocks=(), phases=surge),
        "one item, lull": replace(plain, phases=(Phase(20, 60, 0.1),)),
        "network": network,
        "network, surge": replace(network, phases=surge),
        "network, losses": replace(network, attrition=losses),
        "network, surge and losses": replace(network, phases=surge, attrition=losses),
        "network, late fleet": replace(
            network, fleets=(*network.fleets, Fleet("b0", "s", 25, 1.0, 40))
        ),
    }


def worst(model: Model, days: int, futures: int, *, full: bool) -> tuple[float, float]:
    """Give the largest difference of mean ready and its standard error, in shares of the fleet."""
    expected = forecast(model, days, full=full)
    played = simulate(model, Wish(days, futures, seed=9, full=full))
    found = (0.0, 0.0)
    for course, bands in zip(expected.series, played.series, strict=True):
        ready = bands.measures["ready"].by_statistic
        fleet = max(
            sum(values)
            for values in zip(
                course.ready,
                course.waiting,
                course.damaged,
                course.destroyed,
                course.worn_out,
                strict=True,
            )
        )
        for day in range(days + 1):
            mean, error = ready["mean"][day] or 0.0, ready["std_error"][day] or 0.0
            found = max(found, (abs(course.ready[day] - mean) / fleet, error / fleet))
    return found


def bench_forecast_against_simulation(futures: int = 3000) -> Figures:
    """Give the worst day of each pattern; three standard errors of the simulation come off."""
    found: Figures = {"futures": futures, "seed": 9}
    for name, model in patterns().items():
        for full in (False, True):
            gap, error = worst(model, 120, futures, full=full)
            key = f"{name}, cannibalise {'full' if full else 'none'}"
            found[key] = figure(100 * max(0.0, gap - 3 * error), "% of fleet", at_most=1.0)
            found[f"{key}, standard error"] = figure(100 * error, "% of fleet")
    return found
