"""A donor's own page: private stocks and caveats, answers, and nothing of it to anybody else."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PEOPLE

from intendance.app.accounts import trail
from intendance.ledger.ledger import Ledger


def test_a_donor_sees_its_own_and_it_is_noted(client, context):
    page = client("poland").get("/donor").text
    assert "SECRET-PL radios" in page
    assert "SECRET-NO" not in page
    assert trail.notes(context.office, limit=5, person="poland", action="read private")[1] == 1
    late = client("norway").get("/donor.json?as_of=2024-03-01").json()
    rows = late["tables"]["promises"]["rows"]
    assert rows[0]["what"] == "SECRET-NO late"
    assert rows[0]["late"] == 29


def test_a_stock_and_a_caveat_are_private_and_are_changed(client, ledger_path):
    browser = client("poland")
    fields = {"item": "Water pump", "quantity": "50", "floor": "20", "release_on": "2024-06-01"}
    assert browser.submit("/donor/stock", **fields, releasable="1").status_code == 303
    assert browser.submit("/donor/stock", **{**fields, "quantity": "60"}).status_code == 303
    assert browser.submit("/donor/caveat", item="pumps", text="not before June").status_code == 303
    record = browser.get("/donor.json?as_of=2024-02-10").json()
    (stock,) = record["tables"]["stocks"]["rows"]
    assert (stock["quantity"]["best"], stock["floor"], stock["releasable"]) == ("60", "20", "no")
    assert [row["text"] for row in record["tables"]["caveats"]["rows"]] == ["not before June"]
    assert record["tables"]["asked"]["rows"]
    assert record["marking"] == "private:Poland"
    with Ledger.open(str(ledger_path)) as ledger:
        mine = [each for each in ledger.entries() if each.topic in ("stock", "caveat")]
    assert {each.marking for each in mine} == {"private:Poland"}
    for name in ("norway", "coordinator", "admin"):
        other = client(name).get("/donor.json?donor=Poland").json()
        assert not [row for table in ("stocks", "caveats")
                    for row in other["tables"][table]["rows"]]  # fmt: skip


@pytest.mark.parametrize("name", ["norway", "coordinator", "admin"])
def test_nobody_else_sees_what_is_private(client, name):
    browser = client(name)
    for path in ("/donor?donor=Poland", "/donor.json?donor=Poland", "/donor.csv?donor=Poland",
                 "/api/v1/donor?donor=Poland"):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "SECRET-PL" not in answer.text, path
        assert "777123" not in answer.text, path
    assert browser.get("/donor/plans/never").status_code in (403, 404)


@pytest.mark.parametrize("name", [each for each in PEOPLE if PEOPLE[each][0] != "donor"])
def test_only_donors_write(client, name):
    for path in ("/donor/stock", "/donor/caveat", "/donor/answer"):
        assert client(name).submit(path, item="x", quantity="1", text="x").status_code == 403


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/donor/stock", {"item": "pump"}, 400),
        ("/donor/stock", {"item": "pump", "quantity": "-1"}, 400),
        ("/donor/stock", {"item": "pump", "quantity": "5", "floor": "9"}, 400),
        ("/donor/stock", {"item": "pump", "quantity": "5", "release_on": "June"}, 400),
        ("/donor/caveat", {"item": "pump"}, 400),
        ("/donor/answer", {"answer": "sell", "line": "p S1"}, 400),
        ("/donor/answer", {"answer": "accept", "line": "never S1"}, 404),
    ],
)
def test_what_is_off_is_refused(client, path, fields, status):
    assert client("poland").submit(path, **fields).status_code == status
