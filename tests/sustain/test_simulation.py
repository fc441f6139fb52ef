"""The simulation: the same figures anywhere, and the laws that it must obey."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intendance.sustain.batch import cut
from intendance.sustain.read import read_model
from intendance.sustain.simulation import Simulation, Wish, simulate
from intendance.sustain.steady import solve_steady
from intendance.sustain.streams import gamma, open_streams, poisson, stream_key

Maker = Callable[..., Path]


def figures(result: Simulation) -> dict[str, Any]:
    """Give everything that must not depend on who ran it."""
    record = asdict(result)
    del record["seconds"]
    return record


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A Dask cluster of two processes on this machine, stopped at the end."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running.scheduler_address


def test_same_figures_on_processes_and_on_a_cluster(two_echelons: Maker, cluster: str) -> None:
    """One core, two processes and a Dask cluster give the same figures to the last bit."""
    model = read_model(two_echelons(attrition=["how,damaged,0.004,21"]))
    wish = Wish(30, 101, seed=7, rate_shape=4.0)
    alone = figures(simulate(model, wish))
    assert figures(simulate(model, wish, workers=2)) == alone
    assert figures(simulate(model, wish, cluster=cluster)) == alone
    assert figures(simulate(model, Wish(30, 101, seed=8, rate_shape=4.0))) != alone


def test_open_loop_settles_to_the_steady_state(two_echelons: Maker) -> None:
    """Backorders of every item at every site are within 3 standard errors (plus 5 %) of theory."""
    model = read_model(two_echelons())
    played = simulate(model, Wish(1500, 40, seed=1, closed=False))
    measured = {(row.lru, row.site): row for row in played.long_run_items}
    for row in solve_steady(model).rows:
        found = measured[row.lru, row.site]
        allowed = 3 * found.std_error + 0.05 * row.expected_backorders
        assert abs(found.expected_backorders - row.expected_backorders) <= allowed + 1e-9


def test_one_server_is_the_textbook_queue(one_site: Maker) -> None:
    """Open loop, one server, no stock: the shop is M/M/1, with rho / (1 - rho) units in it."""
    folder = one_site(parts=["gen,a,1,0.01"], repair=["a,base,1,1.5,exponential,1"], stock=[])
    played = simulate(read_model(folder), Wish(4000, 60, seed=3, closed=False))
    (row,) = [row for row in played.long_run_items if row.lru == "a"]
    rho = 40 * 0.01 * 1.5
    assert row.expected_backorders == pytest.approx(rho / (1 - rho), abs=4 * row.std_error)
    assert row.std_error < 0.05


def test_books_balance_in_every_mean(one_site: Maker) -> None:
    """The five states add up to what has arrived, whatever the loop and the cannibalisation."""
    losses = ["gen,destroyed,0.002,", "gen,damaged,0.01,14", "gen,worn_out,0.001,"]
    model = read_model(one_site(attrition=losses, fleets=["base,gen,30,1,0", "base,gen,10,1,20"]))
    for closed in (True, False):
        for full in (True, False):
            (row,) = simulate(model, Wish(40, 60, closed=closed, full=full)).series
            for day in range(41):
                means = [bands.by_statistic["mean"][day] for bands in row.measures.values()]
                assert sum(value or 0 for value in means) == pytest.approx(30 if day < 20 else 40)


def test_quantiles_are_those_of_a_binomial(one_site: Maker) -> None:
    """Survivors of attrition alone are binomial: mean, spread and quantiles agree."""
    model = read_model(one_site(parts=[], attrition=["gen,destroyed,0.02,"]))
    (row,) = simulate(model, Wish(30, 4000, seed=11)).series
    share = math.exp(-0.6)
    bands = row.measures["ready"].by_statistic
    spread = math.sqrt(40 * share * (1 - share))
    assert bands["mean"][30] == pytest.approx(40 * share, abs=4 * spread / math.sqrt(4000))
    assert bands["std_error"][30] == pytest.approx(spread / math.sqrt(4000), rel=0.1)
    assert abs((bands["q10"][30] or 0) - (40 * share - 1.2816 * spread)) <= 1
    assert abs((bands["q90"][30] or 0) - (40 * share + 1.2816 * spread)) <= 1


def test_uncertain_rates_widen_the_band(one_site: Maker) -> None:
    """With gamma rates the 10-90 % band is wider than with rates taken as exact."""
    model = read_model(one_site())
    widths = []
    for shape in (None, 3.0):
        (row,) = simulate(model, Wish(60, 400, seed=2, rate_shape=shape)).series
        bands = row.measures["ready"].by_statistic
        widths.append((bands["q90"][60] or 0) - (bands["q10"][60] or 0))
    assert widths[1] > widths[0]


def test_chance_of_meeting_a_requirement(one_site: Maker) -> None:
    """Pure attrition: the chance of at least 20 on every day is that on the last day."""
    model = read_model(
        one_site(
            parts=[],
            attrition=["gen,destroyed,0.02,"],
            requirement=["gen,base,0,31,22", "gen,base,0,31,0", "gen,base,0,31,41"],
        )
    )
    first, always, never = simulate(model, Wish(30, 4000, seed=4)).meeting
    share = math.exp(-0.6)
    chance = sum(math.comb(40, k) * share**k * (1 - share) ** (40 - k) for k in range(22, 41))
    assert first.probability == pytest.approx(chance, abs=4 * first.std_error)
    assert (always.probability, never.probability) == (1.0, 0.0)
    assert never.below_from_day["q50"] == 0


def test_requirement_where_nothing_is(one_site: Maker) -> None:
    """A requirement at a site without the system is never met."""
    sites = ["base,,1,,10", "far,,1,base,3"]
    model = read_model(one_site(sites=sites, requirement=["gen,far,0,10,1"]))
    assert [row.probability for row in simulate(model, Wish(10, 20)).meeting] == [0.0]


def test_consumption_mean_and_overdispersion(one_site: Maker) -> None:
    """Mean use is rate x systems x days; a small gamma shape spreads it as its law says."""
    tables = {"parts": [], "fleets": ["base,gen,10,1,0"], "supplies": ["fuel,base,0,100000"]}
    for text, ratio in (("gen,fuel,20,", 1.0), ("gen,fuel,20,2", 1 + 200 / 2)):
        model = read_model(one_site("fuel" + text[-1], consumption=[text], **tables))
        (stock,) = simulate(model, Wish(20, 2000, seed=6)).stocks
        bands = stock.on_hand.by_statistic
        error = bands["std_error"][20] or 0.0
        assert bands["mean"][20] == pytest.approx(100000 - 4000, abs=4 * error)
        assert error * math.sqrt(2000) == pytest.approx(math.sqrt(4000 * ratio), rel=0.1)


def test_common_random_numbers_across_policies(one_site: Maker) -> None:
    """One more spare is judged on the same luck: the difference is far surer than the levels."""
    base = read_model(one_site("base"))
    more = read_model(one_site("more", stock=["a,base,7", "b,base,8", "c,base,2"]))
    gains = []
    for seed in range(8):
        means = [
            simulate(model, Wish(60, 25, seed=seed)).long_run[0].mean_ready
            for model in (base, more)
        ]
        gains.append((means[1] - means[0], means[0]))
    difference, level = np.array(gains).T
    assert difference.mean() > 0
    assert difference.std() < level.std()


def test_batches_do_not_depend_on_anything_but_the_number() -> None:
    """The cut covers every future once, in order."""
    for futures in (1, 24, 60, 1000, 1_000_003):
        batches = cut(futures)
        assert sum(count for _, count in batches) == futures
        assert [first for first, _ in batches] == np.cumsum(
            [0, *(count for _, count in batches[:-1])]
        ).tolist()


def drawn(kind: Callable[..., float], count: int, *extra: float) -> np.ndarray[Any, Any]:
    """Draw from one stream of one future."""
    states = np.zeros(1, np.uint64)
    open_streams(np.array([stream_key("test")], np.uint64), np.uint64(1), np.uint64(2), states)
    return np.array([kind(states, 0, *extra) for _ in range(count)])


def test_draws_have_their_means_and_variances() -> None:
    """Gamma with mean 1, and Poisson on both sides of the change of method."""
    for shape in (0.5, 3.0):
        values = drawn(gamma, 20000, shape)
        assert values.mean() == pytest.approx(1.0, abs=5 / math.sqrt(20000 * shape))
        assert values.var() == pytest.approx(1 / shape, rel=0.15)
    for mean in (0.3, 8.0, 13.0, 400.0):
        values = drawn(poisson, 20000, mean)
        assert values.mean() == pytest.approx(mean, abs=5 * math.sqrt(mean / 20000))
        assert values.var() == pytest.approx(mean, rel=0.06)
