"""Odd tiny problems: no links, one week, nothing held, chained conditions, any order of tiers."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from plan_twin import Twin

from intendance.plan.check import check
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.result import csv_text, write_files
from intendance.plan.solve import solve

Rows = list[tuple[object, ...]]


def _settings(random: Random, weeks: int) -> str:
    tiers = ["shortfall", *random.sample(["burden", "cost"], random.randint(0, 2))]
    random.shuffle(tiers)
    tolerance = random.choice([0, 0, 0.001, 0.5])
    names = ", ".join(f'"{x}"' for x in tiers)
    return (
        f'horizon_weeks = {weeks}\nstart = "2026-01-05"\ntiers = [{names}]\n'
        f"tier_tolerance = {tolerance}\n"
    )


def _network(random: Random, weeks: int, nodes: int) -> dict[str, str]:
    links: Rows = []
    for k in range(random.choice([0, 2, 5, 9])):
        a, b = random.sample(range(nodes), 2)
        transit, cost = random.choice([0, 0, 1, 1, 2, weeks, weeks + 3]), random.choice([0, 10, 50])
        capacity = random.choice(["", "", 0, 2.5, 10, 30])
        measure = random.choice(["t", "t", "m2", "pallets"])
        excluded = random.choice(["", "", "c1", "c1;c2"])
        way = (f"L{k}", f"N{a}", f"N{b}", random.choice(["road", "sea"]))
        links.append((*way, transit, cost, capacity, measure, excluded))
    places = [
        (f"N{n}", f"N{n}", "hub", "", 50, 10, random.choice(["", "", "", 0, 3, 20]))
        for n in range(nodes)
    ]
    return {
        "nodes.csv": csv_text(
            ("node", "name", "kind", "country", "latitude", "longitude", "handling_t_per_week"),
            places,
        ),
        "links.csv": csv_text(
            (
                "link", "from", "to", "mode", "transit_weeks", "cost_eur_per_t",
                "capacity_per_week", "measure", "excluded_classes",
            ),
            links,
        ),
    }  # fmt: skip


def _goods(random: Random, weeks: int, nodes: int, count: int) -> dict[str, str]:
    kinds = random.randint(1, 4)
    items = [
        (
            f"I{i}", f"I{i}", "unit", random.choice(["c1", "c2", "c3"]),
            random.choice([0, 0.5, 1, 3.3]), random.choice(["", 1, 2.5]),
            random.choice(["", 1, 0.4]), random.choice([0, 10, 100]), random.choice([0, 1]),
        )
        for i in range(kinds)
    ]  # fmt: skip
    effects = {
        (f"C{random.randrange(3)}", f"I{i}"): random.choice([1, 1, 0.5, 2])
        for i in range(kinds)
        for _ in range(random.choice([1, 2]))
    }
    wanted = sorted({capability for capability, _ in effects})
    needs: Rows = []
    for r in range(random.randint(1, 4)):
        due = random.randrange(weeks)
        until = random.choice(["", random.randint(due, weeks - 1)])
        what = (f"R{r}", random.choice(wanted), f"N{random.randrange(nodes)}")
        needs.append((*what, random.choice([1, 3, 7.5, 20]), due, until, random.choice([1, 5])))
    stocks: Rows = []
    lots: Rows = []
    for s in range(count):
        held = random.choice([0, 1, 4, 6, 10])
        where = (f"S{s}", f"D{s % 2}", f"I{random.randrange(kinds)}", f"N{random.randrange(nodes)}")
        floor, release = random.choice([0, min(held, 3)]), random.choice(["", 0, weeks - 1])
        stocks.append((*where, held, floor, release, random.choice([1, 1, 1, 0])))
        some = sorted(random.sample(range(weeks), random.randint(0, min(2, weeks))))
        lots += [(f"S{s}", week, random.choice([0, 1, 5])) for week in some]
    return {
        "items.csv": csv_text(
            (
                "item", "name", "unit", "transport_class", "weight_t", "area_m2", "pallets",
                "value_eur", "whole",
            ),
            items,
        ),
        "effects.csv": csv_text(
            ("capability", "item", "effect"), [(*key, value) for key, value in effects.items()]
        ),
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


def _decisions(random: Random, count: int) -> dict[str, str]:
    order = random.sample(range(count), count)
    packages: Rows = [
        (f"P{at // 2}", f"S{s}", random.choice([1, 2, 3]))
        for at, s in enumerate(order[: random.choice([0, 1, 2, 4])])
    ]
    conditions: Rows = []
    for _ in range(random.randint(0, 4) if count > 1 else 0):
        s, *others = random.sample(range(count), random.randint(2, min(4, count)))
        if random.random() < 0.5:
            share = random.choice([0.3, 1, 2])
            conditions.append((f"S{s}", "with", f"S{others[0]}", "", share))
        else:
            names = ";".join(f"S{o}" for o in others)
            least = random.randint(1, len(others))
            conditions.append((f"S{s}", "joint", names, least, random.choice([0.2, 0.5, 1])))
    return {
        "packages.csv": csv_text(("package", "stock", "quantity"), packages),
        "conditions.csv": csv_text(("stock", "kind", "others", "count", "share"), conditions),
    }


def odd(seed: int) -> Problem:
    random = Random(seed)
    weeks, nodes, count = random.choice([1, 2, 4, 9]), random.randint(2, 6), random.randint(1, 7)
    files = {
        "plan.toml": _settings(random, weeks),
        "donors.csv": csv_text(("donor", "name", "share"), [("D0", "A", 0.4), ("D1", "B", 0.6)]),
        **_network(random, weeks, nodes),
        **_goods(random, weeks, nodes, count),
        **_decisions(random, count),
    }
    with TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        return read_problem(Path(folder))[0]


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_odd_problems_equal_the_twin(start: int) -> None:
    for seed in range(start, start + 25):
        problem = odd(seed)
        plan = solve(problem)
        twin = Twin(problem, integers=True)
        # HiGHS's presolve has been seen to cut off the optimum of such a programme.
        twin.h.setOptionValue("presolve", "off")
        best = twin.value()
        report = check(problem, plan.shipments, plan.accepted)
        assert report.accepted, (seed, report.broken)
        small = 1e-6 * max(1.0, best)
        assert best * (1 - 1e-3) - small <= plan.bound <= best + small, seed
        assert plan.objective.shortfall >= best - small, seed
        if problem.tiers[0] == "shortfall":
            allowed = (1 + problem.tier_tolerance) ** 2
            assert plan.objective.shortfall <= best * allowed + small, seed


def test_a_problem_without_links_is_served_where_the_stock_stands() -> None:
    found = [problem for problem in map(odd, range(60)) if not problem.links.ids]
    assert found
    served = [solve(problem).shipments for problem in found]
    assert any(x and all(not y.links for y in x) for x in served)
