"""The people of one document: where they stand, their full names, their offices."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from intendance.intake.naming import find_party
from intendance.intake.pack import (
    ADVERB,
    AUX,
    DET,
    DIGITS,
    MODAL,
    MONTH,
    NUMBER,
    PREP,
    ROLE,
    Pack,
    Tabled,
)
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Sentence

FULL_NAME: Final = re.compile(
    r"[A-ZÀ-Þ][\w-]+(?: (?:(?:de|van|von|der|den|di|da|del|bin|el|al) ){0,2}[A-ZÀ-Þ][\w-]+){1,3}"
)
_PARTS: Final = re.compile(r"['’-]")
_UNACCENTED: Final = str.maketrans("àâçéèêëîïôùû", "aaceeeeiiouu")
_OPENS: Final = re.compile(r", |\) ?[-–—] ")
_MOST_NAMES: Final = 400  # people of one document that are told apart


_ELIDED: Final = frozenset(each + mark for each in "lLdD" for mark in "'’")
_PLACED: Final = frozenset({"à", "de", "en", "vers", "in", "at", "from", "of", "to", "near", "for"})


@dataclass(slots=True)
class Mention:
    """One place where a person or body is named or described."""

    offset: int
    sentence: int
    paragraph: int
    speaker: Speaker
    weight: int  # 2: a speaker of a statement, 1: named in passing


class PeopleSeen(Tabled):
    """Holds the people of one document."""

    def __init__(self, nouns: Nouns, pack: Pack) -> None:
        self.nouns, self.pack = nouns, pack
        self.names: dict[tuple[str, str | None], str | None] = {}
        self.longest: dict[str, str] = {}
        self.genders: dict[str, str] = {}
        self.mentions: list[Mention] = []
        self.offsets: list[int] = []  # of the mentions
        self.firsts: dict[str, str] = {}
        self.served: set[tuple[str, str | None]] = set()
        self.recalled: set[tuple[str, str | None]] = set()
        self.offices: dict[tuple[str, str | None], str | None] = {}
        self.whole: dict[str, str] = {}
        self._share(pack)

    def _take_tables(self, pack: Pack) -> None:
        """Take the word lists of people."""
        self.indefinite = pack.words("indefinite")
        self.generic = pack.words("generic_roles")
        self.leaders = pack.words("leading")
        self.agents = pack.words("agents")
        self.pointing = pack.words("pointing")
        self.unnamed = pack.words("unnamed_sources")
        self.by_training = tuple(f" {each}" for each in pack.words("by_training")) or ("\0",)
        self.known = pack.raw.get("known_people", {})
        self.hosts = pack.words("hosts")
        self.parties = pack.words("parties")
        self.heads_of_party = tuple(f"{each} " for each in pack.words("party_heads")) or ("\0",)
        self.no_names = pack.words("openers", "joiners", "subordinators")
        self.plain_offices = pack.words("plain_offices")

    def learn(self, m: Matrix, index: int) -> None:
        """Collect the people that a sentence names with a role, or describes by a role."""
        floor, size = 0, len(m)
        for at, kind in enumerate(m.kinds):
            if not kind & ROLE or at < floor:
                continue
            matched = self.pack.match(m.lows, at, "roles", size)
            if matched is None or matched[1] == "body":
                continue
            start = at
            while (
                start
                and (
                    self.pack.flags.get(m.lows[start - 1], 0) & DET
                    or (
                        self.nouns.english
                        and (
                            (
                                self.nouns.upper(m, start - 1)
                                and not m.kinds[start - 1] & PREP  # "As the minister admits"
                            )
                            or (
                                m.lows[start - 1].isalpha()
                                and m.lows[start - 1].endswith(("ish", "an", "ian", "ese"))
                            )
                        )
                    )
                )
                and at - start < 4
            ):
                start -= 1
            end = self.nouns.before_verb(m, start, self.nouns.extent(m, start, len(m)))
            joint = (k for k in range(start + 2, end) if m.lows[k] in {"et", "and"})
            end = next((k for k in joint if self.nouns.upper(m, k - 1)), end)
            while end > at + matched[0] and self._runs_into(m, end - 1):
                end -= 1
            speaker = self.nouns.speaker(m, start, max(end, at + matched[0]))
            if speaker is not None:
                self.appositive(m, speaker, start, end)
                self.add(speaker, m, index, 1)
                if not speaker.name:
                    self._served_one(m, at + matched[0], end)
            floor = max(end, at + matched[0])

    def _runs_into(self, m: Matrix, at: int) -> bool:
        """Tell the verb that a noun group ran into: "la ministre de la Défense | fait le point"."""
        if self.nouns.english or m.kinds[at] & ROLE or self.nouns.upper(m, at):
            return False
        tense = self.pack.tenses.get(m.lows[at])
        return tense in {"pres", "past", "fut", "cond"} or m.lows[at] in {"fait", "font"}

    def _served_one(self, m: Matrix, first: int, end: int) -> None:
        """Learn the president of "un conseiller du président Paul Roy": he too has an office."""
        for at in range(first + 1, end - 1):
            if m.kinds[at] & ROLE and m.lows[at - 1] in self.nouns.of_words:
                inner = self.nouns.speaker(m, at, end)
                if inner is not None and inner.role and " " in (inner.name or ""):
                    self.know(inner)
                    self.served.add((inner.name or "", inner.role))
                return

    def appositive(self, m: Matrix, speaker: Speaker, start: int, end: int) -> None:
        """Join "le secrétaire général de l'Otan, Jens Stoltenberg," and "Jens X, ministre …"."""
        if speaker.name is None:
            end = self.nouns.over_place(m, end)
        if (speaker.name is None and end + 1 < len(m) and m.lows[end] == ",") and (
            self.nouns.upper(m, end + 1)
        ):
            stop = self.nouns.extent(m, end + 1, len(m))
            other = self.nouns.speaker(m, end + 1, stop)
            closed = stop >= len(m) or m.lows[stop] in {",", ".", ")"} or m.kinds[stop] & AUX
            if other and other.name and closed and not other.role and stop - end > 2:
                speaker.name = other.name
        if speaker.name is None and start > 1 and m.lows[start - 1] == ",":
            run = start - 1
            while run and self.nouns.upper(m, run - 1) and m.lows[run - 1][0].isalpha():
                run -= 1
            run = self.nouns.past_agency(m, run, start - 1) or run
            if m.lows[run] in self.nouns.company and start - 1 - run > 3:
                run = start - 3  # "confie à l'Agence Sud Luciana Prado, infirmière"
            if run > 1 and m.lows[run - 1] in {"l'", "le", "la"} and m.kinds[run - 2] & PREP:
                outlet = self.pack.match(m.lows, run, "outlets", start)
                run += outlet[0] if outlet else 0  # "a confié à l'AFP Tania Sam, habitante de"
            if run and m.kinds[run - 1] & PREP and m.lows[run - 1] not in self.nouns.of_words:
                # "a écrit sur X Guido Ferri, ministre", "a dit à Reuters Abdul Wali, un …"
                outlet = self.pack.match(m.lows, run, "outlets", start)
                run += outlet[0] if outlet else start - 1 - run > 2 or len(m.lows[run]) == 1
            opened = 0 < run < 5 and m.lows[run - 1] in self.agents
            if start - 1 - run >= 2 and not opened:  # "Interrogée par Luc Roy, la ministre"
                other = self.nouns.speaker(m, run, start - 1)
                if other and other.name:
                    speaker.name = other.name

    def add(self, speaker: Speaker, m: Matrix, index: int, weight: int) -> None:
        """Note a mention and learn its name and role."""
        self.know(speaker)
        mention = Mention(speaker.start, index, m.sentence.paragraph, speaker, weight)
        self._note(mention)

    def _note(self, mention: Mention) -> None:
        """Put a mention where it stands in the text."""
        if not self.offsets or self.offsets[-1] <= mention.offset:
            at = len(self.offsets)
        else:
            at = bisect_right(self.offsets, mention.offset)
        self.offsets.insert(at, mention.offset)
        self.mentions.insert(at, mention)

    def know(self, speaker: Speaker) -> None:
        """Learn a name with its office."""
        if not speaker.name:
            return
        one, joint, other = speaker.name.partition(" et ")
        if joint and " " in one:
            for each in (one, other):
                self.know(Speaker(speaker.start, speaker.end, each, each, None))
            return
        words = speaker.name.split()
        last = words[-1].lower()
        if len(self.names) < _MOST_NAMES:
            self.names[speaker.name, speaker.role] = speaker.gender
            self.offices.clear()
        known = self.longest.get(last)
        if len(words) <= 5 and (known is None or len(words) > len(known.split())):
            self.longest[last] = speaker.name
        if len(words) > 1 and not speaker.role:
            self._by_first_name(words[0].lower(), speaker.name)
        if speaker.gender:
            self.genders.setdefault(last, speaker.gender)

    def _by_first_name(self, first: str, name: str) -> None:
        """Note whom a first name alone may mean ("raconte Brahim"); two of one name nobody."""
        known = self.firsts.get(first)
        if known is None or name.startswith(known):
            self.firsts[first] = name
        elif (
            not known.startswith(name)
            and known.rsplit(maxsplit=1)[-1] != name.rsplit(maxsplit=1)[-1]
        ):
            self.firsts[first] = ""

    def _first_named(self, name: str) -> str | None:
        """Give whom a first name alone means: nobody in office, nobody who is presented here."""
        full = self.firsts.get(name.lower(), "")
        text = self.nouns.seg.text
        presented = any(
            self.nouns.flags.get(text[at:].split(None, 1)[0].lower().strip(",."), 0) & (ROLE | DET)
            for at in (text.find(f" {name}, ") + len(name) + 3,)
            if at > len(name) + 2
        )
        office = any(own for each, own in self.names if each == full)
        return None if not full or office or presented else full

    def recall(self) -> None:
        """Learn the offices of people who are written without one ("Zelensky")."""
        lows = self.nouns.seg.lows
        for last in filter(set(lows).__contains__, self.known):
            at = lows.index(last)
            if not self.nouns.seg.upper(at):
                continue
            written = self.nouns.seg.text[self.nouns.seg.starts[at] : self.nouns.seg.ends[at]]
            name = self.full_name(written.title() if written.isupper() else written)
            for role in self.known[last]:
                if (name, role) not in self.names:
                    self.names[name, role] = self.genders.get(last)
                    self.recalled.add((name, role))
        self.offices.clear()

    def notice(self) -> None:
        """Note where a known surname stands without office or cue: "Claes ruled out …"."""
        seg, known = self.nouns.seg, set(self.offsets)
        longest, lows = self.longest, seg.lows
        digits = [at for at, kind in enumerate(seg.kinds) if kind & DIGITS]
        ages = [at - 2 for at in digits if lows[at].isdecimal() and len(lows[at]) == 2]
        spots = {at: longest[low] for at, low in enumerate(lows) if low in longest}
        aged = {at: self._aged(at) for at in ages if at >= 0 and lows[at + 1] == ","}
        opens = self._openers()
        for full in opens.values():
            first, *_, last = full.lower().split()
            self._by_first_name(first, full)
            if len(full) > len(self.longest.get(last, "")):
                self.longest[last] = full
        for token, name in sorted({**aged, **spots, **opens}.items()):
            low = lows[token]
            if name is None or not seg.upper(token) or seg.quote_at(seg.starts[token]):
                continue
            after = lows[token + 1] if token + 1 < len(lows) else "."
            if " " not in name and after.isalpha() and seg.upper(token + 1):
                continue  # the first name of somebody else
            start = token
            while (
                start
                and token - start < 4
                and seg.upper(start - 1)
                and (seg.lows[start - 1] in name.lower())
            ):
                start -= 1
            offset = seg.starts[start]
            index = seg.sentence_at(offset)
            floor = seg.sentences[index].first
            near = any(seg.starts[max(start - back, floor)] in known for back in range(8))
            if near:
                continue
            speaker = Speaker(
                offset, seg.ends[token], seg.text[offset : seg.ends[token]], name, None,
                self.genders.get(low),
            )  # fmt: skip
            mention = Mention(offset, index, seg.sentences[index].paragraph, speaker, 1)
            self._note(mention)

    def _openers(self) -> dict[int, str]:
        """Give the people whose full name opens a sentence: "Luc Roy ne décolère pas."."""
        seg, found = self.nouns.seg, dict[int, str]()
        for sentence in seg.sentences:
            name = self._opens_with(sentence)
            if name is not None and not self.names_body(name):
                at = seg.token_at(seg.text.find(name, sentence.start) + len(name)) - 1
                found[at] = name
        return found

    def names_body(self, name: str) -> bool:
        """Tell a state, an organisation or a paper from a person."""
        if find_party(name) is not None:
            return True
        low = name.lower().split()
        match, size = self.pack.match, len(low)
        return bool(match(low, 0, "organisations", size) or match(low, 0, "outlets", size))

    def _opens_with(self, sentence: Sentence) -> str | None:
        """Give the full name that a sentence opens with, right before its verb."""
        seg = self.nouns.seg
        match = FULL_NAME.match(seg.text, sentence.start)
        opened = sentence.start  # "Five days after the quake, Zeynep Arslan …", "(ACP) - Luc …"
        while match is None or match.group().isupper():  # "LA HAYE, 31 janvier (…) - Piet …"
            mark = _OPENS.search(seg.text, opened, min(sentence.end, sentence.start + 200))
            if mark is None:
                return None
            opened = mark.end()
            match = FULL_NAME.match(seg.text, opened)
        if self._no_first_name(seg.lows[seg.token_at(match.start())]):
            return None
        if any(self.pack.flags.get(low, 0) & ROLE for low in match.group().lower().split()):
            return None  # "Interior Minister Fernando Grau"
        if seg.text[match.end() : match.end() + 1] not in {" ", "’", "'"}:
            return None
        at = seg.token_at(match.end() + 1)
        if at >= len(seg.lows):
            return None
        after = seg.lows[at]
        verb = self.pack.flags.get(after, 0) & (AUX | MODAL | ADVERB) or self.pack.tenses.get(after)
        verb = verb or (self.nouns.english and after.endswith(("s", "ed")))
        return match.group() if verb or after in {"n'", "ne", "s'", "se"} else None

    def _aged(self, token: int) -> str | None:
        """Give the name before an age: "Hassan, 36 ans", "Irene Duarte, 78,"."""
        seg = self.nouns.seg
        if not seg.upper(token) or token + 3 >= len(seg.lows):
            return None
        age, after = seg.lows[token + 2 : token + 4]
        if not (age.isdigit() and len(age) == 2 and after in {"ans", ",", "years"}):
            return None
        start = token
        while (
            start and token - start < 3 and seg.upper(start - 1) and (seg.lows[start - 1].isalpha())
        ):
            start -= 1
        name = seg.text[seg.starts[start] : seg.ends[token]]
        return None if self.pack.flags.get(seg.lows[start], 0) & DET else name

    def _near(self, offset: int) -> list[Mention]:
        """Give the last mentions before an offset, in the order of the text."""
        at = bisect_left(self.offsets, offset)
        return self.mentions[max(at - 40, 0) : at]

    def full_name(self, name: str) -> str:
        """Complete a surname with the first name that stands elsewhere in the document."""
        best = self.longest.get(name.rsplit(maxsplit=1)[-1].lower(), name)
        if len(best.split()) <= len(name.split()):
            best = name
        if best == name and " " not in name:
            best = self._whole(name)
            if best == name and name.lower() not in self.known:
                best = self._first_named(name) or self._after_al(name) or name
        if best == name and name.isupper() and len(name) > 4 and self._written(name.title()):
            return name.title()
        return best

    def _after_al(self, name: str) -> str | None:
        """Give "Mona al-Hakim" for Hakim."""
        if not self.nouns.english:
            return None
        low = name.lower()
        found = self.longest.get(f"al-{low}") or self.longest.get(f"el-{low}")
        return found if found and " " in found else None

    def _written(self, name: str) -> bool:
        """Tell a headline's ZELENSKY, whom the text writes Zelensky, from the FNSEA."""
        return " " in name or name in self.nouns.seg.text

    def _whole(self, surname: str) -> str:
        """Give "Volodymyr Zelensky" for "Zelensky" when the text writes one such name."""
        if surname not in self.whole:
            text, found = self.nouns.seg.text, set[str]()
            at = text.find(" " + surname)
            while at >= 0 and len(found) < 3:
                before = text[max(at - 30, 0) : at].rsplit(None, 1)
                word = before[-1] if before else ""
                after = text[at + 1 + len(surname) : at + 2 + len(surname)]
                low = word.lower()
                led = before[0].rsplit(None, 1)[-1:] if len(before) > 1 else []
                placed = bool(led) and led[0].lower() in _PLACED
                plain = (
                    not placed
                    and word[:1].isupper()
                    and word.replace("-", "").isalpha()
                    and len(word) > 2
                )
                if plain and not after.isalnum() and not self._no_first_name(low):
                    found.add(f"{word} {surname}")
                at = text.find(" " + surname, at + 1)
            self.whole[surname] = found.pop() if len(found) == 1 else surname
        return self.whole[surname]

    def _no_first_name(self, low: str) -> bool:
        flags = self.pack.flags.get(low, 0)
        return (
            bool(flags & ~(NUMBER | MONTH))
            or low in self.no_names
            or low in self.nouns.titles
            or bool(self.pack.cues.get(low))
        )

    def _definite(self, surface: str) -> bool:
        """Tell "le ministre" from "un responsable" and "les autorités"."""
        head = surface.lower().replace("’", "'").split("'")[0].split(" ")[0]
        if self.nouns.english and surface.isalpha() and head.endswith("s"):
            return False  # "rescuers said": no rescuers in particular
        return head not in self.indefinite

    def _singular(self, speaker: Speaker) -> bool:
        head = speaker.surface.lower().replace("’", "'").split("'")[0].split(" ")[0]
        owned = self.nouns.english and "'s " in speaker.surface.replace("’", "'")
        return (
            owned or head in {"le", "la", "l", "the", "son", "sa"}
        ) and " et " not in speaker.surface

    def _same_gender(self, left: Speaker, right: Speaker) -> bool:
        gender = right.gender
        if gender is None and right.name:
            gender = self.genders.get(right.name.split()[-1].lower())
        return not (gender and left.gender and gender != left.gender)

    def bare(self, surface: str) -> str:
        """Give a noun group without its determiner.

        The surface of "L'OTAN" is "OTAN".
        """
        text = surface.strip(' ,"«»“”')
        if text[:2] in _ELIDED:
            return text[2:]
        head, _, rest = text.partition(" ")
        if (
            rest
            and self.pack.flags.get(head.lower(), 0) & DET
            and not rest.startswith(("of ", "de ", "des ", "d'"))
        ):
            return rest
        return text

    def _spelt_out(self, name: str) -> str:
        """Give "Organisation mondiale de la santé" for "OMS" where the text writes both."""
        if not (name.isupper() and 2 <= len(name) <= 8 and name.isalpha()):
            return name
        if name not in self.whole:
            self.whole[name] = self._long_form(name) or name
        return self.whole[name]

    def _long_form(self, short: str) -> str | None:
        text = self.nouns.seg.text
        at = text.find(f" ({short})")
        if at < 0:
            return None
        words = text[max(at - 120, 0) : at].split()
        wanted = list(short.lower().translate(_UNACCENTED))
        taken: list[str] = []
        while words and wanted and len(taken) < 12:
            word = words.pop()
            parts = _PARTS.split(word.lower().translate(_UNACCENTED))
            if word[-1] in ",.;:»" or (not taken and parts[-1][:1] != wanted[-1]):
                return None
            taken.insert(0, word)
            for part in reversed(parts):
                if wanted and part[:1] == wanted[-1] and len(part) > 1:
                    wanted.pop()
        return self.bare(" ".join(taken)) if taken and not wanted else None
