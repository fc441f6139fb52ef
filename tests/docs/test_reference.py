"""Every command, option and error is documented, and the pages' links lead somewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from intendance import errors

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_command_reference_is_the_commands():
    sys.path.insert(0, str(ROOT / "tools"))
    import write_reference

    page = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    assert page == write_reference.text(), "run: .venv/bin/python tools/write_reference.py"


def test_every_error_has_its_line():
    page = (ROOT / "docs/reference/errors.md").read_text("utf-8")
    for name in dir(errors):
        each = getattr(errors, name)
        if isinstance(each, type) and issubclass(each, errors.IntendanceError):
            assert f"`{name}`" in page
            assert f"| {each.exit_code} |" in page


def test_every_setting_has_its_line():
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    for path in (ROOT / "src").rglob("*.py"):
        for name in re.findall(r"INTENDANCE_[A-Z_]+", path.read_text("utf-8")):
            assert f"`{name}`" in page, f"{name} of {path.name}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_the_readme_names_the_two_commands_first():
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.index("make demo") < 3000
    assert text.index("make test") < 3000
