"""Bodies that speak: what "it" takes up, and who is too many to be a "she"."""

from __future__ import annotations

from typing import Final

from intendance.intake.drafts import Draft
from intendance.intake.holders import Holders
from intendance.intake.naming import find_party
from intendance.intake.pack import NUMBER, ROLE
from intendance.intake.people import Speaker
from intendance.intake.people_seen import FULL_NAME

_MANY: Final = frozenset({"les", "des", "ces", "plusieurs", "quelques", "certains", "certaines"})


class BodiesSeen(Holders):
    """Tells bodies and groups among those who spoke from single people."""

    def named_beside(self, pronoun: Speaker, index: int) -> str | None:
        """Give the patient of "Doctors who treated Mona Idris said …" for the "she" after it."""
        if not self.nouns.english or pronoun.surface.lower() not in {"he", "she"}:
            return None
        said = [each for each in self._near(pronoun.start) if each.weight == 2]
        if not said or index - said[-1].sentence != 1 or not self.many(said[-1].speaker):
            return None
        sentence = self.nouns.seg.sentences[said[-1].sentence]
        found = {
            match.group()
            for match in FULL_NAME.finditer(self.nouns.seg.text, sentence.start, sentence.end)
            if not self._no_first_name(match.group().split()[0].lower())
            and find_party(match.group()) is None
        }  # fmt: skip
        if not found:  # "Doctors who examined Zizi said …"
            seg = self.nouns.seg
            words = range(sentence.first, sentence.last)
            found = {
                self.longest[seg.lows[at]] for at in words
                if seg.lows[at] in self.longest and seg.upper(at)
            }  # fmt: skip
        return self.full_name(found.pop()) if len(found) == 1 else None

    def own_subject(self, pronoun: Speaker, start: int) -> str | None:
        """Give the Kuleba of "Kuleba plans to go, he said"."""
        seg = self.nouns.seg
        at = seg.token_at(start)
        behind = self.nouns.english and pronoun.surface in {"he", "she"} and pronoun.start > start
        if not behind or not seg.upper(at) or seg.starts[at] != start:
            return None
        found = self.longest.get(seg.lows[at])
        return self.full_name(found) if found and seg.lows[at + 1] not in {"'s", "and"} else None

    def body_that_spoke(self, pronoun: Speaker, index: int) -> Speaker | None:
        """Give the ministry that "It noted …" takes up: no person, who spoke just before."""
        if not self.nouns.english or pronoun.surface.lower() != "it":
            return None
        for each in reversed(self._near(pronoun.start)):
            if each.weight == 2 and index - each.sentence <= 1 and self._is_body(each.speaker):
                return each.speaker
        return None

    def body_meant(self, speaker: Speaker, bare: str) -> str | None:
        """Give the body that "the organization" takes up: the only one named just before."""
        if bare not in self.body_words or not speaker.surface.lower().startswith("the "):
            return None
        seg = self.nouns.seg
        index = seg.sentence_at(speaker.start)
        if not index or seg.sentences[index].paragraph - seg.sentences[index - 1].paragraph > 1:
            return None
        before = seg.sentences[index - 1]
        found, at = set[str](), before.first
        while at < before.last:
            known = self.nouns.upper_body(at, before.last)
            if known and seg.lows[at - 1] != "(":  # "(ICRC)" is no second body
                first = at
                while first > before.first and (
                    seg.upper(first - 1) or seg.lows[first - 1] in {"of", "the", "for"}
                ):
                    first -= 1  # "the International Committee of the | Red Cross"
                while first < at and (seg.lows[first] == "the" or not seg.upper(first)):
                    first += 1
                found.add(seg.text[seg.starts[first] : seg.ends[at + known - 1]])
            at += known or 1
        return found.pop() if len(found) == 1 else None

    def _is_body(self, other: Speaker) -> bool:
        """Tell a ministry or firm from a person, an office and several people."""
        if other.pronoun or other.gender or other.role or self.many(other):
            return False
        return not any(name == other.name and own for name, own in self.names)

    def many(self, other: Speaker) -> bool:
        """Tell "Doctors", "two aid workers" from whom "he", "she" may mean."""
        if other.pronoun:
            return False
        if other.name:
            last = other.name.rsplit(maxsplit=1)[-1].lower()
            return last.endswith("s") and last[:-1] in self.generic
        first, _, rest = other.surface.lower().partition(" ")
        last = (rest or first).rsplit(" ", 1)[-1]
        one = first in {"a", "an", "one", "the", "his", "her", "its"} and not last.endswith("s")
        return not one and last.endswith("s") and not last.endswith("ss")

    def fits(self, pronoun: Speaker, other: Speaker) -> bool:
        """Tell whether a pronoun can mean somebody, by number and gender."""
        plural = pronoun.surface.lower() in {"ils", "elles", "they", "eux", "them", "sie"}
        if plural != self._plural(other) and not self.nouns.english:
            return False
        if pronoun.surface.lower() in {"he", "she"} and (
            self._no_person(other) or self.many(other) or self._plural(other)
        ):
            return False
        gender = None if plural else other.gender
        if gender is None and other.name:
            gender = self.genders.get(other.name.split()[-1].lower())
        return not (gender and pronoun.gender and gender != pronoun.gender)

    def _no_person(self, other: Speaker) -> bool:
        """Tell a state or nobody named from whom "he", "she" may mean."""
        if other.role and not other.name:
            return False
        return not other.name or self.names_body(other.name)

    def _plural(self, other: Speaker) -> bool:
        """Tell "les deux ministres", "trois maires", "une vingtaine de chefs" from one."""
        words = other.surface.lower().split(" ")
        head = self.pack.flags.get(words[0], 0)
        return (
            words[0] in _MANY
            or (words[0] == "une" and len(words) > 2 and words[1].endswith("aine"))
            or bool(head & NUMBER and words[0] not in {"un", "une"})
            or bool(head & ROLE and words[0].endswith("s") and not self.nouns.english)
            or "et" in words
            or "and" in words
        )

    def _quoted_voice(self, number: int, drafts: list[Draft]) -> int:
        """Prefer whom ""…?" asked Idris, whose White Doves have called for cranes" quotes."""
        last = drafts[number]
        if not self.nouns.english or last.act != "request" or last.rule != "request":
            return number
        for earlier in range(number - 1, -1, -1):
            other = drafts[earlier]
            if other.sentence != last.sentence:
                break
            if other.rule == "quote-incise" and not other.same_as_before:
                return earlier
        return number
