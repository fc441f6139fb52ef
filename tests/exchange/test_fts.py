"""FTS flows: JSON of the API and the HDX csv, pooled money once, odd values with a reason."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from intendance.errors import InputError
from intendance.exchange.exporting import export
from intendance.exchange.fts import read_drafts
from intendance.exchange.importing import import_file
from intendance.ledger.definition import Definition, RateRule
from intendance.ledger.ledger import Ledger
from intendance.ledger.rates import ecb

DAY = date(2023, 6, 1)


def flow(name, usd, giver="Germany, Government of", **more):
    return {
        "id": name,
        "amountUSD": usd,
        "status": "commitment",
        "flowType": "Standard",
        "date": "2023-01-31T00:00:00Z",
        "boundary": "incoming",
        "sourceObjects": [{"type": "Organization", "name": giver}],
        "destinationObjects": [
            {"type": "Organization", "name": "World Food Programme"},
            {"type": "Location", "name": "Ukraine"},
            {"type": "UsageYear", "name": "2023"},
        ],
        **more,
    }


@pytest.fixture
def write(tmp_path):
    def as_file(flows, name="flows.json"):
        path = tmp_path / name
        path.write_text(json.dumps({"status": "ok", "data": {"flows": flows}}), "utf-8")
        return path

    return as_file


def best(ledger, stage="commitment", currency="USD", **more):
    return ledger.total(Definition(stage=stage, currency=currency, **more)).total.best


def page(*flows, **meta):
    return json.dumps({"status": "ok", "data": {"flows": list(flows)}, "meta": meta})


@pytest.mark.parametrize("form", ["{}\n{}\n", "{}{}", "[{}, {}]"])
def test_the_pages_of_an_answer_in_one_file_are_one_answer(tmp_path, ledger, form):
    path = tmp_path / "flows.json"
    first = page(flow("1", 100), flow("2", 20), nextLink="https://example.org/2")
    path.write_text(form.format(first, page(flow("3", 3), flow("1", 100))), "utf-8")
    done = import_file(ledger, "fts", path, recorded_on=DAY)
    assert (done.rows, done.entries, done.merged, done.set_aside) == (4, 3, 1, ())
    assert best(ledger) == 123
    assert not [note for note in done.notes if note.where.column == "nextLink"]


def test_an_answer_whose_last_page_is_missing_says_so(tmp_path):
    path = tmp_path / "flows.json"
    path.write_text(page(flow("1", 100), nextLink="https://example.org/2"), "utf-8")
    noted = [each for each in read_drafts(path, DAY).notes if each.where.column == "nextLink"]
    assert [each.sentence for each in noted] == ["the answer goes on: this is not all"]


def test_the_three_statuses_are_three_stages(write, ledger):
    flows = [
        flow("1", 100, status="pledge"),
        flow("2", 20, status="commitment"),
        flow("3", 3, status="paid"),
    ]
    done = import_file(ledger, "fts", write(flows), recorded_on=DAY)
    assert (done.rows, done.entries) == (3, 3)
    assert [best(ledger, stage) for stage in ("pledge", "commitment", "delivery")] == [123, 23, 3]
    again = import_file(ledger, "fts", write(flows), recorded_on=DAY)
    assert (again.entries, again.merged, again.posted) == (0, 3, 0)


def test_pooled_money_counts_once(write, ledger):
    """A government gives 1,000 to a fund, the fund passes 400 and 300 on: 1,000 in all."""
    flows = [
        flow("1", 1000, childFlowIds=[2, 3]),
        flow("2", 400, "Ukraine Humanitarian Fund", parentFlowId=1, newMoney=False),
        flow(3, 300, "Ukraine Humanitarian Fund"),  # only the parent names this tie
        flow("4", 50, "CERF", boundary="internal"),  # its parent is not at hand
    ]
    import_file(ledger, "fts", write(flows), recorded_on=DAY)
    assert best(ledger) == 1000
    by_donor = ledger.total(Definition(currency="USD", by=("donor",))).rows
    assert [key for key, _ in by_donor] == [("Germany",)]


def test_parked_money_that_was_split_counts_with_its_parts(write, ledger):
    """FTS takes what was split off the parked flow's own amount."""
    flows = [
        flow("1", 0, flowType="Parked", childFlowIds=[2, 3]),
        flow("2", 400, parentFlowId=1),
        flow("3", 600, parentFlowId=1),
    ]
    import_file(ledger, "fts", write(flows), recorded_on=DAY)
    assert best(ledger) == 1000


