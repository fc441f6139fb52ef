"""The ledger as columns, for totals: rebuilt from the bodies, kept by the chain's root.

Money stands in hundredths and quantities in thousandths, as 64-bit integers: sums are exact.
``until`` is the day from which a row is no longer what is known, because a later entry of its
slot was recorded (or a person resolved rival claims).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intendance.ledger.chain import Head, Link
from intendance.model.entry import CLOSING_KINDS
from intendance.model.stages import ALIASES, CHAIN, ENDINGS, rank

if TYPE_CHECKING:
    import polars as pl

    from intendance.ledger.store import Store

LAYOUT: Final = 4  # raise it whenever a column changes; older caches are then left alone
NEVER: Final = date(9999, 12, 31)
_TEXTS: Final = (
    "line",
    "stage",
    "kind",
    "topic",
    "part",
    "rival",
    "donor",
    "recipient",
    "category",
    "capability",
    "item",
    "instrument",
    "place",
    "marking",
    "reason",
)
_LABELS: Final = ("tracker", "currency", "unit", "origin", "source_currency")
DERIVED: Final = ("rank", "closing", "tracker", "until", "several", "contested")
_KEPT_CACHES: Final = 6


def _schema() -> Any:
    import polars as pl

    interval = dict.fromkeys(("low", "best", "high", "qualifier"), pl.String)
    money = pl.Struct({**interval, "currency": pl.String})
    valuation = pl.Struct(
        {**interval, "method": pl.String, "currency": pl.String, "source": pl.String}
    )
    link = pl.Struct({"kind": pl.String, "line": pl.String})
    return pl.Struct(
        {
            **dict.fromkeys(_TEXTS, pl.String),
            "recorded_on": pl.String,
            "valid": pl.String,
            "decided_on": pl.String,
            "quantity": pl.Struct({**interval, "unit": pl.String}),
            "money": money,
            "valuations": pl.List(valuation),
            "links": pl.List(link),
            "source": pl.Struct({"origin": pl.String}),
        }
    )


def _bounds(prefix: str, place: pl.Expr, scale: int) -> list[pl.Expr]:
    import polars as pl

    digits = len(str(scale)) - 1
    return [
        (place.struct.field(name).cast(pl.Decimal(28, digits)) * scale)
        .cast(pl.Int64)
        .alias(f"{prefix}{name}")
        for name in ("low", "best", "high")
    ]


def rows_of(links: Iterable[Link]) -> pl.DataFrame:
    """Turn stored entries into rows, without what depends on other rows."""
    import polars as pl

    found = [link[:3] for link in links]
    frame = pl.DataFrame(found, schema=["seq", "id", "body"], orient="row")
    frame = frame.with_columns(
        pl.col("seq").cast(pl.Int64),
        pl.col("id").cast(pl.String),
        pl.col("body").cast(pl.String).str.json_decode(_schema()).alias("b"),
    ).drop("body")
    body = pl.col("b").struct
    valued = (
        body.field("valuations")
        .list.eval(pl.element().filter(pl.element().struct.field("method") == "source"))
        .list.first()
    )
    out_of = (
        body.field("links")
        .list.eval(pl.element().filter(pl.element().struct.field("kind") == "out_of"))
        .list.first()
        .struct.field("line")
    )
    money, quantity = body.field("money"), body.field("quantity")
    valid = body.field("valid")
    first, last = valid.str.split("/").list.first(), valid.str.split("/").list.last()
    recorded = body.field("recorded_on").str.to_date()
    texts = [
        body.field(name).fill_null("public" if name == "marking" else "").alias(name)
        for name in _TEXTS
    ]
    return frame.select(
        "seq",
        "id",
        *texts,
        recorded.alias("recorded"),
        pl.when(first == "").then(None).otherwise(first).str.to_date().alias("first"),
        last.str.to_date().fill_null(recorded).alias("last"),
        body.field("decided_on").str.to_date().alias("decided"),
        *_bounds("", money, 100),
        money.struct.field("qualifier").is_not_null().alias("has_money"),
        (money.struct.field("qualifier") == "undisclosed").fill_null(False).alias("hidden"),
        money.struct.field("currency").alias("currency"),
        *_bounds("source_", valued, 100),
        valued.struct.field("currency").alias("source_currency"),
        *_bounds("quantity_", quantity, 1000),
        (quantity.struct.field("qualifier") == "undisclosed")
        .fill_null(False)
        .alias("quantity_hidden"),
        quantity.struct.field("qualifier").is_not_null().alias("has_quantity"),
        quantity.struct.field("unit").alias("unit"),
        body.field("source").struct.field("origin").fill_null("").alias("origin"),
        out_of.fill_null("").alias("out_of"),
    )


def relate(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what depends on other rows: until when each row is what is known, its rank, its tracker.

    ``several``: the line has more than one stage. ``contested``: the event has rival claims.
    """
    import polars as pl

    ranks = {stage: rank(stage) for stage in (*CHAIN, *ENDINGS, *ALIASES)}
    slot = ["line", "stage", "part", "rival"]
    event = ["line", "stage", "part"]
    frame = rows.sort("seq").with_columns(
        pl.col("stage")
        .cast(pl.String)
        .replace_strict(ranks, default=len(CHAIN))
        .cast(pl.Int8)
        .alias("rank"),
        pl.col("kind").cast(pl.String).is_in(list(CLOSING_KINDS)).alias("closing"),
        pl.col("line").str.split(":").list.first().alias("tracker"),
    )
    frame = frame.sort(*slot, "recorded", "seq")
    same = pl.lit(True)
    for name in slot:
        same = same & (pl.col(name) == pl.col(name).shift(-1))
    later = pl.when(same.fill_null(False)).then(pl.col("recorded").shift(-1))
    frame = frame.with_columns(later.otherwise(pl.lit(NEVER)).alias("until"))
    frame = frame.with_columns(
        (pl.col("rank").n_unique().over("line") > 1).alias("several"),
        (pl.col("rival").n_unique().over(event) > 1).alias("contested"),
    )
    return _resolve(frame, event).sort("seq")


