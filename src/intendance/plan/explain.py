"""Why each need ends short: what is missing, split by nested relaxations, and what would help.

The question is asked step by step: is enough held at all; above the floors; released in time;
near enough to arrive; free of packages and conditions; with room on the way? What passes all of
it and still did not come went to other needs. The largest part names the need's cause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from intendance.plan.check import measure, shipped_by_stock
from intendance.plan.problem import Floats, Problem
from intendance.plan.result import Cause, Plan, Shipment, Unmet

Words = Callable[[str], str]
FAR = 10**9
ORDER: tuple[Cause, ...] = (
    "none_held", "floor", "not_released", "lead_time", "package_or_condition", "transport",
    "outbid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """One stock seen from one need, in units of the need's capability.

    ``held`` with the floor, ``free`` above it, ``timely`` what can leave early enough to arrive,
    ``decided`` what packages and conditions let go, ``idle`` of that, what no one was sent.
    ``blocked`` says what keeps ``free`` − ``timely``.
    """

    stock: int
    held: float
    free: float
    timely: float
    decided: float
    idle: float
    blocked: Cause
    weeks: int


def explain(problem: Problem, plan: Plan, _: Words) -> Plan:
    """Give the plan with a cause and a sentence for every need that ends short."""
    missing = measure(problem, plan.shipments)[1]
    short = [n for n, x in enumerate(missing) if x > 0]
    if not short:
        return replace(plan, unmet=())
    shipped = shipped_by_stock(problem, plan.shipments)
    letting = _let_go(problem, shipped, plan.accepted)
    weeks: dict[tuple[int, int], list[int]] = {}
    holders: dict[int, list[int]] = {}
    for s, item in enumerate(problem.stocks.item.tolist()):
        holders.setdefault(item, []).append(s)
    serving: dict[str, list[int]] = {}
    for capability, item in problem.effects:
        serving.setdefault(capability, []).extend(holders.get(item, []))
    unmet = []
    for n in short:
        able = sorted(serving.get(problem.needs.capabilities[n], []))
        holdings = _holdings(problem, n, able, (shipped, letting), weeks)
        parts = split(problem, n, float(missing[n]), holdings)
        cause = max(ORDER, key=lambda c: (parts[c], ORDER.index(c)))
        sentence = _sentence(problem, n, parts, cause, holdings, plan.shipments, _)
        unmet.append(Unmet(n, round(float(missing[n]), 9), cause, sentence))
    return replace(plan, unmet=tuple(unmet))


def split(
    problem: Problem, need: int, missing: float, holdings: Sequence[Holding]
) -> dict[Cause, float]:
    """Split what is missing by cause; the parts add up to ``missing``."""
    quantity = float(problem.needs.quantity[need])
    late = {"not_released": 0.0, "lead_time": 0.0, "transport": 0.0}
    for h in holdings:
        if h.blocked in late:
            late[h.blocked] += h.free - h.timely
    levels = [sum(h.held for h in holdings), sum(h.free for h in holdings)]
    levels.append(levels[-1] - late["not_released"])
    levels.append(levels[-1] - late["lead_time"])
    no_way = late["transport"]
    levels.append(levels[-1] - sum(h.timely - h.decided for h in holdings))
    capped = [quantity, *(min(quantity, max(0.0, x)) for x in levels)]
    parts: dict[Cause, float] = dict.fromkeys(ORDER, 0.0)
    left = missing
    for cause, before, after in zip(ORDER[:5], capped, capped[1:], strict=False):
        parts[cause] = min(left, before - after)
        left -= parts[cause]
    idle = sum(h.idle for h in holdings) + no_way
    parts["transport"] = min(left, idle)
    parts["outbid"] = left - parts["transport"]
    return parts


def quickest(problem: Problem, item: int, node: int) -> list[int]:
    """Give the fewest weeks from every node to ``node`` on links the item may use."""
    links = problem.links
    allowed = problem.may_use(item) & (links.capacity > 0)
    weeks = [FAR] * len(problem.nodes.ids)
    weeks[node] = 0
    for _ in range(len(weeks)):
        changed = False
        for k in np.flatnonzero(allowed).tolist():
            a, b = int(links.source[k]), int(links.target[k])
            if problem.nodes.handling_t[b] <= 0 or weeks[b] == FAR:
                continue
            if weeks[b] + int(links.transit_weeks[k]) < weeks[a]:
                weeks[a] = weeks[b] + int(links.transit_weeks[k])
                changed = True
        if not changed:
            break
    return weeks


def _let_go(problem: Problem, shipped: Floats, accepted: Sequence[bool]) -> Floats:
    """Give the most that packages and conditions let each stock ship in this plan."""
    most = np.full(len(problem.stocks.ids), np.inf)
    for pack, yes in zip(problem.packages, accepted, strict=True):
        for s, q in zip(pack.stocks, pack.quantities, strict=True):
            most[s] = q if yes else 0.0
    for c in problem.conditions:
        if c.kind == "with":
            if c.share > 0:
                most[c.stock] = min(most[c.stock], shipped[c.others[0]] / c.share)
            continue
        ready = sum(
            bool(shipped[o] > 1e-6 and shipped[o] >= c.share * problem.stocks.ever[o] - 1e-6)
            for o in c.others
        )
        if ready < c.count:
            most[c.stock] = 0.0
    return most


def _holdings(
    problem: Problem,
    need: int,
    able: Sequence[int],
    figures: tuple[Floats, Floats],
    cache: dict[tuple[int, int], list[int]],
) -> list[Holding]:
    shipped, letting = figures
    stocks, horizon = problem.stocks, problem.horizon_weeks
    node = int(problem.needs.node[need])
    found = []
    for s in able:
        item = int(stocks.item[s])
        effect = problem.effect(need, item)
        key = (item, node)
        if key not in cache:
            cache[key] = quickest(problem, item, node)
        weeks = cache[key][int(stocks.node[s])]
        lots = sum(q for week, q in stocks.lots[s] if week < horizon)
        held = float(stocks.quantity[s]) + lots
        free = max(0.0, float(stocks.ever[s]))
        last = horizon - 1 - weeks
        timely = float(stocks.available[s, last]) if last >= 0 else 0.0
        blocked: Cause = "not_released"
        if weeks == FAR:
            blocked = "transport"
        elif last < 0 or (stocks.releasable[s] and stocks.release_week[s] <= last):
            blocked = "lead_time"
        decided = min(timely, float(letting[s]))
        idle = max(0.0, decided - float(shipped[s]))
        idle = 0.0 if problem.items.whole[item] and idle < 1 - 1e-9 else idle
        idle = 0.0 if idle < 1e-6 * (1 + decided) else idle
        found.append(
            Holding(
                s,
                effect * held,
                effect * free,
                effect * timely,
                effect * decided,
                effect * idle,
                blocked,
                weeks,
            )
        )
    return found


def _amount(value: float) -> str:
    return f"{value:,.6g}"


def when(problem: Problem, week: int) -> str:
    """Give a week as a date when the problem has a start, else as a number."""
    if not problem.start:
        return str(week)
    try:
        return (date.fromisoformat(problem.start) + timedelta(weeks=week)).isoformat()
    except (ValueError, OverflowError):
        return str(week)


def _donors(problem: Problem, holdings: Sequence[Holding]) -> int:
    return len({int(problem.stocks.donor[h.stock]) for h in holdings})


def _sentence(
    problem: Problem,
    need: int,
    parts: dict[Cause, float],
    cause: Cause,
    holdings: Sequence[Holding],
    shipments: Sequence[Shipment],
    _: Words,
) -> str:
    """Say what is missing, why, and the cheapest single change that closes most of it."""
    quantity = float(problem.needs.quantity[need])
    total = sum(parts.values())
    head = _("{missing} of {quantity} {capability} do not arrive").format(
        missing=_amount(total),
        quantity=_amount(quantity),
        capability=problem.needs.capabilities[need],
    )
    others = [c for c in ORDER if c != cause and parts[c] > 1e-6 * quantity]
    split_up = ", ".join(f"{_amount(parts[c])} {_(c)}" for c in others)
    tail = _(" (besides: {parts})").format(parts=split_up) if others else ""
    because = _because(problem, need, total, cause, holdings, shipments, _)
    return _("{head}: {because}{tail}.").format(head=head, because=because, tail=tail)


def _because(
    problem: Problem,
    need: int,
    total: float,
    cause: Cause,
    holdings: Sequence[Holding],
    shipments: Sequence[Shipment],
    _: Words,
) -> str:
    ids, donors = problem.stocks.ids, problem.donors.ids
    if cause == "none_held":
        held = sum(h.held for h in holdings)
        return _("all donors together hold {held}").format(held=_amount(held))
    if cause == "floor":
        best = max(holdings, key=lambda h: (h.held - h.free, -h.stock))
        return _(
            "{count} donors hold enough, but floors keep {kept}; "
            "lowering the floor of stock {stock} ({donor}) closes up to {gain}"
        ).format(
            count=_donors(problem, holdings),
            kept=_amount(sum(h.held - h.free for h in holdings)),
            stock=ids[best.stock],
            donor=donors[problem.stocks.donor[best.stock]],
            gain=_amount(min(total, best.held - best.free)),
        )
    if cause in {"not_released", "lead_time"}:
        return _too_late(problem, total, cause, holdings, _)
    if cause == "package_or_condition":
        best = max(holdings, key=lambda h: (h.timely - h.decided, -h.stock))
        return _(
            "a package or condition keeps {kept}; "
            "freeing stock {stock} ({donor}) closes up to {gain}"
        ).format(
            kept=_amount(sum(h.timely - h.decided for h in holdings)),
            stock=ids[best.stock],
            donor=donors[problem.stocks.donor[best.stock]],
            gain=_amount(min(total, best.timely - best.decided)),
        )
    if cause == "transport":
        ready = sum(h.idle for h in holdings)
        if ready <= 0:
            return _("it is held, but no way that takes it leads there")
        return _("{ready} stand ready, but the ways there are full").format(ready=_amount(ready))
    mine = {h.stock for h in holdings if h.decided > 0}
    taken: dict[int, float] = {}
    for x in shipments:
        if x.stock in mine and x.need != need:
            effect = problem.effect(need, int(problem.stocks.item[x.stock]))
            taken[x.need] = taken.get(x.need, 0.0) + x.quantity * effect
    largest = sorted(taken, key=lambda r: (-taken[r], r))[:3]
    names = ", ".join(problem.needs.ids[r] for r in largest)
    return _("what could serve it goes to other needs ({names})").format(names=names or "–")


def _too_late(
    problem: Problem, total: float, cause: Cause, holdings: Sequence[Holding], _: Words
) -> str:
    """Say who holds it and when it would have to leave."""
    late = [h for h in holdings if h.blocked == cause and h.free > h.timely]
    best = max(late, key=lambda h: (h.free - h.timely, -h.stock))
    donor = problem.donors.ids[problem.stocks.donor[best.stock]]
    gain = _amount(min(total, best.free - best.timely))
    if cause == "lead_time":
        if best.weeks >= problem.horizon_weeks:
            return _(
                "{count} donors hold it, but the quickest way takes {weeks} weeks, "
                "longer than the horizon"
            ).format(count=_donors(problem, late), weeks=best.weeks)
        last = when(problem, problem.horizon_weeks - 1 - best.weeks)
        return _(
            "it would have to leave stock {stock} ({donor}) by {last}; "
            "having it earlier closes up to {gain}"
        ).format(stock=problem.stocks.ids[best.stock], donor=donor, last=last, gain=gain)
    open_ones = [h for h in late if problem.stocks.releasable[h.stock]]
    first = min((int(problem.stocks.release_week[h.stock]) for h in open_ones), default=None)
    count = _donors(problem, late)
    if first is None:
        said = _("{count} donors hold it, but none of these may release it")
    else:
        said = _("{count} donors hold it, but none of these may release it before {first}")
    said = said.format(count=count, first="" if first is None else when(problem, first))
    change = _("; lifting the caveat of {donor} on stock {stock} closes up to {gain}")
    return said + change.format(donor=donor, stock=problem.stocks.ids[best.stock], gain=gain)
