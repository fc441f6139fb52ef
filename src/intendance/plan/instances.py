"""Generates planning problems of stated sizes from a seed: for benchmarks, tests and examples.

Everything is invented. The shape is that of real aid: depots at the donors, ports and railheads,
hubs, border crossings, destinations; more is wanted than is held, and roads are narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from intendance.plan.result import csv_text, number, write_files

CLASSES: Final = ("general", "oversize", "explosive", "cold")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a generated problem is, and how tight (1: supply about equals need)."""

    donors: int
    items: int
    weeks: int
    nodes: int
    needs: int
    stocks: int
    tightness: float = 1.0
    integers: bool = True


SIZES: Final = {
    "tiny": Size(3, 4, 6, 6, 4, 6),
    "small": Size(10, 20, 12, 15, 25, 60),
    "medium": Size(50, 150, 52, 60, 200, 900),
    "large": Size(50, 1000, 104, 200, 1000, 6000, 1.3),
}


def generate(size: Size, seed: int) -> dict[str, str]:
    """Give the files of a problem by name; the same size and seed give the same text."""
    rng = np.random.default_rng(seed)
    kinds = _kinds(size)
    nodes = _nodes(size, kinds, rng)
    items, effects, weights = _items(size, rng)
    stocks, lots, held = _stocks(size, kinds, rng)
    needs, tonnes = _needs(size, kinds, rng, effects, held=held, weights=weights)
    links = _links(kinds, rng, tonnes / max(1, size.weeks), size.tightness)
    shares = rng.dirichlet(np.full(size.donors, 3.0))
    shares = np.maximum(np.round(shares, 6), 1e-4)
    shares[0] += 1 - shares.sum()
    donors = [(f"D{d}", f"Donor {d}", number(round(float(x), 6))) for d, x in enumerate(shares)]
    files = {
        "plan.toml": f'horizon_weeks = {size.weeks}\nstart = "2026-01-05"\n'
        'tiers = ["shortfall", "burden", "cost"]\ntier_tolerance = 0.001\n',
        "donors.csv": csv_text(("donor", "name", "share"), donors),
        "nodes.csv": csv_text(
            (
                "node", "name", "kind", "country", "latitude", "longitude",
                "handling_t_per_week",
            ),
            nodes(tonnes / max(1, size.weeks)),
        ),
        "links.csv": csv_text(
            (
                "link", "from", "to", "mode", "transit_weeks", "cost_eur_per_t",
                "capacity_per_week", "measure", "excluded_classes",
            ),
            links,
        ),
        "items.csv": csv_text(
            (
                "item", "name", "unit", "transport_class", "weight_t", "area_m2", "pallets",
                "value_eur", "whole",
            ),
            items if size.integers else [(*x[:-1], 0) for x in items],
        ),
        "effects.csv": csv_text(("capability", "item", "effect"), effects),
        "needs.csv": csv_text(
            ("need", "capability", "node", "quantity", "due_week", "until_week", "priority"),
            needs,
        ),
        "stocks.csv": csv_text(
            (
                "stock", "donor", "item", "node", "quantity", "floor", "release_week",
                "releasable",
            ),
            stocks,
        ),
        "lots.csv": csv_text(("stock", "week", "quantity"), lots),
    }  # fmt: skip
    if size.integers:
        files |= _decisions(stocks, rng)
    return files


def write_instance(name: str, seed: int, folder: Path) -> None:
    """Write a generated problem of a named size into a folder."""
    write_files(folder, generate(SIZES[name], seed))


