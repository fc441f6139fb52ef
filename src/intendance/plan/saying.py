"""Caveats in words: what would be lifted, of whom, and what it brings."""

from __future__ import annotations

from typing import Final

from intendance.plan.caveats import Caveat, Priced
from intendance.plan.naming import Names

SHOWN_NEEDS: Final = 3
SHOWN_STOCKS: Final = 3


def change_words(names: Names, caveat: Caveat) -> str:
    """Say the change as a phrase: "lifting the floor of X on 12 tents"."""
    problem = names.problem
    stocks = problem.stocks
    if caveat.kind == "package":
        pack = problem.packages[caveat.position]
        return names("letting the lines of package {package} go one by one", package=pack.id)
    s = caveat.stocks[0]
    donor, item = names.donor_of(s), names.item_of(s)
    if caveat.kind == "floor":
        return names(
            "giving up the floor of {donor} ({amount} × {item})",
            donor=donor,
            amount=names.amount(float(stocks.floor[s])),
            item=item,
        )
    amount = names.amount(float(caveat.extra[0].max()))
    if caveat.kind == "releasable":
        return names(
            "lifting the ban of {donor} on {amount} × {item}", donor=donor, amount=amount, item=item
        )
    if caveat.kind == "release_week":
        return names(
            "an immediate release by {donor}, not on {day}, of {amount} × {item}",
            donor=donor,
            day=names.day(int(stocks.release_week[s])),
            amount=amount,
            item=item,
        )
    condition = problem.conditions[caveat.position]
    if caveat.kind == "joint":
        return names(
            "letting {item} of {donor} go without waiting for {count} others",
            item=item,
            donor=donor,
            count=condition.count,
        )
    return names(
        "letting {item} of {donor} go without {other}",
        item=item,
        donor=donor,
        other=names.item_of(condition.others[0]),
    )


def price_words(names: Names, priced: Priced) -> str:
    """Say what lifting one caveat brings, as a sentence."""
    problem = names.problem
    said = names(
        "{change} lowers the shortfall by {gain} need-weeks",
        change=change_words(names, priced.caveat),
        gain=names.amount(round(priced.gain, 3)),
    )
    said = said[:1].upper() + said[1:]
    closes = [
        names(
            "{need} gets {amount} more",
            amount=names.amount(round(amount, 3)),
            need=problem.needs.ids[r],
        )
        for r, amount in priced.closes[:SHOWN_NEEDS]
    ]
    if not closes:
        return names("{said}: what arrives, arrives sooner.", said=said)
    return names("{said}: {closes}.", said=said, closes=", ".join(closes))


def caveat_value(names: Names, caveat: Caveat) -> str:
    """Give what the caveat says in its table, as words."""
    problem = names.problem
    stocks = problem.stocks
    if caveat.kind == "package":
        return names("all or nothing")
    if caveat.kind == "floor":
        return names.amount(float(stocks.floor[caveat.position]))
    if caveat.kind == "releasable":
        return names("may not leave")
    if caveat.kind == "release_week":
        return names.day(int(stocks.release_week[caveat.position]))
    condition = problem.conditions[caveat.position]
    if caveat.kind == "joint":
        return names("only when {count} others go", count=condition.count)
    share = names.amount(round(condition.share, 6))
    return names(
        "only with {share} {other} each", share=share, other=names.item_of(condition.others[0])
    )
