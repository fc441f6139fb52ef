"""The planning problem as one full K-path model, through PuLP or linopy; runs in the peers' Python.

    python benchmarks/peer_plan.py pulp|linopy columns.json SECONDS

``columns.json`` holds arrays written by ``plan_peers``: for every column its cost and limit, the
rows with their limits and the entries. Both libraries are used as their manuals say: PuLP with a
variable and a sum for each row, linopy with labelled arrays and one grouped sum. Prints JSON:
objective, seconds, peak memory in MB.
"""

import json
import resource
import sys
import time
from pathlib import Path


def through_pulp(model, seconds):
    """Build with one variable a column and one sum a row; solve with the bundled CBC."""
    import pulp

    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    columns = [
        pulp.LpVariable(f"x{c}", 0, high, cat="Integer" if whole else "Continuous")
        for c, (high, whole) in enumerate(zip(model["high"], model["whole"], strict=True))
    ]
    problem += pulp.lpSum(k * x for k, x in zip(model["cost"], columns, strict=True) if k)
    entries = [[] for _ in model["limit"]]
    for r, c, value in zip(model["row"], model["column"], model["value"], strict=True):
        entries[r].append((columns[c], value))
    for sense, limit, mine in zip(model["sense"], model["limit"], entries, strict=True):
        total = pulp.LpAffineExpression(mine)
        problem += total == limit if sense == "=" else total <= limit
    built = time.monotonic()
    problem.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, gapRel=1e-3, timeLimit=seconds))
    found = problem.status == pulp.LpStatusOptimal
    return built, pulp.value(problem.objective) if found else None


def through_linopy(model, seconds):
    """Build from labelled arrays; solve with HiGHS."""
    import linopy
    import numpy as np
    import pandas as pd
    import xarray as xr

    m = linopy.Model()
    high = np.nan_to_num(np.array(model["high"], float), nan=np.inf)
    whole = np.array(model["whole"], bool)
    names = pd.RangeIndex(len(high), name="column")
    x = m.add_variables(lower=0, upper=xr.DataArray(high, coords=[names]), name="x")
    if whole.any():
        y = m.add_variables(
            lower=0, upper=np.inf, coords=[pd.Index(np.flatnonzero(whole), name="column")],
            integer=True, name="whole",
        )  # fmt: skip
        m.add_constraints(x.sel(column=np.flatnonzero(whole)) - y == 0, name="same")
    entry = pd.RangeIndex(len(model["row"]), name="entry")
    column = xr.DataArray(np.array(model["column"]), coords=[entry])
    value = xr.DataArray(np.array(model["value"], float), coords=[entry])
    row = xr.DataArray(np.array(model["row"]), coords=[entry], name="row")
    total = (value * x.sel(column=column)).groupby(row).sum()
    limit = xr.DataArray(
        np.array(model["limit"], float), coords=[pd.RangeIndex(len(model["limit"]), name="row")]
    )
    equal = np.flatnonzero(np.array(model["sense"]) == "=")
    less = np.flatnonzero(np.array(model["sense"]) == "<")
    m.add_constraints(total.sel(row=equal) == limit.sel(row=equal), name="equal")
    m.add_constraints(total.sel(row=less) <= limit.sel(row=less), name="less")
    m.add_objective((xr.DataArray(np.array(model["cost"], float), coords=[names]) * x).sum())
    built = time.monotonic()
    status, _ = m.solve(
        "highs", threads=1, mip_rel_gap=1e-3, time_limit=seconds, log_to_console=False
    )
    return built, float(m.objective.value) if status in ("ok", "warning") else None


def main():
    """Read the arrays, build, solve, tell."""
    library, path, seconds = sys.argv[1:]
    model = json.loads(Path(path).read_text("utf-8"))
    began = time.monotonic()
    work = {"pulp": through_pulp, "linopy": through_linopy}[library]
    built, objective = work(model, float(seconds))
    ended = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({
        "objective": objective, "build": built - began, "seconds": ended - began, "peak_mb": peak,
    }))  # fmt: skip


main()
