"""The steady state: METRIC and VARI-METRIC for any depth of echelons and of subparts.

METRIC (Sherbrooke 1968, Operations Research 16:122) takes every pipeline as Poisson;
VARI-METRIC (Graves 1985, Management Science 31:1247; Sherbrooke 1986, Operations Research
34:311) carries the variance of what waits at the parent or for a subpart. Repair is ample, so
only mean times count (Palm's theorem), and demand is not slowed by systems that are down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from intendance.sustain.backorders import partial_moments
from intendance.sustain.compiled import compiled
from intendance.sustain.model import Model
from intendance.sustain.network import NONE, Floats, Ints, Network, build_network

Method = Literal["metric", "vari-metric"]


@dataclass(frozen=True, slots=True)
class Flows:
    """Rates per day at each node: all demands, what is repaired, ordered up, procured."""

    demand: Floats
    fleet: Floats
    repaired: Floats
    ordered: Floats
    condemned: Floats


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One item at one site in the steady state; pipeline in units, its variance squared."""

    lru: str
    site: str
    level: int
    demand_per_day: float
    pipeline_mean: float
    pipeline_variance: float
    expected_backorders: float


@dataclass(frozen=True, slots=True)
class Availability:
    """The share of a fleet that has no hole, and the number of systems that it means."""

    site: str
    system: str
    quantity: int
    available: float
    expected_ready: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the network; ``expected_backorders`` are the holes in systems alone."""

    systems: int
    expected_ready: float
    availability: float
    expected_backorders: float
    expected_backorders_all_sites: float
    stock_units: int
    stock_cost_eur: float | None


@dataclass(frozen=True, slots=True)
class Steady:
    """The steady state of a model."""

    method: Method
    rows: tuple[NodeRow, ...]
    availability: tuple[Availability, ...]
    totals: Totals


def final_fleet(network: Network) -> tuple[Ints, Floats]:
    """Give systems and mean tempo by group once every delivery has arrived."""
    counts = np.zeros(len(network.groups), dtype=np.int64)
    weighted = np.zeros(len(network.groups))
    at = {group: number for number, group in enumerate(network.groups)}
    for fleet in network.model.fleets:
        group = at[fleet.site, fleet.system]
        counts[group] += fleet.quantity
        weighted[group] += fleet.quantity * fleet.tempo
    return counts, weighted / np.maximum(counts, 1)


def flows(network: Network, operating: Floats) -> Flows:
    """Spread the demand of ``operating`` systems by group (already times tempo) over the nodes.

    A condemned unit is ordered up to the top and procured there; of the good failures that
    reach a node the share ``repaired`` is repaired, the rest is passed to the parent.
    """
    size = network.size
    fleet = np.zeros(size)
    np.add.at(fleet, network.part_node, network.part_rate * operating[network.part_group])
    good, lost, fresh = np.zeros(size), np.zeros(size), fleet.copy()
    needs: dict[int, list[tuple[int, float]]] = {}
    for unit, subpart, share in zip(
        network.need_unit, network.need_subpart, network.need_share, strict=True
    ):
        needs.setdefault(int(unit), []).append((int(subpart), float(share)))
    for node in range(size - 1, -1, -1):  # children before parents, units before subparts
        good[node] += fresh[node] * (1.0 - network.condemned[node])
        lost[node] += fresh[node] * network.condemned[node]
        here = good[node] * network.repaired[node]
        for subpart, share in needs.get(node, []):
            fresh[subpart] += here * share
        parent = network.node_parent[node]
        if parent != NONE:
            good[parent] += good[node] - here
            lost[parent] += lost[node]
    here = good * network.repaired
    return Flows(good + lost, fleet, here, good - here, lost)


@compiled
def pipelines(
    level: Ints,
    parent: Ints,
    own_mean: Floats,
    upward: Floats,
    demand: Floats,
    need_start: Ints,
    need_subpart: Ints,
    need_rate: Floats,
    vari: bool,
    out: Floats,
) -> None:
    """Fill ``out`` (n, 4): pipeline mean and variance, backorder mean and variance.

    ``own_mean`` is the Poisson part (repair, shipping, procurement); what waits at the parent
    or for a subpart comes on top, thinned by this node's share of the demand there.
    """
    for node in range(level.size):
        mean = own_mean[node]
        variance = mean
        source = parent[node]
        if source >= 0 and demand[source] > 0.0:
            share = upward[node] / demand[source]
            mean += share * out[source, 2]
            variance += share * (1.0 - share) * out[source, 2] + share * share * out[source, 3]
        for at in range(need_start[node], need_start[node + 1]):
            sub = need_subpart[at]
            if demand[sub] > 0.0:
                share = need_rate[at] / demand[sub]
                mean += share * out[sub, 2]
                variance += share * (1.0 - share) * out[sub, 2] + share * share * out[sub, 3]
        if not vari:
            variance = mean
        out[node, 0] = mean
        out[node, 1] = variance
        ratio = variance / mean if mean > 0.0 else 1.0
        first, second = partial_moments(float(level[node]), mean, max(1.0, ratio))
        out[node, 2] = first
        out[node, 3] = max(0.0, second - first * first)


@dataclass(frozen=True, slots=True)
class Steadily:
    """Everything that a change of stock levels does not touch, ready for ``pipelines``."""

    network: Network
    flows: Flows
    own_mean: Floats
    upward: Floats
    need_start: Ints
    need_subpart: Ints
    need_rate: Floats
    holes_share: Floats
    """Share of each node's backorders that are holes in systems."""

    def moments(self, level: Ints, *, vari: bool = True) -> Floats:
        """Give (n, 4) pipeline mean, variance, backorder mean, variance for these levels."""
        out = np.zeros((self.network.size, 4))
        pipelines(
            level,
            self.network.node_parent,
            self.own_mean,
            self.upward,
            self.flows.demand,
            self.need_start,
            self.need_subpart,
            self.need_rate,
            vari,
            out,
        )
        return out


