"""50,000 transactions loaded, checked and totalled: hledger and Beancount on the same ones.

Each program starts from its own file of the ledger: hledger and Beancount from their journals,
Intendance from its database. Loaded: every transaction read. Checked: that they balance, or that
every hash of the chain fits. Totalled: by category and donor. The three totals must be equal to
the cent. Twice for Intendance: with the projection that it keeps beside the ledger, and with
columns made anew from the very bytes that are checked. Processor seconds stand beside the
clock's: they tell how busy the machine was. The ratios are those of the clock.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.figures import Figures, SkippedError, best_seconds, figure
from benchmarks.ledger_data import body
from benchmarks.ledger_data import records as drawn
from benchmarks.ledger_speed import private_folder

from intendance.ledger.definition import Definition
from intendance.ledger.ledger import Ledger
from intendance.ledger.store import Record
from intendance.model.entry import digest_id

COUNT = 50_000
_REPEATS = 3


def _transactions() -> list[dict[str, str]]:
    """Give the same lines to everybody: each one commitment of one donor."""
    found = []
    for n, each in enumerate(drawn(COUNT)):
        made = json.loads(each.body)
        found.append(
            {
                "line": f"bench:T{n}",
                "day": made["valid"],
                "donor": made["donor"].replace(" ", "-"),
                "category": made["category"].title(),
                "amount": made["money"]["best"],
            }
        )
    return found


def _ours(folder: Path, transactions: list[dict[str, str]]) -> Path:
    records = []
    for each in transactions:
        text = body(
            each["line"],
            donor=each["donor"],
            category=each["category"],
            cents=int(Decimal(each["amount"]) * 100),
            stage="commitment",
            valid=each["day"],
            kind="post",
            told="2024-02-01",
        )
        records.append(Record(digest_id(text.encode()), each["line"], text))
    path = folder / "aid.db"
    with Ledger.create(str(path)) as book:
        assert book.post_records(records).new == COUNT
    return path


def _our_total(path: Path, *, anew: bool = False) -> Decimal:
    with Ledger.open(str(path)) as book:
        verdict = book.load() if anew else book.verify()
        assert verdict.intact
        return book.total(Definition(by=("category", "donor"))).total.best


def _measured(
    folder: Path, rival: tuple[float, float], rival_total: Decimal, goal: float
) -> Figures:
    """Measure ours against a rival's seconds by the clock and of the processor."""
    rival_seconds, rival_cpu = rival
    path = _ours(folder, _transactions())
    assert _our_total(path) == rival_total
    kept = best_seconds(lambda: _our_total(path), _REPEATS)
    os.environ["INTENDANCE_CACHE"] = ""
    assert _our_total(path, anew=True) == rival_total
    anew = best_seconds(lambda: _our_total(path, anew=True), _REPEATS)
    anew_cpu = best_seconds(lambda: _our_total(path, anew=True), _REPEATS, clock=process_time)
    return {
        "rival_s": figure(rival_seconds, "s"),
        "rival_cpu_s": figure(rival_cpu, "s"),
        "ours_cpu_s_projection_made_anew": figure(anew_cpu, "s"),
        "ratio_of_cpu_projection_made_anew": figure(rival_cpu / anew_cpu, "times"),
        "ours_s_projection_kept": figure(kept, "s"),
        "ours_s_projection_made_anew": figure(anew, "s"),
        "ratio_projection_kept": figure(rival_seconds / kept, "times", at_least=goal),
        "ratio_projection_made_anew": figure(rival_seconds / anew, "times", at_least=goal),
    }


def _children_seconds() -> float:
    """Give the processor seconds of all programs that were started here and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _hledger() -> str:
    if shutil.which("hledger") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("hledger is missing: apt-get install hledger", file=sys.stderr)
        call = ["apt-get", "install", "-y", "-q", "hledger"]
        subprocess.run(call, check=False, capture_output=True)
    found = shutil.which("hledger")
    if found is None:
        raise SkippedError("hledger is not installed (Debian: apt-get install hledger)")
    return found


def bench_against_hledger() -> Figures:
    """At least 5 times faster than hledger (the Debian package)."""
    program = _hledger()
    with private_folder() as folder:
        journal = folder / "aid.journal"
        with journal.open("w", encoding="utf-8") as stream:
            for each in _transactions():
                stream.write(
                    f"{each['day']} {each['line']}\n"
                    f"    Aid:{each['category']}:{each['donor']}  {each['amount']} EUR\n"
                    f"    Given:{each['donor']}\n\n"
                )
        call = [program, "-f", str(journal), "balance", "Aid", "-O", "csv"]

        def total() -> Decimal:
            done = subprocess.run(call, check=True, capture_output=True, text=True)
            last = list(csv.reader(StringIO(done.stdout)))[-1]
            return Decimal(last[1].removesuffix(" EUR"))

        seconds = best_seconds(total, _REPEATS)
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        cpu = best_seconds(total, _REPEATS, clock=_children_seconds)
        found = _measured(folder, (seconds, cpu), total(), 5)
    return {"rival": version.stdout.strip(), **found}


# Runs inside Beancount's own environment; prints its version, the total and the seconds.
_BEANCOUNT = """
import sys, time
from decimal import Decimal
started = time.perf_counter()
import beancount
from beancount import loader
loaded, spent = time.perf_counter(), time.process_time()
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors[:3]
totals = {}
for entry in entries:
    for posting in getattr(entry, "postings", ()):
        if posting.account.startswith("Assets:"):
            totals[posting.account] = totals.get(posting.account, Decimal(0)) + posting.units.number
print(beancount.__version__, sum(totals.values()), time.perf_counter() - loaded,
      time.process_time() - spent)
"""


def _beancount_python(folder: Path) -> str:
    """Give a Python that has Beancount: this one, or that of a private environment."""
    if importlib.util.find_spec("beancount"):
        return sys.executable
    print("Beancount goes into a private temporary environment", file=sys.stderr)
    home = folder / "beancount"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    call = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "beancount"]
    if subprocess.run(call, check=False, capture_output=True).returncode:
        raise SkippedError("Beancount cannot be installed here (PyPI: beancount)")
    return python


def bench_against_beancount() -> Figures:
    """At least 10 times faster than Beancount (PyPI), its load cache off; its start-up left out."""
    with private_folder() as folder, tempfile.TemporaryDirectory() as other:
        python = _beancount_python(Path(other))
        transactions = _transactions()
        journal = folder / "aid.beancount"
        accounts = {f"Assets:{each['category']}:{each['donor']}" for each in transactions}
        accounts |= {f"Equity:{each['donor']}" for each in transactions}
        with journal.open("w", encoding="utf-8") as stream:
            stream.writelines(f"2020-01-01 open {name} EUR\n" for name in sorted(accounts))
            for each in transactions:
                stream.write(
                    f'\n{each["day"]} * "{each["line"]}"\n'
                    f"  Assets:{each['category']}:{each['donor']}  {each['amount']} EUR\n"
                    f"  Equity:{each['donor']}\n"
                )
        times = []
        for _ in range(_REPEATS):
            started = perf_counter()
            done = subprocess.run(
                [python, "-c", _BEANCOUNT, str(journal)],
                check=True, capture_output=True, text=True,
                env={**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"},
            )  # fmt: skip
            version, total, seconds, cpu = done.stdout.split()
            assert float(seconds) < perf_counter() - started
            times.append((float(seconds), float(cpu)))
        best = (min(each for each, _ in times), min(each for _, each in times))
        found = _measured(folder, best, Decimal(total), 10)
    return {"rival": f"beancount {version}", **found}
