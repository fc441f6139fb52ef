"""IATI 2.03: what transactions mean, safe parsing, and exports in the standard's order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from lxml import etree

from intendance.errors import InputError
from intendance.exchange.exporting import export
from intendance.exchange.iati import read_drafts
from intendance.exchange.importing import import_file
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import Ledger
from intendance.model.entry import Link
from intendance.model.interval import Interval

DAY = date(2023, 6, 1)
# The order of the activity schema of version 2.03 (xsd:sequence), from its documentation.
ACTIVITY_ORDER = (
    "iati-identifier", "reporting-org", "title", "description", "participating-org",
    "other-identifier", "activity-status", "activity-date", "contact-info", "activity-scope",
    "recipient-country", "recipient-region", "location", "sector", "tag", "country-budget-items",
    "humanitarian-scope", "policy-marker", "collaboration-type", "default-flow-type",
    "default-finance-type", "default-aid-type", "default-tied-status", "budget",
    "planned-disbursement", "capital-spend", "transaction", "document-link", "related-activity",
    "legacy-data", "conditions", "result", "crs-add", "fss",
)  # fmt: skip
MANDATORY = (
    "iati-identifier", "reporting-org", "title", "description", "participating-org",
    "activity-status", "activity-date",
)  # fmt: skip
TRANSACTION_ORDER = (
    "transaction-type", "transaction-date", "value", "description", "provider-org",
    "receiver-org", "disbursement-channel", "sector", "recipient-country", "recipient-region",
    "flow-type", "finance-type", "aid-type", "tied-status",
)  # fmt: skip
CODES = {
    ("transaction-type", "code"): {str(number) for number in range(1, 14)},
    ("activity-status", "code"): set("123456"),
    ("activity-date", "type"): set("1234"),
    ("participating-org", "role"): set("1234"),
    ("sector", "vocabulary"): {*map(str, range(1, 13)), "98", "99"},
    ("default-finance-type", "code"): {"110", "421", "1100"},
    ("description", "type"): set("1234"),
    ("other-identifier", "type"): {"A1", "A2", "A3", "A9", "B1", "B9"},
    ("reporting-org", "type"): {"10", "11", "15", "21", "22", "40", "60", "70", "80", "90"},
}


def problems_of(data):
    """Check an IATI file against the standard's order, occurrence and codelists."""
    root = etree.fromstring(data)
    found = []
    if (root.tag, root.get("version")) != ("iati-activities", "2.03"):
        found.append("root")
    identifiers = [each.text for each in root.iter("iati-identifier")]
    if len(set(identifiers)) != len(identifiers):
        found.append("identifiers stand twice")
    for activity in root:
        for element, order in (
            (activity, ACTIVITY_ORDER),
            *((each, TRANSACTION_ORDER) for each in activity.iter("transaction")),
        ):
            tags = [child.tag for child in element]
            found += [f"{tag} is unknown" for tag in tags if tag not in order]
            places = [order.index(tag) for tag in tags if tag in order]
            found += ["order" for one, two in pairwise(places) if one > two]
        tags = [child.tag for child in activity]
        found += [f"no {tag}" for tag in MANDATORY if tag not in tags]
        found += [f"{tag} twice" for tag in ("title", "activity-status") if tags.count(tag) > 1]
        ref = activity.find("reporting-org").get("ref")
        identifier = activity.findtext("iati-identifier")
        if not identifier.startswith(f"{ref}-") or set(identifier) & set("/&|? "):
            found.append("identifier")
        for each in activity.iter("transaction"):
            value = each.find("value")
            Decimal(value.text)
            date.fromisoformat(value.get("value-date"))
            date.fromisoformat(each.find("transaction-date").get("iso-date"))
        for (tag, name), codes in CODES.items():
            for each in activity.iter(tag):
                if each.get(name) is not None and each.get(name) not in codes:
                    found.append(f"{tag}/@{name}={each.get(name)}")
        for each in activity.iter("participating-org", "provider-org", "reporting-org", "title"):
            if not each.findtext("narrative", "").strip():
                found.append(f"{each.tag} without narrative")
    return found


def transaction(code, amount, day="2023-01-10", ref="", currency="", inside="", provider=""):
    money = f' currency="{currency}"' if currency else ""
    giver = (
        f"<provider-org {provider}/>"
        if provider.startswith("provider-")
        else (f"<provider-org><narrative>{provider}</narrative></provider-org>" if provider else "")
    )
    return (
        f'<transaction ref="{ref}"><transaction-type code="{code}"/>'
        f'<transaction-date iso-date="{day}"/>'
        f'<value{money} value-date="{day}">{amount}</value>{giver}{inside}</transaction>'
    )


def activity(name, *transactions, extra="", attributes=""):
    return (
        f'<iati-activity default-currency="EUR" {attributes}>'
        f"<iati-identifier>{name}</iati-identifier>"
        '<reporting-org ref="XM-1" type="10"><narrative>Germany</narrative></reporting-org>'
        "<title><narrative xml:lang='fr'>Aide</narrative>"
        "<narrative xml:lang='en'>Winter aid</narrative></title>"
        "<participating-org role='1'><narrative>Government of Norway</narrative>"
        f"</participating-org><recipient-country code='UA'/>{extra}{''.join(transactions)}"
        "</iati-activity>"
    )


