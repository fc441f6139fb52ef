"""Signing in and out: sessions on the server, and logins that are slowed down when they fail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from intendance.app.accounts import passwords, tables
from intendance.app.accounts.office import Office, digest, fresh_secret, now
from intendance.app.accounts.people import Person, person_of, tidy_name
from intendance.errors import InputError

IDLE_SECONDS: Final = 8 * 3600
WHOLE_SECONDS: Final = 7 * 24 * 3600
_STALE_SECONDS: Final = 300  # how old "last seen" may get before it is written again
WINDOW_SECONDS: Final = 15 * 60
MOST_BY_NAME: Final = 5  # failed logins of one name from one address within the window
MOST_BY_ADDRESS: Final = 50  # of all names from one address
_session: Final = tables.session
_attempt: Final = tables.attempt


@dataclass(frozen=True, slots=True)
class Session:
    """A session that stands open: its person, and the secret that its forms carry."""

    person: Person
    csrf: str


def csrf_of(secret: str) -> str:
    """Give the token of a session's forms: it follows from the cookie, and not the other way."""
    return hashlib.sha256(f"form {secret}".encode("utf-8", "replace")).hexdigest()[:40]


def start(office: Office, person: Person, address: str) -> str:
    """Open a session and give its secret for the cookie."""
    secret = fresh_secret()
    moment = now()
    row = {
        "digest": digest(secret),
        "person": person.id,
        "address": address[:80],
        "made_at": moment,
        "seen_at": moment,
        "ends_at": moment + WHOLE_SECONDS,
    }
    with office.writing() as connection:
        connection.execute(sa.delete(_session).where(_session.c.ends_at < moment))
        connection.execute(sa.insert(_session), [row])
    return secret


def find(office: Office, secret: str) -> Session | None:
    """Give the open session of a cookie; None when it has ended."""
    moment = now()
    people = tables.person
    query = (
        sa.select(people, _session.c.seen_at.label("seen_at"))
        .join(_session, _session.c.person == people.c.id)
        .where(
            _session.c.digest == digest(secret),
            _session.c.ends_at > moment,
            _session.c.seen_at > moment - IDLE_SECONDS,
            people.c.active,
        )
    )
    with office.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.seen_at < moment - _STALE_SECONDS:
        with office.writing() as connection:
            connection.execute(
                sa.update(_session)
                .where(_session.c.digest == digest(secret))
                .values(seen_at=moment)
            )
    return Session(person_of(row), csrf_of(secret))


def end(office: Office, secret: str) -> None:
    """End a session."""
    with office.writing() as connection:
        connection.execute(sa.delete(_session).where(_session.c.digest == digest(secret)))


def end_all(office: Office, person: Person) -> None:
    """End all sessions of a person."""
    with office.writing() as connection:
        connection.execute(sa.delete(_session).where(_session.c.person == person.id))


def _keys(name: str, address: str) -> dict[str, int]:
    """Give the keys under which failures are counted, with how many are allowed."""
    return {
        digest(f"name {name}\n{address}"): MOST_BY_NAME,
        digest(f"address {address}"): MOST_BY_ADDRESS,
    }


def login(office: Office, name: str, password: str, address: str) -> Person | None:
    """Give the person whose name and password these are; None otherwise, or after many failures.

    A try is counted before the password is looked at, so that many at once are slowed down too;
    a good one is struck off again. An unknown name takes as long as a wrong password.
    """
    try:
        name = tidy_name(name)
    except InputError:
        name = ""
    keys = _keys(name, address)
    moment = now()
    with office.writing() as connection:
        office.take_turns(connection, f"login {address}")
        connection.execute(sa.delete(_attempt).where(_attempt.c.at < moment - WINDOW_SECONDS))
        counts = {key: _count(connection, key) for key in keys}
        blocked = any(counts[key] >= most for key, most in keys.items())
        if not blocked:
            rows = [{"key": key, "at": moment} for key in keys]
            connection.execute(sa.insert(_attempt), rows)
        row = connection.execute(
            sa.select(tables.person).where(tables.person.c.name == name)
        ).one_or_none()
    stored = row.password if row is not None and row.active else ""
    good = passwords.fits(stored, password)
    if blocked or not good or row is None:
        return None
    with office.writing() as connection:
        first = next(iter(keys))
        connection.execute(sa.delete(_attempt).where(_attempt.c.key == first))
    return person_of(row)


def _count(connection: sa.Connection, key: str) -> int:
    query: Any = sa.select(sa.func.count()).select_from(_attempt).where(_attempt.c.key == key)
    return int(connection.scalar(query) or 0)
