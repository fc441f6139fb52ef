"""What donors state takes the place of what a scenario assumes, for who may see it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.plan.test_building import SCENARIO, codes, made, need, rows, scenario

from intendance.errors import InputError
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import Viewer
from intendance.model.entry import Entry, Quantity, Source
from intendance.model.interval import Interval
from intendance.model.period import Period
from intendance.plan.building import marking_of
from intendance.plan.read import read_problem

__all__ = ["scenario"]  # the fixture
TOLD = date(2024, 11, 20)


def stated(donor: str, item: str, count: str | None, topic: str = "stock", **terms: str) -> Entry:
    amount = Interval.undisclosed() if count is None else Interval.exact(count)
    return Entry(
        line=f"{topic}:{donor}-{item}", stage="pledge", topic=topic, recorded_on=TOLD, donor=donor,
        item=item, valid=Period.on(TOLD), source=Source(donor), marking=f"private:{donor}",
        quantity=Quantity(amount) if topic == "stock" else None,
        terms=tuple(sorted(terms.items())),
    )  # fmt: skip


@pytest.fixture
def asked(ledger):
    ledger.post([need("N1", "generator", "41", "2024-12-20")])
    return ledger


def test_who_sees_everything_plans_with_the_donors_own_figures(asked, scenario, tmp_path):
    """Quantity, floor, release and whether it may leave are the donor's; the rest is as it was."""
    asked.post([
        stated("Poland", "generator", "80", floor="25", release_on="2024-12-15"),
        stated("Romania", "generator", "7", releasable="no"),
    ])  # fmt: skip
    built = made(asked, scenario, tmp_path)
    stocks = rows(built.folder, "stocks", "stock")
    own = stocks["PL-gen"]
    assert (own["quantity"], own["floor"], own["release_week"]) == ("80", "25", "3")
    assert (own["releasable"], own["basis"], own["marking"]) == ("1", "stated", "private:Poland")
    assert (stocks["RO-gen"]["quantity"], stocks["RO-gen"]["releasable"]) == ("7", "0")
    assert (stocks["RO-bat"]["basis"], stocks["RO-bat"]["marking"]) == ("illustrative", "public")
    assert built.marking == marking_of(built.folder) == "private:Poland+Romania"
    problem, _ = read_problem(built.folder)
    assert problem.stocks.floor[problem.stocks.ids.index("PL-gen")] == 25


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [("reader", set()), ("coordinator", set()), ("donor:Poland", {"Poland"}),
     ("donor:Norway", set()), ("admin", {"Poland", "Romania"})],
)  # fmt: skip
def test_a_limited_viewer_gets_the_problem_of_a_ledger_without_them(
    scenario, tmp_path, viewer, seen
):
    """The same bytes but for the ledger's root, which covers hidden entries too."""
    private = [
        stated("Poland", "generator", "80", floor="25"),
        stated("Romania", "generator", "7"),
        stated("Romania", "unheard-of", "7"),
        stated("Romania", "battery", None, topic="caveat", binds="yes", note="SECRET"),
    ]
    folders = []
    for name, kept in (("all", private), ("seen", [x for x in private if x.donor in seen])):
        path = str(tmp_path / f"{name}.db")
        with Ledger.create(path) as ledger:
            ledger.post([need("N1", "generator", "41", "2024-12-20"), *kept])
        with Ledger.open(path, Viewer.parse(viewer)) as book:
            built = made(book, scenario, tmp_path, out=tmp_path / name)
        folders.append(built.folder)
        findings = [each.as_record() for each in built.findings]
        folders.append(findings)
    whole, told, alone, told_alone = folders
    assert told == told_alone
    for path in sorted(whole.iterdir()):
        texts = [
            [line for line in (folder / path.name).read_text("utf-8").splitlines()
             if not line.startswith("ledger_root")]
            for folder in (whole, alone)
        ]  # fmt: skip
        assert texts[0] == texts[1], path.name


def test_a_stock_of_several_places_is_shared_as_the_scenario_shares_it(asked, scenario, tmp_path):
    text = SCENARIO["stocks.csv"] + "PL-gen2,PL,generator,Z,150,,,1,illustrative\n"
    (scenario / "stocks.csv").write_text(text, "utf-8")
    asked.post([stated("Poland", "generator", "81", floor="9")])
    stocks = rows(made(asked, scenario, tmp_path).folder, "stocks", "stock")
    assert (stocks["PL-gen"]["quantity"], stocks["PL-gen2"]["quantity"]) == ("20", "61")
    assert (stocks["PL-gen"]["floor"], stocks["PL-gen2"]["floor"]) == ("2", "7")


