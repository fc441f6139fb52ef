"""Builds docs/*.md into build/docs as plain linked HTML (`make docs`)."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = ROOT / "docs", ROOT / "build/docs"
STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.55 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code, pre { font: 0.9em ui-monospace, monospace; }
pre { background: #8882; padding: .8rem; overflow-x: auto; }
nav { font-size: .9em; margin-bottom: 2rem; }
img { max-width: 100%; }
"""


def _page(title: str, body: str, depth: int) -> str:
    up = "../" * depth
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{STYLE}</style><nav><a href="{up}index.html">Intendance</a></nav>{body}</html>'
    )


def main() -> None:
    """Build every page and an index by folder."""
    shutil.rmtree(TARGET, ignore_errors=True)
    markdown = MarkdownIt("commonmark").enable(["table"])
    index: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(SOURCE.rglob("*.md")):
        place = path.relative_to(SOURCE)
        text = re.sub(r"\]\(([^):]+)\.md(#[^)]*)?\)", r"](\1.html\2)", path.read_text("utf-8"))
        title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), place.stem)
        target = TARGET / place.with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_page(title, markdown.render(text), len(place.parts) - 1), "utf-8")
        index.setdefault(str(place.parent), []).append((str(place.with_suffix(".html")), title))
    if (SOURCE / "images").is_dir():
        shutil.copytree(SOURCE / "images", TARGET / "images")
    lists = "".join(
        f"<h2>{html.escape(folder.strip('.') or 'Start')}</h2><ul>"
        + "".join(f'<li><a href="{link}">{html.escape(name)}</a></li>' for link, name in pages)
        + "</ul>"
        for folder, pages in sorted(index.items())
    )
    (TARGET / "index.html").write_text(_page("Intendance", f"<h1>Intendance</h1>{lists}", 0))
    print(f"{sum(map(len, index.values()))} pages in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
