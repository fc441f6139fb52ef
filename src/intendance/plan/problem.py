"""The planning problem as frozen arrays: who holds what, who needs what, and the network between.

Rows keep the order of their files. A reference is the position of the row it names. Limits that
are not given are ``inf``; a measure that an item does not have is ``nan``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tier = Literal["shortfall", "burden", "cost"]

TIERS: Final[tuple[Tier, ...]] = ("shortfall", "burden", "cost")
MEASURES: Final = ("t", "m2", "pallets")
NODE_KINDS: Final = ("depot", "port", "railhead", "airport", "hub", "border", "destination")
MODES: Final = ("road", "rail", "sea", "air")
TOLERANCE: Final = 1e-6


def slack(limit: float) -> float:
    """Give how far above a limit a figure may be: 1e-6 relative plus 1e-6 (the contract).

    >>> round(slack(1_000_000.0), 6)
    1.000001
    """
    return TOLERANCE * abs(limit) + TOLERANCE


@dataclass(frozen=True, slots=True)
class Donors:
    """Donors: ``share`` is the fair share of the burden, > 0, summing to 1."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    share: Floats


@dataclass(frozen=True, slots=True)
class Nodes:
    """Places: ``handling_t`` limits the tonnes that arrive over links in one week."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    handling_t: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Directed links: ``capacity`` per week in the unit of ``measure`` (t, m2 or pallets)."""

    ids: tuple[str, ...]
    source: Ints
    target: Ints
    modes: tuple[str, ...]
    transit_weeks: Ints
    cost_eur_per_t: Floats
    capacity: Floats
    measure: Ints
    excluded: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Items: ``size[i]`` holds tonnes, m2 and pallets of one unit (nan: not given)."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    classes: tuple[str, ...]
    size: Floats
    value_eur: Floats
    whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs: ``quantity`` in units of the capability, due in equal parts over due … until."""

    ids: tuple[str, ...]
    capabilities: tuple[str, ...]
    node: Ints
    quantity: Floats
    due_week: Ints
    until_week: Ints
    priority: Floats


@dataclass(frozen=True, slots=True)
class Stocks:
    """Stocks: ``available[s, w]`` is what may have left by the end of week w (never falls).

    ``ever`` is quantity − floor + lots within the horizon, before any release condition.
    """

    ids: tuple[str, ...]
    donor: Ints
    item: Ints
    node: Ints
    quantity: Floats
    floor: Floats
    release_week: Ints
    releasable: NDArray[np.bool_]
    lots: tuple[tuple[tuple[int, float], ...], ...]
    available: Floats
    ever: Floats


@dataclass(frozen=True, slots=True)
class Package:
    """All or nothing: each stock ships exactly its quantity, or none ships anything."""

    id: str
    stocks: tuple[int, ...]
    quantities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """``joint``: ``count`` of ``others`` each ship ``share`` of all they have; ``with``: ratio."""

    stock: int
    kind: Literal["joint", "with"]
    others: tuple[int, ...]
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A validated planning problem; ``effects[capability, item]`` is the effect of one unit."""

    horizon_weeks: int
    start: str
    tiers: tuple[Tier, ...]
    tier_tolerance: float
    donors: Donors
    nodes: Nodes
    links: Links
    items: Items
    effects: dict[tuple[str, int], float]
    needs: Needs
    stocks: Stocks
    packages: tuple[Package, ...]
    conditions: tuple[Condition, ...]
    sha256: str

    @property
    def package_of(self) -> dict[int, int]:
        """Give the package of each stock that stands in one."""
        return {s: p for p, pack in enumerate(self.packages) for s in pack.stocks}

    def effect(self, need: int, item: int) -> float:
        """Give what one unit of the item gives towards the need (0: nothing)."""
        return self.effects.get((self.needs.capabilities[need], item), 0.0)

    def may_use(self, item: int) -> NDArray[np.bool_]:
        """Give which links the item may travel on: its class allowed, its measure known."""
        sized = ~np.isnan(self.items.size[item])[self.links.measure]
        allowed = np.array([self.items.classes[item] not in x for x in self.links.excluded], bool)
        return np.asarray(sized & allowed, dtype=np.bool_)

    def due_by(self, need: int) -> Floats:
        """Give what is due through the end of each week, shape (horizon_weeks,)."""
        due, until = int(self.needs.due_week[need]), int(self.needs.until_week[need])
        weeks = np.arange(self.horizon_weeks)
        parts = np.clip(weeks - due + 1, 0, until - due + 1) / (until - due + 1)
        return np.asarray(parts * self.needs.quantity[need], dtype=np.float64)


def available_by_week(
    horizon_weeks: int,
    free: float,
    release_week: int,
    lots: tuple[tuple[int, float], ...],
    *,
    releasable: bool = True,
) -> Floats:
    """Give what may have left by the end of each week, shape (horizon_weeks,).

    ``free`` is quantity − floor, there from ``release_week`` on; a lot counts from its own week.
    Below zero counts as nothing. As what has left never falls, a later drop (a floor above the
    quantity that comes into force) already binds before.

    >>> available_by_week(4, 5.0, 1, ((2, 3.0),)).tolist()
    [0.0, 5.0, 8.0, 8.0]
    >>> available_by_week(3, -2.0, 1, ((0, 3.0),)).tolist()
    [1.0, 1.0, 1.0]
    """
    if not releasable:
        return np.zeros(horizon_weeks)
    new: Floats = np.zeros(horizon_weeks)
    if release_week < horizon_weeks:
        new[release_week] += free
    for week, quantity in lots:
        if week < horizon_weeks:
            new[week] += quantity
    reached = np.minimum.accumulate(np.cumsum(new)[::-1])[::-1]
    return np.asarray(np.maximum(reached, 0.0), dtype=np.float64)


def frozen(values: Any, kind: type) -> NDArray[Any]:
    """Give a read-only array, so that a Problem cannot be changed by accident."""
    array: NDArray[Any] = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array
