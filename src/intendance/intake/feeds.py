"""RSS and Atom: one document an item. Entities are never resolved, nothing is fetched."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any, Final

from intendance.errors import InputError
from intendance.intake.decoding import Source, day_of
from intendance.intake.pages import strip_tags

_BODIES: Final = ("encoded", "content", "description", "summary")
_DAYS: Final = ("pubDate", "published", "updated", "date")


def from_feed(data: bytes, name: str) -> Iterator[Source]:
    """Give the items of a feed; InputError for what is no XML or declares entities (a bomb)."""
    from lxml import etree  # type: ignore[import-untyped]

    if _declares_entities(data):
        raise InputError(
            "the feed declares entities of its own, which are never resolved",
            where=name,
            next_step="Take its DOCTYPE out.",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InputError("the feed is not XML", next_step="Check the file.", where=name)
    outlet = None
    for element in root.iter():
        tag = _local(element)
        if tag == "title" and outlet is None:
            outlet = (element.text or "").strip() or None
        if tag in {"item", "entry"}:
            source = _item(element, name, outlet)
            if source is not None:
                yield source


def _declares_entities(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:200]:
        data = data.replace(b"\0", b"")  # UTF-16 of Latin letters
    return b"<!ENTITY" in data.upper()


def _item(element: Any, name: str, outlet: str | None) -> Source | None:
    fields: dict[str, str] = {}
    for child in element:
        fields.setdefault(_local(child), "".join(child.itertext()))
    body = next((fields[each] for each in _BODIES if fields.get(each)), "")
    title = " ".join(fields.get("title", "").split())
    text = strip_tags(body) if "<" in body else body.strip()
    whole = f"{title}\n{text}".strip()
    if not whole:
        return None
    when = next((fields[each] for each in _DAYS if fields.get(each)), None)
    return Source(whole, name, "rss", day_of(when), outlet, title or None)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
