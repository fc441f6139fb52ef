"""The audit trail: who signed in, who read private lines, who changed what. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from intendance.app.accounts import tables
from intendance.app.accounts.office import Office, now

_trail: Final = tables.trail


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the trail; ``at`` in seconds since 1970."""

    number: int
    at: int
    person: str
    address: str
    action: str
    detail: str


def _storable(text: str, most: int) -> str:
    """Give as much of a text as a column holds, without what a store refuses."""
    return text.encode(errors="replace").decode().replace("\0", "?")[:most]


def note(office: Office, person: str, address: str, action: str, detail: str = "") -> None:
    """Write a line."""
    row = {
        "at": now(),
        "person": _storable(person, tables.NAME_LENGTH),
        "address": _storable(address, 80),
        "action": _storable(action, 80),
        "detail": _storable(detail, 4000),
    }
    with office.writing() as connection:
        connection.execute(sa.insert(_trail), [row])


def notes(
    office: Office, *, limit: int, offset: int = 0, person: str = "", action: str = ""
) -> tuple[list[Note], int]:
    """Give lines, the newest first, and how many there are."""
    query = sa.select(_trail)
    counted = sa.select(sa.func.count()).select_from(_trail)
    for column, wanted in ((_trail.c.person, person), (_trail.c.action, action)):
        if wanted:
            query, counted = query.where(column == wanted), counted.where(column == wanted)
    with office.reading() as connection:
        rows = connection.execute(
            query.order_by(_trail.c.number.desc()).limit(limit).offset(offset)
        )
        return [Note(*row) for row in rows], int(connection.scalar(counted) or 0)
