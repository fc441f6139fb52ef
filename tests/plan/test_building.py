"""From the ledger's open needs to a problem folder."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError
from intendance.ledger.coverage import coverage
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.plan.building import Built, build, split
from intendance.plan.open_needs import open_needs
from intendance.plan.read import ProblemError, read_problem
from intendance.plan.tables import read_table

START = date(2024, 11, 30)
SCENARIO = {
    "scenario.toml": "horizon_weeks = 12\nstocks_are_illustrative = true\n",
    "donors.csv": "donor,name,share\nPL,Poland,0.6\nRO,Romania,0.4\n",
    "nodes.csv": "node,name,kind,country,latitude,longitude,handling_t_per_week\n"
    "A,Depot,depot,,52,21,\nB,Mill,destination,,47,28.8,\nC,Hill,destination,,,,\n"
    "Z,Elsewhere,depot,,,,\n",
    "links.csv": "link,from,to,mode,transit_weeks,cost_eur_per_t,capacity_per_week,measure,"
    "excluded_classes,basis\nAB,A,B,road,1,100,,t,,assumed\nAC,A,C,rail,0,50,,t,,assumed\n"
    "ZA,Z,A,road,1,10,,t,,assumed\n",
    "items.csv": "item,name,unit,transport_class,weight_t,area_m2,pallets,value_eur,whole\n"
    "generator,generator,piece,general,1,,,1000,1\nbattery,battery,piece,general,1,,,100,1\n"
    "tent,tent,piece,general,0.1,,,400,1\nmedical-kit,kit,kit,general,0.01,,,60,1\n",
    "effects.csv": "capability,item,effect\ngenerator,generator,1\ngenerator,battery,0.3\n"
    "tent,tent,1\nmedical_kit,medical-kit,1\n",
    "stocks.csv": "stock,donor,item,node,quantity,floor,release_week,releasable,basis\n"
    "PL-gen,PL,generator,A,50,,,1,illustrative\nRO-gen,RO,generator,A,40,10,20,1,illustrative\n"
    "RO-bat,RO,battery,A,100,,2,1,illustrative\nPL-tent,PL,tent,Z,500,,,1,illustrative\n"
    "PL-kit,PL,medical-kit,A,9000,,,1,illustrative\n",
    "lots.csv": "stock,week,quantity\nPL-gen,3,5\nPL-gen,15,5\nPL-kit,1,5\n",
    "packages.csv": "package,stock,quantity\nP,RO-bat,10\nP,PL-tent,5\n",
    "conditions.csv": "stock,kind,others,count,share\nPL-kit,joint,PL-gen,1,0.5\n",
    "destinations.csv": "place,capability,node,share\nMoldova,,B,0.75\nMoldova,,C,0.25\n"
    "Moldova,tent,B,\n",
}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    folder = tmp_path / "mill"
    folder.mkdir()
    for name, text in SCENARIO.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def need(
    name: str, capability: str, count: str, until: str, *, first: str = "2024-11-01", **terms: str
) -> Entry:
    return Entry(
        line=f"need:{name}", stage="need", topic="need", recorded_on=date(2024, 11, 1),
        source=Source("test"), recipient="Moldova", capability=capability, place="Moldova",
        valid=Period(date.fromisoformat(first), date.fromisoformat(until)),
        quantity=Quantity(Interval.exact(count)), terms=tuple(sorted(terms.items())),
    )  # fmt: skip


def aid(
    line: str, capability: str, count: str | None, *, stage: str = "commitment",
    valid: str = "2024-11-10", recorded: str = "2024-11-20", **more: object,
) -> Entry:  # fmt: skip
    amount = Interval.undisclosed() if count is None else Interval.exact(count)
    return Entry(
        line=line, stage=stage, recorded_on=date.fromisoformat(recorded), source=Source("t"),
        donor="Poland", capability=capability, valid=Period.parse(valid),
        quantity=Quantity(amount), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def made(ledger: Ledger, scenario: Path, tmp_path: Path, **more: object) -> Built:
    values = {"as_of": START, "out": tmp_path / "problem", **more}
    return build(ledger, scenario, **values)  # type: ignore[arg-type]


def rows(folder: Path, table: str, key: str) -> dict[str, dict[str, str]]:
    return {cells[key]: cells for _, cells in read_table(folder / f"{table}.csv", (key,)).rows}


def codes(built: Built) -> set[str]:
    return {each.code for each in built.findings}


def test_what_is_open_is_needed_less_committed(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "100", "2024-12-20", priority="7"), aid("a", "tent", "30")])
    built = made(ledger, scenario, tmp_path)
    row = rows(built.folder, "needs", "need")["N1"]
    [covered] = coverage(ledger.frame, ledger.entries(), as_of=START)
    assert Decimal(row["quantity"]) == covered.open.best == 70
    # 20 December is 20 days after 30 November: within week 2.
    assert (row["due_week"], row["until_week"], row["priority"]) == ("2", "", "7")
    assert (row["node"], row["place"], row["line"]) == ("B", "Moldova", "need:N1")


def test_a_pledge_is_no_firm_commitment(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "100", "2024-12-20"), aid("a", "tent", "30", stage="pledge")])
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert found["N1"]["quantity"] == "100"


def test_delivered_since_the_need_began_counts_once(ledger, scenario, tmp_path):
    """Line a was committed before the need and delivered after; old had come before it."""
    ledger.post(
        [
            need("N1", "tent", "100", "2024-12-20"),
            aid("a", "tent", "30", valid="2024-09-01"),
            aid("a", "tent", "20", stage="delivery"),
            aid("b", "tent", "10"),
            aid("b", "tent", "5", stage="delivery", valid="2024-11-15"),
            aid("old", "tent", "50", valid="2024-05-01"),
            aid("old", "tent", "50", stage="delivery", valid="2024-06-01"),
        ]
    )
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert found["N1"]["quantity"] == "60"


def test_a_cancelled_line_does_not_count(ledger, scenario, tmp_path):
    ledger.post(
        [
            need("N1", "tent", "100", "2024-12-20"),
            aid("a", "tent", "30"),
            aid("a", "tent", "30", stage="cancelled", valid="2024-11-20"),
        ]
    )
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert found["N1"]["quantity"] == "100"


def test_what_was_not_yet_known_does_not_count(ledger, scenario, tmp_path):
    ledger.post(
        [
            need("N1", "tent", "100", "2024-12-20"),
            aid("a", "tent", "30"),
            aid("b", "tent", "40", recorded="2024-12-24"),
        ]
    )
    built = made(ledger, scenario, tmp_path, known_at=START)
    assert rows(built.folder, "needs", "need")["N1"]["quantity"] == "70"
    later = made(ledger, scenario, tmp_path, out=tmp_path / "later")
    assert rows(later.folder, "needs", "need")["N1"]["quantity"] == "30"


def test_a_covered_need_is_left_out_and_said(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "100", "2024-12-20"), aid("a", "tent", "100")])
    built = made(ledger, scenario, tmp_path)
    assert built.rows["needs"] == 0
    assert "covered" in codes(built)
    assert read_problem(built.folder)[0].needs.ids == ()


def test_undisclosed_supply_counts_as_nothing_and_is_said(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "100", "2024-12-20"), aid("a", "tent", None)])
    built = made(ledger, scenario, tmp_path)
    assert rows(built.folder, "needs", "need")["N1"]["quantity"] == "100"
    assert "undisclosed-supply" in codes(built)


def test_a_monthly_need_is_spread_and_its_past_is_overdue(ledger, scenario, tmp_path):
    """October to January at 100 a month, 130 committed: 270 open, none of it from October."""
    ledger.post(
        [
            need("N1", "tent", "100", "2025-01-31", first="2024-10-01", per="month", priority="6"),
            aid("a", "tent", "130"),
        ]
    )
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert set(found) == {"N1"}
    # November's rest (70, due on the 30th = week 0), December and January.
    assert found["N1"]["quantity"] == "270"
    assert (found["N1"]["due_week"], found["N1"]["until_week"]) == ("0", "8")


def test_the_overdue_part_is_due_at_once_and_shares_the_priority(ledger, scenario, tmp_path):
    ledger.post(
        [need("N1", "tent", "100", "2025-01-31", first="2024-10-01", per="month", priority="6")]
    )
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    late, rest = found["N1-overdue"], found["N1"]
    assert (late["quantity"], late["due_week"], late["until_week"]) == ("100", "0", "")
    assert (rest["quantity"], rest["due_week"], rest["until_week"]) == ("300", "0", "8")
    assert Decimal(late["priority"]) + Decimal(rest["priority"]) == 6
    assert Decimal(late["priority"]) == Decimal("1.5")


def test_needs_of_one_capability_share_its_supply_the_earliest_first(ledger, scenario, tmp_path):
    ledger.post(
        [
            need("A", "tent", "50", "2025-01-20"),
            need("B", "tent", "50", "2024-12-10"),
            aid("a", "tent", "60"),
        ]
    )
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert set(found) == {"A"}
    assert found["A"]["quantity"] == "40"


def test_what_falls_due_after_the_horizon_is_left_out_and_said(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "100", "2025-12-20"), need("N2", "tent", "7", "2024-12-10")])
    built = made(ledger, scenario, tmp_path)
    assert set(rows(built.folder, "needs", "need")) == {"N2"}
    assert "after-horizon" in codes(built)
    wide = made(ledger, scenario, tmp_path, horizon_weeks=60, out=tmp_path / "wide")
    assert set(rows(wide.folder, "needs", "need")) == {"N1", "N2"}


def test_a_need_is_split_over_its_destinations(ledger, scenario, tmp_path):
    ledger.post([need("N1", "generator", "41", "2024-12-20", priority="8")])
    found = rows(made(ledger, scenario, tmp_path).folder, "needs", "need")
    assert {name: row["quantity"] for name, row in found.items()} == {"N1@B": "31", "N1@C": "10"}
    assert sum(Decimal(row["priority"]) for row in found.values()) == pytest.approx(8)


def test_a_place_without_a_destination_is_said(ledger, scenario, tmp_path):
    from dataclasses import replace

    ledger.post([replace(need("N1", "tent", "9", "2024-12-20"), place="Atlantis")])
    built = made(ledger, scenario, tmp_path)
    assert built.rows["needs"] == 0
    assert "no-destination" in codes(built)


def test_a_capability_that_nothing_serves_stays_as_unmet(ledger, scenario, tmp_path):
    ledger.post([need("N1", "pump", "9", "2024-12-20")])
    built = made(ledger, scenario, tmp_path)
    assert built.rows["needs"] == 2
    assert "no-item" in codes(built)


def test_tables_keep_what_the_needs_can_use(ledger, scenario, tmp_path):
    """Tents are not needed: the depot Z and its stock stay only as the battery's package mate."""
    ledger.post([need("N1", "generator", "40", "2024-12-20")])
    built = made(ledger, scenario, tmp_path)
    stocks = rows(built.folder, "stocks", "stock")
    assert set(stocks) == {"PL-gen", "RO-gen", "RO-bat", "PL-tent"}
    assert set(rows(built.folder, "items", "item")) == {"generator", "battery", "tent"}
    assert set(rows(built.folder, "donors", "donor")) == {"PL", "RO"}
    assert built.rows["conditions"] == 0
    assert "idle-partner" in codes(built)


