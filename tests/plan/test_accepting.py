"""Accepted shipments in the ledger, and what a plan gives to other tools."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError, UsageError
from intendance.ledger.coverage import coverage
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.plan.accepting import accept, read_plan
from intendance.plan.building import build
from intendance.plan.exports import donor_workbooks, flows_geojson, movement_csv
from intendance.plan.open_needs import open_needs
from intendance.plan.read import read_problem

START = date(2024, 11, 30)
SCENARIO = {
    "donors.csv": "donor,name,share\nPL,Poland,0.6\nRO,Romania,0.4\n",
    "nodes.csv": "node,name,kind,country,latitude,longitude,handling_t_per_week\n"
    "A,Depot,depot,PL,52,21,\nB,Mill,destination,MD,47,28.8,\nH,Hub,hub,,,,\n",
    "links.csv": "link,from,to,mode,transit_weeks,cost_eur_per_t,capacity_per_week,measure,"
    "excluded_classes\nAH,A,H,road,1,100,,t,\nHB,H,B,rail,1,50,,t,\n",
    "items.csv": "item,name,unit,transport_class,weight_t,area_m2,pallets,value_eur,whole\n"
    "generator,generator,piece,general,2,,,1000,1\nbattery,battery,piece,general,1,,,100,1\n",
    "effects.csv": "capability,item,effect\ngenerator,generator,1\ngenerator,battery,0.5\n",
    "stocks.csv": "stock,donor,item,node,quantity,floor,release_week,releasable\n"
    "PL-gen,PL,generator,A,50,,,1\nRO-gen,RO,generator,B,40,,,1\nRO-bat,RO,battery,A,30,,,1\n",
    "packages.csv": "package,stock,quantity\nP,RO-gen,40\n",
    "destinations.csv": "place,node\nMoldova,B\n",
}
# Exactly what the need asks for: 50 + 40 + 20 × 0.5.
SHIPMENTS = (
    "shipment,stock,need,quantity,depart_week,arrive_week,links\n"
    "S1,PL-gen,N1,50,0,2,AH;HB\nS2,RO-gen,N1,40,1,1,\nS3,RO-bat,N1,20,0,2,AH;HB\n"
)


def plan_at(folder: Path, shipments: str = SHIPMENTS, accepted: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "shipments.csv").write_text(shipments)
    (folder / "packages.csv").write_text(f"package,accepted\nP,{accepted}\n")
    return folder


@pytest.fixture
def problem(ledger: Ledger, tmp_path: Path) -> Path:
    scenario = tmp_path / "mill"
    scenario.mkdir()
    for name, text in SCENARIO.items():
        (scenario / name).write_text(text, "utf-8")
    entry = Entry(
        line="need:N1", stage="need", topic="need", recorded_on=date(2024, 11, 1),
        source=Source("test"), recipient="Moldova", capability="generator", place="Moldova",
        valid=Period(date(2024, 11, 1), date(2025, 1, 10)), quantity=Quantity(Interval.exact(100)),
    )  # fmt: skip
    ledger.post([entry])
    return build(ledger, scenario, as_of=START, out=tmp_path / "problem").folder


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return plan_at(tmp_path / "plan")


def test_accepted_shipments_become_allocations_of_the_plan(ledger, problem, plan):
    done = accept(ledger, problem, plan, recorded_on=START, person="Ana", reason="Friday")
    assert (len(done.entries), done.repeated) == (3, 0)
    stored = [each for each in ledger.entries() if each.source.origin == "plan"]
    first = next(each for each in stored if each.term("shipment") == "S1")
    assert (first.stage, first.donor, first.item) == ("allocation", "Poland", "generator")
    assert (first.recipient, first.place, first.by, first.reason) == (
        "Moldova", "Moldova", "Ana", "Friday",
    )  # fmt: skip
    assert first.quantity == Quantity(Interval.exact(50), "piece")
    assert first.money is None
    # Week 2 ends on the 20th day after the start.
    assert (first.term("due"), first.term("depart")) == ("2024-12-20", "2024-11-30")
    assert (first.term("node"), first.term("route")) == ("B", "AH;HB")
    assert [(each.kind, each.line) for each in first.links] == [("serves", "need:N1")]
    assert done.problem_sha256 in first.source.document
    assert "intendance" in first.source.document
    assert ledger.verify().intact


def test_coverage_counts_what_was_accepted_and_the_next_plan_knows_it(ledger, problem, plan):
    accept(ledger, problem, plan, recorded_on=START)
    [row] = coverage(ledger.frame, ledger.entries(), as_of=START)
    # Batteries are another capability: coverage names them only when they are delivered.
    assert row.supply["commitment"].best == row.supply["allocation"].best == 90
    assert row.open.best == 10
    # The next plan knows that the batteries were given for this need, with their effect.
    assert open_needs(ledger, as_of=START, known_at=None, horizon_weeks=26)[0] == ()


def test_an_ended_substitute_serves_no_need_any_more(ledger, problem, plan):
    done = accept(ledger, problem, plan, recorded_on=START)
    battery = next(each for each in done.entries if each.item == "battery")
    ledger.post([replace(battery, stage="cancelled", client_id="")])
    [need] = open_needs(ledger, as_of=START, known_at=None, horizon_weeks=26)[0]
    assert need.quantity == 10


def test_a_substitute_does_not_serve_its_own_kind_as_well(ledger, problem, plan):
    accept(ledger, problem, plan, recorded_on=START)
    ledger.post(
        [
            Entry(
                line="need:N2", stage="need", topic="need", recorded_on=START,
                source=Source("test"), capability="battery_storage", place="Moldova",
                valid=Period(date(2024, 11, 1), date(2025, 1, 10)),
                quantity=Quantity(Interval.exact(25)),
            )
        ]
    )  # fmt: skip
    [need] = open_needs(ledger, as_of=START, known_at=None, horizon_weeks=26)[0]
    assert (need.id, need.quantity) == ("N2", 25)


def test_what_is_left_goes_where_it_is_missing(ledger, problem, plan, tmp_path):
    """Half of 100 is meant for each of two places; 90 go to one: the rest is the other's."""
    accept(ledger, problem, plan, recorded_on=START, shipments=["S1", "S2"])
    scenario = tmp_path / "mill"
    path = scenario / "destinations.csv"
    path.write_text("place,node\nMoldova,B\nMoldova,H\n")
    folder = build(ledger, scenario, as_of=START, out=tmp_path / "next").folder
    needs = read_problem(folder)[0].needs
    assert (needs.ids, needs.quantity.tolist()) == (("N1@H",), [10.0])


