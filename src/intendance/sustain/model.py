"""The sustainment model: sites, systems, fleets, parts, rates and stocks, as read and checked.

Times are days, rates are per day, money is EUR. Records are frozen; a model is built by
``intendance.sustain.read.read_model`` and is consistent by then: every reference is known, the
sites form trees, every number is finite and within its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from intendance.model.finding import Finding

Cause = Literal["destroyed", "damaged", "worn_out"]
CAUSES: Final[tuple[Cause, ...]] = ("destroyed", "damaged", "worn_out")


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the support network; ``ship_days`` is the order-and-ship time from the parent."""

    site: str
    name: str
    parent: str
    ship_days: float


@dataclass(frozen=True, slots=True)
class System:
    """A type of equipment."""

    system: str
    name: str


@dataclass(frozen=True, slots=True)
class Fleet:
    """Systems that operate at a site from the start of a day on; tempo scales every rate."""

    site: str
    system: str
    quantity: int
    tempo: float
    from_day: int


@dataclass(frozen=True, slots=True)
class Part:
    """A line-replaceable unit in a system; removals per installed unit and operating day."""

    system: str
    lru: str
    per_system: int
    removals_per_day: float


@dataclass(frozen=True, slots=True)
class Subpart:
    """A shop-replaceable unit: the share of repairs of ``lru`` that need one ``sru``."""

    lru: str
    sru: str
    share: float
    repair_days: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A spare that can be stocked (LRU or SRU); ``cost_eur`` or ``procure_days`` may be unknown."""

    lru: str
    name: str
    cost_eur: float | None
    condemned_share: float
    procure_days: float | None


@dataclass(frozen=True, slots=True)
class Repair:
    """Of the failures that reach a site, the share repaired there; no servers means ample."""

    lru: str
    site: str
    share: float
    repair_days: float
    fixed: bool
    servers: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """The level s of an (s - 1, s) policy."""

    lru: str
    site: str
    level: int


@dataclass(frozen=True, slots=True)
class Attrition:
    """Losses per operating system and day; some come back after a fixed time."""

    system: str
    cause: Cause
    per_day: float
    returns_after_days: float | None


@dataclass(frozen=True, slots=True)
class Consumption:
    """Level of effort per operating system and day; gamma-Poisson where a shape is given."""

    system: str
    item: str
    per_day: float
    distribution_shape: float | None


@dataclass(frozen=True, slots=True)
class Supply:
    """What is on hand at the start (day 0) and what arrives on later days."""

    item: str
    site: str
    day: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Phase:
    """A surge or a lull: ``from_day`` inclusive, ``to_day`` exclusive (none: no end)."""

    from_day: int
    to_day: int | None
    factor: float


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many of a system must be ready at a site on the days of ``[from_day, to_day)``."""

    system: str
    site: str
    from_day: int
    to_day: int | None
    quantity: float

    def days(self, horizon_days: int) -> range:
        """Give the days on which the requirement stands; equal ends mean that one day."""
        end = horizon_days + 1 if self.to_day is None else max(self.to_day, self.from_day + 1)
        return range(min(self.from_day, horizon_days + 1), min(end, horizon_days + 1))


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the three engines need, in the order of the files."""

    sites: tuple[Site, ...]
    systems: tuple[System, ...]
    fleets: tuple[Fleet, ...]
    parts: tuple[Part, ...] = ()
    subparts: tuple[Subpart, ...] = ()
    units: tuple[Unit, ...] = ()
    repairs: tuple[Repair, ...] = ()
    stocks: tuple[Stock, ...] = ()
    attrition: tuple[Attrition, ...] = ()
    consumption: tuple[Consumption, ...] = ()
    supplies: tuple[Supply, ...] = ()
    phases: tuple[Phase, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    findings: tuple[Finding, ...] = ()

    def factor(self, day: int) -> float:
        """Give the tempo factor of a day; outside every phase it is 1.

        >>> Model((), (), (), phases=(Phase(3, 5, 2.0),)).factor(4)
        2.0
        """
        for phase in self.phases:
            if phase.from_day <= day and (phase.to_day is None or day < phase.to_day):
                return phase.factor
        return 1.0
