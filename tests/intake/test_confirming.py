"""Every kind of proposal becomes the right entry, with its sentence; caveats reach the plan."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import intendance
from intendance.app.main import app
from intendance.intake import deciding, read
from intendance.intake.inbox import Inbox
from intendance.ledger.definition import Definition
from intendance.plan.hesitations import caveats_known, caveats_on

DAY = date(2024, 2, 9)
SAID = {
    "need": "L'Ukraine a demandé 30 groupes électrogènes à ses partenaires.",
    "pledge": "La Finlande livrera 40 groupes électrogènes en mai.",
    "commitment": "Le Danemark a signé un contrat pour 12 transformateurs destinés à l'Ukraine.",
    "allocation": "La Suède a débloqué 25 millions d'euros pour l'Ukraine.",
    "delivery": "La Pologne a livré 14 groupes électrogènes à l'Ukraine.",
    "caveat": "L'Allemagne hésite à livrer des groupes électrogènes, faute de stocks.",
    "claim": "Les Alliés ont fourni au total plus de 150 milliards de dollars à l'Ukraine.",
}


@pytest.fixture
def box(tmp_path):
    return Inbox(tmp_path / "inbox.jsonl")


def confirmed(box, ledger, kind):
    text = f"{SAID[kind]} Le temps était froid."
    added = box.add(read(text, published=DAY, outlet="Delta", language="fr"))
    (waiting,) = [each for each in added if each.kind == kind]
    deciding.confirm(box, ledger, waiting.id, person="Ada", reason="seen", recorded_on=DAY)
    return box.find(waiting.id), list(ledger.entries())[-1], text


@pytest.mark.parametrize("kind", SAID)
def test_a_proposal_of_each_kind_becomes_an_entry_with_its_source(box, ledger, kind):
    waiting, entry, text = confirmed(box, ledger, kind)
    assert entry.id == waiting.entry
    assert entry.topic == (kind if kind in ("need", "caveat", "claim") else "aid")
    assert kind in ("caveat", "claim") or entry.stage == kind
    assert (entry.by, entry.reason, entry.source.origin) == ("Ada", "seen", "Delta")
    assert entry.source.sentence == SAID[kind]
    assert ledger.show(entry.id).as_record()["sentence"] == SAID[kind]
    assert entry.source.document == waiting.document["sha256"][:16]
    for start, end in waiting.spans:
        assert text[start:end] in SAID[kind]


def test_figures_donors_and_causes_stand_in_the_entries(box, ledger):
    entries = {kind: confirmed(box, ledger, kind)[1] for kind in SAID}
    assert entries["pledge"].donor == "Finland"
    assert entries["pledge"].quantity.amount.best == 40
    assert entries["need"].quantity.amount.best == 30
    assert (entries["allocation"].money.amount.best, entries["allocation"].money.currency) == (
        25_000_000, "EUR",
    )  # fmt: skip
    assert entries["claim"].money.amount.low == 150_000_000_000
    assert entries["claim"].money.amount.high is None
    assert (entries["caveat"].donor, entries["caveat"].term("causes")) == ("Germany", "stock")
    assert entries["caveat"].item == "generator"
    # What somebody claims, asks for or hesitates to give is no aid.
    assert ledger.total(Definition(stage="pledge")).total.low == 25_000_000


def test_a_caveat_warns_of_the_donors_stock_and_goes_when_undone(box, ledger):
    waiting, entry, _ = confirmed(box, ledger, "caveat")
    stocks = [
        {"stock": "DE-gen", "donor": "DE", "item": "generator"},
        {"stock": "DE-tent", "donor": "DE", "item": "tent"},
        {"stock": "FI-gen", "donor": "FI", "item": "generator"},
    ]
    donors = [{"donor": "DE", "name": "Germany"}, {"donor": "FI", "name": "Finland"}]
    items = [{"item": each, "name": each} for each in ("generator", "tent")]

    def told(as_of=DAY, known_at=None):
        known = caveats_known(ledger.entries(), as_of, known_at)
        return [each.value for each in caveats_on(stocks, donors, items, known)]

    assert told() == [f"Germany: DE-gen; stock; Delta, 2024-02-09; {entry.id}"]
    assert told(as_of=date(2024, 2, 8)) == []
    assert told(known_at=date(2024, 2, 8)) == []
    deciding.undo(
        box, lambda: Shared(ledger),
        waiting.id, person="Ada", reason="misread", recorded_on=date(2024, 2, 10),
    )  # fmt: skip
    assert told(as_of=date(2024, 2, 11)) == []


class Shared:
    """The fixture's ledger, which stays open."""

    def __init__(self, ledger):
        self.ledger = ledger

    def __enter__(self):
        return self.ledger

    def __exit__(self, *_):
        pass


def test_plan_build_says_what_was_heard(tmp_path):
    """From the article to the warning, by commands alone."""
    folder = Path(intendance.__file__).parent / "plan/scenarios/winter-energy"
    shutil.copytree(folder, tmp_path / "scenario")
    (tmp_path / "a.txt").write_text(SAID["caveat"], "utf-8")
    book, runner = str(tmp_path / "mine.db"), CliRunner()

    def run(*call):
        done = runner.invoke(app, list(call), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    run("init", "--ledger", book)
    added = json.loads(
        run("inbox", "add", str(tmp_path / "a.txt"), "--published", "2024-02-09", "--outlet",
            "Delta", "--ledger", book, "--json")
    )  # fmt: skip
    (name,) = [each["id"] for each in added if each["kind"] == "caveat"]
    run("inbox", "confirm", name, "--by", "Ada", "--reason", "seen", "--recorded-at",
        "2024-02-10", "--ledger", book)  # fmt: skip
    need = {
        "line": "need:1", "stage": "need", "topic": "need", "recorded_on": "2024-02-10",
        "valid": "2024-04-01", "capability": "generator", "place": "Moldova",
        "quantity": {"low": "5", "best": "5", "high": "5", "qualifier": "exact", "unit": "piece"},
        "source": {"origin": "test"},
    }  # fmt: skip
    from intendance.ledger.ledger import Ledger
    from intendance.model.entry import entry_from

    with Ledger.open(book) as ledger:
        ledger.post([entry_from(need)])
    built = json.loads(
        run("plan", "build", "--as-of", "2024-02-12", "--ledger", book, "--scenario",
            str(tmp_path / "scenario"), "--out", str(tmp_path / "problem"), "--json")
    )  # fmt: skip
    heard = [each for each in built["findings"] if each["code"] == "caveat"]
    assert len(heard) == 1
    assert heard[0]["value"].startswith("Germany: DE-generator; stock")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("La Grèce a livré 300 tonnes de carburant à l'Ukraine.", "t"),
        ("La Grèce a livré 40 groupes électrogènes à l'Ukraine.", "piece"),
        ("La Grèce a livré 500 tonnes de vivres à l'Ukraine.", "t"),
        ("La Grèce a livré 90 palettes de vivres à l'Ukraine.", "pallet"),
    ],
)
def test_a_figure_keeps_the_unit_in_which_it_was_told(box, ledger, text, unit):
    (waiting,) = box.add(read(text, published=DAY, outlet="Delta", language="fr"))
    deciding.confirm(box, ledger, waiting.id, person="Ada", reason="seen", recorded_on=DAY)
    assert list(ledger.entries())[-1].quantity.unit == unit
