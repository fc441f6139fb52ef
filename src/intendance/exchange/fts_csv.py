"""The csv of flows that OCHA puts on the Humanitarian Data Exchange, as the API's flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.exchange.tables import Sheet, read_sheets
from intendance.model.catalogue import fold

# Columns that become the flow's objects; the others keep their names.
_OBJECTS: Final = {
    "srcOrganization": ("source", "Organization"),
    "srcLocations": ("source", "Location"),
    "destOrganization": ("destination", "Organization"),
    "destLocations": ("destination", "Location"),
    "destPlan": ("destination", "Plan"),
    "destGlobalClusters": ("destination", "GlobalCluster"),
    "destUsageYearStart": ("destination", "UsageYear"),
    "destUsageYearEnd": ("destination", "UsageYear"),
}
_PLAIN: Final = (
    "date", "budgetYear", "description", "amountUSD", "contributionType", "flowType", "method",
    "boundary", "status", "firstReportedDate", "decisionDate", "keywords", "originalAmount",
    "originalCurrency", "exchangeRate", "id", "refCode", "createdAt", "updatedAt", "versionId",
    "parentFlowId", "newMoney",
)  # fmt: skip
_LISTS: Final = ("srcLocations", "destLocations", "destGlobalClusters")
REQUIRED: Final = ("id", "date", "amountUSD", "status", "srcOrganization")
_NAMES: Final = {fold(name): name for name in (*_PLAIN, *_OBJECTS)}


def rows_of_table(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each flow with its row number. InputError when required columns are missing."""
    missing: list[str] = list(REQUIRED)
    for sheet in read_sheets(path):
        for index, row in enumerate(sheet.rows[:40]):
            places = {_NAMES[fold(head)]: at for at, head in enumerate(row) if fold(head) in _NAMES}
            lacking = [name for name in REQUIRED if name not in places]
            if not lacking:
                return _rows(sheet, index, places)
            missing = min(missing, lacking, key=len)
    raise InputError(
        f"{path.name} is not a table of FTS flows: it lacks the columns {', '.join(missing)}.",
        next_step="Give the csv of flows from HDX, or the JSON of FTS's API.",
    )


def _rows(
    sheet: Sheet, header: int, places: dict[str, int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, cells in sheet.below(header):
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if number == header + 2 and first.startswith("#"):
            continue  # the row of HXL tags
        yield number, _flow(cells, places)


def _flow(cells: Sequence[str], places: dict[str, int]) -> dict[str, Any]:
    flow: dict[str, Any] = {"sourceObjects": [], "destinationObjects": []}
    for name, at in places.items():
        text = cells[at].strip() if at < len(cells) else ""
        if name not in _OBJECTS:
            flow[name] = text
            continue
        side, kind = _OBJECTS[name]
        parts = text.split(",") if name in _LISTS else [text]
        flow[f"{side}Objects"] += [
            {"type": kind, "name": part.strip()} for part in parts if part.strip()
        ]
    return flow
