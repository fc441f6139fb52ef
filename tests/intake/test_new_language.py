"""A language is one file: a small Italian pack is read, guessed and offered like the others."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import intendance.intake.packs
from intendance.errors import InputError
from intendance.intake import language, pack, read

TEXT = (
    "L'Italia fornirà 14 carri armati e oltre 20 milioni di euro all'Ucraina, ha dichiarato "
    "venerdì il ministro Carlo Bianchi.\n"
    "«Abbiamo bisogno di circa 300 generatori», ha detto la ministra Anna Rossi. Secondo il "
    "presidente, i danni ammontano a 2,5 miliardi di dollari, di cui 1 miliardo per le tende. "
    "Paolo Verdi ha affermato che le tende sono arrivate ieri."
)


@pytest.fixture
def italian(tmp_path, monkeypatch):
    folder = tmp_path / "packs_with_italian"
    shutil.copytree(Path(next(iter(intendance.intake.packs.__path__))), folder)
    shutil.copy(Path(__file__).parent / "packs/it.toml", folder)
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    for module, held in ((pack, pack.load), (language, language._tables)):
        monkeypatch.setattr(module, "_FOLDER", folder.name)
        held.cache_clear()
    yield
    for held in (pack.load, language._tables):
        held.cache_clear()


def test_a_pack_is_all_that_a_language_needs(italian):
    assert pack.languages() == ("de", "en", "fr", "it")
    reading = read(TEXT, published=date(2024, 7, 19))
    assert reading.document.language == "it"
    names = [each.speaker_name for each in reading.statements]
    assert names == ["Carlo Bianchi", "Anna Rossi", "presidente", "Paolo Verdi"]
    assert [(each.low, each.high, each.currency) for each in reading.amounts] == [
        ("20000000", None, "EUR"), ("2500000000", "2500000000", "USD"),
        ("1000000000", "1000000000", "USD"),
    ]  # fmt: skip
    assert reading.amounts[2].part_of == reading.amounts[1].id
    assert [(each.low, each.item) for each in reading.quantities] == [
        ("14", "tank"), ("300", "generator"),
    ]  # fmt: skip
    (event,) = reading.aid
    assert (event.status, event.donor, event.recipient) == ("pledge", "L'Italia", "Ucraina")
    assert [each.value for each in reading.dates] == ["2024-07-19", "2024-07-18"]


def test_without_the_pack_the_text_is_refused():
    with pytest.raises(InputError, match=r"without a pack \(it\)"):
        read(TEXT)