def again(ledger: Ledger, tmp_path: Path, **changed: str) -> Path:
    """Ask for 100 more, and build the next problem from the same tables or changed ones."""
    for name, text in changed.items():
        (tmp_path / "mill" / f"{name}.csv").write_text(text)
    more = next(each for each in ledger.entries() if each.line == "need:N1")
    ledger.post([replace(more, line="need:N2")])
    return build(ledger, tmp_path / "mill", as_of=START, out=tmp_path / "next").folder


def test_a_stock_is_not_given_twice(ledger, problem, plan, tmp_path):
    accept(ledger, problem, plan, recorded_on=START)
    found = read_problem(again(ledger, tmp_path))[0]
    held = dict(zip(found.stocks.ids, found.stocks.available[:, -1].tolist(), strict=True))
    assert held == {"PL-gen": 0.0, "RO-gen": 0.0, "RO-bat": 10.0}
    assert found.packages == ()


def test_tables_that_were_changed_are_taken_as_they_stand(ledger, problem, plan, tmp_path):
    accept(ledger, problem, plan, recorded_on=START)
    text = SCENARIO["stocks.csv"].replace("A,50", "A,60")
    found = read_problem(again(ledger, tmp_path, stocks=text))[0]
    assert found.stocks.ever.tolist() == [60.0, 40.0, 30.0]


def test_what_was_given_comes_off_the_stock_first_and_then_off_its_lots():
    from decimal import Decimal

    from intendance.plan.given import Given, without_given

    tables = {
        "stocks": [{"stock": name, "quantity": "10", "floor": "4"} for name in "abc"],
        "lots": [
            {"stock": "a", "week": "9", "quantity": "5"},
            {"stock": "a", "week": "2", "quantity": "3"},
        ],
        "packages": [],
        "conditions": [
            {"stock": "c", "kind": "joint", "others": "a;b", "count": "2", "share": "0.5"},
            {"stock": "b", "kind": "joint", "others": "a", "count": "1", "share": "0.5"},
            {"stock": "a", "kind": "joint", "others": "b", "count": "1", "share": "0.5"},
        ],
    }  # fmt: skip
    left = without_given(tables, Given({}, {"a": Decimal(10)}), [])
    assert [row["quantity"] for row in left["stocks"]] == ["4", "10", "10"]
    # 6 of the stock, then 3 of week 2, then 1 of week 9.
    assert [row["quantity"] for row in left["lots"]] == ["4", "0"]
    # a gave 10 of 14: it is ready for those who wait for it.
    assert [(row["stock"], row["others"], row["count"]) for row in left["conditions"]] == [
        ("c", "b", "1"), ("a", "b", "1"),
    ]  # fmt: skip