def _resolve(frame: pl.DataFrame, event: list[str]) -> pl.DataFrame:
    """End rival rows on the first day on which a person resolved them."""
    import polars as pl

    resolved = frame.filter(pl.col("kind") == "resolve").select(
        *event, pl.col("recorded").alias("resolved"), pl.col("seq").alias("by_seq")
    )
    if resolved.is_empty():
        return frame
    beaten = (
        frame.select(*event, "seq", "recorded")
        .join(resolved, on=event)
        .filter((pl.col("recorded") <= pl.col("resolved")) & (pl.col("seq") < pl.col("by_seq")))
        .group_by("seq")
        .agg(pl.col("resolved").min())
    )
    frame = frame.join(beaten, on="seq", how="left")
    return frame.with_columns(pl.min_horizontal("until", "resolved").alias("until")).drop(
        "resolved"
    )


def project(store: Store, head: Head | None = None) -> pl.DataFrame:
    """Give the ledger as columns; from the cache when its root is in the chain, else rebuilt."""
    import polars as pl

    head = head or store.head()
    path = _cache_path(store)
    rows = _cached(path / f"{head.root[:24]}.arrow") if path else None
    if rows is not None:
        return rows
    frame = relate(rows_of(store.links()))
    wide = ("line", "reason", "part")
    texts = [name for name in (*_TEXTS, *_LABELS) if name not in wide]
    frame = frame.with_columns(pl.col(name).cast(pl.Categorical) for name in texts)
    if path:
        _keep(path, f"{head.root[:24]}.arrow", frame)
    return frame


def _cache_path(store: Store) -> Path | None:
    wanted = os.environ.get("INTENDANCE_CACHE")
    if wanted == "":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(wanted) if wanted else Path(base) / "intendance"
    identity = hashlib.sha256(f"{LAYOUT} {store.fact('ledger')}".encode()).hexdigest()[:16]
    return folder / identity


def _cached(path: Path) -> pl.DataFrame | None:
    import polars as pl

    if not path.is_file():
        return None
    try:
        return pl.read_ipc(path)
    except (OSError, pl.exceptions.PolarsError):
        return None  # a damaged cache is no reason to stop: it is rebuilt


def _keep(folder: Path, name: str, frame: pl.DataFrame) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{os.getpid()}-{name}"
        frame.write_ipc(draft, compression="uncompressed")
        draft.replace(folder / name)
        old = sorted(folder.glob("*.arrow"), key=lambda each: each.stat().st_mtime)
        for each in old[:-_KEPT_CACHES]:
            each.unlink(missing_ok=True)
    except OSError:
        return  # no room or no right to write: the next call computes again
