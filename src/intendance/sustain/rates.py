"""A folder of rates: a model whose every row says whether it is sourced or assumed.

The ledger knows what was given; how fast it fails, fires and is repaired comes from here. The
fleets of the folder give the places, the shares of each place and the tempo there. ``names.csv``
(capability, name) ties the ledger's capabilities to the folder's systems and items; a name that
reads like a capability (howitzer155, howitzer_155) needs no row.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intendance.errors import InputError
from intendance.model.catalogue import capabilities, fold
from intendance.model.finding import Finding, Where
from intendance.sustain.columns import TABLES
from intendance.sustain.model import Model
from intendance.sustain.read import ModelError, read_model
from intendance.sustain.samples import find_sample, names

NAMES: Final = "names.csv"
BASES: Final = ("sourced", "assumed")
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates as read: the model they make, their rows as text, and the ledger's words for them.

    ``name_of`` gives the system or item of a capability; ``sha256`` is over all files.
    """

    name: str
    model: Model
    rows: Mapping[str, Rows]
    name_of: Mapping[str, str]
    sha256: str

    def capability_of(self, name: str) -> str:
        """Give the capability that a system or item gives; one without stands for itself."""
        return next((key for key, value in self.name_of.items() if value == name), name)

    def shares(self, system: str) -> dict[str, float]:
        """Give each site's share of a system, as in the folder's own fleets (else all at one)."""
        sizes: dict[str, float] = {}
        for fleet in self.model.fleets:
            if fleet.system == system:
                sizes[fleet.site] = sizes.get(fleet.site, 0.0) + fleet.quantity
        total = sum(sizes.values())
        if total <= 0:
            inner = {site.parent for site in self.model.sites}
            ends = [site.site for site in self.model.sites if site.site not in inner]
            return {ends[0]: 1.0}
        return {site: size / total for site, size in sizes.items()}

    def tempo(self, system: str, site: str) -> float:
        """Give the mean tempo of a system at a site; 1 where the folder has none of it."""
        fleets = [x for x in self.model.fleets if (x.system, x.site) == (system, site)]
        size = sum(fleet.quantity for fleet in fleets)
        return sum(fleet.tempo * fleet.quantity for fleet in fleets) / size if size else 1.0


def read_rates(given: str, language: str = "en") -> Rates:
    """Read rates by a sample's name or from a folder.

    InputError names file, row and column: of the model's own errors, or of a row that says neither
    ``sourced`` with a link nor ``assumed``.
    """
    folder = find_sample(given) if given in names() else Path(given)
    if not given or not folder.is_dir():
        raise InputError(
            f"There are no rates {folder.name!r}.",
            next_step=f"Use {', '.join(names())}, or a folder of a model with a column basis.",
        )
    model = read_model(folder, language=language)
    digest = hashlib.sha256()
    tables: dict[str, Rows] = {}
    for file in (*(table.file for table in TABLES), NAMES):
        path = folder / file
        if not path.is_file():
            continue
        content = _content(path)
        digest.update(f"{file}\n{len(content)}\n".encode() + content)
        tables[file] = _rows(file, content)
    _check_basis(tables, language)
    known = {system.system for system in model.systems} | {row.item for row in model.consumption}
    name_of = _names(tables.pop(NAMES, []), known, language)
    return Rates(folder.resolve().name, model, tables, name_of, digest.hexdigest())


def model_names(folder: Path, model: Model) -> dict[str, str]:
    """Give the capability of each system and item of any model, where it has one."""
    path = folder / NAMES
    rows = _rows(NAMES, _content(path)) if path.is_file() else []
    known = {system.system for system in model.systems} | {row.item for row in model.consumption}
    return {name: capability for capability, name in _names(rows, known, "en").items()}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read: {error.strerror}.", where=path.name
        ) from error


def _rows(file: str, content: bytes) -> Rows:
    """Read the rows as text; the model's own reading has found slips of its tables before."""
    try:
        text = content.decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file} is not CSV in UTF-8.", where=file) from error
    filled = [(n, row) for n, row in enumerate(records, 1) if any(cell.strip() for cell in row)]
    if not filled:
        return []
    heads = [cell.strip() for cell in filled[0][1]]
    return [
        {"": str(number), **dict(zip(heads, (cell.strip() for cell in row), strict=False))}
        for number, row in filled[1:]
    ]


def _check_basis(tables: Mapping[str, Rows], language: str) -> None:
    slips = []
    for file, rows in tables.items():
        for row in rows:
            basis = row.get("basis", "")
            if basis not in BASES:
                said, column = "a row says neither sourced nor assumed", "basis"
            elif basis == "sourced" and not row.get("source"):
                said, column = "a sourced row has no link", "source"
            else:
                continue
            where = Where(file, int(row[""]), column)
            slips.append(Finding("basis", "error", said, where, basis))
    if slips:
        raise ModelError(slips, language)


def _names(rows: Rows, known: set[str], language: str) -> dict[str, str]:
    """Tie capabilities to names: what names.csv says, then what reads alike."""
    found: dict[str, str] = {}
    slips = []
    for row in rows:
        capability, name = row.get("capability", ""), row.get("name", "")
        where = Where(NAMES, int(row[""]), "name")
        if not capability or name not in known:
            said = "the name is no system and no item of the folder"
            slips.append(Finding("unknown-reference", "error", said, where, name))
        elif capability in found or name in found.values():
            slips.append(Finding("repeated", "error", "this stands twice in the file", where, name))
        else:
            found[capability] = name
    if slips:
        raise ModelError(slips, language)
    alike = {fold(name).replace(" ", ""): name for name in sorted(known)}
    for capability in capabilities():
        name = alike.get(fold(capability).replace(" ", ""), "")
        if name and capability not in found and name not in found.values():
            found[capability] = name
    return found
