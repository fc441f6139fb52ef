"""Which rows a definition counts, and what each is worth in its currency, to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from intendance.ledger.definition import Definition
from intendance.ledger.rates import RateTable, ecb
from intendance.model.catalogue import capabilities, find_item, fold, party_name
from intendance.model.stages import ENDING_REACH, ENDINGS, rank

if TYPE_CHECKING:
    import polars as pl

BOUNDS: Final = ("low", "best", "high")
_LARGEST_FACTOR: Final = 2**30
_LARGEST_VALUE: Final = 2.0**61


@dataclass(frozen=True, slots=True)
class Valued:
    """The counted rows with ``value_low/best/high`` in hundredths of the definition's currency.

    A row whose value nobody has said has ``hidden`` set and no value; a row with no rate for its
    currency likewise, and the currency stands in ``unconverted`` with its count.
    """

    rows: pl.DataFrame
    unconverted: dict[str, int] = field(default_factory=dict)
    rates_used: dict[str, str] = field(default_factory=dict)


def visible(frame: pl.DataFrame, known_at: date | None) -> pl.DataFrame:
    """Keep the rows that were what was known on a day (None: now)."""
    import polars as pl

    from intendance.ledger.projection import NEVER

    if known_at is None:
        return frame.filter((pl.col("until") == NEVER) & ~pl.col("closing"))
    day = pl.lit(known_at)
    return frame.filter((pl.col("recorded") <= day) & (pl.col("until") > day) & ~pl.col("closing"))


def at_stage(rows: pl.DataFrame, stage: str) -> pl.DataFrame:
    """Keep each line's events at the stage, or at the nearest later one that it has reached.

    What is delivered was committed: a line that a source only reports as delivered counts as
    committed too. Cancelled, lapsed, returned and lost lines come back as negative rows.
    """
    import polars as pl

    wanted = rank(stage)
    if stage in ENDINGS:
        return rows.filter(pl.col("rank") == wanted)
    last = rank(ENDINGS[0])
    reached = rows.filter((pl.col("rank") >= wanted) & (pl.col("rank") < last))
    plain = reached.filter(~pl.col("several"))
    mixed = reached.filter(pl.col("several"))
    if mixed.height:
        mixed = mixed.filter(pl.col("rank") == pl.col("rank").min().over("line"))
        reached = pl.concat([plain, mixed])
    taken = [name for name in ENDINGS if rank(ENDING_REACH[name][0]) <= wanted]
    endings = rows.filter(pl.col("stage").cast(pl.String).is_in(taken))
    if not endings.height:
        return reached
    stood = reached.select("line", pl.col("rank").alias("stood")).unique("line")
    endings = endings.join(stood, on="line", how="inner")
    limits = {name: ENDING_REACH[name][1:] for name in taken}
    fits = pl.lit(False)
    for name, (first, final) in limits.items():
        within = pl.col("stood").is_between(rank(first), rank(final))
        fits = fits | ((pl.col("stage").cast(pl.String) == name) & within)
    endings = endings.filter(fits).drop("stood")
    return pl.concat([reached, endings.with_columns(pl.lit(-1, pl.Int8).alias("sign"))])


def attributed(rows: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Count pooled money once: with its first givers, or with who pays it out (``channel``).

    A line that is ``out_of`` another one passes that line's money on: with who pays it out, the
    giver keeps what has not been passed on yet, so that both attributions add up to the same.
    """
    import polars as pl

    children = pl.col("out_of") != ""
    if definition.attribution == "donor":
        return rows.filter(~children)
    passed = rows.filter(children)
    if not passed.height:
        return rows
    who = ["donor", "category", "instrument", "recipient"]
    parents = rows.sort("seq").select(pl.col("line").alias("out_of"), *who)
    parents = parents.unique("out_of", keep="first", maintain_order=True)
    offset = passed.drop(who).join(parents, on="out_of", how="inner").select(rows.columns)
    offset = offset.with_columns((-pl.col("sign")).alias("sign"), pl.lit(True).alias("offset"))
    return pl.concat([rows, offset])


