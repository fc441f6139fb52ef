"""A cheap look before reading: whether a text, or a page as it came, names things of aid.

Keywords are the packs' items and unambiguous verbs of aid, found by an Aho-Corasick automaton in
the bytes (A. V. Aho, M. J. Corasick, "Efficient string matching", 1975): no decoding, no lowering.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

LEAST: Final = 2
# Most texts that concern aid say so early: then the rest is not looked at.
_HEAD: Final = 4_000
_LETTERS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
# Pages write accents in their own manner, too.
_ENTITIES: Final = {
    "é": "&eacute;", "è": "&egrave;", "ê": "&ecirc;", "à": "&agrave;", "ç": "&ccedil;",
    "ô": "&ocirc;", "î": "&icirc;", "ä": "&auml;", "ö": "&ouml;", "ü": "&uuml;", "'": "&#39;",
}  # fmt: skip


def keywords(language: str) -> frozenset[str]:
    """Give a language's words of aid: its items and its unambiguous verbs."""
    from intendance.intake.pack import load

    pack = load(language)
    items = {
        " ".join(words)
        for group in pack.phrases.values()
        for words, kind, _ in group
        if kind == "items" and len(words[0]) > 3
    }
    verbs = {
        form for form, found in pack.aid.items() if any(v.strong for v in found) and len(form) > 5
    }
    return frozenset(items | verbs)


def _spellings(word: str, *, pages: bool) -> set[bytes]:
    cases = {word, word.capitalize(), word.title(), word.upper()}
    cases |= {each.replace("'", "’") for each in cases}
    found = {each.encode() for each in cases}
    if pages:
        found |= {each.encode("cp1252", "ignore") for each in cases}
        found.add("".join(_ENTITIES.get(each, each) for each in word).encode())
    return found


@cache
def _automaton(languages: tuple[str, ...], *, pages: bool) -> Any:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    found: set[bytes] = set()
    for language in languages:
        for word in keywords(language):
            found |= _spellings(word, pages=pages)
    return BytesAhoCorasick(sorted(found), implementation=Implementation.DFA)


def concerns_aid(text: str, language: str, least: int = LEAST) -> bool:
    """Tell whether a text names enough things of aid to be worth reading."""
    automaton = _automaton((language,), pages=False)
    return _enough(automaton, text.encode("utf-8", "replace"), least)


def page_concerns_aid(data: bytes, language: str | None = None, least: int = LEAST) -> bool:
    """Tell the same of a page as it came, in any of our languages and any 8-bit encoding.

    UTF-16 is not looked into: such a page counts as worth reading.
    """
    from intendance.intake.pack import languages

    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:200].count(0) > 20:
        return True
    chosen = (language,) if language else languages()
    return _enough(_automaton(chosen, pages=True), data, least)


def _enough(automaton: Any, data: bytes, least: int) -> bool:
    """Count keywords at the beginning of words; the head of the text first."""
    parts = (data[:_HEAD], data) if len(data) > 2 * _HEAD else (data,)
    for part in parts:
        count = 0
        for _, start, _ in automaton.find_matches_as_indexes(part):
            if start and (part[start - 1] in _LETTERS or part[start - 1] >= 0xC3):
                continue
            # 0x80-0xBF ends a letter or a mark of several bytes: marks have three.
            if start > 1 and 0x80 <= part[start - 1] < 0xC0 and part[start - 2] in (0xC3, 0xC5):
                continue
            count += 1
            if count >= least:
                return True
    return False
