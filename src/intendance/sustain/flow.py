"""The compiled forecast: mean flows through the network, step by step, with exact delays.

Flows are kept as running totals, so a delay is a look back along a total. Mean flows are exact
once the expected backorders are; these come from the law of each pipeline (``shapes``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from intendance.sustain.compiled import inner
from intendance.sustain.network import Floats, Ints
from intendance.sustain.shop import Plant


class Course(NamedTuple):
    """The running totals and the state by step; node arrays (n, K + 1) unless said otherwise."""

    ordered: Floats
    """Ordered from the parent or, at the top, from the ample source (good units)."""
    lost: Floats
    """Condemned units that the top has to procure."""
    shipped: Floats
    mending: Floats
    started: Floats
    backlog: Floats
    backlog_square: Floats
    shop: Floats
    """(n,): units in an exponential or limited shop now."""
    shop_over: Floats
    """(n,): their variance less their mean."""
    pipeline: Floats
    tilt: Floats
    recent: Floats
    """(n,): demand smoothed over the time of a replenishment, to share backorders fairly."""
    recent_up: Floats
    recent_need: Floats
    """(q,)"""
    level: Floats
    """(n,): stock level with the spares that have arrived."""
    lost_total: Floats
    """(g, 3, K + 1): systems lost so far."""
    present: Floats
    waiting: Floats
    crew: Floats
    crew_before: Floats
    hole: Floats
    """(p,): mean holes by part."""
    part_share: Floats
    """(p,): the part's share of the demand at its node."""
    reach: Floats
    """(p, D + 1): chance that a part's holes fit into d systems (full cannibalisation)."""
    table: Floats
    """(p, D + 1): share of the demand left when a part's holes take d systems."""
    part_at: Ints
    """Parts by node, from ``part_first[node]`` to ``part_first[node + 1]``."""
    part_first: Ints
    gain: Floats
    """(n,), work space: fresh demand by node per day."""
    demand: Floats
    """(n,): all demand by node per day, in the last step."""
    sums: Floats


class Steps(NamedTuple):
    """Step length and rules of a forecast."""

    per_day: int
    closed: bool
    full: bool


@inner
def look_back(total: Floats, node: int, step: int, delay: float) -> float:
    """Give a running total ``delay`` steps ago, on the straight line between steps."""
    at = step - delay
    if at <= 0.0:
        return 0.0
    low = int(at)
    share = at - low
    if share <= 0.0:
        return float(total[node, low])
    return float(total[node, low] * (1.0 - share) + total[node, low + 1] * share)


@inner
def served(mean: float, servers: float, tilt: float, sums: Floats) -> float:
    """Give the mean number in service of a shop with ``mean`` units and few servers.

    The law is that of the M/M/c queue with the load that gives this mean.
    """
    if mean <= 0.0:
        sums[:] = 0.0
        return 0.0
    low, high = 0.0, servers
    load = min(max(tilt, 1e-9), servers * (1.0 - 1e-9))
    busy = load
    for _ in range(60):
        weight, norm, first, second, x = 1.0, 0.0, 0.0, 0.0, 0.0
        while x < servers:
            norm += weight
            first += weight * x
            second += weight * x * x
            x += 1.0
            weight *= load / x
        rho = load / servers
        tail = weight / (1.0 - rho)
        norm += tail
        first += tail * (servers + rho / (1.0 - rho))
        extra = rho / (1.0 - rho)
        second += tail * (servers * servers + 2.0 * servers * extra + extra * (1.0 + 2.0 * extra))
        mid = first / norm
        busy = load
        sums[0] = load
        sums[1] = second / norm - mid * mid
        if abs(mid - mean) <= 1e-7 * (1.0 + mean) or high - low < 1e-13 * servers:
            break
        if mid > mean:
            high = load
        else:
            low = load
        slope = sums[1] / load  # d mean / d load, exact for a one-parameter tilt
        load += (mean - mid) / max(slope, 1e-12)
        if not low < load < high:
            load = 0.5 * (low + high)
    return busy


@inner
def run_shop(plant: Plant, course: Course, steps: Steps, node: int, step: int) -> float:
    """Move the repairs of a node on by one step; give what has been repaired so far."""
    days = plant.repair_days[node]
    limited = plant.servers[node] >= 0
    if plant.repair_fixed[node] != 0 and not limited:
        return look_back(course.started, node, step, days * steps.per_day)
    if step == 0 or days <= 0.0:
        course.shop[node] = 0.0
        return float(course.started[node, step])
    pace = 1.0 / days
    if limited and course.shop[node] > 1e-9:
        servers = float(plant.servers[node])
        busy = served(course.shop[node], servers, course.shop_over[node], course.sums)
        course.shop_over[node] = course.sums[0]
        pace *= min(1.0, busy / course.shop[node])
    came = (course.started[node, step] - course.started[node, step - 1]) * steps.per_day
    keep = math.exp(-pace / steps.per_day)
    course.shop[node] = course.shop[node] * keep + came * (1.0 - keep) / pace
    return float(course.started[node, step] - course.shop[node])


