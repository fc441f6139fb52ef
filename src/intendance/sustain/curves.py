"""Compiled curves of one item: the fewest holes in systems for every number of units.

An item at a parent and its children is solved by trying every level at the parent; given that
level the children are independent and their holes convex in their level, so giving unit after
unit to the child that gains most is exact (Sherbrooke 1968; marginal analysis, Fox 1966).
"""

from __future__ import annotations

import math

import numpy as np

from intendance.sustain.backorders import NEARLY_POISSON, partial_moments
from intendance.sustain.compiled import compiled, inner
from intendance.sustain.network import Floats, Ints

SMALL_MEAN = 500.0
SIGMAS = 5.0


@inner
def highest_level(mean: float, variance: float) -> int:
    """Give a level above which further stock gains practically nothing."""
    return math.ceil(mean + SIGMAS * math.sqrt(variance) + 3.0) if mean > 0.0 else 0


@inner
def loss_table(mean: float, variance: float, first: Floats, square: Floats) -> None:
    """Fill E[(X - s)+] and E[((X - s)+)^2] for s = 0, 1, ... by their recurrences."""
    ratio = max(1.0, variance / mean) if mean > 0.0 else 1.0
    if ratio - 1.0 < NEARLY_POISSON:
        ratio = 1.0
    if mean > SMALL_MEAN:
        for level in range(first.size):
            first[level], square[level] = partial_moments(float(level), mean, ratio)
        return
    over = ratio - 1.0
    weight = math.exp(-mean) if over == 0.0 else math.exp(-mean / over * math.log(ratio))
    above = 1.0
    one = mean
    two = variance + mean * mean
    for level in range(first.size):
        first[level] = max(0.0, one)
        square[level] = max(0.0, two)
        above -= weight  # P(X > level)
        two -= 2.0 * one - max(0.0, above)
        one -= max(0.0, above)
        weight *= (mean + level * over) / (ratio * (level + 1.0))


@inner
def child_pipelines(
    own: Floats, upward: Floats, demand: float, waiting: float, variance: float, out: Floats
) -> None:
    """Fill mean and variance of each child's pipeline for backorders at the parent."""
    for child in range(own.size):
        share = upward[child] / demand if demand > 0.0 else 0.0
        out[child, 0] = own[child] + share * waiting
        out[child, 1] = own[child] + share * (1.0 - share) * waiting + share * share * variance


@inner
def give_out(tables: Floats, sizes: Ints, weights: Floats, given: Ints) -> int:
    """Give the next unit to the child that gains most; give its number, or -1 when none does."""
    best = -1
    most = 0.0
    for child in range(sizes.size):
        level = given[child]
        if level + 1 < sizes[child]:
            gain = weights[child] * (tables[child, level] - tables[child, level + 1])
            if gain > most:
                most = gain
                best = child
    return best


@inner
def child_tables(pipes: Floats, tables: Floats, sizes: Ints, square: Floats) -> None:
    """Fill the table of expected backorders of each child by its level."""
    for child in range(sizes.size):
        size = min(tables.shape[1], 1 + highest_level(pipes[child, 0], pipes[child, 1]))
        sizes[child] = size
        loss_table(pipes[child, 0], pipes[child, 1], tables[child, :size], square[:size])


@compiled
def item_curve(
    own: Floats, upward: Floats, demand: float, weights: Floats, value: Floats, best: Ints
) -> int:
    """Fill the fewest holes for 0, 1, ... units of an item and the parent's level that gives them.

    Row 0 of ``own``, ``upward`` and ``weights`` is the parent, the others its children.
    ``weights`` are the shares of each backorder that are holes. Gives the number of entries.
    """
    top = 1 + highest_level(own[0], own[0])
    first = np.zeros(top)
    square = np.zeros(top)
    loss_table(own[0], own[0], first, square)
    children = own.size - 1
    pipes = np.zeros((children, 2))
    child_pipelines(own[1:], upward[1:], demand, first[0], square[0] - first[0] ** 2, pipes)
    widest = 1
    for child in range(children):
        widest = max(widest, 1 + highest_level(pipes[child, 0], pipes[child, 1]))
    tables = np.zeros((children, widest))
    sizes = np.zeros(children, np.int64)
    given = np.zeros(children, np.int64)
    room = np.zeros(widest)
    value[:] = np.inf
    last = 0
    for level in range(top):
        variance = max(0.0, square[level] - first[level] ** 2)
        child_pipelines(own[1:], upward[1:], demand, first[level], variance, pipes)
        child_tables(pipes, tables, sizes, room)
        holes = weights[0] * first[level]
        for child in range(children):
            holes += weights[child + 1] * tables[child, 0]
        given[:] = 0
        units = level
        while units < value.size:
            if holes < value[units] - 1e-15:
                value[units] = holes
                best[units] = level
            last = max(last, units)
            child = give_out(tables, sizes, weights[1:], given)
            if child < 0:
                break
            holes -= weights[child + 1] * (
                tables[child, given[child]] - tables[child, given[child] + 1]
            )
            given[child] += 1
            units += 1
        if weights[0] == 0.0 and first[level] < 1e-9:
            break
    return last + 1


@compiled
def lay_levels(
    own: Floats,
    upward: Floats,
    demand: float,
    weights: Floats,
    wanted: Ints,
    best: Ints,
    levels: Ints,
    holes: Floats,
) -> None:
    """Fill levels and backorders by site for each wanted number of units (rising)."""
    top = 1 + highest_level(own[0], own[0])
    first = np.zeros(top)
    square = np.zeros(top)
    loss_table(own[0], own[0], first, square)
    children = own.size - 1
    pipes = np.zeros((children, 2))
    child_pipelines(own[1:], upward[1:], demand, first[0], square[0] - first[0] ** 2, pipes)
    widest = 1
    for child in range(children):
        widest = max(widest, 1 + highest_level(pipes[child, 0], pipes[child, 1]))
    tables = np.zeros((children, widest))
    sizes = np.zeros(children, np.int64)
    given = np.zeros(children, np.int64)
    room = np.zeros(widest)
    current = -1
    units = 0
    for row in range(wanted.size):
        level = best[wanted[row]]
        if level != current:
            current = level
            variance = max(0.0, square[level] - first[level] ** 2)
            child_pipelines(own[1:], upward[1:], demand, first[level], variance, pipes)
            child_tables(pipes, tables, sizes, room)
            given[:] = 0
            units = level
        while units < wanted[row]:
            child = give_out(tables, sizes, weights[1:], given)
            if child < 0:
                break
            given[child] += 1
            units += 1
        levels[row, 0] = level
        holes[row, 0] = first[level]
        for child in range(children):
            levels[row, child + 1] = given[child]
            holes[row, child + 1] = tables[child, given[child]]


@compiled
def lower_hull(cost: Floats, value: Floats, kept: Ints) -> int:
    """Keep the corners of the lower convex hull that fall; cost must rise. Gives their number."""
    count = 0
    for at in range(cost.size):
        if count and value[at] >= value[kept[count - 1]]:
            continue
        while count >= 2:
            a, b = kept[count - 2], kept[count - 1]
            left = (value[b] - value[a]) * (cost[at] - cost[b])
            right = (value[at] - value[b]) * (cost[b] - cost[a])
            if left < right:
                break
            count -= 1
        kept[count] = at
        count += 1
    return count
