"""A plan as units by column of the pool: what it uses, what it leaves, its three figures.

Checking a large plan line by line takes seconds; local improvement changes hundreds of parts. It
works on arrays and lets the checker judge the sum now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intendance.plan.pool import Pool
from intendance.plan.problem import Floats, Ints, Problem
from intendance.plan.result import Figures, Shipment


@dataclass(slots=True)
class Point:
    """Units shipped by each column of the pool."""

    problem: Problem
    pool: Pool
    units: Floats

    @classmethod
    def of(cls, problem: Problem, pool: Pool, shipments: Sequence[Shipment]) -> Point:
        """Put shipments into the pool and give their units by column."""
        at, quantity = pool.of_shipments(shipments)
        units = np.zeros(len(pool))
        np.add.at(units, at, quantity)
        return cls(problem, pool, units)

    def shipments(self) -> list[Shipment]:
        """Give the plan's shipments."""
        return self.pool.shipments(self.units)

    def covered(self) -> Floats:
        """Give the share of its need that arrives for each week row of the needs."""
        net = self.pool.network
        rows = int(net.row_count.sum())
        got = np.bincount(self.pool.row, weights=self.units * self.pool.gain, minlength=rows)
        return np.asarray(got, np.float64)

    def free(self) -> Floats:
        """Give the capacity left at every key, never below zero."""
        return np.maximum(self.pool.limits() - self.pool.usage(self.units), 0.0)

    def left(self, stocks: Ints) -> Floats:
        """Give what some stocks may still send by the end of each week, shape (stocks, weeks)."""
        place = np.full(len(self.problem.stocks.ids), -1)
        place[stocks] = np.arange(len(stocks))
        mine = np.flatnonzero((self.units > 0) & (place[self.pool.stock] >= 0))
        out = np.zeros((len(stocks), self.problem.horizon_weeks))
        np.add.at(out, (place[self.pool.stock[mine]], self.pool.depart[mine]), self.units[mine])
        left = self.problem.stocks.available[stocks] - np.cumsum(out, axis=1)
        return np.asarray(np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1], np.float64)

    def given(self) -> Floats:
        """Give the value in EUR of what each donor ships, over the donor's share."""
        stocks, donors = self.problem.stocks, self.problem.donors
        value = self.problem.items.value_eur[stocks.item] / donors.share[stocks.donor]
        each = np.bincount(
            stocks.donor[self.pool.stock],
            weights=self.units * value[self.pool.stock],
            minlength=len(donors.ids),
        )
        return np.asarray(each, np.float64)

    def figures(self) -> Figures:
        """Give the three objectives as the master counts them.

        What comes late to a need already served counts as late, so that the shortfall is that of
        the checker or a little more.
        """
        problem, net = self.problem, self.pool.network
        needs = problem.needs
        if not len(needs.ids):
            return Figures(0.0, float(self.given().max(initial=0.0)), 0.0)
        lack = np.repeat(1.0 / net.row_count, net.row_count) - self.covered()
        ran = np.cumsum(lack)
        before = np.concatenate([[0.0], ran])[net.row_first]
        carried = np.maximum(0.0, ran - np.repeat(before, net.row_count))
        weeks = np.ones(len(lack))
        weeks[net.row_first + net.row_count - 1] = problem.horizon_weeks - needs.until_week
        weight = np.repeat(needs.priority, net.row_count) * weeks
        shortfall = float(weight @ carried + self.pool.late @ self.units)
        burden = float(self.given().max(initial=0.0))
        return Figures(shortfall, burden, float(self.pool.cost @ self.units))
