"""How long a workbook of ten megabytes in the tracker's layout takes, from file to ledger."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date
from pathlib import Path

SEED = 20230421
SIZE_MB = 10
HEADS = (
    "ID", "Countries", "Announcement Date", "Type of Aid General", "Type of Aid Specific",
    "Explanation", "Original Currency", "Items", "Type of Item", "Sub-type of item",
    "No. of Units", "No. of Units Delivered (in-kind military aid)", "Total ",
    "Converted Value in EUR", "Total monetary value delivered in EUR", "Source of Aid 1",
)  # fmt: skip
DONORS = ("Poland", "Germany", "France", "United States", "Japan", "Norway", "Canada", "Spain")
ITEMS = ("T-72 tank", "D-30 Howitzer", "power generator", "tent", "Javelin", "blankets", ".")


def workbook(path: Path, rows: int) -> None:
    """Write a workbook of random packages; the same number gives the same content."""
    import xlsxwriter

    chance = random.Random(SEED)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Bilateral assistance, MAIN DATA")
    sheet.write_row(0, 0, HEADS)
    for number in range(1, rows + 1):
        package = f"XX{number // 3}"
        first = number % 3 == 0
        worth = chance.randrange(10**4, 10**9)
        # Long explanations make up most of the real file's bytes.
        words = " ".join(f"{chance.getrandbits(64):x}" for _ in range(14))
        sheet.write_row(number, 0, (
            package, DONORS[number // 3 % len(DONORS)], f"2022-{number % 12 + 1:02d}-15",
            ("Military", "Financial", "Humanitarian")[number // 3 % 3], "Weapons and equipment",
            words, "USD", ITEMS[number % len(ITEMS)], "Heavy weapon", ".",
            chance.randrange(1, 500), ".", worth if first else ".",
            round(worth / 1.05, 2) if first else ".", "", f"https://example.org/{number}",
        ))  # fmt: skip
    book.close()


def run() -> None:
    """Print processor seconds (other work does not blur them) to read, and to import."""
    from intendance.exchange.importing import import_file
    from intendance.exchange.kiel import read_drafts
    from intendance.ledger.ledger import Ledger

    day = date(2023, 3, 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracker.xlsx"
        rows = 50_000
        workbook(path, rows)
        megabytes = path.stat().st_size / 1e6
        if megabytes < SIZE_MB:
            rows = int(rows * SIZE_MB / megabytes * 1.02)
            workbook(path, rows)
            megabytes = path.stat().st_size / 1e6
        begin = time.process_time()
        read_drafts(path, day)
        reading = time.process_time() - begin
        with Ledger.create(str(Path(folder) / "aid.db")) as ledger:
            begin = time.process_time()
            done = import_file(ledger, "kiel", path, recorded_on=day)
            whole = time.process_time() - begin
        assert done.rows == done.entries + done.merged + done.rows_set_aside
        print(
            f"workbook {megabytes:.1f} MB, {rows} rows, {done.posted} entries: processor time "
            f"to read {reading:.2f} s, to import {whole:.2f} s"
        )


if __name__ == "__main__":
    run()
