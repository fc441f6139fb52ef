"""Why each need ends short: what is missing by cause, and the change that was tried and helps.

The question is asked step by step: is enough held at all; above the floors; released in time;
near enough to arrive; free of packages and conditions; with room on the way? What passes all of
it and still did not come went to other needs. A change is only said to close something when
solving again with it does.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from intendance.plan.caveats import Caveat, CaveatKind, Priced, by_stock, price, standing
from intendance.plan.check import measure
from intendance.plan.holdings import ORDER, Holding, View, split, too_large
from intendance.plan.naming import Names
from intendance.plan.problem import Problem
from intendance.plan.resolving import Warm
from intendance.plan.result import Cause, Plan, Shipment, Unmet
from intendance.plan.saying import change_words
from intendance.plan.stop import Stop
from intendance.plan.widening import Widening, full_ways

WORK: Final = 9_000  # stocks + needs, times problems solved again: about ten seconds
SECONDS: Final = 1e-3  # per stock and need
MOST_TRIES: Final = 60
PER_NEED: Final = 3
KINDS: Final[dict[Cause, tuple[CaveatKind, ...]]] = {
    "floor": ("floor",),
    "not_released": ("releasable", "release_week"),
    "lead_time": ("release_week",),
    "package_or_condition": ("package", "joint", "with"),
}


@dataclass(slots=True)
class Trial:
    """What was tried for one need: the caveats and the widening, with what each closes."""

    caveats: list[tuple[Priced, float]] = field(default_factory=list)
    widening: tuple[Widening, float] | None = None
    untried: tuple[Caveat, float] | None = None
    in_time: bool = True


@dataclass(slots=True)
class Explainer:
    """Asks the questions of all short needs; the same caveat is solved again only once."""

    view: View
    warm: Warm
    names: Names
    caveats: list[Caveat] = field(default_factory=list)
    priced: dict[tuple[CaveatKind, int], Priced] = field(default_factory=dict)
    on_stock: dict[int, list[int]] = field(default_factory=dict)
    sent: dict[int, list[Shipment]] = field(default_factory=dict)
    left: int = 0
    longest: float = 0.0  # seconds that trying one change has taken
    cut: bool = False  # the search had no time: what stands idle may have had a way

    def __post_init__(self) -> None:
        problem = self.view.problem
        self.caveats = standing(self.view)
        self.on_stock = by_stock(self.caveats)
        for x in self.view.shipments:
            self.sent.setdefault(x.stock, []).append(x)
        size = len(problem.stocks.ids) + len(problem.needs.ids)
        self.longest = SECONDS * size  # until measured: a slow machine's
        self.left = min(MOST_TRIES, WORK // max(size, 1))

    def rows(self, missing: Sequence[float], short: Sequence[int]) -> list[Unmet]:
        """Give a row for each cause of each short need; the worst needs are tried first."""
        order = sorted(short, key=lambda n: (-self.warm.lack[n], n))
        trials = {n: self._try(n, missing[n]) for n in order}
        found: list[Unmet] = []
        for n in short:
            found += self._tell(n, missing[n], trials[n])
        return found

    def _try(self, need: int, missing: float) -> Trial:
        """Solve again without the caveats that could close most, and with wider ways."""
        trial = Trial()
        if self.cut or self.warm.stop.now():
            trial.in_time = False
            return trial
        able = set(self.view.able.get(self.view.problem.needs.capabilities[need], []))
        on = sorted({position for s in able for position in self.on_stock.get(s, ())})
        promised = [(self._closable(need, missing, self.caveats[n]), self.caveats[n]) for n in on]
        promised = [x for x in promised if x[0] > 1e-9]
        promised.sort(key=lambda x: (-x[0], x[1].kind, x[1].position))
        for most, caveat in promised:
            key = (caveat.kind, caveat.position)
            if key not in self.priced and (len(trial.caveats) >= PER_NEED or not self._may()):
                trial.untried = trial.untried or (caveat, most)
                continue
            if key not in self.priced:
                began = time.monotonic()
                self.priced[key] = price(self.view.problem, self.warm, caveat, [need])
                self.longest = max(self.longest, time.monotonic() - began)
            closed = dict(self.priced[key].closes).get(need, 0.0)
            trial.caveats.append((self.priced[key], min(closed, missing)))
        holdings = self.view.holdings(need)
        if split(self.view.problem, need, missing, holdings)["transport"] > 0 and self._may():
            trial.widening = self._widen(need, missing, holdings)
        return trial

    def _may(self) -> bool:
        if self.left <= 0 or self.warm.stop.left_seconds() <= self.longest:
            return False
        self.left -= 1
        return True

    def _closable(self, need: int, missing: float, caveat: Caveat) -> float:
        problem = self.view.problem
        total = 0.0
        for row, s in enumerate(caveat.stocks):
            effect = problem.effect(need, int(problem.stocks.item[s]))
            weeks = self.view.weeks_to(s, int(problem.needs.node[need])) if effect > 0 else 0
            last = problem.horizon_weeks - 1 - weeks
            if effect > 0 and last >= 0:
                total += effect * float(caveat.extra[row][last])
        return min(total, missing)

    def _widen(
        self, need: int, missing: float, holdings: Sequence[Holding]
    ) -> tuple[Widening, float] | None:
        widening = full_ways(self.view, need, missing, holdings)
        if widening is None:
            return None
        items = {int(self.view.problem.stocks.item[h.stock]) for h in holdings if h.idle > 0}
        _, closed = self.warm.gain(widening.changed, self.warm.needs_near(items, [need]))
        return widening, min(float(closed[need]), missing)

    def _tell(self, need: int, missing: float, trial: Trial) -> list[Unmet]:
        problem = self.view.problem
        holdings = self.view.holdings(need)
        parts = split(problem, need, missing, holdings)
        least = max(1e-9, 1e-6 * float(problem.needs.quantity[need]))
        causes = [c for c in ORDER if parts[c] > least] or [max(ORDER, key=lambda c: parts[c])]
        lost = missing - sum(parts[c] for c in causes)
        parts[max(causes, key=lambda c: parts[c])] += lost
        rows = []
        for cause in sorted(causes, key=lambda c: (-parts[c], ORDER.index(c))):
            sentence = self._sentence(need, parts[cause], cause, holdings, trial)
            rows.append(Unmet(need, round(parts[cause], 9), cause, sentence))
        return rows

    def _sentence(
        self, need: int, part: float, cause: Cause, holdings: Sequence[Holding], trial: Trial
    ) -> str:
        names = self.names
        head = names(
            "{missing} of {quantity} {capability}",
            missing=names.amount(part),
            quantity=names.amount(float(self.view.problem.needs.quantity[need])),
            capability=names.capability(need),
        )
        because = self._because(need, cause, holdings)
        change = self._change(cause, trial)
        return names("{head}: {because}; {change}.", head=head, because=because, change=change)

    def _change(self, cause: Cause, trial: Trial) -> str:
        """Say which of the changes tried closes most; what fits the cause goes first."""
        names = self.names
        if cause == "transport" and trial.widening and trial.widening[1] > 0:
            widening, closed = trial.widening
            return names(
                "{widening} closes {closed}",
                widening=self._widening(widening),
                closed=names.amount(closed),
            )
        helping = [x for x in trial.caveats if x[1] > 1e-9]
        fitting = [x for x in helping if x[0].caveat.kind in KINDS.get(cause, ())]
        if best := max(fitting or helping, key=lambda x: (x[1], x[0].gain), default=None):
            priced, closed = best
            return names(
                "{change} closes {closed}",
                change=change_words(names, priced.caveat),
                closed=names.amount(closed),
            )
        if trial.untried and not trial.caveats:
            caveat, most = trial.untried
            return names(
                "{change} might close up to {most}, which was not tried",
                change=change_words(names, caveat),
                most=names.amount(most),
            )
        if trial.caveats:
            return names("lifting one donor's caveat closes none of it")
        if cause == "none_held":
            return names("only new supply closes it")
        if not trial.in_time:
            return names("what would close it was not tried in the time given")
        return names("no caveat of a donor holds any of it back")

    def _widening(self, widening: Widening) -> str:
        names, problem = self.names, self.view.problem
        said = [
            names(
                "{amount} {unit} a week more on {way} ({mode})",
                amount=names.amount(amount),
                unit=names.measure(k),
                mode=names(problem.links.modes[k] or "way"),
                way=names.way(k),
            )
            for k, amount in widening.links
        ]
        said += [
            names(
                "{amount} t a week more at {node}", amount=names.amount(amount), node=names.node(n)
            )
            for n, amount in widening.nodes
        ]
        return names(" and ").join(said)

    # -- causes ---------------------------------------------------------------------------

    def _donors(self, holdings: Iterable[Holding]) -> int:
        return len({int(self.view.problem.stocks.donor[h.stock]) for h in holdings})

    def _because(self, need: int, cause: Cause, holdings: Sequence[Holding]) -> str:
        names = self.names
        if cause == "none_held":
            held = names.amount(sum(h.held for h in holdings))
            return names("all donors together hold {held}", held=held)
        if cause == "floor":
            kept = [h for h in holdings if h.held > h.free]
            amount = names.amount(sum(h.held - h.free for h in kept))
            return names.count(
                "the floor of {count} donor keeps {kept}",
                "the floors of {count} donors keep {kept}",
                self._donors(kept),
                kept=amount,
            )
        if cause == "not_released":
            return self._not_released(holdings)
        if cause == "lead_time":
            return self._too_late(holdings)
        if cause == "package_or_condition":
            kept = [h for h in holdings if h.timely > h.decided]
            return names(
                "packages and conditions keep {kept}",
                kept=names.amount(sum(h.timely - h.decided for h in kept)),
            )
        if cause == "transport":
            ready = sum(h.idle for h in holdings)
            if ready > 0 and self.cut:
                return names(
                    "{ready} stand ready, but the time ended before every way was tried",
                    ready=names.amount(ready),
                )
            if ready <= 0:
                return names("it is held, but no way that takes it leads there")
            return self._no_room(need, ready, holdings)
        return self._outbid(need, holdings)

    def _no_room(self, need: int, ready: float, holdings: Sequence[Holding]) -> str:
        names = self.names
        large = too_large(self.view.problem, need, holdings)
        if large:
            return names(
                "{ready} stand ready, but one unit ({name}) is more than the ways there "
                "take in a week",
                ready=names.amount(ready),
                name=", ".join(names.item(item) for item in large),
            )
        return names("{ready} stand ready, but the ways there are full", ready=names.amount(ready))

    def _not_released(self, holdings: Sequence[Holding]) -> str:
        problem, names = self.view.problem, self.names
        late = [h for h in holdings if h.blocked == "not_released" and h.free > h.timely]
        weeks = [
            int(problem.stocks.release_week[h.stock])
            for h in late
            if problem.stocks.releasable[h.stock]
        ]
        if not weeks:
            return names.count(
                "{count} donor holds it, but may not release it",
                "{count} donors hold it, but none of these may release it",
                self._donors(late),
            )
        return names.count(
            "{count} donor holds it, but may not release it before {first}",
            "{count} donors hold it, but none of these may release it before {first}",
            self._donors(late),
            first=names.day(min(weeks)),
        )

    def _too_late(self, holdings: Sequence[Holding]) -> str:
        problem, names = self.view.problem, self.names
        late = [h for h in holdings if h.blocked == "lead_time" and h.free > h.timely]
        best = max(late, key=lambda h: (h.free - h.timely, -h.stock))
        if best.weeks >= problem.horizon_weeks:
            return names.count(
                "{count} donor holds it, but the quickest way takes {weeks} weeks, "
                "longer than the horizon",
                "{count} donors hold it, but the quickest way takes {weeks} weeks, "
                "longer than the horizon",
                self._donors(late),
                weeks=best.weeks,
            )
        return names(
            "it would have to leave {place} ({donor}) by {last}, before it is there",
            place=names.node(int(problem.stocks.node[best.stock])),
            donor=names.donor_of(best.stock),
            last=names.day(problem.horizon_weeks - 1 - best.weeks),
        )

    def _outbid(self, need: int, holdings: Sequence[Holding]) -> str:
        problem, names = self.view.problem, self.names
        mine = {h.stock for h in holdings if h.decided > 0}
        taken: dict[int, float] = {}
        for x in (x for s in sorted(mine) for x in self.sent.get(s, ())):
            if x.need != need:
                effect = problem.effect(need, int(problem.stocks.item[x.stock]))
                taken[x.need] = taken.get(x.need, 0.0) + x.quantity * effect
        largest = sorted(taken, key=lambda r: (-taken[r], r))[:3]
        if not largest:
            return names("all that can go has been sent")
        return names(
            "what could serve it goes to other needs ({names})",
            names=", ".join(problem.needs.ids[r] for r in largest),
        )


def explain(
    problem: Problem, plan: Plan, language: str = "en", *, stop: Stop | None = None
) -> Plan:
    """Give the plan with causes and a sentence for every need that ends short.

    Each row holds what is missing for one cause; the rows of a need add up to what it lacks. How
    many changes are tried follows from the problem's size, so that equal plans read the same;
    ``stop`` ends the trying early.
    """
    missing = measure(problem, plan.shipments)[1]
    short = [int(n) for n in np.flatnonzero(missing > 0)]
    if not short:
        return replace(plan, unmet=())
    view = View(problem, plan.shipments, plan.accepted)
    warm = Warm(problem, plan.shipments, stop or Stop(), plan.seed)
    explainer = Explainer(view, warm, Names(problem, language))
    explainer.cut = plan.cut
    rows = explainer.rows(missing.tolist(), short)
    return replace(plan, unmet=tuple(rows))