def test_a_marking_that_does_not_exist_is_refused(ledger, problem, plan):
    with pytest.raises(UsageError, match="marking"):
        accept(ledger, problem, plan, recorded_on=START, marking="secret")


def test_accepting_again_adds_nothing_even_on_another_day(ledger, problem, plan):
    accept(ledger, problem, plan, recorded_on=START)
    head = ledger.head()
    # A file that a spreadsheet saved again is the same plan.
    text = "\ufeff" + SHIPMENTS.replace("\n", "\r\n").replace(",50,", ",50.0,")
    (plan / "shipments.csv").write_bytes(text.encode())
    again = accept(ledger, problem, plan, recorded_on=date(2024, 12, 24), person="Other")
    assert (len(again.entries), again.repeated) == (0, 3)
    assert ledger.head() == head


def test_shipments_can_be_accepted_one_by_one(ledger, problem, plan):
    for name, count in (("S1", 1), ("S1", 0), ("S3", 1)):
        done = accept(ledger, problem, plan, recorded_on=START, shipments=[name])
        assert len(done.entries) == count
    rest = accept(ledger, problem, plan, recorded_on=START)
    assert (len(rest.entries), rest.repeated) == (1, 2)


def test_an_unknown_shipment_is_refused(ledger, problem, plan):
    with pytest.raises(UsageError, match="S9"):
        accept(ledger, problem, plan, recorded_on=START, shipments=["S1", "S9"])
    assert ledger.head().entries == 1


def test_half_a_package_is_refused(ledger, problem, tmp_path):
    halves = SHIPMENTS.replace("S2,RO-gen,N1,40,1,1,", "S2,RO-gen,N1,25,1,1,\nS4,RO-gen,N1,15,0,0,")
    plan = plan_at(tmp_path / "halves", halves)
    with pytest.raises(InputError, match="package P"):
        accept(ledger, problem, plan, recorded_on=START, shipments=["S2"])
    assert ledger.head().entries == 1
    assert len(accept(ledger, problem, plan, recorded_on=START).entries) == 4


def test_a_plan_that_breaks_a_rule_is_refused(ledger, problem, tmp_path):
    for old, new, word in (
        ("N1,50", "N1,51", "available"),
        ("N1,50", "N1,49.5", "whole"),
        ("0,2,AH;HB\nS2", "0,1,AH;HB\nS2", "week 2"),
        ("S1,PL-gen", "S1,XX", "stocks.csv"),
        ("S3,", "S1,", "already stands"),
        ("N1,50", "N1,NaN", "finite"),
    ):
        plan = plan_at(tmp_path / "bad", SHIPMENTS.replace(old, new, 1))
        with pytest.raises(InputError, match=word):
            accept(ledger, problem, plan, recorded_on=START)
    assert ledger.head().entries == 1


def test_a_plan_of_another_state_of_the_problem_is_refused(ledger, problem, plan):
    from dataclasses import asdict

    from intendance.plan.check import check_folder

    figures = asdict(check_folder(read_problem(problem)[0], plan)[0].objective)
    summary = {"problem_sha256": "0" * 64, "objective": figures}
    (plan / "summary.json").write_text(json.dumps(summary))
    with pytest.raises(InputError, match="another state"):
        accept(ledger, problem, plan, recorded_on=START)


def test_two_plans_of_one_problem_are_not_both_accepted(ledger, problem, plan, tmp_path):
    done = accept(ledger, problem, plan, recorded_on=START, shipments=["S1"])
    other = plan_at(tmp_path / "other", SHIPMENTS.replace("N1,50", "N1,30"))
    with pytest.raises(InputError, match="Another plan"):
        accept(ledger, problem, other, recorded_on=START)
    # Once the first is withdrawn, the second may be accepted.
    [entry] = done.entries
    ledger.post([replace(entry, kind="withdraw", reason="replanned", client_id="")])
    assert len(accept(ledger, problem, other, recorded_on=START).entries) == 3


