"""Standard rates for digital goods: a fixed table, good enough to calculate with, not to file taxes by.

A country is taxed if the seller is registered there (https://docs.stripe.com/tax/registering): by default in
all of the table, else where the world's configuration `tax_registrations` (["DE", "KR"]) says.
"""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.worlds import World

EU = {
    **{"AT": "20", "BE": "21", "BG": "20", "HR": "25", "CY": "19", "CZ": "21", "DK": "25", "EE": "24"},
    **{"FI": "25.5", "FR": "20", "DE": "19", "GR": "24", "HU": "27", "IE": "23", "IT": "22", "LV": "21"},
    **{"LT": "21", "LU": "17", "MT": "18", "NL": "21", "PL": "23", "PT": "23", "RO": "21", "SK": "23"},
    **{"SI": "22", "ES": "21", "SE": "25"},
}
_VAT = {**EU, "GB": "20", "KR": "10", "CH": "8.1", "NO": "25", "IS": "24", "TW": "5", "TH": "7", "ZA": "15"}
_GST = {"AU": "10", "NZ": "15", "SG": "9", "IN": "18", "MY": "8", "CA": "5"}
_NAMES = {"vat": "VAT", "gst": "GST", "jct": "JCT"}


@dataclass(frozen=True)
class Rate:
    """A country's rate; `type` is Stripe's word for the tax."""

    type: str
    percent: str

    @property
    def name(self) -> str:
        return _NAMES[self.type]

    def of(self, amount: int, *, inclusive: bool) -> Decimal:
        """Return the tax in an amount, or on top of it."""
        percent = Decimal(self.percent)
        return amount * percent / (100 + percent if inclusive else 100)


def rate_for(world: World, country: str) -> Rate | None:
    """Return the rate of a country; None where nothing is collected."""
    registered = world.config.get("tax_registrations")
    if registered is not None and country not in registered:
        return None
    if country == "JP":
        return Rate("jct", "10")
    if country in _GST:
        return Rate("gst", _GST[country])
    return Rate("vat", _VAT[country]) if country in _VAT else None