@pytest.fixture
def write(tmp_path):
    def as_file(*activities, name="a.xml", head='<?xml version="1.0" encoding="UTF-8"?>'):
        path = tmp_path / name
        body = f'{head}<iati-activities version="2.03">{"".join(activities)}</iati-activities>'
        path.write_text(body, "utf-8")
        return path

    return as_file


def best(ledger, stage="commitment", **more):
    rule = RateRule.parse("ecb:constant:2023-03-01")
    return ledger.total(Definition(stage=stage, rates=rule, **more)).total.best


def test_what_each_transaction_type_is(write, ledger):
    codes = {"12": 1, "13": 2, "11": 10, "2": 20, "3": 100, "4": 200}
    whole = [activity(f"XM-1-{code}", transaction(code, each)) for code, each in codes.items()]
    done = import_file(ledger, "iati", write(*whole), recorded_on=DAY)
    assert (done.rows, done.entries, done.set_aside) == (6, 6, ())
    found = {entry.line: (entry.stage, entry.donor) for entry in ledger.entries()}
    assert found == {
        "iati:XM-1-12": ("pledge", "Norway"),
        "iati:XM-1-13": ("pledge", "Germany"),
        "iati:XM-1-11": ("commitment", "Norway"),
        "iati:XM-1-2": ("commitment", "Germany"),
        "iati:XM-1-3": ("delivery", "Germany"),
        "iati:XM-1-4": ("delivery", "Germany"),
    }
    assert [best(ledger, stage) for stage in ("pledge", "commitment", "delivery")] == [
        333,
        330,
        300,
    ]


def test_money_that_came_in_and_was_passed_on_counts_once(write, ledger):
    whole = activity(
        "XM-1-1", transaction("11", 1000), transaction("2", 900), transaction("3", 400)
    )
    import_file(ledger, "iati", write(whole), recorded_on=DAY)
    assert (best(ledger), best(ledger, "delivery")) == (1000, 400)


def test_an_activity_paid_out_of_another_counts_once(write, ledger):
    """B's money comes out of A, as its provider's activity says: A's 1,000 are all there is."""
    fed = 'provider-activity-id="XM-1-A"'
    path = write(
        activity("XM-1-A", transaction("2", 1000), transaction("3", 600)),
        activity("XM-1-B", transaction("11", 600, provider=fed), transaction("3", 500)),
    )
    import_file(ledger, "iati", path, recorded_on=DAY)
    assert (best(ledger), best(ledger, "delivery")) == (1000, 600)


def test_a_negative_transaction_takes_away(write, ledger):
    whole = activity(
        "XM-1-1",
        transaction("2", 1000),
        transaction("2", 500, "2023-02-01"),
        transaction("2", "-600", "2023-03-01"),
        transaction("3", -1),
    )
    done = import_file(ledger, "iati", write(whole), recorded_on=DAY)
    assert best(ledger) == 900
    assert (done.rows, done.entries, done.merged, len(done.set_aside)) == (4, 2, 1, 1)
    assert done.set_aside[0].where.row == 4


def test_a_republished_activity_is_told_whole(write, ledger):
    """What the activity no longer holds is withdrawn; a second import adds nothing."""
    first = activity("XM-1-1", transaction("2", 10, ref="a"), transaction("2", 20, ref="b"))
    other = activity("XM-1-2", transaction("2", 5))
    import_file(ledger, "iati", write(first, other), recorded_on=DAY)
    again = import_file(ledger, "iati", write(first, other), recorded_on=DAY)
    assert (again.posted, again.merged) == (0, 3)
    later = activity("XM-1-1", transaction("2", 15, ref="a"))
    done = import_file(ledger, "iati", write(later), recorded_on=date(2023, 7, 1))
    assert (done.posted, done.withdrawn) == (2, 1)
    assert (best(ledger), best(ledger, known_at=DAY)) == (20, 35)


def test_currency_date_category_and_names(write):
    whole = activity(
        "XM-1-1",
        transaction("2", "1 000", currency="usd"),
        transaction("2", "1,000.505", provider="Japan, Government of"),
        extra='<sector vocabulary="1" code="72010"/><default-finance-type code="421"/>',
    )
    drafts = read_drafts(write(whole), DAY)
    (entry,) = drafts.entries
    assert [finding.value for finding in drafts.set_aside] == ["1 000"]
    assert (entry.money.currency, entry.money.amount.best) == ("EUR", Decimal("1000.50"))
    assert (entry.donor, entry.recipient, entry.category) == ("Japan", "Ukraine", "humanitarian")
    assert (entry.instrument, entry.item_text) == ("loan", "Winter aid")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"amount": "NaN"}, "value"),
        ({"amount": ""}, "value"),
        ({"amount": "1e30"}, "value"),
        ({"currency": "EURO"}, "value/@currency"),
        ({"day": "2923-01-01"}, "transaction-date"),
        ({"day": "soon"}, "transaction-date"),
        ({"day": ""}, "transaction-date"),
        ({"code": "1"}, "transaction-type"),
        ({"code": "77"}, "transaction-type"),
        ({"code": ""}, "transaction-type"),
    ],
)
def test_an_unusable_transaction_is_set_aside(write, ledger, change, place):
    bad = transaction(**{"code": "2", "amount": "7", **change})
    done = import_file(
        ledger, "iati", write(activity("XM-1-1", bad, transaction("2", 5))), recorded_on=DAY
    )
    (finding,) = done.set_aside
    assert finding.where.column.startswith(f"{place} (line")
    assert (done.rows, done.entries, best(ledger)) == (2, 1, 5)


