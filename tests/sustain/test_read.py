"""Reading a model: every slip is found with its file, row, column and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from intendance.errors import InputError
from intendance.sustain.read import ModelError, read_model

Maker = Callable[..., Path]


def findings_of(folder: Path) -> list[tuple[str, str]]:
    """Read a broken model; give code and place of each finding."""
    with pytest.raises(ModelError) as caught:
        read_model(folder)
    assert caught.value.exit_code == 3
    assert caught.value.sentence
    return [(finding.code, str(finding.where)) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("table", "rows", "code", "place"),
    [
        ("parts", ["gen,a,1,-0.02"], "negative", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,nan"], "not-finite", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,inf"], "not-finite", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,1e400"], "not-finite", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,1e9"], "too-large", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,often"], "not-a-number", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,1_0"], "not-a-number", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,a,1,"], "blank", "parts.csv:2:removals_per_day"),
        ("parts", ["gen,zz,1,0.1"], "unknown-reference", "parts.csv:2:lru"),
        ("parts", ["gen,a,1,0.1", "gen,a,1,0.2"], "repeated", "parts.csv:3:lru"),
        ("parts", ["gen,a,0,0.1"], "too-small", "parts.csv:2:per_system"),
        ("repair", ["a,base,1.2,8,exponential,"], "share-over-one", "repair.csv:2:share"),
        ("repair", ["a,base,1,8,weibull,"], "unknown-word", "repair.csv:2:distribution"),
        ("repair", ["a,base,1,8,fixed,0"], "too-small", "repair.csv:2:servers"),
        ("repair", ["a,mars,1,8,fixed,"], "unknown-reference", "repair.csv:2:site"),
        ("stock", ["a,base,2.5"], "not-whole", "stock.csv:2:level"),
        ("stock", ["a,base,2,7"], "extra-cell", "stock.csv:2"),
        ("fleets", ["base,gen,-4,1,0"], "negative", "fleets.csv:2:quantity"),
        ("fleets", ["nowhere,gen,4,1,0"], "unknown-reference", "fleets.csv:2:site"),
        ("subparts", ["a,b,0.5,3", "b,a,0.5,3"], "cycle", "subparts.csv:3:sru"),
        ("subparts", ["a,a,0.5,3"], "cycle", "subparts.csv:2:sru"),
        ("tempo", ["10,10,2"], "order", "tempo.csv:2:to_day"),
        ("tempo", ["10,20,2", "15,30,3"], "overlap", "tempo.csv:3:from_day"),
        ("requirement", ["gen,base,20,10,3"], "order", "requirement.csv:2:to_day"),
        ("repair", ["a,base,0.5,,fixed,"], "blank", "repair.csv:2:repair_days"),
        ("sites", ["base,,1,,10", "other,,1,,5"], "two-tops", "sites.csv:3:parent"),
        ("supplies", ["a,base,3,2.5"], "not-whole", "supplies.csv:2:quantity"),
        ("attrition", ["gen,stolen,0.1,"], "unknown-word", "attrition.csv:2:cause"),
        ("lrus", ["a,,10,0,", "b,,x,0,"], "not-a-number", "lrus.csv:3:cost_eur"),
    ],
)
def test_a_slip_is_found_where_it_is(
    one_site: Maker, table: str, rows: list[str], code: str, place: str
) -> None:
    """One bad cell gives a finding of its kind at its row and column."""
    assert (code, place) in findings_of(one_site(**{table: rows}))


def test_parents_in_a_circle(one_site: Maker) -> None:
    """A site that is its own grandparent is a cycle."""
    folder = one_site(sites=["base,,1,x,1", "x,,1,y,1", "y,,1,x,1"])
    assert findings_of(folder) == [("cycle", "sites.csv:2:parent")]


def test_all_slips_are_told_at_once(one_site: Maker) -> None:
    """Two files with two slips give all of them, not the first."""
    folder = one_site(parts=["gen,a,1,-1", "gen,b,1,nan"], stock=["a,base,-1"])
    assert len(findings_of(folder)) == 3


def test_bom_crlf_quotes_spaces_and_extra_columns(one_site: Maker) -> None:
    """What spreadsheets write is read the same: BOM, CRLF, quoted line breaks, more columns."""
    folder = one_site()
    plain = read_model(folder)
    text = 'lru , name,cost_eur,condemned_share,procure_days,note\r\na,"two\r\nlines",10,0,,x\r\n'
    text += "b,,20,0,,\r\n\r\n c ,,30,0.2,90,\r\n"
    (folder / "lrus.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    again = read_model(folder)
    assert [unit.lru for unit in again.units] == ["a", "b", "c"]
    assert again.units[0].name == "two\r\nlines"
    assert [u.cost_eur for u in again.units] == [u.cost_eur for u in plain.units]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"lru,site\na,base\n", "column-missing"),
        (b"lru,site,level,level\na,base,1,1\n", "column-twice"),
        (b"lru,site,level\n\xff\xfe,base,1\n", "encoding"),
        (b'lru,site,level\n"a,base,1\n', "csv"),
        (b"lru;site;level\na;base;1\n", "separator"),
        (b"lru\tsite\tlevel\na\tbase\t1\n", "separator"),
        ("lru,site,level\na,base,1\n".encode("utf-16"), "encoding"),
        ("lru,site,level\na,base,1\n".encode("utf-16-le"), "encoding"),
        (b"lru,site,level\n" + b"a,base,1\n" * 200 + b"a,ba\0se,1\n", "encoding"),
    ],
)
def test_broken_files(one_site: Maker, content: bytes, code: str) -> None:
    """A file that is no table is named, not a traceback."""
    folder = one_site()
    (folder / "stock.csv").write_bytes(content)
    assert code in [found for found, _ in findings_of(folder)]


@pytest.mark.parametrize("name", ["sites", "systems", "fleets", "parts", "lrus"])
def test_missing_files(one_site: Maker, name: str) -> None:
    """A file without which there is no model is named."""
    folder = one_site()
    (folder / f"{name}.csv").unlink()
    assert ("file-missing", f"{name}.csv") in findings_of(folder)


def test_files_that_may_be_absent(one_site: Maker) -> None:
    """A model of fleets alone is a model."""
    folder = one_site()
    for name in ("parts", "lrus", "repair", "stock"):
        (folder / f"{name}.csv").unlink()
    assert read_model(folder).parts == ()


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is an error with a next step."""
    with pytest.raises(InputError) as caught:
        read_model(tmp_path / "nothing")
    assert caught.value.next_step


def test_a_supply_that_nobody_uses_is_a_warning(one_site: Maker) -> None:
    """Supplies of an item that no system here uses do not stop the run, but are told."""
    model = read_model(one_site(supplies=["soap,base,0,10"]))
    assert [str(f.where) for f in model.findings] == ["supplies.csv:2:item"]