def prepare(network: Network, operating: Floats) -> Steadily:
    """Work out the flows and the Poisson part of each pipeline."""
    rates = flows(network, operating)
    top = network.node_parent == NONE
    upward = np.where(top, 0.0, rates.ordered + rates.condemned)
    own = rates.repaired * network.repair_days + np.where(
        top,
        rates.ordered * network.ship_days + rates.condemned * network.procure_days,
        upward * network.ship_days,
    )
    order = np.argsort(network.need_unit, kind="stable")
    start = np.searchsorted(network.need_unit[order], np.arange(network.size + 1))
    return Steadily(
        network,
        rates,
        own,
        upward,
        start.astype(np.int64),
        network.need_subpart[order],
        network.need_share[order] * rates.repaired[network.need_unit[order]],
        holes_share(rates),
    )


def availability_by_group(
    network: Network, rates: Flows, operating: Floats, holes: Floats, counts: Ints
) -> Floats:
    """Give the share of each group's systems without a hole (Sherbrooke's product formula).

    ``holes`` are expected backorders by node, shared by demand. With Z units of an item in each
    of N systems the chance that a system misses none of them is (1 - B / (N Z))^Z.
    """
    result = np.ones(len(network.groups))
    for part in range(len(network.part_node)):
        group, node = network.part_group[part], network.part_node[part]
        each = network.part_count[part]
        if counts[group] == 0 or rates.demand[node] <= 0.0:
            continue
        share = network.part_rate[part] * operating[group] / rates.demand[node]
        hole = holes[node] * share / (counts[group] * each)
        result[group] *= max(0.0, 1.0 - hole) ** each
    return result


def solve_steady(model: Model, method: Method = "vari-metric") -> Steady:
    """Work out the steady state of a model at its own stock levels and final fleets."""
    network = build_network(model)
    counts, tempo = final_fleet(network)
    operating = counts * tempo
    ready = prepare(network, operating)
    out = ready.moments(network.level, vari=method == "vari-metric")
    shares = availability_by_group(network, ready.flows, operating, out[:, 2], counts)
    rows = tuple(
        NodeRow(
            lru=network.items[network.node_item[node]],
            site=network.sites[network.node_site[node]],
            level=int(network.level[node]),
            demand_per_day=float(ready.flows.demand[node]),
            pipeline_mean=float(out[node, 0]),
            pipeline_variance=float(out[node, 1]),
            expected_backorders=float(out[node, 2]),
        )
        for node in _as_people_read(network)
    )
    fleets = tuple(
        Availability(site, system, int(count), float(share), float(share * count))
        for (site, system), count, share in zip(network.groups, counts, shares, strict=True)
    )
    return Steady(method, rows, fleets, _totals(network, ready.flows, out, fleets))


def holes_share(rates: Flows) -> Floats:
    """Give the share of each node's backorders that are holes in systems."""
    return np.divide(
        rates.fleet, rates.demand, out=np.zeros(rates.fleet.size), where=rates.demand > 0
    )


def _as_people_read(network: Network) -> list[int]:
    """Order nodes as the files do: units in their order, then sites in theirs."""
    unit = {unit.lru: at for at, unit in enumerate(network.model.units)}
    site = {place.site: at for at, place in enumerate(network.model.sites)}
    return sorted(
        range(network.size),
        key=lambda node: (
            unit[network.items[network.node_item[node]]],
            site[network.sites[network.node_site[node]]],
        ),
    )


def _totals(
    network: Network, rates: Flows, out: Floats, fleets: tuple[Availability, ...]
) -> Totals:
    systems = sum(fleet.quantity for fleet in fleets)
    ready = sum(fleet.expected_ready for fleet in fleets)
    held = network.level > 0
    cost = float(np.sum(network.level[held] * network.cost_eur[held]))
    return Totals(
        systems=systems,
        expected_ready=ready,
        availability=ready / systems if systems else 1.0,
        expected_backorders=float(np.sum(out[:, 2] * holes_share(rates))),
        expected_backorders_all_sites=float(np.sum(out[:, 2])),
        stock_units=int(network.level.sum()),
        stock_cost_eur=None if np.isnan(cost) else cost,
    )
