"""Language packs: one TOML file a language; this module turns the data into lookup tables."""

from __future__ import annotations

import tomllib
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Any, Final

from intendance.errors import InputError
from intendance.intake.segment import words_of

_FOLDER: Final = "intendance.intake.packs"

# What a word can be, as bits: one look-up a word serves every later step.
(
    CUE, AUX, AID, NUMBER, CURRENCY, MONTH, WEEKDAY, DATEWORD, ROLE, PRONOUN, DET, PREP, STOPNOUN,
    ADVERB, ACCORDING, CAUSE, NEGATION, MODAL, REL, BOUND, PARTOF, UNIT, ATTITUDE, NOMINAL, ITEM,
    DIGITS, SPELT, AGO, DAYPART, WITHIN,
) = (1 << bit for bit in range(30))  # fmt: skip
_MOST_KINDS: Final = 20_000  # words a language whose kind is kept


@dataclass(frozen=True, slots=True)
class Verb:
    """One reading of a word form: the verb's lemma, its tense, and what it does as a cue."""

    lemma: str
    tense: str
    frame: str
    act: str
    strength: int
    reflexive: bool = False


@dataclass(frozen=True, slots=True)
class AidVerb:
    """One reading of a word form as an aid trigger."""

    lemma: str
    tense: str
    status: str
    strong: bool
    role: str


class Kinds(dict[str, int]):
    """What a word can be: its flags in the pack, and figures in digits or as "vingt-cinq"."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def __missing__(self, word: str) -> int:
        raw = self.pack.raw
        kind = self.pack.flags.get(word, 0)
        kind |= DIGITS if word[0].isdigit() else 0
        kind |= SPELT if "-" in word and word.partition("-")[0] in raw.get("numbers", {}) else 0
        kind |= AGO if word in raw.get("ago_first", ()) else 0
        kind |= DAYPART if word in self.pack.words("day_parts") else 0
        lead, joint, rest = word.rpartition("-")
        if joint and rest.isdecimal() and lead in self.pack.words("period_parts"):
            kind |= DATEWORD  # "mid-2025"
        kind |= NOMINAL if word in self.pack.words("nominals") else 0
        kind |= WITHIN if self.pack.stands_within(word) else 0
        if len(self) < _MOST_KINDS:
            self[word] = kind
        return kind


_Phrase = tuple[int, list[str], Any]  # its number of words, those after the first, its value
# Expressions with a common first word, longest first: by their second word, and without one.
_Led = tuple[dict[str, list[_Phrase]], list[_Phrase]]


@dataclass(slots=True)
class Pack:
    """All tables of one language. Built once a process, read only afterwards."""

    language: str
    raw: dict[str, Any]
    flags: dict[str, int] = field(default_factory=dict)
    cues: dict[str, list[Verb]] = field(default_factory=dict)
    aid: dict[str, list[AidVerb]] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], str, Any]]] = field(default_factory=dict)
    abbreviations: frozenset[str] = frozenset()
    tenses: dict[str, str] = field(default_factory=dict)
    index: dict[str, dict[str, _Led]] = field(default_factory=dict)
    compounds: dict[str, frozenset[str]] = field(default_factory=dict)
    lists: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    tables: dict[type, dict[str, Any]] = field(default_factory=dict)  # by kind of reader
    kinds: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = Kinds(self)

    def mark(self, word: str, flag: int) -> None:
        """Say that a word can be something."""
        self.flags[word] = self.flags.get(word, 0) | flag

    def phrase(self, kind: str, text: str, value: Any) -> None:
        """Add a fixed expression; it is found under its first word."""
        words = tuple(_phrase_words(text))
        self.phrases.setdefault(words[0], []).append((words, kind, value))

    def words(self, *names: str) -> frozenset[str]:
        """Give a word list of the pack by name, or several as one; absent is empty."""
        found = self.lists.get(names)
        if found is None:
            every = self.raw["words"]
            found = frozenset[str]().union(*(every.get(name, ()) for name in names))
            self.lists[names] = found
        return found

    def stands_within(self, word: str) -> bool:
        """Tell whether a word may stand within a fixed expression of aid: most adverbs."""
        ending = "ment" if self.raw.get("subject_order") != "first" else "ly"
        return word in self.words("gap_words") or (word.endswith(ending) and len(word) > 6)

    def match(self, lows: list[str], at: int, kind: str, stop: int) -> tuple[int, Any] | None:
        """Give (length, value) of the longest fixed expression of a kind at a token."""
        led = self.index[kind].get(lows[at])
        if led is None:
            return None
        for size, rest, value in led[0].get(lows[at + 1], led[1]) if at + 1 < stop else led[1]:
            if at + size <= stop and (size <= 2 or lows[at + 1 : at + size] == rest):
                return size, value
        return None


class Tabled:
    """A reader of one text; its tables depend on the pack alone, so all texts share them.

    Readers with more than thirty attributes name them in slots: beyond thirty, Python keeps a
    dict an object, in which it finds methods more slowly. An attribute without a slot works, too.
    """

    def _take_tables(self, pack: Pack) -> None:
        """Make the tables; runs for the first text of a pack only."""

    def _share(self, pack: Pack) -> None:
        """Take the tables that the first reader of this kind has made."""
        made = pack.tables.get(type(self))
        if made is not None:
            deque(map(setattr, repeat(self), made, made.values()), maxlen=0)  # a loop in C
            return
        own = set(self._attributes())
        self._take_tables(pack)
        pack.tables[type(self)] = {
            name: value for name, value in self._attributes().items() if name not in own
        }

    def _attributes(self) -> dict[str, Any]:
        """Give what is set so far, in slots or not."""
        slots = [name for each in type(self).__mro__ for name in getattr(each, "__slots__", ())]
        return vars(self) | {name: getattr(self, name) for name in slots if hasattr(self, name)}


def _phrase_words(text: str) -> list[str]:
    """Cut a fixed expression as the text will be cut, also "plus d'" with its clitic at the end."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return text.lower().split()
    joined = text.replace("' ", "'")
    return words_of(joined + "a")[:-1] if joined.endswith("'") else words_of(joined)