def _kinds(size: Size) -> dict[str, list[int]]:
    """Deal out the nodes: a third depots, a quarter destinations, the rest on the way."""
    n = size.nodes
    depots, ends = max(1, n // 3), max(1, n // 4)
    borders, hubs = max(1, n // 10), max(1, n // 8)
    ports = max(1, n - depots - ends - borders - hubs)
    names = ["depot"] * depots + ["port"] * ports + ["hub"] * hubs
    names += ["border"] * borders + ["destination"] * ends
    return {kind: [i for i, x in enumerate(names) if x == kind] for kind in dict.fromkeys(names)}


def _nodes(size: Size, kinds: dict[str, list[int]], rng: np.random.Generator) -> Any:
    spots = rng.random((size.nodes + 8, 2))
    share = rng.uniform(0.5, 1.2, size.nodes + 8)

    def rows(weekly_t: float) -> Rows:
        found: Rows = []
        for kind, members in kinds.items():
            for n in members:
                limited = kind in ("port", "hub", "border")
                limit = weekly_t * share[n] * 2.0 / len(members) if limited else None
                shown = "" if limit is None else number(round(limit, 2))
                place = (round(45 + 10 * spots[n, 0], 4), round(5 + 30 * spots[n, 1], 4))
                found.append((f"N{n}", f"{kind} {n}", kind, "", *place, shown))
        return sorted(found, key=lambda x: int(x[0][1:]))

    return rows


def _links(
    kinds: dict[str, list[int]], rng: np.random.Generator, weekly_t: float, tightness: float
) -> Rows:
    rows: Rows = []

    def join(a: int, b: int, mode: str, transit: int, width: float) -> None:
        measure = "m2" if mode == "sea" else ("pallets" if mode == "air" else "t")
        scale = {"t": 1.0, "m2": 3.0, "pallets": 0.6}[measure]
        capacity = weekly_t * width * scale / tightness * rng.uniform(0.5, 1.5)
        banned = "explosive" if mode == "air" else ("oversize" if rng.random() < 0.15 else "")
        cost = {"sea": 60, "rail": 90, "road": 160, "air": 2500}[mode] * rng.uniform(0.7, 1.4)
        rows.append(
            (
                f"L{len(rows)}", f"N{a}", f"N{b}", mode, transit, round(cost, 2),
                number(round(max(capacity, 0.5), 2)), measure, banned,
            )
        )  # fmt: skip

    ports, hubs, borders = kinds["port"], kinds["hub"], kinds["border"]
    for depot in kinds["depot"]:
        for port in rng.choice(ports, min(2, len(ports)), replace=False):
            join(depot, int(port), "road", int(rng.integers(0, 2)), 2.0 / len(ports))
        hub = int(rng.choice(hubs))
        join(depot, hub, "rail", int(rng.integers(1, 3)), 1.0 / len(kinds["depot"]))
        if rng.random() < 0.3:
            join(depot, hub, "air", 0, 0.2 / len(hubs))
    for port in ports:
        for hub in rng.choice(hubs, min(2, len(hubs)), replace=False):
            join(port, int(hub), "sea", int(rng.integers(1, 5)), 1.2 / len(ports))
    for hub in hubs:
        for border in rng.choice(borders, min(3, len(borders)), replace=False):
            mode = "rail" if rng.random() < 0.5 else "road"
            join(hub, int(border), mode, int(rng.integers(0, 2)), 0.8 / len(hubs))
    for border in borders:
        for end in kinds["destination"]:
            if rng.random() < 0.6 or end % len(borders) == border % len(borders):
                mode = "rail" if rng.random() < 0.5 else "road"
                join(border, end, mode, int(rng.integers(0, 2)), 0.7 / len(kinds["destination"]))
    return rows


def _items(size: Size, rng: np.random.Generator) -> tuple[Rows, Rows, list[float]]:
    capabilities = max(1, size.items * 2 // 5)
    items: Rows = []
    effects: Rows = []
    weights = []
    for i in range(size.items):
        whole = int(rng.random() < 0.5)
        weight = float(np.round(np.exp(rng.normal(1.5 if whole else -1.0, 1.0)), 3))
        weights.append(weight)
        area = round(weight * rng.uniform(0.5, 2.0), 2)
        pallets = "" if rng.random() < 0.1 else round(weight * rng.uniform(0.5, 1.5), 2)
        kind = CLASSES[int(rng.choice(4, p=[0.55, 0.2, 0.2, 0.05]))]
        value = round(weight * float(np.exp(rng.normal(10, 1))), 0)
        items.append(
            (f"I{i}", f"Item {i}", "unit", kind, weight, area, pallets, number(value), whole)
        )
        home = i % capabilities
        effects.append((f"C{home}", f"I{i}", 1))
        if rng.random() < 0.3:
            other = int(rng.integers(capabilities))
            if other != home:
                effects.append((f"C{other}", f"I{i}", round(float(rng.uniform(0.3, 1.5)), 2)))
    return items, effects, weights


def _stocks(
    size: Size, kinds: dict[str, list[int]], rng: np.random.Generator
) -> tuple[Rows, Rows, dict[int, float]]:
    stocks: Rows = []
    lots: Rows = []
    held: dict[int, float] = {}
    depots = kinds["depot"]
    for s in range(size.stocks):
        item, donor = int(rng.integers(size.items)), int(rng.integers(size.donors))
        quantity = int(rng.integers(5, 60))
        floor = int(quantity * rng.uniform(0, 0.4))
        release = int(rng.integers(size.weeks // 2)) if rng.random() < 0.4 else 0
        releasable = int(rng.random() > 0.1)
        node = depots[donor % len(depots)]
        stocks.append(
            (f"S{s}", f"D{donor}", f"I{item}", f"N{node}", quantity, floor, release, releasable)
        )
        extra = 0
        if rng.random() < 0.2:
            for week in sorted(rng.choice(size.weeks, min(3, size.weeks), replace=False)):
                lots.append((f"S{s}", int(week), int(rng.integers(1, 10))))
                extra += lots[-1][2]
        if releasable:
            held[item] = held.get(item, 0.0) + quantity - floor + extra
    return stocks, lots, held


def _needs(
    size: Size,
    kinds: dict[str, list[int]],
    rng: np.random.Generator,
    effects: Rows,
    *,
    held: dict[int, float],
    weights: list[float],
) -> tuple[Rows, float]:
    supply: dict[str, float] = {}
    tonnes: dict[str, float] = {}
    for capability, item, effect in effects:
        i = int(item[1:])
        supply[capability] = supply.get(capability, 0.0) + held.get(i, 0.0) * effect
        tonnes[capability] = tonnes.get(capability, 0.0) + held.get(i, 0.0) * weights[i]
    names = sorted(supply, key=lambda x: int(x[1:]))
    picks = [names[n % len(names)] for n in range(size.needs)]
    rows: Rows = []
    total = 0.0
    for n, capability in enumerate(picks):
        of = supply[capability] / picks.count(capability)
        quantity = max(1, round(of * rng.uniform(0.5, 1.3) * size.tightness))
        due = int(rng.integers(size.weeks // 6, max(1, size.weeks * 3 // 4)))
        until: int | str = ""
        if rng.random() < 0.3:
            until = min(size.weeks - 1, due + int(rng.integers(1, max(2, size.weeks // 4))))
        node = int(rng.choice(kinds["destination"]))
        priority = int(rng.choice([1, 2, 5, 10]))
        rows.append((f"R{n}", capability, f"N{node}", quantity, due, until, priority))
        total += tonnes[capability] / picks.count(capability)
    return rows, total


def _decisions(stocks: Rows, rng: np.random.Generator) -> dict[str, str]:
    """About 2 % of the stocks stand in packages, 2 % carry joint, 2 % with conditions."""
    order = [int(x) for x in rng.permutation(len(stocks))]
    count = max(2, len(stocks) // 50)
    packages: Rows = []
    for p in range(count // 2):
        for s in order[2 * p : 2 * p + 2]:
            free = stocks[s][4] - stocks[s][5]
            packages.append((f"P{p}", f"S{s}", max(1, int(free * 0.8))))
    rest = order[2 * (count // 2) :]
    conditions: Rows = []
    for c in range(count):
        if not rest[4 * c :]:
            break
        s, *others = rest[4 * c : 4 * c + 4]
        if len(others) == 3 and c % 2 == 0:
            names = ";".join(f"S{o}" for o in others)
            conditions.append((f"S{s}", "joint", names, 2, 0.5))
        elif others:
            share = round(float(rng.uniform(0.2, 0.8)), 2)
            conditions.append((f"S{s}", "with", f"S{others[0]}", "", share))
    return {
        "packages.csv": csv_text(("package", "stock", "quantity"), packages),
        "conditions.csv": csv_text(("stock", "kind", "others", "count", "share"), conditions),
    }
