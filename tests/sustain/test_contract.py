"""The contract on models that nothing was tuned to, against a plain simulation and by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.sustain.conftest import write_model
from tests.sustain.oracle import mean_of
from tests.sustain.strange_models import MODELS

from intendance.sustain.forecast import forecast
from intendance.sustain.frontier import solve_frontier
from intendance.sustain.read import read_model
from intendance.sustain.simulation import Simulation, Wish, simulate
from intendance.sustain.steady import solve_steady

DAYS, FUTURES, PLAYED = 24, 50, 1000
ALLOWED = {
    "tiny": 0.03,  # one system
    "one server, fixed time": 0.03,
    "subparts that may both be needed": 0.03,  # two waits are added: the longer one would do
}
"""Where the forecast says not to trust it to 1 % of the fleet."""


def by_name(result: Simulation, statistic: str, day: int) -> dict[str, float]:
    """Give a statistic of a day under the names that the plain simulation uses."""
    found: dict[str, float] = {}
    for row in result.series:
        for measure, bands in row.measures.items():
            found[f"{row.site} {row.system} {measure}"] = bands.by_statistic[statistic][day] or 0.0
    for stock in result.stocks:
        found[f"{stock.site} {stock.item}"] = stock.on_hand.by_statistic[statistic][day] or 0.0
    return found


@pytest.mark.parametrize("name", MODELS)
def test_against_a_plain_simulation(tmp_path: Path, name: str) -> None:
    """Means of every state on several days lie within 4.5 standard errors of the plain ones."""
    folder = write_model(tmp_path / "model", MODELS[name])
    futures = 4 if name == "a large fleet" else FUTURES
    means, errors = mean_of(folder, DAYS, futures)
    played = simulate(read_model(folder), Wish(DAYS, PLAYED, seed=5))
    for day in (0, 1, 6, 7, 11, 12, 13, 19, DAYS):
        ours, spread = by_name(played, "mean", day), by_name(played, "std_error", day)
        for key, value in means[day].items():
            # Few futures may have little spread by luck: ours then says what to expect.
            plain = max(errors[day][key], spread[key] * math.sqrt(PLAYED / futures))
            error = math.hypot(max(plain, 0.5 / futures), spread[key])
            assert abs(ours[key] - value) <= 4.5 * error + 1e-9, (day, key, ours[key], value)


@pytest.mark.parametrize("name", MODELS)
def test_forecast_stays_near_the_simulation(tmp_path: Path, name: str) -> None:
    """Every state of every day is within 1 % of the fleet (or as allowed) and 4 errors."""
    model = read_model(write_model(tmp_path / "model", MODELS[name]))
    expected = forecast(model, DAYS)
    played = simulate(model, Wish(DAYS, PLAYED, seed=6))
    share = ALLOWED.get(name, 0.01)
    for course, bands in zip(expected.series, played.series, strict=True):
        fleet = sum(getattr(course, measure)[-1] for measure in bands.measures)
        for day in range(DAYS + 1):
            total = 0.0
            for measure, band in bands.measures.items():
                value = getattr(course, measure)[day]
                total += value
                mean, error = (band.by_statistic[key][day] or 0.0 for key in ("mean", "std_error"))
                assert abs(value - mean) <= share * fleet + 4 * error + 1e-9, (day, measure)
            here = sum(
                f.quantity
                for f in model.fleets
                if f.from_day <= day and (f.site, f.system) == (course.site, course.system)
            )
            assert total == pytest.approx(here, abs=1e-6)


@pytest.mark.parametrize("name", [name for name in MODELS if MODELS[name].get("lrus")])
def test_steady_state_frontier_and_open_loop_agree(tmp_path: Path, name: str) -> None:
    """The frontier starts at nothing, is convex, ends lower, and its stock is what steady says."""
    model = read_model(write_model(tmp_path / "model", MODELS[name]))
    found = solve_frontier(model, 1500.0)
    points = found.points
    assert points[0].cost_eur == 0
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        assert before.cost_eur <= here.cost_eur <= after.cost_eur
        left = (here.expected_backorders - before.expected_backorders) * (
            after.cost_eur - here.cost_eur
        )
        right = (after.expected_backorders - here.expected_backorders) * (
            here.cost_eur - before.cost_eur
        )
        assert left <= right + 1e-9
    assert found.at_budget.cost_eur <= 1500.0 + 1e-6
    assert 0 <= found.bound_gap < 1
    levels = [f"{row.lru},{row.site},{row.level}" for row in found.stock]
    nothing = {**MODELS[name], "stock": levels}
    again = solve_steady(read_model(write_model(tmp_path / "again", nothing)))
    held = again.totals.expected_backorders
    assert held == pytest.approx(found.at_budget.expected_backorders, abs=1e-9)
    bare = solve_steady(read_model(write_model(tmp_path / "bare", {**MODELS[name], "stock": []})))
    assert bare.totals.expected_backorders == pytest.approx(points[0].expected_backorders)
