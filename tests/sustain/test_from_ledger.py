"""From the ledger to a model: what was given, promised and needed stands in its files."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intendance.app.main import app
from intendance.errors import InputError, UsageError
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Entry
from intendance.sustain.forecast import forecast
from intendance.sustain.from_ledger import build
from intendance.sustain.read import read_model
from intendance.sustain.samples import find_sample

sys.path.insert(0, str(Path(__file__).parent))
from small_ledgers import GIVEN, need, said

DAY = date(2023, 1, 1)
run = CliRunner()


Book = Callable[..., Ledger]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Make a ledger of some entries."""

    def make(entries: Iterable[Entry], name: str = "ledger.db") -> Ledger:
        ledger = Ledger.create(str(tmp_path / name))
        ledger.post(entries)
        return ledger

    return make


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def total(found: list[dict[str, str]], **where: str) -> int:
    fits = [row for row in found if all(row[key] == value for key, value in where.items())]
    return sum(int(row["quantity"]) for row in fits)


def test_deliveries_are_fleets_of_day_0_by_the_sites_shares(book: Book, tmp_path: Path) -> None:
    """51 delivered pieces stand at two sites as 210 to 140 in the sample, in whole pieces."""
    built = build(book(GIVEN), "artillery", DAY, None, 90, tmp_path / "m")
    fleets = rows(tmp_path / "m", "fleets")
    assert {row["site"]: row["quantity"] for row in fleets} == {"east": "31", "south": "20"}
    assert {row["from_day"] for row in fleets} == {"0"}
    assert {row["basis"] for row in fleets} == {"ledger"}
    assert read_model(tmp_path / "m", needs_parts=True).findings == ()
    assert [each.code for each in built.findings] == ["no-need", "undated"]
    assert built.findings[1].value == "howitzer_155: 20"


def test_a_dated_promise_comes_on_its_day_and_slips(book: Book, tmp_path: Path) -> None:
    """What is not delivered of a promise is there from its due day, later by the slip."""
    entries = [*GIVEN, said("c", "pledge", "12", "2022-12-01", due="2023-01-31")]
    ledger = book(entries)
    for slip, day in ((0, "30"), (45, "75")):
        build(ledger, "artillery", DAY, None, 90, tmp_path / "m", slip_days=slip)
        assert total(rows(tmp_path / "m", "fleets"), from_day=day, note="promised") == 12
    build(ledger, "artillery", DAY, None, 90, tmp_path / "m", slip_days=61)
    assert total(rows(tmp_path / "m", "fleets")) == 51


def test_an_overdue_promise_comes_on_day_1_and_an_undated_one_after_its_lead(
    book: Book, tmp_path: Path
) -> None:
    """Overdue by day 0: day 1. Said on 1 June with a lead of 250 days: 6 February, day 36."""
    ledger = book([*GIVEN, said("c", "commitment", "7", "2022-01-01", due="2022-11-30")])
    build(ledger, "artillery", DAY, None, 90, tmp_path / "m", lead_days=250)
    fleets = rows(tmp_path / "m", "fleets")
    assert total(fleets, from_day="1") == 7
    assert total(fleets, from_day="36") == 20


def test_the_two_clocks(book: Book, tmp_path: Path) -> None:
    """A delivery told later is not there as known before; one of a later day comes on its day."""
    late = said("c", "delivery", "9", "2022-12-15", recorded="2023-02-01")
    ahead = said("d", "delivery", "5", "2023-01-21", recorded="2023-02-01")
    ledger = book([*GIVEN, late, ahead])
    build(ledger, "artillery", DAY, DAY, 90, tmp_path / "m")
    assert total(rows(tmp_path / "m", "fleets")) == 51
    build(ledger, "artillery", DAY, None, 90, tmp_path / "m")
    assert total(rows(tmp_path / "m", "fleets"), from_day="0") == 60
    assert total(rows(tmp_path / "m", "fleets"), from_day="20") == 5


def test_what_is_on_hand_is_what_the_fleets_left(book: Book, tmp_path: Path) -> None:
    """30,000 rounds since 1 December, 51 pieces at 15.7 a day and mean tempo 0.92: 31 days."""
    build(book(GIVEN), "artillery", DAY, None, 90, tmp_path / "m")
    supplies = rows(tmp_path / "m", "supplies")
    assert total(supplies, day="0") == int(30_000 - 51 * 15.7 * 0.92 * 31)
    assert {row["basis"] for row in supplies} == {"computed"}


def test_spares_of_the_ledger_join_the_stock(book: Book, tmp_path: Path) -> None:
    """What came as spare_NAME is there on day 0, what is promised comes on its day, by demand."""
    gave = [
        *GIVEN,
        said("s", "delivery", "6", "2022-11-01", "spare_barrel"),
        said("p", "allocation", "12", "2022-12-20", "spare_barrel", due="2023-01-31"),
        said("q", "allocation", "2", "2022-12-20", "spare_board", due="2023-01-31"),
        said("o", "delivery", "5", "2022-11-01", "barrel"),
    ]
    build(book(GIVEN, "bare.db"), "artillery", DAY, None, 120, tmp_path / "bare")
    build(book(gave), "artillery", DAY, None, 120, tmp_path / "m")
    found = rows(tmp_path / "m", "supplies")
    assert total(found, item="barrel", day="0") == 6
    assert total(found, item="barrel", day="30") == 12
    # 31 pieces at tempo 1 in the east, 20 at 0.8 in the south: 12 of 18 spares go east.
    assert total(found, item="barrel", site="east") == 12
    # A board is in no gun: it lies at the top.
    assert total(found, item="board", site="abroad", day="30") == 2
    before = forecast(read_model(tmp_path / "bare"), 120)
    after = forecast(read_model(tmp_path / "m"), 120)
    gain = [b - a for a, b in zip(before.series[0].ready, after.series[0].ready, strict=True)]
    assert min(gain) > -1e-6
    assert gain[-1] > 1.0


