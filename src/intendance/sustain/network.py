"""Turns a checked model into arrays: nodes (item, site), fleets, flows between them.

A *node* is one item at one site that can see a demand or holds stock. A *group* is one system at
one site. Demands enter at the group's site, pass on to the parent what is not repaired, and each
repair of a unit may need one of its subparts at the same site.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intendance.sustain.model import CAUSES, Model, Repair

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE = -1


@dataclass(frozen=True, slots=True)
class Network:
    """The model as arrays; nodes stand parents first and subparts before what they are in.

    Node arrays have length n, group arrays g, part arrays p (one per group and item), subpart
    arrays q (one per unit node and subpart node). Rates are per day at tempo 1.
    """

    model: Model
    items: tuple[str, ...]
    sites: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    node_item: Ints
    node_site: Ints
    node_parent: Ints
    """The node of the same item at the parent site, or -1 at the top."""
    ship_days: Floats
    level: Ints
    repaired: Floats
    """Share of good failures repaired here."""
    repair_days: Floats
    repair_fixed: NDArray[np.bool_]
    servers: Ints
    """-1: as many as wanted."""
    condemned: Floats
    procure_days: Floats
    cost_eur: Floats
    """NaN where the cost is not given."""
    group_site: Ints
    part_group: Ints
    part_node: Ints
    part_count: Ints
    part_rate: Floats
    """Removals of the item per operating system and day (all its installed units)."""
    need_unit: Ints
    need_subpart: Ints
    need_share: Floats
    loss_rate: Floats
    """(g, 3): destroyed, damaged, worn out per operating system and day."""
    loss_return_days: Floats
    """(g, 3): NaN where nothing comes back."""

    @property
    def size(self) -> int:
        """Count the nodes."""
        return len(self.node_item)

    def node_at(self, item: str, site: str) -> int:
        """Find a node by its names, or -1."""
        for node in range(self.size):
            if (
                self.items[self.node_item[node]] == item
                and self.sites[self.node_site[node]] == site
            ):
                return node
        return NONE

    def lead_days(self, site: str) -> float:
        """Add up the order-and-ship times from the ample source down to a site."""
        total, at = 0.0, site
        by_name = {item.site: item for item in self.model.sites}
        while at:
            total += by_name[at].ship_days
            at = by_name[at].parent
        return total


def build_network(model: Model) -> Network:
    """Lay out a model's nodes and flows; the model is already checked."""
    sites = _sites_parents_first(model)
    items = _items_subparts_first(model)
    groups = tuple(dict.fromkeys((fleet.site, fleet.system) for fleet in model.fleets))
    wanted = _wanted_nodes(model, sites, items, groups)
    index = {pair: at for at, pair in enumerate(wanted)}
    parent_of = {site.site: site.parent for site in model.sites}
    ship_of = {site.site: site.ship_days for site in model.sites}
    unit_of = {unit.lru: unit for unit in model.units}
    level_of = {(stock.lru, stock.site): stock.level for stock in model.stocks}
    repair = _repairs(model)
    rows = [repair.get(pair, Repair(*pair, 0.0, 0.0, fixed=True, servers=None)) for pair in wanted]
    procure = [_procure(unit_of[item].procure_days, ship_of[site]) for item, site in wanted]
    costs = [unit_of[item].cost_eur for item, _ in wanted]
    item_at = {item: at for at, item in enumerate(items)}
    site_at = {site: at for at, site in enumerate(sites)}
    parts = [
        (at, index[part.lru, site], part.per_system, part.per_system * part.removals_per_day)
        for at, (site, system) in enumerate(groups)
        for part in model.parts
        if part.system == system
    ]
    needs = [
        (index[sub.lru, site], index[sub.sru, site], sub.share)
        for sub in model.subparts
        for site in sites
        if (sub.lru, site) in index and (sub.sru, site) in index
    ]
    rate, back = _losses(model, groups)
    return Network(
        model=model,
        items=items,
        sites=sites,
        groups=groups,
        node_item=_ints(item_at[item] for item, _ in wanted),
        node_site=_ints(site_at[site] for _, site in wanted),
        node_parent=_ints(index.get((item, parent_of[site]), NONE) for item, site in wanted),
        ship_days=_floats(ship_of[site] for _, site in wanted),
        level=_ints(level_of.get(pair, 0) for pair in wanted),
        repaired=_floats(row.share for row in rows),
        repair_days=_floats(row.repair_days for row in rows),
        repair_fixed=np.array([row.fixed for row in rows], dtype=np.bool_),
        servers=_ints(NONE if row.servers is None else row.servers for row in rows),
        condemned=_floats(unit_of[item].condemned_share for item, _ in wanted),
        procure_days=_floats(procure),
        cost_eur=_floats(np.nan if cost is None else cost for cost in costs),
        group_site=_ints(site_at[site] for site, _ in groups),
        part_group=_ints(part[0] for part in parts),
        part_node=_ints(part[1] for part in parts),
        part_count=_ints(part[2] for part in parts),
        part_rate=_floats(part[3] for part in parts),
        need_unit=_ints(need[0] for need in needs),
        need_subpart=_ints(need[1] for need in needs),
        need_share=_floats(need[2] for need in needs),
        loss_rate=rate,
        loss_return_days=back,
    )


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _floats(values: object) -> Floats:
    return np.array(list(values), dtype=np.float64)  # type: ignore[call-overload]


