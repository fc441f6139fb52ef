"""The sample portfolios: what they hold, and what happens to a damaged one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.errors import InputError
from intendance.exchange.portfolio import Portfolio, load, names, read_folder
from intendance.exchange.portfolio_entries import State, entries_of
from intendance.exchange.portfolio_rows import Row
from intendance.model.catalogue import capabilities, find_item, parties
from intendance.model.entry import Entry, body_of, entry_from
from intendance.model.interval import Interval

NAMES = ("coalition-2023", "winter-energy")
PORTFOLIOS = {name: load(name) for name in NAMES}
PREFIXES = {"coalition-2023": "kiel", "winter-energy": "winter"}


@pytest.fixture(params=NAMES)
def portfolio(request: pytest.FixtureRequest) -> Portfolio:
    return PORTFOLIOS[request.param]


@pytest.fixture
def damaged(tmp_path: Path) -> Callable[..., Path]:
    """Give a copy of the small portfolio with one text exchanged in one file."""

    def copy(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "copy"
        with as_file(files("intendance.exchange.portfolios").joinpath("winter-energy")) as source:
            shutil.copytree(source, folder, dirs_exist_ok=True)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return copy


def aid(portfolio: Portfolio, stage: str, release: int = -1) -> list[Entry]:
    entries = portfolio.releases[release].entries
    return [entry for entry in entries if entry.topic == "aid" and entry.stage == stage]


def test_the_package_carries_two() -> None:
    """Both samples are found by name; another name is refused with the names there are."""
    assert names() == NAMES
    with pytest.raises(InputError) as refused:
        load("coalition-2032")
    assert "coalition-2023" in refused.value.next_step


def test_every_slot_stands_once(portfolio: Portfolio) -> None:
    """A release never says a thing twice: the ledger would keep only the later one."""
    for release in portfolio.releases:
        slots = Counter(entry.slot for entry in release.entries)
        assert [slot for slot, times in slots.items() if times > 1] == []


def test_entries_survive_the_ledger_s_form(portfolio: Portfolio) -> None:
    """Each entry is the same after writing and reading, and fine enough for the store."""
    for entry in (*portfolio.releases[-1].entries, *portfolio.needs):
        assert entry_from(body_of(entry)) == entry
        if entry.money and entry.money.amount.best is not None:
            assert entry.money.amount.best == round(entry.money.amount.best, 2)
        if entry.quantity and entry.quantity.amount.best is not None:
            assert entry.quantity.amount.best == round(entry.quantity.amount.best, 3)


def test_names_are_the_catalogue_s(portfolio: Portfolio) -> None:
    """Donors, items and capabilities are known; lines carry the tracker's prefix and origin."""
    prefix = PREFIXES[portfolio.name]
    for release in portfolio.releases:
        for entry in release.entries:
            assert entry.line.startswith(f"{prefix}:")
            assert entry.source.origin == prefix
            assert entry.recorded_on == release.recorded_on
            if entry.topic == "aid":
                assert entry.donor in parties()
                assert entry.category in ("military", "financial", "humanitarian")
            if entry.item:
                item = find_item(entry.item)
                assert item is not None
                assert (item.name, item.capability) == (entry.item, entry.capability)
    assert {need.capability for need in portfolio.needs} <= set(capabilities())


def test_money_stands_on_the_package_alone(portfolio: Portfolio) -> None:
    """Items carry counts, packages and remainders money; undisclosed money is said to be so."""
    hidden = 0
    for entry in aid(portfolio, "commitment"):
        if entry.term("sort") == "item":
            assert entry.money is None
            assert entry.quantity is not None
            assert entry.links[0].kind == "part_of"
        else:
            assert entry.money is not None
            assert bool(entry.valuations) == entry.money.amount.known
            hidden += not entry.money.amount.known
    assert hidden


