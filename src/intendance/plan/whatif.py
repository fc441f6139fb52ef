"""Changes to a problem written as ``table.id.column=value``, and the difference of two plans."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intendance.errors import InputError, UsageError
from intendance.plan.problem import Problem
from intendance.plan.read import COLUMNS
from intendance.plan.result import Shipment, csv_text, number

KEYS: Final = {
    "donors": "donor", "nodes": "node", "links": "link", "items": "item", "effects": "item",
    "needs": "need", "stocks": "stock", "lots": "stock", "packages": "package",
    "conditions": "stock",
}  # fmt: skip
WITHDRAWS: Final = "withdraws"
SETTINGS: Final = ("horizon_weeks", "tier_tolerance")
CHANGE: Final = re.compile(r"^(?P<sign>[+-]?)(?P<number>[0-9.]+)(?P<percent>%?)$")


@dataclass(frozen=True, slots=True)
class Setting:
    """One change: a table's column at one identifier gets a value.

    ``*`` stands for every row, ``column:value`` for the rows that hold it (``donor:PL``).
    ``+20%`` and ``-5%`` scale what stands there, ``+3`` and ``-3`` add to it; anything else,
    also blank, replaces it. ``donors.PL.withdraws=1`` keeps all stocks of a donor at home;
    the table ``plan`` is plan.toml (``plan.horizon_weeks=40``).
    """

    table: str
    key: str
    column: str
    value: str

    def applied(self, cell: str) -> str:
        """Give the new text of a cell.

        >>> Setting("links", "L7", "capacity_per_week", "+20%").applied("50")
        '60'
        >>> Setting("stocks", "S1", "releasable", "1").applied("0")
        '1'
        """
        match = CHANGE.match(self.value)
        if not match or (not match["sign"] and not match["percent"]):
            return self.value
        if not cell:
            return cell  # no limit stays no limit
        try:
            before, by = float(cell), float(match["number"])
        except ValueError as error:
            message = f"{self.value} cannot be added to {cell!r}"
            raise InputError(message, where=f"{self.table}.csv:{self.column}") from error
        by = -by if match["sign"] == "-" else by
        factor = 1 + by / 100 if match["sign"] else by / 100
        after = before * factor if match["percent"] else before + by
        return number(round(max(0.0, after), 9))

    def hits(self, header: Sequence[str], row: Sequence[str]) -> bool:
        """Tell whether a row is meant."""
        if self.key == "*":
            return True
        column, colon, value = self.key.partition(":")
        if colon and column in header:
            at = header.index(column)
            return at < len(row) and row[at] == value
        return row[header.index(KEYS[self.table])] == self.key


def parse_setting(text: str) -> Setting:
    """Read ``links.L7.capacity_per_week=+20%``. Raises UsageError with the form expected.

    >>> parse_setting("stocks.S1.releasable=1").column
    'releasable'
    """
    name, equals, value = text.partition("=")
    table, _, rest = name.partition(".")
    key, _, column = rest.rpartition(".")
    if equals and table == "plan" and not key and column in SETTINGS:
        return Setting(table, "", column, value.strip())
    if not equals or table not in KEYS or not key or not column:
        tables = ", ".join((*KEYS, "plan"))
        message = f"cannot read the change {text!r}"
        step = f"Write table.id.column=value, the table one of {tables}."
        raise UsageError(message, next_step=step)
    return Setting(table, key.strip(), column.strip(), value.strip())


def change_folder(folder: Path, settings: Sequence[Setting], target: Path) -> None:
    """Copy a problem folder and change its tables. Raises InputError when nothing matches."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("plan.toml", *(f"{x}.csv" for x in COLUMNS)):
        if (folder / name).exists():
            shutil.copyfile(folder / name, target / name)
    for setting in settings:
        if setting.table == "plan":
            _change_settings(target / "plan.toml", setting)
        elif setting.table == "donors" and setting.column == WITHDRAWS:
            _withdraw(target, setting)
        else:
            _change_table(target, setting)


def _change_table(target: Path, setting: Setting) -> None:
    path = target / f"{setting.table}.csv"
    if not path.exists():
        raise InputError(f"the problem has no {path.name}", where=path.name)
    header, rows = _rows(path)
    if setting.column not in header:
        message = f"the table has no column {setting.column}"
        raise InputError(message, where=path.name, next_step=f"It has {', '.join(header)}.")
    if KEYS[setting.table] not in header:
        raise InputError(f"the table has no column {KEYS[setting.table]}", where=path.name)
    at = header.index(setting.column)
    for row in rows:
        row.extend([""] * (len(header) - len(row)))
    hits = [row for row in rows if setting.hits(header, row)]
    if not hits:
        raise InputError(f"no row is named {setting.key}", where=path.name)
    for row in hits:
        row[at] = setting.applied(row[at])
    path.write_text(csv_text(header, rows), encoding="utf-8", newline="")


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = [[x.strip() for x in row] for row in csv.reader(io.StringIO(text, newline=""))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("the file cannot be read as a UTF-8 table", where=path.name) from error
    rows = [row for row in rows if any(row)]
    return (rows[0], rows[1:]) if rows else ([], [])


def _withdraw(target: Path, setting: Setting) -> None:
    """Keep what a donor holds at home (1), or let all of it go (0)."""
    if setting.value not in ("0", "1"):
        message = f"{WITHDRAWS} takes 1 or 0, not {setting.value!r}"
        raise UsageError(message, next_step=f"Write donors.{setting.key}.{WITHDRAWS}=1.")
    stays = "0" if setting.value == "1" else "1"
    key = setting.key if setting.key == "*" else f"donor:{setting.key}"
    _change_table(target, Setting("stocks", key, "releasable", stays))


def _change_settings(path: Path, setting: Setting) -> None:
    """Change a figure of plan.toml; it stands at the start of a line."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the file cannot be read", where=path.name) from error
    for place, line in enumerate(lines):
        name, equals, value = line.partition("=")
        if line.startswith("["):
            break
        if equals and name.strip() == setting.column:
            lines[place] = f"{setting.column} = {setting.applied(value.split('#')[0].strip())}"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return
    text = f"{setting.column} = {setting.value}\n" + "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference: what a stock gives to a need before and after, in item units."""

    stock: str
    need: str
    item: str
    before: float
    after: float
    before_week: int | None
    after_week: int | None


def compare(
    one: tuple[Problem, Sequence[Shipment]], two: tuple[Problem, Sequence[Shipment]]
) -> list[Line]:
    """Give the difference of two plans line by line (stock and need by name), changes only."""
    tables = []
    for problem, shipments in (one, two):
        table: dict[tuple[str, str, str], tuple[float, int]] = {}
        for x in shipments:
            item = problem.items.ids[problem.stocks.item[x.stock]]
            key = (problem.stocks.ids[x.stock], problem.needs.ids[x.need], item)
            quantity, week = table.get(key, (0.0, x.arrive_week))
            table[key] = (quantity + x.quantity, max(week, x.arrive_week))
        tables.append(table)
    before, after = tables
    lines = []
    for key in sorted(before.keys() | after.keys()):
        a, b = before.get(key), after.get(key)
        same = a and b and abs(a[0] - b[0]) <= 1e-6 * max(1.0, a[0]) and a[1] == b[1]
        if not same:
            lines.append(
                Line(
                    *key,
                    a[0] if a else 0.0,
                    b[0] if b else 0.0,
                    a[1] if a else None,
                    b[1] if b else None,
                )
            )
    return lines
