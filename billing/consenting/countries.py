"""Where a buyer probably is, from what is known before a card is: his time zone, else currency and language.

A wrong guess costs him nothing: of all rules that have a say in a refund the one that gives most is followed,
without a country the shop's own remain, and a consent under another law than his takes nothing from him.
"""

from typing import Final

_ZONES: Final = """KR Asia/Seoul GB Europe/London GB Europe/Belfast AT Europe/Vienna BE Europe/Brussels
    BG Europe/Sofia HR Europe/Zagreb CY Asia/Nicosia CY Asia/Famagusta CZ Europe/Prague DK Europe/Copenhagen
    EE Europe/Tallinn FI Europe/Helsinki FR Europe/Paris DE Europe/Berlin DE Europe/Busingen
    GR Europe/Athens HU Europe/Budapest IE Europe/Dublin IT Europe/Rome LV Europe/Riga LT Europe/Vilnius
    LU Europe/Luxembourg MT Europe/Malta NL Europe/Amsterdam NO Europe/Oslo PL Europe/Warsaw
    PT Europe/Lisbon PT Atlantic/Madeira PT Atlantic/Azores RO Europe/Bucharest SK Europe/Bratislava
    SI Europe/Ljubljana ES Europe/Madrid ES Atlantic/Canary ES Africa/Ceuta SE Europe/Stockholm
    IS Atlantic/Reykjavik LI Europe/Vaduz AX Europe/Mariehamn GF America/Cayenne GP America/Guadeloupe
    MF America/Marigot MQ America/Martinique RE Indian/Reunion YT Indian/Mayotte"""
_BY_ZONE: Final = dict(zip(_ZONES.split()[1::2], _ZONES.split()[::2], strict=True))
ZONES: Final = frozenset(_BY_ZONE)
# The euro names no one country. What the tills ask is the same in all of them, so its largest stands for it.
_BY_CURRENCY: Final = {
    **{"eur": "DE", "gbp": "GB", "krw": "KR", "sek": "SE", "nok": "NO", "dkk": "DK", "isk": "IS"},
    **{"pln": "PL", "czk": "CZ", "huf": "HU", "ron": "RO"},
}
_BY_LANGUAGE: Final = {"ko": "KR"}


def likely(*, time_zone: str, currency: str, language: str) -> str:
    """This will give an upper-case ISO 3166 code, or nothing where no law that we know has a say.

    A zone that is a place decides, also where that place has none; UTC and its like are no place.
    """
    if time_zone in _BY_ZONE:
        return _BY_ZONE[time_zone]
    if "/" in time_zone and not time_zone.startswith("Etc/"):
        return ""
    return _BY_CURRENCY.get(currency, "") or _BY_LANGUAGE.get(language, "")
