"""The forecast: bookkeeping, limits that are known exactly, and the simulation as its judge."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from intendance.errors import UsageError
from intendance.sustain.forecast import forecast
from intendance.sustain.model import Model
from intendance.sustain.read import read_model
from intendance.sustain.simulation import Wish, simulate, simulate_with_asks
from intendance.sustain.steady import solve_steady

Maker = Callable[..., Path]
LOSSES = ["gen,destroyed,0.002,", "gen,damaged,0.01,14", "gen,worn_out,0.001,"]


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("full", [True, False])
def test_no_system_is_lost_from_the_books(one_site: Maker, closed: bool, full: bool) -> None:
    """Ready, destroyed, damaged, worn out and waiting add up to what has arrived, every day."""
    folder = one_site(
        attrition=LOSSES, tempo=["20,50,4"], fleets=["base,gen,30,1,0", "base,gen,10,2,25"]
    )
    course = forecast(read_model(folder), 90, closed=closed, full=full).series[0]
    for day in range(91):
        parts = (course.ready, course.destroyed, course.damaged, course.worn_out, course.waiting)
        assert sum(part[day] for part in parts) == pytest.approx(30 if day < 25 else 40)
        assert min(part[day] for part in parts) >= -1e-9


def test_losses_alone_are_exponential(one_site: Maker) -> None:
    """Without parts to fail, a fleet under attrition shrinks as exp(-rate x days)."""
    folder = one_site(parts=[], attrition=["gen,destroyed,0.01,"])
    course = forecast(read_model(folder), 100).series[0]
    for day in (1, 10, 100):
        assert course.ready[day] == pytest.approx(40 * math.exp(-0.01 * day), rel=1e-4)


def test_without_spares_two_states_by_hand(one_site: Maker) -> None:
    """One item, no spares, exponential repair: the two-state Markov chain's closed form."""
    folder = one_site(parts=["gen,a,1,0.05"], stock=[])
    course = forecast(read_model(folder), 60).series[0]
    up, down = 1 / 8, 0.05
    for day in (1, 5, 20, 60):
        share = (up + down * math.exp(-(up + down) * day)) / (up + down)
        assert course.ready[day] == pytest.approx(40 * share, rel=2e-3)


def test_open_loop_settles_to_the_steady_state(two_echelons: Maker) -> None:
    """After a long time the open loop's holes are VARI-METRIC's expected backorders."""
    model = read_model(two_echelons())
    holes = forecast(model, 600, closed=False).holes
    for row in solve_steady(model).rows:
        if (row.site, "how", row.lru) in holes:
            found = holes[row.site, "how", row.lru][-1]
            assert found == pytest.approx(row.expected_backorders, rel=0.01, abs=1e-3)


STRESSES = {
    "steady": {},
    "surge": {"tempo": ["20,50,6"]},
    "no stock": {"stock": [], "tempo": ["20,50,3"]},
    "losses": {"attrition": LOSSES, "tempo": ["30,60,3"]},
    "lull": {"tempo": ["10,40,0"]},
}


@pytest.mark.parametrize("stress", STRESSES)
@pytest.mark.parametrize("full", [False, True])
def test_within_one_percent_of_the_simulation(one_site: Maker, stress: str, full: bool) -> None:
    """Closed loop: mean ready is within 1 % of the fleet (plus sampling error) on every day."""
    model = read_model(one_site(**STRESSES[stress]))
    course = forecast(model, 90, full=full).series[0].ready
    played = simulate(model, Wish(90, 600, seed=5, full=full)).series[0].measures["ready"]
    for day in range(91):
        mean, error = (played.by_statistic[name][day] for name in ("mean", "std_error"))
        assert mean is not None
        assert error is not None
        assert abs(course[day] - mean) <= 0.01 * 40 + 3 * error, day


def test_closed_loop_is_kinder_than_open(one_site: Maker) -> None:
    """In a hard surge the open loop says nearly nothing is left; what is down does not fail."""
    model = read_model(one_site(tempo=["1,90,12"]))
    closed = forecast(model, 60).series[0].ready[-1]
    opened = forecast(model, 60, closed=False).series[0].ready[-1]
    assert opened < 1.0
    assert closed > 5.0


def test_a_delivery_is_there_from_its_day(one_site: Maker) -> None:
    """from_day 10: not at the end of day 9, ready at the end of day 10."""
    folder = one_site(parts=[], fleets=["base,gen,5,1,0", "base,gen,7,1,10"])
    ready = forecast(read_model(folder), 20).series[0].ready
    assert (ready[0], ready[9], ready[10]) == (5, 5, 12)


def stock_model(one_site: Maker, **changes: list[str]) -> Model:
    """Ten generators that never fail and burn two units of fuel a day."""
    tables = {
        "parts": [],
        "fleets": ["base,gen,10,1,0"],
        "consumption": ["gen,fuel,2,"],
        "supplies": ["fuel,base,0,100", "fuel,base,8,40"],
    }
    return read_model(one_site(**{**tables, **changes}))


