"""Runs every ``bench_*`` function of this folder, each in a process of its own.

    python -m benchmarks                 all of them
    python -m benchmarks ledger plan     those whose module or name holds a word
    python -m benchmarks --list          their names

A benchmark returns a dict of figures: plain values, or ``figures.figure(…)`` with a goal. The
figures, the machine and the command go to ``benchmarks/results/<date>.json``. Exit code 1 when a
goal is missed or a benchmark fails: a goal is never softened because the machine is busy; the
load average stands beside the figures.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent


def names() -> list[str]:
    """Give ``module:function`` of every benchmark, read from the sources without running them."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        found += [
            f"{path.stem}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("bench_")
        ]
    return found


def machine() -> dict[str, Any]:
    """Say on what the figures were measured."""
    model = platform.processor()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        lines = [line for line in cpu.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    return {
        "cpu": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }


def run_one(name: str, answer: Path) -> None:
    """Run one benchmark in this process and write what it gave."""
    from benchmarks.figures import SkippedError

    module, function = name.split(":")
    try:
        found: dict[str, Any] = {
            "figures": getattr(importlib.import_module(f"benchmarks.{module}"), function)()
        }
    except SkippedError as reason:
        found = {"skipped": str(reason)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.write_text(json.dumps({**found, "peak_mb": round(peak / 1024)}, default=str))


def measure(name: str) -> dict[str, Any]:
    """Run one benchmark in a process of its own, so that none disturbs another's memory."""
    command = f"python -m benchmarks {name}"
    load = os.getloadavg()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        call = [sys.executable, "-m", "benchmarks", "--one", name, "--answer", str(answer)]
        done = subprocess.run(call, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
        # The last words only: the lines above name places on this machine.
        said = "\n".join(done.stderr.strip().splitlines()[-3:]).replace(str(ROOT), ".")
        found = json.loads(answer.read_text()) if answer.exists() else {"failed": said}
    return {
        "command": command,
        "seconds": round(time.perf_counter() - started, 1),
        "load_before": [round(each, 1) for each in load],
        "load_after": [round(each, 1) for each in os.getloadavg()],
        **found,
    }


def printed(name: str, found: dict[str, Any]) -> tuple[int, int]:
    """Print one block; give how many goals it has and how many of them are missed."""
    loads = f"load {found['load_before'][0]}→{found['load_after'][0]}"
    print(f"\n{name}   ({found['seconds']} s, {found.get('peak_mb', '?')} MB, {loads})")
    if "skipped" in found:
        print(f"  skipped: {found['skipped']}")
        return 0, 0
    if "failed" in found:
        print("  FAILED\n    " + "\n    ".join(found["failed"].strip().splitlines()[-6:]))
        return 1, 1
    goals = missed = 0
    for key, value in found["figures"].items():
        if not isinstance(value, dict) or "value" not in value:
            print(f"  {key:<44} {_plain(value)}")
            continue
        line = f"  {key:<44} {_plain(value['value'])} {value.get('unit', '')}".rstrip()
        if "goal" in value:
            goals += 1
            missed += not value["met"]
            line = f"{line:<66} goal {value['goal']:<12} {'met' if value['met'] else 'MISSED'}"
        print(line)
    sys.stdout.flush()
    return goals, missed


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def keep(results: dict[str, Any]) -> Path:
    """Write the figures beside those of the same day that were not measured again."""
    folder = FOLDER / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y-%m-%d}.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    record = {"machine": machine(), "benchmarks": {**before.get("benchmarks", {}), **results}}
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(path)
    return path


def main() -> int:
    """Run what the words ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("words", nargs="*", help="run those whose name holds one of these words")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.answer)
        return 0
    chosen = [each for each in names() if not asked.words or any(w in each for w in asked.words)]
    if asked.list or not chosen:
        print("\n".join(chosen or names()))
        return 0 if chosen else 2
    on = machine()
    print(f"{on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB, Python {on['python']}")
    print(f"{len(chosen)} benchmarks; load average {os.getloadavg()[0]:.1f}")
    results: dict[str, Any] = {}
    goals = missed = 0
    for name in chosen:
        results[name] = measure(name)
        counted, off = printed(name, results[name])
        goals, missed = goals + counted, missed + off
        path = keep(results)
    print(f"\n{goals} goals, {missed} missed; figures in {path.relative_to(ROOT)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
