"""Names of organisations as the aid databases write them, brought to the ledger's parties."""

from __future__ import annotations

import re
from typing import Final

from intendance.exchange.gathering import clean
from intendance.model.catalogue import find_party, party_name

_GOVERNMENT: Final = re.compile(r",?\s*(?:the\s+)?government of(?:\s+the)?\s*$", re.IGNORECASE)
_GOVERNMENT_FIRST: Final = re.compile(r"^(?:the\s+)?government of(?:\s+the)?\s+", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")


def organisation(text: str) -> str:
    """Give the party behind an organisation's name; unknown ones stay as written.

    >>> organisation("Switzerland, Government of"), organisation("Government of the Netherlands")
    ('Switzerland', 'Netherlands')
    >>> organisation("Saudi Arabia (Kingdom of), Government of"), organisation("Red Cross (local)")
    ('Saudi Arabia', 'Red Cross (local)')
    """
    name = clean(text, 200)
    state = _GOVERNMENT_FIRST.sub("", _GOVERNMENT.sub("", name)).strip()
    for candidate in (name, state, _BRACKETS.sub("", name), _BRACKETS.sub("", state)):
        found = find_party(candidate) if candidate.strip() else None
        if found:
            return found.name
    return party_name(_BRACKETS.sub("", state) if state != name else name)


def recipient_of(country: str) -> str:
    """Give the party for a country's name or two- or three-letter code."""
    text = clean(country, 200)
    return party_name(THREE_LETTERS.get(text.upper(), text))


# ISO 3166-1 alpha-3 to alpha-2, for the countries of the parties table that give or get most aid.
_CODES: Final = """
AFG AF ALB AL ARE AE ARG AR ARM AM AUS AU AUT AT AZE AZ BEL BE BGD BD BGR BG BIH BA BLR BY BRA BR
CAN CA CAF CF CHE CH CHL CL CHN CN CIV CI CMR CM COD CD COL CO CYP CY CZE CZ DEU DE DNK DK DZA DZ
ECU EC EGY EG ESP ES EST EE ETH ET FIN FI FRA FR GBR GB GEO GE GHA GH GRC GR GTM GT HND HN HRV HR
HTI HT HUN HU IDN ID IND IN IRL IE IRN IR IRQ IQ ISL IS ISR IL ITA IT JOR JO JPN JP KAZ KZ KEN KE
KGZ KG KOR KR KWT KW LBN LB LBY LY LIE LI LKA LK LTU LT LUX LU LVA LV MAR MA MDA MD MDG MG MEX MX
MKD MK MLI ML MLT MT MMR MM MNE ME MOZ MZ MRT MR MWI MW MYS MY NER NE NGA NG NLD NL NOR NO NPL NP
NZL NZ OMN OM PAK PK PAN PA PER PE PHL PH POL PL PRT PT PSE PS QAT QA ROU RO RUS RU RWA RW SAU SA
SDN SD SEN SN SGP SG SLV SV SOM SO SRB RS SSD SS SVK SK SVN SI SWE SE SYR SY TCD TD THA TH TJK TJ
TUN TN TUR TR TWN TW TZA TZ UGA UG UKR UA URY UY USA US UZB UZ VEN VE VNM VN YEM YE ZAF ZA ZMB ZM
ZWE ZW
""".split()  # noqa: SIM905
THREE_LETTERS: Final = dict(zip(_CODES[::2], _CODES[1::2], strict=True))
