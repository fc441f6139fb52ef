"""RSS and Atom: one document an item. Entities are never resolved, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from intendance.errors import InputError
from intendance.intake.decoding import Source, day_of
from intendance.intake.pages import strip_tags

_BODIES: Final = ("encoded", "content", "description", "summary")
MAX_ITEMS: Final = 1_000
_DAYS: Final = ("pubDate", "published", "updated", "date")


def from_feed(data: bytes, name: str) -> Iterator[Source]:
    """Give the items of a feed; InputError for what is no XML or declares entities (a bomb)."""
    from lxml import etree  # type: ignore[import-untyped]

    if b"<!ENTITY" in data.upper():
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
    count = 0
    for element in root.iter():
        tag = _local(element)
        if tag == "title" and outlet is None:
            outlet = (element.text or "").strip() or None
        if tag in {"item", "entry"}:
            count += 1
            if count > MAX_ITEMS:
                raise InputError(f"the feed has more than {MAX_ITEMS:,} items", where=name)
            source = _item(element, name, outlet)
            if source is not None:
                yield source


def _item(element: Any, name: str, outlet: str | None) -> Source | None:
    fields: dict[str, str] = {}
    for child in element.iterchildren("*"):  # an entity of a damaged feed has no text
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
