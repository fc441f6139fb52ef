"""The tracker's published sums come out of its files to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from intendance.exchange.importing import import_file
from intendance.exchange.kiel import read_drafts
from intendance.ledger.definition import Definition

DAY = date(2023, 12, 31)
RELEASES = {
    "R07_main_retrieved_2022-11-03.csv": ("93726692898.03", 1),
    "R09_main_retrieved_2023-03-02.csv": ("143633099640.83", 0),
    "R13_main_retrieved_2023-09-21.csv": ("165417947502.69", 0),
}


def committed(drafts):
    """Add the tracker's own euros, each package once."""
    return sum(
        each.amount.best or 0
        for entry in drafts.entries
        if entry.stage == "commitment" and entry.money
        for each in entry.valuations
        if each.method == "source"
    ) - sum(
        each.amount.best or 0
        for entry in drafts.entries
        if entry.stage == "cancelled"
        for each in entry.valuations
    )


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_sums_to_the_published_total(shared, name):
    total, aside = RELEASES[name]
    drafts = read_drafts(shared / "data" / "kiel" / name, DAY)
    assert abs(committed(drafts) - Decimal(total)) < Decimal("0.5")
    assert len({finding.where.row for finding in drafts.set_aside}) == aside


def test_the_workbook_of_release_7_differs_from_the_later_csv_in_two_packages(shared):
    """The workbook runs to October 2022; by November Denmark's two packages had changed."""
    folder = shared / "data" / "kiel"
    book = read_drafts(folder / "R07_workbook_to_2022-10-03.xlsx", DAY)
    text = read_drafts(folder / "R07_main_retrieved_2022-11-03.csv", DAY)
    assert abs(committed(book) - Decimal("93937259020.33")) < Decimal("0.5")
    worth = [
        {
            entry.line: entry.valuations[0].amount.best
            for entry in drafts.entries
            if entry.stage == "commitment" and entry.money and entry.valuations
        }
        for drafts in (book, text)
    ]
    assert worth[0].keys() == worth[1].keys()
    differing = {line for line in worth[0] if worth[0][line] != worth[1][line]}
    assert differing == {"kiel:DKM3", "kiel:DKM4"}


def test_one_row_is_set_aside_and_one_takes_back(shared):
    """A year of 2922 cannot be used; a value below zero is a decrease of 1.5 million."""
    folder = shared / "data" / "kiel"
    seven = read_drafts(folder / "R07_main_retrieved_2022-11-03.csv", DAY).set_aside
    thirteen = read_drafts(folder / "R13_main_retrieved_2023-09-21.csv", DAY)
    assert [finding.sentence for finding in seven] == ["the year 2922 is out of range"]
    assert not thirteen.set_aside
    taken = [entry for entry in thirteen.entries if entry.stage == "cancelled"]
    assert [(entry.line, entry.money.amount.best) for entry in taken] == [("kiel:DEH24", 1500000)]


def test_three_releases_in_a_row_account_for_every_row(shared, ledger):
    """R7, R9 and R13: rows = entries + merged + set aside, and the last one's total stands."""
    days = (date(2022, 11, 3), date(2023, 3, 2), date(2023, 9, 21))
    for name, day in zip(RELEASES, days, strict=True):
        path = shared / "data" / "kiel" / name
        done = import_file(ledger, "kiel", path, recorded_on=day)
        assert done.rows == done.entries + done.merged + done.rows_set_aside
        assert done.entries > 0
        again = import_file(ledger, "kiel", path, recorded_on=day)
        assert (again.posted, again.entries, again.withdrawn) == (0, 0, 0)
        assert again.rows == again.merged + again.rows_set_aside
        assert again.root == done.root
        best = ledger.total(Definition(known_at=day)).total.best
        assert abs(best - Decimal(RELEASES[name][0])) < Decimal("0.5")
