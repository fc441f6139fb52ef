"""Commands that give a plan's reasons: plan caveats, plan why, plan shares."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.errors import UsageError
from intendance.words import language_of

if TYPE_CHECKING:
    from intendance.plan.caveats import Priced, Prices
    from intendance.plan.naming import Names
    from intendance.plan.problem import Problem

PROBLEM = typer.Argument(..., help="Folder with plan.toml and the tables.")
PLAN = typer.Argument(..., help="Folder of the plan made for it.")
LANGUAGE = typer.Option(None, "--lang", help="en or fr; the environment decides otherwise.")
AS_JSON = typer.Option(False, "--json", help="Print one JSON document.")
COLUMNS = ("kind", "donor", "stock", "value", "gain", "needs", "explanation")


def register(plan: typer.Typer) -> None:
    """Add the commands to `intendance plan`."""
    plan.command("caveats")(caveats)
    plan.command("why")(why)
    plan.command("shares")(shares)


def _opened(problem: Path, plan: Path) -> tuple[Problem, Any]:
    from intendance.app.commands.plan import accepted_shipments, read
    from intendance.plan.check import read_accepted
    from intendance.plan.holdings import View

    what = read(problem)
    shipments = accepted_shipments(what, plan)
    accepted, _ = read_accepted(what, plan)
    return what, View(what, shipments, accepted)


def caveats(
    problem: Path = PROBLEM,
    plan: Path = PLAN,
    most: int = typer.Option(40, "--most", min=1, help="How many are solved again at most."),
    time_limit: float = typer.Option(60.0, "--time-limit", min=0.0, help="Seconds."),
    out: Path | None = typer.Option(
        None, "--out", help="CSV file; default: caveats.csv in the plan's folder."
    ),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Price each caveat: what the shortfall falls by when one donor lifts one restriction."""
    from intendance.plan.caveats import price_caveats
    from intendance.plan.naming import Names
    from intendance.plan.resolving import Warm
    from intendance.plan.result import csv_text, number, write_files
    from intendance.plan.stop import Stop, signals

    what, view = _opened(problem, plan)
    target = out or plan / "caveats.csv"
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UsageError(f"{target.name} cannot be written.", next_step="Give --out a file.")
    names = Names(what, language_of(language))
    stop = Stop(time.monotonic() + time_limit)
    with signals(stop):
        prices = price_caveats(view, Warm(what, view.shipments, stop), tried=most)
    records = [record_of(names, each) for each in prices.priced]
    rows = [
        [
            x["kind"], x["donor"], x["stock"], x["value"], number(x["gain"]),
            ";".join(need["need"] for need in x["needs"]), x["explanation"],
        ]
        for x in records
    ]  # fmt: skip
    write_files(target.absolute().parent, {target.name: csv_text(COLUMNS, rows)})
    _show_prices(names, prices, records, as_json=as_json)
    if stop.interrupted:
        raise typer.Exit(130)


def _show_prices(
    names: Names, prices: Prices, records: list[dict[str, Any]], *, as_json: bool
) -> None:
    if as_json:
        record = {"standing": prices.standing, "tried": prices.tried, "caveats": records}
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
        return
    for place, each in enumerate(records, start=1):
        typer.echo(f"{place:>3}. {each['explanation']}")
    typer.echo(
        names(
            "{tried} of {standing} caveats were lifted one at a time and solved again.",
            tried=prices.tried,
            standing=prices.standing,
        )
    )


def record_of(names: Names, priced: Priced) -> dict[str, Any]:
    """Give a price as a JSON object; ``gain`` is in priority-weighted need-weeks."""
    from intendance.plan.saying import caveat_value, price_words

    problem, caveat = names.problem, priced.caveat
    stocks = [problem.stocks.ids[s] for s in caveat.stocks]
    donors = dict.fromkeys(problem.donors.ids[problem.stocks.donor[s]] for s in caveat.stocks)
    package = problem.packages[caveat.position].id if caveat.kind == "package" else ""
    return {
        "kind": caveat.kind,
        "donor": ";".join(donors),
        "stock": ";".join(stocks),
        **({"package": package} if package else {}),
        "value": caveat_value(names, caveat),
        "gain": round(priced.gain, 9),
        "needs": [
            {"need": problem.needs.ids[r], "more": round(amount, 6)} for r, amount in priced.closes
        ],
        "explanation": price_words(names, priced),
    }


def why(
    problem: Path = PROBLEM,
    plan: Path = PLAN,
    need: str = typer.Option(..., "--need", help="The need that is asked about."),
    donor: str = typer.Option("", "--donor", help="One donor; default: all that hold something."),
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Say why a donor gives a need nothing, or not more."""
    from dataclasses import asdict

    from intendance.plan.naming import Names
    from intendance.plan.why import ask, ask_all

    what, view = _opened(problem, plan)
    names = Names(what, language_of(language))
    at = _position(need, what.needs.ids, "need")
    if donor:
        answers = [ask(view, names, at, _position(donor, what.donors.ids, "donor"))]
    else:
        answers = ask_all(view, names, at)
    if as_json:
        records = [
            {
                **asdict(each),
                "donor": what.donors.ids[each.donor],
                "need": what.needs.ids[each.need],
                "reasons": [{"reason": name, "quantity": x} for name, x in each.reasons],
            }
            for each in answers
        ]
        typer.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    for each in answers:
        typer.echo(each.sentence)
    if not answers:
        typer.echo(names("No donor holds anything that serves {need}.", need=need))


def _position(name: str, ids: tuple[str, ...], kind: str) -> int:
    if name not in ids:
        shown = ", ".join(ids[:12]) + (" …" if len(ids) > 12 else "")
        raise UsageError(f"there is no {kind} {name!r}", next_step=f"Choose one of {shown}.")
    return ids.index(name)


def shares(
    problem: Path = PROBLEM,
    plan: Path = PLAN,
    as_json: bool = AS_JSON,
    language: str | None = LANGUAGE,
) -> None:
    """Give who carries what: each donor's part of all that is given beside its fair share."""
    from dataclasses import asdict

    from intendance.plan.naming import Names
    from intendance.plan.shares import carried

    what, view = _opened(problem, plan)
    rows = carried(what, view.shipments)
    if as_json:
        records = [{**asdict(row), "ratio": row.ratio} for row in rows]
        for record in records:
            del record["position"]
        typer.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    names = Names(what, language_of(language))
    heads = [names("donor"), names("fair share"), names("part given"), names("times its share")]
    heads += [names("value (EUR)"), names("burden (EUR per share)")]
    width = max(24, *(len(names.donor(row.position)) + 2 for row in rows))
    typer.echo(f"{heads[0]:<{width}}" + "".join(f"{head:>24}" for head in heads[1:]))
    for row in rows:
        typer.echo(
            f"{names.donor(row.position):<{width}}{row.share:>24.2%}{row.part:>24.2%}"
            f"{row.ratio:>24.2f}{row.value_eur:>24,.0f}{row.burden_eur:>24,.0f}"
        )
