"""Worked samples: artillery 2022-23, and a winter's generators and transformers.

Every row says ``sourced`` (with a link) or ``assumed`` in its column ``basis``.
"""

from __future__ import annotations

from pathlib import Path

from intendance.errors import InputError


def names() -> list[str]:
    """List the samples."""
    return sorted(folder.name for folder in Path(__file__).parent.iterdir() if _is_sample(folder))


def find_sample(name: str) -> Path:
    """Give the folder of a sample; an unknown name is an error that lists the known ones."""
    folder = Path(__file__).parent / name
    if name not in names():
        raise InputError(f"no such sample: {name}", next_step=f"There are: {', '.join(names())}.")
    return folder


def _is_sample(folder: Path) -> bool:
    return (folder / "sites.csv").is_file()
