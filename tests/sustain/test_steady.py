"""The steady state against sums worked by hand and against the exact two-echelon law."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from intendance.sustain.backorders import expected_backorders
from intendance.sustain.read import read_model
from intendance.sustain.steady import NodeRow, Steady, solve_steady

Maker = Callable[..., Path]


def row_of(result: Steady, lru: str, site: str) -> NodeRow:
    """Find a row by its names."""
    return next(row for row in result.rows if (row.lru, row.site) == (lru, site))


def test_pipelines_of_one_site(one_site: Maker) -> None:
    """Repair, order from the ample source, and procurement of the condemned add up."""
    result = solve_steady(read_model(one_site()))
    assert row_of(result, "a", "base").pipeline_mean == pytest.approx(40 * 0.02 * 8)
    assert row_of(result, "b", "base").pipeline_mean == pytest.approx(0.8 * (0.7 * 14 + 0.3 * 10))
    assert row_of(result, "c", "base").pipeline_mean == pytest.approx(0.2 * (0.8 * 20 + 0.2 * 90))
    holes = {row.lru: row.expected_backorders for row in result.rows}
    assert holes["a"] == pytest.approx(expected_backorders(5, 6.4))
    share = (1 - holes["a"] / 40) * (1 - holes["b"] / 80) ** 2 * (1 - holes["c"] / 40)
    assert result.availability[0].available == pytest.approx(share)
    assert result.totals.expected_ready == pytest.approx(40 * share)


def test_two_echelons_by_hand(two_echelons: Maker) -> None:
    """The share of the depot's backorders comes on top of what is on the road."""
    result = solve_steady(read_model(two_echelons()))
    depot = row_of(result, "bar", "dep")
    assert depot.pipeline_mean == pytest.approx(1.2 * (0.9 * 10 + 0.1 * 60))
    base = row_of(result, "bar", "b1")
    assert base.pipeline_mean == pytest.approx(0.48 * 4 + 0.4 * depot.expected_backorders)
    assert base.pipeline_variance > base.pipeline_mean
    plain = solve_steady(read_model(two_echelons("plain")), "metric")
    assert row_of(plain, "bar", "b1").pipeline_variance == row_of(plain, "bar", "b1").pipeline_mean


def test_subparts_lengthen_the_repair(two_echelons: Maker) -> None:
    """A unit that waits for its subpart stays in the pipeline: 0.5 x 0.48 x 12 without stock."""
    result = solve_steady(read_model(two_echelons()))
    pump = row_of(result, "pump", "dep")
    assert pump.pipeline_mean == pytest.approx(0.48 * 0.5 * 12)
    unit = row_of(result, "opt", "dep")
    assert unit.pipeline_mean == pytest.approx(0.48 * 15 + pump.expected_backorders)


def exact_law(depot_mean: float, depot_level: int, share: float, road: float) -> list[float]:
    """Give the exact law of a base's pipeline with a depot under Poisson demand.

    The depot's backorders (X - s)+ are thinned binomially to the base; what is on the road is
    Poisson and independent.
    """
    size = 160
    depot = [
        math.exp(k * math.log(depot_mean) - depot_mean - math.lgamma(k + 1)) for k in range(size)
    ]
    back = [sum(depot[: depot_level + 1]), *depot[depot_level + 1 :]]
    thinned = [0.0] * size
    for n, chance in enumerate(back):
        for k in range(n + 1):
            thinned[k] += chance * math.comb(n, k) * share**k * (1 - share) ** (n - k)
    on_road = [math.exp(k * math.log(road) - road - math.lgamma(k + 1)) for k in range(size)]
    return [sum(thinned[j] * on_road[k - j] for j in range(k + 1)) for k in range(size)]


@pytest.mark.parametrize("depot_level", [0, 3, 8, 12])
def test_against_the_exact_two_echelon_law(depot_level: int, two_echelons: Maker) -> None:
    """VARI-METRIC's backorders at a base stand within 1 % of a unit of the exact ones."""
    folder = two_echelons(
        parts=["how,bar,1,0.02"],
        lrus=["bar,,50000,0,"],
        subparts=[],
        repair=["bar,dep,1,10,fixed,"],
        stock=[f"bar,dep,{depot_level}", "bar,b1,2"],
    )
    result = solve_steady(read_model(folder))
    law = exact_law(12.0, depot_level, 0.4, 0.48 * 4)
    exact = sum((k - 2) * chance for k, chance in enumerate(law) if k > 2)
    assert row_of(result, "bar", "b1").expected_backorders == pytest.approx(exact, abs=0.01)


def test_a_fleet_that_does_not_run_needs_nothing(one_site: Maker) -> None:
    """At tempo 0 there is no demand, and everything is ready."""
    result = solve_steady(read_model(one_site(fleets=["base,gen,40,0,0"])))
    assert result.totals.expected_ready == 40
    assert result.totals.expected_backorders == 0
