"""The inbox: an article beside its proposals; a person accepts, edits, rejects, takes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from fastapi import APIRouter, Response

from intendance.app.accounts import papers
from intendance.app.accounts.people import CHANGING
from intendance.app.web import desk, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Body, Filters, Limit, Offset, Text
from intendance.app.web.forms import Form
from intendance.app.web.inbox_sheet import (
    choices_of,
    labels_of,
    pieces,
    place_of_twin,
    sha_of,
    table_of,
)
from intendance.app.web.refusals import LostUpdateError, NotAllowedError, NotFoundError
from intendance.app.web.sheet import Sheet
from intendance.app.web.views.today import Waits
from intendance.errors import UsageError
from intendance.intake.inbox import Inbox, Waiting
from intendance.ledger.privacy import joined

READERS: Final = ("clerk", "coordinator", "auditor", "admin")
NAV: Final = Nav("/inbox", "Inbox", 20, READERS)
HELP: Final = (
    "Each proposal rests on marked words of the article. Keys: j and k move, a accepts, e edits, "
    "r rejects, u takes a decision back. Nothing reaches the ledger before a person accepts it."
)
MOST_CHARACTERS: Final = 100_000
_MOST_ROWS: Final = 20_000
CODES: Final = {
    "need": "need", "pledge": "pledge", "commitment": "commitment", "allocation": "allocation",
    "delivery": "delivery", "caveat": "caveat", "claim": "claim", "open": "open",
    "confirmed": "accepted", "rejected": "rejected", "edit": "edited", "confirm": "accepted",
    "reject": "rejected", "undo": "taken back", "propose": "proposed", "begin": "begun",
    "abandon": "abandoned",
}  # fmt: skip
UPLOAD_PATHS: Final = ("/inbox/upload",)


class InboxFilters(Filters):
    """Which proposals, of which document."""

    state: Literal["open", "confirmed", "rejected", "all"] = "open"
    document: Text = ""
    kind: Literal[
        "", "need", "pledge", "commitment", "allocation", "delivery", "caveat", "claim"
    ] = ""
    limit: Limit = 50
    offset: Offset = 0


def inbox(asked: Asked) -> Sheet:
    """Show proposals that wait for a person, with the sentence and the document of each."""
    chosen: InboxFilters = asked.filters
    words, office = asked.words, asked.context.office
    documents = {each.name: each for each in desk.documents(office, asked.viewer)}
    article = documents.get(chosen.document) if chosen.document else None
    if chosen.document and article is None:
        raise NotFoundError
    with desk.inbox_of(asked.context) as box:
        everything = [each for each in box.list("all") if sha_of(each) in documents]
    found = [
        each
        for each in everything
        if (chosen.state in ("all", each.state) or each.begun)
        and chosen.kind in ("", each.kind)
        and (article is None or sha_of(each) == article.name)
    ]
    page = found[chosen.offset : chosen.offset + chosen.limit]
    marks = [documents[sha_of(each)].marking for each in page]
    marks += [article.marking] if article else []
    text = desk.text_of(office, article) if article else ""
    return Sheet(
        words("Inbox"),
        tables=(table_of(asked, page, len(found)),),
        choices=choices_of(asked, list(documents.values())),
        marking=joined(marks),
        help=words(HELP),
        parts={
            "waiting": page,
            "documents": [
                (each, sum(sha_of(one) == each.name and one.state == "open" for one in everything))
                for each in documents.values()
            ],
            "article": article,
            "pieces": list(pieces(text, page)),
            "fields": {each.id: desk.fields_of(each) for each in page},
            "versions": {each.id: desk.version_of(each) for each in page},
            "seen": {each.id: place_of_twin(asked, each) for each in page},
            "labels": labels_of(asked),
            "may_decide": _may_decide(asked),
            "may_change": asked.person.role in CHANGING and not asked.read_only,
            "four_eyes": desk.four_eyes(office),
        },
    )


def _may_decide(asked: Asked) -> bool:
    return asked.person.may_confirm and asked.person.may_post and not asked.read_only


def waits(asked: Asked) -> Iterator[Waits]:
    """Say on the first page how many proposals wait for somebody who may decide."""
    if not (asked.person.may_confirm and asked.person.role in READERS):
        return
    seen = {each.name for each in desk.documents(asked.context.office, asked.viewer)}
    with desk.inbox_of(asked.context) as box:
        number = sum(sha_of(each) in seen for each in box.list("open"))
    if number:
        said = asked.words.count(
            "{n} proposal waits in the inbox", "{n} proposals wait in the inbox", number
        )
        yield Waits(said, "/inbox", number)


# -- changes --------------------------------------------------------------------------------


def _add(asked: Asked, form: Form) -> Response:
    found, arrived = desk.take(
        asked.context.office,
        asked.context.book(desk.CELL),
        form.text("text", most=MOST_CHARACTERS, lines=True),
        published=form.day("published"),
        outlet=form.text("outlet", most=120),
        language=form.text("language", most=5),
        restricted=form.flag("restricted"),
        person=asked.person.name,
    )
    asked.note("document read", f"{found.name} {len(arrived)}")
    return twins.after(asked, "/inbox", document=found.name, state="all")


def _upload(asked: Asked, form: Form) -> Response:
    upload = form.upload("file")
    if upload is None:
        raise UsageError("No file was chosen.", next_step="Choose one.")
    published = form.day("published")
    arguments = {
        "blob": papers.keep(asked.context.office, upload.stream.read()),
        "name": upload.name,
        "published": published.isoformat() if published else "",
        "outlet": form.text("outlet", most=120),
        "restricted": form.flag("restricted"),
    }
    asked.note("document uploaded", upload.name)
    job = asked.context.jobs.start(
        "read", "intendance.app.web.work_read:read_documents", arguments, asked.person, upload.name
    )
    return twins.after(asked, f"/jobs/{job}")


def _found(asked: Asked, box: Inbox, name: str) -> Waiting:
    """Give a proposal of a document that the person may see; NotFoundError for any other."""
    try:
        waiting = box.find(name)
    except UsageError:
        raise NotFoundError from None
    if (
        waiting.id != name
        or desk.document(asked.context.office, sha_of(waiting), asked.viewer) is None
    ):
        raise NotFoundError
    return waiting


def decide(
    asked: Asked, name: str, action: str, reason: str, version: str, *, again: bool = False
) -> Waiting:
    """Accept, reject or take back a proposal as it was seen, with the person's name and reason."""
    from intendance.intake import deciding

    if not (asked.person.may_confirm and asked.person.may_post):
        raise NotAllowedError
    if action == "reject" and not reason:
        raise UsageError("A rejection needs a reason.", next_step="Say why, in a few words.")
    person = asked.person.name
    with desk.inbox_of(asked.context) as box:
        waiting = _found(asked, box, name)
        if version != desk.version_of(waiting):
            raise LostUpdateError
        if action == "accept":
            proposed_by = desk.proposers(asked.context.office, waiting)
            if desk.four_eyes(asked.context.office) and person in proposed_by:
                raise UsageError(
                    "Whoever proposed or changed this cannot accept it.",
                    next_step="Ask somebody else to look at it.",
                )
            after = deciding.confirm(
                box,
                asked.context.book(desk.CELL),
                waiting.id,
                person=person,
                reason=reason or "accepted as read",
                recorded_on=asked.today,
                again=again,
            )
        elif action == "reject":
            after = box.reject(waiting.id, person, reason)
        elif action == "undo":
            after = deciding.undo(
                box,
                lambda: asked.context.book(desk.CELL),
                waiting.id,
                person=person,
                reason=reason,
                recorded_on=asked.today,
            )
        else:
            raise UsageError("There is no such decision.", next_step="accept, reject, undo.")
    asked.note(f"proposal {action}", f"{after.id} {after.entry}".strip())
    return after