def conjugate(pack: dict[str, Any], entry: str) -> list[tuple[str, str, str]]:
    """Give (form, tense, lemma) for a pack's verb entry.

    ``"déclar:er"`` is a stem and a paradigm; a bare word is looked up among the irregular verbs.

    >>> tables = {"paradigms": {"er": {"inf": ["er"], "pres": ["e"]}}, "irregular": {}}
    >>> conjugate(tables, "livr:er")
    [('livrer', 'inf', 'livrer'), ('livre', 'pres', 'livrer')]
    """
    stem, _, name = entry.partition(":")
    if not name:
        forms = pack["irregular"].get(stem)
        if forms is None:
            raise InputError(f"language pack: unknown irregular verb {stem!r}")
        return [(form, tense, stem) for tense, group in forms.items() for form in group]
    table = pack["paradigms"].get(name)
    if table is None:
        raise InputError(f"language pack: unknown paradigm {name!r} of {stem!r}")
    lemma = stem + table["inf"][0]
    return [(stem + ending, tense, lemma) for tense, group in table.items() for ending in group]


_FLAG_LISTS: Final = {
    "auxiliaries": AUX, "pronouns": PRONOUN, "determiners": DET, "prepositions": PREP,
    "stop_nouns": STOPNOUN, "adverbs": ADVERB, "relatives": REL, "negations": NEGATION,
    "modals": MODAL,
}  # fmt: skip


def _add_phrases(pack: Pack) -> None:
    groups = (
        ("according", ACCORDING), ("causes", CAUSE), ("bounds", BOUND), ("part_of", PARTOF),
        ("currencies", CURRENCY), ("units", UNIT), ("items", ITEM), ("roles", ROLE),
        ("aid_phrases", AID), ("date_phrases", DATEWORD), ("after_bounds", 0), ("purposes", 0),
        ("outlets", 0), ("organisations", 0),
    )  # fmt: skip
    pack.index = {name: {} for name in (*(name for name, _ in groups), "months", "weekdays")}
    for name, flag in groups:
        for value, texts in pack.raw.get(name, {}).items():
            for text in texts:
                pack.phrase(name, text, value)
                if flag:
                    pack.mark(_phrase_words(text)[0], flag)
    for name, flag in (("months", MONTH), ("weekdays", WEEKDAY)):
        for number, texts in enumerate(pack.raw.get(name, []), start=1):
            for text in texts:
                pack.phrase(name, text, number)
                pack.mark(text, flag)


