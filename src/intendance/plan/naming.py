"""A problem's things in people's words: labels, amounts and days of one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from gettext import NullTranslations
from typing import Final

from intendance.model.catalogue import capabilities, find_party, items
from intendance.plan.problem import MEASURES, Problem
from intendance.words import catalogue

_BLANK: Final = "\u202f"
_FIGURES: Final = 6
_LARGE: Final = 10**15


@dataclass(frozen=True)
class Names:
    """Words of one language for the things of one problem; what has no label keeps its id."""

    problem: Problem
    language: str = "en"
    words: NullTranslations = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", catalogue("plan", self.language))

    def __call__(self, message: str, **values: object) -> str:
        """Translate a sentence and fill in its values."""
        said = self.words.gettext(message)
        return said.format(**values) if values else said

    @cached_property
    def _capabilities(self) -> dict[str, str]:
        return {name: each.label(self.language) for name, each in capabilities().items()}

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Translate a sentence that counts; ``{count}`` is the number."""
        return self.words.ngettext(one, many, number).format(count=number, **values)

    def capability(self, need: int) -> str:
        """Name what a need asks for."""
        name = self.problem.needs.capabilities[need]
        return self._capabilities.get(name, name.replace("_", " "))

    def donor(self, donor: int) -> str:
        """Name a donor."""
        name, own = self.problem.donors.ids[donor], self.problem.donors.names[donor]
        party = find_party(own) or find_party(name)
        return party.label(self.language) if party else own or name

    def donor_of(self, stock: int) -> str:
        """Name the donor of a stock."""
        return self.donor(int(self.problem.stocks.donor[stock]))

    def item(self, item: int) -> str:
        """Name an item."""
        name = self.problem.items.ids[item]
        known = items().get(name)
        return known.label(self.language) if known else self.problem.items.names[item] or name

    def item_of(self, stock: int) -> str:
        """Name the item of a stock."""
        return self.item(int(self.problem.stocks.item[stock]))

    def node(self, node: int) -> str:
        """Name a place."""
        return self.problem.nodes.names[node] or self.problem.nodes.ids[node]

    def measure(self, link: int) -> str:
        """Name what a link's capacity is measured in."""
        return self(MEASURES[self.problem.links.measure[link]])

    def way(self, link: int) -> str:
        """Name a link by its ends."""
        links = self.problem.links
        return f"{self.node(int(links.source[link]))} – {self.node(int(links.target[link]))}"

    def amount(self, value: float) -> str:
        """Write a figure with grouped thousands, rounded to six figures, in the language's way."""
        if abs(value) < _LARGE and value == round(value):
            plain = f"{value:,.0f}"
        else:
            plain = f"{value:,.{_FIGURES}g}"
        if plain == "-0":
            plain = "0"
        if self.language == "fr":
            plain = plain.replace(",", _BLANK).replace(".", ",")
        return plain

    def day(self, week: int) -> str:
        """Give a week's first day when the problem has a start, else the week's number."""
        if self.problem.start:
            try:
                start = date.fromisoformat(self.problem.start)
                return (start + timedelta(weeks=week)).isoformat()
            except (ValueError, OverflowError):
                pass
        return self("week {week}", week=week)
