"""Writes docs/reference/commands.md from the commands themselves: run it after changing one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from intendance.app.main import app

TARGET = Path(__file__).parents[1] / "docs/reference/commands.md"


def _walk(command: Any, path: str) -> list[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if not children:
        return [(path, command)]
    found = []
    for name in sorted(children):
        found += _walk(children[name], f"{path} {name}")
    return found


def _option(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if getattr(parameter, "param_type_name", "") == "argument":
        names = f"`{(parameter.metavar or parameter.name).upper()}`"
    text = (getattr(parameter, "help", None) or "").strip()
    default = parameter.default
    shown = ""
    if isinstance(default, str | int | float) and not isinstance(default, bool) and default != "":
        shown = f" Default: `{default}`."
    return f"| {names} | {text.replace('|', chr(92) + '|')}{shown} |"


def text() -> str:
    """Give the page."""
    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Made by `tools/write_reference.py` from the commands themselves.",
        "",
    ]
    for path, command in _walk(root, "intendance"):
        lines += [f"## {path}", "", " ".join((command.help or "").split()), ""]
        parameters = [each for each in command.params if each.name != "help"]
        if parameters:
            lines += ["| option | meaning |", "|---|---|", *map(_option, parameters), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
    print(f"wrote {TARGET.name}")