def test_what_cannot_be_within_the_horizon_is_fitted_to_it(ledger, scenario, tmp_path):
    ledger.post([need("N1", "generator", "40", "2024-12-20")])
    problem, _ = read_problem(made(ledger, scenario, tmp_path).folder)
    at = problem.stocks.ids.index("RO-gen")
    assert not problem.stocks.releasable[at]
    assert problem.stocks.lots[problem.stocks.ids.index("PL-gen")] == ((3, 5.0),)


def test_the_problem_says_where_it_comes_from(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "9", "2024-12-20")])
    built = made(ledger, scenario, tmp_path, known_at=START)
    said = tomllib.loads((built.folder / "plan.toml").read_text("utf-8"))
    assert said["start"] == START
    assert said["origin"]["ledger_root"] == ledger.head().root == built.ledger_root
    assert said["origin"]["scenario_sha256"] == built.scenario_sha256
    assert read_problem(built.folder)[0].sha256 == built.problem_sha256


def test_the_same_ledger_gives_the_same_bytes(ledger, scenario, tmp_path):
    ledger.post([need("N1", "generator", "41", "2024-12-20"), aid("a", "generator", "3")])
    one = made(ledger, scenario, tmp_path)
    two = made(ledger, scenario, tmp_path, out=tmp_path / "again")
    for path in one.folder.iterdir():
        assert path.read_bytes() == (two.folder / path.name).read_bytes()


