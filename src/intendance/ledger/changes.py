"""Why a total differs between two days on which it was known: exactly, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from intendance.errors import UsageError
from intendance.ledger.definition import Definition
from intendance.ledger.privacy import EVERYBODY, Viewer, joined
from intendance.ledger.rates import RateTable
from intendance.ledger.totals import Amount, settle, summed
from intendance.ledger.valued import Valued, value

if TYPE_CHECKING:
    import polars as pl

Cause = Literal["new", "corrected", "withdrawn", "revalued", "reclassified"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
_CLOSED_BY: Final[dict[str, Cause]] = {
    "withdraw": "withdrawn",
    "merge": "corrected",
    "move": "reclassified",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the difference: the entry that brought it, why, how much, from which source."""

    entry: str
    line: str
    donor: str
    category: str
    cause: Cause
    difference: Decimal
    source: str

    def as_record(self) -> dict[str, object]:
        """Give the change as a JSON object."""
        return {
            "entry": self.entry,
            "line": self.line,
            "donor": self.donor,
            "category": self.category,
            "cause": self.cause,
            "difference": f"{self.difference:.2f}",
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of two totals and its causes; both causes and lines sum to it exactly."""

    definition: Definition
    before: date
    after: date
    total_before: Amount
    total_after: Amount
    lines: tuple[Change, ...]
    marking: str = "public"
    viewer: Viewer = EVERYBODY

    @property
    def difference(self) -> Decimal:
        """Give the difference of the best figures."""
        return self.total_after.best - self.total_before.best

    def by_cause(self) -> dict[str, Decimal]:
        """Give the difference by cause, every cause named."""
        found: dict[str, Decimal] = {cause: Decimal("0.00") for cause in CAUSES}
        for line in self.lines:
            found[line.cause] += line.difference
        return found

    def by_group(self) -> dict[str, dict[str, Decimal]]:
        """Give the causes for each value of the definition's first breakdown (donor by default)."""
        name = "category" if self.definition.by[:1] == ("category",) else "donor"
        found: dict[str, dict[str, Decimal]] = {}
        for line in self.lines:
            causes = found.setdefault(getattr(line, name), dict.fromkeys(CAUSES, Decimal("0.00")))
            causes[line.cause] += line.difference
        return found

    def as_record(self) -> dict[str, object]:
        """Give the changes as the contract's JSON object."""
        return {
            "definition": self.definition.as_record(),
            "from": self.before.isoformat(),
            "to": self.after.isoformat(),
            "total_from": self.total_before.as_record(),
            "total_to": self.total_after.as_record(),
            "difference": f"{self.difference:.2f}",
            "causes": {cause: f"{amount:.2f}" for cause, amount in self.by_cause().items()},
            "groups": {
                group: {cause: f"{amount:.2f}" for cause, amount in causes.items()}
                for group, causes in self.by_group().items()
            },
            "lines": [line.as_record() for line in self.lines],
            "marking": self.marking,
            **self.viewer.limits(),
        }


def changes(
    frame: pl.DataFrame,
    definition: Definition,
    before: date,
    after: date,
    table: RateTable | None = None,
) -> Changes:
    """Explain the difference between a total as known on two days.

    The day of knowledge is the only thing that differs; everything else of the definition holds
    for both. UsageError when the days stand in the wrong order.
    """
    if before > after:
        raise UsageError(
            f"The days stand in the wrong order: {before} is after {after}.",
            next_step="Give the earlier one to --from.",
        )
    definition = definition.checked()
    first = side(frame, definition.known(before), table)
    second = side(frame, definition.known(after), table)
    lines = _compare(frame, first, second, before, after)
    sums = total_of(first), total_of(second)
    return Changes(definition, before, after, *sums, tuple(lines), marking_of(first, second))


def marking_of(*sides: pl.DataFrame) -> str:
    """Give the join of the markings of all rows that were counted."""
    found = (each.get_column("marking").unique().drop_nulls().to_list() for each in sides)
    return joined(str(marking) for markings in found for marking in markings)


def total_of(rows: pl.DataFrame) -> Amount:
    """Sum the rows that ``side`` gave."""
    found = summed(Valued(rows), ())
    return found[0][1] if found else Amount(Decimal(0), Decimal(0), Decimal(0), 0, 0)


def side(frame: pl.DataFrame, definition: Definition, table: RateTable | None) -> pl.DataFrame:
    """Give the counted rows of one day with their signed worth in cents; undisclosed is 0."""
    import polars as pl

    rows = settle(value(frame, definition, table).rows)
    known = pl.col("has_money") & ~pl.col("hidden")
    worth = pl.when(known).then(pl.col("value_best") * pl.col("sign")).otherwise(0)
    return rows.with_columns(worth.fill_null(0).alias("worth"))


_STORED: Final = (
    "id",
    "line",
    "stage",
    "part",
    "rival",
    "donor",
    "category",
    "kind",
    "best",
    "currency",
    "origin",
)


def _compare(
    frame: pl.DataFrame, first: pl.DataFrame, second: pl.DataFrame, before: date, after: date
) -> list[Change]:
    import polars as pl

    # A line that passes on another's money has two rows: its own, and the giver's offset.
    slot = ["line", "stage", "part", "rival", "offset"]
    text = pl.col(pl.Categorical).cast(pl.String)
    a = first.select(*_STORED, "sign", "worth", "offset").with_columns(text)
    b = second.select(*_STORED, "sign", "worth", "offset").with_columns(text)
    both = a.join(b, on=slot, how="full", suffix="_b", coalesce=True)
    scope = (pl.col("donor") == pl.col("donor_b")) & (pl.col("category") == pl.col("category_b"))
    same = (pl.col("worth") == pl.col("worth_b")) & scope
    moved = both.filter(~same.fill_null(False)).sort(slot)
    history = _history(frame, moved.get_column("line").unique().to_list())
    found: list[Change] = []
    for row in moved.iter_rows(named=True):
        if row["id_b"] is None:
            found += _left(row, history, after)
        elif row["id"] is None:
            found += _came(row, history, before)
        else:
            found += _altered(row)
    return [change for change in found if change.difference]


def _history(frame: pl.DataFrame, lines: list[str]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    import polars as pl

    rows = frame.filter(pl.col("line").is_in(lines)).sort("recorded", "seq")
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    text = pl.col(pl.Categorical).cast(pl.String)
    for row in rows.select(*_STORED, "recorded").with_columns(text).iter_rows(named=True):
        slot = (row["line"], row["stage"], row["part"], row["rival"])
        found.setdefault(slot, []).append(row)
    return found


def _change(row: Mapping[str, Any], side: str, cause: Cause, cents: int) -> Change:
    return Change(
        row[f"id{side}"],
        row["line"],
        row[f"donor{side}"] or "",
        row[f"category{side}"] or "",
        cause,
        Decimal(cents) / 100,
        row[f"origin{side}"] or "",
    )


def _slot(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["line"], row["stage"], row["part"], row["rival"])


def _left(
    row: Mapping[str, Any], history: Mapping[tuple[str, ...], list[dict[str, Any]]], after: date
) -> list[Change]:
    """Say why a row that counted no longer does: closed, or still known but outside the scope."""
    last = [each for each in history.get(_slot(row), []) if each["recorded"] <= after][-1:]
    cause: Cause = "corrected"
    if last and last[0]["kind"] in _CLOSED_BY:
        cause = _CLOSED_BY[last[0]["kind"]]
    elif last and _scope(last[0]) != _scope(row):
        cause = "reclassified"
    change = _change(row, "", cause, -row["worth"])
    return [replace(change, entry=last[0]["id"])] if last else [change]


def _scope(row: Mapping[str, Any], side: str = "") -> tuple[str, str]:
    return (row[f"donor{side}"] or "", row[f"category{side}"] or "")


def _came(
    row: Mapping[str, Any], history: Mapping[tuple[str, ...], list[dict[str, Any]]], before: date
) -> list[Change]:
    """Say why a row counts that did not: new, told before but outside the scope, or moved."""
    earlier = [each for each in history.get(_slot(row), []) if each["recorded"] <= before][-1:]
    cause: Cause = "new"
    if row["sign_b"] < 0:
        cause = "withdrawn"  # a cancellation, loss or return that has become known
    elif row["kind_b"] == "reclassify" and not earlier:
        cause = "reclassified"
    elif earlier and earlier[0]["kind"] not in _CLOSED_BY:
        same_scope = _scope(earlier[0]) == _scope(row, "_b")
        cause = "corrected" if same_scope else "reclassified"
    return [_change(row, "_b", cause, row["worth_b"])]


def _altered(row: Mapping[str, Any]) -> list[Change]:
    """Split the difference of one slot into reclassified, revalued and corrected parts.

    The revalued part is the old amount at the new conversion less the old value; what remains
    is the correction of the amount itself.
    """
    old, new = row["worth"], row["worth_b"]
    found: list[Change] = []
    if _scope(row) != _scope(row, "_b"):
        found.append(_change(row, "", "reclassified", -old))
        found.append(_change(row, "_b", "reclassified", old))
    revalued = _revalued(row, old, new)
    found.append(_change(row, "_b", "revalued", revalued))
    found.append(_change(row, "_b", "corrected", new - old - revalued))
    return found


def _revalued(row: Mapping[str, Any], old: int, new: int) -> int:
    if row["currency"] != row["currency_b"] or row["best"] is None or not row["best_b"]:
        return 0
    if row["best"] == row["best_b"]:
        return new - old if old else 0
    return round(Fraction(new) * Fraction(row["best"], row["best_b"])) - old if old else 0
