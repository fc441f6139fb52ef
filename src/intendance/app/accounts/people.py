"""People: a name, a role, a donor's representative's party, and the right to confirm."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Final, get_args

import sqlalchemy as sa

from intendance.app.accounts import passwords, tables
from intendance.app.accounts.office import Office, fresh_secret, now
from intendance.app.accounts.office import digest as digest_of
from intendance.errors import InputError, StoreMovedError, UsageError
from intendance.ledger.privacy import ROLES, Role, Viewer
from intendance.model.catalogue import party_name

LINK_SECONDS: Final = 24 * 3600
_person: Final = tables.person
CHANGING: Final[tuple[str, ...]] = ("clerk", "coordinator", "admin")  # who may post to the ledger
assert set(CHANGING) <= set(get_args(Role))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. ``party``: whom a donor's representative speaks for."""

    id: int
    name: str
    role: Role
    party: str = ""
    may_confirm: bool = False
    active: bool = True
    has_password: bool = False
    version: int = 1

    @property
    def viewer(self) -> Viewer:
        """Give what of the ledger this person may see."""
        return Viewer(self.role, self.party)

    @property
    def may_post(self) -> bool:
        """Tell whether this person may add entries to the ledger."""
        return self.role in CHANGING

    def as_record(self) -> dict[str, object]:
        """Give the person as a JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "party": self.party,
            "may_confirm": self.may_confirm,
            "active": self.active,
            "has_password": self.has_password,
            "version": self.version,
        }


def tidy_name(text: str) -> str:
    """Give a login name in its one form; InputError for what is none.

    >>> tidy_name("  Ana.Perez@Example.org ")
    'ana.perez@example.org'
    """
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not 1 <= len(name) <= 80 or not name.isprintable() or any(map(str.isspace, name)):
        raise InputError(
            "A name has 1 to 80 characters and no blanks.", next_step="Use an e-mail's form."
        )
    return name


def checked_role(role: str, party: str) -> tuple[Role, str]:
    """Give a role and its party in their one form; UsageError when they do not go together."""
    if role not in ROLES:
        raise UsageError(f"There is no role {role[:40]!r}.", next_step=f"Use {', '.join(ROLES)}.")
    if (role == "donor") != bool(party.strip()):
        raise UsageError(
            "A donor's representative needs a donor, and nobody else has one.",
            next_step="Name the donor for the role donor, and leave it out for the others.",
        )
    return role, party_name(party)[: tables.NAME_LENGTH] if party.strip() else ""  # type: ignore[return-value]


def person_of(row: Any) -> Person:
    """Read a row of the table of people."""
    return Person(
        row.id,
        row.name,
        row.role,
        row.party,
        bool(row.may_confirm),
        bool(row.active),
        bool(row.password),
        row.version,
    )


def add(
    office: Office,
    name: str,
    role: str,
    *,
    party: str = "",
    may_confirm: bool = False,
    password: str = "",
    subject: str | None = None,
) -> Person:
    """Add a person; UsageError when the name is taken."""
    name = tidy_name(name)
    role, party = checked_role(role, party)
    row = {
        "name": name,
        "role": role,
        "party": party,
        "may_confirm": may_confirm,
        "active": True,
        "password": passwords.hashed(password) if password else "",
        "subject": subject,
        "version": 1,
        "made_at": now(),
    }
    with office.writing() as connection:
        taken = connection.scalar(sa.select(_person.c.id).where(_person.c.name == name))
        if taken is not None:
            raise UsageError(f"The name {name} is taken.", next_step="Choose another.")
        connection.execute(sa.insert(_person), [row])
    return find(office, name)


def everybody(office: Office) -> list[Person]:
    """Give all people by name."""
    with office.reading() as connection:
        return [
            person_of(row)
            for row in connection.execute(sa.select(_person).order_by(_person.c.name))
        ]


def find(office: Office, name: str) -> Person:
    """Give a person; InputError when there is none of this name."""
    with office.reading() as connection:
        row = connection.execute(
            sa.select(_person).where(_person.c.name == name.strip().lower()[:200])
        ).one_or_none()
    if row is None:
        raise InputError("There is nobody of this name.", next_step="See: intendance user list.")
    return person_of(row)


def by_subject(office: Office, subject: str) -> Person | None:
    """Give the person whom a provider of identities knows under a subject."""
    with office.reading() as connection:
        row = connection.execute(
            sa.select(_person).where(_person.c.subject == subject)
        ).one_or_none()
    return person_of(row) if row is not None else None


def alter(
    office: Office,
    person: Person,
    *,
    role: str | None = None,
    party: str | None = None,
    may_confirm: bool | None = None,
    active: bool | None = None,
) -> Person:
    """Change a person as it was read; StoreMovedError when somebody has changed it since.

    The last active admin stays one. A person who is set inactive loses sessions and tokens.
    """
    new_role, new_party = checked_role(
        person.role if role is None else role, person.party if party is None else party
    )
    stays = person.active if active is None else active
    values = {
        "role": new_role,
        "party": new_party,
        "may_confirm": person.may_confirm if may_confirm is None else may_confirm,
        "active": stays,
        "version": person.version + 1,
    }
    with office.writing() as connection:
        others = connection.scalar(
            sa.select(sa.func.count())
            .select_from(_person)
            .where(_person.c.role == "admin", _person.c.active, _person.c.id != person.id)
        )
        if not others and person.role == "admin" and (new_role != "admin" or not stays):
            raise UsageError("The last admin stays one.", next_step="Make another admin first.")
        done = connection.execute(
            sa.update(_person)
            .where(_person.c.id == person.id, _person.c.version == person.version)
            .values(values)
        )
        if not done.rowcount:
            raise moved()
        if not stays or (new_role, new_party) != (person.role, person.party):
            _shut_out(connection, person.id, tokens=True)
    return find(office, person.name)


def moved() -> StoreMovedError:
    """Give the error of an account that has changed since it was read."""
    return StoreMovedError(
        "Somebody else has changed this account meanwhile.",
        next_step="Look at it again, then decide.",
    )


def set_password(office: Office, person: Person, password: str) -> None:
    """Set a person's password; all their sessions end."""
    stored = passwords.hashed(password)
    with office.writing() as connection:
        connection.execute(
            sa.update(_person).where(_person.c.id == person.id).values(password=stored)
        )
        _shut_out(connection, person.id, tokens=False)


