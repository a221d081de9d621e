"""The least that Stripe charges a card.

Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
"""

_HALF_OF_ONE = "usd eur aud cad chf nzd sgd brl inr"
_STATED = {
    **dict.fromkeys(_HALF_OF_ONE.split(), 50),
    **{"gbp": 30, "jpy": 50, "krw": 50, "hkd": 400, "dkk": 250, "czk": 1500, "huf": 17500},
    **dict.fromkeys(["sek", "nok"], 300),
    **dict.fromkeys(["mxn", "thb"], 1000),
    "pln": 200,
}
# Stripe states none: it converts to the currency in which it settles. Half a dollar, well rounded up.
_CONVERTED = {
    **{"twd": 2000, "isk": 8000, "ugx": 220000, "vnd": 15000},
    **{"bhd": 200, "jod": 400, "kwd": 200, "omr": 200, "tnd": 1800},
}


def least_charge(currency: str) -> int:
    """This will tell the smallest amount, in minor units, that a card can be charged."""
    return _STATED.get(currency) or _CONVERTED[currency]
