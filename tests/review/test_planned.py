"""The brief's part on a plan: its figures are the plan's, in both languages and all three forms."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from intendance.errors import InputError
from intendance.plan.instances import SIZES, generate
from intendance.plan.read import read_problem
from intendance.plan.result import write_files, write_plan
from intendance.plan.solve import solve
from intendance.review.facts import Brief, Section, Table
from intendance.review.forms import rendered
from intendance.review.planned import Planned, plan_section, read_planned


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("planned")
    write_files(place / "problem", generate(SIZES["tiny"], 3))
    problem, _ = read_problem(place / "problem")
    write_plan(problem, solve(problem, gap=0.05), place / "plan")
    return place / "problem", place / "plan"


@pytest.fixture(scope="module")
def planned(folders: tuple[Path, Path]) -> Planned:
    (folders[1] / "unmet.csv").unlink(missing_ok=True)
    return read_planned(*folders, "en", last=folders)


def table(section: Section, name: str) -> Table:
    return next(block for block in section.blocks if getattr(block, "name", "") == name)


def test_the_tables_hold_the_plan(planned: Planned) -> None:
    section = plan_section(planned, "en")
    problem = planned.problem
    shipments = table(section, "Shipments")
    assert sum(float(row[2]) for row in shipments.rows) == pytest.approx(
        sum(x.quantity for x in planned.shipments), abs=1e-2
    )
    burden = table(section, "Burden")
    assert sum(float(row[2]) for row in burden.rows) == pytest.approx(1, abs=1e-3)
    missing = table(section, "Unmet needs")
    assert sum(float(row[2]) for row in missing.rows) == pytest.approx(
        sum(x.quantity for x in planned.unmet), abs=1e-2
    )
    plans = {row[0]: row[1] for row in table(section, "Plan").rows}
    assert float(plans["this plan"]) == pytest.approx(planned.figures.shortfall, abs=1e-3)
    assert float(plans["proven lower bound"]) <= float(plans["this plan"]) + 1e-3
    assert float(plans["this plan"]) <= float(plans["filling one need after another"]) + 1e-3
    flows = table(section, "Flows")
    for row in flows.rows:
        assert sum(float(x) for x in row[2:-1]) == pytest.approx(float(row[-1]), abs=0.5)
    fullest = [float(row[2]) for row in table(section, "Corridors").rows]
    assert all(0 < x <= 1 + 1e-4 for x in fullest)
    assert problem.donors.ids


def test_the_same_plan_twice_differs_in_nothing(planned: Planned) -> None:
    names = [getattr(block, "name", "") for block in plan_section(planned, "en").blocks]
    assert "Since the last plan" not in names


def test_every_drawing_has_its_table_and_a_name_of_its_own(planned: Planned) -> None:
    section = plan_section(planned, "fr")
    names = [drawing.name for drawing in section.drawings]
    assert len(set(names)) == len(names) >= 4
    for drawing in section.drawings:
        assert drawing.above < len(section.tables)
        assert drawing.caption
        assert drawing.label
        for svg in (drawing.wide, drawing.narrow):
            assert svg.startswith("<svg")
            assert not re.search(r"#0[0-9a-f]0[0-9a-f]0[0-9a-f]\b", svg), (
                "a stand-in colour is left"
            )


def test_the_plan_stands_in_all_three_forms(planned: Planned, brief: Brief) -> None:
    from pypdf import PdfReader
    from python_calamine import CalamineWorkbook

    sections = (plan_section(planned, "en"),)
    full = replace(brief, sections=sections)
    page = rendered(full, "html").decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert "Who gives what, by when" in page
    paper = PdfReader(BytesIO(rendered(full, "pdf")))
    assert "Who carries what" in "".join(each.extract_text() for each in paper.pages)
    book = CalamineWorkbook.from_filelike(BytesIO(rendered(full, "xlsx")))
    assert {"Shipments", "Flows", "Corridors", "Caveats", "Burden"} <= set(book.sheet_names)


def test_a_plan_that_breaks_a_rule_is_not_shown(folders: tuple[Path, Path], tmp_path: Path) -> None:
    from shutil import copytree

    copytree(folders[1], tmp_path / "plan")
    shipments = tmp_path / "plan/shipments.csv"
    head, *rows = shipments.read_text("utf-8").splitlines()
    cells = rows[0].split(",")
    cells[3] = "999999"
    shipments.write_text("\n".join([head, ",".join(cells), *rows[1:]]) + "\n", "utf-8")
    with pytest.raises(InputError, match="cannot be shown"):
        read_planned(folders[0], tmp_path / "plan", "en")
