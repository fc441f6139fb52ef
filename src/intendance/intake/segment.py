"""Cuts a text into paragraphs, quotations, sentences and words. All passes are linear."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

# One pass gives words, numbers with their group separators, clitics and marks. The first three
# lines only take the plain words sooner ("musd" is none); the blanks behind one are a second group.
_TOKEN: Final = re.compile(
    r"([a-ln-zà-öø-ÿ][a-zà-öø-ÿ]++(?![\w'&-])|[,.](?!\w)|"
    r"m(?!(?:ds?|rd)?(?:usd|eur|gbp|chf|cad|aud|dkk|sek|nok|pln|czk)(?!\w))[a-zà-öø-ÿ]++(?![\w'&-])|"
    r"[a-zà-öø-ÿ](?![\w'&.-])|"
    r"aujourd'hui|quelqu'une?s?|presqu'île|"
    r"(?:[cdjlmst]|n(?!'t\b)|qu|lorsqu|puisqu|jusqu|quoiqu|quelqu|all|dall|dell|nell|un|quest)'(?=[^\W_])|"
    r"(?:usd|eur|gbp|chf|sfr|dh|cad|aud|dkk|sek|nok|pln|czk)(?=\d)|"
    r"(?:[mk]|mds?|mrd)(?=(?:usd|eur|gbp|chf|cad|aud|dkk|sek|nok|pln|czk)(?!\w))|"
    r"\d{4}-\d{2}-\d{2}(?!\w)|\d{1,2}[/.]\d{1,2}[/.]\d{4}(?!\w)|"
    r"(?:\d{1,3}(?:[ \u00a0\u202f\u2009']\d{3})+(?!\d)|\d+)(?:[.,]\d+)*"
    r"(?:(?!\w)|(?=(?:usd|eur|gbp|bn|bln|mn|mln|m|b|k|md|mds|mrd|tn|mm|cm|km|kg|t|mw|gw|kw|kva|mva|gwh|mwh|h|°|元)(?!\w)))|"
    r"-t-(?:il|elle|on|ils|elles)\b|-(?:il|elle|ils|elles|on)\b|"
    r"'s\b|n't\b|"
    r"(?:[a-z]\.){2,}|"
    r"\w+?(?=-t?-?(?:il|elle|ils|elles|on)\b)|"
    r"\w+?(?=n't\b)|"
    r"(?:million|billion|trillion)(?=-)|(?<=\d)(?:bn|mn|m(?=-(?:euro|dollar|pound|a-)))(?=-)|"
    r"o'(?!clock)[a-zà-öø-ÿ]+(?:-\w+)*|\w+(?:[-&]\w+)*|"
    r"\S)(\s*+)"
)
_MARKS: Final = re.compile(r"[«»“”„‹›‘’‚\"']")
_OPEN: Final = {"«": "»", "“": "”", "„": "“”", "‹": "›", "‘": "’", "‚": "‘’", "「": "」"}
_CLOSE: Final = frozenset("»”›」")
_LINE: Final = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_STOP: Final = re.compile(r"[.!?…]+")
_LINE_ENDS: Final = frozenset('.!?…»”":;')
_NARROW, _WIDE = 25, 130  # characters of a full line where a text is wrapped
MAX_SENTENCE: Final = 240  # words; a longer one is cut
_MAX_QUOTE: Final = 6000  # a quotation that is longer was never closed


@dataclass(slots=True)
class Words:
    """The words of a text, parallel lists, and the text in small letters."""

    low_text: str
    lows: list[str]
    starts: list[int]
    ends: list[int]


@dataclass(slots=True)
class Quote:
    """One outer quotation, marks included: ``[start, end)``; ``closed`` is False if unclosed."""

    start: int
    end: int
    closed: bool = True


@dataclass(slots=True)
class Sentence:
    """A matrix sentence: characters, tokens, its quotations, and its paragraph's number."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    quotes: list[Quote] = field(default_factory=list)
    seen: int = 0  # the kinds of all its words together, by its pack


