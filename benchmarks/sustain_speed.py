"""Speed: events per second against plain loops, forecast, frontier, growth, workers, cluster.

The bare loops take an event from a heap, draw when the next is due, and put it back: in Python
and compiled. The same model in SimPy is in ``sustain_simpy``, growth in ``sustain_growth``.
"""

from __future__ import annotations

import heapq
import math
import random
import time

import numpy as np
from benchmarks.figures import Figures, best_seconds, figure
from benchmarks.sustain_models import grid, one_item

from intendance.sustain.compiled import compiled
from intendance.sustain.forecast import forecast
from intendance.sustain.frontier import solve_frontier
from intendance.sustain.read import read_model
from intendance.sustain.samples import find_sample
from intendance.sustain.simulation import Wish, simulate


def python_heap(events: int, waiting: int) -> float:
    """Give events per second of a bare heap-and-random loop in Python."""
    luck = random.Random(1)
    due = [luck.expovariate(1.0) for _ in range(waiting)]
    heapq.heapify(due)
    begin = time.process_time()
    for _ in range(events):
        heapq.heapreplace(due, due[0] + luck.expovariate(1.0))
    return events / (time.process_time() - begin)


@compiled
def churn(events: int, waiting: int) -> float:
    """Pop and push a compiled heap with one exponential draw an event."""
    due = np.zeros(waiting)
    for at in range(waiting):
        due[at] = 0.001 * at
    for _ in range(events):
        now = due[0] - math.log(1.0 - np.random.random())  # noqa: NPY002 - numba's own
        at = 0
        while True:
            below = 2 * at + 1
            if below >= waiting:
                break
            if below + 1 < waiting and due[below + 1] < due[below]:
                below += 1
            if due[below] >= now:
                break
            due[at] = due[below]
            at = below
        due[at] = now
    return float(due[0])


def compiled_heap(events: int, waiting: int) -> float:
    """Give events per second of the bare loop, compiled."""
    churn(10, waiting)
    begin = time.process_time()
    churn(events, waiting)
    return events / (time.process_time() - begin)


def simulation_speed(fleet: int = 1000, days: int = 2000, futures: int = 40) -> float:
    """Give events per second of the simulation of one item in a large fleet."""
    model = one_item(fleet, level=fleet // 4)
    simulate(model, Wish(2, 1))
    begin = time.process_time()
    result = simulate(model, Wish(days, futures))
    return result.events / (time.process_time() - begin)


def bench_events() -> Figures:
    """Compare the simulation's events with bare loops, by processor time."""
    ours, bare = simulation_speed(), compiled_heap(5_000_000, 250)
    plain = python_heap(400_000, 250)
    return {
        "simulation": figure(ours, "events/s"),
        "bare_compiled_loop": figure(bare, "events/s"),
        "bare_python_loop": figure(plain, "events/s"),
        "times_a_bare_compiled_event": figure(bare / ours, "x", at_most=1.5),
    }


def bench_forecast() -> Figures:
    """Time a closed-loop forecast of 180 days of each sample."""
    found: Figures = {}
    for name in ("artillery", "winter"):
        model = read_model(find_sample(name))
        forecast(model, 180)
        seconds = best_seconds(lambda model=model: forecast(model, 180))  # type: ignore[misc]
        found[name] = figure(1000 * seconds, "ms", at_most=10)
    return found


def bench_frontier() -> Figures:
    """Time the frontier of 1,000 items at ten sites, and its distance to the bound."""
    model = grid(1000, 9, 30)
    gap = solve_frontier(model, 5e6).bound_gap
    return {
        "seconds": figure(best_seconds(lambda: solve_frontier(model, 5e6)), "s", at_most=0.3),
        "bound_gap": figure(100 * gap, "%", at_most=0.01),
    }


def bench_million_futures(futures: int = 1_000_000) -> Figures:
    """Run many futures of a sample on one core, on two, and on a local Dask cluster."""
    from distributed import LocalCluster

    model = read_model(find_sample("winter"))
    wish = Wish(30, futures, seed=1)
    simulate(model, Wish(2, 1))
    found: Figures = {"futures": futures, "days": wish.days, "seed": wish.seed}
    for workers in (1, 2):
        result = simulate(model, wish, workers=workers)
        found[f"cores_{workers}"] = figure(result.seconds, "s")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        again = simulate(model, wish, cluster=cluster.scheduler_address)
    assert again.long_run == result.long_run, "the cluster gives other figures"
    found["dask_cluster_of_2"] = figure(again.seconds, "s")
    found["overhead_of_dask"] = figure(100 * (again.seconds / result.seconds - 1), "%")
    return found
