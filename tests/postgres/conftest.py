"""The same ledger on a real PostgreSQL server; skipped, with the reason, where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import server as postgres

from intendance.ledger.ledger import Ledger

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """One server for all tests of this folder."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    made = postgres.Server()
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def address(server: postgres.Server) -> str:
    """The address of an empty schema: each test has a ledger of its own."""
    schema = f"team_{next(_numbers)}"
    server.sql(f"CREATE SCHEMA {schema}")
    return server.address(schema=schema)


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """An empty ledger on the server, in place of the one in a file."""
    with Ledger.create(address) as made:
        yield made


@pytest.fixture
def either_store(server: postgres.Server) -> Callable[..., str]:
    """Addresses of schemas without a ledger, in place of names of files."""

    def name(*, make: bool = False) -> str:
        schema = f"team_{next(_numbers)}"
        server.sql(f"CREATE SCHEMA {schema}")
        return server.address(schema=schema)

    return name
