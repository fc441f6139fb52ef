"""The only SQL of the project: entries in a chain, on SQLite or PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from intendance.errors import InputError, StoreError, StoreMovedError
from intendance.ledger import tables
from intendance.ledger.chain import OPENING, Head, Link, Verdict, follow, next_hash
from intendance.ledger.connecting import engine_of, is_server, sentences, shown_name
from intendance.ledger.tables import ID_LENGTH, LINE_LENGTH, SCHEMA
from intendance.ledger.tables import audit as _audit
from intendance.ledger.tables import entry as _entry
from intendance.ledger.tables import fact as _fact

BUSY_SECONDS: Final = 20
_CHUNK: Final = 5_000
_READ: Final = 1_000  # rows read at once: they stay near the processor
_LAST: Final = 2**62
_LOCK_KEY: Final = 0x1A7E  # PostgreSQL's advisory lock of the one writer
_LINK: Final = (_entry.c.seq, _entry.c.id, _entry.c.body, _entry.c.hash)


class Record(NamedTuple):
    """What the store takes: an id, the line it is about, and its canonical body."""

    id: str
    line: str
    body: str


Row = tuple[int, str, str, str]  # a link's members
_Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Posted:
    """What an append did: how many were new, how many stood there already, and the head after."""

    new: int
    repeated: int
    head: Head


class Store:
    """One ledger's rows. Appends are atomic and serialised; nothing is ever updated or deleted."""

    def __init__(self, name: str, engine: sa.Engine) -> None:
        self.name = shown_name(name)  # an address without its password
        self._address = name
        self._server = is_server(name)
        self._engine = engine

    @classmethod
    def create(cls, name: str) -> Store:
        """Make an empty ledger; StoreError when one with entries stands there."""
        if not is_server(name) and "://" not in name:
            folder = Path(name).absolute().parent
            if not folder.is_dir():
                raise InputError(f"There is no folder {folder}.", next_step="Make it first.")
        store = cls(name, engine_of(name, BUSY_SECONDS))
        with sentences(name), store._engine.connect() as connection:
            if not store._server:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with store.writing() as connection:
            # Two people may make the same ledger at once: the second one finds it made.
            if not sa.inspect(connection).has_table("fact"):
                tables.metadata.create_all(connection)
                facts = {
                    "schema": str(SCHEMA),
                    "ledger": uuid.uuid4().hex,
                    "entries": "0",
                    "root": OPENING,
                }
                rows = [{"name": key, "value": value} for key, value in facts.items()]
                connection.execute(sa.insert(_fact), rows)
        store.check_schema()
        if store.head().entries:
            raise StoreError(
                f"{store.name} is a ledger with entries already.",
                next_step="Name another file with --ledger.",
            )
        return store

    @classmethod
    def open(cls, name: str) -> Store:
        """Open a ledger that exists, of this program's schema.

        InputError when there is none; StoreError when its schema is older or newer.
        """
        store = cls.reach(name)
        store.check_schema()
        return store

    @classmethod
    def reach(cls, name: str) -> Store:
        """Give the store of whatever schema (what a migration starts from)."""
        if not is_server(name) and "://" not in name and not Path(name).is_file():
            raise InputError(
                f"There is no ledger at {name}.",
                next_step="Make one with: intendance init --ledger FILE.",
            )
        return cls(name, engine_of(name, BUSY_SECONDS))

    def schema(self) -> int:
        """Give the number of the schema that the ledger stands in; InputError when it is none."""
        with self.reading() as connection:
            query = sa.select(_fact.c.value).where(_fact.c.name == "schema")
            found: str | None = connection.scalar(query)
        if found is None or not found.isdecimal():
            raise InputError(
                f"{self.name} is not a ledger.", next_step="Make one with: intendance init."
            )
        return int(found)

    def check_schema(self) -> None:
        """Raise a StoreError unless the ledger stands in this program's schema."""
        found = self.schema()
        if found < SCHEMA:
            raise StoreError(
                f"The ledger {self.name} has the older schema {found}; this program needs "
                f"schema {SCHEMA}.",
                next_step="Make a copy of it, then run: intendance migrate.",
            )
        if found > SCHEMA:
            raise StoreError(
                f"The ledger {self.name} has schema {found}; this program knows none above "
                f"{SCHEMA}.",
                next_step="Upgrade the program: a newer one has written this ledger.",
            )

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read in one transaction that sees one state, whatever others write meanwhile."""
        with sentences(self._address), self._engine.connect() as connection:
            if self._server:
                connection.execution_options(isolation_level="REPEATABLE READ")
            else:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Write as the only writer, all or nothing; StoreBusyError when the wait is too long."""
        with sentences(self._address), self._engine.connect() as connection:
            if self._server:
                # The limit holds for the advisory lock as for any other, within this transaction.
                limit = f"{int(BUSY_SECONDS * 1000)}ms"
                connection.execute(sa.select(sa.func.set_config("lock_timeout", limit, True)))
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                _commit(connection)
            except BaseException:
                _rollback(connection)
                raise

    def fact(self, name: str) -> str:
        """Give one of the store's own facts (``ledger``: its identity)."""
        with self.reading() as connection:
            return fact_of(connection, name)

    def head(self) -> Head:
        """Give the end of the chain as the store claims it."""
        with self.reading() as connection:
            return claimed_head(connection)

    def append(
        self,
        records: Sequence[Record],
        *,
        person: str = "",
        action: str = "post",
        after: Head | None = None,
    ) -> Posted:
        """Add records in order, all or none; those that stand there already are left out.

        ``after`` is the head on which the records were worked out: when somebody has written
        since, nothing is added and StoreMovedError says so.

        An id that stands there with other content is a conflict (StoreError, exit code 5).
        When the call fails for another reason, it may be repeated: nothing is added twice.
        """
        for record in records:
            _refuse_unstorable(record)
        with self.writing() as connection:
            count = int(fact_of(connection, "entries"))
            root = fact_of(connection, "root")
            if after is not None and (count, root) != (after.entries, after.root):
                raise StoreMovedError(
                    "Somebody else has written to the ledger meanwhile.",
                    next_step="Repeat the command: it starts from what stands there now.",
                )
            fresh, repeated = _fresh(connection, records, empty=count == 0)
            for start in range(0, len(fresh), _CHUNK):
                rows = []
                for name, line, body in fresh[start : start + _CHUNK]:
                    count += 1
                    root = next_hash(root, name, body)
                    rows.append((count, name, line, body, root))
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
        with self.writing() as connection:
            _note(connection, person, action, detail)

    def trail(self) -> list[dict[str, Any]]:
        """Give the audit trail, oldest first."""
        with self.reading() as connection:
            found = connection.execute(sa.select(_audit).order_by(_audit.c.number))
            return [dict(row) for row in found.mappings()]

    def links(self, after: int = 0, upto: int | None = None) -> Iterator[Link]:
        """Give the stored entries in order, those past ``after`` and not past ``upto``."""
        with self.reading() as connection:
            yield from stored_links(connection, after, upto)

    def hash_at(self, seq: int) -> str | None:
        """Give the stored hash of the entry at a place; the opening for 0, None past the end."""
        if seq == 0:
            return OPENING
        with self.reading() as connection:
            found: str | None = connection.scalar(
                sa.select(_entry.c.hash).where(_entry.c.seq == seq)
            )
            return found

    def about(self, name: str, seen: Callable[[Link], bool]) -> list[Link]:
        """Give the entries with this id, this beginning of an id, or on this line, in order.

        Those that are not ``seen`` are left out first: they must not stand in others' way.
        """
        tests = [_entry.c.id == name, _entry.c.line == name]
        if len(name) >= 5:
            tests.append(_entry.c.id.startswith(name, autoescape=True))
        with self.reading() as connection:
            for test in tests:
                rows = connection.execute(sa.select(*_LINK).where(test).order_by(_entry.c.seq))
                found = [link for link in map(Link._make, rows) if seen(link)]
                if found:
                    return found
        return []

    def on_lines(self, lines: Iterable[str]) -> list[Link]:
        """Give all entries on some lines, in order."""
        wanted = sorted(set(lines))
        found: list[Link] = []
        with self.reading() as connection:
            for start in range(0, len(wanted), 500):
                test = _entry.c.line.in_(wanted[start : start + 500])
                found += [Link(*row) for row in connection.execute(sa.select(*_LINK).where(test))]
        return sorted(found, key=lambda link: link.seq)

    def lines_saying(self, text: str, after: int, upto: int) -> set[str]:
        """Give the lines of which an entry's body holds a text, of the entries between two."""
        query = sa.select(_entry.c.line).where(
            _entry.c.seq > after,
            _entry.c.seq <= upto,
            _entry.c.body.contains(text, autoescape=True),
        )
        with self.reading() as connection:
            return set(connection.scalars(query))

    def verify(self, tap: Callable[[list[Row]], None] | None = None) -> Verdict:
        """Re-read everything and follow the chain.

        ``tap`` is given the same rows, some thousands at a time, for what else is made of them.
        """
        with self.reading() as connection:
            # One state for both: somebody may append while we read.
            strays: list[tuple[int, str]] = []
            unread: list[str] = []
            chunks = _readable(_stored_rows(connection, "seq, id, body, hash, line"), unread)
            verdict = follow(_checked_lines(chunks, strays, tap), claimed_head(connection))
        if unread:
            named = verdict.first_bad and not verdict.first_bad.startswith("(")
            first_bad = verdict.first_bad if named else unread[0]
            return replace(verdict, intact=False, first_bad=first_bad)
        if strays and verdict.intact:
            return replace(verdict, intact=False, first_bad=min(strays)[1])
        return verdict


