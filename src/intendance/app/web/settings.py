"""How a server runs: given once, by the command line or a test."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Oidc:
    """A provider of identities: its address, and what this program is called there.

    ``role``: the role of somebody who signs in for the first time.
    """

    issuer: str
    client: str
    secret: str = ""
    role: str = "reader"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server's settings.

    ``language`` blank: each reader's own. ``hosts`` empty: every Host header is accepted, as
    behind a proxy that has looked at it. Sizes in bytes.
    """

    ledger: str
    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = ""
    read_only: bool = False
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    hosts: tuple[str, ...] = ()
    oidc: Oidc | None = None
    inbox: Path | None = None
    boundary_view: str = "de facto, as Natural Earth draws them"
    body_bytes: int = 1_000_000
    upload_bytes: int = 50_000_000
    jobs_at_once: int = 1

    @property
    def secure(self) -> bool:
        """Tell whether readers reach the server by HTTPS."""
        return self.tls_cert is not None or self.behind_proxy

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine reaches the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