def test_stocks_burn_down_and_arrive(one_site: Maker) -> None:
    """100 units at 20 a day last five days; what comes on day 8 lasts two more."""
    stock = forecast(stock_model(one_site), 12).stocks[0]
    assert stock.on_hand == pytest.approx([100, 80, 60, 40, 20, 0, 0, 0, 20, 0, 0, 0, 0])
    assert stock.days_of_supply[:2] == pytest.approx([5, 4])


def test_asks_name_quantity_and_day(one_site: Maker) -> None:
    """240 units are burnt in twelve days, 140 are there: a hundred are asked for."""
    (ask,) = forecast(stock_model(one_site), 12).asks
    assert (ask.item, ask.site, ask.quantity) == ("fuel", "base", 100)
    assert (ask.need_by_day, ask.order_by_day) == (5, -5)
    assert 0.5 < ask.confidence <= 1.0
    assert "day 5" in ask.because


def test_asks_for_spares_and_for_systems(one_site: Maker) -> None:
    """A requirement that parts and losses break asks for both."""
    model = read_model(
        one_site(attrition=["gen,destroyed,0.02,"], stock=[], requirement=["gen,base,20,80,38"])
    )
    asks = forecast(model, 90).asks
    assert {"a", "b", "gen"} <= {ask.item for ask in asks}
    assert all(ask.need_by_day == 20 and ask.order_by_day < 20 for ask in asks)


def test_a_stock_is_needed_when_something_is_first_missing(one_site: Maker) -> None:
    """What is used up each evening and comes each morning misses nothing until it no longer comes.

    Ten a day are used, ten come on each day to the twentieth: in its evening nothing is left for
    the next, and the order is due the ways of 10 and 4 days before.
    """
    folder = one_site(
        sites=["top,,2,,10", "base,Base,1,top,4"],
        fleets=["base,gen,10,1,0"],
        parts=[],
        repair=[],
        stock=[],
        lrus=[],
        consumption=["gen,oil,1,"],
        supplies=[f"oil,base,{day},10" for day in range(1, 21)],
    )
    (ask,) = forecast(read_model(folder), 30).asks
    assert (ask.quantity, ask.need_by_day, ask.order_by_day) == (100.0, 20, 6)
    assert ask.confidence > 0.99


def test_what_comes_later_does_not_help_today(one_site: Maker) -> None:
    """Nothing is there and much comes on day 9: that the stock runs out is certain."""
    folder = one_site(
        fleets=["base,gen,10,1,0"],
        parts=[],
        repair=[],
        stock=[],
        lrus=[],
        consumption=["gen,oil,1,"],
        supplies=["oil,base,0,20", "oil,base,9,5000"],
    )
    (ask,) = forecast(read_model(folder), 30).asks
    assert (ask.quantity, ask.need_by_day) == (60.0, 2)
    assert ask.confidence > 0.99


def test_confidence_counts_losses_too(one_site: Maker) -> None:
    """Losses alone: the chance of too few is that of a binomial, as the simulation finds it."""
    folder = one_site(
        fleets=["base,gen,12,1,0"],
        parts=[],
        repair=[],
        stock=[],
        lrus=[],
        attrition=["gen,destroyed,0.01,"],
        requirement=["gen,base,20,21,10"],
    )
    model = read_model(folder)
    (ask,) = forecast(model, 20).asks
    up = math.exp(-0.2)
    exact = sum(math.comb(12, k) * up**k * (1 - up) ** (12 - k) for k in range(10))
    assert ask.confidence == pytest.approx(exact, abs=0.03)
    (again,) = simulate_with_asks(model, Wish(20, 4000, seed=2)).asks
    assert again.confidence == pytest.approx(exact, abs=0.03)


def test_one_ask_for_an_item_at_a_site(one_site: Maker) -> None:
    """Requirements in steps do not add up: the largest gap, from the first day."""
    steps = ["gen,base,0,10,45", "gen,base,10,20,60", "gen,base,20,,50"]
    asks = forecast(read_model(one_site(requirement=steps)), 30).asks
    assert len({(ask.item, ask.site) for ask in asks}) == len(asks)
    whole = next(ask for ask in asks if ask.item == "gen")
    assert (whole.quantity, whole.need_by_day) == (20.0, 0)


def test_no_requirement_no_ask(one_site: Maker) -> None:
    """Nothing is asked for when nothing is required or used up."""
    assert forecast(read_model(one_site()), 60).asks == ()


def test_spares_may_arrive(one_site: Maker) -> None:
    """Spares among the supplies raise readiness from their day on."""
    bare = forecast(read_model(one_site("bare", stock=[])), 40).series[0].ready
    helped = (
        forecast(read_model(one_site("helped", stock=[], supplies=["a,base,20,8"])), 40)
        .series[0]
        .ready
    )
    assert helped[:20] == pytest.approx(bare[:20])
    assert helped[30] > bare[30] + 1


@pytest.mark.parametrize("days", [0, -3, 10**9])
def test_impossible_horizons(one_site: Maker, days: int) -> None:
    """A horizon out of range is refused with a sentence."""
    with pytest.raises(UsageError):
        forecast(read_model(one_site()), days)
