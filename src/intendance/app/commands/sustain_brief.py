"""What lies ahead of a model as a part of the brief: for `brief --sustain` and for the cycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intendance.review.facts import Brief, Section

FUTURES = 1000


def section_of_model(
    folder: Path, as_of: date, language: str, days: int, futures: int, seed: int
) -> Section:
    """Play a model's futures from its own day 0 (else ``as_of``) and build its part."""
    from intendance.app.commands.sustain import (
        FORECAST_LOOP,
        FUTURES_LOOP,
        find_model,
        load_model,
        say_if_compiling,
    )
    from intendance.app.terminal import day
    from intendance.review.readiness import Ahead, section_of
    from intendance.sustain.folder import read_origin
    from intendance.sustain.outlook import RATE_SHAPE, look_ahead
    from intendance.sustain.rates import model_names
    from intendance.sustain.simulation import Wish

    place = find_model(folder)
    model = load_model(place, language)
    origin = read_origin(place)
    start = day(str(origin.get("as_of") or ""), "origin.json as_of") or as_of
    named = origin.get("capabilities")
    capability_of = named if isinstance(named, dict) and named else model_names(place, model)
    say_if_compiling(language, FORECAST_LOOP, FUTURES_LOOP)
    outlook = look_ahead(
        str(origin.get("rates") or place.resolve().name),
        model,
        Wish(days, futures, seed, rate_shape=RATE_SHAPE),
        capability_of=capability_of,
        language=language,
    )
    return section_of(Ahead(outlook, start, language))


def with_models(found: Brief, folders: Sequence[Path], days: int, futures: int, seed: int) -> Brief:
    """Give a brief the parts of these models, in their order."""
    parts = tuple(
        section_of_model(each, found.as_of, found.language, days, futures, seed) for each in folders
    )
    return replace(found, sections=parts)