def test_a_problem_is_replaced_and_anything_else_is_left_alone(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "9", "2024-12-20")])
    built = made(ledger, scenario, tmp_path)
    ledger.post([aid("a", "tent", "4")])
    made(ledger, scenario, tmp_path)
    assert rows(built.folder, "needs", "need")["N1"]["quantity"] == "5"
    (built.folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="other things"):
        made(ledger, scenario, tmp_path)
    assert (built.folder / "notes.txt").read_text() == "mine"
    assert {each.name for each in tmp_path.iterdir() if each.name.startswith(".")} == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("stocks.csv", "A,50", "A,NaN", "stocks.csv:2:quantity"),
        ("stocks.csv", "A,50", "A,-5", "stocks.csv:2:quantity"),
        ("stocks.csv", "RO,battery", "XX,battery", "stocks.csv:4:donor"),
        ("links.csv", "A,B", "A,Q", "links.csv:2:to"),
        ("destinations.csv", "tent,B", "tent,Q", "destinations.csv:4:node"),
        ("destinations.csv", "B,0.75", "B,0", "destinations.csv:2:share"),
        ("scenario.toml", "12", "0", "scenario.toml:horizon_weeks"),
        ("scenario.toml", "= 12", "= = 12", "scenario.toml"),
    ],
)
def test_a_bad_scenario_is_named_by_its_own_row(ledger, scenario, tmp_path, file, old, new, place):
    ledger.post([need("N1", "tent", "9", "2024-12-20")])
    path = scenario / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        made(ledger, scenario, tmp_path)
    assert caught.value.where == place
    assert not (tmp_path / "problem").exists()


