"""Finds every sentence of the review that people read: in templates, code and tables of words."""

from __future__ import annotations

import ast
from pathlib import Path

from jinja2 import Environment, nodes

from intendance.review import labels

ROOM = Path(labels.__file__).parent
TABLES = (
    labels.STAGES,
    labels.CATEGORIES,
    labels.CAUSES_OF_CHANGE,
    labels.ACTS,
    labels.HESITATION_CAUSES,
    labels.VERDICTS,
    labels.BASES,
    labels.MARKINGS,
    labels.UNITS,
    labels.QUALIFIERS,
    labels.KINDS,
    labels.TEXTS,
    labels.MODES,
    labels.UNMET_CAUSES,
    labels.CAVEATS,
)


def in_templates() -> set[str]:
    found: set[str] = set()
    for path in sorted((ROOM / "template").glob("*.j2")):
        tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
        for call in tree.find_all(nodes.Call):
            target = call.node
            name = getattr(target, "attr", None) or getattr(target, "name", "")
            wanted = {"t": 1, "count": 2}.get(name, 0)
            if name == "count" and getattr(target.node, "name", "") != "ty":
                continue
            found.update(arg.value for arg in call.args[:wanted] if isinstance(arg, nodes.Const))
    return found


def in_code() -> set[str]:
    found: set[str] = set()
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            wanted = {"text": 1, "say": 1, "t": 1, "count": 2}.get(name, 0)
            found.update(
                arg.value
                for arg in node.args[:wanted]
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )
    return found


def all_messages() -> set[str]:
    words = {word for table in TABLES for word in table.values() if word}
    return {each for each in in_templates() | in_code() | words if each}