def test_an_item_new_to_the_scenarios_stocks_lies_where_the_donors_others_lie(
    asked, scenario, tmp_path
):
    asked.post([stated("Poland", "battery", "30"), stated("Norway", "generator", "4"),
                stated("Poland", "boat", "4")])  # fmt: skip
    built = made(asked, scenario, tmp_path)
    stocks = rows(built.folder, "stocks", "stock")
    assert (stocks["PL-battery"]["quantity"], stocks["PL-battery"]["node"]) == ("30", "A")
    left_out = [each.value for each in built.findings if each.code == "stock-not-placed"]
    assert left_out == ["Norway: generator", "Poland: boat"]


def test_a_binding_caveat_keeps_the_stock_at_home_while_it_lasts(asked, scenario, tmp_path):
    """One that only says something is told, and binds nothing."""
    asked.post([
        stated("Poland", "generator", None, topic="caveat", binds="yes", until="2024-12-20"),
        stated("Romania", "battery", None, topic="caveat", binds="yes"),
        stated("Romania", "generator", None, topic="caveat", note="we hesitate"),
    ])  # fmt: skip
    built = made(asked, scenario, tmp_path)
    stocks = rows(built.folder, "stocks", "stock")
    # Week 3 begins on 21 December, the day after its last.
    assert stocks["PL-gen"]["release_week"] == "3"
    assert stocks["RO-bat"]["releasable"] == "0"
    assert "caveat" in codes(built)
    assert "stock-of-later" not in codes(built)
    later = made(asked, scenario, tmp_path, as_of=date(2024, 12, 21), out=tmp_path / "later")
    assert rows(later.folder, "stocks", "stock")["PL-gen"]["release_week"] in ("", "0")


def test_what_was_not_yet_known_or_was_withdrawn_is_not_used(asked, scenario, tmp_path):
    first = stated("Poland", "generator", "80")
    asked.post([first])
    before = made(asked, scenario, tmp_path, known_at=date(2024, 11, 19))
    assert rows(before.folder, "stocks", "stock")["PL-gen"]["quantity"] == "50"
    assert before.marking == "public"
    gone = replace(first, kind="withdraw", reason="no longer", recorded_on=date(2024, 11, 25))
    asked.post([gone])
    after = made(asked, scenario, tmp_path, out=tmp_path / "after")
    assert rows(after.folder, "stocks", "stock")["PL-gen"]["quantity"] == "50"


def test_what_a_donor_states_for_a_later_day_is_not_used_and_said(asked, scenario, tmp_path):
    later = Period.on(date(2024, 12, 1))
    asked.post([
        replace(stated("Poland", "generator", "80"), valid=later),
        replace(stated("Romania", "battery", None, topic="caveat", binds="yes"), valid=later),
    ])  # fmt: skip
    built = made(asked, scenario, tmp_path)
    stocks = rows(built.folder, "stocks", "stock")
    assert (stocks["PL-gen"]["quantity"], stocks["RO-bat"]["releasable"]) == ("50", "1")
    assert "stock-of-later" in codes(built)


def test_accepted_lines_come_off_what_was_stated_before_them(asked, scenario, tmp_path):
    """A donor that counts again afterwards has counted what is left."""
    asked.post([stated("Poland", "generator", "80")])
    built = made(asked, scenario, tmp_path)
    line = Entry(
        line="plan:x:S1", stage="allocation", recorded_on=date(2024, 11, 25), donor="Poland",
        source=Source("plan"), capability="generator", valid=Period.on(date(2024, 11, 25)),
        quantity=Quantity(Interval.exact("10")),
        terms=(("effect", "1"), ("scenario", built.scenario_sha256), ("stock", "PL-gen")),
    )  # fmt: skip
    asked.post([line])
    again = made(asked, scenario, tmp_path, out=tmp_path / "again")
    assert rows(again.folder, "stocks", "stock")["PL-gen"]["quantity"] == "70"
    counted = replace(stated("Poland", "generator", "72"), recorded_on=date(2024, 11, 27),
                      kind="correct", reason="counted again")  # fmt: skip
    asked.post([counted])
    last = made(asked, scenario, tmp_path, out=tmp_path / "last")
    assert rows(last.folder, "stocks", "stock")["PL-gen"]["quantity"] == "72"


def test_the_marking_of_a_folder(tmp_path):
    with pytest.raises(InputError):
        marking_of(tmp_path)
    (tmp_path / "plan.toml").write_text("horizon_weeks = 3\n", "utf-8")
    assert marking_of(tmp_path) == "public"