@inner
def fill_pipeline(plant: Plant, course: Course, steps: Steps, node: int, step: int) -> float:
    """Set the mean of a node's pipeline; give its variance less its mean in the open loop."""
    above = plant.parent[node]
    over = 0.0
    if above >= 0:
        share = 0.0
        if course.recent[above] > 0.0:
            share = min(1.0, course.recent_up[node] / course.recent[above])
        mine = share * course.backlog[above, step]
        course.shipped[node, step] = max(0.0, course.ordered[node, step] - mine)
        delay = plant.ship_days[node] * steps.per_day
        arrived = look_back(course.shipped, node, step, delay)
        first = look_back(course.backlog, above, step, delay)
        square = look_back(course.backlog_square, above, step, delay)
        over += share * share * (square - first * first - first)
    else:
        arrived = look_back(course.ordered, node, step, plant.ship_days[node] * steps.per_day)
        arrived += look_back(course.lost, node, step, plant.procure_days[node] * steps.per_day)
        arrived -= course.lost[node, step]
    waits = 0.0
    for at in range(plant.need_start[node], plant.need_start[node + 1]):
        sub = plant.need_subpart[at]
        if course.recent[sub] > 0.0:
            share = min(1.0, course.recent_need[at] / course.recent[sub])
            first = course.backlog[sub, step]
            waits += share * first
            over += share * share * (course.backlog_square[sub, step] - first * first - first)
    course.started[node, step] = max(0.0, course.mending[node, step] - waits)
    done = run_shop(plant, course, steps, node, step)
    total = course.mending[node, step] - done + course.ordered[node, step] - arrived
    course.pipeline[node] = max(0.0, total)
    if plant.servers[node] >= 0 and course.shop[node] > 1e-9:
        served(course.shop[node], float(plant.servers[node]), course.shop_over[node], course.sums)
        over += course.sums[1] - course.shop[node]
    return max(0.0, over)


@inner
def spread_demand(plant: Plant, course: Course, steps: Steps, step: int, node_good: Floats) -> None:
    """Pass one step's demand through the network: repairs, orders, subparts."""
    length = 1.0 / steps.per_day
    n = plant.parent.size
    fresh = course.gain
    lost = np.zeros(n)
    demand = course.demand
    for node in range(n - 1, -1, -1):
        node_good[node] += fresh[node] * (1.0 - plant.condemned[node])
        lost[node] += fresh[node] * plant.condemned[node]
        here = node_good[node] * plant.repaired[node]
        up = node_good[node] - here
        demand[node] = node_good[node] + lost[node]
        for at in range(plant.need_start[node], plant.need_start[node + 1]):
            fresh[plant.need_subpart[at]] += here * plant.need_share[at]
        above = plant.parent[node]
        course.mending[node, step + 1] = course.mending[node, step] + here * length
        course.lost[node, step + 1] = course.lost[node, step]
        ordered = up
        if above >= 0:
            node_good[above] += up
            lost[above] += lost[node]
            ordered += lost[node]
        else:
            course.lost[node, step + 1] += lost[node] * length
        course.ordered[node, step + 1] = course.ordered[node, step] + ordered * length
        span = plant.repaired[node] * plant.repair_days[node]
        span += (1.0 - plant.repaired[node]) * plant.ship_days[node]
        keep = math.exp(-length / max(1.0, span)) if step > 0 else 0.0
        course.recent[node] = course.recent[node] * keep + demand[node] * (1.0 - keep)
    for node in range(n):
        above = plant.parent[node]
        up = demand[node] - node_good[node] * plant.repaired[node]
        span = 1.0
        if above >= 0:
            span = plant.repaired[above] * plant.repair_days[above]
            span += (1.0 - plant.repaired[above]) * plant.ship_days[above]
        keep = math.exp(-length / max(1.0, span)) if step > 0 else 0.0
        course.recent_up[node] = course.recent_up[node] * keep + up * (1.0 - keep)
        here = node_good[node] * plant.repaired[node]
        for at in range(plant.need_start[node], plant.need_start[node + 1]):
            sub = plant.need_subpart[at]
            span = plant.repaired[sub] * plant.repair_days[sub]
            span += (1.0 - plant.repaired[sub]) * plant.ship_days[sub]
            keep = math.exp(-length / max(1.0, span)) if step > 0 else 0.0
            need = here * plant.need_share[at]
            course.recent_need[at] = course.recent_need[at] * keep + need * (1.0 - keep)
