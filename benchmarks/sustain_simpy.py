"""The same one-item support system as an idiomatic SimPy model: a process for every system."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import simpy
from benchmarks.figures import Figures, figure
from benchmarks.sustain_models import one_item

from intendance.sustain.simulation import Wish, simulate

FLEET, LEVEL = 1000, 250
RATE_PER_DAY, REPAIR_DAYS = 0.05, 8.0


class Depot:
    """A shelf of spares, ample repair, and the tally of what happened."""

    def __init__(self, env: simpy.Environment, level: int, seed: int) -> None:
        self.env = env
        self.luck = random.Random(seed)
        self.shelf = simpy.Container(env, init=level)
        self.events = 0
        self.waiting = 0

    def machine(self) -> Iterator[Any]:
        """Run until the part fails, hand it in, wait for a spare, run again."""
        while True:
            yield self.env.timeout(self.luck.expovariate(RATE_PER_DAY))
            self.events += 1
            self.env.process(self.repair())
            self.waiting += 1
            yield self.shelf.get(1)
            self.waiting -= 1

    def repair(self) -> Iterator[Any]:
        """Mend one part and put it on the shelf."""
        yield self.env.timeout(self.luck.expovariate(1.0 / REPAIR_DAYS))
        self.events += 1
        yield self.shelf.put(1)


def simpy_run(days: int, seed: int = 1) -> tuple[float, float]:
    """Give events (failures and repairs) per second, and mean ready systems of the second half."""
    env = simpy.Environment()
    depot = Depot(env, LEVEL, seed)
    for _ in range(FLEET):
        env.process(depot.machine())
    ready = []
    begin = time.process_time()
    for day in range(1, days + 1):
        env.run(until=day)
        ready.append(FLEET - depot.waiting)
    seconds = time.process_time() - begin
    later = ready[days // 2 :]
    return depot.events / seconds, sum(later) / len(later)


def our_run(days: int, futures: int) -> tuple[float, float, float]:
    """Give our events per second of the same model, mean ready systems and its standard error."""
    model = one_item(FLEET, level=LEVEL)
    simulate(model, Wish(2, 1))
    begin = time.process_time()
    result = simulate(model, Wish(days, futures))
    seconds = time.process_time() - begin
    run = result.long_run[0]
    return result.events / seconds, run.mean_ready, run.std_error


def bench_simulation_against_simpy() -> Figures:
    """Compare events per second of the same model, and that both find the same readiness.

    Ours are timed as a user has them: from the model to the figures with their bands.
    """
    theirs = [simpy_run(120, seed) for seed in (1, 2, 3)]
    ours, ready, error = our_run(400, 400)
    simpy_ready = sum(each for _, each in theirs) / len(theirs)
    speed = max(each for each, _ in theirs)
    return {
        "simpy": simpy.__version__,
        "SimPy": figure(speed, "events/s"),
        "simulation": figure(ours, "events/s"),
        "times_as_fast": figure(ours / speed, "x", at_least=100),
        "SimPy, mean ready": figure(simpy_ready, f"of {FLEET}"),
        "simulation, mean ready": figure(ready, f"of {FLEET}"),
        "difference": figure(100 * abs(ready - simpy_ready) / FLEET, "% of fleet", at_most=1.0),
        "standard error of ours": figure(error, "systems"),
    }
