"""Small models for the tests of the room, written as the CSV files that people write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADERS = {
    "sites": "site,name,echelon,parent,ship_days",
    "systems": "system,name",
    "fleets": "site,system,quantity,tempo,from_day",
    "parts": "system,lru,per_system,removals_per_day",
    "subparts": "lru,sru,share,repair_days",
    "lrus": "lru,name,cost_eur,condemned_share,procure_days",
    "repair": "lru,site,share,repair_days,distribution,servers",
    "stock": "lru,site,level",
    "attrition": "system,cause,per_day,returns_after_days",
    "consumption": "system,item,per_day,distribution_shape",
    "supplies": "item,site,day,quantity",
    "tempo": "from_day,to_day,factor",
    "requirement": "system,site,from_day,to_day,quantity",
}

ONE_SITE = {
    "sites": ["base,Base,1,,10"],
    "systems": ["gen,Generator"],
    "fleets": ["base,gen,40,1,0"],
    "lrus": ["a,,10,0,", "b,,20,0,", "c,,30,0.2,90"],
    "parts": ["gen,a,1,0.02", "gen,b,2,0.01", "gen,c,1,0.005"],
    "repair": ["a,base,1,8,exponential,", "b,base,0.7,14,fixed,", "c,base,1,20,exponential,"],
    "stock": ["a,base,5", "b,base,8", "c,base,2"],
}

TWO_ECHELONS = {
    "sites": ["dep,Depot,2,,20", "b1,,1,dep,4", "b2,,1,dep,6"],
    "systems": ["how,Howitzer"],
    "fleets": ["b1,how,24,1,0", "b2,how,36,1,0"],
    "lrus": ["bar,,50000,0.1,60", "eng,,80000,0,", "opt,,20000,0,", "pump,,5000,0,"],
    "parts": ["how,bar,1,0.02", "how,eng,1,0.01", "how,opt,2,0.004"],
    "subparts": ["opt,pump,0.5,12"],
    "repair": [
        "bar,dep,1,10,exponential,",
        "eng,b1,0.3,5,fixed,",
        "eng,b2,0.3,5,fixed,",
        "eng,dep,0.9,20,fixed,",
        "opt,dep,1,15,exponential,",
    ],
    "stock": ["bar,dep,4", "bar,b1,2", "bar,b2,3", "eng,dep,5", "eng,b1,1", "opt,b2,1"],
    "consumption": ["how,r155,60,4"],
    "supplies": ["r155,b1,0,40000", "r155,b1,30,30000", "r155,b2,0,90000"],
    "requirement": ["how,b1,0,90,16", "how,b2,10,60,20"],
}


def write_model(folder: Path, tables: dict[str, list[str]], **changes: list[str]) -> Path:
    """Write a model's files; ``changes`` replace or add tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**tables, **changes}.items():
        text = "\n".join([HEADERS[name], *rows]) + "\n"
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


Maker = Callable[..., Path]


@pytest.fixture
def one_site(tmp_path: Path) -> Maker:
    """Write the model of one site with forty generators; tables may be replaced by name."""
    return lambda name="model", **changes: write_model(tmp_path / name, ONE_SITE, **changes)


@pytest.fixture
def two_echelons(tmp_path: Path) -> Maker:
    """Write the model of a depot and two units; tables may be replaced by name."""
    return lambda name="model", **changes: write_model(tmp_path / name, TWO_ECHELONS, **changes)
