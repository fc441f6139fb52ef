"""The only SQL of the project: entries in a chain, on SQLite or PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from intendance.errors import InputError, StoreBusyError, StoreError
from intendance.ledger.chain import OPENING, Head, Link, Verdict, follow, next_hash

SCHEMA: Final = 1
BUSY_SECONDS: Final = 20
_CHUNK: Final = 5_000
_LOCK_KEY: Final = 0x1A7E  # PostgreSQL's advisory lock of the one writer

_meta = sa.MetaData()
_entry = sa.Table(
    "entry",
    _meta,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(200), nullable=False, unique=True),
    sa.Column("line", sa.String(400), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
_fact = sa.Table(
    "fact",
    _meta,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_audit = sa.Table(
    "audit",
    _meta,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("action", sa.String(80), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Record:
    """What the store takes: an id, the line it is about, and its canonical body."""

    id: str
    line: str
    body: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What an append did: how many were new, how many stood there already, and the head after."""

    new: int
    repeated: int
    head: Head


def is_server(name: str) -> bool:
    """Tell whether a ledger's name is a database address rather than a file."""
    return name.startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def _url(name: str) -> str:
    if not is_server(name):
        return f"sqlite:///{name}"
    return "postgresql+psycopg://" + name.split("://", 1)[1]


