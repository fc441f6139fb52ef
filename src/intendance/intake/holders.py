"""Who holds an office: the same one in other words, of a body by its long or its short name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from intendance.intake.nouns import OF_A_TOWN
from intendance.intake.offices import flat, folded, same_role
from intendance.intake.pack import Pack, load
from intendance.intake.people import Nouns, Speaker
from intendance.intake.people_seen import Mention, PeopleSeen

_SHORT: Final = re.compile(r"[\w'’] \(([A-ZÀ-Þ][\w-]{1,9})\)")
_OF: Final = re.compile(r" (?:du |des |d')")
_AGED: Final = re.compile(r"\d{1,3}-year-old\b")
_SMALL: Final = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "of", "the", "et"})


_ANYWHERE: Final = frozenset(
    {"president", "prime", "minister", "foreign", "defence", "defense", "leader", "chief", "head"}
)
_BELOW: Final = frozenset({"deputy", "former", "vice", "acting", "assistant", "of", "for", "ex"})


def _owned(role: str) -> tuple[str, frozenset[str]]:
    """Give the country of "Poland's foreign minister", and the words of the office."""
    owner, mark, rest = role.lower().replace("’", "'").rpartition("'s ")
    return owner if mark and owner not in {"country", "nation"} else "", frozenset(rest.split())


@lru_cache(maxsize=8)
def _short_bodies(language: str) -> tuple[tuple[str, str], ...]:
    """Give a pack's long names of bodies with their short one, the longest first."""
    table = load(language).raw.get("same_bodies", {})
    pairs = [(long, short) for short, longs in table.items() for long in longs]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


