"""The tracker's harder cases: cut-off files, repeated rows, decreases, held packages, commas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intendance.errors import InputError
from intendance.exchange.importing import import_file
from intendance.exchange.kiel import read_drafts
from intendance.ledger.definition import Definition

DAY, LATER = date(2023, 3, 2), date(2023, 4, 1)
HEADS = ["ID", "Countries", "Announcement Date", "Type of Aid General", "Original Currency"]
HEADS += ["Items", "Total ", "Converted Value in EUR"]


def write(path: Path, rows: list[str], separator: str = ",") -> Path:
    path.write_text("\n".join([separator.join(HEADS), *rows]) + "\n", "utf-8")
    return path


def test_the_same_file_on_another_day_adds_nothing(tmp_path, ledger):
    rows = ["A1,Poland,after 12/21/2022,Military,USD,T-72,105,100", "A2,Poland,unspecified,"]
    rows[1] += "Military,EUR,.,5,5"
    path = write(tmp_path / "a.csv", rows)
    first = import_file(ledger, "kiel", path, recorded_on=DAY)
    again = import_file(ledger, "kiel", path, recorded_on=LATER)
    assert first.posted == 4  # two commitments, one item, the release's rates
    assert (again.posted, again.merged) == (0, 2)


def test_packages_set_aside_are_not_withdrawn(tmp_path, ledger):
    good = "A1,Poland,2022-12-21,Military,EUR,.,100,100"
    import_file(ledger, "kiel", write(tmp_path / "a.csv", [good, good.replace("A1", "A2")]),
                recorded_on=DAY)  # fmt: skip
    bad = [good, good.replace("A1", "A2").replace("2022-12-21", "2922-12-21")]
    done = import_file(ledger, "kiel", write(tmp_path / "b.csv", bad), recorded_on=LATER)
    assert done.withdrawn == 0
    assert ledger.total(Definition()).total.best == 200


def test_a_file_cut_off_between_cells_is_refused(tmp_path, ledger):
    path = write(tmp_path / "a.csv", ["A1,Poland,2022-12-21,Military,EUR,.,100,100", "A2,Pol"])
    with pytest.raises(InputError, match="cut off"):
        import_file(ledger, "kiel", path, recorded_on=DAY)
    assert ledger.head().entries == 0


def test_a_row_with_money_that_stands_twice_counts_once(tmp_path, ledger):
    row = "A1,Poland,2022-12-21,Military,EUR,.,100,100"
    done = import_file(ledger, "kiel", write(tmp_path / "a.csv", [row, row]), recorded_on=DAY)
    assert (done.rows, done.entries, done.merged) == (2, 1, 1)
    assert ledger.total(Definition()).total.best == 100


def test_a_value_below_zero_takes_back(tmp_path, ledger):
    rows = ["A1,Poland,2022-12-21,Military,EUR,.,100,100"]
    rows.append("A2,Poland,2022-12-21,Military,EUR,.,-30,-30")
    import_file(ledger, "kiel", write(tmp_path / "a.csv", rows), recorded_on=DAY)
    assert ledger.total(Definition()).total.best == 70
    assert ledger.total(Definition(stage="delivery")).total.best == 0


def test_a_continental_csv_is_read(tmp_path):
    rows = ["A1;Poland;2022-12-21;Military;EUR;.;1 234,50;1.234,50"]
    drafts = read_drafts(write(tmp_path / "a.csv", rows, ";"), DAY)
    assert str(drafts.entries[0].money.amount.best) == "1234.50"
    assert not drafts.set_aside


def test_a_finding_names_the_files_own_column(tmp_path):
    rows = ["A1,Poland,2022-12-21,Military,EUR,.,100,abc", "A2,Poland,banana,Military,EUR,.,1,1"]
    drafts = read_drafts(write(tmp_path / "a.csv", rows), DAY)
    assert [each.where.column for each in drafts.set_aside] == ["Converted Value in EUR"]
    assert any(each.value == "banana" for each in drafts.notes)
