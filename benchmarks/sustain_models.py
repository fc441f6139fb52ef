"""Models of the size that a benchmark asks for, built without files."""

from __future__ import annotations

import random

from intendance.sustain.model import (
    Fleet,
    Model,
    Part,
    Phase,
    Repair,
    Site,
    Stock,
    System,
    Unit,
)


def grid(items: int, bases: int, fleet: int, seed: int = 3) -> Model:
    """Build a depot with bases, each with ``fleet`` systems of ``items`` LRU."""
    luck = random.Random(seed)
    names = [f"L{at}" for at in range(items)]
    sites = [f"b{at}" for at in range(bases)]
    return Model(
        sites=(
            Site("dep", "", "", 20.0),
            *(Site(site, "", "dep", 3.0 + at % 4) for at, site in enumerate(sites)),
        ),
        systems=(System("s", ""),),
        fleets=tuple(Fleet(site, "s", fleet, 1.0, 0) for site in sites),
        parts=tuple(Part("s", name, 1, luck.lognormvariate(-2.0, 1.0) / items) for name in names),
        units=tuple(Unit(name, "", luck.lognormvariate(8.0, 1.2), 0.0, None) for name in names),
        repairs=tuple(
            Repair(name, "dep", 1.0, luck.uniform(10, 60), fixed=False, servers=None)
            for name in names
        ),
        stocks=tuple(Stock(name, "dep", 2) for name in names),
    )


def one_item(fleet: int, level: int = 5, phases: tuple[Phase, ...] = ()) -> Model:
    """Build one site with one item: the machine-repair model."""
    return Model(
        sites=(Site("base", "", "", 10.0),),
        systems=(System("s", ""),),
        fleets=(Fleet("base", "s", fleet, 1.0, 0),),
        parts=(Part("s", "a", 1, 0.05),),
        units=(Unit("a", "", 1000.0, 0.0, None),),
        repairs=(Repair("a", "base", 1.0, 8.0, fixed=False, servers=None),),
        stocks=(Stock("a", "base", level),),
        phases=phases,
    )
