"""Changes to a plan's problem: read from the form's fields, offered there, and told in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from intendance.app.web.forms import Form
from intendance.app.web.speech import Speech
from intendance.errors import UsageError
from intendance.review import labels

if TYPE_CHECKING:
    from intendance.plan.naming import Names
    from intendance.plan.problem import Problem
    from intendance.plan.whatif import Setting

MOST: Final = 60
_ROWS: Final = 100  # of one kind of field


def settings_of(form: Form) -> list[str]:
    """Read the changes: lines as they are, then ways, stocks and priorities of needs.

    A way gets a capacity (0 closes it); a stock keeps a number at home (blank: all of it).
    """
    from intendance.plan.whatif import parse_setting

    lines = [each.strip() for each in form.text("changes", most=4000, lines=True).splitlines()]
    settings = [each for each in lines if each]
    for way, capacity in _pairs(form, "way", "capacity"):
        if not capacity:
            raise UsageError(
                "A way that is changed needs its capacity.", next_step="Write 0 to close it."
            )
        number = _number(capacity, "A capacity is a number that is not negative.")
        settings.append(f"links.{way}.capacity_per_week={number:g}")
    for stock, kept in _pairs(form, "stock", "kept"):
        if kept:
            number = _number(kept, "What stays at home is a number that is not negative.")
            settings.append(f"stocks.{stock}.floor={number:g}")
        else:
            settings.append(f"stocks.{stock}.releasable=0")
    settings += _priorities(form)
    if len(settings) > MOST:
        raise UsageError(f"At most {MOST} changes are taken at once.")
    for each in settings:
        parse_setting(each)
    return settings


def _pairs(form: Form, name: str, value: str) -> Iterator[tuple[str, str]]:
    """Give what was chosen, with the value beside it; rows left blank are none."""
    names, values = form.texts(name, most=_ROWS), form.texts(value, most=_ROWS)
    for one, other in zip(names, values, strict=False):
        if one.strip():
            yield one.strip(), other.strip()
        elif other.strip():
            raise UsageError("A value stands beside nothing.", next_step="Choose what it is for.")


def _priorities(form: Form) -> Iterator[str]:
    names, values = form.texts("need", most=_ROWS), form.texts("priority", most=_ROWS)
    for need, value, old in zip(names, values, form.texts("before", most=_ROWS), strict=False):
        if value.strip() and value.strip().replace(",", ".") != old:
            number = _number(value, "A priority is a number that is not negative.")
            yield f"needs.{need}.priority={number:g}"


def _number(text: str, sentence: str) -> float:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise UsageError(sentence)
    return number


def offered(problem: Problem, names: Names, words: Speech) -> dict[str, list[tuple[str, str]]]:
    """Give the ways and stocks that the form offers: id and label, in the order of labels."""
    ways = [
        (name, f"{names.way(at)} ({words(problem.links.modes[at])})")
        for at, name in enumerate(problem.links.ids)
    ]
    stocks = [
        (name, f"{names.donor_of(at)}, {labels.capitalised(names.item_of(at))}")
        for at, name in enumerate(problem.stocks.ids)
    ]
    return {
        "ways": sorted(ways, key=lambda each: each[1]),
        "stocks": sorted(stocks, key=lambda each: each[1]),
    }


def told(settings: Sequence[str], names: Names, words: Speech) -> list[str]:
    """Put the usual changes into sentences; others stay as they were written."""
    from intendance.plan.whatif import parse_setting

    return [_told(parse_setting(each), each, names, words) for each in settings]


def _told(setting: Setting, text: str, names: Names, words: Speech) -> str:
    problem = names.problem
    where, value = (setting.table, setting.column), setting.value
    plain = value.replace(".", "", 1).isdecimal()
    if where == ("links", "capacity_per_week") and setting.key in problem.links.ids and plain:
        at = problem.links.ids.index(setting.key)
        if not float(value):
            return words("closed: {name}", name=names.way(at))
        amount = f"{names.amount(float(value))}\u00a0{names.measure(at)}"
        return words("{name}: {amount} a week", name=names.way(at), amount=amount)
    if setting.table == "stocks" and setting.key in problem.stocks.ids:
        at = problem.stocks.ids.index(setting.key)
        stock = f"{names.donor_of(at)}, {names.item_of(at)}"
        if where[1] == "releasable" and value == "0":
            return words("held back: {name}", name=stock)
        if where[1] == "floor" and plain:
            kept = names.amount(float(value))
            return words("{name}: {amount} stay at home", name=stock, amount=kept)
    if where == ("needs", "priority") and plain:
        return words("priority of {name}: {amount}", name=setting.key,
                     amount=names.amount(float(value)))  # fmt: skip
    return text
