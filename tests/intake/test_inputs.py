"""Fresh files of every kind, whole and damaged: read, or refused in a sentence, within a second."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.errors import InputError
from intendance.intake import batch, documents, read

SENTENCE = (
    "« Nous livrerons dix groupes électrogènes dès l'été », a déclaré le ministre Paul Durand."
)
PAGE = f"<html><body><article><p>{SENTENCE}</p></article></body></html>"


def all_of(data: bytes | Path) -> list[documents.Source]:
    return list(documents.load_all(data))


def pdf(text: str = SENTENCE) -> bytes:
    import typst

    return typst.compile(text.encode())


def encrypted(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_gives_its_words_and_an_encrypted_one_is_refused():
    assert "dix groupes" in documents.load(pdf()).text
    assert "dix groupes" in documents.load(encrypted("")).text  # a lock that opens without a key
    with pytest.raises(InputError, match="encrypted"):
        documents.load(encrypted("secret"))


@pytest.mark.parametrize("name", ["empty.pdf", "empty.txt", "empty.eml", "empty.warc.gz"])
def test_files_of_no_byte_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError):
        all_of(tmp_path / name)


def test_a_file_called_pdf_that_is_none(tmp_path):
    (tmp_path / "a.pdf").write_text("Bonjour", "utf-8")
    with pytest.raises(InputError, match="called PDF"):
        documents.load(tmp_path / "a.pdf")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "cp1252", "utf-16", "utf-8-sig", "utf-16-be"])
def test_pages_in_any_encoding(encoding):
    words = SENTENCE.replace("« ", "").replace(" »", "")
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    page = f"<html><head>{head}</head><body><article><p>{words}</p></article></body></html>"
    assert "groupes électrogènes dès l'été" in documents.load(page.encode(encoding)).text


def mail(**kw: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Agence Delta <a@example.org>"
    message["To"] = "b@example.org"
    message["Subject"] = "Aide d'été"
    message["Date"] = "Fri, 21 Apr 2023 10:00:00 +0200"
    if kw:
        message.set_content(SENTENCE, **kw)
    return message


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_bodies_of_mail_in_every_transfer_encoding(cte, charset):
    (source,) = all_of(mail(cte=cte, charset=charset).as_bytes())
    assert SENTENCE in source.text
    assert (source.published, source.outlet, source.title) == (
        date(2023, 4, 21), "Agence Delta", "Aide d'été",
    )  # fmt: skip


def test_mail_of_html_alone_with_attachments_and_a_message_within():
    message = mail()
    message.set_content(PAGE, subtype="html")
    message.add_attachment(pdf("Quatorze chars arrivent."), maintype="application", subtype="pdf",
                           filename="note.pdf")  # fmt: skip
    message.add_attachment(b"\x89PNG\r\n\x1a\n\x00\x00", maintype="image", subtype="png")
    message.add_attachment(b"\x00\x01\x02", maintype="application", subtype="octet-stream")
    message.add_attachment(mail(charset="utf-8"))
    found = all_of(message.as_bytes())
    assert [each.kind for each in found] == ["mail", "pdf", "mail"]
    assert SENTENCE in found[0].text
    assert "<p>" not in found[0].text
    assert "Quatorze chars" in found[1].text
    assert found[1].name.endswith("/note.pdf")
    assert {each.published for each in found} == {date(2023, 4, 21)}


def test_mail_with_two_forms_of_one_body_is_one_document():
    message = mail(charset="utf-8")
    message.add_alternative(PAGE, subtype="html")
    assert [each.text.strip() for each in all_of(message.as_bytes())] == [SENTENCE]


def test_mail_nested_a_thousand_times_ends():
    head = "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nContent-Type: "
    body = f"{head}text/plain\r\n\r\n{SENTENCE}"
    for _ in range(1000):
        body = f"{head}message/rfc822\r\n\r\n{body}"
    with pytest.raises(InputError):
        all_of(body.encode())


ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Delta</title>
<entry><title>Un</title><updated>2023-04-21T10:00:00Z</updated>
<content type="html">&lt;p&gt;{SENTENCE}&lt;/p&gt;</content></entry>
<entry><title>Deux</title><published>2023-04-22T10:00:00Z</published>
<summary>{SENTENCE}</summary></entry></feed>"""


def test_an_atom_feed_gives_its_entries():
    found = all_of(ATOM.encode())
    assert [each.published for each in found] == [date(2023, 4, 21), date(2023, 4, 22)]
    assert [each.text for each in found] == [f"Un\n{SENTENCE}", f"Deux\n{SENTENCE}"]
    assert {each.outlet for each in found} == {"Delta"}


def bomb(levels: int = 9) -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss><channel><item>'
        f"<title>&a{levels - 1};</title></item></channel></rss>"
    )


OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<rss><channel><item><title>&x;</title></item></channel></rss>"
)


