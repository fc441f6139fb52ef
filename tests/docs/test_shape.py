"""The house keeps its shape: short modules, short functions, no machine's paths, no hosts."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
ROOMS = ("model", "ledger", "intake", "exchange", "plan", "sustain", "review", "app")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 70, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_named_after_nothing(path):
    assert path.stem not in {"utils", "helpers", "manager", "common", "misc"}


def test_every_room_stands_where_the_design_puts_it():
    folder = ROOT / "src/intendance"
    assert {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()} == set(
        ROOMS
    )
    for room in ROOMS:
        assert (folder / room / "__init__.py").read_text("utf-8").strip().startswith('"""')


def test_sql_stands_in_the_stores_alone():
    """The ledger's own, and the office's of people, papers and jobs."""
    jobs = {"jobs.py", "work.py"}
    for path in MODULES:
        text = path.read_text("utf-8")
        if re.search(r"^\s*(import sqlalchemy|from sqlalchemy|import alembic)", text, re.MULTILINE):
            stores = {"ledger", "migrations", "versions", "accounts"}
            assert path.parent.name in stores or path.name in jobs, path


def tracked() -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in found.stdout.splitlines()]


def test_no_commit_names_a_registry_or_a_machines_path():
    host = re.compile(r"https?://[\w.-]*(py" r"pi|python" r"hosted|npm" r"js|deb\.deb" r"ian)\.")
    place = re.compile(r"(?<![\w.])/(work|farm)/\w")
    for path in tracked():
        if not path.is_file() or path.stat().st_size > 1_000_000:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        assert not host.search(text), path
        assert not place.search(text), path
    assert not (ROOT / "uv.lock").exists()


def test_requirements_are_pinned_by_hash():
    for path in (ROOT / "requirements").glob("*.txt"):
        pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==", path.read_text("utf-8"), re.MULTILINE)
        assert pins
        assert path.read_text("utf-8").count("--hash=sha256:") >= len(pins)
