"""Two definitions of one total are explained field by field, exactly."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.errors import UsageError
from intendance.ledger.definition import Definition, RateRule


def test_each_field_has_its_part_and_they_add_up(ledger, make):
    ledger.post(
        [
            make("t:1", "100", money="105", currency="USD"),
            make("t:1", "40", money="42", currency="USD", stage="delivery"),
            make("t:2", "10", donor="Norway"),
            make("t:3", "5", recorded="2023-08-01"),
            make("t:4", "7", valid="2024-01-01"),
        ]
    )
    first = Definition(known_at=date(2023, 4, 21))
    second = Definition(
        stage="delivery",
        as_of=date(2023, 9, 1),
        where=(("donor", "Poland"),),
        rates=RateRule.parse("ecb:constant:2023-04-21"),
    )
    found = ledger.compare(first, second)
    causes = found.by_field()
    assert sum(causes.values()) == found.difference
    assert sum(part.difference for part in found.parts) == found.difference
    assert causes["known_at"] == 5
    assert causes["as_of"] == -7
    assert causes["stage"] == -75
    assert causes["where"] == 0
    assert str(causes["rates"]) == "-1.74"  # 42 / 1.0978 = 38.26 instead of 40
    assert (found.total_first.best, str(found.total_second.best)) == (117, "38.26")


def test_different_currencies_have_no_difference(ledger):
    with pytest.raises(UsageError, match="cannot be compared"):
        ledger.compare(Definition(), Definition(currency="USD"))
