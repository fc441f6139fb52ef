"""The job that re-reads the whole ledger: every entry's hash against the one before."""

from __future__ import annotations

from typing import Any

from intendance.app.web.work import Work


def verify(work: Work) -> dict[str, Any]:
    """Follow the chain and say whether every byte fits."""
    work.progress(text="reading")
    with work.ledger() as ledger:
        verdict = ledger.verify()
    work.progress(text="read", share=1.0)
    return verdict.as_record()
