"""The parts of a plan in the brief: each a table and, where it helps, a drawing of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np

from intendance.model.catalogue import items
from intendance.plan.caveats import Prices
from intendance.plan.holdings import ORDER
from intendance.plan.naming import Names
from intendance.plan.problem import Floats, Problem
from intendance.plan.result import Shipment, Unmet
from intendance.plan.saying import caveat_value, price_words
from intendance.plan.shares import carried
from intendance.review import labels
from intendance.review.charts import Drawing
from intendance.review.facts import Table, Value
from intendance.review.flowmap import Flow, Period, Place, flow_map
from intendance.review.plan_charts import Bar, Cell, Part, cause_bars, heat_map, marked_bars
from intendance.review.typography import Typography

MOST_ROWS: Final = 120
MOST_WAYS: Final = 40
CORRIDORS: Final = 20
SHOWN_BARS: Final = 15
PERIODS: Final = 4
FULL: Final = 0.999
HALF: Final = 0.5
NEARLY: Final = 0.9
Made = tuple[Table, Drawing | None]


@dataclass(frozen=True, slots=True)
class Writing:
    """A problem and the words for it in one language."""

    problem: Problem
    typography: Typography
    names: Names
    start: date | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _start(self.problem))

    def t(self, message: str, **values: object) -> str:
        """Translate a sentence of the review."""
        return self.typography.text(message, **values)

    def percent(self, share: float, digits: int = 0) -> str:
        """Write a share in percent."""
        blank = "\u202f" if self.typography.french else ""
        return f"{self.typography.number(figure(share * 100, digits), digits)}{blank}%"

    def first_day(self, week: int) -> Value:
        """Give a week's first day; its number as words when the problem has no start."""
        return _day(self.start, week, 0) or self.t("week {week}", week=week)

    def last_day(self, week: int) -> Value:
        """Give a week's last day, by which what arrives in it is there."""
        return _day(self.start, week, 6) or self.t("week {week}", week=week)

    def last_day_in(self, problem: Problem, week: int | None) -> Value:
        """Give the last day of a week of another problem; None stays None."""
        if week is None:
            return None
        return _day(_start(problem), week, 6) or self.t("week {week}", week=week)

    def item_label(self, name: str) -> str:
        """Name an item by its id."""
        known = items().get(name)
        return known.label(self.typography.language) if known else name

    def said_day(self, week: int, days: int) -> str:
        """Write a week's first (0) or last (6) day within a sentence."""
        found = _day(self.start, week, days)
        return self.typography.day(found) if found else self.t("week {week}", week=week)


def _start(problem: Problem) -> date | None:
    try:
        return date.fromisoformat(problem.start) if problem.start else None
    except ValueError:
        return None


def _day(start: date | None, week: int, days: int) -> date | None:
    if start is None:
        return None
    try:
        return start + timedelta(weeks=week, days=days)
    except OverflowError:
        return None


def figure(value: float, digits: int) -> Decimal:
    """Give a figure as a decimal with at most so many digits after the point."""
    rounded = round(float(value), digits)
    return Decimal(str(int(rounded) if rounded == int(rounded) else rounded))


def who_gives_what(writing: Writing, shipments: Sequence[Shipment]) -> Made:
    """Give the shipments by donor, item, need and week, the earliest arrival first."""
    t, problem, names = writing.t, writing.problem, writing.names
    total: dict[tuple[int, int, int, int, int, int, str], float] = defaultdict(float)
    for x in shipments:
        stocks = problem.stocks
        modes = dict.fromkeys(problem.links.modes[k] for k in x.links)
        said = ", ".join(labels.word(labels.MODES, mode, writing.typography) for mode in modes)
        key = (
            x.arrive_week, x.depart_week, int(stocks.donor[x.stock]), int(stocks.item[x.stock]),
            x.need, int(stocks.node[x.stock]), said,
        )  # fmt: skip
        total[key] += x.quantity
    rows = []
    for (arrive, depart, donor, item, need, node, said), quantity in sorted(total.items()):
        row: tuple[Value, ...] = (
            names.donor(donor),
            names.item(item),
            figure(quantity, 3),
            labels.word(labels.UNITS, problem.items.units[item], writing.typography),
            problem.needs.ids[need],
            names.node(node),
            names.node(int(problem.needs.node[need])),
            said or "–",
            writing.first_day(depart),
            writing.last_day(arrive),
        )
        rows.append(row)
    caption = t("Who gives what, by when")
    if len(rows) > MOST_ROWS:
        caption = t(
            "Who gives what, by when: the first {shown} of {all} lines; all stand in the plan's "
            "folder",
            shown=MOST_ROWS,
            all=len(rows),
        )
    heads = (
        *(t("Donor"), t("Item"), t("Quantity"), t("Unit"), t("Need"), t("From"), t("To")),
        *(t("By"), t("Leaves"), t("Arrives by")),
    )
    kinds = ("text", "text", "count", *["text"] * 5, "day", "day")
    return Table(t("Shipments"), caption, heads, kinds, tuple(rows[:MOST_ROWS])), None


