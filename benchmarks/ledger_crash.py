"""kill -9 at random points of an import: nothing acknowledged is ever lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.figures import Figures, figure
from benchmarks.ledger_speed import private_folder

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("INTENDANCE_KILLS", "200"))


def bench_crash_of_imports() -> Figures:
    """200 kills; after each the chain is intact and the head is the one before or after."""
    sys.path.insert(0, str(ROOT / "tests" / "ledger"))
    import crashing

    with private_folder() as folder:
        trials = crashing.crash_imports(folder, KILLS, rows=300, seed=11)
    moments = {f"killed_{name.replace(' ', '_')}": n for name, n in trials.moments.items()}
    # crash_imports stops with an AssertionError at the first loss: reaching this line is the proof.
    return {"kills": figure(trials.kills, "", at_least=200), "entries_lost": 0, **moments}


def bench_histories() -> Figures:
    """Each of the twelve rules over 10,000 random histories, with a naive ledger beside."""
    import re
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/properties/test_ledger_many.py", "-q",
         "-p", "no:cacheprovider",
         "--override-ini", "timeout=0", "--override-ini", "addopts=--import-mode=importlib"],
        cwd=ROOT, env={**os.environ, "INTENDANCE_EXAMPLES": "10000"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    passed = re.search(r"(\d+) passed", done.stdout)
    failed = re.search(r"(\d+) (?:failed|error)", done.stdout)
    assert passed, done.stdout[-2000:] + done.stderr[-2000:]
    return {
        "histories_a_rule": 10_000,
        "rules_that_held": int(passed[1]),
        "rules_that_failed": figure(int(failed[1]) if failed else 0, "", at_most=0),
    }
