"""Every test of tests/ledger that asks for a ledger holds on PostgreSQL too."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgres
_FOLDER = Path(__file__).parents[1] / "ledger"


def _tests_of(path: Path) -> dict[str, object]:
    """Give the tests of a module whose stores come from the fixtures that we replace."""
    spec = importlib.util.spec_from_file_location(f"on_postgres_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        f"{name}__{path.stem.removeprefix('test_')}": each
        for name, each in vars(module).items()
        if name.startswith("test_")
        and inspect.isfunction(each)
        and {"ledger", "either_store"} & set(inspect.signature(each).parameters)
    }


for _path in sorted(_FOLDER.glob("test_*.py")):
    globals().update(_tests_of(_path))


def test_the_tests_of_the_ledger_are_really_here():
    names = [name for name in globals() if name.startswith("test_")]
    for part in ("store", "totals", "changes", "migrations"):
        assert sum(name.endswith(f"__{part}") for name in names) >= 4, part