def test_a_source_valuation_names_its_release(portfolio: Portfolio) -> None:
    """The tracker's own conversion is in euros and says which release made it."""
    for release in portfolio.releases:
        for entry in release.entries:
            for each in entry.valuations:
                assert (each.method, each.currency) == ("source", "EUR")
                assert each.source == f"{PREFIXES[portfolio.name]}:{release.name}"


def test_nothing_is_delivered_before_it_counts_as_committed(portfolio: Portfolio) -> None:
    """A delivery's last possible day is never before its commitment's."""
    for place, release in enumerate(portfolio.releases):
        committed = {entry.line: entry for entry in aid(portfolio, "commitment", place)}
        deliveries = aid(portfolio, "delivery", place)
        assert deliveries
        for entry in deliveries:
            before = committed[entry.line].valid
            assert entry.valid is not None
            assert entry.valid.last >= (before.last if before else release.recorded_on)


def test_an_increase_of_a_delivery_is_an_event_of_its_own() -> None:
    """What the first release knew keeps its window; what came on top is dated after it."""
    portfolio = PORTFOLIOS["winter-energy"]
    found = {
        (entry.line, entry.part): entry
        for entry in aid(portfolio, "delivery")
        if entry.line in ("winter:W01/generator", "winter:W01")
    }
    first = found["winter:W01/generator", ""]
    more = found["winter:W01/generator", "after-2024-11-30"]
    assert first.quantity is not None
    assert more.quantity is not None
    assert (first.quantity.amount, more.quantity.amount) == (Interval.exact(30), Interval.exact(30))
    assert (str(first.valid), str(more.valid)) == (
        "2024-11-12/2024-11-30",
        "2024-11-12/2025-01-31",
    )
    money = [found["winter:W01", part].money for part in ("", "after-2024-11-30")]
    assert [each.amount.best for each in money if each] == [
        Decimal("7455000.00"),
        Decimal("9940000.00"),
    ]


def test_delivered_money_is_the_amount_s_share() -> None:
    """Delivered original money is amount × delivered euros / euros, to the cent."""
    (entry,) = (
        entry
        for entry in aid(PORTFOLIOS["winter-energy"], "delivery")
        if entry.line == "winter:W02"
    )
    assert entry.money is not None
    assert (entry.money.amount, entry.money.currency) == (Interval.exact("2115000.00"), "CHF")


def test_packages_are_as_many_as_asked() -> None:
    """150 to 250 packages typed one by one, over six domains, and the rest as remainders."""
    portfolio = PORTFOLIOS["coalition-2023"]
    lines = {
        entry.line.partition("/")[0]
        for release in (0, 1)
        for entry in aid(portfolio, "commitment", release)
        if entry.term("sort") == "package"
    }
    assert 150 <= len(lines) <= 250
    domains = {
        capabilities()[entry.capability].domain
        for entry in aid(portfolio, "commitment")
        if entry.capability
    }
    assert {"armour", "artillery", "ammunition", "air-defence", "energy", "medical"} <= domains
    assert not [entry for entry in aid(portfolio, "commitment") if "#:~:" in entry.source.url]


def test_remainders_of_one_fate_stand_in_the_right_releases() -> None:
    """What is gone stands only in release 9, what is new only in 13, what is kept in both."""
    first, second = (
        {entry.line for entry in aid(PORTFOLIOS["coalition-2023"], "commitment", release)}
        for release in (0, 1)
    )
    rests = {line for line in first | second if line.startswith("kiel:rest-")}
    assert {line for line in rests if "-gone-" in line} == rests & (first - second)
    assert {line for line in rests if "-new-" in line} == rests & (second - first)
    assert rests & first & second


def test_kept_remainders_change_only_by_their_rate() -> None:
    """A kept remainder has the same money in both releases, so its change is a revaluation."""
    first, second = (
        {entry.line: entry for entry in aid(PORTFOLIOS["coalition-2023"], "commitment", release)}
        for release in (0, 1)
    )
    kept = [line for line in first if "-kept-" in line]
    assert len(kept) > 50
    assert [line for line in kept if first[line].money != second[line].money] == []


