"""The office's tables: they stand beside the ledger's, in the same file or on the same server.

The ledger itself never holds a name's password or a session; nothing here is chained.
Moments are whole seconds since 1970 (UTC).
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

OFFICE_SCHEMA: Final = 1
NAME_LENGTH: Final = 200

metadata = sa.MetaData()
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, *, blank: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=blank)


fact = sa.Table(
    "office_fact",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
person = sa.Table(
    "office_person",
    metadata,
    sa.Column("id", _number, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(NAME_LENGTH), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("party", sa.String(NAME_LENGTH), nullable=False),
    sa.Column("may_confirm", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    # Who the person is at the provider of identities; the issuer and its subject.
    sa.Column("subject", sa.String(400), nullable=True, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    _moment("made_at"),
)
session = sa.Table(
    "office_session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("person", _number, nullable=False, index=True),
    sa.Column("address", sa.String(80), nullable=False),
    _moment("made_at"),
    _moment("seen_at"),
    _moment("ends_at"),
)
token = sa.Table(
    "office_token",
    metadata,
    sa.Column("id", _number, primary_key=True, autoincrement=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("person", _number, nullable=False, index=True),
    sa.Column("label", sa.String(NAME_LENGTH), nullable=False),
    sa.Column("scope", sa.String(10), nullable=False),
    _moment("made_at"),
    _moment("ends_at"),
    _moment("revoked_at", blank=True),
)
link = sa.Table(
    "office_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("person", _number, nullable=False),
    _moment("made_at"),
    _moment("ends_at"),
    _moment("used_at", blank=True),
)
attempt = sa.Table(
    "office_attempt",
    metadata,
    sa.Column("number", _number, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    _moment("at"),
)
trail = sa.Table(
    "office_trail",
    metadata,
    sa.Column("number", _number, primary_key=True, autoincrement=True),
    _moment("at"),
    sa.Column("person", sa.String(NAME_LENGTH), nullable=False),
    sa.Column("address", sa.String(80), nullable=False),
    sa.Column("action", sa.String(80), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
# One paper: a named JSON object that is replaced as a whole, with a version for lost updates.
paper = sa.Table(
    "office_paper",
    metadata,
    sa.Column("kind", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(NAME_LENGTH), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("person", sa.String(NAME_LENGTH), nullable=False),
    _moment("at"),
)
# One stream: events in order, never changed (an inbox, a meeting's answers).
event = sa.Table(
    "office_event",
    metadata,
    sa.Column("stream", sa.String(NAME_LENGTH), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("person", sa.String(NAME_LENGTH), nullable=False),
    _moment("at"),
)
# Bytes that have to come back exactly: a frozen brief, an uploaded file.
blob = sa.Table(
    "office_blob",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _moment("at"),
)
job = sa.Table(
    "office_job",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("title", sa.String(400), nullable=False),
    sa.Column("run", sa.String(200), nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("person", sa.String(NAME_LENGTH), nullable=False, index=True),
    sa.Column("viewer", sa.String(NAME_LENGTH + 20), nullable=False),
    sa.Column("server", sa.String(80), nullable=False),
    sa.Column("progress", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("stop", sa.Boolean, nullable=False),
    _moment("made_at"),
    _moment("beat_at"),
    _moment("ended_at", blank=True),
)
