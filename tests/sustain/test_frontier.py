"""The frontier: convex, honest about its bound, and as good as trying everything."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from intendance.errors import InputError, UsageError
from intendance.sustain.frontier import Frontier, solve_frontier
from intendance.sustain.network import build_network
from intendance.sustain.read import read_model
from intendance.sustain.steady import final_fleet, prepare, solve_steady

Maker = Callable[..., Path]
SMALL = {
    "fleets": ["b1,how,6,1,0", "b2,how,9,1,0"],
    "lrus": ["bar,,300,0,", "eng,,500,0,"],
    "parts": ["how,bar,1,0.01", "how,eng,1,0.004"],
    "subparts": [],
    "repair": ["bar,dep,1,10,exponential,", "eng,b1,0.3,5,fixed,", "eng,dep,1,20,fixed,"],
    "stock": [],
    "consumption": [],
    "supplies": [],
    "requirement": [],
}


def slopes(found: Frontier) -> list[float]:
    """Give the gain per euro between the points."""
    return [
        (a.expected_backorders - b.expected_backorders) / (b.cost_eur - a.cost_eur)
        for a, b in pairwise(found.points)
    ]


def test_points_start_at_nothing_and_are_convex(two_echelons: Maker) -> None:
    """The first point is no stock; costs rise, holes fall, each euro gains less."""
    model = read_model(two_echelons())
    found = solve_frontier(model)
    bare = solve_steady(read_model(two_echelons("bare", stock=[]))).totals
    assert found.points[0].cost_eur == 0
    assert found.points[0].expected_backorders == pytest.approx(bare.expected_backorders)
    assert found.points[0].availability == pytest.approx(bare.availability)
    gains = slopes(found)
    assert all(after <= before * (1 + 1e-9) for before, after in pairwise(gains))
    assert min(gains) > 0


def test_the_stock_table_is_what_the_steady_state_says(two_echelons: Maker) -> None:
    """Put the table at the budget back into the model: cost, holes and availability agree."""
    found = solve_frontier(read_model(two_echelons()), 1_000_000)
    rows = [f"{row.lru},{row.site},{row.level}" for row in found.stock]
    again = solve_steady(read_model(two_echelons("again", stock=rows))).totals
    assert again.stock_cost_eur == pytest.approx(found.at_budget.cost_eur)
    assert again.expected_backorders == pytest.approx(found.at_budget.expected_backorders)
    assert again.availability == pytest.approx(found.at_budget.availability)
    assert found.at_budget.cost_eur <= 1_000_000
    assert found.bound_gap >= 0


@pytest.mark.parametrize("budget", [900.0, 1700.0, 2600.0])
def test_as_good_as_trying_every_stock(two_echelons: Maker, budget: float) -> None:
    """Two items at three sites: no stock table within the budget has fewer holes."""
    model = read_model(two_echelons(**SMALL))
    network = build_network(model)
    counts, tempo = final_fleet(network)
    steady = prepare(network, counts * tempo)
    best = np.inf
    for levels in product(range(7), repeat=network.size):
        if float(np.dot(levels, network.cost_eur)) <= budget:
            out = steady.moments(np.array(levels))
            best = min(best, float(np.sum(out[:, 2] * steady.holes_share)))
    found = solve_frontier(model, budget)
    assert found.at_budget.expected_backorders == pytest.approx(best, rel=1e-6)
    assert found.bound <= best * (1 + 1e-9)


def test_no_budget_buys_nothing(one_site: Maker) -> None:
    """At budget zero nothing is stocked."""
    found = solve_frontier(read_model(one_site()), 0.0)
    assert found.stock == ()
    assert found.bound_gap == 0


def test_an_unknown_cost_is_named(one_site: Maker) -> None:
    """A blank cost stops the frontier with the row to fill in."""
    model = read_model(one_site(lrus=["a,,10,0,", "b,,,0,", "c,,30,0.2,90"]))
    with pytest.raises(InputError) as caught:
        solve_frontier(model)
    assert caught.value.where == "lrus.csv:3:cost_eur"


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf")])
def test_impossible_budgets(one_site: Maker, budget: float) -> None:
    """A budget that is no sum of money is refused."""
    with pytest.raises(UsageError):
        solve_frontier(read_model(one_site()), budget)


def test_free_items_are_stocked_first(one_site: Maker) -> None:
    """What costs nothing is stocked at once, and the first point is still no stock."""
    model = read_model(one_site(lrus=["a,,0,0,", "b,,20,0,", "c,,30,0.2,90"]))
    found = solve_frontier(model, 0.0)
    assert {row.lru for row in found.stock} == {"a"}
    assert found.points[0].expected_backorders > found.points[1].expected_backorders
