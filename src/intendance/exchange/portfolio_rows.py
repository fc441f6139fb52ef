"""Rows of a portfolio's files: read strictly, with the file, row and column in every complaint."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable

from intendance.errors import InputError
from intendance.model.interval import QUALIFIERS, Interval, decimal_of
from intendance.model.period import Period


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a release file, with the file and row it stands in."""

    cells: Mapping[str, str]
    where: str

    def __getitem__(self, column: str) -> str:
        if column not in self.cells:
            raise InputError(
                f"The column {column!r} is missing.", where=self.where.rpartition(":")[0]
            )
        return self.cells[column]

    def number(self, column: str) -> Decimal | None:
        """Give the number of a cell; None where it is blank."""
        if not self[column]:
            return None
        found = decimal_of(self[column])
        if found is None or found < 0:
            raise self.error(column, "is not a number from 0 up")
        return found

    def period(self, column: str) -> Period | None:
        """Give the period of a cell; None where it is blank."""
        try:
            return Period.parse(self[column]) if self[column] else None
        except (ValueError, AssertionError):
            raise self.error(column, "is not a day or an interval of days") from None

    def day(self, column: str) -> date | None:
        """Give the day of a cell; None where it is blank."""
        try:
            return date.fromisoformat(self[column]) if self[column] else None
        except ValueError:
            raise self.error(column, "is not a day (YYYY-MM-DD)") from None

    def qualifier(self, column: str) -> str:
        """Give a qualifier of the model; blank is exact."""
        found = self[column] or "exact"
        if found not in QUALIFIERS:
            raise self.error(column, f"is none of {', '.join(QUALIFIERS)}")
        return found

    def interval(self, column: str, qualifier: str) -> Interval | None:
        """Give a number with its qualifier; None where nothing is said."""
        said = self.qualifier(qualifier)
        number = self.number(column)
        if said == "undisclosed":
            return Interval.undisclosed()
        return None if number is None else Interval.of(number, said)  # type: ignore[arg-type]

    def error(self, column: str, problem: str) -> InputError:
        """Give the error that says what is off in a cell."""
        return InputError(
            f"{column} {problem}: {self[column]!r}.",
            next_step="Correct the cell.",
            where=f"{self.where}:{column}",
        )


def read_text(folder: Traversable, file: str) -> str:
    """Read one file of a portfolio (UTF-8, with or without a byte order mark)."""
    try:
        return folder.joinpath(file).read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"The portfolio has no file {file}.", where=file) from None
    except UnicodeDecodeError:
        raise InputError(
            f"{file} is not UTF-8 text.", next_step="Save it as UTF-8.", where=file
        ) from None


def read_table(folder: Traversable, file: str) -> list[Row]:
    """Read one csv file with a header row. InputError on a row of another length."""
    reader = csv.DictReader(io.StringIO(read_text(folder, file), newline=""))
    found = []
    for place, cells in enumerate(reader, start=2):
        if None in cells or None in cells.values():
            raise InputError(
                "This row has another number of cells than the header.", where=f"{file}:{place}"
            )
        found.append(Row({key: value.strip() for key, value in cells.items()}, f"{file}:{place}"))
    return found
