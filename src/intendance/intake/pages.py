"""Pages: the article of an HTML document. Nothing is executed, nothing is fetched."""

from __future__ import annotations

import re
from typing import Any, Final

from intendance.errors import InputError
from intendance.intake.decoding import Source, day_of, decode, decode_as

# A page of more marks than this is not taken apart as a tree: its plain words are taken.
MAX_TAGS: Final = 12_000
MAX_ENTITIES: Final = 24_000
_CHARSET: Final = re.compile(rb"(?i)charset=[\"']?([\w-]{2,20})")


def from_html(data: bytes | str, name: str = "") -> Source:
    """Give the article of a page: its text by trafilatura; scripts are never run."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if isinstance(data, bytes):
        match = _CHARSET.search(data[:3000])
        page, encoding = "", "utf-8"
        if match:
            encoding = match.group(1).decode("ascii").lower()
            page = decode_as(data, encoding) or ""
        if not page:
            page, encoding = decode(data, name)
    else:
        page, encoding = data, "utf-8"
    found: Any = None
    try:
        if page.count("<") <= MAX_TAGS and page.count("&") <= MAX_ENTITIES:
            found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    except Exception:  # noqa: BLE001 - any fault of the parser means: fall back to plain tags
        found = None
    text = (getattr(found, "text", None) or "") if found is not None else ""
    plain = strip_tags(page)
    # A short page is often taken for boilerplate: then its plain words are better.
    if found is None or (len(text) < 0.5 * len(plain) and len(plain) < 4000):
        text = plain
    if not text.strip():
        raise InputError("the page holds no text", next_step="Check the page.", where=name)
    title = getattr(found, "title", None) if found is not None else None
    day = day_of(getattr(found, "date", None)) if found is not None else None
    outlet = getattr(found, "sitename", None) if found is not None else None
    return Source(text, name, "html", day, outlet, title, encoding)


_BLOCKS: Final = re.compile(
    r"(?i)</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|header|footer|title|blockquote)"
    r"\b[^>]{0,2000}>"
)
_DROP: Final = ("script", "style", "noscript", "template", "svg")


def strip_tags(page: str) -> str:
    """Give the words of an HTML page, one block a line, without scripts and styles.

    >>> strip_tags("<p>Un &amp; deux</p><script>x()</script><p>trois</p>").splitlines()
    ['Un & deux', 'trois']
    """
    import html

    for tag in _DROP:
        page = _drop(page, tag)
    page = _BLOCKS.sub("\n", page)
    page = re.sub(r"<[^<>]{0,5000}>", "", page)
    lines = (" ".join(line.split(" ")).strip() for line in html.unescape(page).splitlines())
    return "\n".join(line for line in lines if line)


def _drop(page: str, tag: str) -> str:
    low, out, at = page.lower(), [], 0
    while True:
        begin = low.find(f"<{tag}", at)
        if begin < 0:
            out.append(page[at:])
            return "".join(out)
        out.append(page[at:begin])
        end = low.find(f"</{tag}", begin)
        close = low.find(">", end) if end >= 0 else -1
        if close < 0:
            return "".join(out)
        at = close + 1