def test_own_money_stays_and_the_dollars_are_the_source_s_valuation(write, ledger):
    flows = [flow("1", 1_000_000, originalAmount=900_000, originalCurrency="EUR")]
    import_file(ledger, "fts", write(flows), recorded_on=DAY)
    (entry,) = ledger.entries()
    assert (entry.money.currency, entry.money.amount.best) == ("EUR", 900_000)
    assert (entry.valuations[0].currency, entry.valuations[0].method) == ("USD", "source")
    assert best(ledger, currency="USD") == 1_000_000
    rate = ecb().quote("USD", date(2023, 1, 31)).rate
    assert abs(best(ledger, currency="EUR") - 1_000_000 / rate) < Decimal("0.01")


def test_names_roles_and_terms(write):
    (entry,) = read_drafts(write([flow("7", 1, refCode="X-1")]), DAY).entries
    assert (entry.donor, entry.recipient, entry.category) == ("Germany", "Ukraine", "humanitarian")
    assert dict(entry.roles)["implementer"] == "World Food Programme"
    assert (entry.term("usage_years"), entry.term("reference")) == ("2023", "X-1")
    assert entry.source.url.endswith("/7")


def test_the_later_version_of_a_flow_stands(write):
    flows = [flow("1", 5, versionId=2), flow("1", 4, versionId=1), flow("1", 5, versionId=2)]
    drafts = read_drafts(write(flows), DAY)
    assert [entry.money.amount.best for entry in drafts.entries] == [5]
    assert (drafts.rows, drafts.merged) == (3, frozenset({2, 3}))


def test_a_changed_amount_is_a_correction(write, ledger):
    import_file(ledger, "fts", write([flow("1", 5)]), recorded_on=DAY)
    import_file(ledger, "fts", write([flow("1", 9)]), recorded_on=date(2023, 7, 1))
    assert (best(ledger), best(ledger, known_at=DAY)) == (9, 5)
    assert [entry.kind for entry in ledger.entries()] == ["post", "correct"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"amountUSD": float("nan")}, "amountUSD"),
        ({"amountUSD": float("inf")}, "amountUSD"),
        ({"amountUSD": -1}, "amountUSD"),
        ({"amountUSD": 10**17}, "amountUSD"),
        ({"amountUSD": "much"}, "amountUSD"),
        ({"originalAmount": -5, "originalCurrency": "EUR"}, "originalAmount"),
        ({"status": "planned"}, "status"),
        ({"status": None}, "status"),
        ({"date": "2923-01-01T00:00:00Z"}, "date"),
        ({"sourceObjects": []}, "sourceObjects"),
        ({"sourceObjects": None}, "sourceObjects"),
        ({"id": None}, "id"),
    ],
)
def test_an_unusable_flow_is_set_aside(write, ledger, change, column):
    flows = [flow("1", 5), {**flow("2", 7), **change}]
    done = import_file(ledger, "fts", write(flows), recorded_on=DAY)
    (finding,) = done.set_aside
    assert (finding.where.row, finding.where.column) == (2, column)
    assert (done.rows, done.entries, best(ledger)) == (2, 1, 5)


def test_odd_members_do_not_stop_the_others(write):
    flows = [3, None, [], "x", flow("1", None), flow("2", 1, sourceObjects=[7, {"type": 1}])]
    drafts = read_drafts(write(flows), DAY)
    assert drafts.rows == 6
    assert [entry.line for entry in drafts.entries] == ["fts:1"]
    assert not drafts.entries[0].money.amount.known
    assert len(drafts.set_aside) == 5


@pytest.mark.parametrize("text", ["{", '{"data": 3}', '{"data": {"flows": {}}}', "[]", "[" * 9000])
def test_a_file_without_flows_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError):
        read_drafts(path, DAY)


