"""Commands between sustainment and ledger: sustain build, sustain asks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from intendance.app.terminal import (
    JsonOption,
    LangOption,
    LedgerOption,
    ViewerOption,
    day,
    open_ledger,
    person,
    print_json,
    say,
)
from intendance.errors import UsageError
from intendance.words import catalogue, language_of

if TYPE_CHECKING:
    from intendance.sustain.forecast import Forecast
    from intendance.sustain.from_ledger import Built
    from intendance.sustain.model import Model
    from intendance.sustain.posting import Basis

DEFAULT_DAYS = 180
ModelArgument = typer.Argument(
    ..., metavar="MODEL", help="Folder of the model's CSV files, or sample:NAME."
)


def register(group: typer.Typer) -> None:
    """Add the commands to `intendance sustain`."""
    group.command("build")(build)
    group.command("asks")(asks)
    group.command("backtest")(backtest)


def build(
    as_of: str = typer.Option(..., "--as-of", help="Day 0 of the model."),
    known_at: str = typer.Option("", "--known-at", help="What had been recorded by this day."),
    rates: str = typer.Option("artillery", "--rates", help="artillery, winter, or a folder."),
    horizon_days: int = typer.Option(DEFAULT_DAYS, "--horizon-days", help="Days looked ahead."),
    slip_days: int = typer.Option(0, "--slip-days", help="Dated promises come later by so much."),
    lead_days: int | None = typer.Option(
        None, "--lead-days", help="Undated promises come so long after they were made."
    ),
    out: Path = typer.Option(..., "--out", help="Folder the model is written to."),
    lang: str = LangOption,
    viewer: str = ViewerOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Make a model of what the ledger says was given, promised and needed."""
    from intendance.sustain.from_ledger import build as make

    start = needed_day(as_of)
    language = language_of(lang or None)
    with open_ledger(ledger, viewer) as book:
        built = make(
            book,
            rates,
            start,
            day(known_at, "--known-at"),
            horizon_days,
            out,
            slip_days=slip_days,
            lead_days=lead_days,
            language=language,
        )
    if as_json:
        print_json(built.as_record())
        return
    tell_built(built, language)


def needed_day(as_of: str) -> date:
    """Read --as-of, which must be there."""
    start = day(as_of, "--as-of")
    if start is None:
        raise UsageError("--as-of needs a day.", next_step="Write it as YYYY-MM-DD.")
    return start


