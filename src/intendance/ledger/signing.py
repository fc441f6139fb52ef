"""Signed heads: who vouches for a ledger's state, checked offline with a public key.

What is signed is the line ``intendance head 1 <entries> <root>``; Ed25519 (RFC 8032).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.ledger.chain import OPENING, Head, next_hash
from intendance.model.entry import canonical

_FORM: Final = "intendance head 1 {entries} {root}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed head; ``signer`` is a name, the public key is what counts."""

    entries: int
    root: str
    signer: str
    public_key: str
    signature: str

    def as_text(self) -> str:
        """Give the signature as one JSON line for a file or a brief."""
        names = ("entries", "root", "signer", "public_key", "signature")
        return canonical({name: getattr(self, name) for name in names}).decode() + "\n"

    @classmethod
    def from_text(cls, text: str, where: str = "") -> Signature:
        """Read what ``as_text`` wrote; InputError otherwise."""
        try:
            found = json.loads(text)
            return cls(
                int(found["entries"]),
                str(found["root"]),
                str(found["signer"]),
                str(found["public_key"]),
                str(found["signature"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError("This is not a signature file.", where=where) from error


def _message(entries: int, root: str) -> bytes:
    return _FORM.format(entries=entries, root=root).encode()


def make_key(path: Path) -> str:
    """Write a new private key (readable by its owner alone) and give the public one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(f"{path} stands there already.", next_step="Name another file.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written.", next_step="Check the folder.") from error
    with os.fdopen(handle, "w") as stream:
        stream.write(key.private_bytes_raw().hex() + "\n")
    return key.public_key().public_bytes_raw().hex()


def _private_key(path: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} is no private key.", next_step="Make one with: intendance key new FILE."
        ) from error


def sign(head: Head, key_file: Path, signer: str) -> Signature:
    """Sign a head with a private key."""
    key = _private_key(key_file)
    signature = key.sign(_message(head.entries, head.root)).hex()
    public = key.public_key().public_bytes_raw().hex()
    return Signature(head.entries, head.root, signer, public, signature)


def holds(signature: Signature, public_key: str = "") -> bool:
    """Tell whether a signature fits its head, and the public key that one expects, if given."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if public_key and public_key.strip().lower() != signature.public_key.lower():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
        message = _message(signature.entries, signature.root)
        key.verify(bytes.fromhex(signature.signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class ExportVerdict:
    """What following an export found: the root that it leads to, and the first line that is off."""

    entries: int
    root: str
    intact: bool
    first_bad: int | None
    withheld: int

    def as_record(self) -> dict[str, object]:
        """Give the verdict as a JSON object."""
        return {
            "entries": self.entries,
            "root": self.root,
            "intact": self.intact,
            "first_bad": self.first_bad,
            "withheld": self.withheld,
        }


def follow_export(lines: Iterable[str]) -> ExportVerdict:
    """Follow the chain of an export without any ledger.

    A withheld line gives the hash at the end of what is private to others: what stands before and
    after is verified, its own content is not. ``withheld`` counts such places, not entries.
    """
    current, count, withheld = OPENING, 0, 0
    bad: int | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        count += 1
        try:
            record = json.loads(line)
            claimed = record["hash"]
            if record.get("withheld"):
                withheld += 1
                current = claimed
                continue
            current = next_hash(current, record["id"], canonical(record["body"]).decode())
            # What a limited viewer gets says no places.
            fits = current == claimed and record.get("seq", count) == count
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits and bad is None:
            bad = number
    return ExportVerdict(count, current, bad is None, bad, withheld)
