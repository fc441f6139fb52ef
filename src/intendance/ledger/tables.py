"""The store's tables. A change here needs a new revision in ``migrations`` and a higher SCHEMA."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

SCHEMA: Final = 2
ID_LENGTH: Final = 200
LINE_LENGTH: Final = 400

metadata = sa.MetaData()


def _bytewise(length: int) -> sa.String:
    """Compare by bytes on a server too: quicker, and a search by an id's beginning finds it."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


entry = sa.Table(
    "entry",
    metadata,
    # INTEGER makes it SQLite's own row number: one index less to keep.
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("id", _bytewise(ID_LENGTH), nullable=False, unique=True),
    sa.Column("line", _bytewise(LINE_LENGTH), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
fact = sa.Table(
    "fact",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("action", sa.String(80), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
