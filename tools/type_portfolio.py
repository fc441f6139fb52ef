"""Types the portfolio ``coalition-2023`` from the tracker's raw files, in our own form.

    .venv/bin/python tools/type_portfolio.py ../shared/data/kiel

It is not needed at run time: its result is committed. What it takes over are facts (who, when,
what, how much, at which link); the tracker's explanations stay where they are.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from intendance.model.catalogue import capabilities, find_item, find_party, fold, party_name
from intendance.model.interval import decimal_of, plain
from intendance.model.period import Period, day_of, last_of_month

FOLDER = Path(__file__).parents[1] / "src/intendance/exchange/portfolios/coalition-2023"
CUTOFF = date(2023, 4, 21)
COLUMNS = (
    *("line", "sort", "donor", "category", "item", "item_text"),
    *("quantity", "quantity_qualifier", "unit", "delivered_quantity", "delivered_qualifier"),
    *("valid", "amount", "currency", "eur", "delivered_eur"),
    *("instrument", "source_url", "row", "packages"),
)
DOMAINS = frozenset(("armour", "artillery", "ammunition", "air-defence", "energy", "medical"))
HEAVY = ("armour", "artillery", "air-defence", "ammunition")
# A package is typed one by one from this size on; smaller ones when they carry what is rare.
SMALLEST_EUR = Decimal(9_000_000)
ALWAYS = frozenset(
    ("generator", "transformer", "field_hospital", "ambulance", "tank", "ifv", "howitzer_155")
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Release:
    """One raw file, and what differs between the files."""

    name: str
    file: str
    retrieved: date


RELEASES = (
    Release("09", "R09_main_retrieved_2023-03-02.csv", date(2023, 3, 2)),
    Release("13", "R13_main_retrieved_2023-09-21.csv", date(2023, 9, 21)),
)


@dataclass
class Package:
    """All rows of one id, with their row numbers in the raw file (the header is row 1)."""

    name: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def first(self) -> dict[str, str]:
        return self.rows[0][1]

    @property
    def donor(self) -> str:
        return party_name(self.first["Countries"])

    @property
    def category(self) -> str:
        return self.first["Type of Aid General"].strip().lower()

    def valued(self) -> list[tuple[int, dict[str, str]]]:
        """Give the rows that carry a value; most packages have one, a few have tranches."""
        return [each for each in self.rows if number(each[1]["Converted Value in EUR"]) is not None]

    def value_eur(self) -> Decimal:
        values = [number(row["Converted Value in EUR"]) or Decimal(0) for _, row in self.rows]
        return sum(values, Decimal(0))


def number(text: str) -> Decimal | None:
    """Read a number; ".", "undisclosed", "Not given" and blanks are unknown."""
    return decimal_of(text.replace(",", ""))


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def period(text: str, retrieved: date) -> Period | None:
    """Read the tracker's announcement date; None where it says none."""
    words = text.strip().lower()
    if iso := re.match(r"(\d{4})-(\d\d)-(\d\d)", words):
        return Period.on(date(*map(int, iso.groups())))
    days = [_american_day(each) for each in re.findall(r"(\d{1,2})/(\d{1,2})/(\d{4})", words)]
    if len(days) == 2:
        return Period(min(days), max(days))
    if days and words.startswith("unti"):
        return Period(None, days[0])
    if days and words.startswith("after"):
        # The release could not have told it after the day on which it was retrieved.
        return Period(days[0], max(days[0], retrieved))
    if days:
        return Period.on(days[0])
    if month := re.search(r"(\d{1,2})/(\d{2,4})$", words):
        year = int(month[2]) + (2000 if len(month[2]) == 2 else 0)
        if words.startswith("unti"):
            return Period(None, last_of_month(year, int(month[1])))
        return Period.month(year, int(month[1]))
    assert words in ("unspecified", "undisclosed"), text
    return None


def _american_day(parts: tuple[str, str, str]) -> date:
    month, day, year = map(int, parts)
    return day_of(year, day, month) if month > 12 else day_of(year, month, day)


