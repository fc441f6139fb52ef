"""The hash chain: each entry carries the hash of the one before, over canonical bytes.

hash(0) = SHA-256 of the ledger's opening words; hash(n) = SHA-256(hash(n-1) ‖ id ‖ LF ‖ body(n)).
Anyone with an export and any SHA-256 can follow it to the head that a brief prints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

OPENING: Final = hashlib.sha256(b"intendance ledger 1").hexdigest()


class Link(NamedTuple):
    """One stored entry: its place, id, canonical body and the hash that the store holds."""

    seq: int
    id: str
    body: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries, and the hash of the last one (the root)."""

    entries: int
    root: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a re-reading found; ``first_bad`` is the id of the first entry that does not fit."""

    entries: int
    root: str
    intact: bool
    first_bad: str | None

    def as_record(self) -> dict[str, object]:
        """Give the verdict as a JSON object."""
        return {
            "entries": self.entries,
            "root": self.root,
            "intact": self.intact,
            "first_bad": self.first_bad,
        }


def next_hash(before: str, entry_id: str, body: str) -> str:
    """Give the hash of an entry after the hash of the one before it.

    >>> next_hash(OPENING, "a", "{}") == next_hash(OPENING, "a", "{ }")
    False
    """
    content = f"{entry_id}\n{body}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes.fromhex(before) + content).hexdigest()


def follow(links: Iterable[tuple[int, str, str, str]], claimed: Head) -> Verdict:
    """Recompute the chain from its opening and compare it with what is stored and claimed."""
    digest, count = bytes.fromhex(OPENING), 0
    first_bad: str | None = None
    sha256 = hashlib.sha256
    for seq, entry_id, body, stored in links:
        count += 1
        # next_hash, without its way through hexadecimal digits.
        digest = sha256(digest + f"{entry_id}\n{body}".encode("utf-8", "surrogatepass")).digest()
        if first_bad is None and (digest.hex() != stored or seq != count):
            first_bad = entry_id
    current = digest.hex()
    if first_bad is None and (count, current) != (claimed.entries, claimed.root):
        # Entries were cut off or added at the end: the chain itself holds, the head does not.
        first_bad = "(end of the chain)"
    return Verdict(count, current, first_bad is None, first_bad)
