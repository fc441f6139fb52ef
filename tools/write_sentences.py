"""Finds every sentence that the program says to people, and adds the missing ones for the French.

What is said is whatever goes into a parameter named ``sentence``, ``next_step`` or ``message`` of
an error, a finding or a function that hands it on: a text, an f-string, or a name that was given
one in the same function. The fields of an f-string become {1}, {2} … in the order of the text.

    .venv/bin/python tools/write_sentences.py

adds what is missing to locale/fr/LC_MESSAGES/sentences.po with a blank translation, and leaves out
what nobody says any more; write the French there. tests/docs/test_sentences.py holds it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/intendance"
CATALOGUE = SOURCE / "locale/fr/LC_MESSAGES/sentences.po"
SAID = ("sentence", "next_step")
# Errors of the rooms' own that carry a sentence on to a finding.
CARRIERS = {"BadCellError": (0,), "_UnusableError": (1,), "ImpossibleDateError": (0,)}
HEADER = """msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def trees() -> dict[Path, ast.Module]:
    """Parse every module of the package."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def template(node: ast.expr) -> str:
    """Give a text or an f-string as a message with numbered fields; blank for anything else.

    >>> template(ast.parse("f'no {a!r} in {b.c}'", mode="eval").body)
    'no {1} in {2}'
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [template(node.left), template(node.right)]
        return _renumbered("".join(parts)) if all(parts) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
        else:
            text += "{0}"
    return _renumbered(text)


def _renumbered(text: str) -> str:
    places = iter(range(1, 100))
    return re.sub(r"\{\d+\}", lambda _: f"{{{next(places)}}}", text)


def places_of(found: dict[Path, ast.Module]) -> dict[str, set[int]]:
    """Give, by the name of a function or class, the positions of what is said."""
    wanted: dict[str, set[int]] = {name: set(places) for name, places in CARRIERS.items()}
    bases: dict[str, set[str]] = {}
    for tree in found.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {each.id for each in node.bases if isinstance(each, ast.Name)}
                fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
                names = [each.target.id for each in fields if isinstance(each.target, ast.Name)]
                if node.name == "Finding":
                    wanted[node.name] = {names.index("sentence")}
            if isinstance(node, Function) and node.name != "__init__":
                names = [each.arg for each in node.args.args]
                shift = names[:1] in (["self"], ["cls"])
                at = {names.index(each) - shift for each in SAID if each in names}
                if at:
                    wanted.setdefault(node.name, set()).update(at)
    errors = {"IntendanceError"}
    while more := {name for name, above in bases.items() if above & errors} - errors:
        errors |= more
    for name in errors:
        wanted[name] = {0}
    return wanted


def sentences() -> dict[str, str]:
    """Give every message that is said, with the place where it stands first."""
    found = trees()
    wanted = places_of(found)
    said: dict[str, str] = {}
    for path, tree in found.items():
        for function, call in _calls(tree):
            name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
            given = [call.args[at] for at in wanted.get(name, ()) if at < len(call.args)]
            given += [each.value for each in call.keywords if each.arg in SAID]
            for text in (text for node in given for text in _texts(node, function)):
                # A code or a column's name is no sentence; nor is what holds fields alone.
                if " " in text.strip() and re.search(r"[a-z]{2}", re.sub(r"\{\d+\}", "", text)):
                    said.setdefault(text, f"{path.relative_to(ROOT)}:{call.lineno}")
    return said


def _calls(tree: ast.AST, function: Function | None = None) -> Iterator[tuple[ast.AST, ast.Call]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield function or tree, node
        yield from _calls(node, node if isinstance(node, Function) else function)


def _texts(node: ast.expr, function: ast.AST) -> Iterator[str]:
    """Give the texts that an argument may hold."""
    text = template(node)
    if text:
        yield text
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, function)
        yield from _texts(node.orelse, function)
    elif isinstance(node, ast.Name):
        for value in _given(node.id, function):
            if not (isinstance(value, ast.Name) and value.id == node.id):
                yield from _texts(value, function)
    elif isinstance(node, ast.JoinedStr | ast.BoolOp):
        for each in getattr(node, "values", ()):
            if isinstance(each, ast.expr) and not isinstance(each, ast.FormattedValue):
                yield from _texts(each, function)


def _given(name: str, function: ast.AST) -> Iterator[ast.expr]:
    """Give what a name is set to within a function, also as one of several."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for each, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(each, ast.Name) and each.id == name:
                        yield value


def translated(path: Path) -> dict[str, str]:
    """Give a catalogue's messages that have their French."""
    with path.open("rb") as stream:
        messages = [each for each in read_po(stream) if each.id and isinstance(each.id, str)]
    return {str(each.id): str(each.string) for each in messages if each.string}


def elsewhere() -> set[str]:
    """Give what the catalogues of the rooms translate already."""
    others = [path for path in CATALOGUE.parent.glob("*.po") if path != CATALOGUE]
    return {text for path in others for text in translated(path)}


def quoted(text: str) -> str:
    """Write a text as the catalogues do."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    """Bring the catalogue up to date."""
    before = translated(CATALOGUE) if CATALOGUE.exists() else {}
    said = sorted(set(sentences()) - elsewhere())
    blocks = [f"msgid {quoted(text)}\nmsgstr {quoted(before.get(text, ''))}\n" for text in said]
    CATALOGUE.write_text("\n".join([HEADER, *blocks]), "utf-8")
    blank = sum(1 for text in said if not before.get(text))
    print(f"{len(said)} sentences, {blank} without French: {CATALOGUE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