@dataclass(slots=True)
class Segmented:
    """A text with its words (parallel lists), quotations and sentences."""

    text: str
    low_text: str
    starts: list[int]
    ends: list[int]
    lows: list[str]
    paragraphs: list[tuple[int, int]]
    quotes: list[Quote]
    sentences: list[Sentence]
    sentence_starts: list[int]
    quote_starts: list[int]
    kinds: list[int] = field(default_factory=list)  # what each word can be, by its pack

    def token_at(self, offset: int) -> int:
        """Give the number of the first token that starts at or after the offset."""
        return bisect_left(self.starts, offset)

    def sentence_at(self, offset: int) -> int:
        """Give the number of the sentence that holds the offset (the nearest one before)."""
        return max(0, bisect_right(self.sentence_starts, offset) - 1)

    def upper(self, token: int) -> bool:
        """Tell whether the token begins with a capital letter; behind the last one is none."""
        return token < len(self.starts) and self.text[self.starts[token]].isupper()

    def quote_at(self, offset: int) -> Quote | None:
        """Give the quotation that holds the offset, or None."""
        at = bisect_right(self.quote_starts, offset) - 1
        if at >= 0 and self.quotes[at].end > offset:
            return self.quotes[at]
        return None


def words_of(text: str) -> list[str]:
    """Give the words of a short text as the engine cuts them, in small letters.

    >>> words_of("D'après l'ONU, 1 200 tonnes")
    ["d'", 'après', "l'", 'onu', ',', '1 200', 'tonnes']
    """
    return _TOKEN.split(lowered(text))[1::3]


def cut(text: str) -> Words:
    """Cut a text into words."""
    low = lowered(text)
    # What no token holds, a token, the blanks behind it, and so on: their lengths give the offsets.
    pieces: list[str] = _TOKEN.split(low)
    offsets = list(accumulate(map(len, pieces)))
    return Words(low, pieces[1::3], offsets[:-1:3], offsets[1::3])


def lowered(text: str) -> str:
    """Give the text in small letters with straight apostrophes, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return low.replace("’", "'").replace("ʼ", "'")


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """Give the paragraphs: lines, or blocks of lines where the text is hard-wrapped."""
    lines: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        piece = match.group()
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start < end:
            lines.append((start, end))
    if len(lines) < 2:
        return lines
    breaks = [text[lines[at][1] : lines[at + 1][0]] for at in range(len(lines) - 1)]
    tight = [gap.count("\n") < 2 for gap in breaks]
    lengths = [lines[at][1] - lines[at][0] for at, close in enumerate(tight) if close]
    wrapped = (
        len(lengths) >= 3
        and not all(tight)
        and sum(50 <= length <= 100 for length in lengths) >= 0.75 * len(lengths)
    )
    full = 0 if wrapped else _full_line(text, lines, tight)
    found = [lines[0]]
    for at, line in enumerate(lines[1:]):
        soft = tight[at] and (
            wrapped or text[line[0]].islower() or (full and _goes_on(text, lines[at], line, full))
        )
        soft = soft and line[1] - found[-1][0] < _MAX_QUOTE
        if soft:
            found[-1] = (found[-1][0], line[1])
        else:
            found.append(line)
    return found


def _full_line(text: str, lines: list[tuple[int, int]], tight: list[bool]) -> int:
    """Give the length of a full line of a text wrapped at any width (a column); 0 if it is none.

    Its lines are about as long as one another, and most break off within a sentence.
    """
    pairs = [line for line, close in zip(lines, tight, strict=False) if close]
    if len(pairs) < 3:
        return 0
    lengths = sorted(end - start for start, end in pairs)
    full = lengths[len(lengths) * 3 // 4]
    if full < _NARROW or max(end - start for start, end in lines) > min(1.4 * full, _WIDE):
        return 0
    near = sum(length >= 0.7 * full for length in lengths)
    broken = sum(text[end - 1] not in _LINE_ENDS for _, end in pairs)
    return full if near >= 0.7 * len(pairs) and broken >= 0.5 * len(pairs) else 0


def _goes_on(text: str, line: tuple[int, int], following: tuple[int, int], full: int) -> bool:
    """Tell whether a wrapped paragraph goes on: a head or a paragraph's last line is short."""
    if text[following[0]] in "-–—•*·▪>" and text[following[0] + 1 : following[0] + 2] == " ":
        return False  # a list
    ended = text[line[1] - 1] in _LINE_ENDS
    return line[1] - line[0] >= (0.85 if ended else 0.6) * full