# -- ways -------------------------------------------------------------------------------------


def _loads(problem: Problem, shipments: Sequence[Shipment]) -> tuple[Floats, Floats]:
    """Give tonnes, and the use of the capacity's own measure, of shape (links, weeks)."""
    shape = (len(problem.links.ids), problem.horizon_weeks)
    tonnes, used = np.zeros(shape), np.zeros(shape)
    for x in shipments:
        size = problem.items.size[problem.stocks.item[x.stock]]
        week = x.depart_week
        for k in x.links:
            tonnes[k, week] += x.quantity * size[0]
            used[k, week] += x.quantity * float(np.nan_to_num(size[problem.links.measure[k]]))
            week += int(problem.links.transit_weeks[k])
    return tonnes, used


def flows(writing: Writing, shipments: Sequence[Shipment]) -> Made:
    """Give the map of flows by part of the horizon, with the tonnes by link."""
    t, problem, names = writing.t, writing.problem, writing.names
    tonnes, _ = _loads(problem, shipments)
    links = problem.links
    moving = np.flatnonzero(tonnes.sum(axis=0) > 0)
    spans = _spans(int(moving[0]), int(moving[-1])) if len(moving) else []
    order = sorted(np.flatnonzero(tonnes.sum(axis=1) > 0), key=lambda k: (-tonnes[k].sum(), k))
    titles = [
        t("{first} to {last}", first=writing.said_day(a, 0), last=writing.said_day(b, 6))
        for a, b in spans
    ]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            names.way(int(k)),
            mode_word(writing, int(k)),
            *(figure(float(tonnes[k, a : b + 1].sum()), 1) for a, b in spans),
            figure(float(tonnes[k].sum()), 1),
        )
        for k in order[:MOST_WAYS]
    )
    heads = (t("Way"), t("By"), *titles, t("All (t)"))
    kinds = ("text", "text", *["count"] * (len(spans) + 1))
    table = Table(t("Flows"), t("Tonnes that enter each way, by time"), heads, kinds, rows)
    places, at = _places(writing, order)
    if not places or not spans:
        return table, None
    periods = [
        Period(
            f"{title} · {writing.typography.number(figure(total, 0))} t",
            tuple(
                Flow(
                    at[int(links.source[k])],
                    at[int(links.target[k])],
                    links.modes[k],
                    float(tonnes[k, a : b + 1].sum()),
                )
                for k in order
                if tonnes[k, a : b + 1].sum() > 0
                and int(links.source[k]) in at
                and int(links.target[k]) in at
            ),
        )
        for title, (a, b) in zip(titles, spans, strict=True)
        for total in [_leaving(problem, shipments, a, b)]
    ]
    used = [mode for mode in labels.MODES if any(links.modes[k] == mode for k in order)]
    modes = {mode: labels.word(labels.MODES, mode, writing.typography) for mode in used}
    caption = t(
        "What leaves in each part of the horizon; the lines' widths grow with the root of the "
        "tonnes. Straight lines join the places; orange points are where things are needed. "
        "Boundary view: internationally recognised borders."
    )
    label = t("Maps of the plan's flows, one for each part of the horizon")
    return table, flow_map("plan-flows", places, periods, modes, (label, caption))


