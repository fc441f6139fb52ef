"""Who a speaker is: names completed, roles matched, pronouns and floating quotations resolved."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import Final

from intendance.intake.offices import flat, same_role
from intendance.intake.pack import ADVERB, AUX, DET, MODAL, MONTH, NUMBER, ROLE, Pack
from intendance.intake.people import Matrix, Nouns, Speaker
from intendance.intake.segment import Sentence
from intendance.intake.statements import Draft

_LATTER: Final = frozenset(
    {"dernier", "dernière", "derniers", "dernières", "latter", "celui-ci", "celle-ci"}
)
_FORMER: Final = frozenset({"premier", "première", "former"})
_SECOND: Final = frozenset({"second", "seconde"})
_FULL_NAME: Final = re.compile(r"[A-ZÀ-Þ][\w-]+ [A-ZÀ-Þ][\w-]+")
_MOST_NAMES: Final = 400  # people of one document that are told apart


_PLACED: Final = frozenset({"à", "de", "en", "vers", "in", "at", "from", "of", "to", "near"})


@dataclass(slots=True)
class Mention:
    """One place where a person or body is named or described."""

    offset: int
    sentence: int
    paragraph: int
    speaker: Speaker
    weight: int  # 2: a speaker of a statement, 1: named in passing


class Resolver:
    """Holds the people of one document."""

    def __init__(self, nouns: Nouns, pack: Pack) -> None:
        self.nouns, self.pack = nouns, pack
        self.names: dict[tuple[str, str | None], str | None] = {}
        self.longest: dict[str, str] = {}
        self.genders: dict[str, str] = {}
        self.mentions: list[Mention] = []
        self.offices: dict[str, str | None] = {}
        leaders = pack.raw.get("roles", {}).get("leader", ())
        self.indefinite = pack.words("indefinite")
        self.whole: dict[str, str] = {}
        self.same_offices = pack.raw.get("same_offices", ())
        self.generic = pack.words("generic_roles")
        self.leaders = frozenset(word for phrase in leaders for word in phrase.split())
        self.leaders |= pack.words("counterparts")
        self.pointing = pack.words("pointing")
        self.known = pack.raw.get("known_people", {})
        self.plain_offices = pack.words("plain_offices")

    def learn(self, m: Matrix, index: int) -> None:
        """Collect the people that a sentence names with a role, or describes by a role."""
        at = 0
        while at < len(m):
            if not self.pack.flags.get(m.lows[at], 0) & ROLE or m.quotes[at]:
                at += 1
                continue
            matched = self.pack.match(m.lows, at, "roles", len(m))
            if matched is None or matched[1] == "body":
                at += 1
                continue
            start = at
            while (
                start
                and (
                    self.pack.flags.get(m.lows[start - 1], 0) & DET
                    or (
                        self.nouns.english
                        and (
                            self.nouns.upper(m, start - 1)
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
            end = self.nouns.extent(m, start, len(m))
            joint = (k for k in range(start + 2, end) if m.lows[k] in {"et", "and"})
            end = next((k for k in joint if self.nouns.upper(m, k - 1)), end)
            speaker = self.nouns.speaker(m, start, max(end, at + matched[0]))
            if speaker is not None:
                self._appositive(m, speaker, start, end)
                self.add(speaker, m, index, 1)
            at = max(end, at + matched[0])

    def _appositive(self, m: Matrix, speaker: Speaker, start: int, end: int) -> None:
        """Join "le secrétaire général de l'Otan, Jens Stoltenberg," and "Jens X, ministre …"."""
        if speaker.name is None:
            end = self.nouns.over_place(m, end)
        if (speaker.name is None and end + 1 < len(m) and m.lows[end] == ",") and (
            self.nouns.upper(m, end + 1)
        ):
            stop = self.nouns.extent(m, end + 1, len(m))
            other = self.nouns.speaker(m, end + 1, stop)
            closed = stop >= len(m) or m.lows[stop] in {",", ".", ")"}
            if other and other.name and closed and not other.role and stop - end > 2:
                speaker.name = other.name
        if speaker.name is None and start > 1 and m.lows[start - 1] == ",":
            run = start - 1
            while run and self.nouns.upper(m, run - 1) and m.lows[run - 1][0].isalpha():
                run -= 1
            if run and m.lows[run - 1] in {"sur", "on"} and len(m.lows[run]) == 1:
                run += 1  # "a écrit sur X Guido Ferri, ministre"
            if start - 1 - run >= 2:
                other = self.nouns.speaker(m, run, start - 1)
                if other and other.name:
                    speaker.name = other.name

    def add(self, speaker: Speaker, m: Matrix, index: int, weight: int) -> None:
        """Note a mention and learn its name and role."""
        if speaker.name:
            words = speaker.name.split()
            last = words[-1].lower()
            if len(self.names) < _MOST_NAMES:
                self.names[speaker.name, speaker.role] = speaker.gender
                self.offices.clear()
            known = self.longest.get(last)
            if len(words) <= 5 and (known is None or len(words) > len(known.split())):
                self.longest[last] = speaker.name
            if speaker.gender:
                self.genders.setdefault(last, speaker.gender)
        mention = Mention(speaker.start, index, m.sentence.paragraph, speaker, weight)
        if self.mentions and self.mentions[-1].offset > mention.offset:
            insort(self.mentions, mention, key=lambda each: each.offset)
        else:
            self.mentions.append(mention)

    def recall(self) -> None:
        """Learn the offices of people who are written without one ("Zelensky")."""
        lows = self.nouns.seg.lows
        for last in self.known.keys() & set(lows):
            at = lows.index(last)
            if not self.nouns.seg.upper(at):
                continue
            written = self.nouns.seg.text[self.nouns.seg.starts[at] : self.nouns.seg.ends[at]]
            name = self.full_name(written.title() if written.isupper() else written)
            for role in self.known[last]:
                self.names.setdefault((name, role), self.genders.get(last))
        self.offices.clear()

    def notice(self) -> None:
        """Note where a known surname stands without office or cue: "Claes ruled out …"."""
        seg, known = self.nouns.seg, {each.offset for each in self.mentions}
        longest, lows = self.longest, seg.lows
        ages = [at - 2 for at, low in enumerate(lows) if low.isdecimal() and len(low) == 2]
        spots = {at: longest[low] for at, low in enumerate(lows) if low in longest}
        aged = {at: self._aged(at) for at in ages if at >= 0 and lows[at + 1] == ","}
        for token, name in sorted({**aged, **spots}.items()):
            low = lows[token]
            if name is None or not seg.upper(token) or seg.quote_at(seg.starts[token]):
                continue
            start = token
            while (
                start
                and token - start < 4
                and seg.upper(start - 1)
                and (seg.lows[start - 1] in name.lower())
            ):
                start -= 1
            offset = seg.starts[start]
            near = any(seg.starts[max(start - back, 0)] in known for back in range(8))
            if near:
                continue
            index = seg.sentence_at(offset)
            speaker = Speaker(
                offset, seg.ends[token], seg.text[offset : seg.ends[token]], name, None,
                self.genders.get(low),
            )  # fmt: skip
            mention = Mention(offset, index, seg.sentences[index].paragraph, speaker, 1)
            insort(self.mentions, mention, key=lambda each: each.offset)

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
        at = bisect_left(self.mentions, offset, key=lambda each: each.offset)
        return self.mentions[max(at - 40, 0) : at]

    def full_name(self, name: str) -> str:
        """Complete a surname with the first name that stands elsewhere in the document."""
        best = self.longest.get(name.rsplit(maxsplit=1)[-1].lower(), name)
        if len(best.split()) <= len(name.split()):
            best = name
        if best == name and " " not in name:
            best = self._whole(name)
        if best == name and name.isupper() and len(name) > 4 and self._written(name.title()):
            return name.title()
        return best

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
            or low in self.nouns.titles
            or bool(self.pack.cues.get(low))
        )

    def _by_role(self, role: str) -> str | None:
        if role not in self.offices:
            found = {
                self.full_name(name)
                for name, own in self.names
                if own and same_role(role, own, self.leaders)
            }
            self.offices[role] = found.pop() if len(found) == 1 else None
        return self.offices[role]

    def _by_office(self, surface: str) -> str | None:
        """Give who holds an office with another word: "le chef du gouvernement", a chancellor."""
        low = self.bare(surface).lower().replace("’", "'")
        for group in self.same_offices:
            office = next((each for each in group if low == each or low.startswith(each + " ")), "")
            if office:
                break
        else:
            return None
        rest = set(low[len(office) :].split())
        found = {
            self.full_name(name)
            for name, own in self.names
            if own and any(own.lower().startswith(each) for each in group)
            and (not rest or rest <= set(own.lower().split()))
        }  # fmt: skip
        return found.pop() if len(found) == 1 else None

    def _definite(self, surface: str) -> bool:
        """Tell "le ministre" from "un responsable" and "les autorités"."""
        head = surface.lower().replace("’", "'").split("'")[0].split(" ")[0]
        return head not in self.indefinite

    def _taken_up(self, speaker: Speaker) -> str | None:
        """Give whom "L'élu", "la responsable" takes up: the last named speaker."""
        bare = self.bare(speaker.surface).lower()
        again = self._same_word(speaker, bare)
        if again is not None:
            return again
        office = bare in self.plain_offices
        if not (bare in self.generic or office or self._points(speaker)):
            return None
        place = self.nouns.seg.sentences[self.nouns.seg.sentence_at(speaker.start)].paragraph
        fitting = [
            each for each in self._near(speaker.start)
            if each.speaker.name and self._same_gender(speaker, each.speaker)
            and (each.weight == 2 or place - each.paragraph <= 1)
            and not (office and (place - each.paragraph > 2 or not self._may_hold(each.speaker)))
        ]  # fmt: skip
        if not fitting:
            return None
        # The last sentence; in it who spoke, then who stands first: its subject.
        best = max(fitting, key=lambda each: (each.sentence, each.weight, -each.offset))
        assert best.speaker.name is not None
        return self.full_name(best.speaker.name)

    def _of_country(self, speaker: Speaker) -> str | None:
        """Give the only person whose office has the adjective of "le Belge", "l'Ukrainienne"."""
        word = self.bare(speaker.surface)
        seg = self.nouns.seg
        at = seg.token_at(speaker.start)
        led = seg.lows[at] in {"l'", "le", "la"} or (at and seg.lows[at - 1] in {"l'", "le", "la"})
        if self.nouns.english or not led or " " in word or not word[:1].isupper():
            return None
        found = {
            self.full_name(name) for name, own in self.names
            if own and word.lower() in own.lower().split()
            and not (speaker.gender and speaker.gender != (self.names[name, own] or speaker.gender))
        }  # fmt: skip
        return found.pop() if len(found) == 1 else None

    def _points(self, speaker: Speaker) -> bool:
        """Tell "ce médecin", "cette ancienne pompière": somebody just named."""
        return speaker.surface.lower().partition(" ")[0] in self.pointing

    def _same_gender(self, left: Speaker, right: Speaker) -> bool:
        gender = right.gender
        if gender is None and right.name:
            gender = self.genders.get(right.name.split()[-1].lower())
        return not (gender and left.gender and gender != left.gender)

    def _may_hold(self, other: Speaker) -> bool:
        """Tell whether "la ministre" may take up somebody: a head of office."""
        assert other.name is not None
        last = other.name.rsplit(maxsplit=1)[-1]
        offices = [
            role for name, role in self.names if role and name.rsplit(maxsplit=1)[-1] == last
        ]
        return any(self.leaders & set(flat(office.lower().split())) for office in offices)

    def _same_word(self, speaker: Speaker, bare: str) -> str | None:
        """Give the "haut responsable de la présidence" whom "ce responsable" takes up."""
        if " " in bare:
            return None
        paragraph = self.nouns.seg.sentences[self.nouns.seg.sentence_at(speaker.start)].paragraph
        for mention in reversed(self._near(speaker.start)):
            if paragraph - mention.paragraph > 2:
                continue
            other = mention.speaker
            words = [word.strip(",.") for word in other.surface.lower().split()]
            if bare in words and len(words) > 2 and not other.pronoun:
                return self.name_of(other)
        return None

    def bare(self, surface: str) -> str:
        """Give a noun group without its determiner.

        The surface of "L'OTAN" is "OTAN".
        """
        text = surface.strip(' ,"«»“”')
        low = text.lower().replace("’", "'")
        for word in ("l'", "d'"):
            if low.startswith(word):
                return text[2:]
        head, _, rest = text.partition(" ")
        if rest and self.pack.flags.get(head.lower(), 0) & DET:
            return rest
        return text

    def name_of(self, speaker: Speaker) -> str | None:
        """Give the name behind a noun group: a person, an office without name, a body."""
        if speaker.pronoun:
            return None
        if speaker.name:
            return self._of_country(speaker) or self.full_name(self._spelt_out(speaker.name))
        if speaker.role and self._definite(speaker.surface):
            found = (
                self._by_role(speaker.role)
                or self._by_office(speaker.surface)
                or self._taken_up(speaker)
                or self._opened(speaker)
                or self._craftsman(speaker)
            )
            if found:
                return found
        elif not speaker.role and (of_country := self._of_country(speaker)):
            return of_country
        elif self._points(speaker) or self.bare(speaker.surface).lower() in self.generic:
            return self._taken_up(speaker) or self._spelt_out(self.bare(speaker.surface))
        return self._spelt_out(self.bare(speaker.surface))

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
        words = text[max(at - 90, 0) : at].split()
        wanted = list(short.lower())
        taken: list[str] = []
        while words and wanted:
            word = words.pop()
            taken.insert(0, word)
            plain = word.lower().replace("’", "'").rsplit("'", 1)[-1]
            if plain[:1] == wanted[-1]:
                wanted.pop()
            elif word[:1].isupper() or len(taken) > 9:
                return None
        return self.bare(" ".join(taken)) if taken and not wanted else None

    def fits(self, pronoun: Speaker, other: Speaker) -> bool:
        """Tell whether a pronoun can mean somebody, by number and gender."""
        plural = pronoun.surface.lower() in {"ils", "elles", "they", "eux", "them", "sie"}
        low = other.surface.lower()
        other_plural = (
            low.startswith(("les ", "des ", "ces ", "plusieurs "))
            or " et " in low
            or " and " in low
        )
        if plural != other_plural and not self.nouns.english:
            return False
        if pronoun.surface.lower() in {"he", "she"} and not (other.name or other.role):
            return False
        gender = other.gender
        if gender is None and other.name:
            gender = self.genders.get(other.name.split()[-1].lower())
        return not (gender and pronoun.gender and gender != pronoun.gender)

    def pronoun(
        self, pronoun: Speaker, m: Matrix, index: int, *, close: bool = False
    ) -> str | None:
        """Give whom a pronoun means: the last fitting mention in its or the paragraph before."""
        paragraph = m.sentence.paragraph
        if pronoun.surface.lower() in {"on", "je", "nous", "vous", "i", "we", "you", "it", "this"}:
            return None
        near = [each for each in self._near(pronoun.start) if paragraph - each.paragraph <= 2]
        word = pronoun.surface.lower().split()[-1]
        if word in _FORMER | _SECOND:
            return self._of_two(near, index, int(word in _SECOND))
        if word in _LATTER:
            last = next((each for each in reversed(near) if self.fits(pronoun, each.speaker)), None)
            if last is not None and index - last.sentence <= 1:
                return self.name_of(last.speaker)
            bare = self._bare_name(pronoun, near)
            if bare is not None:
                return self.full_name(bare)
            return self.name_of(last.speaker) if last else None
        speakers = [each for each in near if each.weight == 2]
        same = [each for each in near if each.paragraph == paragraph]
        last_sentence = [each for each in near if index - each.sentence <= 1]
        before = [each for each in near if paragraph - each.paragraph <= 1]
        for group in (
            [each for each in speakers if index - each.sentence <= 1],
            # The subject of the sentence before stands first in it.
            [each for each in near if index - each.sentence == 1][::-1],
            *(() if close else (speakers[-1:], same, last_sentence, before)),
        ):
            for mention in reversed(group):
                if self.fits(pronoun, mention.speaker):
                    return self.name_of(mention.speaker)
        return None

    def _opened(self, speaker: Speaker) -> str | None:
        """Give whom "dit le commandant" means after "Yuri Petrenko n'a plus d'obus.".

        A sentence just before opens with a full name or is spoken by one, and no office is told.
        """
        seg, index = self.nouns.seg, self.nouns.seg.sentence_at(speaker.start)
        if index < 1 or not self._definite(speaker.surface) or not self._singular(speaker):
            return None
        here, before = seg.sentences[index], seg.sentences[index - 1]
        if here.paragraph - before.paragraph > 1:
            return None
        found = self._opens_with(before)
        if found is None and here.paragraph == before.paragraph:
            said = [
                each.speaker for each in self._near(speaker.start)
                if each.sentence == index - 1 and each.weight == 2
            ]  # fmt: skip
            if said and said[-1].name and " " in said[-1].name and not said[-1].role:
                found = said[-1].name if self._same_gender(speaker, said[-1]) else None
        if found is None or any(own for each, own in self.names if each == found):
            return None
        return found

    def _opens_with(self, sentence: Sentence) -> str | None:
        """Give the full name that a sentence opens with, right before its verb."""
        seg = self.nouns.seg
        match = _FULL_NAME.match(seg.text, sentence.start)
        if match is None or self._no_first_name(seg.lows[sentence.first]):
            return None
        if seg.text[match.end() : match.end() + 1] not in {" ", "’", "'"}:
            return None
        after = seg.lows[seg.token_at(match.end() + 1)]
        verb = self.pack.flags.get(after, 0) & (AUX | MODAL | ADVERB) or self.pack.tenses.get(after)
        return match.group() if verb or after in {"n'", "ne", "s'", "se"} else None

    def _craftsman(self, speaker: Speaker) -> str | None:
        """Give whom "explique le chirurgien", "l'infirmière" takes up: who was just named."""
        bare = self.bare(speaker.surface).lower()
        kind = self.pack.match([bare], 0, "roles", 1)
        if kind is None or kind[1] not in {"expert", "person"} or not self._singular(speaker):
            return None
        index = self.nouns.seg.sentence_at(speaker.start)
        near = [
            each for each in self._near(speaker.start)
            if 1 <= index - each.sentence <= 2 and each.speaker.name and not each.speaker.pronoun
            and " " in each.speaker.name and self._same_gender(speaker, each.speaker)
        ]  # fmt: skip
        names = {self.full_name(each.speaker.name or "") for each in near}
        return names.pop() if len(names) == 1 else None

    def _bare_name(self, pronoun: Speaker, near: list[Mention]) -> str | None:
        """Give the last full name before "ce dernier" where nobody noted stands behind it."""
        seg = self.nouns.seg
        sentence = seg.sentences[seg.sentence_at(pronoun.start)]
        begin = max([pronoun.start - 200, *(each.speaker.end for each in near)])
        found = None
        for match in _FULL_NAME.finditer(seg.text, max(begin, 0), sentence.start):
            word = match.group().split()[0].lower()
            if not self._no_first_name(word) and "\n" not in match.group():
                found = match.group()
        return found

    def _of_two(self, near: list[Mention], index: int, number: int) -> str | None:
        """Give whom "le premier", "la seconde" means: one of two people just named together."""
        for back in (0, 1):
            pair: list[str] = []
            for each in near:
                name = each.speaker.name and self.name_of(each.speaker)
                if name and index - each.sentence == back and name not in pair:
                    pair.append(name)
            if len(pair) == 2 and pair[number]:
                return pair[number]
        return None

    def named_later(self, drafts: list[Draft]) -> None:
        """Join an office that speaks to the name that speaks next.

        "La ministre a confirmé … « … », a insisté Karin Ekdahl", a name that is new there.
        """
        text = self.nouns.seg.text
        for number, draft in enumerate(drafts):
            said = draft.speaker
            if said is None or said.pronoun or said.name or not said.role:
                continue
            if not self._singular(said) or self._by_role(said.role) is not None:
                continue
            for later in drafts[number + 1 : number + 4]:
                other = later.speaker
                if later.sentence == draft.sentence or other is None or other.pronoun:
                    continue
                if later.sentence - draft.sentence > 2 or other.role or not other.name:
                    break
                first = text.find(other.name.rsplit(maxsplit=1)[-1])
                new = " " in other.name and other.start <= first < other.end
                if (
                    new
                    and self._same_gender(said, other)
                    and text[other.end : other.end + 1] != ","
                ):
                    self.names[other.name, said.role] = said.gender
                    self.genders.setdefault(other.name.split()[-1].lower(), said.gender or "")
                    self.offices.clear()
                break

    def _singular(self, speaker: Speaker) -> bool:
        head = speaker.surface.lower().replace("’", "'").split("'")[0].split(" ")[0]
        return head in {"le", "la", "l", "the", "son", "sa"} and " et " not in speaker.surface

    def floating(
        self, draft: Draft, index: int, drafts: list[Draft], names: list[str | None]
    ) -> str | None:
        """Give whose a quotation without a cue is: the last speaker's, if close."""
        for number in range(len(drafts) - 1, -1, -1):
            other = drafts[number]
            if other.start >= draft.start:
                continue
            if index - other.sentence <= 2 and names[number]:
                return names[number]
            break
        near = [each for each in self._near(draft.start) if index - each.sentence <= 1]
        if near:
            return self.name_of(max(near, key=lambda each: (each.sentence, each.weight)).speaker)
        if drafts:
            return None
        # "« … » Au téléphone, l'infirmière X a la voix lasse.": who stands next in the paragraph.
        paragraph = self.nouns.seg.sentences[index].paragraph
        for each in self.mentions:
            if each.sentence == index + 1 and draft.rule == "floating":
                return self.name_of(each.speaker) if each.paragraph == paragraph else None
        return None
