"""The model laid out for the compiled engines: what does not change in a run."""

from __future__ import annotations

from typing import NamedTuple

from intendance.sustain.network import Floats, Ints


class Plant(NamedTuple):
    """What does not change in a run; see ``Network`` for the meaning of the arrays."""

    parent: Ints
    ship_days: Floats
    level: Ints
    repaired: Floats
    repair_days: Floats
    repair_fixed: Ints
    servers: Ints
    condemned: Floats
    procure_days: Floats
    need_start: Ints
    need_subpart: Ints
    need_share: Floats
    part_start: Ints
    part_group: Ints
    part_node: Ints
    part_count: Ints
    part_rate: Floats
    part_rate_id: Ints
    loss_rate: Floats
    loss_back: Floats
    loss_rate_id: Ints
    arrivals: Ints
    """(N + 2, g): systems that come at the start of each day."""
    tempo: Floats
    """(N + 2, g): mean tempo of a group times the day's factor."""
    spare_day: Ints
    spare_node: Ints
    spare_count: Ints
    use_group: Ints
    use_stock: Ints
    use_rate: Floats
    use_shape: Floats
    use_rate_id: Ints
    supply: Floats
    """(N + 2, k): what comes at the start of each day by item stock."""
    clock: Ints
    """Stream numbers by purpose: failure clock and choice by group, ..."""
    choice: Ints
    route: Ints
    mend: Ints
    use: Ints
    place: Ints
    rate: Ints