@pytest.mark.parametrize("text", [bomb(), OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_feeds_with_entities_are_refused(text, encoding):
    with pytest.raises(InputError, match="entities"):
        all_of(text.encode(encoding))


def test_a_zip_is_a_folder_and_tells_what_it_leaves_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/one.txt", SENTENCE)
        archive.writestr("b/two.html", PAGE)
        archive.writestr("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00")
        archive.writestr("big.txt", b"a" * 9_000_000)
        archive.writestr("__MACOSX/x", "x")
    found = all_of(tmp_path / "a.zip")
    told = [each.name for each in found if not each.skipped]
    assert told == ["a.zip/b/one.txt", "a.zip/b/two.html"]
    assert [each.name for each in found if each.skipped] == ["a.zip/picture.png", "a.zip/big.txt"]


def test_office_documents_and_nested_archives_are_refused():
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(InputError, match="office"):
        all_of(office.getvalue())
    deep = SENTENCE.encode()
    for _ in range(5):
        deep = gzip.compress(deep)
    with pytest.raises(InputError, match="too deep"):
        all_of(deep)


def test_gzip_is_unpacked_within_bounds():
    assert documents.load(gzip.compress(SENTENCE.encode())).text == SENTENCE
    with pytest.raises(InputError, match="unpacks to more"):
        all_of(gzip.compress(b"a" * 200_000_000, 1))
    with pytest.raises(InputError, match="damaged"):
        all_of(gzip.compress(SENTENCE.encode())[:-9])


def warc(bodies: list[bytes], kind: str = "text/html", status: str = "200 OK") -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, body in enumerate(bodies):
        head = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(f"https://example.org/{number}", "response",
                                      payload=io.BytesIO(body), http_headers=head)
        )  # fmt: skip
    return out.getvalue()


def test_archives_keep_pages_tell_the_unreadable_and_leave_the_rest(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        warc([PAGE.encode(), b"<html></html>"]) + warc([b"x"], kind="image/png")
        + warc([PAGE.encode()], status="404 Not Found") + warc([b"\x00\x01" * 50])
    )  # fmt: skip
    found = all_of(path)
    assert [bool(each.skipped) for each in found] == [False, True, True]
    assert all_of(path.read_bytes()) == found


def test_a_torn_archive_keeps_what_came_before_and_says_so(tmp_path):
    path = tmp_path / "a.warc.gz"
    whole = warc([PAGE.encode()]) + warc([PAGE.encode() * 50])
    path.write_bytes(whole[:-40])
    lines = [json.loads(each) for each in batch.lines(path, batch.Options())]
    assert "statements" in lines[0]
    assert "error" in lines[-1]


def test_pages_run_nothing_and_fetch_nothing():
    page = (
        "<html><body><article><p>Le maire a parlé hier soir devant la presse locale.</p>"
        "<script>document.write('Le maire a promis dix camions')</script>"
        "<iframe src='file:///etc/hostname'></iframe><img src=x onerror=alert(1)>"
        "<object data='file:///etc/hostname'></object></article></body></html>"
    )
    text = documents.load(page.encode()).text
    assert "camions" not in text
    assert "alert" not in text
    assert Path("/etc/hostname").read_text("utf-8").strip() not in text


MEGA = 1_000_000
HOSTILE = {
    "one line": b"La ville a dit que tout va bien et " * (MEGA // 35),
    "no blank": b"a" * MEGA,
    "tags": b"<p>" * (MEGA // 3),
    "open tags": b"<html><body>" + b"<div>" * (MEGA // 5),
    "many paragraphs": b"<html><body>" + b"<p>Le maire a dit oui.</p>" * (MEGA // 25),
    "a table": b"<html><body><table>" + b"<tr><td>1<td>2" * (MEGA // 14),
    "half tags": b"<html>" + b"<" * MEGA,
    "comments": b"<html>" + b"<!--" * (MEGA // 4),
    "entities": b"<html><body><p>" + b"&amp;" * (MEGA // 5),
    "scripts": b"<html>" + b"<script>" * (MEGA // 8),
    "attributes": b"<html><body " + b"a=b " * (MEGA // 4) + b">x",
    "feed items": b"<rss><channel>" + b"<item><title>a</title></item>" * (MEGA // 29),
    "deep feed": b"<rss>" + b"<item>" * (MEGA // 6),
    "headers": b"From: a\nTo: b\nSubject: c\n" * (MEGA // 25),
    "boundaries": b"From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=x\n\n"
    + b"--x\n\n" * (MEGA // 5),
    "NUL": b"\0" * MEGA,
    "invalid UTF-8": b"\xff\xfa\xc3\x28" * (MEGA // 4),
    "UTF-16": "Le maire a dit oui. ".encode("utf-16-le") * (MEGA // 40),
    "PDF of nothing": b"%PDF-1.7\n" + b"1 0 obj\n" * (MEGA // 8),
    "PDF of brackets": b"%PDF-1.7\n1 0 obj\n" + b"[" * MEGA,
    "PDF of numbers": b"%PDF-1.7\n" + b"xref\n0 1\ntrailer << /Root 1 0 R >>\n" * (MEGA // 36),
    "zip magic": b"PK\x03\x04" + b"\0" * MEGA,
    "gzip magic": b"\x1f\x8b" + b"\0" * MEGA,
    "WARC magic": b"WARC/1.0\r\n" + b"a: b\r\n" * (MEGA // 6),
}


def outcome(data: bytes) -> str:
    """Read all there is, or give the sentence of the refusal."""
    try:
        for source in documents.load_all(data):
            if source.text:
                read(source.text, language="fr")
    except InputError as error:
        return error.sentence
    return "read"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_is_read_or_refused_within_a_second(name):
    """The processor's time counts, of the better of two tries: the machine is shared."""
    spent = []
    while not spent or (spent[-1] >= 1.0 and len(spent) < 2):
        started = time.process_time()
        assert outcome(HOSTILE[name])
        spent.append(time.process_time() - started)
    assert min(spent) < 1.0


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(
        [
            PAGE.encode(),
            ATOM.encode(),
            mail(charset="utf-8").as_bytes(),
            gzip.compress(SENTENCE.encode()),
            b"%PDF-1.4\n1 0 obj\n<<>>\nendobj",
        ]
    ),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), max_size=5),
)
def test_any_damage_is_a_reading_or_a_sentence(data, changes):
    for place, patch in changes:
        at = place % (len(data) + 1)
        data = data[:at] + patch + data[at + len(patch) :]
    assert outcome(data)