def test_an_activity_without_identifier_is_set_aside(write):
    drafts = read_drafts(write(activity("", transaction("2", 5))), DAY)
    assert (len(drafts.entries), len(drafts.set_aside)) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<iati-activities>",
        "not xml",
        "<other/>",
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><iati-activities>&x;'
            "<iati-activity/></iati-activities>"
        ),
        (
            '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><iati-activities>&b;'
            "</iati-activities>"
        ),
    ],
)
def test_a_file_that_is_none_or_unsafe_is_refused(tmp_path, text):
    path = tmp_path / "x.xml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_drafts(path, DAY)


@pytest.fixture
def told(ledger, make):
    ledger.post(
        [
            make("t:1", "100", category="humanitarian", recipient="Ukraine"),
            make("t:1", "40", stage="delivery", recipient="Ukraine"),
            make("t:2/a b", Interval.of(70, "at least"), stage="pledge", instrument="loan"),
            make("t:2/a&b", "5"),
            make("t:3", "30", stage="handover", donor="<Unknown & sons>", category=""),
            make("t:4", "10", stage="allocation"),
            make("t:4", "12", stage="shipment"),
            make("t:5", "9", links=(Link("out_of", "t:1"),)),
            make("t:6", Interval.undisclosed()),
            make("t:7", "50", valid="2030-01-01"),
            make("t:7", "20", stage="cancelled", valid="2030-01-02"),
        ]
    )
    return ledger


def test_our_export_keeps_the_standard_s_order_and_codes(told):
    notes: list[str] = []
    data = export(told, "iati", notes)
    assert problems_of(data) == []
    assert notes == ["1 lines without a known amount are left out."]


def test_the_check_itself_finds_faults(told):
    data = export(told, "iati")
    root = etree.fromstring(data)
    first = root[0]
    first.insert(0, first.find("activity-date"))
    first.find("activity-status").set("code", "9")
    first.remove(first.find("description"))
    found = problems_of(etree.tostring(root))
    assert {"order", "no description", "activity-status/@code=9"} <= set(found)


def test_what_we_write_comes_back_with_the_same_totals(told, tmp_path):
    path = tmp_path / "out.xml"
    path.write_bytes(export(told, "iati"))
    with Ledger.create(str(tmp_path / "again.db")) as again:
        done = import_file(again, "iati", path, recorded_on=DAY)
        assert not done.set_aside
        for stage in ("pledge", "commitment", "delivery"):
            assert best(again, stage) == best(told, stage), stage
            categories = Definition(
                stage=stage, by=("category",), rates=RateRule.parse("ecb:as-of")
            )
            assert again.total(categories).total.best == told.total(categories).total.best


def test_control_characters_do_not_stop_an_export(ledger, make):
    ledger.post([make("t:1", "5", recipient="a\x0bb", roles=(("implementer", "c\x01d"),))])
    data = export(ledger, "iati")
    assert problems_of(data) == []
    assert b"c d" in data


def test_a_namespace_of_the_root_and_those_of_extensions_change_nothing(write):
    whole = activity("XM-1-1", transaction("2", "100"))
    text = write(whole).read_text("utf-8")
    spaced = text.replace("<iati-activities ", '<iati-activities xmlns="urn:x" xmlns:e="urn:e" ')
    spaced = spaced.replace("<transaction ", "<e:note>1</e:note><transaction ", 1)
    assert "urn:x" in spaced and "e:note" in spaced  # noqa: PT018
    path = write(whole)
    path.write_text(spaced, "utf-8")
    assert [entry.money.amount.best for entry in read_drafts(path, DAY).entries] == [100]


def test_a_transactions_own_sector_goes_before_its_activitys(write):
    own = transaction("2", "40").replace(
        "</transaction>", '<sector vocabulary="1" code="11110"/></transaction>'
    )
    whole = activity(
        "XM-1-1", transaction("2", "100"), own, extra='<sector vocabulary="1" code="72010"/>'
    )
    found = [
        (each.category, each.money.amount.best) for each in read_drafts(write(whole), DAY).entries
    ]
    assert found == [("humanitarian", 100), ("financial", 40)]


def test_what_is_no_transaction_is_named(write):
    plan = "<budget><value>5</value></budget><result/>"
    drafts = read_drafts(
        write(activity("XM-1-1", transaction("2", "1"), extra=plan), activity("XM-1-2")), DAY
    )
    said = {note.where.column: note.value for note in drafts.notes}
    assert said == {"budget": "1", "result": "1", "iati-activity": "1: XM-1-2"}
