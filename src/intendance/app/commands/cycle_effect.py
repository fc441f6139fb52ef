"""What a plan changes in a forecast, and what it cannot: systems, stocks and what was asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from intendance.words import catalogue

if TYPE_CHECKING:
    from intendance.app.commands.cycle_sections import Stage
    from intendance.plan.problem import Problem
    from intendance.plan.result import Plan
    from intendance.review.facts import Section, Table, Value
    from intendance.sustain.forecast import Forecast

NOTHING: Final = 1e-6
_CAUSES_SHOWN: Final = 2


@dataclass(slots=True)
class Brought:
    """What a plan does for one capability, in its units; substitutes at their stated effect.

    ``missing`` is what stays open when the plan's weeks end, by cause.
    """

    wanted: float = 0.0
    brought: float = 0.0
    substitutes: float = 0.0
    missing: dict[str, float] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {
            "open": round(self.wanted, 3),
            "brought": round(self.brought, 3),
            "substitutes": round(self.substitutes, 3),
            "missing": {cause: round(count, 3) for cause, count in self.missing.items()},
        }


def what_is_brought(problem: Problem, plan: Plan) -> dict[str, Brought]:
    """Add up a plan by the capability of its needs; an item of another capability substitutes."""
    from intendance.model.catalogue import find_item

    found: dict[str, Brought] = {}
    names = problem.needs.capabilities
    for name, quantity in zip(names, problem.needs.quantity.tolist(), strict=True):
        found.setdefault(name, Brought()).wanted += quantity
    for shipment in plan.shipments:
        name, item = names[shipment.need], int(problem.stocks.item[shipment.stock])
        worth = float(shipment.quantity) * problem.effect(shipment.need, item)
        known = find_item(problem.items.ids[item])
        if known is None or known.capability == name:
            found[name].brought += worth
        else:
            found[name].substitutes += worth
    for lack in plan.unmet:
        missing = found[names[lack.need]].missing
        missing[lack.cause] = missing.get(lack.cause, 0.0) + lack.quantity
    return found


@dataclass(frozen=True, slots=True)
class Supplied:
    """A stock at a site: the day it is used up and what is missing by the end; and with the plan.

    None for a day: it lasts beyond the horizon.
    """

    item: str
    site: str
    on_hand: float
    out_day: int | None
    missing: float
    out_day_with_plan: int | None
    missing_with_plan: float | None


def supplies_of(before: Forecast, later: Forecast | None) -> list[Supplied]:
    """Set the stocks of two forecasts side by side."""
    planned = {(stock.item, stock.site): stock for stock in (later.stocks if later else ())}
    found = []
    for stock in before.stocks:
        then = planned.get((stock.item, stock.site))
        found.append(
            Supplied(
                stock.item,
                stock.site,
                stock.on_hand[0],
                stock.used_up_on_day,
                stock.unmet,
                then.used_up_on_day if then else None,
                then.unmet if then else None,
            )
        )
    return found


def effect_of(stage: Stage, brought: Mapping[str, Brought]) -> dict[str, Brought]:
    """Give what the plan does for each system, item and spare of a model that was open in it."""
    from intendance.sustain.posting import capability_of

    model = stage.model
    names = [system.system for system in model.systems]
    names += [use.item for use in model.consumption]
    names += [unit.lru for unit in model.units]
    found = {}
    for name in dict.fromkeys(names):
        held = brought.get(capability_of(name, model, stage.basis))
        if held is not None:
            found[name] = held
    return found


def effect_tables(stage: Stage, brought: Mapping[str, Brought], language: str) -> list[Table]:
    """Give the tables of what the plan changes: stocks by site, and what was open."""
    found = [_supplies(stage, language), _brought(stage, brought, language)]
    return [table for table in found if table.rows]


def _supplies(stage: Stage, language: str) -> Table:
    from intendance.review.facts import Table

    words = catalogue("sustain", language).gettext
    heads = (
        words("item"),
        words("site"),
        words("on hand on day 0"),
        words("used up on"),
        words("missing by the end"),
        words("used up on, with the plan"),
        words("missing by the end, with the plan"),
    )

    def day(count: int | None) -> date | None:
        return None if count is None else stage.basis.as_of + timedelta(days=count)

    rows: list[tuple[Value, ...]] = [
        (
            _named(each.item, stage, language),
            each.site,
            _figure(round(each.on_hand)),
            day(each.out_day),
            _whole(each.missing),
            day(each.out_day_with_plan),
            _whole(each.missing_with_plan),
        )
        for each in supplies_of(stage.result, stage.with_plan)
    ]
    kinds = ("text", "text", "count", "day", "count", "day", "count")
    caption = words("Stocks without and with the plan")
    return Table(words("Stocks with the plan"), caption, heads, kinds, tuple(rows))


def _brought(stage: Stage, brought: Mapping[str, Brought], language: str) -> Table:
    from intendance.review.facts import Table
    from intendance.review.labels import UNMET_CAUSES, word
    from intendance.review.typography import Typography

    words = catalogue("sustain", language).gettext
    heads = (
        words("open need"),
        words("quantity"),
        words("the plan brings"),
        words("as substitutes"),
        words("still missing"),
        words("because"),
    )
    say = Typography(language)
    rows: list[tuple[Value, ...]] = []
    for name, each in effect_of(stage, brought).items():
        causes = sorted(each.missing, key=lambda cause: -each.missing[cause])[:_CAUSES_SHOWN]
        figures = (each.wanted, each.brought, each.substitutes, sum(each.missing.values()))
        why = ", ".join(word(UNMET_CAUSES, cause, say) for cause in causes)
        rows.append((_named(name, stage, language), *map(_figure, figures), why or "–"))
    kinds = ("text", "count", "count", "count", "count", "text")
    caption = words("What the plan brings of what is open")
    return Table(words("Needs and plan"), caption, heads, kinds, tuple(rows))


def _figure(value: float | None) -> Decimal | None:
    """Round to the thousandths that a plan knows."""
    if value is None:
        return None
    exact = Decimal(str(round(value, 3)))
    return exact.quantize(Decimal(1)) if exact == int(exact) else exact.normalize()


def _whole(value: float | None) -> Decimal | None:
    """Round what is missing up, as an ask for it would be."""
    return None if value is None else Decimal(math.ceil(value - NOTHING))


def _named(name: str, stage: Stage, language: str) -> str:
    from intendance.review.labels import capability, capitalised

    model = stage.model
    names = {
        **{system.system: system.name for system in model.systems},
        **{unit.lru: unit.name for unit in model.units},
    }
    if name in stage.basis.capability_of:
        return capitalised(capability(stage.basis.capability_of[name], language))
    return catalogue("sustain", language).gettext(names.get(name) or name)


def in_words(stage: Stage, brought: Mapping[str, Brought], language: str) -> list[str]:
    """Say plainly what the plan cannot change of a model, and what the forecast does not count."""
    words = catalogue("sustain", language).gettext
    effect = effect_of(stage, brought)
    units = {unit.lru for unit in stage.model.units}
    said = [
        words(
            "{item}: {count} come as substitutes of another kind; the forecast does not count them."
        ).format(item=_named(name, stage, language), count=_figure(each.substitutes))
        for name, each in effect.items()
        if each.substitutes > NOTHING
    ]
    none = [name for name, each in effect.items() if name in units and each.brought <= NOTHING]
    if none:
        said.append(
            words("No spares come ({items}): what waits for them goes on waiting.").format(
                items=", ".join(_named(name, stage, language) for name in none)
            )
        )
    worse = [
        each.item
        for each in supplies_of(stage.result, stage.with_plan)
        if each.missing_with_plan is not None and each.missing_with_plan > each.missing
    ]
    if worse:
        said.append(
            words(
                "With more systems in use, more is missing than without the plan: {items}."
            ).format(
                items=", ".join(_named(name, stage, language) for name in dict.fromkeys(worse))
            )
        )
    undated = [each.value for each in stage.built.findings if each.code == "undated"]
    if undated:
        said.append(
            words(
                "Promised without a day ({items}): what is committed of it, the plan takes as "
                "coming and sends nothing in its place; the forecast does not count on it. "
                "--lead-days N lets it come."
            ).format(items="; ".join(undated))
        )
    return said


def effect_lines(stage: Stage, brought: Mapping[str, Brought], language: str) -> str:
    """Give tables and sentences as plain text."""
    from intendance.sustain.layout import table

    blocks = []
    for each in effect_tables(stage, brought, language):
        rows = [["–" if cell is None else str(cell) for cell in row] for row in each.rows]
        blocks.append(f"{each.caption}\n{table(each.heads, rows)}")
    return "\n\n".join([*blocks, *in_words(stage, brought, language)])


def effect_section(stage: Stage, brought: Mapping[str, Brought], language: str) -> Section:
    """Give the brief's part on what the plan changes of a model."""
    from intendance.review.facts import Section

    words = catalogue("sustain", language).gettext
    title = words("What the plan changes: {name}").format(name=words(stage.name))
    tables = tuple(effect_tables(stage, brought, language))
    anchor = f"effect-{stage.basis.tracker}"
    return Section(anchor, title, tuple(in_words(stage, brought, language)), tables)
