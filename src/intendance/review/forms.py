"""One brief in several forms: HTML now; paper and spreadsheet are drawn from the same data."""

from __future__ import annotations

from intendance.errors import UsageError
from intendance.review.facts import Brief


def rendered(brief: Brief, form: str) -> bytes:
    """Give the brief's bytes in a form: html, pdf or xlsx."""
    if form == "html":
        from intendance.review.html import render

        return render(brief).encode("utf-8")
    raise UsageError(f"There is no format {form!r} yet.", next_step="Use --format html.")
