"""Back-test: losses forecast from what was known on a day, scored against what came after.

Two readings of the same months. ``steady``: losses go on as in the last half-year, whatever is
given. ``donated``: the same losses, but in proportion to the systems given by then and promised,
as the ledger knew them on that day. The first can be made for every month of the record, the
second only for days on which the ledger had been told something.

The record of losses is a public count of the whole force, by month, cumulative; it holds the
recipient's own systems as well as given ones, and counts only what was seen.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intendance import __version__
from intendance.errors import InputError, UsageError
from intendance.model.period import last_of_month
from intendance.sustain.holdings import Clock, Holding, holdings
from intendance.sustain.model import Attrition, Fleet, Model, Site, System
from intendance.sustain.simulation import Wish, simulate

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

FACTS: Final = Path(__file__).parent / "facts" / "losses.csv"
WINDOW_MONTHS: Final = 6
NOMINAL: Final = 0.8
# So many times the losses that are expected: the fleet of the steady reading hardly shrinks.
FLEET_PER_LOSS: Final = 50
# What is compared in the donated reading: categories of the record, capabilities of the ledger.
DONATED: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "Tank": (("Tank",), ("tank",)),
    "Infantry Fighting Vehicle": (("Infantry Fighting Vehicle",), ("ifv",)),
    "Artillery": (
        ("Towed Artillery", "Self-Propelled Artillery"),
        (
            "howitzer",
            "howitzer_105",
            "howitzer_122",
            "howitzer_130",
            "howitzer_152",
            "howitzer_155",
        ),
    ),
    "Multiple Launch Rocket System": (("Multiple Launch Rocket System",), ("rocket_artillery",)),
    "Air Defense System": (
        ("Air Defense System",),
        ("air_defence_long", "air_defence_medium", "air_defence_short", "air_defence_gun"),
    ),
    "Helicopter": (("Helicopter",), ("helicopter",)),
    "Warplane": (("Warplane",), ("combat_aircraft",)),
}
Months = tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast of the losses from a month's end to a later one, and what came.

    ``low`` and ``high`` are the 0.1 and 0.9 quantiles: eight of ten should hold the ``actual``.
    """

    reading: str
    category: str
    known_on: str
    until: str
    months: int
    mean: float
    low: float
    median: float
    high: float
    actual: int

    @property
    def inside(self) -> bool:
        """Tell whether the band holds what came."""
        return self.low <= self.actual <= self.high


