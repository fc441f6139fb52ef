"""Random tiny problems: the search against a twin that lists every column and every week."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from plan_twin import Twin

from intendance.plan.check import check
from intendance.plan.instances import Size, generate
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.result import csv_text, write_files
from intendance.plan.solve import solve

FEW = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
seeds = st.integers(0, 100_000)


def _size(seed: int) -> Size:
    rng = np.random.default_rng(seed)
    return Size(
        donors=int(rng.integers(1, 4)),
        items=int(rng.integers(1, 5)),
        weeks=int(rng.integers(3, 8)),
        nodes=int(rng.integers(5, 8)),
        needs=int(rng.integers(1, 5)),
        stocks=int(rng.integers(2, 9)),
        integers=False,
    )


def make(seed: int, *, integers: bool, change: dict[str, str] | None = None) -> Problem:
    rng = np.random.default_rng(seed)
    size = replace(_size(seed), integers=integers)
    files = generate(size, seed)
    if integers:
        files |= decisions(files, rng)
    with TemporaryDirectory() as folder:
        write_files(Path(folder), files | (change or {}))
        return read_problem(Path(folder))[0]


def decisions(files: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    """One package of one or two stocks, one joint, one with condition, all small enough to ship."""
    rows = [line.split(",") for line in files["stocks.csv"].splitlines()[1:]]
    order = [int(x) for x in rng.permutation(len(rows))]
    packages = [
        ("P0", rows[s][0], max(1, (int(rows[s][4]) - int(rows[s][5])) // 2))
        for s in order[: int(rng.integers(1, 3))]
    ]
    conditions = []
    rest = order[-4:]
    if len(rest) >= 3:
        conditions.append(
            (rows[rest[0]][0], "joint", f"{rows[rest[1]][0]};{rows[rest[2]][0]}", 1, 0.5)
        )
        conditions.append((rows[rest[2]][0], "with", rows[rest[1]][0], "", 0.5))
    return {
        "packages.csv": csv_text(("package", "stock", "quantity"), packages),
        "conditions.csv": csv_text(("stock", "kind", "others", "count", "share"), conditions),
    }


@FEW
@given(seeds)
def test_without_integers_the_plan_equals_the_twin(seed: int) -> None:
    problem = make(seed, integers=False)
    plan = solve(problem)
    best = Twin(problem, integers=False).value()
    report = check(problem, plan.shipments, plan.accepted)
    assert report.accepted, report.broken
    allowed = (1 + problem.tier_tolerance) ** 2
    assert plan.bound <= best * (1 + 1e-6) + 1e-6
    assert (
        best * (1 - 1e-6) - 1e-6 <= plan.objective.shortfall <= best * allowed * (1 + 1e-6) + 1e-6
    )
    assert plan.bound >= best * (1 - 1e-6) - 1e-6


@FEW
@given(seeds)
def test_with_integers_bound_and_plan_enclose_the_optimum(seed: int) -> None:
    problem = make(seed, integers=True)
    plan = solve(problem)
    best = Twin(problem, integers=True).value()
    report = check(problem, plan.shipments, plan.accepted)
    assert report.accepted, report.broken
    assert plan.bound <= best * (1 + 1e-6) + 1e-6
    assert plan.objective.shortfall >= best * (1 - 1e-6) - 1e-6
    assert plan.status != "optimal" or plan.gap <= 0.001 + 2.1 * problem.tier_tolerance
    # Problems this small are solved with every column listed, so only tiers may cost something.
    allowed = (1 + problem.tier_tolerance) ** 2
    assert plan.objective.shortfall <= best * allowed * (1 + 1e-6) + 1e-6
    assert plan.bound >= best * (1 - 1e-3) - 1e-6


@FEW
@given(seeds, st.sampled_from(["stock", "capacity", "time"]))
def test_more_never_makes_the_shortfall_worse(seed: int, more: str) -> None:
    problem = make(seed, integers=False)
    with TemporaryDirectory() as name:
        folder = Path(name)
        size_files = generate(_size(seed), seed)
        if more == "stock":
            size_files["stocks.csv"] = _scaled(size_files["stocks.csv"], 4)
        elif more == "capacity":
            size_files["links.csv"] = _scaled(size_files["links.csv"], 6)
            size_files["nodes.csv"] = _scaled(size_files["nodes.csv"], 6)
        else:
            size_files["links.csv"] = _scaled(size_files["links.csv"], 4, 0)
        write_files(folder, size_files)
        eased, _ = read_problem(folder)
    assert solve(eased).bound <= solve(problem).bound * (1 + 1e-6) + 1e-6


def _scaled(text: str, column: int, factor: int = 2) -> str:
    header, *rows = [line.split(",") for line in text.splitlines()]
    for row in rows:
        if row[column]:
            row[column] = str(float(row[column]) * factor).removesuffix(".0")
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"
