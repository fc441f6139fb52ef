"""A problem small enough to solve by hand, and a way to change one file of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from intendance.plan.problem import Problem
from intendance.plan.read import read_problem

# One donor depot A, one destination B, a road of one week that takes 10 t a week.
FILES = {
    "plan.toml": 'horizon_weeks = 6\nstart = "2026-01-05"\n'
    'tiers = ["shortfall", "burden", "cost"]\ntier_tolerance = 0.0\n',
    "donors.csv": "donor,name,share\nX,Donor X,0.5\nY,Donor Y,0.5\n",
    "nodes.csv": "node,name,kind,country,latitude,longitude,handling_t_per_week\n"
    "A,Depot,depot,,,,\nB,End,destination,,,,\n",
    "links.csv": "link,from,to,mode,transit_weeks,cost_eur_per_t,capacity_per_week,measure,"
    "excluded_classes\nL,A,B,road,1,100,10,t,\n",
    "items.csv": "item,name,unit,transport_class,weight_t,area_m2,pallets,value_eur,whole\n"
    "tent,Tent,tent,general,1,,,1000,0\n",
    "effects.csv": "capability,item,effect\nshelter,tent,1\n",
    "needs.csv": "need,capability,node,quantity,due_week,until_week,priority\n"
    "N,shelter,B,20,2,,3\n",
    "stocks.csv": "stock,donor,item,node,quantity,floor,release_week,releasable\n"
    "S,X,tent,A,20,,,1\n",
}

Make = Callable[..., Problem]


@pytest.fixture
def files() -> dict[str, str]:
    return dict(FILES)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(**changed: str) -> Problem:
        for name, text in FILES.items():
            (tmp_path / name).write_text(text)
        for stem, text in changed.items():
            head = FILES.get(f"{stem}.csv", "").split("\n", 1)[0]
            whole = text if text.startswith(("package", "stock,kind", "stock,week")) else ""
            (tmp_path / f"{stem}.csv").write_text(whole or f"{head}\n{text}")
        return read_problem(tmp_path)[0]

    return build
