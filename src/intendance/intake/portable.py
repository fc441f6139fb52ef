"""PDF: the words of its pages."""

from __future__ import annotations

import re
from typing import Final

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
    return Source(_in_words(text), name, "pdf")


_CUT: Final = re.compile(
    r"([^\W\d_]+)[\u00ad\u2010-][ \t]*\n([a-zà-öø-ÿ]+(?:['’][^\W\d_]+)?[^\w\s]*) ?"
)
_BLANKS: Final = re.compile(r"[ \t]*([\u00a0\u202f])[ \t]*|[ \t]+(?=\n)|[ \t]{2,}")
# First parts of common words that are written with a hyphen, in French and English.
_KEEP: Final = frozenset(
    {
        "porte", "vice", "contre", "ex", "non", "demi", "sous", "avant", "après", "long", "court",
        "co", "self", "well", "multi", "anti", "dit", "est", "peut", "moyen", "haut", "mi",
    }
)  # fmt: skip


def _in_words(text: str) -> str:
    r"""Mend what setting in lines left: cut words and doubled blanks.

    A hyphen at the end of a line is kept where the word is written with it elsewhere.

    >>> _in_words("une infra-\nstructure de 1\u00a0 200 tonnes \nde fer") == (
    ...     "une infrastructure\nde 1\u00a0200 tonnes\nde fer")
    True
    """

    def blank(match: re.Match[str]) -> str:
        return match[1] or ("" if text[match.end() : match.end() + 1] == "\n" else " ")

    def whole(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        kept = first.lower() in _KEEP or f"{first}-{last}".lower() in low
        return f"{first}{'-' if kept else ''}{last}\n"

    text = _BLANKS.sub(blank, text)
    low = text.lower()
    return _CUT.sub(whole, text)
