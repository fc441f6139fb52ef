"""Voices: acts, causes and the sentences around them, from a reading typed by hand."""

from __future__ import annotations

from datetime import date

from intendance.intake.reading import AidEvent, Document, Reading, Statement
from intendance.review.heard import article_head, voices_of

TEXT = (
    'The minister said "we wait". Two capitals hesitate, their stocks being low. '
    "Norway fears a wider war, its envoy said. Nothing else happened."
)


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def statement(name: str, words: str, **more: object) -> Statement:
    start, end = span(words)
    values: dict[str, object] = {
        "type": "indirect",
        "content": words,
        "speaker": None,
        "speaker_name": None,
        "speaker_role": None,
        "cue": None,
        "act": "declare",
        "date": None,
        "place": None,
        "confidence": 0.9,
        "rule": "test",
        **more,
    }
    return Statement(id=name, start=start, end=end, **values)  # type: ignore[arg-type]


def event(words: str, status: str, causes: tuple[str, ...], said: str | None) -> AidEvent:
    start, end = span(words)
    return AidEvent(
        "a", start, end, words, status, "Two capitals", None, (), None, None, causes, said, "t"
    )


def reading(*, events: tuple[AidEvent, ...]) -> Reading:
    document = Document(TEXT, "0" * 64, "en", "2024-02-03", "Paper", "Agency")
    said = (
        statement("s1", '"we wait"', type="direct", speaker_name="The minister"),
        statement("s2", "Norway fears a wider war", speaker_name="the envoy", speaker_role="envoy"),
    )
    return Reading(document, said, (), (), (), events, ())


def test_a_hesitation_of_the_article_itself_keeps_its_cause_and_sentence() -> None:
    found = voices_of(reading(events=(event("hesitate", "hesitate", ("stock",), None),)))
    assert [voice.act for voice in found] == ["declare", "hesitate", "declare"]
    assert found[1].sentence == "Two capitals hesitate, their stocks being low."
    assert found[1].causes == ("stock",)
    assert found[1].speaker == "Two capitals"


def test_an_event_colours_the_statement_that_holds_it() -> None:
    found = voices_of(reading(events=(event("fears", "hesitate", ("escalation",), "s2"),)))
    assert (found[1].act, found[1].causes, found[1].role) == ("hesitate", ("escalation",), "envoy")
    assert (found[1].before, found[1].after) == ("", ", its envoy said.")


def test_an_event_in_a_statements_sentence_is_not_said_twice() -> None:
    found = voices_of(reading(events=(event("fears", "hesitate", ("escalation",), None),)))
    assert len(found) == 2


def test_the_articles_head() -> None:
    head = article_head(reading(events=()))
    assert head is not None
    assert (head.outlet, head.published) == ("Agency", date(2024, 2, 3))
    assert article_head(None) is None
    assert voices_of(None) == ()


def test_a_promise_within_somebodys_words_is_told_once() -> None:
    words = "Norway fears a wider war, its envoy said"
    outer = statement("s1", words, act="pledge", speaker_name="the envoy")
    inner = statement("s2", "a wider war", act="pledge", speaker_name="Norway")
    other = statement("s3", "a wider war", act="deny", speaker_name="Norway")
    document = reading(events=()).document
    found = voices_of(Reading(document, (outer, inner, other), (), (), (), (), ()))
    assert [(voice.act, voice.speaker) for voice in found] == [
        ("pledge", "the envoy"),
        ("deny", "Norway"),
    ]