def read(folder: Path, release: Release) -> dict[str, Package]:
    found: dict[str, Package] = {}
    with (folder / release.file).open(encoding="utf-8-sig", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream), start=2):
            row["item"] = " ".join(row["Items"].split())
            name = row["ID"].strip()
            found.setdefault(name, Package(name)).rows.append((place, row))
    return found


def wanted(package: Package) -> bool:
    """Tell whether a package is in the portfolio's domains and large or rare enough."""
    if package.category == "financial":
        return False
    items = [find_item(row["item"]) for _, row in package.rows]
    given = {item.capability for item in items if item}
    relevant = {name for name in given if capabilities()[name].domain in DOMAINS}
    if not relevant:
        return False
    return bool(given & ALWAYS) or package.value_eur() >= SMALLEST_EUR


INSTRUMENTS = (
    ("guarantee", "guarantee"),
    ("swap", "swap line"),
    ("loan", "loan"),
    ("grant", "grant"),
    ("peace facility", "reimbursement"),
    ("equip", "in kind"),
    ("weapon", "in kind"),
    ("medic", "in kind"),
    ("material", "in kind"),
    ("training", "training"),
)


def instrument(row: dict[str, str]) -> str:
    said = row["Type of Aid Specific"].lower()
    return next((name for word, name in INSTRUMENTS if word in said), "assistance")


def link(row: dict[str, str]) -> str:
    for column in ("Source of Aid 1", "Source of Aid 2", "Source of Aid 3", "Source of Aid 4"):
        if address := re.search(r"https?://[^\s;\"]+", row[column]):
            # The fragment after "#:~:text=" is a sentence of the page, not a place in it.
            return address[0].partition("#:~:")[0].rstrip(".,)")
    return ""


def money_cells(row: dict[str, str]) -> dict[str, str]:
    """Give amount, currency and the tracker's own conversion; blank where undisclosed."""
    amount, eur = number(row["Total "]), number(row["Converted Value in EUR"])
    delivered = number(row["Total monetary value delivered in EUR"])
    assert (amount is None) == (eur is None), row["ID"]
    cells = {"currency": "EUR", "amount": "", "eur": ""}
    if amount is not None and eur is not None:
        currency = row["Original Currency"].strip()
        cells = {"currency": currency, "amount": plain(cents(amount)), "eur": f"{cents(eur):.2f}"}
    if delivered is not None:
        cells["delivered_eur"] = f"{cents(delivered):.2f}"
    return cells


def package_rows(package: Package, retrieved: date) -> Iterable[dict[str, str]]:
    valued = package.valued() or package.rows[:1]
    address = link(valued[0][1]) or next(filter(None, (link(row) for _, row in package.rows)), "")
    for place, (source_row, row) in enumerate(valued):
        when = period(row["Announcement Date"], retrieved)
        yield {
            "line": package.name if place == 0 else f"{package.name}/{place + 1}",
            "sort": "package",
            "donor": package.donor,
            "category": package.category,
            "item_text": summary(package),
            "valid": str(when) if when else "",
            **money_cells(row),
            "instrument": instrument(row),
            "source_url": link(row) or address,
            "row": str(source_row),
        }
    yield from item_rows(package, retrieved, address)


