"""A check in one paragraph that a minister's adviser can use, in English or French."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from intendance.model.catalogue import DONOR_GROUPS, find_party
from intendance.words import catalogue

if TYPE_CHECKING:
    from intendance.intake.check import OtherTotal, QuotedTotal, Weighed


_PERIODS: Final = {
    "month": ("mois", "month", "mensuel"),
    "week": ("semaine", "week", "hebdomadaire"),
    "day": ("jour", "day", "daily", "quotidien"),
    "year": ("an", "year", "annu"),
}


_KINDS: Final = {
    "energy": "aid for energy",
    "medical": "medical aid",
    "reconstruction": "aid for reconstruction",
}


def billions(amount: Decimal, currency: str, language: str) -> str:
    """Write a large amount as people quote it, with the currency's code.

    >>> billions(Decimal("143633099640.83"), "EUR", "en")
    'EUR 143.63 bn'
    >>> billions(Decimal("65342448369.17"), "EUR", "fr")
    '65,34 Md EUR'
    """
    million, billion = Decimal(10) ** 6, Decimal(10) ** 9
    large = abs(amount) >= billion
    figure = f"{amount / (billion if large else million):,.2f}"
    if language == "fr":
        swapped = figure.replace(",", "\u202f").replace(".", ",")
        return f"{swapped} {'Md' if large else 'M'} {currency}"
    return f"{currency} {figure} {'bn' if large else 'm'}"


def day_in_words(day: date | None, language: str) -> str:
    """Write a day as people do.

    >>> day_in_words(date(2023, 4, 21), "fr"), day_in_words(date(2023, 4, 21), "en")
    ('21 avril 2023', '21 April 2023')
    """
    from babel.dates import format_date

    if day is None:
        return "?"
    return format_date(day, "d MMMM y", locale="fr" if language == "fr" else "en_GB")


def explain(
    claim: QuotedTotal,
    verdict: str,
    readings: Sequence[Weighed],
    others: Sequence[OtherTotal],
    known_at: date,
    language: str,
) -> str:
    """Say which readings fit, what is known since, and what others have said."""
    words = catalogue("check", language).gettext
    if verdict == "incomparable":
        return _incomparable(claim, language)
    if verdict == "no_reference":
        if claim.recipient and not readings:
            text = words("“{amount}”: the ledger holds no such aid to {recipient}.")
            return text.format(amount=claim.text, recipient=_named(claim.recipient, language))
        return words("The ledger holds nothing to compare “{amount}” with.").format(
            amount=claim.text
        )
    then = [each for each in readings if each.known == "then"]
    judged = then or list(readings)
    parts = [_known(claim, judged, known_at, bool(then), language)]
    parts.append(_fitting(judged, language))
    parts.append(_delivered(judged, language))
    if then:
        parts.append(_since(claim, readings, language))
    parts += [_beside(each, claim, judged, language) for each in _telling(claim, others, known_at)]
    return " ".join(filter(None, parts))


def _incomparable(claim: QuotedTotal, language: str) -> str:
    """Say why a claim cannot be set beside the ledger."""
    words = catalogue("check", language).gettext
    if claim.per and claim.currency:
        text = words(
            "“{amount}” is given for each {period}; the ledger counts totals, so the two cannot "
            "be compared."
        )
        return text.format(amount=claim.text, period=words(_period(claim.per)))
    if claim.category_text and not claim.category and claim.currency:
        text = words(
            "“{amount}” is said of {kind}; the ledger does not count that apart, so nothing in it "
            "can be compared."
        )
        return text.format(
            amount=claim.text, kind=words(_KINDS.get(claim.category_text, claim.category_text))
        )
    if claim.currency and claim.donor_text and (claim.low or claim.high):
        text = words(
            "“{amount}” is said of “{donors}”; who belongs to them is not known here, so nothing "
            "in the ledger can be compared."
        )
        return text.format(amount=claim.text, donors=claim.donor_text)
    return words("“{amount}” cannot be compared: its figure or its currency is not given.").format(
        amount=claim.text
    )


def _period(per: str) -> str:
    """Give the span of "par mois", "annually"."""
    low = per.lower()
    for name, stems in _PERIODS.items():
        if any(stem in low for stem in stems):
            return name
    return "period"


def _telling(claim: QuotedTotal, others: Sequence[OtherTotal], as_of: date) -> list[OtherTotal]:
    """Choose the others' totals worth a sentence: those with the same figure, else the nearest."""
    said = {Decimal(bound) for bound in (claim.low, claim.high) if bound}
    same = [each for each in others if each.amount.best in said]
    nearest = sorted(others, key=lambda each: abs((each.said_on - as_of).days))
    return same or nearest[:1]


def _named(party: str, language: str) -> str:
    known = find_party(party)
    return known.label(language) if known else party


def scope_in_words(weighed: Weighed, language: str) -> str:
    """Name whose aid a reading counts; empty when it is everybody's or one donor's."""
    if not weighed.scope:
        return ""
    return catalogue("check", language).gettext(DONOR_GROUPS[weighed.scope])


def label(weighed: Weighed, language: str) -> str:
    """Name a reading's scope, currency and rate in a few words."""
    words = catalogue("check", language).gettext
    scope = scope_in_words(weighed, language)
    money = _money_label(weighed, language)
    return words("{scope}, {money}").format(scope=scope, money=money) if scope else money