def test_a_scenario_lacks_a_table(ledger, scenario, tmp_path):
    (scenario / "links.csv").unlink()
    with pytest.raises(InputError, match=r"links\.csv in mill"):
        made(ledger, scenario, tmp_path)


def test_spreadsheets_may_write_bom_crlf_and_quotes(ledger, scenario, tmp_path):
    path = scenario / "stocks.csv"
    text = path.read_text("utf-8").replace("illustrative\n", '"a ""note"",\nin two lines"\n', 1)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    ledger.post([need("N1", "generator", "40", "2024-12-20")])
    built = made(ledger, scenario, tmp_path)
    assert rows(built.folder, "stocks", "stock")["PL-gen"]["quantity"] == "50"


def test_optional_tables_may_be_absent(ledger, scenario, tmp_path):
    for name in ("lots.csv", "packages.csv", "conditions.csv", "scenario.toml"):
        (scenario / name).unlink()
    ledger.post([need("N1", "tent", "9", "2024-12-20")])
    problem, _ = read_problem(made(ledger, scenario, tmp_path).folder)
    assert (problem.horizon_weeks, problem.packages, problem.conditions) == (26, (), ())


def test_errors_of_a_table_are_all_kept(ledger, scenario, tmp_path):
    path = scenario / "stocks.csv"
    path.write_text(path.read_text("utf-8").replace("A,50", "A,x").replace("A,100", "A,y"))
    with pytest.raises(ProblemError) as caught:
        made(ledger, scenario, tmp_path)
    assert len(caught.value.findings) == 2


@given(
    st.decimals(0, 10**9, places=3),
    st.lists(st.decimals("0.001", 10, places=3), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_parts_of_a_quantity_sum_to_it(quantity, shares):
    parts = split(quantity, shares)
    assert sum(parts) == quantity
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - quantity * share / sum(shares)) <= 1


# -- the command --------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str, BaseException | None]:
    done = CliRunner().invoke(app, ["plan", *words])
    return done.exit_code, done.stdout, done.exception


def test_the_command_builds_from_a_sample_portfolio(tmp_path):
    from intendance.exchange import portfolio

    sample = portfolio.load("winter-energy")
    name = str(tmp_path / "winter.db")
    with Ledger.create(name) as book:
        book.post([*sample.needs, *(e for each in sample.releases for e in each.entries)])
    words = ["build", "--as-of", "2024-11-30", "--known-at", "2024-11-30", "--ledger", name]
    code, text, _ = run(*words, "--out", str(tmp_path / "p"), "--json")
    assert code == 0
    record = json.loads(text)
    assert record["scenario"] == "winter-energy"
    assert record["illustrative"] is True
    problem, _ = read_problem(tmp_path / "p")
    assert record["rows"]["stocks"] == len(problem.stocks.ids)
    with Ledger.open(name) as book:
        needs, _ = open_needs(book, as_of=START, known_at=START, horizon_weeks=20)
    assert {each.capability for each in needs} == set(problem.needs.capabilities)


def test_the_command_refuses_what_it_cannot_use(ledger, scenario, tmp_path):
    ledger.post([need("N1", "tent", "9", "2024-12-20")])
    base = ["--ledger", str(tmp_path / "aid.db"), "--out", str(tmp_path / "p")]
    for words, kind in (
        (["build", "--as-of", "soon", *base], "usage"),
        (["build", "--as-of", "2024-11-30", "--horizon-weeks", "0", *base], "usage"),
        (["build", "--as-of", "2024-11-30", "--horizon-weeks", "1000000000", *base], "input"),
        (["build", "--as-of", "2024-11-30", "--scenario", "none", *base], "input"),
    ):
        _, _, error = run(*words)
        assert getattr(error, "code", "") == kind, words
        assert not (tmp_path / "p").exists()
    assert run("build", *base)[0] == 2
