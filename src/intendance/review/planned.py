"""The brief's part on a plan: who gives what by when, on which ways, what is missing and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from intendance.plan.caveats import Prices, price_caveats
from intendance.plan.check import check_folder, measure, read_accepted, read_shipments
from intendance.plan.explain import explain
from intendance.plan.holdings import View
from intendance.plan.naming import Names
from intendance.plan.network import build_network
from intendance.plan.problem import Problem
from intendance.plan.read import read_problem
from intendance.plan.repair import mend
from intendance.plan.resolving import Warm
from intendance.plan.result import Figures, Plan, Shipment, Unmet
from intendance.plan.stop import Stop
from intendance.plan.whatif import compare
from intendance.review import planned_parts as parts
from intendance.review.charts import Drawing
from intendance.review.facts import Section, Table
from intendance.review.planned_parts import Writing, figure
from intendance.review.typography import Typography

ANCHOR: Final = "plan"
CAVEATS_TRIED: Final = 24
MOST_LINES: Final = 60
_NOTHING: Final = 5e-5


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that keeps every rule, with its reasons, and the plan before it when there is one.

    ``greedy``: the figures of filling needs one after another, which is what a plan must beat.
    """

    problem: Problem
    shipments: tuple[Shipment, ...]
    summary: dict[str, Any]
    figures: Figures
    greedy: Figures | None
    unmet: tuple[Unmet, ...]
    prices: Prices | None
    last: tuple[Problem, tuple[Shipment, ...]] | None = None
    illustrative: bool = False


def read_planned(
    problem_folder: Path,
    plan_folder: Path,
    language: str,
    *,
    last: tuple[Path, Path] | None = None,
    stop: Stop | None = None,
) -> Planned:
    """Read a plan, check it, and solve again without its dearest caveats.

    InputError: a folder is not what its name says, or the plan breaks a rule. ``last`` is the
    problem and the plan of the review before.
    """
    problem, shipments, accepted, summary = _checked(problem_folder, plan_folder)
    before = _checked(*last)[:2] if last else None
    stop = stop or Stop()
    figures = measure(problem, shipments)[0]
    bare = Plan(tuple(shipments), tuple(accepted), figures)
    explained = explain(problem, bare, language, stop=stop)
    view = View(problem, shipments, accepted)
    prices = price_caveats(view, Warm(problem, shipments, stop), tried=CAVEATS_TRIED)
    greedy = mend(problem, build_network(problem), [])
    return Planned(
        problem,
        tuple(shipments),
        summary,
        figures,
        greedy[2] if greedy else None,
        explained.unmet,
        prices,
        (before[0], tuple(before[1])) if before else None,
        _is_illustrative(problem_folder),
    )


def _checked(
    problem_folder: Path, plan_folder: Path
) -> tuple[Problem, list[Shipment], list[bool], dict[str, Any]]:
    from intendance.errors import InputError

    problem, _ = read_problem(problem_folder)
    report, summary = check_folder(problem, plan_folder)
    broken = next((x for x in report.broken if x.severity == "error"), None)
    if broken:
        raise InputError(
            f"The plan cannot be shown: {broken.sentence}.",
            where=str(broken.where),
            next_step="See `intendance plan check`.",
        )
    shipments, _ = read_shipments(problem, plan_folder)
    accepted, _ = read_accepted(problem, plan_folder)
    return problem, shipments, accepted, summary


def _is_illustrative(problem_folder: Path) -> bool:
    """Tell whether some stock of a built problem is marked as illustrative."""
    from intendance.plan.tables import read_table

    rows = read_table(problem_folder / "stocks.csv", ("stock",), optional=("basis",)).rows
    return any(cells.get("basis") == "illustrative" for _, cells in rows)


def plan_section(planned: Planned, language: str) -> Section:
    """Give the plan's part of the brief: drawings, each above the table of its figures."""
    writing = Writing(planned.problem, Typography(language), Names(planned.problem, language))
    tables: list[Table] = []
    drawings: list[Drawing] = []

    def add(made: tuple[Table, Drawing | None]) -> None:
        table, drawing = made
        if not table.rows:
            return
        if drawing is not None:
            drawings.append(replace(drawing, above=len(tables)))
        tables.append(table)

    add((_comparison(planned, writing), None))
    add(parts.who_gives_what(writing, planned.shipments))
    add(parts.flows(writing, planned.shipments))
    add(parts.corridors(writing, planned.shipments))
    add(parts.unmet(writing, planned.unmet))
    if planned.prices:
        add(parts.caveats(writing, planned.prices))
    add(parts.burden(writing, planned.shipments))
    if planned.last:
        add((_changes(planned, planned.last, writing), None))
    title = writing.t("Who gives what, by when")
    return Section(
        ANCHOR, title, tuple(_paragraphs(planned, writing)), tuple(tables), tuple(drawings)
    )


