"""Reading uploaded documents, as a job: out of the request's way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from intendance.app.accounts import papers, trail
from intendance.app.web import desk
from intendance.errors import InputError
from intendance.ledger.ledger import Ledger

if TYPE_CHECKING:
    from intendance.app.web.work import Work


def read_documents(work: Work) -> dict[str, Any]:
    """Read a kept file (an article, a mail, a feed, an archive) into the inbox.

    Arguments: ``blob``, ``name``, ``published``, ``outlet``, ``restricted``.
    """
    from intendance.intake import documents

    given = work.arguments
    data = papers.kept(work.office, given["blob"])
    published = date.fromisoformat(given["published"]) if given.get("published") else None
    read, proposals, refused = 0, 0, []
    last = ""
    with Ledger.open(work.ledger_name, desk.CELL) as ledger:
        for source in documents.load_all(data):
            if work.stopped():
                break
            try:
                found, arrived = desk.take(
                    work.office,
                    ledger,
                    source.text,
                    published=published or source.published,
                    outlet=given.get("outlet") or source.outlet or "",
                    language="",
                    restricted=bool(given.get("restricted")),
                    person=work.person,
                )
            except InputError as error:
                refused.append(error.sentence)
                continue
            last = found.name
            read += 1
            proposals += len(arrived)
            work.progress(text=found.title, documents=read, proposals=proposals)
    trail.note(work.office, work.person, "", "documents read", f"{given['name']}: {read}")
    if not read:
        sentence = refused[0] if refused else "There is no text to read."
        raise InputError(sentence, next_step="Add a text, a page, a mail, a feed or a PDF.")
    href = f"/inbox?document={last}" if read == 1 else "/inbox"
    return {"documents": read, "proposals": proposals, "refused": refused[:20], "href": href}
