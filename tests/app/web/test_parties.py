"""The catalogue on a page: searched by name and alias, in both languages, page by page."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PEOPLE

from intendance.model.catalogue import parties


@pytest.mark.parametrize("name", list(PEOPLE))
def test_everybody_reads_the_same_catalogue(client, name):
    record = client(name).get("/parties.json").json()
    assert set(record["tables"]) == {"parties", "items", "capabilities", "equivalences"}
    assert record["figures"]["parties"] == len(parties())
    assert record["marking"] == "public"


def test_a_search_finds_aliases_and_other_spellings(client):
    browser = client("reader")
    record = browser.get("/parties.json?q=commonwealth of australia").json()
    (row,) = record["tables"]["parties"]["rows"]
    assert row["name"] == "Australia"
    (row,) = browser.get("/parties.json?q=leopard-1a5&show=items").json()["tables"]["items"]["rows"]
    assert row["id"] == "leopard-1"
    nothing = browser.get("/parties?q=%3Cscript%3E").text
    assert "<script>" not in nothing.partition("<main")[2]


def test_it_is_shown_page_by_page_and_in_french(client):
    browser = client("reader", "fr")
    first = browser.get("/parties.json?show=parties&limit=5").json()["tables"]["parties"]
    second = browser.get("/parties.json?show=parties&limit=5&offset=5").json()["tables"]["parties"]
    names = [row["name"] for row in (*first["rows"], *second["rows"])]
    assert len(set(names)) == 10
    assert first["whole"] == len(parties())
    assert "Allemagne" in browser.get("/parties?q=Germany").text
    whole = browser.get("/parties.csv?show=parties&limit=5").text
    assert whole.count("\n") == len(parties()) + 1
    assert browser.get("/parties.json?limit=0").status_code == 422
    assert client().get("/parties.json").status_code == 401
