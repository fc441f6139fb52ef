"""The office's papers: JSON objects with versions, streams of events, and exact bytes.

A page that has to keep something keeps it here, so that all servers on one database share it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from intendance.app.accounts import tables
from intendance.app.accounts.office import Office, now
from intendance.errors import InputError, StoreMovedError

_paper: Final = tables.paper
_event: Final = tables.event
_blob: Final = tables.blob


@dataclass(frozen=True, slots=True)
class Paper:
    """A named JSON object. ``version`` counts its changes; ``at`` in seconds since 1970."""

    kind: str
    name: str
    version: int
    body: dict[str, Any]
    person: str
    at: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream, numbered from 1."""

    number: int
    body: dict[str, Any]
    person: str
    at: int


def _read(row: Any) -> Paper:
    return Paper(row.kind, row.name, row.version, json.loads(row.body), row.person, row.at)


def _text(body: dict[str, Any]) -> str:
    # ASCII keeps what no store could hold (a NUL, half a surrogate pair) as an escape.
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def get(office: Office, kind: str, name: str) -> Paper | None:
    """Give a paper, or None."""
    query = sa.select(_paper).where(_paper.c.kind == kind, _paper.c.name == name)
    with office.reading() as connection:
        row = connection.execute(query).one_or_none()
    return _read(row) if row is not None else None


def all_of(office: Office, kind: str) -> list[Paper]:
    """Give all papers of a kind, the newest change first."""
    query = sa.select(_paper).where(_paper.c.kind == kind).order_by(_paper.c.at.desc())
    with office.reading() as connection:
        return [_read(row) for row in connection.execute(query)]


def put(
    office: Office, kind: str, name: str, body: dict[str, Any], *, person: str, version: int
) -> Paper:
    """Write a paper. ``version`` is the one that was read; 0 makes a new one.

    StoreMovedError when somebody else has written it since: nothing is lost silently.
    """
    values = {"body": _text(body), "person": person, "at": now(), "version": version + 1}
    with office.writing() as connection:
        office.take_turns(connection, f"paper {kind} {name}")
        if version:
            done = connection.execute(
                sa.update(_paper)
                .where(_paper.c.kind == kind, _paper.c.name == name, _paper.c.version == version)
                .values(values)
            )
            moved = not done.rowcount
        else:
            here = sa.select(_paper.c.version).where(_paper.c.kind == kind, _paper.c.name == name)
            moved = connection.scalar(here) is not None
            if not moved:
                connection.execute(sa.insert(_paper), [{"kind": kind, "name": name, **values}])
        if moved:
            raise StoreMovedError(
                "Somebody else has changed this meanwhile.",
                next_step="Look at it again, then decide.",
            )
    found = get(office, kind, name)
    assert found is not None
    return found


def remove(office: Office, kind: str, name: str) -> None:
    """Take a paper away."""
    with office.writing() as connection:
        connection.execute(sa.delete(_paper).where(_paper.c.kind == kind, _paper.c.name == name))


def events(office: Office, stream: str, after: int = 0) -> list[Event]:
    """Give a stream's events past a number, in order."""
    query = (
        sa.select(_event)
        .where(_event.c.stream == stream, _event.c.number > after)
        .order_by(_event.c.number)
    )
    with office.reading() as connection:
        return [
            Event(row.number, json.loads(row.body), row.person, row.at)
            for row in connection.execute(query)
        ]


def append(
    office: Office,
    stream: str,
    bodies: Sequence[dict[str, Any]],
    *,
    person: str,
    after: int | None = None,
) -> int:
    """Add events to a stream and give the last number.

    ``after`` is the last number on which they were worked out: StoreMovedError when the stream
    has grown since.
    """
    with office.writing() as connection:
        office.take_turns(connection, f"stream {stream}")
        last = connection.scalar(
            sa.select(sa.func.max(_event.c.number)).where(_event.c.stream == stream)
        )
        number = int(last or 0)
        if after is not None and number != after:
            raise StoreMovedError(
                "Somebody else has decided meanwhile.", next_step="Look at it again, then decide."
            )
        rows = [
            {"stream": stream, "number": place, "body": _text(body), "person": person, "at": now()}
            for place, body in enumerate(bodies, start=number + 1)
        ]
        if rows:
            connection.execute(sa.insert(_event), rows)
    return number + len(rows)


def keep(office: Office, content: bytes) -> str:
    """Keep bytes and give their name: the SHA-256 in hexadecimal digits."""
    name = hashlib.sha256(content).hexdigest()
    with office.writing() as connection:
        office.take_turns(connection, f"blob {name}")
        known = connection.scalar(sa.select(_blob.c.digest).where(_blob.c.digest == name))
        if known is None:
            row = {"digest": name, "content": content, "at": now()}
            connection.execute(sa.insert(_blob), [row])
    return name


def kept(office: Office, name: str) -> bytes:
    """Give bytes back exactly; InputError when there are none of this name."""
    with office.reading() as connection:
        content = connection.scalar(sa.select(_blob.c.content).where(_blob.c.digest == name))
    if content is None:
        raise InputError("There is nothing of this name.")
    return bytes(content)
