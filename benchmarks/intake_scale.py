"""Press reading at scale: the prefilter, whole pages, core-hours a million, echoes, start-up."""

from __future__ import annotations

import contextlib
import io
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

from benchmarks.figures import Figures, SkippedError, figure

_GOLD = Path(__file__).parent / "gold" / "dev"
_TEXTS = Path(__file__).parents[1] / ".." / "shared" / "texts"
PAGES = 200
# Of the press at large: a paper prints some hundred articles a day, a few of them on aid.
SHARE_OF_AID = 0.05
_OTHER = (
    "Le match a fini sur un score nul et le public est rentré chez lui sous la pluie. "
    "La ministre de la Culture a visité une exposition de peinture dans la vieille ville. "
    "Selon le maire, les travaux de la place dureront encore deux étés. "
    "Un chanteur a ouvert hier sa tournée devant trois mille spectateurs ravis. "
    "Les vignes ont souffert du gel, et les prix du vin devraient monter cet automne. "
)
_AROUND = "<nav>" + "<a href='/une'>La une</a><a href='/sport'>Sport</a>" * 60 + "</nav>"


def _best(work: Callable[[], object], times: int = 5) -> float:
    """Give the least processor time of several runs: others share the machine."""
    found = []
    for _ in range(times):
        started = process_time()
        work()
        found.append(process_time() - started)
    return min(found)


def _articles() -> list[str]:
    from benchmarks.intake_gold import articles

    texts = [each.text for each in articles(_GOLD) if each.language == "fr"]
    rng = random.Random(7)
    # As long as press articles are, some 450 words.
    return [" ".join(rng.sample(texts, 4)) for _ in range(PAGES)]


def _page(text: str) -> bytes:
    body = "".join(f"<p>{each}</p>" for each in text.split("\n") if each.strip())
    script = "<script>var x = 1;</script>" * 40
    page = f"<html><head>{script}</head><body>{_AROUND}<article>{body}</article></body></html>"
    return page.encode()


def _archive(path: Path, pages: list[bytes]) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    head = [("Content-Type", "text/html; charset=utf-8")]
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, page in enumerate(pages):
            writer.write_record(
                writer.create_warc_record(
                    f"https://example.org/{number}", "response", payload=io.BytesIO(page),
                    http_headers=StatusAndHeaders("200 OK", head, protocol="HTTP/1.1"),
                )
            )  # fmt: skip


def bench_prefilter() -> Figures:
    """Words a second of the keyword prefilter, on articles about aid and about anything else."""
    from intendance.intake.prefilter import concerns_aid

    aid = _articles()
    other = [_OTHER * 6 for _ in range(PAGES)]
    mixed = other + aid[: int(PAGES * SHARE_OF_AID)]
    out: Figures = {}
    for name, texts in (("aid", aid), ("other", other), ("mixed", mixed)):
        words = sum(len(text.split()) for text in texts)

        def look(texts: list[str] = texts) -> int:
            return sum(concerns_aid(text, "fr") for text in texts)

        look()
        out[name] = figure(round(words / _best(look)), "words/s", at_least=10_000_000)
        out[f"{name} kept"] = figure(round(look() / len(texts), 3), "of all")
    return out


def bench_core_hours() -> Figures:
    """Core-hours for a million pages of a WARC archive, as measured on one core, all in all."""
    from intendance.intake import batch, shards

    aid = [_page(each) for each in _articles()]
    other = [_page(_OTHER * 6) for _ in range(PAGES)]
    mixed = other + aid[: int(PAGES * SHARE_OF_AID)]
    out: Figures = {"share of pages on aid": SHARE_OF_AID}
    with tempfile.TemporaryDirectory() as folder:
        for name, pages, topics in (
            ("with prefilter", mixed, True), ("without prefilter", mixed, False),
            ("aid alone", aid, False),
        ):  # fmt: skip
            path = Path(folder) / f"{name}.warc.gz".replace(" ", "-")
            _archive(path, pages)
            files = batch.named_files([path])

            def run(files: dict[str, Path] = files, topics: bool = topics) -> None:
                # Into a folder of its own, or nothing would be made again.
                target = Path(tempfile.mkdtemp(dir=folder))
                shards.run_shards(files, target, batch.Options(topics=topics))

            seconds = _best(run, 3) / len(pages)
            goal = 1.5 if topics else None
            out[name] = figure(round(seconds * 1e6 / 3600, 3), "core-hours/million", at_most=goal)
    return out


def bench_echoes() -> Figures:
    """Which White House texts are taken for one origin: forms filled in again must stay apart."""
    from intendance.errors import IntendanceError
    from intendance.intake import read
    from intendance.intake.echoes import containment, echo, prints_of

    folder = _TEXTS / "whitehouse"
    if not folder.is_dir():
        raise SkippedError("the White House texts are not beside the checkout")
    found = []
    for path in sorted(folder.rglob("*.*")):
        day = re.search(r"\d{4}-\d\d-\d\d", path.name)
        if path.is_file() and day:
            with contextlib.suppress(IntendanceError):
                published = date.fromisoformat(day.group())
                text = path.read_text("utf-8")
                found.append(prints_of(read(text, language="en", published=published)))
    pairs = [(a, b) for at, a in enumerate(found) for b in found[:at] if echo(a, b)]
    alike = sum(containment(a.told, b.told) > 0.4 for at, a in enumerate(found) for b in found[:at])
    wrong = sum(containment(a.told | a.said, b.told | b.said) < 0.7 for a, b in pairs)
    return {
        "texts": len(found),
        "pairs that share two fifths of their words": alike,
        "pairs taken for one origin": len(pairs),
        "of these, with less than 0.7 in common": figure(wrong, "pairs", at_most=0),
    }


def bench_startup() -> Figures:
    """The whole time of ``intendance read`` of a short text, by clock and by processor."""
    text = "La Finlande livrera 40 groupes électrogènes en mai, a annoncé la ministre Anna Virta."
    command = Path(sys.executable).with_name("intendance")
    times = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_text(text, "utf-8")
        for _ in range(9):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([command, "read", path], check=True, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
            times.append(spent)
    return {"processor": figure(round(min(times), 3), "s", at_most=0.5)}
