"""Who a speaker is: names completed, roles matched, pronouns and floating quotations resolved."""

from __future__ import annotations

from typing import Final

from intendance.intake.bodies import BodiesSeen
from intendance.intake.naming import find_party
from intendance.intake.pack import ROLE
from intendance.intake.people import Matrix, Speaker
from intendance.intake.people_seen import FULL_NAME, Mention
from intendance.intake.statements import Draft

_LATTER: Final = frozenset(
    {"dernier", "dernière", "derniers", "dernières", "latter", "celui-ci", "celle-ci"}
)
_FORMER: Final = frozenset({"premier", "première", "former"})
_SECOND: Final = frozenset({"second", "seconde"})
_YOUNG_OR_OLD: Final = ("jeune ", "vieux ", "vieil ", "vieille ", "petit ", "petite ")


class Resolver(BodiesSeen):
    """Tells who a word means: an office, a pronoun, "ce médecin", a quotation without a cue."""

    def _taken_up(self, speaker: Speaker) -> str | None:
        """Give whom "L'élu", "la responsable" takes up: the last named speaker."""
        bare = self.bare(speaker.surface).lower()
        again = self._same_word(speaker, bare)
        if again is not None:
            return again
        office = bare in self.plain_offices
        if not (self._generic(bare) or office or self._points(speaker)):
            return None
        place = self.nouns.seg.sentences[self.nouns.seg.sentence_at(speaker.start)].paragraph
        fitting = [
            each for each in self._near(speaker.start)
            if each.speaker.name and self._same_gender(speaker, each.speaker)
            and self._person(each.speaker)
            and (each.weight == 2 or place - each.paragraph <= 1)
            and not self._of_another_country(bare, each.speaker)
            and not (office and (place - each.paragraph > 2 or not self._may_hold(each.speaker)))
        ]  # fmt: skip
        unnamed = self._last_office(speaker) or self._just_quoted(speaker)
        if unnamed is not None:
            return unnamed
        kept = self._of_that_office(bare, fitting)
        if fitting and not kept:
            return None
        fitting = kept
        serving = self._of_body(bare)
        if serving is not None:  # "le responsable de l'ONU": who is said to serve it
            fitting = [each for each in fitting if each.speaker.name in serving]
            if not fitting:
                return None
        if not fitting:
            return self._alone_named(speaker)
        # The last sentence; in it who spoke, then who stands first: its subject.
        best = max(fitting, key=lambda each: (each.sentence, each.weight, -each.offset))
        assert best.speaker.name is not None
        return self.full_name(best.speaker.name)

    def _last_office(self, speaker: Speaker) -> str | None:
        """Give "Premier ministre" for "a expliqué le conservateur": who spoke last, unnamed."""
        index = self.nouns.seg.sentence_at(speaker.start)
        said = [each for each in self._near(speaker.start) if each.weight == 2]
        if not said or index - said[-1].sentence > 2 or self._points(speaker):
            return None
        last = said[-1].speaker
        told = last.role and not last.name and not last.pronoun and self._singular(last)
        if not told or not self._same_gender(speaker, last) or last.surface == speaker.surface:
            return None
        own, office = self.bare(speaker.surface).lower(), self.bare(last.surface).lower()
        heads = any(own.startswith(each) for group in self.same_offices for each in group)
        return None if heads or office in self.generic else self.name_of(last)

    def _just_quoted(self, speaker: Speaker) -> str | None:
        """Give the "humanitaire" without a name whom "ce logisticien" takes up: who spoke last."""
        near = [each for each in self._near(speaker.start) if each.weight == 2]
        index = self.nouns.seg.sentence_at(speaker.start)
        if not self._points(speaker) or not near:
            return None
        last = near[-1].speaker
        told = not last.name and not last.pronoun and index - near[-1].sentence <= 1
        low = last.surface.lower()
        if (
            not told
            or not low.startswith(("un ", "une ", "le ", "la "))
            or not self._same_gender(speaker, last)
        ):
            return None
        return self.name_of(last)

    def _other_of_two(self, speaker: Speaker) -> str | None:
        """Give whom "son hôte", "son visiteur" means: who is named beside the last speaker."""
        said, found = None, list[str]()
        for each in reversed(self._near(speaker.start)):
            name = each.speaker.name and self.full_name(each.speaker.name)
            if not name or " " not in name or not self._person(each.speaker):
                continue
            if said is None:
                said = name if each.weight == 2 else None
            elif name != said and name not in found and self._same_gender(speaker, each.speaker):
                found.append(name)
        return found[0] if said and found else None

    def _alone_named(self, speaker: Speaker) -> str | None:
        """Give the only full name of the two sentences before "the 52-year-old widow"."""
        seg = self.nouns.seg
        index = seg.sentence_at(speaker.start)
        begin = max(index - 1, 0)
        while begin < index and seg.sentences[index].paragraph - seg.sentences[begin].paragraph > 1:
            begin += 1
        found = set[str]()
        for match in FULL_NAME.finditer(seg.text, seg.sentences[begin].start, speaker.start):
            name = match.group()
            low = name.lower().split()
            if "\n" not in name and not self._no_first_name(low[0]) and not self.names_body(name):
                found.add(self.full_name(name))
        return found.pop() if len(found) == 1 else None

    def _of_country(self, speaker: Speaker) -> str | None:
        """Give the only person whose office has the adjective of "le Belge", "l'Ukrainienne"."""
        word = self.bare(speaker.surface)
        if not self.nouns.english and (" " in word or not word[:1].isupper()):
            return None
        seg = self.nouns.seg
        at = seg.token_at(speaker.start)
        led = seg.lows[at] in {"l'", "le", "la"} or (at and seg.lows[at - 1] in {"l'", "le", "la"})
        if self.nouns.english:
            the = speaker.surface.lower().startswith("the ") and word.lower() in self.nouns.demonyms
            return self._last_named(speaker) if the else None  # "the Swede said"
        if not led or self.names_body(word):
            return None  # "l'Ukraine réclame": no man of that town
        found = {
            self.full_name(name) for name, own in self.names
            if own and word.lower() in own.lower().split() and self._demonym(word.lower())
            and not (speaker.gender and speaker.gender != (self.names[name, own] or speaker.gender))
        }  # fmt: skip
        if found or not self._demonym(word.lower()) or self._is_outlet(word.lower()):
            return found.pop() if len(found) == 1 else None
        return self._last_named(speaker)  # "poursuit le Genevois"

    def _last_named(self, speaker: Speaker) -> str | None:
        """Give the person who spoke last, at most a paragraph away."""
        place = self.nouns.seg.sentences[self.nouns.seg.sentence_at(speaker.start)].paragraph
        for each in reversed(self._near(speaker.start)):
            other = each.speaker
            if each.weight != 2 or other.surface == speaker.surface:
                continue
            if not other.name:
                held = self._by_office(other.surface) if other.role else None
                if held is None:
                    continue
                return held if place - each.paragraph <= 1 else None
            fits = self._same_gender(speaker, other) and self._person(other)
            return self.full_name(other.name) if fits and place - each.paragraph <= 1 else None
        return None

    def _same_word(self, speaker: Speaker, bare: str) -> str | None:
        """Give the "haut responsable de la présidence" whom "ce responsable" takes up."""
        if " " in bare:
            return None
        paragraph = self.nouns.seg.sentences[self.nouns.seg.sentence_at(speaker.start)].paragraph
        for mention in reversed(self._near(speaker.start)):
            if paragraph - mention.paragraph > 2:
                continue
            other = mention.speaker
            told = self._points(speaker) and mention.weight == 2 and not other.pronoun
            if bare in self.unnamed and told:
                return self.name_of(other)  # "un diplomate balte", then "cette source"
            if bare not in other.surface.lower():
                continue
            words = [word.strip(",.") for word in other.surface.lower().split()]
            if bare in words and len(words) > 2 and not other.pronoun:
                return self.name_of(other)
        return None

    def name_of(self, speaker: Speaker) -> str | None:
        """Give the name behind a noun group: a person, an office without name, a body."""
        if speaker.pronoun:
            return None
        if speaker.name:
            return self._of_country(speaker) or self.full_name(self._spelt_out(speaker.name))
        shown = self.bare(speaker.surface)
        bare = shown.lower()
        if bare.startswith(self.retinue):
            return self._spelt_out(shown)  # "l'entourage de la ministre X": not she
        if shown[-1:].isalpha() and shown[:1].islower() and bare.startswith(_YOUNG_OR_OLD):
            first, _, name = shown.partition(" ")
            if first.islower() and name[:1].isupper():
                return self.full_name(name)  # "le vieil Ekai"
        if bare in self.hosts and (found := self._other_of_two(speaker)):
            return found
        if (speaker.role or self._generic(bare)) and self._definite(speaker.surface):
            found = (
                self._by_role(speaker.role or bare, speaker.gender)
                or self._by_office(speaker.surface)
                or self._taken_up(speaker)
                or self._opened(speaker)
                or self._craftsman(speaker)
            )
            if found:
                return found
        elif not speaker.role and (of_country := self._of_country(speaker)):
            return of_country
        elif self._points(speaker) or (bare in self.generic and self._definite(speaker.surface)):
            return self._taken_up(speaker) or self._spelt_out(shown)
        return (
            self.body_meant(speaker, bare)
            or self._said_in_full(speaker, bare)
            or self._spelt_out(shown)
        )

    def _said_in_full(self, speaker: Speaker, bare: str) -> str | None:
        """Give the "ministère ukrainien de l'Énergie" that "le ministère" means; the same source.

        A body whose own words begin with this one has spoken before.
        """
        same = bare.removeprefix("même ")
        text = self.nouns.seg.low_text[max(speaker.start - 5, 0) : speaker.start]
        if same in self.unnamed and (same != bare or text.endswith("même ")):
            said = [each for each in self._near(speaker.start) if each.weight == 2]
            return self.name_of(said[-1].speaker) if said else None
        led = speaker.surface.lower().startswith(("le ", "la ", "l'", "l’"))
        if " " in bare or not led or self.nouns.english or not speaker.surface[1:].islower():
            return None
        for each in reversed(self._near(speaker.start)):
            full = self.name_of(each.speaker) if each.weight == 2 else None
            if full and full.lower().startswith(bare + " "):
                return full
        if self.bodies is None:
            self.plain(bare)
        for long in self.written:
            if long.lower().startswith(bare + " "):
                return long  # "le Programme alimentaire mondial (PAM)", then "le programme"
        return None

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
            if last is not None and last.weight == 1 and " " in (last.speaker.name or ""):
                bare = self._bare_name(pronoun, near)  # "X a rencontré Y. Ce dernier …"
                if bare is not None and not self.names_body(bare):
                    return self.full_name(bare)
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
        later = self._people_after(speakers[-1:], near)
        for group in (
            self._people_first([each for each in speakers if index - each.sentence <= 1], near),
            # The subject of the sentence before stands first in it.
            [each for each in near if index - each.sentence == 1 and not self._acted(each)][::-1],
            *(() if close else (later, same, last_sentence, before)),
        ):
            for mention in reversed(group):
                if self.fits(pronoun, mention.speaker):
                    who = self._woman_or_state(pronoun, mention.speaker, near)
                    return self.name_of(who)
        return None

    def meant_by(self, pronoun: Speaker, found: Speaker, index: int) -> str | None:
        """Give the name of whom a sentence's subject stands for, a person who spoke first."""
        place = self._paragraph(index)
        near = [each for each in self._near(pronoun.start) if place - each.paragraph <= 1]
        return self.name_of(self._woman_or_state(pronoun, found, near))

    def _woman_or_state(self, pronoun: Speaker, found: Speaker, near: list[Mention]) -> Speaker:
        """Give the minister who spoke, not Poland, for "elle": a state is seldom "elle"."""
        if self.nouns.english or found.role or not pronoun.gender:
            return found
        if find_party(self.bare(found.name or found.surface)) is None:
            return found
        for each in reversed(near):
            other = each.speaker
            if each.weight == 2 and self._person(other) and self.fits(pronoun, other):
                sex = other.gender or self.genders.get((other.name or "").split()[-1].lower())
                if sex == pronoun.gender:
                    return other
        return found

    def _people_after(self, said: list[Mention], near: list[Mention]) -> list[Mention]:
        """Put who was named after a body spoke before that body: "il" is seldom a palace."""
        last = said[-1].speaker if said and not self.nouns.english else None
        if last is None or last.role or last.pronoun or self._person(last):
            return said
        return said + [
            each for each in near
            if each.offset > said[-1].offset and " " in (each.speaker.name or "")
            and self._person(each.speaker)
        ]  # fmt: skip

    def named_ahead(self, draft: Draft) -> str | None:
        """Give the minister of "le ministre, Jean Roy, a dit ceci : « Oui, a-t-il répondu »"."""
        for each in reversed(self._near(draft.start)):
            if each.sentence != draft.sentence:
                return None
            if each.speaker.name and self._person(each.speaker):
                return self.name_of(each.speaker)
        return None

    def _people_first(self, said: list[Mention], near: list[Mention]) -> list[Mention]:
        """Put the person of "Ali est un rescapé de ce que l'ONU juge …" before the body."""
        last = said[-1].speaker if said and not self.nouns.english else None
        if last is None or last.role or self._person(last):
            return said
        index = said[-1].sentence
        first = next((each for each in near if each.sentence == index), said[-1])
        person = " " in (first.speaker.name or "") and self._person(first.speaker)
        return [*said, first] if person and first.offset < said[-1].offset else said

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
            named = bool(said) and " " in (said[-1].name or "") and not said[-1].role
            if named and self._person(said[-1]):
                found = said[-1].name if self._same_gender(speaker, said[-1]) else None
        if found is None or any(own for each, own in self.names if each == found):
            return None
        return found

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
        for each in sorted(near, key=lambda each: (each.sentence, each.weight), reverse=True):
            if self._person(each.speaker):
                return self.full_name(each.speaker.name or "")
        return None

    def _bare_name(self, pronoun: Speaker, near: list[Mention]) -> str | None:
        """Give the last full name before "ce dernier" where nobody noted stands behind it."""
        seg = self.nouns.seg
        sentence = seg.sentences[seg.sentence_at(pronoun.start)]
        begin = max([pronoun.start - 200, *(each.speaker.end for each in near)])
        found = None
        for match in FULL_NAME.finditer(seg.text, max(begin, 0), sentence.start):
            word = match.group().split()[0].lower()
            if not self._no_first_name(word) and "\n" not in match.group():
                found = match.group()
        return found

    def _of_two(self, near: list[Mention], index: int, number: int) -> str | None:
        """Give whom "le premier", "la seconde" means: one of two people just named together."""
        for back in (0, 1, 2):
            pair: list[str] = []
            for each in near:
                name = each.speaker.name and self.name_of(each.speaker)
                both = name and " et " in name
                if name and not both and index - each.sentence == back and name not in pair:
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
            head = said.role.lower().replace("’", "'").split()
            kind = self.pack.match(head, 0, "roles", len(head))
            if kind is not None and kind[1] == "person":
                continue  # "interroge sa voisine"
            owned = said.surface.lower().startswith(("son ", "sa "))
            for later in drafts[number + 1 : number + 4]:
                other = later.speaker
                if later.sentence == draft.sentence or other is None or other.pronoun:
                    continue
                if later.sentence - draft.sentence > 2 or other.role or not other.name:
                    break
                if later.rule == "clause-incise" and draft.rule == "according":
                    break  # "…, selon le chancelier. La France paiera, a dit Jean Morel."
                if find_party(other.name) is not None:
                    break
                if owned and self._paragraph(later.sentence) != self._paragraph(draft.sentence):
                    break
                first = text.find(other.name.rsplit(maxsplit=1)[-1])
                new = " " in other.name and other.start <= first < other.end
                if new and self._same_gender(said, other) and not self._described_after(other.end):
                    self.names[other.name, said.role] = said.gender
                    self.genders.setdefault(other.name.split()[-1].lower(), said.gender or "")
                    self.offices.clear()
                break

    def _paragraph(self, sentence: int) -> int:
        return self.nouns.seg.sentences[sentence].paragraph

    def _acted(self, mention: Mention) -> bool:
        """Tell the agent of "interpellé par une journaliste", who does not answer."""
        seg = self.nouns.seg
        at = seg.token_at(mention.offset)
        before = seg.lows[max(at - 2, 0) : at + 1]
        return bool(self.agents.intersection(before))

    def _described_after(self, end: int) -> bool:
        """Tell "Luc Roy, chef du parti" from "Luc Roy, ovationné par la salle"."""
        seg = self.nouns.seg
        if seg.text[end : end + 2] != ", ":
            return False
        low = seg.lows[seg.token_at(end + 2)]
        part = self.pack.tenses.get(low) == "part" or low.endswith(("é", "ée"))
        return not part or bool(self.pack.flags.get(low, 0) & ROLE)

    def _subject_just_before(self, draft: Draft, index: int, drafts: list[Draft]) -> str | None:
        """Give "le porte-parole, John Carver, a éludé." for the quotation that follows it."""
        sentences = self.nouns.seg.sentences
        if index < 1 or sentences[index - 1].paragraph != sentences[index].paragraph:
            return None
        if any(each.sentence == index - 1 for each in drafts) or not drafts:
            return None
        if sentences[index].paragraph == sentences[drafts[-1].sentence].paragraph:
            return None
        near = [each for each in self._near(draft.start) if each.sentence == index - 1]
        first = next(
            (each for each in near if each.speaker.name and self._person(each.speaker)), None
        )
        return self.name_of(first.speaker) if first else None

    def floating(
        self, draft: Draft, index: int, drafts: list[Draft], names: list[str | None]
    ) -> str | None:
        """Give whose a quotation without a cue is: the last speaker's, if close."""
        own = self._subject_just_before(draft, index, drafts)
        if own is not None:
            return own
        for number in range(len(drafts) - 1, -1, -1):
            other = drafts[number]
            if other.start >= draft.start:
                continue
            if index - other.sentence <= 2 and names[number]:
                return names[self._quoted_voice(number, drafts)] or names[number]
            break
        opening = None if drafts else self._presented_next(draft, index)
        if opening is not None:
            return opening
        near = [
            each for each in self._near(draft.start)
            if index - each.sentence <= 1 and not self._acted(each)
        ]  # fmt: skip
        if near:
            return self.name_of(max(near, key=lambda each: (each.sentence, each.weight)).speaker)
        return None

    def _presented_next(self, draft: Draft, index: int) -> str | None:
        """Read "« … » Au téléphone, l'infirmière X a la voix lasse.": who stands next."""
        paragraph = self.nouns.seg.sentences[index].paragraph
        if draft.rule != "floating":
            return None
        for each in self.mentions:
            if each.sentence == index + 1 and each.paragraph == paragraph:
                return self.name_of(each.speaker)
        return None
