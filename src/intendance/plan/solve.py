"""From a problem to a plan: greedy start, column generation, decisions, tiers, a final check."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from intendance.plan.branch import branch
from intendance.plan.dive import dive
from intendance.plan.exact import MAX_LISTED, Listing, list_columns, solve_listed
from intendance.plan.generation import VERTEX_ROWS, Progress, Search
from intendance.plan.greedy import fill_up, restricted_stocks
from intendance.plan.held import Held, solve_held
from intendance.plan.marginal import Limit, bottlenecks, tell
from intendance.plan.master import Master
from intendance.plan.neighbourhood import improve
from intendance.plan.network import Network, build_network
from intendance.plan.pool import Pool
from intendance.plan.pricing import Pricer
from intendance.plan.problem import Problem, Tier
from intendance.plan.repair import Found, fit, mend, merge
from intendance.plan.result import Figures, Plan
from intendance.plan.rounding import round_master, units_within_limits
from intendance.plan.stop import Stop, Stopped
from intendance.plan.tiers import start_tier

EXACT: Final = 1e-9
MAX_POOLED: Final = 3000  # columns over which whole units are solved for at once
POOLED_NODES: Final = 800


@dataclass(slots=True)
class Run:
    """One run: the best checked plan so far, the bound, the search, the time of each step."""

    problem: Problem
    network: Network
    stop: Stop
    gap: float
    seed: int
    best: Found
    progress: Progress | None = None
    search: Search | None = None
    optimal: bool = False
    marks: dict[str, float] = field(default_factory=dict)
    dear: list[tuple[Limit, float]] = field(default_factory=list)
    listing: Listing | None = None
    proven: float = 0.0  # what holds whatever the search finds

    @property
    def bound(self) -> float:
        """Give the proven lower bound on the shortfall of whole units and packages."""
        return max(self.proven, self.search.bound) if self.search else self.proven

    def keep(self, found: Found | None, tier: str) -> None:
        """Take a plan over when it is better."""
        if found is not None and getattr(found[2], tier) < getattr(self.best[2], tier):
            self.best = found


def solve(
    problem: Problem,
    *,
    gap: float = 0.001,
    stop: Stop | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    words: Callable[[str], str] = str,
) -> Plan:
    """Give the best plan found; always one that ``check`` accepts.

    ``gap`` is the relative distance to the bound at which the search for the first tier ends.
    """
    stop = stop or Stop()
    began = time.monotonic()
    network = build_network(problem)
    nothing = mend(problem, network, [], fill=False)
    assert nothing is not None, "shipping nothing keeps every rule"
    run = Run(problem, network, stop, gap, seed, nothing, progress)
    try:
        if network.pairs and not stop.interrupted:
            # Even when the limit has passed already some needs are served: nothing is no plan.
            held = solve_held(problem, network, stop)
            run.proven = held.bound
            run.keep(_first(run, held), "shortfall")
            run.marks["build"] = time.monotonic() - began
            stop.guard()
            _relax(run, held)
            if run.search is not None and run.search.master.exact:
                _price_limits(run)
            _decide(run)
            _later_tiers(run)
    except (Stopped, ValueError):
        pass  # in time, or the solver gave up on figures too far apart: the best so far stands
    if not network.pairs:
        run.proven, run.optimal = nothing[2].shortfall, True
    return _plan(run, began, words)


def has_decisions(problem: Problem, network: Network) -> bool:
    """Say whether anything is whole or all-or-nothing; otherwise the relaxation is the plan."""
    joint = any(c.kind == "joint" and c.count > 0 for c in problem.conditions)
    whole = bool(network.whole[network.pair_item].any()) if network.pairs else False
    return joint or whole or bool(problem.packages)


def _relax(run: Run, held: Held) -> None:
    """Column generation for the shortfall; leaves a vertex of the relaxation and a bound."""
    problem, network = run.problem, run.network
    pool = Pool(problem, network)
    decided = has_decisions(problem, network)
    master = Master(problem, pool, run.stop.within(0.6) if decided else run.stop, run.seed)
    run.search = Search(master, Pricer(problem, network), progress=run.progress)
    if master.rows > VERTEX_ROWS:
        run.search.begin(held.need, held.stock)
    at, quantity = pool.of_shipments(run.best[0])
    master.add_columns(np.arange(len(master.shipped), len(pool)))
    units = np.zeros(len(pool))
    np.add.at(units, at, quantity)
    master.add_capacity(np.flatnonzero(pool.usage(units) >= pool.limits() * 0.999))
    if not decided:
        run.search.large_goal = run.gap / 4
    goal = min(EXACT, run.gap) if not decided else min(1e-4, run.gap / 4)
    try:
        run.search.run(goal if master.rows > 2000 else EXACT)
    except Stopped:
        if run.stop.now():
            raise
    finally:
        if len(master.x) and run.search.rounds:
            units = master.units() if master.exact else units_within_limits(master)
            rough = pool.shipments(units)
            found = mend(problem, network, rough, stop=run.stop)
            if found is None:
                found = mend(problem, network, fit(problem, network, rough), stop=run.stop)
            run.keep(found, "shortfall")
    master.stop = run.stop


def _first(run: Run, held: Held) -> Found | None:
    """Fill by what each need would get if nothing limited transport, then by what is left."""
    problem, network = run.problem, run.network
    barred = restricted_stocks(problem)
    filled = fill_up(problem, network, [], barred=barred, stop=run.stop, shares=held.shares)
    return mend(problem, network, filled, stop=run.stop)


def _price_limits(run: Run) -> None:
    """Verify the dearest limits while the relaxation's vertex is at hand: a tenth of the time."""
    search = run.search
    assert search is not None
    search.master.stop = run.stop.within(0.1)
    try:
        run.dear = bottlenecks(search)
    except (Stopped, ValueError):
        if run.stop.now():
            raise Stopped from None
    finally:
        search.master.stop = run.stop


