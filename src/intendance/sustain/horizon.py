"""A network over a horizon: what arrives on which day, at which tempo, and what it uses up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intendance.sustain.network import Floats, Ints, Network


@dataclass(frozen=True, slots=True)
class Horizon:
    """Days 0 to N + 1 by row; see ``futures`` for the meaning of a day."""

    days: int
    arrivals: Ints
    """(N + 2, g): systems that come at the start of a day."""
    tempo: Floats
    """(N + 2, g): the group's mean tempo times the day's factor."""
    stocks: tuple[tuple[str, str], ...]
    """(site, item) of every consumable that is held or used."""
    supply: Floats
    """(N + 2, k): what comes of each stock."""
    use_group: Ints
    use_stock: Ints
    use_rate: Floats
    use_shape: Floats
    """0 where consumption is plain Poisson."""
    use_item: tuple[str, ...]
    spares: tuple[tuple[int, int, int], ...]
    """(day, node, count) of spares that arrive."""


def lay_out(network: Network, days: int) -> Horizon:
    """Spread deliveries, phases, supplies and consumption over the days of a horizon."""
    model = network.model
    groups = {group: at for at, group in enumerate(network.groups)}
    arrivals = np.zeros((days + 2, len(groups)), dtype=np.int64)
    weight = np.zeros((days + 2, len(groups)))
    for fleet in model.fleets:
        if fleet.from_day <= days + 1:
            group = groups[fleet.site, fleet.system]
            arrivals[fleet.from_day, group] += fleet.quantity
            weight[fleet.from_day, group] += fleet.quantity * fleet.tempo
    here = np.cumsum(arrivals, axis=0)
    mean = np.cumsum(weight, axis=0) / np.maximum(here, 1)
    factor = np.array([model.factor(day) for day in range(days + 2)])
    uses = [
        (at, (site, use.item), use)
        for (site, system), at in groups.items()
        for use in model.consumption
        if use.system == system
    ]
    units = {unit.lru for unit in model.units}
    held = [(s.site, s.item) for s in model.supplies if s.item not in units]
    stocks = tuple(dict.fromkeys([*held, *(pair for _, pair, _ in uses)]))
    stock_at = {pair: at for at, pair in enumerate(stocks)}
    supply = np.zeros((days + 2, len(stocks)))
    spares: list[tuple[int, int, int]] = []
    for item in model.supplies:
        if item.day > days + 1:
            continue
        if item.item in units:
            node = network.node_at(item.item, item.site)
            spares.append((item.day, node, int(item.quantity)))
        else:
            supply[item.day, stock_at[item.site, item.item]] += item.quantity
    return Horizon(
        days=days,
        arrivals=arrivals,
        tempo=mean * factor[:, None],
        stocks=stocks,
        supply=supply,
        use_group=np.array([at for at, _, _ in uses], dtype=np.int64),
        use_stock=np.array([stock_at[pair] for _, pair, _ in uses], dtype=np.int64),
        use_rate=np.array([use.per_day for _, _, use in uses], dtype=np.float64),
        use_shape=np.array([use.distribution_shape or 0.0 for _, _, use in uses], dtype=np.float64),
        use_item=tuple(use.item for _, _, use in uses),
        spares=tuple(sorted(spares)),
    )
