"""Every difference between two days of knowledge is explained, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import InputError, UsageError
from intendance.ledger.definition import Definition
from intendance.model.entry import Source

FIRST, SECOND = date(2023, 3, 2), date(2023, 9, 21)
RELEASE = Source("test", "release")


def replay(ledger, before, after):
    for day, drafts in ((FIRST, before), (SECOND, after)):
        ledger.snapshot("t", drafts, day, RELEASE)


def causes(ledger, **words):
    found = ledger.changes(Definition(**words), FIRST, SECOND)
    assert sum(found.by_cause().values()) == found.difference
    assert sum(line.difference for line in found.lines) == found.difference
    return {cause: amount for cause, amount in found.by_cause().items() if amount}


def test_new_withdrawn_corrected_and_revalued_are_told_apart(ledger, make):
    replay(
        ledger,
        [
            make("t:gone", "7"),
            make("t:up", "10"),
            make("t:rate", "100", money="105", currency="USD"),
        ],
        [
            make("t:new", "5"),
            make("t:up", "13"),
            make("t:rate", "96.61", money="105", currency="USD"),
        ],
    )
    assert causes(ledger) == {
        "new": Decimal(5),
        "withdrawn": Decimal(-7),
        "corrected": Decimal(3),
        "revalued": Decimal("-3.39"),
    }


def test_a_correction_and_a_revaluation_of_one_line_are_split(ledger, make):
    replay(
        ledger,
        [make("t:1", "100", money="105", currency="USD")],
        [make("t:1", "193.23", money="210", currency="USD")],
    )
    found = causes(ledger)
    assert found == {"revalued": Decimal("-3.38"), "corrected": Decimal("96.61")}


def test_a_changed_donor_is_a_reclassification_also_under_a_filter(ledger, make):
    replay(ledger, [make("t:1", "10", donor="Poland")], [make("t:1", "10", donor="Norway")])
    assert causes(ledger) == {}
    assert causes(ledger, where=(("donor", "Poland"),)) == {"reclassified": Decimal(-10)}
    assert causes(ledger, where=(("donor", "Norway"),)) == {"reclassified": Decimal(10)}
    groups = ledger.changes(Definition(), FIRST, SECOND).by_group()
    assert groups["Poland"]["reclassified"] == -10
    assert groups["Norway"]["reclassified"] == 10


def test_a_changed_stage_is_a_reclassification(ledger, make):
    replay(ledger, [make("t:1", "10")], [make("t:1", "10", stage="pledge")])
    assert causes(ledger) == {"reclassified": Decimal(-10)}
    assert causes(ledger, stage="pledge") == {}


def test_a_line_that_leaves_a_package_that_stays_is_a_correction(ledger, make):
    replay(ledger, [make("t:P", "10"), make("t:P/2", "4")], [make("t:P", "14")])
    assert causes(ledger) == {"corrected": Decimal(0)} or causes(ledger) == {}


def test_a_day_that_moves_out_of_the_scope_is_a_correction(ledger, make):
    replay(ledger, [make("t:1", valid="2023-01-01")], [make("t:1", valid="2023-08-01")])
    assert causes(ledger, as_of=date(2023, 4, 21)) == {"corrected": Decimal(-100)}


def test_an_unchanged_release_adds_nothing(ledger, make):
    drafts = [make("t:1"), make("t:2", "5")]
    replay(ledger, drafts, drafts)
    assert ledger.head().entries == 2
    assert causes(ledger) == {}


def test_a_package_that_comes_back_is_new_again(ledger, make):
    replay(ledger, [make("t:1", "10"), make("t:2")], [make("t:2")])
    third = date(2023, 12, 1)
    ledger.snapshot("t", [make("t:1", "10"), make("t:2")], third, RELEASE)
    found = ledger.changes(Definition(), SECOND, third)
    assert found.by_cause()["new"] == 10


def test_a_release_from_before_what_is_known_is_refused(ledger, make):
    ledger.snapshot("t", [make("t:1")], SECOND, RELEASE)
    with pytest.raises(InputError, match="come before"):
        ledger.snapshot("t", [make("t:1", "5")], FIRST, RELEASE)
    assert ledger.head().entries == 1


def test_days_in_the_wrong_order_are_refused(ledger):
    with pytest.raises(UsageError, match="wrong order"):
        ledger.changes(Definition(), SECOND, FIRST)


def test_the_united_states_fall_by_the_rate_alone(ledger, shared):
    from intendance.exchange import kiel

    folder = shared / "data/kiel"
    for release, name, day in (
        ("R7", "R07_main_retrieved_2022-11-03.csv", date(2022, 11, 3)),
        ("R9", "R09_main_retrieved_2023-03-02.csv", FIRST),
        ("R13", "R13_main_retrieved_2023-09-21.csv", SECOND),
    ):
        drafts = kiel.read_drafts(folder / name, day, release)
        ledger.snapshot("kiel", drafts.entries, day, Source("kiel", release))
    states = Definition(where=(("donor", "United States"),))
    found = ledger.changes(states, FIRST, SECOND)
    assert f"{found.total_before.best / 10**9:.1f}" == "73.2"
    assert f"{found.total_after.best / 10**9:.1f}" == "70.7"
    assert {name: amount for name, amount in found.by_cause().items() if amount} == {
        "revalued": found.difference
    }
    whole = causes(ledger)
    assert set(whole) == {"new", "corrected", "withdrawn", "revalued"}
    earlier = ledger.changes(Definition(), date(2022, 11, 3), FIRST)
    assert sum(line.difference for line in earlier.lines) == earlier.difference
    assert ledger.verify().intact


def test_the_same_words_told_on_another_day_add_nothing(ledger, make):
    """An end that is only "by when we were told" moves with each import; the fact does not."""
    for day in ("2023-03-02", "2023-04-01"):
        drafts = [
            make("t:1", valid=f"2022-12-21/{day}", recorded=day),
            make("t:2", valid=None, recorded=day),
        ]
        ledger.snapshot("t", drafts, date.fromisoformat(day), RELEASE)
    assert ledger.head().entries == 2


def test_packages_whose_rows_were_set_aside_are_not_withdrawn(ledger, make):
    ledger.snapshot("t", [make("t:1"), make("t:2"), make("t:2/b")], FIRST, RELEASE)
    ledger.snapshot("t", [make("t:1")], SECOND, RELEASE, held={"t:2"})
    assert ledger.head().entries == 3


def test_a_snapshot_is_compared_again_when_somebody_wrote_meanwhile(tmp_path, make, monkeypatch):
    from intendance.ledger import ledger as module
    from intendance.ledger.ledger import Ledger

    name = str(tmp_path / "aid.db")
    honest = module.reconcile
    calls = []

    def late(*words):
        if not calls:
            with Ledger.open(name) as other:
                other.post([make("t:1", "7")])
        calls.append(1)
        return honest(*words)

    monkeypatch.setattr(module, "reconcile", late)
    with Ledger.create(name) as book:
        book.snapshot("t", [make("t:1", "10", recorded="2023-09-21")], SECOND, RELEASE)
        assert len(calls) == 2
        assert book.total(Definition()).total.best == 10
        assert book.verify().intact