HEAD = (
    "date,budgetYear,description,amountUSD,srcOrganization,srcLocations,destPlan,destLocations,"
    "destUsageYearStart,contributionType,flowType,boundary,status,decisionDate,originalAmount,"
    "originalCurrency,id,refCode,somethingNew"
)
TAGS = (
    "#date,#date+year+budget,#description+notes,#value+funding+total+usd,#org+name+funder,"
    "#country+iso3+funder+list,#activity+appeal+name+impl,#country+iso3+impl+list,"
    "#date+year+start+impl,#financial+contribution+type,#financial+contribution+type,"
    "#financial+direction,#status+text,#date+decision,#value+funding+total,"
    "#value+funding+total+currency,#activity+id+fts_internal,#activity+code,"
)
ROW = (
    '2023-02-15,,"Parcels, food",86754,"Saudi Arabia (Kingdom of), Government of",SAU,,UKR,2023,'
    "financial,Standard,incoming,paid,2023-02-01,325328,SAR,174423,291,"
)


@pytest.mark.parametrize("lines", [[HEAD, TAGS, ROW], [HEAD, ROW], ["a title", "", HEAD, ROW]])
def test_the_hdx_csv_with_and_without_its_tag_row(tmp_path, lines):
    path = tmp_path / "fts.csv"
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    drafts = read_drafts(path, DAY)
    (entry,) = drafts.entries
    assert (drafts.rows, entry.line, entry.stage) == (1, "fts:174423", "delivery")
    assert (entry.donor, entry.recipient) == ("Saudi Arabia", "Ukraine")
    assert (entry.money.currency, entry.money.amount.best) == ("SAR", 325328)
    assert entry.decided_on == date(2023, 2, 1)


def test_a_table_without_the_required_columns_is_named(tmp_path):
    path = tmp_path / "fts.csv"
    path.write_text("date,amountUSD,status,id\n2023-01-01,1,paid,1\n")
    with pytest.raises(InputError, match="srcOrganization"):
        read_drafts(path, DAY)


def test_what_we_write_as_flows_comes_back_with_the_same_totals(ledger, tmp_path, make):
    ledger.post(
        [
            make("t:1", "100"),
            make("t:1", "40", stage="delivery"),
            make("t:2", "70", stage="pledge"),
            make("t:2", "50"),
            make("t:3", "30", stage="handover"),
            make("t:4", "10", stage="allocation"),
        ]
    )
    path = tmp_path / "out.json"
    path.write_text(export(ledger, "fts"), "utf-8")
    with Ledger.create(str(tmp_path / "again.db")) as again:
        done = import_file(again, "fts", path, recorded_on=DAY)
        assert not done.set_aside
        rule = RateRule.parse("ecb:constant:2023-03-01")
        for stage, expected in (("pledge", 210), ("commitment", 190), ("delivery", 70)):
            found = [
                each.total(Definition(stage=stage, rates=rule)).total.best
                for each in (ledger, again)
            ]
            assert found == [expected, expected], stage


def test_a_flow_that_is_told_at_an_earlier_status_has_moved_there(write, ledger):
    """Paid, then only committed: a reclassification of the delivery, nothing withdrawn."""
    import_file(ledger, "fts", write([flow("1", 100, status="paid")]), recorded_on=DAY)
    later = date(2023, 7, 1)
    file = write([flow("1", 100), flow("2", 30, status="paid")])
    assert import_file(ledger, "fts", file, recorded_on=later).posted == 3
    assert import_file(ledger, "fts", file, recorded_on=later).posted == 0
    assert [best(ledger, stage) for stage in ("commitment", "delivery")] == [130, 30]
    definition = Definition(stage="delivery", currency="USD")
    found = ledger.changes(definition, DAY, later).by_cause()
    assert (found["reclassified"], found["new"], found["withdrawn"]) == (-100, 30, 0)


def test_amounts_with_thousands_set_apart_are_read(write):
    (entry,) = read_drafts(write([flow("1", "1,234.50")]), DAY).entries
    assert entry.money.amount.best == Decimal("1234.5")
