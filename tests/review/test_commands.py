"""The commands brief and demo: what they print, what they write, how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from intendance.app.main import app
from intendance.errors import InputError, IntendanceError, UsageError
from intendance.ledger.ledger import Ledger

from .conftest import line, need

ARTICLE = "Donors have granted more than 1 million euros since January, the envoy Ann Lee said.\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def filled(here: Path) -> str:
    from datetime import date

    with Ledger.create("own.db") as ledger:
        ledger.post([line("A", "Japan", "1000000.10", date(2024, 1, 5)), need()])
    return "own.db"


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.name != "cache"}


def test_demo_writes_the_brief_and_says_the_gaps(here: Path) -> None:
    result = run("demo", "winter-energy", "--lang", "fr")
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    assert 8 <= len(printed) <= 16
    assert printed[-1].endswith("brief.html")
    assert (here / "out/winter-energy.db").is_file()
    page = (here / "brief.html").read_text("utf-8")
    with Ledger.open("out/winter-energy.db") as ledger:
        assert ledger.head().root in page
        assert ledger.verify().intact


def test_demo_again_gives_the_same_page_and_one_json_document(here: Path) -> None:
    first = run("demo", "winter-energy", "--json")
    before = (here / "brief.html").read_bytes()
    second = run("demo", "winter-energy", "--json")
    record = json.loads(second.stdout)
    assert record == json.loads(first.stdout)
    assert (here / "brief.html").read_bytes() == before
    assert len(record["gaps"]) == 5
    assert record["claims"][0]["verdict"].startswith("consistent")


def test_demo_never_replaces_another_ledger(filled: str) -> None:
    before = Path(filled).read_bytes()
    result = run("demo", "winter-energy", "--ledger", filled)
    assert isinstance(result.exception, UsageError)
    assert Path(filled).read_bytes() == before
    assert not Path("brief.html").exists()


def test_brief_with_an_article(filled: str, here: Path) -> None:
    Path("article.txt").write_text(ARTICLE, "utf-8")
    result = run(
        *("brief", "--ledger", filled, "--article", "article.txt"),
        *("--published", "2024-02-20", "--lang", "fr", "--out", "note.html", "--json"),
    )
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["as_of"] == "2024-02-20"
    assert record["committed"]["best"] == "1000000.10"
    assert [claim["verdict"] for claim in record["claims"]] == ["consistent_with_bound"]
    assert 'lang="fr"' in Path("note.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (["--article", "none.txt", "--published", "2024-01-01"], InputError, "none.txt"),
        (["--since", "2030-01-01"], UsageError, "order"),
        (["--as-of", "01/02/2024"], UsageError, "not a day"),
        (["--known-at", "1999-01-01"], InputError, "Nothing was known"),
        (["--currency", "euro"], UsageError, "currency"),
        (["--lang", "de"], UsageError, "language"),
        (["--format", "docx"], UsageError, "format"),
        (["--out", "missing/brief.html"], UsageError, "folder"),
        (["--out", "."], UsageError, "folder"),
        (["--published", "2024-01-01"], UsageError, "--article"),
    ],
)
def test_refusals_are_one_sentence_and_leave_nothing(
    filled: str, here: Path, words: list[str], error: type[IntendanceError], says: str
) -> None:
    before = files(here)
    result = run("brief", "--ledger", filled, *words)
    assert isinstance(result.exception, error), result.output
    assert says in result.exception.sentence
    assert files(here) == before


@pytest.mark.parametrize("content", [b"", b" \n\t"])
def test_an_article_that_cannot_be_read(filled: str, here: Path, content: bytes) -> None:
    Path("bad.txt").write_bytes(content)
    result = run("brief", "--ledger", filled, "--article", "bad.txt", "--published", "2024-01-01")
    assert isinstance(result.exception, InputError)
    assert not (here / "brief.html").exists()


def test_an_empty_ledger_and_none_at_all(here: Path) -> None:
    Ledger.create("empty.db").close()
    assert isinstance(run("brief", "--ledger", "empty.db").exception, InputError)
    assert isinstance(run("brief", "--ledger", "nowhere.db").exception, InputError)
    assert isinstance(run("demo", "no-such-portfolio").exception, InputError)
    assert files(here) == {"empty.db"}


def test_the_brief_shows_what_lies_ahead_of_a_model(here: Path, filled: str) -> None:
    model = ["--sustain", "sample:winter", "--days", "20", "--futures", "50", "--seed", "2"]
    result = run("brief", "--ledger", filled, *model, "--lang", "fr")
    assert result.exit_code == 0, result.output
    page = (here / "brief.html").read_text("utf-8")
    assert '<section id="sustain-winter"' in page
    assert "50 avenirs, graine 2" in page.replace("\u202f", " ").replace("\u00a0", " ")
    missing = run("brief", "--ledger", filled, "--sustain", "nowhere", "--out", "other.html")
    assert isinstance(missing.exception, InputError)
    assert not (here / "other.html").exists()