def _decide(run: Run) -> None:
    """Whole units, packages, joint conditions: dive, then improve part by part."""
    search = run.search
    assert search is not None
    goal = run.bound * (1 + run.gap) + 1e-12
    if not has_decisions(run.problem, run.network):
        run.optimal = search.master.exact or run.best[2].shortfall <= goal
        return
    began = time.monotonic()
    try:
        if run.best[2].shortfall > goal and search.master.exact:
            units = dive(search)
            shipments = search.master.pool.shipments(units)
            run.keep(mend(run.problem, run.network, shipments), "shortfall")
        elif run.best[2].shortfall > goal:
            _round(run)
        small = len(search.master.pool) < MAX_LISTED
        if small and run.best[2].shortfall > run.bound * (1 + EXACT) + EXACT:
            run.listing = list_columns(run.problem, run.network)
        if run.listing is not None:
            _exactly(run, "shortfall", {})
        elif run.best[2].shortfall > goal and search.master.exact:
            _branch(run)
        goal = run.bound * (1 + run.gap) + 1e-12
        part = run.stop.within(0.7)
        run.best = improve(search, run.best, "shortfall", {}, goal, part)
        if run.listing is None and run.best[2].shortfall > goal:
            _whole_over_pool(run)
    finally:
        run.marks["integer"] = time.monotonic() - began
    run.optimal = run.best[2].shortfall <= goal


def _round(run: Run) -> None:
    """Whole units from a point inside the relaxation, where a vertex is out of reach."""
    search = run.search
    assert search is not None
    master, problem, network = search.master, run.problem, run.network

    def tell(_done: int, _parts: int) -> None:
        if run.progress:
            run.progress("shortfall", run.best[2].shortfall, run.bound, search.rounds)

    units, search.likely = round_master(master, run.stop.within(0.7), tell)
    rough = master.pool.shipments(units)
    found = mend(problem, network, rough, stop=run.stop)
    if found is None:
        found = mend(problem, network, fit(problem, network, rough), stop=run.stop)
    run.keep(found, "shortfall")
    run.stop.guard()


def _exactly(run: Run, tier: Tier, limits: dict[str, float]) -> None:
    """Solve a small problem with every column listed: the plan is then the best there is."""
    search = run.search
    assert search is not None
    assert run.listing is not None
    part = run.stop.within(0.6)
    found, bound = solve_listed(
        run.problem, run.listing, run.best, tier, limits, stop=part, seed=run.seed
    )
    if tier == "shortfall" and not limits:
        search.bound = max(search.bound, bound)
    run.keep(found, tier)