def counted(frame: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Give the rows that a definition counts."""
    import polars as pl

    rows = visible(frame, definition.known_at)
    rows = rows.filter(pl.col("topic") == definition.topic)
    if definition.as_of is not None:
        rows = rows.filter(pl.col("last") <= pl.lit(definition.as_of))
    # offset: what a giver's money loses because somebody else has passed it on.
    rows = rows.with_columns(pl.lit(1, pl.Int8).alias("sign"), pl.lit(False).alias("offset"))
    if definition.topic == "aid":
        rows = attributed(at_stage(rows, definition.stage), definition)
    return filtered(rows, definition.where)


def filtered(rows: pl.DataFrame, where: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    """Keep rows that fit the filters; several values of one field are alternatives."""
    import polars as pl

    wanted: dict[str, set[str]] = {}
    for name, value in where:
        wanted.setdefault(name, set()).update(each.strip() for each in value.split("|"))
    for name, values in wanted.items():
        if name == "month":
            column = pl.col("last").dt.strftime("%Y-%m")
            rows = rows.filter(column.is_in(sorted(values)))
            continue
        spelled = {fold(party_name(value) if name == "donor" else value) for value in values}
        present = rows.get_column(name).cast(pl.String).unique().drop_nulls().to_list()
        spelled |= {fold(other) for value in values for other in _other_names(name, value)}
        fitting = [each for each in present if fold(each) in spelled]
        rows = rows.filter(pl.col(name).cast(pl.String).is_in(fitting))
    return rows


# What people call the trackers' categories in French.
_CATEGORIES: Final = {
    "militaire": "military",
    "financier": "financial",
    "financiere": "financial",
    "humanitaire": "humanitarian",
}


def _other_names(field_name: str, text: str) -> list[str]:
    """Give the ledger's own names for what people call an item, a capability or a category."""
    if field_name == "item":
        item = find_item(text)
        return [item.name] if item else []
    if field_name == "category":
        return [_CATEGORIES[fold(text)]] if fold(text) in _CATEGORIES else []
    if field_name == "capability":
        return [
            each.name
            for each in capabilities().values()
            if fold(text) in (fold(each.english), fold(each.french))
        ]
    return []


def value(frame: pl.DataFrame, definition: Definition, table: RateTable | None = None) -> Valued:
    """Value the counted rows in the definition's currency, each rounded to the cent."""
    rows = counted(frame, definition)
    if definition.rates.basis == "source":
        return _at_source(frame, rows, definition, table)
    return _at_ecb(rows, definition, table)


def _at_source(
    frame: pl.DataFrame, rows: pl.DataFrame, definition: Definition, table: RateTable | None
) -> Valued:
    """Use the tracker's own conversion; where there is none, the money itself by the ECB's rate.

    A tracker that converts into a third currency (FTS: dollars) is converted from there by the
    ECB's rate of each row's own day.
    """
    import polars as pl

    into = pl.col("source_currency").cast(pl.String)
    own = into.is_not_null() & into.is_in(["EUR", definition.currency])
    tracked = rows.filter(own)
    third = rows.filter(into.is_not_null() & ~own).with_columns(
        pl.col("source_currency").alias("currency"),
        *(pl.col(f"source_{name}").alias(name) for name in BOUNDS),
        (pl.col("hidden") | pl.col("source_best").is_null()).alias("hidden"),
    )
    plain = rows.filter(into.is_null())
    rest = _at_ecb(pl.concat([plain, third]) if third.height else plain, definition, table)
    if not tracked.height:
        return rest
    used: dict[str, str] = {}
    said = pl.col("has_money") & pl.col("source_best").is_not_null()
    groups = tracked.group_by("tracker", "source_currency", maintain_order=True).agg(said.sum())
    factors: list[Fraction | None] = []
    lost = dict(rest.unconverted)
    for tracker, currency, count in groups.iter_rows():
        factor: Fraction | None = Fraction(1)
        if currency != definition.currency:
            factor = _tracker_factor(frame, tracker, currency, definition, table or ecb())
            if factor is None and count:
                lost[definition.currency] = lost.get(definition.currency, 0) + count
            elif factor is not None:
                used[f"{tracker} {currency}"] = f"{float(factor):.6g}"
        factors.append(factor)
    groups = groups.with_columns(pl.Series("pair", range(groups.height), pl.Int64)).drop(
        "has_money"
    )
    tracked = tracked.join(groups, on=["tracker", "source_currency"], how="left")
    which = tracked.get_column("pair").to_numpy()
    columns = [
        _scaled(tracked.get_column(f"source_{name}"), factors, which).alias(f"value_{name}")
        for name in BOUNDS
    ]
    # What the tracker itself leaves unconverted is undisclosed under its own rule, and so is
    # what no rate leads to the currency that was asked for.
    tracked = tracked.with_columns(*columns)
    tracked = tracked.with_columns(pl.col("hidden") | pl.col("value_best").is_null()).drop("pair")
    both = pl.concat([tracked, rest.rows]) if rest.rows.height else tracked
    return Valued(both, lost, {**rest.rates_used, **used})


def _tracker_factor(
    frame: pl.DataFrame, tracker: str, currency: str, definition: Definition, table: RateTable
) -> Fraction | None:
    """Give the tracker's own rate as known on the day; else the ECB's of the as-of day, if any."""
    own = tracker_rates(frame, tracker, definition.known_at)
    if currency == "EUR" and definition.currency in own:
        return own[definition.currency]
    day = definition.as_of or definition.known_at or _last_day(frame)
    return table.factor(currency, definition.currency, day)


def _last_day(frame: pl.DataFrame) -> date:
    day = frame.get_column("recorded").max()
    assert isinstance(day, date)
    return day


def tracker_rates(frame: pl.DataFrame, tracker: str, known_at: date | None) -> dict[str, Fraction]:
    """Give the units per euro that a tracker used, as known on a day (its ``rates`` entry)."""
    import polars as pl

    rows = visible(frame, known_at).filter(
        (pl.col("topic") == "rates") & (pl.col("tracker") == tracker)
    )
    found: dict[str, Fraction] = {}
    for text in rows.sort("recorded", "seq").get_column("reason").to_list():
        for pair in text.split():
            currency, _, rate = pair.partition("=")
            if rate:
                found[currency] = Fraction(rate)
    return found


def _at_ecb(rows: pl.DataFrame, definition: Definition, table: RateTable | None) -> Valued:
    """Convert each row's own money at the ECB's rate that the rule names."""
    import polars as pl

    if not rows.height:
        empty = [pl.lit(None, pl.Int64).alias(f"value_{name}") for name in BOUNDS]
        return Valued(rows.with_columns(empty))
    rule = definition.rates
    constant = rule.day if rule.moment == "constant" else None
    if rule.basis == "ecb" and rule.moment == "as-of":
        constant = definition.as_of or definition.known_at or _last_day(rows)
    day = pl.lit(constant) if constant else pl.coalesce("decided", "last")
    rows = rows.with_columns(
        day.cast(pl.Date).alias("rate_day"),
        pl.col("currency").cast(pl.String).fill_null(definition.currency).alias("rate_currency"),
    )
    said = pl.col("has_money") & ~pl.col("hidden")
    pairs = rows.group_by("rate_currency", "rate_day", maintain_order=True).agg(said.sum())
    factors: list[Fraction | None] = []
    unconverted: dict[str, int] = {}
    used: dict[str, str] = {}
    for currency, on, count in pairs.iter_rows():
        same = currency == definition.currency
        factor = Fraction(1) if same else (table or ecb()).factor(currency, definition.currency, on)
        factors.append(factor)
        if factor is None:
            if count:
                unconverted[currency] = unconverted.get(currency, 0) + count
        elif constant and not same:
            used[currency] = f"{float(factor):.6g} on {on}"
    pairs = pairs.with_columns(pl.Series("pair", range(pairs.height), pl.Int64)).drop("has_money")
    rows = rows.join(pairs, on=["rate_currency", "rate_day"], how="left", nulls_equal=True).drop(
        "rate_day", "rate_currency"
    )
    which = rows.get_column("pair").to_numpy()
    columns = [
        _scaled(rows.get_column(name), factors, which).alias(f"value_{name}") for name in BOUNDS
    ]
    lost = pl.Series([factor is None for factor in factors]).gather(rows.get_column("pair"))
    hidden = (rows.get_column("hidden") | lost).alias("hidden")
    return Valued(rows.with_columns(*columns, hidden).drop("pair"), unconverted, used)


def _scaled(
    column: pl.Series, factors: list[Fraction | None], which: np.ndarray[Any, Any]
) -> pl.Series:
    """Multiply hundredths by exact factors (``which`` of them, row by row), half to even.

    With n = q·d + r the product n·p/d is q·p + r·p/d, whose parts stay within 64 bits; where
    a factor is too fine or a number too large for that, Python's whole numbers do it.
    """
    import polars as pl

    if all(factor == 1 for factor in factors):
        return column
    known = [factor or Fraction(1) for factor in factors]
    up = np.array([min(each.numerator, _LARGEST_FACTOR) for each in known])[which]
    down = np.array([min(each.denominator, _LARGEST_FACTOR) for each in known])[which]
    numbers = column.fill_null(0).to_numpy()
    whole, rest = np.divmod(numbers, down)
    quotient, remainder = np.divmod(rest * up, down)
    base = whole * up + quotient
    twice = remainder * 2
    result = base + ((twice > down) | ((twice == down) & (base % 2 == 1)))
    fine = np.array([max(each.numerator, each.denominator) >= _LARGEST_FACTOR for each in known])[
        which
    ]
    large = np.abs(numbers).astype(float) * up / down > _LARGEST_VALUE
    for place in np.flatnonzero(fine | large):
        result[place] = round(Fraction(int(numbers[place])) * known[which[place]])
    lost = np.array([factor is None for factor in factors])[which]
    keep = column.is_not_null() & pl.Series(~lost)
    return pl.select(pl.when(keep).then(pl.Series(result))).to_series()
