"""Dates as trackers write them, read as intervals that count on their last possible day."""

from __future__ import annotations

from datetime import date

import pytest

from intendance.exchange.vague import ImpossibleDateError, read_period

KNOWN = date(2023, 3, 2)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2022-03-01", "2022-03-01"),
        ("2022-03-01 00:00:00", "2022-03-01"),
        ("3/20/2022", "2022-03-20"),
        ("20/3/2022", "2022-03-20"),
        ("06/31/2022", "2022-06-30"),
        ("2/29/2023", "2023-02-28"),
        ("until 12/20/2022", "/2022-12-20"),
        ("unti 12/20/2022", "/2022-12-20"),
        ("until 06/31/2022", "/2022-06-30"),
        ("between 3/20/2022 and 7/1/2022", "2022-03-20/2022-07-01"),
        ("between 7/1/2022 & 3/20/2022", "2022-03-20/2022-07-01"),
        ("4/2022", "2022-04-01/2022-04-30"),
        ("not specified, 8/2022", "2022-08-01/2022-08-31"),
        ("unclear, 09/22", "2022-09-01/2022-09-30"),
        ("until 4/2022", "/2022-04-30"),
        ("after 12/21/2022", "2022-12-21/2023-03-02"),
        ("after 12/21/2024", "2024-12-21"),
        ("2022", "2022-01-01/2022-12-31"),
        ("2022/03/05", "2022-03-05"),
        ("2022.3.5", "2022-03-05"),
        ("until 2022-12-20", "/2022-12-20"),
        ("between 2022-06-31 and 2022-03-20", "2022-03-20/2022-06-30"),
        ("between 3/20/2022 & 7/2022", "2022-03-20/2022-07-31"),
        ("1.4.2022", "2022-04-01"),
        ("20.12.2022", "2022-12-20"),
        ("12.20.2022", "2022-12-20"),
        ("2022-03", "2022-03-01/2022-03-31"),
        ("March 2022", "2022-03-01/2022-03-31"),
        ("until Sept. 2022", "/2022-09-30"),
        ("15 March 2022", "2022-03-15"),
        ("March 15th, 2022", "2022-03-15"),
        ("Feb 31, 2022", "2022-02-28"),
        ("Q3 2022", "2022-07-01/2022-09-30"),
        ("2022-Q1 to Q2 2022", "2022-01-01/2022-06-30"),
        ("2022-2023", "2022-01-01/2023-12-31"),
        ("end of 2022", "2022-01-01/2022-12-31"),
        ("by 2022", "/2022-12-31"),
        ("after 4/2022", "2022-04-01/2023-03-02"),
    ],
)
def test_a_date_is_kept_as_it_is_known(text, period):
    assert str(read_period(text, KNOWN)) == period


@pytest.mark.parametrize("text", ["", "unspecified", "unclear", ".", "not given"])
def test_no_date_is_none(text):
    assert read_period(text, KNOWN) is None


@pytest.mark.parametrize(
    "text",
    [
        "2922-02-09",
        "1/1/1822",
        "13/13/2022",
        "0/2022",
        "12345",
        "winter 2022",
        "15 March 2922",
        "44621",
    ],
)
def test_an_impossible_date_has_a_reason(text):
    with pytest.raises(ImpossibleDateError, match=r"out of range|no such day|cannot be read"):
        read_period(text, KNOWN)
