"""Sustain: what keeps working, what runs out first, what to ask for, and on which parameters."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from intendance.app.accounts import papers
from intendance.app.web import desk, outlooks, twins, work_sustain
from intendance.app.web.asked import Asked
from intendance.app.web.context import Context, Nav
from intendance.app.web.fields import Day, Filters, Text
from intendance.app.web.forms import Form
from intendance.app.web.plan_sheets import drawing
from intendance.app.web.refusals import NotAllowedError, NotFoundError
from intendance.app.web.sheet import Choice, Figure, Sheet
from intendance.app.web.sustain_sheets import Shown, parameter_table
from intendance.errors import UsageError
from intendance.ledger.privacy import joined

ROLES: Final = ("clerk", "coordinator", "auditor", "admin")
PLANNERS: Final = ("coordinator", "admin")
NAV: Final = Nav("/sustain", "Sustain", 70, ROLES)
HELP: Final = (
    "The forecast gives what is expected by day. A simulation plays many futures and adds the band "
    "that eight in ten of them stay within. An ask that is posted becomes a need in the ledger. "
    "Every parameter says whether it is sourced or assumed."
)
CODES: Final = {
    "simulating": "playing the futures", "futures": "futures", "seed": "seed",
    "played": "played",
    "simulate": "simulation",
}  # fmt: skip
MOST_DAYS: Final = 1000
MOST_FUTURES: Final = 20_000


class SustainFilters(Filters):
    """The model, its days, its day 0, a simulation, and which parameters are listed."""

    model: Text = ""
    days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0
    as_of: Day = None
    run: Text = ""
    basis: Literal["", "sourced", "assumed"] = ""
    posted: Text = ""


def sustain(asked: Asked) -> Sheet:
    """Show readiness, days of supply, what runs out first, losses, asks and parameters."""
    words, chosen = asked.words, asked.filters
    known = outlooks.outlooks(asked.context.office, asked.viewer)
    found = found_model(asked, chosen.model) if chosen.model else known[0]
    days = chosen.days or found.days
    start = chosen.as_of or found.as_of
    model, result = outlooks.forecast_of(found, days, asked.language)
    run = _run(asked, found, days)
    shown = Shown(asked, model, result, start, run)
    asks = shown.asks()
    return Sheet(
        words("Sustain"),
        figures=_figures(asked, shown, asks.rows, run),
        tables=(
            shown.readiness(), shown.supply(), shown.losses(), asks,
            parameter_table(asked, found, chosen.basis),
        ),
        choices=_choices(asked, known, found, days),
        definition={
            "model": found.name,
            "days": str(days),
            "as_of": start,
            "futures": str(run["futures"]) if run else "",
            "seed": str(run["seed"]) if run else "",
        },
        marking=joined([found.marking]),
        help=words(HELP),
        parts={
            "model": found,
            "days": days,
            "start": start,
            "run": run,
            "courses": shown.courses,
            "fall": shown.fall,
            "draw": drawing,
            "rates": [each.title for each in known if each.is_sample],
            "may_plan": asked.person.role in PLANNERS and not asked.read_only,
            "may_post": asked.person.role in PLANNERS
            and asked.person.may_confirm
            and not asked.read_only,
        },
    )  # fmt: skip


def found_model(asked: Asked, name: str) -> outlooks.Outlook:
    """Give a model by its name; NotFoundError."""
    found = outlooks.outlook(asked.context.office, name, asked.viewer)
    if found is None:
        raise NotFoundError
    return found


def _run(asked: Asked, found: outlooks.Outlook, days: int) -> Any:
    if not asked.filters.run:
        return None
    paper = papers.get(asked.context.office, work_sustain.RUN, asked.filters.run)
    if paper is None or paper.body["model"] != found.name:
        raise NotFoundError
    return paper.body if paper.body["days"] == days else None


def _figures(asked: Asked, shown: Shown, asks: Any, run: Any) -> tuple[Figure, ...]:
    words = asked.words
    first = next((row for row in shown.supply().rows if row[4] is not None), None)
    kind = "day" if first is not None and shown.start else "text"
    found = [
        Figure("horizon", words("days looked ahead"), shown.days, "count"),
        Figure("asks", words("to ask for"), len(asks), "count", "", "#t-asks"),
    ]
    if first is not None:
        label = words("{item} runs out first ({site})", item=first[0], site=first[1])
        found.append(Figure("first_out", label, first[4], kind))  # type: ignore[arg-type]
    if run:
        found.append(Figure("futures", words("futures played"), run["futures"], "count"))
    return tuple(found)


def _choices(
    asked: Asked, known: list[outlooks.Outlook], found: outlooks.Outlook, days: int
) -> tuple[Choice, ...]:
    words, chosen = asked.words, asked.filters
    bases = ("", words("all")), ("sourced", words("sourced")), ("assumed", words("assumed"))
    return (
        Choice(
            "model", words("model"), found.name, "list",
            tuple((each.name, _title(asked, each)) for each in known),
        ),
        Choice("days", words("days"), days),
        Choice("as_of", words("day 0"), chosen.as_of or found.as_of, "day"),
        Choice("basis", words("parameters"), chosen.basis, "list", bases),
    )  # fmt: skip


def _title(asked: Asked, found: outlooks.Outlook) -> str:
    return f"{found.title} ({asked.words('sample')})" if found.is_sample else found.title


# -- changes ----------------------------------------------------------------------------------


def _build(asked: Asked, form: Form) -> Response:
    from intendance.sustain.samples import names

    rates = form.text("rates", most=60)
    if rates not in names():
        raise UsageError("There are no such rates.", next_step="Choose one of the list.")
    as_of, known_at = form.day("as_of"), form.day("known_at")
    if as_of is None:
        raise UsageError("A model needs its day 0.", next_step="Write it as YYYY-MM-DD.")
    title = form.text("title", most=120)
    arguments = {
        "rates": rates,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "days": _days(form),
        "title": title,
    }
    job = asked.context.jobs.start(
        "simulate", "intendance.app.web.work_sustain:build", arguments, asked.person,
        title or f"{rates} {as_of.isoformat()}",
    )  # fmt: skip
    return twins.after(asked, f"/jobs/{job}")


def _days(form: Form) -> int:
    return form.whole("days", low=1, high=MOST_DAYS) if form.text("days") else 180


def _simulate(asked: Asked, form: Form) -> Response:
    found = found_model(asked, form.text("model", most=100))
    futures = form.whole("futures", low=1, high=MOST_FUTURES) if form.text("futures") else 400
    arguments = {
        "model": found.name,
        "days": _days(form),
        "futures": futures,
        "seed": form.whole("seed", low=0, high=2**31 - 1) if form.text("seed") else 0,
        "language": asked.language,
    }
    job = asked.context.jobs.start(
        "simulate", "intendance.app.web.work_sustain:simulate", arguments, asked.person,
        asked.words("Simulation: {title}", title=found.title),
    )  # fmt: skip
    return twins.after(asked, f"/jobs/{job}")


def _post(asked: Asked, form: Form) -> Response:
    """Write the asks to the ledger as needs."""
    from intendance.sustain.posting import post_asks

    if not asked.person.may_confirm:
        raise NotAllowedError
    found = found_model(asked, form.text("model", most=100))
    days, as_of = _days(form), form.day("as_of")
    # What goes into the ledger is in one language, so that posting again adds nothing.
    model, result = outlooks.forecast_of(found, days, "en")
    basis = outlooks.basis_of(found, model, as_of, days)
    if basis is None:
        raise UsageError("The model does not say which day its day 0 is.",
                         next_step="Choose the day 0 first.")  # fmt: skip
    done = post_asks(
        asked.context.book(desk.CELL), result, model, basis,
        recorded_on=asked.today, person=asked.person.name,
        french=outlooks.forecast_of(found, days, "fr")[1],
    )  # fmt: skip
    asked.ledger.moved()
    asked.note("asks posted", f"{found.name} {len(done.entries)}")
    return twins.after(
        asked, "/sustain", model=found.name, days=days, as_of=as_of, posted=len(done.entries)
    )


def router(context: Context) -> APIRouter:
    """Give the addresses of sustainment."""
    routes = APIRouter(tags=["sustain"])
    twins.show(
        routes, context, "/sustain", sustain,
        filters=SustainFilters, template="sustain.html.j2", roles=ROLES,
    )  # fmt: skip
    twins.form(routes, context, "/sustain/build", _build, roles=PLANNERS)
    twins.form(routes, context, "/sustain/simulate", _simulate, roles=PLANNERS)
    twins.form(routes, context, "/sustain/post", _post, roles=PLANNERS)
    return routes
