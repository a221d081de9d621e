"""Amounts as the card networks count them and as people write them.

Every amount in the project is an integer in the provider's minor unit beside a lower-case ISO 4217 code.
Source of the units: https://docs.stripe.com/currencies#zero-decimal and #special-cases
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
_THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
# Sent with two decimals that must be 00: five krónur are 500.
_WHOLE_BUT_SENT_WITH_TWO = frozenset({"isk", "ugx"})


@dataclass(frozen=True)
class _Style:
    symbol: str
    decimal_mark: str = "."
    group_mark: str = ","


_STYLES = {
    "usd": _Style("$"),
    "krw": _Style("₩"),
    "jpy": _Style("¥"),
    "eur": _Style("€", decimal_mark=",", group_mark="."),
    "gbp": _Style("£"),
    "aud": _Style("A$"),
    "cad": _Style("C$"),
    "sgd": _Style("S$"),
    "hkd": _Style("HK$"),
    "twd": _Style("NT$"),
}

# Those the shop can sell in; the styled ones first.
_UNSTYLED = "chf nzd inr brl mxn sek nok dkk pln czk huf thb isk ugx vnd bhd jod kwd omr tnd"
CURRENCIES = (*_STYLES, *_UNSTYLED.split())


class BadAmount(ValueError):
    """The amount cannot be charged in this currency; its text says why, in the reader's language."""


def decimals(currency: str) -> int:
    """This will tell how many of an amount's last digits stand behind the decimal mark."""
    if currency in _ZERO_DECIMAL:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def smallest_step(currency: str) -> int:
    """This will tell what every chargeable amount of the currency is a multiple of, in minor units."""
    if currency in _WHOLE_BUT_SENT_WITH_TWO:
        return 100
    return 10 if currency in _THREE_DECIMAL else 1


def check_amount(amount_minor: int, currency: str) -> None:
    """This will raise `BadAmount` where the provider would refuse the amount for its last digits."""
    if amount_minor <= 0:
        raise BadAmount(_("The amount must be above zero."))
    if currency in _WHOLE_BUT_SENT_WITH_TWO and amount_minor % 100:
        raise BadAmount(_("This currency has no small coin: the last two digits must be 00."))
    if currency in _THREE_DECIMAL and amount_minor % 10:
        raise BadAmount(_("In this currency the last digit must be 0."))


def format_amount(amount_minor: int, currency: str) -> str:
    """This will write the amount as people do: ₩9,900, $7.90, €7,90, ISK 500; and -$7.90 below zero."""
    if amount_minor < 0:
        return f"-{format_amount(-amount_minor, currency)}"
    style = _STYLES.get(currency, _Style(f"{currency.upper()}\N{NO-BREAK SPACE}"))
    digits = decimals(currency)
    whole, part = divmod(amount_minor, 10**digits)
    text = style.symbol + f"{whole:,}".replace(",", style.group_mark)
    if digits and currency not in _WHOLE_BUT_SENT_WITH_TWO:
        text += f"{style.decimal_mark}{part:0{digits}d}"
    return text


_DEFAULT_OF_LANGUAGE = {"ko": "krw", "ja": "jpy", "en": "usd", "de": "eur", "fr": "eur"}


def preferred_currency(language: str, available: list[str], chosen: str = "") -> str:
    """This will pick the buyer's own choice where it is sold, else the language's, else the first one.

    :raises ValueError: nothing is available.
    """
    if not available:
        raise ValueError("no currency to choose from")
    wanted = (chosen, _DEFAULT_OF_LANGUAGE.get(language, ""), "usd")
    return next((currency for currency in wanted if currency in available), available[0])
