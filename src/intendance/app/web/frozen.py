"""Frozen reviews: a brief in three forms, kept to the byte, and made again to compare."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from intendance.app.accounts import papers, trail
from intendance.app.accounts.office import Office
from intendance.errors import InputError
from intendance.ledger.chain import Head
from intendance.ledger.ledger import Ledger
from intendance.ledger.privacy import Viewer, shown
from intendance.ledger.store import Store

if TYPE_CHECKING:
    import polars as pl

    from intendance.app.web.work import Work
    from intendance.review.facts import Brief

KIND: Final = "review"
FORMS: Final = ("html", "pdf", "xlsx")
# Whose eyes a review is for: it never holds a line that they may not see.
AUDIENCES: Final[dict[str, Viewer]] = {
    "public": Viewer("reader"),
    "cell": Viewer("coordinator"),
}
MARKINGS: Final = {"public": "public", "cell": "restricted"}


class Past(Ledger):
    """The ledger as it stood at a head: what was appended later is not there."""

    def __init__(self, store: Store, viewer: Viewer, head: Head) -> None:
        super().__init__(store, viewer)
        self._head = head

    def head(self) -> Head:
        """Give the head at which this ledger ends."""
        return self._head

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Give what the viewer sees of the ledger up to the head."""
        from intendance.ledger.projection import project

        return shown(project(self.store, self._head), self.viewer)


@dataclass(frozen=True, slots=True)
class Review:
    """One frozen review. ``digests``: SHA-256 by form; the bytes are kept under them.

    ``head`` counts all entries of the ledger, ``seen`` those that its audience may see.
    """

    name: str
    title: str
    audience: str
    language: str
    as_of: date
    known_at: date
    since: date | None
    currency: str
    document: str
    head: Head
    seen: int | None
    digests: dict[str, str]
    versions: dict[str, str]
    marking: str
    person: str
    at: int


def read(paper: papers.Paper) -> Review:
    """Read a review from its paper."""
    body = paper.body
    since = body["since"]
    return Review(
        paper.name,
        body["title"],
        body["audience"],
        body["language"],
        date.fromisoformat(body["as_of"]),
        date.fromisoformat(body["known_at"]),
        date.fromisoformat(since) if since else None,
        body["currency"],
        body["document"],
        Head(int(body["entries"]), body["root"]),
        body.get("seen"),
        dict(body["digests"]),
        dict(body["versions"]),
        body["marking"],
        paper.person,
        paper.at,
    )


def reviews(office: Office, viewer: Viewer) -> list[Review]:
    """Give the frozen reviews that a viewer may see, the newest first."""
    found = map(read, papers.all_of(office, KIND))
    return [each for each in found if viewer.sees(each.marking)]


def review(office: Office, name: str, viewer: Viewer) -> Review | None:
    """Give one frozen review, or None when there is none that the viewer may see."""
    paper = papers.get(office, KIND, name)
    found = read(paper) if paper is not None else None
    return found if found is not None and viewer.sees(found.marking) else None


def gathered(office: Office, store: Store, asked: dict[str, Any], head: Head) -> Brief:
    """Gather a review's brief from the ledger as it stood at a head."""
    from intendance.app.web import desk
    from intendance.intake.check import check
    from intendance.review.brief import Request, gather

    ledger = Past(store, AUDIENCES[asked["audience"]], head)
    document = desk.document(office, asked["document"], ledger.viewer)
    if asked["document"] and document is None:
        raise InputError("There is no such document.", next_step="Choose another, or none.")
    day = {name: _day(asked[name]) for name in ("as_of", "known_at", "since")}
    reading = desk.reading_of(office, document) if document else None
    published = document.published if document else None
    checked = (
        check(
            reading,
            ledger,
            published=published,
            as_of=day["as_of"],
            language=asked["language"],
        )
        if reading is not None and published is not None
        else ()
    )
    request = Request(
        language=asked["language"],
        title=asked["title"],
        currency=asked["currency"],
        as_of=day["as_of"],
        known_at=day["known_at"],
        since=day["since"],
    )
    return gather(ledger, request, reading=reading, checked=checked)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def freeze(work: Work) -> dict[str, Any]:
    """Make a review's brief in its three forms and keep them (a job)."""
    from intendance.review.forms import rendered

    store = Store.open(work.ledger_name)
    try:
        head = store.head()
        asked = work.arguments
        work.progress(text="gathering", share=0.1)
        brief = gathered(work.office, store, asked, head)
        digests = {}
        for place, form in enumerate(FORMS, start=1):
            digests[form] = papers.keep(work.office, rendered(brief, form))
            work.progress(text=form, share=0.1 + 0.3 * place)
    finally:
        store.close()
    body = {
        **asked,
        "title": brief.title,
        "as_of": brief.as_of.isoformat(),
        "known_at": brief.known_at.isoformat(),
        "entries": head.entries,
        "seen": brief.head.entries,
        "root": head.root,
        "digests": digests,
        "versions": brief.versions,
        "marking": MARKINGS[asked["audience"]],
    }
    name = f"{brief.known_at.isoformat()}-{uuid4().hex[:8]}"
    papers.put(work.office, KIND, name, body, person=work.person, version=0)
    trail.note(work.office, work.person, "", "review frozen", f"{name} {head.root[:16]}")
    return {"href": f"/review/frozen/{name}", "review": name}


def reproduce(work: Work) -> dict[str, Any]:
    """Make a frozen review again from the ledger and compare it to the byte (a job)."""
    from intendance.review.brief import versions
    from intendance.review.forms import rendered

    name = work.arguments["review"]
    paper = papers.get(work.office, KIND, name)
    if paper is None:
        raise InputError("There is no such review.")
    found = read(paper)
    store = Store.open(work.ledger_name)
    try:
        if store.hash_at(found.head.entries) != found.head.root:
            raise InputError(
                "The ledger no longer holds the review's head: somebody has changed the past.",
                next_step="Run: intendance verify",
            )
        brief = gathered(work.office, store, {**paper.body}, found.head)
        same = {}
        for place, form in enumerate(FORMS, start=1):
            made = hashlib.sha256(rendered(brief, form)).hexdigest()
            same[form] = made == found.digests[form]
            work.progress(text=form, share=0.3 * place)
    finally:
        store.close()
    trail.note(work.office, work.person, "", "review reproduced", f"{name} {all(same.values())}")
    return {
        "href": f"/review/frozen/{name}?again={work.id}",
        "same": same,
        "versions_changed": versions() != found.versions,
    }
