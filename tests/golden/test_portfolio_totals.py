"""The portfolio against the tracker's published totals and, where present, its raw files."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from intendance.exchange.portfolio import Release, load
from intendance.model.catalogue import find_item, find_party
from intendance.model.entry import Entry
from intendance.model.interval import decimal_of

RAW = Path(__file__).parents[2] / "../shared/data/kiel"
RAW_FILES = {
    "R9": "R09_main_retrieved_2023-03-02.csv",
    "R13": "R13_main_retrieved_2023-09-21.csv",
}
CUTOFF = date(2023, 4, 21)
RELEASES = {release.name: release for release in load("coalition-2023").releases}
needs_raw = pytest.mark.skipif(not RAW.exists(), reason="the raw files stand beside the checkout")


def worth(entry: Entry) -> Decimal:
    return sum((each.amount.best or Decimal(0) for each in entry.valuations), Decimal(0))


def totals(release: Release, last: date = date.max) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for entry in release.entries:
        counts_on = entry.valid.last if entry.valid else release.recorded_on
        if entry.stage == "commitment" and counts_on <= last:
            found[entry.category] += worth(entry)
            found["all"] += worth(entry)
    return found


def billions(amount: Decimal, digits: str = "0.001") -> Decimal:
    return (amount / 10**9).quantize(Decimal(digits))


def test_release_9_is_the_published_total() -> None:
    """EUR 143.63309964 bn, of it military 65.34, financial 66.21, humanitarian 12.08."""
    found = totals(RELEASES["R9"])
    assert billions(found["all"], "0.00000001") == Decimal("143.63309964")
    parts = {name: str(billions(found[name])) for name in ("military", "financial", "humanitarian")}
    assert parts == {"military": "65.342", "financial": "66.210", "humanitarian": "12.080"}


def test_release_9_as_of_the_article_is_the_same() -> None:
    """All that release 9 knew had been announced by the day of the article."""
    assert totals(RELEASES["R9"], CUTOFF) == totals(RELEASES["R9"])


def test_release_13_is_its_raw_total() -> None:
    """EUR 165.41794750 bn."""
    assert billions(totals(RELEASES["R13"])["all"], "0.00000001") == Decimal("165.41794750")


def test_release_13_as_of_the_article() -> None:
    """Vague dates at their last possible day give EUR 157.923 bn, military 73.828."""
    found = totals(RELEASES["R13"], CUTOFF)
    assert billions(found["all"]) == Decimal("157.923")
    assert billions(found["military"]) == Decimal("73.828")


@pytest.mark.parametrize(("name", "rate"), [("R9", "1.05"), ("R13", "1.0868")])
def test_the_tracker_s_dollar(name: str, rate: str) -> None:
    """USD per EUR of each release, as the tracker's own documentation gives it."""
    rates = [entry for entry in RELEASES[name].entries if entry.topic == "rates"]
    assert [entry.term("USD") for entry in rates] == [rate]
    assert f"USD={rate}" in rates[0].reason.split()


def test_the_article_s_dollars() -> None:
    """Release 9 in dollars at the tracker's own rate: 150.8 bn, military 68.6."""
    found = totals(RELEASES["R9"])
    assert billions(found["all"] * Decimal("1.05"), "0.1") == Decimal("150.8")
    assert billions(found["military"] * Decimal("1.05"), "0.1") == Decimal("68.6")


def raw_rows(name: str) -> list[dict[str, str]]:
    with (RAW / RAW_FILES[name]).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@needs_raw
@pytest.mark.parametrize("name", RAW_FILES)
def test_every_donor_and_category_is_the_raw_sum(name: str) -> None:
    """Each donor × category is the raw file's sum, rounded once to the cent."""
    raw: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in raw_rows(name):
        party = find_party(row["Countries"])
        assert party is not None
        key = (party.name, row["Type of Aid General"].strip().lower())
        raw[key] += decimal_of(row["Converted Value in EUR"]) or Decimal(0)
    ours: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in RELEASES[name].entries:
        if entry.stage == "commitment":
            ours[entry.donor, entry.category] += worth(entry)
    assert set(ours) == set(raw)
    off = {key: (ours[key], raw[key]) for key in raw if abs(ours[key] - raw[key]) > Decimal("0.01")}
    assert off == {}


@needs_raw
@pytest.mark.parametrize("name", RAW_FILES)
def test_rates_are_the_raw_file_s_own(name: str) -> None:
    """The rate of each currency is the median of amount over conversion in the raw file."""
    raw: dict[str, list[Decimal]] = defaultdict(list)
    for row in raw_rows(name):
        amount, eur = decimal_of(row["Total "]), decimal_of(row["Converted Value in EUR"])
        if amount and eur and row["Original Currency"] != "EUR":
            raw[row["Original Currency"]].append(amount / eur)
    (rates,) = (entry for entry in RELEASES[name].entries if entry.topic == "rates")
    assert {currency for currency, _ in rates.terms} == set(raw)
    for currency, rate in rates.terms:
        expected = median(raw[currency])
        assert abs(Decimal(rate) / expected - 1) < Decimal("0.00001"), currency


@needs_raw
@pytest.mark.parametrize("name", RAW_FILES)
def test_typed_packages_agree_with_their_raw_rows(name: str) -> None:
    """Each typed line names its raw row, and holds that row's amount and count."""
    rows = raw_rows(name)
    checked = 0
    for entry in RELEASES[name].entries:
        if entry.stage != "commitment" or entry.source.row is None:
            continue
        row = rows[entry.source.row - 2]
        assert entry.line.split(":")[1].split("/")[0] == row["ID"].strip()
        if entry.money is not None and entry.money.amount.best is not None:
            assert abs(entry.money.amount.best - Decimal(row["Total "])) <= Decimal("0.005")
            assert entry.money.currency == row["Original Currency"].strip()
        if entry.quantity is not None:
            count = decimal_of(row["No. of Units"])
            best = entry.quantity.amount.best
            same = (
                count is None
                if best is None
                else count is not None and abs(best - count) <= Decimal("0.0005")
            )
            assert same, entry.line
        checked += 1
    assert checked > 1000


@needs_raw
@pytest.mark.parametrize("name", RAW_FILES)
@pytest.mark.parametrize(
    "capability",
    ["tank", "ifv", "howitzer_155", "round_155", "generator", "transformer", "field_hospital"],
)
def test_no_package_that_matters_is_left_in_a_remainder(name: str, capability: str) -> None:
    """The typed packages hold all disclosed pieces of the raw file, for what needs ask for."""
    raw = Decimal(0)
    for row in raw_rows(name):
        item = find_item(row["Items"])
        if item and item.capability == capability:
            raw += decimal_of(row["No. of Units"]) or Decimal(0)
    ours = sum(
        entry.quantity.amount.best or Decimal(0)
        for entry in RELEASES[name].entries
        if entry.stage == "commitment" and entry.capability == capability and entry.quantity
    )
    assert abs(ours - raw) < Decimal("0.01")
