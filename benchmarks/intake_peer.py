"""Next to us on the same texts: textacy's quotation extraction with spaCy's small models.

textacy lives in an environment of its own (``.venv-peer``, some 500 MB), made here from
hash-pinned requirements; without it (no network) the benchmark is skipped and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figures import Figures, SkippedError, figure
from benchmarks.intake_scores import Score, Span, score

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".venv-peer"
_GOLD = ROOT / "benchmarks" / "gold"
_POLNEAR = ROOT / ".." / "shared" / "texts" / "polnear-dev"
_MARKS = '"“”«»„‟'


def peer_python(folder: Path = PEER, pinned: str = "peer.txt") -> Path:
    """Give the peer's Python; make its environment from ``pinned`` when there is none."""
    python = folder / "bin" / "python"
    ready = folder / "ready.stamp"
    if ready.is_file():
        return python
    uv = Path(sys.executable).with_name("uv")
    wanted = ROOT / "requirements" / pinned
    calls = (
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, folder],
        [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", wanted],
    )
    try:
        for call in calls:
            subprocess.run(
                list(map(str, call)), check=True, timeout=400, capture_output=True, cwd=ROOT
            )
    except (OSError, subprocess.SubprocessError):
        said = "the peer's environment cannot be made here (no registry?)"
        raise SkippedError(said) from None
    ready.touch()
    return python


def _stripped(text: str, span: Span) -> Span:
    """Leave marks and blanks at the ends out: the two systems differ in whether they keep them."""
    start, end = span
    while start < end and (text[start] in _MARKS or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _MARKS or text[end - 1].isspace()):
        end -= 1
    return start, end


def _quoted(text: str, spans: list[Span]) -> list[Span]:
    """Keep what holds, or stands in, quotation marks."""
    found = []
    for start, end in spans:
        around = text[max(start - 2, 0) : end + 2]
        if any(mark in around for mark in _MARKS):
            found.append(_stripped(text, (start, end)))
    return found


def _gold(folder: str, language: str) -> dict[str, tuple[str, list[Span]]]:
    from benchmarks.intake_gold import articles

    return {
        f"{folder} {each.name}": (each.text, [span for span, _ in each.labels.get("S", [])])
        for each in articles(_GOLD / folder)
        if each.language == language
    }


def _polnear() -> dict[str, tuple[str, list[Span]]]:
    from benchmarks.intake_polnear import attributions, text_of

    found = {}
    for path in sorted((_POLNEAR / "attributions").glob("*.ann")):
        wanted = [content for content, _ in attributions(path)]
        found[path.stem] = (text_of(_POLNEAR, path), wanted)
    return found


def _ours(language: str, polnear: bool) -> Callable[[str], list[Span]]:
    from benchmarks.intake_polnear import merged

    from intendance.intake import read

    def spans(text: str) -> list[Span]:
        statements = read(text, language=language).statements
        if polnear:
            return [span for span, _ in merged(statements, text)]
        return [(each.start, each.end) for each in statements]

    return spans


def _measured(texts: dict[str, tuple[str, list[Span]]], found: dict[str, list[Span]]) -> Figures:
    out: Figures = {}
    for least in (0.3, 0.8):
        total = Score()
        for name, (text, wanted) in texts.items():
            spans = _quoted(text, found[name])
            total.merge(score(spans, _quoted(text, wanted), least))
        out[f"{least}"] = f"P {total.precision:.3f} R {total.recall:.3f} F1 {total.f1:.3f}"
    return out


def bench_textacy() -> Figures:
    """Quotation extraction: precision, recall, F1 and words a second of both, and the ratio."""
    groups: dict[str, tuple[str, dict[str, tuple[str, list[Span]]]]] = {
        "gold fr": ("fr", {**_gold("dev", "fr"), **_gold("heldout", "fr")}),
        "gold en": ("en", {**_gold("dev", "en"), **_gold("heldout", "en")}),
    }
    if _POLNEAR.is_dir():
        groups["polnear"] = ("en", _polnear())
    documents = [
        {"id": name, "language": language, "text": text}
        for language, texts in groups.values()
        for name, (text, _) in texts.items()
    ]
    answer = _run_peer(peer_python(), documents)
    out: Figures = {"peer": ", ".join(f"{k} {v}" for k, v in answer["versions"].items())}
    out["peer's documents with odd marks"] = answer["refused"]
    words = sum(len(each["text"].split()) for each in documents)
    seconds = 0.0
    for group, (language, texts) in groups.items():
        theirs = {
            name: [(each["start"], each["end"]) for each in answer["found"][name]] for name in texts
        }
        spans = _ours(language, group == "polnear")
        spans("Un mot.")
        started = time.perf_counter()
        ours = {name: spans(text) for name, (text, _) in texts.items()}
        seconds += time.perf_counter() - started
        for who, found in (("ours", ours), ("textacy", theirs)):
            for least, line in _measured(texts, found).items():
                out[f"{group} quoted {least} {who}"] = line
    out["our words"] = figure(round(words / seconds), "words/s")
    out["textacy's words"] = figure(round(words / answer["seconds"]), "words/s")
    out["ratio of speeds"] = figure(round(answer["seconds"] / seconds, 1), "times", at_least=10)
    return out


def _run_peer(python: Path, documents: list[dict[str, str]]) -> dict[str, Any]:
    one_core = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}
    done = subprocess.run(
        [str(python), str(Path(__file__).with_name("peer_textacy.py"))],
        input=json.dumps(documents), capture_output=True, text=True, check=False,
        env={**os.environ, **one_core},
    )  # fmt: skip
    if done.returncode:
        raise SkippedError(f"textacy does not run here: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