def test_needs_say_whether_they_are_sourced(portfolio: Portfolio) -> None:
    """A sourced need has a link and a speaker; an assumed one says so in both languages."""
    assert portfolio.needs
    for need in portfolio.needs:
        assert (need.topic, need.stage) == ("need", "need")
        assert need.recorded_on <= portfolio.as_of
        assert need.quantity is not None
        if need.term("basis") == "sourced":
            assert need.source.url
            assert need.roles
        else:
            assert "ssumed" in need.term("note_en")
            assert "upposé" in need.term("note_fr")


def test_the_quoted_needs() -> None:
    """300 tanks, 600 to 700 infantry fighting vehicles, 500 howitzers; 250 000 shells a month."""
    amounts = {
        need.capability: need.quantity.amount
        for need in PORTFOLIOS["coalition-2023"].needs
        if need.quantity
    }
    assert amounts["tank"] == Interval.exact(300)
    assert amounts["ifv"] == Interval.between(600, 700)
    assert amounts["howitzer_155"] == Interval.exact(500)
    assert amounts["round_155"].low == 250_000
    assert amounts["round_155"].high == 594_000


def test_claims_and_their_parts() -> None:
    """The article's 150 bn has no upper bound, and its 65 bn names it as the whole."""
    claims = {claim.name: claim for claim in PORTFOLIOS["coalition-2023"].claims}
    whole = claims["C03"]
    assert whole.said_on == date(2023, 4, 21)
    assert whole.amount == Interval.of(150 * 10**9, "at least")
    assert claims["C04"].part_of == "C03"
    assert {claim.part_of for claim in claims.values()} <= {"", *claims}


def test_articles_stand_in_both_languages(portfolio: Portfolio) -> None:
    """Each article has about 250 words, the totals, and a day on which it was published."""
    assert set(portfolio.articles) == {"fr", "en"}
    for article in portfolio.articles.values():
        assert 190 <= len(article.text.split()) <= 290
        assert article.published >= portfolio.as_of
    if portfolio.name == "coalition-2023":
        assert "plus de 150 milliards de dollars" in portfolio.articles["fr"].text
        assert "dont 65 milliards dans le domaine militaire" in portfolio.articles["fr"].text
        assert "more than 150 billion dollars" in portfolio.articles["en"].text
        assert "of which 65 billion military" in portfolio.articles["en"].text


def test_the_second_portfolio_is_civil_and_marked() -> None:
    """No arms, and wholly marked as an illustration."""
    portfolio = PORTFOLIOS["winter-energy"]
    assert portfolio.illustrative
    assert not PORTFOLIOS["coalition-2023"].illustrative
    entries = [entry for release in portfolio.releases for entry in release.entries]
    assert {entry.category for entry in entries if entry.topic == "aid"} == {
        "humanitarian",
        "financial",
    }
    assert {need.term("basis") for need in portfolio.needs} == {"assumed"}
    assert portfolio.title("fr") != portfolio.title("en") == portfolio.title("de")


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("state-1.csv", "14910000", "many", "state-1.csv:2:amount"),
        ("state-1.csv", "14910000", "NaN", "state-1.csv:2:amount"),
        ("state-1.csv", "14910000", "-1", "state-1.csv:2:amount"),
        ("state-1.csv", "2024-11-12", "2024-13-12", "state-1.csv:2:valid"),
        ("state-1.csv", "2024-11-12", "2024-11-12/2024-11-01", "state-1.csv:2:valid"),
        ("state-1.csv", "W01/tent", "W01/generator", "state-1.csv:4:line"),
        ("state-1.csv", ",tent,tent,", ",tant,tent,", "state-1.csv:4:item"),
        ("state-1.csv", "60,exact", "60,surely", "state-1.csv:3:quantity_qualifier"),
        ("state-1.csv", ",currency,", ",money,", "state-1.csv"),
        ("state-1.csv", "humanitarian", "humanitarian,x", "state-1.csv:2"),
        ("needs.csv", ",generator,", ",generators,", "needs.csv:2:capability"),
        ("needs.csv", "2025-01-15", "", "needs.csv:2:due"),
        ("needs.csv", "assumed", "sourced", "needs.csv:2:basis"),
        ("claims.csv", "2025-01-31", "", "claims.csv:2:claim"),
        ("portfolio.toml", "prefix =", "prefix_ =", "portfolio.toml"),
        ("portfolio.toml", "[title]", "[title", "portfolio.toml"),
        ("portfolio.toml", '"state-2.csv"', '"state-9.csv"', "state-9.csv"),
    ],
)
def test_a_damaged_portfolio_says_where(
    damaged: Callable[..., Path], file: str, old: str, new: str, where: str
) -> None:
    """Every fault is one sentence with file, row and column; nothing else is raised."""
    with pytest.raises(InputError) as refused:
        read_folder("copy", damaged(file, old, new))
    assert refused.value.where == where
    assert refused.value.sentence.endswith(".")