@dataclass(frozen=True, slots=True)
class Backtest:
    """All scores, and what they were made with."""

    scores: tuple[Score, ...]
    futures: int
    seed: int
    known_on: date | None
    ledger_root: str

    def coverage(self, reading: str, category: str = "") -> tuple[int, int]:
        """Give how many bands held what came, of how many."""
        mine = [
            each
            for each in self.scores
            if each.reading == reading and category in ("", each.category)
        ]
        return sum(each.inside for each in mine), len(mine)

    def error(self, reading: str) -> float | None:
        """Give the sum of |mean − actual| over the sum of the actual (None: nothing came)."""
        mine = [each for each in self.scores if each.reading == reading]
        total = sum(each.actual for each in mine)
        return sum(abs(each.mean - each.actual) for each in mine) / total if total else None

    def as_record(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        summary = {}
        for reading in sorted({each.reading for each in self.scores}):
            held, count = self.coverage(reading)
            summary[reading] = {
                "inside": held,
                "forecasts": count,
                "coverage": held / count,
                "nominal": NOMINAL,
                "relative_error": self.error(reading),
            }
        return {
            "version": __version__,
            "futures": self.futures,
            "seed": self.seed,
            "window_months": WINDOW_MONTHS,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "ledger_root": self.ledger_root,
            "summary": summary,
            "scores": [{**asdict(each), "inside": each.inside} for each in self.scores],
        }


def read_losses(path: Path = FACTS) -> dict[str, dict[date, int]]:
    """Read cumulative losses by category and month's end (columns month, category, lost_total).

    InputError names row and column of what is no month, no whole number, or said twice.
    """
    found: dict[str, dict[date, int]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read as CSV.", where=path.name) from error
    for number, row in enumerate(rows, 2):
        column = "month"
        try:
            year, _, month = (row["month"] or "").partition("-")
            end = last_of_month(int(year), int(month))
            column = "lost_total"
            total = int(row["lost_total"] or "")
        except (KeyError, ValueError) as error:
            raise InputError(
                f"{path.name} has no {column} here.", where=f"{path.name}:{number}:{column}"
            ) from error
        if total < 0:
            raise InputError("A loss is below zero.", where=f"{path.name}:{number}:{column}")
        months = found.setdefault(row.get("category") or "", {})
        if end in months:
            raise InputError("This month stands twice.", where=f"{path.name}:{number}:month")
        months[end] = total
    if not found:
        raise InputError(f"{path.name} has no rows.", where=path.name)
    return found


def monthly(totals: Mapping[date, int], until: date) -> list[int]:
    """Give the losses of each month up to a day; a count that was corrected down is no loss.

    >>> monthly({date(2023, 1, 31): 5, date(2023, 2, 28): 9, date(2023, 3, 31): 8}, date.max)
    [4, 0]
    """
    ends = sorted(end for end in totals if end <= until)
    return [max(0, totals[b] - totals[a]) for a, b in pairwise(ends)]


def dispersion(series: Iterable[Sequence[int]]) -> float:
    """Give the mean variance-to-mean ratio of monthly losses, 1 (Poisson) at least.

    >>> dispersion([[4, 4, 4], [0, 6, 0]])
    3.0
    """
    ratios = []
    for counts in series:
        mean = sum(counts) / len(counts) if counts else 0.0
        if mean > 0 and len(counts) > 1:
            spread = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
            ratios.append(spread / mean)
    return max(1.0, sum(ratios) / len(ratios)) if ratios else 1.0


def rate_shape(expected: float, ratio: float, months: int) -> float:
    """Give the gamma shape under which a future's sum has the variance that is due.

    The variance of a sum of ``months`` is ``expected * ratio`` for its own luck and
    ``expected * ratio * months / WINDOW_MONTHS`` because the mean is known from a window only;
    gamma-Poisson gives ``expected + expected ** 2 / shape``.

    >>> round(rate_shape(100.0, 2.0, 3), 6)
    50.0
    """
    excess = ratio * (1.0 + months / WINDOW_MONTHS) - 1.0
    return min(1e6, max(0.05, expected / excess)) if excess > 0 else 1e6


def backtest(
    ledger: Ledger | None,
    *,
    known_on: date | None = None,
    months: int = 3,
    futures: int = 1000,
    seed: int = 0,
    lead_days: int = 90,
    losses: Path = FACTS,
) -> Backtest:
    """Forecast ``months`` ahead from every month's end that has a window before it, and score.

    With a ledger, the ``donated`` reading is made once more, from the last month's end before
    ``known_on`` for every later month, with what the ledger had been told by then; promises
    without a day come after ``lead_days``. UsageError when the record holds no such months.
    """
    if not 1 <= months <= 24:
        raise UsageError("--months must be between 1 and 24.")
    facts = read_losses(losses)
    ends = sorted({end for totals in facts.values() for end in totals})
    scores: list[Score] = []
    for at in range(WINDOW_MONTHS, len(ends) - months):
        later = (ends[at + months],)
        for category, totals in sorted(facts.items()):
            recent = sum(monthly(totals, ends[at])[-WINDOW_MONTHS:])
            size = FLEET_PER_LOSS * (10 + recent * months // WINDOW_MONTHS)
            fleets = (Fleet("front", "x", size, 1.0, 0),)
            ratio = _ratio(facts, ends[at])
            case = _Case("steady", category, ends[at], later, fleets, ratio)
            scores += _forecast(case, totals, Wish(1, futures, seed))
    root = ""
    if ledger is not None and known_on is not None:
        root = ledger.head().root
        scores += _donated(ledger, known_on, facts, ends, lead_days, Wish(1, futures, seed))
    if not scores:
        raise UsageError("The record of losses is too short for these months.")
    return Backtest(tuple(scores), futures, seed, known_on, root)


@dataclass(frozen=True, slots=True)
class _Case:
    """One forecast to make: losses of the window are those of ``fleets`` as on its last day."""

    reading: str
    category: str
    start: date
    until: Months
    fleets: tuple[Fleet, ...]
    ratio: float


def _ratio(facts: Mapping[str, Mapping[date, int]], until: date) -> float:
    return dispersion(monthly(totals, until)[-WINDOW_MONTHS:] for totals in facts.values())


def _forecast(case: _Case, totals: Mapping[date, int], wish: Wish) -> list[Score]:
    """Simulate one fleet with the losses of the window as its attrition; score each month."""
    counts = monthly(totals, case.start)[-WINDOW_MONTHS:]
    until = [end for end in case.until if end in totals]
    if len(counts) < WINDOW_MONTHS or not until or case.start not in totals:
        return []
    # Half a loss is added, so that a window without any does not promise that none will come.
    per_month = (sum(counts) + 0.5) / WINDOW_MONTHS
    now = sum(fleet.quantity for fleet in case.fleets if fleet.from_day == 0)
    per_day = per_month * 12.0 / 365.25 / now
    horizon = (until[-1] - case.start).days
    model = Model(
        sites=(Site("front", "", "", 0.0),),
        systems=(System("x", case.category),),
        fleets=case.fleets,
        attrition=(Attrition("x", "destroyed", per_day, None),),
    )
    shape = rate_shape(per_month * len(case.until), case.ratio, len(case.until))
    run = simulate(model, Wish(horizon, wish.futures, wish.seed, rate_shape=shape))
    bands = run.series[0].measures["destroyed"].by_statistic
    scores = []
    for end in until:
        day = (end - case.start).days
        mean, low, median, high = (
            float(bands[name][day] or 0.0) for name in ("mean", "q10", "q50", "q90")
        )
        scores.append(
            Score(
                case.reading,
                case.category,
                case.start.isoformat(),
                end.isoformat(),
                _months_between(case.start, end),
                round(mean, 2),
                low,
                median,
                high,
                max(0, totals[end] - totals[case.start]),
            )
        )
    return scores


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _donated(
    ledger: Ledger,
    known_on: date,
    facts: Mapping[str, Mapping[date, int]],
    ends: list[date],
    lead_days: int,
    wish: Wish,
) -> list[Score]:
    before = [end for end in ends if end < known_on]
    later = tuple(end for end in ends if end > known_on)
    if not before or not later:
        raise UsageError(
            f"The record of losses has no months on both sides of {known_on}.",
            next_step=f"Give --known-at a day between {ends[WINDOW_MONTHS]} and {ends[-1]}.",
        )
    clock = Clock(known_on, known_on, later[-1], 0, lead_days)
    wanted = sorted({name for _, names in DONATED.values() for name in names})
    held = holdings(ledger, wanted, clock)
    scores = []
    ratio = _ratio(facts, before[-1])
    for category, (counted, names) in DONATED.items():
        fleets = _fleets([held[name] for name in names], clock)
        if not all(name in facts for name in counted) or not any(
            fleet.from_day == 0 for fleet in fleets
        ):
            continue
        case = _Case("donated", category, before[-1], later, fleets, ratio)
        scores += _forecast(case, _added([facts[name] for name in counted]), wish)
    return scores


def _added(counts: Sequence[Mapping[date, int]]) -> dict[date, int]:
    """Add several counts over the months that all of them have."""
    shared = set(counts[0]).intersection(*counts[1:])
    return {end: sum(each[end] for each in counts) for end in sorted(shared)}


def _fleets(held: list[Holding], clock: Clock) -> tuple[Fleet, ...]:
    """Give what stood on day 0 as one fleet and each promise as a later one."""
    days: dict[int, float] = {}
    for holding in held:
        for each in holding.arrivals:
            if each.promised or each.day <= clock.as_of:
                day = max(0, (each.day - clock.as_of) // timedelta(days=1))
                days[day] = days.get(day, 0.0) + float(each.quantity)
    return tuple(
        Fleet("front", "x", int(count), 1.0, day)
        for day, count in sorted(days.items())
        if count >= 1
    )
