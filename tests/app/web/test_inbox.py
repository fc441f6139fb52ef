"""The inbox's page: reading, deciding, editing, taking back, and what others may not do."""

from __future__ import annotations

import re

import pytest

from intendance.app.web import desk

ARTICLE = (
    "Poland promises 40 generators\n\nGENEVA, 5 February (Agency) - Poland will deliver 40 power "
    'generators to Moldova, the minister said on Monday. "We will pay 3 million euros for their '
    'transport," Energy Minister Anna Nowak said.\n\nMoldova asked for 20 ambulances.\n'
)


def add(browser, text=ARTICLE, **fields):
    answer = browser.submit("/inbox/add", text=text, published="2024-02-05", outlet="Agency",
                            **fields)  # fmt: skip
    assert answer.status_code == 303, answer.text
    return re.search("document=([0-9a-f]{64})", answer.headers["location"])[1]


def rows(browser, **query):
    answer = browser.get("/inbox.json", params={"state": "all", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["tables"]["proposals"]["rows"]


def version(browser, name):
    return browser.get(f"/inbox/proposals/{name}.json").json()["definition"]["version"]


def decide(browser, name, action, **fields):
    return browser.submit(
        "/inbox/decide", proposal=name, action=action, version=version(browser, name), **fields
    )


@pytest.fixture
def read(client):
    """The coordinator's browser and the article's proposals."""
    browser = client("coordinator")
    add(browser)
    found = rows(browser)
    assert len(found) >= 2
    return browser, found


def test_an_article_stands_beside_its_proposals_with_its_words_marked(client):
    browser = client("coordinator")
    sha = add(browser)
    page = browser.get(f"/inbox?document={sha}").text
    for row in rows(browser, document=sha):
        assert f'id="w-{row["id"]}"' in page
        assert f'href="#w-{row["id"]}"' in page
    assert "<mark" in page
    shown = re.sub("<[^>]*>", "", re.search(r'<div class="text">(.*?)</div>', page, re.DOTALL)[1])
    assert shown.split() == ARTICLE.replace('"', "&#34;").split()


def test_accepting_posts_an_entry_with_name_reason_and_sentence(read, context):
    browser, found = read
    chosen = next(row for row in found if row["kind"] != "claim")
    before = context.store.head().entries
    answer = decide(browser, chosen["id"], "accept", reason="it says so")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith(f"#w-{chosen['id']}")
    after = next(row for row in rows(browser) if row["id"] == chosen["id"])
    assert (after["state"], after["person"], after["reason"]) == (
        "confirmed", "coordinator", "it says so"
    )  # fmt: skip
    assert context.store.head().entries == before + 1
    record = context.book(desk.CELL).show(after["entry"]).as_record()
    assert record["sentence"] == after["sentence"]


def test_taking_back_withdraws_the_entry_and_opens_the_proposal(read, context):
    browser, found = read
    name = next(row["id"] for row in found if row["kind"] != "claim")
    decide(browser, name, "accept")
    entries = context.store.head().entries
    assert decide(browser, name, "undo").status_code == 303
    after = next(row for row in rows(browser) if row["id"] == name)
    assert (after["state"], after["entry"]) == ("open", "")
    assert context.store.head().entries == entries + 1  # append only: a withdrawal


def test_a_rejection_needs_a_reason_and_can_be_taken_back(read):
    browser, found = read
    name = found[0]["id"]
    assert decide(browser, name, "reject").status_code == 400
    assert decide(browser, name, "reject", reason="an old promise").status_code == 303
    assert next(row for row in rows(browser) if row["id"] == name)["state"] == "rejected"
    assert decide(browser, name, "undo").status_code == 303


def test_editing_changes_fields_as_they_were_seen(read):
    browser, found = read
    name = found[0]["id"]
    seen = version(browser, name)
    change = {"proposal": name, "version": seen, "new-field": "place", "new-value": "Rzeszów"}
    page = browser.get("/inbox").text
    form = re.search(
        rf'action="/inbox/edit"(?:(?!</form>).)*value="{name}".*?</form>', page, re.DOTALL
    )[0]
    kept = dict(re.findall(r'name="(f-[a-z_]+)" value="([^"]*)"', form))
    assert browser.submit("/inbox/edit", **change, **kept).status_code == 303
    # The second one was made from what no longer stands there.
    assert browser.submit("/inbox/edit", **change, **kept).status_code == 412
    again = browser.get(f"/inbox/proposals/{name}.json").json()
    assert again["definition"]["version"] != seen


def test_two_who_decide_at_once_decide_once(client, context):
    first, second = client("coordinator"), client("admin")
    add(first)
    name = next(row["id"] for row in rows(first) if row["kind"] != "claim")
    seen = version(first, name)
    entries = context.store.head().entries
    answers = [
        browser.submit("/inbox/decide", proposal=name, action="accept", version=seen).status_code
        for browser in (first, second)
    ]
    assert answers == [303, 412]
    assert context.store.head().entries == entries + 1


def test_the_team_may_want_another_person_to_accept(client):
    coordinator, admin = client("coordinator"), client("admin")
    assert coordinator.submit("/inbox/rule", on="1").status_code == 303
    add(coordinator)
    name = next(row["id"] for row in rows(coordinator) if row["kind"] != "claim")
    assert decide(coordinator, name, "accept").status_code == 400
    assert decide(admin, name, "accept").status_code == 303


def test_a_clerk_proposes_and_does_not_confirm(client):
    clerk = client("clerk")
    add(clerk)
    name = rows(clerk)[0]["id"]
    assert decide(clerk, name, "accept").status_code == 403
    assert decide(clerk, name, "reject", reason="no").status_code == 403


@pytest.mark.parametrize("name", ["reader", "poland", "norway"])
def test_others_see_nothing_of_the_inbox(client, name):
    add(client("coordinator"))
    browser = client(name)
    assert browser.get("/inbox").status_code == 403
    assert browser.get("/inbox.json").status_code == 403
    assert "generators" not in browser.get("/").text


def test_a_program_decides_by_the_api(client):
    browser = client("coordinator")
    add(browser)
    name = next(row["id"] for row in rows(browser) if row["kind"] != "claim")
    path = f"/api/v1/inbox/proposals/{name}"
    headers = {"x-csrf-token": browser.csrf}
    body = {"version": version(browser, name), "fields": {"place": "Rzeszów"}}
    changed = browser.patch(path, json=body, headers=headers)
    assert changed.status_code == 200, changed.text
    assert changed.json()["fields"]["place"] == "Rzeszów"
    body = {"action": "accept", "version": changed.json()["version"], "reason": "read twice"}
    done = browser.post(f"{path}/decision", json=body, headers=headers)
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "confirmed"
    assert browser.post(f"{path}/decision", json=body, headers=headers).status_code == 412


def test_the_same_text_twice_is_one_document(client, context):
    browser = client("coordinator")
    assert add(browser) == add(browser)
    assert len(desk.documents(context.office, desk.CELL)) == 1


def test_what_is_no_text_is_refused_in_a_sentence(client):
    browser = client("coordinator")
    assert browser.submit("/inbox/add", text="  \n ").status_code == 400
    assert browser.submit("/inbox/add", text="x" * 100_001).status_code in (400, 413, 422)
    assert browser.get("/inbox?document=nothing").status_code == 404
    assert browser.get("/inbox/proposals/nothing.json").status_code == 404


def test_the_first_page_says_what_waits(read):
    browser, found = read
    assert f"{len(found)} proposals wait in the inbox" in browser.get("/").text
