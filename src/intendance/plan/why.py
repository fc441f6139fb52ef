"""Why a donor gives nothing, or not more, to a need: its stocks, question after question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from intendance.plan.check import measure
from intendance.plan.greedy import fill_up, restricted_stocks
from intendance.plan.holdings import FAR, Holding, View
from intendance.plan.naming import Names
from intendance.plan.network import build_network
from intendance.plan.problem import slack
from intendance.plan.resolving import lack_by_week

Reason = Literal[
    "holds_none", "floor", "not_released", "no_way", "too_late", "package_or_condition",
    "given_elsewhere", "met_by_others", "too_late_now", "ways_full", "gives_all",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One donor and one need. Amounts are in units of the need's capability.

    ``given`` to this need, ``elsewhere`` to others; ``held``, ``free``, ``timely``, ``decided``
    and ``idle`` as in ``Holding``, summed over the donor's stocks. ``reasons`` are ordered by
    what they keep back; the first is the main one.
    """

    donor: int
    need: int
    given: float
    elsewhere: float
    held: float
    free: float
    timely: float
    decided: float
    idle: float
    reasons: tuple[tuple[Reason, float], ...]
    sentence: str


def ask(view: View, names: Names, need: int, donor: int) -> Answer:
    """Say why one donor gives a need nothing, or not more."""
    stocks = view.problem.stocks
    mine = [h for h in view.holdings(need) if int(stocks.donor[h.stock]) == donor]
    given, elsewhere = _sent(view, need, {h.stock for h in mine})
    reasons = tuple(_reasons(view, need, mine, (given, elsewhere)))
    answer = Answer(
        donor,
        need,
        given,
        elsewhere,
        sum(h.held for h in mine),
        sum(h.free for h in mine),
        sum(h.timely for h in mine),
        sum(h.decided for h in mine),
        sum(h.idle for h in mine),
        reasons,
        "",
    )
    return _told(view, names, answer, mine)


def ask_all(view: View, names: Names, need: int) -> list[Answer]:
    """Ask every donor that holds something for the need; who gives most comes first."""
    stocks = view.problem.stocks
    donors = sorted({int(stocks.donor[h.stock]) for h in view.holdings(need)})
    found = [ask(view, names, need, donor) for donor in donors]
    return sorted(found, key=lambda x: (-x.given, -x.held, x.donor))


def _sent(view: View, need: int, mine: set[int]) -> tuple[float, float]:
    """Give what the stocks send to this need and to others, in units of its capability."""
    here = elsewhere = 0.0
    for x in view.shipments:
        if x.stock in mine:
            amount = x.quantity * view.problem.effect(need, int(view.problem.stocks.item[x.stock]))
            if x.need == need:
                here += amount
            else:
                elsewhere += amount
    return here, elsewhere


def _reasons(
    view: View, need: int, mine: Sequence[Holding], sent: tuple[float, float]
) -> list[tuple[Reason, float]]:
    given, elsewhere = sent
    if sum(h.held for h in mine) <= 0:
        return [("holds_none", 0.0)]
    found: list[tuple[Reason, float]] = [("floor", sum(h.held - h.free for h in mine))]
    for h in mine:
        blocked: Reason = "not_released" if h.blocked == "not_released" else "too_late"
        if h.weeks >= FAR:
            blocked = "no_way"
        found.append((blocked, h.free - h.timely))
    found.append(("package_or_condition", sum(h.timely - h.decided for h in mine)))
    found.append(("given_elsewhere", elsewhere))
    idle = sum(h.idle for h in mine)
    if idle > 0:
        found.append((_why_idle(view, need, mine), idle))
    total: dict[Reason, float] = {}
    for reason, amount in found:
        total[reason] = total.get(reason, 0.0) + amount
    kept = [(reason, amount) for reason, amount in total.items() if amount > 1e-9]
    kept.sort(key=lambda x: -x[1])
    return kept or [("gives_all", given)]