def _single_close(text: str, start: int, end: int) -> int:
    """Find the end of a quotation in single straight marks, or -1 (an apostrophe)."""
    at = text.find("'", start + 2, end)
    tried = 0
    while at != -1 and tried < 12:
        after = text[at + 1] if at + 1 < end else " "
        if not after.isalnum() and not text[at - 1].isspace():
            inside = text[start + 1 : at]
            # A plural's apostrophe ("the allies' stocks") is no closing mark.
            if text[at - 1] in ".,!?…" or text[at - 1] != "s" or after in ".,;:!?":
                return at if " " in inside or len(inside) > 2 else -1
        at = text.find("'", at + 1, end)
        tried += 1
    return -1


def _straight_closers(text: str, at: int, end: int) -> str:
    """Give what closes a straight mark: a curly one where no other comes first."""
    curly = text.find("”", at, end)
    if curly < 0 or text.find('"', at + 1, curly) >= 0 or text.find("“", at, curly) >= 0:
        return '"'
    return "”"


def _curly_closers(text: str, at: int, end: int) -> str:
    """Give what closes a curly mark: a straight one behind a comma or stop, if no curly does."""
    curly = text.find("”", at, end)
    straight = text.find('"', at, end if curly < 0 else curly)
    if straight < 0 or text[straight - 1].isspace():
        return "”"
    again = text.find("“", at + 1, end)
    return '"' if curly < 0 or straight < again < curly else "”"


def quotes_of(text: str, paragraphs: list[tuple[int, int]]) -> list[Quote]:
    """Give the outer quotations of each paragraph, also nested, unclosed and continued ones."""
    found: list[Quote] = []
    for start, end in paragraphs:
        open_at, closers, depth = -1, "", 0
        skip_to = start
        for match in _MARKS.finditer(text, start, end):
            at, mark = match.start(), match.group()
            if at < skip_to:
                continue
            before = text[at - 1] if at > start else " "
            after = text[at + 1] if at + 1 < end else " "
            if open_at < 0:
                if mark == '"':
                    open_at, closers, depth = at, _straight_closers(text, at, end), 1
                elif mark in "‘'’":
                    # Single marks: an apostrophe stands between letters.
                    if before.isalnum() or after.isspace() or not (after.isalnum() or after == '"'):
                        continue
                    close = -1
                    if mark == "'":
                        close = _single_close(text, at, end)
                    elif mark == "‘":
                        close = text.find("’", at + 2, min(end, at + 2000))
                        while close != -1 and close + 1 < end and text[close + 1].isalnum():
                            close = text.find("’", close + 1, min(end, close + 2000))
                    if close != -1:
                        found.append(Quote(at, close + 1))
                        skip_to = close + 1
                elif mark in _OPEN:
                    own = _curly_closers(text, at, end) if mark == "“" else _OPEN[mark]
                    open_at, closers, depth = at, own, 1
                continue
            if mark in closers and not (mark in "’‘" and before.isalnum() and after.isalnum()):
                opening_again = mark == "“" and closers == "“”" and after.isalnum()
                depth -= 0 if opening_again else 1
                if depth <= 0:
                    found.append(Quote(open_at, at + 1))
                    open_at = -1
            elif mark in _OPEN and _OPEN[mark] == closers and mark not in "‘‚":
                if at == start or depth > 8:
                    continue
                depth += 1
        if open_at >= 0:
            found.append(Quote(open_at, end, closed=False))
    return found