def _checked_lines(
    chunks: Iterator[_Rows],
    strays: list[tuple[int, str]],
    tap: Callable[[list[Row]], None] | None,
) -> Iterator[Row]:
    """Give the rows; gather those whose column for finding them is not the entry's own line."""
    for chunk in chunks:
        # A file that somebody has written into by hand may hold anything in any column.
        told = [(seq, str(name), str(body), chained) for seq, name, body, chained, _ in chunk]
        if tap:
            tap(told)
        for (seq, name, text, _), (*_, line) in zip(told, chunk, strict=True):
            if f'"line":{encode_basestring(str(line))}' not in text and '"line":' in text:
                strays.append((seq, name))
        yield from told


def _readable(rows: Iterator[_Rows], unread: list[str]) -> Iterator[_Rows]:
    """Give rows as far as the file can be read; where it cannot, the chain ends with a reason."""
    try:
        yield from rows
    except DBAPIError as error:
        words = str(error.orig).lower()
        if "malformed" not in words and "decode" not in words:
            raise
        unread.append("(the file is damaged here)")


def claimed_head(connection: sa.Connection) -> Head:
    """Give the end of the chain as the store claims it, within a transaction."""
    return Head(int(fact_of(connection, "entries")), fact_of(connection, "root"))


def stored_links(
    connection: sa.Connection, after: int = 0, upto: int | None = None
) -> Iterator[Link]:
    """Give the stored entries past ``after`` and up to ``upto`` in order, within a transaction."""
    chunks = _stored_rows(connection, "seq, id, body, hash", after, upto)
    return map(Link._make, chain.from_iterable(chunks))


