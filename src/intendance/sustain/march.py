"""The compiled march of the forecast: state, crews, one step of demand, and so on to the end."""

from __future__ import annotations

import math

import numpy as np

from intendance.sustain.backorders import partial_moments
from intendance.sustain.compiled import compiled, lean
from intendance.sustain.flow import (
    Course,
    Steps,
    fill_pipeline,
    find_front,
    share_of,
    spread_demand,
)
from intendance.sustain.network import Floats
from intendance.sustain.plant import Plant
from intendance.sustain.shapes import fit, spread

SURE = 1.0 - 1e-10


@lean
def weigh_nodes(plant: Plant, course: Course, steps: Steps, step: int) -> None:
    """Set pipelines, backorders and holes at a step, parents and subparts first."""
    for node in range(plant.parent.size):
        over = fill_pipeline(plant, course, steps, node, step)
        mean = course.pipeline[node]
        course.over[node] = over
        level = course.level[node]
        slope = 0.0
        table = course.none
        each = 1.0
        if steps.closed:
            for at in range(course.part_first[node], course.part_first[node + 1]):
                part = course.part_at[at]
                group = plant.part_group[part]
                if steps.full:
                    table = course.table[part]
                    each = plant.part_count[part] / max(1e-9, course.part_share[part])
                    continue
                left = course.present[group] - course.waiting[group] + course.hole[part]
                slope += course.part_share[part] ** 2 / max(1e-6, left)
        if mean <= 1e-12:
            first = 0.0
            square = 0.0
        elif (slope <= 0.0 and table.size == 0) or (
            mean + 9.0 * math.sqrt(mean + over) + 6.0 < level
        ):
            first, square = partial_moments(level, mean, 1.0 + over / mean)
        else:
            course.tilt[node] = fit(
                mean, over / mean, level, slope, table, each, course.tilt[node], course.sums
            )
            first, square = course.sums[3], course.sums[4]
        course.backlog[node, step] = first
        course.backlog_square[node, step] = square
        find_front(course, node, step)
        for at in range(course.part_first[node], course.part_first[node + 1]):
            part = course.part_at[at]
            course.part_share[part] = share_of(course, node, course.claimed, part, step, 1.0)
            course.hole[part] = course.part_share[part] * first
            if steps.full:
                fill = plant.part_count[part] / max(1e-9, course.part_share[part])
                ratio = over / mean if mean > 0.0 else 0.0
                tilt = course.tilt[node] if table.size > 0 else 1.0
                spread(mean, ratio, level, 0.0, table, fill, tilt, course.reach[part])


@lean
def most_waiting(plant: Plant, course: Course, group: int) -> float:
    """Give the mean systems that wait when holes are moved together; renew the tables."""
    first, last = plant.part_start[group], plant.part_start[group + 1]
    count = course.present[group]
    cap = min(math.ceil(count), course.reach.shape[1] - 1)
    size = 0
    while size < cap:
        sure = True
        for part in range(first, last):
            sure = sure and course.reach[part, size] >= SURE
        if sure:
            break
        size += 1
    ready = count - size
    for d in range(size):
        chance = 1.0
        for part in range(first, last):
            chance *= course.reach[part, d]
        ready += chance
    for part in range(first, last):
        left = max(0.0, count - size)
        for d in range(course.table.shape[1] - 1, size - 1, -1):
            course.table[part, d] = max(0.0, count - d)
        for d in range(size - 1, -1, -1):
            chance = 1.0
            for other in range(first, last):
                if other != part:
                    chance *= course.reach[other, d]
            left += chance
            course.table[part, d] = left
        whole = max(1e-9, course.table[part, 0])
        for d in range(course.table.shape[1]):
            course.table[part, d] /= whole
    return float(min(count, max(0.0, count - ready)))


@lean
def count_waiting(plant: Plant, course: Course, steps: Steps, group: int) -> float:
    """Give the mean number of a group's systems that wait for parts."""
    count = course.present[group]
    if steps.full:
        return most_waiting(plant, course, group)
    if steps.closed:
        total = 0.0
        for part in range(plant.part_start[group], plant.part_start[group + 1]):
            total += course.hole[part]
        return float(min(count, total))
    share = 1.0
    for part in range(plant.part_start[group], plant.part_start[group + 1]):
        slots = count * plant.part_count[part]
        if slots <= 0.0:
            continue
        hole = course.hole[part]
        if hole > 0.05 * slots:
            # Demand of the open loop may outgrow the fleet; what is beyond it grounds nobody.
            node = plant.part_node[part]
            mean = course.pipeline[node]
            ratio = 1.0 + course.over[node] / mean
            beyond, _ = partial_moments(
                course.level[node] + math.floor(slots / max(1e-9, course.part_share[part])),
                mean,
                ratio,
            )
            hole -= beyond * course.part_share[part]
        share *= max(0.0, 1.0 - hole / slots) ** plant.part_count[part]
    return float(count * (1.0 - share))


