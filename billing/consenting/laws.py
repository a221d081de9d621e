"""Which law has a say in a purchase, and the countries that it covers."""

from typing import Final

# The EEA, with those parts of France and Finland that have codes of their own.
_EEA: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
_OVERSEAS: Final = "AX GF GP MF MQ RE YT"
EUROPE: Final = frozenset(_EEA.split()) | frozenset(_OVERSEAS.split())
KOREA: Final = frozenset({"KR"})
BRITAIN: Final = frozenset({"GB"})

# The names under which the till's terms are kept; empty where the shop's own rules are all there is.
ELSEWHERE: Final = ""
_COUNTRIES: Final = {"eu": EUROPE, "kr": KOREA, "uk": BRITAIN}
NAMES: Final = frozenset(_COUNTRIES) | {ELSEWHERE}


def law_of(country: str) -> str:
    """This will name the law of an upper-case ISO 3166 country: one of `NAMES`."""
    return next((law for law, countries in _COUNTRIES.items() if country in countries), ELSEWHERE)