def summary(package: Package) -> str:
    """Name a package by its first items, heavy ones before others, else by the sort of aid."""
    names: dict[str, int] = {}
    for _, row in package.rows:
        item = find_item(row["item"])
        name = item.english if item else row["item"]
        domain = capabilities()[item.capability].domain if item else ""
        if name not in (".", ""):
            names.setdefault(name, HEAVY.index(domain) if domain in HEAVY else len(HEAVY))
    if not names:
        return package.first["Type of Aid Specific"].strip().lower()
    shown = sorted(names, key=lambda name: names[name])
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def item_rows(package: Package, retrieved: date, address: str) -> Iterable[dict[str, str]]:
    """Give a row for each item; a blank link means the package's own."""
    times: Counter[str] = Counter()
    for place, row in package.rows:
        if row["item"] in (".", ""):
            continue
        item = find_item(row["item"])
        slug = item.name if item else fold(row["item"]).replace(" ", "-")[:40].strip("-")
        times[slug] += 1
        suffix = f"-{times[slug]}" if times[slug] > 1 else ""
        when = period(row["Announcement Date"], retrieved)
        yield {
            "line": f"{package.name}/{slug}{suffix}",
            "sort": "item",
            "donor": package.donor,
            "category": package.category,
            "item": item.name if item else "",
            "item_text": row["item"],
            "unit": item.unit if item else unit_of(row["item"]),
            **count_cells("quantity", "quantity_qualifier", row["No. of Units"]),
            **count_cells(
                "delivered_quantity",
                "delivered_qualifier",
                row["No. of Units Delivered (in-kind military aid)"],
            ),
            "valid": str(when) if when else "",
            "instrument": instrument(row),
            "source_url": "" if link(row) == address else link(row),
            "row": str(place),
        }


def unit_of(text: str) -> str:
    words = fold(text).split()
    units = {"ton": "t", "liter": "l", "km": "km", "palette": "pallet", "pair": "pair"}
    return units.get(words[0], "round" if "round" in words else "piece")


def count_cells(column: str, qualifier: str, text: str) -> dict[str, str]:
    count = number(text)
    if count is not None and count >= 0:
        # A part of a piece is a share in a consortium's delivery, divided by the tracker.
        whole = count == count.to_integral_value()
        said = "exact" if whole else "about"
        return {column: plain(count.quantize(Decimal("0.001"))), qualifier: said}
    return {qualifier: "undisclosed"}


@dataclass
class Rest:
    """The packages of one remainder line."""

    amount: Decimal = Decimal(0)
    eur: Decimal = Decimal(0)
    delivered: Decimal | None = None
    disclosed: bool = False
    packages: set[str] = field(default_factory=set)
    periods: list[Period] = field(default_factory=list)
    instruments: set[str] = field(default_factory=set)

    def add(self, package: Package, row: dict[str, str], when: Period | None) -> None:
        eur, amount = number(row["Converted Value in EUR"]), number(row["Total "])
        delivered = number(row["Total monetary value delivered in EUR"])
        if eur is not None and amount is not None:
            self.disclosed = True
            self.eur += eur
            self.amount += amount
            if delivered is not None:
                self.delivered = (self.delivered or Decimal(0)) + delivered
        self.packages.add(package.name)
        self.instruments.add(instrument(row))
        if when:
            self.periods.append(when)

    def span(self) -> str:
        if not self.periods:
            return ""
        first = min(each.first or each.last for each in self.periods)
        return str(Period(first, max(each.last for each in self.periods)))


def fate(name: str, releases: dict[str, dict[str, Package]]) -> str:
    """Say what became of a package: gone, new, kept at its own amount, or changed."""
    old, new = releases["09"].get(name), releases["13"].get(name)
    if old is None or new is None:
        return "gone" if new is None else "new"
    return "kept" if amounts_of(old) == amounts_of(new) else "changed"


def amounts_of(package: Package) -> list[tuple[str, Decimal]]:
    return [
        (row["Original Currency"].strip(), cents(number(row["Total "]) or Decimal(0)))
        for _, row in package.valued()
    ]


def switched(name: str, releases: dict[str, dict[str, Package]]) -> bool:
    """Tell whether a package changed its currency, scope or disclosure between the releases.

    A remainder has one currency: within it, such a package would look withdrawn and new.
    """
    old, new = releases["09"].get(name), releases["13"].get(name)
    if old is None or new is None:
        return False
    scopes = {(each.donor, each.category) for each in (old, new)}
    currencies = [{currency for currency, _ in amounts_of(each)} for each in (old, new)]
    return len(scopes) > 1 or currencies[0] != currencies[1]


