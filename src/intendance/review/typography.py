"""Numbers, money and days as each language writes them, with the right blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from gettext import NullTranslations
from typing import Final

from intendance.words import catalogue

NARROW: Final = "\u202f"  # the blank within French numbers and before ; ? ! %
HARD: Final = "\u00a0"
_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
        *("septembre", "octobre", "novembre", "décembre"),
    ),
}
_SHORT_MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
        *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
}
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_HIGH: Final = re.compile(r" (?=[;?!%])")
_BEFORE_WORD: Final = re.compile(r" (?=:)|(?<=\d) (?=(?:Md|M|Md€|mm)\b)|(?<=«) | (?=»)")


@dataclass(frozen=True)
class Typography:
    """One language's way of writing. ``text`` translates a sentence of this room.

    >>> Typography("en").money(Decimal("143633099640"), "EUR").replace(HARD, " ")
    '€143.63 bn'
    >>> Typography("fr").money(Decimal("143633099640"), "EUR").replace(NARROW, "_")
    '143,63_Md€'
    """

    language: str = "en"

    @cached_property
    def words(self) -> NullTranslations:
        """Give the room's message catalogue."""
        return catalogue("review", self.language)

    @property
    def french(self) -> bool:
        """Tell whether French rules hold."""
        return self.language == "fr"

    def text(self, message: str, **values: object) -> str:
        """Translate a message and fill in its values."""
        translated = self.words.gettext(message)
        return translated.format(**values) if values else translated

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Translate a message that counts; ``{n}`` is the number."""
        translated = self.words.ngettext(one, many, number)
        return translated.format(n=self.number(number), **values)

    def number(self, number: Decimal | int, digits: int = 0) -> str:
        """Write a number with grouped thousands.

        >>> Typography("fr").number(1136050).replace(NARROW, "_")
        '1_136_050'
        >>> Typography("en").number(Decimal("11.3"), 1)
        '11.3'
        """
        step = Decimal(1).scaleb(-digits)
        rounded = Decimal(number).quantize(step, ROUND_HALF_EVEN)
        plain = f"{rounded:,.{digits}f}"
        if rounded == 0:
            plain = plain.lstrip("-")
        plain = plain.replace("-", "\u2212")
        if not self.french:
            return plain
        return plain.replace(",", NARROW).replace(".", ",")

    def quantity(self, number: Decimal) -> str:
        """Write a count of things: one digit after the point below 20 when it has one."""
        digits = 1 if abs(number) < 20 and number != number.to_integral_value() else 0
        return self.number(number, digits)

    def money(self, amount: Decimal, currency: str) -> str:
        """Write money short: two digits of billions, millions or units."""
        scale, english, french = self._scale(amount)
        digits = 2 if scale > 1 else 0
        body = self.number(amount / scale, digits)
        symbol = _SYMBOLS.get(currency, currency)
        if self.french:
            unit = f"{french}{symbol}" if french and currency == "EUR" else f"{french} {symbol}"
            return f"{body}{NARROW}{unit.strip().replace(' ', HARD)}"
        sign, body = ("\u2212", body[1:]) if body.startswith("\u2212") else ("", body)
        front = symbol if currency in _SYMBOLS else f"{symbol}{HARD}"
        return f"{sign}{front}{body}{HARD + english if english else ''}"

    @staticmethod
    def _scale(amount: Decimal) -> tuple[Decimal, str, str]:
        for scale, english, french in ((10**9, "bn", "Md"), (10**6, "m", "M")):
            if abs(amount) >= scale:
                return Decimal(scale), english, french
        return Decimal(1), "", ""

    def cents(self, amount: Decimal) -> str:
        """Write money in full, to the cent, without its currency."""
        return self.number(amount, 2)

    def signed(self, text: str, amount: Decimal) -> str:
        """Put a plus before what is added."""
        return f"+{text}" if amount > 0 else text

    def percent(self, share: Decimal, digits: int = 0) -> str:
        """Write a share of one as a percentage."""
        blank = NARROW if self.french else ""
        return f"{self.number(share * 100, digits)}{blank}%"

    def day(self, day: date | None) -> str:
        """Write a day in words.

        >>> Typography("fr").day(date(2023, 6, 1)).replace(HARD, " ")
        '1er juin 2023'
        """
        if day is None:
            return "\u2013"
        first = "1er" if self.french and day.day == 1 else str(day.day)
        return f"{first}{HARD}{_MONTHS[self.language][day.month - 1]}{HARD}{day.year}"

    def month(self, text: str) -> str:
        """Write a month given as YYYY-MM; what is none stays as it is."""
        year, _, month = text.partition("-")
        if not (year.isdigit() and month.isdigit()):
            return text or self.text("undated")
        return f"{_SHORT_MONTHS[self.language][int(month) - 1]}{HARD}{year}"

    def bounds(self, low: str, high: str | None) -> str:
        """Write the two ends of an interval; an open end is said."""
        if high is None:
            return self.text("at least {low}", low=low)
        return low if low == high else f"{low}\u2013{high}"

    def quote(self, text: str) -> str:
        """Put the language's quotation marks around somebody's words."""
        inner = text.strip().strip('"\u201c\u201d\u00ab\u00bb \u00a0\u202f')
        return f"«{HARD}{inner}{HARD}»" if self.french else f"\u201c{inner}\u201d"

    def tidy(self, text: str) -> str:
        """Give a sentence that comes from elsewhere the language's apostrophes and blanks.

        >>> Typography("fr").tidy("l'aide : 5 Md ?") == "l’aide\u00a0: 5\u00a0Md\u202f?"
        True
        """
        if not self.french:
            return text
        text = _APOSTROPHE.sub("\u2019", text)
        text = _BEFORE_HIGH.sub(NARROW, text)
        return _BEFORE_WORD.sub(HARD, text)

    def listed(self, parts: Iterable[str]) -> str:
        """Join parts of a list that may hold commas themselves."""
        return (f"{NARROW}; " if self.french else "; ").join(parts)

    def colon(self) -> str:
        """Give the colon with the blank that stands before it."""
        return f"{HARD}: " if self.french else ": "
