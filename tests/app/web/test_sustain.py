"""What keeps working: the forecast of a sample, a simulation as a job, models, asks, roles."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.app.web.test_imports import finished

from intendance.app.accounts import papers
from intendance.app.web import outlooks, work_sustain
from intendance.app.web.desk import CELL
from intendance.errors import InterruptedRunError
from intendance.ledger.ledger import Ledger

WINTER = "model=sample:winter&days=60&as_of=2023-12-01"


def test_the_forecast_shows_readiness_supply_losses_asks_and_origins(client):
    browser = client("coordinator")
    record = browser.get(f"/sustain.json?{WINTER}").json()
    tables = {name: table["rows"] for name, table in record["tables"].items()}
    assert set(tables) == {"readiness", "supply", "losses", "asks", "parameters"}
    for row, lost in zip(tables["readiness"], tables["losses"], strict=True):
        assert row["end"] == lost["ready"]
        assert all(float(lost[name]) >= 0 for name in ("waiting", "damaged", "destroyed"))
    assert any(float(row["destroyed"]) + float(row["damaged"]) > 0 for row in tables["losses"])
    outs = [row["out"] for row in tables["supply"] if row["out"]]
    assert outs == sorted(outs)
    assert {row["basis"] for row in tables["parameters"]} == {"sourced", "assumed"}
    sourced = browser.get(f"/sustain.json?{WINTER}&basis=sourced").json()
    assert {row["basis"] for row in sourced["tables"]["parameters"]["rows"]} == {"sourced"}
    page = client("coordinator", "fr").get(f"/sustain?{WINTER}").text
    assert page.count("<svg") >= 4
    assert " style=" not in page


def test_a_simulation_adds_its_bands(client):
    browser = client("coordinator")
    answer = browser.submit(
        "/sustain/simulate", model="sample:winter", days="30", futures="40", seed="3"
    )
    job, state = finished(browser, answer, seconds=240)
    result = browser.get(f"/jobs/{job}.json").json()["figures"]["result"]
    assert state == "done", result
    progress = browser.get(f"/jobs/{job}.json").json()["figures"]["progress"]
    assert (progress["played"], progress["share"]) == (40, 1.0)
    record = browser.get(result["href"].replace("/sustain?", "/sustain.json?")).json()
    assert record["figures"]["futures"] == 40
    for row in record["tables"]["readiness"]["rows"]:
        assert float(row["low"]) <= float(row["high"])
    wrong = browser.get(f"/sustain.json?model=sample:artillery&run={result['run']}")
    assert wrong.status_code == 404


def test_a_simulation_says_how_far_it_is_and_heeds_a_stop(context):
    """After each batch; what was played by then is no result, for bands need all futures."""
    told = []

    class Stopping:
        arguments: ClassVar = {"model": "sample:winter", "days": 5, "futures": 60, "seed": 1,
                               "language": "en"}  # fmt: skip
        office, viewer = context.office, CELL

        def progress(self, **values):
            told.append(values)

        def stopped(self):
            return True

    with pytest.raises(InterruptedRunError):
        work_sustain.simulate(Stopping())
    shares = [each["share"] for each in told]
    assert told[-1]["played"] < 60
    assert shares == sorted(shares)
    assert not papers.all_of(context.office, work_sustain.RUN)


def test_asks_are_posted_once_by_who_may_confirm(client, ledger_path):
    browser = client("coordinator")
    fields = {"model": "sample:winter", "days": "60", "as_of": "2023-12-01"}
    assert client("clerk").submit("/sustain/post", **fields).status_code == 403
    answer = browser.submit("/sustain/post", **fields)
    assert answer.status_code == 303, answer.text
    with Ledger.open(str(ledger_path)) as ledger:
        posted = [each for each in ledger.entries() if each.line.startswith("sustain-")]
        count = len(list(ledger.entries()))
    assert posted
    assert {each.topic for each in posted} == {"need"}
    browser.submit("/sustain/post", **fields)
    with Ledger.open(str(ledger_path)) as ledger:
        assert len(list(ledger.entries())) == count


@pytest.mark.parametrize("name", ["reader", "norway"])
def test_models_are_the_cells(client, name):
    for path in ("/sustain", "/sustain.json?model=never", "/api/v1/sustain"):
        assert client(name).get(path).status_code == 403
    for path in ("/sustain/build", "/sustain/simulate", "/sustain/post"):
        assert client(name).submit(path, model="sample:winter").status_code == 403


def test_bad_input_is_refused(client, context):
    body = {"model": "sample:winter", "days": 30, "futures": 1, "seed": 0}
    papers.put(context.office, "simulation", "r", body, person="x", version=0)
    browser = client("coordinator")
    assert browser.get("/sustain.json?model=never").status_code == 404
    assert browser.get("/sustain.json?model=sample:../x").status_code == 404
    assert browser.get("/sustain.json?run=never").status_code == 404
    assert browser.get("/sustain.json?days=99999").status_code == 422
    for fields in ({"rates": "../x"}, {"rates": "winter"}, {"rates": "winter", "as_of": "x"}):
        assert browser.submit("/sustain/build", **fields).status_code == 400
    assert (
        browser.submit("/sustain/simulate", model="sample:winter", futures="0").status_code == 400
    )
    assert browser.submit("/sustain/post", model="sample:winter").status_code == 400


def test_parameters_keep_their_origin():
    files = (("parts.csv", "system,lru,per_system,basis,source,note\ngun,barrel,1,assumed,,n\n"),)
    found = outlooks.Outlook("x", "x", "public", files)
    assert outlooks.parameters(found) == [
        ("parts", "gun barrel", "per_system 1", "assumed", "", "n")
    ]