def change(asked: Asked, name: str, fields: dict[str, str], version: str) -> Waiting:
    """Change fields of an open proposal as it was seen; LostUpdateError when it has moved."""
    unknown = sorted(set(fields) - set(desk.SHOWN))
    if unknown:
        raise UsageError(
            "There is no such field.", next_step=f"Use some of: {', '.join(desk.SHOWN)}."
        )
    with desk.inbox_of(asked.context) as box:
        waiting = _found(asked, box, name)
        if version != desk.version_of(waiting):
            raise LostUpdateError
        changed: dict[str, Any] = {}
        for field, value in fields.items():
            before = waiting.fields.get(field)
            if isinstance(before, list | tuple):
                given: Any = [each.strip() for each in value.split(",") if each.strip()]
                before = list(before)
            else:
                given = value.strip() or None
            if given != before:
                changed[field] = given
        after = box.edit(waiting.id, changed, asked.person.name) if changed else waiting
    if changed:
        asked.note("proposal edited", f"{after.id} {', '.join(sorted(changed))}")
    return after


def _back(asked: Asked, form: Form, waiting: Waiting) -> Response:
    state = form.text("state", most=10) or "open"
    document = form.text("document", most=64)
    response = twins.after(asked, "/inbox", document=document, state=state)
    response.headers["location"] += f"#w-{waiting.id}"
    return response


