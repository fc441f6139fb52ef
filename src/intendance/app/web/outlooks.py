"""Sustainment models of the pages: the samples, and those built from the ledger and kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from intendance.app.accounts import papers
from intendance.app.accounts.office import Office
from intendance.ledger.privacy import PUBLIC, RESTRICTED, Viewer

if TYPE_CHECKING:
    from intendance.sustain.forecast import Forecast
    from intendance.sustain.model import Model
    from intendance.sustain.posting import Basis

KIND: Final = "model"
SAMPLE: Final = "sample:"
DEFAULT_DAYS: Final = 180
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A model: ``name`` is ``sample:NAME`` or a paper's; ``files`` holds its tables' texts."""

    name: str
    title: str
    marking: str
    files: tuple[tuple[str, str], ...]
    as_of: date | None = None
    days: int = DEFAULT_DAYS

    @property
    def is_sample(self) -> bool:
        """Tell whether it is one of the package's samples."""
        return self.name.startswith(SAMPLE)


def outlooks(office: Office, viewer: Viewer) -> list[Outlook]:
    """Give the models that a viewer may see: those kept, the newest first, then the samples."""
    from intendance.sustain.samples import names

    kept = papers.all_of(office, KIND) if viewer.sees(RESTRICTED) else []
    return [*map(_kept, kept), *(_sample(each) for each in names())]


def outlook(office: Office, name: str, viewer: Viewer) -> Outlook | None:
    """Give one model, or None when there is none that the viewer may see."""
    from intendance.sustain.samples import names

    if name.startswith(SAMPLE):
        short = name.removeprefix(SAMPLE)
        return _sample(short) if short in names() else None
    paper = papers.get(office, KIND, name) if name and viewer.sees(RESTRICTED) else None
    return _kept(paper) if paper is not None else None


def _sample(name: str) -> Outlook:
    from intendance.sustain.samples import find_sample

    return Outlook(SAMPLE + name, name, PUBLIC, texts_of(find_sample(name)))


def _kept(paper: papers.Paper) -> Outlook:
    body = paper.body
    files = tuple((name, text) for name, text in body["files"])
    day = date.fromisoformat(body["as_of"])
    return Outlook(paper.name, body["title"], RESTRICTED, files, day, int(body["days"]))


def texts_of(folder: Path) -> tuple[tuple[str, str], ...]:
    """Give the texts of a model's folder, in the order of their names."""
    return tuple(
        (path.name, path.read_text("utf-8"))
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".json")
    )


@contextmanager
def folder_of(found: Outlook) -> Iterator[Path]:
    """Give a model as a folder for a while."""
    with TemporaryDirectory(prefix="intendance-model-") as name:
        folder = Path(name)
        for file, text in found.files:
            (folder / file).write_text(text, encoding="utf-8")
        yield folder


@lru_cache(maxsize=8)
def forecast_of(found: Outlook, days: int, language: str) -> tuple[Model, Forecast]:
    """Forecast a model; the answer is kept, for a model never changes."""
    from intendance.sustain.asking import forecast_with_asks
    from intendance.sustain.read import read_model

    with folder_of(found) as folder:
        model = read_model(folder, language=language)
    return model, forecast_with_asks(model, days, language=language)


def basis_of(found: Outlook, model: Model, as_of: date | None, days: int) -> Basis | None:
    """Give what asks rest on; None when nobody says which day is day 0."""
    from intendance.sustain.folder import digest_of, read_origin
    from intendance.sustain.posting import Basis
    from intendance.sustain.rates import model_names

    start = as_of or found.as_of
    if start is None:
        return None
    with folder_of(found) as folder:
        origin = read_origin(folder)
        named: dict[str, Any] = origin.get("capabilities") or model_names(folder, model)
        known = origin.get("known_at")
        return Basis(
            name=str(origin.get("rates") or found.title),
            as_of=start,
            known_at=date.fromisoformat(known) if known else None,
            horizon_days=days,
            capability_of=named,
            places=origin.get("places") or {},
            model_sha256=digest_of(folder),
            from_ledger=bool(origin),
        )


def parameters(found: Outlook) -> list[tuple[str, str, str, str, str, str]]:
    """Give each row of the tables: table, which, values, basis, source, note."""
    return [
        _parameter(file.removesuffix(".csv"), row)
        for file, text in found.files
        if file.endswith(".csv")
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def _parameter(table: str, row: Row) -> tuple[str, str, str, str, str, str]:
    about = ("basis", "source", "note")
    own = [(name, value) for name, value in row.items() if name not in about and value]
    first = " ".join(value for _, value in own[:2])
    values = ", ".join(f"{name} {value}" for name, value in own[2:])
    basis, source, note = (row.get(name) or "" for name in about)
    return table, first, values, basis, source, note


def first_below(values: list[float | None], test: Callable[[float], bool]) -> int | None:
    """Give the first day on which a figure passes a test; None when it never does."""
    return next(
        (day for day, value in enumerate(values) if value is not None and test(value)), None
    )
