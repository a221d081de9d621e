"""Which amounts Stripe takes. https://docs.stripe.com/currencies"""

from sandbox.stripe.errors import invalid

_TWO_DECIMALS = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf "
    "cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils "
    "inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn "
    "nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd "
    "std szl thb tjs top try ttd twd tzs uah ugx usd uyu uzs wst xcd xcg yer zar zmw"
)
_ZERO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_THREE_DECIMALS = "bhd jod kwd omr tnd"
_WHOLE_ONLY = {"isk": 100, "ugx": 100, **dict.fromkeys(_THREE_DECIMALS.split(), 10)}
_MINIMUM = {
    **dict.fromkeys(["usd", "eur", "aud", "cad", "chf", "nzd", "sgd", "brl", "inr"], 50),
    **{"gbp": 30, "jpy": 50, "krw": 50, "dkk": 250, "hkd": 400, "czk": 1500, "huf": 17500},
    **dict.fromkeys(["aed", "myr", "pln", "ron"], 200),
    **dict.fromkeys(["nok", "sek"], 300),
    **dict.fromkeys(["mxn", "thb"], 1000),
}
_MAXIMUM = 999_999_999_999


def check_currency(currency: str) -> str:
    """Return the code in lower case. :raises ApiError: Stripe has no such currency."""
    code = currency.lower()
    if code not in f"{_TWO_DECIMALS} {_ZERO_DECIMALS} {_THREE_DECIMALS}".split():
        raise invalid(f"Invalid currency: {currency}.", param="currency")
    return code


def check_amount(amount: int, currency: str) -> None:
    """Refuse an amount, in minor units, that cannot be charged. :raises ApiError: and why."""
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, code="parameter_invalid_integer", param="amount")
    least = least_charge(currency)
    if amount < least:
        message = f"Amount must be at least {readable(least, currency)}"
        raise invalid(message, code="amount_too_small", param="amount")
    if amount > _MAXIMUM:
        message = f"Amount must be no more than {readable(_MAXIMUM, currency)}"
        raise invalid(message, code="amount_too_large", param="amount")
    if amount % smallest_step(currency):
        raise invalid(f"Invalid amount for {currency}: it has fewer decimals.", param="amount")


def places(currency: str) -> int:
    """Return how many decimals Stripe's minor units have: 0 for KRW, 3 for BHD, 2 for ISK and UGX too."""
    if currency in _ZERO_DECIMALS.split():
        return 0
    return 3 if currency in _THREE_DECIMALS.split() else 2


def least_charge(currency: str) -> int:
    """Return the smallest amount that can be charged."""
    return _MINIMUM.get(currency, 1)


def smallest_step(currency: str) -> int:
    """Return of what every amount in minor units must be a multiple: 100 for ISK and UGX, mostly 1."""
    return _WHOLE_ONLY.get(currency, 1)


def readable(amount: int, currency: str) -> str:
    """Return an amount for people: `9.99 usd`, `9900 krw`."""
    decimals = places(currency)
    return f"{amount / 10**decimals:.{decimals}f} {currency}"