def _decide_form(asked: Asked, form: Form) -> Response:
    waiting = decide(
        asked,
        form.text("proposal"),
        form.text("action", most=10),
        form.text("reason"),
        form.text("version", most=20),
        again=form.flag("again"),
    )
    return _back(asked, form, waiting)


def _edit_form(asked: Asked, form: Form) -> Response:
    name = form.text("proposal")
    with desk.inbox_of(asked.context) as box:
        known = desk.fields_of(_found(asked, box, name))
    fields = {field: form.text(f"f-{field}") for field in known}
    extra = form.text("new-field", most=40)
    if extra and form.text("new-value"):
        fields[extra] = form.text("new-value")
    return _back(asked, form, change(asked, name, fields, form.text("version", most=20)))


def _rule_form(asked: Asked, form: Form) -> Response:
    office = asked.context.office
    paper = papers.get(office, "rule", "four-eyes")
    papers.put(
        office,
        "rule",
        "four-eyes",
        {"on": form.flag("on")},
        person=asked.person.name,
        version=paper.version if paper else 0,
    )
    asked.note("rule changed", f"four eyes: {form.flag('on')}")
    return twins.after(asked, "/inbox")


class Decision(Body):
    """A decision about a proposal. ``version`` is the proposal's, as the list gave it."""

    action: Literal["accept", "reject", "undo"]
    version: Text
    reason: Text = ""
    again: bool = False


class Change(Body):
    """New values of some fields of an open proposal; a blank one clears it."""

    version: Text
    fields: dict[Text, Text]


def _decide_call(asked: Asked, body: Decision) -> dict[str, Any]:
    """Accept, reject or take back a proposal."""
    name = asked.request.path_params["proposal"]
    after = decide(asked, name, body.action, body.reason, body.version, again=body.again)
    return {**after.as_record(), "version": desk.version_of(after)}


def _change_call(asked: Asked, body: Change) -> dict[str, Any]:
    """Change fields of an open proposal."""
    name = asked.request.path_params["proposal"]
    after = change(asked, name, dict(body.fields), body.version)
    return {**after.as_record(), "version": desk.version_of(after)}


def proposal(asked: Asked) -> Sheet:
    """Show one proposal with its version, for programs that decide."""
    with desk.inbox_of(asked.context) as box:
        waiting = _found(asked, box, asked.request.path_params["proposal"])
    found = desk.document(asked.context.office, sha_of(waiting), asked.viewer)
    assert found is not None
    return Sheet(
        waiting.id,
        tables=(table_of(asked, [waiting], 1),),
        definition={"version": desk.version_of(waiting)},
        marking=found.marking,
        etag=desk.version_of(waiting),
        parts={"waiting": waiting},
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of the inbox."""
    routes = APIRouter(tags=["inbox"])
    twins.show(
        routes,
        context,
        "/inbox",
        inbox,
        filters=InboxFilters,
        template="inbox.html.j2",
        roles=READERS,
        most=_MOST_ROWS,
    )
    twins.show(routes, context, "/inbox/proposals/{proposal}", proposal, roles=READERS)
    twins.form(routes, context, "/inbox/add", _add, roles=CHANGING)
    twins.form(routes, context, "/inbox/upload", _upload, roles=CHANGING)
    twins.form(routes, context, "/inbox/decide", _decide_form, roles=CHANGING)
    twins.form(routes, context, "/inbox/edit", _edit_form, roles=CHANGING)
    twins.form(routes, context, "/inbox/rule", _rule_form, roles=("coordinator", "admin"))
    twins.call(
        routes, context, "POST", "/inbox/proposals/{proposal}/decision", _decide_call,
        body=Decision, roles=CHANGING,
    )  # fmt: skip
    twins.call(
        routes, context, "PATCH", "/inbox/proposals/{proposal}", _change_call,
        body=Change, roles=CHANGING,
    )  # fmt: skip
    return routes
