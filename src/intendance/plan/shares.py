"""Who carries what: each donor's part of all that is given beside its fair share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intendance.plan.check import measure
from intendance.plan.problem import Problem
from intendance.plan.result import Shipment


@dataclass(frozen=True, slots=True)
class Carried:
    """One donor: ``share`` is its fair share, ``part`` what it gives of all that is given.

    ``burden_eur`` is the value given per unit of share: equal for all when the load is fair.
    ``ratio`` is part over share; 1 is fair.
    """

    donor: str
    position: int
    share: float
    value_eur: float
    part: float
    burden_eur: float

    @property
    def ratio(self) -> float:
        """Give part over share."""
        return self.part / self.share


def carried(problem: Problem, shipments: Sequence[Shipment]) -> list[Carried]:
    """Give every donor's load, the heaviest relative to its share first."""
    burden = measure(problem, shipments)[2]
    share = problem.donors.share
    values = [float(b) * float(s) for b, s in zip(burden, share, strict=True)]
    total = sum(values)
    rows = [
        Carried(
            name,
            d,
            float(share[d]),
            values[d],
            values[d] / total if total else 0.0,
            float(burden[d]),
        )
        for d, name in enumerate(problem.donors.ids)
    ]
    return sorted(rows, key=lambda x: (-x.burden_eur, x.position))
