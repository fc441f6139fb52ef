"""Totals are functions of their definition, exact, and honest about what nobody says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import UsageError
from intendance.ledger.definition import Definition, RateRule
from intendance.model.entry import Entry, Link, Source
from intendance.model.interval import Interval


def best(ledger, **words):
    return ledger.total(Definition(**words)).total.best


def test_an_empty_ledger_totals_to_zero_entries(ledger):
    found = ledger.total(Definition(by=("donor",)))
    assert (found.rows, found.total.entries, found.total.best) == ((), 0, 0)


def test_the_two_clocks_are_independent(ledger, make):
    ledger.post(
        [
            make("t:1", "10", valid="2023-01-10", recorded="2023-03-02"),
            make("t:2", "20", valid="2023-04-01", recorded="2023-03-02"),
            make("t:3", "40", valid="2023-01-10", recorded="2023-06-01"),
        ]
    )
    assert best(ledger) == 70
    assert best(ledger, as_of=date(2023, 3, 31)) == 50
    assert best(ledger, known_at=date(2023, 3, 31)) == 30
    assert best(ledger, as_of=date(2023, 3, 31), known_at=date(2023, 3, 31)) == 10


def test_an_interval_of_days_counts_on_its_last_possible_day(ledger, make):
    ledger.post([make(valid="2023-01-01/2023-02-28")])
    assert best(ledger, as_of=date(2023, 2, 27)) == 0
    assert best(ledger, as_of=date(2023, 2, 28)) == 100


def test_a_line_without_any_day_counts_from_the_day_it_was_told(ledger, make):
    ledger.post([make(valid=None, recorded="2023-03-02")])
    assert best(ledger, as_of=date(2023, 3, 1)) == 0
    assert best(ledger, as_of=date(2023, 3, 2)) == 100


def test_bounds_and_undisclosed_are_carried_by_sums(ledger, make):
    ledger.post(
        [
            make("t:1", "10"),
            make("t:2", Interval.of(5, "at least")),
            make("t:3", Interval.undisclosed()),
            make("t:4", Interval.between(2, 4)),
        ]
    )
    amount = ledger.total(Definition()).total
    assert (amount.low, amount.best, amount.high) == (17, 18, None)
    assert (amount.undisclosed, amount.entries) == (1, 4)


def test_a_correction_replaces_and_a_withdrawal_ends_only_from_its_day(ledger, make):
    ledger.post(
        [
            make("t:1", "10", recorded="2023-01-01"),
            make("t:1", "12", recorded="2023-02-01", kind="correct"),
            make("t:1", None, recorded="2023-03-01", kind="withdraw"),
        ]
    )
    days = ["2022-12-31", "2023-01-15", "2023-02-01", "2023-02-28", "2023-03-01"]
    figures = [best(ledger, known_at=date.fromisoformat(day)) for day in days]
    assert figures == [0, 10, 12, 12, 0]


def test_a_back_dated_entry_takes_its_place_in_time(ledger, make):
    ledger.post([make("t:1", "12", recorded="2023-02-01")])
    ledger.post([make("t:1", "10", recorded="2023-01-01")])
    assert best(ledger, known_at=date(2023, 1, 15)) == 10
    assert best(ledger) == 12


def test_what_is_delivered_was_committed_and_is_not_counted_twice(ledger, make):
    ledger.post(
        [
            make("t:1", "10"),
            make("t:1", "4", stage="delivery", part="1"),
            make("t:1", "3", stage="delivery", part="2"),
            make("t:2", "5", stage="delivery"),
            make("t:3", "9", stage="pledge"),
        ]
    )
    stages = ("pledge", "commitment", "allocation", "delivery")
    figures = [best(ledger, stage=stage) for stage in stages]
    assert figures == [24, 15, 12, 12]


def test_cancelled_returned_and_lost_go_out_again(ledger, make):
    ledger.post(
        [
            make("t:1", "10"),
            make("t:1", "4", stage="cancelled"),
            make("t:2", "6"),
            make("t:2", "6", stage="delivery"),
            make("t:2", "2", stage="returned"),
        ]
    )
    assert best(ledger) == 12
    assert best(ledger, stage="delivery") == 4


def test_what_goes_in_comes_out_or_remains(ledger, make):
    """1000 committed, 100 of it cancelled, 900 delivered: nothing remains, 900 arrived."""
    ledger.post(
        [
            make("t:1", "1000"),
            make("t:1", "100", stage="cancelled"),
            make("t:1", "900", stage="delivery"),
            make("t:2", "10", stage="shipment"),
            make("t:2", "2", stage="lost"),
            make("t:2", "8", stage="delivery"),
        ]
    )
    figures = [best(ledger, stage=stage) for stage in ("commitment", "shipment", "delivery")]
    assert figures == [910, 908, 908]


def test_pooled_money_counts_once_with_its_givers_or_with_who_pays_it_out(ledger, make):
    fund = (Link("out_of", "t:gift"),)
    ledger.post(
        [
            make("t:gift", "100", donor="Norway"),
            make("t:grant", "60", donor="Fund", links=fund),
        ]
    )
    found = ledger.total(Definition(by=("donor",)))
    assert dict(found.rows)[("Norway",)].best == 100
    assert found.total.best == 100
    found = ledger.total(Definition(by=("donor",), attribution="channel"))
    assert {key[0]: amount.best for key, amount in found.rows} == {"Fund": 60, "Norway": 40}
    assert found.total.best == 100


def test_rival_claims_are_spanned_until_a_person_resolves_them(ledger, make):
    ledger.post(
        [
            make("t:1", "10", rival="paper A"),
            make("t:1", "14", rival="paper B"),
        ]
    )
    amount = ledger.total(Definition()).total
    assert (amount.low, amount.best, amount.high) == (10, 10, 14)
    ledger.post(
        [make("t:1", "14", kind="resolve", recorded="2023-05-01", by="Ada", reason="ministry")]
    )
    assert best(ledger) == 14
    earlier = ledger.total(Definition(known_at=date(2023, 4, 1))).total
    assert (earlier.low, earlier.high) == (10, 14)


def test_a_resolution_without_a_person_is_refused(ledger, make):
    from intendance.errors import InputError

    with pytest.raises(InputError, match="person and a reason"):
        ledger.post([make(kind="resolve")])


def test_every_breakdown_adds_up_to_the_same_total(ledger, make):
    ledger.post(
        [
            make(f"t:{n}", f"{n}.37", donor=f"D{n % 3}", category=("a", "b")[n % 2])
            for n in range(1, 40)
        ]
    )
    whole = best(ledger)
    for by in (("donor",), ("category",), ("donor", "category"), ("month",), ("item",)):
        found = ledger.total(Definition(by=by))
        assert sum(amount.best for _, amount in found.rows) == whole == found.total.best


def test_by_stage_the_rows_say_where_the_total_stands(ledger, make):
    ledger.post(
        [
            make("t:1", "10"),
            make("t:1", "4", stage="delivery"),
            make("t:2", "5", stage="allocation"),
            make("t:3", "7", stage="pledge", donor="Norway"),
        ]
    )
    found = ledger.total(Definition(by=("stage",)))
    rows = {key[0]: amount.best for key, amount in found.rows}
    assert rows == {"commitment": 6, "allocation": 5, "delivery": 4}
    assert found.total.best == 15
    found = ledger.total(Definition(by=("donor", "stage"), stage="pledge"))
    assert sum(amount.best for _, amount in found.rows) == found.total.best == 22


def test_sums_beyond_64_bits_are_exact(ledger, make):
    ledger.post([make(f"t:{n}", "9000000000000000") for n in range(12)])
    assert best(ledger) == 12 * 9_000_000_000_000_000


def test_a_currency_that_no_rate_leads_to_is_named_not_relabelled(ledger, make):
    ledger.post([make("t:1", "10")])
    found = ledger.total(Definition(currency="XYZ"))
    assert (found.total.best, found.total.undisclosed) == (0, 1)
    assert found.unconverted == {"XYZ": 1}


def test_the_definition_prints_every_filter(ledger):
    words = (("donor", "Poland"), ("donor", "Germany"))
    printed = ledger.total(Definition(where=words)).as_record()["definition"]
    assert printed["where"] == {"donor": "Poland|Germany"}


def test_filters_ignore_case_and_accept_aliases(ledger, make):
    ledger.post([make("t:1", donor="Germany"), make("t:2", donor="Poland")])
    assert best(ledger, where=(("donor", "allemagne"),)) == 100
    assert best(ledger, where=(("category", "MILITARY"),)) == 200
    assert best(ledger, where=(("donor", "Germany|Poland"),)) == 200
    assert best(ledger, where=(("donor", "Nowhere"),)) == 0


def test_original_money_is_converted_at_the_ecbs_rate_of_its_day(ledger, make):
    ledger.post([make("t:1", "90", money="100", currency="USD", valid="2023-04-21")])
    found = ledger.total(Definition(rates=RateRule.parse("ecb:decision-day")))
    assert found.total.best == Decimal("91.09")  # 100 / 1.0978
    found = ledger.total(Definition(currency="USD", rates=RateRule.parse("ecb:as-of")))
    assert found.total.best == 100
    found = ledger.total(Definition(rates=RateRule.parse("ecb:constant:2023-03-02")))
    assert found.total.best == Decimal("94.30")  # 100 / 1.0605


def test_the_trackers_own_rates_convert_its_own_euros(ledger, make):
    rates = Entry(
        line="t:rates",
        stage="pledge",
        topic="rates",
        recorded_on=date(2023, 3, 2),
        terms=(("USD", "1.05"),),
        source=Source("test"),
    )
    ledger.snapshot("t", [make("t:1", "200"), rates], date(2023, 3, 2), Source("test"))
    found = ledger.total(Definition(currency="USD"))
    assert found.total.best == 210
    assert found.rates_used == {"t EUR": "1.05"}


def test_a_currency_without_a_rate_is_counted_as_undisclosed_and_named(ledger, make):
    ledger.post([make("t:1", "90", money="3000", currency="UAH"), make("t:2", "10")])
    found = ledger.total(Definition(rates=RateRule.parse("ecb:as-of"), as_of=date(2023, 4, 21)))
    assert found.unconverted == {"UAH": 1}
    assert (found.total.best, found.total.undisclosed) == (10, 1)


def test_amounts_beyond_64_bits_of_product_are_exact(ledger, make):
    huge = "9999999999999999.99"
    with pytest.raises(Exception, match="beyond"):
        ledger.post([make("t:0", "99999999999999999")])
    ledger.post([make("t:1", None, money=huge, currency="USD", valid="2023-04-21")])
    found = ledger.total(Definition(rates=RateRule.parse("ecb:decision-day")))
    assert found.total.best == (Decimal(huge) / Decimal("1.0978")).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    "words",
    [
        {"stage": "dreamt"},
        {"by": ("colour",)},
        {"where": (("colour", "red"),)},
        {"currency": "EURO"},
        {"by": ("donor", "donor")},
    ],
)
def test_a_word_that_is_off_is_named(ledger, words):
    with pytest.raises(UsageError):
        ledger.total(Definition(**words))


def test_rate_rules_read_back_what_they_write():
    for text in ("source", "ecb:decision-day", "ecb:as-of", "ecb:constant:2023-04-21"):
        assert str(RateRule.parse(text)) == text
    for text in ("ecb", "ecb:constant", "ecb:constant:2023-13-01", "bank", "source:x", ""):
        with pytest.raises(UsageError):
            RateRule.parse(text)


def test_the_cache_gives_the_same_total_and_a_damaged_one_is_rebuilt(ledger, make, tmp_path):
    ledger.post([make("t:1", "10")])
    first = best(ledger)
    ledger.__dict__.pop("frame")
    assert best(ledger) == first
    (cached,) = (tmp_path / "cache").rglob("*.arrow")
    cached.write_bytes(b"ARROW1 not really")
    ledger.__dict__.pop("frame")
    assert best(ledger) == first


def test_an_ending_can_be_broken_down_by_stage(ledger, make):
    ledger.post([make("t:1", "10"), make("t:1", "4", stage="cancelled")])
    found = ledger.total(Definition(stage="cancelled", by=("stage",)))
    assert [(key, amount.best) for key, amount in found.rows] == [(("cancelled",), 4)]


def test_only_what_somebody_has_said_lacks_a_rate(ledger, make):
    """An undisclosed amount of a strange currency is unknown with or without a rate."""
    ledger.post(
        [
            make("t:1", None, money="10", currency="XYZ"),
            make("t:2", None),
            make("t:3", Interval.undisclosed(), currency="XYZ"),
        ]
    )
    found = ledger.total(Definition(rates=RateRule.parse("ecb:decision-day")))
    assert (found.unconverted, found.total.undisclosed) == ({"XYZ": 1}, 2)