def _procure(days: float | None, ship_days: float) -> float:
    # Without a procurement time a condemned unit is replaced like any other order at the top.
    return ship_days if days is None else days


def _sites_parents_first(model: Model) -> tuple[str, ...]:
    children: dict[str, list[str]] = {}
    for site in model.sites:
        children.setdefault(site.parent, []).append(site.site)
    order = list(children.get("", []))
    for site_id in order:  # grows while it is walked: breadth first
        order.extend(children.get(site_id, []))
    return tuple(order)


def _items_subparts_first(model: Model) -> tuple[str, ...]:
    inside: dict[str, list[str]] = {}
    for sub in model.subparts:
        inside.setdefault(sub.lru, []).append(sub.sru)
    order: dict[str, None] = {}
    for unit in model.units:
        stack = [(unit.lru, iter(inside.get(unit.lru, [])))]
        while stack:
            item, below = stack[-1]
            child = next((name for name in below if name not in order), None)
            if child is None:
                order[item] = None
                stack.pop()
            else:
                stack.append((child, iter(inside.get(child, []))))
    return tuple(order)


def _wanted_nodes(
    model: Model,
    sites: tuple[str, ...],
    items: tuple[str, ...],
    groups: tuple[tuple[str, str], ...],
) -> list[tuple[str, str]]:
    """List the (item, site) pairs that can see a demand or hold something."""
    parent_of = {site.site: site.parent for site in model.sites}
    wanted = {(stock.lru, stock.site) for stock in model.stocks if stock.level}
    units = set(items)
    wanted |= {(s.item, s.site) for s in model.supplies if s.item in units}
    wanted |= {
        (part.lru, site) for site, name in groups for part in model.parts if part.system == name
    }
    for item in reversed(items):  # units before their subparts
        below = [sub.sru for sub in model.subparts if sub.lru == item]
        for site in reversed(sites):
            if (item, site) in wanted:
                if parent_of[site]:
                    wanted.add((item, parent_of[site]))
                wanted.update((name, site) for name in below)
    return [(item, site) for item in items for site in sites if (item, site) in wanted]


def _repairs(model: Model) -> dict[tuple[str, str], Repair]:
    """Collect repairs; a subpart without a row of its own is repaired wherever it is taken out."""
    found = {(row.lru, row.site): row for row in model.repairs}
    named = {row.lru for row in model.repairs}
    times: dict[str, list[float]] = {}
    for sub in model.subparts:
        if sub.sru not in named:
            times.setdefault(sub.sru, []).append(sub.repair_days)
    for sru, days in times.items():
        mean = sum(days) / len(days)
        for site in model.sites:
            found[sru, site.site] = Repair(sru, site.site, 1.0, mean, fixed=True, servers=None)
    return found


def _losses(model: Model, groups: tuple[tuple[str, str], ...]) -> tuple[Floats, Floats]:
    rate = np.zeros((len(groups), len(CAUSES)))
    back = np.full((len(groups), len(CAUSES)), np.nan)
    for loss in model.attrition:
        for at, (_, system) in enumerate(groups):
            if system == loss.system:
                rate[at, CAUSES.index(loss.cause)] = loss.per_day
                if loss.returns_after_days is not None:
                    back[at, CAUSES.index(loss.cause)] = loss.returns_after_days
    return rate, back
