"""Wrapped lines, quoted replies and odd character sets: the words are read, whatever holds them."""

from __future__ import annotations

import gzip
import io
import textwrap
import time
import zipfile
from datetime import date

import pytest

from intendance.errors import InputError
from intendance.intake import documents, read

HEAD = "Chars et ponts pour l'Ukraine"
FIRST = (
    "BRUXELLES, 19 juillet (Agence) – « Nous livrerons 1 200 chars à l'Ukraine », a déclaré "
    "vendredi le ministre fédéral de la Défense, Jürgen Müller, à l'issue d'une longue réunion de "
    "travail avec ses homologues européens dans la capitale belge. L'hiver sera rude, a ajouté "
    "Zoé Lefèvre devant la presse, et les équipes ne suffisent pas."
)
SECOND = (
    "« Nous ferons face », a promis le gouverneur de la région, Ihor Savtchouk, à la télévision "
    "publique. Selon lui, il manque encore une quarantaine de transformateurs dans les villes."
)
NAMES = ["Jürgen Müller", "Zoé Lefèvre", "Ihor Savtchouk", "Ihor Savtchouk"]


@pytest.mark.parametrize("width", [32, 45, 60, 72, 80, 95, 120])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n"])
def test_a_text_wrapped_at_any_width_is_read_in_paragraphs(width, between):
    end = "\r\n" if "\r" in between else "\n"
    wrapped = [end.join(textwrap.wrap(each, width)) for each in (FIRST, SECOND)]
    reading = read(between.join((HEAD, *wrapped)), published=date(2024, 7, 19), language="fr")
    assert [each.speaker_name for each in reading.statements] == NAMES
    text = reading.document.text
    assert all(text[each.start : each.end] == each.content for each in reading.statements)
    assert reading.statements[1].content.startswith("L'hiver")


def test_a_list_and_short_paragraphs_are_not_joined():
    text = (
        "Promis à Kiev :\n- 40 chars Leopard\n- 25 canons Caesar\n- 90 drones légers\n- 3 ponts\n"
    )
    reading = read(text, language="fr")
    assert [each.text for each in reading.quantities] == [
        "40 chars Leopard", "25 canons Caesar", "90 drones légers", "3 ponts",
    ]  # fmt: skip
    reading = read(
        "Paul Roux a parlé.\nAnna Weber a dit que tout ira bien.\nIl pleut à Kiev.\nTout est dit."
    )
    assert [each.speaker_name for each in reading.statements] == ["Anna Weber"]


def test_a_pdf_in_a_narrow_column_gives_whole_words_and_figures():
    import typst

    page = (
        '#set text(lang: "fr", hyphenate: true)\n#set par(justify: true)\n'
        "#set page(width: 8cm)\n" + FIRST.replace("1 200", "1~200")
    )
    source = documents.load(typst.compile(page.encode()))
    reading = read(source.text, published=date(2024, 7, 19), language="fr")
    assert [each.speaker_name for each in reading.statements] == NAMES[:2]
    assert [each.low for each in reading.quantities] == ["1200"]


def test_a_quoted_reply_is_read_without_its_marks():
    mail = (
        "From: Presse <a@b.example>\r\nDate: Fri, 19 Jul 2024 10:00:00 +0200\r\nSubject: x\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nVoici.\r\n\r\n"
        "> « Tout est\r\n> prêt », a dit Anna Weber.\r\n>> Bien à vous\r\n"
    )
    source = documents.load(mail.encode())
    assert ">" not in source.text
    (said,) = read(source.text, language="fr").statements
    assert said.speaker_name == "Anna Weber"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "base64", "rot13", "zz"])
def test_a_codec_that_is_no_character_set_is_not_used(charset):
    page = f"<html><meta charset={charset}><body><p>Deux mots -".encode() + b"a" * 300_000
    begun = time.perf_counter()
    assert "Deux mots" in documents.load(page).text
    assert time.perf_counter() - begun < 1
    heads = f"From: a@b.c\nTo: d@e.f\nSubject: x\nContent-Type: text/plain; charset={charset}"
    mail = f"{heads}\n\nDeux mots"
    assert documents.load(mail.encode()).text == "Deux mots"


def record(number: int, body: str, length: int | None = None) -> bytes:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>{body}</p></html>".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{number}\r\n"
        "WARC-Date: 2024-07-19T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http\r\nContent-Length: {length or len(page)}\r\n\r\n"
    )
    return head.encode() + page + b"\r\n\r\n"


def test_a_warc_archive_that_was_packed_as_a_whole_is_read(tmp_path):
    whole = b"".join(record(number, f"Mot {number}") for number in range(3))
    each = b"".join(gzip.compress(record(number, f"Mot {number}")) for number in range(3))
    for data in (whole, gzip.compress(whole), each):
        path = tmp_path / ("a.warc" if data is whole else "a.warc.gz")
        path.write_bytes(data)
        assert [found.text for found in documents.load_all(path)] == ["Mot 0", "Mot 1", "Mot 2"]


def test_a_damaged_warc_archive_says_so_in_one_sentence(tmp_path, capfd):
    path = tmp_path / "a.warc"
    path.write_bytes(record(1, "Un mot", length=20) + record(2, "Deux"))
    with pytest.raises(InputError, match="damaged"):
        list(documents.load_all(path))
    assert capfd.readouterr().err == ""


def test_a_zip_of_nothing_that_can_be_read_says_why():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"a" * 9_000_000)
    with pytest.raises(InputError, match=r"bomb\.txt: it unpacks to more than"):
        documents.load(out.getvalue())
