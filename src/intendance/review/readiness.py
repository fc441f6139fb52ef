"""The brief's part on readiness: what keeps working, when it falls short, why, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from intendance.review import labels
from intendance.review.charts import Drawing, Piece, Step, stacked_rows, waterfall
from intendance.review.facts import Section, Table, Value
from intendance.review.outlook_charts import (
    Fan,
    Place,
    Span,
    cost_curve,
    fan_chart,
    pipeline_map,
    range_chart,
)
from intendance.review.typography import NARROW, Typography
from intendance.sustain.asks import Ask, merged
from intendance.sustain.model import Model
from intendance.sustain.outlook import Losses, Outlook
from intendance.sustain.report import required_on
from intendance.sustain.simulation import Bands, Meeting, StockBands, SystemBands
from intendance.words import catalogue

MOST_FANS: Final = 6
MOST_ASKS: Final = 40
MOST_PIPELINES: Final = 40
POINTS: Final = 10
_NEVER: Final = 0.005
"""Below half a percent no share is worth a date."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be shown: the outlook, its day 0, and what was found beside it.

    ``asks`` None: those of the outlook. ``with_plan``: ready systems at the end, by site and
    system, once a plan has been carried out.
    """

    outlook: Outlook
    as_of: date
    language: str = "en"
    notes: tuple[str, ...] = ()
    asks: tuple[Ask, ...] | None = None
    with_plan: Mapping[tuple[str, str], float] = field(default_factory=dict)


def section_of(ahead: Ahead) -> Section:
    """Build the part of one model: drawings above their tables, in the order of the questions."""
    return _Part(ahead).section()


def _rounded(value: float | None, digits: int = 1) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, digits)))


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [value or 0.0 for value in values]


class _Part:
    """Words, names and days of one part; each method gives one question's answer."""

    def __init__(self, ahead: Ahead) -> None:
        self.ahead = ahead
        self.outlook = ahead.outlook
        self.model: Model = ahead.outlook.model
        self.result = ahead.outlook.result
        self.days = self.result.wish.days
        self.words = catalogue("sustain", ahead.language).gettext
        self.write = Typography(ahead.language)
        name = "".join(each if each.isalnum() else "-" for each in self.outlook.name)
        self.anchor = f"sustain-{name}"
        self.sites = {site.site: self._named(site.name or site.site) for site in self.model.sites}
        self.things = {
            **{row.system: row.name for row in self.model.systems},
            **{unit.lru: unit.name for unit in self.model.units},
        }

    def section(self) -> Section:
        """Put the answers together; one that holds nothing is left out."""
        words = self.words
        tables: list[Table] = []
        drawings: list[Drawing] = []
        for table, pictures in (
            self.readiness(),
            self.meeting(),
            self.supplies(),
            self.losses(),
            self.costs(),
            self.problems(),
            self.pipelines(),
            self.asks(),
        ):
            if not table.rows:
                continue
            drawings += [replace(each, above=len(tables)) for each in pictures]
            tables.append(table)
        wish = self.result.wish
        said = words(
            "{futures} futures of {days} days from {day}, seed {seed}; what is down neither fails "
            "nor fires. Bands hold eight in ten futures."
        ).format(
            futures=self.write.number(wish.futures),
            days=wish.days,
            day=self.write.day(self.ahead.as_of),
            seed=wish.seed,
        )
        if wish.rate_shape:
            said += " " + words("Rates are taken as known to about a half, and partly assumed.")
        title = words("What keeps working: {name}").format(name=self._named(self.outlook.name))
        paragraphs = (said, *self.ahead.notes)
        return Section(self.anchor, title, paragraphs, tuple(tables), tuple(drawings))

    # -- names and days ---------------------------------------------------------------------

    def _named(self, text: str) -> str:
        return catalogue("sustain", self.ahead.language).gettext(text) if text else ""

    def thing(self, name: str) -> str:
        """Give the name of a system, part or consumable."""
        capability = self.outlook.capability_of.get(name, "")
        if capability:
            return labels.capitalised(labels.capability(capability, self.ahead.language))
        return self._named(self.things.get(name) or name)

    def place(self, site: str) -> str:
        """Give the name of a site."""
        return self.sites.get(site, site)

    def day(self, number: int | None) -> date | None:
        """Give the date of a day of the horizon."""
        return None if number is None else self.ahead.as_of + timedelta(days=number)

    def ticks(self) -> dict[int, str]:
        """Give the first of each month within the horizon; days when it is short."""
        start = self.ahead.as_of
        if self.days < 50:
            step = max(1, self.days // 6)
            shown = range(0, self.days + 1, step)
            return {d: self.write.day(self.day(d)).rpartition("\u00a0")[0] for d in shown}
        found = {}
        for number in range(self.days + 1):
            then = start + timedelta(days=number)
            if then.day == 1:
                found[number] = self.write.month(f"{then.year}-{then.month:02d}")
        return found

    def chart_words(self) -> dict[str, str]:
        """Give the words of the fans."""
        words = self.words
        return {
            "band": words("eight in ten futures"),
            "mean": words("mean"),
            "required": words("required"),
            "inbound": words("arrives"),
            "group": NARROW if self.write.french else ",",
        }

    def basis(self, bands: Bands) -> str:
        """Say what a fan rests on: futures, seed, largest standard error of the mean."""
        errors = [value for value in bands.by_statistic["std_error"] if value is not None]
        return self.words(
            "{futures} futures, seed {seed}; standard error of the mean at most {error}."
        ).format(
            futures=self.write.number(self.result.wish.futures),
            seed=self.result.wish.seed,
            error=self.write.number(Decimal(str(max(errors, default=0.0))), 2),
        )

    # -- the questions ----------------------------------------------------------------------

    def required(self, row: SystemBands) -> list[float | None]:
        """Give what is required of a system at a site, by day."""
        pair = (self.model, row.site, row.system)
        return [required_on(*pair, day, self.days) for day in range(self.days + 1)]

    def readiness(self) -> tuple[Table, list[Drawing]]:
        """Show how many are ready, with the band and the requirement."""
        words = self.words
        heads = [words("system"), words("site"), words("ready on day 0"), words("lowest mean"),
                 words("on"), words("at the end"), words("low (10 %)"), words("high (90 %)"),
                 words("standard error"), words("required")]  # fmt: skip
        planned = bool(self.ahead.with_plan)
        if planned:
            heads.append(words("at the end, with the plan"))
        rows: list[tuple[Value, ...]] = []
        fans: list[tuple[float, Drawing]] = []
        for at, row in enumerate(self.result.series):
            ready = row.measures["ready"].by_statistic
            mean = _numbers(ready["mean"])
            if not max(mean):
                continue
            required = self.required(row)
            lowest = min(range(len(mean)), key=lambda day: mean[day])
            figures = (mean[-1], ready["q10"][-1], ready["q90"][-1])
            cells: list[Value] = [self.thing(row.system), self.place(row.site), _rounded(mean[0]),
                     _rounded(mean[lowest]), self.day(lowest), *map(_rounded, figures),
                     _rounded(ready["std_error"][-1], 2),
                     _rounded(max((need for need in required if need is not None), default=None)),
                     ]  # fmt: skip
            if planned:
                cells.append(_rounded(self.ahead.with_plan.get((row.site, row.system))))
            rows.append(tuple(cells))
            margin = min(
                (have / need for have, need in zip(mean, required, strict=True) if need),
                default=9.0,
            )
            if len(mean) > 1:
                fans.append((margin, self.fan(f"{self.anchor}-fan{at}", row, required)))
        kinds = ["text", "text", "count", "count", "day", *("count",) * (6 if planned else 5)]
        shown = [fan for _, fan in sorted(fans, key=lambda pair: pair[0])[:MOST_FANS]]
        caption = words("Ready systems")
        return Table(words("Readiness"), caption, tuple(heads), tuple(kinds), tuple(rows)), shown

    def fan(self, name: str, row: SystemBands, required: list[float | None]) -> Drawing:
        """Draw the ready systems of one site."""
        bands = row.measures["ready"]
        found = bands.by_statistic
        mean, low, high = (_numbers(found[key]) for key in ("mean", "q10", "q90"))
        fan = Fan(mean, low, high, required)
        title = self.words("{system}, {site}: ready systems").format(
            system=self.thing(row.system), site=self.place(row.site)
        )
        drawing = fan_chart(name, fan, self.chart_words(), self.ticks(), title)
        return replace(drawing, caption=f"{title}. {self.basis(bands)}")

    def meeting(self) -> tuple[Table, list[Drawing]]:
        """Show how likely each requirement is met, and when it first is not."""
        words = self.words
        later = any(row.requirement.from_day for row in self.result.meeting)
        heads = [words("system"), words("site"), words("required"), words("from"), words("until"),
                 words("probability of meeting it"), words("below it from, earliest (10 %)"),
                 words("median"), words("latest (90 %)")]  # fmt: skip
        kinds = ["text", "text", "count", "day", "day", "share", "day", "day", "day"]
        rows: list[tuple[Value, ...]] = []
        spans = []
        for row in self.result.meeting:
            need = row.requirement
            below = row.below_from_day
            last = self.days if need.to_day is None else min(need.to_day - 1, self.days)
            cells = [self.thing(need.system), self.place(need.site), _rounded(need.quantity),
                     self.day(need.from_day), self.day(last), _rounded(row.probability, 3),
                     *(self.day(below[key]) for key in ("q10", "q50", "q90"))]  # fmt: skip
            # A column of nothing but day 0 only makes the table wide.
            rows.append(tuple(cells if later else cells[:3] + cells[4:]))
            spans.append(self._span(row))
        if not later:
            del heads[3], kinds[3]
        error = max((row.std_error for row in self.result.meeting), default=0.0)
        caption = words(
            "Probability of meeting each requirement (standard error at most {error}), "
            "and when it is first missed"
        ).format(error=self.write.number(Decimal(str(error)), 3))
        name = words("Requirements")
        table = Table(name, caption, tuple(heads), tuple(kinds), tuple(rows))
        if not spans:
            return table, []
        title = words("When each capability falls below its requirement")
        drawing = range_chart(f"{self.anchor}-below", spans, self.days, self.ticks(), title)
        said = words("{title}: from the tenth to the ninetieth of a hundred futures, the point is "
                     "the median; beside it the chance that it never does.")  # fmt: skip
        return table, [replace(drawing, caption=said.format(title=title))]

    def _span(self, row: Meeting) -> Span:
        need, below = row.requirement, row.below_from_day
        label = f"{self.thing(need.system)}, {self.place(need.site)}"
        met = self.words("met: {share}").format(
            share=self.write.percent(Decimal(str(round(row.probability, 3))))
        )
        return Span(label, below["q10"], below["q50"], below["q90"], met)

    def supplies(self) -> tuple[Table, list[Drawing]]:
        """Show stocks and days of supply burning down, with what is to arrive."""
        words = self.words
        heads = (words("item"), words("site"), words("on hand on day 0"),
                 words("days of supply then"), words("still to arrive"),
                 words("on hand at the end"), words("days of supply then"),
                 words("used up: probability"),
                 words("half of those by"), words("not there when wanted"))  # fmt: skip
        rows: list[tuple[Value, ...]] = []
        fans = []
        for at, row in enumerate(self.result.stocks):
            hand = row.on_hand.by_statistic["mean"]
            lasts = row.days_of_supply.by_statistic["q50"]
            coming = self._coming(row)
            out = row.ran_out[-1]
            half = next((d for d, share in enumerate(row.ran_out) if share >= out / 2), None)
            rows.append((self.thing(row.item), self.place(row.site), _rounded(hand[0]),
                         _rounded(lasts[0]), _rounded(sum(each for _, each in coming)),
                         _rounded(hand[-1]), _rounded(lasts[-1]), _rounded(out, 3),
                         self.day(half if out > _NEVER else None),
                         _rounded(row.unmet)))  # fmt: skip
            fans.append((-out, self.burn_down(f"{self.anchor}-days{at}", row, coming)))
        kinds = ("text", "text", *("count",) * 5, "share", "day", "count")
        caption = words("Stocks, and how many days they last at the coming day’s use")
        shown = [fan for _, fan in sorted(fans, key=lambda pair: pair[0])[:MOST_FANS]]
        return Table(words("Days of supply"), caption, heads, kinds, tuple(rows)), shown

    def _coming(self, row: StockBands) -> list[tuple[int, float]]:
        return [
            (each.day, each.quantity)
            for each in self.model.supplies
            if (each.site, each.item) == (row.site, row.item) and 0 < each.day <= self.days
        ]

    def burn_down(self, name: str, row: StockBands, coming: list[tuple[int, float]]) -> Drawing:
        """Draw the days of supply of one stock, and the days on which more arrives."""
        found = row.days_of_supply.by_statistic
        marks = tuple((day, f"{quantity:g}") for day, quantity in coming)
        mean, low, high = (_numbers(found[key]) for key in ("mean", "q10", "q90"))
        fan = Fan(mean, low, high, (), marks)
        title = self.words("{item}, {site}: days of supply").format(
            item=self.thing(row.item), site=self.place(row.site)
        )
        drawing = fan_chart(name, fan, self.chart_words(), self.ticks(), title)
        return replace(drawing, caption=f"{title}. {self.basis(row.days_of_supply)}")

    def losses(self) -> tuple[Table, list[Drawing]]:
        """Show where the systems are on the day when fewest are ready."""
        words = self.words
        heads = (words("system"), words("worst day"), words("arrived so far"), words("destroyed"),
                 words("worn out"), words("damaged, to return"), words("wait for transport"),
                 words("wait for repair"), words("wait for new spares"),
                 words("ready"))  # fmt: skip
        rows: list[tuple[Value, ...]] = []
        pictures = []
        for at, loss in enumerate(self.outlook.losses):
            if loss.arrived <= 0:
                continue
            parts = (loss.destroyed, loss.worn_out, loss.damaged, loss.transport, loss.repair,
                     loss.spares)  # fmt: skip
            rows.append((self.thing(loss.system), self.day(loss.day), _rounded(loss.arrived),
                         *map(_rounded, parts), _rounded(loss.ready)))  # fmt: skip
            pictures.append(self._waterfall(f"{self.anchor}-loss{at}", loss, heads[2:], parts))
        kinds = ("text", "day", *("count",) * 8)
        caption = words("Where the systems are when fewest are ready: mean of the forecast")
        return Table(words("Losses by cause"), caption, heads, kinds, tuple(rows)), pictures

    def _waterfall(
        self, name: str, loss: Losses, heads: Sequence[str], parts: Sequence[float]
    ) -> Drawing:
        top = loss.arrived
        steps = [Step(heads[0], "total", 0.0, top, self._amount(top))]
        for head, part in zip(heads[1:-1], parts, strict=True):
            if part > 0.05:
                steps.append(Step(head, "loss", top, top - part, f"−{self._amount(part)}"))
                top -= part
        steps.append(Step(heads[-1], "total", 0.0, loss.ready, self._amount(loss.ready)))
        title = self.words("{system}: from what arrived to what is ready on {day}").format(
            system=self.thing(loss.system), day=self.write.day(self.day(loss.day))
        )
        return replace(waterfall(name, steps, 0.0, "", title), caption=f"{title}.")

    def _amount(self, value: float) -> str:
        return self.write.quantity(Decimal(str(round(value, 1))))

    def costs(self) -> tuple[Table, list[Drawing]]:
        """Show what spares buy: the curve, today's point, and what as much money could buy."""
        words = self.words
        heads = (words("stock of spares"), words("cost, EUR"), words("availability"),
                 words("expected backorders"))  # fmt: skip
        kinds = ("text", "money", "share", "count")
        caption = words("What spares buy in the long run, at constant tempo and ample repair")
        name = words("Cost and availability")
        found = self.outlook.frontier
        if found is None:
            return Table(name, caption, heads, kinds, ()), []
        today, points = found.today, list(found.points)
        same = [point for point in points if point.cost_eur <= today.cost_eur + 1e-6]
        cheaper = next((p for p in points if p.availability >= today.availability - 1e-9), None)
        shown = [(words("today"), today)]
        if same:
            shown.append((words("best for as much money"), same[-1]))
        if cheaper:
            shown.append((words("cheapest that is as good"), cheaper))
        step = max(1, len(points) // POINTS)
        shown += [(words("on the curve"), point) for point in points[::step]]
        rows = tuple(
            (label, _rounded(point.cost_eur, 0), _rounded(point.availability, 4),
             _rounded(point.expected_backorders, 2))
            for label, point in shown
        )  # fmt: skip
        curve = [(point.cost_eur / 1e6, point.availability) for point in points]
        captions = {"curve": words("best for the money"), "today": words("today’s stock"),
                    "unit": words("cost of spares, EUR million"),
                    "percent": f"{NARROW}%" if self.write.french else "%"}  # fmt: skip
        here = (today.cost_eur / 1e6, today.availability)
        title = words("Availability over the cost of spares")
        said = words(
            "{title}. The curve leaves fewest holes for the money; where availability is "
            "low, another stock may have it a little higher."
        ).format(title=title)
        drawing = cost_curve(f"{self.anchor}-cost", curve, here, captions, title)
        return Table(name, caption, heads, kinds, rows), [replace(drawing, caption=said)]

    def problems(self) -> tuple[Table, list[Drawing]]:
        """Show the parts that keep most systems waiting."""
        words = self.words
        heads = (words("part"), words("system"), words("site"), words("systems that wait, mean"),
                 words("share of all waiting"))  # fmt: skip
        rows = tuple(
            (self.thing(row.lru), self.thing(row.system), self.place(row.site),
             _rounded(row.holes, 2), _rounded(row.share, 3))
            for row in self.outlook.problems
        )  # fmt: skip
        caption = words("Parts that keep systems waiting, mean over the horizon")
        table = Table(words("Problem parts"), caption, heads, ("text", "text", "text", "count",
                      "share"), rows)  # fmt: skip
        if not rows:
            return table, []
        pieces: list[Piece] = []
        totals: dict[str, float] = {}
        for row in self.outlook.problems:
            label = f"{self.thing(row.lru)}, {self.place(row.site)}"
            pieces.append(Piece(label, self.thing(row.system), 0, row.holes))
            totals[label] = totals.get(label, 0.0) + row.holes
        said = {label: self._amount(value) for label, value in totals.items()}
        drawing = stacked_rows(f"{self.anchor}-parts", pieces, said, "", caption)
        return table, [replace(drawing, caption=f"{caption}.")]

    def pipelines(self) -> tuple[Table, list[Drawing]]:
        """Show what is under way between and in the sites in the long run."""
        words = self.words
        heads = (words("part"), words("site"), words("stock level"), words("under way, mean"),
                 words("expected backorders"))  # fmt: skip
        order = sorted(self.outlook.pipelines, key=lambda row: -row.pipeline_mean)
        rows = tuple(
            (self.thing(row.lru), self.place(row.site), row.level, _rounded(row.pipeline_mean, 2),
             _rounded(row.expected_backorders, 2))
            for row in order[:MOST_PIPELINES] if row.pipeline_mean > 0.005
        )  # fmt: skip
        caption = words("Units in repair, on the road or on order in the long run, by site")
        table = Table(words("Pipelines"), caption, heads, ("text", "text", *("count",) * 3), rows)
        places = self._places()
        if not rows or len(places) < 2:
            return table, []
        title = words("Pipeline map")
        drawing = pipeline_map(f"{self.anchor}-map", places, title)
        said = words("From the ample source (left) to the units: ways are as thick as the number "
                     "of units under way to the site.")  # fmt: skip
        return table, [replace(drawing, caption=said)]

    def _places(self) -> list[Place]:
        """Lay the sites out: ends get rows of their own, parents the middle of their children."""
        children: dict[str, list[str]] = {}
        for site in self.model.sites:
            children.setdefault(site.parent, []).append(site.site)
        units: dict[str, float] = {}
        short: dict[str, float] = {}
        for row in self.outlook.pipelines:
            units[row.site] = units.get(row.site, 0.0) + row.pipeline_mean
            short[row.site] = short.get(row.site, 0.0) + row.expected_backorders
        found: list[Place] = []
        ends = [0]

        def lay(site: str, depth: int, parent: int) -> float:
            at = len(found)
            said = self.words("{units} under way, {short} short").format(
                units=self._amount(units.get(site, 0.0)), short=self._amount(short.get(site, 0.0))
            )
            here = Place(self.place(site), depth, 0.0, parent, units.get(site, 0.0), said)
            found.append(here)
            rows = [lay(child, depth + 1, at) for child in children.get(site, [])]
            if not rows:
                rows = [float(ends[0])]
                ends[0] += 1
            middle = sum(rows) / len(rows)
            found[at] = replace(here, row=middle)
            return middle

        for top in children.get("", []):
            lay(top, 0, -1)
        return found

    def asks(self) -> tuple[Table, list[Drawing]]:
        """Show what to ask for, by when, and why."""
        words = self.words
        heads = (words("ask for"), words("site"), words("quantity"), words("need by"),
                 words("order by"), words("confidence"), words("because"))  # fmt: skip
        asks: Iterable[Ask] = self.result.asks if self.ahead.asks is None else self.ahead.asks
        rows = tuple(
            (self.thing(ask.item), self.place(ask.site), _rounded(ask.quantity),
             self.day(ask.need_by_day), self.day(ask.order_by_day), _rounded(ask.confidence, 2),
             ask.because)
            for ask in merged(asks)[:MOST_ASKS]
        )  # fmt: skip
        kinds = ("text", "text", "count", "day", "day", "share", "text")
        return Table(words("Asks"), words("What to ask for"), heads, kinds, rows), []
