"""Proposals move into the ledger with a person's name, and back out without losing anything."""

from __future__ import annotations

import json
from datetime import date

import pytest

from intendance.errors import InputError, UsageError
from intendance.intake import read
from intendance.intake.confirming import entry_of, party_of, twins, withdrawal_of
from intendance.intake.inbox import Inbox
from intendance.ledger.definition import Definition
from intendance.model.entry import identify

TEXT = (
    "OSLO, 21 avril (Agence) – La Finlande livrera 40 groupes électrogènes en mai.\n"
    "La Norvège s'est engagée à verser 150 millions d'euros."
)
DAY = date(2023, 4, 21)


@pytest.fixture
def box(tmp_path):
    inbox = Inbox(tmp_path / "inbox.jsonl")
    inbox.add(read(TEXT, published=DAY, outlet="Agence", language="fr"))
    return inbox


def generator(box):
    return next(each for each in box.list() if each.fields.get("item") == "generator")


def test_the_state_is_the_replay_of_the_file(box):
    waiting = generator(box)
    box.edit(waiting.id, {"quantity_low": "45", "quantity_high": "45"}, "Ada")
    box.reject(waiting.id, "Ada", "said twice")
    again = Inbox(box.path)
    assert again.find(waiting.id) == box.find(waiting.id)
    assert again.find(waiting.id).state == "rejected"
    assert [event["event"] for event in again.find(waiting.id).story] == [
        "propose",
        "edit",
        "reject",
    ]
    again.undo(waiting.id, "Ada", "")
    assert Inbox(box.path).find(waiting.id).fields["quantity_low"] == "45"


def test_the_same_document_is_taken_in_once(box):
    count = len(box.list("all"))
    assert box.add(read(TEXT, published=DAY, outlet="Agence", language="fr")) == []
    assert len(Inbox(box.path).list("all")) == count


def test_a_confirmed_proposal_is_an_entry_with_sentence_person_and_reason(box, ledger):
    waiting = generator(box)
    entry = identify(entry_of(waiting, date(2023, 4, 24), "Ada", "communiqué seen"))
    ledger.post([entry])
    (found,) = ledger.entries()
    assert (found.donor, found.item, found.stage) == ("Finland", "generator", "pledge")
    assert found.quantity.amount.best == 40
    assert (found.by, found.reason) == ("Ada", "communiqué seen")
    assert "40 groupes électrogènes" in found.source.sentence
    assert ledger.total(Definition(stage="pledge")).total.undisclosed == 1
    assert twins(waiting, ledger) == [found.id]
    taken = withdrawal_of(ledger, found.id, date(2023, 4, 25), "oops")
    ledger.post([taken])
    assert twins(waiting, ledger) == []
    assert ledger.total(Definition(stage="pledge")).total.entries == 0
    assert ledger.total(Definition(stage="pledge", known_at=date(2023, 4, 24))).total.entries == 1


def test_a_closed_proposal_is_not_decided_twice(box):
    waiting = generator(box)
    box.reject(waiting.id, "Ada", "")
    for act in (
        lambda: box.reject(waiting.id, "Ada", ""),
        lambda: box.confirm(waiting.id, "e1", "Ada", ""),
        lambda: box.edit(waiting.id, {}, "Ada"),
    ):
        with pytest.raises(UsageError, match="already"):
            act()


def test_a_broken_file_names_the_line(tmp_path):
    path = tmp_path / "inbox.jsonl"
    path.write_text(json.dumps({"event": "propose"}) + "\n")
    with pytest.raises(InputError) as caught:
        Inbox(path)
    assert caught.value.where == "inbox.jsonl:1"


def test_articles_before_a_party_are_not_its_name():
    assert party_of("L’Allemagne") == "Germany"
    assert party_of("the Netherlands") == "Netherlands"
    assert party_of("an unknown fund") == "an unknown fund"


def test_the_sentence_kept_is_the_whole_sentence_and_no_more(box):
    sentence = generator(box).sentence
    assert sentence.endswith("La Finlande livrera 40 groupes électrogènes en mai.")
    assert "Norvège" not in sentence


def test_the_same_promise_in_money_or_in_another_language_is_noticed(box, ledger):
    money = next(each for each in box.list() if each.fields.get("amount_low"))
    ledger.post([entry_of(money, date(2023, 4, 24), "Ada", "seen")])
    assert twins(money, ledger)
    english = "OSLO, April 21 (Agency) - Finland will deliver 40 generators in May."
    added = box.add(read(english, published=DAY, outlet="Agency", language="en"))
    assert [each.duplicate_of for each in added if each.fields.get("item")] == [generator(box).id]


def test_what_was_promised_and_then_delivered_or_refused_is_no_duplicate(tmp_path, ledger):
    box = Inbox(tmp_path / "inbox.jsonl")
    first, *_ = box.add(read("La Finlande livrera 40 chars à l'Ukraine.", published=DAY))
    for text, same in (
        ("La Finlande a livré mardi 40 chars à l'Ukraine, a dit Karl Meier au parlement.", None),
        ("La Finlande refuse de livrer 40 chars à l'Ukraine, selon un journal.", None),
        ("Karl Meier l'a redit hier : la Finlande donnera 40 chars à l'Ukraine.", first.id),
    ):
        (found,) = box.add(read(text, published=DAY, language="fr"))
        assert found.duplicate_of == same, text
    entry = identify(entry_of(first, date(2023, 4, 24), "Ada", "seen"))
    ledger.post([entry])
    assert twins(first, ledger) == [entry.id]
    assert twins(next(each for each in box.list() if each.kind == "delivery"), ledger) == []
