"""Claims: quoted totals against what the reader may see of the ledger."""

from __future__ import annotations

import pytest
from tests.app.web.test_inbox import add

TOTAL = (
    "Donors count their aid\n\nGENEVA, 5 February (Agency) - Donors have committed 1.45 "
    "million euros to Moldova, the minister said.\n"
)


def verdicts(browser, **query):
    answer = browser.get("/claims.json", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["tables"]


def test_a_quoted_total_is_weighed_under_each_definition(client):
    browser = client("coordinator")
    sha = add(browser, TOTAL)
    tables = verdicts(browser, document=sha)
    (claim,) = tables["claims"]["rows"]
    assert "1.45 million" in claim["amount"]
    assert claim["readings"] == len(tables["readings"]["rows"]) > 0
    figures = {row["figure"]["best"] for row in tables["readings"]["rows"]}
    # Japan's 1 000 000.10, Poland's 250 000.05, Norway's restricted 40 000 and Japan's 5 000.
    assert "1295000.15" in figures
    page = browser.get(f"/claims?document={sha}").text
    assert claim["explanation"].split(":")[1].split("(")[0].strip()[:20] in page


def test_a_private_line_is_never_part_of_anothers_reading(client):
    add(client("coordinator"), TOTAL)
    seen = {}
    for name in ("reader", "poland", "norway", "coordinator", "admin"):
        rows = verdicts(client(name))["readings"]["rows"]
        seen[name] = {row["figure"]["best"] for row in rows if row["stage"] == "commitment"}
    assert not seen["reader"] & seen["admin"]
    assert "1255000.15" in seen["reader"]  # without the restricted line
    assert not seen["poland"] & seen["norway"]


def test_a_text_can_be_checked_without_being_kept(client):
    browser = client("reader")
    answer = browser.submit("/claims/check", text=TOTAL, published="2024-02-05")
    assert answer.status_code == 200, answer.text
    assert "1.45 million euros" in answer.text
    assert verdicts(browser)["claims"]["rows"] == []


def test_restricted_documents_stay_in_the_cell(client):
    sha = add(client("coordinator"), TOTAL, restricted="1")
    assert client("reader").get(f"/claims?document={sha}").status_code == 404
    assert "1.45" not in client("reader").get("/claims").text
    assert client("clerk").get(f"/claims?document={sha}").status_code == 200


@pytest.mark.parametrize("published", ["", "2024-13-01", "yesterday"])
def test_a_check_without_its_day_is_refused(client, published):
    answer = client("reader").submit("/claims/check", text=TOTAL, published=published)
    assert answer.status_code == 400
