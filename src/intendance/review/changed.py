"""What changed between two days of knowledge, for the brief's waterfall and its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from intendance.ledger.changes import CAUSES, Change
from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.review.facts import ChangeLine, Turn
from intendance.review.tallied import figure_of, money_ids

_SHOWN_LINES: Final = 15


def turn_of(ledger: Ledger, definition: Definition, before: date, after: date) -> Turn:
    """Explain the difference of one definition's total as known on two days, to the cent."""
    found = ledger.changes(definition, before, after)
    frame = ledger.frame
    first = money_ids(frame, replace(definition, known_at=before))
    second = money_ids(frame, replace(definition, known_at=after))
    causes = []
    for cause in CAUSES:
        mine = [line for line in found.lines if line.cause == cause]
        amount = sum((line.difference for line in mine), Decimal("0.00"))
        ids = tuple(dict.fromkeys(line.entry for line in mine))
        causes.append((cause, amount, ids))
    largest = sorted(found.lines, key=lambda line: (-abs(line.difference), line.line, line.cause))
    return Turn(
        before=before,
        after=after,
        total_before=figure_of(found.total_before, first),
        total_after=figure_of(found.total_after, second),
        causes=tuple(causes),
        lines=tuple(_line(line) for line in largest[:_SHOWN_LINES]),
        line_count=len(found.lines),
    )


def _line(change: Change) -> ChangeLine:
    return ChangeLine(
        entry=change.entry,
        line=change.line,
        donor=change.donor,
        category=change.category,
        cause=change.cause,
        difference=change.difference,
    )
