"""A further section: its drawings and tables stand on the page, on paper and in the workbook."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from intendance.review.charts import Piece, stacked_rows
from intendance.review.facts import Brief, Section, Table
from intendance.review.forms import rendered


def section(anchor: str = "plan") -> Section:
    pieces = [Piece("Japan", "sea", 0, 3.0), Piece("Norway", "sea", 0, 1.0)]
    drawing = stacked_rows(f"{anchor}-shares", pieces, {"Japan": "3", "Norway": "1"}, "t", "Shares")
    table = Table(
        "Lines",
        "Who gives what",
        ("donor", "tonnes", "by", "share"),
        ("text", "count", "day", "share"),
        (("Japan", Decimal(1234), date(2024, 3, 1), Decimal("0.5")), ("<b>N</b>", 1, None, None)),
    )
    plain = ("Plain: a/b [c]", ("head",), (("cell",),))
    second = replace(drawing, name=f"{anchor}-again", caption="Second caption", above=1)
    first = replace(drawing, caption="First caption")
    return Section(anchor, "What is planned", ("A <i>word</i>.",), (table, plain), (second, first))


def test_a_drawing_stands_above_its_table() -> None:
    found = section()
    names = [getattr(block, "name", "") for block in found.blocks]
    assert names == ["plan-shares", "Lines", "plan-again", "Plain: a/b [c]"]
    late = replace(found, drawings=(replace(found.drawings[0], above=9),))
    assert [getattr(block, "name", "") for block in late.blocks][-1] == "plan-again"


def test_the_page_shows_sections_with_numbers_drawings_and_typed_cells(brief: Brief) -> None:
    page = rendered(replace(brief, sections=(section(),)), "html").decode()
    start = page.index('<section id="plan"')
    part = page[start : page.index("</section>", start)]
    assert re.search(r'<h2 id="plan-h"><span class="no">\d+</span> What is planned', part)
    assert part.count('class="wide"') == part.count('class="narrow"') == 2
    assert part.index("First caption") < part.index("Who gives what") < part.index("Second caption")
    assert '<td class="r">1,234</td>' in part
    assert "1\u00a0March\u00a02024" in part
    assert "<b>N</b>" not in part
    assert "<i>word</i>" not in part
    assert '<a href="#plan">What is planned</a>' in page


def test_paper_holds_the_section(brief: Brief) -> None:
    from pypdf import PdfReader

    found = PdfReader(BytesIO(rendered(replace(brief, sections=(section(),)), "pdf")))
    text = " ".join("".join(page.extract_text() for page in found.pages).split())
    for words in ("What is planned", "First caption", "Who gives what", "Second caption", "1,234"):
        assert words in text


def test_the_workbook_gives_each_table_a_tab_of_its_own(brief: Brief) -> None:
    from python_calamine import CalamineWorkbook

    sections = (section(), section("other"))
    book = CalamineWorkbook.from_filelike(
        BytesIO(rendered(replace(brief, sections=sections), "xlsx"))
    )
    assert {"Lines", "Lines 2", "Plain a b c", "Plain a b c 2"} <= set(book.sheet_names)
    assert book.get_sheet_by_name("Lines").to_python()[1][1] == 1234