def _stored_rows(
    connection: sa.Connection, columns: str, after: int = 0, upto: int | None = None
) -> Iterator[_Rows]:
    """Give rows as the driver hands them over: some thousands at a time, still near at hand."""
    on_server = connection.dialect.name == "postgresql"
    mark = "%s" if on_server else "?"
    query = (
        f"SELECT {columns} FROM entry WHERE seq > {mark} AND seq <= {mark} "  # noqa: S608
        "ORDER BY seq"
    )
    # The driver's own cursor: half the time, and on a server the rows come as they are read.
    own: Any = connection.connection
    cursor = own.cursor(name="links") if on_server else own.cursor()
    try:
        cursor.execute(query, (after, _LAST if upto is None else upto))
        while rows := cursor.fetchmany(_READ):
            yield rows
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError("SELECT entry", None, error) from error
    finally:
        with suppress(connection.dialect.loaded_dbapi.Error):
            cursor.close()


def fact_of(connection: sa.Connection, name: str) -> str:
    """Give one of the store's own facts, within a transaction."""
    value: str | None = connection.scalar(sa.select(_fact.c.value).where(_fact.c.name == name))
    if value is None:
        raise StoreError(
            f"The ledger has lost its own fact {name!r}.",
            next_step="Bring a backup back: intendance restore.",
        )
    return value


def _refuse_unstorable(record: Record) -> None:
    """Refuse what one of the two stores cannot hold, on both, before anything is written."""
    name, line, body = record
    if not 0 < len(name) <= ID_LENGTH or len(line) > LINE_LENGTH:
        raise InputError(
            f"The entry {record.id[:40]!r} has no id of 1 to {ID_LENGTH} characters, or a line of "
            f"more than {LINE_LENGTH}.",
            next_step="Shorten it.",
        )
    for text in (name, line, body):
        if "\0" in text or not (text.isascii() or _is_unicode(text)):
            raise InputError(
                f"The entry {record.id[:40]!r} holds a character that is no text.",
                next_step="Take the NUL or the half of a surrogate pair out of it.",
            )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _note(connection: sa.Connection, person: str, action: str, detail: str) -> None:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    # A person's name comes from outside: the trail takes as much of it as a column holds.
    texts = {"person": person[:200], "action": action[:80], "detail": detail}
    row = {
        "at": moment,
        **{
            key: each.encode(errors="replace").decode().replace("\0", "?")
            for key, each in texts.items()
        },
    }
    connection.execute(sa.insert(_audit), [row])


def _fresh(
    connection: sa.Connection, records: Sequence[Record], *, empty: bool
) -> tuple[list[Record], int]:
    """Leave out what stands there already; refuse an id that stands for something else."""
    known: dict[str, str] = {}
    ids = [] if empty else [record.id for record in records]
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
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(
            "INSERT INTO entry (seq, id, line, body, hash) VALUES (?, ?, ?, ?, ?)", rows
        )
        return
    # COPY is the only way to load a server faster than 10,000 rows a second and durably; it
    # belongs to the same transaction, as it runs on the same connection.
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy("COPY entry (seq, id, line, body, hash) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError("COPY entry", None, error) from error
    finally:
        cursor.close()


def _commit(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
    connection.commit()


def _rollback(connection: sa.Connection) -> None:
    """Undo, if there is still something to undo: the first error is the one to report."""
    try:
        if connection.dialect.name == "sqlite":
            # SQLite undoes by itself when the disk is full; a second ROLLBACK would fail.
            with suppress(DBAPIError):
                connection.exec_driver_sql("ROLLBACK")
        connection.rollback()
    except DBAPIError:
        connection.invalidate()
