"""The ledger as files: byte-identical there and back, tampering refused, tables whole."""

from __future__ import annotations

import csv
import io
import json

import pytest
import python_calamine

from intendance.errors import InputError, UsageError
from intendance.exchange.exporting import COLUMNS, FORMATS, export
from intendance.exchange.jsonl import import_jsonl, lines_of
from intendance.exchange.tables import decode
from intendance.ledger.ledger import Ledger
from intendance.model.interval import Interval


@pytest.fixture
def told(ledger, make):
    ledger.post(
        [
            make("t:1", "10.50", donor="Türkiye", count="3", item_text='=1+1 "quoted"\nline'),
            make("t:2", Interval.of(5, "at least"), stage="pledge"),
            make("t:3", Interval.undisclosed(), valid=None),
        ]
    )
    return ledger


@pytest.fixture
def other(tmp_path):
    with Ledger.create(str(tmp_path / "other.db")) as made:
        yield made


def write(tmp_path, text):
    path = tmp_path / "ledger.jsonl"
    path.write_text(text, "utf-8")
    return path


def test_jsonl_comes_back_byte_for_byte_with_the_same_root(told, other, tmp_path):
    text = export(told, "jsonl")
    done = import_jsonl(other, write(tmp_path, text))
    assert (done.rows, done.entries, done.root) == (3, 3, told.head().root)
    assert "".join(lines_of(other)) == text
    again = import_jsonl(other, write(tmp_path, text))
    assert (again.entries, again.merged) == (0, 3)


def test_a_changed_line_is_refused(told, other, tmp_path):
    text = export(told, "jsonl")
    first, second, third = text.splitlines()
    swapped = write(tmp_path, f"{second}\n{first}\n{third}\n")
    with pytest.raises(InputError, match="does not fit the chain"):
        import_jsonl(other, swapped)
    with pytest.raises(InputError, match="its id does not fit") as refused:
        import_jsonl(other, write(tmp_path, text.replace('"best":"5"', '"best":"6"')))
    assert refused.value.where == "ledger.jsonl:2"
    assert other.head().entries == 0


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"line": "x"}', '{"body": {"line": 1}}', "NaN"])
def test_a_line_that_is_no_entry_is_set_aside(other, tmp_path, line):
    done = import_jsonl(other, write(tmp_path, line + "\n"))
    assert (done.rows, done.entries, len(done.set_aside)) == (1, 0, 1)
    assert done.set_aside[0].where.row == 1


def test_an_empty_jsonl_is_refused(other, tmp_path):
    with pytest.raises(InputError, match="holds no lines"):
        import_jsonl(other, write(tmp_path, "\n\n"))


def test_csv_holds_a_row_an_entry(told):
    rows = list(csv.DictReader(io.StringIO(export(told, "csv"))))
    assert [row["line"] for row in rows] == ["t:1", "t:2", "t:3"]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["item_text"] == '=1+1 "quoted"\nline'
    assert (rows[1]["amount_low"], rows[1]["amount_high"]) == ("5", "")
    assert rows[2]["amount_qualifier"] == "undisclosed"


def test_xlsx_holds_numbers_and_no_formulas(told):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(export(told, "xlsx")))
    rows = book.get_sheet_by_name("entries").to_python()
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["amount_best"] == 10.5
    assert first["item_text"].startswith("=1+1")
    assert len(rows) == 4


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_bytes_twice_and_takes_an_empty_ledger(told, other, name):
    assert export(told, name) == export(told, name)
    assert export(other, name) is not None


def test_an_unknown_format_is_named(told):
    with pytest.raises(UsageError, match="'pdf'"):
        export(told, "pdf")


def test_what_is_not_public_stays_out_of_files_for_others(ledger, make):
    ledger.post([make("t:1", "10"), make("t:2", "20", marking="private:Poland")])
    for name in ("iati", "fts", "hxl"):
        notes: list[str] = []
        content = export(ledger, name, notes)
        text = content.decode() if isinstance(content, bytes) else content
        assert "t:2" not in text
        assert notes == ["1 entries that are not public are left out."]
    assert len(json.loads(export(ledger, "fts"))["data"]["flows"]) == 1


@pytest.mark.parametrize("data", [b"\x00", b"\x00\xd8\x00\xd8", b"\xff\xfe\x00", b"\x00a\x00"])
def test_half_a_letter_at_the_end_is_no_traceback(data):
    assert isinstance(decode(data, "x"), str)
