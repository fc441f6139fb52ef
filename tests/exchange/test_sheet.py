"""Spreadsheets there and back: both languages, bad cells by address, nothing half taken."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter

from intendance.errors import InputError, UsageError
from intendance.exchange.importing import import_file
from intendance.exchange.layout import KINDS, fields, meaning, offered
from intendance.exchange.sheet import corrected, read_drafts
from intendance.exchange.template import template
from intendance.model.entry import Quantity
from intendance.model.interval import Interval

DAY = date(2023, 6, 1)
ROWS = {
    "needs": ["N1", "main battle tanks", "300", "", "", "Ukraine", "", "", "2023-09-30"],
    "pledges": ["P1", "Poland", "Ukraine", "military", "", "Leopard 2A4", "14", "at least",
                "", "", "", "commitment", "2023-01-25"],
    "stocks": ["S1", "Poland", "", "Leopard 2A4", "20", "", "", "5", "Poland", "2023-03-01"],
    "deliveries": ["P1", "Poland", "Ukraine", "military", "", "Leopard 2A4", "4", "", "", "", "",
                   "handover", "2023-02-24"],
}  # fmt: skip
FRENCH = {
    "main battle tanks": "chars de combat",
    "Poland": "Pologne",
    "military": "militaire",
    "at least": "au moins",
    "commitment": "engagement",
    "handover": "remise",
    "2023-01-25": "25/01/2023",
}


def heads(kind, language):
    return [field.head(language) for field in fields(kind)]


@pytest.fixture
def write(tmp_path):
    def as_csv(lines, name="sheet.csv", separator=",", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join(separator.join(cells) for cells in lines).encode(encoding))
        return path

    return as_csv


@pytest.fixture
def as_book(tmp_path):
    def write(lines, name="sheet.xlsx", sheet="data", below=0):
        path = tmp_path / name
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(lines):
            for at, cell in enumerate(cells):
                page.write(number + below, at, cell)
        book.close()
        return path

    return write


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_template_opens_and_says_what_each_column_holds(kind, language):
    content = template(kind, language)
    assert content == template(kind, language)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    page, lists, help_page = (book.get_sheet_by_name(each).to_python() for each in book.sheet_names)
    assert page[0] == heads(kind, language)
    assert len(help_page) == len(fields(kind)) + 1
    assert lists[0]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
    assert xml.count("<dataValidation ") == len(fields(kind))
    assert xml.count('type="list"') == sum(bool(offered(each, language)) for each in fields(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_offered_word_is_understood(kind):
    for field in fields(kind):
        for language in ("en", "fr"):
            assert len(field.help(language)) <= 255, field.name
            if field.type not in ("party", "currency"):
                for word in offered(field, language):
                    assert meaning(field.type, word), (field.name, word)


@pytest.mark.parametrize("kind", KINDS)
def test_french_and_english_rows_give_the_same_entry(write, kind):
    english = write([heads(kind, "en"), ROWS[kind]])
    (first,) = read_drafts(english, DAY).entries
    row = [FRENCH.get(cell, cell) for cell in ROWS[kind]]
    french = write([heads(kind, "fr"), row], separator=";", encoding="utf-16")
    (second,) = read_drafts(french, DAY).entries
    assert first == second


def test_what_the_four_kinds_become(write):
    found = {
        kind: read_drafts(write([heads(kind, "en"), ROWS[kind]]), DAY).entries[0] for kind in KINDS
    }
    assert (found["needs"].topic, found["needs"].line) == ("need", "need:N1")
    assert str(found["needs"].valid) == "/2023-09-30"
    pledge = found["pledges"]
    assert (pledge.stage, pledge.capability, pledge.item) == ("commitment", "tank", "leopard-2a4")
    assert (pledge.quantity.amount.low, pledge.quantity.amount.high) == (14, None)
    assert found["stocks"].marking == "private:Poland"
    assert found["stocks"].term("floor") == "5"
    assert found["deliveries"].line == pledge.line == "sheet:P1"
    assert found["deliveries"].stage == "handover"


def test_a_workbook_with_other_order_title_and_real_dates(as_book):
    lines = [
        ["montant", "remarque à part", "annoncé le", "donateur", "monnaie"],
        ["1 234 567,5", "x", "25/01/2023", "Allemagne", "eur"],
        [1000.25, "", "2023-01-26", "France", "EUR"],
    ]
    drafts = read_drafts(as_book(lines, below=3), DAY)
    assert [entry.money.amount.best for entry in drafts.entries] == [
        Decimal("1234567.50"),
        Decimal("1000.25"),
    ]
    assert str(drafts.entries[0].valid) == "2023-01-25"
    assert [note.where.column for note in drafts.notes] == ["B4"]


BAD = [
    ["reference", "donor", "item", "quantity", "amount", "currency", "announced on", "stage"],
    ["1", "Poland", "tank", "5", "", "", "2023-01-02", ""],
    ["2", "Polland", "tank", "5", "", "", "2023-01-02", ""],
    ["3", "Poland", "tank", "-5", "", "", "2923-01-02", "dreamt"],
    ["4", "Poland", "", "", "12", "", "2023-01-02", ""],
    ["1", "Poland", "truck", "7", "", "", "2023-01-02", ""],
]


def test_bad_cells_are_reported_by_address_and_nothing_is_imported(write, ledger):
    done = import_file(ledger, "sheet", write(BAD), recorded_on=DAY)
    cells = [finding.where.column for finding in done.set_aside if finding.where.column]
    assert cells == ["B3", "D4", "G4", "H4", "F5", "A6"]
    assert ledger.head().entries == 0
    assert done.rows == 5 == done.entries + done.merged + done.rows_set_aside
    assert len(done.as_record()["set_aside"]) == 5
    assert [each["column"] for each in done.as_record()["set_aside"][1]["cells"]] == [
        "D4", "G4", "H4",
    ]  # fmt: skip


def test_the_good_rows_alone_are_taken_when_asked(write, ledger):
    done = import_file(ledger, "sheet", write(BAD), recorded_on=DAY, accept_good=True)
    assert (done.rows, done.entries, done.rows_set_aside) == (5, 1, 4)
    assert [entry.line for entry in ledger.entries()] == ["sheet:1"]


def test_the_corrected_sheet_marks_the_bad_cells_and_reads_the_same(write, tmp_path):
    path = write(BAD)
    drafts = read_drafts(path, DAY)
    content = corrected(path, drafts.set_aside)
    marked = tmp_path / "marked.xlsx"
    marked.write_bytes(content)
    again = read_drafts(marked, DAY)
    first, second = (sorted(each.sentence for each in one.set_aside) for one in (drafts, again))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        comments = packed.read("xl/comments1.xml").decode()
    assert sorted(re.findall(r'<comment ref="([A-Z]+\d+)"', comments)) == sorted(
        each.where.column for each in again.set_aside
    )
    assert "is Poland meant?" in comments


def test_a_mended_sheet_is_taken_whole_and_a_second_time_adds_nothing(write, ledger):
    good = [BAD[0], BAD[1], ["2", *BAD[1][1:]]]
    done = import_file(ledger, "sheet", write(good), recorded_on=DAY)
    assert (done.rows, done.entries) == (2, 2)
    again = import_file(ledger, "sheet", write(good), recorded_on=DAY)
    assert (again.entries, again.merged, again.posted) == (0, 2, 0)


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("nan", "quantity"),
        ("inf", "quantity"),
        ("1e400", "quantity"),
        ("five", "quantity"),
        ("99999999999999999999", "quantity"),
        ("31/31/2023", "announced on"),
        ("x", "announced on"),
        ("", "donor"),
        ("", "announced on"),
        ("EURO", "currency"),
    ],
)
def test_one_bad_cell_is_one_finding(write, cell, column):
    row = list(BAD[1])
    row[BAD[0].index(column)] = cell
    drafts = read_drafts(write([BAD[0], row]), DAY)
    (finding,) = drafts.set_aside
    assert finding.where.column == "ABCDEFGH"[BAD[0].index(column)] + "2"
    assert not drafts.entries


@pytest.mark.parametrize(
    ("word", "meant"),
    [("unit", "piece"), ("unités", "piece"), ("Pcs", "piece"), ("tonnes", "t"), ("doses", "dose")],
)
def test_a_unit_may_be_named_as_people_do(write, word, meant):
    lines = [["donor", "item", "quantity", "unit", "announced on"]]
    lines.append(["Norway", "generator", "4", word, "2023-02-01"])
    (entry,) = read_drafts(write(lines), DAY).entries
    assert entry.quantity == Quantity(Interval.exact(4), meant)


@pytest.mark.parametrize(("word", "said"), [("doze", "is dose meant?"), ("lorry", "piece, round")])
def test_a_word_that_is_not_listed_is_told_what_is(write, word, said):
    lines = [["donor", "item", "quantity", "unit", "announced on"]]
    lines.append(["Norway", "generator", "4", word, "2023-02-01"])
    (finding,) = read_drafts(write(lines), DAY).set_aside
    assert finding.sentence.startswith("this is not in the list")
    assert said in finding.sentence


def test_unknown_parties_are_kept_with_a_warning(write):
    row = ["1", "Rotary Club of Lviv", *BAD[1][2:]]
    drafts = read_drafts(write([BAD[0], row]), DAY)
    assert [entry.donor for entry in drafts.entries] == ["Rotary Club of Lviv"]
    assert [note.where.column for note in drafts.notes] == ["B2"]


def test_a_monthly_need_says_from_when(write):
    lines = [["capability", "quantity", "per", "needed by"], ["tank", "5", "month", "2023-09-30"]]
    assert "first day" in read_drafts(write(lines), DAY).set_aside[0].sentence
    dated = [[*lines[0], "needed from"], [*lines[1], "2023-05-01"]]
    (entry,) = read_drafts(write(dated), DAY).entries
    assert str(entry.valid) == "2023-05-01/2023-09-30"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([["a", "b"], ["1", "2"]], "is no sheet of needs, pledges"),
        ([["donor", "amount"], ["Poland", "3"]], "lacks the columns announced on"),
        ([BAD[0]], "heads but no rows"),
    ],
)
def test_a_sheet_of_no_kind_is_refused(write, lines, words):
    with pytest.raises(InputError, match=words):
        read_drafts(write(lines), DAY)


def test_an_unknown_kind_of_template_is_refused():
    with pytest.raises(UsageError, match="'wishes'"):
        template("wishes", "en")


def test_pledges_are_never_booked_as_needs(tmp_path):
    """A sheet with donors and amounts that lacks a pledge's own column is refused, saying which."""
    path = tmp_path / "guess.csv"
    heads = "reference,donor,recipient,stage,item,capability,quantity,due,amount,currency,day"
    path.write_text(f"{heads}\nP1,Poland,Ukraine,pledge,Leopard 2 tank,main battle tanks,14,"
                    "2023-06-30,,,2023-05-12\n", "utf-8")  # fmt: skip
    with pytest.raises(InputError, match="looks like a sheet of"):
        read_drafts(path, DAY)
