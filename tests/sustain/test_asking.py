"""Asks that hold: with all of them delivered, the forecast meets what is required."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intendance.sustain.asking import confirmed, forecast_with_asks, with_delivered
from intendance.sustain.forecast import Forecast, forecast
from intendance.sustain.model import Model
from intendance.sustain.read import read_model
from intendance.sustain.samples import find_sample
from intendance.sustain.simulation import Wish, simulate_with_asks

Maker = Callable[..., Path]
DAYS = 120


def gap(result: Forecast, model: Model) -> float:
    """Give the most systems by which any requirement is missed on any day."""
    ready = {(row.site, row.system): row.ready for row in result.series}
    return max(
        need.quantity - ready[need.site, need.system][day]
        for need in model.requirements
        for day in need.days(DAYS)
    )


@pytest.mark.parametrize("name", ["artillery", "winter"])
def test_what_is_asked_for_is_enough(name: str) -> None:
    """The gap on the worst day alone leaves more than half of it; all the asks close it."""
    model = read_model(find_sample(name))
    first = forecast(model, DAYS)
    held = forecast_with_asks(model, DAYS)
    assert held.series == first.series
    before = gap(first, model)
    assert before > 5.0
    then = with_delivered(model, held.asks)
    after = forecast(then, DAYS)
    assert gap(after, model) < 0.05 * before
    used = sum(stock.unmet for stock in first.stocks)
    assert sum(stock.unmet for stock in after.stocks) < 0.02 * used
    asked = {(ask.item, ask.site): ask.quantity for ask in held.asks}
    assert len(asked) == len(held.asks)
    assert all(asked[ask.item, ask.site] >= ask.quantity for ask in first.asks)
    assert all(ask.quantity == int(ask.quantity) for ask in held.asks)
    half = with_delivered(model, [replace(ask, quantity=ask.quantity // 2) for ask in held.asks])
    assert gap(forecast(half, DAYS), model) > 0.2 * before


def test_a_stock_alone_is_asked_for_once(one_site: Maker) -> None:
    """Where nothing but a stock is missing, the ask is what is missing, as in one round."""
    folder = one_site(
        fleets=["base,gen,10,1,0"],
        parts=[],
        repair=[],
        stock=[],
        lrus=[],
        consumption=["gen,fuel,2,"],
        supplies=["fuel,base,0,100"],
    )
    model = read_model(folder)
    asks = forecast_with_asks(model, 12, language="fr").asks
    assert asks == forecast(model, 12, language="fr").asks
    assert asks[0].quantity == 140


def test_what_nobody_can_mean_is_asked_for_once(one_site: Maker) -> None:
    """A requirement of a million million systems fits into no forecast: one round must do."""
    model = read_model(one_site(requirement=["gen,base,0,,1e12"]))
    asks = {ask.item: ask.quantity for ask in forecast_with_asks(model, 20).asks}
    assert asks["gen"] == pytest.approx(1e12, abs=40)


def test_later_rounds_say_why() -> None:
    """What grows, and what is missing only once the rest has come, says so in both languages."""
    model = read_model(find_sample("artillery"))
    english = {ask.item: ask.because for ask in forecast_with_asks(model, DAYS).asks}
    french = {ask.item: ask.because for ask in forecast_with_asks(model, DAYS, language="fr").asks}
    assert english["loader"].startswith("once the other asks have come")
    assert "of it as more run" in english["barrel"]
    assert french["loader"].startswith("une fois les autres demandes")
    assert " ; dont " in french["barrel"]


def test_a_simulation_gives_its_confidence() -> None:
    """Asks keep their quantities; the chance is that of the futures, which may ask for more."""
    model = read_model(find_sample("winter"))
    held = forecast_with_asks(model, 60).asks
    played = simulate_with_asks(model, Wish(60, 50, seed=1, rate_shape=4.0)).asks
    both = {(ask.item, ask.site): ask for ask in confirmed(held, played)}
    chance = {(ask.item, ask.site): ask.confidence for ask in played}
    assert set(both) == {(ask.item, ask.site) for ask in (*held, *played)}
    for ask in held:
        pair = (ask.item, ask.site)
        assert both[pair].quantity == ask.quantity
        assert both[pair].confidence == chance.get(pair, ask.confidence)
