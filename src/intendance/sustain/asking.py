"""Asks that hold: so much that every requirement is met once all of it has come.

What closes a gap on its worst day is not enough by itself: more systems that run fail, fire and
are lost more. So the model is forecast again with what has been asked for, and what is missing
even then is asked for too, until nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from intendance.sustain.asks import Ask, by_urgency
from intendance.sustain.forecast import Forecast, forecast
from intendance.sustain.model import Fleet, Model, Supply
from intendance.words import catalogue

ROUNDS: Final = 12
"""Each round about halves what is missing; where fleets melt away, nothing ever suffices."""
CELLS_LIMIT: Final = 6_000_000
"""Parts, sites and days of all rounds together: large models get fewer rounds."""
SYSTEMS_LIMIT: Final = 50_000
"""With more systems than this no further round is made: the forecast holds each in memory."""


def forecast_with_asks(
    model: Model, days: int, *, closed: bool = True, full: bool = False, language: str = "en"
) -> Forecast:
    """Forecast a model, with asks under which its requirements hold once all of it has come."""
    first = forecast(model, days, closed=closed, full=full, language=language)
    found = {(ask.item, ask.site): ask for ask in first.asks}
    fresh = first.asks
    for _ in range(_rounds(model, days) - 1):
        then = with_delivered(model, found.values())
        if not fresh or sum(fleet.quantity for fleet in then.fleets) > SYSTEMS_LIMIT:
            break
        fresh = forecast(then, days, closed=closed, full=full, language=language).asks
        for ask in fresh:
            found[ask.item, ask.site] = _grown(found.get((ask.item, ask.site)), ask, language)
    origin = {(ask.item, ask.site): ask.quantity for ask in first.asks}
    asks = [
        _with_growth(ask, ask.quantity - origin.get(pair, ask.quantity), language)
        for pair, ask in found.items()
    ]
    return replace(first, asks=by_urgency(asks))


def with_delivered(model: Model, asks: Iterable[Ask]) -> Model:
    """Give the model as it is when each ask comes in full on the day on which it is needed."""
    systems = {system.system for system in model.systems}
    tempo = {(fleet.system, fleet.site): fleet.tempo for fleet in model.fleets}
    fleets, supplies = list(model.fleets), list(model.supplies)
    for ask in asks:
        if ask.item in systems:
            pace = tempo.get((ask.item, ask.site), 1.0)
            fleets.append(Fleet(ask.site, ask.item, int(ask.quantity), pace, ask.need_by_day))
        else:
            supplies.append(Supply(ask.item, ask.site, ask.need_by_day, ask.quantity))
    return replace(model, fleets=tuple(fleets), supplies=tuple(supplies))


def confirmed(asks: Iterable[Ask], played: Iterable[Ask]) -> tuple[Ask, ...]:
    """Give asks the confidence that a simulation found, and add what it alone asks for."""
    chance = {(ask.item, ask.site): ask for ask in played}
    found = []
    for ask in asks:
        seen = chance.pop((ask.item, ask.site), None)
        found.append(replace(ask, confidence=seen.confidence) if seen else ask)
    return by_urgency([*found, *chance.values()])


def _rounds(model: Model, days: int) -> int:
    cells = max(1, len(model.units)) * max(1, len(model.sites)) * days
    return max(1, min(ROUNDS, CELLS_LIMIT // cells))


def _grown(before: Ask | None, more: Ask, language: str) -> Ask:
    if before is None:
        say = catalogue("sustain", language).gettext
        because = say("once the other asks have come: {because}").format(because=more.because)
        return replace(more, because=because)
    return replace(
        before,
        quantity=before.quantity + more.quantity,
        need_by_day=min(before.need_by_day, more.need_by_day),
        order_by_day=min(before.order_by_day, more.order_by_day),
    )


def _with_growth(ask: Ask, growth: float, language: str) -> Ask:
    if growth <= 0:
        return ask
    say = catalogue("sustain", language).gettext
    because = say(
        "{because}; {count} of it as more run, fail and use once the asks have come"
    ).format(because=ask.because, count=f"{growth:.0f}")
    return replace(ask, because=because)
