"""The language of a call: its help, the parser's complaints and what is said on the way."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from intendance.words import language_of, translated

# What the command line's own library writes around our help, in its own words.
_FRAME: Final = (
    "Usage:",
    "Options:",
    "Commands:",
    "Arguments:",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "[required]",
    "[default: {1}]",
    "[env var: {1}]",
)

_READERS: Final = {"read", "explain", "inbox"}  # whose --lang is the document's language


def asked_language(words: Sequence[str]) -> str:
    """Give the language of a call's words: --lang, else the environment's.

    >>> asked_language(["brief", "--lang", "fr"]), asked_language(["brief", "--lang=fr_FR"])
    ('fr', 'fr')
    """
    if words and words[0] in _READERS:
        return language_of(None)
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return language_of(words[place + 1])
        if word.startswith("--lang="):
            return language_of(word.removeprefix("--lang="))
    return language_of(None)


@cache
def language_of_call() -> str:
    """Give the language in which this process speaks."""
    return asked_language(sys.argv[1:])


def commands_of(command: Any) -> Iterator[Any]:
    """Give a command and all that stand below it."""
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from commands_of(each)


def speak(command: Any, language: str) -> Any:
    """Make a command and all below it explain themselves in a language."""
    if language == "en":
        return command
    for each in commands_of(command):
        each.help = translated(each.help or "", language) or None
        each.short_help = translated(each.short_help or "", language) or None
        for parameter in each.params:
            if getattr(parameter, "help", None):
                parameter.help = translated(parameter.help, language)
        each.get_help = _Framed(each.get_help, language)
        each.get_usage = _Framed(each.get_usage, language)
        each.get_help_option = _HelpOption(each.get_help_option, language)
    return command


class _Framed:
    """Gives the library's text with its own words in a language."""

    def __init__(self, give: Any, language: str) -> None:
        self.give = give
        self.language = language

    def __call__(self, context: Any) -> str:
        text: str = self.give(context)
        for message in _FRAME:
            told = translated(message, self.language)
            if "{1}" not in message:
                text = text.replace(message, told)
                continue
            before, after = message.split("{1}")
            first, last = told.split("{1}")
            # The library may have broken the line within its own words.
            begin = re.escape(before).replace(r"\ ", r"\s+")
            shape = re.compile(f"{begin}([^\\]]*?){re.escape(after)}")
            text = shape.sub(rf"{first}\1{last}", text)
        return text


class _HelpOption:
    """Gives the library's --help with its help in a language."""

    def __init__(self, give: Any, language: str) -> None:
        self.give = give
        self.language = language

    def __call__(self, context: Any) -> Any:
        option = self.give(context)
        if option is not None:
            option.help = translated(option.help, self.language)
        return option


def complaint(error: Any, language: str) -> str:
    """Give the parser's complaint as a few lines: usage, where help is, what is wrong."""
    lines = []
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(context.get_usage())
        hint = f"Try '{context.command_path} {context.help_option_names[0]}' for help."
        lines += [translated(hint, language).replace("'", ""), ""]
    lines.append(translated(f"Error: {error.format_message()}", language))
    return "\n".join(lines)