def _moment(name: str, when: Period | None, releases: dict[str, dict[str, Package]]) -> str:
    """Split by the announcement as release 13 dates it, so that a line is the same in both."""
    last = when.last if when else None
    newer = releases["13"].get(name)
    if newer is not None:
        days = [
            period(row["Announcement Date"], RELEASES[1].retrieved)
            for _, row in (newer.valued() or newer.rows[:1])
        ]
        known = [each.last for each in days if each]
        if len(days) == 1:
            last = known[0] if known else None
    if last is None:
        return "undated"
    return "by-2023-04-21" if last <= CUTOFF else "later"


def remainder_rows(
    release: Release, chosen: set[str], releases: dict[str, dict[str, Package]]
) -> Iterable[dict[str, str]]:
    rests: dict[tuple[str, str, str], Rest] = defaultdict(Rest)
    for name, package in releases[release.name].items():
        if name in chosen:
            continue
        for _, row in package.valued() or package.rows[:1]:
            when = period(row["Announcement Date"], release.retrieved)
            known = number(row["Converted Value in EUR"]) is not None
            currency = row["Original Currency"].strip() if known else "undisclosed"
            key = f"{currency}-{fate(name, releases)}-{_moment(name, when, releases)}"
            rests[package.donor, package.category, key].add(package, row, when)
    for (donor, category, key), rest in sorted(rests.items()):
        party = find_party(donor)
        assert party is not None, donor
        yield {
            "line": f"rest-{party.code}-{category}-{key}",
            "sort": "remainder",
            "donor": donor,
            "category": category,
            "item_text": "further packages",
            "valid": rest.span(),
            "amount": plain(cents(rest.amount)) if rest.disclosed else "",
            "currency": key.partition("-")[0] if rest.disclosed else "EUR",
            "eur": f"{cents(rest.eur):.2f}" if rest.disclosed else "",
            "delivered_eur": "" if rest.delivered is None else f"{cents(rest.delivered):.2f}",
            "instrument": min(rest.instruments) if len(rest.instruments) == 1 else "",
            "packages": str(len(rest.packages)),
        }


def settle(rows: list[dict[str, str]], packages: Iterable[Package]) -> None:
    """Let the largest remainder carry the cents that rounding line by line has moved.

    Each donor × category then adds up to the raw file's own sum, rounded once.
    """
    exact: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for package in packages:
        exact[package.donor, package.category] += package.value_eur()
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row.get("eur"):
            groups[row["donor"], row["category"]].append(row)
    for key, members in groups.items():
        gap = cents(exact[key]) - sum(Decimal(row["eur"]) for row in members)
        rests = [row for row in members if row["sort"] == "remainder"]
        carrier = max(rests or members, key=lambda row: Decimal(row["eur"]))
        assert abs(gap) < Decimal("0.5"), (key, gap)
        if gap and (rests or carrier["currency"] != "EUR"):
            carrier["eur"] = f"{Decimal(carrier['eur']) + gap:.2f}"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)


def main(folder: Path) -> None:
    releases = {release.name: read(folder, release) for release in RELEASES}
    chosen = {
        name for packages in releases.values() for name, each in packages.items() if wanted(each)
    }
    chosen |= {name for name in releases["09"] if switched(name, releases)}
    for release in RELEASES:
        packages = releases[release.name]
        rows = [
            row
            for name, package in packages.items()
            if name in chosen
            for row in package_rows(package, release.retrieved)
        ]
        rows += remainder_rows(release, chosen, releases)
        settle(rows, packages.values())
        FOLDER.mkdir(parents=True, exist_ok=True)
        write(FOLDER / f"release-{release.name}.csv", rows)
        sorts = Counter(row["sort"] for row in rows)
        total = sum(Decimal(row["eur"]) for row in rows if row.get("eur"))
        print(f"release {release.name}: {dict(sorts)}, EUR {total}", file=sys.stderr)
    print(f"{len(chosen)} packages", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
