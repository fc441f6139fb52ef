"""Why two definitions give two figures: one field of the definition after another, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from intendance.errors import UsageError
from intendance.ledger.changes import marking_of, side, total_of
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import EVERYBODY, Viewer
from intendance.ledger.rates import RateTable
from intendance.ledger.totals import Amount

if TYPE_CHECKING:
    import polars as pl

# In this order the first definition is turned into the second, field by field: what is known
# comes before what is counted, and what is counted before what it is worth.
STEPS: Final = ("known_at", "as_of", "stage", "attribution", "where", "rates")


@dataclass(frozen=True, slots=True)
class Part:
    """What one field does to one entry."""

    field: str
    entry: str
    line: str
    donor: str
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two definitions, their totals, and the difference by field and entry; both sum to it."""

    first: Definition
    second: Definition
    total_first: Amount
    total_second: Amount
    parts: tuple[Part, ...]
    marking: str = "public"
    viewer: Viewer = EVERYBODY

    @property
    def difference(self) -> Decimal:
        """Give the difference of the best figures."""
        return self.total_second.best - self.total_first.best

    def by_field(self) -> dict[str, Decimal]:
        """Give the difference by field, every field named."""
        found = dict.fromkeys(STEPS, Decimal("0.00"))
        for part in self.parts:
            found[part.field] += part.difference
        return found

    def as_record(self) -> dict[str, object]:
        """Give the comparison as a JSON object."""
        return {
            "first": self.first.as_record(),
            "second": self.second.as_record(),
            "total_first": self.total_first.as_record(),
            "total_second": self.total_second.as_record(),
            "difference": f"{self.difference:.2f}",
            "causes": {name: f"{amount:.2f}" for name, amount in self.by_field().items()},
            "lines": [
                {
                    "entry": part.entry,
                    "line": part.line,
                    "donor": part.donor,
                    "cause": part.field,
                    "difference": f"{part.difference:.2f}",
                }
                for part in self.parts
            ],
            "marking": self.marking,
            **self.viewer.limits(),
        }


def compare(
    frame: pl.DataFrame, first: Definition, second: Definition, table: RateTable | None = None
) -> Comparison:
    """Explain the difference between two definitions of one currency.

    UsageError when the currencies differ: a difference of dollars and euros has no unit.
    """
    first, second = first.checked(), second.checked()
    if first.currency != second.currency:
        raise UsageError(
            f"{first.currency} and {second.currency} cannot be compared.",
            next_step="Give both definitions one currency.",
        )
    parts: list[Part] = []
    before = side(frame, first, table)
    start = before
    current = first
    for name in STEPS:
        if getattr(current, name) == getattr(second, name):
            continue
        current = replace(current, **{name: getattr(second, name)})
        after = side(frame, current, table)
        parts += _parts(name, before, after)
        before = after
    marking = marking_of(start, before)
    return Comparison(first, second, total_of(start), total_of(before), tuple(parts), marking)


def _parts(name: str, before: pl.DataFrame, after: pl.DataFrame) -> Iterator[Part]:
    """Give the entries whose worth differs between two sets of counted rows."""
    import polars as pl

    def worths(rows: pl.DataFrame, sign: int) -> pl.DataFrame:
        return rows.select("id", "line", pl.col("donor").cast(pl.String), pl.col("worth") * sign)

    both = pl.concat([worths(before, -1), worths(after, 1)])
    summed = both.group_by("id", "line", "donor").agg(pl.col("worth").sum())
    moved = summed.filter(pl.col("worth") != 0).sort("line", "id")
    for entry, line, donor, worth in moved.iter_rows():
        yield Part(name, entry, line, donor or "", Decimal(worth) / 100)
