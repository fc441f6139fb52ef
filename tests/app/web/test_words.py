"""Every sentence of the pages has its French, and every word of their catalogues is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from intendance.app.web.context import Nav

ROOT = Path(__file__).parents[3] / "src/intendance"
CATALOGUES = sorted((ROOT / "locale/fr/LC_MESSAGES").glob("web*.po"))
_CALL = re.compile(r"""\b_(?:\.count)?\(\s*((?:"(?:[^"\\]|\\.)*"(?:\s*,\s*)?)+)""")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Modules whose sentences reach people through a page.
OF_THE_COMMAND_LINE = {"serving.py", "settings.py", "office.py"}
ROOMS = [ROOT / "app/web", ROOT / "app/accounts"]


def of_templates() -> dict[str, str]:
    found = {}
    for path in (ROOT / "app/web/templates").glob("*.j2"):
        text = path.read_text("utf-8")
        for call in _CALL.finditer(text):
            start = text[call.start() : call.start() + 8]
            most = 2 if start.startswith("_.count") else 1
            for said in _TEXT.findall(call[1])[:most]:
                found[said.replace('\\"', '"')] = path.name
    return found


def of_modules() -> dict[str, str]:
    """Give what is passed to words(…), Nav(…, label), errors, and module constants in capitals."""
    found: dict[str, str] = {}
    for folder in ROOMS:
        for path in folder.rglob("*.py"):
            if path.name in OF_THE_COMMAND_LINE:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for said in said_by(node):
                    found[said] = path.name
    return found


def said_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and target.id == "CODES":
            return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
        is_help = isinstance(target, ast.Name) and target.id in ("HELP", "LEAD")
        return [node.value.value] if is_help and isinstance(node.value, ast.Constant) else []
    if not isinstance(node, ast.Call) or not node.args:
        return []
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    texts = [
        each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None
        for each in node.args
    ]
    if name in ("words", "_"):
        return [text for text in texts[:1] if text]
    if name == "count":
        return [text for text in texts[:2] if text and any(map(str.isalpha, text))]
    if name == Nav.__name__:
        return [text for text in texts[1:2] if text]
    if name.endswith("Error") and name != "AssertionError":
        step = [each.value.value for each in node.keywords
                if each.arg == "next_step" and isinstance(each.value, ast.Constant)]  # fmt: skip
        return [text for text in (*texts[:1], *step) if text]
    return []


def french() -> dict[str, str]:
    """Give what the pages can translate: their own catalogues and those that they share."""
    known: dict[str, str] = {}
    shared = (f"{room}.po" for room in ("review", "exchange", "intake", "app"))
    for path in [*CATALOGUES, *map((ROOT / "locale/fr/LC_MESSAGES").joinpath, shared)]:
        if not path.exists():
            continue
        with path.open("rb") as stream:
            known.update(
                {str(each.id): str(each.string) for each in read_po(stream) if each.string}
            )
    return known


def test_every_sentence_has_its_french():
    said = {**of_modules(), **of_templates()}
    assert len(said) > 50
    known = french()
    missing = {text: place for text, place in said.items() if text and text not in known}
    assert not missing, "\n".join(f"{place}: {text}" for text, place in missing.items())


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_french_is_typeset(path):
    """Apostrophes are curved, and high punctuation has its no-break blank."""
    with path.open("rb") as stream:
        for message in filter(lambda each: each.id, read_po(stream)):
            text = str(message.string)
            assert "'" not in text, text
            assert not re.search(r"[^\u202f\u00a0\s][;?!](\s|$)|[^\u00a0\d/]:(\s|$)", text), text
            assert not re.search(r" [;?!:»]|« ", text), text
