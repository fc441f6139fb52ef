"""Commands on sustainment models: steady, forecast, simulate, frontier, check."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.terminal import JsonOption, LangOption, say
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.sustain.forecast import Forecast
    from intendance.sustain.model import Model

ModelArgument = typer.Argument(
    ..., metavar="MODEL", help="Folder of the model's CSV files, or sample:NAME."
)
DaysOption = typer.Option(..., "--days", min=1, max=20_000, help="Horizon in days.")
SeedOption = typer.Option(0, "--seed", help="Seed; the same seed gives the same figures.")
WorkersOption = typer.Option(1, "--workers", min=1, max=256, help="Processes of this machine.")
ClusterOption = typer.Option("", "--cluster", help="Address of a Dask scheduler (tcp://…).")
ShapeOption = typer.Option(
    None, "--uncertain-rates", min=0.01, help="Gamma shape of the true rates around the stated."
)


class Loop(StrEnum):
    """Whether systems that are down still fail and consume (open) or not (closed)."""

    OPEN = "open"
    CLOSED = "closed"


class Cannibalise(StrEnum):
    """Whether holes are moved together on few systems."""

    NONE = "none"
    FULL = "full"


class MethodName(StrEnum):
    """Method of the steady state."""

    METRIC = "metric"
    VARI_METRIC = "vari-metric"


FORECAST_LOOP = "march:march"
FUTURES_LOOP = "futures:run_futures"

LoopOption = typer.Option(
    Loop.CLOSED, "--loop", help="closed: what is down neither fails nor fires."
)
CannibaliseOption = typer.Option(Cannibalise.NONE, "--cannibalise", help="none or full.")

sustain = typer.Typer(
    help="What keeps working, what runs out, what to ask for.", no_args_is_help=True
)


@sustain.command()
def steady(
    model: Path = ModelArgument,
    method: MethodName = typer.Option(MethodName.VARI_METRIC, "--method", help="Method."),
    as_json: bool = JsonOption,
    lang: str = LangOption,
) -> None:
    """Work out the steady state: pipelines, backorders, availability."""
    language = language_of(lang or None)
    loaded = load_model(model, language, needs_parts=True)
    from intendance.sustain.records import of_steady
    from intendance.sustain.report import steady_tables
    from intendance.sustain.steady import solve_steady

    servers = any(row.servers is not None for row in loaded.repairs)
    if servers:
        _warn(language, "The steady state takes repair as ample: limited servers are ignored.")
    result = solve_steady(loaded, "metric" if method is MethodName.METRIC else "vari-metric")
    _print(of_steady(result, loaded) if as_json else steady_tables(result, language))


@sustain.command()
def forecast(
    model: Path = ModelArgument,
    days: int = DaysOption,
    loop: Loop = LoopOption,
    cannibalise: Cannibalise = CannibaliseOption,
    as_json: bool = JsonOption,
    lang: str = LangOption,
) -> None:
    """Forecast expected readiness, stocks and asks by day."""
    language = language_of(lang or None)
    loaded = load_model(model, language)
    from intendance.sustain.asking import forecast_with_asks
    from intendance.sustain.records import of_forecast
    from intendance.sustain.report import forecast_tables

    say_if_compiling(language, FORECAST_LOOP)
    result = forecast_with_asks(
        loaded,
        days,
        closed=loop is Loop.CLOSED,
        full=cannibalise is Cannibalise.FULL,
        language=language,
    )
    warn_of_long_ways(result, language)
    rules = {"loop": loop.value, "cannibalise": cannibalise.value}
    _print(
        of_forecast(result, loaded, rules) if as_json else forecast_tables(result, loaded, language)
    )


@sustain.command()
def simulate(
    model: Path = ModelArgument,
    days: int = DaysOption,
    futures: int = typer.Option(..., "--futures", min=1, max=100_000_000, help="Futures."),
    seed: int = SeedOption,
    workers: int = WorkersOption,
    cluster: str = ClusterOption,
    loop: Loop = LoopOption,
    cannibalise: Cannibalise = CannibaliseOption,
    uncertain_rates: float | None = ShapeOption,
    as_json: bool = JsonOption,
    lang: str = LangOption,
) -> None:
    """Play many futures event by event: readiness with bands, chances, asks."""
    language = language_of(lang or None)
    loaded = load_model(model, language)
    from intendance.sustain.records import of_simulation
    from intendance.sustain.report import simulation_tables
    from intendance.sustain.simulation import Wish, simulate_with_asks

    say_if_compiling(language, FUTURES_LOOP)
    wish = Wish(
        days=days,
        futures=futures,
        seed=seed,
        closed=loop is Loop.CLOSED,
        full=cannibalise is Cannibalise.FULL,
        rate_shape=uncertain_rates,
    )
    result = simulate_with_asks(
        loaded, wish, workers=workers, cluster=cluster or None, language=language
    )
    rules = {
        "loop": loop.value,
        "cannibalise": cannibalise.value,
        "futures": futures,
        "seed": seed,
        "uncertain_rates": uncertain_rates,
    }
    _print(
        of_simulation(result, loaded, rules)
        if as_json
        else simulation_tables(result, loaded, language)
    )


@sustain.command()
def frontier(
    model: Path = ModelArgument,
    budget: float | None = typer.Option(None, "--budget", min=0.0, help="Budget in EUR."),
    as_json: bool = JsonOption,
    lang: str = LangOption,
) -> None:
    """Work out what each euro of spares buys, and the best stock at a budget."""
    language = language_of(lang or None)
    loaded = load_model(model, language, needs_parts=True)
    from intendance.sustain.frontier import solve_frontier
    from intendance.sustain.records import of_frontier
    from intendance.sustain.report import frontier_tables

    result = solve_frontier(loaded, budget)
    _print(of_frontier(result, loaded) if as_json else frontier_tables(result, language))


@sustain.command()
def check(
    model: Path = ModelArgument,
    futures: int = typer.Option(400, "--futures", min=50, max=1_000_000, help="Futures."),
    seed: int = SeedOption,
    workers: int = WorkersOption,
    as_json: bool = JsonOption,
    lang: str = LangOption,
) -> None:
    """Compare the three engines where their assumptions coincide; exit 1 when they differ."""
    language = language_of(lang or None)
    loaded = load_model(model, language, needs_parts=True)
    from intendance.sustain.agreement import compare_engines
    from intendance.sustain.records import of_agreement
    from intendance.sustain.report import agreement_tables

    say_if_compiling(language, FORECAST_LOOP, FUTURES_LOOP)
    rows = compare_engines(loaded, futures=futures, seed=seed, workers=workers)
    _print(of_agreement(rows, loaded) if as_json else agreement_tables(rows, language))
    if not all(row.agrees for row in rows):
        raise typer.Exit(1)


def find_model(folder: Path) -> Path:
    """Give a model's folder: the one named, or a sample's (sample:NAME)."""
    if not str(folder).startswith("sample:"):
        return folder
    from intendance.sustain.samples import find_sample

    return find_sample(str(folder).removeprefix("sample:"))


def load_model(folder: Path, language: str, *, needs_parts: bool = False) -> Model:
    """Read a model and say its warnings."""
    from intendance.sustain.read import read_model

    loaded = read_model(find_model(folder), language=language, needs_parts=needs_parts)
    translate = catalogue("sustain", language).gettext
    for finding in loaded.findings:
        shown = f" ({finding.value})" if finding.value else ""
        say(f"{finding.where}: {translate(finding.sentence)}{shown}")
    return loaded


def say_if_compiling(language: str, *loops: str) -> None:
    """Say that somebody has to wait when an engine's loops are compiled for the first time."""
    from importlib import import_module

    from intendance.sustain.compiled import is_kept

    for name in loops:
        module, _, loop = name.partition(":")
        if not is_kept(getattr(import_module(f"intendance.sustain.{module}"), loop)):
            _warn(language, "The first run compiles the engine: half a minute, once.")
            return


def warn_of_long_ways(result: Forecast, language: str) -> None:
    """Say that something must be ordered before a horizon as short as this one shows it."""
    days = len(result.days) - 1
    longest = max((ask.need_by_day - ask.order_by_day for ask in result.asks), default=0)
    if longest > days:
        words = catalogue("sustain", language).gettext
        say(
            words(
                "What takes longest to come takes {longest} days, the horizon is {days}: "
                "look further ahead with --days."
            ).format(longest=longest, days=days)
        )


def _warn(language: str, sentence: str) -> None:
    say(catalogue("sustain", language).gettext(sentence))


def _print(result: str | dict[str, Any]) -> None:
    if isinstance(result, str):
        typer.echo(result)
    else:
        typer.echo(json.dumps(result, ensure_ascii=False, allow_nan=False))


def register(app: typer.Typer) -> None:
    """Add the sustainment commands to the command line."""
    from intendance.app.commands import cycle, sustain_ledger

    sustain_ledger.register(sustain)
    cycle.register(app)
    app.add_typer(sustain, name="sustain")
