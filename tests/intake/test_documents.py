"""Inputs: encodings, HTML, e-mail, RSS, WARC, folders; clear refusals; batches."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from intendance.errors import InputError
from intendance.intake import batch, documents, read, shards
from intendance.intake.echoes import origins
from intendance.intake.prefilter import concerns_aid

SENTENCE = "« Nous livrerons », a déclaré le ministre Paul Durand à l'été."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    """The text comes out the same, without a byte-order mark."""
    text = SENTENCE * 5
    assert documents.load(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", b"%PDF-1.4 broken"]
)
def test_refusals(data: bytes) -> None:
    """Empty, binary and broken files are refused in a sentence."""
    with pytest.raises(InputError):
        documents.load(data)


def test_missing_file() -> None:
    """A missing file is an input error."""
    with pytest.raises(InputError, match="no such file"):
        documents.load(Path("/nonexistent/none.txt"))


def test_html_is_read_and_never_run() -> None:
    """Paragraphs come out, scripts do not."""
    head = "<head><script>alert('Le maire a dit')</script></head>"
    page = f"<html>{head}<body><p>{SENTENCE}</p></body></html>"
    source = documents.load(page.encode())
    assert "alert" not in source.text
    assert read(source.text, language="fr").statements[0].speaker_name == "Paul Durand"


def test_mail_gives_day_and_sender() -> None:
    """Header fields become publication day and outlet."""
    mail = (
        "From: Agence Delta <a@example.org>\r\nTo: b@example.org\r\nSubject: Aide\r\n"
        "Date: Fri, 21 Apr 2023 10:00:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + SENTENCE
    )
    source = documents.load(mail.encode())
    assert (source.published, source.outlet) == (date(2023, 4, 21), "Agence Delta")


def test_feed_gives_one_document_an_item() -> None:
    """Each item is a document with its day."""
    items = "".join(
        f"<item><title>T{n}</title><description>{SENTENCE}</description>"
        "<pubDate>Fri, 21 Apr 2023 10:00:00 GMT</pubDate></item>"
        for n in range(3)
    )
    feed = f'<?xml version="1.0"?><rss><channel><title>Delta</title>{items}</channel></rss>'
    found = list(documents.load_all(feed.encode()))
    assert [each.published for each in found] == [date(2023, 4, 21)] * 3
    assert found[1].text.startswith("T1\n")


def _warc(path: Path, pages: int) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(pages):
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            body = f"<html><body><p>{SENTENCE} {number}</p></body></html>".encode()
            writer.write_record(
                writer.create_warc_record(
                    f"https://example.org/{number}", "response", payload=io.BytesIO(body),
                    http_headers=headers, warc_headers_dict={"WARC-Date": "2023-04-21T00:00:00Z"},
                )
            )  # fmt: skip


def test_warc_shards_are_the_same_again_and_on_processes(tmp_path: Path) -> None:
    """A re-run makes nothing anew; processes give the same bytes."""
    for number in range(2):
        _warc(tmp_path / f"a{number}.warc.gz", 2)
    files = batch.named_files([tmp_path])
    report = shards.run_shards(files, tmp_path / "one", batch.Options())
    assert (report["files"], report["documents"], report["errors"]) == (2, 4, 0)
    times = {each: each.stat().st_mtime_ns for each in (tmp_path / "one").glob("*.jsonl")}
    shards.run_shards(files, tmp_path / "one", batch.Options())
    made = [each for each in times if each.name not in {"manifest.jsonl", "origins.jsonl"}]
    assert len(made) == 2
    assert all(each.stat().st_mtime_ns == times[each] for each in made)
    shards.run_shards(files, tmp_path / "two", batch.Options(), workers=2)
    for each in times:
        assert (tmp_path / "two" / each.name).read_bytes() == each.read_bytes()


def test_lines_hold_one_document_each_and_failures_too(tmp_path: Path) -> None:
    """A file that cannot be read is a line with its reason, and the rest goes on."""
    (tmp_path / "a.txt").write_text(SENTENCE, "utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    first, second = (json.loads(each) for each in batch.lines(tmp_path, batch.Options()))
    assert first["statements"][0]["speaker_name"] == "Paul Durand"
    assert "PDF" in second["error"]


def test_prefilter_keeps_aid_and_drops_sport() -> None:
    """The keyword filter wants two words of aid."""
    assert concerns_aid("Quarante transformateurs et des munitions arrivent.", "fr")
    assert not concerns_aid("Le match a fini sur un score nul.", "fr")


def test_echoes_share_an_origin() -> None:
    """A shortened agency text has the origin of the long one; another text has its own."""
    long = " ".join(
        f"La ville numéro {n} a reçu de l'aide hier soir dans le calme." for n in range(20)
    )
    other = "Rien à voir avec cela : la récolte de blé a été bonne cette année dans le sud du pays."
    texts = [long, long[:300], other]
    assert origins([read(each, language="fr") for each in texts]) == (0, 0, 2)
