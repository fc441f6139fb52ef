"""Ledgers of every released schema come to this program's, whole, with an equal head."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from intendance.errors import InputError, StoreError
from intendance.ledger import migrate as migrating
from intendance.ledger import tables
from intendance.ledger.chain import OPENING
from intendance.ledger.ledger import Ledger, record_of
from intendance.ledger.store import Store

COMMAND = Path(sys.executable).with_name("intendance")
RELEASED = range(1, tables.SCHEMA + 1)


def old_ledger(name: str, schema: int, entries: list) -> str:
    """Make a ledger as the program of that schema left it; give its root."""
    from intendance.ledger.connecting import engine_of

    store = Store(name, engine_of(name, 20))
    with store.writing() as connection:
        migrating.upgrade(connection, 0, schema)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        facts = {"schema": str(schema), "ledger": "old", "entries": "0", "root": OPENING}
        rows = [{"name": key, "value": value} for key, value in facts.items()]
        connection.execute(sa.insert(tables.fact), rows)
    root = store.append([record_of(each) for each in entries], person="Ada").head.root
    store.close()
    return root


def shape_of(engine: sa.Engine) -> dict[str, object]:
    """Give everything that a database says about its tables."""
    found: dict[str, object] = {}
    looking = sa.inspect(engine)
    for table in looking.get_table_names():
        if table == "alembic_version":
            continue
        columns = {
            each["name"]: (repr(each["type"]), each["nullable"], each["default"])
            for each in looking.get_columns(table)
        }
        unique = sorted(
            tuple(each["column_names"]) for each in looking.get_unique_constraints(table)
        )
        indexes = sorted(
            (each["name"], tuple(each["column_names"])) for each in looking.get_indexes(table)
        )
        found[table] = (columns, looking.get_pk_constraint(table), unique, indexes)
    return found


def test_alembic_alone_builds_the_very_tables_that_the_program_makes(either_store):
    program, alembic = either_store(), either_store(make=True)
    Store.create(program).close()
    by_program, by_alembic = (Store.reach(each) for each in (program, alembic))
    for schema in RELEASED:
        with by_alembic.writing() as connection:
            migrating.upgrade(connection, schema - 1 if schema > 1 else 0, schema)
        same = shape_of(by_alembic._engine) == shape_of(by_program._engine)
        # Only the newest schema is today's: the comparison sees a difference where there is one.
        assert same == (schema == tables.SCHEMA), schema


def test_alembic_itself_finds_nothing_to_do_after_the_last_revision(either_store):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    store = Store.reach(either_store(make=True))
    with store.writing() as connection:
        migrating.upgrade(connection, 0)
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []
        connection.exec_driver_sql("DROP INDEX ix_entry_line")
        assert compare_metadata(context, tables.metadata) != []


def test_there_is_a_revision_for_every_schema():
    folder = migrating.FOLDER / "versions"
    numbers = sorted(int(path.name[1:5]) for path in folder.glob("v*.py"))
    assert numbers == list(RELEASED)


@pytest.mark.parametrize("schema", [each for each in RELEASED if each < tables.SCHEMA])
def test_an_older_ledger_is_refused_then_upgraded_with_an_equal_head(either_store, make, schema):
    name = either_store(make=True)
    entries = [make(f"t:é{n}", f"{n}.5", reason="« ainsi »") for n in range(30)]
    root = old_ledger(name, schema, entries)
    for opening in (Store.open, Store.create):
        with pytest.raises(StoreError, match=f"older schema {schema}") as caught:
            opening(name)
        assert caught.value.exit_code == 5
        assert "intendance migrate" in caught.value.next_step
    done = migrating.migrate(name)
    assert (done.before, done.after, done.entries, done.root) == (
        schema,
        tables.SCHEMA,
        30,
        root,
    )
    fresh = either_store()
    with Ledger.open(name) as book, Ledger.create(fresh) as other:
        assert book.verify().root == root
        assert book.verify().intact
        assert [entry.line for entry in book.entries()] == [entry.line for entry in entries]
        assert [row["person"] for row in book.store.trail()] == ["Ada"]
        assert shape_of(book.store._engine) == shape_of(other.store._engine)
        assert book.post([make("t:new")]).head == other_head(other, [*entries, make("t:new")])
    again = migrating.migrate(name)
    assert (again.before, again.after, again.entries) == (tables.SCHEMA, tables.SCHEMA, 31)


def other_head(book: Ledger, entries: list):
    return book.post(entries).head


def test_a_ledger_of_a_newer_program_is_left_alone(either_store, make):
    name = either_store()
    with Ledger.create(name) as book:
        book.post([make()])
        with book.store.writing() as connection:
            connection.execute(
                sa.update(tables.fact).where(tables.fact.c.name == "schema").values(value="99")
            )
    for opening in (Store.open, Store.create, migrating.migrate):
        with pytest.raises(StoreError, match="schema 99") as caught:
            opening(name)
        assert "Upgrade the program" in caught.value.next_step


def test_a_migration_that_fails_half_way_changes_nothing(either_store, make, monkeypatch):
    name = either_store(make=True)
    root = old_ledger(name, 1, [make(f"t:{n}") for n in range(5)])
    before = shape_of(Store.reach(name)._engine)
    original = migrating._intact_head
    calls = []

    def fail_afterwards(connection, shown):
        calls.append(shown)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(connection, shown)

    monkeypatch.setattr(migrating, "_intact_head", fail_afterwards)
    with pytest.raises(KeyboardInterrupt):
        migrating.migrate(name)
    monkeypatch.undo()
    store = Store.reach(name)
    assert (store.schema(), store.head().root) == (1, root)
    assert shape_of(store._engine) == before
    assert migrating.migrate(name).root == root


def test_a_ledger_that_is_not_intact_is_not_migrated(tmp_path, make):
    name = str(tmp_path / "aid.db")
    old_ledger(name, 1, [make(f"t:{n}") for n in range(5)])
    raw = sqlite3.connect(name)
    raw.execute("UPDATE entry SET body = replace(body, 'Poland', 'Norway') WHERE seq = 3")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="not intact"):
        migrating.migrate(name)
    assert Store.reach(name).schema() == 1


def test_the_command_says_what_it_did_in_both_languages(tmp_path, make):
    name = str(tmp_path / "aid.db")
    root = old_ledger(name, 1, [make()])

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        call = [str(COMMAND), *words, "--ledger", name]
        return subprocess.run(call, capture_output=True, text=True, check=False)

    refused = run("total")
    assert refused.returncode == 5
    assert "intendance migrate" in refused.stderr
    done = run("migrate", "--json")
    assert done.returncode == 0, done.stderr
    assert re.search(rf'"before": 1,\s+"after": {tables.SCHEMA}', done.stdout)
    assert root in done.stdout
    assert "nothing to do" in run("migrate").stdout
    assert "écriture" in run("migrate", "--lang", "fr").stdout
    assert run("verify").returncode == 0


def test_a_file_that_is_no_ledger_is_not_migrated(tmp_path):
    with pytest.raises(InputError, match="no ledger"):
        migrating.migrate(str(tmp_path / "none.db"))
    other = tmp_path / "other.db"
    raw = sqlite3.connect(other)
    raw.execute("CREATE TABLE fact (name TEXT, value TEXT)")
    raw.commit()
    raw.close()
    with pytest.raises(InputError, match="not a ledger"):
        migrating.migrate(str(other))


@pytest.fixture
def either_store(tmp_path):
    """Give names of ledgers that do not exist yet; ``make`` makes the empty file itself."""
    names = iter(range(100))

    def name(*, make: bool = False) -> str:
        path = tmp_path / f"{next(names)}.db"
        if make:
            path.touch()
        return str(path)

    return name
