"""Plans with donors' private stocks: for who sees everything; others do not learn of them."""

from __future__ import annotations

import pytest
from tests.app.web.test_plan import ASKED, open_need, solved

from intendance.app.accounts import people, trail

__all__ = ["open_need"]  # the fixture
MARK = "SECRET-PL caveat"
OWN = 3  # generators that Poland says it holds; the scenario assumes many more


@pytest.fixture
def told(client):
    """Poland's own figures, which no scenario holds."""
    browser = client("poland")
    stock = {"item": "generator", "quantity": str(OWN), "since": "2024-01-01",
             "releasable": "1"}  # fmt: skip
    assert browser.submit("/donor/stock", **stock).status_code == 303
    caveat = {"item": "transformer", "text": MARK, "binds": "1", "since": "2024-01-01"}
    assert browser.submit("/donor/caveat", **caveat).status_code == 303


def test_only_who_sees_everything_sees_a_plan_with_private_stocks(client, context, told):
    """It answers like one that never was, in every form; a donor sees its own published lines."""
    admin, cell = client("admin"), client("coordinator")
    before = _forms(cell, "never")
    name = solved(admin, private="1", title="SECRET-PL plan")
    record = admin.get(f"/plan/{name}.json").json()
    assert record["marking"] == "private:Norway+Poland"
    lines = record["tables"]["lines"]["rows"]
    assert sum(float(row["quantity"]) for row in lines if row["donor"] == "Poland") <= OWN
    assert trail.notes(context.office, limit=5, person="admin", action="read private")[1] >= 1
    page = admin.get(f"/plan/{name}").text
    assert "private lines" in page
    assert "SECRET-PL plan" in page
    for role in ("coordinator", "clerk"):
        assert _forms(client(role), name) == (_forms(client(role), "never")), role
    assert _forms(cell, "never") == before
    assert name not in cell.get("/jobs").text
    assert admin.submit("/plan/publish", plan=name, version="1", published="1").status_code == 303
    assert _forms(cell, name) == before
    _each_donor_its_own(client, context, name, lines)


def _forms(browser, name):
    """Give what a person gets at every address of a plan, and of the list of plans."""
    paths = ["/plan", "/plan.json", "/plan.csv", f"/plan/{name}", f"/plan/{name}.json",
             f"/plan/{name}/files/movement.csv", f"/plan/{name}/files/flows.geojson",
             f"/plan/compare?one={name}&two={name}"]  # fmt: skip
    found = []
    for path in paths:
        answer = browser.get(path)
        found.append((answer.status_code, answer.text.replace(name, "?").replace("never", "?")
                      .replace(browser.csrf, "")))  # fmt: skip
    found.append(browser.submit("/plan/publish", plan=name, version="1").status_code)
    found.append(browser.submit("/plan/accept", plan=name, line="S1").status_code)
    return found


def _each_donor_its_own(client, context, name, lines):
    givers = sorted({row["donor"] for row in lines} - {"Poland", "Norway"})
    people.add(context.office, "giver", "donor", party=givers[0])
    for who, donor in (("giver", givers[0]), ("norway", "Norway")):
        record = client(who).get("/donor.json").json()
        own = [row["line"] for row in lines if row["donor"] == donor]
        assert [row["line"] for row in record["tables"]["planned"]["rows"]] == own
        page = client(who).get("/donor").text
        assert MARK not in page
        assert "SECRET-PL" not in page
        assert client(who).get(f"/plan/{name}").status_code == 403


def test_a_limited_viewer_cannot_ask_for_one(client):
    """What the cell's own plan rests on is held in tests/plan/test_stated.py."""
    cell = client("coordinator")
    assert 'name="private"' not in cell.get("/plan").text
    assert 'name="private"' in client("admin").get("/plan").text
    assert cell.submit("/plan/solve", **ASKED, private="1").status_code == 403


def test_a_caveat_that_binds_needs_an_item_that_is_known(client):
    form = {"item": "things of all kinds", "text": "not now", "binds": "1"}
    assert client("poland").submit("/donor/caveat", **form).status_code == 400
