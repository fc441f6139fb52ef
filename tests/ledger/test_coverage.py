"""Coverage sets needs against each stage, with intervals and what nobody says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from intendance.ledger.coverage import coverage, late, months_until
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period

DAY = date(2023, 4, 21)


def need(name="n1", count=Interval.exact(100), capability="tank", **terms):
    return Entry(
        line=f"need:{name}",
        stage="need",
        topic="need",
        recorded_on=date(2023, 1, 1),
        capability=capability,
        valid=Period.parse("2023-01-01/2023-06-30"),
        quantity=Quantity(count),
        terms=tuple(sorted({"priority": "1", "basis": "sourced", **terms}.items())),
        source=Source("test"),
    )


def rows(ledger, **words):
    found = coverage(ledger.frame, ledger.entries(), as_of=DAY, **words)
    return {row.capability: row for row in found}


def test_supply_stands_at_each_stage_and_gaps_never_go_below_zero(ledger, make):
    ledger.post(
        [
            need(),
            make("t:1", None, capability="tank", count="60"),
            make("t:1", None, capability="tank", count="25", stage="delivery"),
            make("t:2", None, capability="tank", count="30", stage="pledge"),
        ]
    )
    row = rows(ledger)["tank"]
    assert row.supply["pledge"].best == 90
    assert row.supply["commitment"].best == 60
    assert row.supply["delivery"].best == 25
    # Missing on the ground: 75. Promised by nobody: 10, a mere pledge being a promise too.
    assert (row.gap.best, row.open.best) == (75, 10)
    ledger.post([make("t:3", None, capability="tank", count="500", stage="delivery")])
    row = rows(ledger)["tank"]
    assert (row.gap.low, row.gap.best, row.gap.high) == (0, 0, 0)


def test_undisclosed_supply_opens_the_gap_downwards_and_is_counted(ledger, make):
    hidden = replace(
        make("t:1", None, capability="tank"), quantity=Quantity(Interval.undisclosed())
    )
    ledger.post([need(), hidden, replace(hidden, stage="delivery")])
    row = rows(ledger)["tank"]
    assert row.supply["delivery"].undisclosed == 1
    assert (row.gap.low, row.gap.best, row.gap.high) == (0, 100, 100)


def test_a_monthly_need_counts_the_months_that_have_begun(ledger):
    ledger.post([need(per="month")])
    assert months_until(next(ledger.entries()), DAY) == 4
    assert rows(ledger)["tank"].needed.best == 400


def test_the_largest_weighted_gap_comes_first(ledger, make):
    ledger.post(
        [
            need("a", capability="tank", priority="1"),
            need("b", capability="ambulance", priority="9"),
            make("t:1", None, capability="ambulance", count="50", stage="delivery"),
        ]
    )
    found = coverage(ledger.frame, ledger.entries(), as_of=DAY)
    assert [row.capability for row in found] == ["ambulance", "tank"]


def test_a_need_that_was_not_known_yet_is_left_out(ledger):
    ledger.post([replace(need(), recorded_on=date(2023, 8, 1))])
    assert rows(ledger, known_at=DAY) == {}
    assert set(rows(ledger)) == {"tank"}


def test_an_interval_of_need_gives_an_interval_of_gap(ledger, make):
    ledger.post(
        [
            need(count=Interval.between(600, 700)),
            make("t:1", None, capability="tank", count="650", stage="delivery"),
        ]
    )
    row = rows(ledger)["tank"]
    assert (row.gap.low, row.gap.best, row.gap.high) == (Decimal(0), Decimal(0), Decimal(50))


def test_substitutes_are_named_and_never_added_silently(ledger, make):
    ledger.post(
        [
            need(capability="howitzer_155"),
            make("t:1", None, capability="howitzer_155", count="20", stage="delivery"),
            make("t:2", None, capability="howitzer_105", count="30", stage="delivery"),
        ]
    )
    row = rows(ledger)["howitzer_155"]
    assert row.gap.best == 80
    assert [(each.capability, each.worth) for each in row.substitutes] == [("howitzer_105", 15)]
    assert row.gap_after_substitutes == 65


def test_places_are_covered_apart(ledger, make):
    ledger.post(
        [
            replace(need("a"), place="Odesa"),
            replace(need("b"), place="Kharkiv"),
            make("t:1", None, capability="tank", count="60", stage="delivery", place="Odesa"),
            make("t:2", None, capability="tank", count="7", stage="delivery"),
        ]
    )
    found = {row.place: row for row in coverage(ledger.frame, ledger.entries(), as_of=DAY)}
    assert found["Odesa"].gap.best == 40
    assert found["Kharkiv"].gap.best == 100


def test_a_line_is_late_against_its_own_date_until_it_arrives(ledger, make):
    due = (("due", "2023-03-31"),)
    ledger.post([make("t:1", terms=due), make("t:2", terms=due), make("t:3")])
    ledger.post([make("t:2", stage="delivery", valid="2023-04-10")])
    found = late(ledger.entries(), as_of=DAY)
    assert [(each.entry.line, each.days_late) for each in found] == [("t:1", 21)]
    assert [each.entry.line for each in late(ledger.entries(), as_of=date(2023, 4, 5))] == [
        "t:1",
        "t:2",
    ]
    assert late(ledger.entries(), as_of=date(2023, 3, 31)) == []


def test_what_was_given_before_the_need_began_is_not_counted_against_it(ledger, make):
    ledger.post(
        [
            need(),
            make("t:1", None, capability="tank", count="60", stage="delivery", valid="2022-06-01"),
            make("t:2", None, capability="tank", count="25", stage="delivery", valid="2023-02-01"),
        ]
    )
    assert rows(ledger)["tank"].gap.best == 75
    open_ended = replace(need("n2", capability="tank"), valid=None)
    ledger.post([replace(need(), kind="withdraw", recorded_on=date(2023, 2, 1)), open_ended])
    assert rows(ledger)["tank"].gap.best == 15


def test_what_was_promised_before_and_has_not_come_still_counts_at_every_stage(ledger, make):
    ledger.post(
        [
            need(),
            make("t:1", None, capability="tank", count="60", valid="2022-05-01"),
            make("t:1", None, capability="tank", count="20", stage="delivery", valid="2022-06-01"),
            make(
                "t:1",
                None,
                capability="tank",
                count="15",
                stage="delivery",
                part="2",
                valid="2023-02-01",
            ),
        ]
    )
    row = rows(ledger)["tank"]
    assert (row.supply["commitment"].best, row.supply["delivery"].best) == (40, 15)
    assert (row.open.best, row.gap.best) == (60, 85)
    assert len(row.supply["delivery"].entries) == 1
