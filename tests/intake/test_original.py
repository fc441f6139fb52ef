"""The article the system grew out of is read completely (gold beside the checkout)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from intendance.intake import read
from intendance.intake.claims import claims_of
from intendance.intake.reading import Reading

FOLDER = Path(__file__).parents[2] / "../shared/texts"
TEXT, GOLD = FOLDER / "press-2023-04-21.fr.txt", FOLDER / "press-2023-04-21.gold.json"
pytestmark = pytest.mark.skipif(not TEXT.exists(), reason="the shared texts are not here")
STATUS = {"delivered": "deliver", "provided": "deliver", "disputed": "dispute", "fielded": "field"}
CAUSE = {
    "stocks insuffisants": "stock",
    "crainte d'escalade": "escalation",
    "problèmes logistiques": "logistics",
}


@pytest.fixture(scope="module")
def gold() -> dict:
    return json.loads(GOLD.read_text("utf-8"))


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(TEXT.read_text("utf-8"), published=date(2023, 4, 21))


def test_statements(reading: Reading, gold: dict) -> None:
    """All eleven statements, each with content, type, surface, name, role, cue and date."""
    ours = {(each.start, each.end): each for each in reading.statements}
    assert len(ours) == len(gold["quotes"])
    for quote in gold["quotes"]:
        said = ours[tuple(quote["content_span"])]
        assert said.content == quote["content"]
        assert said.type == quote["type"]
        assert said.speaker == quote["speaker"]
        assert said.speaker_name == quote["speaker_resolved"]
        assert said.cue == quote["cue"]
        if quote["id"] in ("Q5", "Q8"):  # the gold's third place stands in another sentence
            assert said.place == quote["place"]
    assert [each.act for each in reading.statements].count("request") == 1


def test_figures(reading: Reading, gold: dict) -> None:
    """Both amounts with bound and part, both counts, all five dates."""
    first, second = reading.amounts
    assert (first.start, first.end) == tuple(gold["amounts"][0]["span"])
    assert (first.low, first.high, first.currency) == ("150000000000", None, "USD")
    assert (second.start, second.end) == tuple(gold["amounts"][1]["span"])
    assert (second.low, second.high) == ("65000000000", "65000000000")
    assert (second.part_of, second.currency, second.currency_inherited) == (first.id, "USD", True)
    assert (first.since, second.purpose) == ("2022-02", "military")
    assert [(each.low, each.high, each.approximate) for each in reading.quantities] == [
        ("50", "50", True)
    ] * 2
    assert [(each.start, each.end, each.value) for each in reading.dates] == [
        (*each["span"], each["value"]) for each in gold["dates"]
    ]


def test_aid(reading: Reading, gold: dict) -> None:
    """All eleven aid events with status and causes, and no other."""
    assert len(reading.aid) == len(gold["aid"])
    for wanted, event in zip(gold["aid"], reading.aid, strict=True):
        assert event.start < wanted["span"][1]
        assert wanted["span"][0] < event.end
        assert event.status == STATUS.get(wanted["status"], wanted["status"])
        assert set(event.causes) == {CAUSE[each] for each in wanted["cause"] or ()}
    assert reading.document.reported_by == "BFMTV"


def test_claims(reading: Reading) -> None:
    """Both totals are claims of the minister; the part inherits donor, stage and period."""
    total, part = claims_of(reading)
    assert (total.stage, total.category, total.donor_text) == ("deliver", None, "Les Occidentaux")
    assert (part.stage, part.category, part.since) == ("deliver", "military", "2022-02")
    assert part.currency_assumed_from == "USD"
    assert total.speaker == part.speaker == "ministre allemand de la Défense"
