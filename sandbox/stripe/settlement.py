"""In which currency a charge settles, at which rate, and what Stripe keeps of it.

https://docs.stripe.com/currencies/conversion, https://docs.stripe.com/api/balance_transactions/object and
https://stripe.com/pricing. The world's configuration decides:

`settlement_currency`  "usd", or {"krw": "krw", "*": "usd"}; without it everything settles in its own currency
`exchange_rates`       dollars for one unit, in place of the table's: {"krw": 0.0008}; may change any time
"""

from decimal import ROUND_HALF_UP, Context, Decimal

from sandbox.stripe.money import places, smallest_step
from sandbox.worlds import World

_DOLLARS = {
    **{"usd": "1", "eur": "1.08", "gbp": "1.27", "chf": "1.13", "cad": "0.73", "aud": "0.65", "nzd": "0.6"},
    **{"jpy": "0.0067", "krw": "0.00073", "twd": "0.031", "hkd": "0.128", "sgd": "0.74", "cny": "0.14"},
    **{"inr": "0.012", "thb": "0.028", "vnd": "0.000039", "idr": "0.000062", "myr": "0.21", "php": "0.017"},
    **{"brl": "0.18", "mxn": "0.055", "clp": "0.00105", "dkk": "0.145", "nok": "0.092", "sek": "0.094"},
    **{"isk": "0.0072", "pln": "0.25", "czk": "0.043", "huf": "0.0027", "ron": "0.217", "ugx": "0.00027"},
    **{"bhd": "2.65", "kwd": "3.25", "omr": "2.6", "jod": "1.41", "tnd": "0.32", "aed": "0.272"},
}
_DIGITS = Context(prec=6)
_PERCENT = Decimal("2.9")
_FIXED_CENTS = 30


def settlement_currency(world: World, currency: str) -> str:
    """Return the currency in which a charge of `currency` reaches the balance."""
    chosen = world.config.get("settlement_currency") or currency
    if isinstance(chosen, dict):
        chosen = chosen.get(currency) or chosen.get("*") or currency
    return str(chosen)


def convert(world: World, amount: int, currency: str, into: str) -> tuple[int, float | None]:
    """Return an amount in minor units of `into`, and the rate: what one minor unit became.

    Stripe's own words: the amount times `exchange_rate` is the settled amount; no rate where nothing was
    converted. A currency that the table does not know counts as one dollar.
    """
    if currency == into:
        return amount, None
    ratio = (
        _dollars(world, currency) / _dollars(world, into) * Decimal(10) ** (places(into) - places(currency))
    )
    rate = _DIGITS.plus(ratio)
    return _whole(amount * rate, into), float(rate)


def processing_fee(world: World, settled: int, currency: str) -> int:
    """Return what a card charge costs: 2.9 % and 30 cents, in minor units of the settlement currency."""
    fixed, _ = convert(world, _FIXED_CENTS, "usd", currency)
    return _whole(settled * _PERCENT / 100 + fixed, currency)


def _dollars(world: World, currency: str) -> Decimal:
    given = world.config.get("exchange_rates") or {}
    return Decimal(str(given.get(currency) or _DOLLARS.get(currency, "1")))


def _whole(amount: Decimal, currency: str) -> int:
    """Round to what the currency can express: whole krónur for ISK, tens of fils for BHD."""
    step = smallest_step(currency)
    return int((amount / step).to_integral_value(ROUND_HALF_UP)) * step
