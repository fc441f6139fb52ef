"""The compiled forecast: mean flows through the network, step by step, with exact delays.

Flows are kept as running totals, so a delay is a look back along a total. Mean flows are exact
once the expected backorders are; these come from the law of each pipeline (``shapes``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from intendance.sustain.backorders import partial_moments
from intendance.sustain.compiled import lean
from intendance.sustain.network import Floats, Ints
from intendance.sustain.plant import Plant


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
    taken: Floats
    """Repairs begun by a server, in a shop with few servers and a fixed time."""
    shop: Floats
    """(n,): units in an exponential or limited shop now."""
    shop_variance: Floats
    """(n,): their variance, where servers are few."""
    pipeline: Floats
    over: Floats
    """(n,): variance of the open-loop pipeline less its mean."""
    tilt: Floats
    asked: Floats
    """All demand at a node so far: from fleets, from children, for repairs."""
    claimed: Floats
    """(p, K + 1): the demand of each part so far."""
    front: Floats
    """(n,): the step at which the oldest demand that still waits was made (first come first)."""
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
    """(p,): the part's share of the backorders at its node."""
    reach: Floats
    """(p, D + 1): chance that a part's holes fit into d systems (full cannibalisation)."""
    table: Floats
    """(p, D + 1): share of the demand left when a part's holes take d systems."""
    part_at: Ints
    """Parts by node, from ``part_first[node]`` to ``part_first[node + 1]``."""
    part_first: Ints
    none: Floats
    """An empty array: no table of demand left."""
    good: Floats
    """(n,), work space: demand of a step whose units can be repaired."""
    gone: Floats
    """(n,), work space: demand of a step whose units are condemned."""
    gain: Floats
    """(n,), work space: fresh demand by node per day."""
    sums: Floats


class Steps(NamedTuple):
    """Step length and rules of a forecast."""

    per_day: int
    closed: bool
    full: bool


@lean
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


@lean
def find_front(course: Course, node: int, step: int) -> None:
    """Find when the demand was made that is served now, given the backorders at a step."""
    total = course.asked[node, step]
    target = total - max(course.backlog[node, step], 1e-9 * total)
    low, high = 0, step
    while high - low > 1:
        middle = (low + high) >> 1
        if course.asked[node, middle] <= target:
            low = middle
        else:
            high = middle
    gain = course.asked[node, high] - course.asked[node, low]
    part = (target - course.asked[node, low]) / gain if gain > 0.0 else 0.0
    course.front[node] = low + min(1.0, max(0.0, part))


@lean
def share_of(course: Course, node: int, claims: Floats, row: int, step: int, scale: float) -> float:
    """Give a customer's share of the backorders of a node: of the demand made since the front.

    ``scale`` times the running total ``claims[row]`` is what the customer has asked for.
    """
    since = step - course.front[node]
    whole = course.asked[node, step] - look_back(course.asked, node, step, since)
    if whole <= 0.0:
        return 0.0
    mine = scale * (claims[row, step] - look_back(claims, row, step, since))
    return float(min(1.0, max(0.0, mine / whole)))


@lean
def run_fixed_shop(plant: Plant, course: Course, steps: Steps, node: int, step: int) -> float:
    """Move a shop with few servers and a fixed repair time on; give what has been repaired."""
    course.taken[node, step] = course.taken[node, step - 1]
    done = look_back(course.taken, node, step, plant.repair_days[node] * steps.per_day)
    inside = max(0.0, course.started[node, step] - done)
    line, _ = partial_moments(float(plant.servers[node]), inside, 1.0)
    course.taken[node, step] = max(course.taken[node, step], done + inside - line)
    course.shop[node] = inside
    course.shop_variance[node] = inside
    return done


