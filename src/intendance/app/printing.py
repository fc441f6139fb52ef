"""How totals and changes leave the program: tables for people, and the same as csv and xlsx."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intendance.app.terminal import print_json, say, say_limits, table, write_out
from intendance.errors import UsageError
from intendance.words import catalogue, translated

if TYPE_CHECKING:
    from intendance.ledger.changes import Changes
    from intendance.ledger.totals import Amount, Total

SHAPES = ("table", "json", "csv", "xlsx")


def shape_of(name: str, *, as_json: bool) -> str:
    """Give the shape that the options name; UsageError for one that there is not."""
    if name not in SHAPES:
        raise UsageError(f"There is no format {name!r}.", next_step=f"Use {', '.join(SHAPES)}.")
    return "json" if as_json and name == "table" else name


def money(amount: Decimal | None, language: str) -> str:
    """Write an amount without cents, thousands apart; ? for an unknown bound."""
    if amount is None:
        return "?"
    text = f"{amount:,.0f}"
    return text.replace(",", "\u202f") if language == "fr" else text


def give_json(record: Any, out: Path | None) -> None:
    """Print a JSON document, or write it to a file."""
    if out is None:
        print_json(record)
    else:
        write_out(json.dumps(record, ensure_ascii=False, indent=2) + "\n", out)


def csv_text(heads: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """Give rows as csv text under their heads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def give_total(found: Total, shape: str, out: Path | None, language: str) -> None:
    """Print or write a total in a shape."""
    if shape != "json":
        _say_unconverted(found, language)
        say_limits(found.viewer, language)
    if shape == "json":
        give_json(found.as_record(), out)
    elif shape == "csv":
        record = found.as_record()
        rows = record["rows"] if found.definition.by else [record["total"]]
        assert isinstance(rows, list)
        write_out(csv_text([*found.definition.by, "low", "best", "high", "undisclosed"], rows), out)
    elif shape == "xlsx":
        from intendance.exchange.workbook import total_workbook

        write_out(total_workbook(found), out)
    elif out is not None:
        raise UsageError("A table is for the terminal.", next_step="Add --format csv or xlsx.")
    else:
        _print_total(found, language)


def _say_unconverted(found: Total, language: str) -> None:
    """Say what could not be converted: it stands among the undisclosed."""
    words = catalogue("app", language).gettext
    for code, count in found.unconverted.items():
        say(f"  {count} {words('entries')}: {words('no rate for')} {code}")


def _bounds(amount: Amount, language: str) -> list[str]:
    """Write the three figures; where nothing is disclosed they are unknown, not zero."""
    if amount.undisclosed and not (amount.best or amount.high):
        return ["?", "?", "?"]
    return [money(each, language) for each in (amount.low, amount.best, amount.high)]


def _print_total(found: Total, language: str) -> None:
    words = catalogue("app", language).gettext
    spoken = found.definition
    rows = [
        [*key, *_bounds(a, language), str(a.undisclosed)]
        for key, a in (*found.rows, (("",) * len(spoken.by), found.total))
    ]
    if spoken.by and rows:
        rows[-1][0] = words("total")
    if not spoken.by:
        rows = rows[-1:]
    heads = [words(each) for each in (*spoken.by, "low", "best", "high", "undisclosed")]
    width = len(spoken.by)
    table("", heads, rows, right=range(width, width + 4))
    say(
        f"{spoken.currency}, {words(spoken.stage)}; {words('as of')} {spoken.as_of or '–'}, "
        f"{words('known at')} {spoken.known_at or '–'}; {words('rates')} {spoken.rates} "
        f"({translated(found.rate_table, language)}); {found.total.entries} {words('entries')}"
    )


def give_changes(found: Changes, shape: str, out: Path | None, language: str, most: int) -> None:
    """Print or write changes in a shape."""
    record = found.as_record()
    lines = record["lines"]
    assert isinstance(lines, list)
    heads = ["entry", "line", "donor", "category", "cause", "difference", "source"]
    if shape != "json":
        say_limits(found.viewer, language)
    if shape == "json":
        give_json(record, out)
    elif shape == "csv":
        write_out(csv_text(heads, lines), out)
    elif shape == "xlsx":
        from intendance.exchange.workbook import entries_workbook

        write_out(entries_workbook(heads, ([line[head] for head in heads] for line in lines)), out)
    elif out is not None:
        raise UsageError("A table is for the terminal.", next_step="Add --format csv or xlsx.")
    else:
        _print_changes(found, language, most)


def _print_changes(found: Changes, language: str, most: int) -> None:
    words = catalogue("app", language).gettext
    rows = [[words(cause), money(amount, language)] for cause, amount in found.by_cause().items()]
    rows.append([words("difference"), money(found.difference, language)])
    first, last = (money(each.best, language) for each in (found.total_before, found.total_after))
    title = f"{first} ({found.before}) → {last} ({found.after})"
    table(title, [words("cause"), found.definition.currency], rows, right=[1])
    largest = sorted(found.lines, key=lambda line: -abs(line.difference))[:most]
    lines = [
        [line.line, line.donor, words(line.cause), money(line.difference, language), line.entry]
        for line in largest
    ]
    heads = [words(each) for each in ("line", "donor", "cause", "difference", "entry")]
    table("", heads, lines, right=[3])
