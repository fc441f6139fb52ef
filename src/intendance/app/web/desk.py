"""The desk: documents that a team has read, and the inbox that all its servers share."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from intendance.app.accounts import papers
from intendance.app.accounts.office import Office
from intendance.errors import InputError
from intendance.intake.inbox import Inbox, Waiting
from intendance.intake.inbox_log import Event
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import PUBLIC, RESTRICTED, Viewer

if TYPE_CHECKING:
    from intendance.app.web.context import Context
    from intendance.intake.reading import Reading

STREAM: Final = "inbox"
DOCUMENT: Final = "document"
# Proposals are compared with what the whole cell may see: a private line never shows as a twin.
CELL: Final = Viewer("coordinator")
_TITLE_LENGTH: Final = 120


class OfficeLog:
    """The inbox's events in the office (an ``intake.inbox_log.EventLog``)."""

    name = "inbox"

    def __init__(self, office: Office) -> None:
        self._office = office

    def read(self, after: int) -> tuple[list[Event], int]:
        """Give the events past a number, in order, and the last number."""
        found = papers.events(self._office, STREAM, after)
        return [each.body for each in found], found[-1].number if found else after

    def append(self, events: Sequence[Event], after: int) -> int:
        """Add events; StoreMovedError when somebody else was faster."""
        person = str(events[0].get("person", "")) if events else ""
        return papers.append(self._office, STREAM, list(events), person=person, after=after)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read. ``name`` is the SHA-256 of its text; ``marking`` who sees it."""

    name: str
    title: str
    outlet: str
    published: date | None
    language: str
    marking: str
    blob: str
    person: str
    at: int


def _document(paper: papers.Paper) -> Document:
    body = paper.body
    published = body.get("published")
    return Document(
        paper.name,
        str(body["title"]),
        str(body["outlet"]),
        date.fromisoformat(published) if isinstance(published, str) else None,
        str(body["language"]),
        str(body["marking"]),
        str(body["blob"]),
        paper.person,
        paper.at,
    )


def documents(office: Office, viewer: Viewer) -> list[Document]:
    """Give the documents that a viewer may see, the newest first."""
    found = (_document(each) for each in papers.all_of(office, DOCUMENT))
    return [each for each in found if viewer.sees(each.marking)]


def document(office: Office, name: str, viewer: Viewer) -> Document | None:
    """Give a document, or None when there is none that the viewer may see."""
    paper = papers.get(office, DOCUMENT, name) if name else None
    found = _document(paper) if paper is not None else None
    return found if found is not None and viewer.sees(found.marking) else None


def text_of(office: Office, found: Document) -> str:
    """Give a document's text, exactly as it was read."""
    return papers.kept(office, found.blob).decode("utf-8")


def reading_of(office: Office, found: Document) -> Reading:
    """Read a kept document again: the same text gives the same reading."""
    return _reading(text_of(office, found), found.published, found.outlet, found.language)


@lru_cache(maxsize=64)
def _reading(text: str, published: date | None, outlet: str, language: str) -> Reading:
    from intendance.intake import read

    return read(text, published=published, outlet=outlet or None, language=language or None)


def take(
    office: Office,
    ledger: Ledger,
    text: str,
    *,
    published: date | None,
    outlet: str,
    language: str,
    restricted: bool,
    person: str,
) -> tuple[Document, list[Waiting]]:
    """Read a text, keep it, and put its proposals into the inbox; give both.

    InputError when there is nothing to read. A text that is known already adds nothing.
    """
    if not text.strip():
        raise InputError("There is no text to read.", next_step="Paste an article, or add a file.")
    reading = _reading(text, published, outlet, language)
    return keep(office, ledger, reading, restricted=restricted, person=person)


def keep(
    office: Office, ledger: Ledger, reading: Reading, *, restricted: bool, person: str
) -> tuple[Document, list[Waiting]]:
    """Keep what was read and put its proposals into the inbox; a known text adds nothing."""
    from intendance.intake.deciding import take_in

    read = reading.document
    if papers.get(office, DOCUMENT, read.sha256) is None:
        body = {
            "title": title_of(read.text),
            "outlet": read.outlet or read.reported_by or "",
            "published": read.published,
            "language": read.language,
            "marking": RESTRICTED if restricted else PUBLIC,
            "blob": papers.keep(office, read.text.encode("utf-8", "replace")),
        }
        papers.put(office, DOCUMENT, read.sha256, body, person=person, version=0)
    arrived = take_in(Inbox(OfficeLog(office)), reading, ledger)
    paper = papers.get(office, DOCUMENT, read.sha256)
    assert paper is not None
    return _document(paper), arrived


def title_of(text: str) -> str:
    r"""Give a document's first line that says something, shortened.

    >>> title_of("\n  Two donors promise pumps \nLONDON (Agency) -")
    'Two donors promise pumps'
    """
    line = next((each.strip() for each in text.splitlines() if each.strip()), "")
    line = " ".join(line.split())
    return line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1].rstrip() + "\u2026"


class _Shared:
    """One server's replay of the inbox: only what is new is read from the office."""

    def __init__(self, office: Office) -> None:
        self.lock = threading.Lock()
        self.inbox = Inbox(OfficeLog(office))


_shared: WeakKeyDictionary[Context, _Shared] = WeakKeyDictionary()
_making = threading.Lock()


@contextmanager
def inbox_of(context: Context) -> Iterator[Inbox]:
    """Hold the server's inbox, as it stands now."""
    with _making:
        shared = _shared.get(context)
        if shared is None:
            shared = _shared[context] = _Shared(context.office)
    with shared.lock:
        shared.inbox.refresh()
        yield shared.inbox


def version_of(waiting: Waiting) -> str:
    """Give a mark of a proposal's state, for edits that must not be lost."""
    return hashlib.sha256(f"{waiting.id} {len(waiting.story)}".encode()).hexdigest()[:16]


def four_eyes(office: Office) -> bool:
    """Tell whether the team wants another person to confirm than the one who proposed."""
    paper = papers.get(office, "rule", "four-eyes")
    return bool(paper and paper.body.get("on"))


def proposers(office: Office, waiting: Waiting) -> set[str]:
    """Give who brought a proposal in or changed it."""
    paper = papers.get(office, DOCUMENT, str(waiting.document.get("sha256", "")))
    found = {paper.person} if paper is not None else set()
    edits = (each for each in waiting.story if each["event"] == "edit")
    return found | {str(each.get("person", "")) for each in edits}


def fields_of(waiting: Waiting) -> dict[str, Any]:
    """Give the fields that people may read and change, in a fixed order."""
    order = {name: place for place, name in enumerate(SHOWN)}
    return {
        name: waiting.fields.get(name)
        for name in sorted(set(SHOWN) & set(waiting.fields), key=order.__getitem__)
        if waiting.fields.get(name) not in (None, "", [], ())
    }


SHOWN: Final = (
    "donor", "recipient", "item_text", "item", "items", "quantity_low", "quantity_high", "unit",
    "amount_low", "amount_high", "low", "high", "currency", "category", "status", "stage", "causes",
    "speaker", "said_on", "valid_on", "due", "place", "text",
)  # fmt: skip