def _money_label(weighed: Weighed, language: str) -> str:
    words = catalogue("check", language).gettext
    if weighed.basis == "ecb":
        return words("{currency} at the ECB rate of {day} ({rate})").format(
            currency=weighed.currency,
            day=day_in_words(weighed.rate_date, language),
            rate=rate_in_words(weighed, language),
        )
    if weighed.basis == "original":
        return words("{currency}, each amount from its own currency at the ECB rate").format(
            currency=weighed.currency
        )
    if weighed.rate is None:
        return words("{currency}, as the tracker converts").format(currency=weighed.currency)
    return words("{currency} at the tracker's own rate ({rate})").format(
        currency=weighed.currency, rate=rate_in_words(weighed, language)
    )


def rate_in_words(weighed: Weighed, language: str) -> str:
    """Write a reading's rate, with the comma in French."""
    text = str(weighed.rate)
    return text.replace(".", ",") if language == "fr" else text


def _main_stage(readings: Sequence[Weighed]) -> list[Weighed]:
    return [each for each in readings if each.definition.stage == "commitment"]


def _known(
    claim: QuotedTotal, judged: Sequence[Weighed], known_at: date, then: bool, language: str
) -> str:
    words = catalogue("check", language).gettext
    shown = [each for each in _main_stage(judged) if each.basis != "original"]
    if not shown:
        text = words("“{amount}”: the ledger counts no commitments of that kind on {day}.")
        return text.format(amount=claim.text, day=day_in_words(known_at, language))
    figures = words("; ").join(
        f"{billions(each.best, each.currency, language)} ({label(each, language)})"
        for each in shown
    )
    template = (
        words("“{amount}”: as known on {day} the ledger counts commitments of {figures}.")
        if then
        else words("“{amount}”: nothing was recorded by {day}; today the ledger counts {figures}.")
    )
    return template.format(amount=claim.text, day=day_in_words(known_at, language), figures=figures)


def _fitting_scopes(main: Sequence[Weighed], language: str) -> str:
    """Say for which groups of donors a figure fits, when it does for some and not for others."""
    words = catalogue("check", language).gettext
    names = {each.scope: scope_in_words(each, language) for each in main}
    good = [name for name in names if any(each.fits for each in main if each.scope == name)]
    bad = [name for name in names if name not in good]
    if not (good and bad):
        return ""
    glue = words(" and ")
    return words("The figure fits for {good}, not for {bad}.").format(
        good=glue.join(names[name] for name in good), bad=glue.join(names[name] for name in bad)
    )


def _fitting(judged: Sequence[Weighed], language: str) -> str:
    words = catalogue("check", language).gettext
    main = _main_stage(judged)
    if by_scope := _fitting_scopes(main, language):
        return by_scope
    good = list(dict.fromkeys(each.currency for each in main if each.fits))
    bad = [each for each in dict.fromkeys(each.currency for each in main) if each not in good]
    if good and bad:
        text = words("The figure fits in {good}, not in {bad}.")
    elif good:
        partly = not all(each.fits for each in main)
        text = (
            words("The figure fits in {good} under some rates, not under others.")
            if partly
            else words("The figure fits in {good} under every rate considered.")
        )
    elif any(each.fits for each in judged):
        fitting = next(each for each in judged if each.fits)
        text = words(
            "The figure fits no count of commitments; it fits what was delivered ({figure})."
            if fitting.definition.stage == "delivery"
            else "The figure fits no count of commitments; it fits what was pledged ({figure})."
        )
        return text.format(figure=billions(fitting.best, fitting.currency, language))
    else:
        text = words("No reading of the words fits what the ledger holds.")
    glue = words(" and ")
    return text.format(good=glue.join(good), bad=glue.join(bad))


def _delivered(judged: Sequence[Weighed], language: str) -> str:
    words = catalogue("check", language).gettext
    found = [
        each for each in judged if each.definition.stage == "delivery" and each.basis == "tracker"
    ]
    if not found and judged and judged[0].definition.stage == "commitment":
        return words("The ledger holds no value of what was delivered.")
    main = [each.best for each in _main_stage(judged) if each.basis == "tracker"]
    if not found or found[0].fits or (main and found[0].best >= main[0]):
        return ""
    return words("Counted as delivered it is only {figure}.").format(
        figure=billions(found[0].best, found[0].currency, language)
    )


def _since(claim: QuotedTotal, readings: Sequence[Weighed], language: str) -> str:
    words = catalogue("check", language).gettext
    now = [
        each
        for each in readings
        if each.known == "now" and each.definition.stage == "commitment" and each.basis == "tracker"
    ]
    if not now:
        return ""
    figures = words(" or ").join(billions(each.best, each.currency, language) for each in now)
    said = words("With what has been recorded since, the same day stands at {figures}.").format(
        figures=figures
    )
    then = [each for each in _main_stage(readings) if each.known == "then"]
    printed = [each for each in now if each.currency == claim.currency and each.fits]
    if printed and not any(each.fits for each in then if each.currency == claim.currency):
        said += " " + words("That fits what was said.")
    return said


def _beside(other: OtherTotal, claim: QuotedTotal, judged: Sequence[Weighed], language: str) -> str:
    words = catalogue("check", language).gettext
    if other.amount.best is None:
        return ""
    said = words("On {day}, {speaker} gave {figure} ({scope}).").format(
        day=day_in_words(other.said_on, language),
        speaker=other.speaker,
        figure=billions(other.amount.best, other.currency, language),
        scope=other.scopes.get(language, ""),
    )
    same = other.amount.best in {Decimal(bound) for bound in (claim.low, claim.high) if bound}
    unfit = any(each.currency == other.currency and not each.fits for each in _main_stage(judged))
    if same and unfit and other.currency == claim.currency:
        said += " " + words(
            "The printed currency may therefore hold under that scope: the words alone do not tell."
        )
    return said
