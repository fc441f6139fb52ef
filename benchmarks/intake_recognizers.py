"""Microsoft Recognizers-Text specs (MIT), currency part: a case is right when every wanted
amount is found over its span with its value, and no other amount is."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path


def cases(path: Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Give (text, [(start, end, value)]) of a spec; a value that is not told is left out."""
    out = []
    for case in json.loads(path.read_text("utf-8-sig")):
        wanted = []
        for result in case["Results"]:
            if not result.get("TypeName", "").startswith("currency"):
                continue
            value = (result.get("Resolution") or {}).get("value")
            start = result.get("Start")
            if start is None:
                start = max(case["Input"].lower().find(result["Text"].lower()), 0)
            if value not in (None, "null"):
                wanted.append((start, start + len(result["Text"]), str(value)))
        out.append((case["Input"], wanted))
    return out


def _same(low: str | None, high: str | None, value: str, language: str) -> bool:
    figure = value.replace(",", ".") if language == "fr" else value.replace(",", "")
    return any(each is not None and Decimal(each) == Decimal(figure) for each in (low, high))


def measure(folder: Path, language: str, *, show: bool = False) -> tuple[int, int]:
    """Give (right cases, cases) of the currency spec of a language."""
    from intendance.intake import read

    name = {"fr": "French", "en": "English", "de": "German"}[language]
    right = total = 0
    for text, wanted in cases(folder / "NumberWithUnit" / name / "CurrencyModel.json"):
        found = list(read(text, language=language).amounts)
        ok = len(found) >= len(wanted) and all(
            any(
                each.start < end
                and start < each.end
                and _same(each.low, each.high, value, language)
                for each in found
            )
            for start, end, value in wanted
        )
        right += ok
        total += 1
        if show and not ok:
            print(repr(text), wanted, [(e.text, e.low, e.currency) for e in found])
    return right, total


def run(folder: Path) -> None:
    """Print the share of right cases of each language."""
    for language in ("fr", "en", "de"):
        right, total = measure(folder, language)
        print(f"recognizers currency {language} {right / total:.3f} ({right}/{total})")