def _why_idle(view: View, need: int, mine: Sequence[Holding]) -> Reason:
    """Say why what stands ready stays: the need is met, it would come too late, or no room."""
    problem = view.problem
    lack = lack_by_week(problem, view.shipments)[need]
    least = slack(float(problem.needs.quantity[need]))
    lacking = np.flatnonzero(lack > least)
    if not len(lacking):
        return "met_by_others"
    stocks = problem.stocks
    idle = [h for h in mine if h.idle > 0]
    earliest = min(int(np.argmax(stocks.available[h.stock] > 0)) + h.weeks for h in idle)
    if earliest > int(lacking[-1]):
        return "too_late_now"
    network = build_network(problem)
    others = set(range(len(stocks.ids))) - {h.stock for h in idle}
    room = fill_up(
        problem,
        network,
        view.shipments,
        barred=others | restricted_stocks(problem),
        order=np.array([need], np.int64),
    )
    before = measure(problem, view.shipments)[0].shortfall
    after = measure(problem, [*view.shipments, *room])[0].shortfall
    return "ways_full" if after >= before - 1e-9 else "met_by_others"


def _told(view: View, names: Names, answer: Answer, mine: Sequence[Holding]) -> Answer:
    said = [_head(names, answer)]
    said += [_part(view, names, answer, mine, *reason) for reason in answer.reasons]
    sentence = "; ".join(x for x in said if x) + "."
    return replace(answer, sentence=sentence)


def _head(names: Names, answer: Answer) -> str:
    values = {
        "donor": names.donor(answer.donor),
        "need": names.problem.needs.ids[answer.need],
        "given": names.amount(answer.given),
        "held": names.amount(answer.held),
        "capability": names.capability(answer.need),
    }
    if answer.held <= 0:
        return names("{donor} gives {need} nothing", **values)
    if answer.given <= 0:
        return names("{donor} gives {need} nothing of {held} {capability} that it holds", **values)
    return names("{donor} gives {need} {given} of {held} {capability} that it holds", **values)


def _part(
    view: View,
    names: Names,
    answer: Answer,
    mine: Sequence[Holding],
    reason: Reason,
    amount: float,
) -> str:
    problem = view.problem
    value = names.amount(round(amount, 6))
    if reason == "holds_none":
        return names("it holds nothing that serves it")
    if reason == "gives_all":
        return names("that is all it can give")
    if reason == "floor":
        return names("{amount} stay under its floor", amount=value)
    if reason == "not_released":
        weeks = [
            int(problem.stocks.release_week[h.stock])
            for h in mine
            if h.blocked == "not_released" and problem.stocks.releasable[h.stock]
        ]
        if not weeks:
            return names("{amount} may not be released", amount=value)
        return names(
            "{amount} may not be released before {day}", amount=value, day=names.day(min(weeks))
        )
    if reason == "no_way":
        return names("for {amount} no way that takes them leads there", amount=value)
    if reason == "too_late":
        weeks = [h.weeks for h in mine if h.blocked == "lead_time"]
        return names(
            "{amount} are there too late: the quickest way takes {weeks} weeks",
            amount=value,
            weeks=min(weeks, default=0),
        )
    if reason == "package_or_condition":
        return names("{amount} wait for a package or a condition", amount=value)
    if reason == "given_elsewhere":
        return names(
            "{amount} go to other needs ({needs})",
            amount=value,
            needs=", ".join(_others(view, answer.need, {h.stock for h in mine})),
        )
    if reason == "met_by_others":
        return names("{amount} stay because the need is met without them", amount=value)
    if reason == "too_late_now":
        return names("{amount} would arrive only after the need is met", amount=value)
    return names("{amount} stand ready, but the ways there are full", amount=value)


def _others(view: View, need: int, mine: set[int]) -> list[str]:
    taken: dict[int, float] = {}
    for x in view.shipments:
        if x.stock in mine and x.need != need:
            taken[x.need] = taken.get(x.need, 0.0) + x.quantity
    largest = sorted(taken, key=lambda r: (-taken[r], r))[:3]
    return [view.problem.needs.ids[r] for r in largest]
