"""A parser's second opinion: the model is named with version and digest; placeholders refused."""

from __future__ import annotations

import sys

import pytest

from intendance.errors import InputError, UsageError
from intendance.intake import read
from intendance.intake.second_opinion import digest_of, load_model, second_opinion

TEXT = (
    "« Nous livrerons dix camions », a déclaré le ministre Paul Durand. "
    "Le maire a dit que la route est libre."
)
# A model as the registry's packages are made: a module with a function that loads a pipeline.
MODEL = """
class Token:
    def __init__(self, text, idx):
        self.text, self.idx, self.children, self.dep_ = text, idx, [], ""

class Pipeline:
    pipe_names = ["parser"]
    def __call__(self, text):
        import re
        tokens = [Token(m.group(), m.start()) for m in re.finditer(r"\\w+", text)]
        for at, token in enumerate(tokens):
            if token.text == "déclaré":
                child = next(each for each in tokens[at:] if each.text == "Durand")
                child.dep_ = "nsubj"
                token.children = [child]
            if token.text == "dit":
                tokens[0].dep_ = "nsubj"
                token.children = [tokens[0]]
        return tokens

def load():
    return Pipeline()
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    def make(name, number, body=MODEL):
        module = name.replace("-", "_")
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").write_text(body, "utf-8")
        info = tmp_path / f"{module}-{number}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, module, raising=False)
        return tmp_path / module

    (tmp_path / "spacy.py").write_text("__version__ = '3.8'\n")
    monkeypatch.delitem(sys.modules, "spacy", raising=False)
    yield make
    for name in ("spacy", "xx_model_sm", "xx_fake_md"):
        sys.modules.pop(name, None)


def test_the_parser_agrees_differs_or_is_silent_and_is_named(install):
    folder = install("xx-model-sm", "3.8.0")
    reading = read(TEXT + "\nSelon la ville, il neige.", language="fr")
    asked = second_opinion(reading, "xx-model-sm")
    assert [each.verdict for each in asked.opinions] == ["agrees", "differs", "silent"]
    record = asked.as_record()
    assert record["model"] == {
        "name": "xx-model-sm", "version": "3.8.0", "digest": digest_of(folder), "spacy": "3.8",
    }  # fmt: skip
    start, end = record["statements"][0]["span"]
    assert TEXT[start:end] == "Durand"


def test_a_placeholder_of_the_registry_is_refused(install):
    install("xx-fake-md", "999.9.9")
    with pytest.raises(InputError, match="placeholder"):
        load_model("xx-fake-md")


def test_a_model_that_is_not_there_or_is_none_is_a_sentence(install):
    with pytest.raises(UsageError, match="no model"):
        load_model("xx-none-sm")
    with pytest.raises(UsageError, match="no model"):
        load_model("../etc")
    install("xx-model-sm", "1.0", "x = 1\n")
    with pytest.raises(InputError, match="cannot be loaded"):
        load_model("xx-model-sm")


def test_the_digest_follows_the_files(install):
    folder = install("xx-model-sm", "3.8.0")
    before = digest_of(folder)
    (folder / "weights.bin").write_bytes(b"1")
    assert digest_of(folder) != before
