"""The office: the store of people and papers, in the ledger's own database.

Several servers on one PostgreSQL share it; on a file the ledger and the office take turns.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Self

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from intendance.app.accounts import tables
from intendance.errors import StoreError
from intendance.ledger.connecting import engine_of, is_server, sentences

_BUSY_SECONDS: Final = 20
_MAKING_KEY: Final = 0x1A7F  # PostgreSQL's advisory lock while the tables are made


def now() -> int:
    """Give the moment in whole seconds since 1970."""
    return int(time.time())


def digest(secret: str) -> str:
    """Give what is stored of a random secret of 256 bits: who reads the store learns nothing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def fresh_secret() -> str:
    """Give 256 random bits as text that fits into a cookie and a link."""
    return secrets.token_urlsafe(32)


class Office:
    """The office's tables behind one connection pool; safe for many threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._server = is_server(name)
        self._engine = engine_of(name, _BUSY_SECONDS)

    @classmethod
    def open(cls, name: str) -> Self:
        """Open the office of a ledger that exists; its tables are made when they are missing."""
        office = cls(name)
        with office.writing() as connection:
            if office._server:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_KEY)))
            tables.metadata.create_all(connection)
            found = connection.scalar(
                sa.select(tables.fact.c.value).where(tables.fact.c.name == "schema")
            )
            if found is None:
                row = {"name": "schema", "value": str(tables.OFFICE_SCHEMA)}
                connection.execute(sa.insert(tables.fact), [row])
                found = row["value"]
        if int(found) != tables.OFFICE_SCHEMA:
            office.close()
            raise StoreError(
                f"The accounts stand in schema {found}; this program knows {tables.OFFICE_SCHEMA}.",
                next_step="Use the program's version that has written them.",
            )
        return office

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read in one transaction that sees one state."""
        with sentences(self.name), self._engine.connect() as connection:
            if self._server:
                connection.execution_options(isolation_level="REPEATABLE READ")
            else:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def take_turns(self, connection: sa.Connection, about: str) -> None:
        """Let those who write about one thing do so one after the other, until they are done.

        A file has one writer at a time anyway; on a server the rows alone would not tell.
        """
        if self._server:
            key = int.from_bytes(hashlib.sha256(about.encode()).digest()[:7], "big")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Write, all or nothing."""
        with sentences(self.name), self._engine.connect() as connection:
            if not self._server:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                if not self._server:
                    connection.exec_driver_sql("COMMIT")
                connection.commit()
            except BaseException:
                with suppress(DBAPIError):
                    if not self._server:
                        connection.exec_driver_sql("ROLLBACK")
                    connection.rollback()
                raise
