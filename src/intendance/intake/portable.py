"""PDF: the words of its pages."""

from __future__ import annotations

from intendance.errors import InputError
from intendance.intake.decoding import Source


def from_pdf(data: bytes, name: str) -> Source:
    """Give the text of a PDF; InputError for an encrypted, damaged or scanned one."""
    import io
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(
                "the PDF is encrypted", next_step="Save it without a password.", where=name
            )
        text = "\n\n".join(page.extract_text() for page in reader.pages[:200])
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        OSError,
        AttributeError,
        IndexError,
    ) as error:
        raise InputError(
            f"the PDF cannot be read ({type(error).__name__})",
            where=name,
            next_step="Open and save it again, or give its text.",
        ) from None
    if not text.strip():
        raise InputError("the PDF holds no text (a scan?)", next_step="Give its text.", where=name)
    return Source(text, name, "pdf")
