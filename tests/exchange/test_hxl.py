"""HXL-tagged tables: tags decide, not heads; rows are counted; our own export comes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import InputError
from intendance.exchange.exporting import export
from intendance.exchange.hxl import read_drafts
from intendance.exchange.importing import import_file
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Link
from intendance.model.interval import Interval

DAY = date(2023, 6, 1)


@pytest.fixture
def write(tmp_path):
    def as_file(text, name="aid.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return as_file


BASIC = """Who,What,How much,When,Stage
#org +funder,#item+name,#value +USD +funding,#date,#status
Poland,T-72 tank,"1,000,000",2023-01-02,committed
Allemagne,Leopard 2A4,2000000,2023-02-03,paid
"""


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (BASIC, "utf-8"),
        (BASIC, "utf-8-sig"),
        (BASIC, "utf-16"),
        (BASIC.replace("\n", "\r\n"), "utf-8"),
        ("a title\n\n" + BASIC, "utf-8"),
        (BASIC.partition("\n")[2], "utf-8"),  # tags without heads
    ],
)
def test_a_tagged_table_is_read_by_its_tags(write, text, encoding):
    drafts = read_drafts(write(text, encoding=encoding), DAY)
    found = [
        (e.donor, e.stage, e.item, e.money.currency, e.money.amount.best) for e in drafts.entries
    ]
    assert found == [
        ("Poland", "commitment", "t-72", "USD", 1_000_000),
        ("Germany", "delivery", "leopard-2a4", "USD", 2_000_000),
    ]


def test_a_second_import_adds_nothing_and_a_changed_figure_corrects(write, ledger):
    import_file(ledger, "hxl", write(BASIC), recorded_on=DAY)
    again = import_file(ledger, "hxl", write(BASIC), recorded_on=DAY)
    assert (again.entries, again.merged, again.posted) == (0, 2, 0)
    later = BASIC.replace("2000000", "2500000")
    done = import_file(ledger, "hxl", write(later), recorded_on=date(2023, 7, 1))
    assert (done.posted, [entry.kind for entry in ledger.entries()][-1]) == (1, "correct")


def test_the_stage_may_stand_in_the_value_s_tag(write):
    text = "#org+funder,#value+eur+pledged,#date\nPoland,5,2023-01-02\n"
    (entry,) = read_drafts(write(text), DAY).entries
    assert (entry.stage, entry.money.currency) == ("pledge", "EUR")


def test_quantities_without_money(write):
    text = (
        "#org+funder,#item+name,#item+num,#item+unit,#date,#country+code+recipient\n"
        "Poland,generator,40,,2023-01-02,UKR\nPoland,generator,undisclosed,,2023-01-03,UA\n"
    )
    drafts = read_drafts(write(text), DAY)
    assert [entry.recipient for entry in drafts.entries] == ["Ukraine", "Ukraine"]
    assert [entry.quantity.amount.best for entry in drafts.entries] == [40, None]
    assert all(entry.money is None for entry in drafts.entries)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",tank,5,2023-01-02,committed", "#org+funder"),
        ("Poland,tank,abc,2023-01-02,committed", "#value+usd+funding"),
        ("Poland,tank,nan,2023-01-02,committed", "#value+usd+funding"),
        ("Poland,tank,-5,2023-01-02,committed", "#value+usd+funding"),
        ("Poland,tank,,2023-01-02,committed", "#value+usd+funding"),
        ("Poland,tank,5,2923-01-02,committed", "#date"),
        ("Poland,tank,5,2023-13-02,committed", "#date"),
        ("Poland,tank,5,2023-01-02,dreamt", "#status"),
    ],
)
def test_an_unusable_row_is_set_aside(write, ledger, row, column):
    done = import_file(ledger, "hxl", write(f"{BASIC}{row}\n"), recorded_on=DAY)
    (finding,) = done.set_aside
    assert (finding.where.row, finding.where.column) == (5, column)
    assert (done.rows, done.entries) == (3, 2)


def test_repeated_rows_are_merged_and_rival_ids_set_aside(write):
    text = "#activity+id,#org+funder,#value+eur,#date\nA,Poland,5,2023-01-02\n"
    same = read_drafts(write(text + "A,Poland,5,2023-01-02\n"), DAY)
    assert (len(same.entries), same.merged) == (1, frozenset({3}))
    rival = read_drafts(write(text + "A,Poland,6,2023-01-02\n"), DAY)
    assert (len(rival.entries), [each.where.row for each in rival.set_aside]) == (1, [3])


def test_two_equal_gifts_of_different_amounts_are_two(write):
    text = "#org+funder,#value+eur,#date\nPoland,5,2023-01-02\nPoland,6,2023-01-02\n"
    drafts = read_drafts(write(text), DAY)
    assert sum(entry.money.amount.best for entry in drafts.entries) == 11


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no row of HXL hashtags"),
        ("#date,#status\n2023-01-02,paid\n", r"#org\+funder and #value"),
        ("#org+funder,#value+eur\n", "tags but no rows"),
        ("", "is empty"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(write, text, words):
    with pytest.raises(InputError, match=words):
        read_drafts(write(text), DAY)


def test_an_amount_without_currency_is_set_aside(write):
    drafts = read_drafts(write("#org+funder,#value\nPoland,5\n"), DAY)
    assert "no currency" in drafts.set_aside[0].sentence


def test_what_we_write_comes_back_whole(ledger, tmp_path, make, write):
    ledger.post(
        [
            make("t:1", "100.25", recipient="Ukraine", count="3", item_text="T-72 tank"),
            make("t:1", "40", stage="delivery", part="first"),
            make("t:1", "2", stage="delivery", part="second"),
            make("t:2", Interval.of(70, "at least"), stage="pledge", valid="/2023-02-01"),
            make("t:3", Interval.between(5, 9), valid="2023-01-01/2023-01-31"),
            make("t:4", Interval.undisclosed()),
            make("t:5", "9", links=(Link("out_of", "t:1"),)),
            make("t:6", "20", stage="cancelled"),
        ]
    )
    path = write(export(ledger, "hxl"), "out.csv")
    with Ledger.create(str(tmp_path / "again.db")) as again:
        done = import_file(again, "hxl", path, recorded_on=DAY)
        assert (done.rows, done.entries, done.set_aside) == (8, 8, ())
        rule = RateRule.parse("ecb:constant:2023-03-01")
        for stage in ("pledge", "commitment", "delivery"):
            first, second = (
                each.total(Definition(stage=stage, rates=rule)).total for each in (ledger, again)
            )
            assert first == second, stage
        assert {str(entry.valid) for entry in again.entries()} >= {
            "/2023-02-01",
            "2023-01-01/2023-01-31",
        }
        counts = [entry.quantity.amount.best for entry in again.entries() if entry.quantity]
        assert counts == [Decimal(3)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1 000,50", "1000.5"), ("1.234.567,8", "1234567.8"), ("12,5", "12.5"), ("1,234", "1234")],
)
def test_a_decimal_comma_is_never_taken_for_thousands(write, text, amount):
    tags = '#org+funder;#value+pln;#date\nPoland;"{}";2023-01-02\n'
    (entry,) = read_drafts(write(tags.format(text)), DAY).entries
    assert entry.money.amount.best == Decimal(amount)