def _paragraphs(planned: Planned, writing: Writing) -> list[str]:
    t, count = writing.t, writing.typography.count
    problem = planned.problem
    short = len({x.need for x in planned.unmet})
    needs = len(problem.needs.ids)
    said = [
        count("{n} shipment serves", "{n} shipments serve", len(planned.shipments))
        + " "
        + count("{n} need;", "{n} needs;", needs)
        + " "
        + (count("{n} ends short.", "{n} end short.", short) if short else t("all end met."))
    ]
    bound = (planned.summary.get("bound") or {}).get("shortfall")
    if isinstance(bound, int | float) and bound > 0:
        gap = max(0.0, planned.figures.shortfall - bound) / bound
        if gap < _NOTHING:
            said.append(t("This is proven to be the least shortfall that any plan can have."))
    if isinstance(bound, int | float) and bound > 0 and gap >= _NOTHING:
        said.append(
            t(
                "No plan can have less than {bound} need-weeks of shortfall; this one has "
                "{shortfall}, {gap} more.",
                bound=writing.names.amount(round(bound, 3)),
                shortfall=writing.names.amount(round(planned.figures.shortfall, 3)),
                gap=writing.percent(gap, 2),
            )
        )
    if planned.illustrative:
        said.append(
            t("The stocks are illustrative: nobody has said to hold them. The plan is a proposal.")
        )
    else:
        said.append(t("The plan is a proposal: nothing of it counts before it is accepted."))
    return said


def _comparison(planned: Planned, writing: Writing) -> Table:
    """Give this plan beside the greedy one, the last one and the bound."""
    t = writing.t
    rows: list[tuple[Any, ...]] = [_row(t("this plan"), planned.figures)]
    if planned.greedy:
        rows.append(_row(t("filling one need after another"), planned.greedy))
    if planned.last:
        rows.append(_row(t("the last plan, in its own problem"), measure(*planned.last)[0]))
    bound = (planned.summary.get("bound") or {}).get("shortfall")
    if isinstance(bound, int | float):
        rows.append((t("proven lower bound"), figure(bound, 3), None, None))
    heads = (
        t("Plan"),
        t("Shortfall (need-weeks)"),
        t("Largest burden (EUR per share)"),
        t("Transport (EUR)"),
    )
    caption = t("The plan beside others; the first column counts priority-weighted need-weeks")

    return Table(t("Plan"), caption, heads, ("text", "fine", "money", "money"), tuple(rows))


def _row(name: str, figures: Figures) -> tuple[Any, ...]:
    return (
        name,
        figure(figures.shortfall, 3),
        figure(figures.burden, 0),
        figure(figures.cost, 0),
    )


def _changes(
    planned: Planned, last: tuple[Problem, tuple[Shipment, ...]], writing: Writing
) -> Table:
    """Give what differs from the last plan, the largest first."""
    t = writing.t
    old_problem, old_shipments = last
    lines = compare((old_problem, old_shipments), (planned.problem, planned.shipments))
    lines.sort(key=lambda x: (-abs(x.after - x.before), x.stock, x.need))
    days: Callable[[Problem, int | None], Any] = writing.last_day_in
    rows = tuple(
        (
            f"{line.stock} → {line.need}",
            writing.item_label(line.item),
            figure(line.before, 3),
            figure(line.after, 3),
            days(old_problem, line.before_week),
            days(planned.problem, line.after_week),
        )
        for line in lines[:MOST_LINES]
    )
    heads = (
        *(t("Line"), t("Item"), t("Before"), t("Now")),
        *(t("arrived by, before"), t("arrives by, now")),
    )
    kinds = ("text", "text", "count", "count", "day", "day")
    return Table(t("Since the last plan"), t("What differs from the last plan"), heads, kinds, rows)


def sections_of(
    problem: Path,
    plan: Path,
    language: str,
    *,
    last: tuple[Path, Path] | None = None,
    stop: Stop | None = None,
) -> Sequence[Section]:
    """Read a plan's folders and give its part of the brief."""
    return (plan_section(read_planned(problem, plan, language, last=last, stop=stop), language),)
