"""The ledger as columns, for totals: made from the bodies in chunks, kept by the chain's root.

Appending never changes what stands before: a kept projection whose root is in the chain is
extended by the entries since, and only their lines are related anew.

Money stands in hundredths and quantities in thousandths, as 64-bit integers: sums are exact.
``until`` is the day from which a row is no longer what is known, because a later entry of its
slot was recorded (or a person resolved rival claims).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from intendance.errors import StoreError
from intendance.ledger.chain import Head
from intendance.model.entry import CLOSING_KINDS
from intendance.model.stages import ALIASES, CHAIN, ENDINGS, rank

if TYPE_CHECKING:
    import polars as pl

    from intendance.ledger.store import Store

LAYOUT: Final = 5  # raise it whenever a column changes; older caches are then left alone
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
_WIDE: Final = ("line", "reason", "part")  # texts of too many values to be numbered
_LABELS: Final = ("tracker", "currency", "unit", "origin", "source_currency")
DERIVED: Final = ("rank", "closing", "tracker", "until", "several", "contested")
_SLOT: Final = ("line", "stage", "part", "rival")
_EVENT: Final = ("line", "stage", "part")
_KEPT_CACHES: Final = 2
_CHUNK: Final = 5_000  # entries that a thread decodes at once: they stay near the processor
_AHEAD: Final = 16
# A kept projection is written anew when this share of it has come since; less is added each time.
_STALE_SHARE: Final = 0.02
_STALE_ROWS: Final = 2_000


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


def rows_of(links: Iterable[tuple[int, str, str, str]]) -> pl.DataFrame:
    """Turn stored entries into rows, without what depends on other rows."""
    import polars as pl

    places, ids, bodies, _ = list(zip(*links, strict=True)) or ((),) * 4
    columns = {"seq": places, "id": ids, "body": bodies}
    frame = (
        pl.DataFrame(columns)
        .with_columns(
            pl.col("seq").cast(pl.Int64),
            pl.col("id").cast(pl.String),
            pl.col("body").cast(pl.String).str.json_decode(_schema()).alias("b"),
        )
        .drop("body")
    )
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
    recorded = body.field("recorded_on").str.to_date("%Y-%m-%d")
    texts = [
        body.field(name).fill_null("public" if name == "marking" else "").alias(name)
        for name in _TEXTS
    ]
    return frame.select(
        "seq",
        "id",
        *texts,
        recorded.alias("recorded"),
        pl.when(first == "").then(None).otherwise(first).str.to_date("%Y-%m-%d").alias("first"),
        last.str.to_date("%Y-%m-%d").fill_null(recorded).alias("last"),
        body.field("decided_on").str.to_date("%Y-%m-%d").alias("decided"),
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


class Decoding:
    """Turns entries into rows on threads beside the one that reads them from the store."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1))
        self._frames: list[Future[pl.DataFrame]] = []
        self._waiting: list[tuple[int, str, str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def add(self, links: Sequence[tuple[int, str, str, str]]) -> None:
        """Take some entries; only so many bodies wait that they never fill the memory."""
        self._waiting += links
        if len(self._waiting) >= _CHUNK:
            self._submit()

    def _submit(self) -> None:
        self._frames.append(self._threads.submit(_narrow_rows, self._waiting))
        self._waiting = []
        if len(self._frames) > _AHEAD:
            wait(self._frames[-_AHEAD - 1 : -_AHEAD])

    def rows(self) -> pl.DataFrame:
        """Give what has been taken as rows, in its order; PolarsError for what is no entry."""
        import polars as pl

        if self._waiting:
            self._submit()
        frames = [each.result() for each in self._frames]
        return pl.concat(frames or [_narrow_rows(())], rechunk=True)


def _narrow_rows(links: Sequence[tuple[int, str, str, str]]) -> pl.DataFrame:
    return _narrowed(rows_of(links))


def relate(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what depends on other rows: until when each row is what is known, its rank, its tracker.

    ``several``: the line has more than one stage. ``contested``: the event has rival claims. Each
    of them depends on the rows of the same line alone.
    """
    import polars as pl

    ranks = {stage: rank(stage) for stage in (*CHAIN, *ENDINGS, *ALIASES)}
    frame = rows.sort("seq").with_columns(
        pl.col("stage")
        .cast(pl.String)
        .replace_strict(ranks, default=len(CHAIN))
        .cast(pl.Int8)
        .alias("rank"),
        pl.col("kind").cast(pl.String).is_in(list(CLOSING_KINDS)).alias("closing"),
        pl.col("line").str.split_exact(":", 1).struct.field("field_0").alias("tracker"),
    )
    lasting = _lasting(frame)
    if lasting.height:
        frame = frame.join(lasting, on="seq", how="left", maintain_order="left")
        until = pl.col("until").fill_null(pl.lit(NEVER))
    else:
        until = pl.lit(NEVER).alias("until")
    frame = frame.with_columns(
        until,
        (pl.col("rank").max().over("line") > pl.col("rank").min().over("line")).alias("several"),
        _contested(frame),
    )
    return _resolve(frame, list(_EVENT))


def _lasting(frame: pl.DataFrame) -> pl.DataFrame:
    """Give (seq, until) of the rows that a later one of their slot follows.

    Only slots with more than one row are put in order: there are few, and the frame is large.
    """
    import polars as pl

    slots = frame.select("seq", "recorded", *_SLOT).filter(pl.len().over(_SLOT) > 1)
    slots = slots.sort(*_SLOT, "recorded", "seq")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in _SLOT)
    later = pl.when(same.fill_null(False)).then(pl.col("recorded").shift(-1))
    return slots.select("seq", later.alias("until")).drop_nulls()


def _contested(frame: pl.DataFrame) -> pl.Series:
    """Tell for each row whether its event has rival claims."""
    import polars as pl

    named = frame.filter(pl.col("rival").cast(pl.String) != "").select("line").unique()
    if named.is_empty():
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).alias("contested")
    rivals = frame.join(named, on="line", how="semi")
    several = pl.col("rival").n_unique().over(_EVENT) > 1
    contested = rivals.filter(several).get_column("seq")
    return frame.get_column("seq").is_in(contested.implode()).alias("contested")


def _resolve(frame: pl.DataFrame, event: list[str]) -> pl.DataFrame:
    """End rival rows on the first day on which a person resolved them."""
    import polars as pl

    resolved = frame.filter(pl.col("kind").cast(pl.String) == "resolve").select(
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
    frame = frame.join(beaten, on="seq", how="left", maintain_order="left")
    return frame.with_columns(pl.min_horizontal("until", "resolved").alias("until")).drop(
        "resolved"
    )


def project(store: Store, head: Head | None = None) -> pl.DataFrame:
    """Give the ledger as columns up to a head (default: its own), in the chain's order.

    A kept projection serves when its root is in the chain; what has come since is added.
    StoreError when an entry is no entry any more.
    """
    import polars as pl

    head = head or store.head()
    folder = _cache_path(store)
    known, count = _nearest(folder, store, head) if folder else (None, 0)
    if known is not None and count == head.entries:
        return known
    try:
        tail = _gathered(store, count, head.entries)
    except pl.exceptions.PolarsError as error:
        raise unreadable(store) from error
    frame = tail if known is None else _extended(known, tail)
    if known is None:
        frame = whole(tail)
    stale = head.entries - count > max(_STALE_ROWS, _STALE_SHARE * count)
    if folder and (known is None or stale):
        _keep(folder, _cache_name(head.entries, head.root), frame)
    return frame


def unreadable(store: Store) -> StoreError:
    """Give the error of a ledger that holds something else than entries."""
    return StoreError(
        f"An entry of the ledger {store.name} cannot be read: it was changed.",
        next_step="intendance verify names it; intendance restore brings a backup back.",
    )


def whole(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the projection of a ledger's rows."""
    return _narrowed(relate(rows))


def _gathered(store: Store, after: int, upto: int) -> pl.DataFrame:
    """Read entries chunk by chunk: their bodies never stand in memory all at once."""
    links = store.links(after, upto)
    with Decoding() as decoding:
        while chunk := list(islice(links, _CHUNK)):
            decoding.add(chunk)
        return decoding.rows()


def _narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep texts of few different values as numbers of them."""
    import polars as pl

    names = (name for name in (*_TEXTS, *_LABELS) if name not in _WIDE and name in frame.columns)
    return frame.with_columns(pl.col(name).cast(pl.Categorical) for name in names)


def _extended(known: pl.DataFrame, tail: pl.DataFrame) -> pl.DataFrame:
    """Add new rows to a projection; the old rows of their lines are related again."""
    import polars as pl

    lines = tail.select("line").unique()
    touched = known.join(lines, on="line", how="semi")
    fresh = pl.concat([touched.drop(DERIVED).select(tail.columns), tail])
    related = _narrowed(relate(fresh)).select(known.columns)
    if touched.is_empty():
        return pl.concat([known, related], rechunk=True)
    kept = known.join(lines, on="line", how="anti", maintain_order="left")
    return pl.concat([kept, related], rechunk=True).sort("seq")


def _cache_name(entries: int, root: str) -> str:
    return f"{entries}-{root[:24]}.arrow"


def _nearest(folder: Path, store: Store, head: Head) -> tuple[pl.DataFrame | None, int]:
    """Give the longest kept projection that ends in this chain, and how many entries it holds."""
    names = (path.stem.partition("-") for path in folder.glob("*.arrow"))
    counts = {int(count): root for count, _, root in names if count.isdecimal()}
    for count in sorted(counts, reverse=True):
        if count > head.entries:
            continue
        root = head.root if count == head.entries else store.hash_at(count) or ""
        if root[:24] != counts[count]:
            continue  # of another history: a ledger that was made again from a backup
        found = _cached(folder / _cache_name(count, root))
        if found is not None and found.height == count:
            return found, count
    return None, 0


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