@lean
def weigh_groups(
    plant: Plant, course: Course, steps: Steps, step: int, here: Floats, away: Floats
) -> None:
    """Set present, waiting and operating systems at a step."""
    for group in range(plant.clock.size):
        count = here[group]
        for cause in range(3):
            gone = course.lost_total[group, cause, step]
            back = plant.loss_back[group, cause]
            if not math.isnan(back):
                delay = back * steps.per_day
                at = step - delay
                if at > 0.0:
                    low = int(at)
                    part = at - low
                    past = course.lost_total[group, cause, low]
                    if part > 0.0:
                        past += part * (course.lost_total[group, cause, low + 1] - past)
                    gone -= past
            away[group, cause] = gone
            count -= gone
        course.present[group] = max(0.0, count)
        course.waiting[group] = count_waiting(plant, course, steps, group)
        crew = course.present[group]
        if steps.closed:
            crew -= course.waiting[group]
        course.crew[group] = crew


@lean
def step_on(
    plant: Plant, course: Course, steps: Steps, step: int, day: int, exposure: Floats
) -> None:
    """Let the crews fail, be lost and consume over one step (two-step Adams-Bashforth)."""
    length = 1.0 / steps.per_day
    course.gain[:] = 0.0
    for group in range(plant.clock.size):
        crew = max(0.0, 1.5 * course.crew[group] - 0.5 * course.crew_before[group])
        crew = min(crew, course.present[group]) * plant.tempo[day, group]
        course.crew_before[group] = course.crew[group]
        exposure[group] += crew * length
        for cause in range(3):
            course.lost_total[group, cause, step + 1] = (
                course.lost_total[group, cause, step]
                + plant.loss_rate[group, cause] * crew * length
            )
        for part in range(plant.part_start[group], plant.part_start[group + 1]):
            rate = plant.part_rate[part] * crew
            course.gain[plant.part_node[part]] += rate
            course.claimed[part, step + 1] = course.claimed[part, step] + rate * length
    spread_demand(plant, course, steps, step)


@compiled
def march(
    plant: Plant,
    course: Course,
    steps: Steps,
    days: int,
    series: Floats,
    holes: Floats,
    stocks: Floats,
    lasts: Floats,
    unmet: Floats,
) -> None:
    """Run the forecast; fill series (N + 1, g, 5), holes, stocks, daily use, unmet use, by day."""
    groups = plant.clock.size
    here = np.zeros(groups)
    away = np.zeros((groups, 3))
    exposure = np.zeros(groups)
    stock = np.zeros(plant.supply.shape[1])
    for day in range(days + 1):
        # Worked out, not set to 0: numba would compile all loops once more for that constant.
        step = max(0, day - 1) * steps.per_day
        # Loops, not slices: numba compiles each mix of slices for seconds.
        came = 0
        for group in range(groups):
            here[group] += plant.arrivals[day, group]
            came += plant.arrivals[day, group]
        for at in range(stock.size):
            stock[at] += plant.supply[day, at]
        for at in range(plant.spare_day.size):
            if plant.spare_day[at] == day:
                course.level[plant.spare_node[at]] += plant.spare_count[at]
        if day == 0:
            weigh_nodes(plant, course, steps, step)
        weigh_groups(plant, course, steps, step, here, away)
        if day == 0 or came > 0:
            for group in range(groups):
                course.crew_before[group] = course.crew[group]
        if day > 0:
            for _ in range(steps.per_day):
                step_on(plant, course, steps, step, day, exposure)
                step += 1
                weigh_nodes(plant, course, steps, step)
                weigh_groups(plant, course, steps, step, here, away)
            for use in range(plant.use_group.size):
                at = plant.use_stock[use]
                amount = plant.use_rate[use] * exposure[plant.use_group[use]]
                unmet[day, at] += max(0.0, amount - stock[at])
                stock[at] = max(0.0, stock[at] - amount)
            exposure[:] = 0.0
        for group in range(groups):
            series[day, group, 0] = course.present[group] - course.waiting[group]
            for cause in range(3):
                series[day, group, 1 + cause] = away[group, cause]
            series[day, group, 4] = course.waiting[group]
        for at in range(course.hole.size):
            holes[day, at] = course.hole[at]
        for at in range(stock.size):
            stocks[day, at] = stock[at]
        for use in range(plant.use_group.size):
            group = plant.use_group[use]
            rate = plant.use_rate[use] * plant.tempo[day + 1, group] * course.crew[group]
            lasts[day, plant.use_stock[use]] += rate
