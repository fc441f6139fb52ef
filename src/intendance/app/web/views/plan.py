"""Plan: build a problem from the ledger, solve it as a job, read, compare, accept and export."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from intendance.app.web import plan_files, plans, twins
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters, Text
from intendance.app.web.forms import Form
from intendance.app.web.plan_changes import settings_of
from intendance.app.web.plan_sheets import compared, shown
from intendance.app.web.refusals import NotAllowedError, NotFoundError
from intendance.app.web.sheet import Choice, Column, Sheet, Table
from intendance.errors import UsageError
from intendance.ledger.privacy import joined

ROLES: Final = ("clerk", "coordinator", "auditor", "admin")
PLANNERS: Final = ("coordinator", "admin")
NAV: Final = Nav("/plan", "Plan", 60, ROLES)
HELP: Final = (
    "A plan takes the open needs of the ledger and the stocks and ways of a scenario, and finds "
    "who gives what, when, by which way. It rests on what the whole cell may see. Nothing of it "
    "counts before lines are accepted."
)
CODES: Final = {
    "optimal": "optimal", "feasible": "feasible", "interrupted": "stopped early",
    "link": "way", "node": "place", "stock": "stock", "condition": "condition",
    "shortfall": "shortfall", "burden": "burden", "cost": "cost", "accepted": "accepted",
    "building": "building", "explaining": "giving reasons",
    "value": "value", "bound": "bound", "gap": "gap", "rounds": "rounds", "text": "step",
    "solve": "plan",
}  # fmt: skip
MOST_SECONDS: Final = 1800


class PlansFilters(Filters):
    """Which plans are listed, and what the form for the next one begins with."""

    scenario: Text = ""
    as_of: Day = None


def plan(asked: Asked) -> Sheet:
    """List the plans that were made, the newest first."""
    from intendance.plan.scenario_tables import scenario_names

    words, chosen = asked.words, asked.filters
    found = [
        each
        for each in plans.plans(asked.context.office, asked.viewer)
        if chosen.scenario in ("", each.body["scenario"])
        and (chosen.as_of is None or each.as_of == chosen.as_of)
    ]
    return Sheet(
        words("Plan"),
        tables=(_list(asked, found),),
        choices=(
            Choice(
                "scenario", words("scenario"), chosen.scenario, "list",
                (("", words("all")), *((name, name) for name in scenario_names())),
            ),
            Choice("as_of", words("as of"), chosen.as_of, "day"),
        ),
        marking=joined(each.marking for each in found),
        help=words(HELP),
        parts={
            "scenarios": scenario_names(),
            "as_of": chosen.as_of or _last_day(asked),
            "scenario": chosen.scenario,
            "may_plan": may_plan(asked),
            "sees_everything": asked.viewer.sees_everything,
            "plans": found,
        },
    )  # fmt: skip


def _last_day(asked: Asked) -> object:
    days = asked.ledger.remembered(("days",), asked.ledger.recording_days)
    return min(days[-1], asked.today) if days else asked.today


def may_plan(asked: Asked) -> bool:
    """Tell whether this person may build and solve here."""
    return asked.person.role in PLANNERS and not asked.read_only


def _list(asked: Asked, found: list[plans.Made]) -> Table:
    words = asked.words
    columns = (
        Column("title", words("plan")),
        Column("scenario", words("scenario")),
        Column("as_of", words("as of"), "day"),
        Column("status", words("state"), "code"),
        Column("shipments", words("shipments"), "count"),
        Column("shortfall", words("shortfall (need-weeks)"), "number"),
        Column("bound", words("proven lower bound"), "number"),
        Column("gap", words("gap"), "share"),
        Column("person", words("by")),
        Column("at", words("made"), "moment"),
        Column("published", words("published"), "code"),
    )
    rows = tuple(
        (
            each.title or each.name,
            each.body["scenario"],
            each.as_of,
            each.body["status"],
            each.body["shipments"],
            each.figure("shortfall"),
            each.figure("bound"),
            each.figure("gap"),
            each.person,
            each.at,
            "yes" if each.published else "no",
        )
        for each in found
    )
    return Table(
        "plans",
        words("Plans, the newest first"),
        columns,
        rows,
        link=lambda number: f"/plan/{found[number].name}",
        empty=words("No plan has been made yet."),
    )


class PlanFilters(Filters):
    """``donor`` and ``need``: which lines are shown; ``done``: how many were just accepted."""

    donor: Text = ""
    need: Text = ""
    done: Text = ""


def one_plan(asked: Asked) -> Sheet:
    """Show a plan: lines, drawings, what is missing and why, bottlenecks, price of caveats."""
    sheet = shown(asked, found_plan(asked))
    sheet.parts.update(
        may_plan=may_plan(asked),
        sees_everything=asked.viewer.sees_everything,
        may_accept=may_plan(asked) and asked.person.may_confirm,
        others=[
            each
            for each in plans.plans(asked.context.office, asked.viewer)
            if each.name != asked.request.path_params["plan"]
        ],
    )
    return sheet


def found_plan(asked: Asked, name: str = "") -> plans.Made:
    """Give the plan that the address names; NotFoundError."""
    name = name or asked.request.path_params["plan"]
    found = plans.plan(asked.context.office, name, asked.viewer)
    if found is None:
        raise NotFoundError
    return found


class CompareFilters(Filters):
    """The two plans, by name."""

    one: Text = ""
    two: Text = ""


def compare_plans(asked: Asked) -> Sheet:
    """Show the difference of two plans line by line."""
    pair = [asked.filters.one, asked.filters.two]
    if not all(pair):
        raise NotFoundError
    return compared(asked, *(found_plan(asked, name) for name in pair))


# -- changes ----------------------------------------------------------------------------------


def _solve(asked: Asked, form: Form) -> Response:
    """Start the job that builds and solves."""
    from intendance.plan.scenario_tables import scenario_names

    scenario = form.text("scenario", most=60)
    if scenario not in scenario_names():
        raise UsageError("There is no such scenario.", next_step="Choose one of the list.")
    as_of = form.day("as_of")
    if as_of is None:
        raise UsageError("A plan needs its first day.", next_step="Write it as YYYY-MM-DD.")
    known_at = form.day("known_at")
    title, private = form.text("title", most=120), form.flag("private")
    if private and not asked.viewer.sees_everything:
        raise NotAllowedError
    arguments = {
        "scenario": scenario,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "horizon": form.whole("horizon", low=1, high=520) if form.text("horizon") else None,
        "settings": settings_of(form),
        "without": form.texts("without"),
        "gap": _gap(form),
        "seconds": form.whole("seconds", low=1, high=MOST_SECONDS) if form.text("seconds") else 60,
        "seed": form.whole("seed", low=0, high=2**31 - 1) if form.text("seed") else 0,
        "title": title,
        "private": private,
    }
    job = asked.context.jobs.start(
        "solve", "intendance.app.web.work_plan:solve", arguments, asked.person,
        title or f"{asked.words('Plan')} {scenario} {as_of.isoformat()}",
    )  # fmt: skip
    asked.note("plan asked", f"{scenario} {as_of.isoformat()}")
    return twins.after(asked, f"/jobs/{job}")


def _gap(form: Form) -> float:
    percent = form.number("gap")
    if percent is None:
        return 0.001
    if percent > 100:
        raise UsageError("A gap lies between 0 and 100 percent.")
    return float(percent) / 100


def _accept(asked: Asked, form: Form) -> Response:
    """Write the ticked lines to the ledger as allocations."""
    from intendance.app.web import desk
    from intendance.plan.accepting import accept

    if not asked.person.may_confirm:
        raise NotAllowedError
    found = found_plan(asked, form.text("plan", most=60))
    ticked = form.texts("line", most=400)
    if not ticked:
        raise UsageError("No line is ticked.", next_step="Tick the lines to accept.")
    marking = form.text("marking", most=20) or "restricted"
    if marking not in ("public", "restricted"):
        raise UsageError("There is no such marking.", next_step="public or restricted.")
    book = asked.context.book(desk.CELL)
    with plans.unpacked(asked.context.office, found.packed) as (problem, made):
        done = accept(
            book,
            problem,
            made,
            recorded_on=asked.today,
            shipments=ticked,
            person=asked.person.name,
            reason=form.text("reason", most=400),
            marking=marking,
        )
    asked.ledger.moved()
    asked.note("plan accepted", f"{found.name} {len(done.entries)}")
    return twins.after(asked, f"/plan/{found.name}", done=len(done.entries))


def _publish(asked: Asked, form: Form) -> Response:
    """Let donors see their own lines of a plan, or no longer."""
    from intendance.app.accounts import papers

    if not asked.person.may_confirm:
        raise NotAllowedError
    found = found_plan(asked, form.text("plan", most=60))
    body = {**found.body, "published": form.flag("published")}
    papers.put(
        asked.context.office, plans.KIND, found.name, body,
        person=found.person, version=form.whole("version", low=1, high=10**9),
    )  # fmt: skip
    asked.note("plan published" if body["published"] else "plan withdrawn", found.name)
    return twins.after(asked, f"/plan/{found.name}")


def router(context: Context) -> APIRouter:
    """Give the addresses of planning."""
    routes = APIRouter(tags=["plan"])
    twins.show(
        routes, context, "/plan/compare", compare_plans,
        filters=CompareFilters, template="plan_compare.html.j2", roles=ROLES,
    )  # fmt: skip
    plan_files.register(routes, context, ROLES)
    twins.show(
        routes, context, "/plan", plan, filters=PlansFilters, template="plans.html.j2", roles=ROLES
    )
    twins.show(
        routes, context, "/plan/{plan}", one_plan,
        filters=PlanFilters, template="plan.html.j2", roles=ROLES,
    )  # fmt: skip
    twins.form(routes, context, "/plan/solve", _solve, roles=PLANNERS)
    twins.form(routes, context, "/plan/accept", _accept, roles=PLANNERS)
    twins.form(routes, context, "/plan/publish", _publish, roles=PLANNERS)
    return routes