def _engine(name: str) -> sa.Engine:
    if is_server(name):
        return sa.create_engine(_url(name), connect_args={"connect_timeout": 10})
    engine = sa.create_engine(_url(name), connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # We open transactions ourselves: BEGIN IMMEDIATE makes writers wait instead of failing.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")

    return engine


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Turn a driver's error into one of ours."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig).lower()
        if isinstance(error, IntegrityError):
            raise
        if "locked" in text or "lock timeout" in text or "busy" in text:
            raise StoreBusyError(
                "Somebody else is writing to the ledger.", next_step="Try again in a moment."
            ) from error
        if "not a database" in text or "malformed" in text or "no such table" in text:
            raise InputError(
                f"{name} is not a ledger.",
                next_step="Name another file with --ledger, or make one: intendance init.",
            ) from error
        if "readonly" in text or "read-only" in text:
            raise StoreError(f"{name} cannot be written.", next_step="Check its rights.") from error
        if isinstance(error, OperationalError):
            first = str(error.orig).strip().splitlines()[0]
            raise StoreError(
                f"The ledger {_hide_password(name)} cannot be reached: {first}",
                next_step="Check the name, the server and the free disk space.",
            ) from error
        raise


def _hide_password(name: str) -> str:
    return sa.make_url(_url(name)).render_as_string(hide_password=True) if is_server(name) else name


class Store:
    """One ledger's rows. Appends are atomic and serialised; nothing is ever updated or deleted."""

    def __init__(self, name: str, engine: sa.Engine) -> None:
        self.name = name
        self._engine = engine

    @classmethod
    def create(cls, name: str) -> Store:
        """Make an empty ledger; StoreError when one with entries stands there."""
        if not is_server(name):
            folder = Path(name).absolute().parent
            if not folder.is_dir():
                raise InputError(f"There is no folder {folder}.", next_step="Make it first.")
        store = cls(name, _engine(name))
        with _sentences(name):
            if store._has_tables():
                if store.head().entries:
                    raise StoreError(
                        f"{_hide_password(name)} is a ledger with entries already.",
                        next_step="Name another file with --ledger.",
                    )
                return store
            with store._engine.connect() as connection:
                if not is_server(name):
                    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                _meta.create_all(connection)
                facts = {
                    "schema": str(SCHEMA),
                    "ledger": uuid.uuid4().hex,
                    "entries": "0",
                    "root": OPENING,
                }
                rows = [{"name": key, "value": value} for key, value in facts.items()]
                connection.execute(sa.insert(_fact), rows)
                _commit(connection)
        return store

    @classmethod
    def open(cls, name: str) -> Store:
        """Open a ledger that exists; InputError when there is none."""
        if not is_server(name) and not Path(name).is_file():
            raise InputError(
                f"There is no ledger at {name}.",
                next_step="Make one with: intendance init --ledger FILE.",
            )
        store = cls(name, _engine(name))
        with _sentences(name):
            if not store._has_tables():
                raise InputError(
                    f"{_hide_password(name)} is not a ledger.",
                    next_step="Make one with: intendance init.",
                )
        return store

    def _has_tables(self) -> bool:
        return sa.inspect(self._engine).has_table("fact")

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _sentences(self.name), self._engine.connect() as connection:
            if not is_server(self.name):
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with _sentences(self.name), self._engine.connect() as connection:
            if is_server(self.name):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                _rollback(connection)
                raise
            _commit(connection)

    def fact(self, name: str) -> str:
        """Give one of the store's own facts (``ledger``: its identity)."""
        with self._reading() as connection:
            return _fact_of(connection, name)

    def head(self) -> Head:
        """Give the end of the chain as the store claims it."""
        with self._reading() as connection:
            return Head(int(_fact_of(connection, "entries")), _fact_of(connection, "root"))

    def append(
        self, records: Sequence[Record], *, person: str = "", action: str = "post"
    ) -> Posted:
        """Add records in order, all or none; those that stand there already are left out.

        An id that stands there with other content is a conflict (StoreError, exit code 5).
        """
        with self._writing() as connection:
            count = int(_fact_of(connection, "entries"))
            root = _fact_of(connection, "root")
            fresh, repeated = _fresh(connection, records)
            for start in range(0, len(fresh), _CHUNK):
                rows = []
                for record in fresh[start : start + _CHUNK]:
                    count += 1
                    root = next_hash(root, record.id, record.body)
                    rows.append((count, record.id, record.line, record.body, root))
                _insert(connection, rows)
            if fresh:
                for name, value in (("entries", str(count)), ("root", root)):
                    connection.execute(
                        sa.update(_fact).where(_fact.c.name == name).values(value=value)
                    )
                _note(connection, person, action, f"{len(fresh)} entries to {count}, root {root}")
        return Posted(len(fresh), repeated, Head(count, root))

    def note(self, person: str, action: str, detail: str) -> None:
        """Write a line into the audit trail (outside the chain, with the moment)."""
        with self._writing() as connection:
            _note(connection, person, action, detail)

    def trail(self) -> list[dict[str, Any]]:
        """Give the audit trail, oldest first."""
        with self._reading() as connection:
            found = connection.execute(sa.select(_audit).order_by(_audit.c.number))
            return [dict(row) for row in found.mappings()]

    def links(self, after: int = 0) -> Iterator[Link]:
        """Give the stored entries in order, those past ``after``."""
        with self._reading() as connection:
            query = (
                sa.select(_entry.c.seq, _entry.c.id, _entry.c.body, _entry.c.hash)
                .where(_entry.c.seq > after)
                .order_by(_entry.c.seq)
            )
            streamed = connection.execution_options(yield_per=_CHUNK).execute(query)
            for row in streamed:
                yield Link(*row)

    def hash_at(self, seq: int) -> str | None:
        """Give the stored hash of the entry at a place; the opening for 0, None past the end."""
        if seq == 0:
            return OPENING
        with self._reading() as connection:
            found: str | None = connection.scalar(
                sa.select(_entry.c.hash).where(_entry.c.seq == seq)
            )
            return found

    def about(self, name: str) -> list[Link]:
        """Give the entries with this id, this beginning of an id, or on this line, in order."""
        columns = (_entry.c.seq, _entry.c.id, _entry.c.body, _entry.c.hash)
        tests = [_entry.c.id == name, _entry.c.line == name]
        if len(name) >= 5:
            tests.append(_entry.c.id.startswith(name, autoescape=True))
        with self._reading() as connection:
            for test in tests:
                rows = connection.execute(sa.select(*columns).where(test).order_by(_entry.c.seq))
                found = [Link(*row) for row in rows]
                if found:
                    return found
        return []

    def on_lines(self, lines: Iterable[str]) -> list[Link]:
        """Give all entries on some lines, in order."""
        wanted = sorted(set(lines))
        columns = (_entry.c.seq, _entry.c.id, _entry.c.body, _entry.c.hash)
        found: list[Link] = []
        with self._reading() as connection:
            for start in range(0, len(wanted), 500):
                test = _entry.c.line.in_(wanted[start : start + 500])
                found += [Link(*row) for row in connection.execute(sa.select(*columns).where(test))]
        return sorted(found, key=lambda link: link.seq)

    def verify(self) -> Verdict:
        """Re-read everything and follow the chain."""
        return follow(self.links(), self.head())


def _fact_of(connection: sa.Connection, name: str) -> str:
    value: str | None = connection.scalar(sa.select(_fact.c.value).where(_fact.c.name == name))
    assert value is not None, name
    return value


def _note(connection: sa.Connection, person: str, action: str, detail: str) -> None:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    row = {"at": moment, "person": person, "action": action, "detail": detail}
    connection.execute(sa.insert(_audit), [row])


def _fresh(connection: sa.Connection, records: Sequence[Record]) -> tuple[list[Record], int]:
    """Leave out what stands there already; refuse an id that stands for something else."""
    known: dict[str, str] = {}
    ids = [record.id for record in records]
    if len(ids) > 2_000 and not connection.scalar(sa.select(sa.func.count()).select_from(_entry)):
        ids = []
    for start in range(0, len(ids), 500):
        test = _entry.c.id.in_(ids[start : start + 500])
        rows = connection.execute(sa.select(_entry.c.id, _entry.c.body).where(test))
        known.update({row.id: row.body for row in rows})
    fresh: list[Record] = []
    repeated = 0
    for record in records:
        before = known.get(record.id)
        if before is None:
            known[record.id] = record.body
            fresh.append(record)
        elif before == record.body:
            repeated += 1
        else:
            raise StoreError(
                f"The id {record.id} stands in the ledger with other content.",
                next_step="Give the new entry another id, or name the old one in `replaces`.",
            )
    return fresh, repeated


def _insert(connection: sa.Connection, rows: list[tuple[int, str, str, str, str]]) -> None:
    if connection.dialect.name == "postgresql":
        # COPY is the only way to load a server faster than 10,000 rows a second and durably.
        cursor: Any = connection.connection.cursor()
        with cursor.copy("COPY entry (seq, id, line, body, hash) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.exec_driver_sql(
        "INSERT INTO entry (seq, id, line, body, hash) VALUES (?, ?, ?, ?, ?)", rows
    )


def _commit(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
    connection.commit()


def _rollback(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ROLLBACK")
    connection.rollback()
