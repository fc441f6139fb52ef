"""One brief in several forms: a page, paper, a spreadsheet."""

from __future__ import annotations

from intendance.errors import UsageError
from intendance.review.facts import Brief


def rendered(brief: Brief, form: str) -> bytes:
    """Give the brief's bytes in a form: html, pdf or xlsx."""
    if form == "html":
        from intendance.review.html import render as as_page

        return as_page(brief).encode("utf-8")
    if form == "pdf":
        from intendance.review.paper import render as on_paper

        return on_paper(brief)
    if form == "xlsx":
        from intendance.review.workbook import render as as_workbook

        return as_workbook(brief)
    raise UsageError(f"There is no format {form!r}.", next_step="Use html, pdf or xlsx.")
