"""Numbers that link to their entries: each set of entries gets one place in the appendix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from intendance.model.interval import Interval
from intendance.review.facts import Brief, Figure
from intendance.review.typography import Typography


@dataclass
class Links:
    """Writes numbers as links while a page is rendered, and remembers what they rest on.

    A number with one entry links to it; one with several to a list of them (``bases``), which
    the page prints in its appendix after everything else, with the count of all its entries.
    """

    brief: Brief
    typography: Typography
    bases: dict[tuple[str, ...], tuple[int, str, int]] = field(default_factory=dict)

    def to(self, entries: tuple[str, ...], words: str | Markup, about: str = "") -> Markup:
        """Write words as a link to the entries behind them; plain when there are none."""
        known = tuple(each for each in entries if each in self.brief.entries)
        if not known:
            return Markup('<span class="n">{}</span>').format(words)
        if len(known) == 1:
            target = f"e{self.brief.entries[known[0]][0]}"
        else:
            basis = self.bases.setdefault(known, (len(self.bases) + 1, about, len(entries)))
            target = f"b{basis[0]}"
        return Markup('<a class="n" href="#{}">{}</a>').format(target, words)

    def money(self, figure: Figure, about: str = "", *, currency: str = "") -> Markup:
        """Write money short with its interval and the count of undisclosed terms."""
        code = currency or self.brief.currency
        write = self.typography.money
        words = Markup("{}").format(write(figure.best, code))
        if figure.high is None or figure.low != figure.high:
            high = None if figure.high is None else write(figure.high, code)
            words += self.interval(self.typography.bounds(write(figure.low, code), high))
        return self.to(figure.entries, words, about) + self.hidden(figure)

    def cents(self, amount: Decimal, entries: tuple[str, ...], about: str = "") -> Markup:
        """Write money to the cent."""
        return self.to(entries, self.typography.cents(amount), about)

    def count(self, figure: Figure, about: str = "", *, hidden: bool = True) -> Markup:
        """Write a count of things with its interval and the count of undisclosed terms."""
        words = self.span(figure.low, figure.best, figure.high)
        shown = self.to(figure.entries, words, about)
        return shown + self.hidden(figure) if hidden else shown

    def gap(self, gap: Interval, entries: tuple[str, ...], about: str = "") -> Markup:
        """Write what is missing, as an interval."""
        low, best = gap.low or Decimal(0), gap.best or Decimal(0)
        return self.to(entries, self.span(low, best, gap.high), about)

    def interval(self, ends: str) -> Markup:
        """Write the bounds beside a best figure; a table sets them on a line of their own."""
        return Markup(' <span class="iv">({})</span>').format(ends)

    def span(self, low: Decimal, best: Decimal, high: Decimal | None) -> Markup:
        """Write a best figure, with its bounds when they differ."""
        write = self.typography.quantity
        if high is not None and low == high:
            return Markup("{}").format(write(best))
        ends = self.typography.bounds(write(low), None if high is None else write(high))
        if high is None and low == best:
            return Markup("{}").format(ends)
        return Markup("{}").format(write(best)) + self.interval(ends)

    def hidden(self, figure: Figure) -> Markup:
        """Say how many terms are undisclosed; nothing when none is."""
        if not figure.undisclosed:
            return Markup()
        words = self.typography.count("+ {n} undisclosed", "+ {n} undisclosed", figure.undisclosed)
        return Markup(' <span class="u">{}</span>').format(words)

    def numbers(self, entries: tuple[str, ...]) -> list[int]:
        """Give the places in the chain of the entries of one basis."""
        return [self.brief.entries[each][0] for each in entries]


def grouped(entries: Mapping[str, tuple[int, object]]) -> list[tuple[str, int, object]]:
    """Give the entries in the chain's order."""
    return sorted(
        ((name, place, entry) for name, (place, entry) in entries.items()),
        key=lambda each: each[1],
    )
