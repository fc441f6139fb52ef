"""What a form holds: texts, days, numbers and files, each bounded and said when it is off."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from starlette.datastructures import FormData, UploadFile

from intendance.app.web.fields import FIRST_YEAR, LAST_YEAR
from intendance.errors import UsageError
from intendance.model.interval import decimal_of


class Upload(NamedTuple):
    """A file that came with a form: its name (without folders), its size in bytes, its content."""

    name: str
    size: int
    stream: BinaryIO


class Form:
    """The fields of a posted form. Absent and blank are the same."""

    def __init__(self, given: FormData) -> None:
        self._given = given

    def text(self, name: str, *, most: int = 400, lines: bool = False) -> str:
        """Give a text, tidied; UsageError when it is too long."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return ""
        kept = "".join(
            each
            for each in unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
            if unicodedata.category(each) not in ("Cc", "Cs") or (lines and each in "\n\t")
        ).strip()
        if len(kept) > most:
            raise UsageError(f"{name}: at most {most} characters.")
        return kept

    def secret(self, name: str) -> str:
        """Give a password exactly as it was typed."""
        value = self._given.get(name)
        return value[:1000] if isinstance(value, str) else ""

    def agree(self, first: str, second: str) -> None:
        """Refuse with a UsageError two passwords that should be one."""
        if self.secret(first) != self.secret(second):
            raise UsageError("The two passwords differ.", next_step="Type the same one twice.")

    def texts(self, name: str, *, most: int = 200) -> list[str]:
        """Give all values of a field that may come several times."""
        return [str(each)[:400] for each in self._given.getlist(name) if isinstance(each, str)][
            :most
        ]

    def flag(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return bool(self.text(name))

    def day(self, name: str) -> date | None:
        """Give a day; UsageError when it is none."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or len(text) != 10 or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise UsageError(f"{name}: this is no day.", next_step="Write it as YYYY-MM-DD.")
        return found

    def number(self, name: str) -> Decimal | None:
        """Give a number that is not negative (blanks and a decimal comma are read)."""
        text = self.text(name, most=40)
        if not text:
            return None
        kept = "".join(each for each in text if not each.isspace() and each not in "'\u2019")
        if kept.count(",") == 1 and "." not in kept and len(kept.rpartition(",")[2]) != 3:
            kept = kept.replace(",", ".")
        # "1,234" may be either: nobody's thousands shall become units.
        found = decimal_of(kept) if kept.isascii() and "," not in kept else None
        if found is None or found < 0:
            raise UsageError(f"{name}: this is no number.", next_step="Write it as 1234.5.")
        return found

    def whole(self, name: str, *, low: int, high: int) -> int:
        """Give a whole number between two bounds; UsageError otherwise."""
        text = self.text(name, most=20)
        number = int(text) if text.isascii() and text.isdecimal() else -1
        if not low <= number <= high:
            raise UsageError(f"{name}: a whole number from {low} to {high}.")
        return number

    def upload(self, name: str) -> Upload | None:
        """Give a file that came with the form, or None."""
        value = self._given.get(name)
        if not isinstance(value, UploadFile) or not value.filename:
            return None
        last = value.filename.replace("\\", "/").rpartition("/")[2]
        kept = "".join(each for each in last if each.isprintable())[:120].strip(". ")
        return Upload(kept or "file", value.size or 0, value.file)