def _whole_over_pool(run: Run) -> None:
    """Solve for whole units over the columns at hand: its bound holds for these alone."""
    search = run.search
    assert search is not None
    pool = search.master.pool
    if not search.master.exact or len(pool) > MAX_POOLED:
        return
    at_hand = {
        (x.stock, x.need, x.depart_week, x.links): x for x in pool.shipments(np.ones(len(pool)))
    }
    at_hand |= {(x.stock, x.need, x.depart_week, x.links): x for x in run.best[0]}
    columns = tuple(replace(x, quantity=0.0) for x in at_hand.values())
    found, _ = solve_listed(
        run.problem,
        Listing(columns, run.network),
        run.best,
        "shortfall",
        {},
        stop=run.stop.within(0.5),
        seed=run.seed,
        nodes=POOLED_NODES,
    )
    run.keep(found, "shortfall")


def _branch(run: Run) -> None:
    """Prove more, and find more, by branching over packages and conditions."""
    search = run.search
    assert search is not None
    master = search.master

    def goal() -> float:
        return run.best[2].shortfall / (1 + run.gap)

    def attempt() -> None:
        shipments = master.pool.shipments(master.units())
        run.keep(mend(run.problem, run.network, shipments), "shortfall")

    master.stop = run.stop.within(0.4)
    try:
        branch(search, goal, attempt)
    except Stopped:
        if run.stop.now():
            raise
    finally:
        master.stop = run.stop


def _later_tiers(run: Run) -> None:
    """Each tier in turn; an earlier one may lose tier_tolerance of what it reached."""
    problem, search = run.problem, run.search
    assert search is not None
    if problem.tiers[0] != "shortfall":
        run.best = _nothing(run)
    done: list[tuple[Tier, float]] = []
    decided = has_decisions(problem, run.network)
    for tier in problem.tiers:
        limits = {str(name): limit for name, limit in done}
        if tier == problem.tiers[0] == "shortfall":
            pass
        elif run.listing is not None:
            _exactly(run, tier, limits)
        elif decided:
            run.best = improve(search, run.best, tier, limits, 0.0, run.stop, turns=2)
        else:
            _relaxed_tier(run, tier, done)
        reached = float(getattr(run.best[2], tier))
        done.append((tier, reached * (1 + problem.tier_tolerance)))
        run.stop.guard()


def _nothing(run: Run) -> Found:
    found = mend(run.problem, run.network, [], fill=False)
    assert found is not None
    return found


def _relaxed_tier(run: Run, tier: Tier, done: list[tuple[Tier, float]]) -> None:
    """Solve a later tier exactly by column generation; nothing is whole here."""
    search = run.search
    assert search is not None
    master = search.master
    start_tier(master, tier, done, run.best[2])
    proven = search.bound
    search.bound = 0.0  # of this tier, and within the limits of earlier ones
    try:
        search.run(EXACT)
    finally:
        search.bound = proven
    found = mend(run.problem, run.network, master.pool.shipments(master.units()), fill=False)
    if found is None:
        return
    limits_hold = all(
        float(getattr(found[2], name)) <= limit * (1 + 1e-7) + 1e-7 for name, limit in done
    )
    if limits_hold:
        run.keep(found, tier)


def _plan(run: Run, began: float, words: Callable[[str], str]) -> Plan:
    search = run.search
    shipments = merge(run.best[0])
    found = run.best
    if shipments != found[0]:
        merged = mend(run.problem, run.network, shipments, fill=False)
        assert merged is not None, "the kept plan was checked before"
        found = merged
    figures: Figures = found[2]
    price = search.price_seconds if search else 0.0
    lp = search.master.seconds if search else 0.0
    return Plan(
        shipments=tuple(found[0]),
        accepted=tuple(found[1]),
        objective=figures,
        bound=min(run.bound, figures.shortfall),
        status="interrupted"
        if run.stop.interrupted
        else ("optimal" if run.optimal else "feasible"),
        rounds=search.rounds if search else 0,
        columns=len(search.master.pool) if search else 0,
        seconds={
            "build": run.marks.get("build", time.monotonic() - began),
            "price": price,
            "solve": lp,
            "integer": run.marks.get("integer", 0.0),
        },
        peak_mb=peak_mb(),
        seed=run.seed,
        bottlenecks=tell(run.dear, words),
        cut=bool(run.network.pairs) and (search is None or not search.rounds),
    )


def peak_mb() -> float:
    """Give the largest memory this process has held, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)
