"""Plans that were made: each a paper with the bytes of its problem, its plan and its drawings."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from intendance.app.accounts import papers
from intendance.app.accounts.office import Office
from intendance.ledger.privacy import Viewer
from intendance.review.charts import Drawing
from intendance.review.facts import Section, Table

if TYPE_CHECKING:
    from intendance.plan.accepting import ReadPlan

KIND: Final = "plan"
# Plans rest on what the whole cell may see, and are working papers of the cell.
MARKING: Final = "restricted"
LANGUAGES: Final = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Made:
    """One plan. ``body`` is its paper's; ``packed`` names the bytes of problem and plan."""

    name: str
    version: int
    person: str
    at: int
    body: dict[str, Any]

    @property
    def title(self) -> str:
        """Give the title that people gave it."""
        return str(self.body["title"])

    @property
    def packed(self) -> str:
        """Give the digest of the problem and the plan."""
        return str(self.body["packed"])

    @property
    def as_of(self) -> date:
        """Give the day on which week 0 begins."""
        return date.fromisoformat(self.body["as_of"])

    @property
    def published(self) -> bool:
        """Tell whether donors may see their own lines."""
        return bool(self.body.get("published"))

    @property
    def marking(self) -> str:
        """Give who may see it: a plan with donors' private stocks is for who sees everything."""
        return str(self.body.get("marking", MARKING))

    def figure(self, name: str) -> Decimal | None:
        """Give a figure of the summary as a decimal; None when it is not known."""
        value = self.body["figures"].get(name)
        return None if value is None else Decimal(str(round(float(value), 6)))


def _made(paper: papers.Paper) -> Made:
    return Made(paper.name, paper.version, paper.person, paper.at, paper.body)


def plans(office: Office, viewer: Viewer) -> list[Made]:
    """Give the plans that a viewer may see, the newest first."""
    found = (_made(each) for each in papers.all_of(office, KIND))
    return [each for each in found if _seen(each, viewer)]


def published(office: Office) -> list[Made]:
    """Give the plans that were released to the donors, each of whom may see its own lines."""
    found = (_made(each) for each in papers.all_of(office, KIND))
    return [each for each in found if each.published]


def _seen(made: Made, viewer: Viewer) -> bool:
    return viewer.sees(MARKING) and viewer.sees(made.marking)


def plan(office: Office, name: str, viewer: Viewer) -> Made | None:
    """Give one plan, or None when there is none that the viewer may see."""
    paper = papers.get(office, KIND, name) if name else None
    found = _made(paper) if paper is not None else None
    return found if found is not None and _seen(found, viewer) else None


def packed(problem: Path, found: Path) -> bytes:
    """Pack the folders of a problem and its plan; equal folders give equal bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for part, folder in (("problem", problem), ("plan", found)):
            for path in sorted(folder.iterdir()):
                info = zipfile.ZipInfo(f"{part}/{path.name}", (2000, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, path.read_bytes())
    return content.getvalue()


@contextmanager
def unpacked(office: Office, digest: str) -> Iterator[tuple[Path, Path]]:
    """Give the folders of a problem and its plan for a while."""
    with TemporaryDirectory(prefix="intendance-plan-") as name:
        folder = Path(name)
        with zipfile.ZipFile(io.BytesIO(papers.kept(office, digest))) as source:
            source.extractall(folder)
        yield folder / "problem", folder / "plan"


@lru_cache(maxsize=8)
def _read(office: Office, digest: str) -> ReadPlan:
    from intendance.plan.accepting import read_plan

    with unpacked(office, digest) as (problem, found):
        return read_plan(problem, found)


def read(office: Office, made: Made) -> ReadPlan:
    """Read a plan; it has been checked against every rule of its problem."""
    return _read(office, made.packed)


# -- the section of drawings and tables, kept as it was made ---------------------------------


def section_bytes(section: Section) -> bytes:
    """Write a section as JSON; decimals and days keep their type."""
    record = {
        "anchor": section.anchor,
        "title": section.title,
        "paragraphs": section.paragraphs,
        "tables": [
            {**asdict(each), "rows": [[_typed(cell) for cell in row] for row in each.rows]}
            for each in section.tables
            if isinstance(each, Table)
        ],
        "drawings": [asdict(each) for each in section.drawings],
    }
    return json.dumps(record, ensure_ascii=False).encode()


def _typed(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return {"number": str(cell)}
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def _untyped(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    return Decimal(cell["number"]) if "number" in cell else date.fromisoformat(cell["day"])


@lru_cache(maxsize=16)
def section_of(office: Office, digest: str) -> Section:
    """Read a section that was kept."""
    record = json.loads(papers.kept(office, digest))
    tables = tuple(
        Table(
            each["name"],
            each["caption"],
            tuple(each["heads"]),
            tuple(each["kinds"]),
            tuple(tuple(_untyped(cell) for cell in row) for row in each["rows"]),
        )
        for each in record["tables"]
    )
    drawings = tuple(Drawing(**each) for each in record["drawings"])
    return Section(record["anchor"], record["title"], tuple(record["paragraphs"]), tables, drawings)