def _sentence_ends(
    text: str, start: int, end: int, quotes: list[Quote], abbreviations: frozenset[str]
) -> list[int]:
    """Give the end offsets of the sentences of one paragraph."""
    ends: list[int] = []
    at_quote = 0
    for match in _STOP.finditer(text, start, end):
        at, stop = match.span()
        while at_quote < len(quotes) and quotes[at_quote].end <= at:
            at_quote += 1
        inside = at_quote < len(quotes) and quotes[at_quote].start <= at
        if inside:
            quote = quotes[at_quote]
            # A full stop just before the closing mark ends the sentence if a capital follows.
            if not quote.closed or quote.end - stop > 4 or text[stop : quote.end - 1].strip(" '\n"):
                continue
            stop = quote.end
        rest = text[stop : stop + 6]
        lead = rest.lstrip(" \u00a0\u202f\t")
        if not rest:
            ends.append(stop)
            continue
        if rest[0] in ")]»”":
            stop += 1
            rest = text[stop : stop + 6]
            lead = rest.lstrip(" \u00a0\u202f\t")
        if not lead or stop >= end:
            ends.append(end if not lead else stop)
            continue
        if lead is rest or len(lead) == len(rest):
            continue
        first = lead[0]
        if not (first.isupper() or first.isdigit() or first in "«“\"„‘'(–—-["):
            continue
        if text[at:stop][0] == "." and not inside and stop - at == 1:
            word_at = at
            while word_at > start and (text[word_at - 1].isalnum() or text[word_at - 1] in ".-"):
                word_at -= 1
                if at - word_at > 12:
                    break
            word = text[word_at:at]
            numbered = word.lower() in _NUMBERED and not first.isdigit()
            unit = word_at > start + 1 and text[word_at - 2].isdigit() and first.isupper()
            site = word == "X" and text[:word_at].endswith(_ON)  # "a-t-il écrit sur X. Il …"
            if (word.lower() in abbreviations and not (unit or numbered)) or (
                len(word) == 1 and word.isupper() and not site
            ):
                continue
            if "." in word and len(word) <= 5 and not first.isdigit() and word[-1:].isupper():
                # "U.S. officials" goes on; "in the U.S. The minister" does not.
                following = re.match(r"\w+", lead)
                if following is None or following.group() not in _STARTERS:
                    continue
        ends.append(stop)
    if not ends or ends[-1] < end:
        ends.append(end)
    return ends


_ON: Final = ("sur ", "on ", "auf ")  # the network X, no initial
_NUMBERED: Final = frozenset({"no", "nos", "art", "p", "vol"})  # before a number only
_STARTERS: Final = frozenset({"The", "He", "She", "It", "They", "In", "But", "A", "On", "At", "Le"})


def _give_quotes(sentence: Sentence, own: list[Quote], taken: int) -> int:
    while taken < len(own) and own[taken].start < sentence.end:
        sentence.quotes.append(own[taken])
        taken += 1
    return taken


_TICKS: Final = re.compile("''|‘‘|’’")
_CURLY: Final = {"‘‘": "“\x00", "’’": "\x00”"}


def _plain_mark(match: re.Match[str]) -> str:
    """Take two apostrophes for a quotation mark, without moving any offset."""
    if (curly := _CURLY.get(match.group())) is not None:
        return curly
    opens = match.start() == 0 or match.string[match.start() - 1].isspace()
    return '"\x00' if opens else '\x00"'


def segment(
    text: str, words: Words, paragraphs: list[tuple[int, int]], abbreviations: frozenset[str]
) -> Segmented:
    """Cut the text into sentences with their quotations; every later step works on these lists."""
    starts = words.starts
    ticked = "''" in text or "’’" in text
    quotes = quotes_of(_TICKS.sub(_plain_mark, text) if ticked else text, paragraphs)
    sentences: list[Sentence] = []
    at_quote = last = 0
    for number, (start, end) in enumerate(paragraphs):
        own: list[Quote] = []
        while at_quote < len(quotes) and quotes[at_quote].start < end:
            own.append(quotes[at_quote])
            at_quote += 1
        here = start
        taken = 0
        for stop in _sentence_ends(text, start, end, own, abbreviations):
            while here < stop and text[here].isspace():
                here += 1
            if here >= stop:
                continue
            first = last  # only blanks stand between sentences
            last = bisect_left(starts, stop, first)
            while last - first > MAX_SENTENCE:
                # No sentence is that long: cut it, so that no later step can become slow.
                middle = first + MAX_SENTENCE
                sentences.append(Sentence(here, starts[middle], first, middle, number))
                taken = _give_quotes(sentences[-1], own, taken)
                here, first = starts[middle], middle
            sentences.append(Sentence(here, stop, first, last, number))
            if own:
                taken = _give_quotes(sentences[-1], own, taken)
            here = stop
    return Segmented(
        text, words.low_text, starts, words.ends, words.lows, paragraphs, quotes, sentences,
        [each.start for each in sentences], [each.start for each in quotes],
    )  # fmt: skip
