"""The scenarios that the package carries: sourced or marked, consistent, usable."""

from __future__ import annotations

import csv
import math
from collections import defaultdict

import pytest

from intendance.model.catalogue import equivalences, items, parties
from intendance.plan.holdings import FAR, quickest
from intendance.plan.read import read_problem
from intendance.plan.scenario_tables import Scenario, read_scenario, scenario_folder, scenario_names

NAMES = ("coalition-2023", "winter-energy")


@pytest.fixture(params=NAMES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return read_scenario(scenario_folder(request.param))


def test_each_portfolio_has_its_scenario():
    from intendance.exchange import portfolio

    assert scenario_names() == portfolio.names() == NAMES


def test_networks_have_about_sixty_nodes_and_four_modes(scenario):
    assert 55 <= len(scenario.tables["nodes"]) <= 80
    assert {row["mode"] for row in scenario.tables["links"]} == {"road", "rail", "sea", "air"}
    assert {row["measure"] for row in scenario.tables["links"]} == {"t", "m2", "pallets"}
    assert {row["kind"] for row in scenario.tables["nodes"]} >= {
        "port", "railhead", "airport", "hub", "border", "destination",
    }  # fmt: skip


def test_every_row_says_what_it_rests_on(scenario):
    for name in ("donors", "nodes", "links", "items", "effects"):
        for row in scenario.tables[name]:
            assert row["basis"] in ("sourced", "assumed"), (name, row)
            assert row["note"]
    for name in ("stocks", "lots", "packages", "conditions"):
        assert scenario.tables[name]
        assert {row["basis"] for row in scenario.tables[name]} == {"illustrative"}


def test_sourced_coordinates_are_those_of_unlocode(scenario, shared):
    for row in scenario.tables["nodes"]:
        if row["basis"] != "sourced":
            continue
        path = shared / f"data/geo/unlocode/{row['country']}.csv"
        with path.open(encoding="utf-8", errors="replace") as stream:
            found = [
                (float(each["lat"]), float(each["lon"]))
                for each in csv.DictReader(stream)
                if each["country"] + each["location"] == row["node"] and each["lat"]
            ]
        near = min(
            math.dist((float(row["latitude"]), float(row["longitude"])), each) for each in found
        )
        assert near < 0.01, row


def test_no_point_of_the_network_is_far_from_its_own_country(scenario):
    """A list of places has wrong points; a far one would lengthen its links absurdly."""
    known = {party.code: party for party in parties().values()}
    for row in scenario.tables["nodes"]:
        home = known[row["country"]]
        north = float(row["latitude"]) - (home.latitude or 0)
        east = (float(row["longitude"]) - (home.longitude or 0)) * math.cos(
            math.radians(home.latitude or 0)
        )
        assert math.hypot(north, east) < (30 if row["country"] in ("US", "CA", "AU") else 9), row


def test_gauge_changes_stand_at_known_places_on_the_broad_gauge_border(scenario):
    found = {row["node"] for row in scenario.tables["nodes"] if row["gauge_change"]}
    assert found
    assert found <= {
        "PLSAW", "PLMED", "PLDOR", "SKCNT", "HUZAH", "ROHAL", "RODOR", "ROGAL", "ROSOL",
        "MDUNG", "MDGIU",
    }  # fmt: skip


def test_shares_are_those_of_the_gross_domestic_products(scenario):
    donors = scenario.tables["donors"]
    total = sum(float(row["gdp_2022_usd_bn"]) for row in donors)
    assert sum(float(row["share"]) for row in donors) == pytest.approx(1, abs=1e-9)
    for row in donors:
        assert float(row["share"]) == pytest.approx(float(row["gdp_2022_usd_bn"]) / total, abs=1e-5)
        assert parties()[row["name"]].code == row["donor"]


def test_effects_are_those_of_the_catalogue(scenario):
    stated = {(row["capability"], row["item"]): row["effect"] for row in scenario.tables["effects"]}
    wanted = {row["capability"] for row in scenario.tables["effects"]}
    worth = {(each.capability, each.substitute): each.effect for each in equivalences()}
    for row in scenario.tables["items"]:
        item = items()[row["item"]]
        assert row["unit"] == item.unit
        for capability in wanted:
            effect = (
                1 if capability == item.capability else worth.get((capability, item.capability))
            )
            said = stated.get((capability, item.name))
            assert (None if said is None else float(said)) == (
                None if effect is None else float(effect)
            )


def test_every_need_of_the_portfolio_can_be_served(scenario):
    from intendance.exchange import portfolio

    sample = portfolio.load(scenario.name)
    served = {row["capability"] for row in scenario.tables["effects"]}
    assert {need.capability for need in sample.needs} <= served


def test_shares_of_the_destinations_sum_to_one(scenario):
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in scenario.destinations:
        sums[row["place"], row["capability"]] += float(row["share"])
    for total in sums.values():
        assert total == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_every_stock_has_a_way_to_a_destination(name, tmp_path):
    folder = scenario_folder(name)
    for each in folder.glob("*.csv"):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    scenario = read_scenario(folder)
    ends = sorted({row["node"] for row in scenario.destinations})
    served = sorted({row["capability"] for row in scenario.tables["effects"]})
    needs = [
        f"{capability}@{node},{capability},{node},1,0,1" for capability in served for node in ends
    ]
    head = "need,capability,node,quantity,due_week,priority\n"
    (tmp_path / "needs.csv").write_text(head + "\n".join(needs) + "\n")
    (tmp_path / "plan.toml").write_text(f"horizon_weeks = {scenario.horizon_weeks}\n")
    problem, warnings = read_problem(tmp_path)
    assert not warnings
    at = {node: position for position, node in enumerate(problem.nodes.ids)}
    reach: dict[tuple[bytes, int], list[int]] = {}
    for stock in range(len(problem.stocks.ids)):
        item = int(problem.stocks.item[stock])
        ways = []
        for node in ends:
            key = (problem.may_use(item).tobytes(), at[node])
            if key not in reach:
                reach[key] = quickest(problem, item, at[node])
            ways.append(reach[key][int(problem.stocks.node[stock])])
        assert min(ways) < FAR, problem.stocks.ids[stock]
        assert min(ways) <= 12, problem.stocks.ids[stock]


def test_the_package_carries_every_table():
    folder = scenario_folder("coalition-2023")
    assert sorted(each.name for each in folder.iterdir()) == [
        "conditions.csv", "destinations.csv", "donors.csv", "effects.csv", "items.csv",
        "links.csv", "lots.csv", "nodes.csv", "packages.csv", "scenario.toml", "stocks.csv",
    ]  # fmt: skip
