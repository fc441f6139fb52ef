"""Changes written as text: which rows they mean, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from intendance.errors import IntendanceError
from intendance.plan.read import read_problem
from intendance.plan.whatif import change_folder, parse_setting


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, str]) -> Path:
    place = tmp_path / "p"
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text)
    stocks = "S,X,tent,A,20,,,1\nT,Y,tent,A,10,2,,1\nU,Y,tent,A,6,,,1\n"
    (place / "stocks.csv").write_text(f"{files['stocks.csv'].splitlines()[0]}\n{stocks}")
    return place


def changed(folder: Path, *settings: str):
    target = folder.parent / "changed"
    change_folder(folder, [parse_setting(x) for x in settings], target)
    return read_problem(target)[0]


def test_rows_are_meant_by_id_by_column_and_all(folder: Path) -> None:
    found = changed(folder, "stocks.donor:Y.quantity=+50%", "stocks.S.quantity=-1")
    assert found.stocks.quantity.tolist() == [19, 15, 9]
    assert changed(folder, "stocks.*.quantity=7").stocks.quantity.tolist() == [7, 7, 7]


def test_a_donor_withdraws_with_all_its_stocks(folder: Path) -> None:
    found = changed(folder, "donors.Y.withdraws=1")
    assert found.stocks.releasable.tolist() == [True, False, False]


def test_effects_and_settings_can_be_changed(folder: Path) -> None:
    found = changed(folder, "effects.tent.effect=2", "plan.horizon_weeks=+4")
    assert found.effects["shelter", 0] == 2
    assert found.horizon_weeks == 10
    assert changed(folder, "plan.tier_tolerance=0.5").tier_tolerance == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "foo", "links.x=1", "plan.start=1", "links..=1", "stocks.nope.floor=1",
        "stocks.*.nothing=1", "stocks.*.quantity=+..%", "stocks.*.floor=+1e5%",
        "links.*.measure=kg", "needs.N.quantity=nan", "donors.Q.withdraws=1",
        "donors.Y.withdraws=maybe", "lots.*.week=+1", "plan.horizon_weeks=abc",
        "plan.horizon_weeks=1000000000", "stocks.donor:Q.floor=1",
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(folder: Path, text: str) -> None:
    with pytest.raises(IntendanceError) as caught:
        changed(folder, text)
    assert str(caught.value)