def test_latin_1_is_refused(damaged: Callable[..., Path]) -> None:
    """A file in another encoding gives a sentence, not odd letters."""
    folder = damaged("needs.csv", "generator", "generator")
    (folder / "needs.csv").write_bytes("need,é\n1,é\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_folder("copy", folder)


def test_byte_order_mark_and_crlf_change_nothing(damaged: Callable[..., Path]) -> None:
    """The same portfolio saved by a spreadsheet on Windows gives the same entries."""
    folder = damaged("state-2.csv", "W01", "W01")
    for file in ("state-1.csv", "state-2.csv", "needs.csv"):
        text = (folder / file).read_text("utf-8").replace("\n", "\r\n")
        (folder / file).write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = read_folder("winter-energy", folder)
    assert found.releases == PORTFOLIOS["winter-energy"].releases
    assert found.needs == PORTFOLIOS["winter-energy"].needs


def line(amount: int, delivered_eur: int | None, rate: Decimal) -> dict[str, Row]:
    """Give a release with one package."""
    names = "item item_text quantity quantity_qualifier unit delivered_quantity"
    cells = dict.fromkeys(
        f"{names} delivered_qualifier instrument source_url row packages".split(), ""
    )
    known = {"line": "P1", "sort": "package", "donor": "Poland", "category": "humanitarian"}
    worth = (amount / rate).quantize(Decimal("0.01"))
    given_eur = "" if delivered_eur is None else str(min(Decimal(delivered_eur), worth))
    money = {"amount": str(amount), "currency": "PLN", "eur": str(worth)}
    return {"P1": Row({**cells, **known, **money, "valid": "", "delivered_eur": given_eur}, "f:2")}


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1000, 10**9),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.decimals("0.5", "400", places=4),
    st.decimals("0.5", "400", places=4),
)
def test_parts_of_a_delivery_are_the_whole(
    amount: int, first_eur: int | None, second_eur: int | None, old: Decimal, new: Decimal
) -> None:
    """However the figure moves, the second release's parts add up to what that release says."""
    days = (date(2023, 3, 2), date(2023, 9, 21))
    before, after = line(amount, first_eur, old), line(amount, second_eur, new)
    state = State("t", "2", "document", "", days[1], "Ukraine")
    found = [
        entry for entry in entries_of(state, after, before, days[0]) if entry.stage == "delivery"
    ]
    said = Decimal(after["P1"]["delivered_eur"] or 0)
    own = (amount * said / Decimal(after["P1"]["eur"])).quantize(Decimal("0.01"))
    if not own:
        assert found == []
        return
    money = [entry.money.amount.best or Decimal(0) for entry in found if entry.money]
    assert sum(money) == own
    assert min(money) > 0
    assert sum(entry.valuations[0].amount.best or Decimal(0) for entry in found) == said
