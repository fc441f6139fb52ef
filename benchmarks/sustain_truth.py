"""The simulation against exact laws over ten million events, and what three echelons cost."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.figures import Figures, figure
from benchmarks.sustain_exact import exact_backorders

from intendance.sustain.backorders import expected_backorders
from intendance.sustain.model import Fleet, Model, Part, Repair, Site, Stock, System, Unit
from intendance.sustain.simulation import Wish, simulate
from intendance.sustain.steady import solve_steady

RATE, REPAIR_DAYS, SHIP_DAYS = 0.02, 10.0, 4.0
FLEETS = (60, 40)
EVENTS = 10_000_000


def two_echelons(depot: int, base: int) -> Model:
    """Build a depot that repairs all, and two bases."""
    bases = [f"b{at}" for at in range(len(FLEETS))]
    return Model(
        sites=(Site("dep", "", "", 20.0), *(Site(b, "", "dep", SHIP_DAYS) for b in bases)),
        systems=(System("s", ""),),
        fleets=tuple(Fleet(b, "s", size, 1.0, 0) for b, size in zip(bases, FLEETS, strict=True)),
        parts=(Part("s", "a", 1, RATE),),
        units=(Unit("a", "", 1.0, 0.0, None),),
        repairs=(Repair("a", "dep", 1.0, REPAIR_DAYS, fixed=False, servers=None),),
        stocks=(Stock("a", "dep", depot), *(Stock("a", b, base) for b in bases)),
    )


def three_echelons(level: int) -> Model:
    """Put a donor country above the depot that repairs half of what comes."""
    model = two_echelons(level, 1)
    return replace(
        model,
        sites=(
            Site("far", "", "", 30.0),
            *(replace(site, parent=site.parent or "far") for site in model.sites),
        ),
        repairs=(
            replace(model.repairs[0], share=0.5),
            Repair("a", "far", 1.0, 25.0, fixed=True, servers=None),
        ),
        stocks=(*model.stocks, Stock("a", "far", 2 * level)),
    )


def measured(model: Model, events: int) -> tuple[dict[str, tuple[float, float]], int]:
    """Give mean backorders and standard error by site over about so many events, open loop."""
    days, futures = 2000, 40
    first = simulate(model, Wish(days, futures, 1, closed=False)).events
    played = simulate(
        model,
        Wish(days, max(futures, -(-futures * events * 101 // (100 * first))), 1, closed=False),
    )
    rows = played.long_run_items
    return {row.site: (row.expected_backorders, row.std_error) for row in rows}, played.events


def bench_simulation_against_the_exact_law() -> Figures:
    """Compare backorders at depot and bases with the exact law, in standard errors."""
    found: Figures = {}
    demand = RATE * sum(FLEETS)
    for depot, base in ((0, 2), (18, 2), (26, 1)):
        played, events = measured(two_echelons(depot, base), EVENTS)
        exact = {"dep": expected_backorders(depot, demand * REPAIR_DAYS)}
        for at, size in enumerate(FLEETS):
            share = size / sum(FLEETS)
            law = exact_backorders(demand * REPAIR_DAYS, depot, share, RATE * size * SHIP_DAYS)
            exact[f"b{at}"] = float(law[base])
        found[f"depot {depot}, base {base}: events"] = figure(events, "events", at_least=EVENTS)
        for site, value in exact.items():
            mean, error = played[site]
            off = abs(mean - value) / error
            found[f"depot {depot}, base {base}: {site}"] = figure(
                off, "standard errors", at_most=3.0
            )
    return found


def bench_three_echelons() -> Figures:
    """Report how far VARI-METRIC is from the simulation with a third echelon."""
    found: Figures = {}
    for level in (2, 6, 10):
        model = three_echelons(level)
        played, _ = measured(model, EVENTS // 5)
        for row in solve_steady(model).rows:
            mean, error = played[row.site]
            bias = 100 * (row.expected_backorders - mean) / max(mean, 1e-9)
            found[f"level {level}, {row.site}: bias"] = figure(bias, "%")
            found[f"level {level}, {row.site}: standard error"] = figure(
                100 * error / max(mean, 1e-9), "%"
            )
    return found
