"""The pages: a module each, with ``router(context)`` and, when it has a place there, ``NAV``."""

from __future__ import annotations

from typing import Final

# One line a page; docs/explanation/web.md says how a page is made.
VIEW_MODULES: Final = (
    "health",
    "login",
    "oidc",
    "account",
    "today",
    "ledger",
    "inbox",
    "claims",
    "review",
    "meeting",
    "plan",
    "sustain",
    "donor",
    "parties",
    "imports",
    "entries",
    "totals",
    "entry",
    "jobs",
    "admin",
)
