"""The brief's figures are the ledger's, to the cent, and know their entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from intendance.errors import InputError, UsageError
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import Viewer
from intendance.model.entry import Quantity
from intendance.model.interval import Interval
from intendance.review.brief import Request, gather, joined_marking
from intendance.review.facts import Brief
from intendance.review.html import render
from intendance.review.summary import lines

from .conftest import AS_OF, FIRST, SECOND, need, pumps


def test_totals_are_the_ledgers(small: Ledger, brief: Brief) -> None:
    whole = small.total(Definition(as_of=AS_OF, known_at=brief.known_at)).total
    assert brief.committed.best == whole.best == Decimal("1450100.14")
    assert brief.donors == 3


def test_breakdowns_sum_to_the_total(brief: Brief) -> None:
    for cells in (brief.by_donor, brief.by_month):
        assert sum(cell.figure.best for cell in cells) == brief.committed.best
        assert {e for cell in cells for e in cell.figure.entries} == set(brief.committed.entries)


def test_coverage_is_need_less_supply(brief: Brief) -> None:
    (row,) = brief.coverage
    assert (row.needed.best, row.commitment.best, row.delivery.best) == (90, 40, 15)
    assert (row.gap.low, row.gap.best, row.gap.high) == (65, 75, 85)
    assert row.needs[0].sourced
    assert brief.gaps == (row,)


def test_turn_sums_to_the_cent(brief: Brief) -> None:
    turn = brief.turn
    assert turn is not None
    assert (turn.before, turn.after) == (FIRST, SECOND)
    causes = {cause: amount for cause, amount, _ in turn.causes}
    assert causes["corrected"] == 200000
    assert causes["new"] == Decimal("99.99")
    assert sum(causes.values()) == turn.total_after.best - turn.total_before.best
    assert sum(each.difference for each in turn.lines) == sum(causes.values())


def test_every_figure_knows_entries_that_are_kept(brief: Brief) -> None:
    figures = [brief.committed, *(cell.figure for cell in brief.by_donor)]
    for line in brief.coverage:
        figures += [line.needed, line.commitment, line.delivery]
    assert all(figure.entries for figure in figures)
    assert all(entry in brief.entries for figure in figures for entry in figure.entries)


def test_known_at_hides_what_came_later(small: Ledger) -> None:
    then = gather(small, Request(as_of=AS_OF, known_at=FIRST))
    assert then.committed.best == Decimal("1250000.15")
    assert then.turn is None
    assert then.head == small.head()


def test_an_empty_ledger_is_refused(tmp_path: Path) -> None:
    with (
        Ledger.create(str(tmp_path / "empty.db")) as ledger,
        pytest.raises(InputError, match="empty"),
    ):
        gather(ledger, Request())


def test_a_ledger_of_needs_alone_says_what_is_asked(tmp_path: Path) -> None:
    with Ledger.create(str(tmp_path / "needs.db")) as ledger:
        ledger.post([need()])
        brief = gather(ledger, Request())
    assert [line.capability for line in brief.coverage] == [need().capability]
    assert (brief.donors, brief.by_donor, brief.in_kind) == (0, (), ())
    assert brief.title
    page = render(brief)
    assert "No committed line gives an amount." in page
    assert "<svg" in page  # the coverage's chart


def test_aid_without_any_amount_is_shown_in_kind(tmp_path: Path) -> None:
    with Ledger.create(str(tmp_path / "kind.db")) as ledger:
        hidden = replace(pumps("9", "commitment"), line="own:B", item_text="blankets", item="")
        hidden = replace(hidden, quantity=Quantity(Interval.undisclosed()))
        ledger.post([pumps("40", "commitment"), hidden])
        brief = gather(ledger, Request())
    assert [(each.count.best, each.count.undisclosed) for each in brief.in_kind] == [
        (40, 0),
        (0, 1),
    ]
    assert brief.donors == 1
    assert "in kind, no amount given" in " ".join(lines(brief, "brief.html"))
    page = render(brief)
    assert "Blankets" in page
    assert "Committed in kind, without an amount" in page


def test_days_in_the_wrong_order(small: Ledger) -> None:
    with pytest.raises(UsageError, match="wrong order"):
        gather(small, Request(since=SECOND, known_at=FIRST))
    with pytest.raises(InputError, match="Nothing was known"):
        gather(small, Request(known_at=date(2020, 1, 1)))


def test_a_needless_ledger_has_no_gaps(tmp_path: Path, small: Ledger) -> None:
    aid = [each for each in small.entries() if each.topic == "aid"]
    with Ledger.create(str(tmp_path / "aid.db")) as ledger:
        ledger.post([replace(each, replaces="") for each in aid])
        assert gather(ledger, Request()).coverage == ()


def test_markings_join_to_the_strictest() -> None:
    assert joined_marking([]) == "public"
    assert joined_marking(["public", "eyes-only", "private"]) == "eyes-only"


def test_the_demonstration_reads_checks_and_compares(winter: dict[str, Brief]) -> None:
    """The portfolio without arms goes the whole way: voices, claims, coverage, changes."""
    found = winter["en"]
    assert found.voices
    assert {claim.verdict for claim in found.claims} <= {"consistent", "consistent_with_bound"}
    assert len(found.gaps) == 5
    assert found.turn is not None
    assert found.turn.total_after.best == found.committed.best
    assert found.illustrative
    assert winter["fr"].committed == found.committed


def test_a_large_ledger_keeps_what_the_gaps_rest_on(
    small: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says how many entries it leaves out, and its links still have targets."""
    whole = gather(small, Request(as_of=AS_OF))
    monkeypatch.setattr("intendance.review.brief.MOST_ENTRIES", 4)
    found = gather(small, Request(as_of=AS_OF))
    assert len(found.entries) == 4
    assert found.left_out == len(whole.entries) - 4
    assert set(found.coverage[0].needed.entries) <= set(found.entries)
    assert found.committed.best == whole.committed.best
    assert "left out of this page" in render(found)


def test_a_limited_viewers_brief_says_so_and_counts_only_what_they_see(small: Ledger) -> None:
    (public, *_) = small.entries()
    seen = small.head().entries
    hidden = replace(public, id="", line="x:hidden", marking="private:Poland")
    small.post([hidden, replace(public, id="", line="x:shown")])
    whole = gather(small, Request(language="en", as_of=AS_OF))
    assert (whole.head.entries, "Limited" in whole.note) == (seen + 2, False)
    with Ledger.open(small.store.name, Viewer("reader")) as book:
        found = gather(book, Request(language="en", as_of=AS_OF))
        french = gather(book, Request(language="fr", as_of=AS_OF))
    assert (found.head.entries, found.head.root) == (seen + 1, whole.head.root)
    assert max(place for place, _ in found.entries.values()) <= seen + 1
    assert "x:hidden" not in {entry.line for _, entry in found.entries.values()}
    assert "released to reader" in found.note
    assert french.note != found.note