def _add_verbs(pack: Pack) -> None:
    for frame in pack.raw.get("cues", []):
        reflexive = bool(frame.get("reflexive", False))
        for entry in frame["verbs"]:
            for form, tense, lemma in conjugate(pack.raw, entry):
                verb = Verb(
                    lemma, tense, frame["frame"], frame["act"], frame["strength"], reflexive
                )
                pack.cues.setdefault(form, []).append(verb)
                pack.mark(form, CUE)
                pack.tenses.setdefault(form, tense)
    for phrase, kind in pack.raw.get("compounds", {}).items():
        # "a mis en garde", "has launched an appeal": the last word carries the sense.
        word = phrase.split()[-1]
        pack.cues[word] = [
            Verb(f"{kind['heads'][0]} {phrase}", "past", frame, kind["act"], 2)
            for frame in kind["frames"]
        ]
        pack.compounds[word] = frozenset(kind["heads"])
        pack.mark(word, CUE)
        pack.tenses.setdefault(word, "none")
    for word in pack.words("causatives"):
        pack.cues[word] = [Verb(word, "past", "say", "declare", 2)]
        pack.mark(word, CUE)
    for group in pack.raw.get("aid", []):
        for entry in group.get("verbs", ()):
            for form, tense, lemma in conjugate(pack.raw, entry):
                trigger = AidVerb(
                    lemma, tense, group["status"], group.get("strong", True),
                    group.get("role", "verb"),
                )  # fmt: skip
                pack.aid.setdefault(form, []).append(trigger)
                pack.mark(form, AID)
                pack.tenses.setdefault(form, tense)
        for word in group.get("words", ()):
            trigger = AidVerb(
                word, "none", group["status"], group.get("strong", True), group["role"]
            )
            pack.aid.setdefault(word, []).append(trigger)
            pack.mark(word, AID)


@cache
def load(language: str) -> Pack:
    """Read a language pack; raise InputError when there is none for the language."""
    place = files(_FOLDER).joinpath(f"{language}.toml")
    if not place.is_file():
        known = ", ".join(languages())
        raise InputError(f"no language pack for {language!r}", next_step=f"Choose one of: {known}.")
    raw = tomllib.loads(place.read_text("utf-8"))
    # No word list has an order: as sets they are shared by the readers of every document.
    raw["words"] = {name: frozenset(own) for name, own in raw.get("words", {}).items()}
    pack = Pack(language, raw)
    pack.abbreviations = pack.words("abbreviations")
    for name, flag in _FLAG_LISTS.items():
        for word in pack.words(name):
            pack.mark(word, flag)
    for word in raw.get("numbers", {}):
        pack.mark(word, NUMBER)
    for word in (*raw.get("scales", {}), *raw.get("approximate", {}), *raw.get("vague", ())):
        pack.mark(word, NUMBER)
    for word in raw.get("attitudes", ()):
        pack.mark(word, ATTITUDE)
    _add_phrases(pack)
    _add_verbs(pack)
    for first, group in pack.phrases.items():
        by_kind: dict[str, dict[tuple[str, ...], Any]] = {}
        for words, kind, value in group:
            by_kind.setdefault(kind, {}).setdefault(words, value)
        for kind, own in by_kind.items():
            pack.index[kind][first] = _led(own)
    _share(pack)
    return pack


def _share(pack: Pack) -> None:
    """Make sets of what every document's readers ask for as sets: they are shared then."""
    raw = pack.raw
    for name in ("that", "attitudes", "hesitant", "ready", "vague"):
        raw[name] = frozenset(raw.get(name, ()))
    for name in ("not_after", "only_with", "deeds"):
        raw[name] = {lemma: frozenset(own) for lemma, own in raw.get(name, {}).items()}
    leaders = raw.get("roles", {}).get("leader", ())
    raw["words"]["leading"] = frozenset(" ".join(leaders).split()) | pack.words("counterparts")


def _led(own: dict[tuple[str, ...], Any]) -> _Led:
    """Order the expressions of a kind with a common first word; the longest one wins."""
    phrases = [(len(words), list(words[1:]), value) for words, value in own.items()]
    phrases.sort(key=lambda each: -each[0])
    alone = [each for each in phrases if each[0] == 1]
    seconds = {each[1][0] for each in phrases if each[0] > 1}
    return {
        word: [each for each in phrases if each[0] == 1 or each[1][0] == word] for word in seconds
    }, alone


def languages() -> tuple[str, ...]:
    """Give the languages that have a pack."""
    names = (each.name for each in files(_FOLDER).iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))
