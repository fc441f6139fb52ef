"""Tokens for programs: they do what their person may, or only read; they end and are revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import sqlalchemy as sa

from intendance.app.accounts import tables
from intendance.app.accounts.office import Office, digest, fresh_secret, now
from intendance.app.accounts.people import Person, person_of
from intendance.errors import UsageError

Scope = Literal["read", "write"]
SCOPES: Final[tuple[str, ...]] = get_args(Scope)
PREFIX: Final = "itd_"
LONGEST_DAYS: Final = 366
_token: Final = tables.token


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its secret is shown once, when it is made."""

    id: int
    label: str
    scope: str
    made_at: int
    ends_at: int
    revoked: bool

    @property
    def usable(self) -> bool:
        """Tell whether the token still opens anything."""
        return not self.revoked and self.ends_at > now()


def make(office: Office, person: Person, label: str, scope: str, days: int) -> str:
    """Make a token and give its secret; UsageError for a scope or a time that there is not."""
    if scope not in SCOPES:
        raise UsageError(f"There is no scope {scope[:20]!r}.", next_step="Use read or write.")
    if not 1 <= days <= LONGEST_DAYS:
        raise UsageError(f"A token lives 1 to {LONGEST_DAYS} days.", next_step="Give fewer days.")
    secret = PREFIX + fresh_secret()
    moment = now()
    row = {
        "digest": digest(secret),
        "person": person.id,
        "label": label.strip()[: tables.NAME_LENGTH] or "token",
        "scope": scope,
        "made_at": moment,
        "ends_at": moment + days * 86400,
        "revoked_at": None,
    }
    with office.writing() as connection:
        connection.execute(sa.insert(_token), [row])
    return secret


def find(office: Office, secret: str) -> tuple[Person, str] | None:
    """Give the person and the scope of a token's secret; None when it opens nothing."""
    query = (
        sa.select(tables.person, _token.c.scope.label("scope"))
        .join(_token, _token.c.person == tables.person.c.id)
        .where(
            _token.c.digest == digest(secret),
            _token.c.ends_at > now(),
            _token.c.revoked_at.is_(None),
            tables.person.c.active,
        )
    )
    with office.reading() as connection:
        row = connection.execute(query).one_or_none()
    return (person_of(row), str(row.scope)) if row is not None else None


def of(office: Office, person: Person) -> list[Token]:
    """Give a person's tokens, the newest first."""
    query = sa.select(_token).where(_token.c.person == person.id).order_by(_token.c.id.desc())
    with office.reading() as connection:
        return [
            Token(
                row.id, row.label, row.scope, row.made_at, row.ends_at, row.revoked_at is not None
            )
            for row in connection.execute(query)
        ]


def revoke(office: Office, person: Person, number: int) -> bool:
    """End one of a person's tokens; tell whether there was one to end."""
    with office.writing() as connection:
        done = connection.execute(
            sa.update(_token)
            .where(
                _token.c.id == number,
                _token.c.person == person.id,
                _token.c.revoked_at.is_(None),
            )
            .values(revoked_at=now())
        )
    return bool(done.rowcount)
