"""Published numbers: Poisson losses, fill rates, and the nine-item example with its optima."""

from __future__ import annotations

from pathlib import Path

import pytest

from intendance.sustain.backorders import backorder_variance, expected_backorders, fill_rate
from intendance.sustain.frontier import solve_frontier
from intendance.sustain.model import Model
from intendance.sustain.read import read_model
from intendance.sustain.steady import solve_steady

REMOVALS = [50, 40, 45, 50, 25, 48, 60, 35, 15]
DAYS = [6, 8, 14, 25, 12, 18, 33, 8, 12]
COSTS = [12, 14, 21, 20, 11, 45, 75, 30, 22]


@pytest.fixture
def nine(tmp_path: Path) -> Model:
    """Nine LRU at one site; removals per thousand days, repair times, costs (issue 6)."""
    files = {
        "sites.csv": "site,name,echelon,parent,ship_days\nbase,,1,,0\n",
        "systems.csv": "system,name\nac,\n",
        "fleets.csv": "site,system,quantity,tempo,from_day\nbase,ac,1,1,0\n",
        "parts.csv": "system,lru,per_system,removals_per_day\n"
        + "".join(f"ac,L{at},1,{rate / 1000}\n" for at, rate in enumerate(REMOVALS)),
        "lrus.csv": "lru,name,cost_eur,condemned_share,procure_days\n"
        + "".join(f"L{at},,{cost},,\n" for at, cost in enumerate(COSTS)),
        "repair.csv": "lru,site,share,repair_days,distribution,servers\n"
        + "".join(f"L{at},base,1,{days},fixed,\n" for at, days in enumerate(DAYS)),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read_model(tmp_path)


@pytest.mark.parametrize(
    ("level", "mean", "published"),
    [(220, 200, 0.536005857158494), (5, 7, 2.292600125697305), (50, 47, 1.514546939496945)],
)
def test_poisson_loss(level: int, mean: float, published: float) -> None:
    """The Poisson loss function gives the values of stockpyl's tests."""
    assert expected_backorders(level, mean) == pytest.approx(published, rel=1e-12)


def test_base_stock_fill_rate() -> None:
    """Factory Physics, base stock: mean 10, r = 14 fills 0.916541527065 of the demand."""
    assert fill_rate(15, 10.0) == pytest.approx(0.916541527065, abs=1e-12)


def test_no_stock_means_the_whole_pipeline(nine: Model) -> None:
    """Without stock the expected backorders of the nine items are 6.104."""
    assert solve_steady(nine).totals.expected_backorders == pytest.approx(6.104, abs=1e-12)


@pytest.mark.parametrize(
    ("budget", "optimum"), [(100, 3.775518), (150, 3.196991), (350, 1.337560), (500, 0.631917)]
)
def test_exact_optimum_at_budget(nine: Model, budget: float, optimum: float) -> None:
    """At each budget the frontier finds the optimum of dynamic programming, within the money."""
    found = solve_frontier(nine, budget)
    assert found.method == "exact"
    assert found.at_budget.expected_backorders == pytest.approx(optimum, abs=5e-7)
    assert found.at_budget.cost_eur <= budget
    assert found.bound <= found.at_budget.expected_backorders


def test_variance_of_nothing_in_stock_is_the_pipelines() -> None:
    """At level 0 the backorders are the pipeline: mean 5, variance 9."""
    assert expected_backorders(0, 5.0, 9.0) == pytest.approx(5.0, abs=1e-12)
    assert backorder_variance(0, 5.0, 9.0) == pytest.approx(9.0, abs=1e-9)
