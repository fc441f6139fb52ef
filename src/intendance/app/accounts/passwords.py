"""Passwords: kept as argon2id hashes, checked in the same time whether or not they exist."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final

from intendance.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 12
LONGEST: Final = 200


@cache
def _hasher() -> PasswordHasher:
    """Give the hasher with the second choice of RFC 9106: 64 MiB, three passes, four lanes."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobodys_hash() -> str:
    """Give a hash that no password fits: a name that is unknown costs as much as a known one."""
    return _hasher().hash(os.urandom(32).hex())


def hashed(password: str) -> str:
    """Give what is stored of a password; UsageError when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} characters.",
            next_step="Four or five words that do not belong together are easy to remember.",
        )
    return _hasher().hash(password.encode("utf-8", "replace"))


def fits(stored: str, password: str) -> bool:
    """Tell whether a password fits what is stored; blank (nobody, or none yet) never fits."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        good = _hasher().verify(
            stored or _nobodys_hash(), password[:LONGEST].encode("utf-8", "replace")
        )
    except (VerificationError, InvalidHashError):
        return False
    return good and bool(stored) and len(password) <= LONGEST
