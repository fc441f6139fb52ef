"""Whatever stands in a file: every row is accounted for, and a second import adds nothing."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.errors import IntendanceError
from intendance.exchange.importing import import_file
from intendance.exchange.sheet_cells import BadCellError, read_number
from intendance.exchange.tables import decode
from intendance.exchange.vague import ImpossibleDateError, read_period
from intendance.ledger.ledger import Ledger
from intendance.model.interval import plain

DAY = date(2023, 6, 1)
WORDS = st.sampled_from(
    ["", " ", "Poland", "Allemagne",  "X\x00Y", "\ud83d\ude00", "=1+1", "é" * 50, "a,b", 'q"',
     "l\nm", "2023-01-02", "2923-01-01", "31/12/2022", "5", "-5", "1e3", "NaN", "inf",
     "1 000,5", "USD",
     "eur", "paid", "pledge", "committed", "military", "Humanitarian ", "tank", "D-30 howitzer"]
)  # fmt: skip
CELL = st.one_of(WORDS, st.text(max_size=8))
TABLES = {
    "kiel": ["ID", "Countries", "Announcement Date", "Type of Aid General",
             "Converted Value in EUR", "Total", "Original Currency", "Items", "No. of Units"],
    "hxl": ["#activity+id", "#org+funder", "#date", "#status", "#value", "#value+currency",
            "#item+name", "#item+num"],
    "fts": ["id", "srcOrganization", "date", "status", "amountUSD", "originalAmount",
            "originalCurrency", "destLocations"],
    "sheet": ["reference", "donor", "announced on", "stage", "amount", "currency", "item",
              "quantity"],
}  # fmt: skip


def account(format_name, name, content):
    """Import twice; give the first account, after checking what holds for every file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with Ledger.create(str(Path(folder) / "aid.db")) as ledger:
            try:
                done = import_file(ledger, format_name, path, recorded_on=DAY, accept_good=True)
            except IntendanceError as error:
                assert error.sentence  # noqa: PT017
                assert ledger.head().entries == 0
                return None
            assert done.rows == done.entries + done.merged + done.rows_set_aside
            assert min(done.entries, done.merged) >= 0
            again = import_file(ledger, format_name, path, recorded_on=DAY, accept_good=True)
            assert (again.entries, again.posted, again.root) == (0, 0, done.root)
            assert ledger.verify().intact
            return done


GOOD = {
    "donor": ["Poland", "Germany", "Rotary"],
    "date": ["2023-01-02", "until 3/4/2022", "4/2022"],
    "number": ["5", "12.5", "1000000", "undisclosed", ""],
    "money": ["USD", "EUR", "PLN"],
    "id": ["A", "B", "C", "C"],
    "stage": ["pledge", "commitment"],
    "category": ["Military", "Humanitarian", "Financial"],
    "thing": ["T-72 tank", "D-30 howitzer", "tents", ""],
}
SORTS = {
    "kiel": "id donor date category number number money thing number",
    "hxl": "id donor date stage number money thing number",
    "fts": "id donor date stage number number money donor",
    "sheet": "id donor date stage number money thing number",
}


@st.composite
def tables(draw):
    """Rows that are mostly good, so that entries are made, with odd cells strewn in."""
    name = draw(st.sampled_from(sorted(TABLES)))
    cells = [
        st.sampled_from(GOOD[sort] * 3).flatmap(lambda good: st.one_of(st.just(good), CELL))
        if draw(st.integers(0, 3)) == 0
        else st.sampled_from(GOOD[sort])
        for sort in SORTS[name].split()
    ]
    return name, draw(st.lists(st.tuples(*cells), min_size=1, max_size=6))


@given(tables())
@settings(max_examples=80, deadline=None)
def test_any_table_is_accounted_for(table):
    format_name, rows = table
    text = io.StringIO()
    csv.writer(text).writerows([TABLES[format_name], *rows])
    account(format_name, "t.csv", text.getvalue().encode("utf-8", "replace"))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELL),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "name", "id", "flows", "data"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)
FLOW = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("id", "amountUSD", "originalAmount", "originalCurrency", "status", "date",
                     "parentFlowId", "childFlowIds", "sourceObjects", "destinationObjects",
                     "boundary", "description", "versionId"),
        JSON,
    ),
)  # fmt: skip


@given(st.lists(FLOW, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_json_of_flows_is_accounted_for(flows):
    account("fts", "f.json", json.dumps({"data": {"flows": flows}}).encode("utf-8", "replace"))


@given(st.text(max_size=30), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_any_bytes_decode_to_a_text_or_a_sentence(text, encoding):
    try:
        found = decode(text.encode(encoding, "replace"), "x")
    except IntendanceError as error:
        assert error.sentence  # noqa: PT017
    else:
        assert isinstance(found, str)


@given(st.text(alphabet="0123456789/.- untilbewa&", max_size=24))
def test_any_date_is_a_period_in_order_or_a_reason(text):
    try:
        found = read_period(text, DAY)
    except ImpossibleDateError as error:
        assert str(error)  # noqa: PT017
    else:
        assert found is None or found.first is None or found.first <= found.last


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from(["en", "fr", "plain"]))
def test_a_number_reads_the_same_in_either_language(number, style):
    text = f"{number:,.2f}"
    if style == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    elif style == "plain":
        text = plain(number)
    try:
        assert read_number(text) == number
    except BadCellError as error:  # pragma: no cover
        raise AssertionError(text) from error