def _spans(first: int, last: int) -> list[tuple[int, int]]:
    """Cut weeks into at most PERIODS parts of about equal length.

    >>> _spans(0, 9)
    [(0, 2), (3, 5), (6, 8), (9, 9)]
    """
    length = -(-(last - first + 1) // PERIODS)
    return [(a, min(a + length - 1, last)) for a in range(first, last + 1, length)]


def _leaving(problem: Problem, shipments: Sequence[Shipment], first: int, last: int) -> float:
    """Give the tonnes that set out within some weeks."""
    size = problem.items.size[:, 0]
    return sum(
        x.quantity * float(size[problem.stocks.item[x.stock]])
        for x in shipments
        if first <= x.depart_week <= last and x.links
    )


def _places(writing: Writing, order: Sequence[Any]) -> tuple[list[Place], dict[int, int]]:
    problem = writing.problem
    nodes = problem.nodes
    used = sorted(
        {int(n) for k in order for n in (problem.links.source[k], problem.links.target[k])}
    )
    ends = set(problem.needs.node.tolist())
    places: list[Place] = []
    at: dict[int, int] = {}
    for n in used:
        longitude, latitude = float(nodes.longitude[n]), float(nodes.latitude[n])
        if np.isnan(longitude) or np.isnan(latitude):
            continue
        at[n] = len(places)
        places.append(Place(writing.names.node(n), longitude, latitude, n in ends))
    return places, at


def corridors(writing: Writing, shipments: Sequence[Shipment]) -> Made:
    """Give how full each way is by week, the fullest first."""
    t, problem, names = writing.t, writing.problem, writing.names
    tonnes, used = _loads(problem, shipments)
    limit = problem.links.capacity
    room = np.where(np.isfinite(limit) & (limit > 0), limit, np.inf)
    share = used / room[:, None]
    busy = [int(k) for k in np.flatnonzero(share.max(axis=1, initial=0.0) > 0)]
    busy.sort(key=lambda k: (-int((share[k] >= FULL).sum()), -float(share[k].sum()), k))
    named = _unique([f"{names.way(k)} ({mode_word(writing, k)})" for k in busy[:CORRIDORS]])
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            name,
            f"{names.amount(float(limit[k]))} {names.measure(k)}",
            figure(float(share[k].max()), 4),
            int((share[k] >= FULL).sum()),
            figure(float(tonnes[k].sum()), 1),
        )
        for name, k in zip(named, busy, strict=False)
    )
    heads = (*(t("Way"), t("Room a week"), t("Fullest week"), t("Weeks full"), t("Tonnes in all")),)
    kinds = ("text", "text", "share", "count", "count")
    table = Table(t("Corridors"), t("How full the ways are, the fullest first"), heads, kinds, rows)
    if not rows:
        return table, None
    cells = [
        Cell(name, int(week), _level(float(share[k, week])))
        for name, k in zip(named, busy, strict=False)
        for week in np.flatnonzero(share[k] > 0)
    ]
    texts = (
        t("How full the ways are by week"),
        t("Each row is a way, each column a week; pale is hardly used, orange is full."),
        t("week of the plan"),
        (t("up to half"), t("up to nine tenths"), t("nearly full"), t("full")),
    )
    return table, heat_map("plan-corridors", cells, named, problem.horizon_weeks, texts)


def mode_word(writing: Writing, link: int) -> str:
    """Name how a link moves things."""
    return labels.word(labels.MODES, writing.problem.links.modes[link], writing.typography)


def _level(share: float) -> int:
    if share >= FULL:
        return 3
    return 2 if share > NEARLY else 1 if share > HALF else 0


def _unique(names: Sequence[str]) -> list[str]:
    """Give names that differ: a chart keeps one row for each."""
    found: list[str] = []
    for name in names:
        number, shown = 1, name
        while shown in found:
            number += 1
            shown = f"{name} {number}"
        found.append(shown)
    return found


# -- what is missing, and who carries what ----------------------------------------------------


