"""Reading a problem: what is off gets a file, a row, a column and a reason."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from intendance.errors import InputError
from intendance.plan.instances import SIZES, generate
from intendance.plan.read import ProblemError, read_problem
from intendance.plan.result import write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path, generate(SIZES["tiny"], 1))
    return tmp_path


def change(folder: Path, file: str, row: int, column: str, value: str) -> None:
    lines = (folder / file).read_text().splitlines()
    at = lines[0].split(",").index(column)
    cells = lines[row - 1].split(",")
    cells[at] = value
    lines[row - 1] = ",".join(cells)
    (folder / file).write_text("\n".join(lines) + "\n")


def first_error(folder: Path) -> str:
    with pytest.raises(ProblemError) as caught:
        read_problem(folder)
    return str(caught.value.findings[0])


@pytest.mark.parametrize(
    ("file", "column", "value", "reason"),
    [
        ("stocks.csv", "item", "nowhere", "does not stand in items.csv"),
        ("stocks.csv", "quantity", "nan", "finite"),
        ("stocks.csv", "quantity", "-1", "zero or more"),
        ("stocks.csv", "quantity", "1_0", "finite"),
        ("stocks.csv", "floor", "inf", "finite"),
        ("stocks.csv", "release_week", "1000000000", "at most"),
        ("stocks.csv", "releasable", "0.5", "whole"),
        ("needs.csv", "quantity", "0", "above zero"),
        ("needs.csv", "due_week", "6", "at most 5"),
        ("needs.csv", "node", "", "needed"),
        ("links.csv", "measure", "kg", "one of"),
        ("links.csv", "transit_weeks", "-1", "zero or more"),
        ("links.csv", "to", "N99", "nodes.csv"),
        ("items.csv", "value_eur", "abc", "not a number"),
        ("effects.csv", "effect", "0", "above zero"),
        ("donors.csv", "share", "0", "above zero"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(
    folder: Path, file: str, column: str, value: str, reason: str
) -> None:
    change(folder, file, 2, column, value)
    said = first_error(folder)
    assert said.startswith(f"{file}:2:{column}: ")
    assert reason in said


def test_an_identifier_that_stands_twice_is_named(folder: Path) -> None:
    text = (folder / "nodes.csv").read_text().splitlines()
    (folder / "nodes.csv").write_text("\n".join([*text, text[1]]) + "\n")
    assert first_error(folder).startswith(f"nodes.csv:{len(text) + 1}:node: ")


def test_shares_have_to_sum_to_one(folder: Path) -> None:
    change(folder, "donors.csv", 2, "share", "0.9")
    assert "sum to 1" in first_error(folder)


@pytest.mark.parametrize("name", ["plan.toml", "donors.csv", "effects.csv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=name):
        read_problem(folder)


def test_optional_files_may_be_absent(folder: Path) -> None:
    for name in ("lots.csv", "packages.csv", "conditions.csv"):
        (folder / name).unlink()
    problem, _ = read_problem(folder)
    assert problem.packages == ()
    assert problem.conditions == ()


@pytest.mark.parametrize("horizon", ["1000000000", "0", "1.5", '"12"', "true"])
def test_a_horizon_out_of_range_is_refused(folder: Path, horizon: str) -> None:
    text = (folder / "plan.toml").read_text().splitlines()
    (folder / "plan.toml").write_text("\n".join([f"horizon_weeks = {horizon}", *text[1:]]))
    assert first_error(folder).startswith("plan.toml::horizon_weeks")


def test_byte_order_mark_line_ends_and_extra_columns_do_not_matter(folder: Path) -> None:
    before, _ = read_problem(folder)
    for path in folder.glob("*.csv"):
        lines = path.read_text().splitlines()
        wide = [lines[0] + ",remark", *(f'{line},"two\r\nlines"' for line in lines[1:])]
        path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(wide).encode())
    after, _ = read_problem(folder)
    assert after.stocks.ids == before.stocks.ids
    assert (after.stocks.available == before.stocks.available).all()


def test_rows_are_counted_as_records_also_after_quoted_line_breaks(folder: Path) -> None:
    header, *rows = (folder / "nodes.csv").read_text().splitlines()
    rows[0] = rows[0].replace(",depot 0,", ',"depot\n0",')
    cells = rows[1].split(",")
    cells[2] = "castle"
    (folder / "nodes.csv").write_text("\n".join([header, rows[0], ",".join(cells), *rows[2:]]))
    assert first_error(folder).startswith("nodes.csv:3:kind: ")


def test_a_missing_column_is_blamed_once(folder: Path) -> None:
    lines = [line.rsplit(",", 1)[0] for line in (folder / "needs.csv").read_text().splitlines()]
    (folder / "needs.csv").write_text("\n".join(lines))
    with pytest.raises(ProblemError) as caught:
        read_problem(folder)
    assert [x.code for x in caught.value.findings] == ["missing-column"]


def test_a_stock_stands_in_one_package_at_most(folder: Path) -> None:
    (folder / "packages.csv").write_text("package,stock,quantity\nA,S0,1\nB,S0,1\n")
    assert "already stands in a package" in first_error(folder)


MUTATIONS = (
    lambda data, rng: b"\xef\xbb\xbf" + data,
    lambda data, rng: data.decode().encode("utf-16"),
    lambda data, rng: data.replace(b"\n", b"\r\n"),
    lambda data, rng: data.replace(b",", b";"),
    lambda data, rng: data[: rng.randrange(len(data) + 1)],
    lambda data, rng: b"",
    lambda data, rng: data + data.splitlines()[-1] + b"\n",
    lambda data, rng: data.replace(b"e", b"\xe9", 3),
    lambda data, rng: data.replace(b"\n", b",x\n", 3),
    lambda data, rng: data.replace(b",", b"", 3),
    lambda data, rng: b"\n".join(line for line in data.split(b"\n") if rng.random() > 0.2),
    lambda data, rng: bytes(rng.randrange(256) if rng.random() < 0.02 else x for x in data),
)  # fmt: skip
CELLS = (
    "", "nan", "-inf", "-1", "1e400", "1e308", "9" * 30, "0", "abc", "1,5", "é", "=1+1", "0x10",
    "1e-320", ";;", "１２", "1_000", "10**9", "1000000000",
)  # fmt: skip


def spoil(path: Path, rng: random.Random) -> None:
    """Damage a file as mail, spreadsheets and typing do."""
    data = path.read_bytes()
    if rng.random() < 0.5 and path.suffix == ".csv":
        lines = [line.split(",") for line in data.decode().splitlines()]
        row = rng.choice(lines[1:] or lines)
        row[rng.randrange(len(row))] = rng.choice(CELLS)
        path.write_text("\n".join(",".join(line) for line in lines) + "\n", "utf-8")
    else:
        path.write_bytes(rng.choice(MUTATIONS)(data, rng))


def test_three_hundred_damaged_folders_are_read_or_refused_with_a_place(tmp_path: Path) -> None:
    rng = random.Random(4)
    refused: list[str] = []
    for number in range(300):
        place = tmp_path / str(number)
        write_files(place, generate(SIZES["tiny"], number % 5))
        for path in rng.sample(sorted(place.iterdir()), rng.choice((1, 1, 2))):
            spoil(path, rng)
        try:
            read_problem(place)
        except InputError as error:
            refused.append(error.where)
    assert all(refused)
    assert 100 < len(refused) < 290
