"""Jobs of sustainment: a model built from the ledger, and a simulation of many futures."""

from __future__ import annotations

from datetime import date
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from intendance.app.accounts import papers, trail
from intendance.app.web import desk, outlooks
from intendance.errors import InputError, InterruptedRunError
from intendance.ledger.ledger import Ledger

if TYPE_CHECKING:
    from intendance.app.web.work import Work

RUN = "simulation"
_STEPS = 4


def build(work: Work) -> dict[str, Any]:
    """Make a model of what the ledger says, as the whole cell sees it, and keep it."""
    from pathlib import Path

    from intendance.sustain.from_ledger import build as make

    given = work.arguments
    known = given["known_at"]
    with (
        TemporaryDirectory(prefix="intendance-model-") as name,
        Ledger.open(work.ledger_name, desk.CELL) as book,
    ):
        built = make(
            book,
            given["rates"],
            date.fromisoformat(given["as_of"]),
            date.fromisoformat(known) if known else None,
            int(given["days"]),
            Path(name) / "model",
        )
        files = outlooks.texts_of(Path(name) / "model")
    key = f"{given['as_of']}-{uuid4().hex[:8]}"
    body = {
        "title": given["title"] or f"{given['rates']} {given['as_of']}",
        "as_of": given["as_of"],
        "days": built.horizon_days,
        "files": [list(each) for each in files],
        "notes": [[each.sentence, each.value] for each in built.findings][:100],
    }
    papers.put(work.office, outlooks.KIND, key, body, person=work.person, version=0)
    trail.note(work.office, work.person, "", "model built", key)
    return {"href": f"/sustain?model={key}", "model": key}


def simulate(work: Work) -> dict[str, Any]:
    """Play many futures of a model and keep their bands."""
    from intendance.sustain.read import read_model
    from intendance.sustain.records import of_simulation
    from intendance.sustain.simulation import Wish, simulate_with_asks

    given = work.arguments
    found = outlooks.outlook(work.office, given["model"], work.viewer)
    if found is None:
        raise InputError("There is no such model.")
    with outlooks.folder_of(found) as folder:
        model = read_model(folder, language=given["language"])
    wish = Wish(days=int(given["days"]), futures=int(given["futures"]), seed=int(given["seed"]))
    work.progress(text="simulating", futures=wish.futures, seed=wish.seed, share=0.02)

    def told(played: int) -> None:
        work.progress(played=played, share=round(0.02 + 0.96 * played / wish.futures, 3))
        if work.stopped():
            raise InterruptedRunError(
                "The simulation was stopped; its bands need all futures.",
                next_step="Play fewer futures.",
            )

    result = simulate_with_asks(model, wish, language=given["language"], progress=told)
    rules = {"futures": wish.futures, "seed": wish.seed, "days": wish.days}
    record = of_simulation(result, model, rules)
    kept = {
        "model": found.name,
        "days": wish.days,
        "futures": wish.futures,
        "seed": wish.seed,
        "series": record["series"],
        "items": record["items"],
        "meeting": record["probability_of_meeting"],
    }
    key = uuid4().hex
    papers.put(work.office, RUN, key, kept, person=work.person, version=0)
    work.progress(share=1.0)
    return {"href": f"/sustain?model={found.name}&days={wish.days}&run={key}", "run": key}
