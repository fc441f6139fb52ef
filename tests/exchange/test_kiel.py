"""The tracker's files as people send them: damaged, re-encoded, rearranged, renamed."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from intendance.errors import InputError
from intendance.exchange.importing import import_file
from intendance.exchange.kiel import read_drafts
from intendance.ledger.definition import Definition

DAY = date(2023, 3, 2)
HEADS = [
    "ID", "Countries", "Announcement Date", "Type of Aid General", "Type of Aid Specific",
    "Original Currency", "Items", "Type of Item", "No. of Units",
    "No. of Units Delivered (in-kind military aid)", "Total ", "Converted Value in EUR",
    "Total monetary value delivered in EUR", "Source of Aid 1",
]  # fmt: skip
ROWS = [
    ["PLM1", "Poland", "2022-05-01", "Military", "Weapons", "PLN", "T-72 tank", "Heavy weapon",
     "14", "4", "46000000", "10000000", "2500000", "https://example.org/é"],
    ["PLM1", "Poland", "2022-05-01", "Military", "Weapons", "", "D-30 Howitzer", "Heavy weapon",
     "undisclosed", ".", ".", ".", "", ""],
    ["DEF1", "Germany", "until 12/20/2022", "Financial", "Grant", "EUR", ".", ".", ".", ".",
     "5000000", "5000000", "", ""],
    ["FRH1", "FInland", "between 3/20/2022 and 7/1/2022", "Humanitarian ", "Assistance", "EUR",
     "kits of\nfirst aid", ".", "12", ".", "1000", "1000.50", "", ""],
]  # fmt: skip


def as_csv(rows, separator=","):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


def write(folder, content, name="kiel.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sums(drafts):
    return {
        entry.line: entry.valuations[0].amount.best
        for entry in drafts.entries
        if entry.stage == "commitment" and entry.valuations and entry.money
    }


EXPECTED = {
    "kiel:PLM1": Decimal(10000000),
    "kiel:DEF1": Decimal(5000000),
    "kiel:FRH1": Decimal("1000.50"),
}


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ","),
        ("utf-16", ","),
        ("utf-16-le", ","),
        ("latin-1", ","),
        ("utf-8", ";"),
        ("utf-8", "\t"),
    ],
)
def test_every_usual_encoding_and_separator_gives_the_same(tmp_path, encoding, separator):
    path = write(tmp_path, as_csv([HEADS, *ROWS], separator).encode(encoding))
    drafts = read_drafts(path, DAY)
    assert sums(drafts) == EXPECTED
    assert "https://example.org/é" in {entry.source.url for entry in drafts.entries}


def test_a_workbook_whose_table_starts_lower_and_further_right(tmp_path):
    path = tmp_path / "kiel.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("ReadMe").write(0, 0, "not the data")
    sheet = book.add_worksheet("MAIN")
    for number, row in enumerate([HEADS, *ROWS]):
        for at, cell in enumerate(row):
            sheet.write(number + 5, at + 3, cell)
    book.close()
    drafts = read_drafts(path, DAY)
    assert sums(drafts) == EXPECTED
    assert min(entry.source.row for entry in drafts.entries if entry.source.row) == 7


def test_what_was_said_of_deliveries_and_quantities(tmp_path):
    drafts = read_drafts(write(tmp_path, as_csv([HEADS, *ROWS])), DAY)
    found = {(entry.line, entry.stage): entry for entry in drafts.entries}
    tank = found["kiel:PLM1/t-72-tank", "commitment"]
    assert (tank.quantity.amount.best, tank.capability) == (14, "tank")
    assert found["kiel:PLM1/t-72-tank", "delivery"].quantity.amount.best == 4
    given = found["kiel:PLM1", "delivery"]
    assert given.money.amount.best == Decimal(11500000)  # a quarter, in its own currency
    howitzer = found["kiel:PLM1/d-30-howitzer", "commitment"]
    assert not howitzer.quantity.amount.known
    assert found["kiel:FRH1", "commitment"].donor == "Finland"
    assert found["kiel:FRH1", "commitment"].category == "humanitarian"
    assert str(found["kiel:DEF1", "commitment"].valid) == "/2022-12-20"


def test_new_columns_are_reported_and_renamed_ones_refused_by_name(tmp_path):
    wide = [[*HEADS, "A new column"], *([*row, "x"] for row in ROWS)]
    drafts = read_drafts(write(tmp_path, as_csv(wide)), DAY)
    assert sums(drafts) == EXPECTED
    unused = [note.where.column for note in drafts.notes if note.code == "column-unused"]
    assert unused == ["A new column"]
    renamed = ["Worth in EUR" if head.startswith("Converted") else head for head in HEADS]
    with pytest.raises(InputError, match="converted value in eur"):
        read_drafts(write(tmp_path, as_csv([renamed, *ROWS])), DAY)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (0, "", "names no package"),
        (1, " ", "names no donor"),
        (2, "2922-01-01", "the year 2922 is out of range"),
        (2, "13/13/2022", "no such day"),
        (3, "Spiritual", "category"),
        (11, "abc", "not a number"),
        (11, "inf", "not a number"),
        (11, "1e99", "not a number"),
        (11, "-5", "below zero"),
        (10, "-0.01", "below zero"),
    ],
)
def test_an_unusable_row_is_set_aside_with_its_reason(tmp_path, ledger, column, value, reason):
    rows = [list(row) for row in ROWS]
    rows[2][column] = value
    path = write(tmp_path, as_csv([HEADS, *rows]))
    done = import_file(ledger, "kiel", path, recorded_on=DAY)
    assert [finding.where.row for finding in done.set_aside] == [4]
    assert reason in done.set_aside[0].sentence
    assert done.rows == 4 == done.entries + done.merged + 1
    assert ledger.verify().intact


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"a,b,c\n1,2,3\n", "is not a table of the Ukraine Support Tracker"),
        (as_csv([HEADS]).encode(), "has a header but no rows"),
        (as_csv([HEADS, *ROWS]).encode()[:-40], "cannot be read as csv"),
        (b"\x89PNG\x00\x00\x01", "is not a text file"),
        (b"PK\x03\x04 and then nothing", "cannot be read as a workbook"),
    ],
)
def test_a_wrong_or_damaged_file_is_refused_in_a_sentence(tmp_path, ledger, content, words):
    if b"first aid" in content:  # cut inside a quotation
        content = content[: content.index(b"kits of") + 3]
    with pytest.raises(InputError, match=words):
        import_file(ledger, "kiel", write(tmp_path, content), recorded_on=DAY)
    assert ledger.head().entries == 0


def test_a_truncated_workbook_is_refused(shared, tmp_path):
    whole = (shared / "data" / "kiel" / "R07_workbook_to_2022-10-03.xlsx").read_bytes()
    path = write(tmp_path, whole[: len(whole) // 2], "kiel.xlsx")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_drafts(path, DAY)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        read_drafts(tmp_path / "none.csv", DAY)
    with pytest.raises(InputError, match="is a folder"):
        read_drafts(tmp_path, DAY)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, ledger):
    path = write(tmp_path, as_csv([HEADS, *ROWS]))
    dry = import_file(ledger, "kiel", path, recorded_on=DAY, dry_run=True)
    assert ledger.head().entries == 0
    wet = import_file(ledger, "kiel", path, recorded_on=DAY)
    assert (dry.rows, dry.entries, dry.merged) == (wet.rows, wet.entries, wet.merged)
    assert (dry.posted, wet.posted > 0, wet.withdrawn) == (0, True, 0)


def test_the_next_release_withdraws_what_it_no_longer_holds(tmp_path, ledger):
    first = write(tmp_path, as_csv([HEADS, *ROWS]))
    import_file(ledger, "kiel", first, recorded_on=DAY)
    later = [row for row in ROWS if row[0] != "DEF1"]
    second = write(tmp_path, as_csv([HEADS, *later]), "later.csv")
    done = import_file(ledger, "kiel", second, recorded_on=date(2023, 6, 1))
    assert done.withdrawn == 1
    assert ledger.total(Definition()).total.best == Decimal("10001000.50")
    assert ledger.total(Definition(known_at=DAY)).total.best == Decimal("15001000.50")
