"""The inbox as data: its table, its filters, and an article cut into marked pieces."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from intendance.app.web import desk
from intendance.app.web.asked import Asked
from intendance.app.web.sheet import Choice, Column, Table
from intendance.intake.inbox import Waiting


def sha_of(waiting: Waiting) -> str:
    """Give the digest of a proposal's document."""
    return str(waiting.document.get("sha256", ""))


def place_of_twin(asked: Asked, waiting: Waiting) -> str:
    """Give where the twin of a proposal stands: another proposal, or an entry one may see."""
    twin = waiting.duplicate_of or ""
    if not twin or "-p" in twin:
        return f"/inbox?state=all#w-{twin}" if twin else ""
    from intendance.errors import IntendanceError

    try:
        asked.ledger.show(twin)
    except IntendanceError:
        return ""
    return asked.link("/ledger/entry", id=twin)


def pieces(text: str, waiting: list[Waiting]) -> Iterator[tuple[str, list[str], bool]]:
    """Cut an article into pieces: text, the proposals whose words it is, and whether one begins.

    >>> [piece for piece, *_ in pieces("", [])]
    []
    """
    spans = [(start, end, each.id) for each in waiting for start, end in each.spans]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    begun: set[str] = set()
    for start, end in pairwise(edges):
        if start >= len(text):
            break
        names = [name for first, last, name in spans if first <= start and end <= last]
        first_time = bool(set(names) - begun)
        begun |= set(names)
        yield text[start:end], names, first_time


def labels_of(asked: Asked) -> dict[str, str]:
    """Give what people call the fields of a proposal."""
    words = asked.words
    return {
        "donor": words("donor"),
        "recipient": words("recipient"),
        "item_text": words("what"),
        "item": words("item"),
        "items": words("what"),
        "quantity_low": words("at least"),
        "quantity_high": words("at most"),
        "unit": words("unit"),
        "amount_low": words("amount, at least"),
        "amount_high": words("amount, at most"),
        "low": words("amount, at least"),
        "high": words("amount, at most"),
        "currency": words("currency"),
        "category": words("category"),
        "status": words("read as"),
        "stage": words("stage"),
        "causes": words("because of"),
        "speaker": words("speaker"),
        "said_on": words("said on"),
        "valid_on": words("day"),
        "due": words("due"),
        "place": words("place"),
        "text": words("words"),
    }


def table_of(asked: Asked, page: list[Waiting], whole: int) -> Table:
    """Give the table of one page of proposals, of ``whole`` in all."""
    words = asked.words
    columns = (
        Column("id", words("proposal")),
        Column("kind", words("kind"), "code"),
        Column("donor", words("donor")),
        Column("what", words("what")),
        Column("sentence", words("sentence")),
        Column("published", words("published")),
        Column("outlet", words("outlet")),
        Column("confidence", words("confidence"), "share"),
        Column("state", words("state"), "code"),
        Column("person", words("decided by")),
        Column("reason", words("reason")),
        Column("duplicate_of", words("repeats")),
        Column("entry", words("entry")),
    )
    rows = tuple(
        (
            each.id,
            each.kind,
            str(each.fields.get("donor") or each.fields.get("speaker") or ""),
            _what(each),
            each.sentence,
            str(each.document.get("published") or ""),
            str(each.document.get("outlet") or ""),
            Decimal(str(round(each.confidence, 3))),
            each.state,
            each.person,
            each.reason,
            (each.duplicate_of or "") if place_of_twin(asked, each) else "",
            each.entry,
        )
        for each in page
    )
    return Table(
        "proposals",
        words("Proposals"),
        columns,
        rows,
        whole=whole,
        empty=words("Nothing waits here."),
    )


def _what(waiting: Waiting) -> str:
    fields = waiting.fields
    named = fields.get("item_text") or ", ".join(map(str, fields.get("items") or ()))
    return str(named or fields.get("text") or "")


def choices_of(asked: Asked, documents: list[desk.Document]) -> tuple[Choice, ...]:
    """Give the filters: state, kind, document."""
    words, chosen = asked.words, asked.filters
    states = tuple(
        (state, words(label))
        for state, label in (
            ("open", "open"),
            ("confirmed", "accepted"),
            ("rejected", "rejected"),
            ("all", "all of them"),
        )
    )
    kinds = ("need", "pledge", "commitment", "allocation", "delivery", "caveat", "claim")
    return (
        Choice("state", words("state"), chosen.state, "list", states),
        Choice(
            "kind",
            words("kind"),
            chosen.kind,
            "list",
            (("", words("every kind")), *((kind, words(kind)) for kind in kinds)),
        ),
        Choice(
            "document",
            words("document"),
            chosen.document,
            "list",
            (("", words("all documents")), *((each.name, each.title) for each in documents)),
        ),
    )
