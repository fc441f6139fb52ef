"""What a review shows of readiness and plan, as tables for the terminal and the brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from intendance.words import catalogue

if TYPE_CHECKING:
    from intendance.app.commands.cycle_effect import Brought
    from intendance.review.facts import Section
    from intendance.sustain.forecast import Forecast, SystemCourse
    from intendance.sustain.from_ledger import Built
    from intendance.sustain.model import Model
    from intendance.sustain.posting import Basis


@dataclass(slots=True)
class Stage:
    """One set of rates in the review: its model, forecast, asks, and the forecast with the plan."""

    name: str
    rates: str
    built: Built
    model: Model
    result: Forecast
    basis: Basis
    posted: dict[str, Any] = field(default_factory=dict)
    with_plan: Forecast | None = None

    def as_record(self, brought: Mapping[str, Brought]) -> dict[str, Any]:
        """Give it as a JSON object: readiness and stocks without and with the plan, the asks."""
        from intendance.app.commands.cycle_effect import effect_of, supplies_of

        effect = effect_of(self, brought)
        return {
            **self.built.as_record(),
            "readiness": [_readiness(self, course) for course in self.result.series],
            "supplies": [asdict(each) for each in supplies_of(self.result, self.with_plan)],
            "needs_and_plan": {name: each.as_record() for name, each in effect.items()},
            "asks": {key: self.posted.get(key) for key in ("posted", "withdrawn", "unchanged")},
        }


def _readiness(stage: Stage, course: SystemCourse) -> dict[str, Any]:
    """Give the figures of one system at one site: days are from the start."""
    required = _required(stage, course)
    below = [
        day
        for day, (ready, need) in enumerate(zip(course.ready, required, strict=True))
        if need is not None and ready < need - 1e-6
    ]
    later = _same(stage.with_plan, course)
    wanted = [need for need in required if need is not None]
    return {
        "system": course.system,
        "site": course.site,
        "ready_start": course.ready[0],
        "ready_lowest": min(course.ready),
        "ready_end": course.ready[-1],
        "required": max(wanted, default=None),
        "below_from_day": below[0] if below else None,
        "days_below": len(below),
        "ready_lowest_with_plan": min(later.ready) if later else None,
        "ready_end_with_plan": later.ready[-1] if later else None,
        "days_below_with_plan": (
            sum(
                1
                for ready, need in zip(later.ready, required, strict=True)
                if need is not None and ready < need - 1e-6
            )
            if later
            else None
        ),
    }


def _required(stage: Stage, course: SystemCourse) -> list[float | None]:
    from intendance.sustain.report import required_on

    last = len(stage.result.days) - 1
    return [
        required_on(stage.model, course.site, course.system, day, last) for day in range(last + 1)
    ]


def _same(result: Forecast | None, course: SystemCourse) -> SystemCourse | None:
    pair = (course.site, course.system)
    found = result.series if result else ()
    return next((row for row in found if (row.site, row.system) == pair), None)


def readiness_rows(stage: Stage, language: str) -> tuple[list[str], list[list[str]]]:
    """Give heads and cells: ready now, lowest and at the end; required; below; with the plan."""
    words = catalogue("sustain", language).gettext
    heads = [
        words("system"),
        words("site"),
        words("ready on day 0"),
        words("lowest"),
        words("at the end"),
        words("required"),
        words("below it from"),
        words("lowest, with the plan"),
        words("at the end, with the plan"),
    ]
    rows = []
    for course in stage.result.series:
        found = _readiness(stage, course)
        below = found["below_from_day"]
        when = stage.basis.as_of + timedelta(days=below) if below is not None else None
        rows.append(
            [
                _names(stage.model).get(course.system) or course.system,
                course.site,
                *(f"{found[key]:.0f}" for key in ("ready_start", "ready_lowest", "ready_end")),
                _number(found["required"]),
                when.isoformat() if when else "–",
                _number(found["ready_lowest_with_plan"]),
                _number(found["ready_end_with_plan"]),
            ]
        )
    return heads, rows


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _names(model: Model) -> dict[str, str]:
    return {
        **{system.system: system.name for system in model.systems},
        **{unit.lru: unit.name for unit in model.units},
    }


def readiness_table(stage: Stage, language: str) -> str:
    """Give the readiness as a plain table."""
    from intendance.sustain.layout import table

    heads, rows = readiness_rows(stage, language)
    return table(heads, rows)


def readiness_section(stage: Stage, language: str) -> list[Section]:
    """Give the brief's part on what keeps working and what must be asked for."""
    from intendance.app.commands.sustain_brief import FUTURES
    from intendance.review.readiness import Ahead, section_of
    from intendance.sustain.outlook import RATE_SHAPE, look_ahead
    from intendance.sustain.simulation import Wish

    words = catalogue("sustain", language).gettext
    outlook = look_ahead(
        stage.name,
        stage.model,
        Wish(stage.built.horizon_days, FUTURES, rate_shape=RATE_SHAPE),
        capability_of=stage.basis.capability_of,
        language=language,
    )
    notes = tuple(
        words(each.sentence) + (f" ({each.value})" if each.value else "")
        for each in stage.built.findings
    )
    later = stage.with_plan.series if stage.with_plan else ()
    ahead = Ahead(
        outlook,
        stage.basis.as_of,
        language,
        (words("Asks and the column with the plan come from the mean forecast."), *notes),
        stage.result.asks,
        {(row.site, row.system): row.ready[-1] for row in later},
    )
    return [section_of(ahead)]
