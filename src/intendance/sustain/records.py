"""Results as JSON documents, in the shapes that the contract fixes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from intendance import __version__
from intendance.sustain.agreement import Agreement
from intendance.sustain.asks import Ask
from intendance.sustain.forecast import Forecast
from intendance.sustain.frontier import Frontier
from intendance.sustain.model import Model, Requirement
from intendance.sustain.simulation import STATISTICS, Meeting, Simulation
from intendance.sustain.steady import Steady

Record = dict[str, Any]


def of_findings(model: Model) -> list[Record]:
    """Give warnings and notes of a model."""
    return [finding.as_record() for finding in model.findings]


def of_asks(asks: tuple[Ask, ...]) -> list[Record]:
    """Give asks; the keys are those of ``Ask``."""
    return [asdict(ask) for ask in asks]


def of_steady(result: Steady, model: Model) -> Record:
    """Give rows, availability and totals."""
    return {
        "version": __version__,
        "method": result.method,
        "rows": [asdict(row) for row in result.rows],
        "availability": [asdict(row) for row in result.availability],
        "totals": asdict(result.totals),
        "findings": of_findings(model),
    }


def of_forecast(result: Forecast, model: Model, rules: Record) -> Record:
    """Give days, series, items and asks."""
    return {
        "version": __version__,
        **rules,
        "days": result.days,
        "series": [asdict(row) for row in result.series],
        "items": [asdict(row) for row in result.stocks],
        "asks": of_asks(result.asks),
        "findings": of_findings(model),
    }


def of_simulation(result: Simulation, model: Model, rules: Record) -> Record:
    """Give the same lists under each statistic, the long run, requirements and speed.

    ``series`` and ``items`` hold the same lists once more, by system and by item.
    """
    document: Record = {
        "version": __version__,
        **rules,
        "days": list(range(result.wish.days + 1)),
    }
    for name in STATISTICS:
        document[name] = {
            "series": [
                {
                    "site": row.site,
                    "system": row.system,
                    **{key: bands.by_statistic[name] for key, bands in row.measures.items()},
                }
                for row in result.series
            ],
            "items": [
                {
                    "site": row.site,
                    "item": row.item,
                    "on_hand": row.on_hand.by_statistic[name],
                    "days_of_supply": row.days_of_supply.by_statistic[name],
                }
                for row in result.stocks
            ],
        }
    document["series"] = [
        {
            "site": row.site,
            "system": row.system,
            **{
                name: {key: bands.by_statistic[name] for key, bands in row.measures.items()}
                for name in STATISTICS
            },
        }
        for row in result.series
    ]
    document["items"] = [
        {
            "site": row.site,
            "item": row.item,
            "probability_used_up": row.ran_out,
            **{
                name: {
                    "on_hand": row.on_hand.by_statistic[name],
                    "days_of_supply": row.days_of_supply.by_statistic[name],
                }
                for name in STATISTICS
            },
        }
        for row in result.stocks
    ]
    document["long_run"] = [asdict(row) for row in result.long_run]
    document["long_run_items"] = [asdict(row) for row in result.long_run_items]
    document["probability_of_meeting"] = [of_meeting(row) for row in result.meeting]
    document["asks"] = of_asks(result.asks)
    document["events"] = result.events
    document["events_per_second"] = result.events / max(result.seconds, 1e-9)
    document["seconds"] = result.seconds
    document["findings"] = of_findings(model)
    return document


def of_meeting(row: Meeting) -> Record:
    """Give one requirement with its probability and the first day below it."""
    need: Requirement = row.requirement
    return {
        **asdict(need),
        "probability": row.probability,
        "std_error": row.std_error,
        "first_day_below": dict(row.below_from_day),
    }


def of_frontier(result: Frontier, model: Model) -> Record:
    """Give the points, the stock at the budget and the distance to the bound."""
    return {
        "version": __version__,
        "points": [asdict(point) for point in result.points],
        "budget_eur": result.budget_eur,
        "stock": [asdict(row) for row in result.stock],
        **asdict(result.at_budget),
        "bound": result.bound,
        "bound_gap": result.bound_gap,
        "method": result.method,
        "today": asdict(result.today),
        "findings": of_findings(model),
    }


def of_agreement(rows: tuple[Agreement, ...], model: Model) -> Record:
    """Give each comparison of two engines, and whether all agree."""
    return {
        "version": __version__,
        "agree": all(row.agrees for row in rows),
        "rows": [asdict(row) | {"agrees": row.agrees} for row in rows],
        "findings": of_findings(model),
    }