def tell_built(built: Built, language: str) -> None:
    """Say what a model holds, and what was left out of it."""
    words = catalogue("sustain", language).gettext
    rows = [(f"{name}.csv", str(count)) for name, count in built.rows.items()]
    rows += [(words("days"), str(built.horizon_days)), (words("rates"), built.rates)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        typer.echo(f"{name:<{width}}  {value:>12}")
    for finding in built.findings:
        shown = f" ({finding.value})" if finding.value else ""
        say(f"  {words(finding.sentence)}{shown}")


def asks(
    model: Path = ModelArgument,
    days: int | None = typer.Option(None, "--days", min=1, max=20_000, help="Horizon in days."),
    as_of: str = typer.Option("", "--as-of", help="Day 0; default: the day the model says."),
    post: bool = typer.Option(False, "--post", help="Write them to the ledger as needs."),
    by: str = typer.Option("", "--by", help="Who asks; default: INTENDANCE_PERSON."),
    in_full: bool = typer.Option(
        False, "--in-full", help="Also what the ledger's needs ask for already."
    ),
    recorded_at: str = typer.Option("", "--recorded-at", help="Day of writing; default: today."),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Show what to order, by when and why; with --post write it to the ledger as needs."""
    from intendance.app.commands.sustain import warn_of_long_ways
    from intendance.sustain.asking import forecast_with_asks
    from intendance.sustain.posting import post_asks

    language = language_of(lang or None)
    # What goes into the ledger is in one language, so that posting again adds nothing.
    loaded, result, basis = forecast_of(model, as_of, days, "en" if post else language)
    warn_of_long_ways(result, language)
    if not post:
        if as_json:
            from intendance.sustain.records import of_asks

            print_json({"asks": of_asks(result.asks)})
        else:
            _tell_asks(result, basis, language)
        return
    if basis is None:
        raise UsageError(
            "The model does not say which day its day 0 is.", next_step="Give it to --as-of."
        )
    who = by or person()
    if not who:
        raise UsageError("Somebody must ask.", next_step="Add --by NAME.")
    french = forecast_with_asks(loaded, basis.horizon_days, language="fr")
    with open_ledger(ledger) as book:
        done = post_asks(
            book,
            result,
            loaded,
            basis,
            recorded_on=day(recorded_at, "--recorded-at") or date.today(),  # noqa: DTZ011
            person=who,
            in_full=in_full,
            french=french,
        )
    record = done.as_record()
    if as_json:
        print_json(record)
        return
    words = catalogue("sustain", language).gettext
    typer.echo(
        words("{posted} needs written, {withdrawn} withdrawn, {unchanged} as before.").format(
            posted=record["posted"], withdrawn=record["withdrawn"], unchanged=record["unchanged"]
        )
    )
    for each in done.already_asked:
        told = words("{item}, {site}: the ledger's needs ask for it already").format(
            item=each.ask.item, site=each.ask.site
        )
        say(f"  {told}")
    say(f"{words('Ledger head')}: {done.ledger_root}")


def forecast_of(
    folder: Path, as_of: str, days: int | None, language: str
) -> tuple[Model, Forecast, Basis | None]:
    """Read a model and forecast it; None for the basis when nobody says which day is day 0."""
    from intendance.app.commands.sustain import (
        FORECAST_LOOP,
        find_model,
        load_model,
        say_if_compiling,
    )
    from intendance.sustain.asking import forecast_with_asks
    from intendance.sustain.folder import digest_of, read_origin
    from intendance.sustain.rates import model_names

    place = find_model(folder)
    loaded = load_model(place, language)
    origin = read_origin(place)
    horizon = days or _whole(origin.get("horizon_days")) or DEFAULT_DAYS
    say_if_compiling(language, FORECAST_LOOP)
    result = forecast_with_asks(loaded, horizon, language=language)
    start = day(as_of or str(origin.get("as_of") or ""), "--as-of")
    if start is None:
        return loaded, result, None
    from intendance.sustain.posting import Basis

    names = _texts(origin.get("capabilities"))
    places = _texts(origin.get("places"))
    basis = Basis(
        name=str(origin.get("rates") or place.resolve().name),
        as_of=start,
        known_at=day(str(origin.get("known_at") or ""), "origin.json known_at"),
        horizon_days=horizon,
        capability_of=names or model_names(place, loaded),
        places=places,
        model_sha256=digest_of(place),
        from_ledger=bool(origin),
    )
    return loaded, result, basis


def _texts(value: Any) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: each for key, each in pairs if isinstance(each, str)}


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= 20_000 else 0


def _tell_asks(result: Forecast, basis: Basis | None, language: str) -> None:
    from intendance.sustain.layout import Value, table
    from intendance.sustain.report import asks_table

    if basis is None or not result.asks:
        typer.echo(asks_table(result.asks, language))
        return
    words = catalogue("sustain", language).gettext
    heads = ["ask for", "site", "quantity", "need by", "order by", "confidence %", "because"]
    rows: list[list[Value]] = [
        [
            ask.item,
            ask.site,
            ask.quantity,
            (basis.as_of + timedelta(days=ask.need_by_day)).isoformat(),
            (basis.as_of + timedelta(days=ask.order_by_day)).isoformat(),
            100.0 * ask.confidence,
            ask.because,
        ]
        for ask in result.asks
    ]
    typer.echo(table([words(head) for head in heads], rows, 0))


def backtest(
    known_at: str = typer.Option(
        "", "--known-at", help="What the ledger had been told by this day; default: none."
    ),
    months: int = typer.Option(3, "--months", min=1, max=24, help="Months ahead."),
    futures: int = typer.Option(400, "--futures", min=50, max=1_000_000, help="Futures."),
    seed: int = typer.Option(0, "--seed", help="Seed; the same seed gives the same figures."),
    lead_days: int = typer.Option(
        90, "--lead-days", min=0, max=20_000, help="Undated promises come so long after."
    ),
    losses: Path | None = typer.Option(None, "--losses", help="Another record of losses (CSV)."),
    lang: str = LangOption,
    ledger: str = LedgerOption,
    as_json: bool = JsonOption,
) -> None:
    """Forecast losses from what was known then, and score them against what came."""
    from contextlib import ExitStack

    from intendance.app.commands.sustain import FUTURES_LOOP, say_if_compiling
    from intendance.sustain.backtest import FACTS
    from intendance.sustain.backtest import backtest as make

    known_on = day(known_at, "--known-at")
    say_if_compiling(language_of(lang or None), FUTURES_LOOP)
    with ExitStack() as stack:
        book = stack.enter_context(open_ledger(ledger)) if known_on else None
        found = make(
            book,
            known_on=known_on,
            months=months,
            futures=futures,
            seed=seed,
            lead_days=lead_days,
            losses=losses or FACTS,
        )
    if as_json:
        print_json(found.as_record())
        return
    from intendance.sustain.report import backtest_tables

    typer.echo(backtest_tables(found, language_of(lang or None)))
