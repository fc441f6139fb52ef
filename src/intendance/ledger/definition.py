"""A total is a function of a definition; the definition is printed with the figure (rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from intendance.errors import UsageError
from intendance.model.stages import ASKED, STAGES

Attribution = Literal["donor", "channel"]
# What a total may be broken down by, and filtered on.
DIMENSIONS: Final = ("donor", "category", "stage", "item", "instrument", "month")
FIELDS: Final = (
    "donor",
    "recipient",
    "category",
    "capability",
    "item",
    "instrument",
    "place",
    "stage",
    "month",
    "line",
    "currency",
    "marking",
    "tracker",
    "unit",
    "topic",
)


@dataclass(frozen=True, slots=True)
class RateRule:
    """How money of one currency becomes money of another.

    ``source``: the tracker's own conversion; ``ecb``: the ECB's reference rate of the
    decision day, of the as-of day, or of one constant day.
    """

    basis: Literal["source", "ecb"] = "source"
    moment: Literal["decision-day", "as-of", "constant"] = "decision-day"
    day: date | None = None

    def __str__(self) -> str:
        if self.basis == "source":
            return "source"
        return f"ecb:{self.moment}" + (f":{self.day}" if self.day else "")

    @classmethod
    def parse(cls, text: str) -> RateRule:
        """Read ``source``, ``ecb:decision-day``, ``ecb:as-of`` or ``ecb:constant:DATE``.

        >>> str(RateRule.parse("ecb:constant:2023-04-21"))
        'ecb:constant:2023-04-21'
        """
        name, _, rest = text.strip().partition(":")
        moment, _, day = rest.partition(":")
        if text == "source":
            return cls()
        if name == "ecb" and moment in ("decision-day", "as-of") and not day:
            return cls("ecb", moment)  # type: ignore[arg-type]
        if name == "ecb" and moment == "constant":
            try:
                return cls("ecb", "constant", date.fromisoformat(day))
            except ValueError:
                pass
        raise UsageError(
            f"There is no rate rule {text!r}.",
            next_step="Use source, ecb:decision-day, ecb:as-of or ecb:constant:YYYY-MM-DD.",
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """What a total counts: stage, the two clocks, currency and rates, scope, attribution.

    ``as_of`` None is "everything the record holds, future dates included"; ``known_at`` None is
    "all that has been recorded".
    """

    stage: str = "commitment"
    as_of: date | None = None
    known_at: date | None = None
    currency: str = "EUR"
    rates: RateRule = RateRule()
    where: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    attribution: Attribution = "donor"
    topic: str = "aid"

    def checked(self) -> Definition:
        """Give the definition with tidy words, or raise a UsageError that says what is off."""
        if self.stage not in STAGES:
            raise UsageError(
                f"There is no stage {self.stage!r}.", next_step=f"Use one of {', '.join(ASKED)}."
            )
        for name in self.by:
            if name not in FIELDS:
                raise UsageError(
                    f"A total cannot be broken down by {name!r}.",
                    next_step=f"Use {', '.join(DIMENSIONS)}.",
                )
        for name, _ in self.where:
            if name not in FIELDS:
                raise UsageError(
                    f"There is no field {name!r} to filter on.",
                    next_step=f"Use {', '.join(FIELDS)}.",
                )
        if len(set(self.by)) != len(self.by):
            raise UsageError("A breakdown names a field twice.", next_step="Name each once.")
        code = self.currency.strip().upper()
        if not (len(code) == 3 and code.isalpha() and code.isascii()):
            raise UsageError(
                f"{self.currency!r} is not a currency code.", next_step="Use EUR, USD, GBP …"
            )
        return replace(self, currency=code)

    def known(self, day: date | None) -> Definition:
        """Give the same definition as known on another day."""
        return replace(self, known_at=day)

    def as_record(self) -> dict[str, object]:
        """Give the definition as a JSON object."""
        return {
            "stage": self.stage,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "currency": self.currency,
            "rates": str(self.rates),
            "where": alternatives(self.where),
            "by": list(self.by),
            "attribution": self.attribution,
        }


def alternatives(where: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Give the filters by field; several values of one field are alternatives.

    >>> alternatives((("donor", "Poland"), ("donor", "Norway")))
    {'donor': 'Poland|Norway'}
    """
    found: dict[str, str] = {}
    for name, value in where:
        found[name] = f"{found[name]}|{value}" if name in found else value
    return found


def parse_where(words: list[str]) -> tuple[tuple[str, str], ...]:
    """Read ``field=value`` filters.

    >>> parse_where(["donor=Poland"])
    (('donor', 'Poland'),)
    """
    found = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"{word!r} is not a filter.", next_step="Write field=value, as in donor=Poland."
            )
        found.append((name.strip().lower(), value.strip()))
    return tuple(found)
