"""The exact choice at a budget: one choice per family, least holes, cost within the budget.

Dynamic programming over families on the list of undominated (cost, holes) states, cut by the
Lagrangian bound (multiple-choice knapsack; Kellerer, Pferschy and Pisinger 2004, chapter 11).
"""

from __future__ import annotations

import numpy as np

from intendance.sustain.network import Floats, Ints

Choice = list[int]


def solve_exactly(
    costs: list[Floats], values: list[Floats], budget: float, known: float, states_limit: int
) -> Choice | None:
    """Give the best choice of each family, or nothing when more states than allowed are needed.

    ``known`` is the value of some choice within the budget. Costs and values are (choices,) by
    family; each family has a choice of cost zero.

    >>> import numpy as np
    >>> cost, gain = np.array([0.0, 2.0, 4.0]), np.array([5.0, 3.0, 0.5])
    >>> solve_exactly([cost, cost], [gain, gain], 4.0, 10.0, 100)
    [0, 2]
    """
    slack = 1e-9 * max(1.0, budget)
    price = _best_price(costs, values, budget)
    rest = np.zeros(len(costs) + 1)
    for at in range(len(costs) - 1, -1, -1):
        rest[at] = rest[at + 1] + float(np.min(values[at] + price * costs[at]))
    cost, value = np.zeros(1), np.zeros(1)
    trail: list[tuple[Ints, Ints]] = []
    for at in range(len(costs)):
        all_cost = (cost[:, None] + costs[at][None, :]).ravel()
        all_value = (value[:, None] + values[at][None, :]).ravel()
        bound = all_value + rest[at + 1] - price * np.maximum(0.0, budget - all_cost)
        good = np.flatnonzero((all_cost <= budget + slack) & (bound <= known * (1 + 1e-12) + 1e-12))
        order = good[np.lexsort((all_value[good], all_cost[good]))]
        if order.size == 0:
            return None
        lowest = np.minimum.accumulate(all_value[order])
        keep = order[np.concatenate([[True], lowest[1:] < lowest[:-1]])]
        if keep.size > states_limit:
            return None
        trail.append((keep // costs[at].size, keep % costs[at].size))
        cost, value = all_cost[keep], all_value[keep]
    state = int(np.argmin(value))
    choice: Choice = []
    for before, taken in reversed(trail):
        choice.append(int(taken[state]))
        state = int(before[state])
    return choice[::-1]


def _best_price(costs: list[Floats], values: list[Floats], budget: float) -> float:
    """Find the price of money at which the cheapest choices just fit the budget."""
    low, high = 0.0, 1.0

    def spent(price: float) -> float:
        return sum(
            float(cost[int(np.argmin(value + price * cost))])
            for cost, value in zip(costs, values, strict=True)
        )

    while spent(high) > budget and high < 1e12:
        high *= 4.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        if spent(middle) > budget:
            low = middle
        else:
            high = middle
    return high
