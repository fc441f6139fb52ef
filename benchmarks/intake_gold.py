"""Our own gold: short articles in agency style, written and annotated for this project.

Format (``*.gold``): ``= id language published domain``, the text, ``--``, then one label a line:
``S type|act|speaker name|first words~last words``, ``A text|low|high|currency``,
``Q text|low|high``, ``D text|value``, ``E trigger|status``; ``-`` is unknown. A label's words are
looked up in the text from the label before it on, so labels of a kind stand in the text's order.
A head that ends in ``aid`` says that the article has labels of aid alone, one that ends in
``said`` that it has labels of statements and amounts alone.
``e trigger|donor|causes`` (and ``|recipient``) tells more of the ``E`` of the same trigger; causes
are joined by ``+``. These fields are counted among the events whose status is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.intake_scores import Score, Span, match, score

if TYPE_CHECKING:
    from intendance.intake.reading import AidEvent

FOLDER = Path(__file__).parent / "gold"


@dataclass(slots=True)
class Article:
    """One article with its labels: kind → list of (span, fields)."""

    name: str
    language: str
    published: date
    domain: str
    text: str
    labels: dict[str, list[tuple[Span, list[str]]]] = field(default_factory=dict)
    alone: str = ""  # "aid", "said": the only labels it has


def _label(article: Article, line: str, seen: dict[str, int]) -> None:
    kind, _, rest = line.partition(" ")
    fields = rest.split("|")
    words = fields[-1] if kind == "S" else fields[0]
    first, _, last = words.partition("~")
    start = article.text.find(first, seen.get(kind, 0))
    if start < 0:
        start = article.text.find(first)
    end = (
        article.text.find(last, start + len(first) - 1) + len(last) if last else start + len(first)
    )
    assert 0 <= start < end, (article.name, line)
    seen[kind] = start + 1
    article.labels.setdefault(kind, []).append(((start, end), fields))


def articles(folder: Path, *, aid_alone: bool = False) -> Iterator[Article]:
    """Give a folder's articles; with ``aid_alone`` those too that are labelled in part."""
    for path in sorted(folder.glob("*.gold")):
        for block in path.read_text("utf-8").split("\n= "):
            head, _, body = block.removeprefix("= ").partition("\n")
            name, language, day, domain, *alone = head.split()
            if alone and not aid_alone:
                continue
            text, _, labels = body.partition("\n--\n")
            article = Article(name, language, date.fromisoformat(day), domain, text)
            article.alone = alone[0] if alone else ""
            seen: dict[str, int] = {}
            for line in labels.strip().splitlines():
                _label(article, line, seen)
            yield article


def _plain(name: str | None) -> str:
    return (name or "").lower().replace("’", "'").strip()


NAMES = (
    "statements 0.3", "statements 0.8", "speaker", "type", "act", "amounts", "quantities",
    "dates", "aid",
)  # fmt: skip
PARTS = ("aid donor", "aid causes", "aid recipient")  # of the events whose status is right
_ARTICLES = ("le ", "la ", "les ", "l'", "the ", "a ", "an ")


def _party(name: str | None) -> str:
    """Give a party without its article: "la France" is "France"."""
    plain = _plain(name)
    return next((plain.removeprefix(each) for each in _ARTICLES if plain.startswith(each)), plain)


def _parts(
    event: AidEvent, span: Span, article: Article, *, show: bool
) -> Iterator[tuple[str, Score]]:
    """Score donor, causes and recipient of an event that has the right status."""
    told = next((own for (a, b), own in article.labels.get("e", ()) if a < span[1] and span[0] < b),
                None)  # fmt: skip
    if told is None:
        return
    found = (_party(event.donor or "-"), "+".join(sorted(event.causes)) or "-",
             _party(event.recipient or "-"))  # fmt: skip
    wanted = [_party(told[1]), "+".join(sorted(told[2].split("+")))]
    wanted += [_party(told[3])] if len(told) > 3 else []
    for name, one, other in zip(PARTS, found, wanted, strict=False):
        if show and one != other:
            print(f"  {name}: {one} is not {other} ({event.trigger})")
        yield name, Score(int(one == other), 1, 1)