def unmet(writing: Writing, rows_of: Sequence[Unmet]) -> Made:
    """Give what is missing by need and cause."""
    t, problem = writing.t, writing.problem
    say = writing.typography
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            problem.needs.ids[x.need],
            _need(writing, x.need),
            figure(x.quantity, 3),
            figure(float(problem.needs.quantity[x.need]), 3),
            labels.word(labels.UNMET_CAUSES, x.cause, say),
            say.tidy(x.explanation),
        )
        for x in rows_of[:MOST_ROWS]
    )
    heads = (t("Need"), t("Of what, where"), t("Missing"), t("Of"), t("Cause"), t("What was found"))
    kinds = ("text", "text", "count", "count", "text", "text")
    table = Table(t("Unmet needs"), t("Needs that end short, by cause"), heads, kinds, rows)
    weight: dict[int, float] = defaultdict(float)
    for x in rows_of:
        weight[x.need] += x.quantity / float(problem.needs.quantity[x.need])
    worst = sorted(weight, key=lambda r: (-weight[r] * problem.needs.priority[r], r))[:SHOWN_BARS]
    if not worst:
        return table, None
    plain = _unique([_need(writing, r) for r in worst])
    named = dict(zip(worst, plain, strict=True))
    pieces = [
        Part(
            named[x.need],
            labels.word(labels.UNMET_CAUSES, x.cause, say),
            ORDER.index(x.cause),
            x.quantity / float(problem.needs.quantity[x.need]),
        )
        for x in rows_of
        if x.need in named
    ]
    there = [cause for cause in ORDER if any(x.cause == cause for x in rows_of if x.need in named)]
    texts = (
        t("Missing share of each need, by cause"),
        t("The share of each need that has not arrived when the horizon ends, by cause."),
        "\u202f%" if say.french else "%",
    )
    causes = [labels.word(labels.UNMET_CAUSES, cause, say) for cause in there]
    drawing = cause_bars("plan-causes", pieces, list(named.values()), causes, texts)
    return table, drawing


def _need(writing: Writing, need: int) -> str:
    """Name a need by what and where."""
    node = writing.names.node(int(writing.problem.needs.node[need]))
    return f"{labels.capitalised(writing.names.capability(need))}, {node}"


def caveats(writing: Writing, prices: Prices) -> Made:
    """Give the dearest caveats: what the shortfall falls by when each alone is lifted."""
    t, names = writing.t, writing.names
    say = writing.typography
    shown = prices.priced[:SHOWN_BARS]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            " · ".join(dict.fromkeys(names.donor_of(s) for s in x.caveat.stocks)),
            labels.word(labels.CAVEATS, x.caveat.kind, say),
            " · ".join(dict.fromkeys(names.item_of(s) for s in x.caveat.stocks)),
            caveat_value(names, x.caveat),
            figure(x.gain, 3),
            say.tidy(price_words(names, x)),
        )
        for x in shown
    )
    heads = (
        *(t("Donor"), t("Caveat"), t("Item"), t("It says")),
        *(t("Its price (need-weeks)"), t("When it is lifted")),
    )
    caption = t(
        "The dearest caveats: {tried} of {standing} were lifted one at a time and solved again",
        tried=prices.tried,
        standing=prices.standing,
    )
    kinds = ("text", "text", "text", "text", "fine", "text")
    table = Table(t("Caveats"), caption, heads, kinds, rows)
    if not shown:
        return table, None
    named = _unique([f"{row[0]}{say.colon()}{row[1]}, {row[2]}" for row in rows])
    bars = [
        Bar(name, x.gain, names.amount(round(x.gain, 2)))
        for name, x in zip(named, shown, strict=True)
    ]
    texts = (
        t("Price of each caveat in need-weeks"),
        t("What the shortfall falls by when one donor lifts one caveat, found by solving again."),
    )

    return table, marked_bars("plan-caveats", bars, t("need-weeks"), texts)


def burden(writing: Writing, shipments: Sequence[Shipment]) -> Made:
    """Give each donor's part of what is given beside its fair share."""
    t, problem, names = writing.t, writing.problem, writing.names
    loads = carried(problem, shipments)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            names.donor(x.position),
            figure(x.share, 4),
            figure(x.part, 4),
            figure(x.ratio, 2),
            figure(x.value_eur, 0),
        )
        for x in loads
    )
    heads = (
        *(t("Donor"), t("Fair share"), t("Part given"), t("Times its share"), t("Value (EUR)")),
    )
    kinds = ("text", "fineshare", "fineshare", "fine", "money")
    table = Table(t("Burden"), t("Who carries what"), heads, kinds, rows)
    largest = sorted(loads, key=lambda x: (-max(x.part, x.share), x.position))[:SHOWN_BARS]
    if not any(x.part > 0 for x in loads):
        return table, None
    bars = [
        Bar(names.donor(x.position), x.part, writing.percent(x.part, 1), x.share) for x in largest
    ]
    texts = (
        t("Part of the value given, by donor; the stroke is the fair share"),
        t("Bars: part of all that this plan gives, in value. Strokes: the fair share."),
    )
    sign = "\u202f%" if writing.typography.french else "%"
    return table, marked_bars("plan-burden", bars, "", texts, percent=sign)
