"""What lies ahead in the brief: each question has its table, its drawing and its French."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from intendance.review.facts import Brief, Section, Table
from intendance.review.forms import rendered
from intendance.review.readiness import Ahead, section_of
from intendance.sustain.asks import Ask
from intendance.sustain.model import Model
from intendance.sustain.outlook import RATE_SHAPE, Outlook, look_ahead, losses_of
from intendance.sustain.read import read_model
from intendance.sustain.samples import find_sample
from intendance.sustain.simulation import Wish

START = date(2023, 10, 1)


def model(name: str) -> Model:
    return read_model(find_sample(name))


@pytest.fixture(scope="module", params=["artillery", "winter"])
def outlook(request: pytest.FixtureRequest) -> Outlook:
    return look_ahead(request.param, model(request.param), Wish(90, 100, 3, rate_shape=RATE_SHAPE))


def table(section: Section, name: str) -> Table:
    (found,) = [each for each in section.tables if isinstance(each, Table) and each.name == name]
    return found


def test_every_question_has_its_table_and_drawing(outlook: Outlook) -> None:
    section = section_of(Ahead(outlook, START))
    names = [each.name for each in section.tables if isinstance(each, Table)]
    assert names == [
        "Readiness",
        "Requirements",
        "Days of supply",
        "Losses by cause",
        "Cost and availability",
        "Problem parts",
        "Pipelines",
        "Asks",
    ]
    assert {drawing.above for drawing in section.drawings} == set(range(7))
    assert len({drawing.name for drawing in section.drawings}) == len(section.drawings)
    for drawing in section.drawings:
        if "fan" in drawing.name or "days" in drawing.name:
            assert "100 futures, seed 3; standard error" in drawing.caption
    assert "100 futures of 90 days from 1\u00a0October\u00a02023, seed 3" in section.paragraphs[0]


def test_figures_are_those_of_the_futures(outlook: Outlook) -> None:
    section = section_of(Ahead(outlook, START))
    for row, cells in zip(outlook.result.meeting, table(section, "Requirements").rows, strict=True):
        assert round(float(str(cells[-4])), 3) == round(row.probability, 3)
        below = row.below_from_day["q50"]
        assert cells[-2] == (None if below is None else date.fromordinal(START.toordinal() + below))
    ready = [row.measures["ready"].by_statistic["q90"][-1] for row in outlook.result.series]
    assert [float(str(cells[7])) for cells in table(section, "Readiness").rows] == ready


def test_losses_add_up_to_what_arrived(outlook: Outlook) -> None:
    for loss in outlook.losses:
        parts = (loss.destroyed, loss.worn_out, loss.damaged, loss.transport, loss.repair)
        assert sum(parts) + loss.spares + loss.ready == pytest.approx(loss.arrived)
        assert min(*parts, loss.spares, loss.ready) >= -1e-9


def test_without_ways_and_repair_nothing_waits_for_them() -> None:
    plain = model("artillery")
    quick = replace(plain, sites=tuple(replace(each, ship_days=0.0) for each in plain.sites))
    (loss,) = losses_of(quick, 60)
    assert loss.transport == pytest.approx(0, abs=1e-9)
    assert loss.repair > 0.5


def test_asks_and_the_plan_come_from_the_caller(outlook: Outlook) -> None:
    ask = Ask("barrel", "east", 7.0, 30, -5, 0.5, "so it is")
    pairs = {(row.site, row.system): 12.0 for row in outlook.result.series}
    section = section_of(Ahead(outlook, START, asks=(ask,), with_plan=pairs))
    (row,) = table(section, "Asks").rows
    assert row[3:5] == (date(2023, 10, 31), date(2023, 9, 26))
    assert all(cells[-1] == 12 for cells in table(section, "Readiness").rows)


def test_the_page_is_french_and_every_form_holds_it(brief: Brief, outlook: Outlook) -> None:
    section = section_of(Ahead(outlook, START, "fr", asks=()))
    french = replace(brief, language="fr", sections=(section,))
    page = rendered(french, "html").decode()
    part = page[page.index(f'<section id="{section.anchor}"') :]
    part = re.sub(r"<[^>]*>", " ", part[: part.index("</section>")])
    for english in ("eight in ten", "ready", "required", "wait for", "under way", "standard"):
        assert english not in part
    for words in ("huit avenirs sur dix", "erreur type", "Matériels disponibles"):
        assert words in part
    assert rendered(french, "xlsx")[:2] == b"PK"
    assert BytesIO(rendered(french, "pdf")).read(4) == b"%PDF"
