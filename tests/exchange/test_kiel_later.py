"""The tracker's later layout: allocations and commitments are two stages, never one sum."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from intendance.exchange.importing import import_file
from intendance.exchange.kiel import read_drafts
from intendance.ledger.definition import Definition

DAY = date(2025, 3, 1)
HEADS = [
    "", "activity_id", "sub_activity_id", "donor", "announcement_date", "aid_type_general",
    "aid_type_specific", "measure", "reporting_currency", "source_reported_value",
    "tot_activity_value_EUR", "tot_sub_activity_value_EUR",
    "tot_sub_activity_value_EUR_redistr", "tot_value_deliv_EUR", "item", "item_numb", "extra",
]  # fmt: skip
ROWS = [
    # The activity's total stands on its first row, the sub-activities carry allocations.
    ["", "A1", "A1.1", "Poland", "2024-01-10", "Military", "Weapons", "Allocation", "EUR", "600",
     "1000", "600", "600", "250", "T-72 tank", "6", "x"],
    ["", "A1", "A1.2", "Poland", "2024-01-10", "Military", "Weapons", "Allocation", "EUR", "300",
     "", "300", "300", "", "Javelin", "30", ""],
    ["", "A2", "A2.1", "EU (Commission and Council)", "2024-02-01", "Financial", "Loan",
     "Commitment", "EUR", "5000", "5000", "", "", "", "", "", ""],
    ["", "A3", "A3.1", "Japan", "2024-02-30", "Humanitarian", "Grant", "Allocation", "JPY",
     "70000", "", "450", "450", "450", "", "", ""],
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def write(rows, name="later.csv"):
        text = io.StringIO()
        csv.writer(text).writerows([[], ["", "a title above"], HEADS, *rows])
        path = tmp_path / name
        path.write_text(text.getvalue(), "utf-8")
        return path

    return write


def best(ledger, stage):
    return ledger.total(Definition(stage=stage)).total.best


def test_commitments_allocations_and_deliveries_are_kept_apart(file, ledger):
    done = import_file(ledger, "kiel", file(ROWS), recorded_on=DAY)
    assert done.rows == 4 == done.entries + done.merged + len(done.set_aside)
    assert best(ledger, "commitment") == Decimal(1000 + 5000)
    assert best(ledger, "allocation") == Decimal(600 + 300 + 450)
    assert best(ledger, "delivery") == Decimal(250 + 450)


def test_an_allocation_without_a_commitment_leaves_that_undisclosed(file, ledger):
    import_file(ledger, "kiel", file(ROWS), recorded_on=DAY)
    found = ledger.total(Definition(where=(("donor", "Japan"),))).total
    assert (found.best, found.undisclosed) == (0, 1)


def test_a_second_import_adds_nothing(file, ledger):
    path = file(ROWS)
    import_file(ledger, "kiel", path, recorded_on=DAY)
    again = import_file(ledger, "kiel", path, recorded_on=DAY)
    assert (again.posted, again.entries) == (0, 0)


def test_unknown_columns_are_reported_and_bad_rows_set_aside(file):
    rows = [*ROWS, ["", "", "B", "Poland", "2024-01-10", "Military", "", "Allocation", *[""] * 9]]
    rows.append(["", "B2", "B", "Poland", "2924-01-10", "Military", "", "Allocation", *[""] * 9])
    drafts = read_drafts(file(rows), DAY)
    assert {note.where.column for note in drafts.notes} >= {"extra"}
    reasons = [finding.sentence for finding in drafts.set_aside]
    assert reasons == ["the row names no activity", "the year 2924 is out of range"]


def test_a_number_that_is_none_is_set_aside(file):
    rows = [list(row) for row in ROWS]
    rows[1][12] = "about 300"
    drafts = read_drafts(file(rows), DAY)
    assert [finding.where.row for finding in drafts.set_aside] == [5]


def test_release_18_has_commitments_and_allocations_that_are_never_added(ledger, tmp_path):
    """Converted values of all rows are commitments, allocated totals only of allocation rows."""
    path = tmp_path / "r18.csv"
    path.write_text(
        "ID,Countries,Announcement Date,Type of Aid General,Type of donation,"
        "Original Currency,Total,Converted Value in EUR,Allocated Total in EUR (redistributed)\n"
        "DE1,Germany,2024-01-05,Military,Allocation,EUR,100,100,60\n"
        "DE1,Germany,2024-01-05,Military,Allocation,EUR,,,30\n"
        "DE2,Germany,2024-01-06,Military,Commitment,EUR,500,500,500\n"
        "FR1,France,2024-01-07,Military,Allocation,EUR,,,7\n",
        "utf-8",
    )
    day = date(2024, 6, 1)
    done = import_file(ledger, "kiel", path, recorded_on=day)
    assert (done.rows, done.entries, done.merged, done.set_aside) == (4, 4, 0, ())
    sums = {
        stage: ledger.total(Definition(stage=stage)).total
        for stage in ("commitment", "allocation", "delivery")
    }
    assert [each.best for each in sums.values()] == [600, 97, 0]
    assert sums["commitment"].undisclosed == 1
    assert import_file(ledger, "kiel", path, recorded_on=day).posted == 0