def _shut_out(connection: sa.Connection, person_id: int, *, tokens: bool) -> None:
    connection.execute(sa.delete(tables.session).where(tables.session.c.person == person_id))
    if tokens:
        connection.execute(
            sa.update(tables.token)
            .where(tables.token.c.person == person_id, tables.token.c.revoked_at.is_(None))
            .values(revoked_at=now())
        )


def invite(office: Office, person: Person) -> str:
    """Give the secret of a one-time link with which a person sets the own password.

    Earlier links of the person end.
    """
    secret = fresh_secret()
    moment = now()
    row = {
        "digest": digest_of(secret),
        "person": person.id,
        "made_at": moment,
        "ends_at": moment + LINK_SECONDS,
        "used_at": None,
    }
    with office.writing() as connection:
        connection.execute(sa.delete(tables.link).where(tables.link.c.person == person.id))
        connection.execute(sa.insert(tables.link), [row])
    return secret


def invited(office: Office, secret: str) -> Person | None:
    """Give whom a one-time link is for; None when it is used, too old or none."""
    with office.reading() as connection:
        row = connection.execute(_open_link(secret)).one_or_none()
    return person_of(row) if row is not None else None


def _open_link(secret: str) -> sa.Select[Any]:
    here = tables.link.c
    return (
        sa.select(_person)
        .join(tables.link, here.person == _person.c.id)
        .where(
            here.digest == digest_of(secret),
            here.used_at.is_(None),
            here.ends_at > now(),
            _person.c.active,
        )
    )


def accept(office: Office, secret: str, password: str) -> Person | None:
    """Use a one-time link to set a password: of two who try at once, one succeeds."""
    stored = passwords.hashed(password)
    with office.writing() as connection:
        row = connection.execute(_open_link(secret)).one_or_none()
        used = connection.execute(
            sa.update(tables.link)
            .where(tables.link.c.digest == digest_of(secret), tables.link.c.used_at.is_(None))
            .values(used_at=now())
        )
        if row is None or not used.rowcount:
            return None
        connection.execute(sa.update(_person).where(_person.c.id == row.id).values(password=stored))
        _shut_out(connection, row.id, tokens=False)
    return person_of(row)


def first_admin(office: Office) -> str | None:
    """Make the first admin when nobody has an account; give the secret of the one-time link.

    Until the admin has set a password, each start gives a new link (the last one ends).
    """
    people = everybody(office)
    if not people:
        return invite(office, add(office, "admin", "admin", may_confirm=True))
    waiting = [each for each in people if each.role == "admin" and each.active]
    if any(each.has_password for each in people) or not waiting:
        return None
    return invite(office, waiting[0])
