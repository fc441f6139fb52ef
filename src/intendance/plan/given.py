"""What earlier plans have taken from a scenario's stocks, so that nothing is given twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from intendance.model.finding import Finding
from intendance.model.interval import plain
from intendance.plan.open_needs import SERVES, accepted_lines
from intendance.plan.scenario_tables import Rows, Scenario

if TYPE_CHECKING:
    from intendance.ledger.ledger import Ledger

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Given:
    """What accepted plans give: by need and node in units of capability, by stock in the item's.

    ``elsewhere`` counts lines that were planned with other tables than this scenario's.
    """

    by_node: Mapping[str, Mapping[str, Decimal]]
    by_stock: Mapping[str, Decimal]
    elsewhere: int = 0


def given_by_plans(
    ledger: Ledger, scenario: Scenario, *, as_of: date, known_at: date | None
) -> Given:
    """Read what accepted plans give from the ledger.

    A stock is reduced only by lines that were planned with the very tables at hand: in others,
    somebody may have counted again what is there.
    """
    by_node: dict[str, dict[str, Decimal]] = {}
    by_stock: dict[str, Decimal] = {}
    elsewhere = 0
    for entry, count, effect in accepted_lines(ledger.entries(), as_of, known_at):
        node, stock = entry.term("node"), entry.term("stock")
        for link in entry.links:
            if link.kind == SERVES and node:
                nodes = by_node.setdefault(link.line, {})
                nodes[node] = nodes.get(node, ZERO) + count * effect
        if entry.term("scenario") == scenario.sha256:
            by_stock[stock] = by_stock.get(stock, ZERO) + count
        else:
            elsewhere += 1
    return Given(by_node, by_stock, elsewhere)


def without_given(
    tables: dict[str, Rows], given: Given, findings: list[Finding]
) -> dict[str, Rows]:
    """Give the tables less what was given: stocks first, then their lots in order of weeks.

    A package that went is gone with its stocks, and a partner that has shipped what a joint
    condition asks of it counts as ready.
    """
    if given.elsewhere:
        said = "accepted lines were planned with other tables; stocks are taken as they stand"
        findings.append(Finding("other-tables", "note", said, value=str(given.elsewhere)))
    taken = given.by_stock
    if not taken:
        return tables
    ever = _ever(tables)
    gone = {row["package"] for row in tables["packages"] if row["stock"] in taken}
    held = {row["stock"] for row in tables["packages"] if row["package"] in gone}
    stocks, lots = _reduced(tables, taken)
    return {
        **tables,
        "stocks": [{**row, "releasable": "0"} if row["stock"] in held else row for row in stocks],
        "lots": lots,
        "packages": [row for row in tables["packages"] if row["package"] not in gone],
        "conditions": [
            row for each in tables["conditions"] if (row := _condition(each, taken, ever))
        ],
    }


def _ever(tables: dict[str, Rows]) -> dict[str, Decimal]:
    found = {
        row["stock"]: Decimal(row["quantity"]) - Decimal(row.get("floor") or "0")
        for row in tables["stocks"]
    }
    for row in tables["lots"]:
        found[row["stock"]] += Decimal(row["quantity"])
    return found


def _reduced(tables: dict[str, Rows], taken: Mapping[str, Decimal]) -> tuple[Rows, Rows]:
    left = dict(taken)
    stocks = []
    for row in tables["stocks"]:
        free = Decimal(row["quantity"]) - Decimal(row.get("floor") or "0")
        used = min(max(free, ZERO), left.get(row["stock"], ZERO))
        if used:
            left[row["stock"]] -= used
            stocks.append({**row, "quantity": plain(Decimal(row["quantity"]) - used)})
        else:
            stocks.append(row)
    lots: dict[int, dict[str, str]] = {}
    in_order = sorted(enumerate(tables["lots"]), key=lambda each: float(each[1]["week"]))
    for place, row in in_order:
        used = min(Decimal(row["quantity"]), left.get(row["stock"], ZERO))
        if used:
            left[row["stock"]] -= used
            lots[place] = {**row, "quantity": plain(Decimal(row["quantity"]) - used)}
        else:
            lots[place] = row
    return stocks, [lots[place] for place in sorted(lots)]


def _condition(
    row: dict[str, str], taken: Mapping[str, Decimal], ever: Mapping[str, Decimal]
) -> dict[str, str] | None:
    """Give the condition as it still stands; None when it is met for good."""
    if row["kind"] != "joint":
        return row
    others = [each.strip() for each in row["others"].split(";") if each.strip()]
    share = Decimal(row["share"])
    ready = [each for each in others if ZERO < taken.get(each, ZERO) >= share * ever[each]]
    count = int(float(row["count"])) - len(ready)
    if count <= 0:
        return None
    rest = [each for each in others if each not in ready]
    return {**row, "others": ";".join(rest), "count": str(count)} if rest else row