def measure(article: Article, *, show: bool = False) -> dict[str, Score]:
    """Give one article's scores; ``show`` prints what is wrong (never on held-out ones)."""
    from intendance.intake import read

    reading = read(article.text, published=article.published, language=article.language)
    out = {name: Score() for name in NAMES}
    wanted = article.labels.get("S", [])
    gold = [span for span, _ in wanted]
    found = [(each.start, each.end) for each in reading.statements]
    out["statements 0.3"] = score(found, gold, 0.3)
    out["statements 0.8"] = score(found, gold, 0.8)
    pairs = match(found, gold, 0.3)
    for i, j in pairs:
        fields, said = wanted[j][1], reading.statements[i]
        checks = {
            "speaker": _plain(said.speaker_name) == _plain(fields[2]),
            "type": said.type == fields[0],
            "act": said.act == fields[1],
        }
        for name, right in checks.items():
            out[name].merge(Score(int(right), 1, 1))
            if show and not right:
                print(f"  {name}: {said.speaker_name}/{said.type}/{said.act} is not {fields[:3]}")
    if show:
        for j, (span, fields) in enumerate(wanted):
            if j not in {b for _, b in pairs}:
                print("  missed S", fields, article.text[span[0] : span[1]][:80])
        for i, said in enumerate(reading.statements):
            if i not in {a for a, _ in pairs}:
                print("  false S", said.rule, said.speaker_name, said.content[:80])
            else:
                j = dict(pairs)[i]
                if (i, j) not in match(found, gold, 0.8):
                    print(
                        "  span S",
                        said.content[:90],
                        "|",
                        fields[-1] if (fields := wanted[j][1]) else "",
                    )
    groups = {
        "A": (
            "amounts",
            [
                (e.start, e.end, [e.low or "-", e.high or "-", e.currency or "-"])
                for e in reading.amounts
            ],
        ),
        "Q": (
            "quantities",
            [(e.start, e.end, [e.low or "-", e.high or "-"]) for e in reading.quantities],
        ),
        "D": ("dates", [(e.start, e.end, [e.value or "-"]) for e in reading.dates]),
        "E": ("aid", [(e.start, e.end, [e.status]) for e in reading.aid]),
    }
    parts = {name: Score() for name in PARTS}
    for kind, (name, things) in groups.items():
        labels = article.labels.get(kind, [])
        right: set[int] = set()
        used: set[int] = set()
        for i, (a, b, values) in enumerate(things):
            for j, (span, fields) in enumerate(labels):
                if j not in used and a < span[1] and span[0] < b and values == fields[1:]:
                    right.add(i)
                    used.add(j)
                    if kind == "E":
                        for part, value in _parts(reading.aid[i], span, article, show=show):
                            parts[part].merge(value)
                    break
        out[name] = Score(len(right), len(things), len(labels))
        if show:
            for i, (a, b, values) in enumerate(things):
                if i not in right:
                    print("  false", kind, article.text[a:b], values)
            for j, (_, fields) in enumerate(labels):
                if j not in used:
                    print("  missed", kind, fields)
    kept = {"aid": NAMES[-1:], "said": NAMES[:6]}.get(article.alone, NAMES)
    told = {name: value for name, value in parts.items() if value.wanted}
    return {name: out[name] for name in kept} | (told if article.alone != "said" else {})


def run(
    folder: Path = FOLDER / "dev", *, show: bool = False, language: str = ""
) -> dict[str, Score]:
    """Print the scores of a folder by language; ``show`` lists the errors."""
    total: dict[str, Score] = {}
    for article in articles(folder, aid_alone=True):
        if language and article.language != language:
            continue
        if show:
            print(article.name)
        for name, value in measure(article, show=show).items():
            total.setdefault(f"{article.language} {name}", Score()).merge(value)
    for name, value in total.items():
        print(f"{folder.name} {name:18} {value}")
    return total


if __name__ == "__main__":
    import sys

    run(
        FOLDER / (sys.argv[1] if len(sys.argv) > 1 else "dev"),
        show="-v" in sys.argv and "heldout" not in sys.argv,
    )