@lean
def run_shop(plant: Plant, course: Course, steps: Steps, node: int, step: int) -> float:
    """Move the repairs of a node on by one step; give what has been repaired so far.

    With few servers the number in service is W - E[(W - c)+], W with the mean and the variance
    that linear noise around the mean gives.
    """
    days = plant.repair_days[node]
    limited = plant.servers[node] >= 0
    if plant.repair_fixed[node] != 0 and not limited:
        return look_back(course.started, node, step, days * steps.per_day)
    if step == 0 or days <= 0.0:
        course.shop[node] = 0.0
        return float(course.started[node, step])
    if plant.repair_fixed[node] != 0:
        return run_fixed_shop(plant, course, steps, node, step)
    pace = 1.0 / days
    came = (course.started[node, step] - course.started[node, step - 1]) * steps.per_day
    if limited:
        mean = course.shop[node]
        idle = 1.0
        busy = mean
        if mean > 1e-9:
            servers = float(plant.servers[node])
            ratio = max(1.0, course.shop_variance[node] / mean)
            line, _ = partial_moments(servers, mean, ratio)
            above, _ = partial_moments(servers - 1.0, mean, ratio)
            idle = min(1.0, max(0.0, 1.0 - (above - line)))
            busy = min(mean - line, servers)
            pace *= busy / mean
        slow = 2.0 * idle / days
        keep = math.exp(-slow / steps.per_day)
        span = (1.0 - keep) / slow if slow > 1e-9 else 1.0 / steps.per_day
        course.shop_variance[node] *= keep
        course.shop_variance[node] += (came + busy / days) * span
    keep = math.exp(-pace / steps.per_day)
    course.shop[node] = course.shop[node] * keep + came * (1.0 - keep) / pace
    return float(course.started[node, step] - course.shop[node])


@lean
def fill_pipeline(plant: Plant, course: Course, steps: Steps, node: int, step: int) -> float:
    """Set the mean of a node's pipeline; give its variance less its mean in the open loop."""
    above = plant.parent[node]
    over = 0.0
    if above >= 0:
        share = share_of(course, above, course.ordered, node, step, 1.0)
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
        share = share_of(course, sub, course.mending, node, step, plant.need_share[at])
        first = course.backlog[sub, step]
        waits += share * first
        over += share * share * (course.backlog_square[sub, step] - first * first - first)
    course.started[node, step] = max(0.0, course.mending[node, step] - waits)
    done = run_shop(plant, course, steps, node, step)
    total = course.mending[node, step] - done + course.ordered[node, step] - arrived
    course.pipeline[node] = max(0.0, total)
    # In the closed loop a long line slows the demand that feeds it: no excess is taken there.
    if plant.servers[node] >= 0 and not steps.closed:
        over += course.shop_variance[node] - course.shop[node]
    return max(0.0, over)


@lean
def spread_demand(plant: Plant, course: Course, steps: Steps, step: int) -> None:
    """Pass one step's demand through the network: repairs, orders, subparts."""
    length = 1.0 / steps.per_day
    n = plant.parent.size
    fresh = course.gain
    good = course.good
    lost = course.gone
    good[:] = 0.0
    lost[:] = 0.0
    for node in range(n - 1, -1, -1):
        good[node] += fresh[node] * (1.0 - plant.condemned[node])
        lost[node] += fresh[node] * plant.condemned[node]
        here = good[node] * plant.repaired[node]
        for at in range(plant.need_start[node], plant.need_start[node + 1]):
            fresh[plant.need_subpart[at]] += here * plant.need_share[at]
        above = plant.parent[node]
        ordered = good[node] - here
        procured = lost[node]
        if above >= 0:
            good[above] += ordered
            lost[above] += lost[node]
            ordered += lost[node]
            procured = 0.0
        whole = (good[node] + lost[node]) * length
        course.asked[node, step + 1] = course.asked[node, step] + whole
        course.mending[node, step + 1] = course.mending[node, step] + here * length
        course.ordered[node, step + 1] = course.ordered[node, step] + ordered * length
        course.lost[node, step + 1] = course.lost[node, step] + procured * length
