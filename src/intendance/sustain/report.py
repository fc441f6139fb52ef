"""Results as tables for people, in French or English."""

from __future__ import annotations

from collections.abc import Sequence

from intendance.sustain.agreement import Agreement
from intendance.sustain.asks import Ask
from intendance.sustain.backtest import NOMINAL, Backtest
from intendance.sustain.forecast import Forecast
from intendance.sustain.frontier import Frontier
from intendance.sustain.layout import Value, table
from intendance.sustain.model import Model
from intendance.sustain.simulation import Bands, Simulation
from intendance.sustain.steady import Steady
from intendance.words import catalogue


def pick_days(days: int) -> list[int]:
    """Choose about a dozen days to show, with the first and the last.

    >>> pick_days(30)
    [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    """
    step = max(1, -(-days // 12))
    return [*range(0, days, step), days]


def steady_tables(result: Steady, language: str) -> str:
    """Show items, availability and totals of a steady state."""
    _ = catalogue("sustain", language).gettext
    rows: list[list[Value]] = [
        [
            row.lru,
            row.site,
            row.level,
            row.pipeline_mean,
            row.pipeline_variance,
            row.expected_backorders,
        ]
        for row in result.rows
    ]
    heads = [
        _("item"),
        _("site"),
        _("level"),
        _("pipeline mean"),
        _("pipeline variance"),
        _("expected backorders"),
    ]
    fleets: list[list[Value]] = [
        [row.site, row.system, row.quantity, 100.0 * row.available, row.expected_ready]
        for row in result.availability
    ]
    fleet_heads = [_("site"), _("system"), _("systems"), _("available %"), _("expected ready")]
    totals = result.totals
    lines = [
        _("Steady state ({method}): {ready} of {systems} systems ready, {holes} holes").format(
            method=result.method.upper(),
            ready=f"{totals.expected_ready:.2f}",
            systems=totals.systems,
            holes=f"{totals.expected_backorders:.3f}",
        ),
        "",
        table(fleet_heads, fleets),
        "",
        table(heads, rows, 4),
    ]
    return "\n".join(lines)


def forecast_tables(result: Forecast, model: Model, language: str) -> str:
    """Show readiness, stocks and asks of a forecast."""
    _ = catalogue("sustain", language).gettext
    days = pick_days(len(result.days) - 1)
    blocks = []
    heads = [
        _("day"),
        _("ready"),
        _("required"),
        _("waiting"),
        _("damaged"),
        _("worn out"),
        _("destroyed"),
    ]
    for row in result.series:
        rows: list[list[Value]] = [
            [
                day,
                row.ready[day],
                required_on(model, row.site, row.system, day, len(result.days) - 1),
                row.waiting[day],
                row.damaged[day],
                row.worn_out[day],
                row.destroyed[day],
            ]
            for day in days
        ]
        blocks.append(f"{row.system}, {row.site}\n{table(heads, rows, 1)}")
    for stock in result.stocks:
        heads = [_("day"), _("on hand"), _("days of supply")]
        rows = [[day, stock.on_hand[day], stock.days_of_supply[day]] for day in days]
        blocks.append(f"{stock.item}, {stock.site}\n{table(heads, rows, 1)}")
    blocks.append(asks_table(result.asks, language))
    return "\n\n".join(blocks)


def simulation_tables(result: Simulation, model: Model, language: str) -> str:
    """Show bands, requirements, the long run and asks of a simulation."""
    _ = catalogue("sustain", language).gettext
    days = pick_days(result.wish.days)
    blocks = []
    heads = [_("day"), _("mean"), _("std error"), "10 %", "50 %", "90 %", _("required")]
    for row in result.series:
        rows = _band_rows(row.measures["ready"], days)
        for line, day in zip(rows, days, strict=True):
            line.append(required_on(model, row.site, row.system, day, result.wish.days))
        title = _("{system}, {site}: ready").format(system=row.system, site=row.site)
        blocks.append(f"{title}\n{table(heads, rows)}")
    for stock in result.stocks:
        title = _("{item}, {site}: days of supply").format(item=stock.item, site=stock.site)
        blocks.append(f"{title}\n{table(heads[:-1], _band_rows(stock.days_of_supply, days), 1)}")
    if result.meeting:
        blocks.append(_meeting_table(result, language))
    heads = [_("site"), _("system"), _("mean ready"), _("std error")]
    long_run: list[list[Value]] = [
        [row.site, row.system, row.mean_ready, row.std_error] for row in result.long_run
    ]
    title = _("Long run (second half of the horizon)")
    blocks.extend((f"{title}\n{table(heads, long_run, 3)}", asks_table(result.asks, language)))
    blocks.append(
        _(
            "{futures} futures of {days} days, seed {seed}: {events} events, {speed} per second"
        ).format(
            futures=result.wish.futures,
            days=result.wish.days,
            seed=result.wish.seed,
            events=result.events,
            speed=f"{result.events / max(result.seconds, 1e-9):.0f}",
        )
    )
    if result.wish.rate_shape is None:
        blocks.append(_("The rates are taken as exact: with uncertain rates the bands are wider."))
    return "\n\n".join(blocks)


def asks_table(asks: Sequence[Ask], language: str) -> str:
    """Show the asks, or say that there are none."""
    _ = catalogue("sustain", language).gettext
    if not asks:
        return _("Nothing has to be asked for.")
    heads = [
        _("ask for"),
        _("site"),
        _("quantity"),
        _("need by day"),
        _("order by day"),
        _("confidence %"),
        _("because"),
    ]
    rows: list[list[Value]] = [
        [
            ask.item,
            ask.site,
            ask.quantity,
            ask.need_by_day,
            ask.order_by_day,
            100.0 * ask.confidence,
            ask.because,
        ]
        for ask in asks
    ]
    return table(heads, rows, 0)


def required_on(model: Model, site: str, system: str, day: int, horizon: int) -> float | None:
    """Give the highest requirement that stands on a day, or nothing."""
    standing = [
        need.quantity
        for need in model.requirements
        if (need.site, need.system) == (site, system) and day in need.days(horizon)
    ]
    return max(standing, default=None)


def _band_rows(bands: Bands, days: Sequence[int]) -> list[list[Value]]:
    names = ("mean", "std_error", "q10", "q50", "q90")
    return [[day, *(bands.by_statistic[name][day] for name in names)] for day in days]


def _meeting_table(result: Simulation, language: str) -> str:
    _ = catalogue("sustain", language).gettext
    heads = [
        _("system"),
        _("site"),
        _("required"),
        _("from day"),
        _("to day"),
        _("met %"),
        _("first day below: 10 %"),
        "50 %",
        "90 %",
    ]
    rows: list[list[Value]] = [
        [
            row.requirement.system,
            row.requirement.site,
            row.requirement.quantity,
            row.requirement.from_day,
            row.requirement.to_day,
            100.0 * row.probability,
            *row.below_from_day.values(),
        ]
        for row in result.meeting
    ]
    return table(heads, rows, 1)


def frontier_tables(result: Frontier, language: str) -> str:
    """Show the curve, today's point, the stock at the budget and the bound."""
    _ = catalogue("sustain", language).gettext
    points = list(result.points)
    picked = [points[day] for day in pick_days(len(points) - 1)] if points else []
    heads = ["", _("cost EUR"), _("expected backorders"), _("available %")]
    rows: list[list[Value]] = [
        ["", point.cost_eur, point.expected_backorders, 100.0 * point.availability]
        for point in picked
    ]
    for name, point in ((_("today"), result.today), (_("at the budget"), result.at_budget)):
        rows.append([name, point.cost_eur, point.expected_backorders, 100.0 * point.availability])
    stock: list[list[Value]] = [[row.lru, row.site, row.level] for row in result.stock]
    gap = _("At most {gap} % above the Lagrangian bound ({method}).").format(
        gap=f"{100.0 * result.bound_gap:.4f}",
        method=_("exact") if result.method == "exact" else _("marginal analysis"),
    )
    return "\n\n".join(
        [table(heads, rows, 3), table([_("item"), _("site"), _("level")], stock), gap]
    )


def agreement_tables(rows: Sequence[Agreement], language: str) -> str:
    """Show where the engines meet and whether they agree."""
    _ = catalogue("sustain", language).gettext
    heads = [
        _("figure"),
        _("site"),
        _("of"),
        _("engine"),
        _("value"),
        _("engine"),
        _("value"),
        _("allowed"),
        _("agree"),
    ]
    cells: list[list[Value]] = [
        [
            _(row.figure),
            row.site,
            row.subject,
            _(row.first),
            row.first_value,
            _(row.second),
            row.second_value,
            row.allowed,
            _("yes") if row.agrees else _("no"),
        ]
        for row in rows
    ]
    return table(heads, cells, 4)


def backtest_tables(found: Backtest, language: str) -> str:
    """Show how many bands held what came, by category, and the forecasts of the last day."""
    _ = catalogue("sustain", language).gettext
    blocks = []
    for reading in sorted({each.reading for each in found.scores}, reverse=True):
        heads = [_("category"), _("forecasts"), _("inside the band"), _("share %")]
        names = sorted({each.category for each in found.scores if each.reading == reading})
        rows: list[list[Value]] = []
        for name in (*names, ""):
            held, count = found.coverage(reading, name)
            rows.append([name or _("all"), count, held, 100.0 * held / count])
        title = _("Reading {reading}: {nominal} of the bands should hold what came").format(
            reading=_(reading), nominal=f"{100 * NOMINAL:.0f} %"
        )
        error = found.error(reading)
        said = _("Sum of absolute errors over the sum of losses: {error}").format(
            error="–" if error is None else f"{100 * error:.0f} %"
        )
        blocks.append(f"{title}\n{table(heads, rows, 0)}\n{said}")
    last = max((each for each in found.scores), key=lambda each: each.known_on).known_on
    heads = [_("category"), _("reading"), _("known on"), _("until"), _("mean"), "10 %", "50 %"]
    heads += ["90 %", _("came"), _("inside")]
    shown: list[list[Value]] = [
        [
            each.category,
            _(each.reading),
            each.known_on,
            each.until,
            each.mean,
            each.low,
            each.median,
            each.high,
            each.actual,
            _("yes") if each.inside else _("no"),
        ]
        for each in found.scores
        if each.reading == "donated" or each.known_on == last
    ]
    blocks.append(table(heads, shown, 0))
    blocks.append(
        _(
            "{futures} futures a forecast, seed {seed}. Availability is not scored: no public "
            "figure of it is dated after the ledger's first day."
        ).format(futures=found.futures, seed=found.seed)
    )
    return "\n\n".join(blocks)