class Holders(PeopleSeen):
    """Finds who in the document holds an office that is said in other words."""

    def __init__(self, nouns: Nouns, pack: Pack) -> None:
        super().__init__(nouns, pack)
        self.bodies: list[tuple[str, str]] | None = None
        self.written: list[str] = []
        self.plainly: dict[str, str] = {}

    def _take_tables(self, pack: Pack) -> None:
        super()._take_tables(pack)
        self.body_words = pack.words("body_words")
        self.same_offices = pack.raw.get("same_offices", ())
        self.heads_of_state = pack.words("heads_of_state")
        self.retinue = tuple(f"{each} d" for each in pack.words("retinue")) or ("\0",)

    def plain(self, role: str) -> str:
        """Give an office in small letters, each body in it by its short name."""
        known = self.plainly.get(role)
        if known is None:
            known = role.lower().replace("’", "'").replace("l'etat", "l'état")
            if self.bodies is None:
                self.bodies = self._bodies_written()
            for long, short in self.bodies:
                if long in known:
                    known = re.sub(rf"\b{re.escape(long)}\b", short, known)
            self.plainly[role] = known
        return known

    def _bodies_written(self) -> list[tuple[str, str]]:
        """Give the bodies that the document writes out with their letters: "… (PAM)"."""
        found = list(_short_bodies(self.pack.language))
        if " (" in self.nouns.seg.text:
            for short in dict.fromkeys(_SHORT.findall(self.nouns.seg.text)):
                long = self._long_form(short)
                if long:
                    self.written.append(long)
                    found.append((long.lower().replace("’", "'"), short.lower()))
        return found

    def _by_role(self, role: str, gender: str | None = None) -> str | None:
        key = role, gender
        if key not in self.offices:
            plain = self.plain(role)
            found = {
                self.full_name(name)
                for (name, own), sex in self.names.items()
                if own and same_role(plain, self.plain(own), self.leaders)
                and not ((name, own) in self.served and len(role) > len(own))
                and not (gender and sex and gender != sex)
            }  # fmt: skip
            if not found and self.nouns.english:
                found = self._by_owned_role(role)
            self.offices[key] = found.pop() if len(found) == 1 else None
        return self.offices[key]

    def _by_owned_role(self, role: str) -> set[str]:
        """Give the climate minister X for "Pakistan's climate minister"."""
        owner, words = _owned(role)
        if not words & self.leaders:
            return set()
        found: set[str] = set()
        for name, own in self.names:
            if not own:
                continue
            other, theirs = _owned(own)
            one = not owner or owner == other or (not other and words - _ANYWHERE)
            if one and (words == theirs or (words < theirs and not theirs & _BELOW)):
                found.add(self.full_name(name))
        return found

    def _by_office(self, surface: str) -> str | None:
        """Give who holds an office with another word: "le chef du gouvernement", a chancellor."""
        low = self.plain(self.bare(surface))
        for group in self.same_offices:
            asked = self._office_in(low, group)
            if asked is not None:
                break
        else:
            return None
        office, rest = asked
        found = set[str]()
        for name, own in self.names:
            held = self._office_in(self.plain(own), group) if own else None
            if held is None or own is None or not rest <= held[1]:
                continue
            state = office in self.heads_of_state and "république" not in own.lower()
            if not (state and " de la " in own.replace("d'", "de la ")):
                found.add(self.full_name(name))
        if not found and rest:  # "la diplomatie sud-coréenne": its minister has no adjective
            found = {
                self.full_name(name) for name, own in self.names
                if own and own.lower() in group and (name, own) not in self.recalled
                and not ((name, own) in self.served and not self._told_of(rest))
            }  # fmt: skip
        return found.pop() if len(found) == 1 else None

    def _told_of(self, rest: set[str]) -> bool:
        """Tell whether the document tells of the country of "le chef de l'État slovaque"."""
        text = self.nouns.seg.low_text
        return all(text.count(word[:5]) > 1 for word in rest)

    def _office_in(self, low: str, group: list[str]) -> tuple[str, set[str]] | None:
        """Find an office in its holder's words, adjectives between: (office, other words)."""
        words = low.split(" ")
        for office in group:
            if low == office:
                return office, set()
            own = office.split(" ")
            if own[0] == words[0] and set(own) <= set(words):
                rest = set(flat(words)) - set(flat(own)) - _SMALL
                return office, {folded(word) for word in rest}
        return None

    def _of_body(self, bare: str) -> frozenset[str] | None:
        """Give who serves the body of "responsable du PAM", by their offices; none without one."""
        head, _, body = re.sub(r" (?:du|des|de la|de l'|d') ?", " de ", self.plain(bare)).partition(
            " de "
        )
        body = body.removeprefix("la ").removeprefix("l'")
        if not body or " " in head or not self._known_body(body):
            return None
        wanted = set(flat(body.split()))
        return frozenset(
            name for name, own in self.names
            if own and wanted <= set(flat(self.plain(own).split()))
        )  # fmt: skip

    def _of_that_office(self, bare: str, fitting: list[Mention]) -> list[Mention]:
        """Keep a minister of the interior from being "le chef du gouvernement"."""
        low = self.plain(bare)
        group = next((each for each in self.same_offices if self._office_in(low, each)), None)
        if group is None or self.nouns.english:
            return fitting
        kept = list[Mention]()
        for each in fitting:
            held = [own for name, own in self.names if own and name == each.speaker.name]
            if not held or any(self._office_in(self.plain(own), group) for own in held):
                kept.append(each)
        return kept

    def _known_body(self, body: str) -> bool:
        if any(body == short for _, short in self.bodies or ()):
            return True
        words = body.split()
        return self.pack.match(words, 0, "organisations", len(words)) is not None

    def _of_another_country(self, bare: str, other: Speaker) -> bool:
        """Tell "le dirigeant hongrois" from the German chancellor."""
        country = bare.rpartition(" ")[2] if " " in bare else ""
        if not country or self.nouns.english or not self._demonym(country):
            return False
        offices = [own for name, own in self.names if own and name == other.name]
        words = {word for own in offices for word in own.lower().split()}
        return country not in words and any(self._demonym(word) for word in words)

    def _demonym(self, low: str) -> bool:
        return low.endswith(OF_A_TOWN) or low in self.nouns.demonyms

    def _is_outlet(self, low: str) -> bool:
        return any(
            self.pack.match(words, 0, "outlets", len(words)) for words in ([low], ["le", low])
        )

    def _generic(self, bare: str) -> bool:
        """Tell "responsable", "dirigeant socialiste", "chef de l'état ukrainien"."""
        bare = bare.replace("’", "'")
        if bare.endswith(self.by_training):
            return True  # "l'ingénieur de formation"
        if self.nouns.english and _AGED.match(bare):
            return True  # "the 34-year-old teacher"
        if self.nouns.english:
            first, _, rest = bare.partition(" ")
            if rest in self.generic and first in self.parties:
                return True  # "the Labour leader"
        elif self._kind_of_person(bare):
            return True
        head, _, last = bare.rpartition(" ")
        plain = last.isalpha() and head in self.generic and last not in self.nouns.titles
        return bare in self.generic or (plain and not self.nouns.english)

    def _kind_of_person(self, bare: str) -> bool:
        """Tell "jeune mère", "chrétienne-démocrate", "élu de Porto" and "ex-députée"."""
        if bare.startswith(
            ("jeune ", "vieux ", "vieille ", "vieil ", "ex-", "ancien ", "ancienne ")
        ):
            return bare.count(" ") <= 3
        if bare.rpartition("-")[2] in self.generic:
            return True
        if bare.endswith(" à la retraite") and bare.count(" ") == 3:
            return True
        if self.parties & set(flat(bare.split())) and bare.startswith(self.heads_of_party):
            return True  # "le patron de la droite valencienne"
        plain = _OF.sub(" de ", bare)
        head, link, place = plain.partition(" de ")
        return bool(link) and head in self.generic and " " not in place and len(place) > 2

    def _person(self, other: Speaker) -> bool:
        """Tell a person from "Mains ouvertes" and the OMS, which no doctor takes up."""
        name = other.name or ""
        if not name or self.names_body(name):
            return False
        surname = name.rsplit(" ", 1)[-1]
        small = " " in name and surname[:1].islower() and surname[:3] not in {"al-", "el-"}
        return not (small or (name.isupper() and " " not in name and len(name) < 6))

    def _points(self, speaker: Speaker) -> bool:
        """Tell "ce médecin", "cette ancienne pompière": somebody just named."""
        low = speaker.surface.lower().replace("’", "'")
        former = low.startswith(("l'ancien ", "l'ancienne ", "l'ex-"))  # "l'ancien maire"
        return former or low.partition(" ")[0] in self.pointing

    def _may_hold(self, other: Speaker) -> bool:
        """Tell whether "la ministre" may take up somebody: a head of office."""
        assert other.name is not None
        last = other.name.rsplit(maxsplit=1)[-1]
        offices = [
            role for name, role in self.names if role and name.rsplit(maxsplit=1)[-1] == last
        ]
        return any(self.leaders & set(flat(office.lower().split())) for office in offices)
