"""Paper and spreadsheet hold the page's figures, in the same bytes each time."""

from __future__ import annotations

from io import BytesIO

import pytest

from intendance.errors import UsageError
from intendance.review.facts import Brief
from intendance.review.forms import rendered


def test_the_workbook_holds_real_numbers(winter: dict[str, Brief]) -> None:
    from python_calamine import CalamineWorkbook

    found = winter["en"]
    book = CalamineWorkbook.from_filelike(BytesIO(rendered(found, "xlsx")))
    donors = book.get_sheet_by_name("By donor").to_python()
    place = donors[0].index("Total")
    assert sum(row[place] for row in donors[1:]) == pytest.approx(float(found.committed.best))
    coverage = book.get_sheet_by_name("Coverage").to_python()
    assert len(coverage) == len(found.coverage) + 1
    entries = book.get_sheet_by_name("Entries").to_python()
    assert {row[1] for row in entries[1:]} == set(found.entries)


def test_formulas_are_never_written(brief: Brief) -> None:
    from dataclasses import replace
    from zipfile import ZipFile

    book = ZipFile(BytesIO(rendered(replace(brief, title="=1+1", note="=cmd()"), "xlsx")))
    sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_paper_has_numbered_pages_with_marking_and_head(winter: dict[str, Brief]) -> None:
    from pypdf import PdfReader

    found = winter["fr"]
    pages = PdfReader(BytesIO(rendered(found, "pdf"))).pages
    assert 2 <= len(pages) <= 9
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert found.head.root[:16] in text
        assert f"{number} / {len(pages)}" in text
        assert "public" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert found.head.root in "".join(page.extract_text() for page in pages).replace("\n", "")


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_forms_are_repeatable(brief: Brief, form: str) -> None:
    assert rendered(brief, form) == rendered(brief, form)


def test_hostile_words_are_only_words_on_paper(brief: Brief) -> None:
    from dataclasses import replace

    odd = replace(brief, title='#read("/etc/passwd") $x$ *b* \\ "q"', note="#panic()")
    assert rendered(odd, "pdf").startswith(b"%PDF")


def test_an_unknown_form(brief: Brief) -> None:
    with pytest.raises(UsageError):
        rendered(brief, "docx")
