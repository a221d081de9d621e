"""Tax numbers of businesses: which countries' we know, and whether one is written as that country writes it.

Only the form and the check digits are looked at. Whether a number is in force says a country's own register
(in the Union VIES), which is not asked.
"""

from importlib import import_module
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError

_UNION: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
UNION: Final = frozenset(_UNION.split())
# What python-stdnum calls the number that a business of each other country has.
_ELSEWHERE: Final = {
    **{"AU": "au.abn", "CA": "ca.bn", "CH": "ch.vat", "GB": "gb.vat", "IL": "il.hp", "IN": "in_.gstin"},
    **{"IS": "is_.vsk", "JP": "jp.cn", "KR": "kr.brn", "NO": "no.mva", "NZ": "nz.ird", "SG": "sg.uen"},
    **{"TW": "tw.ubn", "US": "us.ein", "ZA": "za.tin"},
}
COUNTRIES: Final[dict[str, Promise]] = {
    **{"AU": _("Australia"), "AT": _("Austria"), "BE": _("Belgium"), "BG": _("Bulgaria")},
    **{"CA": _("Canada"), "HR": _("Croatia"), "CY": _("Cyprus"), "CZ": _("Czechia")},
    **{"DK": _("Denmark"), "EE": _("Estonia"), "FI": _("Finland"), "FR": _("France")},
    **{"DE": _("Germany"), "GR": _("Greece"), "HU": _("Hungary"), "IS": _("Iceland")},
    **{"IN": _("India"), "IE": _("Ireland"), "IL": _("Israel"), "IT": _("Italy")},
    **{"JP": _("Japan"), "LV": _("Latvia"), "LT": _("Lithuania"), "LU": _("Luxembourg")},
    **{"MT": _("Malta"), "NL": _("Netherlands"), "NZ": _("New Zealand"), "NO": _("Norway")},
    **{"PL": _("Poland"), "PT": _("Portugal"), "RO": _("Romania"), "SG": _("Singapore")},
    **{"SK": _("Slovakia"), "SI": _("Slovenia"), "ZA": _("South Africa"), "KR": _("South Korea")},
    **{"ES": _("Spain"), "SE": _("Sweden"), "CH": _("Switzerland"), "TW": _("Taiwan")},
    **{"GB": _("United Kingdom"), "US": _("United States")},
}


class NotATaxId(ValueError):
    """No number of this country is written like that."""


def normal(number: str, country: str) -> str:
    """This will give the one spelling of a number, in the Union with its country's letters in front.

    :raises NotATaxId: it is none, by its form or its check digits.
    """
    try:
        return _in_the_union(number, country) if country in UNION else str(_checker(country).validate(number))
    except (ValidationError, KeyError) as error:
        raise NotATaxId from error


def _in_the_union(number: str, country: str) -> str:
    """Greece's begin with EL."""
    letters = "EL" if country == "GR" else country
    compact = "".join(number.split()).upper().replace(".", "").replace("-", "")
    if compact.startswith((letters, country)):
        compact = compact[2:]
    return str(_module("eu.vat").validate(letters + compact))


def _checker(country: str) -> Any:
    return _module(_ELSEWHERE[country])


def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")
