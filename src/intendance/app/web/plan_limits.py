"""A plan's bottlenecks: each with a sentence that says what a little more of it would bring."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from intendance.app.web.sheet import Column, Table

if TYPE_CHECKING:
    from intendance.app.web import plans
    from intendance.app.web.asked import Asked
    from intendance.plan.accepting import ReadPlan
    from intendance.plan.naming import Names

_FIGURES = 4


def bottlenecks(asked: Asked, made: plans.Made, read: ReadPlan) -> Table:
    """Give the table of the limits that cost most, the dearest first."""
    from intendance.plan.naming import Names

    words, names = asked.words, Names(read.problem, asked.language)
    columns = (
        Column("kind", words("kind"), "code"),
        Column("what", words("what")),
        Column("from", words("from"), "day"),
        Column("to", words("until"), "day"),
        Column("gain", words("need-weeks gained per unit more"), "number"),
        Column("sentence", words("what it means")),
    )
    rows = tuple(
        (
            kind,
            limit_name(names, kind, name),
            day_of(made.as_of, int(first), 0),
            day_of(made.as_of, int(last), 6),
            Decimal(f"{float(gain):.{_FIGURES}g}"),
            sentence(names, kind, name, float(gain)),
        )
        for kind, name, first, last, gain in made.body["bottlenecks"]
    )
    caption = words("Bottlenecks: what a little more of would bring")
    return Table("bottlenecks", caption, columns, rows, empty=words("No limit costs anything."))


def sentence(names: Names, kind: str, name: str, gain: float) -> str:
    """Say what one unit more of a limit would bring; blank when the problem has no such limit."""
    problem = names.problem
    said = {
        "link": "one more {unit} a week on link {name} lowers the shortfall by {gain}",
        "node": "one more {unit} a week handled at {name} lowers the shortfall by {gain}",
        "stock": "one more {unit} in stock {name} lowers the shortfall by {gain}",
        "condition": "one {unit} of {name} free of its condition lowers it by {gain}",
    }.get(kind, "")
    ids = {"link": problem.links.ids, "node": problem.nodes.ids}.get(kind, problem.stocks.ids)
    if not said or name not in ids:
        return ""
    at = ids.index(name)
    if kind == "link":
        unit = names.measure(at)
    elif kind == "node":
        unit = "t"
    else:
        unit = names(problem.items.units[int(problem.stocks.item[at])] or "unit")
    amount = names.amount(float(f"{gain:.{_FIGURES}g}"))
    told = names(said, unit=unit, name=limit_name(names, kind, name), gain=amount)
    return told[:1].upper() + told[1:]


def limit_name(names: Names, kind: str, name: str) -> str:
    """Name a limit in people's words."""
    problem = names.problem
    if kind == "link" and name in problem.links.ids:
        return names.way(problem.links.ids.index(name))
    if kind == "node" and name in problem.nodes.ids:
        return names.node(problem.nodes.ids.index(name))
    if kind in ("stock", "condition") and name in problem.stocks.ids:
        at = problem.stocks.ids.index(name)
        return f"{names.donor_of(at)}, {names.item_of(at)}"
    return name


def day_of(start: date, week: int, days: int) -> date | None:
    """Give a day of a week of the plan; None beyond the calendar."""
    try:
        return start + timedelta(weeks=week, days=days)
    except OverflowError:
        return None
