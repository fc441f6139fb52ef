"""Tables and drawings of a forecast and a simulation, for the page on what keeps working."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from intendance.app.web import outlooks
from intendance.app.web.asked import Asked
from intendance.app.web.sheet import Column, Table
from intendance.review.charts import Drawing, Piece, Step, stacked_columns, waterfall

if TYPE_CHECKING:
    from intendance.sustain.forecast import Forecast, SystemCourse
    from intendance.sustain.model import Model

STATES: Final = ("ready", "waiting", "damaged", "worn_out", "destroyed")
MOST_DRAWN: Final = 4
_COLUMNS: Final = 13
_SOON: Final = 1.0


def number(value: float | None, digits: int = 1) -> Decimal | None:
    """Give a figure as a decimal; None stays unknown."""
    return None if value is None else Decimal(str(round(float(value), digits)))


class Shown:
    """The tables and drawings of one forecast, in one language."""

    def __init__(
        self, asked: Asked, model: Model, result: Forecast, start: date | None, run: Any
    ) -> None:
        self.asked, self.words = asked, asked.words
        self.model, self.result, self.start, self.run = model, result, start, run
        self.days = len(result.days) - 1
        self.names = {each.system: each.name or each.system for each in model.systems}
        self.names |= {each.lru: each.name or each.lru for each in model.units}
        self.sites = {each.site: each.name or each.site for each in model.sites}

    def day(self, number_of: int | None) -> Any:
        """Give a day of the model as a date when it has one, else its number in words."""
        if number_of is None:
            return None
        if self.start is None:
            return self.words("day {n}", n=number_of)
        return self.start + timedelta(days=number_of)

    @property
    def day_kind(self) -> Any:
        """Give the kind of a column of days."""
        return "day" if self.start else "text"

    def readiness(self) -> Table:
        """Give each system: at the start, at the end with its band, required, first day short."""
        words = self.words
        columns = (
            Column("system", words("system")),
            Column("site", words("site")),
            Column("start", words("ready now"), "number"),
            Column("end", words("ready at the end"), "number"),
            Column("low", words("in 1 of 10 futures at most"), "number"),
            Column("high", words("in 9 of 10 futures at most"), "number"),
            Column("required", words("required"), "number"),
            Column("short", words("below what is required from"), self.day_kind),
            Column("met", words("chance to meet it"), "share"),
        )
        rows = tuple(self._readiness_row(each) for each in self.result.series)
        return Table("readiness", words("What keeps working"), columns, rows)

    def _readiness_row(self, row: SystemCourse) -> tuple[Any, ...]:
        from intendance.sustain.report import required_on

        wanted = [
            required_on(self.model, row.site, row.system, day, self.days)
            for day in range(self.days + 1)
        ]
        short = next(
            (
                day
                for day, need in enumerate(wanted)
                if need is not None and row.ready[day] < need - 1e-9
            ),
            None,
        )
        low, high = self._band(row)
        standing = [each for each in wanted if each is not None]
        return (
            self.names.get(row.system, row.system),
            self.sites.get(row.site, row.site),
            number(row.ready[0]),
            number(row.ready[-1]),
            low,
            high,
            number(max(standing)) if standing else None,
            self.day(short),
            self._chance(row),
        )

    def _band(self, row: SystemCourse) -> tuple[Decimal | None, Decimal | None]:
        for each in (self.run or {}).get("series", ()):
            if (each["site"], each["system"]) == (row.site, row.system):
                return number(each["q10"]["ready"][-1]), number(each["q90"]["ready"][-1])
        return None, None

    def _chance(self, row: SystemCourse) -> Decimal | None:
        chances = [
            each["probability"]
            for each in (self.run or {}).get("meeting", ())
            if (each["site"], each["system"]) == (row.site, row.system)
        ]
        return number(min(chances), 4) if chances else None

    def supply(self) -> Table:
        """Give each stock: on hand, days of supply, and when it runs out; the first ones first."""
        words = self.words
        columns = (
            Column("item", words("item")),
            Column("site", words("site")),
            Column("on_hand", words("on hand"), "number"),
            Column("days", words("days of supply"), "number", words("days")),
            Column("out", words("runs out on"), self.day_kind),
        )
        found = []
        for each in self.result.stocks:
            out = outlooks.first_below(list(each.on_hand), lambda value: value < _SOON)
            found.append((out if out is not None else self.days + 1, each, out))
        found.sort(key=lambda x: (x[0], x[1].item, x[1].site))
        rows = tuple(
            (
                each.item.replace("_", " "),
                self.sites.get(each.site, each.site),
                number(each.on_hand[0], 0),
                number(each.days_of_supply[0]),
                self.day(out),
            )
            for _, each, out in found
        )
        caption = words("Days of supply; what runs out first stands first")
        return Table("supply", caption, columns, rows, empty=words("Nothing is used up here."))

    def losses(self) -> Table:
        """Give where the systems have gone by the end, by cause."""
        words = self.words
        states = {
            "ready": words("ready"), "waiting": words("waiting for parts"),
            "damaged": words("damaged"), "worn_out": words("worn out"),
            "destroyed": words("destroyed"),
        }  # fmt: skip
        columns = (
            Column("system", words("system")),
            Column("site", words("site")),
            *(Column(name, label, "number") for name, label in states.items()),
        )
        rows = tuple(
            (
                self.names.get(row.system, row.system),
                self.sites.get(row.site, row.site),
                *(number(getattr(row, name)[-1]) for name in states),
            )
            for row in self.result.series
        )
        return Table("losses", words("Where the systems have gone at the end"), columns, rows)

    def asks(self) -> Table:
        """Give what to ask for, the most urgent first."""
        words = self.words
        columns = (
            Column("item", words("ask for")),
            Column("site", words("site")),
            Column("quantity", words("quantity"), "number"),
            Column("need_by", words("needed by"), self.day_kind),
            Column("order_by", words("order by"), self.day_kind),
            Column("confidence", words("confidence"), "share"),
            Column("because", words("because")),
        )
        rows = tuple(
            (
                self.names.get(each.item, each.item).replace("_", " "),
                self.sites.get(each.site, each.site),
                number(each.quantity),
                self.day(each.need_by_day),
                self.day(each.order_by_day),
                number(each.confidence, 4),
                each.because,
            )
            for each in self.result.asks
        )
        empty = words("Nothing has to be asked for.")
        return Table("asks", words("What to ask for"), columns, rows, empty=empty)

    # -- drawings ---------------------------------------------------------------------------

    def courses(self) -> list[Drawing]:
        """Draw how many of each system are ready, by day, above those that are not."""
        words = self.words
        states = (
            words("ready"), words("waiting for parts"), words("damaged"), words("worn out"),
            words("destroyed"),
        )  # fmt: skip
        step = max(1, -(-self.days // (_COLUMNS - 1)))
        days = list(range(0, self.days + 1, step))
        made = []
        for at, row in enumerate(self.result.series[:MOST_DRAWN]):
            pieces = [
                Piece(str(day), label, place, float(getattr(row, name)[day]))
                for day in days
                for place, (name, label) in enumerate(zip(STATES, states, strict=True))
            ]
            title = (
                f"{self.names.get(row.system, row.system)}, {self.sites.get(row.site, row.site)}"
            )
            order = [str(day) for day in days]
            made.append(stacked_columns(f"course{at}", pieces, order, words("systems"), title))
        return made

    def fall(self) -> list[Drawing]:
        """Draw each system's way from all that came to what is ready at the end."""
        words, ty = self.words, self.asked.words.ty
        causes = (
            ("destroyed", words("destroyed")),
            ("worn_out", words("worn out")),
            ("damaged", words("damaged")),
            ("waiting", words("waiting for parts")),
        )
        made = []
        for at, row in enumerate(self.result.series[:MOST_DRAWN]):
            level = sum(float(getattr(row, name)[-1]) for name in STATES)
            steps = [Step(words("all that came"), "total", 0.0, level, _said(ty, level))]
            for name, label in causes:
                lost = float(getattr(row, name)[-1])
                steps.append(Step(label, "loss", level, level - lost, f"−{_said(ty, lost)}"))
                level -= lost
            steps.append(Step(words("ready"), "total", 0.0, level, _said(ty, level)))
            title = (
                f"{self.names.get(row.system, row.system)}, {self.sites.get(row.site, row.site)}"
            )
            made.append(waterfall(f"fall{at}", steps, 0.0, words("systems"), title))
        return made


def _said(ty: Any, value: float) -> str:
    return str(ty.quantity(Decimal(str(round(value, 1)))))


def parameter_table(asked: Asked, found: outlooks.Outlook, basis: str) -> Table:
    """Give the model's rows with their origin: sourced (with a link) or assumed."""
    words = asked.words
    rows = [each for each in outlooks.parameters(found) if basis in ("", each[3])]
    columns = (
        Column("table", words("table")),
        Column("which", words("which")),
        Column("values", words("values")),
        Column("basis", words("basis"), "code"),
        Column("source", words("source")),
        Column("note", words("note")),
    )
    return Table(
        "parameters",
        words("Parameters and where they come from"),
        columns,
        tuple(rows),
        links={"source": lambda at: rows[at][4] if _safe(rows[at][4]) else ""},
        empty=words("No parameter is of this kind."),
    )


def _safe(address: str) -> bool:
    return address.startswith(("https://", "http://")) and " " not in address