def test_needs_add_up_over_what_stood_before_them(book: Book, tmp_path: Path) -> None:
    """30 stood when the needs began: 30 + 40 are required from day 31, 30 + 40 + 10 from 59."""
    needs = [
        need("need:1", "40", "2022-09-15/2023-02-01"),
        need("need:2", "10", "2022-09-15/2023-03-01"),
        need("need:3", "99", "2022-09-15/2023-12-01"),
        need("need:4", "500", "2022-09-15/2023-01-15", origin="sustainment"),
    ]
    built = build(book([*GIVEN, *needs]), "artillery", DAY, None, 90, tmp_path / "m")
    found = rows(tmp_path / "m", "requirement")
    assert total(found, from_day="31", to_day="59", source="need:1") == 70
    assert total(found, from_day="59", to_day="", source="need:2") == 80
    assert len(found) == 4
    assert [each.value for each in built.findings if each.code == "after-horizon"] == ["need:3"]


def test_unknown_quantities_are_said_and_never_zero(book: Book, tmp_path: Path) -> None:
    """A delivery without a quantity is named; so is a cancelled line taken out of the promises."""
    entries = [
        *GIVEN,
        said("c", "delivery", None, "2022-11-01"),
        said("d", "commitment", "40", "2022-11-01", due="2023-01-20"),
        said("d", "cancelled", "40", "2022-12-01"),
    ]
    built = build(book(entries), "artillery", DAY, None, 90, tmp_path / "m")
    assert total(rows(tmp_path / "m", "fleets")) == 51
    assert "howitzer_155: 1" in [x.value for x in built.findings if x.code == "undisclosed"]


def test_the_folder_names_what_it_was_made_of_and_is_the_same_again(
    book: Book, tmp_path: Path
) -> None:
    """origin.json holds the ledger's root; building again gives the same bytes."""
    ledger = book(GIVEN)
    first = build(ledger, "artillery", DAY, DAY, 90, tmp_path / "m")
    origin = json.loads((tmp_path / "m/origin.json").read_text("utf-8"))
    assert origin["ledger_root"] == ledger.head().root
    assert (origin["as_of"], origin["known_at"]) == ("2023-01-01", "2023-01-01")
    before = {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()}
    second = build(ledger, "artillery", DAY, DAY, 90, tmp_path / "m")
    assert {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()} == before
    assert first.model_sha256 == second.model_sha256
    assert not list(tmp_path.glob(".building-*"))


def test_other_folders_are_left_alone(book: Book, tmp_path: Path) -> None:
    """A folder with other things, a sample, a file, a missing parent: refused, untouched."""
    ledger = book(GIVEN)
    other = tmp_path / "papers"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    shutil.copytree(find_sample("winter"), tmp_path / "own")
    (tmp_path / "file").write_text("x")
    for name in ("papers", "own", "file", "no/where"):
        with pytest.raises(InputError):
            build(ledger, "artillery", DAY, None, 90, tmp_path / name)
    assert (other / "letter.txt").read_text() == "dear"
    assert (tmp_path / "file").read_text() == "x"


def test_a_ledger_without_the_systems_is_an_error(book: Book, tmp_path: Path) -> None:
    """Nothing delivered of the rates' systems: an error, and no folder is left behind."""
    with pytest.raises(InputError, match="generator"):
        build(book(GIVEN), "winter", DAY, None, 90, tmp_path / "m")
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("attrition.csv", "0.0006,,assumed", "0.0006,,guessed", "attrition.csv:2:basis"),
        ("lrus.csv", "120,assumed", "120,", "lrus.csv:2:basis"),
        ("parts.csv", "sourced,https://microgmx.com", "sourced,,", "parts.csv:2"),
        ("names.csv", "howitzer_155,howitzer155", "howitzer_155,cannon", "names.csv:2:name"),
        ("parts.csv", "0.0079", "-1", "parts.csv:2:removals_per_day"),
    ],
)
def test_slips_of_the_rates_have_their_place(
    book: Book, tmp_path: Path, file: str, old: str, new: str, where: str
) -> None:
    """A row without a basis, a sourced one without a link, a wrong name: file, row, column."""
    folder = tmp_path / "rates"
    shutil.copytree(find_sample("artillery"), folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build(book(GIVEN), str(folder), DAY, None, 90, tmp_path / "m")
    assert caught.value.where.startswith(where)
    assert not (tmp_path / "m").exists()


def test_days_out_of_range_are_refused(book: Book, tmp_path: Path) -> None:
    """No horizon, an endless one, a negative slip, the end of the calendar."""
    ledger = book(GIVEN)
    for days, slip, start in ((0, 0, DAY), (10**6, 0, DAY), (9, -1, DAY), (9, 0, date.max)):
        with pytest.raises(UsageError):
            build(ledger, "artillery", start, None, days, tmp_path / "m", slip_days=slip)


def test_the_command_in_both_forms(book: Book, tmp_path: Path) -> None:
    """--json prints one document; the table is French when asked."""
    book(GIVEN).close()
    words = ["sustain", "build", "--as-of", "2023-01-01", "--ledger", str(tmp_path / "ledger.db")]
    words += ["--out", str(tmp_path / "m")]
    found = json.loads(run.invoke(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert found["rows"]["fleets"] == 2
    assert found["model"] == "m"
    shown = run.invoke(app, words, catch_exceptions=False)
    assert shown.exit_code == 0
    assert "fleets.csv" in shown.stdout
