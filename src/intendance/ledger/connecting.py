"""Reaching a ledger's file or server, and turning a driver's errors into sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError

from intendance.errors import InputError, IntendanceError, StoreBusyError, StoreError

_SERVERS: Final = ("postgresql://", "postgresql+psycopg://", "postgres://")
_CONNECT_SECONDS: Final = 10

# SQLSTATE codes of PostgreSQL (its documentation, appendix A), by what they mean to us.
_BUSY: Final = ("55P03", "40001", "40P01")
_NO_TABLE: Final = ("42P01", "42703", "3F000")
_NO_RIGHT: Final = ("42501", "25006")


def is_server(name: str) -> bool:
    """Tell whether a ledger's name is a database address rather than a file."""
    return name.lower().startswith(_SERVERS)


def url_of(name: str) -> sa.URL:
    """Give the address of a ledger; InputError when it cannot be read."""
    if not is_server(name):
        if "://" in name:
            scheme = name.partition("://")[0]
            raise InputError(
                f"A ledger cannot stand in a {scheme} database.",
                next_step="Name a file, or an address that begins with postgresql://.",
            )
        return sa.URL.create("sqlite", database=name)
    try:
        found = sa.make_url(name).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        found = None
    # A bare "/" in a password cuts it in two: its end would stand in messages as the database.
    if found is None or "@" in (found.database or ""):
        # The driver's own words would repeat the address with its password.
        raise InputError(
            "The ledger's address cannot be read.",
            next_step="Write postgresql://person:password@host:5432/database; in the password "
            "@ is written %40, / is %2F and : is %3A.",
        )
    return found


def shown_name(name: str) -> str:
    """Give a ledger's name as it may be shown: an address without its password."""
    if not is_server(name):
        return name
    return url_of(name).render_as_string(hide_password=True).replace("+psycopg", "", 1)


def engine_of(name: str, busy_seconds: float) -> sa.Engine:
    """Give the way to a ledger; nothing is opened yet."""
    url = url_of(name)
    if is_server(name):
        wanted = {"connect_timeout": _CONNECT_SECONDS, "application_name": "intendance"}
        own = {key: value for key, value in wanted.items() if key not in url.query}
        # A server may have been restarted since the last call: look before using a connection.
        return sa.create_engine(url, connect_args=own, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(url, connect_args={"timeout": busy_seconds}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # We open transactions ourselves: BEGIN IMMEDIATE makes writers wait instead of failing.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")

    return engine


@contextmanager
def sentences(name: str) -> Iterator[None]:
    """Turn a driver's error into one of ours; no password is ever repeated."""
    try:
        yield
    except DBAPIError as error:
        # The driver's words stay out of the traceback too: they may repeat the address.
        raise _sentence(name, error) from None


def _sentence(name: str, error: DBAPIError) -> IntendanceError:
    shown = shown_name(name)
    text = _without_password(name, str(error.orig).strip() or type(error.orig).__name__)
    first, low = text.splitlines()[0], text.lower()
    # A server gives codes; a file's driver gives words only. Names may hold any of these words.
    state = getattr(error.orig, "sqlstate", None) or ""
    of_file = "" if is_server(name) else low
    if state in _BUSY or "locked" in of_file or "busy" in of_file:
        return StoreBusyError(
            "Somebody else is writing to the ledger.", next_step="Try again in a moment."
        )
    if "malformed" in of_file:
        return StoreError(
            f"The file {shown} is damaged.", next_step="Bring a backup back: intendance restore."
        )
    missing = ("not a database", "no such table", "no such column")
    if state in _NO_TABLE or any(each in of_file for each in missing):
        return InputError(
            f"{shown} is not a ledger.",
            next_step="Name another with --ledger, or make one: intendance init.",
        )
    if state in _NO_RIGHT or "readonly" in of_file or "read-only" in of_file:
        return StoreError(
            f"{shown} cannot be written or read by this account: {first}",
            next_step="Check the file's rights, or ask the database's owner for them.",
        )
    if state.startswith("23") or "unique constraint" in of_file:
        return StoreError(
            f"Something other than this program has written to {shown}: {first}",
            next_step="Look with: intendance verify.",
        )
    if state.startswith("22"):
        return InputError(f"The ledger cannot hold this value: {first}")
    return StoreError(
        f"The ledger {shown} cannot be reached: {first}",
        next_step="Check the name, the server and the free disk space.",
    )


def _without_password(name: str, text: str) -> str:
    if not is_server(name):
        return text
    password = url_of(name).password
    for spelled in filter(None, (password, quote(str(password or ""), safe=""))):
        text = text.replace(str(spelled), "***")
    return text
