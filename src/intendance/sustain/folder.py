"""Writes a model's folder as a whole: beside its place, read back, then renamed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from intendance.errors import InputError
from intendance.model.finding import Finding
from intendance.sustain.columns import TABLES
from intendance.sustain.rates import NAMES, Rows
from intendance.sustain.read import read_model

ORIGIN_FILE: Final = "origin.json"
_KNOWN: Final = frozenset((*(table.file for table in TABLES), NAMES, ORIGIN_FILE))


def refuse_other_folders(out: Path) -> None:
    """Refuse to replace anything but a model that was made from a ledger."""
    if not out.exists():
        if not out.absolute().parent.is_dir():
            raise InputError(f"There is no folder {out.parent.name}.", next_step="Make it first.")
        return
    if not out.is_dir():
        raise InputError(f"{out.name} is not a folder.", next_step="Choose another --out.")
    held = {each.name for each in out.iterdir()}
    if held and (held - _KNOWN or ORIGIN_FILE not in held):
        raise InputError(
            f"{out.name} holds other things than a model made from a ledger.",
            next_step="Choose another --out: a new folder, or one made by `sustain build`.",
        )


def write_folder(
    out: Path, tables: Mapping[str, Rows], origin: Mapping[str, object]
) -> tuple[str, tuple[Finding, ...]]:
    """Write the tables and origin.json; give the folder's digest and the model's warnings."""
    contents = {name: _csv(rows, name) for name, rows in tables.items()}
    contents[ORIGIN_FILE] = json.dumps(origin, indent=2, ensure_ascii=False) + "\n"
    try:
        beside = Path(tempfile.mkdtemp(prefix=".building-", dir=out.absolute().parent))
        try:
            fresh = beside / "new"
            fresh.mkdir()
            for name, text in contents.items():
                (fresh / name).write_text(text, encoding="utf-8", newline="")
            warnings = read_model(fresh).findings
            digest = digest_of(fresh)
            _move(fresh, beside / "old", out)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise InputError(
            f"the folder {out.name} cannot be written: {error.strerror}",
            next_step="Choose another --out.",
        ) from error
    return digest, warnings


def _move(fresh: Path, old: Path, out: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def _csv(rows: Rows, name: str) -> str:
    columns = next(tuple(c.name for c in t.columns) for t in TABLES if t.file == name)
    heads = [*columns, "basis", "source", "note"]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def digest_of(folder: Path) -> str:
    """Give the SHA-256 over a model's tables, in the order of their names."""
    digest = hashlib.sha256()
    for table in sorted(table.file for table in TABLES):
        path = folder / table
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{table}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_origin(folder: Path) -> dict[str, Any]:
    """Read origin.json; empty when the model was not made from a ledger."""
    path = folder / ORIGIN_FILE
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("origin.json cannot be read.", where=ORIGIN_FILE) from error
    if not isinstance(found, dict):
        raise InputError("origin.json is not an object.", where=ORIGIN_FILE)
    return found
