"""A slow, plain discrete-event simulation of a model folder, written from the contract alone.

It shares nothing with the engines but the meaning of the files: it reads the CSV files itself,
keeps every unit and every system as an object of Python, and draws from Python's generator.
"""

from __future__ import annotations

import csv
import heapq
import math
import random
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path

CAUSES = ("destroyed", "damaged", "worn_out")
Pair = tuple[str, str]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a table; one that is absent has no rows."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(text: str, blank: float = 0.0) -> float:
    """Read a number; blank has a meaning of its own."""
    return float(text) if text else blank


class World:
    """One future, played event by event."""

    def __init__(self, folder: Path, seed: int, *, closed: bool = True) -> None:
        self.luck = random.Random(seed)
        self.closed = closed
        self.now = 0.0
        self.day = 0
        self.due: list[tuple[float, int, Callable[[], None]]] = []
        self.count = 0
        self.sites = {row["site"]: row for row in rows_of(folder, "sites")}
        self.units = {row["lru"]: row for row in rows_of(folder, "lrus")}
        self.repair = {(r["lru"], r["site"]): r for r in rows_of(folder, "repair")}
        self.parts, self.losses = rows_of(folder, "parts"), rows_of(folder, "attrition")
        self.subparts, self.fleets = rows_of(folder, "subparts"), rows_of(folder, "fleets")
        self.phases, self.uses = rows_of(folder, "tempo"), rows_of(folder, "consumption")
        self.supplies = rows_of(folder, "supplies")
        stock = rows_of(folder, "stock")
        self.shelf: dict[Pair, int] = defaultdict(int)
        self.shelf.update({(row["lru"], row["site"]): int(row["level"]) for row in stock})
        self.queue: dict[Pair, deque[Callable[[], None]]] = defaultdict(deque)
        self.busy: dict[Pair, int] = defaultdict(int)
        self.line: dict[Pair, deque[Callable[[], None]]] = defaultdict(deque)
        self.present: dict[Pair, int] = defaultdict(int)
        self.weight: dict[Pair, float] = defaultdict(float)
        self.holes: dict[Pair, int] = defaultdict(int)
        self.away: dict[tuple[str, str, str], int] = defaultdict(int)
        self.on_hand: dict[Pair, float] = defaultdict(float)
        self.exposure: dict[Pair, float] = defaultdict(float)

    def after(self, days: float, act: Callable[[], None]) -> None:
        """Let something happen later."""
        self.count += 1
        heapq.heappush(self.due, (self.now + days, self.count, act))

    def take(self, item: str, site: str, act: Callable[[], None]) -> None:
        """Take a unit off the shelf, or wait for one: who asks first is served first."""
        if self.shelf[item, site] > 0:
            self.shelf[item, site] -= 1
            act()
        else:
            self.queue[item, site].append(act)

    def put(self, item: str, site: str) -> None:
        """Hand a unit to who waits longest, or put it on the shelf."""
        if self.queue[item, site]:
            self.queue[item, site].popleft()()
        else:
            self.shelf[item, site] += 1

    def fail(self, item: str, site: str) -> None:
        """Send a failed unit through repair or to the parent."""
        lost = self.luck.random() < number(self.units[item].get("condemned_share", ""))
        self.pass_on(item, site, lost=lost)

    def pass_on(self, item: str, site: str, *, lost: bool) -> None:
        """Repair here, or send up and order a good one from there."""
        row = self.repair.get((item, site))
        own = [sub for sub in self.subparts if sub["sru"] == item]
        if row is None and own and all(name != item for name, _ in self.repair):
            row = {"share": "1", "repair_days": own[0]["repair_days"], "distribution": "fixed"}
        if not lost and row and self.luck.random() < number(row["share"]):
            self.open_up(item, site, row)
            return
        parent = self.sites[site]["parent"]
        ship = number(self.sites[site]["ship_days"])
        if parent:
            order = lambda: self.after(ship, lambda: self.put(item, site))  # noqa: E731
            self.take(item, parent, order)
            self.pass_on(item, parent, lost=lost)
        else:
            days = number(self.units[item].get("procure_days", ""), ship) if lost else ship
            self.after(days, lambda: self.put(item, site))

    def open_up(self, item: str, site: str, row: dict[str, str]) -> None:
        """Wait for the subparts that this repair needs, then for a server, then repair."""
        subs = [sub for sub in self.subparts if sub["lru"] == item]
        missing = [1 + sum(0 for _ in subs)]

        def got() -> None:
            missing[0] -= 1
            if missing[0] == 0:
                self.serve(item, site, row)

        needed = [sub["sru"] for sub in subs if self.luck.random() < number(sub["share"])]
        missing[0] = 1 + len(needed)
        for sru in needed:
            self.take(sru, site, got)
            self.fail(sru, site)
        got()

    def serve(self, item: str, site: str, row: dict[str, str]) -> None:
        """Repair at a server, first come first served."""

        def end() -> None:
            self.busy[item, site] -= 1
            if self.line[item, site]:
                self.line[item, site].popleft()()
            self.put(item, site)

        def begin() -> None:
            self.busy[item, site] += 1
            days = number(row["repair_days"])
            fixed = row.get("distribution") == "fixed" or days == 0
            self.after(days if fixed else self.luck.expovariate(1.0 / days), end)

        servers = row.get("servers") or ""
        if servers and self.busy[item, site] >= int(servers):
            self.line[item, site].append(begin)
        else:
            begin()

    def crew(self, group: Pair) -> int:
        """Count the systems that run."""
        return max(0, self.present[group] - (self.holes[group] if self.closed else 0))

    def factor(self) -> float:
        """Give the tempo of the running day."""
        for row in self.phases:
            if int(row["from_day"]) <= self.day < number(row["to_day"], math.inf):
                return float(row["factor"])
        return 1.0

    def pace(self, group: Pair) -> float:
        """Give the mean tempo of a group on the running day."""
        return self.factor() * self.weight[group] / max(1, self.present_ever[group])

    def play(self, days: int) -> list[dict[str, float]]:
        """Give a snapshot of each day: states by "site system state", stocks by "site item"."""
        self.present_ever: dict[Pair, int] = defaultdict(int)
        seen = []
        for self.day in range(days + 1):
            self.morning()
            end = float(self.day)
            while self.day and self.step(end):
                pass
            self.evening()
            seen.append(self.snapshot())
        return seen

    def morning(self) -> None:
        """Let arrive what comes at the start of the day."""
        for row in self.fleets:
            if int(row.get("from_day") or 0) == self.day:
                group = (row["site"], row["system"])
                self.present[group] += int(row["quantity"])
                self.present_ever[group] += int(row["quantity"])
                self.weight[group] += int(row["quantity"]) * number(row.get("tempo", ""), 1.0)
        for row in self.supplies:
            if int(row["day"]) != self.day:
                continue
            if row["item"] in self.units:
                for _ in range(int(row["quantity"])):
                    self.put(row["item"], row["site"])
            else:
                self.on_hand[row["site"], row["item"]] += float(row["quantity"])

    def step(self, end: float) -> bool:
        """Play the next event before the end of the day; clocks are drawn anew after each."""
        rates: list[tuple[float, Callable[[], None]]] = []
        for group in list(self.present):
            run = self.crew(group) * self.pace(group)
            for part in self.parts:
                if part["system"] == group[1]:
                    rate = (
                        run
                        * number(part.get("per_system", ""), 1)
                        * float(part["removals_per_day"])
                    )
                    rates.append((rate, lambda g=group, p=part["lru"]: self.remove(g, p)))  # type: ignore[misc]
            for loss in self.losses:
                if loss["system"] == group[1]:
                    rate = run * float(loss["per_day"])
                    rates.append((rate, lambda g=group, row=loss: self.lose(g, row)))  # type: ignore[misc]
        total = sum(rate for rate, _ in rates)
        strike = self.now + self.luck.expovariate(total) if total > 0 else math.inf
        planned = self.due[0][0] if self.due else math.inf
        until = min(strike, planned, end)
        for group in list(self.present):
            self.exposure[group] += self.crew(group) * self.pace(group) * (until - self.now)
        self.now = until
        if planned <= until:
            heapq.heappop(self.due)[2]()
            return True
        if strike > until:
            return False
        pick = self.luck.random() * total
        for rate, act in rates:
            pick -= rate
            if pick < 0:
                act()
                break
        return True

    def remove(self, group: Pair, item: str) -> None:
        """Take a failed unit out of a system: a hole until a good one comes."""
        self.holes[group] += 1

        def fitted() -> None:
            self.holes[group] -= 1

        self.take(item, group[0], fitted)
        self.fail(item, group[0])

    def lose(self, group: Pair, row: dict[str, str]) -> None:
        """Lose a system, perhaps for a time."""
        self.present[group] -= 1
        self.away[(*group, row["cause"])] += 1
        if row["returns_after_days"]:

            def back() -> None:
                self.present[group] += 1
                self.away[(*group, row["cause"])] -= 1

            self.after(float(row["returns_after_days"]), back)

    def evening(self) -> None:
        """Use up what the day's running takes; Poisson by counting exponential gaps."""
        for use in self.uses:
            for group, run in self.exposure.items():
                if group[1] != use["system"]:
                    continue
                mean = run * float(use["per_day"])
                shape = number(use.get("distribution_shape", ""))
                if shape:
                    mean *= self.luck.gammavariate(shape, 1.0 / shape)
                amount, left = -1, mean
                while left >= 0:
                    left -= self.luck.expovariate(1.0)
                    amount += 1
                key = (group[0], use["item"])
                self.on_hand[key] = max(0.0, self.on_hand[key] - amount)
        self.exposure.clear()

    def snapshot(self) -> dict[str, float]:
        """Give the state at the end of the day."""
        found: dict[str, float] = {}
        for group in self.present_ever:
            waiting = min(self.holes[group], self.present[group])
            name = " ".join(group)
            found[f"{name} ready"] = self.present[group] - waiting
            found[f"{name} waiting"] = waiting
            for cause in CAUSES:
                found[f"{name} {cause}"] = self.away[(*group, cause)]
        for key, left in self.on_hand.items():
            found[" ".join(key)] = left
        return found


def mean_of(
    folder: Path, days: int, futures: int, *, closed: bool = True
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Give mean and standard error by day over futures."""
    runs = [World(folder, seed, closed=closed).play(days) for seed in range(futures)]
    means, errors = [], []
    for day in range(days + 1):
        mean, error = {}, {}
        for key in runs[-1][day]:
            values = [run[day].get(key, 0.0) for run in runs]
            mean[key] = sum(values) / futures
            spread = sum((value - mean[key]) ** 2 for value in values) / (futures - 1)
            error[key] = math.sqrt(spread / futures)
        means.append(mean)
        errors.append(error)
    return means, errors
