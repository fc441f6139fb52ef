"""Ledgers of any size for measuring: like a tracker's, same seed, same bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from intendance.ledger.store import Record
from intendance.model.entry import digest_id

SEED = 20240223
DONORS = tuple(f"Donor {n:02}" for n in range(40))
CATEGORIES = ("financial", "humanitarian", "military")
_FIRST = date(2022, 1, 24)
_DAYS = [(_FIRST + timedelta(days=n)).isoformat() for n in range(730)]


def body(
    line: str,
    *,
    donor: str,
    category: str,
    cents: int,
    stage: str,
    valid: str,
    kind: str,
    told: str,
) -> str:
    """Write an entry's canonical bytes (keys in order, no blanks)."""
    whole, rest = divmod(cents, 100)
    amount = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    bounds = f'"best":"{amount}","currency":"EUR","high":"{amount}","low":"{amount}"'
    reason = ',"reason":"changed in the source"' if kind != "post" else ""
    return (
        f'{{"category":"{category}","donor":"{donor}","instrument":"in kind",'
        f'"item_text":"Generators and spare parts","kind":"{kind}","line":"{line}",'
        f'"marking":"public","money":{{{bounds},"qualifier":"exact"}}{reason},'
        f'"recipient":"Ukraine","recorded_on":"{told}",'
        f'"source":{{"document":"release 13","origin":"bench:{donor}","row":{cents % 5000},'
        f'"url":"example.org/{line[6:]}"}},"stage":"{stage}","topic":"aid","valid":"{valid}",'
        f'"valuations":[{{{bounds},"method":"source","qualifier":"exact",'
        f'"source":"bench:{donor}"}}]}}'
    )


def records(count: int, *, seed: int = SEED, start: int = 0) -> Iterator[Record]:
    """Give entries: four in five are new lines, the others corrections or deliveries of them."""
    chance = random.Random(seed + start)
    lines: list[tuple[str, str, str]] = []
    for n in range(start, start + count):
        stage, kind = "commitment", "post"
        draw = chance.random()
        if lines and draw > 0.8:
            line, donor, category = lines[int(chance.random() * len(lines))]
            stage, kind = ("delivery", "post") if draw > 0.9 else ("commitment", "correct")
        else:
            line = f"bench:L{n}"
            donor = DONORS[int(chance.random() ** 2 * len(DONORS))]
            category = CATEGORIES[int(chance.random() * 3)]
            lines.append((line, donor, category))
        text = body(
            line,
            donor=donor,
            category=category,
            cents=1 + int(chance.random() * 10**9),
            stage=stage,
            valid=_DAYS[int(chance.random() * 600)],
            kind=kind,
            told=_DAYS[min(600 + n // 20_000, 729)],
        )
        yield Record(digest_id(text.encode()), line, text)
