"""Bring a ledger of an older schema to this program's: all of it or nothing, with an equal head.

The schema's number stands among the store's facts; Alembic's own table of versions is kept in
step, so that its tools work too. Revision 0003 makes schema 3, and so on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from intendance.errors import StoreError
from intendance.ledger.chain import Head, follow
from intendance.ledger.store import Store, claimed_head, fact_of, stored_links
from intendance.ledger.tables import SCHEMA, fact

FOLDER: Final = Path(__file__).with_name("migrations")


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which schema to which, and the head, which is the same before and after."""

    ledger: str
    before: int
    after: int
    entries: int
    root: str

    def as_record(self) -> dict[str, object]:
        """Give what was done as a JSON object."""
        return asdict(self)


def migrate(name: str) -> Migrated:
    """Upgrade a ledger in one transaction, as its only writer.

    InputError when there is no ledger; StoreError when it is newer than this program, when its
    chain is not intact (nothing is changed then), or when somebody else writes all the time.
    """
    store = Store.reach(name)
    try:
        return _upgraded(store)
    finally:
        store.close()


def _upgraded(store: Store) -> Migrated:
    found = store.schema()
    if found > SCHEMA:
        store.check_schema()
    if found == SCHEMA:
        head = store.head()
        return Migrated(store.name, found, SCHEMA, head.entries, head.root)
    with store.writing() as connection:
        # Somebody may have upgraded it while we waited: the number is read again.
        before = int(fact_of(connection, "schema"))
        head = _intact_head(connection, store.name)
        if before < SCHEMA:
            upgrade(connection, before)
            after = _intact_head(connection, store.name)
            assert after == head, (head, after)
    return Migrated(store.name, before, SCHEMA, head.entries, head.root)


def _intact_head(connection: sa.Connection, name: str) -> Head:
    head = claimed_head(connection)
    verdict = follow(stored_links(connection), head)
    if not verdict.intact:
        raise StoreError(
            f"{name} is not intact: first bad {verdict.first_bad}.",
            next_step="Restore it from an earlier copy; intendance verify says more.",
        )
    return head


def upgrade(connection: sa.Connection, before: int, to: int = SCHEMA) -> None:
    """Run the revisions from one schema to another within the caller's transaction."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    goal = f"{to:04}"

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(goal, revision)  # noqa: SLF001 - as alembic.command does

    with EnvironmentContext(config, scripts, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        context = environment.get_context()
        if before and not context.get_current_revision():
            # Ledgers made by the program itself carry no table of versions.
            context.stamp(scripts, f"{before:04}")
        environment.run_migrations()
    if before:
        connection.execute(sa.update(fact).where(fact.c.name == "schema").values(value=str(to)))