def test_movements_add_up_to_the_plan(problem, plan):
    found = list(csv.DictReader(io.StringIO(movement_csv(read_plan(problem, plan)))))
    legs = [(row["shipment"], row["leg"], row["link"]) for row in found]
    assert legs == [
        ("S1", "1", "AH"), ("S1", "2", "HB"), ("S2", "0", ""), ("S3", "1", "AH"), ("S3", "2", "HB"),
    ]  # fmt: skip
    # 50 generators of 2 t and 20 batteries of 1 t at 100 + 50 EUR a tonne.
    assert sum(float(row["cost_eur"]) for row in found) == 120 * 150
    assert found[1]["depart_date"] == "2024-12-07"
    assert found[1]["arrive_date"] == "2024-12-14"


def test_flows_put_longitude_first_and_leave_unknown_places_out(problem, plan):
    record = json.loads(flows_geojson(read_plan(problem, plan)))
    features = {each["id"]: each for each in record["features"]}
    assert features["node:A"]["geometry"]["coordinates"] == [21.0, 52.0]
    assert features["node:H"]["geometry"] is None
    assert features["link:AH"]["geometry"] is None
    assert features["link:HB"]["properties"]["tonnes_by_week"] == {"1": 120.0}
    assert features["node:B"]["properties"]["tonnes"] == 200.0


@pytest.mark.parametrize(("language", "head"), [("en", "item"), ("fr", "article")])
def test_each_donor_sees_its_own_lines_only(problem, plan, tmp_path, language, head):
    import python_calamine

    books = donor_workbooks(read_plan(problem, plan), language)
    assert sorted(books) == ["PL.xlsx", "RO.xlsx"]
    for name, content in books.items():
        (tmp_path / name).write_bytes(content)
        book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / name))
        cells = [
            str(cell)
            for sheet in book.sheet_names
            for row in book.get_sheet_by_name(sheet).to_python()
            for cell in row
        ]
        own, others = ("PL-gen", "RO") if name == "PL.xlsx" else ("RO-bat", "PL-gen")
        assert own in cells
        assert not [cell for cell in cells if others in cell]
        if _compiled():
            assert head in cells
    assert books == donor_workbooks(read_plan(problem, plan), language)


def _compiled() -> bool:
    """The build compiles the catalogues; a plain checkout has none."""
    from intendance.words import catalogue

    return catalogue("plan_ledger", "fr").gettext("item") == "article"


# -- the commands -------------------------------------------------------------------------------


def run(*words: object) -> tuple[int, str, BaseException | None]:
    done = CliRunner().invoke(app, ["plan", *map(str, words)])
    return done.exit_code, done.stdout, done.exception


def test_accept_prints_one_document(ledger, problem, plan, tmp_path):
    words = ("accept", problem, plan, "--ledger", tmp_path / "aid.db", "--recorded-at", START)
    code, text, _ = run(*words, "--json")
    record = json.loads(text)
    assert (code, record["posted"], record["repeated"]) == (0, 3, 0)
    assert record["ledger_root"] == ledger.head().root
    assert {each["place"] for each in record["entries"]} == {"Moldova"}
    code, text, _ = run(*words)
    assert (code, text) == (0, "0 allocations posted, 3 stood there already.\n")


def test_exports_write_whole_files_or_none(problem, plan, tmp_path):
    code, text, _ = run("export", problem, plan, "movement")
    assert (code, text.splitlines()[0].split(",")[0]) == (0, "shipment")
    assert run("export", problem, plan, "geojson", "--out", tmp_path / "x.json")[0] == 0
    assert json.loads((tmp_path / "x.json").read_text())["type"] == "FeatureCollection"
    for _ in range(2):
        assert run("export", problem, plan, "donors", "--out", tmp_path / "books")[0] == 0
    assert sorted(each.name for each in (tmp_path / "books").iterdir()) == ["PL.xlsx", "RO.xlsx"]


@pytest.mark.parametrize(
    "words",
    [
        ("poster",),
        ("donors",),
        ("donors", "--out", "problem"),
        ("movement", "--out", "problem"),
        ("geojson", "--out", "nowhere/x.json"),
    ],
)
def test_exports_refuse_what_they_cannot_do(problem, plan, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert isinstance(run("export", problem, plan, *words)[2], UsageError)
    assert sorted(tmp_path.rglob("*")) == before
